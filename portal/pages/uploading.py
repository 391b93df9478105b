"""The upload page: everything is chosen and shown before the first byte; the bytes go straight into the vault."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from compliance import audit, policies, regions, residency
from compliance.models import ProviderSetting
from portal.accounts.models import Organization
from portal.accounts.rights import Action, Kind
from portal.errors import BadInput, NotFound
from portal.pages.actors import actor_of, member_of
from portal.pages.policies.words import name_words
from transcription import intake, proceedings
from transcription.models import Proceeding
from transcription.problems import size as readable_size
from transcription.providers import registry
from transcription.providers.base import ProviderError
from vault import matters

LANGUAGES = {
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "de": "German",
    "it": "Italian",
    "pt": "Portuguese",
}
# Under these a first view may be made; what hides less is given by name later.
_POLICIES = {
    "identifiers": "Identifiers: names, addresses, numbers, dates of birth",
    "everything": "Everything: identifiers and medical details",
    "hipaa_safe_harbor": "HIPAA Safe Harbor",
    "gdpr": "GDPR",
    "frcp_5_2": "FRCP 5.2 filing copy",
}


@dataclass(frozen=True)
class Service:
    """A speech service as the page offers it."""

    name: str
    label: str
    model: str
    region: str
    basic: bool
    answers: bool
    limit: str
    limit_bytes: int
    limit_minutes: int


def services(organization: Organization) -> list[Service]:
    """The services that this organization uses, each with its model as it says now."""
    rows = {row.provider: row.enabled for row in ProviderSetting.objects.filter(organization=organization)}
    found = []
    for name in registry.names():
        provider = registry.get(name)
        if not rows.get(residency.ALL, True) or not rows.get(name, not provider.external):
            continue
        answers, model, basic = True, "", False
        try:
            said = provider.describe()
            model, basic = said.model, said.basic
        except ProviderError:
            answers = False
        limits = provider.limits
        found.append(
            Service(
                name=name,
                label=provider.label,
                model=model,
                region=regions.region(provider.region).label,
                basic=basic,
                answers=answers,
                limit=readable_size(limits.max_bytes),
                limit_bytes=limits.max_bytes,
                limit_minutes=limits.max_ms // 60_000,
            )
        )
    return sorted(found, key=lambda service: service.name != "engine")


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    member = member_of(request)
    actor = actor_of(request)
    matters.require(actor, member, Action.CREATE, Kind.RECORDING)
    inside = list(matters.visible_to(member).filter(closed_at=None))
    with transaction.atomic():
        audit.record(
            "vault:matter:listed", organization_id=member.organization_id, actor=actor, merge="upload", matters=len(inside)
        )
    available = {row.name for row in policies.available(member.organization_id)}
    own = [(name, name_words(name)) for name in sorted(available - set(_POLICIES) - {policies.VERBATIM})]
    context = {
        "matters": [
            {
                "id": str(m.id),
                "title": m.title,
                "short": m.short,
                "region": regions.region(m.vault.region).label,
                "kind": m.kind,
            }
            for m in inside
        ],
        "chosen": request.GET.get("matter", ""),
        "kinds": [(value, label) for value, label in Proceeding.Kind.choices if value != Proceeding.Kind.DOCUMENT],
        "first_kind": "visit" if member.organization.kind == Organization.Kind.MEDICINE else "deposition",
        "policies": [(name, label) for name, label in _POLICIES.items() if name in available] + own,
        "services": services(member.organization),
        "languages": LANGUAGES.items(),
        "speakers": range(1, proceedings.SPEAKERS_LIMIT + 1),
        "accept": ",".join([*intake.RECORDINGS, *intake.DOCUMENTS, "audio/*", "video/*"]),
        "document_suffixes": " ".join(intake.DOCUMENTS),
        "document_bytes": intake.DOCUMENT_BYTES,
        "files_limit": proceedings.RECORDINGS_LIMIT,
    }
    return render(request, "upload/show.html", context)


@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Answers with a link for each file. File names travel in the body, never in an address."""
    member = member_of(request)
    said = _json(request)
    matter = matters.open_matter(member, _uuid(said.get("matter")))
    listed = said.get("files")
    if not isinstance(listed, list) or not all(isinstance(file, dict) for file in listed):
        raise BadInput("The list of files cannot be read. Choose them again.")
    files = [intake.File(str(f.get("name", ""))[:255], _whole(f.get("size")), str(f.get("type", ""))) for f in listed]
    speakers = said.get("speakers")
    if str(said.get("language")) not in LANGUAGES:
        raise BadInput("This language is not offered.", allowed=sorted(LANGUAGES))
    wanted = intake.Wanted(
        kind=str(said.get("kind", "")),
        title=str(said.get("title", "")).strip(),
        provider=str(said.get("provider", "")),
        policy_name=str(said.get("policy", "")),
        speakers_expected=None if speakers in (None, "", "guess") else _whole(speakers),
        language=str(said.get("language")),
        basic_engine_accepted=said.get("basic") is True,
    )
    if wanted.speakers_expected is not None and not 1 <= wanted.speakers_expected <= proceedings.SPEAKERS_LIMIT:
        raise BadInput("The number of speakers is 1 to 10, or guessed.", limit=proceedings.SPEAKERS_LIMIT)
    made = intake.begin(actor=actor_of(request), member=member, matter=matter, files=files, wanted=wanted)
    answer = [
        {"object": str(b.obj.id), "url": b.path, "type": b.obj.content_type, "state": reverse("upload_state", args=[b.obj.id])}
        for b in made
    ]
    return JsonResponse({"files": answer, "cancel": reverse("upload_cancel", args=[made[0].obj.id])}, status=201)


@require_GET
def state(request: HttpRequest, object_id: UUID) -> HttpResponse:
    """Polled until the files have become a Proceeding."""
    found = intake.progress(member_of(request), object_id)
    receipt = reverse("receipt", args=[found.proceeding.id]) if found.proceeding else None
    return JsonResponse({"receipt": receipt, "given_up": found.given_up, "stored": found.stored})


@require_http_methods(["POST"])
def cancel(request: HttpRequest, object_id: UUID) -> HttpResponse:
    count = intake.cancel(actor=actor_of(request), member=member_of(request), object_id=object_id)
    return JsonResponse({"cancelled": count})


def _json(request: HttpRequest) -> dict[str, Any]:
    try:
        said = json.loads(request.body or b"{}")
    except ValueError:
        raise BadInput("The request is not JSON.") from None
    if not isinstance(said, dict):
        raise BadInput("The request is not a JSON object.")
    return said


def _uuid(value: Any) -> UUID:
    try:
        return UUID(str(value))
    except ValueError:
        raise NotFound from None


def _whole(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        raise BadInput("A size or number is not a whole number.") from None
