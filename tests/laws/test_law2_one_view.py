"""Law 2: every output of the portal shows its audience's view and nothing else.

What there is to ask is found in the resolver, the schema, the registries; a new route, method, event, command or format
that nobody said how to ask makes a test here fail, with what to add.
"""

import ast
import inspect
import io
import json
import re
from collections.abc import Callable
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
import structlog
from django.core.management import call_command, get_commands
from django.core.management.base import CommandError
from django.test import Client

from compliance import events
from portal.accounts.rights import Role
from tests.laws import asking, canary, planting
from tests.laws.everybody import ALL, INSIDE, Looked, audiences, everything, is_api, rolled_back, routes
from tests.laws.planting import HIDDEN, Planted
from transcription import notices
from transcription.models import DoubtCount

ROOT = Path(__file__).parents[2]
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def taken_methods(path: str, client: Client, cookies: dict[str, str]) -> set[str]:
    """What an address answers to with more than "not this method"; asked as somebody whom it refuses everything."""
    # allauth's pages take every method for a GET or a POST.
    ours = METHODS if not path.startswith("/accounts/") else METHODS[:2]
    taken = set()
    for method in ours:
        client.cookies = SimpleCookie(cookies)
        with rolled_back():
            if client.generic(method, path).status_code != 405:
                taken.add(method)
    return taken


# --- nothing escapes the list ----------------------------------------------------------------------------------------


def test_what_is_planted_is_there_and_hidden(planted):
    planting.nothing_is_planted_in_vain(planted)


def test_every_method_of_every_route_is_asked(planted):
    stranger = Client(raise_request_exception=False)
    stranger.force_login(planted.neighbours["auditor"])
    cookies = {name: cookie.value for name, cookie in stranger.cookies.items()}
    program = Client(raise_request_exception=False, HTTP_AUTHORIZATION="Bearer " + planted.keys_outside["neighbour's program"])
    missing = []
    for name, route in routes().items():
        try:
            path = asking.path_of(name, route, planted.ids, planted)
        except KeyError as part:
            pytest.fail(f"{route}: say in tests/laws/planting.py (ids) what to put in for {part}.")
        taken = taken_methods(path, *((program, {}) if is_api(route) else (stranger, cookies)))
        asked = {ask.method for ask in asking.ASKS.get(name, [])} | {"GET"}
        missing += [f"{method} {route} ({name})" for method in sorted(taken - asked)]
    assert not missing, f"Say in tests/laws/asking.py how to ask: {missing}"
    stale = set(asking.ASKS) - set(routes())
    assert not stale, f"These routes are gone; take them out of tests/laws/asking.py: {stale}"


def test_every_operation_of_the_schema_is_asked(db):
    schema = json.loads(Client().get("/api/schema").content)
    by_path = {re.sub(r"<[a-z]+:", "<", route): name for name, route in routes().items() if is_api(route)}
    for path, operations in schema["paths"].items():
        plain = "/" + path.lstrip("/") if path.startswith("/api") else f"/api{path}"
        name = by_path.get(plain.replace("{", "<").replace("}", ">"))
        assert name is not None, f"{path} is described but no route of the resolver."
        for method in operations:
            asked = {ask.method for ask in asking.ASKS.get(name, [])} | {"GET"}
            assert method.upper() in asked, f"Say in tests/laws/asking.py how to ask {method.upper()} {path}."


def test_beside_django_only_the_streaming_app_answers():
    from portal import asgi

    calls = inspect.getsource(asgi.application).count("await ")
    assert calls == 2, "portal/asgi.py has another app: fetch from it in this test as each audience, as links are."


def test_no_kind_of_fact_can_hold_text():
    assert set(events.Fact) == {"code", "count", "flag", "id"}, "A new kind of fact: show here that no content fits into it."
    for event in events.TYPES.values():
        for name, kind in event.facts.items():
            for secret in ("Oyinkansola Braithwaite", "a.b@fernmail.org, home", "five five five", "Ünal Çelik"):
                with pytest.raises(ValueError, match=name):
                    event.check({name: secret})
            assert kind in set(events.Fact)


