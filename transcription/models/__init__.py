from transcription.models.job import Job, OutboundNotice, Submission, WebhookReceipt
from transcription.models.lease import Lease
from transcription.models.pattern import PatternSetting
from transcription.models.proceeding import Proceeding, Recording
from transcription.models.review import Reveal, ReviewAct, Revision, SignOff
from transcription.models.transcript import (
    DetectionSet,
    DoubtCount,
    Rendition,
    RenditionPage,
    Speaker,
    Transcript,
)

__all__ = [
    "DetectionSet",
    "DoubtCount",
    "Job",
    "Lease",
    "OutboundNotice",
    "PatternSetting",
    "Proceeding",
    "Recording",
    "Rendition",
    "RenditionPage",
    "Reveal",
    "ReviewAct",
    "Revision",
    "SignOff",
    "Speaker",
    "Submission",
    "Transcript",
    "WebhookReceipt",
]
