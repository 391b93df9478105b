"""What sealing costs: each figure beside a peer's from the same run on the same bytes.

Peers: ``cryptography``'s AES-256-GCM called bare, the same with the two SHA-256 sums that a receipt needs, age (pyrage)
and a plain copy, both with fsync. Run by ``manage.py bench vault``.
"""

import hashlib
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from vault.backends.local import LocalPartWriter
from vault.envelope import SEGMENT_SIZE, Manifest, ObjectOpener, PartSealer, new_key

MEGABYTES: Final = 512
STREAMED_MEGABYTES: Final = 2048
RANGES: Final = 300
RANGE_BYTES: Final = 64 * 2**10
# What the web server hands over at a time.
CHUNK: Final = 64 * 2**10
MIB: Final = 2**20


def main(as_json: bool) -> int | None:
    """Prints every measurement; figures are MB/s (10**6) or milliseconds, memory in MiB."""
    for measurement in measurements():
        if as_json:
            sys.stdout.write(json.dumps(measurement) + "\n")
        else:
            ours = f"{measurement['name']}: {measurement['value']} {measurement['unit']}"
            peers = ", ".join(f"{name} {value}" for name, value in measurement["peers"].items())
            sys.stdout.write(f"{ours}   ({peers})\n")
        sys.stdout.flush()
    return None


def measurements() -> Iterator[dict[str, Any]]:
    with tempfile.TemporaryDirectory(prefix="bench-vault-") as folder:
        yield _seal_in_memory()
        yield from _files(Path(folder))
        yield _streamed(Path(folder))


def _result(name: str, value: float, unit: str, peers: dict[str, float], **more: Any) -> dict[str, Any]:
    shown = {peer: round(figure, 3) for peer, figure in peers.items()}
    return {"name": name, "value": round(value, 3), "unit": unit, "peers": shown, **more}


def _rate(act: Callable[[], object], size: int, clock: Callable[[], float] = time.perf_counter) -> float:
    """The best of three runs, in MB/s: others use the machine, too, and the first run pays for its memory."""
    best = 0.0
    for _ in range(3):
        start = clock()
        act()
        best = max(best, size / (clock() - start) / 1e6)
    return best


def _seal_in_memory() -> dict[str, Any]:
    block, key = os.urandom(MIB), AESGCM(new_key())
    nonce, view = bytes(12), memoryview(block)

    def ours() -> None:
        sealer = PartSealer(new_key(), uuid4())
        for _ in range(MEGABYTES):
            for start in range(0, MIB, CHUNK):
                sealer.update(view[start : start + CHUNK])
        sealer.finish()

    def bare() -> None:
        for _ in range(MEGABYTES):
            # Always the same bytes under one nonce, thrown away at once: a measure of speed only.
            key.encrypt(nonce, block, None)

    def with_sums() -> None:
        plain, cipher = hashlib.sha256(), hashlib.sha256()
        for _ in range(MEGABYTES):
            plain.update(block)
            cipher.update(key.encrypt(nonce, block, None))

    size = MEGABYTES * MIB
    peers = {
        "AES-256-GCM bare": _rate(bare, size, time.process_time),
        "AES-256-GCM and two SHA-256": _rate(with_sums, size, time.process_time),
    }
    return _result("seal", _rate(ours, size, time.process_time), "MB/s per core", peers, megabytes=MEGABYTES)


def _files(folder: Path) -> Iterator[dict[str, Any]]:
    # pyrage is a development dependency: a portal in service measures without it.
    try:
        import pyrage  # type: ignore[import-not-found,import-untyped,unused-ignore]  # noqa: PLC0415
    except ImportError:
        pyrage = None
    size = MEGABYTES * MIB
    source = folder / "source"
    with source.open("wb") as out:
        for _ in range(MEGABYTES):
            out.write(os.urandom(MIB))
    key, object_id = new_key(), uuid4()
    sealed, manifests = folder / "sealed.part", []

    def seal() -> None:
        sealed.unlink(missing_ok=True)
        manifests.append(_seal_file(source, sealed, key, object_id))

    def copy() -> None:
        with source.open("rb") as inp, (folder / "copy").open("wb") as out:
            while block := inp.read(MIB):
                out.write(block)
            out.flush()
            os.fsync(out.fileno())

    peers = {"plain copy": _rate(copy, size)}
    if pyrage:
        identity = pyrage.x25519.Identity.generate()
        recipients = [identity.to_public()]
        age, opened = str(folder / "age"), str(folder / "opened")

        def age_seal() -> None:
            pyrage.encrypt_file(str(source), age, recipients)
            with open(age, "rb") as written:
                os.fsync(written.fileno())

        peers["age"] = _rate(age_seal, size)
    yield _result("seal a file", _rate(seal, size), "MB/s", peers, megabytes=MEGABYTES)

    opener = _opener(sealed, key, manifests[-1])

    def read() -> None:
        with source.open("rb") as inp:
            while inp.read(MIB):
                pass

    peers = {"plain read": _rate(read, size)}
    if pyrage:
        peers["age"] = _rate(lambda: pyrage.decrypt_file(age, opened, [identity]), size)
    yield _result("open a file", _rate(lambda: sum(map(len, opener.open())), size), "MB/s", peers, megabytes=MEGABYTES)
    yield _ranges(opener, source, size)
    for path in folder.iterdir():
        path.unlink()


