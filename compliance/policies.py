"""Disclosure policies as rows: presets and what an organization made of its own, by version.

Nothing here ever falls back: a policy that cannot be read is not replaced by another one.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction

from compliance import audit
from compliance.audit import Actor, Target
from compliance.models import DisclosurePolicy
from compliance.redaction import PRESETS, TYPES, Policy, Rule
from compliance.redaction.treatments import OTHER, TREATMENTS, makes_sense, shows_more
from portal.accounts.models import Member
from portal.accounts.rights import Action, Kind, allowed
from portal.errors import BadInput, Conflict, PortalError, Refused

DEFAULT = "identifiers"
VERBATIM = "verbatim"
# What pages call the presets.
LABELS = {
    "identifiers": "Identifiers hidden",
    "everything": "Everything hidden, medical details too",
    "hipaa_safe_harbor": "HIPAA Safe Harbor",
    "frcp_5_2": "FRCP 5.2 filing copy",
    "gdpr": "GDPR",
    VERBATIM: "Verbatim: nothing hidden",
}
_NAME = re.compile(r"[a-z][a-z0-9_]{1,29}")


class PolicyUnresolved(PortalError):
    """Fail closed: nothing is shown under a policy that cannot be read."""

    code = "policy_unresolved"
    status = 409
    message = (
        "What may be shown here cannot be decided, so nothing is shown. "
        "Ask your privacy officer to look at the policies of this matter."
    )


class ChangedMeanwhile(Conflict):
    """Two people changed one policy: the second one's change is not lost, but not saved either."""

    code = "policy_changed"
    message = (
        "Somebody saved another version of this policy while you were changing it. Nothing of yours was saved yet: "
        "look at what they changed, then save again."
    )


class PolicyRetired(Conflict):
    """It still shows what it always showed to those who chose it; nobody chooses or changes it any more."""

    code = "policy_retired"
    message = "This policy is retired, so it is not offered any more. Choose another one, or have it brought back first."


def resolve(organization_id: UUID, name: str) -> DisclosurePolicy:
    """The newest version of the organization's policy of that name, else the preset. Raises PolicyUnresolved."""
    own = newest(organization_id, name)
    if own is not None:
        readable(own)
        return own
    if name not in PRESETS:
        raise PolicyUnresolved(policy=name)
    return preset_row(name)


def preset_row(name: str) -> DisclosurePolicy:
    """The row of a preset, made on first use."""
    preset = PRESETS[name]
    presets = DisclosurePolicy.objects.filter(organization=None, name=name, version=preset.version)
    row = presets.first()
    if row is None:
        try:
            with transaction.atomic():
                row = DisclosurePolicy.objects.create(name=name, version=preset.version, rules=_stored(preset))
        except IntegrityError:
            # Another process seeded it in this moment.
            row = presets.get()
    return row


def seed() -> list[DisclosurePolicy]:
    """Rows of all presets."""
    return [preset_row(name) for name in PRESETS]


def readable(row: DisclosurePolicy) -> Policy:
    """The row as the redaction library reads it. Raises PolicyUnresolved for rules that this version does not know."""
    try:
        return Policy.from_dict({"name": row.name, "version": row.version, **row.rules})
    except (KeyError, TypeError, ValueError, AttributeError):
        raise PolicyUnresolved(policy=row.name, version=row.version) from None


def available(organization_id: UUID) -> list[DisclosurePolicy]:
    """What can be chosen: the presets and the newest version of each of the organization's own that is not retired."""
    return [*seed(), *(row for row in _own(organization_id) if row.retired_at is None)]


def retired(organization_id: UUID) -> list[DisclosurePolicy]:
    """The newest version of each of the organization's own that is retired, by name."""
    return sorted((row for row in _own(organization_id) if row.retired_at is not None), key=lambda row: row.name)


def _own(organization_id: UUID) -> list[DisclosurePolicy]:
    """The newest version of each of the organization's own, but not those derived for one request."""
    rows = DisclosurePolicy.objects.filter(organization_id=organization_id).order_by("version")
    return list({row.name: row for row in rows if "+" not in row.name}.values())


