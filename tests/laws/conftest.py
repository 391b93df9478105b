from collections.abc import Iterator
from typing import Any

import pytest

from tests.laws import planting
from tests.laws.planting import Planted
from tests.transcription.elsewhere import host


@pytest.fixture
def planted(db: None, firm: Any, clinic: Any, make_member: Any, actor_for: Any, settings: Any) -> Iterator[Planted]:
    with host() as receiver:
        settings.TRUSTED_ORIGINS = [receiver.url]
        made = planting.plant(firm, clinic, make_member, actor_for, receiver.url)
        made.receiver = receiver
        yield made
