"""Recognisers written for Presidio find here what they find there, under the portal's types."""

import inspect
import re
from dataclasses import replace
from pathlib import Path

import pytest
from presidio_analyzer import Pattern, PatternRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NerModelConfiguration
from presidio_analyzer.predefined_recognizers import EmailRecognizer
from presidio_analyzer.recognizer_registry.recognizers_loader_utils import RecognizerListLoader

from compliance.redaction import (
    TYPES,
    DetectionFailed,
    DetectSettings,
    Dialogue,
    Policy,
    PrivateType,
    Rule,
    detect,
    preset,
    render,
)
from compliance.redaction.artifacts import ReadArtifacts
from compliance.redaction.detecting import detect_here
from compliance.redaction.foreign import _safe, checked, from_entry_points, from_file
from compliance.redaction.presidio_names import _TYPES, portal_type
from tests.foreign_package import installing

# Ordinary words, which ours leave alone.
LINES = ["We met pancake the liaison.", "Uh-huh.", "Later pancake left, and the car stayed with waffle the liaison."]


@pytest.fixture
def installed(tmp_path, monkeypatch):
    with installing(tmp_path, monkeypatch) as install:
        yield install


@pytest.fixture
def file(tmp_path):
    def write(entries):
        # An engine is kept for a file's name.
        path = tmp_path / f"recognisers-{len(list(tmp_path.iterdir()))}.yaml"
        path.write_text(f"supported_languages: [en]\nrecognizers:\n{entries}")
        return DetectSettings(recogniser_file=str(path))

    return write


def custom(entity, regex):
    return (
        f"  - name: Badges\n    type: custom\n    supported_entity: {entity}\n    supported_language: en\n"
        f'    patterns:\n      - {{name: one, regex: "{regex}", score: 0.9}}\n'
    )


def shown(lines, settings=None, policy="identifiers"):
    """Read in this process, where no recogniser here hangs."""
    dialogue = Dialogue.from_turns([("AB"[n % 2], line) for n, line in enumerate(lines)])
    found = detect_here(dialogue, settings or DetectSettings(), 60)
    return [turn.text for turn in render(dialogue, found, preset(policy) if isinstance(policy, str) else policy).turns]


TOKENS = 'return [(t.idx, t.idx + len(t)) for t in told.tokens if t.text == "pancake"]'


@pytest.mark.parametrize(
    "body",
    [
        TOKENS,
        'return [(at, at + 7) for at, lemma in zip(told.tokens_indices, told.lemmas) if lemma == "pancake"]',
        'return [(t.idx, t.idx + len(t)) for t in told.tokens if t.lemma_ == "pancake"]',
        'return [m.span() for m in re.finditer("pancake", text) if "pancake" in told.keywords]',
    ],
    ids=["tokens", "lemmas", "lemmas of tokens", "keywords"],
)
def test_a_recogniser_that_walks_over_tokens_finds_what_it_looks_for(installed, body):
    assert shown(LINES) == LINES
    installed(body)
    assert shown(LINES)[0] == "We met [PRIVATE 1] the liaison."
    assert shown(LINES)[2].startswith("Later [PRIVATE 1] left, and the car")


def test_it_sees_the_capitals_that_were_given_also_where_ours_see_none(installed):
    installed('return [m.span() for m in re.finditer("PANCAKE", text)] + [(t.idx, t.idx + len(t)) for t in told.tokens if t.text == "WAFFLE"]')
    assert shown([line.upper() for line in LINES])[::2] == [
        "WE MET [PRIVATE 1] THE LIAISON.",
        "LATER [PRIVATE 1] LEFT, AND THE CAR STAYED WITH [PRIVATE 2] THE LIAISON.",
    ]


