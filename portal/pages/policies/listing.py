"""Privacy policies: the list, one policy with its versions, and how far a new version has come."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from compliance import audit, policies, policy_changes
from compliance.audit import Target
from compliance.models import AudienceRule, DisclosurePolicy
from compliance.redaction import PRESETS
from compliance.retiring import StillGiven
from portal.accounts.models import Member
from portal.accounts.rights import Action, Kind, allowed
from portal.errors import NotFound
from portal.pages.actors import actor_of, member_of
from portal.pages.policies import who
from portal.pages.policies.words import PRESET_WORDS, in_sentence, name_words, rows, said
from transcription import rerendering
from transcription.models import Proceeding
from vault import matters


@dataclass(frozen=True, slots=True)
class Use:
    """Where a policy is used: entries of the audience table, and recordings that were uploaded to be shown this way."""

    given: int
    chosen: int


def use_of(organization_id: UUID, name: str) -> Use:
    given = AudienceRule.objects.filter(organization_id=organization_id, policy_name=name, removed_at=None).count()
    chosen = Proceeding.objects.filter(matter__organization_id=organization_id, policy_name=name)
    return Use(given, chosen.exclude(state=Proceeding.State.ERASED).count())


def newest_or_404(member: Member, name: str) -> DisclosurePolicy:
    """The newest version of the organization's own policy, or the preset's row. Raises NotFound."""
    if name in PRESETS:
        return policies.preset_row(name)
    row = policies.newest(member.organization_id, name)
    if row is None:
        raise NotFound
    return row


def own_or_404(member: Member, name: str) -> DisclosurePolicy:
    """The newest version of a policy that the organization made. Raises NotFound, for presets too."""
    row = policies.newest(member.organization_id, name) if name not in PRESETS else None
    if row is None or "+" in name:
        raise NotFound
    return row


def names_of(organization_id: UUID, ids: set[UUID | None]) -> dict[UUID, str]:
    known = [one for one in ids if one is not None]
    return dict(Member.objects.filter(organization_id=organization_id, pk__in=known).values_list("id", "name"))


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    member = member_of(request)
    actor = actor_of(request)
    matters.require(actor, member, Action.READ, Kind.POLICY)
    with transaction.atomic():
        audit.record("compliance:policy:read", organization_id=member.organization_id, actor=actor, merge="policies")
    listed = policies.available(member.organization_id)
    own = sorted((row for row in listed if row.organization_id is not None), key=lambda row: row.name)
    retired = policies.retired(member.organization_id)
    names = names_of(member.organization_id, {row.created_by for row in own} | {row.retired_by for row in retired})
    context = {
        "presets": [
            {"name": name, "label": name_words(name), "says": PRESET_WORDS[name], "use": use_of(member.organization_id, name)}
            for name in PRESETS
        ],
        "own": [
            {
                "row": row,
                "label": name_words(row.name),
                "by": names.get(row.created_by) if row.created_by else None,
                "use": use_of(member.organization_id, row.name),
                "unreadable": policy_changes.read_or_none(row) is None,
                "progress": None if row.settled_at else rerendering.progress(row),
            }
            for row in own
        ],
        "retired": [
            {
                "row": row,
                "label": name_words(row.name),
                "by": names.get(row.retired_by) if row.retired_by else None,
                "use": use_of(member.organization_id, row.name),
            }
            for row in retired
        ],
        "crumbs": None,
    }
    return render(request, "policies/index.html", context)


@require_GET
def show(request: HttpRequest, name: str) -> HttpResponse:
    member = member_of(request)
    actor = actor_of(request)
    matters.require(actor, member, Action.READ, Kind.POLICY)
    row = newest_or_404(member, name)
    with transaction.atomic():
        audit.record(
            "compliance:policy:read",
            organization_id=member.organization_id,
            actor=actor,
            target=Target("policy", row.id),
            merge="policy",
            policy=row.name,
        )
    return page(request, row)


def page(request: HttpRequest, row: DisclosurePolicy, *, still_given: StillGiven | None = None) -> HttpResponse:
    """The page of one policy. ``still_given``: why it was not retired just now."""
    member = member_of(request)
    name, retired = row.name, row.retired_at is not None
    manages = allowed(member.roles, Action.MANAGE, Kind.POLICY)
    policy = policy_changes.read_or_none(row)
    listed = policy_changes.versions(member.organization_id, name) if row.organization_id else []
    names = names_of(member.organization_id, {version.row.created_by for version in listed} | {row.retired_by})
    context: dict[str, Any] = {
        "row": row,
        "label": name_words(name),
        "preset": name in PRESETS,
        "says": PRESET_WORDS.get(name, ""),
        "may_copy": name != policies.VERBATIM and manages,
        "may_change": row.organization_id is not None and manages and not retired,
        "may_bring_back": manages and retired,
        "retired_by": names.get(row.retired_by) if row.retired_by else None,
        "still_given": still_given.facts["entries"] if still_given else 0,
        "rows": rows(policy) if policy else [],
        "weaker": [in_sentence(type_) for type_ in policy_changes.weaker_than_default(policy)] if policy else [],
        "use": use_of(member.organization_id, name),
        "given": who.given_to(member, name),
        "versions": [
            {
                "version": version,
                "by": names.get(version.row.created_by) if version.row.created_by else None,
                "differences": None if version.differences is None else said(version.differences),
            }
            for version in listed
        ],
        "progress": rerendering.progress(row) if row.organization_id else None,
        "crumbs": [("Privacy policies", reverse("policies")), (name_words(name), None)],
    }
    return render(request, "policies/show.html", context, status=still_given.status if still_given else 200)


@require_GET
def progress(request: HttpRequest, name: str) -> HttpResponse:
    """How far the newest version has come, for a page that waits."""
    member = member_of(request)
    matters.require(actor_of(request), member, Action.READ, Kind.POLICY)
    row = newest_or_404(member, name)
    if row.organization_id is None:
        raise NotFound
    return render(request, "policies/progress.html", {"row": row, "progress": rerendering.progress(row)})
