"""How to ask every route of the portal so that it answers with something.

Every GET is asked by itself. A route that takes another method needs an entry in ``ASKS`` here, found missing by
``test_law2_one_view``; so do new parts of routes (``planting.plant``: ``ids``).
"""

import json
from dataclasses import dataclass, field
from typing import Any, Final

from compliance.redaction import TYPES
from compliance.redaction.treatments import OTHER
from portal.accounts import keys
from portal.accounts.models import Member
from portal.accounts.rights import Scope
from tests.laws.planting import Planted
from transcription.exports import FORMATS
from vault import matters
from vault.models import Matter


@dataclass(frozen=True)
class Ask:
    """One request. ``body``: form fields, or JSON where ``as_json``; "{name}" in its values stands for an id.

    ``leaves_house``: what comes is carried out of the wall, so that nothing typed inside it may stand in it either.
    ``destroys``: asked by those who may only at the end, since bytes and keys do not come back.
    """

    method: str
    body: dict[str, Any] = field(default_factory=dict)
    as_json: bool = False
    leaves_house: bool = False
    destroys: bool = False
    query: str = ""

    def filled(self, ids: dict[str, str]) -> dict[str, Any]:
        filled: dict[str, Any] = json.loads(_fill(json.dumps(self.body), ids))
        return filled


def _fill(text: str, ids: dict[str, str]) -> str:
    for name, value in ids.items():
        text = text.replace("{" + name + "}", value)
    return text


def _post(*, as_json: bool = False, leaves_house: bool = False, destroys: bool = False, **body: Any) -> Ask:
    return Ask("POST", body, as_json, leaves_house, destroys)


def _json(method: str = "POST", **body: Any) -> Ask:
    return Ask(method, body, True)


_FILE: Final = {"filename": "day-two.wav", "contentType": "audio/wav", "sizeBytes": 1000}
_PART: Final = {"objectId": "{object_id}", "uploadId": "{upload_id}"}
_NEW_MEMBER: Final = {"name": "Nora New", "email": "nora@test.example", "password": "a long and odd phrase 7"}
_POLICY: Final = {f"show_{name}": "label" for name in (*TYPES, OTHER)} | {"expected": "0", "sample": "legal"}
_PATTERN: Final = {
    "name": "Cards", "kind": "expression", "look_for": "LU-[0-9]{3}", "context": "", "examples": "LU-418", "type": "private",
}  # fmt: skip
_UPLOAD: Final = {
    "matter": "{matter_id}", "kind": "deposition", "title": "Day two", "provider": "engine", "policy": "identifiers",
    "language": "en", "speakers": 3, "basic": True, "files": [{"name": "b.wav", "size": 100, "type": "audio/wav"}],
}  # fmt: skip

