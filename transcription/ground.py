"""A version's text with what is private in it: what decisions, reveals and doubts stand on. Opened when first needed."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from compliance.redaction import Detections, Dialogue, Policy
from portal.errors import Conflict, NotFound
from transcription import reading, review, review_acts, second_pass, weighing
from transcription.models import DetectionSet, ReviewAct, Transcript
from transcription.reading import View
from transcription.review import REASONS, Act, Region
from transcription.weighing import OpenDoubt, Weight


class ChangedMeanwhile(Conflict):
    code = "changed_meanwhile"
    message = "Somebody changed this transcript in the meantime. Look at the newest text and try again."


class Ground:
    def __init__(self, transcript: Transcript, version: int) -> None:
        self.transcript = transcript
        self.version = version

    @classmethod
    def of(cls, view: View) -> "Ground":
        """Of what this view shows. Raises NeedsChecking, StillHiding."""
        return cls(view.transcript, view.shown().version)

    @cached_property
    def dialogue(self) -> Dialogue:
        return second_pass.dialogue_of(self.transcript, second_pass.current_text(self.transcript, self.version))

    @cached_property
    def row(self) -> DetectionSet | None:
        return DetectionSet.objects.filter(transcript=self.transcript, version=self.version).first()

    @cached_property
    def found(self) -> Detections:
        """Raises StillHiding where no pass was finished."""
        if self.row is None:
            raise reading.StillHiding
        self.row.transcript = self.transcript
        return Detections.from_dict(self.row.detections)

    def stands(self) -> bool:
        """Whether these are still the findings: it may have been checked again meanwhile, or a line was read as English.
        While the transcript is locked."""
        if self.row is None:
            return True
        same = DetectionSet.objects.filter(
            pk=self.row.pk, words_version=self.row.words_version, rereads=self.row.rereads, told=self.row.told
        )
        return same.exists()

    @cached_property
    def acts(self) -> list[Act]:
        return review_acts.acts_of(self.transcript)

    @cached_property
    def applied(self) -> review.Applied:
        return review.applied(self.dialogue, self.found, self.acts)

    @cached_property
    def doubts(self) -> list[OpenDoubt]:
        return weighing.open_doubts(self.dialogue, self.applied)

    def weight(self, acts: Iterable[Act]) -> Weight | None:
        """What these decisions leave open to doubt; None where no pass was finished."""
        try:
            found = self.found
        except reading.StillHiding:
            return None
        return weighing.weight(self.dialogue, found, acts)

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

    def language_of(self, n: int) -> str | None:
        """The code of the language for which a line is hidden whole."""
        return next((line.language for line in self.applied.detections.hidden_turns if line.turn == n), None)

    def text(self, region: Region) -> str:
        return self.dialogue.turns[region.turn].text[region.start : region.end]

    def span(self, region: Region, type_: str, *, only: bool = False) -> dict[str, Any]:
        """A region as a decision keeps it: by its words, with what they read. ``only``: its findings, no others there."""
        words = review.covered(self.dialogue.turns[region.turn], region.start, region.end)
        span: dict[str, Any] = {
            "words": [word.id for word in words],
            "type": type_,
            "text": review.span_text(words),
            # Of this version; in others it is the words that count.
            "findings": [item.id for item in region.items],
        }
        return span | ({"only": sorted({item.type for item in region.items})} if only else {})

    def words_at(self, line: dict[str, Any]) -> list[list[int]]:
        """For each shown word of a line the ids of the words under it: a label stands for several. Raises ChangedMeanwhile."""
        n = line["n"]
        ids = [word.id for word in self.dialogue.turns[n].words] if n < len(self.dialogue.turns) else []
        position = {word: place for place, word in enumerate(ids)}
        try:
            starts = [position[word["id"]] for word in line.get("words") or []]
        except KeyError:
            raise ChangedMeanwhile from None
        return [ids[low:high] for low, high in zip(starts, [*starts[1:], len(ids)], strict=True)]

    def places(self, line: dict[str, Any]) -> dict[int, int]:
        """Where each word of the text stands among the shown words of its line (0..), by id."""
        return {word: place for place, ids in enumerate(self.words_at(line)) for word in ids}

    def chips(self, line: dict[str, Any], policy: Policy) -> dict[str, int]:
        """Under which label of its line (0..) each hidden finding lies, by id: as ``region``, for all at once."""
        leads = {shown["detection"]: ordinal for ordinal, shown in enumerate(line.get("chips") or [])}
        hidden = [d for d in self.applied.detections.items if d.turn == line["n"] and review.hidden(d, policy)]
        found: dict[str, int] = {}
        for group in weighing.overlapping(hidden):
            ordinal = next((leads[item.id] for item in group if item.id in leads), None)
            if ordinal is not None:
                found |= {item.id: ordinal for item in group}
        return found

    def word_ids(self, doubt: OpenDoubt) -> list[int]:
        """The words of a doubt."""
        if doubt.words:
            return list(doubt.words)
        turn = self.dialogue.turns[doubt.turn]
        start, end = min(item.start for item in doubt.items), max(item.end for item in doubt.items)
        low = bisect_right(turn.words, start, key=lambda word: word.char_end)
        high = bisect_left(turn.words, end, key=lambda word: word.char_start)
        return [word.id for word in turn.words[low:high]]

    @cached_property
    def _suggestions(self) -> dict[int, str]:
        made = ReviewAct.objects.filter(transcript=self.transcript, decision=ReviewAct.Decision.SUGGEST)
        return dict(made.values_list("number", "reason"))

    def suggestion(self, number: int | None) -> str:
        """Why somebody suggests that something is not private, in words; "" where nobody does."""
        reason = "" if number is None else self._suggestions.get(number, "")
        return REASONS["suggest"].get(reason, reason)
