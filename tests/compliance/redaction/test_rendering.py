"""A Rendition never holds a hidden span's text at its place, in text, words or sound."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.redaction import (
    END_OF_MEDIA_MS,
    PRESETS,
    TYPES,
    Detection,
    Detections,
    Dialogue,
    HiddenTurn,
    PolicyUnknown,
    Rule,
    Turn,
    merge_silences,
    only,
    preset,
    render,
)
from compliance.redaction.labels import LABEL, label_for
from compliance.redaction.policies import Policy

TEXT = "Good morning I am Zebulon Quist and my number is 555 0142 thanks"


def _dialogue(text=TEXT, step=300):
    words = [{"text": w, "start": i * step, "end": i * step + 250, "confidence": 0.9} for i, w in enumerate(text.split())]
    return Dialogue.from_provider_result(
        {"utterances": [{"speaker": "A", "text": text, "words": words, "start": 0, "end": len(words) * step}]}
    )


def _spans(text):
    return st.lists(
        st.tuples(st.integers(0, len(text) - 1), st.integers(1, 20), st.sampled_from(TYPES)).map(
            lambda s: (s[0], min(len(text), s[0] + s[1]), s[2])
        ),
        max_size=6,
    )


@given(_spans(TEXT))
def test_nothing_hidden_stays_in_text_words_or_sound(spans):
    dialogue = _dialogue()
    detections = Detections()
    for start, end, type_ in spans:
        detections = detections.with_added(0, start, end, type_)
    rendition = render(dialogue, detections, preset("everything"))
    turn = rendition.turns[0]
    hidden = {p for s, e, _ in spans for p in range(s, e)}
    visible = "".join(c for p, c in enumerate(TEXT) if p not in hidden)
    shown = LABEL.sub("", turn.text)
    assert shown == visible
    assert LABEL.sub("", "".join(w.text for w in turn.words)).replace(" ", "") == visible.replace(" ", "")
    for word in dialogue.turns[0].words:
        if any(p in hidden for p in range(word.char_start, word.char_end)):
            assert any(s <= max(0, word.start - 250) and e >= word.end + 250 for s, e in rendition.silences)
            assert word.text not in [w.text for w in turn.words if w.id == word.id] or not word.text.strip()
    for chip in turn.chips:
        assert turn.text[chip.start : chip.end] == chip.label
    for word in turn.words:
        assert turn.text[word.char_start : word.char_end] == word.text


def test_a_word_partly_hidden_keeps_the_rest():
    dialogue = _dialogue("This is Ann's car")
    rendition = render(dialogue, Detections().with_added(0, 8, 11, "name"), preset("identifiers"))
    assert rendition.turns[0].text == "This is [NAME 1]'s car"
    assert [w.text for w in rendition.turns[0].words] == ["This", "is", "[NAME 1]'s", "car"]


def test_a_span_without_times_silences_the_whole_utterance():
    dialogue = Dialogue.from_provider_result(
        {"utterances": [{"speaker": "A", "text": "I am Ann Lee", "start": 4000, "end": 9000, "words": [{"text": w} for w in ["I", "am", "Ann", "Lee"]]}]}
    )
    rendition = render(dialogue, Detections().with_added(0, 5, 8, "name"), preset("identifiers"))
    assert rendition.silences == ((3750, 9250),)


def test_without_any_times_everything_between_the_neighbours_is_silent():
    turns = [{"text": "hello", "start": 0, "end": 1000}, {"text": "I am Ann"}, {"text": "bye", "start": 8000, "end": 9000}]
    dialogue = Dialogue.from_provider_result({"utterances": turns})
    assert render(dialogue, Detections().with_added(1, 5, 8, "name"), preset("identifiers")).silences == ((750, 8250),)
    dialogue = Dialogue.from_provider_result({"utterances": turns[:2]})
    assert render(dialogue, Detections().with_added(1, 5, 8, "name"), preset("identifiers")).silences == ((750, END_OF_MEDIA_MS),)


def test_a_turn_in_another_language_is_hidden_whole():
    dialogue = _dialogue("me llamo Juan")
    detections = Detections(hidden_turns=(HiddenTurn(0, "language", "es"),))
    rendition = render(dialogue, detections, preset("identifiers"))
    assert rendition.turns[0].text == "[NOT CHECKED: Spanish]"
    assert [w.text for w in rendition.turns[0].words] == ["[NOT CHECKED: Spanish]"]
    assert rendition.silences == ((0, 1150),)
    assert render(dialogue, detections, preset("verbatim")).turns[0].text == "me llamo Juan"


def test_detections_of_another_text_are_refused():
    with pytest.raises(ValueError):
        render(_dialogue(), Detections().with_added(3, 0, 2, "name"), preset("identifiers"))


def test_verbatim_hides_nothing_and_says_so():
    rendition = render(_dialogue(), Detections().with_added(0, 18, 31, "name"), preset("verbatim"))
    assert rendition.turns[0].text == TEXT
    assert rendition.hidden_spans == 0
    assert rendition.silences == ()


def test_a_type_nobody_named_is_hidden_by_every_policy_that_hides():
    detections = Detections().with_added(0, 18, 31, "union_card")
    for name in ("identifiers", "everything", "hipaa_safe_harbor", "gdpr"):
        assert "Zebulon" not in render(_dialogue(), detections, preset(name)).turns[0].text


@pytest.mark.parametrize(
    ("rule", "type_", "value", "expected"),
    [
        (Rule.LAST_FOUR, "ssn", "521-47-5093", "[SSN ending 5093]"),
        (Rule.LAST_FOUR, "ssn", "One one eight, seventy-four, thirty-two oh nine", "[SSN ending 3209]"),
        (Rule.LAST_FOUR, "ssn", "5093", "[SSN ending 5093]"),
        (Rule.LAST_FOUR, "ssn", "521-47", "[SSN 1]"),  # a fragment has no last four
        (Rule.YEAR, "date_of_birth", "January 9, 2001", "[DATE OF BIRTH in 2001]"),
        (Rule.YEAR, "date_of_birth", "the tenth of October, nineteen eighty-three", "[DATE OF BIRTH in 1983]"),
        (Rule.YEAR, "date", "March third", "[DATE 1]"),
        (Rule.ZIP3, "address", "1400 Granby Street, Norfolk, 23510", "[ADDRESS 235**]"),
        (Rule.ZIP3, "address", "12 Elm, Wells, 03602", "[ADDRESS 000**]"),  # fewer than 20,000 people
        (Rule.ZIP3, "address", "Chesapeake", "[ADDRESS 1]"),
        (Rule.NINETY_PLUS, "age_over_89", "ninety-four", "[AGE 90+]"),
        (Rule.INITIALS, "name", "Rohan Patel", "[NAME R.P.]"),
        (Rule.BOX, "name", "Rohan Patel", "█████"),
    ],
)
def test_rules_shorten_values(rule, type_, value, expected):
    made = label_for(rule, type_, value, 1)
    assert made == expected
    assert LABEL.fullmatch(made)


@given(st.sampled_from(list(Rule)), st.sampled_from([*TYPES, "other"]), st.text(max_size=60), st.integers(0, 20_000))
def test_every_label_has_the_fixed_grammar(rule, type_, value, entity):
    assert LABEL.fullmatch(label_for(rule, type_, value, entity, this_year=2026))


@pytest.mark.parametrize(
    ("born", "this_year", "expected"),
    [
        ("July 19, 1937", 2026, "[DATE OF BIRTH in 1937]"),  # 88 or 89
        ("July 19, 1936", 2026, "[DATE OF BIRTH 1]"),  # 89 or 90
        ("July 19, 1936", 2025, "[DATE OF BIRTH in 1936]"),
        ("the nineteenth of July, nineteen thirty-one", 2026, "[DATE OF BIRTH 1]"),
        ("July 19, 1831", 2026, "[DATE OF BIRTH 1]"),
        ("July 19, 1982", None, "[DATE OF BIRTH 1]"),  # nobody said which year it is
    ],
)
def test_a_year_that_tells_an_age_over_89_is_hidden(born, this_year, expected):
    assert label_for(Rule.YEAR_UNDER_90, "date_of_birth", born, 1, this_year=this_year) == expected
    dialogue = Dialogue((Turn("A", born),))
    found = Detections().with_added(0, 0, len(born), "date_of_birth")
    assert render(dialogue, found, preset("hipaa_safe_harbor"), this_year=this_year).text == expected


def test_other_dates_as_long_ago_are_hidden_too_and_a_filing_keeps_the_year_of_birth():
    """A wedding in 1931 tells an age as a birth does; FRCP 5.2(a)(2) leaves the year of anybody's birth."""
    said = "the wedding in June 1931"
    dialogue = Dialogue((Turn("A", said),))
    dated = Detections().with_added(0, 15, len(said), "date")
    assert render(dialogue, dated, preset("hipaa_safe_harbor"), this_year=2026).text == "the wedding in [DATE 1]"
    born = Detections().with_added(0, 15, len(said), "date_of_birth")
    assert render(dialogue, born, preset("frcp_5_2"), this_year=2026).text == "the wedding in [DATE OF BIRTH in 1931]"