# Words that a transcript hides and that stand in the very field in which they are hidden, for those who may change it.
TYPED: Final[dict[str, tuple[str, ...]]] = {"api-words": ("Nightjar",), "matter_describe": ("Nightjar",)}
# By the route's name. Beginnings of hidden words are looked for, too: a search must not confirm a guess.
ASKS: Final[dict[str, list[Ask]]] = {
    "account_change_password": [
        _post(oldpassword="correct horse battery", password1="a long and odd phrase 7", password2="a long and odd phrase 7")
    ],
    "account_inactive": [_post()],
    "account_login": [_post(login="nobody@test.example", password="wrong")],
    "account_logout": [_post()],
    "api-confirm": [_json(success=True)],
    "api-multipart-abort": [_json(**_PART)],
    "api-multipart-complete": [_json(**_PART, sizeBytes=5 * 2**20, parts=[{"partNumber": 1, "etag": "x"}])],
    "api-multipart-init": [_json(**(_FILE | {"sizeBytes": 6 * 2**20}))],
    "api-multipart-urls": [_json(**_PART, parts=[{"partNumber": 1, "sizeBytes": 5 * 2**20}])],
    "api-nowhere": [_json("POST"), _json("PUT"), _json("PATCH"), _json("DELETE")],
    "api-object": [Ask("DELETE", destroys=True)],
    "api-presigned": [_json(operation=operation) for operation in ("GET", "HEAD", "PUT", "DELETE")],
    "api-transcription": [
        Ask("GET", query="?include_text=false"),
        Ask("GET", query="?include_text=original&policy=verbatim"),
        Ask("DELETE", destroys=True),
    ],
    "api-transcriptions": [
        _json(vault_id="{vault_id}", object_id="{object_id}", redact_pii=False),
        _json(vault_id="{vault_id}", object_id="{object_id}", speakers_expected="many"),
    ],
    "api-upload": [_json(**_FILE)],
    "api-vault": [Ask("DELETE", destroys=True)],
    "api-vaults": [_json(name="Another"), _json(name="")],
    "api-objects": [Ask("GET", query="?includeUnconfirmed=true&limit=1")],
    "api-review": [Ask("GET", query="?limit=1")],
    "api-words": [
        _json("PUT", version=1, title="Another", parties=[{"name": "Ines Ortega", "role": "witness"}]),
        _json("PUT", version=1, always_hide=["warehouse"], always_show=["Mr. Nobody"]),
        _json("PUT", version=9, always_hide=["x"]),
    ],
    "api_key_revoke": [_post()],
    "api_keys": [_post(name="new", member="{member_id}", scopes=["vault:read"])],
    "audit": [Ask("GET", query="?kind=transcription")],
    "held_again": [_post(reason="pass_failed"), _post(reason="?")],
    "matter_check_again": [_post()],
    "matter_describe": [
        _post(title="Another", parties="Ines Ortega, witness"),
        _post(title="Another", always_hide="x"),
        _post(title="Another", always_hide="warehouse", always_show="Mr. Nobody"),
    ],
    "matter_new": [_post(kind="legal", title="Another", parties="", region="local")],
    "matter_wall": [_post(member="{member_id}", act="add"), _post(member="{member_id}", act="remove")],
    "member": [_post(roles=["paralegal"], active="on")],
    "members": [_post(**_NEW_MEMBER, roles=["paralegal"])],
    "pattern": [_post(**_PATTERN | {"expected": "1"}), _post(**_PATTERN | {"expected": "9"})],
    "pattern_bring_back": [_post(expected="1")],
    "pattern_check_again": [_post()],
    "pattern_new": [_post(**_PATTERN | {"name": "Another"}), _post(**_PATTERN | {"look_for": "(a+)+"})],
    "pattern_retire": [_post(expected="1"), _post(expected="2")],
    "pattern_try": [_post(text="card LU-418"), _post(**_PATTERN, text="card LU-418")],
    "policy_bring_back": [_post(expected="1"), _post(expected="2")],
    "policy_change": [_post(**_POLICY | {"expected": "1", "show_ssn": "box"}), _post(**_POLICY | {"expected": "7"})],
    "policy_new": [_post(**_POLICY, name="Another copy"), Ask("GET", query="?copy=gdpr")],
    "policy_preview": [_post(**_POLICY, policy="court_copy"), _post(**_POLICY | {"sample": "clinical"})],
    "policy_retire": [_post(expected="1"), _post(expected="2")],
    "policy_revert": [_post(version="1", expected="1")],
    "provider-webhook": [_json(id="x", status="completed")],
    "recording_again": [_post(provider="engine", speakers="2", basic="on"), _post(language="en"), _post(language="xx")],
    "recording_cancel": [_post()],
    "recordings": [Ask("GET", query="?state=ready&matter={matter_id}")],
    "review": [Ask("GET", query="?kind=unsure&matter={matter_id}")],
    "search_stretch": [_post(text=text) for text in ("Oyink", "Braithw", "fernm", "name", "telephone", "warehouse")],
    "session_active": [_post()],
    "session_lock": [_post()],
    "settings_bleeping": [_post(check="on")],
    "settings_hearing": [_post(percent="50")],
    "settings_idle": [_post(minutes="10")],
    "settings_provider": [_post(enabled="on", agreement="")],
    "setup": [_post(organization="New", kind="law", region="local", name="Ann", email="a@test.example", password="x")],
    "transcript_chip": [_post(decision="accept"), _post(decision="not_private", reason="public"),
                        _post(decision="suggest", reason="public", note="x"), _post(decision="?")],
    "transcript_correct": [_post(text="Please state your whole name for the record."), _post(text="")],
    "transcript_export": [_post(format=name, leaves_house=True) for name in FORMATS] + [_post(format="odt")],
    "transcript_find": [_json(text=text) for text in ("Oyink", "Braithw", "fernm", "521", "name")],
    "transcript_held": [_post(purpose=""), _post(purpose="quality")],
    "transcript_held_again": [_post(), _post(anyway="yes", back="list")],
    "transcript_held_destroy": [_post(sure="yes", destroys=True)],
    "transcript_held_extend": [_post()],
    "transcript_held_find": [_post(text="Oyink"), _post(text="")],
    "transcript_held_hide": [_post(word="1", type="name", reason="missed"),
                             _post(word="1", type="name", reason="missed", everywhere="yes")],
    "transcript_held_hide_found": [_post(type="name", reason="missed")],
    "transcript_held_listen": [_post()],
    "transcript_held_release": [_post(read="yes")],
    "transcript_held_undo": [_post()],
    "transcript_hide": [_post(word="0", type="name", reason="missed", note="x")],
    "transcript_readable": [_post(decision="accept"), _post(decision="not_private", reason="public"), _post(decision="?")],
    "transcript_rename": [_post(name="Mr. Witness", role="witness")],
    "transcript_reveal": [_post(purpose=why, scope="person", n="1", ordinal="0") for why in ("", "court")],
    "transcript_reveal_end": [_post()],
    "transcript_sign": [_post(read="yes"), _post()],
    "transcript_sound": [_post()],
    "transcript_quiet": [_post(reason="common_word"), _post(reason="?")],
    "transcript_sound_check": [_post()],
    "transcript_sound_held": [_post()],
    "transcript_sound_release": [_post(listened="yes"), _post()],
    "transcript_speaker": [_post(label="B"), _post(label="", name="Mr. Third")],
    # Not with a purpose: who opens the line is shown it.
    "transcript_unchecked": [_post(decision="open", purpose=""), _post(decision="english"), _post(decision="leave"),
                             _post(decision="release"), _post(decision="hide", word="3", type="name", reason="missed"),
                             _post(decision="?")],
    "transcript_undo_correction": [_post()],
    "transcript_undo_decision": [_post()],
    "upload_begin": [_json(**_UPLOAD), _json(**(_UPLOAD | {"language": "xx"}))],
    "upload_cancel": [_post()],
    "who_sees_give": [_post(matter="1", audience="role:paralegal", policy="everything"), _post(audience="?", policy="gdpr")],
}  # fmt: skip

