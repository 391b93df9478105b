"""What a correction does not take away: findings of the version before, and silence.

Whether a number is private hangs on the question before it, so whoever retypes the question could show the answer. Where the
maker of a correction may not reveal, what was hidden before it and that the pass does not find any more stays hidden: it is
carried over, unsure, and waits in the review queue. It is carried on through every correction and every check, whoever made
them, until somebody who may reveal decides that it is not private, or one of its words reads otherwise.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from compliance.redaction import Detection, Detections, Dialogue, Turn, Word
from compliance.redaction.detections import CHOSEN, MINOR, OURS_ONLY, PROVIDER_ONLY, detection_id
from portal.accounts.rights import Action, Kind, allowed
from transcription.models import DetectionSet, Revision, Transcript
from transcription.review import covered

# Who "recognised" in a text that a person checked, since the pass could not.
BY_HAND: Final = "by hand"
# Who "recognised" what is carried.
CARRIED: Final = "correction"
REASON: Final = "hidden before a correction was made nearby"
# Of two readings one saw nothing: as likely as not.
_SCORE: Final = 0.5
# Marks by which policies tell one finding of a type from another.
_TOLD_BY_POLICIES: Final = frozenset((MINOR, CHOSEN))


def over(transcript: Transcript, found: Detections, now: Dialogue, dialogue_at: Callable[[int], Dialogue]) -> Detections:
    """``found``, what the pass says of the newest version (``now``), with what is carried over from before."""
    rows = DetectionSet.objects.filter(transcript=transcript)
    same = rows.filter(version=transcript.version).first()
    earlier = rows.filter(version__lt=transcript.version).order_by("-version").first()
    if earlier is not None:
        # A correction changes the text, not the sound: what was silent for doubt stays silent whatever is typed over it.
        found = replace(found, quiet=tuple(dict.fromkeys([*found.quiet, *_of(transcript, earlier).quiet])))
    if same is not None and same.recogniser == BY_HAND:
        return found
    if same is not None and same.recogniser:
        # Checked again: what the pass itself found then and does not find now is the pass's own word.
        return carried(found, now, _of(transcript, same), now, only_carried=True)
    if earlier is None:
        return found
    before = _of(transcript, earlier)
    only_carried = _all_may_reveal(transcript, earlier.version)
    if only_carried and not any(item.recogniser == CARRIED for item in before.items):
        return found
    return carried(found, now, before, dialogue_at(earlier.version), only_carried=only_carried)


def _of(transcript: Transcript, row: DetectionSet) -> Detections:
    row.transcript = transcript
    return Detections.from_dict(row.detections)


def _all_may_reveal(transcript: Transcript, since: int) -> bool:
    """Whether all who corrected the version ``since`` and those after it may show what is hidden."""
    made = Revision.objects.filter(transcript=transcript, number__gte=since, number__lt=transcript.version)
    return all(allowed(row.member.roles, Action.REVEAL, Kind.ORIGINAL) for row in made.select_related("member"))


def carried(found: Detections, now: Dialogue, before: Detections, then: Dialogue, *, only_carried: bool) -> Detections:
    """``found`` in ``now`` with what was found ``before`` in ``then`` and is lost: though all its words are there and read the
    same. ``only_carried``: of what was carried already.
    """
    where = {word.id: (n, word) for n, turn in enumerate(now.turns) for word in turn.words}
    here: dict[int, list[Detection]] = {}
    for item in found.items:
        here.setdefault(item.turn, []).append(item)
    lost: list[Detection] = []
    # Mentions of one person are still mentions of one: the number is that of what is found there now, or a new one.
    entities: dict[tuple[str, int], int] = {}
    for item in before.items:
        moved = _moved(item, then.turns[item.turn], where)
        if moved is None:
            continue
        standing = here.get(moved.turn, ())
        if item.entity is not None:
            again = next((d.entity for d in standing if d.id == moved.id and d.entity is not None), None)
            if again is not None:
                entities.setdefault((item.type, item.entity), again)
        if (item.recogniser == CARRIED or not only_carried) and not _found_again(moved, now.turns[moved.turn], standing):
            lost.append(moved)
    if not lost:
        return found
    highest: dict[str, int] = {}
    for item in found.items:
        highest[item.type] = max(highest.get(item.type, 0), item.entity or 0)
    for item in lost:
        if item.entity is not None and (item.type, item.entity) not in entities:
            highest[item.type] = highest.get(item.type, 0) + 1
            entities[item.type, item.entity] = highest[item.type]
    more = {
        item.id: replace(item, entity=None if item.entity is None else entities[item.type, item.entity]) for item in lost
    }
    # The same span of another mark (a minor's name that reads like an adult's): the one that hides more.
    kept = [item for item in found.items if item.id not in more]
    return replace(found, items=tuple(sorted([*kept, *more.values()], key=lambda d: (d.turn, d.start, d.end))))


def _moved(item: Detection, turn: Turn, where: dict[int, tuple[int, Word]]) -> Detection | None:
    """The finding where its words stand now; None where one of them is gone, or reads otherwise."""
    words = covered(turn, item.start, item.end)
    places = [where[word.id] for word in words if word.id in where and where[word.id][1].text == word.text]
    if not words or len(places) != len(words) or len({n for n, _ in places}) != 1:
        return None
    number, first, last = places[0][0], places[0][1], places[-1][1]
    start = first.char_start + max(0, item.start - words[0].char_start)
    end = last.char_end - max(0, words[-1].char_end - item.end)
    if start >= end:
        return None
    return replace(
        item, id=detection_id(number, start, end, item.type), turn=number, start=start, end=end, first_word=first.id,
        last_word=last.id, score=min(item.score, _SCORE), recogniser=CARRIED, reason=REASON, unsure=True,
        marks=tuple(mark for mark in item.marks if mark not in (PROVIDER_ONLY, OURS_ONLY)),
    )  # fmt: skip


def _found_again(moved: Detection, turn: Turn, standing: Iterable[Detection]) -> bool:
    """Whether what is found now hides all of it under every policy that hid it: as the same type, with the same marks."""
    told = _TOLD_BY_POLICIES.intersection(moved.marks)
    alike = [(d.start, d.end) for d in standing if d.type == moved.type and told.issubset(d.marks)]
    return all(
        any(start <= place < end for start, end in alike)
        for place in range(moved.start, moved.end)
        if turn.text[place].isalnum()
    )