def test_frcp_hides_a_minors_name_but_nobody_elses():
    detection = Detection("0.18.31.name", 0, 18, 31, "name", 1.0, "x", "y", entity=1)
    minor = Detection("0.18.31.name", 0, 18, 31, "name", 1.0, "x", "y", entity=1, marks=("minor",))
    assert "Zebulon Quist" in render(_dialogue(), Detections((detection,)), preset("frcp_5_2")).turns[0].text
    assert "[NAME Z.Q.]" in render(_dialogue(), Detections((minor,)), preset("frcp_5_2")).turns[0].text


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("40217 Alder Creek Road, Dayton, Ohio", "[ADDRESS 1]"),
        ("12450 North Meridian", "[ADDRESS 1]"),
        ("P.O. Box 12345", "[ADDRESS 1]"),
        ("State Route 12345", "[ADDRESS 1]"),
        ("40217", "[ADDRESS 1]"),
        ("40217 Alder Creek Road, Dayton, OH 45402", "[ADDRESS 454**]"),
        ("Elm Road, Salem 97301-1234", "[ADDRESS 973**]"),
        ("Dayton, Ohio, four five four oh two", "[ADDRESS 454**]"),
        ("zip oh four one oh one", "[ADDRESS 041**]"),
        ("Randolph, Vermont 05901", "[ADDRESS 059**]".replace("059", "000")),
    ],
)
def test_of_an_address_only_the_area_of_its_zip_code_is_shown(address, expected):
    assert label_for(Rule.ZIP3, "address", address, 1) == expected


