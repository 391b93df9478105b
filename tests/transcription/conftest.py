"""A speech service that answers as the real one does, for every test of the way of a Job."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.peers import casedev as peers
from tests.peers.casedev import Peer
from tests.transcription.killing import Shell


@pytest.fixture
def peer(settings: Any) -> Iterator[Peer]:
    with peers.running("key-for-tests-123") as running:
        settings.ENGINE_URL = settings.CASEDEV_URL = running.url
        settings.ENGINE_API_KEY = settings.CASEDEV_API_KEY = "key-for-tests-123"
        settings.PUBLIC_URL = ""
        yield running


@pytest.fixture
def linked(peer: Peer, settings: Any) -> Peer:
    """The peer answers as the portal's public address, too: deliveries are links with callbacks."""
    settings.PUBLIC_URL = peer.url
    return peer


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)
