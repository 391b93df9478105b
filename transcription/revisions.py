"""Corrections: a Revision is a list of operations on word ids, and the original never changes.

What the operations are stands in ``transcription.originals``; here they are made from what a person typed into a line,
stored, listed and undone. Undoing is a Revision, too (``{"op": "revert", "revision": n}``), so nothing that anybody wrote
is ever lost. A changed text is only shown after the second pass has read it again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Final

from portal.errors import BadInput

WORD_LIMIT: Final = 100
LINE_LIMIT: Final = 20_000
Operation = dict[str, Any]


class HiddenWordsChanged(BadInput):
    code = "hidden_words_changed"
    message = (
        "The hidden parts of a line stay as they are: keep each label where it stands. "
        "Somebody who may reveal them can correct what is under them."
    )


@dataclass(frozen=True, slots=True)
class LineWord:
    """A word of a line as its reader sees it; ``hidden`` ones stand for a label and may not be touched.

    ``last``: the id of the last word that stands under the label (the word's own where nothing is hidden).
    """

    id: int
    text: str
    hidden: bool
    last: int


def line_operations(words: Sequence[LineWord], text: str, *, utterance: int, first_new_id: int) -> list[Operation]:
    """The operations that make ``words`` read as ``text``; empty when it says the same.

    Words keep their ids, and so their times, wherever they stay. Raises HiddenWordsChanged when a hidden word is
    missing, altered or moved, BadInput for text that is too long.
    """
    if len(text) > LINE_LIMIT:
        raise BadInput("A line has at most 20,000 characters.", limit=LINE_LIMIT, found=len(text))
    wanted = _tokens(text, [word.text for word in words if word.hidden])
    if any(len(token) > WORD_LIMIT and not hidden for token, hidden in wanted):
        raise BadInput("A word has at most 100 characters.", limit=WORD_LIMIT)
    have = [(word.text, word.hidden) for word in words]
    if [t for t, hidden in wanted if hidden] != [t for t, hidden in have if hidden]:
        raise HiddenWordsChanged
    made: list[Operation] = []
    next_id = first_new_id
    # Between hidden words each stretch is compared by itself, so that a label can never be part of a change.
    for low, high, start, end in _stretches(have, wanted):
        anchor = words[low - 1].last if low else None
        old, new = [w.text for w in words[low:high]], [t for t, _ in wanted[start:end]]
        for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if tag == "equal":
                continue
            pairs = min(b - a, d - c)
            for step in range(pairs):
                made.append({"op": "replace", "word": words[low + a + step].id, "text": new[c + step]})
            for step in range(pairs, b - a):
                made.append({"op": "delete", "word": words[low + a + step].id})
            after = words[low + a + pairs - 1].id if a + pairs else anchor
            for step in range(pairs, d - c):
                place: Operation = {"after": after} if after is not None else {"utterance": utterance}
                made.append({"op": "insert", **place, "id": next_id, "text": new[c + step]})
                after = next_id
                next_id += 1
    # Insertions first, so that none leans on a word that an earlier operation took out.
    return sorted(made, key=lambda op: ("insert", "replace", "delete").index(op["op"]))


def _tokens(text: str, labels: Sequence[str]) -> list[tuple[str, bool]]:
    """The words of an edited line; labels (which may have spaces in them) are found in their order."""
    found: list[tuple[str, bool]] = []
    rest = text
    for label in labels:
        before, mark, rest_after = rest.partition(label)
        if not mark:
            raise HiddenWordsChanged
        found += [(token, False) for token in before.split()]
        found.append((label, True))
        rest = rest_after
    found += [(token, False) for token in rest.split()]
    return found


def _stretches(have: Sequence[tuple[str, bool]], wanted: Sequence[tuple[str, bool]]) -> Iterator[tuple[int, int, int, int]]:
    low = start = 0
    for a, b in zip(
        [*(n for n, (_, hidden) in enumerate(have) if hidden), len(have)],
        [*(n for n, (_, hidden) in enumerate(wanted) if hidden), len(wanted)],
        strict=True,
    ):
        yield low, a, start, b
        low, start = a + 1, b + 1
