"""An organization's own patterns and an operator's recognisers: found where they should be, never where they should not."""

import re
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.redaction import (
    DetectionFailed,
    DetectSettings,
    Dialogue,
    OwnPattern,
    Policy,
    Rule,
    detect,
    own_patterns,
    preset,
    render,
)
from compliance.redaction.detecting import detect_here
from compliance.redaction.engine import loaded_engine
from compliance.redaction.own_patterns import found_in
from compliance.redaction.pattern_safety import MAX_CHARACTERS, MAX_REPEAT, PatternRefused, check, compiled

# The portal itself takes no number for private because it is a locker's.
LOCKER = OwnPattern("Lockers", "[0-9]{4}", context=("locker",))
CARD = OwnPattern("Cards", "LU-[0-9]{3}")
PROJECT = OwnPattern("Projects", words=("Project Nightingale", "Röm"))


def shown(*lines, patterns=(), policy="identifiers", file=None):
    dialogue = Dialogue.from_turns([("AB"[n % 2], line) for n, line in enumerate(lines)])
    # In this process, whatever is installed or in the file: nothing here hangs (test_apart.py).
    found = detect_here(dialogue, DetectSettings(patterns=tuple(patterns), recogniser_file=file and str(file)), 60)
    return [turn.text for turn in render(dialogue, found, preset(policy) if isinstance(policy, str) else policy).turns]


def test_an_expression_is_found_as_written_and_as_people_say_it():
    assert shown("It is LU-418, or lu-418.", "L U four one eight", patterns=[CARD]) == ["It is [PRIVATE 1], or [PRIVATE 1].", "[PRIVATE 1]"]


@pytest.mark.parametrize(
    "said",
    [
        "L U four one eight", "lu four eighteen", "L.U. four one eight", "LU dash four one eight", "L.U. dash four one eight",
        "L. U. dash four one eight", "l.u. dash four one eight", "L.U. dash 418",
    ],
)  # fmt: skip
def test_what_the_documentation_says_that_an_expression_finds_is_found(said):
    assert found_in(f"It is {said}, I think.", [CARD], seconds=20) == [(6, 6 + len(said))]


def test_a_word_list_is_found_in_any_case_whole_and_with_its_possessive():
    text = "the project nightingale's budget, Project Nightingales, and the Rom file"
    assert shown(text, patterns=[PROJECT]) == ["the [PRIVATE 1]'s budget, Project Nightingales, and the [PRIVATE 2] file"]


@pytest.mark.parametrize(
    "lines",
    [
        ["my locker is 4417"],
        ["4417 is my locker number"],
        ["the lockers, um, let me look, were 4417"],
        ["What is your locker number?", "4417"],
        ["and what was the number of that locker", "Four four one seven."],
    ],
)
def test_a_context_word_before_after_or_in_the_question_lets_a_number_be_found(lines):
    assert "PRIVATE" in shown(*lines, patterns=[LOCKER])[-1]


@pytest.mark.parametrize(
    "lines",
    [
        ["we met in room 1204"],
        ["the blocker sat in room 1204"],
        ["I had a locker.", "We met in room 1204."],
        ["the locker stood open and then we all went over to the other side of the yard and met in room 1204"],
    ],
)
def test_without_its_context_word_nothing_is_hidden(lines):
    assert shown(*lines, patterns=[LOCKER]) == lines