def require_offered(organization_id: UUID, name: str, *, lock: bool = False) -> None:
    """Raises PolicyRetired for one that is not to be chosen any more.

    ``lock``: in a transaction; the policy is not retired before its end either.
    """
    # One that was derived for a request goes with the one that it was derived from.
    base = name.partition("+")[0]
    row = newest_locked(organization_id, base) if lock else newest(organization_id, base)
    if row is not None and row.retired_at is not None:
        raise PolicyRetired(policy=base)


def checked(name: str, rules: Mapping[str, str], other: str = Rule.LABEL.value) -> Policy:
    """A policy as somebody typed it. Raises BadInput for a name, type or way of showing that there is not."""
    if not _NAME.fullmatch(name):
        raise BadInput(
            "A policy's name begins with a small letter a to z, and is 2 to 30 such letters, digits and underscores long.",
            length=len(name),
        )
    if name in PRESETS:
        raise BadInput("This is the name of a preset. Choose another name.", presets=sorted(PRESETS))
    policy = typed(name, rules, other)
    if not policy.hides_anything:
        raise BadInput(f"A policy hides something. To hide nothing there is {VERBATIM}, given to a person by name.")
    return policy


def _require_own_name(name: str) -> None:
    """Raises BadInput for a name that reads as a preset's does: in a list of choices the two would look the same."""
    for label in LABELS.values():
        if _letters(name) == _letters(label):
            raise BadInput(f"“{label}” is what a preset is called. Choose another name, so that no one mistakes it.")


def _letters(words: str) -> str:
    """Letters and digits alone: what is left of a name wherever signs, spaces and capitals are not noticed."""
    return "".join(sign for sign in words.casefold() if sign.isalnum())


def typed(name: str, rules: Mapping[str, str], other: str) -> Policy:
    """Rules as somebody chose them. Raises BadInput for a type or a way of showing that there is not."""
    try:
        policy = Policy.from_dict({"name": name, "version": 1, "rules": dict(rules), "other": other})
    except ValueError:
        raise BadInput("A policy's rules name types and ways of hiding.", allowed=[r.value for r in Rule]) from None
    unknown = sorted(set(policy.rules) - set(TYPES))
    if unknown:
        raise BadInput("A policy can only speak of known types.", allowed=list(TYPES), found=len(unknown))
    for type_, rule in (*policy.rules.items(), (OTHER, policy.other)):
        if not makes_sense(type_, rule):
            raise BadInput(
                "One of the details cannot be shown in this way.", type=type_, allowed=[r.value for r in TREATMENTS[type_]]
            )
    return policy


def newest(organization_id: UUID, name: str) -> DisclosurePolicy | None:
    """The newest version of an organization's own policy; None where it has none of that name."""
    return DisclosurePolicy.objects.filter(organization_id=organization_id, name=name).order_by("-version").first()


def newest_locked(organization_id: UUID, name: str) -> DisclosurePolicy | None:
    """As ``newest``, in a transaction: until its end nobody else saves a version of this policy, gives or retires it."""
    # The first version's row stands for all of them: which one is the newest may change while one waits for the lock.
    # Views that are made meanwhile refer to the row and need not wait. (SQLite: the transaction holds the only write lock.)
    rows = DisclosurePolicy.objects.filter(organization_id=organization_id, name=name)
    rows.select_for_update(no_key=True).order_by("version").first()
    return newest(organization_id, name)


def save(
    *,
    actor: Actor,
    by: Member,
    name: str,
    rules: Mapping[str, str],
    other: str = Rule.LABEL.value,
    expected: int | None = None,
    reverted_to: int | None = None,
) -> DisclosurePolicy:
    """A new version of the organization's policy ``name``; old versions stay.

    ``expected``: the version that the change was made from (0: there is none yet). Raises Refused, BadInput,
    PolicyRetired, and ChangedMeanwhile where another version is the newest by now; nothing is saved then.
    """
    organization_id = by.organization_id
    require_policy_right(actor, by)
    policy = checked(name, rules, other)
    try:
        with transaction.atomic():
            last = newest_locked(organization_id, name)
            if last is None:
                # Not asked of later versions: one that was made under such a name before can still be made stricter.
                _require_own_name(name)
            if last is not None and last.retired_at is not None:
                raise PolicyRetired(
                    "This policy is retired, so nothing was changed. Bring it back first, then change it.", policy=name
                )
            version = last.version if last else 0
            if expected is not None and expected != version:
                raise ChangedMeanwhile(policy=name, version=version)
            changed = _changed_since(last, policy)
            if changed == 0:
                raise BadInput("Nothing is different from the newest version, so no new one was made.", version=version)
            row = DisclosurePolicy.objects.create(
                organization_id=organization_id, name=name, version=version + 1, rules=_stored(policy), created_by=by.id
            )
            _record(actor, row, organization_id, changed=changed, reverted_to=reverted_to)
    except IntegrityError:
        # Somebody else's version with this number was saved in the same moment.
        raise ChangedMeanwhile(policy=name) from None
    return row


