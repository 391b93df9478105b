"""Engines put capitals where they like: names are hidden all the same, and nothing else is taken for one."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.redaction import Dialogue, detect, preset, render
from compliance.redaction.casing import folded
from compliance.redaction.gold import read_gold
from compliance.redaction.view import DialogueView
from tests.compliance.redaction.marked import leaks_of, misses

DATA = Path(__file__).parents[2] / "data"
GOLD = [path for path in sorted((DATA / "gold").glob("*.txt")) if "# style: formatted" in path.read_text(encoding="utf-8")]
OWN = [path for path in sorted((DATA / "gold-own").glob("*-3[2-9]*.txt")) if "# style: formatted" in path.read_text(encoding="utf-8")]


def sentences(text):
    """A capital at the beginning of a sentence, and "I": what is left where an engine knows nothing of names."""
    small = re.sub(r"\bi\b(?!\.)", "I", text.lower())
    return re.sub(r"(?:^|[.?!] +)\W*\w", lambda m: m.group().upper(), small)


def captions(text):
    return text.upper()


def titles(text):
    return re.sub(r"(?<![\w'])[a-z]", lambda m: m.group().upper(), text)


WAYS = [sentences, captions, titles]


def written(gold, way):
    return replace(gold, turns=tuple(replace(turn, text=way(turn.text)) for turn in gold.turns))


@pytest.mark.parametrize("way", WAYS)
def test_names_and_places_are_hidden_whatever_has_a_capital(way):
    leaked, spans, over, words = leaks_of(written(read_gold(path), way) for path in GOLD)
    assert spans > 200
    assert leaked <= 0.01 * spans
    assert over <= 0.02 * words


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("way", WAYS)
def test_names_and_places_of_many_files_are_hidden_whatever_has_a_capital(way):
    leaked, spans, over, words = leaks_of(written(read_gold(path), way) for path in OWN)
    assert spans > 600
    assert leaked <= 0.01 * spans
    assert over <= 0.015 * words


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("path", GOLD[:1], ids=lambda path: path.stem)
def test_a_rendition_of_such_text_is_read_as_it_stands(path, way):
    dialogue = written(read_gold(path), way).dialogue()
    rendition = render(dialogue, detect(dialogue), preset("everything"))
    again = Dialogue.from_turns([(t.speaker, t.text) for t in rendition.turns])
    assert [(d.turn, d.type, d.reason) for d in detect(again).items] == []


@pytest.mark.parametrize(
    "conversation",
    [
        "Good morning. My name is [[john]]. I live in [[greeley]], on [[summer street]]. | Thank you, [[john]].",
        "Yes. That was on monday, and [[maria]] drove. | Then [[maria]] called dr. [[oyelaran]]? | She did.",
        "MY NAME IS [[OLGA PETROV]] AND I LIVE IN [[TUMWATER]]. | THANK YOU, [[OLGA]]. WILL YOU MARK THE EXHIBIT?",
        "My Name Is [[Olga Petrov]] And I Live In [[Tumwater]]. | Thank You, [[Olga]]. Will You Mark The Exhibit?",
    ],
)
def test_what_is_private_goes_and_the_rest_stays(conversation):
    assert misses(conversation) == ([], [])


def test_a_label_that_a_speech_service_writes_does_not_bring_back_the_trust_in_capitals():
    said = "Good morning, this is [NAME]. My name is [[john]]. I live in [[greeley]], on [[summer street]]. | Thank you, [[john]]."
    assert misses(said) == ([], [])


@pytest.mark.parametrize(
    ("lines", "cased"),
    [
        (["My name is Olga Petrov. I live in Tumwater.", "Thank you, Olga."], True),
        (["My name is olga petrov. I live in chicago. My sister is maria.", "Thank you, maria."], False),
        (["i live in tumwater", "thank you"], False),
        (["How is the pain? Is it worse at night?", "It is, a bit."], True),
        (["How is the pain? Is it worse at night?", "It is, a bit."] * 12, False),  # nobody has a capital there: none is needed
        (["I SAID THE CAR WAS IN THE LANE.", "AND THEN?"], False),
        (["So I Said That The Car Was In The Lane.", "And Then?"], False),
        (["I saw Maria and Thomas on Monday.", "And then john came.", "With Jessica, in January."], True),  # one slip
        (["123 456", "..."], False),
    ],
)
def test_whether_capitals_tell_anything(lines, cased):
    assert DialogueView(Dialogue.from_turns([("AB"[n % 2], line) for n, line in enumerate(lines)])).cased is cased


@pytest.mark.parametrize("path", sorted((DATA / "gold").glob("*.txt"))[::4], ids=lambda path: path.stem)
def test_of_a_rendition_capitals_tell_as_much_as_of_the_text(path):
    dialogue = read_gold(path).dialogue()
    rendition = render(dialogue, detect(dialogue), preset("everything"))
    again = Dialogue.from_turns([(t.speaker, t.text) for t in rendition.turns])
    assert DialogueView(again).cased is DialogueView(dialogue).cased


@given(st.text(max_size=60))
def test_small_letters_stand_where_the_others_stood(text):
    small = folded(text)
    assert len(small) == len(text)
    assert all(a == b or a.lower() == b for a, b in zip(text, small, strict=True))


@pytest.mark.parametrize("label", ["[NAME 3]", "[DATE in 1999]", "[NOT CHECKED: Spanish]", "█████"])
def test_labels_of_an_earlier_pass_stay_as_they_are(label):
    assert folded(f"I SAW {label} THERE") == f"i saw {label} there"


def test_what_is_shown_has_its_own_capitals():
    dialogue = Dialogue.from_turns([("A", "MY NAME IS OLGA PETROV AND THE CAR WAS IN THE LANE OF THE HIGHWAY.")])
    rendition = render(dialogue, detect(dialogue), preset("identifiers"))
    assert rendition.turns[0].text == "MY NAME IS [NAME 1] AND THE CAR WAS IN THE LANE OF THE HIGHWAY."