@pytest.mark.parametrize(
    ("regex", "line", "left"),
    [
        # Kept before such expressions were refused.
        (r"\w", "hello old world", "[PRIVATE 1] [PRIVATE 2] [PRIVATE 3]"),
        (r"[aeiou]", "Ask the rhythm, hello there", "[PRIVATE 1] [PRIVATE 2] rhythm, [PRIVATE 3] [PRIVATE 4]"),
        (r"[lo]{2}", "hello, cool", "[PRIVATE 1], [PRIVATE 2]"),
        (r"\s", "hello old world", "hello old world"),
        (r"\w\s?", "hello old world", "[PRIVATE 1]"),
        # What is spelled is one, what stands beside it its own.
        (r"\w", "it goes o l l o now", "[PRIVATE 1] [PRIVATE 2] [PRIVATE 3] [PRIVATE 4]"),
        (r"[0-9]", "drawer 4-4-1-7 then 44", "drawer [PRIVATE 1] then [PRIVATE 2]"),
        (r"LU-[0-9]{3}", "the cards xLU-4185 and LU\u200b-419é.", "the cards [PRIVATE 1] and [PRIVATE 2]."),
    ],
)
def test_what_a_pattern_finds_inside_of_a_word_hides_the_word_and_never_letter_by_letter(regex, line, left):
    assert shown(line, patterns=[OwnPattern("P", regex)]) == [left]


def test_one_long_word_of_finds_takes_no_time():
    assert shown("a" * 50_000, patterns=[OwnPattern("P", "a")]) == ["[PRIVATE 1]"]


def test_an_own_pattern_never_uncovers_what_the_portal_hides():
    everything = OwnPattern("All", "[0-9-]{3,12}")
    as_date = OwnPattern("Dates", "[0-9-]{3,12}", type="date")
    for policy in (Policy("mine", 1, {"ssn": Rule.LABEL, "date": Rule.SHOW}, Rule.SHOW), preset("frcp_5_2")):
        for pattern in (everything, as_date):
            assert "521" not in shown("My social is 521-47-5093.", patterns=[pattern], policy=policy)[0]


def test_an_own_pattern_is_hidden_where_the_portals_own_find_would_be_shown():
    # The filing copy shows telephone numbers; this one is the organization's secret.
    line = "Call me at 412-555-0143 today."
    assert shown(line, policy="frcp_5_2") == [line]
    assert shown(line, patterns=[OwnPattern("Desk", "412-555-[0-9]{4}")], policy="frcp_5_2") == ["Call me at [PRIVATE 1] today."]


def test_the_same_kind_is_hidden_once():
    found = detect(Dialogue.from_turns([("A", "My social is 521-47-5093.")]), settings=DetectSettings(patterns=(OwnPattern("S", "521-[0-9-]{7}", type="ssn"),)))
    assert [item.type for item in found.items] == ["ssn"]


def test_one_runs_patterns_are_nobody_elses():
    line = "Form LU-418 was filed."
    assert shown(line, patterns=[CARD]) != [line]
    assert shown(line) == [line]
    assert shown(line, patterns=[OwnPattern("Cards", "LU-9[0-9]{2}")]) == [line]


def test_engines_do_not_multiply_with_patterns():
    loaded_engine.cache_clear()
    for number in range(6):
        shown("nothing", patterns=[OwnPattern(f"P{number}", f"X{number}-[0-9]")])
    assert loaded_engine.cache_info().currsize == 1


def test_a_label_of_an_earlier_pass_stays_whole():
    assert shown("I saw [NAME 1] there.", patterns=[OwnPattern("N", "name 1|saw")]) == ["I [PRIVATE 1] [NAME 1] there."]


