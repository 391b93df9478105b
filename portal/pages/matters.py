"""Matters: the list, a new one, one with its proceedings, parties and wall."""

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from compliance import audiences, audit, regions
from compliance.audiences import Audience
from compliance.audit import Target
from compliance.redaction.recognisers.listed import belongs_to_name
from portal.accounts.models import Member, Organization
from portal.accounts.rights import Action, Kind, allowed
from portal.errors import BadInput, NotFound
from portal.pages import checking
from portal.pages.actors import actor_of, member_of
from transcription import rechecking, rereading
from transcription.models import Proceeding
from vault import matters
from vault.models import LegalHold, Matter

PAGE = 50


def may_open(organization: Organization) -> list[Member]:
    """The people of an organization whose roles open matters; names only, no wall is told by this."""
    people = Member.objects.filter(organization=organization, is_active=True).prefetch_related("role_rows")
    return [person for person in people if allowed(person.roles, Action.READ, Kind.MATTER)]


def parse_parties(text: str) -> list[dict[str, str]]:
    """``Marta Whitfield, plaintiff`` a line: name and, after the last comma, what they are.

    What stands there and is a part of the name stays with it, so that it is hidden: ``Delgado, Carmen``, ``Roe, Inc.``
    """
    found = []
    for line in text.splitlines():
        name, comma, role = line.rpartition(",")
        if not comma or belongs_to_name(role):
            name, role = line, ""
        found.append({"name": name.strip(), "role": role.strip()})
    return [party for party in found if party["name"]]


def party_lines(matter: Matter) -> str:
    return "\n".join(f"{p['name']}, {p['role']}" if p.get("role") else p["name"] for p in matter.parties or [])


class MatterForm(forms.Form):
    kind = forms.ChoiceField(
        label="Kind",
        choices=Matter.Kind.choices,
        widget=forms.RadioSelect,
        help_text="A patient chart holds health data; a legal matter is treated as privileged.",
    )
    title = forms.CharField(
        label="Title",
        max_length=matters.TITLE_LIMIT,
        help_text="Seen only by those who may open it. Everybody else sees its number.",
    )
    parties = forms.CharField(
        label="Parties",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=(
            "One a line, for example: Marta Whitfield, plaintiff. “Whitfield, Marta” and “Roe, Inc.” are names without a role. "
            "Their names are looked for when details are hidden."
        ),
    )
    region = forms.ChoiceField(
        label="Region", help_text="Where everything of this matter is stored and transcribed. It cannot be changed later."
    )
    people = forms.MultipleChoiceField(
        label="Who may open it", required=False, widget=forms.CheckboxSelectMultiple, help_text="You may, in any case."
    )

    def __init__(self, *args: Any, by: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = Matter.Kind.CLINICAL if by.organization.kind == Organization.Kind.MEDICINE else Matter.Kind.LEGAL
        self.initial.setdefault("kind", kind)
        self.initial.setdefault("region", by.organization.default_region)
        self.others = {str(person.id): person for person in may_open(by.organization) if person.id != by.id}
        self._choices("region", [(code, regions.region(code).label) for code in settings.REGIONS])
        self._choices("people", [(key, person.name) for key, person in self.others.items()])
        if not self.others:
            del self.fields["people"]

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # for the type checker: declared above
        field.choices = choices


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    member = member_of(request)
    actor = actor_of(request)
    matters.require(actor, member, Action.READ, Kind.MATTER)
    shown = Paginator(matters.visible_to(member), PAGE).get_page(request.GET.get("page"))
    with transaction.atomic():
        audit.record(
            "vault:matter:listed",
            organization_id=member.organization_id,
            actor=actor,
            merge=f"page {shown.number}",
            matters=len(shown.object_list),
        )
    return render(request, "matters/index.html", {"page": shown, "regions": regions.REGIONS})


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    member = member_of(request)
    actor = actor_of(request)
    matters.require(actor, member, Action.CREATE, Kind.MATTER)
    form = MatterForm(request.POST or None, by=member)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = matters.create(
                actor=actor,
                member=member,
                kind=said["kind"],
                title=said["title"],
                parties=parse_parties(said["parties"]),
                region=said["region"],
            )
        except BadInput as error:
            form.add_error(None, error.text)
        else:
            for person in said.get("people", []):
                matters.add_to_wall(actor=actor, by=member, matter=made, member=form.others[person])
            messages.success(request, f"{made.get_kind_display()} {made.short} is ready.")
            if allowed(member.roles, Action.READ, Kind.MATTER):
                return redirect("matter", matter_id=made.id)
            return redirect("matter_new")
    crumbs = [("Matters", reverse("matters")), ("New", None)]
    return render(request, "matters/new.html", {"form": form, "crumbs": crumbs})


@require_GET
def show(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    member = member_of(request)
    actor = actor_of(request)
    matter = matters.open_matter(member, matter_id)
    with transaction.atomic():
        audit.record(
            "vault:matter:read",
            organization_id=matter.organization_id,
            actor=actor,
            target=Target("matter", matter.id, matter.id),
            merge="matter",
        )
    wall = list(matter.wall.select_related("member").prefetch_related("member__role_rows").order_by("member__name"))
    inside = {row.member_id for row in wall}
    context = {
        "matter": matter,
        "region": regions.region(matter.vault.region),
        "proceedings": Proceeding.objects.filter(matter=matter).select_related("created_by", "matter__vault")[:200],
        "wall": wall,
        "outside": [person for person in may_open(matter.organization) if person.id not in inside],
        "may_change": matters.may_change(member, matter),
        # What is always hidden is said by its number: the words stand where they are changed, and nowhere else.
        "lists": {name: (matter.lists or {}).get(name, []) for name in ("hide", "show")},
        "progress": rechecking.progress(matter),
        "checked_before": rereading.count(rereading.in_matter(matter)),
        "older": rereading.older(rereading.in_matter(matter)).count(),
        **checking.in_matter(matter),
        "holds": LegalHold.objects.filter(matter=matter, released_at=None).count(),
        "policy": audiences.policy_for(matter.organization_id, matter.id, Audience.of_member(member)),
        "crumbs": [("Matters", reverse("matters")), (matter.short, None)],
    }
    return render(request, "matters/show.html", context)


@require_POST
def wall(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    """Lets a person in (``add``) or closes the matter to them (``remove``)."""
    member = member_of(request)
    actor = actor_of(request)
    matter = matters.open_matter(member, matter_id)
    person = _colleague(member, request.POST.get("member", ""))
    if request.POST.get("act") == "remove":
        matters.remove_from_wall(actor=actor, by=member, matter=matter, member=person)
        messages.success(request, f"{person.name} can no longer open {matter.short}.")
    else:
        matters.add_to_wall(actor=actor, by=member, matter=matter, member=person)
        messages.success(request, f"{person.name} can open {matter.short} now.")
    if person.id == member.id and request.POST.get("act") == "remove":
        return redirect("matters")
    return redirect("matter", matter_id=matter.id)


def _colleague(member: Member, person_id: str) -> Member:
    """A person of the same organization. Raises NotFound."""
    try:
        found = Member.objects.filter(organization_id=member.organization_id, pk=UUID(person_id)).first()
    except ValueError:
        found = None
    if found is None:
        raise NotFound
    return found
