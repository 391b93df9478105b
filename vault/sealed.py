"""Sealed fields: text and JSON in database columns under a vault's field key.

A model keeps ciphertext in a ``…_sealed`` BinaryField and offers the plain value as a property::

    title_sealed = models.BinaryField(default=bytes)
    title = sealed_text("title_sealed")

Table, row, column and key version are associated data, so a ciphertext moved to another row does not open. The model says
by ``sealing_vault`` which vault's keys apply; the row's id must be set (all sealed models have UUID keys).
"""

import json
from typing import Any

from vault import sealing, secrets


def seal_bytes(instance: Any, column: str, plain: bytes) -> bytes:
    """``plain`` under the field key of the instance's vault. Raises keystore errors; nothing is stored by this."""
    version, keys = secrets.current(instance.sealing_vault)
    return sealing.seal_field(
        keys.field, plain, table=instance._meta.db_table, row=str(instance.pk), column=column, version=version
    )


def open_bytes(instance: Any, column: str, sealed: bytes) -> bytes:
    """The plain bytes. Raises sealing.SealBroken for anything altered or moved, keystore.KeyDestroyed after erasure."""
    version = sealing.blob_version(sealed)
    keys = secrets.version(instance.sealing_vault, version)
    return sealing.open_field(keys.field, sealed, table=instance._meta.db_table, row=str(instance.pk), column=column)


class _Sealed(property):
    """A property over a sealed column. Django lets a model's constructor set properties by keyword."""

    def __init__(self, column: str, *, as_json: bool) -> None:
        self.column = column

        def read(instance: Any) -> Any:
            stored = bytes(getattr(instance, column) or b"")
            if not stored:
                return None if as_json else ""
            plain = open_bytes(instance, column, stored)
            return json.loads(plain) if as_json else plain.decode()

        def write(instance: Any, value: Any) -> None:
            if value is None or (value == "" and not as_json):
                setattr(instance, column, b"")
                return
            plain = json.dumps(value, ensure_ascii=False, separators=(",", ":")) if as_json else str(value)
            setattr(instance, column, seal_bytes(instance, column, plain.encode()))

        super().__init__(read, write)


def sealed_text(column: str) -> Any:
    """A text property over the sealed column; empty text is stored as no bytes."""
    return _Sealed(column, as_json=False)


def sealed_json(column: str) -> Any:
    """A JSON property over the sealed column; None is stored as no bytes."""
    return _Sealed(column, as_json=True)


def sealed_raw(column: str) -> Any:
    """A bytes property over the sealed column, for what is kept as it came."""

    def read(instance: Any) -> bytes:
        stored = bytes(getattr(instance, column) or b"")
        return open_bytes(instance, column, stored) if stored else b""

    def write(instance: Any, value: bytes) -> None:
        setattr(instance, column, seal_bytes(instance, column, value) if value else b"")

    return property(read, write)
