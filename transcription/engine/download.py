"""Fetching a model by name from the place faster-whisper knows; imported in a child process only."""

from __future__ import annotations

import signal
from multiprocessing.connection import Connection
from pathlib import Path

import httpx
from faster_whisper.utils import available_models, download_model
from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError


def find(name: str, folder: str, *, local_only: bool) -> str | None:
    """The folder of the model called `name` below `folder`, fetched into it unless `local_only`; None without one."""
    if name not in available_models():
        return None
    try:
        found: str = download_model(name, cache_dir=folder, local_files_only=local_only)
    except (LocalEntryNotFoundError, HfHubHTTPError, httpx.HTTPError, OSError, ValueError):
        return None  # the supervisor says so and tries again later
    return found if (Path(found) / "model.bin").is_file() else None


def main(name: str, folder: str, local_only: bool, answer: Connection) -> None:
    """In a child process: send the model's folder, or None."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answer.send(find(name, folder, local_only=local_only))
