"""What is open to doubt in one version of a text, whoever looks, and how much it weighs. Pure.

A doubt is a finding that was not sure, where speech service and second pass differ, that somebody suggests not to be
private, words that can be read and are silent, or a line that could not be checked and is hidden whole; open as long as
nobody decided. Findings that overlap are one doubt.
No policy has a part in it: what hides in one view and not in another is one and the same doubt, so everybody counts alike.

Risk of a doubt = harm × doubt × 2 where it can be read while it waits. Harm says what somebody could do with the thing
alone: 3, 2 or 1. Doubt (0..1) is what the pass, or for silent words the speech service, lacks of being sure; at least
a half where the two differ; none for a sure finding that somebody suggests not to be private. Silent words can be read
in every view; what a policy leaves readable is left so by decision, not for doubt, and counts once. Of a line that could
not be checked nothing is read by anybody: it does no harm, but people wait for it, and it counts a little by itself. Risk
of a transcript = the sum over its open doubts.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from compliance.redaction import DEFAULT_POLICY, Detection, Detections, Dialogue, Turn, Word
from compliance.redaction.detections import OURS_ONLY, PROVIDER_ONLY
from transcription import review
from transcription.review import NOT_CHECKED, Act, Applied

# Enough for fraud or to open a file by itself: 3. Leads to one person: 2. Narrows it down, or needs more to: 1.
_HARM: Final[Mapping[str, float]] = {
    **dict.fromkeys(
        ("ssn", "credit_card", "bank_account", "medical_record_number", "health_plan_number", "license_number"), 3
    ),
    **dict.fromkeys(("name", "date_of_birth", "email", "phone_number", "address", "medical", "private"), 2),
    # Nothing of it leaks: a line that people cannot read. Five of them stand like a date of which nobody is sure at all.
    NOT_CHECKED: 0.2,
}
_LEAST_HARM: Final = 1
# Of two that looked, one saw nothing: as likely as not.
_DISPUTED: Final = 0.5
_READABLE: Final = 2

# Each doubt is of one kind: the first that fits.
SUGGESTED: Final = "suggested"
QUIET: Final = "quiet"
KINDS: Final = (SUGGESTED, PROVIDER_ONLY, OURS_ONLY, "unsure", QUIET, NOT_CHECKED)


def harm(type_: str) -> float:
    return _HARM.get(type_, _LEAST_HARM)


def risk(type_: str, score: float, *, disputed: bool = False, readable: bool = False) -> float:
    doubt = max(1 - score, _DISPUTED if disputed else 0.0)
    return harm(type_) * doubt * (_READABLE if readable else 1)


@dataclass(frozen=True, slots=True)
class OpenDoubt:
    """One doubt: ``items``, the open findings, or ``words``, ids of silent ones, or neither: the whole line, of which
    nothing is known. ``suggested_by``: the number of an act."""

    turn: int
    kind: str
    type: str
    score: float
    items: tuple[Detection, ...] = ()
    words: tuple[int, ...] = ()
    disputed: bool = False
    suggested_by: int | None = None

    @property
    def quiet(self) -> bool:
        return self.kind == QUIET

    @property
    def whole_line(self) -> bool:
        return self.kind == NOT_CHECKED

    @property
    def risk(self) -> float:
        return risk(self.type, self.score, disputed=self.disputed, readable=self.quiet)


@dataclass(frozen=True, slots=True)
class Weight:
    """What a transcript's open doubts come to: how many of each kind, and their risk together.

    ``unread``: words of the lines that are hidden whole, whether somebody decided to leave them so or not;
    ``unread_language``: the code of the language of most of them, "" where it has none.
    """

    kinds: Mapping[str, int]
    risk: float
    unread: int = 0
    unread_language: str = ""

    @property
    def total(self) -> int:
        return sum(self.kinds.values())


def weight(dialogue: Dialogue, found: Detections, acts: Iterable[Act]) -> Weight:
    applied = review.applied(dialogue, found, acts)
    doubts = open_doubts(dialogue, applied)
    kinds = dict.fromkeys(KINDS, 0)
    for doubt in doubts:
        kinds[doubt.kind] += 1
    # Rounded, so that the order does not hang on the order of a sum.
    unread: dict[str, int] = {}
    for line in applied.detections.hidden_turns:
        language = line.language or ""
        unread[language] = unread.get(language, 0) + len(dialogue.turns[line.turn].words)
    most = max(sorted(unread), key=lambda language: unread[language], default="")
    return Weight(kinds, round(sum(doubt.risk for doubt in doubts), 6), sum(unread.values()), most)


def open_doubts(dialogue: Dialogue, applied: Applied) -> list[OpenDoubt]:
    """In reading order. A line that is hidden whole is one, and has no others: nobody could check any of it."""
    detections = applied.detections
    whole = {hidden.turn for hidden in detections.hidden_turns}
    by_turn: dict[int, list[Detection]] = {}
    for item in detections.items:
        if item.turn not in whole:
            by_turn.setdefault(item.turn, []).append(item)
    quiet: dict[int, dict[int, str]] = {}
    for run in detections.quiet:
        if run.turn not in whole and run.turn < len(dialogue.turns):
            asked = quiet.setdefault(run.turn, {})
            for word in run.words:
                asked.setdefault(word, run.types[0])
    made: list[OpenDoubt] = []
    for number in sorted({*by_turn, *quiet, *(whole - applied.left)}):
        if number in whole:
            made.append(OpenDoubt(number, NOT_CHECKED, NOT_CHECKED, 0.0))
            continue
        turn, items = dialogue.turns[number], by_turn.get(number, [])
        open_ = [item for item in items if _unsure(item, applied) or item.id in applied.suggested]
        made += [_of_findings(number, group, applied) for group in overlapping(open_)]
        if number in quiet:
            made += _of_silent_words(number, turn, quiet[number], items)
    return made


def _unsure(item: Detection, applied: Applied) -> bool:
    return item.unsure and item.id not in applied.accepted


def overlapping(items: Sequence[Detection]) -> Iterator[list[Detection]]:
    """Findings of one turn in groups that share a character."""
    group: list[Detection] = []
    end = 0
    for item in sorted(items, key=lambda d: (d.start, -d.end)):
        if item.start >= end and group:
            yield group
            group, end = [], 0
        group.append(item)
        end = max(end, item.end)
    if group:
        yield group


def _of_findings(number: int, group: Sequence[Detection], applied: Applied) -> OpenDoubt:
    unsure = [item for item in group if _unsure(item, applied)]
    marks = {mark for item in unsure for mark in item.marks}
    suggestions = [applied.suggested[item.id] for item in group if item.id in applied.suggested]
    fitting = (SUGGESTED if suggestions else "", *(kind for kind in (PROVIDER_ONLY, OURS_ONLY) if kind in marks), "unsure")
    return OpenDoubt(
        turn=number,
        kind=next(kind for kind in fitting if kind),
        type=max(group, key=lambda item: harm(item.type)).type,
        score=min((item.score for item in unsure), default=1.0),
        items=tuple(group),
        disputed=bool(marks & {PROVIDER_ONLY, OURS_ONLY}),
        suggested_by=max(suggestions, default=None),
    )


def _of_silent_words(
    number: int, turn: Turn, asked: Mapping[int, str], items: Sequence[Detection]
) -> Iterator[OpenDoubt]:  # fmt: skip
    """Silent words side by side, without those that the usual view hides: they are silent for that."""
    hidden = [(item.start, item.end) for item in items if DEFAULT_POLICY.hides(item.type)]
    run: list[Word] = []
    for word in (*turn.words, None):
        silent = word is not None and word.id in asked
        if silent and word is not None and not any(word.char_start < end and start < word.char_end for start, end in hidden):
            run.append(word)
            continue
        if run:
            score = min(_heard(each) for each in run)
            yield OpenDoubt(number, QUIET, asked[run[0].id], score, words=tuple(each.id for each in run))
            run = []


def _heard(word: Word) -> float:
    """How sure the speech service was of a word; as likely as not where it does not say."""
    return _DISPUTED if word.confidence is None else word.confidence