SANE = [
    r"LU-[0-9]{3}", r"\bHO-\d{4}\b", r"(?:\d{1,3}\.){3}\d{1,3}", r"\b[A-Z]+-\d+", r"(?:\d{4}[- ]?){4}", r"\b\d{6}\b",
    r"Projekt (?:Nightingale|Röm)", r"[^\W\d]{2}\d{5}", r"badge (?:no\.? )?\d{4}", r"\d+", r"(?P<a>\d{3})-x", r"\w{1,20} v\. \w{1,20}",
    r"[A-Z]{2,4}(?:-[A-Z]{2,4}){0,3}\d",
]  # fmt: skip
# What other engines take for ever with, RE2 does not.
TAMED = [r"(a+)+b", r"(?:\d{1,10}){1,10}x", r"(.*)*x", r"(x+x+)+y", r"(a|aa)+$", r"a.*b.*c", r"\w+@\w+", r".*.*.*=.*", r"(?:b|q+w*q+w*q+!)", r"(?i)a"]
REFUSED = [
    (r"a(?:.*b)?", "slow"), (r"q(?:.*[^q])?", "slow"), (r"(?=.*x)\d", "looking"), (r"(?<!\d)\d{6}(?!\d)", "looking"),
    (r"(\d)\1", "reference"), (r"(?P<n>a)(?P=n)", "reference"), (r"a{e<=2}", "brace"), (r"a{1, 3}", "brace"), (rf"a{{{MAX_REPEAT + 1}}}", "repeat"),
    (r"(?:(?:a{500}){500}){500}", "repeat"), (r"(?:(?:[\p{L}\p{N}]{1,500})[^\p{L}]{1,400}){1,2}", "repeat"),
    (r"a*", "empty"), (r"\b", "empty"), (r"(?:)", "empty"), (r"(", "not_an_expression"), (r"a++", "not_an_expression"), ("[z-a]", "not_an_expression"),
    (r"(?R)a", "group"), (r"(?r)a", "group"), (r"\L<words>", "escape"), (r"a\Z", "escape"), ("a\nb", "not_an_expression"), ("", "length"),
    ("a" * (MAX_CHARACTERS + 1), "length"), ("(" * 250 + "a" + ")" * 249, "not_an_expression"),
]  # fmt: skip


@pytest.mark.parametrize("expression", [*SANE, *TAMED])
def test_an_expression_that_reads_a_text_once_is_let_in(expression):
    check(expression)


@pytest.mark.parametrize(("expression", "code"), REFUSED)
def test_an_expression_that_cannot_be_read_with_is_refused_and_soon(expression, code):
    began = time.monotonic()
    with pytest.raises(PatternRefused) as caught:
        check(expression)
    assert caught.value.code == code
    assert time.monotonic() - began < 10
    if len(expression) > 3:
        assert expression not in str(caught.value)


PIECES = st.sampled_from([r"\d", r"\w", "a", "b", ".", "-", r"\b", "[a-z]", "(?:ab|a)", "(?:a|ab)", "+", "*", "?", "{1,3}", "{2}", "(?:", ")", "|", " "])


@given(st.lists(PIECES, min_size=1, max_size=10).map("".join))
def test_whatever_is_let_in_reads_any_text_in_no_time(expression):
    try:
        check(expression)
    except PatternRefused:
        return
    for bit in ("a", "ab", "a-", "1", "b1 ", "-a1"):
        until = time.thread_time() + 2.0
        for _ in compiled(expression).spans((bit * 20_000)[:20_000] + "!", until, time.thread_time):
            pass


def test_half_a_character_in_a_text_hides_nothing_less_and_breaks_nothing():
    assert list(compiled("lu-4").spans("\ud83d LU-4", time.monotonic() + 5)) == [(2, 6)]


def test_an_expression_that_got_past_the_door_fails_the_pass(monkeypatch):
    monkeypatch.setattr(own_patterns, "SECONDS_A_TURN", 0.2)
    with pytest.raises(DetectionFailed) as caught:
        shown("a " * 20_000, patterns=[OwnPattern("Slow", r"a(?:.*b)?")])
    assert (caught.value.code, caught.value.recogniser) == ("time_limit", own_patterns.RECOGNISER)


def test_an_expression_that_cannot_be_read_fails_the_pass():
    with pytest.raises(DetectionFailed) as caught:
        shown("hello", patterns=[OwnPattern("Broken", "(")])
    assert (caught.value.code, caught.value.recogniser) == ("configuration", own_patterns.RECOGNISER)


def test_a_pattern_says_nothing_of_itself():
    assert "Nightingale" not in repr(PROJECT)
    assert "LU" not in repr(CARD)


