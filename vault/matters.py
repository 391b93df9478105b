"""Matters: making one with its vault, its wall, and what a member may see."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet

from compliance import audit, regions
from compliance.audit import Actor, Target
from portal.accounts.models import Member, Organization
from portal.accounts.rights import Action, Kind, Role, allowed
from portal.errors import BadInput, Conflict, NotFound, Refused
from vault import entries, secrets
from vault.models import Matter, MatterMember, Vault, VaultSecret

TITLE_LIMIT = 300
PARTY_LIMIT = 200
PARTIES_LIMIT = 200
ROLE_LIMIT = 60
# What a decision "not private" asks for, and so the list of what is always shown.
_SHOWING = ((Action.REVIEW, Kind.TRANSCRIPT), (Action.REVEAL, Kind.ORIGINAL))


class RegionNotConfigured(BadInput):
    code = "region_not_configured"
    message = "This region is not set up here. Choose one of the regions that your administrator configured."


class NotForThisMatter(Refused):
    code = "wall"
    message = "You cannot change who may open this matter. Ask its attorney or clinician, or the privacy officer."


class ChangedMeanwhile(Conflict):
    code = "changed_meanwhile"
    message = "Somebody changed parties or lists of this matter in the meantime. Look at what stands there now, then change it."


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
    hide: Iterable[str] = (),
    show: Iterable[str] = (),
) -> Matter:
    """A matter with its vault and its first wall (the creator); ``hide`` and ``show`` as in ``set_lists``.

    Raises Refused, BadInput, KeyStoreDown.
    """
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
    hidden, shown = _lists(hide, show)
    if shown:
        _require_showing(actor, member, audit.NOTHING)
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
        matter.lists = _stored({}, hidden, shown, member)
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
        if hidden or shown:
            _record_lists(actor, matter, hidden, shown)
    return matter


def describe(
    *, actor: Actor, by: Member, matter: Matter, title: str | None = None, parties: Iterable[dict[str, str]] | None = None
) -> bool:
    """Gives a matter another title or other parties; None leaves them as they are. ``by`` is behind its wall.

    Whether other names are to be hidden. Raises Refused, BadInput, ChangedMeanwhile.
    """
    require_change(actor, by, matter)
    before = matter.parties or []
    called, listed = None if title is None else _title(title), before if parties is None else _parties(parties)
    anew = _names(listed) != _names(before)
    fields = []
    if called is not None:
        matter.title = called
        fields.append("title_sealed")
    if parties is not None:
        matter.parties = listed or None
        fields.append("parties_sealed")
    with transaction.atomic():
        _store(matter, fields, anew=anew)
        audit.record(
            "vault:matter:changed",
            organization_id=matter.organization_id,
            actor=actor,
            target=Target("matter", matter.id, matter.id),
            parties=len(listed),
        )
    return anew


def require_description(title: str | None, parties: Iterable[dict[str, str]] | None) -> None:
    """Raises BadInput for what ``describe`` would not take."""
    if title is not None:
        _title(title)
    if parties is not None:
        _parties(parties)


def set_lists(
    *, actor: Actor, by: Member, matter: Matter, hide: Iterable[str] | None = None, show: Iterable[str] | None = None
) -> bool:
    """What is always hidden in the matter's transcripts, and always shown; None leaves a list as it is.

    Whoever may change the parties may hide more, and take back what they put there themselves. Changing what is shown,
    or taking off what somebody else hid, is for those who may decide "not private". Whether anything changed.
    Raises Refused (recorded), BadInput, ChangedMeanwhile.
    """
    require_change(actor, by, matter)
    before = matter.lists or {}
    was_hidden, was_shown = before.get("hide", []), before.get("show", [])
    hidden, shown = _lists(was_hidden if hide is None else hide, was_shown if show is None else show)
    if (hidden, shown) == (was_hidden, was_shown):
        return False
    put_by, still = before.get("hide_by", {}), {entries.folded(entry) for entry in hidden}
    gone = {entries.folded(entry) for entry in was_hidden} - still
    if shown != was_shown or any(put_by.get(entry) != str(by.id) for entry in gone):
        _require_showing(actor, by, Target("matter", matter.id, matter.id))
    matter.lists = _stored(before, hidden, shown, by)
    with transaction.atomic():
        _store(matter, ("lists_sealed",), anew=True)
        _record_lists(actor, matter, hidden, shown)
    return True


def may_show(by: Member) -> bool:
    """Whether ``by`` may decide that something is not private: the same two rights as in a review."""
    return all(allowed(by.roles, action, kind) for action, kind in _SHOWING)


def _require_showing(actor: Actor, by: Member, target: Target) -> None:
    for action, kind in _SHOWING:
        require(actor, by, action, kind, target)


def _lists(hide: Iterable[str], show: Iterable[str]) -> tuple[list[str], list[str]]:
    hidden, shown = entries.read(hide, "always hidden"), entries.read(show, "always shown")
    entries.require_apart(hidden, shown)
    return hidden, shown


def _stored(before: dict[str, Any], hidden: list[str], shown: list[str], by: Member) -> dict[str, Any] | None:
    """The lists as they are sealed; entries that stay keep who put them there."""
    put_by = before.get("hide_by", {})
    was = {entries.folded(entry) for entry in before.get("hide", [])}
    made = dict(before) | {"hide": hidden, "show": shown}
    keys = [entries.folded(entry) for entry in hidden]
    made["hide_by"] = {key: put_by.get(key, "") if key in was else str(by.id) for key in keys}
    return {name: value for name, value in made.items() if value} or None


def _store(matter: Matter, fields: Sequence[str], *, anew: bool) -> None:
    """Saves, inside the caller's transaction. ``anew``: the second pass is told something else from now on."""
    values: dict[str, Any] = {name: getattr(matter, name) for name in fields}
    before, after = matter.words_version, matter.words_version + anew
    # Read, compared and sealed outside the transaction: another change in between must not be lost.
    if not Matter.objects.filter(pk=matter.pk, words_version=before).update(words_version=after, **values):
        raise ChangedMeanwhile
    matter.words_version = after


