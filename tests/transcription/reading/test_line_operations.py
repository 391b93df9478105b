"""A typed line becomes operations on word ids."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.errors import BadInput
from transcription.revisions import HiddenWordsChanged, LineWord, line_operations


def plain(*words: str) -> list[LineWord]:
    return [LineWord(n, text, False, n) for n, text in enumerate(words)]


def replay(words: list[LineWord], operations: list[dict[str, object]]) -> list[str]:
    """An independent reading of the operations."""
    line = [(w.id, w.text) for w in words]
    for op in operations:
        ids = [i for i, _ in line]
        if op["op"] == "insert":
            place = ids.index(op["after"]) + 1 if "after" in op else 0
            line.insert(place, (op["id"], op["text"]))
        elif op["op"] == "replace":
            line[ids.index(op["word"])] = (op["word"], op["text"])
        else:
            del line[ids.index(op["word"])]
    return [text for _, text in line]


WORD = st.text(alphabet="abcABC.,'é", min_size=1, max_size=4)


@given(st.lists(WORD, max_size=12), st.lists(WORD, max_size=12))
def test_the_operations_make_the_line_that_was_typed(old: list[str], new: list[str]) -> None:
    words = plain(*old)
    made = line_operations(words, " ".join(new), utterance=3, first_new_id=100)
    assert replay(words, made) == new
    assert made == [] if old == new else made


@given(st.lists(WORD, max_size=5), st.lists(WORD, max_size=5), st.lists(WORD, max_size=5), st.lists(WORD, max_size=5))
def test_what_stands_around_a_label_changes_and_the_label_does_not(
    before: list[str], after: list[str], new_before: list[str], new_after: list[str]
) -> None:
    words = [LineWord(n, t, False, n) for n, t in enumerate(before)]
    # Three words stand under the label; what is typed after it must follow the last of them.
    words.append(LineWord(50, "[NAME 1]", True, 52))
    words += [LineWord(60 + n, t, False, 60 + n) for n, t in enumerate(after)]
    made = line_operations(words, " ".join([*new_before, "[NAME 1]", *new_after]), utterance=0, first_new_id=100)
    assert all(op.get("word") != 50 and op.get("after") != 50 for op in made)
    shown = [LineWord(52, w.text, True, 52) if w.hidden else w for w in words]
    assert replay(shown, made) == [*new_before, "[NAME 1]", *new_after]


def test_words_that_stay_keep_their_ids() -> None:
    made = line_operations(plain("my", "nam", "is", "Ann"), "my name is really Ann", utterance=0, first_new_id=9)
    assert made == [
        {"op": "insert", "after": 2, "id": 9, "text": "really"},
        {"op": "replace", "word": 1, "text": "name"},
    ]


@pytest.mark.parametrize(
    "typed", ["hello there", "hello [NAME 2] there", "[NAME 1] hello [NAME 1] there", "hello [NAME1] there"]
)
def test_a_label_can_be_neither_removed_nor_altered_nor_doubled(typed: str) -> None:
    words = [LineWord(0, "hello", False, 0), LineWord(1, "[NAME 1]", True, 1), LineWord(2, "there", False, 2)]
    if typed.count("[NAME 1]") == 2:
        made = line_operations(words, typed, utterance=0, first_new_id=9)
        # The second one is text somebody typed: brackets and all, it hides nothing and shows nothing.
        assert all(op.get("word") != 1 for op in made)
        return
    with pytest.raises(HiddenWordsChanged):
        line_operations(words, typed, utterance=0, first_new_id=9)


def test_absurd_lines_are_refused() -> None:
    with pytest.raises(BadInput):
        line_operations([], "x" * 101, utterance=0, first_new_id=1)
    with pytest.raises(BadInput):
        line_operations([], "x " * 20_000, utterance=0, first_new_id=1)