@dataclass(frozen=True, slots=True)
class Difference:
    """One type (or ``other``) that is shown in another way than before."""

    type: str
    before: Rule
    after: Rule


def differences(before: Policy, after: Policy) -> tuple[Difference, ...]:
    """What changed from one version to the next."""
    pairs = [(type_, before.rule(type_), after.rule(type_)) for type_ in TYPES]
    pairs.append((OTHER, before.other, after.other))
    return tuple(Difference(type_, old, new) for type_, old, new in pairs if old is not new)


def with_types(*, actor: Actor, organization_id: UUID, base: DisclosurePolicy, types: Iterable[str]) -> DisclosurePolicy:
    """``base`` hiding these types as well; ``base`` itself where it hides them all. Raises BadInput, PolicyUnresolved."""
    wanted = set(types)
    unknown = wanted - set(TYPES)
    if unknown:
        raise BadInput("A type that was asked for is not known.", allowed=list(TYPES), found=len(unknown))
    policy = readable(base)
    more = sorted(type_ for type_ in wanted if not policy.hides_every(type_))
    if not more:
        return base
    tag = hashlib.sha256(f"{base.id}:{','.join(more)}".encode()).hexdigest()[:8]
    name = f"{base.name[:30]}+{tag}"
    rows = DisclosurePolicy.objects.filter(organization_id=organization_id, name=name, version=base.version)
    row = rows.first()
    if row is None:
        try:
            with transaction.atomic():
                row = DisclosurePolicy.objects.create(
                    organization_id=organization_id,
                    name=name,
                    version=base.version,
                    rules=_stored(policy.with_types(more)),
                    created_by=actor.id,
                )
                _record(actor, row, organization_id)
        except IntegrityError:
            row = rows.get()
    return row


def hides_at_least(one: Policy, other: Policy) -> bool:
    """Whether ``one`` shows nothing that ``other`` hides."""
    return not shows_more(one, other)


def strictest(organization_id: UUID, rows: Iterable[DisclosurePolicy]) -> DisclosurePolicy:
    """The one of ``rows`` that hides at least what each of them hides; the preset that hides everything where none does."""
    listed = list({row.id: row for row in rows}.values())
    read = {row.id: readable(row) for row in listed}
    for row in listed:
        if all(hides_at_least(read[row.id], read[other.id]) for other in listed):
            return row
    if not listed:
        raise PolicyUnresolved
    return preset_row("everything")


def require_policy_right(actor: Actor, by: Member) -> None:
    """Raises Refused, recorded, for whoever may not manage policies."""
    if allowed(by.roles, Action.MANAGE, Kind.POLICY):
        return
    audit.refuse(
        "portal:access:refused",
        organization_id=by.organization_id,
        actor=actor,
        reason=f"right:{Action.MANAGE}:{Kind.POLICY}",
    )
    raise Refused(action=Action.MANAGE.value, kind=Kind.POLICY.value)


def _changed_since(last: DisclosurePolicy | None, policy: Policy) -> int | None:
    """How many types are shown in another way; None where nothing (readable) was there before."""
    if last is None:
        return None
    try:
        return len(differences(readable(last), policy))
    except PolicyUnresolved:
        return None


def _stored(policy: Policy) -> dict[str, object]:
    stored = policy.to_dict()
    return {"rules": stored["rules"], "other": stored["other"]}


def _record(
    actor: Actor, row: DisclosurePolicy, organization_id: UUID, *, changed: int | None = None, reverted_to: int | None = None
) -> None:
    audit.record(
        "compliance:policy:changed",
        organization_id=organization_id,
        actor=actor,
        target=Target("policy", row.id),
        policy=row.name,
        version=row.version,
        changed=changed,
        reverted_to=reverted_to,
    )
