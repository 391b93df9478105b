"""Links that make a real first organization, once each: signed, for a day."""

from datetime import timedelta
from typing import Final
from uuid import uuid4

from django.core import signing

LIFETIME: Final = timedelta(hours=24)
_SALT: Final = "sealscript setup link v1"


def make_token() -> str:
    """A token that ``token_id`` accepts for a day."""
    return signing.TimestampSigner(salt=_SALT).sign(uuid4().hex)


def token_id(token: str) -> str | None:
    """What is to be remembered when the link is used; None for one that is altered, foreign or too old."""
    try:
        return signing.TimestampSigner(salt=_SALT).unsign(token, max_age=LIFETIME)
    except signing.BadSignature:
        return None
