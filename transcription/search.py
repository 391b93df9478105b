"""Searching: in one view, and across all of a member's matters.

What is searched is what the member reads: pages of the Rendition of their audience, opened one after the other. A word
that is hidden from somebody is not there for their search either: labels are passed over. Queries come in bodies.
"""

import re
import time
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from compliance import audit
from compliance.audit import Actor
from compliance.policies import PolicyUnresolved
from portal.accounts.models import Member
from portal.accounts.rights import Action, Kind, allowed
from portal.errors import BadInput
from transcription import reading, renditions, speakers
from transcription.bulk import building
from transcription.models import Rendition, Transcript
from transcription.reading import View
from vault import matters

QUERY_LIMIT: Final = 200
TERMS_LIMIT: Final = 12
# Hits that one transcript's find bar steps through; the count beyond is said.
HITS_LIMIT: Final = 5000
SNIPPET_HITS: Final = 3
SNIPPET_WORDS: Final = 12
# One request opens pages for about so long; the page then asks for the next stretch and shows how far it is.
SECONDS: Final = 1.5
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Query:
    """Terms that must all be in a line; each is a run of words that stand side by side (a phrase has several)."""

    terms: tuple[tuple[str, ...], ...]
    speaker: str = ""


@lru_cache(maxsize=65_536)
def folded(token: str) -> str:
    """Case, accents and typographic apostrophes make no difference."""
    plain = unicodedata.normalize("NFKD", token.replace("’", "'")).casefold()
    return "".join(c for c in plain if not unicodedata.combining(c))


def compared(text: str) -> list[str]:
    """The words of a text as they are compared."""
    return [folded(found.group()) for found in _TOKEN.finditer(text)]


def parse(text: str, speaker: str = "") -> Query:
    """``knee "left shoulder"``: words anywhere in a line, phrases in quotes. Raises BadInput."""
    if len(text) > QUERY_LIMIT or len(speaker) > QUERY_LIMIT:
        raise BadInput("A search has at most 200 characters.", limit=QUERY_LIMIT)
    terms: list[tuple[str, ...]] = []
    for number, piece in enumerate(re.split(r'["“”]', text)):
        said = compared(piece)
        if number % 2:
            if said:
                terms.append(tuple(said))
        else:
            terms += [(token,) for token in said]
    if not terms:
        raise BadInput("Type a word to search for.")
    if len(terms) > TERMS_LIMIT:
        raise BadInput("A search has at most 12 words or phrases.", limit=TERMS_LIMIT, found=len(terms))
    return Query(tuple(dict.fromkeys(terms)), " ".join(compared(speaker)))


def matches(query: Query, line: dict[str, Any]) -> list[tuple[int, int]]:
    """Where the line says it, as (start, end) characters of its text; empty when a term is missing.

    The last word of the query may be a beginning ("cardi"), as people type.
    """
    text = line["text"]
    hidden = [(chip["start"], chip["end"]) for chip in line.get("chips") or []]
    tokens: list[tuple[str, int, int]] = []
    for found in _TOKEN.finditer(text):
        start, end = found.span()
        if any(start < high and low < end for low, high in hidden):
            # A label parts what stands around it: no phrase reaches over what is hidden.
            tokens.append(("", start, end))
        else:
            tokens.append((folded(found.group()), start, end))
    spans: list[tuple[int, int]] = []
    for number, term in enumerate(query.terms):
        open_ended = number == len(query.terms) - 1 and len(term[-1]) >= 3
        found_here = list(_runs(tokens, term, open_ended=open_ended))
        if not found_here:
            return []
        spans += found_here
    return sorted(set(spans))


def _runs(tokens: list[tuple[str, int, int]], term: tuple[str, ...], *, open_ended: bool) -> Iterator[tuple[int, int]]:
    size = len(term)
    for place in range(len(tokens) - size + 1):
        for step in range(size):
            token = tokens[place + step][0]
            last = step == size - 1
            if not (token == term[step] or (last and open_ended and token.startswith(term[step]))):
                break
        else:
            yield tokens[place][1], tokens[place + size - 1][2]


@dataclass
class Found:
    """Hits of one view, line by line: {"n", "spans"}. ``total`` counts also those beyond the limit."""

    hits: list[dict[str, Any]] = field(default_factory=list)
    total: int = 0


@building()
def in_view(view: View, text: str) -> Found:
    """Every place where the view says it. Recorded. Raises BadInput, NeedsChecking, StillHiding."""
    query = parse(text)
    found = Found()
    for line in renditions.utterances(view.shown()):
        spans = matches(query, line)
        if spans:
            found.total += len(spans)
            if len(found.hits) < HITS_LIMIT:
                found.hits.append({"n": line["n"], "start": line.get("start"), "spans": spans})
    with transaction.atomic():
        reading.record_read(view)
        audit.record(
            "transcription:search:made",
            organization_id=view.matter.organization_id,
            actor=view.actor,
            target=reading.target(view.transcript),
            hits=found.total,
            matters=1,
        )
    return found


@dataclass
class Snippet:
    """A line that says it. ``parts``: (text, kind) with kind "", "hit" or "label"."""

    n: int
    start: int | None
    speaker: str
    position: int
    parts: list[tuple[str, str]]