@pytest.mark.parametrize(
    ("text", "places"),
    [("x LU-418 y", ["LU-418"]), ("x\nLU-418\n\nLU-419", ["LU-418", "LU-419"]), ("né LU\u200b-418!", ["LU\u200b-418"]), ("nothing", [])],
)
def test_a_typed_text_is_tried_in_its_own_places(text, places):
    assert [text[start:end] for start, end in found_in(text, [CARD], seconds=5)] == places


YAML = """
supported_languages: [en]
recognizers:
  - name: Badge
    type: custom
    supported_entity: badge
    supported_language: en
    context: [{context}]
    patterns:
      - {{name: digits, regex: "{regex}", score: {score}}}
"""


@pytest.fixture
def yaml(tmp_path):
    def write(score=0.05, regex="[0-9]{4}", context="badge"):
        file = tmp_path / f"recognisers-{score}-{context}.yaml"
        file.write_text(YAML.format(score=score, regex=regex, context=context))
        return file

    return write


def test_a_weak_pattern_of_a_file_hides_nothing_without_its_context_word(yaml):
    assert shown("we met in room 1204", file=yaml()) == ["we met in room 1204"]


def test_a_weak_pattern_of_a_file_hides_beside_its_context_word(yaml):
    lines = ["drawer 1204", "And what was the other drawer?", "It was 1305."]
    assert shown(*lines) == lines
    assert shown(*lines, file=yaml(context="drawer")) == ["drawer [PRIVATE 1]", lines[1], "It was [PRIVATE 2]."]


def test_a_strong_pattern_of_a_file_needs_no_context_word(yaml):
    assert shown("we met in room 1204", file=yaml(score=0.6)) == ["we met in room [PRIVATE 1]"]


def test_a_pattern_of_a_file_that_takes_too_long_fails_the_pass_and_is_not_skipped(yaml, monkeypatch):
    monkeypatch.setattr("compliance.redaction.foreign.SECONDS_A_BLOCK", 0.2)
    wanted = DetectSettings(recogniser_file=str(yaml(score=0.9, regex="(a|a)+c| bq?x")))
    with pytest.raises(DetectionFailed) as caught:
        detect_here(Dialogue.from_turns([("A", "a" * 3000 + " b")]), wanted, 60)
    assert caught.value.code == "time_limit"


@pytest.mark.parametrize("name", ["EmailRecognizer", "NoSuchRecognizer"])
def test_a_recogniser_that_would_open_a_connection_or_is_not_there_is_refused(tmp_path, name):
    file = tmp_path / "file.yaml"
    file.write_text(f"supported_languages: [en]\nrecognizers:\n  - {{name: {name}, type: predefined, supported_languages: [en]}}\n")
    with pytest.raises(DetectionFailed) as caught:
        shown("hello", file=file)
    assert caught.value.code == "configuration"


SPOKEN = [
    ("badge (?:no\\.? )?\\d{4}", "her badge one two oh four there", "her [PRIVATE 1] there"),
    ("\\d{3}-\\d{2}-[A-Z]{2}", "it is four one seven dash two two dash q x okay", "it is [PRIVATE 1] okay"),
    ("\\d{3}-\\d{2}-[A-Z]{2}", "it is four one seven two two q x okay", "it is [PRIVATE 1] okay"),
    ("LU-[0-9]{3}", "its lu four eighteen okay", "its [PRIVATE 1] okay"),
    ("\\b[A-Z]{2}\\d{6}\\b", "k l four four one two oh nine okay", "[PRIVATE 1] okay"),
]


def open_words(line, rest):
    """The words of ``line`` that can be read in ``rest``, whatever the label is."""
    return [word for word in re.sub(r"\[[^]]*\]", " ", rest).split() if word in line.split()]


@pytest.mark.parametrize(("regex", "line", "left"), SPOKEN)
def test_an_organizations_and_an_operators_pattern_find_what_is_said(yaml, regex, line, left):
    expected = open_words(line, left)
    assert open_words(line, shown(line, patterns=[OwnPattern("P", regex)])[0]) == expected
    assert open_words(line, shown(line, file=yaml(score=0.9, regex=regex.replace("\\", "\\\\")))[0]) == expected


