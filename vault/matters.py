"""Matters: making one with its vault, its wall, and what a member may see."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet

from compliance import audit, regions
from compliance.audit import Actor, Target
from portal.accounts.models import Member, Organization
from portal.accounts.rights import Action, Kind, Role, allowed
from portal.errors import BadInput, NotFound, Refused
from vault import secrets
from vault.models import Matter, MatterMember, Vault, VaultSecret

TITLE_LIMIT = 300
PARTY_LIMIT = 200
PARTIES_LIMIT = 200


class RegionNotConfigured(BadInput):
    code = "region_not_configured"
    message = "This region is not set up here. Choose one of the regions that your administrator configured."


class NotForThisMatter(Refused):
    code = "wall"
    message = "You cannot change who may open this matter. Ask its attorney or clinician, or the privacy officer."


def create(
    *,
    actor: Actor,
    member: Member,
    kind: str,
    title: str,
    parties: Iterable[dict[str, str]] = (),
    region: str = "",
    data_class: str = "",
    metadata: dict[str, Any] | None = None,
) -> Matter:
    """A matter with its vault and its first wall (the creator). Raises Refused, BadInput, KeyStoreDown."""
    require(actor, member, Action.CREATE, Kind.MATTER)
    organization = member.organization
    region = region or organization.default_region
    regions.region(region)
    if region not in settings.REGIONS:
        raise RegionNotConfigured(configured=list(settings.REGIONS))
    if kind not in Matter.Kind.values:
        raise BadInput("A matter is legal or clinical.", allowed=list(Matter.Kind.values))
    title = _title(title)
    default_class = Matter.DataClass.HEALTH if kind == Matter.Kind.CLINICAL else Matter.DataClass.PRIVILEGED
    data_class = data_class or default_class
    if data_class not in Matter.DataClass.values:
        raise BadInput("This data class is not known.", allowed=list(Matter.DataClass.values))
    listed = _parties(parties)
    vault_id = uuid4()
    vault = Vault(
        id=vault_id,
        organization=organization,
        region=region,
        key_store=settings.KEY_STORE,
        key_id=f"vault-{vault_id}",
    )
    secrets.create(vault)
    wrapped = secrets.first_secret(vault)
    with transaction.atomic():
        Organization.objects.filter(pk=organization.pk).update(next_matter_number=F("next_matter_number") + 1)
        number = Organization.objects.values_list("next_matter_number", flat=True).get(pk=organization.pk) - 1
        vault.save(force_insert=True)
        VaultSecret.objects.create(vault=vault, version=1, wrapped=wrapped)
        matter = Matter(
            organization=organization,
            number=number,
            kind=kind,
            data_class=data_class,
            vault=vault,
            created_by=member,
        )
        matter.title = title
        matter.parties = listed or None
        matter.metadata = metadata or None
        matter.save(force_insert=True)
        MatterMember.objects.create(matter=matter, member=member, added_by=member)
        audit.record(
            "vault:matter:created",
            organization_id=organization.id,
            actor=actor,
            target=Target("matter", matter.id, matter.id),
            kind=kind,
            region=region,
        )
    return matter


def describe(*, actor: Actor, by: Member, matter: Matter, title: str, parties: Iterable[dict[str, str]]) -> None:
    """Gives a matter another title and other parties. ``by`` is behind its wall. Raises Refused, BadInput."""
    _may_change_wall(actor, by, matter)
    matter.title, listed = _title(title), _parties(parties)
    matter.parties = listed or None
    with transaction.atomic():
        matter.save(update_fields=["title_sealed", "parties_sealed"])
        audit.record(
            "vault:matter:changed",
            organization_id=matter.organization_id,
            actor=actor,
            target=Target("matter", matter.id, matter.id),
            parties=len(listed),
        )


def _title(title: str) -> str:
    title = title.strip()
    if not title or len(title) > TITLE_LIMIT:
        raise BadInput("A matter needs a title of 1 to 300 characters.", limit=TITLE_LIMIT, found=len(title))
    return title


def _parties(parties: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    found = [{"name": str(party.get("name", "")).strip(), "role": str(party.get("role", "")).strip()[:60]} for party in parties]
    found = [party for party in found if party["name"]]
    if len(found) > PARTIES_LIMIT or any(len(party["name"]) > PARTY_LIMIT for party in found):
        raise BadInput("At most 200 parties, each of at most 200 characters.", limit=PARTIES_LIMIT)
    return found


def visible_to(member: Member) -> QuerySet[Matter]:
    """The matters behind whose wall this member is: what every query about content starts from."""
    if not allowed(member.roles, Action.READ, Kind.MATTER):
        return Matter.objects.none()
    return Matter.objects.filter(organization_id=member.organization_id, wall__member=member, erased_at=None).select_related(
        "vault", "organization"
    )


def open_matter(member: Member, matter_id: UUID | str) -> Matter:
    """The matter, if the member is behind its wall. Raises NotFound, for strangers and for what never was."""
    matter = visible_to(member).filter(pk=matter_id).first()
    if matter is None:
        raise NotFound
    return matter


def require(actor: Actor, member: Member, action: Action, kind: Kind, target: Target = audit.NOTHING) -> None:
    """Raises Refused, recorded in a transaction of its own, when the rights table does not allow it."""
    if allowed(member.roles, action, kind):
        return
    audit.refuse(
        "portal:access:refused",
        organization_id=member.organization_id,
        actor=actor,
        target=target,
        reason=f"right:{action}:{kind}",
    )
    raise Refused(action=action.value, kind=kind.value, roles=sorted(role.value for role in member.roles))


def add_to_wall(*, actor: Actor, by: Member, matter: Matter, member: Member) -> None:
    """Lets ``member`` open the matter. Raises NotForThisMatter, BadInput."""
    _may_change_wall(actor, by, matter)
    if member.organization_id != matter.organization_id:
        raise NotFound
    if member.has_role(Role.AUDITOR) or not allowed(member.roles, Action.READ, Kind.MATTER):
        raise BadInput("This person's roles do not open matters.", member=str(member.id))
    with transaction.atomic():
        _, made = MatterMember.objects.get_or_create(matter=matter, member=member, defaults={"added_by": by})
        if made:
            _record_wall(actor, matter, member, added=True)


def remove_from_wall(*, actor: Actor, by: Member, matter: Matter, member: Member) -> None:
    """Closes the matter to ``member``; the last one stays. Raises NotForThisMatter, BadInput."""
    _may_change_wall(actor, by, matter)
    with transaction.atomic():
        rows = MatterMember.objects.select_for_update().filter(matter=matter)
        if rows.count() == 1 and rows.filter(member=member).exists():
            raise BadInput("Somebody must be able to open the matter: add another person first.")
        deleted, _ = MatterMember.objects.filter(matter=matter, member=member).delete()
        if deleted:
            _record_wall(actor, matter, member, added=False)


def may_change(by: Member, matter: Matter) -> bool:
    """Whether ``by`` may change wall and description: who made the matter, and who manages matters."""
    return matter.created_by_id == by.id or allowed(by.roles, Action.MANAGE, Kind.MATTER)


def _may_change_wall(actor: Actor, by: Member, matter: Matter) -> None:
    if may_change(by, matter):
        return
    require(actor, by, Action.MANAGE, Kind.MATTER, Target("matter", matter.id, matter.id))


def _record_wall(actor: Actor, matter: Matter, member: Member, *, added: bool) -> None:
    audit.record(
        "vault:matter:wall_changed",
        organization_id=matter.organization_id,
        actor=actor,
        target=Target("matter", matter.id, matter.id),
        member=member.id,
        added=added,
    )
