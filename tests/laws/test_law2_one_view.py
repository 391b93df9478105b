"""Law 2: every output of the portal shows its audience's view and nothing else.

What there is to ask is found in the resolver, the schema, the registries; a new route, method, event, command or format
that nobody said how to ask makes a test here fail, with what to add.
"""

import ast
import inspect
import io
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, cached_property
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
import structlog
from django.core.management import call_command, get_commands
from django.core.management.base import CommandError
from django.db import transaction
from django.test import Client
from django.test.client import ClientHandler
from django.urls import get_resolver

from compliance import events
from compliance.audit import Actor
from compliance.models import AuditEvent
from portal.accounts.models import Member
from portal.accounts.rights import Role
from tests.laws import asking, canary, planting
from tests.laws.planting import HIDDEN, SEALED, WALL, Planted
from tests.portal.test_every_url import walk
from tests.transcription.elsewhere import host
from transcription import key_view, notices
from transcription.models import DoubtCount
from vault import grants, objects, streaming
from vault.errors import GrantRefused

ROOT = Path(__file__).parents[2]
ALL = (*HIDDEN, *WALL, *SEALED)
INSIDE = (*HIDDEN, *SEALED)
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
FETCHED = {"": {}, "htmx": {"HX-Request": "true"}, "script": {"Accept": "application/json"}}
_TITLE = re.compile(rb"<title>(.*?)</title>", re.DOTALL)
_ADDRESS = re.compile(rb"""\b(?:href|src|action|hx-(?:get|post)|data-(?:open|base|url))="([^"]*)""")


@pytest.fixture
def planted(db: None, firm: Any, clinic: Any, make_member: Any, actor_for: Any, settings: Any) -> Iterator[Planted]:
    with host() as receiver:
        settings.TRUSTED_ORIGINS = [receiver.url]
        made = planting.plant(firm, clinic, make_member, actor_for, receiver.url)
        made.receiver = receiver
        yield made


def routes() -> dict[str, str]:
    """Name -> route of everything that Django answers."""
    found = {}
    for route, pattern in walk(get_resolver().url_patterns):
        assert pattern.name, f"{route} has no name: give it one, so that it can be asked here."
        found[pattern.name] = route
    return found


def is_api(route: str) -> bool:
    return route.startswith("/api/")


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


@dataclass
class Looked:
    """What was asked, what leaked, and which requests anybody got an answer to."""

    leaks: list[str] = field(default_factory=list)
    answered: set[tuple[str, str]] = field(default_factory=set)
    asked: set[tuple[str, str]] = field(default_factory=set)
    not_taken: set[tuple[str, str]] = field(default_factory=set)
    broken: list[str] = field(default_factory=list)
    links: int = 0
    count: int = 0

    def at(self, where: str, needles: tuple[str, ...], data: bytes) -> None:
        self.leaks += [f"{needle} in {where}" for needle in canary.found(needles, data)]


@contextmanager
def rolled_back() -> Iterator[None]:
    """Each request meets the same matter, whatever the one before it did."""
    block = transaction.atomic()
    # As Django's TestCase says of its own: what must be durable may be nested in it.
    block._from_testcase = True
    with block:
        yield
        transaction.set_rollback(True)


@cache
def _handler() -> ClientHandler:
    """One for all clients: loading the middleware takes longer than most requests."""
    return ClientHandler(enforce_csrf_checks=False)


@dataclass
class Audience:
    name: str
    needles: tuple[str, ...]
    member: Member | None = None
    secret: str = ""
    may_destroy: bool = False
    cookies: dict[str, str] = field(default_factory=dict)

    @cached_property
    def client(self) -> Client:
        headers = {"HTTP_AUTHORIZATION": f"Bearer {self.secret}"} if self.secret else {}
        made = Client(raise_request_exception=False, **headers)
        made.handler = _handler()
        if self.member is not None:
            made.force_login(self.member)
        self.cookies = {name: cookie.value for name, cookie in made.cookies.items()}
        return made

    def as_signed_in(self) -> Client:
        """The client with the cookies of its beginning, whatever the request before did to the session."""
        client = self.client
        client.cookies = SimpleCookie(self.cookies)
        return client


def audiences(planted: Planted) -> list[Audience]:
    found = [Audience("anonymous", ALL)]
    found += [Audience(f"{role} inside", INSIDE, member=m, may_destroy=True) for role, m in planted.inside.items()]
    found += [Audience(f"{role} outside", ALL, member=m) for role, m in planted.outside.items()]
    # tests/portal/test_every_url.py asks as every role of the neighbour.
    found += [Audience(f"{role} of the neighbour", ALL, member=planted.neighbours[role]) for role in ("attorney", "auditor")]
    found += [Audience(name, INSIDE, secret=s, may_destroy=True) for name, s in planted.keys_inside.items()]
    found += [Audience(name, ALL, secret=s) for name, s in planted.keys_outside.items()]
    return found


