"""What every key store promises, tried on each that can run here."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from vault.errors import KeyDestroyed, KeyRefused, KeyStoreDown, KeyUnknown
from vault.keystore.base import KeyStore
from vault.keystore.local import LocalKeyStore

CONTEXT = {"vault": "v", "version": "1"}
ROOT = Path(__file__).parents[2]


@pytest.fixture(params=["local"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> KeyStore:
    makers: dict[str, Callable[[], KeyStore]] = {"local": lambda: LocalKeyStore(tmp_path / "keys")}
    return makers[request.param]()


@pytest.fixture
def key_id() -> str:
    return f"vault-{uuid4()}"


def test_what_was_wrapped_comes_back(store: KeyStore, key_id: str) -> None:
    store.create(key_id)
    blob = store.wrap(key_id, b"secret" * 5, CONTEXT)
    assert b"secret" not in blob
    assert store.unwrap(key_id, blob, dict(reversed(CONTEXT.items()))) == b"secret" * 5


def test_another_context_key_or_byte_is_refused(store: KeyStore, key_id: str) -> None:
    other = f"vault-{uuid4()}"
    store.create(key_id)
    store.create(other)
    blob = store.wrap(key_id, b"secret", CONTEXT)
    for bad in ({}, {"vault": "w", "version": "1"}, CONTEXT | {"more": ""}):
        with pytest.raises(KeyRefused):
            store.unwrap(key_id, blob, bad)
    with pytest.raises(KeyRefused):
        store.unwrap(other, blob, CONTEXT)
    for place in range(len(blob)):
        with pytest.raises(KeyRefused):
            store.unwrap(key_id, blob[:place] + bytes((blob[place] ^ 1,)) + blob[place + 1 :], CONTEXT)
        with pytest.raises(KeyRefused):
            store.unwrap(key_id, blob[:place], CONTEXT)


def test_creating_again_keeps_the_key(store: KeyStore, key_id: str) -> None:
    store.create(key_id)
    blob = store.wrap(key_id, b"secret", CONTEXT)
    store.create(key_id)
    assert store.unwrap(key_id, blob, CONTEXT) == b"secret"


def test_makers_at_the_same_time_agree_on_one_key(store: KeyStore, key_id: str) -> None:
    blobs: list[bytes] = []
    gate = threading.Barrier(8)

    def make() -> None:
        gate.wait()
        store.create(key_id)
        blobs.append(store.wrap(key_id, b"secret", CONTEXT))

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [store.unwrap(key_id, blob, CONTEXT) for blob in blobs] == [b"secret"] * 8


def test_a_destroyed_key_opens_nothing_and_its_id_is_never_used_again(store: KeyStore, key_id: str) -> None:
    store.create(key_id)
    blob = store.wrap(key_id, b"secret", CONTEXT)
    assert store.exists(key_id)
    store.destroy(key_id)
    store.destroy(key_id)
    assert not store.exists(key_id)
    for act in (
        lambda: store.unwrap(key_id, blob, CONTEXT),
        lambda: store.wrap(key_id, b"secret", CONTEXT),
        lambda: store.create(key_id),
    ):
        with pytest.raises(KeyDestroyed):
            act()


def test_an_unknown_key_is_not_called_destroyed(store: KeyStore, key_id: str) -> None:
    store.create(f"vault-{uuid4()}")
    with pytest.raises(KeyUnknown):
        store.unwrap(key_id, b"\x01" + bytes(40), CONTEXT)
    with pytest.raises(KeyUnknown):
        store.destroy(key_id)


@pytest.mark.parametrize("bad", ["", "vault", "../../etc/passwd", "vault-1", f"vault-{UUID(int=7)}/x", f"VAULT-{UUID(int=7)}"])
def test_an_id_that_is_no_key_id_is_refused(store: KeyStore, bad: str) -> None:
    with pytest.raises(ValueError):
        store.create(bad)
    with pytest.raises(ValueError):
        store.exists(bad)


# --- files of the local store ------------------------------------------------------------------------------------


def test_files_are_for_their_owner_only(tmp_path: Path, key_id: str) -> None:
    store = LocalKeyStore(tmp_path / "keys")
    store.create(key_id)
    (file,) = (tmp_path / "keys").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700
    (tmp_path / "keys").chmod(0o750)
    with pytest.raises(KeyStoreDown):
        store.health()


def test_a_directory_that_is_not_there_is_down_not_destroyed(tmp_path: Path, key_id: str) -> None:
    store = LocalKeyStore(tmp_path / "keys")
    store.create(key_id)
    blob = store.wrap(key_id, b"secret", CONTEXT)
    (tmp_path / "keys").rename(tmp_path / "unmounted")
    with pytest.raises(KeyStoreDown) as error:
        store.unwrap(key_id, blob, CONTEXT)
    assert error.value.retryable
    assert str(tmp_path) not in str(error.value)
    (tmp_path / "unmounted").rename(tmp_path / "keys")
    assert store.unwrap(key_id, blob, CONTEXT) == b"secret"


def test_destroying_overwrites_the_file_before_it_goes(tmp_path: Path, key_id: str) -> None:
    store = LocalKeyStore(tmp_path / "keys")
    store.create(key_id)
    file = tmp_path / "keys" / f"{key_id}.key"
    before = file.read_bytes()
    os.link(file, tmp_path / "the same blocks")
    store.destroy(key_id)
    after = (tmp_path / "the same blocks").read_bytes()
    assert len(after) == len(before)
    assert before[17:81] not in after
    assert not file.exists()


def test_a_key_file_from_an_old_backup_does_not_bring_a_destroyed_key_back(tmp_path: Path, key_id: str) -> None:
    store = LocalKeyStore(tmp_path / "keys")
    store.create(key_id)
    file = tmp_path / "keys" / f"{key_id}.key"
    backup = file.read_bytes()
    blob = store.wrap(key_id, b"secret", CONTEXT)
    store.destroy(key_id)
    file.write_bytes(backup)
    assert not store.exists(key_id)
    with pytest.raises(KeyDestroyed):
        store.unwrap(key_id, blob, CONTEXT)
    store.destroy(key_id)
    assert not file.exists()


def test_a_damaged_key_file_is_named_as_such(tmp_path: Path, key_id: str) -> None:
    store = LocalKeyStore(tmp_path / "keys")
    store.create(key_id)
    (tmp_path / "keys" / f"{key_id}.key").write_text("sealscript-key 1 12ab\n")
    with pytest.raises(KeyUnknown):
        store.wrap(key_id, b"secret", CONTEXT)


def test_a_maker_killed_at_any_moment_leaves_a_whole_key_or_none(tmp_path: Path) -> None:
    """Kills the maker at each of its system calls on the key's files in turn."""
    script = """
import os, signal, sys
from pathlib import Path
from vault.keystore.local import LocalKeyStore
step, key_id, folder = int(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
count = 0
def dying(name):
    real = getattr(os, name)
    def call(*args, **kwargs):
        global count
        count += 1
        if count == step:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **kwargs)
    setattr(os, name, call)
for name in ("open", "write", "fsync", "link", "close", "unlink"):
    dying(name)
LocalKeyStore(folder).create(key_id)
print("made", count)
"""
    killed = 0
    for step in range(1, 30):
        folder, key_id = tmp_path / str(step), f"vault-{uuid4()}"
        arguments = [sys.executable, "-c", script, str(step), key_id, str(folder)]
        done = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=False)
        store = LocalKeyStore(folder)
        store.create(key_id)
        blob = store.wrap(key_id, b"secret", CONTEXT)
        assert store.unwrap(key_id, blob, CONTEXT) == b"secret"
        if done.returncode == 0:
            break
        assert done.returncode == -signal.SIGKILL, done.stderr
        killed += 1
    assert killed >= 8
    assert done.returncode == 0


def test_no_key_is_ever_in_an_error(tmp_path: Path, key_id: str) -> None:
    store = LocalKeyStore(tmp_path / "keys")
    store.create(key_id)
    with pytest.raises(KeyRefused) as error:
        store.unwrap(key_id, b"\x01" + bytes(60), CONTEXT)
    key = (tmp_path / "keys" / f"{key_id}.key").read_text().split()[-1]
    assert key not in json.dumps([str(error.value), repr(error.value), error.value.facts])