@dataclass
class Result:
    transcript: Transcript
    title: str
    matter: str
    snippets: list[Snippet]
    hits: int
    verbatim: bool = False  # nothing is hidden in its snippets, and that they were shown is a reveal


@dataclass
class Stretch:
    """What one request searched. ``left``: ids of transcripts that are still to be opened; ``skipped``: not shown to
    this member at the moment (held, being hidden, or a policy that cannot be resolved)."""

    results: list[Result]
    done: int
    left: list[UUID]
    skipped: int

    @property
    def total(self) -> int:
        return self.done + len(self.left)


def candidates(member: Member, matter_id: UUID | None = None) -> list[UUID]:
    """The live transcripts behind the member's walls, newest first."""
    if not allowed(member.roles, Action.READ, Kind.TRANSCRIPT):
        return []
    visible = matters.visible_to(member)
    if matter_id is not None:
        visible = visible.filter(pk=matter_id)
    rows = Transcript.objects.filter(proceeding__matter__in=visible, superseded_at=None).order_by("-created_at")
    return list(rows.values_list("id", flat=True))


def across(
    actor: Actor, member: Member, text: str, *, speaker: str = "", ids: Iterable[UUID], seconds: float = SECONDS
) -> Stretch:
    """Searches transcripts (ids that ``candidates`` gave; others are passed over) for about ``seconds``. Recorded."""
    query = parse(text, speaker)
    queue = list(dict.fromkeys(ids))
    mine = set(candidates(member))
    until = time.monotonic() + seconds
    stretch = Stretch([], 0, [], 0)
    seen_matters: set[UUID] = set()
    looked_into: list[View] = []
    for number, transcript_id in enumerate(queue):
        if number and time.monotonic() > until:
            stretch.left = queue[number:]
            break
        stretch.done += 1
        if transcript_id not in mine:
            continue
        view = _view(actor, member, transcript_id)
        if view is None or view.rendition is None:
            stretch.skipped += 1
            continue
        seen_matters.add(view.matter.id)
        result = _in_transcript(view, view.rendition, query)
        if result is not None:
            stretch.results.append(result)
            looked_into.append(view)
    with transaction.atomic():
        audit.record(
            "transcription:search:made",
            organization_id=member.organization_id,
            actor=actor,
            hits=sum(result.hits for result in stretch.results),
            matters=len(seen_matters),
        )
        for view in looked_into:
            # A snippet is a look into a transcript; under verbatim it is a reveal.
            reading.record_read(view)
    return stretch


def _view(actor: Actor, member: Member, transcript_id: UUID) -> View | None:
    try:
        return reading.open_view(actor, member, transcript_id)
    except (PolicyUnresolved, renditions.NotShown):
        # Not shown to this member today, so not searched either; the page says how many.
        return None


@building()
def _in_transcript(view: View, rendition: Rendition, query: Query) -> Result | None:
    called = {label: speakers.called(s, names_hidden=view.names_hidden) for label, s in view.speakers.items()}
    names = {
        label: " ".join(folded(t.group()) for t in _TOKEN.finditer(f"{called[label]} {label} {s.role}"))
        for label, s in view.speakers.items()
    }
    snippets: list[Snippet] = []
    hits = 0
    for line in renditions.utterances(rendition):
        if query.speaker and query.speaker not in names.get(line["speaker"], ""):
            continue
        spans = matches(query, line)
        if not spans:
            continue
        hits += len(spans)
        if len(snippets) < SNIPPET_HITS:
            who = view.speakers.get(line["speaker"])
            snippets.append(
                Snippet(
                    line["n"],
                    line.get("start"),
                    called.get(line["speaker"]) or speakers.called(None, line["speaker"]),
                    who.position if who else 0,
                    _snippet(line, spans),
                )  # fmt: skip
            )
    if not hits:
        return None
    proceeding = view.transcript.proceeding
    title = str(proceeding.title) or proceeding.get_kind_display()
    return Result(view.transcript, title, str(view.matter.title), snippets, hits, view.verbatim)


def _snippet(line: dict[str, Any], spans: list[tuple[int, int]]) -> list[tuple[str, str]]:
    """About a dozen words around the first hit, with hits and labels told apart."""
    text: str = line["text"]
    tokens = [found.span() for found in re.finditer(r"\S+", text)]
    first = next((n for n, (_, end) in enumerate(tokens) if end > spans[0][0]), 0)
    low = tokens[max(0, first - SNIPPET_WORDS)][0] if tokens else 0
    high = tokens[min(len(tokens) - 1, first + 2 * SNIPPET_WORDS)][1] if tokens else len(text)
    marks = [(start, end, "hit") for start, end in spans]
    marks += [(chip["start"], chip["end"], "label") for chip in line.get("chips") or []]
    # A label that would be cut in two is shown whole.
    for start, end, kind in marks:
        if kind == "label":
            low = start if start < low < end else low
            high = end if start < high < end else high
    parts: list[tuple[str, str]] = [("… ", "")] if low > 0 else []
    edge = low
    for start, end, kind in sorted(marks):
        if start < edge or end > high:
            continue
        parts += [(text[edge:start], ""), (text[start:end], kind)]
        edge = end
    parts.append((text[edge:high], ""))
    if high < len(text):
        parts.append((" …", ""))
    return [part for part in parts if part[0]]
