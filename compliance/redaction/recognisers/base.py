"""Presidio recognisers that see the dialogue."""

from __future__ import annotations

from abc import abstractmethod
from bisect import bisect_right
from collections.abc import Iterable
from typing import Any, ClassVar

from presidio_analyzer import AnalysisExplanation, LocalRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts

from compliance.redaction.dialogue import Dialogue
from compliance.redaction.view import DialogueView, Finding


class DialogueArtifacts(NlpArtifacts):
    """NlpArtifacts of one block of turns, with the whole dialogue beside it.

    ``turns`` are the block's turn numbers and ``starts`` where each begins in the block's text.
    """

    def __init__(self, *args: Any, view: DialogueView, turns: list[int], starts: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.view = view
        self.turns = turns
        self.starts = starts

    def place(self, offset: int) -> tuple[int, int]:
        """The turn and the offset in it of an offset in the block's text."""
        number = bisect_right(self.starts, offset) - 1
        return self.turns[number], offset - self.starts[number]


class DialogueRecogniser(LocalRecognizer):
    """A recogniser that looks at the whole conversation once and hands out its findings block by block.

    Subclasses say what they find in ``ENTITIES`` and find it in ``find``. Given plain text by somebody else's analyzer,
    the text is read as a conversation of one turn.
    """

    ENTITIES: ClassVar[tuple[str, ...]] = ()

    def __init__(self, supported_language: str = "en", name: str | None = None) -> None:
        super().__init__(
            supported_entities=list(self.ENTITIES), supported_language=supported_language, name=name or type(self).__name__
        )
        self.name: str = name or type(self).__name__

    def load(self) -> None:
        """Word lists are loaded when first used."""

    @abstractmethod
    def find(self, view: DialogueView) -> Iterable[Finding]:
        """Everything private that this recogniser can see in the dialogue."""

    def findings(self, view: DialogueView) -> dict[int, list[Finding]]:
        def make(v: DialogueView) -> dict[int, list[Finding]]:
            grouped: dict[int, list[Finding]] = {}
            for finding in self.find(v):
                if finding.end > finding.start:
                    grouped.setdefault(finding.turn, []).append(finding)
            return grouped

        return view.once(f"findings of {self.id}", make)

    def analyze(self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None) -> list[RecognizerResult]:
        if isinstance(nlp_artifacts, DialogueArtifacts):
            view, turns, starts = nlp_artifacts.view, nlp_artifacts.turns, nlp_artifacts.starts
        else:
            view, turns, starts = DialogueView(Dialogue.from_turns([("", text)])), [0], [0]
        grouped = self.findings(view)
        results: list[RecognizerResult] = []
        for turn, start in zip(turns, starts, strict=True):
            for finding in grouped.get(turn, ()):
                if finding.type in entities:
                    results.append(self._result(finding, start))
        return results

    def _result(self, finding: Finding, start: int) -> RecognizerResult:
        return RecognizerResult(
            entity_type=finding.type,
            start=start + finding.start,
            end=start + finding.end,
            score=finding.score,
            analysis_explanation=AnalysisExplanation(
                recognizer=self.name, original_score=finding.score, textual_explanation=finding.reason
            ),
            recognition_metadata={
                RecognizerResult.RECOGNIZER_NAME_KEY: self.name,
                RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
                "marks": finding.marks,
            },
        )
