"""Whether two views read the same: a digest over their lines, whatever decisions or checks have made them anew."""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from vault import secrets
from vault.models import Vault

_LABEL: Final = b"sealscript text of a view v1"


class Summing:
    """HMAC-SHA256 in hex, keyed by the vault, so that nobody without it can try texts against it. Raises keystore errors."""

    def __init__(self, vault: Vault, label: bytes = _LABEL) -> None:
        # The first secret: what was said of a text must be comparable after the vault's keys were rotated.
        keys = secrets.version(vault, 1)
        self._whole = hmac.new(hashlib.sha256(label + keys.field).digest(), digestmod="sha256")

    def add(self, value: object) -> None:
        data = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        self._whole.update(len(data).to_bytes(8, "big") + data)

    def lines(self, lines: Iterable[Mapping[str, Any]]) -> None:
        """Lines in the shape of a page's content."""
        for line in lines:
            self.add([line["n"], line["speaker"], line.get("start"), line.get("end"), line["text"]])

    def hexdigest(self) -> str:
        return self._whole.hexdigest()


def of(vault: Vault, lines: Iterable[Mapping[str, Any]]) -> str:
    """Of lines alone: no version, edition or policy is in it."""
    summing = Summing(vault)
    summing.lines(lines)
    return summing.hexdigest()
