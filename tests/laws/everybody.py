"""Asking the portal as everybody, and looking through whatever comes back: body, headers, title, addresses, links, events."""

import json
import re
from collections.abc import Container, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, cached_property
from http.cookies import SimpleCookie

from django.db import transaction
from django.test import Client
from django.test.client import ClientHandler
from django.urls import get_resolver

from compliance.audit import Actor
from compliance.models import AuditEvent
from portal.accounts.models import Member
from tests.laws import asking, canary
from tests.laws.planting import HIDDEN, SEALED, WALL, Planted
from tests.portal.test_every_url import walk
from transcription import key_view
from vault import grants, objects, streaming
from vault.errors import GrantRefused

ALL = (*HIDDEN, *WALL, *SEALED)
INSIDE = (*HIDDEN, *SEALED)
FETCHED = {"": {}, "htmx": {"HX-Request": "true"}, "script": {"Accept": "application/json"}}
_TITLE = re.compile(rb"<title>(.*?)</title>", re.DOTALL)
_ADDRESS = re.compile(rb"""\b(?:href|src|action|hx-(?:get|post)|data-(?:open|base|url))="([^"]*)""")


@cache
def routes() -> dict[str, str]:
    """Name -> route of everything that Django answers."""
    found = {}
    for route, pattern in walk(get_resolver().url_patterns):
        assert pattern.name, f"{route} has no name: give it one, so that it can be asked here."
        found[pattern.name] = route
    return found


def is_api(route: str) -> bool:
    return route.startswith("/api/")


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


def everything(
    planted: Planted, audience: Audience, actor: Actor, looked: Looked, *, names: Container[str] | None = None,
    ids: dict[str, str] | None = None,
) -> None:  # fmt: skip
    """``names``: these routes alone. ``ids``: about this alone, and acts are asked for it too."""
    for name, route in routes().items():
        if (audience.member and is_api(route)) or (audience.secret and not is_api(route)):
            continue  # programs ask the API, people the pages; strangers both
        if names is not None and name not in names:
            continue
        insider = audience.needles is not ALL
        # Acts of one who may reveal and one who may not; to read, everybody comes.
        acts = not audience.member or audience.member.pk in {m.pk for m in _acting(planted)}
        for about in [ids] if ids else variants(planted, name) if insider else [planted.ids]:
            path = asking.path_of(name, route, about, planted)
            for ask in [asking.Ask("GET"), *asking.ASKS.get(name, [])]:
                if (ask.destroys and audience.may_destroy) or (ask.method != "GET" and not acts):
                    continue
                another = about is not planted.ids and about is not ids
                if another and ask.method != "GET" and not name.startswith("transcript_held"):
                    continue
                # Fragments and JSON are the same for all who read; one of them is asked for all three.
                heads = FETCHED if audience.name == "paralegal inside" and ask.method == "GET" else {"": {}}
                for kind, headers in heads.items():
                    where = f"{ask.method} {route} as {audience.name} {kind}".strip()
                    one(planted, audience, actor, looked, name, ask, path, about, headers, where)


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
        if needles is not ALL and asking.may_change(audience.member, audience.secret, planted.matter):
            needles = tuple(needle for needle in needles if needle not in asking.TYPED.get(name, ()))
        looked.at(where, needles, data)
        looked.at(f"the headers of {where}", ALL, "\n".join(f"{k}: {v}" for k, v in answer.items()).encode())
        looked.at(f"the title of {where}", ALL, b" ".join(_TITLE.findall(data)))
        looked.at(f"an address in {where}", ALL, b" ".join(_ADDRESS.findall(data)))
        all_hidden = set(HIDDEN) <= set(audience.needles)
        if "/find" in path and answer.status_code == 200 and body.get("text") != "name" and all_hidden:
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