@pytest.mark.parametrize(("policy", "type_"), [("frcp_5_2", "name"), ("identifiers", "medical"), ("frcp_5_2", "address")])
def test_what_a_person_hides_is_hidden_whatever_the_policy_says_of_its_type(policy, type_):
    hidden = Detections().with_added(0, 18, 31, type_)
    assert "Zebulon Quist" not in render(_dialogue(), hidden, preset(policy)).text
    assert "Zebulon Quist" in render(_dialogue(), hidden, preset("verbatim")).text


def test_names_that_are_asked_for_are_hidden_beside_minors_initials():
    assert preset("frcp_5_2").with_types(["name"]).rule("name") is Rule.LABEL


def test_an_unknown_policy_is_refused_not_weakened():
    with pytest.raises(PolicyUnknown):
        preset("identifers")
    with pytest.raises(PolicyUnknown):
        only(["name", "nome"])
    with pytest.raises(ValueError):
        Policy.from_dict({"name": "x", "version": 1, "rules": {"name": "whisper"}})


def test_policies_and_detections_survive_json():
    for policy in PRESETS.values():
        assert Policy.from_dict(policy.to_dict()) == policy
    detections = Detections().with_added(0, 1, 4, "name")
    assert Detections.from_dict(detections.to_dict()) == detections
    assert detections.without(["0.1.4.name"]).items == ()


@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 3_000)).map(lambda s: (s[0], s[0] + s[1]))))
def test_silences_are_padded_sorted_and_disjoint(spans):
    merged = merge_silences(spans)
    assert all(a[1] < b[0] for a, b in zip(merged, merged[1:], strict=False))
    assert all(any(s <= max(0, start - 250) and e >= end + 250 for s, e in merged) for start, end in spans)


def _by_last_four(said, *, marks=()):
    """Turns with their private parts in double brackets, cards, as court filings show them."""
    import re
    from dataclasses import replace

    detections, turns = Detections(), []
    for index, text in enumerate(said):
        shift = 0
        for hit in re.finditer(r"\[\[(.+?)\]\]", text):
            start = hit.start() - shift
            detections = detections.with_added(index, start, start + len(hit[1]), "credit_card")
            shift += 4
        turns.append({"speaker": "A", "text": re.sub(r"\[\[|\]\]", "", text)})
    if marks:
        detections = replace(detections, items=tuple(replace(item, marks=marks) for item in detections.items))
    return render(Dialogue.from_provider_result({"utterances": turns}), detections, preset("frcp_5_2")).text


@pytest.mark.parametrize(
    "said",
    [
        ["It is [[4539]], then [[2233]], then [[4455]], then [[6677]]."],
        ["[[4539]].", "Okay.", "[[2233]].", "Okay.", "[[4455]].", "Okay.", "[[6677]]."],
        ["[[4539 2233]].", "Then?", "[[4455 6677]]."],
    ],
)
def test_a_number_said_in_groups_is_not_shown_by_fours(said):
    assert "ending" not in _by_last_four(said)


def test_the_last_four_said_alone_and_a_whole_number_read_back_still_show_four():
    assert _by_last_four(["The card ending in [[6677]]."]) == "The card ending in [CARD ending 6677]."
    whole = "[[4539 2233 4455 6677]]."
    assert _by_last_four([whole, whole]) == "[CARD ending 6677].\n[CARD ending 6677]."


def test_a_services_running_number_is_never_shown_as_the_last_four():
    from compliance.redaction.detections import MASKED

    assert "1234" not in _by_last_four(["It is [[[SSN_1234]]]."], marks=(MASKED,))


