"""Webhook signatures: each form against an independent witness, and every way of forging one."""

import base64
import datetime as dt
import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from transcription.signatures import (
    TOLERANCE_S,
    Form,
    SignatureError,
    sign_body,
    sign_case,
    sign_standard,
    standard_headers,
    standard_key,
    verify,
)

NOW = 1_614_265_330
BODY = b'{"transcript_id": "tr_1", "status": "completed"}'
#: The example of the Standard Webhooks specification's reference library.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = "whsec_" + base64.b64encode(b"another key of 32 bytes in length").decode()
ALL = {Form.STANDARD: [SECRET], Form.X_CASE_SIGNATURE: ["case-secret"], Form.X_SIGNATURE: ["plain-secret"]}


def good_headers(form: Form, body: bytes = BODY, at: int = NOW) -> dict[str, str]:
    if form is Form.STANDARD:
        return standard_headers([SECRET], "msg_1", at, body)
    if form is Form.X_CASE_SIGNATURE:
        return {"X-Case-Signature": sign_case("case-secret", at, body), "X-Case-Timestamp": str(at)}
    return {"X-Signature": sign_body("plain-secret", body)}


def refused(headers: dict[str, str], body: bytes = BODY, secrets=ALL, now: float = NOW) -> str:
    with pytest.raises(SignatureError) as caught:
        verify(headers, body, secrets, now)
    return caught.value.code


def test_the_published_vector_of_standard_webhooks_is_reproduced():
    signature = sign_standard(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", NOW, b'{"test": 2432232314}')
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_standard_library_believes_what_we_sign_and_refuses_it_altered():
    now = int(dt.datetime.now(dt.UTC).timestamp())
    headers = standard_headers([OTHER, SECRET], "msg_2", now, BODY)
    assert Webhook(SECRET).verify(BODY, headers)["transcript_id"] == "tr_1"
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(BODY + b" ", headers)


def test_we_believe_what_the_standard_library_signs():
    now = dt.datetime.fromtimestamp(NOW, dt.UTC)
    signature = Webhook(SECRET).sign("msg_3", now, BODY.decode())
    headers = {"Webhook-Id": "msg_3", "Webhook-Timestamp": str(NOW), "Webhook-Signature": signature}
    verified = verify(headers, BODY, {Form.STANDARD: [SECRET]}, NOW)
    assert (verified.message_id, verified.timestamp) == ("msg_3", NOW)


def test_case_dev_names_of_the_standard_headers_are_believed():
    headers = {f"case-{name}": value for name, value in good_headers(Form.STANDARD).items()}
    assert verify(headers, BODY, ALL, NOW).forms == (Form.STANDARD,)


def test_x_signature_is_plain_hmac_in_hex_with_or_without_prefix():
    digest = hmac.new(b"plain-secret", BODY, hashlib.sha256).hexdigest()
    for value in (digest, f"sha256={digest}", f"SHA256={digest.upper()}"):
        assert verify({"X-Signature": value}, BODY, ALL, NOW).forms == (Form.X_SIGNATURE,)


@pytest.mark.parametrize("form", list(Form))
@given(flip=st.integers(min_value=0, max_value=len(BODY) * 8 - 1))
def test_one_flipped_bit_of_the_body_is_refused(form: Form, flip: int):
    altered = bytearray(BODY)
    altered[flip // 8] ^= 1 << flip % 8
    assert refused(good_headers(form), bytes(altered)) == "wrong"


@pytest.mark.parametrize("form", list(Form))
def test_another_secret_is_refused(form: Form):
    assert refused(good_headers(form), secrets={form: [OTHER]}) == "wrong"


@pytest.mark.parametrize("form", list(Form))
def test_a_form_whose_secret_is_not_configured_is_not_accepted(form: Form):
    others = {other: secrets for other, secrets in ALL.items() if other is not form}
    assert refused(good_headers(form), secrets=others) == "missing"
    assert refused(good_headers(form), secrets={**others, form: []}) == "missing"


@pytest.mark.parametrize("form", list(Form))
def test_both_secrets_are_good_while_one_replaces_the_other(form: Form):
    assert verify(good_headers(form), BODY, {form: [OTHER, ALL[form][0]]}, NOW).forms == (form,)


@pytest.mark.parametrize("form", [Form.STANDARD, Form.X_CASE_SIGNATURE])
@pytest.mark.parametrize("age", [TOLERANCE_S + 1, -TOLERANCE_S - 1])
def test_an_old_or_future_timestamp_is_refused_and_five_minutes_are_not(form: Form, age: int):
    assert refused(good_headers(form), now=NOW + age) == "too_old"
    assert verify(good_headers(form), BODY, ALL, NOW + TOLERANCE_S).timestamp == NOW


@pytest.mark.parametrize("form", [Form.STANDARD, Form.X_CASE_SIGNATURE])
def test_a_fresh_timestamp_on_an_old_signature_is_refused(form: Form):
    headers = good_headers(form, at=NOW - 9999)
    for name in headers:
        if name.lower().endswith("timestamp"):
            headers[name] = str(NOW)
    assert refused(headers) == "wrong"


def test_a_right_signature_does_not_excuse_a_wrong_one_beside_it():
    headers = good_headers(Form.STANDARD) | {"X-Signature": "0" * 64}
    assert refused(headers) == "wrong"


def test_nothing_signed_is_refused():
    assert refused({}) == "missing"
    assert refused({"X-Signature": ""}) == "malformed"


@given(value=st.text(max_size=90))
def test_rubbish_in_a_header_is_refused_and_never_raises_anything_else(value: str):
    for headers in (
        {"X-Signature": value},
        {"X-Case-Signature": value, "X-Case-Timestamp": str(NOW)},
        {"X-Case-Signature": "0" * 64, "X-Case-Timestamp": value},
        good_headers(Form.STANDARD) | {"webhook-signature": value},
        good_headers(Form.STANDARD) | {"webhook-timestamp": value},
        good_headers(Form.STANDARD) | {"webhook-id": value + "x"},
    ):
        assert refused(headers) in {"wrong", "malformed", "too_old"}


def test_an_id_that_could_be_read_two_ways_is_not_signed():
    with pytest.raises(ValueError):
        sign_standard(SECRET, "msg.1", NOW, BODY)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_not base64!"])
def test_an_empty_or_broken_secret_signs_nothing(secret: str):
    with pytest.raises(ValueError):
        standard_key(secret)
