"""case.dev's transcription protocol: spoken by case.dev and by the engine of this portal.

Two ways in: ``audio_url`` (a link), or an object of a vault there that was sent before. Answers of both kinds are read:
a transcript in the answer itself, or a managed result object (vault jobs) that is fetched.
"""

import contextlib
import ipaddress
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote, urlsplit

import httpx

from transcription.providers.base import (
    Deleted,
    Delivery,
    Description,
    Limits,
    Media,
    Notice,
    Order,
    ProviderError,
    Remote,
    RemoteState,
    Sent,
)
from transcription.providers.casedev import webhook
from transcription.signatures import Form

# case.dev's published limits: 5 GB, 7 hours, and these formats.
LIMITS: Final = Limits(
    max_bytes=5 * 2**30,
    max_ms=7 * 3600 * 1000 + 60_000,  # recorders run on for some seconds
    max_channels=8,
    containers=frozenset(
        {
            "aac",
            "amr",
            "asf",
            "avi",
            "flac",
            "matroska",
            "mov",
            "mp3",
            "mp4",
            "mpeg",
            "mpegts",
            "ogg",
            "wav",
            "webm",
            "m4a",
            "aiff",
            "caf",
            "w64",
        }
    ),  # fmt: skip
)
# Seven hours of words with times are some 15 MB of JSON; ten times that is not a transcript.
_ANSWER_LIMIT: Final = 160 * 2**20
_TIMEOUT: Final = httpx.Timeout(60, connect=10)
_PROBE_TIMEOUT: Final = httpx.Timeout(3)
# A retry-after beyond this is taken for a mistake of the other side.
_LONGEST_WAIT: Final = 3600.0
# The hosts that case.dev's upload addresses lead to (its vaults lie in S3).
_UPLOAD_SUFFIX: Final = ".amazonaws.com"
_STATES: Final[Mapping[str, RemoteState]] = {
    "completed": RemoteState.COMPLETED,
    "done": RemoteState.COMPLETED,
    "error": RemoteState.FAILED,
    "failed": RemoteState.FAILED,
    "preprocessing": RemoteState.PROCESSING,
    "processing": RemoteState.PROCESSING,
    "queued": RemoteState.QUEUED,
}
# What the engine (and case.dev's API, in its way) calls things -> our codes.
_CODES: Final[Mapping[str, str]] = {
    "busy": "provider_busy",
    "empty": "empty_file",
    "fetch_failed": "provider_error",
    "language_not_supported": "language_not_supported",
    "no_sound": "no_audio",
    "not_a_recording": "not_media",
    "too_large": "too_large",
    "too_long": "too_long",
    "zero_duration": "no_duration",
}


@dataclass(frozen=True, slots=True)
class Configuration:
    """One service of this protocol. ``external``: data sent there leaves the house."""

    name: str
    label: str
    url: str
    api_key: str = field(repr=False)
    region: str
    secrets: Mapping[Form, Sequence[str]] = field(repr=False)
    external: bool
    # Tests and trials put a transport of their own here.
    transport: httpx.BaseTransport | None = None


