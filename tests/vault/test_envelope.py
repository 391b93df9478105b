"""The envelope keeps what it promises: same plaintext back, any range, and every alteration refused."""

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest import mock
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st

from vault import envelope
from vault.envelope import (
    HEADER_LENGTH,
    Manifest,
    ObjectOpener,
    PartInfo,
    PartSealer,
    SealBroken,
    new_key,
    open_manifest,
    open_part,
    seal_manifest,
    survey_part,
)

# Small segments let hypothesis cross many segment borders; the real size is tested below.
SMALL = 64
OBJECT = UUID("4a1f3c2e-8f5b-4a53-9f0a-2b9d6a6f7c11")
KEY = bytes(range(32))


@pytest.fixture(scope="module", autouse=True)
def small_segments() -> Iterator[None]:
    with (
        mock.patch.object(envelope, "SEGMENT_SIZE", SMALL),
        mock.patch.object(envelope, "SEALED_SEGMENT", SMALL + 16),
        mock.patch("vault.manifest.SEGMENT_SIZE", SMALL),
    ):
        yield


def seal(plain: bytes, number: int = 1, object_id: UUID = OBJECT, key: bytes = KEY) -> tuple[bytes, PartInfo]:
    sealer = PartSealer(key, object_id)
    part = sealer.header + sealer.update(plain) + sealer.finish()
    return part, sealer.info(number)


def opened(part: bytes, object_id: UUID = OBJECT, key: bytes = KEY) -> bytes:
    return b"".join(open_part(key, object_id, [part]))


def reader(parts: dict[int, bytes]) -> Callable[[int, int, int], bytes]:
    return lambda number, start, count: parts[number][start : start + count]


@given(plain=st.binary(max_size=5 * SMALL), cuts=st.lists(st.integers(0, 5 * SMALL), max_size=12))
def test_any_split_of_the_writes_gives_the_same_plaintext_back(plain: bytes, cuts: list[int]) -> None:
    sealer = PartSealer(KEY, OBJECT)
    edges = [0, *sorted(min(cut, len(plain)) for cut in cuts), len(plain)]
    pieces = [plain[a:b] for a, b in zip(edges, edges[1:], strict=False)]
    part = sealer.header + b"".join(sealer.update(piece) for piece in pieces) + sealer.finish()
    info = sealer.info(1)
    assert opened(part) == plain
    assert info.sha256_plain == hashlib.sha256(plain).hexdigest()
    assert info.sha256_cipher == hashlib.sha256(part).hexdigest()
    assert (info.plain_length, info.cipher_length) == (len(plain), len(part))
    info.check()


@given(plain=st.binary(max_size=4 * SMALL), size=st.integers(1, 3 * SMALL))
def test_any_chunking_of_the_stored_bytes_opens_the_same(plain: bytes, size: int) -> None:
    part, _ = seal(plain)
    chunks = [part[i : i + size] for i in range(0, len(part), size)]
    assert b"".join(open_part(KEY, OBJECT, chunks)) == plain


@given(
    lengths=st.lists(st.integers(0, 3 * SMALL), min_size=1, max_size=4),
    ends=st.tuples(st.floats(0, 1), st.floats(0, 1)),
)
def test_any_range_equals_the_slice_and_reads_only_its_segments(lengths: list[int], ends: tuple[float, float]) -> None:
    plains = [hashlib.shake_256(bytes([i])).digest(n) for i, n in enumerate(lengths)]
    whole = b"".join(plains)
    sealed = {i: seal(plain, i) for i, plain in enumerate(plains)}
    manifest = Manifest.of(OBJECT, [info for _, info in sealed.values()], hashlib.sha256(whole).hexdigest())
    start, stop = sorted(int(end * len(whole)) for end in ends)
    read: list[int] = []

    def counting(number: int, first: int, count: int) -> bytes:
        read.append(count)
        return sealed[number][0][first : first + count]

    opener = ObjectOpener(KEY, manifest, counting)
    assert b"".join(opener.open(start, stop - start)) == whole[start:stop]
    # At most one partly used segment at each end of each part touched.
    assert sum(read) <= (stop - start) + len(lengths) * 2 * (SMALL + 16) + len(read) * 16
    assert (start < stop) == bool(read)
    opener.verify()


