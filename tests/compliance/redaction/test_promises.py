"""What redaction promises of any text: nothing hidden is there, nothing new is found in a view, places map back exactly,
no pattern takes more than linear time. Bad input item by item."""

import importlib
import json
import pkgutil
import random
import re
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import compliance.redaction
from compliance.redaction import PRESETS, Dialogue, Rule, detect, preset, render
from compliance.redaction.cleaning import clean
from compliance.redaction.gold import read_gold
from compliance.redaction.labels import LABEL
from compliance.redaction.numerals import runs
from compliance.redaction.view import DialogueView
from compliance.redaction.voices import voices

GOLD = Path(__file__).parents[2] / "data" / "gold"
HIDING = [name for name in PRESETS if name != "verbatim"]
# Talk with something private in most lines, in all the ways people say it.
TALK = [
    ("A", "Please state your name for the record."),
    ("B", "My name is Oyinkansola Braithwaite, spelled B R A I T H W A I T E."),
    ("A", "And your date of birth?"),
    ("B", "March third, nineteen eighty-two."),
    ("A", "Your telephone number and social, please."),
    ("B", "Two one six, five five five, oh one nine eight, and the social is 521-47-5093."),
    ("A", "Where do you live?"),
    ("B", "Forty-one seventy Alder Creek Road, Dayton, Ohio, four five four oh two."),
    ("B", "Write to o dot braithwaite at fernmail dot org, or www.fernmail.org."),
    ("A", "Dr. Vandersloot saw Oyinkansola on 12 May 2019. She is ninety-four. Card 4111 1111 1111 1111."),
    ("B", "I take five milligrams of warfarin, and the truck was red."),
]
# What stands in real texts between and inside letters: marks, joiners, directions, emoji beyond the first plane.
ODD = st.sampled_from(
    ["\u200b", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u0301", "\u0308", "\u202e", "\u202c", "\ufe0f", "👩\u200d⚕\ufe0f",
     "🏽", "𝟓", "٤", "５", "½", "ﬁ", "ß", "İ", "é", "e\u0301", "שלום", "नमस्ते", "\u0000", "\x1b", "\u2028", "\U0010ffff", "<b>", "&amp;"]
)  # fmt: skip
TEXT = st.lists(st.one_of(ODD, st.text(max_size=6), st.sampled_from(["five ", "521-47-5093", "Ann ", "a@b.co ", " "])), max_size=25).map(
    "".join
)


@settings(max_examples=300, deadline=None)
@given(TEXT)
def test_the_clean_text_maps_back_to_the_character(text):
    cleaned = clean(text)
    assert cleaned.length == len(text)
    places = [cleaned.original_span(n, n + 1) for n in range(len(cleaned.text))]
    # One after the other, without a gap but for what was dropped before the first, and never a piece of one twice.
    assert all(start < end for start, end in places)
    assert all(before[1] == after[0] for before, after in zip(places, places[1:], strict=False))
    if places:
        assert places[-1][1] == len(text)
        assert clean(text[: places[0][0]]).text == ""
    for n, (start, end) in enumerate(places):
        kept = clean(text[start:end]).text
        assert kept[:1] == cleaned.text[n]
        assert cleaned.cleaned_span(start, end) == (n, n + 1)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_whatever_is_put_inside_an_identifier_goes_with_it(data):
    number, odd = "521-47-5093", st.sampled_from(["\u200b", "\u200d", "\u2060", "\ufeff", "\u00ad", "\ufe0f", "\u202e", "\u0301"])
    said = "".join(c + "".join(data.draw(st.lists(odd, max_size=2))) for c in number)
    before = data.draw(st.sampled_from(["", "🎉🎉 ", "שלום ", "é e\u0301 ", "👩\u200d⚕\ufe0f "]))
    text = f"{before}My social security number is {said} thanks."
    dialogue = Dialogue.from_turns([("A", text)])
    shown = render(dialogue, detect(dialogue), preset("identifiers")).turns[0]
    left = LABEL.sub("", shown.text)
    assert not any(c.isdigit() for c in left)
    assert left.startswith(before.strip()) or not before or "ש" in before  # a word in another script is hidden, too
    assert left.endswith("thanks.")