def test_it_does_so_in_the_process_apart_and_in_joined_turns(installed):
    installed('return [(a.idx, b.idx + len(b)) for a, b in zip(told.tokens, told.tokens[1:]) if (a.text, b.text) == ("pancake", "waffle")]')
    dialogue = Dialogue.from_turns([("A", "it was pancake"), ("B", "uh-huh"), ("A", "waffle I think")])
    found = detect(dialogue).items
    assert [(d.turn, dialogue.turns[d.turn].text[d.start : d.end]) for d in found if d.type == "badge"] == [(0, "pancake"), (2, "waffle")]


SPACY = "  - {name: SpacyRecognizer, type: predefined, supported_languages: [en]}\n"


def test_presidios_recogniser_of_the_models_entities_finds_them(file):
    line = "I spoke to the people at Whitlock & Barnes LLP, and Svetlana Petrakis said hi."
    assert shown([line]) == ["I spoke to the people at Whitlock & Barnes LLP, and [NAME 1] said hi."]
    assert shown([line], file(SPACY)) == ["I spoke to the people at [PRIVATE 1], and [NAME 1] said hi."]


def test_entities_of_later_turns_and_blocks_stand_at_their_own_places(file):
    line = "I spoke to the people at Whitlock & Barnes LLP."
    lines = ["It was raining the whole day and nobody came by at all. " * 40, line, "It was raining the whole day and nobody came by. " * 60, line]
    assert [said == "I spoke to the people at [PRIVATE 1]." for said in shown(lines, file(SPACY))] == [False, True, False, True]


def test_nobody_who_does_not_look_pays_for_it(file, monkeypatch):
    def refuse(self):
        raise AssertionError("tokens were made")

    monkeypatch.setattr(ReadArtifacts, "_made", refuse)
    assert shown(["locker 1204"], file(custom("badge", "[0-9]{4}"))) == ["locker [PRIVATE 1]"]
    assert shown(["My name is Svetlana."]) == ["My name is [NAME 1]."]


def test_every_name_in_the_table_is_presidios_and_every_type_the_portals():
    known = set(NerModelConfiguration().model_to_presidio_entity_mapping.values()) | {"PHONE_NUMBER"}
    for cls in RecognizerListLoader.get_all_existing_recognizers():
        default = inspect.signature(cls.__init__).parameters.get("supported_entity")
        if default is not None and isinstance(default.default, str):
            known.add(default.default)
    assert set(_TYPES) <= known
    assert set(_TYPES.values()) <= {PrivateType(t) for t in TYPES}


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("PERSON", "name"),
        ("LOCATION", "address"),
        ("DATE_TIME", "date"),
        ("US_ITIN", "ssn"),
        ("US_BANK_NUMBER", "bank_account"),
        ("US_PASSPORT", "license_number"),
        ("MEDICAL_LICENSE", "license_number"),
        ("name", "name"),
        ("NRP", "NRP"),
        ("badge", "badge"),
        ("person", "person"),
    ],
)
def test_presidios_names_are_the_portals_types_and_others_stay(theirs, ours):
    assert portal_type(theirs) == ours


def test_what_presidio_calls_a_phone_number_is_treated_as_one(file):
    settings = file(custom("PHONE_NUMBER", "ext-[0-9]{3}"))
    assert shown(["Dial ext-418."], settings) == ["Dial [PHONE 1]."]
    assert shown(["Dial ext-418."], settings, "frcp_5_2") == ["Dial ext-418."]
    by_four = Policy("four", 1, {PrivateType.SSN: Rule.LAST_FOUR})
    said = "We talked and I wrote the pancake 12345678 down."
    assert shown([said], file(custom("US_SSN", "pancake [0-9]{8}")), by_four) == ["We talked and I wrote the [SSN ending 5678] down."]


def test_a_name_that_no_type_fits_is_hidden_as_anything_else(file):
    settings = file(custom("NRP", "zorblattian"))
    assert shown(["He is zorblattian."], settings) == ["He is [PRIVATE 1]."]
    assert shown(["He is zorblattian."], settings, "verbatim") == ["He is zorblattian."]


