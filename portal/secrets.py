"""Secrets that the portal needs before anything else.

In the embedded profile a missing secret is made once and kept in ``$DATA_DIR/secrets`` (0700, files 0600); in the
production profile a missing secret stops the start.
"""

import os
import secrets as random
from pathlib import Path

from portal import env

# Of a secret that somebody typed: shorter ones can be guessed.
SHORTEST = 32


def read_or_make(name: str, folder: Path, *, embedded: bool) -> str:
    """The secret ``name`` from the environment (or ``NAME_FILE``), else from ``folder``, made there on first use.

    Raises env.BadSetting in the production profile when it is not configured.
    """
    value = env.secret(name)
    if value and len(value) < SHORTEST:
        raise env.BadSetting(f"{name} must have at least {SHORTEST} characters.")
    if value:
        return value
    if not embedded:
        raise env.BadSetting(f"{name} (or {name}_FILE) is required in the production profile.")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / name.lower()
    try:
        # O_EXCL: of several processes that start at once, one makes the secret and the others read it.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read_when_written(path)
    with os.fdopen(descriptor, "w", encoding="ascii") as handle:
        value = random.token_urlsafe(48)
        handle.write(value)
        handle.flush()
        os.fsync(handle.fileno())
    return value


def _read_when_written(path: Path) -> str:
    for _ in range(100):
        value = path.read_text(encoding="ascii").strip()
        if value:
            return value
        # The maker holds the file open for microseconds; a killed maker leaves it empty for ever.
        os.sched_yield()
    raise env.BadSetting(f"The secret file {path.name} in the data directory is empty: delete it and start again.")


def key_ring(name: str, folder: Path, *, embedded: bool) -> dict[str, str]:
    """Keys with ids, ``id:secret`` separated by commas, newest last; a bare secret gets the id ``1``.

    All of them verify, the last one signs: adding one rotates without downtime.
    """
    ring: dict[str, str] = {}
    for item in read_or_make(name, folder, embedded=embedded).split(","):
        key_id, colon, value = item.strip().partition(":")
        if not colon:
            key_id, value = "1", key_id
        if not key_id.isalnum() or len(value) < SHORTEST:
            raise env.BadSetting(f"{name} must be id:secret[,id:secret…] with secrets of at least {SHORTEST} characters.")
        ring[key_id] = value
    return ring
