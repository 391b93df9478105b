"""Signatures on webhooks, ours and the speech services': pure functions over bytes, no framework.

Three forms are known (`Form`). What they sign and where they put it:

========================  ===========================================  ======================================
form                      header(s)                                    signed bytes, HMAC-SHA256
========================  ===========================================  ======================================
`X_SIGNATURE`             `X-Signature: <hex>` or `sha256=<hex>`        the raw body
`X_CASE_SIGNATURE`        `X-Case-Signature: sha256=<hex>`,             `<timestamp>.<raw body>`
                          `X-Case-Timestamp: <unix seconds>`
`STANDARD`                `webhook-{id,timestamp,signature}` or         `<id>.<timestamp>.<raw body>`, base64,
                          `case-webhook-{id,timestamp,signature}`       `v1,…` entries parted by spaces
========================  ===========================================  ======================================

`STANDARD` is Standard Webhooks v1 (https://www.standardwebhooks.com, "Signature scheme"); case.dev documents the same
scheme under renamed headers. Everything is verified over the bytes as they arrived: parse only afterwards.

Each form has its own list of secrets, so that two are good while one replaces the other. A form without a secret is not
accepted at all: nothing is skipped because a secret is missing.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

#: Standard Webhooks and case.dev both name five minutes; a clock may be wrong in either direction.
TOLERANCE_S = 300

#: A sender that rotates signs with two secrets; more entries than this are somebody making us compute.
MAX_SIGNATURES = 8

_WHSEC = "whsec_"
#: Prefixes under which the three Standard Webhooks headers are accepted.
_STANDARD_PREFIXES = ("webhook", "case-webhook")


class Form(StrEnum):
    """The ways in which a webhook can be signed."""

    X_SIGNATURE = "x-signature"
    X_CASE_SIGNATURE = "x-case-signature"
    STANDARD = "standard"


class SignatureError(Exception):
    """A webhook that is not to be believed. `code` is one of `missing wrong malformed too_old`; holds no content."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Verified:
    """What was proved: the forms that held, and the sender's id and time (unix seconds) where the form carries them."""

    forms: tuple[Form, ...]
    message_id: str | None = None
    timestamp: int | None = None


def _mac(key: bytes, message: bytes) -> bytes:
    return hmac.new(key, message, hashlib.sha256).digest()


def standard_key(secret: str) -> bytes:
    """The key in a Standard Webhooks secret: base64 after `whsec_`; a secret without that prefix is used as it stands.

    Raises `ValueError` for a `whsec_` secret that is not base64 or is empty.
    """
    if not secret.startswith(_WHSEC):
        key = secret.encode()
    else:
        try:
            key = base64.b64decode(secret.removeprefix(_WHSEC), validate=True)
        except binascii.Error as error:
            raise ValueError("the webhook secret is not base64 after whsec_") from error
    if not key:
        raise ValueError("the webhook secret is empty")
    return key


def _plain_key(secret: str) -> bytes:
    if not secret:
        raise ValueError("the webhook secret is empty")
    return secret.encode()


def sign_body(secret: str, body: bytes) -> str:
    """The value of `X-Signature`: 64 hex digits over the raw body."""
    return _mac(_plain_key(secret), body).hex()


def sign_case(secret: str, timestamp: int, body: bytes) -> str:
    """The value of `X-Case-Signature`; send `timestamp` (unix seconds) as `X-Case-Timestamp`."""
    return "sha256=" + _mac(_plain_key(secret), b"%d." % timestamp + body).hex()


