"""The samples that the policy editor shows: what is marked in them is what the second pass finds, and each way of showing shows."""

import pytest

from compliance.redaction import PRESETS, TYPES, Policy, Rule, detect, render
from compliance.redaction.detections import MINOR
from compliance.redaction.labels import label_for
from compliance.redaction.samples import NAMES, sample
from compliance.redaction.treatments import OTHER, TREATMENTS, example, makes_sense, shows_more


def text(sample_name: str, **rules: Rule) -> str:
    found = sample(sample_name)
    return render(found.dialogue, found.detections, Policy("tried", 1, {**PRESETS["everything"].rules, **rules})).text


@pytest.mark.parametrize("name", NAMES)
def test_the_second_pass_hides_what_the_sample_marks(name: str) -> None:
    """So that nobody chooses by a preview what real transcripts would not do."""
    given = sample(name)
    found = detect(given.dialogue)
    missed = []
    for marked in given.detections.items:
        covered = {n for d in found.items if d.turn == marked.turn for n in range(d.start, d.end)}
        value = given.dialogue.turns[marked.turn].text[marked.start : marked.end]
        if any(c.isalnum() and marked.start + n not in covered for n, c in enumerate(value)):
            missed.append((marked.type, value))
    assert missed == []


@pytest.mark.parametrize("name", NAMES)
def test_the_second_pass_finds_the_minors_that_the_sample_marks(name: str) -> None:
    given = sample(name)
    said = lambda items: {given.dialogue.turns[d.turn].text[d.start : d.end] for d in items if MINOR in d.marks}  # noqa: E731
    assert said(detect(given.dialogue).items) == said(given.detections.items)


def test_each_type_stands_in_a_sample() -> None:
    assert {d.type for name in NAMES for d in sample(name).detections.items} == set(TYPES)


def test_another_sample_is_none() -> None:
    with pytest.raises(KeyError):
        sample("../legal")


def test_a_number_stays_the_same_for_a_person() -> None:
    shown = text("legal")
    assert shown.count("[NAME 1]") == 3
    assert shown.count("[NAME 3]") == 2
    assert "Marta" not in shown


def test_each_way_of_showing_is_seen() -> None:
    legal = text(
        "legal", name=Rule.INITIALS, ssn=Rule.LAST_FOUR, date_of_birth=Rule.YEAR, address=Rule.ZIP3,
        age_over_89=Rule.NINETY_PLUS, medical=Rule.SHOW, email=Rule.BOX,
    )  # fmt: skip
    for words in ("[NAME M.B.]", "[SSN ending 1153]", "[DATE OF BIRTH in 1982]", "[ADDRESS 152**]", "[AGE 90+]", "concussion"):
        assert words in legal
    assert "█████" in legal
    # Fewer than 20,000 people live where 036 is the ZIP's beginning, and where 831 is.
    assert "[ADDRESS 000**]" in legal
    assert "[ADDRESS 000**]" in text("clinical", address=Rule.ZIP3)
    assert "[ADDRESS 081**]" in text("clinical", address=Rule.ZIP3)


def test_a_minor_is_shown_by_initials_and_everybody_else_as_said() -> None:
    shown = text("legal", name=Rule.MINOR_INITIALS)
    assert "[NAME E.B.]" in shown
    assert "Ella" not in shown
    assert "Marta Belmont" in shown


@pytest.mark.parametrize("spelled", ["M-a-r-t-a", "K O W A L S K I", "m a x"])
def test_a_name_spelled_out_is_not_shortened_to_its_letters(spelled: str) -> None:
    assert label_for(Rule.INITIALS, "name", spelled, 1) == "[NAME 1]"
    assert label_for(Rule.MINOR_INITIALS, "name", spelled, 1) == "[NAME 1]"
    assert label_for(Rule.INITIALS, "name", "J. R.", 1) == "[NAME J.R.]"


def test_every_preset_is_made_of_what_the_editor_offers() -> None:
    for preset in PRESETS.values():
        for type_ in TYPES:
            assert makes_sense(type_, preset.rule(type_)), f"{preset.name} {type_}"
        assert makes_sense(OTHER, preset.other)


def test_what_an_example_shows_is_what_the_text_would_show() -> None:
    assert example("ssn", Rule.LAST_FOUR) == "[SSN ending 1153]"
    for type_, rules in TREATMENTS.items():
        for rule in rules:
            shortened = rule not in (Rule.LABEL, Rule.BOX, Rule.SHOW, Rule.MINOR_INITIALS)
            assert not shortened or example(type_, rule) != example(type_, Rule.LABEL), f"{type_} {rule}"


def test_what_shows_more_is_named() -> None:
    assert shows_more(PRESETS["frcp_5_2"], PRESETS["everything"]) != ()
    assert shows_more(PRESETS["identifiers"], PRESETS["everything"]) == ("medical",)
    assert shows_more(PRESETS["everything"], PRESETS["identifiers"]) == ()
    assert shows_more(Policy("a", 1, PRESETS["everything"].rules, Rule.SHOW), PRESETS["everything"]) == (OTHER,)


def test_a_label_shows_more_than_a_box_does() -> None:
    labels, boxes = Policy("labels", 1, {"ssn": Rule.LABEL}), Policy("boxes", 1, {"ssn": Rule.BOX})
    assert shows_more(labels, boxes) == ("ssn",)
    assert shows_more(boxes, labels) == ()
