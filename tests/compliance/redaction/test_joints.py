"""An answer that the speech service cut in two hides what it hid whole, with or without somebody's "uh-huh" between."""

import random
from functools import cache

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from compliance.redaction import DetectSettings, Dialogue, detect, preset, render
from compliance.redaction.gold import read_gold
from compliance.redaction.joints import MAX_CHARACTERS, SHARED_CHARACTERS, interjection, joined
from compliance.redaction.view import DialogueView
from tests.compliance.redaction import cuts
from tests.compliance.redaction.conversations import QUESTIONS, STYLES, conversation

GOLD = sorted(path for folder in ("gold", "gold-own") for path in (cuts.DATA / folder).glob("*.txt"))
# The dialogue around a cut that the second pass looks at: a question stays open for eight turns.
WINDOW = 16
# What may leak of all cuts inside of something private, in percent: what is left is counted in docs/redaction.md.
CEILING = 1.0


@cache
@st.composite
def dialogues(draw):
    """(turns, style, places of each turn that are private): a made-up conversation or a window of a gold transcript."""
    if draw(st.booleans()):
        style = draw(st.sampled_from(STYLES))
        made = conversation(draw(st.randoms(use_true_random=False)), draw(st.sampled_from(sorted(QUESTIONS))), style)
        spans = [[s for s in made.secrets if s.turn == number] for number in range(len(made.turns))]
        return made.turns, style, tuple(map(_places, spans))
    number = draw(st.integers(0, len(GOLD) - 1))
    gold = read_gold(GOLD[number])
    begin = draw(st.integers(0, len(gold.turns) - 1))
    turns = gold.turns[begin : begin + WINDOW]
    return tuple((t.speaker, t.text) for t in turns), gold.style, tuple(_places(t.spans) for t in turns)


def _places(spans):
    return {place for span in spans for place in range(span.start, span.end)}


# What is cut is drawn from what is private, not from what was found: a model's last digit, which differs from one
# processor to the next, then changes no draw. An ordinary word that was hidden beside it is no hit.
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(dialogues(), st.data())
def test_splitting_turns_loses_no_hit_that_the_whole_finds(made, data):
    turns, style, private = made
    # Inside of what is private and beside it: elsewhere a cut is no danger.
    near = [(n, p) for n, (_, text) in enumerate(turns) for p in cuts.boundaries(text) if {p - 1, p + 1} & private[n]]
    assume(near)
    at = {}
    for number, place in sorted(data.draw(st.sets(st.sampled_from(near), min_size=1, max_size=3))):
        nod = data.draw(st.sampled_from([None, None, *cuts.NODS]))
        at.setdefault(number, []).append((place, cuts.styled(nod, style) if nod else None))
    whole = cuts.hidden(turns, found_by_rule=True)
    after = cuts.hidden_when(cuts.cut(turns, at), len(turns))
    for number in at:
        text = turns[number][1]
        lost = private[number] & whole[number] - after[number]
        assert "".join(text[place] for place in sorted(lost) if text[place].isalnum()) == ""


def test_of_all_cuts_inside_something_private_hardly_any_leaks():
    leaks, count = [], 0
    for kind in sorted(QUESTIONS):
        for style in STYLES:
            for way, leaked, _, turns in cuts.made_up("not tuned on", kind, style, 12):
                count += 1
                leaks += [(kind, style, way, leaked, turns)] if leaked else []
    assert count > 250
    assert len(leaks) * 100 <= CEILING * count, leaks


def _shown(turns, policy="identifiers"):
    dialogue = Dialogue.from_turns(turns, language="en")
    return [turn.text for turn in render(dialogue, detect(dialogue), preset(policy)).turns]


CUT = [
    ("SSN", "And your social security number?", ["It's four one two sixty eight", "eleven fifty three."]),
    ("SSN", "And the last four of your social?", ["It's five", "oh nine three."]),
    ("ACCOUNT", "What's the account number?", ["Oh", "four seven double two nine oh one."]),
    ("ACCOUNT", "What's the account number?", ["Um, three three seven double", "two nine oh one."]),
    ("EMAIL", "What's your email?", ["It's latoya", "dot whitlock at kestrelworks dot org."]),
    ("EMAIL", "What's your email?", ["hector twenty-six at...", "hollowaytile dot net."]),
    ("NAME", "Can you state your full name for the record?", ["It's Anneke", "Thornbury-Castellanos."]),
    ("DATE OF BIRTH", "And your date of birth?", ["March", "third, nineteen", "eighty-two."]),
    ("ADDRESS", "Where do you live?", ["Forty-one seventy Alder", "Creek Road, Dayton."]),
]