def sign_standard(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """One `v1,…` entry of `webhook-signature`. Raises `ValueError` for an id with a dot (it would be ambiguous)."""
    if not message_id or "." in message_id:
        raise ValueError("a webhook id must not be empty and must not hold a dot")
    mac = _mac(standard_key(secret), f"{message_id}.{timestamp}.".encode() + body)
    return "v1," + base64.b64encode(mac).decode()


def standard_headers(secrets: Sequence[str], message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The three Standard Webhooks headers, signed with every secret (two while one replaces the other)."""
    if not secrets:
        raise ValueError("a webhook needs a secret")
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(sign_standard(secret, message_id, timestamp, body) for secret in secrets),
    }


def _any_equal(expected: Sequence[bytes], given: Sequence[bytes]) -> bool:
    """Whether any expected value was given. Looks at every pair, so that time tells nothing about which one failed."""
    equal = False
    for one in expected:
        for other in given:
            equal |= hmac.compare_digest(one, other)
    return equal


def _hex_digest(value: str) -> bytes:
    digits = value.strip()
    if digits.lower().startswith("sha256="):
        digits = digits[7:]
    try:
        digest = binascii.unhexlify(digits)
    except (binascii.Error, ValueError) as error:
        raise SignatureError("malformed", "The signature is not hexadecimal.") from error
    if len(digest) != hashlib.sha256().digest_size:
        raise SignatureError("malformed", "The signature does not have the length of HMAC-SHA256.")
    return digest


def _timestamp(value: str, now: float) -> int:
    text = value.strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        raise SignatureError("malformed", "The webhook's timestamp is not a number of seconds.")
    if abs(now - int(text)) > TOLERANCE_S:
        raise SignatureError("too_old", f"The webhook's timestamp is more than {TOLERANCE_S} seconds from now.")
    return int(text)


def verify_body(secrets: Sequence[str], body: bytes, signature: str) -> None:
    """Verify `X-Signature`. It has no timestamp: a replay passes, so its effect must be one that can be repeated.

    Raises `SignatureError`.
    """
    expected = [_mac(_plain_key(secret), body) for secret in secrets]
    if not _any_equal(expected, [_hex_digest(signature)]):
        raise SignatureError("wrong", "The signature does not match the body.")


def verify_case(secrets: Sequence[str], body: bytes, signature: str, timestamp: str, now: float) -> int:
    """Verify `X-Case-Signature` with its `X-Case-Timestamp`; gives the timestamp. Raises `SignatureError`."""
    # The timestamp is signed as the text that was sent.
    message = timestamp.strip().encode("utf-8", "surrogateescape") + b"." + body
    if not _any_equal([_mac(_plain_key(secret), message) for secret in secrets], [_hex_digest(signature)]):
        raise SignatureError("wrong", "The signature does not match the body.")
    return _timestamp(timestamp, now)


def verify_standard(secrets: Sequence[str], body: bytes, message_id: str, timestamp: str, signatures: str, now: float) -> int:
    """Verify the three Standard Webhooks headers; gives the timestamp. Entries other than `v1` are passed over.

    Raises `SignatureError`.
    """
    entries = signatures.split()
    if len(entries) > MAX_SIGNATURES:
        raise SignatureError("malformed", f"More than {MAX_SIGNATURES} signatures on one webhook.")
    given: list[bytes] = []
    for entry in entries:
        version, _, value = entry.partition(",")
        if version == "v1":
            try:
                given.append(base64.b64decode(value, validate=True))
            except (binascii.Error, ValueError) as error:
                raise SignatureError("malformed", "A signature is not base64.") from error
    if not given:
        raise SignatureError("malformed", "There is no v1 signature.")
    message = f"{message_id}.{timestamp}.".encode("utf-8", "surrogateescape") + body
    if not _any_equal([_mac(standard_key(secret), message) for secret in secrets], given):
        raise SignatureError("wrong", "The signature does not match the body.")
    return _timestamp(timestamp, now)


def verify(headers: Mapping[str, str], body: bytes, secrets: Mapping[Form, Sequence[str]], now: float) -> Verified:
    """Believe a webhook, or raise `SignatureError`.

    `headers` by any case of name; `secrets` per accepted form, newest first, each list possibly with several;
    `now` unix seconds. Every accepted form that is present must hold (a right one does not excuse a wrong one), and at
    least one must be present.
    """
    lower = {name.lower(): value for name, value in headers.items()}
    accepted = {form: list(values) for form, values in secrets.items() if values}
    forms: list[Form] = []
    message_id: str | None = None
    timestamp: int | None = None

    if Form.STANDARD in accepted:
        for prefix in _STANDARD_PREFIXES:
            signatures = lower.get(f"{prefix}-signature")
            if signatures is None:
                continue
            sender_id, sent = lower.get(f"{prefix}-id"), lower.get(f"{prefix}-timestamp")
            if not sender_id or not sent:
                raise SignatureError("malformed", f"The {prefix}-id or {prefix}-timestamp header is missing.")
            timestamp = verify_standard(accepted[Form.STANDARD], body, sender_id, sent, signatures, now)
            message_id = sender_id
            forms.append(Form.STANDARD)
    if Form.X_CASE_SIGNATURE in accepted and (signature := lower.get("x-case-signature")) is not None:
        sent = lower.get("x-case-timestamp")
        if not sent:
            raise SignatureError("malformed", "The X-Case-Timestamp header is missing.")
        timestamp = verify_case(accepted[Form.X_CASE_SIGNATURE], body, signature, sent, now)
        message_id = message_id or lower.get("x-case-event-id")
        forms.append(Form.X_CASE_SIGNATURE)
    if Form.X_SIGNATURE in accepted and (signature := lower.get("x-signature")) is not None:
        verify_body(accepted[Form.X_SIGNATURE], body, signature)
        forms.append(Form.X_SIGNATURE)

    if not forms:
        raise SignatureError("missing", "The webhook carries no signature of a form that is accepted here.")
    return Verified(tuple(forms), message_id, timestamp)
