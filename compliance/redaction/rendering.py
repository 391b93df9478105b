"""Make a Rendition: what one audience reads and hears of a transcript.

Text goes through Presidio's anonymizer, one operator a span, so that each span has its own label. Whatever is not
certain is hidden: a span without times silences its whole utterance, a rule that cannot shorten a value safely falls
back to the label.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

from presidio_anonymizer import AnonymizerEngine
from presidio_anonymizer.entities import OperatorConfig, RecognizerResult

from compliance.redaction.detections import MASKED, PART, Detection, Detections, HiddenTurn, PrivateType
from compliance.redaction.dialogue import Dialogue, Turn, Word
from compliance.redaction.labels import BOX, label_for, not_checked_label, number_entities
from compliance.redaction.policies import Policy, Rule
from compliance.redaction.voices import voices
from compliance.redaction.written import written_digits

# Engines place word edges up to about a fifth of a second late or early; a quarter covers the breath of a name.
SILENCE_PADDING_MS = 250
# "Until the media ends", where nothing says when a hidden turn is over. Still exact as a JSON number.
END_OF_MEDIA_MS = 2**53 - 1
# A number said in groups goes on for this many turns, with an "okay" between them.
GROUPS_WITHIN_TURNS = 8
# "The first four are 4539" of one sentence: four digits that are not the last.
_FIRST = frozenset("first middle second third begin begins beginning start starts starting".split())
_LAST = frozenset("last end ends ending".split())
_FIRST_WITHIN = 60  # characters


@dataclass(frozen=True, slots=True)
class Chip:
    """A label in the rendered text: ``text[start:end] == label``."""

    start: int
    end: int
    type: str
    label: str
    detection_id: str


@dataclass(frozen=True, slots=True)
class RenderedWord:
    """A word as the audience may see it. The words under one label are one RenderedWord that has the first one's id."""

    id: int
    text: str
    start: int | None
    end: int | None
    confidence: float | None
    hidden: bool
    char_start: int
    char_end: int
    quiet: bool = False  # readable, but silent in the audio


@dataclass(frozen=True, slots=True)
class RenderedTurn:
    index: int
    speaker: str
    text: str
    start: int | None
    end: int | None
    chips: tuple[Chip, ...]
    words: tuple[RenderedWord, ...]
    hidden_whole: bool = False


@dataclass(frozen=True, slots=True)
class Rendition:
    """One version of the text under one version of a policy. ``silences`` are sorted, disjoint (start, end) in ms;
    ``quiet_words`` counts words that can be read and not heard."""

    policy: str
    policy_version: int
    turns: tuple[RenderedTurn, ...]
    silences: tuple[tuple[int, int], ...]
    hidden_spans: int
    types: dict[str, int]
    quiet_words: int = 0

    @property
    def text(self) -> str:
        """The whole text, a turn a line."""
        return "\n".join(turn.text for turn in self.turns)


@dataclass(frozen=True, slots=True)
class _Region:
    """Overlapping hidden spans of a turn, shown as one."""

    start: int
    end: int
    lead: Detection
    count: int


@cache
def _anonymizer() -> AnonymizerEngine:
    return AnonymizerEngine()  # type: ignore[no-untyped-call]


def render(dialogue: Dialogue, detections: Detections, policy: Policy, *, this_year: int | None = None) -> Rendition:
    """The view of ``dialogue`` that ``policy`` allows. Raises ValueError when Detections name a turn there is not.

    ``this_year`` (2026, say) tells which years of birth mean an age over 89; without it a policy that asks shows none.
    """
    by_turn: dict[int, list[Detection]] = {}
    for item in detections.items:
        if not 0 <= item.turn < len(dialogue.turns):
            raise ValueError("These detections belong to another text: a turn they name does not exist.")
        by_turn.setdefault(item.turn, []).append(item)
    whole = {hidden.turn: hidden for hidden in detections.hidden_turns} if policy.hides_anything else {}
    entities = number_entities(dialogue, detections)
    quiet = _quiet(detections, policy)
    called = voices(dialogue) if policy.hides(PrivateType.NAME) else {}
    turns: list[RenderedTurn] = []
    silences: list[tuple[int, int]] = []
    types: Counter[str] = Counter()
    for index, said in enumerate(dialogue.turns):
        turn = replace(said, speaker=called.get(said.speaker, said.speaker))
        if index in whole:
            turns.append(_hidden_turn(index, turn, whole[index]))
            silences.append(_turn_time(dialogue, index))
            types["not_checked"] += 1
            continue
        regions = _regions(turn, by_turn.get(index, []), policy)
        silent = quiet.get(index, frozenset())
        near = [i for n in range(index - GROUPS_WITHIN_TURNS, index + GROUPS_WITHIN_TURNS + 1) for i in by_turn.get(n, [])]
        said_near = Counter(item.type for item in near)
        labels = [_label(turn, region, policy, entities, this_year, said_near) for region in regions]
        turns.append(_rendered_turn(index, turn, regions, labels, silent))
        for region in regions:
            types[region.lead.type] += 1
            silences.append(_region_time(dialogue, index, region))
        silences.extend(_time_of(dialogue, index, [word]) for word in turn.words if word.id in silent)
    return Rendition(
        policy=policy.name,
        policy_version=policy.version,
        turns=tuple(turns),
        silences=merge_silences(silences),
        hidden_spans=sum(types.values()),
        types=dict(types),
        quiet_words=sum(word.quiet for turn in turns for word in turn.words),
    )


