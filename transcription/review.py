"""What people decide about hidden parts: right, hide more, not private, and back; and about lines hidden whole.

Decisions are kept by word ids and live on through corrections: hidden by hand stays hidden while one of its words is
there; "not private" holds only as long as the very words read the same. So do decisions about a line that could not be
checked, but for "it is English", which holds while more than half of its words are there: what is typed into such a line
is checked like any other text. ``applied`` is pure and made for every Rendition.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from compliance.redaction import TYPES, Detection, Detections, Dialogue, HiddenTurn, Policy, Rule, Turn, Word, known_private

# Hidden by hand where none of the portal's types fits (a privileged aside, say): [PRIVATE].
OTHER_TYPE: Final = "private"
HAND_TYPES: Final = (*TYPES, OTHER_TYPE)
RECOGNISER: Final = "reviewer"
# The type, in counts and labels, of a line that could not be checked and is hidden whole.
NOT_CHECKED: Final = "not_checked"
# Decisions about a line that could not be checked; of several the last one counts.
ENGLISH: Final = "english"
RELEASE: Final = "release"
LEAVE: Final = "leave"
_OF_LINES: Final = frozenset((ENGLISH, RELEASE, LEAVE))

# decision -> {code: what pages say}. Codes are stored and in the log; never renamed.
_NOT_PRIVATE: Final = {
    "common_word": "An ordinary word",
    "not_of_a_person": "Not about a person: a firm, place or product",
    "official": "Counsel, court or staff, named in their office",
    "public": "Public already",
}
REASONS: Final[Mapping[str, Mapping[str, str]]] = {
    "accept": {"right": "It is private"},
    "hide": {
        "missed": "It was missed",
        "privileged": "Privileged",
        "protective_order": "Under a protective order",
        "sensitive": "Sensitive, whoever it is about",
    },
    "not_private": _NOT_PRIVATE,
    # By those who may not decide it: nothing changes until somebody does.
    "suggest": _NOT_PRIVATE,
    # About words that can be read and are silent: heard with doubt where an identifier was asked for.
    "heard": {**_NOT_PRIVATE, "nothing_said": "No identifier is said there: an answer without one"},
    ENGLISH: {"english": "Not in another language"},
    RELEASE: {"read": "Read by a person, who hid what is private"},
    LEAVE: {"right": "It need not be readable"},
    "undo": {"mistake": "It was a mistake"},
}


@dataclass(frozen=True, slots=True)
class Act:
    """A stored decision. ``spans``: [{"words": [ids], "type", "text"}]; an undo has ``undoes``, a number, instead.

    A span with ``only``, a list of types, is about findings of these types: its decider saw others there as labels. One of
    a whole line has ``reads``, a text for each of ``words``, instead of ``text``.
    """

    number: int
    decision: str
    spans: tuple[Mapping[str, Any], ...] = ()
    undoes: int | None = None


@dataclass(frozen=True, slots=True)
class Applied:
    """``detections`` as people left them; ``accepted``: ids of those that somebody found right.

    ``suggested``: ids of those that somebody thinks are not private, as far as nobody decided since; with the act's number.
    ``left``: turns that are hidden whole and that somebody decided to leave so.
    """

    detections: Detections
    accepted: frozenset[str]
    suggested: Mapping[str, int] = field(default_factory=dict)
    left: frozenset[int] = frozenset()


def applied(dialogue: Dialogue, found: Detections, acts: Iterable[Act]) -> Applied:
    """What the pass found, with the decisions in force."""
    decided = in_force(acts)
    if not decided:
        return Applied(found, frozenset())
    where = {word.id: number for number, turn in enumerate(dialogue.turns) for word in turn.words}
    detections, left = _lines(dialogue, found, decided)
    accepted: set[str] = set()
    suggested: dict[str, int] = {}
    for act in decided:
        hidden_more: list[tuple[int, int, int, str]] = []
        for span in act.spans if act.decision not in _OF_LINES else ():
            ids = frozenset(span["words"])
            numbers = {where[i] for i in ids if i in where}
            for number in numbers:
                turn = dialogue.turns[number]
                words = [word for word in turn.words if word.id in ids]
                if act.decision == "hide":
                    start, end = min(w.char_start for w in words), max(w.char_end for w in words)
                    if start < end:
                        hidden_more.append((number, start, end, span["type"]))
                    continue
                if span_text(words) != span.get("text") or len(words) != len(span["words"]):
                    continue
                if act.decision == "heard":
                    detections = _audible(detections, frozenset(span["words"]))
                    continue
                only = span.get("only")
                inside = [
                    d.id for d in detections.items
                    if d.turn == number and _within(d, words) and (only is None or d.type in only)
                ]  # fmt: skip
                if act.decision == "suggest":
                    suggested |= dict.fromkeys(inside, act.number)
                    continue
                suggested = {finding: number for finding, number in suggested.items() if finding not in inside}
                if act.decision == "not_private":
                    detections = detections.without(inside)
                elif act.decision == "accept":
                    accepted.update(inside)
        if hidden_more:
            # A name that is hidden everywhere has hundreds of places.
            detections = detections.with_all(hidden_more, recogniser=RECOGNISER, reason="hidden by hand")
    return Applied(_with_words(dialogue, detections), frozenset(accepted), suggested, left)


def line_span(turn: Turn) -> dict[str, Any]:
    """A whole line as a decision keeps it."""
    return {"words": [word.id for word in turn.words], "reads": [word.text for word in turn.words], "type": NOT_CHECKED}


def said_english(dialogue: Dialogue, acts: Iterable[Act]) -> frozenset[int]:
    """Turns that somebody said are English, also where it was taken back since: the pass reads them in any case, so that
    a decision that is in force again needs no new one."""
    where = {word.id: number for number, turn in enumerate(dialogue.turns) for word in turn.words}
    turns: set[int] = set()
    for act in acts:
        for span in act.spans if act.decision == ENGLISH else ():
            here = {where[word] for word in span["words"] if word in where}
            turns.update(n for n in here if _same_line(dialogue.turns[n], span, most=True))
    return frozenset(turns)


def _lines(dialogue: Dialogue, found: Detections, decided: Sequence[Act]) -> tuple[Detections, frozenset[int]]:
    """``found`` without the lines that people released, and the turns that they left hidden.

    A line is English only when the pass has read it: until then it stays hidden.
    """
    by_word: dict[int, list[tuple[Act, Mapping[str, Any]]]] = {}
    for act in decided:
        for span in act.spans if act.decision in _OF_LINES else ():
            for word in span["words"]:
                by_word.setdefault(word, []).append((act, span))
    if not by_word or not found.hidden_turns:
        return found, frozenset()
    hidden: list[HiddenTurn] = []
    left: set[int] = set()
    released: set[int] = set()
    for line in found.hidden_turns:
        turn = dialogue.turns[line.turn]
        about = {act.number: (act, span) for word in turn.words for act, span in by_word.get(word.id, ())}
        holding = (number for number, (act, span) in about.items() if _same_line(turn, span, most=act.decision == ENGLISH))
        last = max(holding, default=None)
        decision = None if last is None else about[last][0].decision
        if decision == RELEASE:
            released.add(line.turn)
        elif decision != ENGLISH or not line.read:
            hidden.append(line)
        if decision == LEAVE:
            left.add(line.turn)
    items = {item.id: item for item in [*(known_private(dialogue, released) if released else ()), *found.items]}
    ordered = tuple(sorted(items.values(), key=lambda d: (d.turn, d.start, d.end)))
    return replace(found, items=ordered if released else found.items, hidden_turns=tuple(hidden)), frozenset(left)


def _same_line(turn: Turn, span: Mapping[str, Any], *, most: bool) -> bool:
    """Whether a line still reads as it did when somebody decided about it; ``most``: more than half of it."""
    then: dict[int, str] = dict(zip(span["words"], span.get("reads", ()), strict=False))
    same = sum(word.id in then and then[word.id] == word.text for word in turn.words)
    if most:
        return 2 * same > len(turn.words)
    return same == len(turn.words) == len(then)


def _audible(detections: Detections, words: frozenset[int]) -> Detections:
    """Without the silence over readable words. What a finding hides stays silent."""
    quiet = (replace(run, words=tuple(i for i in run.words if i not in words)) for run in detections.quiet)
    return replace(detections, quiet=tuple(run for run in quiet if run.words))


def in_force(acts: Iterable[Act]) -> list[Act]:
    """The decisions that no undo in force takes back, in order."""
    return [act for act in standing(acts) if act.undoes is None]


def standing(acts: Iterable[Act]) -> list[Act]:
    """Decisions and undos that no undo takes back, in order."""
    undone: set[int] = set()
    kept: list[Act] = []
    for act in sorted(acts, key=lambda a: a.number, reverse=True):
        if act.number in undone:
            continue
        if act.undoes is not None:
            undone.add(act.undoes)
        kept.append(act)
    return kept[::-1]


def span_text(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in words)


def _within(item: Detection, words: Sequence[Word]) -> bool:
    return bool(words) and words[0].char_start <= item.start and item.end <= words[-1].char_end


def _with_words(dialogue: Dialogue, detections: Detections) -> Detections:
    """Word ids for spans that were added by hand."""
    made = []
    for item in detections.items:
        if item.first_word is None:
            words = covered(dialogue.turns[item.turn], item.start, item.end)
            if words:
                data = item.to_dict() | {"first_word": words[0].id, "last_word": words[-1].id}
                item = Detection.from_dict(data)
        made.append(item)
    return replace(detections, items=tuple(made))


def covered(turn: Turn, start: int, end: int) -> list[Word]:
    """The words of ``turn`` that the characters from ``start`` to ``end`` touch."""
    return [word for word in turn.words if word.char_start < end and start < word.char_end]


@dataclass(frozen=True, slots=True)
class Region:
    """What one chip stands for: characters of a turn, and every finding that overlaps there."""

    turn: int
    start: int
    end: int
    items: tuple[Detection, ...]


def region_of(turn: Turn, number: int, lead: str, detections: Detections, policy: Policy) -> Region | None:
    """The region whose chip names the finding ``lead``; None when there is none under this policy."""
    here = [d for d in detections.items if d.turn == number and hidden(d, policy)]
    first = next((d for d in here if d.id == lead), None)
    if first is None:
        return None
    start, end = first.start, first.end
    members = {first.id: first}
    grown = True
    while grown:
        grown = False
        for item in here:
            if item.id not in members and item.start < end and start < item.end:
                members[item.id] = item
                start, end = min(start, item.start), max(end, item.end)
                grown = True
    return Region(number, max(0, start), min(len(turn.text), end), tuple(members.values()))


def hidden(item: Detection, policy: Policy) -> bool:
    """Whether this policy keeps the finding, or a part of it, back."""
    return policy.rule_for(item) is not Rule.SHOW


def mentions(detections: Detections, region: Region) -> list[Detection]:
    """Every finding that names the same as the region's: same type, same entity, throughout the transcript."""
    same = {(d.type, d.entity) for d in region.items if d.entity is not None}
    inside = {d.id for d in region.items}
    return [d for d in detections.items if d.id in inside or (d.type, d.entity) in same]