class CaseDev:
    """A ``Provider`` over case.dev's protocol."""

    limits = LIMITS

    def __init__(self, configuration: Configuration) -> None:
        self._conf = configuration
        self.name = configuration.name
        self.label = configuration.label
        self.region = configuration.region
        self.external = configuration.external
        self.hosts = frozenset({urlsplit(configuration.url).netloc})

    def delivery(self, public_url: str) -> Delivery:
        if not public_url:
            return Delivery.UPLOAD
        if self.external:
            return Delivery.LINK if _reachable_from_outside(public_url) else Delivery.UPLOAD
        # The engine stands in our house: what answers us answers it.
        with contextlib.suppress(httpx.HTTPError, httpx.InvalidURL):
            if httpx.get(f"{public_url}/healthz", timeout=_PROBE_TIMEOUT, trust_env=False).status_code == 200:
                return Delivery.LINK
        return Delivery.UPLOAD

    def describe(self) -> Description:
        if self.external:
            return Description(model="")
        answer = self._json("GET", "/healthz")
        return Description(str(answer.get("speech_model") or "")[:80], answer.get("basic_engine") is True)

    def send(self, media: Media) -> Sent:
        vault = self._vault()
        begun = self._json(
            "POST",
            f"/vault/{_path(vault)}/upload",
            # A neutral name: what people call their files is nobody else's business.
            {"filename": "recording", "contentType": media.content_type, "sizeBytes": media.size},
        )
        object_id, url = begun.get("objectId"), begun.get("uploadUrl")
        if not isinstance(object_id, str) or not isinstance(url, str) or not self._may_upload_to(url):
            raise ProviderError("provider_garbage", retryable=True)
        headers = {"Content-Type": media.content_type, "Content-Length": str(media.size)}
        with self._client(auth=False) as client, _as_provider_errors():
            _check(client.put(url, content=media.open(), headers=headers))
        self._json(
            "POST", f"/vault/{_path(vault)}/upload/{_path(object_id)}/confirm", {"success": True, "sizeBytes": media.size}
        )  # fmt: skip
        return Sent(
            {"vault_id": vault, "object_id": object_id},
            {"vault": vault if self.external else "", "object": f"{vault}/{object_id}"},
        )

    def create(self, order: Order) -> str:
        body: dict[str, Any] = {"speaker_labels": order.speaker_labels}
        if order.sent is not None:
            body |= dict(order.sent.fields) | {"format": "json"}
        else:
            body["audio_url"] = order.link
        optional = {
            "webhook_url": order.webhook_url,
            "language_code": order.language,
            "speakers_expected": order.speakers_expected,
            "multichannel": order.multichannel,
            "word_boost": list(order.vocabulary) or None,
        }
        body |= {name: value for name, value in optional.items() if value is not None}
        headers = {"Idempotency-Key": order.idempotency_key} if order.idempotency_key else {}
        answer = self._json("POST", "/voice/transcription", body, headers)
        return _id(answer.get("id"))

    def retrieve(self, provider_id: str) -> Remote:
        raw = self._raw("GET", f"/voice/transcription/{_path(provider_id)}", params={"include_text": "true"})
        answer = _object(raw)
        state = _STATES.get(str(answer.get("status")))
        if state is None:
            raise ProviderError("provider_garbage", retryable=True)
        if state is RemoteState.FAILED:
            code = _CODES.get(str(answer.get("code")), "provider_error")
            return Remote(provider_id, state, code=code, retryable=answer.get("retryable") is True)
        if state is not RemoteState.COMPLETED:
            return Remote(provider_id, state, progress=_share(answer.get("progress")))
        managed = answer.get("result_object_id"), answer.get("vault_id")
        if not answer.get("utterances") and not answer.get("words") and all(isinstance(x, str) for x in managed):
            raw = self._managed_result(str(managed[1]), str(managed[0]), answer) or raw
        return Remote(provider_id, state, progress=1.0, answer=raw)

    def _managed_result(self, vault: str, object_id: str, head: dict[str, Any]) -> bytes | None:
        """The result object of a vault job, joined with what the answer said; None where it is text only."""
        with self._client() as client, _as_provider_errors():
            path = f"/vault/{_path(vault)}/objects/{_path(object_id)}/download"
            raw = _read(client, client.build_request("GET", path))
        try:
            result = json.loads(raw)
        except ValueError:
            return None
        if not isinstance(result, dict) or not (result.get("utterances") or result.get("words")):
            return None
        return json.dumps({**head, **result}).encode()

    def delete(self, provider_id: str) -> Deleted:
        path = f"/voice/transcription/{_path(provider_id)}"
        return self._deleted("transcription", path)

    def clean(self, leftovers: Mapping[str, str]) -> Deleted:
        steps: list[Mapping[str, Any]] = []
        confirmed = True
        vault, _, object_id = leftovers.get("object", "").partition("/")
        paths = [("object", f"/vault/{_path(vault)}/objects/{_path(object_id)}")] if object_id else []
        if leftovers.get("vault"):
            paths.append(("vault", f"/vault/{_path(leftovers['vault'])}"))
        for what, path in paths:
            done = self._deleted(what, path)
            steps.extend(done.steps)
            confirmed = confirmed and done.confirmed
        return Deleted(tuple(steps), confirmed)

    def _deleted(self, what: str, path: str) -> Deleted:
        with self._client() as client, _as_provider_errors():
            response = client.request("DELETE", path, headers={"Accept": "*/*"})
            if response.status_code != 404:
                _check(response)
            after = client.request("GET", path)
            if after.status_code == 405:
                # Where there is no way to look, a second deletion tells: there must be nothing to delete.
                after = client.request("DELETE", path, headers={"Accept": "*/*"})
        steps = (
            {"method": "DELETE", "what": what, "status": response.status_code},
            {"method": "GET", "what": what, "status": after.status_code},
        )
        return Deleted(steps, after.status_code in (404, 410))

    def believe(self, headers: Mapping[str, str], body: bytes, now: float) -> Notice:
        return webhook.believe(self._conf.secrets, headers, body, now)

    # --- HTTP --------------------------------------------------------------------------------------------------

    def _vault(self) -> str:
        """A vault there for one recording. The engine takes any id; at case.dev one is made and deleted afterwards."""
        if not self.external:
            return "portal"
        return _id(self._json("POST", "/vault", {"name": "transcription", "enableIndexing": False}).get("id"))

    def _may_upload_to(self, url: str) -> bool:
        parts = urlsplit(url)
        if parts.username is not None or parts.password is not None:
            return False
        if parts.netloc in self.hosts:
            return parts.scheme == urlsplit(self._conf.url).scheme
        return self.external and parts.scheme == "https" and (parts.hostname or "").endswith(_UPLOAD_SUFFIX)

    def _client(self, *, auth: bool = True) -> httpx.Client:
        return httpx.Client(
            base_url=self._conf.url,
            headers={"Authorization": f"Bearer {self._conf.api_key}"} if auth else {},
            timeout=_TIMEOUT,
            follow_redirects=False,
            trust_env=False,
            transport=self._conf.transport,
        )

    def _raw(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
    ) -> bytes:
        with self._client() as client, _as_provider_errors():
            return _read(client, client.build_request(method, path, json=body, headers=headers, params=params))

    def _json(
        self, method: str, path: str, body: dict[str, Any] | None = None, headers: Mapping[str, str] | None = None
    ) -> dict[str, Any]:  # fmt: skip
        return _object(self._raw(method, path, body, headers))