def variants(planted: Planted, name: str) -> list[dict[str, str]]:
    """The ids, and for what is about a transcript also those of one that is held and one that is being hidden."""
    if name.startswith("transcript") or name == "held":
        others = [planted.held, planted.hiding]
        return [planted.ids, *({**planted.ids, "transcript_id": str(other.id)} for other in others)]
    return [planted.ids]


def _acting(planted: Planted) -> list[Member]:
    inside, outside = planted.inside, planted.outside
    acting = [inside["attorney"], inside["paralegal"], *(outside[role] for role in ("administrator", "attorney", "auditor"))]
    return [*acting, planted.neighbours["attorney"]]


def everything(planted: Planted, audience: Audience, actor: Actor, looked: Looked) -> None:
    for name, route in routes().items():
        if (audience.member and is_api(route)) or (audience.secret and not is_api(route)):
            continue  # programs ask the API, people the pages; strangers both
        insider = audience.needles is INSIDE
        # Acts of one who may reveal and one who may not; to read, everybody comes.
        acts = not audience.member or audience.member.pk in {m.pk for m in _acting(planted)}
        for ids in variants(planted, name) if insider else [planted.ids]:
            path = asking.path_of(name, route, ids, planted)
            for ask in [asking.Ask("GET"), *asking.ASKS.get(name, [])]:
                if (ask.destroys and audience.may_destroy) or (ask.method != "GET" and not acts):
                    continue
                if ids is not planted.ids and ask.method != "GET" and not name.startswith("transcript_held"):
                    continue
                # Fragments and JSON are the same for all who read; one of them is asked for all three.
                heads = FETCHED if audience.name == "paralegal inside" and ask.method == "GET" else {"": {}}
                for kind, headers in heads.items():
                    where = f"{ask.method} {route} as {audience.name} {kind}".strip()
                    one(planted, audience, actor, looked, name, ask, path, ids, headers, where)


def one(
    planted: Planted, audience: Audience, actor: Actor, looked: Looked, name: str, ask: asking.Ask, path: str,
    ids: dict[str, str], headers: dict[str, str], where: str,
) -> None:  # fmt: skip
    before = AuditEvent.objects.count()
    client = audience.as_signed_in()
    with rolled_back():
        body = asking.body_of(ask, name, ids, planted)
        address = path + asking._fill(ask.query, ids)
        if ask.as_json:
            answer = client.generic(
                ask.method, address, json.dumps(body), content_type="application/json", headers=headers
            )
        elif ask.method == "POST":
            answer = client.post(address, body, headers=headers)
        else:
            answer = client.generic(ask.method, address, headers=headers)
        data = b"".join(answer) if answer.streaming else answer.content
        looked.count += 1
        looked.asked.add((name, ask.method))
        if answer.status_code == 405:
            looked.not_taken.add((name, ask.method))
        signed_out = answer.get("Location", "").startswith("/accounts/login/")
        assert not (audience.member and signed_out and name != "account_logout"), f"{where} was asked by nobody"
        if answer.status_code < 400 and not signed_out:
            looked.answered.add((name, ask.method))
        if answer.status_code >= 500 and name != "readyz":
            looked.broken.append(f"{answer.status_code} {where}")
        needles = ALL if ask.leaves_house or "attachment" in answer.get("Content-Disposition", "") else audience.needles
        if needles is INSIDE and asking.may_change(audience.member, audience.secret, planted.matter):
            needles = tuple(needle for needle in needles if needle not in asking.TYPED.get(name, ()))
        looked.at(where, needles, data)
        looked.at(f"the headers of {where}", ALL, "\n".join(f"{k}: {v}" for k, v in answer.items()).encode())
        looked.at(f"the title of {where}", ALL, b" ".join(_TITLE.findall(data)))
        looked.at(f"an address in {where}", ALL, b" ".join(_ADDRESS.findall(data)))
        if "/find" in path and answer.status_code == 200 and body.get("text") != "name":
            assert json.loads(data)["total"] == 0, f"{where} confirms a hidden word"
        links(looked, data, actor, where)
        facts = AuditEvent.objects.order_by("-at").values_list("type", "facts")[: AuditEvent.objects.count() - before]
        looked.at(f"the events of {where}", ALL, json.dumps(list(facts), default=str).encode())


def links(looked: Looked, data: bytes, actor: Actor, where: str) -> None:
    """What the links in an answer give: the silenced copy under a name that tells nothing."""
    for token in set(re.findall(re.escape(grants.PATH.encode()) + rb"([A-Za-z0-9_.-]+)", data)):
        try:
            grant = grants.check(token.decode(), grants.Asked("GET"), actor)
            given = key_view.served(grant)
        except (GrantRefused, key_view.NoRedactedCopy):
            continue  # a link to write or erase, or a copy that is not there
        looked.links += 1
        assert given.kind == "redacted_audio", f"{where} gives {given.kind}"
        looked.at(f"the file of {where}", ALL, streaming._disposition(grant, given).encode())
        looked.at(f"the sound of {where}", ALL, objects.get_bytes(given))


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
    silent = looked.asked - looked.answered - looked.not_taken - set(asking.NEVER)
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