@pytest.mark.parametrize("spelled", ["W U", "mike india alpha", "M as in Mary, I as in India", "capital M, small I, small A", "double L I"])
def test_a_name_spelled_out_has_no_initials(spelled):
    assert label_for(Rule.INITIALS, "name", spelled, 2) == label_for(Rule.MINOR_INITIALS, "name", spelled, 2) == "[NAME 2]"


def test_initials_that_somebody_is_called_by_are_left_unless_it_is_a_minor():
    assert label_for(Rule.INITIALS, "name", "B.O.", 2) == "[NAME B.O.]"
    assert label_for(Rule.MINOR_INITIALS, "name", "B.O.", 2) == "[NAME 2]"


@pytest.mark.parametrize(("said", "shown"), [("Mike Smith", "M.S."), ("Robert Frank", "R.F."), ("J.R. Smith", "J.R.S."), ("Mia", "M.")])
def test_a_name_as_people_say_it_has_initials(said, shown):
    assert label_for(Rule.INITIALS, "name", said, 2) == f"[NAME {shown}]"


@pytest.mark.parametrize(
    ("said", "year"),
    [
        ("May twenty, nineteen seventy-one", 1971),
        ("June nineteen, nineteen seventy-one", 1971),
        ("June eighteen, twenty eleven", 2011),
        ("March nineteen, twenty twenty-one", 2021),
        ("May twenty, twenty twenty-four", 2024),
        ("June twenty, nineteen oh five", 1905),
        ("two thousand and twenty-one", 2021),
        ("Five, twenty, nineteen thirty-one", 1931),
        ("March third, nineteen eighty-two", 1982),
        ("May twenty nineteen", 2019),
        ("two thousand and six", 2006),
    ],
)
def test_a_day_is_no_century(said, year):
    assert label_for(Rule.YEAR, "date_of_birth", said, 1) == f"[DATE OF BIRTH in {year}]"
    shown = f"[DATE OF BIRTH in {year}]" if year > 1936 else "[DATE OF BIRTH 1]"
    assert label_for(Rule.YEAR_UNDER_90, "date_of_birth", said, 1, this_year=2026) == shown


def test_where_two_years_are_said_none_is_shown():
    assert label_for(Rule.YEAR, "date", "nineteen ninety or nineteen ninety-one", 1) == "[DATE 1]"


@pytest.mark.parametrize(
    ("type_", "said"),
    [
        ("medical_record_number", "4471"),
        ("bank_account", "4471"),
        ("vehicle_id", "K L M four four seven one"),
        ("health_plan_number", "W 4471"),
    ],
)
def test_a_number_of_four_digits_is_not_shown_whole(type_, said):
    assert not any(sign.isdigit() for sign in label_for(Rule.LAST_FOUR, type_, said, None))


@pytest.mark.parametrize("type_", ["ssn", "credit_card"])
def test_of_a_number_that_is_always_longer_the_last_four_may_be_said_alone(type_):
    assert label_for(Rule.LAST_FOUR, type_, "one one five three", 1).endswith(" ending 1153]")


def test_a_telephones_extension_is_not_its_last_four():
    for said in ("412-555-0143 extension 1234", "412-555-0143 ext. 1234", "412-555-0143 x1234"):
        assert label_for(Rule.LAST_FOUR, "phone_number", said, 1) == "[PHONE ending 0143]"


@pytest.mark.parametrize("before", ["The first four are", "It begins with", "The middle four of the card are"])
def test_four_digits_that_are_said_not_to_be_the_last_are_not_shown(before):
    assert _by_last_four([f"{before} [[4539]]."]) == f"{before} [CARD 1]."


@pytest.mark.parametrize("before", ["First, tell me. It ends in", "On the first card the last four are"])
def test_the_last_four_are_shown_whatever_was_first(before):
    assert _by_last_four([f"{before} [[4539]]."]) == f"{before} [CARD ending 4539]."


def test_words_are_matched_with_hidden_parts_in_linear_time():
    import time

    from compliance.redaction.rendering import _Region, _rendered_words

    def seconds(count):
        words = {"utterances": [{"speaker": "A", "text": "a " * count, "words": [{"text": "a"}] * count}]}
        turn = Dialogue.from_provider_result(words).turns[0]
        regions = [_Region(n * 20, n * 20 + 1, None, 1) for n in range(count // 10)]
        began = time.process_time()
        assert sum(w.hidden for w in _rendered_words(turn, regions, ["[NAME 1]"] * len(regions), frozenset())) == len(regions)
        return time.process_time() - began

    assert seconds(16_000) < 12 * seconds(4_000) + 0.2  # sixteen times as long where each word looks at all of them
