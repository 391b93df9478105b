"""Making review decisions: who may, what is kept, and the text that lies under a label.

A decision takes effect at once: the acts are stored, the edition counts up, and the next look makes a new Rendition. The
rules by which decisions change findings are pure and stand in ``transcription.review``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django.db import transaction
from django.db.models import Max

from compliance import audit
from compliance.redaction import Detection
from compliance.redaction.detections import OURS_ONLY, PROVIDER_ONLY
from portal.accounts.rights import Action, Kind
from portal.errors import BadInput, NotFound
from transcription import decided_before, doubt_counts, doubts, reading, review, review_acts
from transcription.ground import ChangedMeanwhile, Ground
from transcription.models import ReviewAct, Transcript
from transcription.reading import View
from transcription.review import HAND_TYPES, REASONS, Region
from transcription.weighing import OpenDoubt

NOTE_LIMIT: Final = 2000
# Words that one decision may hide by hand; more is a turn or a page, which has its own ways (holding, destroying).
WORDS_LIMIT: Final = 2000


# Others who decide at the same moment; after that the page is told to look again.
_TRIES: Final = 5


@dataclass(frozen=True, slots=True)
class Chip:
    """A hidden part as a reviewer sees it, without what is under it."""

    line: dict[str, Any]
    ordinal: int
    region: Region
    type: str
    label: str
    mentions: int
    accepted: bool
    # Why somebody thinks that it is not private, in words.
    suggested: str = ""
    # Of what can be read: where its words stand in the line (0..).
    places: tuple[int, ...] = ()
    # Of its other mentions those that somebody found private, or hid by hand.
    found_private: int = 0

    @property
    def unsure(self) -> bool:
        return any(item.unsure for item in self.region.items) and not self.accepted

    @property
    def disputed(self) -> bool:
        """Whether the speech service and the second pass differ: then what one of them is sure of says nothing."""
        return self.unsure and any({PROVIDER_ONLY, OURS_ONLY} & set(item.marks) for item in self.region.items)

    @property
    def score(self) -> float:
        return max((item.score for item in self.region.items), default=1.0)

    @property
    def by_hand(self) -> bool:
        return any(item.recogniser == review.RECOGNISER for item in self.region.items)

    @property
    def reasons(self) -> list[str]:
        return list(dict.fromkeys(item.reason for item in self.region.items if item.reason))

    @property
    def whole_line(self) -> bool:
        return not self.region.items


def chip(view: View, n: int, ordinal: int) -> Chip:
    """One hidden part of a line. Raises NotFound, ChangedMeanwhile."""
    line = reading.line(view, n)
    here = Ground.of(view)
    region = here.region(line, ordinal, view.policy)
    shown = line["chips"][ordinal]
    return _chip(here, line, ordinal, region, shown["type"], shown["label"])


def _chip(here: Ground, line: dict[str, Any], ordinal: int, region: Region, type_: str, label: str) -> Chip:
    applied = here.applied
    mentions = review.mentions(applied.detections, region)
    by = max((applied.suggested[item.id] for item in region.items if item.id in applied.suggested), default=None)
    return Chip(
        line, ordinal, region, type_, label,
        len(mentions) or 1,
        bool(region.items) and all(item.id in applied.accepted for item in region.items),
        here.suggestion(by),
        found_private=len(_found_private(here, [item for item in mentions if item not in region.items])),
    )  # fmt: skip


def _found_private(here: Ground, items: Sequence[Detection]) -> list[Detection]:
    """Those of them that somebody found private, or over which somebody hid words."""
    by_hand: dict[int, list[Detection]] = {}
    for item in here.applied.detections.items:
        if item.recogniser == review.RECOGNISER:
            by_hand.setdefault(item.turn, []).append(item)
    return [
        item for item in items
        if item.id in here.applied.accepted
        or any(other.start < item.end and item.start < other.end for other in by_hand.get(item.turn, ()))
    ]  # fmt: skip


def readable(view: View, n: int, place: int) -> Chip:
    """A doubtful finding that this view leaves readable, by the place of one of its words in the line.

    ``label`` is its words as the view shows them. Raises NotFound, ChangedMeanwhile.
    """
    return _readable(view, Ground.of(view), reading.line(view, n), place)


def _readable(view: View, here: Ground, line: dict[str, Any], place: int) -> Chip:
    doubt, places = _at(here, line, place, lambda found: doubts.in_text(found, view.policy))
    start, end = min(item.start for item in doubt.items), max(item.end for item in doubt.items)
    region = Region(line["n"], start, end, doubt.items)
    found = _chip(here, line, places[0], region, doubt.type, doubts.shown_text(line, places))
    return replace(found, places=tuple(places))


def _at(here: Ground, line: dict[str, Any], place: int, fits: Callable[[OpenDoubt], object]) -> tuple[OpenDoubt, list[int]]:
    """The open doubt that stands at a shown word of a line, with all its places. Raises NotFound, ChangedMeanwhile."""
    known = here.places(line)
    for doubt in here.doubts:
        if doubt.turn == line["n"] and fits(doubt):
            places = doubts.places_in(known, here.word_ids(doubt))
            if place in places:
                return doubt, places
    raise NotFound


def accept(
    view: View, n: int, ordinal: int, *, everywhere: bool = False, in_text: bool = False, note: str = "",
    since: int | None = None,
) -> ReviewAct:  # fmt: skip
    """ "It is private": the finding leaves the queue. ``in_text``: one that can be read here; then a word's place.

    ``everywhere``: so is every mention of the same. What was accepted already is not accepted once more: then the act that
    stands. ``since``: the newest decision that its maker knows of. Raises Refused, NotFound, BadInput, ChangedMeanwhile.
    """
    reading.require(view.actor, view.member, view.transcript, Action.REVIEW)
    return _decide(view, "accept", "right", n, ordinal, everywhere=everywhere, in_text=in_text, note=note, since=since)


def not_private(
    view: View, n: int, ordinal: int, *, reason: str, everywhere: bool = False, in_text: bool = False, note: str = "",
    since: int | None = None,
) -> ReviewAct:  # fmt: skip
    """ "Not private": the words are shown from now on. For those who may reveal: the decision shows what was hidden.

    ``everywhere``: every mention of the same, but where somebody found it private (``left_out`` says how many). Raises
    Refused, NotFound, BadInput, ChangedMeanwhile.
    """
    reading.require(view.actor, view.member, view.transcript, Action.REVIEW)
    reading.require(view.actor, view.member, view.transcript, Action.REVEAL, Kind.ORIGINAL)
    return _decide(view, "not_private", reason, n, ordinal, everywhere=everywhere, in_text=in_text, note=note, since=since)


def suggest(
    view: View, n: int, ordinal: int, *, reason: str, everywhere: bool = False, in_text: bool = False, note: str = "",
    since: int | None = None,
) -> ReviewAct:  # fmt: skip
    """ "Not private", from those who may not decide it: the part stays hidden and comes into the queue of those who may.

    ``everywhere``: as for ``not_private``. Raises Refused, NotFound, BadInput, ChangedMeanwhile.
    """
    reading.require(view.actor, view.member, view.transcript, Action.REVIEW)
    return _decide(view, "suggest", reason, n, ordinal, everywhere=everywhere, in_text=in_text, note=note, since=since)


def _decide(
    view: View, decision: str, reason: str, n: int, ordinal: int, *, everywhere: bool = False, in_text: bool, note: str,
    since: int | None,
) -> ReviewAct:  # fmt: skip
    here = Ground.of(view)
    line = reading.line(view, n)
    region = _readable(view, here, line, ordinal).region if in_text else here.region(line, ordinal, view.policy)
    if not region.items:
        raise BadInput("This line is hidden whole, since nobody could check its language. Decide about it as a whole.")
    # Under words that can be read there may lie a label, too: nothing was decided about that.
    spans = [here.span(region, region.items[0].type, only=in_text)]
    left_out = 0
    if everywhere:
        # What else lies over a mention elsewhere was not on the label that was asked about: nothing is decided about that.
        others = [item for item in review.mentions(here.applied.detections, region) if item not in region.items]
        if decision != "accept":
            private = {item.id for item in _found_private(here, others)}
            left_out = len(private)
            others = [item for item in others if item.id not in private]
        spans += [here.span(Region(item.turn, item.start, item.end, (item,)), item.type, only=True) for item in others]
    return decided(view, here, decision, reason, spans, note, since=since, left_out=left_out)


def left_out(act: ReviewAct) -> int:
    """How many mentions a decision about all of them left as they are, since somebody found them private."""
    return int((act.span or {}).get("left_out", 0))


@dataclass(frozen=True, slots=True)
class Quiet:
    """Words side by side that can be read and are silent. ``places``: theirs in the line (0..)."""

    line: dict[str, Any]
    places: list[int]
    text: str
    type: str
    reason: str
    words: tuple[int, ...]


def quiet(view: View, n: int, place: int) -> Quiet:
    """The silent words of a line around one of them. Raises NotFound, ChangedMeanwhile."""
    return _quiet(Ground.of(view), reading.line(view, n), place)


def _quiet(here: Ground, line: dict[str, Any], place: int) -> Quiet:
    doubt, places = _at(here, line, place, lambda found: found.quiet)
    why = next(q for q in here.found.quiet if not set(doubt.words).isdisjoint(q.words))
    return Quiet(line, places, doubts.shown_text(line, places), doubt.type, why.reason, doubt.words)


def let_be_heard(
    view: View, n: int, place: int, *, reason: str, note: str = "", since: int | None = None
) -> ReviewAct:  # fmt: skip
    """ "Not private": silent words are heard from now on. For those who may reveal: the sound may say what was asked for.

    Raises Refused, NotFound, BadInput, ChangedMeanwhile.
    """
    reading.require(view.actor, view.member, view.transcript, Action.REVIEW)
    reading.require(view.actor, view.member, view.transcript, Action.REVEAL, Kind.ORIGINAL)
    here = Ground.of(view)
    found = _quiet(here, reading.line(view, n), place)
    words = [word for word in here.dialogue.turns[n].words if word.id in found.words]
    span = {"words": [w.id for w in words], "type": found.type, "text": review.span_text(words), "findings": []}
    return decided(view, here, "heard", reason, [span], note, since=since)


def hide(view: View, n: int, places: Sequence[int], *, type_: str, reason: str, note: str = "") -> ReviewAct:
    """ "Hide more": words of a line by their places in it (0..), as the member sees the line.

    Words side by side are one span. Raises Refused, NotFound, BadInput.
    """
    reading.require(view.actor, view.member, view.transcript, Action.REVIEW)
    line = reading.line(view, n)
    here = Ground.of(view)
    return decided(view, here, "hide", reason, word_spans(here.words_at(line), places, type_), note)


def word_spans(under: Sequence[Sequence[int]], places: Sequence[int], type_: str) -> list[dict[str, Any]]:
    """Words of a line to be hidden by hand, side by side as one span. ``under``: ids of words for each place of the line.

    Raises BadInput.
    """
    if type_ not in HAND_TYPES:
        raise BadInput("This type is not known.", allowed=list(HAND_TYPES))
    chosen = sorted(set(places))
    if not chosen or len(chosen) > WORDS_LIMIT or chosen[0] < 0 or chosen[-1] >= len(under):
        raise BadInput("Choose the words to hide in this line.", limit=WORDS_LIMIT)
    spans: list[dict[str, Any]] = []
    before = None
    for place in chosen:
        if before is None or place != before + 1:
            spans.append({"words": [], "type": type_})
        spans[-1]["words"] += under[place]
        before = place
    return spans


def undo(view: View, number: int) -> ReviewAct:
    """Takes a decision back. What would show something again is for those who may reveal, or for its own maker as long as
    nobody else relied upon it.

    Raises Refused, NotFound, BadInput.
    """
    reading.require(view.actor, view.member, view.transcript, Action.REVIEW)
    act = view.transcript.review_acts.filter(number=number).first()
    if act is None:
        raise NotFound
    here = Ground(view.transcript, view.transcript.version)
    if number not in {a.number for a in review.in_force(here.acts)} and act.decision != "undo":
        raise BadInput("This decision was taken back already.")
    shows = act.decision in {ReviewAct.Decision.HIDE, ReviewAct.Decision.UNDO}
    own = act.decision == ReviewAct.Decision.HIDE and act.member_id == view.member.id
    if shows and not (own and not decided_before.relied_upon(view, here.acts, number)):
        reading.require(view.actor, view.member, view.transcript, Action.REVEAL, Kind.ORIGINAL)
    return keep(view, here, "undo", "mistake", {"undoes": number}, 1)


def decided(
    view: View, here: Ground, decision: str, reason: str, spans: list[dict[str, Any]], note: str, *,
    since: int | None = None, left_out: int = 0,
) -> ReviewAct:  # fmt: skip
    """Keeps a decision about these spans. Raises BadInput, ChangedMeanwhile."""
    if reason not in REASONS[decision]:
        raise BadInput("Choose a reason from the list.", allowed=list(REASONS[decision]))
    if len(note) > NOTE_LIMIT:
        raise BadInput("A note has at most 2,000 characters.", limit=NOTE_LIMIT, found=len(note))
    span = {"spans": spans} | ({"left_out": left_out} if left_out else {})
    return keep(view, here, decision, reason, span, len(spans), note.strip(), since=since)


def keep(
    view: View, here: Ground, decision: str, reason: str, span: dict[str, Any], count: int, note: str = "", *,
    since: int | None = None,
) -> ReviewAct:  # fmt: skip
    """Stores a decision, its record, and what it leaves open to doubt. ``since``: the newest act that its maker knows of; what
    somebody else decided otherwise about these words after it is not overturned unseen. Raises ChangedMeanwhile.

    What is left is worked out before the transaction; who decides in between makes it stale, and it is worked out again.
    """
    if view.behind:
        raise ChangedMeanwhile
    for _ in range(_TRIES):
        acts = review_acts.acts_of(view.transcript)
        if decision == "accept" and not note and (before := decided_before.accepted(acts, span["spans"])) is not None:
            return view.transcript.review_acts.get(number=before)
        if since is not None and decided_before.decided_otherwise(view, acts, decision, span["spans"], since):
            raise ChangedMeanwhile
        act = ReviewAct(
            transcript=view.transcript, version=here.version, number=acts[-1].number + 1 if acts else 1, decision=decision,
            reason=reason, member=view.member,
        )  # fmt: skip
        act.span = span
        act.note = note
        left = here.weight([*acts, review_acts.act_of(act)])
        with transaction.atomic():
            locked = Transcript.objects.select_for_update().get(pk=view.transcript.pk)
            if locked.version != here.version or not here.stands():
                raise ChangedMeanwhile
            if (locked.review_acts.aggregate(last=Max("number"))["last"] or 0) + 1 != act.number:
                continue
            act.save(force_insert=True)
            if left is not None:
                doubt_counts.keep(view.transcript, here.version, left)
            audit.record(
                "transcription:review:decided",
                organization_id=view.matter.organization_id,
                actor=view.actor,
                target=reading.target(view.transcript),
                decision=decision,
                reason=reason,
                spans=count,
            )
        return act
    raise ChangedMeanwhile