def test_a_person_whom_another_recogniser_found_once_is_hidden_everywhere_under_one_number(file):
    lines = ["we met zorblatt the liaison", "uh-huh", "later zorblatt left in zorblatt's car", "it was quimblex the liaison"]
    theirs = file(custom("PERSON", "(zorblatt|quimblex)(?= the liaison)"))
    # Without a model, which would find them itself.
    assert shown(lines, replace(theirs, model="blank:en", recogniser_file=None)) == lines
    assert shown(lines, replace(theirs, model="blank:en")) == [
        "we met [NAME 1] the liaison", "uh-huh", "later [NAME 1] left in [NAME 1]'s car", "it was [NAME 2] the liaison",
    ]  # fmt: skip


def test_a_word_that_another_recogniser_takes_for_a_name_stays_where_it_is_plainly_a_word(file):
    assert shown(LINES, file(custom("PERSON", "(pancake|waffle)(?= the liaison)"))) == [
        "We met [NAME 1] the liaison.", "Uh-huh.", "Later pancake left, and the car stayed with [NAME 2] the liaison.",
    ]  # fmt: skip


GOOD = custom("badge", "pancake")


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ("  - NoSuchRecognizer\n", "no recogniser called “NoSuchRecognizer”"),
        ("  - SpacyRecognizer\n", "Write “- {name: SpacyRecognizer, type: predefined}”"),
        ("  - EmailRecognizer\n", "“EmailRecognizer” alone"),
        ("  - {name: NoSuchRecognizer, type: predefined}\n", "no recogniser called “NoSuchRecognizer”"),
        ("  - {name: Mine, class_name: NoSuchRecognizer}\n", "no recogniser called “NoSuchRecognizer”"),
        ("  - 12\n", "has no name"),
        (GOOD.replace("Badges", "Ours").replace("language: en", "language: de"), "recogniser Ours is for the language de"),
        ("  - {name: SpacyRecognizer, type: predefined, supported_languages: [de]}\n", "SpacyRecognizer is for the language de"),
        ("  - {name: SpacyRecognizer, type: predefined, supported_languages: [{language: de}, {language: es}]}\n", "language de, es"),
    ],
)
def test_an_entry_that_presidio_would_leave_out_is_refused_by_its_name_and_not_passed_over(file, entry, reason):
    with pytest.raises(DetectionFailed) as caught:
        shown(LINES, file(GOOD + entry))
    assert caught.value.code == "configuration"
    assert reason in str(caught.value)


def test_a_file_for_another_language_is_refused(tmp_path):
    path = tmp_path / "german.yaml"
    path.write_text("supported_languages: [de]\nrecognizers:\n  - {name: NhsRecognizer, type: predefined}\n")
    with pytest.raises(DetectionFailed, match=r"language de, .* Write “supported_languages: \[en\]”"):
        from_file(str(path))


def test_a_recogniser_of_a_package_for_another_language_is_refused(installed):
    installed("return []", language="de")
    with pytest.raises(DetectionFailed, match="The recogniser Theirs is for the language de"):
        from_entry_points()


@pytest.mark.parametrize(
    ("place", "score", "wrong"),
    [
        ((7, 14), float("nan"), "no score"),
        ((7, 14), None, "no score"),
        ((14, 7), 0.9, "no place in the text"),
        ((-7, 7), 0.9, "no place in the text"),
        ((None, 14), 0.9, "no place in the text"),
        ((7, None), 0.9, "no place in the text"),
        ((7.0, 14.5), 0.9, "no place in the text"),
        ((7000, 7007), 0.9, "no place in the text"),
    ],
)
def test_a_result_that_could_hide_nothing_is_refused_and_names_its_recogniser(place, score, wrong):
    theirs = PatternRecognizer("badge", name="Theirs", deny_list=["pancake"])
    with pytest.raises(DetectionFailed, match=f"The recogniser Theirs gave a result with {wrong}") as caught:
        checked(theirs, RecognizerResult("badge", *place, score), 60)
    assert (caught.value.code, caught.value.recogniser) == ("recogniser_failed", "Theirs")


