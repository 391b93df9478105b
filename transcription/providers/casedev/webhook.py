"""case.dev's notices: believed over their raw bytes in whichever form is configured, then read."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from transcription.providers.base import Notice, RemoteState
from transcription.signatures import Form, verify

_STATES: Final = {
    "completed": RemoteState.COMPLETED,
    "error": RemoteState.FAILED,
    "failed": RemoteState.FAILED,
    "voice.transcription.completed": RemoteState.COMPLETED,
    "voice.transcription.failed": RemoteState.FAILED,
}


def believe(
    secrets: Mapping[Form, Sequence[str]], headers: Mapping[str, str], body: bytes, now: float
) -> Notice:  # fmt: skip
    """Two bodies are known: ``{transcript_id, status}`` and, of events, ``{type, data: {id}}``.

    Raises SignatureError, ValueError for a signed body that is neither.
    """
    verified = verify(headers, body, secrets, now)
    try:
        data: Any = json.loads(body)
    except (ValueError, RecursionError):
        raise ValueError("The notice is not JSON.") from None
    if not isinstance(data, dict):
        raise ValueError("The notice is not a JSON object.")
    given = data.get("data")
    inner: dict[str, Any] = given if isinstance(given, dict) else {}
    found = data.get("transcript_id") or inner.get("transcription_id") or inner.get("id") or data.get("id")
    if not isinstance(found, str) or not 1 <= len(found) <= 120:
        raise ValueError("The notice names no transcription.")
    state = _STATES.get(str(data.get("status") or data.get("type")))
    return Notice("+".join(verified.forms)[:24], found, state, verified.message_id)