def test_nothing_of_ours_sends_e_mail():
    """Where e-mail begins, its subject and body are outputs: ask for them in ``test_every_audience_…``, then list them."""
    users = [
        str(path.relative_to(ROOT))
        for room in ("portal", "compliance", "vault", "transcription")
        for path in (ROOT / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if (isinstance(node, ast.ImportFrom) and (node.module or "").startswith("django.core.mail"))
        or (isinstance(node, ast.Import) and any(alias.name.startswith("django.core.mail") for alias in node.names))
        or (isinstance(node, ast.Attribute) and node.attr in {"email_user", "send_mail"})
    ]
    assert users == []
    assert [str(p) for p in (ROOT / "templates").rglob("*") if "mail" in p.name] == []


# --- asking everything as everybody ------------------------------------------------------------------------------------


def test_every_audience_is_shown_its_view_and_nothing_else(planted, actor_for, capfd, mailoutbox):
    looked = Looked()
    actor = actor_for(planted.inside["attorney"])
    for audience in audiences(planted):
        everything(planted, audience, actor, looked)
    assert looked.leaks == []
    assert looked.broken == []
    assert looked.count > 1000
    assert looked.links >= 5, "no link to sound was followed"
    assert mailoutbox == []
    silent = looked.asked - looked.answered - looked.not_taken - set(asking.NEVER) - asking.WHERE_SOMETHING_WAITS
    silent -= {each for each in silent if _destroys(*each)}
    assert not silent, f"Nobody got an answer from these: mend the requests in tests/laws/asking.py: {silent}"

    structlog.get_logger().info("control", code="a-line-that-is-logged")
    logged = capfd.readouterr()
    assert "a-line-that-is-logged" in logged.out + logged.err
    looked.at("the log", ALL, (logged.out + logged.err).encode())

    assert notices.create_missing() == 1
    assert notices.send_due() == 1
    sent = planted.receiver.asked
    assert len(sent) == 1
    looked.at("the notice sent", ALL, json.dumps(sent[0][2]).encode() + b"\n" + sent[0][3])
    assert looked.leaks == []


def _destroys(name: str, method: str) -> bool:
    return any(ask.method == method and ask.destroys for ask in asking.ASKS.get(name, []))


def test_what_answers_to_destruction_tells_nothing(planted, capfd):
    """At the end, in earnest: a transcription, a recording, a held text, the vault, and the certificate."""
    attorney = planted.inside["attorney"]
    page = Client()
    page.force_login(attorney)
    program = Client(HTTP_AUTHORIZATION="Bearer " + planted.keys_inside["attorney's program"])
    ids = planted.ids | {"transcript_id": str(planted.held.id)}
    asked = [(n, a) for n, asks in asking.ASKS.items() for a in asks if a.destroys]
    order = ["transcript_held_destroy", "api-transcription", "api-object", "api-vault"]
    assert {name for name, _ in asked} == set(order), "Put the new destruction into its place here."
    said = []
    for name, ask in sorted(asked, key=lambda each: order.index(each[0])):
        path = asking.path_of(name, routes()[name], ids, planted)
        client = program if name.startswith("api-") else page
        answer = client.post(path, ask.body) if ask.method == "POST" else client.generic(ask.method, path)
        assert answer.status_code < 400, name
        # A deleted file is named to who deleted it; the certificate of a vault leaves the house.
        needles = INSIDE if name == "api-object" else ALL
        assert canary.found(needles, answer.content) == []
        said.append(answer)
    erasure = json.loads(said[-1].content)["erasure"]["id"]
    certificate = program.get(f"/api/v1/erasures/{erasure}")
    assert certificate.status_code == 200
    assert canary.found(ALL, certificate.content) == []
    logged = capfd.readouterr()
    assert canary.found(ALL, (logged.out + logged.err).encode()) == []


# --- commands ------------------------------------------------------------------------------------------------------------


def _result_file(folder: Path) -> Path:
    path = folder / "result.json"
    path.write_text(json.dumps(planting.RESULT))
    return path


def _out(*arguments: Any, **options: Any) -> bytes:
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command(*map(str, arguments), stdout=out, stderr=err, **options)
    except CommandError as error:
        err.write(str(error))
    return (out.getvalue() + err.getvalue()).encode()


def _audit(planted: Planted, folder: Path) -> bytes:
    said = _out("audit", "export", folder / "log", organization=planted.matter.organization.name)
    files = [path.read_bytes() for path in sorted((folder / "log").iterdir())]
    assert len(files) == 3
    return said + b"\n".join(files) + _out("audit", "verify", folder / "log", key=folder / "log" / "key.txt", json=True)


# The pass reads a file of its own: without the matter's list and parties it cannot know these.
_OF_THE_MATTER = {"Nightjar", planting.BY_HAND, "Zebulon"}
_OF_A_FILE = tuple(needle for needle in HIDDEN if needle not in _OF_THE_MATTER)
COMMANDS: dict[str, tuple[tuple[str, ...], Callable[[Planted, Path], bytes]] | str] = {
    "audit": (ALL, _audit),
    "bench": "measures on text of its own",
    "count_doubts": (ALL, lambda p, _: (DoubtCount.objects.all().delete(), _out("count_doubts"))[1]),
    "create_api_key": (ALL, lambda p, _: _out("create_api_key", member=p.inside["attorney"].email)),
    "embedded": "runs the servers; their logs are searched by law 1's test",
    "engine": "serves speech recognition; its log is searched by law 1's test",
    "evaluate_redaction": "reads test transcripts by their path, never a matter's; its report is about their misses",
    "keys": (ALL, lambda p, _: _out("keys", "check", all=True) + _out("keys", "check", vault=p.matter.vault_id)),
    "recheck": (ALL, lambda p, _: _out("recheck", organization=p.matter.organization.name, matter=p.matter.short)),
    "recognisers": (ALL, lambda *_: _out("recognisers")),
    "redact": (_OF_A_FILE, lambda _, folder: _out("redact", _result_file(folder))),
    "setup": (ALL, lambda *_: _out("setup")),
    "transcribe": (
        _OF_A_FILE,
        lambda _, folder: b"\n".join(_out("transcribe", _result_file(folder), format=kind) for kind in ("text", "json")),
    ),
}  # fmt: skip


def test_every_command_is_on_the_list():
    rooms = {"portal", "compliance", "vault", "transcription"}
    ours = {name for name, app in get_commands().items() if str(app).split(".")[0] in rooms}
    assert ours == set(COMMANDS), "Say in COMMANDS here what the command may print, or why nobody else reads it."


@pytest.mark.parametrize("command", [name for name, how in COMMANDS.items() if not isinstance(how, str)])
def test_a_command_prints_the_view(planted, command, tmp_path):
    how = COMMANDS[command]
    assert not isinstance(how, str)
    needles, run = how
    said = run(planted, tmp_path)
    assert len(said) > 20
    if command in {"redact", "transcribe"}:
        assert b"[NAME" in said
    assert canary.found(needles, said) == []


def test_the_roles_are_the_ones_that_were_asked():
    assert {role.value for role in Role} == {
        "administrator", "attorney", "auditor", "clinician", "delegate", "paralegal", "privacy_officer",
    }, "A new role: let planting.plant make somebody of it, inside and outside."  # fmt: skip