@pytest.mark.parametrize("body", ["return [(14, 7)]", "return [(7, None)]"])
def test_such_a_result_holds_the_transcript(installed, body):
    installed(body)
    with pytest.raises(DetectionFailed, match="Theirs gave a result with no place in the text"):
        shown(LINES)


@pytest.mark.parametrize("body", ["return []", "return [(7, 7)]"])
def test_a_recogniser_that_finds_nothing_holds_nothing(installed, body):
    installed(body)
    assert shown(LINES) == LINES


def test_offsets_and_scores_of_numpy_are_numbers(installed):
    installed("import numpy as np; return [(np.int64(7), np.int64(14))]")
    assert shown(LINES)[0] == "We met [PRIVATE 1] the liaison."


def test_what_is_switched_off_is_left_out(file):
    assert shown(LINES, file("  - {name: NhsRecognizer, type: predefined, enabled: false}\n")) == LINES


@pytest.mark.parametrize(
    "languages", ["    supported_languages: [en]\n    context: [liaison]\n", "    supported_languages: [{language: en, context: [liaison]}]\n"]
)
def test_context_words_count_however_the_language_is_written(file, languages):
    entry = custom("badge", "pancake").replace("    supported_language: en\n", languages).replace("0.9", "0.05")
    assert shown(LINES, file(entry)) == ["We met [PRIVATE 1] the liaison.", *LINES[1:2], LINES[2].replace("pancake", "[PRIVATE 1]")]


def listed(score=""):
    return f"  - name: Badges\n    type: custom\n    supported_entity: badge\n    deny_list: [pancake, waffle]\n{score}"


@pytest.mark.parametrize("score", ["", "    deny_list_score:\n", "    deny_list_score: 0.6\n"])
def test_a_deny_list_hides_its_words_whether_or_not_it_says_a_score(file, score):
    assert shown(LINES, file(listed(score))) == [
        "We met [PRIVATE 1] the liaison.", "Uh-huh.", "Later [PRIVATE 1] left, and the car stayed with [PRIVATE 2] the liaison.",
    ]  # fmt: skip


@pytest.mark.parametrize("entry", [listed("    deny_list_score: 0\n"), GOOD.replace("0.9", "0.0")])
def test_a_score_at_which_nothing_would_count_is_refused(file, entry):
    with pytest.raises(DetectionFailed, match="of the recogniser Badges has the score 0, so nothing that it finds counts"):
        shown(LINES, file(entry))


@pytest.mark.parametrize(
    ("entry", "score"),
    [
        (GOOD.replace("0.9", "0.3"), "0.3"),
        (listed("    deny_list_score: 0.3\n"), "0.3"),
        (GOOD.replace("0.9", "0.34") + "    context: []\n", "0.34"),
        # Words that are none.
        (GOOD.replace("0.9", "0.05") + '    context: ["-"]\n', "0.05"),
        # One of two patterns is enough to be told.
        (GOOD + "      - {name: two, regex: waffle, score: 0.1}\n", "0.1"),
    ],
)
def test_a_score_that_counts_beside_context_words_only_is_refused_where_there_are_none(file, entry, score):
    reason = f"of the recogniser Badges has the score {score}, which counts beside a context word only, and the recogniser has none"
    with pytest.raises(DetectionFailed, match=reason) as caught:
        shown(LINES, file(entry))
    assert caught.value.code == "configuration"


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (GOOD + "    contxt: [liaison]\n", "The recogniser Badges has the key contxt, which means nothing there. It may have name, .*context"),
        (GOOD.replace("score: 0.9", "score: 0.9, context: [liaison]"), "The pattern one of the recogniser Badges has the key context"),
        (
            GOOD.replace("supported_language: en", "supported_languages: [{language: en, contxt: [liaison]}]"),
            "A language of the recogniser Badges has the key contxt, .* It may have language, context",
        ),
        (GOOD.replace('"pancake"', '""'), "The pattern one of the recogniser Badges has no regular expression"),
        (GOOD.replace('"pancake"', "12"), "The pattern one of the recogniser Badges has no regular expression"),
        (GOOD.replace("- {name: one", "- {nam: one"), "The pattern 1 of the recogniser Badges has the key nam"),
        (GOOD.replace('regex: "pancake", ', ""), "The pattern one of the recogniser Badges has no regular expression"),
        (GOOD.replace("      - {name", "      {name"), "The patterns of the recogniser Badges are no list"),
        (GOOD[: GOOD.index("patterns:")] + "patterns:\n", "The patterns of the recogniser Badges are no list"),
        (listed().replace("waffle", '""'), "The deny_list of the recogniser Badges has an empty entry"),
    ],
)
def test_what_presidio_drops_of_an_entry_and_what_finds_nothing_is_refused_by_name_and_key(file, entry, reason):
    with pytest.raises(DetectionFailed, match=reason) as caught:
        from_file(file(entry).recogniser_file)
    assert caught.value.code == "configuration"


