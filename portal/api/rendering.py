"""What the API says of a transcription. Text, words and utterances come from the key's Rendition and nowhere else."""

from typing import Any, Final

from django.db import transaction

from compliance import audit
from compliance.audit import Target
from compliance.policies import readable
from portal.api.acting import Caller
from portal.api.transcription_shapes import WITHOUT_EFFECT
from transcription import key_view, problems, renditions
from transcription.models import Job, Recording, Rendition, Transcript
from vault.models import StoredObject, Upload

_STATUS: Final = {
    Job.State.WAITING: "queued",
    Job.State.TRANSCRIBING: "processing",
    Job.State.INGESTING: "processing",
    Job.State.REDACTING: "processing",
    Job.State.COMPLETED: "completed",
    Job.State.HELD: "processing",
    Job.State.FAILED: "error",
    Job.State.CANCELLED: "error",
}
HELD: Final = "held_for_review"
_FETCH_PROBLEM: Final = "The recording could not be fetched from its address."


def status_of(job: Job) -> str:
    """queued, processing, completed or error."""
    return _STATUS[Job.State(job.state)]


def created(job: Job, obj: StoredObject, given: dict[str, Any]) -> dict[str, Any]:
    """The answer to a request: where it stands, and what was asked for."""
    return _echo(given) | {
        "id": str(job.id),
        "status": _STATUS[Job.State(job.state)],
        "vault_id": str(obj.vault_id),
        "source_object_id": str(obj.id),
        "input_object_id": str(obj.id),
        "warnings": _warnings(given),
    }


def fetch(upload: Upload, given: dict[str, Any] | None = None) -> dict[str, Any]:
    """A request whose audio is still being fetched, or could not be."""
    obj = upload.object
    failed = obj.state == StoredObject.State.FAILED or upload.aborted_at is not None
    found = _echo(given or {}) | {
        "id": str(upload.id),
        "status": "error" if failed else "queued",
        "status_detail": obj.failure if failed else "fetching",
        "vault_id": str(obj.vault_id),
        "source_object_id": str(obj.id),
        "warnings": _warnings(given or {}),
    }
    return found | ({"error": _FETCH_PROBLEM} if failed else {})


def transcription(caller: Caller, job: Job, *, with_text: bool) -> dict[str, Any]:
    """How a Job stands; with the text when it is completed and may be shown. A read is recorded first."""
    transcript: Transcript | None = getattr(job, "transcript", None)
    source = Recording.objects.filter(proceeding=job.proceeding).order_by("position").first()
    found: dict[str, Any] = {
        "id": str(job.id),
        "status": _STATUS[Job.State(job.state)],
        "progress": round(job.progress, 3),
        "expected_at": job.expected_at.isoformat() if job.expected_at else None,
        "vault_id": str(job.proceeding.matter.vault_id),
        "source_object_id": str(source.object_id) if source else None,
        "input_object_id": str(source.object_id) if source else None,
        "warnings": _warnings(job.options),
    }
    if found["status"] == "error":
        explained = problems.explain(job.failure or "cancelled", job.failure_facts)
        return found | {
            "error": f"{explained.sentence} {explained.next_step}".strip(),
            "status_detail": explained.code,
        }
    if transcript is None or job.state not in {Job.State.COMPLETED, Job.State.HELD}:
        return found | {"status_detail": str(job.state)}
    transcript.proceeding = job.proceeding
    if transcript.state == Transcript.State.HELD:
        return found | {"status": "processing", "status_detail": HELD}
    try:
        rendition = key_view.rendition_of(caller.key, transcript)
    except renditions.NotShown:
        return found | {"status": "processing", "status_detail": "hiding"}
    return found | {"status": "completed"} | _completed(caller, job, transcript, rendition, with_text=with_text)


def _completed(caller: Caller, job: Job, transcript: Transcript, rendition: Rendition, *, with_text: bool) -> dict[str, Any]:
    policy = readable(rendition.policy)
    found: dict[str, Any] = {
        "audio_duration": round(transcript.duration_ms / 1000, 3),
        "confidence": transcript.confidence,
        "word_count": transcript.words,
        "language_code": transcript.language or job.proceeding.language,
        "speech_model": transcript.model,
        "version": transcript.version,
        "redaction": {
            "policy": policy.name,
            "version": policy.version,
            "requested": {
                "redact_pii": job.options.get("redact_pii"),
                "redact_pii_policies": job.options.get("redact_pii_policies"),
            },
            "applied": list(policy.hidden_types),
            "hidden_spans": rendition.hidden_spans,
            "hidden_counts": rendition.hidden_counts,
        },
        "warnings": _warnings(job.options, transcript),
    }
    if with_text:
        with transaction.atomic():
            audit.record(
                "transcription:transcript:read",
                organization_id=job.proceeding.matter.organization_id,
                actor=caller.actor,
                target=Target("transcript", transcript.id, job.proceeding.matter_id),
                merge=f"{rendition.version}.{rendition.edition}",
                policy=policy.name,
                version=rendition.version,
            )
        found |= _text(rendition)
    return found


def _text(rendition: Rendition) -> dict[str, Any]:
    lines: list[str] = []
    utterances: list[dict[str, Any]] = []
    words: list[dict[str, Any]] = []
    for turn in renditions.utterances(rendition):
        speaker = turn["speaker"]
        own = [_word(word, speaker) for word in turn["words"]]
        sure = [word["confidence"] for word in own if word["confidence"] is not None]
        lines.append(f"Speaker {speaker}: {turn['text']}")
        utterances.append(
            {
                "speaker": speaker,
                "text": turn["text"],
                "start": turn["start"],
                "end": turn["end"],
                "confidence": round(sum(sure) / len(sure), 4) if sure else None,
                "words": own,
            }
        )
        words += own
    return {"text": "\n".join(lines), "utterances": utterances, "words": words}


def _word(word: dict[str, Any], speaker: str) -> dict[str, Any]:
    return {
        "text": word["text"],
        "start": word["start"],
        "end": word["end"],
        "confidence": word["confidence"],
        "speaker": speaker,
        "hidden": word["hidden"],
    }


def _echo(given: dict[str, Any]) -> dict[str, Any]:
    """The request's flags, as case.dev repeats them; addresses and vocabulary are not repeated."""
    silent = {"audio_url", "webhook_url", "word_boost", "vault_id", "object_id"}
    return {name: value for name, value in given.items() if name not in silent}


def _warnings(options: dict[str, Any], transcript: Transcript | None = None) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []

    def warn(code: str, message: str) -> None:
        found.append({"code": code, "message": message})

    if options.get("redact_pii") is False:
        warn("redaction_overruled", "redact_pii: false is overruled: private details are hidden as the policy says.")
    for name in WITHOUT_EFFECT:
        if options.get(name):
            warn("option_without_effect", f"{name} has no effect here.")
    if transcript is not None and transcript.basic_engine:
        warn("basic_engine_draft", "BASIC ENGINE DRAFT: no speech model is installed, and many words are wrong.")
    if transcript is not None and transcript.speakers_guessed:
        warn("speakers_guessed", "The number of speakers is a guess; say speakers_expected when it is known.")
    if transcript is not None and transcript.words == 0:
        warn("silence", "No speech was found in this recording.")
    return found