def merge_silences(spans: Iterable[tuple[int, int]], padding: int = SILENCE_PADDING_MS) -> tuple[tuple[int, int], ...]:
    """Padded, sorted, disjoint."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted((max(0, s - padding), min(END_OF_MEDIA_MS, e + padding)) for s, e in spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)


def _regions(turn: Turn, found: list[Detection], policy: Policy) -> list[_Region]:
    hidden: list[tuple[int, int, Detection]] = []
    for item in found:
        if policy.rule_for(item) is Rule.SHOW:
            continue
        start, end = max(0, item.start), min(len(turn.text), item.end)
        if start < end:
            hidden.append((start, end, item))
    regions: list[_Region] = []
    for start, end, item in sorted(hidden, key=lambda h: (h[0], -h[1])):
        if regions and start < regions[-1].end:
            last = regions[-1]
            lead = max(last.lead, item, key=lambda d: (d.end - d.start, d.score))
            regions[-1] = _Region(last.start, max(last.end, end), lead, last.count + 1)
        else:
            regions.append(_Region(start, end, item, 1))
    return regions


def _quiet(detections: Detections, policy: Policy) -> dict[int, frozenset[int]]:
    """Ids of words that are silent though they can be read, by turn."""
    found: dict[int, frozenset[int]] = {}
    for words in detections.quiet:
        if any(policy.hides_every(type_) for type_ in words.types):
            found[words.turn] = found.get(words.turn, frozenset()) | frozenset(words.words)
    return found


def _rendered_turn(
    index: int, turn: Turn, regions: list[_Region], labels: list[str], quiet: frozenset[int]
) -> RenderedTurn:
    text = turn.text
    chips: list[Chip] = []
    if regions:
        keys = [f"span-{number}" for number in range(len(regions))]
        made = _anonymizer().anonymize(
            text,
            [RecognizerResult(key, r.start, r.end, 1.0) for key, r in zip(keys, regions, strict=True)],
            {key: OperatorConfig("replace", {"new_value": label}) for key, label in zip(keys, labels, strict=True)},
            merge_entities_with_spaces=False,
        )
        text = made.text
        shift = 0
        for region, label in zip(regions, labels, strict=True):
            start = region.start + shift
            chips.append(Chip(start, start + len(label), region.lead.type, label, region.lead.id))
            shift += len(label) - (region.end - region.start)
    return RenderedTurn(
        index, turn.speaker, text, turn.start, turn.end, tuple(chips), tuple(_rendered_words(turn, regions, labels, quiet))
    )


def _label(
    turn: Turn, region: _Region, policy: Policy, entities: dict[str, int], this_year: int | None, said_near: Counter[str]
) -> str:
    rule = policy.rule_for(region.lead)
    value = turn.text[region.start : region.end]
    unsafe = region.count > 1 or not {PART, MASKED}.isdisjoint(region.lead.marks)
    if rule is Rule.LAST_FOUR and said_near[region.lead.type] > 1:
        # One group of a number beside its other groups: "4539, then 2233, then 4455" would show all of it by fours.
        whole = 12 if region.lead.type == PrivateType.CREDIT_CARD else 9
        unsafe = unsafe or len(written_digits(value)) < whole
    if rule is Rule.LAST_FOUR and _said_first(turn.text[max(0, region.start - _FIRST_WITHIN) : region.start]):
        unsafe = unsafe or len(written_digits(value)) < 8
    if unsafe and rule is not Rule.BOX:
        # What several findings overlap in cannot be shortened safely; the last four of half a number are not its last,
        # and the digits of a service's "[SSN_1234]" only count.
        rule = Rule.LABEL
    return label_for(rule, region.lead.type, value, entities.get(region.lead.id), this_year=this_year)


def _said_first(before: str) -> bool:
    """ "The first four are ": whether the sentence that was begun speaks of a number's beginning last."""
    begun = re.split(r"[.?!]", before)[-1].lower()
    told = [word for word in re.findall(r"[a-z]+", begun) if word in _FIRST or word in _LAST]
    return told[-1:] != [] and told[-1] in _FIRST