@settings(max_examples=150, deadline=None)
@given(TEXT)
def test_runs_of_numbers_stand_where_they_say(text):
    view = DialogueView(Dialogue.from_turns([("A", "five five " + text + " oh one")]))
    for run in runs(view):
        first, last = view.tokens[run.first], view.tokens[run.last]
        start, end = view.cleans[0].original_span(first.start, last.end)
        assert 0 <= start < end <= len(view.dialogue.turns[0].text)
        for atom in run.atoms:
            token = view.tokens[atom.first]
            assert view.text(0)[token.start : token.end] == token.text or token.text == "█"


def test_offsets_count_code_points_not_utf_16():
    """Emoji take two units in the UTF-16 of browsers and of some services, one character here."""
    text = "🎉🎉 My name is Oyinkansola Braithwaite."
    dialogue = Dialogue.from_turns([("A", text)])
    [found] = [d for d in detect(dialogue).items if d.type == "name"]
    assert text[found.start : found.end] == "Oyinkansola Braithwaite"
    assert len(text.encode("utf-16-le")) // 2 == len(text) + 2


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(TALK), min_size=1, max_size=5), st.sampled_from(HIDING), st.lists(TEXT, max_size=2))
def test_a_view_never_holds_what_it_hides(lines, name, noise):
    policy = preset(name)
    dialogue = Dialogue.from_turns([*lines, *(("C", text) for text in noise)])
    found = detect(dialogue)
    view = render(dialogue, found, policy)
    for item in found.items:
        rule = policy.rule(item.type)
        if rule is Rule.SHOW or rule is Rule.MINOR_INITIALS:
            continue
        turn, shown = dialogue.turns[item.turn], view.turns[item.turn]
        said = turn.text[item.start : item.end]
        chips = [chip for chip in shown.chips if chip.detection_id]
        assert chips
        # Its place is a label's: cut the labels out, and what is left is the turn without what is hidden.
        hidden = {
            p for d in found.items if d.turn == item.turn and policy.rule(d.type) not in (Rule.SHOW, Rule.MINOR_INITIALS)
            for p in range(d.start, d.end)
        }  # fmt: skip
        kept = "".join(c for p, c in enumerate(turn.text) if p not in hidden)
        assert _without_chips(shown) == kept
        # The words say what the text says, at the same places.
        assert all(shown.text[w.char_start : w.char_end] == w.text for w in shown.words)
        assert not any(w.text == said and not w.hidden and w.char_start == item.start for w in shown.words)


def _changes(dialogue, name):
    """Turns that read otherwise when the pass reads its own view once more."""
    policy = preset(name)
    view = render(dialogue, detect(dialogue), policy)
    again = Dialogue.from_turns([(turn.speaker, turn.text) for turn in view.turns])
    second = render(again, detect(again), policy)
    return [(a.text, b.text) for a, b in zip(view.turns, second.turns, strict=True) if a.text != b.text]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(TALK), min_size=1, max_size=6), st.sampled_from(HIDING))
def test_detecting_on_a_view_hides_nothing_new(lines, name):
    assert _changes(Dialogue.from_turns(lines), name) == []


# Under frcp_5_2 most of a text stays, so that what is read anew has other words around it than what was hidden.
@pytest.mark.parametrize("name", [name for name in HIDING if name != "frcp_5_2"])
@pytest.mark.parametrize("file", ["clinical-05-psych-evaluation", "clinical-07-primary-care", "clinical-11-triage-interpreter"])
def test_detecting_on_the_view_of_a_real_conversation_hides_nothing_new(file, name):
    assert _changes(read_gold(GOLD / f"{file}.txt").dialogue(), name) == []


def test_a_finding_that_reaches_into_a_label_leaves_the_label_whole():
    """The model takes "0A … [EMAIL" for a place."""
    dialogue = Dialogue.from_turns([("A", "Where do you live?"), ("B", "0A \u0130\U0010ffff&amp;[EMAIL 1] ")])
    assert "[EMAIL 1]" in render(dialogue, detect(dialogue), preset("gdpr")).turns[1].text