@pytest.mark.parametrize("between", [(), ("Uh-huh.",), ("Okay.", "Go ahead.")], ids=["cut", "one nod", "two nods"])
@pytest.mark.parametrize(("label", "question", "answer"), CUT)
def test_one_thing_in_several_turns_is_hidden_under_one_number(label, question, answer, between):
    turns = [("A", question), ("B", answer[0])]
    for piece in answer[1:]:
        turns += [*(("A", nod) for nod in between), ("B", piece)]
    visible = [text for (speaker, _), text in zip(turns, _shown(turns), strict=True) if speaker == "B"]
    assert all(f"[{label} 1]" in text for text in visible), visible
    rest = " ".join(visible).replace(f"[{label} 1]", "")
    assert "[" not in rest
    assert not {w.strip(".,").lower() for w in rest.split()} - {"", "it's", "um", "at"}


def test_a_number_cut_in_two_and_said_again_whole_is_one_number():
    turns = [
        ("A", "What's a good phone number?"), ("B", "Two one six, five five"), ("B", "five, oh one double nine."), ("A", "Thanks."),
        ("A", "So that's two one six, five five five, oh one double nine?"),
    ]  # fmt: skip
    visible = " ".join(_shown(turns))
    assert visible.count("[PHONE 1]") == 3
    assert "[PHONE 2]" not in visible


def test_a_person_cut_in_two_is_the_person_of_the_whole_name():
    visible = " ".join(
        _shown(
            [
                ("A", "State your name."),
                ("B", "Svetlana"),
                ("B", "Petrakis."),
                ("A", "Svetlana Petrakis, is it?"),
                ("B", "Yes. My sister is Zuzanna Orrin."),
            ]
        )
    )
    assert visible.count("[NAME 1]") >= 3
    assert "[NAME 2]" in visible


def test_four_digits_of_half_a_number_are_not_its_last_four():
    visible = _shown([("A", "And your social security number?"), ("B", "It's 412-6"), ("B", "8-1153.")], "frcp_5_2")
    assert "ending" not in " ".join(visible)
    assert "4126" not in "".join(c for c in " ".join(visible) if c.isdigit())
    assert "[SSN ending 1153]" in " ".join(
        _shown([("A", "And your social security number?"), ("B", "It's 412-68-1153.")], "frcp_5_2")
    )


def test_the_parts_have_the_word_ids_and_times_of_their_own_turns():
    utterances = [
        {"speaker": "A", "text": "And your phone number?", "start": 0, "end": 900},
        {"speaker": "B", "text": "It's two one six", "start": 1000, "end": 3000, "words": [{"text": w, "start": 1000 + 500 * n, "end": 1400 + 500 * n} for n, w in enumerate("It's two one six".split())]},
        {"speaker": "A", "text": "mm-hm"},
        {"speaker": "B", "text": "five five five oh one double nine"},
    ]  # fmt: skip
    dialogue = Dialogue.from_provider_result({"utterances": utterances})
    items = [d for d in detect(dialogue).items if d.type == "phone_number"]
    assert {d.turn for d in items} == {1, 3}
    for item in items:
        words = {w.id: w for w in dialogue.turns[item.turn].words}
        assert words[item.first_word].char_start == item.start
        assert words[item.last_word].char_end == item.end
    rendition = render(dialogue, detect(dialogue), preset("identifiers"))
    # The first part falls silent at its words; the second has no times, so all that may be it does.
    assert all(any(low <= t <= high for low, high in rendition.silences) for t in (1500, 2900, 3100, 10**9))


def test_turns_are_never_joined_over_one_that_nobody_could_check():
    utterances = [
        {"speaker": "A", "text": "It's Anneke"},
        {"speaker": "B", "text": "ajá", "language_code": "es"},
        {"speaker": "A", "text": "Thornbury"},
        {"speaker": "A", "text": "and so on"},
    ]
    dialogue = Dialogue.from_provider_result({"utterances": utterances})
    together = joined(DialogueView(dialogue, frozenset([1])))
    assert [[p.turn for p in pieces] for pieces in together.pieces] == [[0], [1], [2, 3]]
    assert [h.turn for h in detect(dialogue).hidden_turns] == [1]


