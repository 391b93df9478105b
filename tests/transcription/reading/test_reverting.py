"""Undone corrections: the text goes back, ids do not come again."""

import pytest

from transcription.originals import OperationInvalid, Original, Utterance, Word, current, in_force

ORIGINAL = Original((Utterance("A", (Word(0, "my", 0, 100), Word(1, "nam", 100, 200), Word(2, "is", 200, 300))),))
FIX = [{"op": "replace", "word": 1, "text": "name"}]
ADD = [{"op": "insert", "after": 2, "id": 3, "text": "Ann"}]


def revert(number: int) -> list[dict[str, object]]:
    return [{"op": "revert", "revision": number}]


def text(*revisions: list[dict[str, object]]) -> str:
    return current(ORIGINAL, revisions).utterances[0].text


def test_an_undone_correction_counts_no_more_and_can_come_back() -> None:
    assert text(FIX, ADD) == "my name is Ann"
    assert text(FIX, ADD, revert(1)) == "my nam is Ann"
    assert text(FIX, ADD, revert(1), revert(3)) == "my name is Ann"
    assert current(ORIGINAL, [FIX, ADD, revert(1)]).version == 4
    assert in_force([FIX, ADD, revert(1), revert(3)]) == [1, 2, 4]


def test_ids_of_undone_words_are_not_used_again() -> None:
    assert current(ORIGINAL, [ADD, revert(1)]).next_word_id == 4


def test_a_correction_on_which_another_builds_cannot_be_undone_alone() -> None:
    on_top = [{"op": "replace", "word": 3, "text": "Anne"}]
    with pytest.raises(OperationInvalid):
        text(ADD, on_top, revert(1))
    assert text(ADD, on_top, revert(2), revert(1)) == "my nam is"


def test_a_deleted_word_comes_back_with_its_times() -> None:
    delete = [{"op": "delete", "word": 1}]
    assert current(ORIGINAL, [delete]).deleted == {1}
    back = current(ORIGINAL, [delete, revert(1)])
    assert back.deleted == frozenset()
    assert back.utterances[0].words[1] == Word(1, "nam", 100, 200)
