"""Wrapped keys and sealed fields open in their place only."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from vault.sealing import (
    SealBroken,
    bind,
    blob_version,
    derive,
    derive_vault_keys,
    new_key,
    open_field,
    seal_field,
    unwrap_data_key,
    wrap_data_key,
)

DATA = Path(__file__).parents[1] / "data" / "vectors"
VALUES = json.loads((Path(__file__).parent / "vectors" / "envelope_v1.json").read_text(encoding="utf-8"))["values"]
WRAPPING, FIELD = new_key(), new_key()
PLACE = {"organization": 1, "vault": "v", "object_id": "o"}
ROW = {"table": "vault_matter", "row": 12, "column": "title"}


def wycheproof(name: str) -> list[Any]:
    groups = json.loads((DATA / name).read_text(encoding="utf-8"))["testGroups"]
    return [(group, case) for group in groups for case in group["tests"]]


def test_the_committed_values_open_and_the_labels_give_the_committed_keys() -> None:
    keys = derive_vault_keys(bytes.fromhex(VALUES["vault_secret"]))
    assert [keys.wrapping.hex(), keys.field.hex(), keys.index.hex()] == [
        VALUES["wrapping"],
        VALUES["field"],
        VALUES["index"],
    ]
    wrapped, sealed = VALUES["wrapped_data_key"], VALUES["sealed_field"]
    place = {name: wrapped[name] for name in PLACE}
    assert unwrap_data_key(keys.wrapping, bytes.fromhex(wrapped["blob"]), **place).hex() == wrapped["data_key"]
    row = {name: sealed[name] for name in ROW}
    assert open_field(keys.field, bytes.fromhex(sealed["blob"]), **row).decode() == sealed["plain"]
    assert blob_version(bytes.fromhex(sealed["blob"])) == sealed["version"]


def test_the_three_keys_differ_and_are_not_shown() -> None:
    keys = derive_vault_keys(new_key())
    assert len({keys.wrapping, keys.field, keys.index}) == 3
    assert keys.wrapping.hex() not in repr(keys)
    assert "wrapping" not in repr(keys)


@given(plain=st.binary(max_size=200), version=st.integers(0, 2**32 - 1))
def test_a_field_comes_back_and_tells_its_version(plain: bytes, version: int) -> None:
    blob = seal_field(FIELD, plain, version=version, **ROW)
    assert open_field(FIELD, blob, **ROW) == plain
    assert blob_version(blob) == version


@pytest.mark.parametrize("change", [{"table": "vault_other"}, {"row": 13}, {"row": "112"}, {"column": "parties"}])
def test_a_field_moved_to_another_place_is_refused(change: dict) -> None:
    blob = seal_field(FIELD, b"Doe v. Roe", version=1, **ROW)
    with pytest.raises(SealBroken):
        open_field(FIELD, blob, **(ROW | change))


def test_neither_key_version_nor_any_other_byte_can_be_altered() -> None:
    for blob, open_it in (
        (seal_field(FIELD, b"Doe", version=1, **ROW), lambda b: open_field(FIELD, b, **ROW)),
        (wrap_data_key(WRAPPING, new_key(), version=1, **PLACE), lambda b: unwrap_data_key(WRAPPING, b, **PLACE)),
    ):
        for place in range(len(blob)):
            bent = bytearray(blob)
            bent[place] ^= 1
            with pytest.raises(SealBroken):
                open_it(bytes(bent))
        for length in range(len(blob)):
            with pytest.raises(SealBroken):
                open_it(blob[:length])


@pytest.mark.parametrize("change", [{"organization": 2}, {"vault": "w"}, {"object_id": "p"}])
def test_a_data_key_moved_to_another_place_is_refused(change: dict) -> None:
    blob = wrap_data_key(WRAPPING, new_key(), version=1, **PLACE)
    with pytest.raises(SealBroken):
        unwrap_data_key(WRAPPING, blob, **(PLACE | change))


def test_a_wrapped_key_is_no_field_and_a_field_no_wrapped_key() -> None:
    key = new_key()
    with pytest.raises(SealBroken):
        open_field(key, wrap_data_key(key, new_key(), version=1, organization="t", vault=1, object_id="c"),
                   table="t", row=1, column="c")  # fmt: skip


@given(st.lists(st.text(max_size=6), max_size=4), st.lists(st.text(max_size=6), max_size=4))
def test_two_places_never_have_the_same_associated_data(one: list[str], other: list[str]) -> None:
    assert (bind("label", *one) == bind("label", *other)) == (one == other)


def test_ids_are_bound_as_str_writes_them() -> None:
    uid = UUID("4a1f3c2e-8f5b-4a53-9f0a-2b9d6a6f7c11")
    assert bind("l", uid, 7) == bind("l", str(uid), "7")


def test_a_key_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError):
        derive(b"short", None, b"x")
    with pytest.raises(ValueError):
        wrap_data_key(WRAPPING, b"short", version=1, **PLACE)


def test_aes_gcm_keeps_wycheproofs_promises() -> None:
    cases = [(group, case) for group, case in wycheproof("wycheproof_aes_gcm.json") if group["ivSize"] == 96]
    assert len(cases) == 197
    for group, case in cases:
        key, nonce, aad, plain, sealed = (bytes.fromhex(case[n]) for n in ("key", "iv", "aad", "msg", "ct"))
        assert group["tagSize"] == 128
        sealed += bytes.fromhex(case["tag"])
        if case["result"] == "valid":
            assert AESGCM(key).encrypt(nonce, plain, aad) == sealed, case["tcId"]
            assert AESGCM(key).decrypt(nonce, sealed, aad) == plain, case["tcId"]
        else:
            with pytest.raises(InvalidTag):
                AESGCM(key).decrypt(nonce, sealed, aad)


def test_hkdf_keeps_wycheproofs_promises() -> None:
    cases = wycheproof("wycheproof_hkdf_sha256.json")
    assert len(cases) == 86
    for _, case in cases:
        secret, salt, info = (bytes.fromhex(case[name]) for name in ("ikm", "salt", "info"))
        if case["result"] == "valid":
            found = HKDF(SHA256(), case["size"], salt, info).derive(secret)
            assert found.hex() == case["okm"], case["tcId"]
            if len(secret) == 32 and case["size"] >= 32:
                assert derive(secret, salt, info) == found[:32]
        else:
            with pytest.raises(ValueError):
                HKDF(SHA256(), case["size"], salt, info)
