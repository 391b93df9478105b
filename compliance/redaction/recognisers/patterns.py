"""Presidio's own pattern recognisers, on the text as it stands: what is said is read by the portal's own rules.

Their checksums raise a score; they are no gate: a misheard digit is still most of the number.
"""

from __future__ import annotations

from typing import Any

import tldextract
from presidio_analyzer import EntityRecognizer, RecognizerResult
from presidio_analyzer.predefined_recognizers import (
    CreditCardRecognizer,
    IbanRecognizer,
    UsItinRecognizer,
    UsSsnRecognizer,
)

from compliance.redaction.detections import PrivateType
from compliance.redaction.recognisers.base import DialogueArtifacts

# Presidio's e-mail and URL recognisers ask tldextract, which would fetch its list; this one has it in its package.
EXTRACT = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)

ENTITIES = {
    "CREDIT_CARD": PrivateType.CREDIT_CARD,
    "US_SSN": PrivateType.SSN,
    "US_ITIN": PrivateType.SSN,
    "IBAN_CODE": PrivateType.BANK_ACCOUNT,
}


class PortalPatternRecogniser(EntityRecognizer):
    """One of Presidio's recognisers under the portal's type."""

    def __init__(self, inner: EntityRecognizer, floor: float) -> None:
        self.inner = inner
        self.floor = floor
        super().__init__(
            supported_entities=[ENTITIES[e] for e in inner.supported_entities], name=type(inner).__name__, supported_language="en"
        )

    def load(self) -> None:
        """The inner recogniser loads itself."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:
        found = self.inner.analyze(text, self.inner.supported_entities, nlp_artifacts) or []
        results: list[RecognizerResult] = []
        for result in found:
            if result.score < self.floor:
                continue
            result.entity_type = ENTITIES[result.entity_type]
            if result.entity_type in entities and (
                not isinstance(nlp_artifacts, DialogueArtifacts) or _one_turn(result, nlp_artifacts)
            ):
                results.append(result)
        return results


def _one_turn(result: RecognizerResult, artifacts: DialogueArtifacts) -> bool:
    return artifacts.place(result.start)[0] == artifacts.place(result.end - 1)[0]


def pattern_recognisers() -> list[EntityRecognizer]:
    return [
        PortalPatternRecogniser(CreditCardRecognizer(), 0.3),
        PortalPatternRecogniser(UsSsnRecognizer(), 0.3),
        PortalPatternRecogniser(UsItinRecognizer(), 0.3),
        PortalPatternRecogniser(IbanRecognizer(), 0.5),
    ]