def _seal_file(source: Path, target: Path, key: bytes, object_id: UUID) -> Manifest:
    sealer, writer = PartSealer(key, object_id), LocalPartWriter(target)
    writer.write(sealer.header)
    with source.open("rb") as inp:
        while block := inp.read(MIB):
            writer.write(sealer.update(block))
    writer.write(sealer.finish())
    writer.close()
    return Manifest.of(object_id, [sealer.info(1)])


def _opener(sealed: Path, key: bytes, manifest: Manifest) -> ObjectOpener:
    descriptor = os.open(sealed, os.O_RDONLY)
    return ObjectOpener(key, manifest, lambda _, start, count: os.pread(descriptor, count, start))


def _ranges(opener: ObjectOpener, source: Path, size: int) -> dict[str, Any]:
    places = [random.Random(7).randrange(size - RANGE_BYTES) for _ in range(RANGES)]  # noqa: S311 - places, not secrets
    plain = os.open(source, os.O_RDONLY)

    def open_at(place: int) -> bytes:
        return b"".join(opener.open(place, RANGE_BYTES))

    def read_at(place: int) -> bytes:
        return os.pread(plain, RANGE_BYTES, place)

    ours = sorted(_milliseconds(open_at, place) for place in places)
    theirs = sorted(_milliseconds(read_at, place) for place in places)
    os.close(plain)
    return _result(
        "open a range of 64 KiB",
        statistics.median(ours),
        "ms",
        {"plain read": statistics.median(theirs)},
        p95=round(ours[int(RANGES * 0.95)], 3),
        segment_bytes=SEGMENT_SIZE,
    )


def _milliseconds(act: Callable[[int], bytes], place: int) -> float:
    start = time.perf_counter()
    act(place)
    return (time.perf_counter() - start) * 1000


def _streamed(folder: Path) -> dict[str, Any]:
    """Peak memory of a process of its own that seals and opens, after 16 MB and after 2 GB."""
    small, large = (_peak(folder, megabytes) for megabytes in (16, STREAMED_MEGABYTES))
    return _result(
        f"memory to seal and open {STREAMED_MEGABYTES} MB",
        large["peak"],
        "MiB",
        {"16 MB": small["peak"]},
        growth=round(large["peak"] - small["peak"], 2),
        seconds=round(large["seconds"], 2),
    )


def _peak(folder: Path, megabytes: int) -> dict[str, float]:
    command = [sys.executable, "-m", "vault.bench", str(folder / "streamed.part"), str(megabytes)]
    root = Path(__file__).resolve().parent.parent
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def stream(target: Path, megabytes: int) -> dict[str, float]:
    """Seals ``megabytes`` to a file and opens them again; peak memory of this process in MiB, seconds."""
    start = time.perf_counter()
    key, object_id, block = new_key(), uuid4(), os.urandom(MIB)
    sealer, writer = PartSealer(key, object_id), LocalPartWriter(target)
    writer.write(sealer.header)
    for _ in range(megabytes):
        writer.write(sealer.update(block))
    writer.write(sealer.finish())
    writer.close()
    opener = _opener(target, key, Manifest.of(object_id, [sealer.info(1)]))
    found = sum(len(piece) for piece in opener.open())
    target.unlink()
    if found != megabytes * MIB:
        raise AssertionError("not all that was sealed came back")
    return {"peak": _high_water() / MIB, "seconds": time.perf_counter() - start}


def _high_water() -> int:
    """The most memory that this process held, in bytes. Not getrusage: its figure outlives exec, so that a large parent
    would be taken for a large child."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM:"))


if __name__ == "__main__":
    sys.stdout.write(json.dumps(stream(Path(sys.argv[1]), int(sys.argv[2]))))
