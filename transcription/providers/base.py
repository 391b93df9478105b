"""What a speech service has to be: one Protocol, plain values, one kind of error.

A provider knows nothing of rows, matters or policies. It opens sockets to its ``hosts`` only, follows no redirect, waits
for nothing (whoever calls it decides when to try again) and never puts content or an address into an error.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol


class Delivery(StrEnum):
    """How a provider gets the audio: it fetches a link, or we send it."""

    LINK = "link"
    UPLOAD = "upload"


class RemoteState(StrEnum):
    COMPLETED = "completed"
    FAILED = "failed"
    PROCESSING = "processing"
    QUEUED = "queued"


class ProviderError(Exception):
    """What went wrong, as a code of ``transcription.problems``.

    ``retryable``: the same request may succeed later, not before ``retry_after`` seconds where the provider said so.
    ``unknown_id``: the provider does not know the id that was asked for. ``status``: the HTTP status, if there was one.
    """

    def __init__(
        self,
        code: str,
        *,
        retryable: bool = False,
        retry_after: float | None = None,
        status: int | None = None,
        unknown_id: bool = False,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.retryable = retryable
        self.retry_after = retry_after
        self.status = status
        self.unknown_id = unknown_id


@dataclass(frozen=True, slots=True)
class Limits:
    """``containers``: FFmpeg's names of the formats that are taken."""

    max_bytes: int
    max_ms: int
    max_channels: int
    containers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Media:
    """A recording to send: ``open`` gives its bytes from the beginning, as often as it is called."""

    open: Callable[[], Iterator[bytes]] = field(repr=False)
    size: int
    content_type: str


@dataclass(frozen=True, slots=True)
class Sent:
    """What the provider has after an upload: fields for the request, and what must be deleted there afterwards."""

    fields: Mapping[str, str] = field(repr=False)
    leftovers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Order:
    """One transcription as asked for. Exactly one of ``link`` and ``sent`` is given."""

    link: str | None = field(default=None, repr=False)
    sent: Sent | None = None
    webhook_url: str | None = field(default=None, repr=False)
    idempotency_key: str = field(default="", repr=False)
    language: str | None = None
    speaker_labels: bool = True
    speakers_expected: int | None = None
    multichannel: bool | None = None
    vocabulary: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Remote:
    """How a transcription stands there. ``answer``: the raw body when COMPLETED; ``code``, ``retryable`` when FAILED."""

    id: str
    state: RemoteState
    progress: float | None = None
    answer: bytes | None = field(default=None, repr=False)
    code: str = ""
    retryable: bool = False


@dataclass(frozen=True, slots=True)
class Deleted:
    """Proof of a deletion: ``steps`` are {method, what, status}; ``confirmed``: asked afterwards, it was not there."""

    steps: tuple[Mapping[str, Any], ...]
    confirmed: bool

    @property
    def status(self) -> int:
        return int(self.steps[0]["status"]) if self.steps else 0


@dataclass(frozen=True, slots=True)
class Notice:
    """A believed webhook. ``message_id`` where its form has one."""

    scheme: str
    provider_id: str
    state: RemoteState | None
    message_id: str | None = None


@dataclass(frozen=True, slots=True)
class Description:
    """What people are told of the service: the model in use, and whether it is the basic engine."""

    model: str
    basic: bool = False


class Provider(Protocol):
    """A speech service. All calls may raise ProviderError."""

    name: str
    label: str
    region: str
    # Hosts (with port) that data goes to: checked against the list of allowed ones before a socket opens.
    hosts: frozenset[str]
    # Data sent there leaves our house: an agreement is needed.
    external: bool
    limits: Limits

    def delivery(self, public_url: str) -> Delivery:
        """LINK where the provider can reach ``public_url``."""

    def describe(self) -> Description: ...

    def send(self, media: Media) -> Sent:
        """Streams the recording to the provider."""

    def create(self, order: Order) -> str:
        """Asks for a transcription; its id there."""

    def retrieve(self, provider_id: str) -> Remote: ...

    def delete(self, provider_id: str) -> Deleted:
        """Deletes a transcription there and asks whether it is gone. What is gone already counts as deleted."""

    def clean(self, leftovers: Mapping[str, str]) -> Deleted:
        """Deletes what ``send`` left there."""

    def believe(self, headers: Mapping[str, str], body: bytes, now: float) -> Notice:
        """Verifies a webhook over its raw bytes, then reads it.

        Raises signatures.SignatureError when it is not to be believed, ValueError when what was signed is not a notice.
        """
