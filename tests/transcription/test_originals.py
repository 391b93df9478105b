"""The locked original keeps what a service said in one shape; corrections never lose or reuse a word's id."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcription.normalising import Piece, ResultInvalid, original_of, original_of_lines
from transcription.originals import OperationInvalid, Original, apply, current


def result(**more: Any) -> dict[str, Any]:
    return {
        "id": "tr_1",
        "status": "completed",
        "audio_duration": 4.2,
        "confidence": 93,
        "language_code": "en_us",
        "utterances": [
            {
                "speaker": "1",
                "start": 100,
                "end": 900,
                "text": "Good morning, - Marta.",
                "words": [
                    {"text": "Good", "start": 100, "end": 300, "confidence": 0.9},
                    {"text": "morning", "start": 300, "end": 600, "confidence": 88},
                    {"text": "Marta", "start": 700, "end": 900, "confidence": 0.5},
                ],
            },
            {"speaker": "0", "start": 1000, "end": 1500, "text": "Good morning."},
        ],
    } | more


def test_speakers_become_letters_in_order_and_confidences_shares() -> None:
    made = original_of([Piece(result())])
    assert [u.speaker for u in made.utterances] == ["A", "B"]
    assert made.confidence == 0.93
    assert made.utterances[0].words[1].confidence == 0.88
    assert made.duration_ms == 4200
    assert made.language == "en_us"


def test_a_recording_in_another_language_than_the_first_says_so_in_each_utterance() -> None:
    made = original_of([Piece(result()), Piece(result(language_code="es"), offset_ms=5000)])
    assert made.language == "en_us"
    assert [u.language for u in made.utterances] == [None, None, "es", "es"]


def test_a_lone_mark_stays_in_the_text() -> None:
    made = original_of([Piece(result())])
    assert made.utterances[0].text == "Good morning, - Marta."
    assert [w.text for w in made.utterances[0].words] == ["Good", "morning, -", "Marta."]


def test_words_that_do_not_add_up_give_way_to_the_text_without_times() -> None:
    given = result(
        utterances=[{"speaker": "A", "start": 5, "end": 9, "text": "one two three", "words": [{"text": "one"}, {"text": "x"}]}]
    )
    made = original_of([Piece(given)])
    assert [w.text for w in made.utterances[0].words] == ["one", "two", "three"]
    assert all(w.start is None for w in made.utterances[0].words)
    assert made.utterances[0].start == 5


def test_names_given_as_labels_are_kept_apart_from_the_letters() -> None:
    given = result(utterances=[{"speaker": "Dr. Lee", "text": "Any pain?"}, {"speaker": "Patient", "text": "No."}])
    made = original_of([Piece(given)])
    assert made.speakers == ("A", "B")
    assert made.speaker_names == {"A": "Dr. Lee", "B": "Patient"}


def test_nobody_labelled_is_one_voice() -> None:
    made = original_of([Piece({"text": "All of it.\nIn two lines."})])
    assert made.speakers == ("A",)


def test_voices_of_two_recordings_are_not_taken_for_one() -> None:
    made = original_of([Piece(result(), 0, 4200), Piece(result(), 4200, 4200)])
    assert [u.speaker for u in made.utterances] == ["A", "B", "C", "D"]
    assert made.utterances[2].words[0].start == 4300
    assert made.duration_ms == 8400
    assert made.warnings[-1]["code"] == "speakers_per_recording"
    ids = [w.id for u in made.utterances for w in u.words]
    assert ids == list(range(len(ids)))


def test_channels_of_one_recording_are_put_in_order_of_speech() -> None:
    left = {
        "utterances": [
            {"speaker": "A", "start": 0, "end": 10, "text": "one"},
            {"speaker": "A", "start": 50, "end": 60, "text": "three"},
        ]
    }
    right = {"utterances": [{"speaker": "A", "start": 20, "end": 30, "text": "two"}]}
    made = original_of([Piece(left, channel=0), Piece(right, channel=1)])
    assert [(u.speaker, u.text) for u in made.utterances] == [("A", "one"), ("B", "two"), ("A", "three")]


@pytest.mark.parametrize(
    "bad", [{}, {"utterances": [3]}, {"utterances": [{"text": 4}]}, {"utterances": [{"text": "a", "words": "b"}]}, [], None]
)
def test_what_is_not_a_transcript_is_refused_without_its_content(bad: Any) -> None:
    with pytest.raises(ResultInvalid):
        original_of([Piece(bad)])


def test_silence_is_a_transcript_without_words() -> None:
    made = original_of([Piece({"text": "", "utterances": [], "words": [], "audio_duration": 3})])
    assert made.utterances == ()
    assert made.duration_ms == 3000


JSON_LEAVES = st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=12)
ODD_WORDS = st.fixed_dictionaries(
    {},
    optional={
        "text": JSON_LEAVES,
        "word": JSON_LEAVES,
        "start": JSON_LEAVES,
        "end": JSON_LEAVES,
        "confidence": JSON_LEAVES,
        "speaker": JSON_LEAVES,
    },
)
ODD_UTTERANCES = st.fixed_dictionaries(
    {},
    optional={
        "text": JSON_LEAVES,
        "words": st.lists(ODD_WORDS | JSON_LEAVES, max_size=4),
        "speaker": JSON_LEAVES,
        "start": JSON_LEAVES,
        "channel": JSON_LEAVES,
    },
)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "utterances": st.lists(ODD_UTTERANCES | JSON_LEAVES, max_size=4),
            "words": st.lists(ODD_WORDS, max_size=4),
            "text": JSON_LEAVES,
            "audio_duration": JSON_LEAVES,
            "confidence": JSON_LEAVES,
            "warnings": JSON_LEAVES,
        },
    )
)
def test_garbage_is_refused_or_becomes_a_sound_original(garbage: dict[str, Any]) -> None:
    try:
        made = original_of([Piece(garbage)])
    except ResultInvalid:
        return
    assert Original.from_json(made.to_json()) == made
    dialogue = current(made).to_dialogue()
    for turn in dialogue.turns:
        for word in turn.words:
            assert turn.text[word.char_start : word.char_end] == word.text


def lines() -> Original:
    return original_of_lines([("Q", "Are you Marta Whitfield"), ("A", "Yes I am")])


def test_operations_change_the_text_and_keep_ids() -> None:
    original = lines()
    text = current(
        original,
        [
            [{"op": "replace", "word": 2, "text": "Martha"}, {"op": "delete", "word": 4}],
            [{"op": "insert", "after": 5, "id": 7, "text": "indeed"}, {"op": "insert", "utterance": 0, "id": 8, "text": "Now"}],
            [{"op": "speaker", "utterance": 1, "label": "A"}],
        ],
    )
    assert text.version == 4
    assert [u.text for u in text.utterances] == ["Now Are you Martha Whitfield", "I indeed am"]
    assert [u.speaker for u in text.utterances] == ["A", "A"]
    assert text.deleted == {4}
    assert text.next_word_id == 9
    assert current(original).utterances == original.utterances


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        ({"op": "replace", "word": 99, "text": "x"}, "word"),
        ({"op": "replace", "word": True, "text": "x"}, "word"),
        ({"op": "replace", "word": 1, "text": "  "}, "text"),
        ({"op": "replace", "word": 1, "text": "x" * 401}, "text"),
        ({"op": "insert", "after": 1, "id": 3, "text": "x"}, "id"),
        ({"op": "insert", "after": 1, "id": 10**9, "text": "x"}, "id"),
        ({"op": "insert", "utterance": 9, "id": 7, "text": "x"}, "utterance"),
        ({"op": "speaker", "utterance": 0, "label": "<b>"}, "label"),
        ({"op": "erase"}, "op"),
        ("replace", "op"),
    ],
)
def test_a_wrong_operation_changes_nothing(operation: Any, code: str) -> None:
    text = current(lines())
    with pytest.raises(OperationInvalid) as caught:
        apply(text, [{"op": "delete", "word": 0}, operation])
    assert (caught.value.code, caught.value.operation) == (code, 1)


@given(st.data())
def test_any_run_of_valid_operations_keeps_every_id_unique(data: st.DataObject) -> None:
    text = current(lines())
    seen = {w.id for u in text.utterances for w in u.words}
    for _ in range(data.draw(st.integers(1, 12))):
        alive = [w.id for u in text.utterances for w in u.words]
        kind = data.draw(st.sampled_from(["replace", "delete", "insert"] if alive else ["first"]))
        if kind == "first":
            operation = {"op": "insert", "utterance": 0, "id": text.next_word_id, "text": "w"}
        elif kind == "insert":
            operation = {"op": "insert", "after": data.draw(st.sampled_from(alive)), "id": text.next_word_id, "text": "new"}
        else:
            operation = {"op": kind, "word": data.draw(st.sampled_from(alive)), "text": "other"}
        before = {w.id for u in text.utterances for w in u.words}
        text = apply(text, [json.loads(json.dumps(operation))])
        after = [w.id for u in text.utterances for w in u.words]
        assert len(after) == len(set(after))
        assert not (set(after) - before) & seen
        seen |= set(after)


def test_the_confidence_of_several_recordings_is_unknown_where_that_of_one_is() -> None:
    said = {"utterances": [{"speaker": "A", "text": "Yes."}]}
    known, unknown, silent = said | {"confidence": 0.8}, said, {"text": "", "utterances": []}
    assert original_of([Piece(known), Piece(known | {"confidence": 0.6}, 1000)]).confidence == pytest.approx(0.7)
    assert original_of([Piece(known), Piece(unknown, 1000)]).confidence is None
    assert original_of([Piece(known), Piece(silent, 1000)]).confidence == 0.8
    assert original_of([Piece(silent)]).confidence is None


def test_the_services_own_marks_are_kept_by_words_and_live_through_corrections() -> None:
    words = [
        {"text": t, "start": 400 * n, "end": 400 * n + 300, "confidence": 0.9}
        for n, t in enumerate(["We", "met", "-", "blue", "heron,", "yesterday."])
    ]
    result = {
        "utterances": [{"speaker": "A", "text": "We met - blue heron, yesterday.", "words": words}],
        "entities": [{"entity_type": "person_name", "text": "blue heron", "start": 1200, "end": 1900}],
        "redact_pii": True,
        "redact_pii_policies": ["person_name"],
    }
    made = original_of([Piece({"text": "Good morning."}), Piece(result, 60_000)])
    kept = Original.from_json(made.to_json())
    assert kept == made
    assert kept.provider_asked == ("name",)

    def marked(text: Any) -> list[str]:
        turn = text.to_dialogue().turns[1]
        assert text.to_dialogue().provider_asked == ("name",)
        return [turn.text[m.start : m.end] for m in turn.provider_marks]

    assert marked(current(kept)) == ["blue heron,"]
    heron = next(w.id for w in kept.utterances[1].words if w.text == "heron,")
    replaced = [{"op": "replace", "word": heron, "text": "Herron"}]
    assert marked(current(kept, [replaced])) == ["blue Herron"]
    assert marked(current(kept, [replaced, [{"op": "delete", "word": heron}]])) == ["blue"]
    older = json.loads(made.to_json())
    del older["provider_asked"], older["utterances"][1]["marks"]
    assert Original.from_json(json.dumps(older).encode()).utterances[1].marks == ()


def test_what_a_service_lists_as_private_and_nobody_finds_in_the_text_is_said_by_number_alone():
    words = [{"text": "Hello", "start": 0, "end": 300}, {"text": "there.", "start": 400, "end": 700}]
    utterance = {"speaker": "A", "text": "Hello there.", "start": 0, "end": 700, "words": words}
    elsewhere = {"entity_type": "name", "text": "x", "start": 9000, "end": 9100}
    listed = [{"entity_type": "person_name", "text": "Quillon"}, elsewhere]
    known = [{"entity_type": "person_name", "text": "THERE"}, {"entity_type": "occupation", "text": "clerk"}]
    made = original_of([Piece({"utterances": [utterance], "entities": [*listed, *known]})])
    [warning] = made.warnings
    assert warning["code"] == "entities_not_found"
    assert " 2 could" in warning["message"]
    assert "Quillon" not in warning["message"]
    assert [mark.first for mark in made.utterances[0].marks] == [1]
    assert original_of([Piece({"utterances": [utterance], "entities": known})]).warnings == ()
