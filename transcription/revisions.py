"""Corrections: a Revision is a list of operations on word ids, and the original never changes.

What the operations are stands in ``transcription.originals``; here they are made from what a person typed into a line,
stored, listed and undone. Undoing is a Revision, too (``{"op": "revert", "revision": n}``), so nothing that anybody wrote
is ever lost. A changed text is only shown after the second pass has read it again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any, Final

from django.db import transaction

from compliance import audit
from portal.accounts.models import Member
from portal.accounts.rights import Action
from portal.errors import BadInput, Conflict, NotFound
from transcription import ingest, reading, second_pass, speakers
from transcription.models import Revision, Transcript
from transcription.originals import OperationInvalid, current, in_force
from transcription.reading import View

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


class ChangedMeanwhile(Conflict):
    code = "changed_meanwhile"
    message = "Somebody corrected this transcript in the meantime. Your text is still in the field: compare, then save again."


class BuiltUpon(Conflict):
    code = "built_upon"
    message = "A later correction builds on this one. Undo the later one first."


def correct_line(view: View, n: int, text: str) -> Revision | None:
    """Makes line ``n`` read as ``text``, as far as the member sees it; None when it says so already.

    Raises Refused, NotFound, HiddenWordsChanged, BadInput, ChangedMeanwhile.
    """
    reading.require(view.actor, view.member, view.transcript, Action.REVIEW)
    if view.behind:
        raise ChangedMeanwhile
    line = reading.line(view, n)
    if line.get("hidden_whole"):
        raise HiddenWordsChanged
    now = second_pass.current_text(view.transcript)
    ids = [word.id for word in now.utterances[n].words]
    words: list[LineWord] = []
    seen = line.get("words") or []
    for place, word in enumerate(seen):
        following = ids.index(seen[place + 1]["id"]) if place + 1 < len(seen) else len(ids)
        words.append(LineWord(word["id"], word["text"], bool(word["hidden"]), ids[following - 1]))
    made = line_operations(words, text, utterance=n, first_new_id=now.next_word_id)
    return _commit(view, made) if made else None


def give_line(view: View, n: int, label: str, *, new_name: str = "", new_role: str = "") -> Revision | None:
    """Line ``n`` was said by the speaker ``label``; an empty label makes a new speaker. None when nothing changes.

    Raises Refused, NotFound, BadInput, ChangedMeanwhile.
    """
    reading.require(view.actor, view.member, view.transcript, Action.REVIEW)
    if view.behind:
        raise ChangedMeanwhile
    line = reading.line(view, n)
    with transaction.atomic():
        if not label:
            label = speakers.add(view.transcript, new_name, new_role).label
        elif label not in view.speakers:
            raise NotFound
        if line["speaker"] == label:
            return None
        return _commit(view, [{"op": "speaker", "utterance": n, "label": label}])


def undo(view: View, number: int) -> Revision:
    """Takes a correction back, by a correction. Raises Refused, NotFound, BuiltUpon, BadInput."""
    reading.require(view.actor, view.member, view.transcript, Action.REVIEW)
    if not view.transcript.revisions.filter(number=number).exists():
        raise NotFound
    if number not in in_force(_operations(view.transcript)):
        raise BadInput("This correction was undone already.")
    return _commit(view, [{"op": "revert", "revision": number}])


def _operations(transcript: Transcript) -> list[list[Operation]]:
    """The operations of every Revision, in order."""
    lists = []
    for row in Revision.objects.filter(transcript=transcript).order_by("number"):
        row.transcript = transcript
        lists.append(row.operations)
    return lists


def _commit(view: View, operations: list[Operation]) -> Revision:
    """Stores a Revision and sends the text back to the second pass: nobody sees it before that has read it."""
    original = ingest.load_original(view.transcript)
    before = _operations(view.transcript)
    try:
        current(original, [*before, operations])
    except OperationInvalid:
        raise (BuiltUpon if operations[0]["op"] == "revert" else ChangedMeanwhile) from None
    with transaction.atomic():
        locked = Transcript.objects.select_for_update().get(pk=view.transcript.pk)
        if locked.version != view.transcript.version or locked.version != len(before) + 1:
            raise ChangedMeanwhile
        row = Revision(transcript=view.transcript, number=locked.version, member=view.member)
        row.operations = operations
        row.save(force_insert=True)
        locked.version += 1
        locked.state = Transcript.State.HIDING
        locked.save(update_fields=["version", "state"])
        audit.record(
            "transcription:correction:made",
            organization_id=view.matter.organization_id,
            actor=view.actor,
            target=reading.target(view.transcript),
            operations=len(operations),
            version=locked.version,
        )
    view.transcript.version, view.transcript.state = locked.version, locked.state
    return row


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the history. ``lines``: numbers of the lines that it changed; ``undoes``: what it takes back."""

    number: int
    member: Member
    at: datetime
    operations: int
    lines: tuple[int, ...]
    undoes: int | None
    in_force: bool


def history(view: View) -> list[Entry]:
    """All corrections, newest first. Says where and how many, never what: that may be hidden from this member."""
    rows = list(Revision.objects.filter(transcript=view.transcript).select_related("member").order_by("number"))
    lists = _operations(view.transcript)
    kept = in_force(lists)
    where = {word.id: n for n, turn in enumerate(ingest.load_original(view.transcript).utterances) for word in turn.words}
    entries: list[Entry] = []
    for row, operations in zip(rows, lists, strict=True):
        lines: set[int] = set()
        undoes = None
        for op in operations:
            if op["op"] == "revert":
                undoes = op["revision"]
                continue
            n = op["utterance"] if "utterance" in op else where.get(op["word"] if "word" in op else op.get("after", -1))
            if n is not None:
                lines.add(n)
            if op["op"] == "insert" and n is not None:
                where[op["id"]] = n
        entries.append(
            Entry(row.number, row.member, row.created_at, len(operations), tuple(sorted(lines)), undoes, row.number in kept)
        )
    return entries[::-1]
