"""Another language is noticed by its words, whatever the speech service says, and English is never taken for one."""

from pathlib import Path

import pytest

from compliance.redaction import Dialogue, detect, preset, render
from compliance.redaction.gold import read_gold
from compliance.redaction.languages import heard

GOLD = sorted((Path(__file__).parents[2] / "data").glob("gold*/*.txt"))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("es", "me llamo guadalupe hinojosa y vivo en la calle hidalgo"),
        ("es", "es nueve cero uno cinco cinco cinco"),
        ("es", "no no con ella esta bien"),
        ("es", "¿Cuál es su fecha de nacimiento?"),
        ("fr", "je suis née le trois mars mille neuf cent quatre vingt deux"),
        ("ht", "mwen rele jean e mwen rete nan miami"),
        ("de", "ich heiße jürgen und wohne in der hauptstraße zwölf"),
        ("it", "mi chiamo lucia e abito in via roma"),
        ("pt", "meu nome é joão e moro na rua das flores"),
        ("pl", "nazywam się jan kowalski i mieszkam w krakowie"),
        ("vi", "tôi tên là nguyễn văn an và tôi sống ở houston"),
        ("tl", "ang pangalan ko ay maria at nakatira ako sa daly city"),
        ("so", "waxaan ku noolahay minneapolis magacaygu waa hodan"),
        ("sw", "jina langu ni juma na ninaishi nairobi"),
        ("nl", "ik heet jan en ik woon in de kerkstraat"),
        ("ru", "меня зовут иван"),
        ("zh", "我叫王芳我住在旧金山"),
        ("ko", "제 이름은 김민수이고 서울에 살아요"),
        ("ar", "اسمي محمد وأسكن في ديربورن"),
        ("hi", "मेरा नाम राम है"),
    ],
)
def test_a_language_is_heard(language, said):
    assert heard(said) == language


@pytest.mark.parametrize(
    "said",
    [
        "Osvaldo Quintanilla Reyes, Tomasz Olufemi Grabowski, Wanjiru Kamau.",
        "zero zero zero nine five five",
        "k h a m p h e t s i s a v a t h",
        "sione.tuifua@pinetreewire.net and gurpreet.sandhu@correomail.com",
        "Ay! Ay, ay, ay.",
        "Calle Hidalgo forty two, El Paso, Texas.",
        "Lisinopril, metformin, atorvastatin, torsemide.",
        "Nolo contendere, res judicata, habeas corpus.",
        "",
    ],
)
def test_names_numbers_and_terms_are_in_no_language(said):
    assert heard(said) is None


# In one of them a mother answers in Spanish at times.
SPANISH = frozenset(
    [
        "no no con ella esta bien",
        "el doce de marzo",
        "es nueve cero uno cinco cinco cinco",
        "yesi punto zelaya noventa y ocho arroba correomail punto com",
    ]
)


def test_no_english_turn_of_the_gold_transcripts_is_taken_for_another_language():
    found = {turn.text: heard(turn.text) for path in GOLD for turn in read_gold(path).turns if heard(turn.text)}
    assert len(GOLD) > 200
    assert found == dict.fromkeys(SPANISH, "es")


def test_what_a_witness_says_in_spanish_is_hidden_whole_though_the_service_calls_it_english():
    turns = [("A", "And where do you live?"), ("B", "vivo con mi hija en la calle hidalgo"), ("C", "With her daughter.")]
    dialogue = Dialogue.from_turns(turns)
    shown = [turn.text for turn in render(dialogue, detect(dialogue), preset("identifiers")).turns]
    assert shown == ["And where do you live?", "[NOT CHECKED: Spanish]", "With her daughter."]