def kinds(*lines, file):
    dialogue = Dialogue.from_turns([("AB"[n % 2], line) for n, line in enumerate(lines)])
    return {item.type for item in detect(dialogue, settings=DetectSettings(recogniser_file=str(file))).items}


def test_a_weak_pattern_of_a_file_hides_what_is_said_beside_its_context_word_only(yaml):
    assert "badge" in kinds("And what was the other locker?", "It was one three oh five.", file=yaml(context="locker"))
    assert "badge" not in kinds("we met in room one two oh four", file=yaml(context="locker"))


def test_a_repeat_whose_sign_may_be_missing_takes_no_operators_pattern_for_ever(yaml):
    said = "k l " + "four " * 28 + "x"
    assert shown(said, file=yaml(score=0.9, regex="[A-Z]+(?:-[0-9]+)+!"))


def test_a_code_cut_by_turns_is_found_as_it_would_be_written():
    dialogue = Dialogue.from_turns([("A", "k l four four"), ("B", "uh huh"), ("A", "one two oh nine")])
    found = detect(dialogue, settings=DetectSettings(patterns=(OwnPattern("P", r"\bKL\d{6}\b"),)))
    assert {item.turn for item in found.items if item.type == "private"} == {0, 2}


def test_a_checksum_of_presidios_own_recogniser_is_counted_over_what_is_said(tmp_path):
    file = tmp_path / "file.yaml"
    file.write_text("supported_languages: [en]\nrecognizers:\n  - {name: NhsRecognizer, type: predefined, supported_languages: [en]}\n")
    settings = DetectSettings(recogniser_file=str(file))
    for last, counted in (("nine", True), ("eight", False)):
        line = f"it is nine four three four seven six five nine one {last}"
        found = detect(Dialogue.from_turns([("A", line)]), settings=settings).items
        assert ("NhsRecognizer" in {item.recogniser for item in found}) == counted


PACKAGE = '''
from presidio_analyzer import Pattern, PatternRecognizer

def make():
    return PatternRecognizer("union_card", name="Union card", patterns=[Pattern("card", "LU-[0-9]{3}", 0.9)], context=["card"])

def broken():
    return object()
'''


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """A tiny package on the path with an entry point, as pip leaves it."""

    def install(maker):
        (tmp_path / "sealscript_union.py").write_text(PACKAGE)
        info = tmp_path / "sealscript_union-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: sealscript-union\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[sealscript.recognisers]\nunion = sealscript_union:{maker}\n")
        monkeypatch.syspath_prepend(str(tmp_path))
        loaded_engine.cache_clear()

    yield install
    loaded_engine.cache_clear()
    sys.modules.pop("sealscript_union", None)


def test_an_entry_point_of_an_installed_package_is_found_and_its_find_hidden(installed):
    installed("make")
    assert shown("here is LU-418") == ["here is [PRIVATE 1]"]
    assert [one.origin for one in loaded_engine(None, None).foreign] == ["entry point union"]


def test_an_entry_point_that_makes_no_recogniser_holds_everything(installed):
    installed("broken")
    with pytest.raises(DetectionFailed) as caught:
        shown("hello")
    assert caught.value.code == "configuration"


def test_the_command_lists_where_recognisers_come_from_and_says_what_is_wrong(installed, yaml, capsys, tmp_path):
    from django.core.management import CommandError, call_command

    installed("make")
    call_command("recognisers", file=str(yaml()))
    printed = capsys.readouterr().out
    assert "entry point union" in printed
    assert any(line.startswith("file") and "badge" in line for line in printed.splitlines())
    assert any(line.startswith("portal") and "NameRecogniser" in line for line in printed.splitlines())
    with pytest.raises(CommandError, match="none.yaml does not exist.* every new transcript is held"):
        call_command("recognisers", file=str(tmp_path / "none.yaml"))