def test_every_key_that_means_something_is_taken(file):
    entry = GOOD.replace("supported_language: en", "supported_languages: [{language: en, context: [liaison]}]")
    more = "    enabled: true\n    context: [liaison]\n    deny_list: [waffle]\n    deny_list_score: 0.9\n"
    assert [one.name for one in from_file(file(entry + more).recogniser_file)] == ["Badges"]


@pytest.mark.parametrize("score", ["0.35", "0.4", "1.0"])
def test_a_score_that_counts_alone_needs_no_context_words(file, score):
    assert shown(LINES, file(GOOD.replace("0.9", score)))[0] == "We met [PRIVATE 1] the liaison."


def test_weak_patterns_of_a_package_are_taken_where_its_own_code_scores_what_they_find():
    class Checked(PatternRecognizer):
        def validate_result(self, pattern_text):
            return pattern_text.endswith("7")

    weak = {"supported_entity": "badge", "patterns": [Pattern("digits", "[0-9]{4}", 0.1)]}
    assert _safe(Checked(**weak))
    assert _safe(PatternRecognizer(**weak, context=["badge"]))
    with pytest.raises(DetectionFailed, match="has the score 0.1"):
        _safe(PatternRecognizer(**weak))


def test_every_recogniser_that_presidio_brings_can_count():
    for cls in RecognizerListLoader.get_all_existing_recognizers(PatternRecognizer):
        if cls.__module__.startswith("presidio_analyzer.") and not issubclass(cls, EmailRecognizer):
            assert _safe(cls(supported_language="en"))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "does not exist"),
        ("", "is empty. Write a list of recognisers under “recognizers:”"),
        ("recognizers:\n", "lists no recognisers"),
        ("- NhsRecognizer\n", "lists no recognisers"),
        ("recognizers: [\n", "is no YAML from line 2 on"),
    ],
)
def test_a_file_without_recognisers_is_named_as_what_it_is(tmp_path, content, reason):
    path = tmp_path / "theirs.yaml"
    if content is not None:
        path.write_text(content)
    with pytest.raises(DetectionFailed, match=f"The recogniser file {path} {reason}"):
        from_file(str(path))


def test_the_file_that_the_documentation_shows_hides_what_it_lists(tmp_path):
    text = (Path(__file__).parents[3] / "docs" / "redaction.md").read_text()
    path = tmp_path / "shown.yaml"
    path.write_text(re.search(r"```yaml\n(supported_languages:.*?)```", text, re.DOTALL)[1])
    line = "She filed it under blue heron."
    assert shown([line]) == [line]
    assert shown([line], DetectSettings(recogniser_file=str(path))) == ["She filed it under [PRIVATE 1]."]


def test_an_entry_for_english_and_more_is_read_for_english(tmp_path):
    path = tmp_path / "recognisers.yaml"
    path.write_text("recognizers:\n  - {name: NhsRecognizer, type: predefined, supported_languages: [en, es]}\n")
    assert [one.recogniser.supported_language for one in from_file(str(path))] == ["en"]