def test_a_dialogue_in_which_speakers_alternate_is_read_once():
    turns = [("A", "Where were you?"), ("B", "At home, with Ann."), ("A", "All night?"), ("B", "Until ten or so.")]
    assert joined(DialogueView(Dialogue.from_turns(turns))) is None


@pytest.mark.parametrize("words", ["uh huh", "mm-hm", "okay go ahead", "yes ma'am", "i'm with you", "all right", "Okay"])
def test_what_listeners_say_is_an_interjection(words):
    assert interjection([t.low for t in DialogueView(Dialogue.from_turns([("A", words)])).tokens if t.word])


@pytest.mark.parametrize("words", ["", "no", "okay what was it", "seven", "mark", "okay okay okay okay okay okay"])
def test_what_says_something_is_none(words):
    assert not interjection([t.low for t in DialogueView(Dialogue.from_turns([("A", words)])).tokens if t.word])


@given(st.lists(st.tuples(st.sampled_from("AB"), st.text("aé7 .\u200b\u0301", max_size=60)), max_size=12), st.data())
def test_a_span_of_a_joined_turn_says_the_same_in_the_turns_as_they_are(turns, data):
    view = DialogueView(Dialogue.from_turns(turns))
    together = joined(view)
    assume(together is not None)
    number = data.draw(st.sampled_from(sorted(together.joined_turns())))
    text = together.text(number)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    parts = list(together.places(number, start, end))
    said = [view.text(turn)[low:high] for turn, low, high in parts]
    assert "".join(c for c in text[start:end] if c.isalnum()) == "".join(c for part in said for c in part if c.isalnum())
    assert all(part in text[start:end] for part in said)
    assert len({turn for turn, _, _ in parts}) == len(parts)


def test_a_long_speech_is_read_in_parts_that_share_their_edges():
    rng = random.Random("speech")
    turns = [("A", " ".join(rng.choice(["road", "house", "river"]) for _ in range(rng.randint(1, 12)))) for _ in range(900)]
    view = DialogueView(Dialogue.from_turns(turns))
    together = joined(view)
    parts = [[p.turn for p in pieces] for pieces in together.pieces]
    assert len(parts) > 5
    assert {n for part in parts for n in part} == set(range(900))
    for before, after in zip(parts, parts[1:], strict=False):
        shared = set(before) & set(after)
        assert sum(len(view.text(n)) + 1 for n in shared) >= SHARED_CHARACTERS
    assert max(len(turn.text) for turn in together.dialogue.turns) <= MAX_CHARACTERS + 200


def test_a_number_at_any_place_of_a_speech_in_pieces_is_found():
    speech = "and then we drove on for a while and looked at the river " * 120
    words = speech.split()
    for place in range(100, len(words), 173):
        said = [
            *words[:place],
            *"my phone number is two one six five five five oh one double nine okay".split(),
            *words[place:],
        ]
        pieces = [" ".join(said[n : n + 7]) for n in range(0, len(said), 7)]
        dialogue = Dialogue.from_turns([("A", piece) for piece in pieces], language="en")
        found = [pieces[d.turn][d.start : d.end] for d in detect(dialogue).items if d.type == "phone_number"]
        assert " ".join(found) == "two one six five five five oh one double nine"


def test_an_own_pattern_that_matches_over_the_end_of_a_turn_hides_both_parts(tmp_path):
    file = tmp_path / "recognisers.yaml"
    file.write_text(
        """
supported_languages: [en]
recognizers:
  - name: Union card
    type: custom
    supported_entity: union_card
    supported_language: en
    patterns:
      - {name: card, regex: "LU\\\\s[0-9]{3}", score: 0.9}
"""
    )
    dialogue = Dialogue.from_turns([("A", "my card is LU"), ("B", "418 you mean")])
    found = detect(dialogue, settings=DetectSettings(recogniser_file=str(file))).items
    assert [dialogue.turns[d.turn].text[d.start : d.end] for d in found if d.type == "union_card"] == ["LU", "418"]


def test_half_a_sentence_before_the_turn_ends_is_no_address():
    dialogue = Dialogue.from_turns(
        [("A", "What's your address?"), ("B", "And"), ("B", "a"), ("B", "half. McKeesport.")], language="en"
    )
    assert all(d.end <= len(dialogue.turns[d.turn].text) for d in detect(dialogue).items)
