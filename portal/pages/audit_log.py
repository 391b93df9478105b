"""The auditor's log: who did what when, never what was said. Matters appear by their short number only."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import islice
from urllib.parse import urlencode
from uuid import UUID

from asgiref.sync import sync_to_async
from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from compliance import audit, checkpoints, log_export, log_reading
from compliance.audit import Target
from compliance.events import TYPES, EventType
from compliance.log_reading import Filters
from compliance.models import Checkpoint
from portal.accounts.models import Member, Organization
from portal.accounts.rights import Action, Kind
from portal.errors import BadInput
from portal.pages.actors import actor_of, member_of
from vault import matters
from vault.models import Matter

_ROOMS = {
    "accounts": "People",
    "compliance": "Log, policies, regions",
    "portal": "Portal",
    "transcription": "Recordings and transcripts",
    "vault": "Matters and vaults",
}
_OUTCOMES = {"done": "Done", "refused": "Refused"}


class FilterForm(forms.Form):
    since = forms.DateField(label="From", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="To (that day included)", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    person = forms.UUIDField(label="Person", required=False, widget=forms.Select)
    act = forms.CharField(label="Act", required=False, widget=forms.Select)
    matter = forms.CharField(label="Matter number", required=False, max_length=12)
    outcome = forms.ChoiceField(label="Outcome", required=False, choices=[("", "All"), *_OUTCOMES.items()])

    def __init__(self, data: dict[str, str], organization: Organization) -> None:
        super().__init__(data)
        self.organization = organization
        people = Member.objects.filter(organization=organization).values_list("id", "name")
        self.fields["person"].widget.choices = [("", "Everybody"), *people]
        acts = [
            (label, [(room, f"All of {label.lower()}")] + sorted(((t.name, t.label) for t in _in(room)), key=lambda c: c[1]))
            for room, label in _ROOMS.items()
        ]
        self.fields["act"].widget.choices = [("", "Everything"), *acts]
        self.fields["matter"].widget.attrs["placeholder"] = "L-0001"

    def clean_act(self) -> str:
        act = str(self.cleaned_data["act"])
        if act and act not in TYPES and act not in _ROOMS:
            raise forms.ValidationError("There is no such act.")
        return act

    def clean_matter(self) -> UUID | None:
        number = str(self.cleaned_data["matter"]).strip().upper()
        if not number:
            return None
        letter, _, digits = number.partition("-")
        kind = {"L": Matter.Kind.LEGAL, "C": Matter.Kind.CLINICAL}.get(letter)
        if kind is None or not digits.isdecimal() or len(digits) > 9:
            raise forms.ValidationError("A matter's number looks like L-0001 or C-0001.")
        found = Matter.objects.filter(organization=self.organization, kind=kind, number=int(digits)).values_list(
            "id", flat=True
        )
        if not found:
            raise forms.ValidationError("There is no matter with this number.")
        return found[0]

    def filters(self) -> Filters:
        """What was asked for. Call when valid. Days are the server's (UTC)."""
        said = self.cleaned_data
        return Filters(
            since=_midnight(said["since"]) if said["since"] else None,
            until=_midnight(said["until"] + timedelta(days=1)) if said["until"] else None,
            person_id=said["person"],
            act=said["act"],
            matter_id=said["matter"],
            outcome=said["outcome"],
        )


def _in(room: str) -> Iterator[EventType]:
    return (event for event in TYPES.values() if event.name.startswith(f"{room}:"))


def _midnight(day: object) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))  # type: ignore[arg-type]


class MatterNumbers:
    """Short numbers of matters by id; each is looked up once."""

    def __init__(self, organization_id: UUID) -> None:
        self._organization_id = organization_id
        self._known: dict[UUID, str] = {}

    def __call__(self, matter_id: UUID) -> str:
        if matter_id not in self._known:
            row = Matter.objects.filter(organization_id=self._organization_id, pk=matter_id).only("kind", "number").first()
            self._known[matter_id] = row.short if row else ""
        return self._known[matter_id]


@dataclass(frozen=True)
class Shown:
    """A line of the page: the log's line, and the matter as the auditor may know it."""

    line: log_reading.Line
    matter: str


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    member = member_of(request)
    actor = actor_of(request)
    matters.require(actor, member, Action.READ, Kind.AUDIT)
    form = FilterForm(request.GET.dict(), member.organization)
    page = None
    if form.is_valid():
        page = log_reading.page(member.organization_id, form.filters(), request.GET.get("cursor", ""))
        with transaction.atomic():
            audit.record(
                "compliance:audit:read",
                organization_id=member.organization_id,
                actor=actor,
                target=Target("organization", member.organization_id),
                merge="log",
                events=len(page.lines),
            )
    numbers = MatterNumbers(member.organization_id)
    asked = {name: value for name, value in request.GET.items() if value and name != "cursor"}
    context = {
        "form": form,
        "page": page,
        "lines": [Shown(line, numbers(line.event.matter_id) if line.event.matter_id else "") for line in page.lines]
        if page
        else [],
        "query": urlencode(asked),
        "asked": asked,
        "older": urlencode({**asked, "cursor": page.older}) if page and page.older else "",
        "checkpoint": Checkpoint.objects.filter(organization_id=member.organization_id).order_by("-size").first(),
        "verifier": str(checkpoints.verifier()),
    }
    return render(request, "audit/index.html", context)


@require_GET
def export(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """The CSV of what the filters let through. Recorded before its first byte."""
    member = member_of(request)
    actor = actor_of(request)
    matters.require(actor, member, Action.EXPORT, Kind.AUDIT)
    form = FilterForm(request.GET.dict(), member.organization)
    if not form.is_valid():
        raise BadInput("These filters do not fit together. Go back to the log and look at them.")
    begun = log_export.begin(actor=actor, organization_id=member.organization_id, filters=form.filters())
    pieces = log_export.rows(begun, MatterNumbers(member.organization_id))
    answer = StreamingHttpResponse(_off_the_loop(pieces), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="audit-log-{timezone.now():%Y-%m-%d-%H%M}.csv"'
    return answer


async def _off_the_loop(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """The pieces one after the other, made in the request's own thread: the server neither waits nor gathers them."""
    while piece := await sync_to_async(lambda: b"".join(islice(pieces, 1)))():
        yield piece
