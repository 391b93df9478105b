"""Making review decisions: who may, what is kept, and the text that lies under a label.

A decision takes effect at once: the acts are stored, the edition counts up, and the next look makes a new Rendition. The
rules by which decisions change findings are pure and stand in ``transcription.review``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from django.db import transaction
from django.db.models import Max

from compliance import audit
from compliance.redaction import Detection, Detections, Dialogue, Policy
from portal.accounts.rights import Action, Kind
from portal.errors import BadInput, Conflict, NotFound
from transcription import doubts, reading, renditions, review, second_pass
from transcription.models import DetectionSet, ReviewAct, Transcript
from transcription.reading import View
from transcription.review import HAND_TYPES, REASONS, Region

NOTE_LIMIT: Final = 2000
# Words that one decision may hide by hand; more is a turn or a page, which has its own ways (holding, destroying).
WORDS_LIMIT: Final = 2000


class ChangedMeanwhile(Conflict):
    code = "changed_meanwhile"
    message = "Somebody changed this transcript in the meantime. Look at the newest text and try again."


class Ground:
    """A version's text with what is private in it: what decisions and reveals stand on. Opened when first needed."""

    def __init__(self, transcript: Transcript, version: int) -> None:
        self.transcript = transcript
        self.version = version

    @cached_property
    def dialogue(self) -> Dialogue:
        return second_pass.dialogue_of(self.transcript, second_pass.current_text(self.transcript, self.version))

    @cached_property
    def found(self) -> Detections:
        row = DetectionSet.objects.filter(transcript=self.transcript, version=self.version).first()
        if row is None:
            raise reading.StillHiding
        row.transcript = self.transcript
        return Detections.from_dict(row.detections)

    @cached_property
    def applied(self) -> review.Applied:
        return review.applied(self.dialogue, self.found, renditions.acts_of(self.transcript))

    def region(self, line: dict[str, Any], ordinal: int, policy: Policy) -> Region:
        """What the line's chip of that place stands for. Raises NotFound, ChangedMeanwhile."""
        chips = line.get("chips") or []
        if not 0 <= ordinal < len(chips):
            raise NotFound
        n = line["n"]
        if n >= len(self.dialogue.turns):
            raise ChangedMeanwhile
        turn = self.dialogue.turns[n]
        if any(hidden.turn == n for hidden in self.applied.detections.hidden_turns):
            return Region(n, 0, len(turn.text), ())
        region = review.region_of(turn, n, chips[ordinal]["detection"], self.applied.detections, policy)
        if region is None:
            raise ChangedMeanwhile
        return region

    def text(self, region: Region) -> str:
        return self.dialogue.turns[region.turn].text[region.start : region.end]

    def span(self, region: Region, type_: str) -> dict[str, Any]:
        """A region as a decision keeps it: by its words, with what they read."""
        words = review.covered(self.dialogue.turns[region.turn], region.start, region.end)
        return {
            "words": [word.id for word in words],
            "type": type_,
            "text": review.span_text(words),
            # Of this version; in others it is the words that count.
            "findings": [item.id for item in region.items],
        }


def ground(view: View) -> Ground:
    return Ground(view.transcript, view.shown().version)


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

    @property
    def unsure(self) -> bool:
        return any(item.unsure for item in self.region.items) and not self.accepted

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
    here = ground(view)
    region = here.region(line, ordinal, view.policy)
    shown = line["chips"][ordinal]
    detections = here.applied.detections
    return Chip(
        line, ordinal, region, shown["type"], shown["label"],
        len(review.mentions(detections, region)) or 1,
        bool(region.items) and all(item.id in here.applied.accepted for item in region.items),
    )  # fmt: skip


def accept(view: View, n: int, ordinal: int, *, note: str = "") -> ReviewAct:
    """ "It is private": the finding leaves the queue. Raises Refused, NotFound, BadInput."""
    reading.require(view.actor, view.member, view.transcript, Action.REVIEW)
    return _keep(view, "accept", "right", _chip_spans(view, n, ordinal, everywhere=False), note)


def not_private(view: View, n: int, ordinal: int, *, reason: str, everywhere: bool = False, note: str = "") -> ReviewAct:
    """ "Not private": the words are shown from now on. For those who may reveal: the decision shows what was hidden.

    ``everywhere``: every mention of the same. Raises Refused, NotFound, BadInput, ChangedMeanwhile.
    """
    reading.require(view.actor, view.member, view.transcript, Action.REVIEW)
    reading.require(view.actor, view.member, view.transcript, Action.REVEAL, Kind.ORIGINAL)
    return _keep(view, "not_private", reason, _chip_spans(view, n, ordinal, everywhere=everywhere), note)


def suggest(view: View, n: int, ordinal: int, *, reason: str, note: str = "") -> ReviewAct:
    """ "Not private", from those who may not decide it: the part stays hidden and comes into the queue of those who may.

    Raises Refused, NotFound, BadInput, ChangedMeanwhile.
    """
    reading.require(view.actor, view.member, view.transcript, Action.REVIEW)
    return _keep(view, "suggest", reason, _chip_spans(view, n, ordinal, everywhere=False), note)


@dataclass(frozen=True, slots=True)
class Quiet:
    """Words side by side that can be read and are silent. ``places``: theirs in the line (0..)."""

    line: dict[str, Any]
    places: tuple[int, ...]
    text: str
    type: str
    reason: str


