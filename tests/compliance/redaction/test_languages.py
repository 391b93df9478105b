"""Another language is noticed by its words, whatever the speech service says, and English is never taken for one."""

from dataclasses import replace
from pathlib import Path

import pytest

from compliance.redaction import Detections, Dialogue, ProviderMark, Turn, detect, known_private, preset, render
from compliance.redaction.gold import read_gold
from compliance.redaction.languages import heard, like_english

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


# In one of them a mother answers in Spanish at times, in another a grandmother.
SPANISH = frozenset(
    [
        "no no con ella esta bien",
        "el doce de marzo",
        "es nueve cero uno cinco cinco cinco",
        "yesi punto zelaya noventa y ocho arroba correomail punto com",
        "Día de la Candelaria.",
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


def test_a_line_that_a_person_calls_english_is_read_and_still_hidden_here():
    """Whether what the person said holds is for whoever keeps the decisions; rendered as they are, findings hide the line."""
    said = Turn("B", "My name is Rosalind Vega and I drove the truck.", language="es")
    asked = Turn("A", "Please state your name.")
    plain = Dialogue((asked, said))
    told = replace(plain, english=frozenset([1]))
    assert [(line.turn, line.read) for line in detect(plain).hidden_turns] == [(1, False)]
    assert not [item for item in detect(plain).items if item.turn == 1]
    found = detect(told)
    assert [(line.turn, line.read) for line in found.hidden_turns] == [(1, True)]
    assert Detections.from_dict(found.to_dict()) == found
    assert "Rosalind Vega" in {said.text[item.start : item.end] for item in found.items if item.turn == 1}
    assert [turn.text for turn in render(told, found, preset("identifiers")).turns][1] == "[NOT CHECKED: Spanish]"


def test_what_parties_lists_and_the_service_name_is_known_in_a_line_that_nobody_can_read():
    text = "dijo Lupita que vive cerca del zarzal con Marta Whitfield"
    start = text.index("cerca del zarzal")
    marked = ProviderMark(start, start + len("cerca del zarzal"), "address")
    lines = (Turn("A", "Lupita told Marta Whitfield."), Turn("B", text, provider_marks=(marked,)))
    dialogue = Dialogue(lines, parties=("Marta Whitfield",), always_hide=("Lupita",))
    found = known_private(dialogue, {1})
    assert {item.turn for item in found} == {1}
    assert {text[item.start : item.end] for item in found} == {"Lupita", "cerca del zarzal", "Marta Whitfield"}
    assert {item.entity for item in found} == {None}


def test_what_reads_like_english_has_a_word_of_its_grammar_and_no_other_language():
    assert like_english("The truck stopped before the wall.")
    assert like_english("I said no.")
    assert not like_english("mi abuela dijo zarzamora en la cocina")
    # Too little to tell: nobody may say of many such lines at once that they are English.
    assert not like_english("Con Lupita.")


@pytest.mark.parametrize(
    ("said", "hidden"),
    [
        ("The witness דוד כהן said that he was not there that evening.", ["דוד", "כהן"]),
        ("Then the patient محمد علي came in with his daughter 田中さん, and we talked.", ["محمد", "علي", "田中さん"]),
        ("We gave 5 µg, an α blocker and a β-blocker at 37 ºC to the café's owner.", []),
    ],
)
def test_words_in_another_script_are_hidden_in_an_english_turn(said, hidden):
    found = [said[item.start : item.end] for item in detect(Dialogue.from_turns([("A", said)])).items if item.type == "name"]
    assert found == hidden
