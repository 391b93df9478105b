"""Who hesitates in the midst of a number, a date or a name tells no more than who does not."""

import random
from dataclasses import replace
from pathlib import Path

import pytest

from compliance.redaction import Dialogue, detect, preset, render
from compliance.redaction.gold import GoldSpan, read_gold
from compliance.redaction.hesitations import hesitations
from compliance.redaction.joints import joined
from compliance.redaction.view import DialogueView
from tests.compliance.redaction.marked import leaks_of, misses

DATA = Path(__file__).parents[2] / "data"
GOLD = sorted((DATA / "gold").glob("*.txt"))
OWN = sorted((DATA / "gold-own").glob("*-3[2-9]*.txt"))
SHARE = 0.25  # of the spaces inside of what is private


def hesitating(gold, rng):
    """``gold`` with "uh" and "um" at some of the spaces inside of its spans; what was one span is then two."""
    turns = []
    for turn in gold.turns:
        text, spans, at = "", [], 0
        for span in sorted(turn.spans, key=lambda s: s.start):
            text += turn.text[at : span.start]
            begin = len(text)
            for place in range(span.start, span.end):
                if turn.text[place] == " " and turn.text[place - 1].isalnum() and span.start < place and rng.random() < SHARE:
                    spans.append(GoldSpan(begin, len(text), span.label))
                    text += rng.choice([" uh ", " um "] if gold.style == "lower" else [" uh, ", ", um, "])
                    begin = len(text)
                else:
                    text += turn.text[place]
            spans.append(GoldSpan(begin, len(text), span.label))
            at = span.end
        turns.append(replace(turn, text=text + turn.text[at:], spans=tuple(spans)))
    return replace(gold, turns=tuple(turns))


def test_what_is_hidden_is_hidden_with_hesitation_in_it():
    leaked, spans, over, words = leaks_of(hesitating(read_gold(path), random.Random(path.stem)) for path in GOLD[::2])
    assert spans > 300
    assert leaked <= 0.01 * spans
    assert over <= 0.02 * words


@pytest.mark.long
@pytest.mark.timeout(900)
def test_what_is_hidden_of_many_files_is_hidden_with_hesitation_in_it():
    leaked, spans, over, words = leaks_of(hesitating(read_gold(path), random.Random(path.stem)) for path in OWN)
    assert spans > 3_000
    assert leaked <= 0.012 * spans
    assert over <= 0.02 * words


@pytest.mark.parametrize(
    "conversation",
    [
        "what day was it | [[march twenty]] um [[fifth twenty]] uh [[twenty five]]",
        "how old is she | she's [[ninety]] um [[seven]] i can't leave her",
        "and your phone | the old fax it's [[oh]] um [[one nine five]] now",
        "It's signed by [[A.]] uh, [[Vukovic]]. | Okay.",
        "where is that | at [[cleveland]] um [[avenue]] ((in)) [[forrest]] uh [[city]]",
        "do you take anything | two uh three times a week and uh one at night",
    ],
)
def test_both_sides_of_a_hesitation_are_hidden_and_it_is_not(conversation):
    leaked, over = misses(conversation)
    assert (leaked, [word for word in over if word not in ("uh", "um")]) == ([], [])


def test_what_is_left_out_is_mapped_back_exactly():
    said = ["call me at five five five, um, oh one uh nine eight", "yes", "um or on march uh second"]
    view = DialogueView(Dialogue.from_turns([("A", said[0]), ("B", said[1]), ("A", said[2])]))
    together = joined(view)
    assert together.text(0) == "call me at five five five oh one nine eight um or on march second"
    for start in range(len(together.text(0))):
        for turn, low, high in together.places(0, start, start + 1):
            assert view.text(turn)[low:high] == together.text(0)[start : start + 1]
    number = together.text(0).index("five")
    places = list(together.places(0, number, together.text(0).index(" um or")))
    assert [view.text(turn)[low:high] for turn, low, high in places] == ["five five five", "oh one", "nine eight"]


@pytest.mark.parametrize("said", ["uh", "five um", "um five", "i took uh two", "on monday uh monday", "so uh then", "five. um, six"])
def test_other_hesitation_is_part_of_the_talk(said):
    view = DialogueView(Dialogue.from_turns([("A", said)]))
    assert hesitations(view, 0) == []
    assert joined(view) is None


@pytest.mark.parametrize("path", GOLD[1:3], ids=lambda path: path.stem)
def test_a_rendition_of_hesitant_talk_is_read_as_it_stands(path):
    dialogue = hesitating(read_gold(path), random.Random(path.stem)).dialogue()
    rendition = render(dialogue, detect(dialogue), preset("everything"))
    again = Dialogue.from_turns([(t.speaker, t.text) for t in rendition.turns])
    assert [(d.turn, d.type, d.reason) for d in detect(again).items] == []
