"""Making the sample organizations, people, matters and recordings, once."""

import json
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from compliance import audiences, audit
from compliance.audit import SYSTEM, Actor
from portal.accounts.models import Member, Organization
from portal.sample.content import MATTERS, ORGANIZATIONS, SampleMatter
from transcription import proceedings
from transcription.models import Proceeding
from vault import matters, objects
from vault.models import Matter, StoredObject

FOLDER = Path(__file__).parent


def _file() -> Path:
    return Path(settings.DATA_DIR) / "sample-accounts.json"


def accounts() -> list[dict[str, Any]]:
    """``[{"email", "password", "organization", "roles"}]`` as they were made on this machine."""
    try:
        found: list[dict[str, Any]] = json.loads(_file().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    return found


def make(say: Callable[[str], object]) -> None:
    """Makes what is not there yet; does nothing where real organizations live."""
    if Organization.objects.filter(is_sample=False).exists():
        return
    if not accounts():
        # The passwords are written before the members are made: a crash between the two makes new members next time.
        _write_accounts(
            [
                {
                    "email": person.email,
                    "password": secrets.token_urlsafe(15),
                    "organization": organization.name,
                    "roles": [role.value for role in person.roles],
                }
                for organization in ORGANIZATIONS
                for person in organization.people
            ]
        )
    passwords = {account["email"]: account["password"] for account in accounts()}
    for organization in ORGANIZATIONS:
        with transaction.atomic():
            row, made = Organization.objects.get_or_create(
                name=organization.name,
                is_sample=True,
                defaults={"kind": organization.kind, "default_region": settings.DEFAULT_REGION},
            )
            if made:
                audit.record("accounts:organization:created", organization_id=row.id, actor=SYSTEM)
            for person in organization.people:
                if not Member.objects.filter(email=person.email).exists():
                    Member.objects.create_member(row, person.email, person.name, list(person.roles), passwords[person.email])
    for sample in MATTERS:
        _make_matter(sample, say)


def _write_accounts(found: list[dict[str, Any]]) -> None:
    descriptor = os.open(_file(), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
        json.dump(found, handle, indent=1)
        handle.flush()
        os.fsync(handle.fileno())


def _make_matter(sample: SampleMatter, say: Callable[[str], object]) -> None:
    owner = Member.objects.get(email=sample.owner)
    actor = Actor("member", owner.id, owner.name, agent="sample data")
    mine = Matter.objects.filter(organization=owner.organization, created_by=owner)
    matter = next((found for found in mine if found.title == sample.title), None)
    if matter is None:
        matter = matters.create(actor=actor, member=owner, kind=sample.kind, title=sample.title, parties=sample.parties)
        # By its number: what is printed here may end in a log, and a title does not belong there.
        say(f"Made the sample matter {matter.short} of {owner.organization.name}.")
        for email in sample.others:
            matters.add_to_wall(actor=actor, by=owner, matter=matter, member=Member.objects.get(email=email))
        for email, policy in sample.policies:
            person = Member.objects.get(email=email)
            role = next(iter(person.roles)).value
            audiences.write_rule(
                actor=actor,
                organization_id=matter.organization_id,
                matter_id=matter.id,
                audience=f"role:{role}",
                policy_name=policy,
                set_by=owner.id,
            )
    if sample.file and not Proceeding.objects.filter(matter=matter).exists():
        _make_proceeding(sample, matter, owner, actor)


def _make_proceeding(sample: SampleMatter, matter: Matter, owner: Member, actor: Actor) -> None:
    content = (FOLDER / sample.file).read_bytes()
    kind = StoredObject.Kind.RECORDING if sample.content_type.startswith("audio/") else StoredObject.Kind.DOCUMENT
    stored = objects.put_bytes(
        vault=matter.vault,
        kind=kind,
        data=content,
        content_type=sample.content_type,
        file_name=sample.file,
        actor=actor,
    )
    proceedings.create(
        actor=actor,
        member=owner,
        matter=matter,
        kind=sample.proceeding,
        objects=[stored],
        title=sample.proceeding_title,
        speakers_expected=2,
        basic_engine_accepted=True,
    )
