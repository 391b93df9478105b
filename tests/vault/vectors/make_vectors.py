"""Writes envelope_v1.json beside this file: fixed keys and salts in, sealed bytes out.

The committed file is the format's anchor: the tests open it and seal it again. Run this only when a new version of the
format is added; version 1 never changes.
"""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock
from uuid import UUID

from vault import envelope, sealing
from vault.manifest import Manifest

HERE = Path(__file__).parent
SEGMENT = 2**20


def material(label: str, length: int = 32) -> bytes:
    """Fixed "random" bytes of a readable origin."""
    return hashlib.shake_256(label.encode()).digest(length)


def with_random(label: str, act: Callable[[], Any]) -> Any:
    """Runs ``act`` with every random value replaced by material(label)."""

    def token_bytes(length: int) -> bytes:
        return material(label, length)

    with mock.patch.object(envelope.secrets, "token_bytes", token_bytes):
        return act()


def sealed_part(data_key: bytes, object_id: UUID, label: str, plain: bytes) -> tuple[bytes, envelope.PartInfo]:
    sealer = with_random(label, lambda: envelope.PartSealer(data_key, object_id))
    return sealer.header + sealer.update(plain) + sealer.finish(), sealer.info(1)


def parts() -> list[dict[str, Any]]:
    found = []
    for name, length in (
        ("empty", 0),
        ("one byte", 1),
        ("one segment less a byte", SEGMENT - 1),
        ("one full segment", SEGMENT),
        ("one segment and a byte", SEGMENT + 1),
        ("two full segments", 2 * SEGMENT),
    ):
        data_key, object_id = material(f"data key {name}"), UUID(bytes=material(f"object {name}", 16))
        part, info = sealed_part(data_key, object_id, f"salt {name}", material(f"plain {name}", length))
        manifest = Manifest.of(object_id, [info])
        found.append(
            {
                "name": name,
                "data_key": data_key.hex(),
                "object_id": str(object_id),
                "plain": {"shake_256": f"plain {name}", "length": length},
                "header": part[:60].hex(),
                "first_bytes": part[60:92].hex(),
                "last_bytes": part[-32:].hex(),
                "sha256": hashlib.sha256(part).hexdigest(),
                "part": part.hex() if length < 2 else None,
                "manifest": manifest.to_json().decode(),
                "sealed_manifest": with_random(
                    f"manifest salt {name}", lambda m=manifest, k=data_key: envelope.seal_manifest(k, m)
                ).hex(),
            }
        )
    return found


def values() -> dict[str, Any]:
    vault_secret = material("vault secret")
    keys = sealing.derive_vault_keys(vault_secret)
    place = {"organization": 7, "vault": "0b6c0f6e-5d2e-4c57-9d6b-111111111111", "object_id": "an-object"}
    row = {"table": "vault_matter", "row": 42, "column": "title"}
    return {
        "vault_secret": vault_secret.hex(),
        "wrapping": keys.wrapping.hex(),
        "field": keys.field.hex(),
        "index": keys.index.hex(),
        "wrapped_data_key": {
            "data_key": material("data key").hex(),
            "version": 3,
            **place,
            "blob": with_random(
                "nonce", lambda: sealing.wrap_data_key(keys.wrapping, material("data key"), version=3, **place)
            ).hex(),
        },
        "sealed_field": {
            "plain": "Doe v. Roe: Zoë",
            "version": 3,
            **row,
            "blob": with_random(
                "nonce", lambda: sealing.seal_field(keys.field, "Doe v. Roe: Zoë".encode(), version=3, **row)
            ).hex(),
        },
    }


def vectors() -> dict[str, Any]:
    return {"format": "sealscript envelope v1", "parts": parts(), "values": values()}


if __name__ == "__main__":
    (HERE / "envelope_v1.json").write_text(json.dumps(vectors(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
