"""``manage.py keys`` as an administrator types it."""

from collections.abc import Callable
from io import StringIO
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command

from vault import objects, secrets
from vault.keystore import key_store
from vault.models import Matter, StoredObject

pytestmark = pytest.mark.django_db


def keys(*arguments: str) -> str:
    out = StringIO()
    call_command("keys", *arguments, stdout=out)
    return out.getvalue()


def test_rotating_every_vault(put: Callable[..., StoredObject], matter: Matter) -> None:
    obj = put(b"recording")
    assert "version 1, 0 data keys" in keys("check", "--all")
    assert "rotated to version 2" in keys("rotate", "--all")
    assert "opens, version 2, 0 data keys" in keys("check", "--vault", str(matter.vault_id))
    assert "0 data keys wrapped anew" in keys("rewrap", "--all")
    obj.refresh_from_db()
    assert objects.get_bytes(obj) == b"recording"


def test_a_vault_whose_key_is_gone_is_named_and_the_command_fails(matter: Matter) -> None:
    key_store().destroy(matter.vault.key_id)
    secrets.forget()
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("keys", "check", "--all", stdout=out)
    assert f"{matter.vault_id}  key_destroyed" in out.getvalue()


@pytest.mark.parametrize("bad", ["nonsense", str(UUID(int=7))])
def test_an_unknown_vault_is_said(matter: Matter, bad: str) -> None:
    with pytest.raises(CommandError, match="no such vault"):
        keys("rotate", "--vault", bad)