@given(plain=st.binary(max_size=3 * SMALL), data=st.data())
def test_any_flipped_bit_is_refused(plain: bytes, data: st.DataObject) -> None:
    part, info = seal(plain)
    place = data.draw(st.integers(0, len(part) * 8 - 1))
    bent = bytearray(part)
    bent[place // 8] ^= 1 << place % 8
    with pytest.raises(SealBroken):
        opened(bytes(bent))
    opener = ObjectOpener(KEY, Manifest.of(OBJECT, [info]), reader({1: bytes(bent)}))
    with pytest.raises(SealBroken):
        opener.verify()
    if place // 8 >= HEADER_LENGTH and plain:
        with pytest.raises(SealBroken):
            list(opener.open())


@given(plain=st.binary(max_size=3 * SMALL), data=st.data())
def test_any_truncation_or_appendix_is_refused(plain: bytes, data: st.DataObject) -> None:
    part, info = seal(plain)
    cut = part[: data.draw(st.integers(0, len(part) - 1))]
    longer = part + data.draw(st.binary(min_size=1, max_size=2 * SMALL))
    for bad in (cut, longer):
        with pytest.raises(SealBroken):
            opened(bad)
    with pytest.raises(SealBroken):
        ObjectOpener(KEY, Manifest.of(OBJECT, [info]), reader({1: cut})).verify()


def test_truncation_at_a_segment_border_is_refused() -> None:
    part, _ = seal(bytes(3 * SMALL))
    for segments in range(3):
        with pytest.raises(SealBroken):
            opened(part[: HEADER_LENGTH + segments * (SMALL + 16)])


def test_swapped_repeated_and_dropped_segments_are_refused() -> None:
    part, info = seal(b"".join(bytes([i]) * SMALL for i in range(4)))
    header, body = part[:HEADER_LENGTH], part[HEADER_LENGTH:]
    pieces = [body[i : i + SMALL + 16] for i in range(0, len(body), SMALL + 16)]
    for order in ([1, 0, 2, 3], [0, 0, 1, 2, 3], [0, 2, 3], [0, 1, 3, 2], [3], [0, 1, 2, 3, 3]):
        with pytest.raises(SealBroken):
            opened(header + b"".join(pieces[i] for i in order))
    swapped = header + pieces[1] + pieces[0] + pieces[2] + pieces[3]
    with pytest.raises(SealBroken):
        list(ObjectOpener(KEY, Manifest.of(OBJECT, [info]), reader({1: swapped})).open(SMALL, 1))


def test_an_empty_last_segment_after_a_full_one_is_refused() -> None:
    """A writer that broke the format's rule could otherwise make two encodings of one plaintext."""
    sealer = PartSealer(KEY, OBJECT)
    aead: AESGCM = sealer._aead
    segment = aead.encrypt(bytes(12), bytes(SMALL), sealer.header)
    empty = aead.encrypt(bytes(10) + b"\x01\x01", b"", sealer.header)
    with pytest.raises(SealBroken):
        opened(sealer.header + segment + empty)


def test_parts_of_one_object_cannot_be_swapped_even_for_a_range() -> None:
    one, first = seal(b"a" * 100, 1)
    two, second = seal(b"b" * 100, 2)
    manifest = Manifest.of(OBJECT, [first, second], hashlib.sha256(b"a" * 100 + b"b" * 100).hexdigest())
    opener = ObjectOpener(KEY, manifest, reader({1: two, 2: one}))
    with pytest.raises(SealBroken):
        list(opener.open(10, 5))
    with pytest.raises(SealBroken):
        opener.verify()


def test_an_earlier_part_in_the_place_of_a_part_is_refused() -> None:
    old, _ = seal(b"old text" * 20, 1)
    _, info = seal(b"new text" * 20, 1)
    with pytest.raises(SealBroken):
        list(ObjectOpener(KEY, Manifest.of(OBJECT, [info]), reader({1: old})).open())


def test_another_object_id_or_key_is_refused() -> None:
    part, info = seal(b"private")
    sealed = seal_manifest(KEY, Manifest.of(OBJECT, [info]))
    for key, object_id in ((KEY, uuid4()), (new_key(), OBJECT)):
        with pytest.raises(SealBroken):
            opened(part, object_id, key)
        with pytest.raises(SealBroken):
            open_manifest(key, object_id, sealed)


def test_no_nonce_is_used_twice_under_one_key() -> None:
    seen: set[tuple[bytes, bytes]] = set()
    real = AESGCM

    class Watching:
        def __init__(self, key: bytes) -> None:
            self.key, self.aead = key, real(key)

        def encrypt(self, nonce: bytes, data: bytes, aad: bytes) -> bytes:
            assert (self.key, nonce) not in seen
            seen.add((self.key, nonce))
            return self.aead.encrypt(nonce, bytes(data), aad)

    with mock.patch.object(envelope, "AESGCM", Watching):
        for _ in range(50):
            seal(bytes(3 * SMALL))
            seal(b"")
    assert len(seen) == 50 * 4


def test_a_finished_sealer_seals_nothing_more() -> None:
    sealer = PartSealer(KEY, OBJECT)
    with pytest.raises(ValueError):
        sealer.info(1)
    sealer.finish()
    with pytest.raises(ValueError):
        sealer.update(b"more")
    with pytest.raises(ValueError):
        sealer.finish()


# --- parts that a crash cut --------------------------------------------------------------------------------------


@given(plain=st.binary(min_size=1, max_size=4 * SMALL), data=st.data())
def test_a_cut_part_keeps_its_whole_segments_and_nothing_else(plain: bytes, data: st.DataObject) -> None:
    part, info = seal(plain)
    cut = part[: data.draw(st.integers(0, len(part)))]
    left = survey_part(KEY, OBJECT, 1, [cut])
    if len(cut) == len(part):
        assert left == info
        return
    whole = max(0, len(cut) - HEADER_LENGTH) // (SMALL + 16)
    if not whole:
        assert left is None
        return
    assert left is not None
    assert left.cut
    assert left.plain_length == whole * SMALL
    assert left.sha256_plain == hashlib.sha256(plain[: whole * SMALL]).hexdigest()
    kept = cut[: left.cipher_length]
    assert left.sha256_cipher == hashlib.sha256(kept).hexdigest()
    opener = ObjectOpener(KEY, Manifest.of(OBJECT, [left]), reader({1: kept}))
    assert b"".join(opener.open()) == plain[: whole * SMALL]
    opener.verify()


@given(plain=st.binary(min_size=2 * SMALL, max_size=4 * SMALL), noise=st.binary(min_size=SMALL, max_size=3 * SMALL))
def test_noise_after_a_power_cut_is_not_kept(plain: bytes, noise: bytes) -> None:
    part, _ = seal(plain + b"x")
    left = survey_part(KEY, OBJECT, 1, [part[: HEADER_LENGTH + SMALL + 16] + noise])
    assert left is not None
    assert (left.cut, left.plain_length) == (True, SMALL)


def test_an_upload_goes_on_behind_a_cut_part() -> None:
    whole = hashlib.shake_256(b"recording").digest(10 * SMALL)
    part, _ = seal(whole, 1)
    cut = part[: HEADER_LENGTH + 4 * (SMALL + 16) + 7]
    left = survey_part(KEY, OBJECT, 1, [cut])
    assert left is not None
    rest, info = seal(whole[left.plain_length :], 2)
    manifest = Manifest.of(OBJECT, [left, info], hashlib.sha256(whole).hexdigest())
    opener = ObjectOpener(KEY, manifest, reader({1: cut[: left.cipher_length], 2: rest}))
    assert b"".join(opener.open()) == whole
    opener.verify()


def test_a_whole_part_cannot_pass_as_cut_nor_a_cut_one_as_whole() -> None:
    part, info = seal(bytes(2 * SMALL))
    told_cut = PartInfo(*[getattr(info, name) for name in PartInfo.__slots__][:-1], cut=True)
    with pytest.raises(SealBroken):
        list(ObjectOpener(KEY, Manifest.of(OBJECT, [told_cut]), reader({1: part})).open())


# --- manifests ---------------------------------------------------------------------------------------------------


def test_a_manifest_opens_to_itself_and_every_altered_byte_is_refused() -> None:
    _, info = seal(b"text")
    manifest = Manifest.of(OBJECT, [info])
    sealed = seal_manifest(KEY, manifest)
    assert open_manifest(KEY, OBJECT, sealed) == manifest
    for place in range(len(sealed)):
        bent = bytearray(sealed)
        bent[place] ^= 1
        with pytest.raises(SealBroken):
            open_manifest(KEY, OBJECT, bytes(bent))
    for length in range(len(sealed)):
        with pytest.raises(SealBroken):
            open_manifest(KEY, OBJECT, sealed[:length])


def test_two_seals_of_one_manifest_share_no_key() -> None:
    _, info = seal(b"text")
    manifest = Manifest.of(OBJECT, [info])
    assert seal_manifest(KEY, manifest)[5:37] != seal_manifest(KEY, manifest)[5:37]


# --- the real size and the committed vectors ---------------------------------------------------------------------


VECTORS = json.loads((Path(__file__).parent / "vectors" / "envelope_v1.json").read_text(encoding="utf-8"))


@pytest.fixture
def real_segments() -> Iterator[None]:
    with (
        mock.patch.object(envelope, "SEGMENT_SIZE", 2**20),
        mock.patch.object(envelope, "SEALED_SEGMENT", 2**20 + 16),
        mock.patch("vault.manifest.SEGMENT_SIZE", 2**20),
    ):
        yield


@pytest.mark.usefixtures("real_segments")
@pytest.mark.parametrize("vector", VECTORS["parts"], ids=lambda vector: vector["name"])
def test_the_committed_parts_are_what_is_sealed_and_opened_today(vector: dict) -> None:
    key, object_id = bytes.fromhex(vector["data_key"]), UUID(vector["object_id"])
    plain = hashlib.shake_256(vector["plain"]["shake_256"].encode()).digest(vector["plain"]["length"])
    salt = bytes.fromhex(vector["header"])[-32:]
    with mock.patch.object(envelope.secrets, "token_bytes", return_value=salt):
        sealer = PartSealer(key, object_id)
    part = sealer.header + sealer.update(plain) + sealer.finish()
    assert part[:60].hex() == vector["header"]
    assert part[60:92].hex() == vector["first_bytes"]
    assert part[-32:].hex() == vector["last_bytes"]
    assert hashlib.sha256(part).hexdigest() == vector["sha256"]
    assert vector["part"] in (None, part.hex())
    assert opened(part, object_id, key) == plain
    manifest = open_manifest(key, object_id, bytes.fromhex(vector["sealed_manifest"]))
    assert manifest == Manifest.of(object_id, [sealer.info(1)])
    assert manifest.to_json().decode() == vector["manifest"]


@pytest.mark.usefixtures("real_segments")
def test_the_format_can_be_read_by_hand_from_its_description() -> None:
    """A second reading of the docstring with nothing of ours but the bytes."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    plain = hashlib.shake_256(b"by hand").digest(2**20 + 5)
    part, _ = seal(plain)
    header, first, last = part[:60], part[60 : 60 + 2**20 + 16], part[60 + 2**20 + 16 :]
    assert header[:12] == b"SLSC\x01\x01\x00\x00\x00\x10\x00\x00"
    assert header[12:28] == OBJECT.bytes
    key = HKDF(SHA256(), 32, header[28:], b"sealscript part v1" + header).derive(KEY)
    found = AESGCM(key).decrypt(bytes(12), first, header) + AESGCM(key).decrypt(bytes(10) + b"\x01\x01", last, header)
    assert found == plain


@pytest.mark.usefixtures("real_segments")
@settings(max_examples=15, deadline=None)
@given(length=st.integers(0, 3 * 2**20), chunk=st.integers(1000, 2**21))
def test_real_segments_come_back_whole(length: int, chunk: int) -> None:
    plain = hashlib.shake_256(b"real").digest(length)
    sealer = PartSealer(KEY, OBJECT)
    pieces = [sealer.update(plain[i : i + chunk]) for i in range(0, length, chunk)]
    assert opened(sealer.header + b"".join(pieces) + sealer.finish()) == plain
