"""What a measurement was made with: figures without it cannot be told from those of another model or other rules."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import Any

from compliance.redaction.detecting import DetectSettings
from compliance.redaction.engine import engine
from compliance.redaction.nlp import files_of

HOME = Path(__file__).parent
PACKAGE = "sealscript"


def made_by(settings: DetectSettings | None, command: str) -> dict[str, Any]:
    """Model, rules, version, date and command line. Raises DetectionFailed when the model cannot be loaded."""
    settings = settings or DetectSettings()
    loaded = engine(settings.model, settings.recogniser_file)
    file = Path(settings.recogniser_file) if settings.recogniser_file is not None else None
    pipelines: Any = getattr(loaded.nlp, "nlp", None) or {}
    folder = getattr(pipelines.get("en"), "path", None)
    return {
        "command": command,
        "date": datetime.now(UTC).isoformat(timespec="minutes"),
        "version": package_version(),
        "model": loaded.model,
        "model_digest": digest((path for path in folder.rglob("*") if path.suffix != ".md"), folder) if folder else None,
        "rules_digest": rules_digest(),
        "recognisers": list(dict.fromkeys(loaded.recognisers)),
        # Those that are not the portal's: where each comes from, and what it is called.
        "foreign": [[one.origin, one.name] for one in loaded.foreign],
        "recogniser_file_digest": digest([file], file.parent) if file else None,
    }


def package_version() -> str | None:
    """None where the portal runs from its folder and is not installed as a package."""
    try:
        return metadata.version(PACKAGE)
    except metadata.PackageNotFoundError:
        return None


def rules_digest() -> str:
    """Over the code and the word lists of ``compliance/redaction``; the model has a digest of its own."""
    return digest([*HOME.rglob("*.py"), *(HOME / "lexicon").glob("*.gz")], HOME)


@lru_cache(maxsize=4)
def fingerprint(model: str | None, recogniser_file: str | None) -> str:
    """12 hex digits of all that decides what these settings find: rules, word lists, model, an operator's recognisers.

    Reads files and loads no model; once a process, as the engine is loaded once. Raises OSError, ModuleNotFoundError.
    """
    seen = hashlib.sha256(rules_digest().encode())
    place = files_of(model)
    if place is not None and place.is_dir():
        seen.update(digest((path for path in place.rglob("*") if path.suffix != ".md"), place).encode())
    for path in (place if place is not None and place.is_file() else None, recogniser_file):
        seen.update(Path(path).read_bytes() if path is not None else b"\0")
    return seen.hexdigest()[:12]


def digest(files: Iterable[Path], home: Path) -> str:
    """SHA-256 over the names, lengths and bytes of files, in the order of their names."""
    seen = hashlib.sha256()
    for name, path in sorted((path.relative_to(home).as_posix(), path) for path in files if path.is_file()):
        data = path.read_bytes()
        seen.update(f"{name}\0{len(data)}\0".encode())
        seen.update(data)
    return seen.hexdigest()
