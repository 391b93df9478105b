"""Who sees what: the audience table of a matter, or of all matters, in people's words."""

import re
from dataclasses import dataclass
from uuid import UUID

from compliance import audiences, policies, policy_changes
from compliance.audiences import EXPORT, PURPOSES
from compliance.models import AudienceRule, DisclosurePolicy
from compliance.policies import DEFAULT, VERBATIM, PolicyUnresolved, hides_at_least, readable
from portal.accounts.models import ApiKey, Member
from portal.accounts.rights import Action, Kind, Role, allowed
from portal.errors import BadInput, NotFound
from portal.pages.policies.words import in_sentence, name_words
from transcription.models import Proceeding
from vault import matters
from vault.models import Matter

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Whose roles open transcripts at all.
ROLES = tuple(role for role in Role if allowed([role], Action.READ, Kind.TRANSCRIPT))


@dataclass(frozen=True, slots=True)
class Option:
    """A policy that could be chosen; ``allowed`` is False where this audience may not see that much."""

    name: str
    label: str
    allowed: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """What one audience is shown. ``source``: ``here``, ``everywhere`` (a rule for all matters) or ``default``."""

    audience: str
    label: str
    policy: str
    policy_label: str
    source: str
    readable: bool
    weaker: tuple[str, ...]
    verbatim: bool
    purpose: str
    options: tuple[Option, ...]


def reachable(member: Member) -> dict[UUID, Matter]:
    """The matters of whose table this member may know: those behind whose wall they are; all for whoever answers for
    policies or reads the log, which names them by number, too."""
    if allowed(member.roles, Action.MANAGE, Kind.POLICY) or allowed(member.roles, Action.READ, Kind.AUDIT):
        return Matter.objects.filter(organization_id=member.organization_id, erased_at=None).in_bulk()
    return matters.visible_to(member).in_bulk()


def matter_of(member: Member, number: int) -> tuple[Matter, bool]:
    """A matter by its number, and whether the member is behind its wall (and may read its title). Raises NotFound."""
    found = next((matter for matter in reachable(member).values() if matter.number == number), None)
    if found is None:
        raise NotFound
    return found, matters.visible_to(member).filter(pk=found.pk).exists()


def named(member: Member, rule: AudienceRule) -> str:
    """``every attorney in M-3``: an entry of the table in words."""
    where = "in all matters"
    if rule.matter_id is not None:
        matter = Matter.objects.filter(pk=rule.matter_id, organization_id=member.organization_id).first()
        where = f"in {matter.short}" if matter else "in a matter that is gone"
    return f"{audience_words(member, rule.audience)} {where}"


def audience_words(member: Member, audience: str) -> str:
    """An audience in words. A key's name is told to those who manage keys or policies."""
    kind, _, value = audience.partition(":")
    id_ = UUID(value) if _ID.fullmatch(value) else None
    if kind == "role":
        return f"every {value.replace('_', ' ')}"
    if kind == "member":
        found = Member.objects.filter(organization_id=member.organization_id, pk=id_).first() if id_ else None
        return found.name if found else "somebody who is gone"
    if kind == "key":
        key = ApiKey.objects.filter(organization_id=member.organization_id, pk=id_).first() if id_ else None
        tells = allowed(member.roles, Action.MANAGE, Kind.POLICY) or allowed(member.roles, Action.MANAGE, Kind.API_KEY)
        return f"the API key “{key.name or key.prefix}”" if key and tells else "an API key"
    return "exports"


def given_to(member: Member, name: str) -> list[str]:
    """To whom a policy is given, as far as this member may know of the matters."""
    known = reachable(member)
    rules = AudienceRule.objects.filter(organization_id=member.organization_id, policy_name=name, removed_at=None)
    return [named(member, rule) for rule in rules.order_by("matter_id", "audience") if _known(rule, known)]


def _known(rule: AudienceRule, known: dict[UUID, Matter]) -> bool:
    return rule.matter_id is None or rule.matter_id in known