def _record_lists(actor: Actor, matter: Matter, hidden: list[str], shown: list[str]) -> None:
    audit.record(
        "vault:matter:lists_changed",
        organization_id=matter.organization_id,
        actor=actor,
        target=Target("matter", matter.id, matter.id),
        hidden=len(hidden),
        shown=len(shown),
    )


def _names(parties: Iterable[dict[str, str]]) -> set[str]:
    """What of the parties the second pass is told."""
    return {party["name"] for party in parties}


def _title(title: str) -> str:
    title = title.strip()
    if not title or len(title) > TITLE_LIMIT:
        raise BadInput("A matter needs a title of 1 to 300 characters.", limit=TITLE_LIMIT, found=len(title))
    return title


def _parties(parties: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    found = [
        {"name": str(party.get("name", "")).strip(), "role": str(party.get("role", "")).strip()}
        for party in parties
    ]
    found = [party for party in found if party["name"]]
    if len(found) > PARTIES_LIMIT or any(len(party["name"]) > PARTY_LIMIT for party in found):
        raise BadInput("At most 200 parties, each of at most 200 characters.", limit=PARTIES_LIMIT)
    longest = max((len(party["role"]) for party in found), default=0)
    if longest > ROLE_LIMIT:
        raise BadInput(
            f"What a party is, after the comma, has at most {ROLE_LIMIT} characters; one has {longest}. Shorten it.",
            limit=ROLE_LIMIT,
            found=longest,
        )
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
    require_change(actor, by, matter)
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
    require_change(actor, by, matter)
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


def require_change(actor: Actor, by: Member, matter: Matter) -> None:
    """Raises Refused, recorded, for whoever may not change the wall and the description."""
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