def _without_chips(turn):
    out, edge = [], 0
    for chip in turn.chips:
        out.append(turn.text[edge : chip.start])
        edge = chip.end
    return "".join([*out, turn.text[edge:]])


def test_a_name_in_a_speakers_label_is_not_shown_where_names_are_hidden():
    dialogue = Dialogue.from_turns([("Marta Whitfield", "Hello."), ("THE WITNESS", "Yes."), ("A", "Go on."), ("Speaker 2", "No.")])
    assert [t.speaker for t in render(dialogue, detect(dialogue), preset("identifiers")).turns] == ["B", "THE WITNESS", "A", "Speaker 2"]
    assert render(dialogue, detect(dialogue), preset("verbatim")).turns[0].speaker == "Marta Whitfield"


@given(st.lists(st.text(max_size=12), max_size=30))
def test_two_voices_are_never_shown_as_one(labels):
    shown = voices(Dialogue.from_turns([(label, "x") for label in labels]))
    assert len(set(shown.values())) == len(shown)


# --- bad input -------------------------------------------------------------------------------------------------------


def _result(*utterances):
    return Dialogue.from_provider_result({"utterances": list(utterances)})


BAD = {
    "empty turns": _result({"speaker": "A", "text": ""}, {"speaker": "B", "text": "My name is Svetlana Orr."}, {"speaker": "A", "text": " "}),
    "one speaker only": _result(*({"speaker": "A", "text": t} for t in ("My name is", "Svetlana Orr."))),
    "no speaker": _result({"text": "My name is Svetlana Orr."}),
    "missing words": _result({"speaker": "A", "text": "My name is Svetlana Orr.", "start": 0, "end": 900}),
    "missing times": _result({"speaker": "A", "text": "My name is Svetlana Orr.", "words": [{"text": w} for w in "My name is Svetlana Orr.".split()]}),
    "words that do not add up": _result(
        {"speaker": "A", "text": "My name is Svetlana Orr.", "start": 0, "end": 900, "words": [{"text": "else", "start": 0, "end": 100}, {"text": "again", "start": 100, "end": 200}]}
    ),
    "words beyond the text": _result(
        {"speaker": "A", "text": "My name is Svetlana Orr.", "words": [{"text": w} for w in "My name is Svetlana Orr. and Zebulon".split()]}
    ),
    "times backwards": _result(
        {"speaker": "A", "text": "My name is Svetlana Orr.", "start": 900, "end": 0, "words": [{"text": w, "start": 900 - n, "end": 10} for n, w in enumerate("My name is Svetlana Orr.".split())]}
    ),
    "times that are none": _result({"speaker": "A", "text": "My name is Svetlana Orr.", "start": float("nan"), "end": "late"}),
    "html": _result({"speaker": "A", "text": "<p>My name is <b>Svetlana Orr</b>.</p><script>x</script>"}),
    "html inside": _result({"speaker": "A", "text": "My name is Svet<wbr>lana O<b>r</b>r &amp; that&#39;s all."}),
    "html references": _result({"speaker": "A", "text": "My name is S&#118;etlana&nbsp;&#79;rr."}),
    "emoji": _result({"speaker": "A", "text": "🎉 My name is Svetlana Orr 👩\u200d⚕\ufe0f."}),
    "combining marks": _result({"speaker": "A", "text": "My name is Sve\u0301tlana Orr."}),
    "right to left": _result({"speaker": "A", "text": "\u202bשלום My name is Svetlana Orr.\u202c"}),
    "zero width inside": _result({"speaker": "A", "text": "My name is Svet\u200blana O\u200drr."}),
    "control characters": _result({"speaker": "A", "text": "My name is\x00 Svetlana\x1b Orr."}),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD)
