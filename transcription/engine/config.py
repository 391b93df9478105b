"""What the engine is told at start, and the limits it keeps."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

#: case.dev's published limits, so that a recording refused here is refused there, too.
MAX_BYTES = 5 * 1024**3
MAX_SECONDS = 7 * 3600
#: Encoders pad and days are cut by hand: a recording this much over the limit is still taken.
GRACE_SECONDS = 60

#: Waiting jobs. Each costs a few kB; more than this would wait for days on one machine, and saying so is kinder.
MAX_QUEUED = 64
#: Said with 429: a short recording is done in about this time.
RETRY_AFTER_S = 30
#: A job is tried again once when its worker process dies; a recording that kills two workers would kill a third.
MAX_ATTEMPTS = 2
#: A worker that reports no progress for so long hangs: one step is at most 30 s of sound.
STALL_S = 900
#: After an answer was fetched it can be asked for again for so long (a reply may get lost), then it is forgotten.
FETCHED_KEEP_S = 600
#: A result nobody fetches, and an upload nobody uses, are forgotten after this.
RESULT_KEEP_S = 24 * 3600
UPLOAD_KEEP_S = 3600
#: A worker that has grown beyond this between jobs is replaced: decoders and arenas do not give everything back.
RECYCLE_BYTES = 1024**3


class ConfigError(Exception):
    """The engine cannot start as configured; the message names the setting and what is allowed."""


@dataclass(frozen=True, slots=True)
class EngineConfig:
    """One engine. `model` is a faster-whisper model's name, a folder with one, or `pocketsphinx`."""

    api_key: str = field(repr=False)
    webhook_secret: str = field(repr=False)
    model_dir: Path
    spool_dir: Path
    host: str = "127.0.0.1"
    port: int = 8100
    #: Recordings are fetched from, and webhooks sent to, addresses below this one only. None: by upload, no webhooks.
    public_url: str | None = None
    model: str = "base.en"
    offline: bool = False
    workers: int = 1
    #: Threads of one recogniser; 0 shares the machine's processors among the workers.
    threads: int = 0

    def __post_init__(self) -> None:
        if len(self.api_key) < 16:
            raise ConfigError("The engine's API key must have at least 16 characters.")
        if len(self.webhook_secret) < 16:
            raise ConfigError("The engine's webhook secret must have at least 16 characters.")
        if not 0 <= self.port < 65536:
            raise ConfigError(f"The engine's port must be between 0 and 65535, not {self.port}.")
        if not 1 <= self.workers <= 64:
            raise ConfigError(f"The engine needs 1 to 64 worker processes, not {self.workers}.")
        if self.public_url is not None and not self.public_url.startswith(("http://", "https://")):
            raise ConfigError("The public address must begin with http:// or https://.")

    def threads_each(self) -> int:
        """Threads for one worker's recogniser."""
        return self.threads or max(1, (os.cpu_count() or 1) // self.workers)