# (route, method) that answers only where something waits for somebody: asked in test_law2_what_waits.
SILENT: Final = frozenset((f"transcript_{name}", method) for name in ("quiet", "readable") for method in ("GET", "POST"))
HELD_SOUND: Final = frozenset(
    {("transcript_sound_held", "GET"), ("transcript_sound_held", "POST"), ("transcript_sound_release", "POST")}
)
UNCHECKED_SOUND: Final = frozenset({("transcript_sound_check", "POST")})
HELD_TEXT: Final = frozenset(
    (f"transcript_held_{name}", "POST") for name in ("extend", "find", "hide", "hide_found", "release", "undo")
)
WHERE_SOMETHING_WAITS: Final = SILENT | HELD_SOUND | UNCHECKED_SOUND | HELD_TEXT

# (route, method) that succeeds for nobody here, and why that is right.
NEVER: Final[dict[tuple[str, str], str]] = {
    ("api-erasure", "GET"): "nothing was erased before; asked again after the erasure at the end",
    ("api-multipart-complete", "POST"): "its bytes are streamed past Django (tests/vault)",
    ("api-nowhere", "GET"): "an address that does not exist",
    ("api-nowhere", "POST"): "an address that does not exist",
    ("api-nowhere", "PUT"): "an address that does not exist",
    ("api-nowhere", "PATCH"): "an address that does not exist",
    ("api-nowhere", "DELETE"): "an address that does not exist",
    ("provider-webhook", "POST"): "a forged notice: the answer is a code (tests/transcription/test_webhooks_in.py)",
    ("readyz", "GET"): "no worker, queue and engine run here: 503 with what is missing",
    ("recording_cancel", "POST"): "nothing is under way",
    ("upload_cancel", "POST"): "the upload under way is a program's (tests/portal/pages/test_uploading.py)",
    ("transcript_held_listen", "POST"): "the held text is a document, which has no sound (reading/test_held_text.py)",
    ("transcript_undo_correction", "POST"): "a decision builds on it",
}


def may_change(member: Member | None, secret: str, matter: Matter) -> bool:
    """Whether the person, or the program with this key, may change what is ``TYPED``."""
    if secret:
        key = keys.find(secret)
        return key is not None and Scope.VAULT_CHANGE.value in key.scopes and matters.may_change(key.member, matter)
    return member is not None and matters.may_change(member, matter)


def path_of(name: str, route: str, ids: dict[str, str], planted: Planted) -> str:
    """The route's address with its parts filled in. Raises KeyError for a part that nobody said what to put in."""
    own = planted.ids_of.get(name) or (planted.ids_of["api-multipart"] if name.startswith("api-multipart") else {})
    known = ids | own
    path, rest = "", route
    while "<" in rest:
        before, _, rest = rest.partition("<")
        part, _, rest = rest.partition(">")
        path += before + known[part.rpartition(":")[2]]
    return (path + rest).replace("^.*$", "no/such/address")


def body_of(ask: Ask, name: str, ids: dict[str, str], planted: Planted) -> dict[str, Any]:
    own = planted.ids_of["api-multipart"] if name.startswith("api-multipart") else {}
    return ask.filled(ids | own)
