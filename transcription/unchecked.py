"""Lines that are hidden whole, since they are in another language than English or taken for it: the ways out of that.

"It is English": the second pass reads the line, and what it finds is hidden like anywhere. "Read and shown": a person who
may reveal opens the line, hides words by hand and shows the rest. "Left hidden": nobody needs it. Each is a decision like
those about single parts, kept by the line's words and taken back in the same way.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from compliance.redaction import HiddenTurn
from compliance.redaction.labels import language_name, not_checked_label
from compliance.redaction.languages import COVERED, like_english
from portal.accounts.rights import Action, Kind
from portal.errors import Conflict, NotFound
from transcription import deciding, reading, reveals, review, second_pass
from transcription.ground import Ground
from transcription.models import DoubtCount, ReviewAct
from transcription.reading import View


class NotOpened(Conflict):
    code = "not_opened"
    message = "Open the line first, with a purpose: what you see then is recorded."


class CheckedByHand(Conflict):
    code = "checked_by_hand"
    message = "The second pass cannot read this transcript, and a person checked it. Read the line and show it yourself."


@dataclass(frozen=True, slots=True)
class Unchecked:
    """A line that is hidden whole. ``language``: its name, "" where it has none; ``labelled``: the speech service says so,
    otherwise its words do. ``left``: somebody decided to leave it hidden; ``waits``: somebody said that it is English, and
    it has not been read yet.

    ``words``, of who opened it: [{"place", "text", "hidden"}]; None for others. ``others``: how many more lines are called
    another language by the speech service and read like English.
    """

    n: int
    label: str
    language: str
    labelled: bool
    left: bool
    waits: bool
    others: int
    words: list[dict[str, Any]] | None


@dataclass(frozen=True, slots=True)
class Unread:
    """How much of a transcript nobody can read: a share in percent. ``owner`` answers for the matter."""

    percent: int
    language: str
    owner: str


def look(view: View, n: int) -> Unchecked:
    """A line that is hidden whole, with its words for who opened it (recorded before they are given).

    Raises Refused, NotFound, NeedsChecking, StillHiding.
    """
    reading.require(view.actor, view.member, view.transcript, Action.REVIEW)
    line = reading.line(view, n)
    here = Ground.of(view)
    hidden = _hidden(here, n)
    may_reveal = view.may(Action.REVEAL, Kind.ORIGINAL)
    turn = here.dialogue.turns[n]
    words = None
    if may_reveal and _opened(view, line):
        covered = [(item.start, item.end) for item in here.applied.detections.items if item.turn == n]
        words = [
            {"place": place, "text": w.text, "hidden": any(w.char_start < end and start < w.char_end for start, end in covered)}
            for place, w in enumerate(turn.words)
        ]
    said = n in review.said_english(here.dialogue, review.in_force(here.acts))
    return Unchecked(
        n=n,
        label=not_checked_label(hidden.language),
        language=language_name(hidden.language),
        labelled=_labelled(here, n),
        left=n in here.applied.left,
        waits=said and not hidden.read,
        others=len(_like_english(here, n)) if may_reveal else 0,
        words=words,
    )


def english(view: View, n: int, *, everywhere: bool = False, note: str = "") -> ReviewAct:
    """ "It is English": the second pass is to read the line (``second_pass.run``); until then it stays hidden.

    ``everywhere``: so are the other lines that only the speech service calls otherwise. Raises Refused, NotFound, BadInput,
    CheckedByHand, ChangedMeanwhile.
    """
    _require(view)
    here = Ground.of(view)
    _hidden(here, n)
    if second_pass.BY_HAND in here.found.recognisers:
        raise CheckedByHand
    lines = [n, *(_like_english(here, n) if everywhere else ())]
    spans = [review.line_span(here.dialogue.turns[each]) for each in lines]
    return deciding.decided(view, here, review.ENGLISH, "english", spans, note)


def hide(view: View, n: int, places: Sequence[int], *, type_: str, reason: str, note: str = "") -> ReviewAct:
    """Hides words of an opened line by their places in it (0..), for when it is shown.

    Raises Refused, NotFound, NotOpened, BadInput, ChangedMeanwhile.
    """
    here = _open_ground(view, n)
    under = [[word.id] for word in here.dialogue.turns[n].words]
    return deciding.decided(view, here, "hide", reason, deciding.word_spans(under, places, type_), note)


def release(view: View, n: int, *, note: str = "") -> ReviewAct:
    """ "I have read it": the line is shown, but for what is hidden in it by hand, by the matter's parties and lists, or by
    the speech service. Raises Refused, NotFound, NotOpened, BadInput, ChangedMeanwhile."""
    here = _open_ground(view, n)
    return deciding.decided(view, here, review.RELEASE, "read", [review.line_span(here.dialogue.turns[n])], note)


def leave(view: View, n: int, *, note: str = "") -> ReviewAct:
    """ "Leave it hidden": the line leaves the queue and stays as it is.

    Raises Refused, NotFound, BadInput, ChangedMeanwhile.
    """
    reading.require(view.actor, view.member, view.transcript, Action.REVIEW)
    here = Ground.of(view)
    _hidden(here, n)
    # Named as its label is, for pages that mark labels that want checking.
    span = review.line_span(here.dialogue.turns[n]) | {"findings": [f"{n}.whole"]}
    return deciding.decided(view, here, review.LEAVE, "right", [span], note)


def unread(view: View) -> Unread | None:
    """What to say of a transcript of which more than half is hidden whole from this view; None where it is less."""
    if not view.policy.hides_anything:
        return None
    counted = DoubtCount.objects.filter(transcript=view.transcript, version=view.shown().version)
    found = counted.values_list("unread", "unread_language").first()
    words = view.transcript.words
    if found is None or not words or 2 * found[0] <= words:
        return None
    owner = second_pass.owner_of(view.transcript.proceeding)
    return Unread(min(100, round(100 * found[0] / words)), language_name(found[1]), owner.name)


def _require(view: View) -> None:
    reading.require(view.actor, view.member, view.transcript, Action.REVIEW)
    reading.require(view.actor, view.member, view.transcript, Action.REVEAL, Kind.ORIGINAL)


def _hidden(here: Ground, n: int) -> HiddenTurn:
    found = next((line for line in here.applied.detections.hidden_turns if line.turn == n), None)
    if found is None:
        raise NotFound
    return found


def _open_ground(view: View, n: int) -> Ground:
    _require(view)
    line = reading.line(view, n)
    here = Ground.of(view)
    _hidden(here, n)
    if not _opened(view, line):
        raise NotOpened
    return here


def _opened(view: View, line: dict[str, Any]) -> bool:
    """Whether the member sees the line: by a reveal, which is recorded, or under a view that hides nothing."""
    return not view.policy.hides_anything or (line["n"], 0) in reveals.shown(view, [line])


def _labelled(here: Ground, n: int) -> bool:
    said = here.dialogue.turns[n].language or here.dialogue.language or "en"
    return said.replace("_", "-").split("-")[0].lower() not in COVERED


def _like_english(here: Ground, n: int) -> list[int]:
    """Other lines hidden whole that only the speech service calls another language."""
    lines = [line.turn for line in here.applied.detections.hidden_turns if line.turn != n and _labelled(here, line.turn)]
    return [each for each in lines if like_english(here.dialogue.turns[each].text)]