def test_bad_input_is_read_all_the_same(kind):
    dialogue = BAD[kind]
    view = render(dialogue, detect(dialogue), preset("identifiers"))
    said = " ".join([view.text, *(w.text for turn in view.turns for w in turn.words)])
    for gone in ("vetlana", "Orr", "lana"):
        assert gone not in said
    for start, end in view.silences:
        assert 0 <= start <= end


def test_an_unknown_language_is_hidden_whole_and_the_rest_is_read():
    dialogue = _result(
        {"speaker": "A", "text": "The truck was red.", "language_code": "en"},
        {"speaker": "B", "text": "me llamo Juan", "language_code": "xx"},
    )
    view = render(dialogue, detect(dialogue), preset("identifiers"))
    assert [turn.text for turn in view.turns] == ["The truck was red.", "[NOT CHECKED]"]


def test_half_a_character_of_broken_utf_16_is_replaced_at_the_door():
    broken = '{"speaker": "A\\ud83d", "text": "My name is Svetlana \\ud83d Orr \\ud83c\\udf89.", "words": [{"text": "My\\udf89"}]}'
    dialogue = _result(json.loads(broken))
    assert dialogue.turns[0].text == "My name is Svetlana \ufffd Orr \U0001f389."
    view = render(dialogue, detect(dialogue), preset("identifiers"))
    assert "Svetlana" not in view.text
    json.dumps([dialogue.turns[0].speaker, [w.text for w in dialogue.turns[0].words]], ensure_ascii=False).encode()


# --- time ------------------------------------------------------------------------------------------------------------


def _patterns():
    """Every compiled pattern of the package, found by walking its modules."""
    found = {}
    for info in pkgutil.walk_packages(compliance.redaction.__path__, "compliance.redaction."):
        module = importlib.import_module(info.name)
        for name, value in vars(module).items():
            if isinstance(value, re.Pattern):
                found.setdefault(value.pattern, (f"{info.name}.{name}", value))
            elif isinstance(value, dict | list | tuple):
                items = value.values() if isinstance(value, dict) else value
                for each in items:
                    for part in each if isinstance(each, tuple | list) else (each,):
                        if isinstance(part, re.Pattern):
                            found.setdefault(part.pattern, (f"{info.name}.{name}", part))
    return list(found.values())


def _attacks(pattern):
    """Pieces to repeat: what the pattern itself is made of, and the classics."""
    literal = re.sub(r"\\[a-zA-Z]|[\\^$.|?*+()\[\]{}:!<=]", " ", pattern.pattern)
    pieces = sorted({p for p in literal.split() if 0 < len(p) <= 12}, key=len)
    rng = random.Random(7)
    own = rng.sample(pieces, min(6, len(pieces)))
    return [*own, *(f"{p} " for p in own[:3]), *(p[0] for p in own[:3]), "a", "1", " ", ".", "-", "a.", "1-", "@a", "a a1 ", "[NAME ", "\t", "Ab "]


SIZE = 50_000
TRIES = 4


@pytest.mark.parametrize(("name", "pattern"), _patterns(), ids=lambda v: v if isinstance(v, str) else "")
def test_no_pattern_takes_more_than_linear_time(name, pattern):
    for piece in _attacks(pattern):
        # What almost matches, and then does not, is what makes engines go back.
        ratios = []
        # What grows by the square takes four times as long each time; a neighbour on the machine disturbs one time or the other.
        while not ratios or min(ratios) >= 3 and len(ratios) < TRIES:
            once = _least(pattern, (piece * SIZE)[:SIZE] + "\n!")
            if once < 0.02:
                break  # 50,000 characters within 20 ms: no exponent hides in there
            ratios.append(_least(pattern, (piece * 2 * SIZE)[: 2 * SIZE] + "\n!") / once)
        else:
            assert min(ratios) < 3, f"{name} on {piece!r}: twice as long took {ratios} times as long"


def _least(pattern, text):
    best = float("inf")
    for _ in range(3):
        began = time.thread_time()
        for _found in pattern.finditer(text):
            pass
        best = min(best, time.thread_time() - began)
        if best < 0.02:
            break
    return best


def test_the_walk_finds_the_patterns():
    assert len(_patterns()) > 15