def _rendered_words(turn: Turn, regions: list[_Region], labels: list[str], quiet: frozenset[int]) -> Iterable[RenderedWord]:
    """Words with the hidden ones replaced. A word only partly hidden keeps what is not (``[NAME 1]'s``)."""
    starts = [r.start for r in regions]
    ends = [r.end for r in regions]
    shift_before = [0]
    for region, label in zip(regions, labels, strict=True):
        shift_before.append(shift_before[-1] + len(label) - (region.end - region.start))
    group: list[Word] = []
    group_regions: tuple[int, int] | None = None

    def made() -> RenderedWord:
        first, last = group[0], group[-1]
        if group_regions is None:
            shift = shift_before[bisect_left(starts, first.char_start)]
            return RenderedWord(
                first.id, first.text, first.start, first.end, first.confidence, False,
                first.char_start + shift, first.char_end + shift, first.id in quiet,
            )  # fmt: skip
        low, high = group_regions
        start, end = min(w.char_start for w in group), max(w.char_end for w in group)
        parts: list[str] = []
        edge = start
        for number in range(low, high + 1):
            parts.append(turn.text[edge : max(edge, regions[number].start)])
            parts.append(labels[number])
            edge = regions[number].end
        parts.append(turn.text[edge : max(edge, end)])
        begin = min(start, regions[low].start) + shift_before[low]
        text = "".join(parts)
        times = [w for w in group if w.start is not None and w.end is not None]
        return RenderedWord(
            first.id,
            text,
            min((w.start for w in times if w.start is not None), default=None),
            max((w.end for w in times if w.end is not None), default=None),
            min((w.confidence for w in (first, last) if w.confidence is not None), default=None),
            True,
            begin,
            begin + len(text),
        )

    for word in turn.words:
        # Regions are sorted and disjoint: those that end after the word begins, to the last that begins before its end.
        low = bisect_right(ends, word.char_start)
        high = bisect_left(starts, max(word.char_end, word.char_start + 1)) - 1
        span = (low, high) if low <= high else None
        if span is not None and group_regions is not None and group and span[0] <= group_regions[1]:
            group.append(word)
            group_regions = (group_regions[0], max(group_regions[1], span[1]))
            continue
        if group:
            yield made()
        group, group_regions = [word], span
    if group:
        yield made()


def _hidden_turn(index: int, turn: Turn, hidden: HiddenTurn) -> RenderedTurn:
    label = not_checked_label(hidden.language) if hidden.reason == "language" else BOX
    words: tuple[RenderedWord, ...] = ()
    if turn.words:
        times = [w for w in turn.words if w.start is not None and w.end is not None]
        start = min((w.start for w in times if w.start is not None), default=None)
        end = max((w.end for w in times if w.end is not None), default=None)
        words = (RenderedWord(turn.words[0].id, label, start, end, None, True, 0, len(label)),)
    chip = Chip(0, len(label), "not_checked", label, f"{index}.whole")
    return RenderedTurn(index, turn.speaker, label, turn.start, turn.end, (chip,), words, hidden_whole=True)


def _region_time(dialogue: Dialogue, index: int, region: _Region) -> tuple[int, int]:
    turn = dialogue.turns[index]
    return _time_of(dialogue, index, [w for w in turn.words if w.char_start < region.end and region.start < w.char_end])


def _time_of(dialogue: Dialogue, index: int, covered: list[Word]) -> tuple[int, int]:
    """When these words are spoken; the whole turn where one of them has no time."""
    starts = [w.start for w in covered if w.start is not None]
    ends = [w.end for w in covered if w.end is not None]
    if covered and len(starts) == len(ends) == len(covered):
        return min(starts), max(*ends, *starts)
    return _turn_time(dialogue, index)


def _turn_time(dialogue: Dialogue, index: int) -> tuple[int, int]:
    """When a turn is spoken; where nothing says so, everything between its neighbours."""
    turn = dialogue.turns[index]
    starts = [t for t in (turn.start, *(w.start for w in turn.words)) if t is not None]
    ends = [t for t in (turn.end, *(w.end for w in turn.words)) if t is not None]
    before = max((t.end for t in dialogue.turns[:index] if t.end is not None), default=0)
    start = min(starts, default=before)
    if ends:
        end = max(ends)
    else:
        later = (t.start for t in dialogue.turns[index + 1 :] if t.start is not None)
        end = next(later, END_OF_MEDIA_MS)
    return (start, end) if start <= end else (end, start)