def quiet(view: View, n: int, place: int) -> Quiet:
    """The silent words of a line around one of them. Raises NotFound, ChangedMeanwhile."""
    line = reading.line(view, n)
    run = next((run for run in doubts.quiet_runs(line) if place in run), None)
    if run is None:
        raise NotFound
    ids = {line["words"][i]["id"] for i in run}
    why = next((q for q in ground(view).found.quiet if ids & set(q.words)), None)
    if why is None:
        raise ChangedMeanwhile
    return Quiet(line, run, doubts.quiet_text(line, run), why.types[0], why.reason)


def let_be_heard(view: View, n: int, place: int, *, reason: str, note: str = "") -> ReviewAct:
    """ "Not private": silent words are heard from now on. For those who may reveal: the sound may say what was asked for.

    Raises Refused, NotFound, BadInput, ChangedMeanwhile.
    """
    reading.require(view.actor, view.member, view.transcript, Action.REVIEW)
    reading.require(view.actor, view.member, view.transcript, Action.REVEAL, Kind.ORIGINAL)
    found = quiet(view, n, place)
    chosen = {found.line["words"][i]["id"] for i in found.places}
    words = [word for word in ground(view).dialogue.turns[n].words if word.id in chosen]
    span = {"words": [w.id for w in words], "type": found.type, "text": review.span_text(words), "findings": []}
    return _keep(view, "heard", reason, [span], note)


def _chip_spans(view: View, n: int, ordinal: int, *, everywhere: bool) -> list[dict[str, Any]]:
    here = ground(view)
    region = here.region(reading.line(view, n), ordinal, view.policy)
    if not region.items:
        raise BadInput("This line is hidden whole, since nobody could check its language. Hide or reveal it as a whole.")
    spans = [here.span(region, region.items[0].type)]
    if everywhere:
        for item in review.mentions(here.applied.detections, region):
            if item not in region.items:
                spans.append(here.span(_whole(here, item, view.policy), item.type))
    return spans


def _whole(here: Ground, item: Detection, policy: Policy) -> Region:
    turn = here.dialogue.turns[item.turn]
    found = review.region_of(turn, item.turn, item.id, here.applied.detections, policy)
    return found or Region(item.turn, item.start, item.end, (item,))


def hide(view: View, n: int, places: Sequence[int], *, type_: str, reason: str, note: str = "") -> ReviewAct:
    """ "Hide more": words of a line by their places in it (0..), as the member sees the line.

    Words side by side are one span. Raises Refused, NotFound, BadInput.
    """
    reading.require(view.actor, view.member, view.transcript, Action.REVIEW)
    if type_ not in HAND_TYPES:
        raise BadInput("This type is not known.", allowed=list(HAND_TYPES))
    line = reading.line(view, n)
    words = line.get("words") or []
    chosen = sorted(set(places))
    if not chosen or len(chosen) > WORDS_LIMIT or chosen[0] < 0 or chosen[-1] >= len(words):
        raise BadInput("Choose the words to hide in this line.", limit=WORDS_LIMIT)
    turn_words = [word.id for word in ground(view).dialogue.turns[n].words]
    spans: list[dict[str, Any]] = []
    run: list[int] = []
    for place in [*chosen, None]:
        if run and (place is None or place != run[-1] + 1):
            spans.append({"words": _ids_under(words, run, turn_words), "type": type_})
            run = []
        if place is not None:
            run.append(place)
    return _keep(view, "hide", reason, spans, note)


def _ids_under(words: list[dict[str, Any]], places: Sequence[int], turn_words: list[int]) -> list[int]:
    """All word ids from the first shown word to before the one after the last: labels stand for several."""
    first = turn_words.index(words[places[0]]["id"])
    after = places[-1] + 1
    last = turn_words.index(words[after]["id"]) if after < len(words) else len(turn_words)
    return turn_words[first:last]


def undo(view: View, number: int) -> ReviewAct:
    """Takes a decision back. What would show something again is for those who may reveal, or for its own maker.

    Raises Refused, NotFound, BadInput.
    """
    reading.require(view.actor, view.member, view.transcript, Action.REVIEW)
    act = view.transcript.review_acts.filter(number=number).first()
    if act is None:
        raise NotFound
    if number not in {a.number for a in review.in_force(renditions.acts_of(view.transcript))} and act.decision != "undo":
        raise BadInput("This decision was taken back already.")
    shows = act.decision in {ReviewAct.Decision.HIDE, ReviewAct.Decision.UNDO}
    if shows and not (act.decision == ReviewAct.Decision.HIDE and act.member_id == view.member.id):
        reading.require(view.actor, view.member, view.transcript, Action.REVEAL, Kind.ORIGINAL)
    return _store(view, "undo", "mistake", {"undoes": number}, 1, "")


def _keep(view: View, decision: str, reason: str, spans: list[dict[str, Any]], note: str) -> ReviewAct:
    if reason not in REASONS[decision]:
        raise BadInput("Choose a reason from the list.", allowed=list(REASONS[decision]))
    if len(note) > NOTE_LIMIT:
        raise BadInput("A note has at most 2,000 characters.", limit=NOTE_LIMIT, found=len(note))
    return _store(view, decision, reason, {"spans": spans}, len(spans), note.strip())


def _store(view: View, decision: str, reason: str, span: dict[str, Any], count: int, note: str) -> ReviewAct:
    if view.behind:
        raise ChangedMeanwhile
    with transaction.atomic():
        locked = Transcript.objects.select_for_update().get(pk=view.transcript.pk)
        if locked.version != view.transcript.version:
            raise ChangedMeanwhile
        number = (locked.review_acts.aggregate(last=Max("number"))["last"] or 0) + 1
        act = ReviewAct(
            transcript=view.transcript, version=locked.version, number=number, decision=decision, reason=reason,
            member=view.member,
        )  # fmt: skip
        act.span = span
        act.note = note
        act.save(force_insert=True)
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
