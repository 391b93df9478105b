"""Settings: regions, speech services and what was agreed with them, the idle lock, the last refusals."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.files.storage import storages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET, require_POST

from compliance import audit, log_reading, regions, residency
from compliance.audit import Target
from compliance.models import AuditEvent, ProviderSetting
from portal.accounts.models import Organization
from portal.accounts.rights import Action, Kind
from portal.errors import BadInput, NotFound
from portal.pages.actors import actor_of, member_of
from transcription import bleep_check, problems, relistening, withholding
from transcription.providers import registry
from transcription.providers.base import ProviderError
from vault import matters
from vault.models import Matter

REFUSALS_SHOWN = 20
_REFUSALS = (
    "compliance:egress:refused", "portal:access:refused", "transcription:transcript:picture_withheld",
    "transcription:transcript:sound_withheld",
    "transcription:webhook:refused", "vault:grant:refused",
)  # fmt: skip
_AGREEMENTS = {"": "none", "baa": "Business associate agreement", "dpa": "Data processing agreement", "nda": "Confidentiality"}
# Below, a screen locks while one reads a page; above, 45 CFR 164.312(a)(2)(iii) would be there in name only.
IDLE_MINUTES = (1, 60)


@dataclass(frozen=True)
class Place:
    """A region as the page shows it."""

    code: str
    label: str
    storage: str
    key_store: str
    default: bool


@dataclass(frozen=True)
class Service:
    """A speech service with what the organization set."""

    name: str
    label: str
    region: str
    model: str
    external: bool
    enabled: bool
    setting: ProviderSetting | None
    expired: bool


def _places(organization: Organization) -> list[Place]:
    kinds = {"LocalParts": "Files on this machine", "S3Parts": "S3-compatible storage"}
    keys = {"local": "Key files, one a vault", "aws": "AWS KMS", "transit": "Vault Transit"}
    return [
        Place(
            code,
            regions.region(code).label,
            kinds.get(type(storages[f"vault-{code}"]).__name__, "Storage"),
            keys.get(settings.KEY_STORE, settings.KEY_STORE),
            code == organization.default_region,
        )
        for code in settings.REGIONS
    ]


def _services(organization: Organization) -> list[Service]:
    rows = {row.provider: row for row in ProviderSetting.objects.filter(organization=organization)}
    found = []
    for name in registry.names():
        provider, row = registry.get(name), rows.get(name)
        try:
            model = provider.describe().model
        except ProviderError:
            model = "does not answer"
        region = regions.region(provider.region).label
        enabled = row.enabled if row else not provider.external
        ends = row.agreed_until if row else None
        expired = provider.external and ends is not None and ends < timezone.now().date()
        found.append(Service(name, provider.label, region, model, provider.external, enabled, row, expired))
    return found


def _switched_off(organization: Organization) -> bool:
    return ProviderSetting.objects.filter(organization=organization, provider=residency.ALL, enabled=False).exists()


def _refusals(organization: Organization) -> list[dict[str, Any]]:
    events = AuditEvent.objects.filter(organization=organization, type__in=_REFUSALS, outcome="refused").order_by("-at")
    shown = []
    for event in events[:REFUSALS_SHOWN]:
        reason = str(event.facts.get("reason", ""))
        said = problems.explain(f"egress_{reason}").sentence if event.type == "compliance:egress:refused" else ""
        shown.append({"line": log_reading.line(event), "reason": said or reason.replace(":", " ").replace("_", " ")})
    return shown


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    return _page(request)


def _page(request: HttpRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    """``more``: what was typed and could not be saved, with its error."""
    member = member_of(request)
    actor = actor_of(request)
    matters.require(actor, member, Action.READ, Kind.SETTINGS)
    organization = member.organization
    with transaction.atomic():
        audit.record("portal:settings:read", organization_id=organization.id, actor=actor, merge="settings")
    context = {
        "organization": organization,
        "places": _places(organization),
        "services": _services(organization),
        "switched_off": _switched_off(organization),
        "agreements": _AGREEMENTS.items(),
        "data_classes": [(code, Matter.DataClass(code).label) for code in residency.DATA_CLASSES],
        "refusals": _refusals(organization),
        "idle_limits": IDLE_MINUTES,
        "floor_percent": round((organization.audio_confidence_floor or 0) * 100),
        "listening_most": (relistening.MOST_MS + relistening.SAMPLED_MS) // 60_000,
        "listening_tries": bleep_check.TRIES,
        "idle_top": settings.IDLE_LOCK_SECONDS // 60,
        **more,
    }
    return render(request, "settings/show.html", context, status=status)


@require_POST
def provider(request: HttpRequest, name: str) -> HttpResponse:
    """One service, or ``all``: the switch that stops everything from being sent out."""
    if name != residency.ALL and name not in registry.names():
        raise NotFound
    until = request.POST.get("agreed_until", "")
    agreed_until = _day(until) if until else None
    residency.set_provider(
        actor=actor_of(request),
        by=member_of(request),
        provider=name,
        enabled=request.POST.get("enabled") == "on",
        agreement=request.POST.get("agreement", ""),
        data_classes=request.POST.getlist("data_classes"),
        agreed_until=agreed_until,
    )
    messages.success(request, "Saved. It counts from the next recording that would be sent.")
    return redirect("settings")


def _day(text: str) -> date:
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise BadInput("The day until which it was agreed is not a date.")
    return day


@require_POST
def idle(request: HttpRequest) -> HttpResponse:
    """After how many minutes without activity screens lock."""
    member = member_of(request)
    actor = actor_of(request)
    matters.require(actor, member, Action.MANAGE, Kind.SETTINGS)
    low, high = IDLE_MINUTES
    given = request.POST.get("minutes", "")
    if not given.isdecimal() or not low <= int(given[:6]) <= high:
        raise BadInput(f"The idle time is {low} to {high} minutes.", minimum=low, maximum=high)
    with transaction.atomic():
        Organization.objects.filter(pk=member.organization_id).update(idle_minutes=int(given))
        audit.record(
            "portal:settings:changed",
            organization_id=member.organization_id,
            actor=actor,
            target=Target("organization", member.organization_id),
            setting="idle_minutes",
        )
    messages.success(request, f"Screens lock after {given} minutes without activity.")
    return redirect("settings")


@require_POST
def hearing(request: HttpRequest) -> HttpResponse:
    """How sure a transcript must be before its audio is heard by those who may not reveal; empty: however unsure."""
    member, actor = member_of(request), actor_of(request)
    matters.require(actor, member, Action.MANAGE, Kind.POLICY)
    given = request.POST.get("percent", "").strip()
    if given and not (given.isdecimal() and 1 <= int(given[:6]) <= 100):
        said = "The limit is a whole number of 1 to 100 percent; leave it empty to switch it off."
        return _page(request, status=400, percent_typed=given, percent_error=said)
    withholding.set_floor(actor=actor, by=member, floor=int(given) / 100 if given else None)
    said = f"Audio is withheld below {given} percent." if given else "Audio is not withheld for doubt any more."
    messages.success(request, f"{said} It counts at once, for links that are open, too.")
    return redirect("settings")


@require_POST
def bleeping(request: HttpRequest) -> HttpResponse:
    """Whether bleeped audio is listened to again."""
    on = request.POST.get("check") == "on"
    bleep_check.switch(actor=actor_of(request), by=member_of(request), on=on)
    checked = "Bleeped audio is checked from now on: new copies are heard after it."
    said = checked if on else "Bleeped audio is not checked any more."
    messages.success(request, said)
    return redirect("settings")
