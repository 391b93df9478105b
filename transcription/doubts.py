"""The queue of one transcript as a member sees it, by risk: what would do the most harm if it were judged wrongly first.

What is open is the same for everybody (``transcription.weighing``); here it gets its place in a member's view: a label, or
words that this view leaves readable. Words and labels come from the view alone. Equal risks come in reading order, so the
order is the same each time.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from compliance.redaction import Policy
from compliance.redaction.labels import not_checked_label
from transcription import review, review_acts, weighing
from transcription.ground import Ground
from transcription.models import DoubtCount
from transcription.reading import View
from transcription.weighing import OpenDoubt

# As people read it: from these risks on. The highest is 3 × 1 of what is hidden, 3 × 1 × 2 of what can be read.
_LEVELS: Final = ((1.2, "high"), (0.7, "medium"), (0.0, "low"))


@dataclass(frozen=True, slots=True)
class Doubt:
    """A part that wants a human eye. ``suggested``: why somebody thinks that it is not private, in words.

    ``label`` is what the view shows of it and ``ordinal`` the label's place in the line. ``quiet``: words that are silent;
    ``readable``: a finding that this view does not hide; of both ``ordinal`` is the first word's place. ``whole_line``: all
    of the line, which could not be checked.
    """

    line: int
    ordinal: int
    type: str
    label: str
    start: int | None
    score: float
    disputed: bool = False
    suggested: str = ""
    quiet: bool = False
    readable: bool = False
    whole_line: bool = False

    @property
    def risk(self) -> float:
        return weighing.risk(self.type, self.score, disputed=self.disputed, readable=self.quiet)

    @property
    def level(self) -> str:
        return next(name for limit, name in _LEVELS if self.risk >= limit)


def queue(view: View) -> list[Doubt]:
    """What is unsure, disputed, suggested or not checked and was not decided yet, the riskiest first.

    Raises NeedsChecking, StillHiding.
    """
    here = Ground.of(view)
    lines = _lines(view, {doubt.turn for doubt in here.doubts})
    by_line: dict[int, list[OpenDoubt]] = {}
    for doubt in here.doubts:
        # A line is missing where the view was made before somebody decided: its reader looks again anyway.
        if doubt.turn in lines:
            by_line.setdefault(doubt.turn, []).append(doubt)
    found = [made for n, doubts in by_line.items() for made in _placed(view, here, lines[n], doubts)]
    return sorted(found, key=lambda doubt: (-doubt.risk, doubt.line, doubt.quiet or doubt.readable, doubt.ordinal))


def _lines(view: View, wanted: set[int]) -> dict[int, dict[str, Any]]:
    """Stored lines by number; only pages that have one of them are opened."""
    rendition = view.shown()
    found: dict[int, dict[str, Any]] = {}
    for number, first, count in rendition.pages.values_list("number", "first_utterance", "utterances"):
        if wanted.isdisjoint(range(first, first + count)):
            continue
        page = rendition.pages.get(number=number)
        page.rendition = rendition
        found |= {line["n"]: line for line in page.content or [] if line["n"] in wanted}
    return found


def _placed(view: View, here: Ground, line: dict[str, Any], doubts: list[OpenDoubt]) -> Iterator[Doubt]:
    known, chips = here.places(line), here.chips(line, view.policy)
    for doubt in doubts:
        if doubt.whole_line:
            # Where the view hides nothing the line has no label.
            label = line["chips"][0]["label"] if line.get("hidden_whole") else not_checked_label(here.language_of(doubt.turn))
            yield Doubt(line["n"], 0, doubt.type, label, line.get("start"), doubt.score,
                        readable=not line.get("hidden_whole"), whole_line=True)  # fmt: skip
            continue
        said = here.suggestion(doubt.suggested_by)
        if doubt.quiet or in_text(doubt, view.policy):
            places = places_in(known, here.word_ids(doubt))
            if places:
                yield Doubt(
                    line["n"], places[0], doubt.type, shown_text(line, places), line["words"][places[0]].get("start"),
                    doubt.score, doubt.disputed, said, quiet=doubt.quiet, readable=not doubt.quiet,
                )  # fmt: skip
            continue
        ordinal = next((chips[item.id] for item in doubt.items if item.id in chips), None)
        if ordinal is not None:
            label = line["chips"][ordinal]["label"]
            yield Doubt(line["n"], ordinal, doubt.type, label, line.get("start"), doubt.score, doubt.disputed, said)


def places_in(known: Mapping[int, int], words: Iterable[int]) -> list[int]:
    """Where words stand in a line, by ``Ground.places``."""
    return sorted({known[word] for word in words if word in known})


def in_text(doubt: OpenDoubt, policy: Policy) -> bool:
    """Whether it is a finding that this policy does not hide: then it is decided about as words, not as a label."""
    return bool(doubt.items) and not any(review.hidden(item, policy) for item in doubt.items)


def shown_text(line: dict[str, Any], places: Iterable[int]) -> str:
    """Words of a line as the view shows them; what it hides of them is its label."""
    return " ".join(line["words"][place]["text"] for place in places)


def count(view: View) -> int:
    """How many are open, from the counts; what was not counted yet is opened. Raises NeedsChecking, StillHiding."""
    counted = DoubtCount.objects.filter(transcript=view.transcript, version=view.shown().version)
    total = counted.values_list("total", flat=True).first()
    return len(queue(view)) if total is None else total


def accepted_since(view: View) -> frozenset[str]:
    """Ids of findings that somebody found right, or left hidden, as the decisions name them."""
    acts = review.in_force(review_acts.acts_of(view.transcript))
    return frozenset(
        i for act in acts if act.decision in ("accept", "leave") for span in act.spans for i in span.get("findings", ())
    )  # fmt: skip