def cells(member: Member, matter: Matter | None) -> list[Cell]:
    """The table: every role, the people and keys that have an entry, exports. A guest's row has no policy to set."""
    organization_id = member.organization_id
    here = {rule.audience: rule for rule in audiences.table(organization_id, matter.id)} if matter else {}
    everywhere = {rule.audience: rule for rule in audiences.table(organization_id, None)}
    named_ones = sorted(a for a in {*here, *everywhere} if a.startswith(("member:", "key:")))
    listed = [f"role:{role.value}" for role in ROLES] + named_ones + [EXPORT]
    available = policies.available(organization_id)
    return [_cell(member, audience, here.get(audience), everywhere.get(audience), matter, available) for audience in listed]


def _cell(
    member: Member,
    audience: str,
    here: AudienceRule | None,
    everywhere: AudienceRule | None,
    matter: Matter | None,
    available: list[DisclosurePolicy],
) -> Cell:
    rule = here or everywhere
    name = rule.policy_name if rule else DEFAULT
    source = "here" if (here or (rule and matter is None)) else "everywhere" if rule else "default"
    row = _row(member.organization_id, name)
    policy = readable(row) if row else None
    label = audience_words(member, audience)
    return Cell(
        audience=audience,
        label=label[0].upper() + label[1:],
        policy=name,
        policy_label=name_words(name),
        source=source,
        readable=policy is not None and (policy.hides_anything or _by_name(rule)) and _may(member, audience, row),
        weaker=tuple(in_sentence(type_) for type_ in policy_changes.weaker_than_default(policy)) if policy else (),
        verbatim=policy is not None and not policy.hides_anything,
        purpose=PURPOSES.get(rule.purpose, "") if rule else "",
        options=options(member, audience, available),
    )


def _row(organization_id: UUID, name: str) -> DisclosurePolicy | None:
    try:
        return policies.resolve(organization_id, name)
    except PolicyUnresolved:
        return None


def _by_name(rule: AudienceRule | None) -> bool:
    """Nothing hidden is for one person, in one matter, for a purpose; another rule that says so shows nothing at all."""
    return rule is not None and rule.audience.startswith("member:") and rule.matter_id is not None and rule.purpose in PURPOSES


def _may(member: Member, audience: str, row: DisclosurePolicy | None) -> bool:
    if row is None:
        return False
    try:
        return audiences.may_have(member.organization_id, audience, row)
    except BadInput:
        return False


def options(member: Member, audience: str, available: list[DisclosurePolicy]) -> tuple[Option, ...]:
    """The policies to choose among for an audience; ``verbatim`` is given apart, by name."""
    usable = [row for row in available if row.name != VERBATIM and policy_changes.read_or_none(row) is not None]
    return tuple(Option(row.name, name_words(row.name), _may(member, audience, row)) for row in usable)


def people(member: Member) -> list[Member]:
    """Whose roles open transcripts, by name."""
    found = Member.objects.filter(organization_id=member.organization_id, is_active=True).prefetch_related("role_rows")
    return [person for person in found.order_by("name") if allowed(person.roles, Action.READ, Kind.TRANSCRIPT)]


def keys(member: Member) -> list[ApiKey]:
    found = ApiKey.objects.filter(organization_id=member.organization_id, revoked_at=None)
    return list(found.order_by("name"))


@dataclass(frozen=True, slots=True)
class Floor:
    """Recordings that were uploaded to be shown in this way at most: what the table says cannot show more in them."""

    label: str
    recordings: int


def floors(matter: Matter) -> list[Floor]:
    """What uploads asked for beyond the default, by policy."""
    found: dict[str, int] = {}
    kept = Proceeding.objects.filter(matter=matter).exclude(state=Proceeding.State.ERASED).exclude(policy_name=DEFAULT)
    for name in kept.values_list("policy_name", flat=True):
        found[name] = found.get(name, 0) + 1
    default = readable(policies.preset_row(DEFAULT))
    rows = {name: _row(matter.organization_id, name) for name in found}
    return [
        Floor(name_words(name), count)
        for name, count in sorted(found.items())
        if (row := rows[name]) is not None and hides_at_least(readable(row), default)
    ]