@contextlib.contextmanager
def _as_provider_errors() -> Iterator[None]:
    try:
        yield
    except httpx.HTTPError:
        # The message may hold an address; only the kind is told.
        raise ProviderError("provider_down", retryable=True) from None


def _read(client: httpx.Client, request: httpx.Request) -> bytes:
    response = client.send(request, stream=True)
    try:
        body = bytearray()
        for piece in response.iter_bytes():
            body += piece
            if len(body) > _ANSWER_LIMIT:
                raise ProviderError("provider_garbage", status=response.status_code)
        _check(response, bytes(body))
        return bytes(body)
    finally:
        response.close()


def _check(response: httpx.Response, body: bytes | None = None) -> None:
    status = response.status_code
    if 200 <= status < 300:
        return
    if status in (401, 403):
        raise ProviderError("provider_auth", status=status)
    if status in (404, 410):
        raise ProviderError("provider_refused", status=status, unknown_id=True)
    if status in (408, 425, 429) or status >= 500:
        code = "provider_down" if status >= 500 else "provider_busy"
        raise ProviderError(code, retryable=True, retry_after=_retry_after(response), status=status)
    raw = response.content if body is None else body
    try:
        said = json.loads(raw)
    except ValueError:
        said = None
    code = _CODES.get(str(said.get("code")), "provider_refused") if isinstance(said, dict) else "provider_refused"
    retryable = isinstance(said, dict) and said.get("retryable") is True
    raise ProviderError(code, status=status, retryable=retryable)


def _retry_after(response: httpx.Response) -> float | None:
    try:
        seconds = float(response.headers.get("retry-after", ""))
    except ValueError:
        return None
    return min(seconds, _LONGEST_WAIT) if math.isfinite(seconds) and seconds >= 0 else None


def _object(raw: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(raw)
    except (ValueError, RecursionError):
        raise ProviderError("provider_garbage", retryable=True) from None
    if not isinstance(answer, dict):
        raise ProviderError("provider_garbage", retryable=True)
    return answer


def _id(value: Any) -> str:
    if not isinstance(value, str) or not 1 <= len(value) <= 120 or not value.isprintable():
        raise ProviderError("provider_garbage", retryable=True)
    return value


def _path(value: str) -> str:
    return quote(value, safe="")


def _share(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return min(1.0, max(0.0, float(value)))


def _reachable_from_outside(public_url: str) -> bool:
    """https with a name or a public address. A name may still not resolve outside: then the provider's fetch fails."""
    parts = urlsplit(public_url)
    host = parts.hostname or ""
    if parts.scheme != "https" or host == "localhost" or "." not in host:
        return False
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return not host.endswith((".local", ".internal", ".localhost", ".test", ".example"))
