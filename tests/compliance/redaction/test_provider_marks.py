"""What the speech service marked is hidden and silent, too; where it and the second pass differ, a person is asked."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.redaction import Dialogue, Turn, detect, marked_by_provider, only, preset, render
from compliance.redaction.detections import MASKED, OURS_ONLY, PROVIDER_ONLY
from compliance.redaction.provider_marks import asked_types, placeholders, type_of


def _utterance(text, start=0, speaker="A", timed=True):
    words = [{"text": w, "confidence": 0.95} for w in text.split()]
    if timed:
        words = [w | {"start": start + 400 * n, "end": start + 400 * n + 300} for n, w in enumerate(words)]
    return {"speaker": speaker, "text": text, "start": start, "end": start + 400 * len(words), "words": words}


def _read(*utterances, **more):
    result = {"utterances": list(utterances), "language_code": "en"} | more
    return marked_by_provider(Dialogue.from_provider_result(result), result)


def _found(dialogue):
    found = detect(dialogue)
    return found, render(dialogue, found, preset("identifiers"))


def _silent(rendition, start, end):
    return any(s <= start and end <= e for s, e in rendition.silences)


# As the services write them: AssemblyAI by type and by hash, Gladia with a number and masked, others.
@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("My name is [PERSON_NAME] and I work here.", "My name is [NAME] and I work here."),
        ("My name is [PERSON_NAME] [PERSON_NAME], thank you.", "My name is [NAME], thank you."),
        ("My name is [NAME_1], thank you.", "My name is [NAME], thank you."),
        ("Call [PHONE_NUMBER] or [EMAIL_ADDRESS].", "Call [PHONE] or [EMAIL]."),
        ("It is ###-##-####, I think.", "It is [PRIVATE], I think."),
        ("My name is ##### ########.", "My name is [PRIVATE]."),
        ("It happened on [DATE] at noon.", "It happened on [DATE] at noon."),
        ("I saw [DRIVERS_LICENSE] there.", "I saw [LICENSE] there."),
        ("Then [SOMETHING_NEW] came.", "Then [PRIVATE] came."),
        ("He is [redacted] now [LAUGHTER].", "He is [redacted] now [LAUGHTER]."),
        ("I live at [LOCATION-ADDRESS] now.", "I live at [ADDRESS] now."),
        ("He is <PERSON_NAME> or {PERSON_NAME} or <PERSON>.", "He is [NAME] or [NAME] or [NAME]."),
        ("It is {SSN_1} or <REDACTED>.", "It is [SSN] or [PRIVATE]."),
    ],
)
def test_a_placeholder_is_shown_as_our_label_and_its_sound_is_silent(said, shown):
    dialogue = _read(_utterance(said))
    found, rendition = _found(dialogue)
    assert rendition.text == shown
    for word in dialogue.turns[0].words:
        gone = word.text.strip(".,").startswith(("[P", "[NAME_", "[E", "[D", "[S", "#"))
        assert not gone or _silent(rendition, word.start, word.end), word.text
    # There is nothing to ask a person: the words are gone.
    assert not any(item.unsure for item in found.items if MASKED in item.marks)
    assert found.disagreements == 0


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("My daughter [PERSON_NAME] is nine years old.", "My daughter [NAME] is nine years old."),
        ("I was born on [DATE] in Ohio.", "I was born on [DATE] in Ohio."),
        # A running number is no digits of the number.
        ("It was [US_SOCIAL_SECURITY_NUMBER_1234] then.", "It was [SSN] then."),
        ("It was [SSN_1234] then.", "It was [SSN] then."),
    ],
)
@pytest.mark.parametrize("policy", [preset("frcp_5_2"), only(["phone_number"]), preset("hipaa_safe_harbor")])
def test_what_a_service_took_out_is_silent_under_every_policy_that_hides_anything(said, shown, policy):
    dialogue = _read(_utterance(said))
    rendition = render(dialogue, detect(dialogue), policy, this_year=2026)
    assert rendition.text == shown
    [sign] = [word for word in dialogue.turns[0].words if word.text.startswith("[")]
    assert _silent(rendition, sign.start, sign.end)
    assert render(dialogue, detect(dialogue), preset("verbatim")).silences == ()


def test_a_dose_that_a_service_took_out_is_heard_where_doses_may_be_read():
    dialogue = _read(_utterance("He takes [DRUG] twice, [MEDICAL_CONDITION] since."))
    found = detect(dialogue)
    assert render(dialogue, found, preset("identifiers")).silences == ()
    assert render(dialogue, found, preset("everything")).text == "He takes [MEDICAL] twice, [MEDICAL] since."
    assert _silent(render(dialogue, found, preset("everything")), 800, 1100)


@pytest.mark.parametrize(
    "sign",
    [
        "(###) ###-####", "+#-###-###-####", "“#####”", "#. #####", "–####", "/####/", "@####", "$#####", "####@####.###",
        "#-#", "##/##/####", "***-**-****", "****", "XXXX", "XXX-XX-XXXX", "xxx-xx-xxxx", "XX/XX/XXXX", "###–##–####", "'####'",
    ],
)  # fmt: skip
def test_a_mask_is_seen_wherever_it_begins_and_whatever_it_is_made_of(sign):
    dialogue = _read(_utterance(f"Mr. {sign}, and then."))
    rendition = _found(dialogue)[1]
    assert not any(c in rendition.text for c in "#*Xx")
    assert rendition.text.startswith("Mr. ")
    assert rendition.text.endswith(", and then.")
    for word in dialogue.turns[0].words[1:-2]:
        assert _silent(rendition, word.start, word.end)


@pytest.mark.parametrize(
    "text",
    [
        "We spoke [inaudible] then.", "[LAUGHTER] Yes. [CROSSTALK] [CROSS-TALK]", "Exhibit # 5 and C# too.", "See [1].", "#5, #6 or # 7.",
        "A hashtag # # and F#.", "What the f***, he said **no** to it.", "Super Bowl XXX, size XXL, XXXIV and XX.", "<B>Yes</B> <i>no</i> {name}",
        "5 mg * 2 ** 3", "Mexxxico", "<P> {EXHIBIT} <LEFT>",
    ],
)  # fmt: skip
def test_sounds_and_signs_are_no_placeholders(text):
    dialogue = _read(_utterance(text))
    assert list(placeholders(dialogue.turns[0], True)) == []


def test_labels_of_an_earlier_pass_stay_what_they_are():
    text = "My name is [NAME 1] and it was on [DATE]."
    dialogue = Dialogue.from_turns([("A", text)])
    found, rendition = _found(dialogue)
    assert found.items == ()
    assert rendition.text == text
    # In a recording the same sign is what a service took out, and the sound still says it.
    spoken = _read(_utterance("It was on [DATE] at noon."))
    assert _silent(_found(spoken)[1], 1200, 1500)


@pytest.mark.parametrize("label", ["[NAME]", "[NAME 3]", "█████"])
def test_a_sign_that_a_service_wrote_into_a_recording_switches_nothing_off(label):
    said = f"Captain {label} Okonjo came with it."
    assert "Okonjo" not in _found(_read(_utterance(said)))[1].text
    # In a text that was labelled before, it was left on purpose.
    assert "Okonjo" in _found(Dialogue.from_turns([("A", said)]))[1].text


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("[NAME M.W.]", "[NAME]"), ("[PHONE ending 1234]", "[PHONE]"), ("[AGE 90+]", "[AGE]"), ("[DATE in 1972]", "[DATE]"),
        ("[DATE OF BIRTH 2]", "[DATE OF BIRTH]"), ("[ADDRESS 454**]", "[ADDRESS]"), ("[NOT CHECKED: Spanish]", "[PRIVATE]"),
        ("[NAME 3]", "[NAME]"), ("█████", "[PRIVATE]"),
    ],
)  # fmt: skip
def test_whatever_sign_stands_in_a_recording_is_silent(label, shown):
    dialogue = _read(_utterance(f"Then {label} came again."))
    rendition = _found(dialogue)[1]
    assert rendition.text == f"Then {shown} came again."
    words = [word for word in dialogue.turns[0].words if word.char_start < 5 + len(label) and word.char_end > 5]
    assert _silent(rendition, words[0].start, words[-1].end)
    # In a document that was labelled before, nothing is under it and it says what was left on purpose.
    document = Dialogue.from_turns([("A", f"Then {label} came again.")])
    assert _found(document)[1].text == document.turns[0].text


def _misfit(text, **more):
    """A turn whose words do not add up to its text."""
    words = [{"text": w, "start": 400 * n, "end": 400 * n + 300} for n, w in enumerate("quite other words were heard here".split())]
    return {"speaker": "A", "text": text, "start": 0, "end": 2400, "words": words} | more


@pytest.mark.parametrize("more", [{}, {"words": []}, {"words": None}, {"words": [{"text": "It"}]}])
def test_a_sign_in_a_recording_is_silent_though_its_words_have_no_times(more):
    said = "It was on [DATE] at noon with Captain [NAME 3] Okonjo."
    rendition = _found(_read(_misfit(said, **more)))[1]
    assert rendition.text.startswith("It was on [DATE] at noon with [")
    assert "Okonjo" not in rendition.text
    assert _silent(rendition, 0, 2400)


def test_a_turn_without_times_among_others_of_a_recording_is_no_document():
    unknown = {"speaker": "B", "text": "Captain [NAME 3] Okonjo."}
    rendition = _found(_read(_utterance("Who came?"), unknown))[1]
    assert "Okonjo" not in rendition.text
    assert any(end > 2400 for _, end in rendition.silences)


def test_a_date_that_a_service_took_out_answers_no_other_question():
    turns = [{**_utterance("What is your name?"), "speaker": "A"}, {**_utterance("Ocean [NAME] since [DATE]."), "speaker": "B"}]
    assert "Ocean" not in _found(_read(*turns))[1].text


ZEB = "The truck belonged to blue heron folks."


def test_what_only_the_service_marked_is_hidden_and_asked_about():
    entity = {"entity_type": "person_name", "text": "blue heron", "start": 1600, "end": 2300}
    found, rendition = _found(_read(_utterance(ZEB), entities=[entity]))
    [item] = found.items
    assert rendition.text == "The truck belonged to [NAME 1] folks."
    assert _silent(rendition, 1600, 2300)
    assert (item.type, item.unsure, item.recogniser) == ("name", True, "provider")
    assert PROVIDER_ONLY in item.marks
    assert item.reason == "marked by the speech service, not found by the second pass"
    assert found.disagreements == 1


def test_what_both_found_is_agreed():
    text = "My name is Marta Whitfield."
    entity = {"entity_type": "person_name", "text": "Marta Whitfield", "start": 1200, "end": 1900}
    found, _ = _found(_read(_utterance(text), entities=[entity], redact_pii=True, redact_pii_policies=["person_name"]))
    [item] = found.items
    assert not item.unsure
    assert found.disagreements == 0


def test_a_mark_that_goes_further_than_ours_is_hidden_to_its_end_and_asked_about():
    text = "My name is Marta Whitfield upstairs and I left."
    entity = {"entity_type": "person_name", "text": "Marta Whitfield upstairs", "start": 1200, "end": 2300}
    found, rendition = _found(_read(_utterance(text), entities=[entity]))
    assert "upstairs" not in rendition.text
    assert found.disagreements == sum(item.unsure for item in found.items) == 1


def test_what_only_we_found_is_asked_about_where_the_service_was_asked_for_that_type():
    said = _utterance("My name is Marta Whitfield and my phone is 412 555 0142.")
    asked = {"redact_pii": True, "redact_pii_policies": ["person_name", "occupation"]}
    found, rendition = _found(_read(said, **asked))
    by_type = {item.type: item for item in found.items}
    assert by_type["name"].unsure
    assert OURS_ONLY in by_type["name"].marks
    assert by_type["name"].reason.endswith("; the speech service did not mark it")
    # It was never asked for numbers.
    assert not by_type["phone_number"].unsure
    assert found.disagreements == 1
    assert "Marta" not in rendition.text
    # Not asked at all: nobody disagrees.
    assert _found(_read(said))[0].disagreements == 0
    assert _found(_read(said, redact_pii=False, redact_pii_policies=["person_name"]))[0].disagreements == 0


def test_what_the_matters_own_lists_hide_is_nobodys_guess():
    said = _utterance("We met Quillon yesterday.")
    result = {"utterances": [said], "redact_pii": True, "redact_pii_policies": ["person_name"]}
    read = Dialogue.from_provider_result(result, always_hide=["Quillon"])
    found = detect(marked_by_provider(read, result))
    assert found.items
    assert found.disagreements == 0


@pytest.mark.parametrize("type_", ["phone_number", "location", "person_name", "date", "vehicle_id"])
def test_a_mark_of_another_type_takes_no_place_from_what_a_policy_hides(type_):
    entity = {"entity_type": type_, "text": "412-55-0142", "start": 800, "end": 1100}
    dialogue = _read(_utterance("He said 412-55-0142 yes."), entities=[entity])
    found = detect(dialogue)
    rendition = render(dialogue, found, preset("frcp_5_2"))
    assert rendition.text == "He said [SSN ending 0142] yes."
    assert _silent(rendition, 800, 1100)
    # Either may be right: whoever looks is asked under a policy that hides one of them alone, too.
    assert [item.unsure for item in found.items] == [True, True]
    assert len({item.id for item in found.items}) == 2
    assert "0142" not in render(dialogue, found, preset("identifiers")).text


def test_a_mark_over_a_part_of_a_minors_name_cuts_nothing_off():
    said = "Tobin Okafor was nine years old then, a minor child."
    entity = {"entity_type": "location", "text": "Okafor", "start": 400, "end": 700}
    dialogue = _read(_utterance(said), entities=[entity])
    found = detect(dialogue)
    rendition = render(dialogue, found, preset("frcp_5_2"))
    assert rendition.text.startswith("[NAME T.O.] was nine")
    assert _silent(rendition, 0, 700)
    assert any(item.unsure for item in found.items if item.type == "name")


def test_what_services_need_not_tell_apart_is_no_disagreement():
    said = "I was born on March 4, 1980 and live here."
    entity = {"entity_type": "date", "text": "March 4, 1980", "start": 1600, "end": 2700}
    dialogue = _read(_utterance(said), entities=[entity])
    found = detect(dialogue)
    assert [item.unsure for item in found.items if item.type == "date_of_birth"] == [False]
    assert render(dialogue, found, preset("frcp_5_2")).text == "I was born on [DATE OF BIRTH in 1980] and live here."


def test_an_entity_without_times_is_marked_wherever_it_stands_and_one_between_words_takes_the_turn():
    first, second = _utterance(ZEB), _utterance("I know blue heron well.", 5000, "B")
    read = _read(first, second, entities=[{"entity_type": "name", "text": "Blue Heron"}])
    assert [len(turn.provider_marks) for turn in read.turns] == [1, 1]
    untimed = _utterance(ZEB, 1000, timed=False)
    read = _read(untimed, second, entities=[{"entity_type": "name", "text": "?", "start": 1100, "end": 1200}])
    assert [(m.start, m.end) for m in read.turns[0].provider_marks] == [(0, len(ZEB))]
    assert read.turns[1].provider_marks == ()


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("It was blue heron\u2019s truck there.", "Blue  Heron"), ("It was BLUE HERON there.", "blue heron"), ("It was blue heron there.", "Blue Heron's"),
        ("It was blue-heron there.", "blueheron"), ("It was Jose\u0301 Blu\u00e9 there.", "Jos\u00e9 blue"), ("It was \uff42lue there.", "Blue"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("times", [{}, {"start": 1600, "end": 1900}, {"start": None, "end": 5}])
def test_an_entity_is_found_where_it_stands_however_it_is_written_and_whenever_it_is_said_to_be(said, text, times):
    turn, other = _utterance("Well then."), _utterance(said, 5000, "B")
    read = _read(_utterance("Do you want to hear more of it?"), turn, other, entities=[{"entity_type": "name", "text": text} | times])
    [mark] = read.turns[2].provider_marks
    marked = said[mark.start : mark.end]
    assert said.index(marked.split(" ")[0]) == 7
    assert said[mark.end :].replace("\u2019s truck", "").strip("\u0301") == " there."
    # At another time something else is said: that may be it, too.
    assert len(read.turns[0].provider_marks) == ("end" in times and times["start"] is not None)


def test_an_entity_that_runs_over_two_turns_is_marked_in_both():
    read = _read(_utterance("I saw blue"), _utterance("heron folks"), entities=[{"entity_type": "name", "text": "Blue heron"}])
    assert [[turn.text[m.start : m.end] for m in turn.provider_marks] for turn in read.turns] == [["blue"], ["heron"]]
    # A part of a word is no word.
    read = _read(_utterance("The herons bluer than blue herons-a"), entities=[{"entity_type": "name", "text": "heron"}])
    assert [read.turns[0].text[m.start : m.end] for m in read.turns[0].provider_marks] == ["heron", "heron"]


def test_what_nobody_here_knows_is_private_and_a_dose_is_a_dose():
    said = _utterance("She wrote blue heron and took forty milligrams.")
    read = _read(said, entities=[{"entity_type": "secret_word", "text": "blue heron"}, {"entity_type": "DOSAGE", "text": "forty milligrams"}])
    assert [mark.type for mark in read.turns[0].provider_marks] == ["private", "medical"]
    assert _found(read)[1].text == "She wrote [PRIVATE 1] and took forty milligrams."
    for name in ("occupation", "ORG", "person_age", "MONEY", "lab value", "frequency"):
        assert _read(said, entities=[{"entity_type": name, "text": "blue heron"}]).turns[0].provider_marks == ()


def test_a_sign_that_only_the_words_have_hides_the_turn_that_they_do_not_fit():
    words = [{"text": w, "start": 400 * n, "end": 400 * n + 300} for n, w in enumerate("We met [PERSON_NAME] there then".split())]
    turn = {"speaker": "A", "text": "So we met blue heron.", "start": 0, "end": 2400, "words": words}
    rendition = _found(_read(turn))[1]
    assert "heron" not in rendition.text
    assert _silent(rendition, 0, 1900)
    # Where the text has it as well, it stands there.
    assert _read({**turn, "text": "So we met [PERSON_NAME]."}).turns[0].provider_marks == ()


@pytest.mark.parametrize(
    "entities",
    [
        None, {}, "x", [None, 1, [], "x"], [{"entity_type": 5, "text": "a"}], [{"entity_type": "person_name"}],
        [{"entity_type": "occupation", "text": "truck"}], [{"entity_type": "person_name", "text": "truck", "start": -1}],
        [{"entity_type": "person_name", "text": "", "start": float("nan"), "end": 5}],
        [{"entity_type": "person_name", "text": "((((", "start": "now", "end": None}],
    ],
)  # fmt: skip
def test_lists_that_are_broken_or_about_nothing_private_change_little(entities):
    read = _read(_utterance("Nothing here."), entities=entities)
    assert all(not turn.provider_marks for turn in read.turns)


def test_types_of_services_become_ours():
    assert [type_of(n) for n in ("PERSON_NAME", "name_given", "LOCATION_CITY", "us_social_security_number")] == [
        "name", "name", "address", "ssn",
    ]  # fmt: skip
    assert type_of("occupation") is None
    policies = ["person_name", "drug", "occupation", "number_sequence", 5]
    assert asked_types({"redact_pii": True, "redact_pii_policies": policies}) == ("name", "medical", "private")
    assert asked_types({"redact_pii": True, "redact_pii_policies": "all"}) == ()


@given(st.text(alphabet="[]<>{}#*X(+_ANMEPROS1 -.", max_size=300))
def test_any_signs_are_read_in_time_and_stay_in_the_text(text):
    dialogue = _read(_utterance(text or "x"))
    for mark in placeholders(dialogue.turns[0], True):
        assert 0 <= mark.start < mark.end <= len(dialogue.turns[0].text)


def test_a_line_of_signs_without_end_is_read_in_linear_time():
    for text in ("#" * 200_000, "[" * 200_000, "[A_" * 60_000, "#-" * 100_000, "[A " * 60_000, "# " * 99_999 + "x", "***-" * 50_000, "XX-" * 60_000, "<A_" * 60_000, "(+" * 90_000, "#   " * 60_000):
        turn = Turn("A", text)
        begun = time.monotonic()
        list(placeholders(turn, True))
        assert time.monotonic() - begun < 2


@pytest.mark.parametrize("masked", ["###-##-0142", "(###) ###-0142", "4769-****-****-****", "XXX-XX-0142", "412-##-####"])
def test_digits_that_a_service_left_of_a_masked_number_are_hidden_with_it(masked):
    words = [{"text": word, "start": n * 300, "end": n * 300 + 250} for n, word in enumerate(f"It is {masked} okay.".split())]
    spoken = {"speaker": "B", "text": f"It is {masked} okay.", "start": 0, "end": 300 * len(words), "words": words}
    dialogue = Dialogue.from_provider_result({"utterances": [spoken], "language_code": "en"})
    shown = render(dialogue, detect(dialogue), preset("identifiers"))
    assert not any(character.isdigit() for character in shown.turns[0].text.replace(" 1]", "]"))
    assert shown.silences
