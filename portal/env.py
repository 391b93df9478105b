"""Typed readers for the environment. The only place that looks at ``os.environ``.

Every reader rejects nonsense at start with the variable's name in the message, never its value. A secret may be given
as ``NAME`` or, for orchestrators that mount secrets, as a file named by ``NAME_FILE``.
"""

import os
from pathlib import Path
from urllib.parse import urlsplit


class BadSetting(Exception):
    """An environment variable that cannot be used; the message names it and says what is allowed."""


def text(name: str, default: str | None = None) -> str:
    """The variable's text. Raises BadSetting when it is missing and there is no default."""
    value = os.environ.get(name, "")
    if value:
        return value
    if default is None:
        raise BadSetting(f"{name} is not set.")
    return default


def flag(name: str, default: bool = False) -> bool:
    """1/true/yes/on or 0/false/no/off."""
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise BadSetting(f"{name} must be one of 1, true, yes, on, 0, false, no, off.")


def number(name: str, default: int, low: int = 0, high: int = 2**40) -> int:
    """A whole number within [low, high]."""
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    try:
        found = int(value)
    except ValueError:
        raise BadSetting(f"{name} must be a whole number.") from None
    if not low <= found <= high:
        raise BadSetting(f"{name} must be between {low} and {high}.")
    return found


def url(name: str, default: str, schemes: tuple[str, ...] = ("http", "https")) -> str:
    """An absolute URL without a trailing slash; empty stays empty (where the default is empty)."""
    value = os.environ.get(name, "").strip() or default
    if not value:
        return ""
    parts = urlsplit(value)
    if parts.scheme not in schemes or not parts.netloc:
        raise BadSetting(f"{name} must be an absolute URL that begins with {' or '.join(s + '://' for s in schemes)}.")
    return value.rstrip("/")


def listing(name: str, default: str = "") -> list[str]:
    """Comma-separated items, blanks dropped."""
    return [item.strip() for item in os.environ.get(name, default).split(",") if item.strip()]


def directory(name: str, default: Path) -> Path:
    """A directory as an absolute path; it need not exist yet."""
    return Path(os.environ.get(name, "") or default).expanduser().resolve()


def secret(name: str) -> str:
    """``NAME`` or the content of the file that ``NAME_FILE`` names; empty when neither is set."""
    value = os.environ.get(name, "")
    if value:
        return value
    path = os.environ.get(f"{name}_FILE", "")
    if not path:
        return ""
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise BadSetting(f"{name}_FILE cannot be read ({error.strerror}).") from None


def has(name: str) -> bool:
    """Whether the variable is set to something."""
    return bool(os.environ.get(name))
