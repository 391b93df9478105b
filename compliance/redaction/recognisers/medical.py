"""Conditions, symptoms, drugs, procedures, injuries."""

from __future__ import annotations

from collections.abc import Iterable

from compliance.redaction.detections import PrivateType
from compliance.redaction.recognisers.base import DialogueRecogniser
from compliance.redaction.view import DialogueView, Finding


class MedicalRecogniser(DialogueRecogniser):
    ENTITIES = (PrivateType.MEDICAL,)

    def find(self, view: DialogueView) -> Iterable[Finding]:
        return []
