"""Vaults: each is one matter with its wall. ``DELETE`` is an erasure."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from compliance import audit
from compliance.audit import Target
from portal.accounts.models import Organization
from portal.accounts.rights import Scope
from portal.api import answer_shapes as said
from portal.api import answers, shapes
from portal.api.acting import Caller, caller_of
from portal.api.base import Answer, ApiView, fields_of, matter_of_vault, once
from portal.api.documents import CURSOR, LIMIT, PROBLEMS
from portal.api.pagination import page
from portal.errors import BadInput, NotFound
from transcription import jobs, proceedings
from transcription.models import Job
from vault import erasing, matters
from vault.models import Erasure, Matter

_MAX_PARTIES: Final = 200
_NO_SUCH_POLICY: Final = "No policy with this name is offered. Name one of those that are allowed, or none."
_DEFAULT_GONE: Final = (
    "The policy that this key gives to the matters it makes is not offered any more. Name one of those that are allowed in "
    "metadata.policy, or have an administrator make a key with another one."
)


class BadMetadata(BadInput):
    code = "invalid_metadata"
    message = "metadata may say kind, region, data_class, policy and parties; one of them is not as allowed."


class Vaults(ApiView):
    scopes = {"GET": Scope.VAULT_READ, "POST": Scope.VAULT_CREATE}

    @extend_schema(operation_id="vault_create", request=shapes.VaultCreate, responses={201: said.VaultDetails, **PROBLEMS})
    def post(self, request: Request) -> Response:
        """Make a matter with its vault. Only the key's member can open it until others are let in."""
        given = fields_of(request, shapes.VaultCreate)

        def make(caller: Caller) -> Answer:
            matter = create_matter(
                caller, given["name"], given.get("description", ""), given.get("metadata") or {},
                hide=given.get("always_hide") or [], show=given.get("always_show") or [],
            )  # fmt: skip
            return Answer(answers.vault_details(matter), 201, matter.vault)

        return once(request, make)

    @extend_schema(operation_id="vault_list", parameters=[LIMIT, CURSOR], responses={200: said.VaultList, **PROBLEMS})
    def get(self, request: Request) -> Response:
        """The vaults that the key's member can open, newest first."""
        caller = caller_of(request)
        found = page(request, matters.visible_to(caller.member))
        with transaction.atomic():
            audit.record(
                "vault:matter:read",
                organization_id=caller.key.organization_id,
                actor=caller.actor,
                target=Target("organization", caller.key.organization_id),
                merge="list",
            )
        listed = [answers.vault_summary(matter) for matter in found.rows]
        return Response({"vaults": listed, "total": len(listed), "pagination": found.pagination()})


class OneVault(ApiView):
    scopes = {"GET": Scope.VAULT_READ, "DELETE": Scope.VAULT_DELETE}

    @extend_schema(operation_id="vault_retrieve", responses={200: said.VaultDetails, **PROBLEMS})
    def get(self, request: Request, vault_id: UUID) -> Response:
        """One vault."""
        caller = caller_of(request)
        matter = matter_of_vault(caller, vault_id)
        with transaction.atomic():
            audit.record(
                "vault:matter:read",
                organization_id=matter.organization_id,
                actor=caller.actor,
                target=Target("matter", matter.id, matter.id),
                merge="read",
            )
        return Response(answers.vault_details(matter))

    @extend_schema(operation_id="vault_delete", responses={202: said.VaultErasure, **PROBLEMS})
    def delete(self, request: Request, vault_id: UUID) -> Response:
        """Request the erasure of the vault: its key is destroyed, so that nothing in it can ever be read again.

        Refused with 409 while a legal hold is open.
        """
        caller = caller_of(request)
        matter = matter_of_vault(caller, vault_id)
        erasure = erasing.request(actor=caller.actor, member=caller.member, matter=matter)
        # What runs is stopped, and deleted at the speech service; then the key goes.
        for job in Job.objects.filter(proceeding__matter=matter).exclude(state__in=Job.FINAL):
            jobs.fail(job, "cancelled")
        erasure = erasing.finish(erasure.id, caller.actor)
        return Response(_erasure_answer(erasure), status=202)


class OneErasure(ApiView):
    scopes = {"GET": Scope.VAULT_DELETE}

    @extend_schema(operation_id="erasure_retrieve", responses={200: said.VaultErasure, **PROBLEMS})
    def get(self, request: Request, erasure_id: UUID) -> Response:
        """How far an erasure is, with its certificate when it is done. For the key that requested it."""
        caller = caller_of(request)
        row = Erasure.objects.filter(
            pk=erasure_id, organization_id=caller.key.organization_id, requested_by=caller.key.id
        ).first()
        if row is None:
            raise NotFound
        return Response(_erasure_answer(row))


def create_matter(
    caller: Caller, name: str, description: str, metadata: dict[str, Any], *, hide: Sequence[str] = (), show: Sequence[str] = ()
) -> Matter:
    """A matter as an API client asks for it; what it does not say comes from the key and its organization.

    A policy that is retired later stays with the matters that have it.
    Raises BadMetadata, Refused, RegionNotConfigured, KeyStoreDown.
    """
    organization = caller.member.organization
    by_kind = Matter.Kind.CLINICAL if organization.kind == Organization.Kind.MEDICINE else Matter.Kind.LEGAL
    policy = _policy(caller, _text(metadata, "policy"))
    kept = {"description": description or None, "metadata": metadata or None, "policy": policy or None}
    return matters.create(
        actor=caller.actor,
        member=caller.member,
        kind=_text(metadata, "kind") or by_kind,
        title=name,
        parties=_parties(metadata.get("parties")),
        region=_text(metadata, "region") or caller.key.default_region,
        data_class=_text(metadata, "data_class"),
        metadata={name: value for name, value in kept.items() if value is not None},
        hide=hide,
        show=show,
    )


def _text(metadata: dict[str, Any], name: str) -> str:
    value = metadata.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > 64:
        raise BadMetadata(field=name)
    return value


def _policy(caller: Caller, named: str) -> str:
    """The policy for a new matter: the one named, else the key's default; "" for neither. Raises BadMetadata."""
    policy = named or caller.key.default_policy
    if not policy:
        return ""
    offered = sorted(row.name for row in proceedings.policies_offered(caller.key.organization_id))
    if policy not in offered:
        raise BadMetadata(_NO_SUCH_POLICY if named else _DEFAULT_GONE, field="policy", allowed=offered)
    return policy


def _parties(value: object) -> list[dict[str, str]]:
    """``["A", {"name": "B", "role": "plaintiff"}]`` as matters take it."""
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > _MAX_PARTIES:
        raise BadMetadata(field="parties")
    found = []
    for party in value:
        named = {"name": party} if isinstance(party, str) else party
        if not isinstance(named, dict) or not isinstance(named.get("name"), str):
            raise BadMetadata(field="parties")
        role = named.get("role")
        found.append({"name": named["name"], "role": role if isinstance(role, str) else ""})
    return found


def _erasure_answer(row: Erasure) -> dict[str, Any]:
    done = row.state == "done"
    return {
        "success": True,
        "status": "deleted" if done else "deletion_queued",
        "deletedVault": {
            "id": str(row.target_id),
            "objectsDeleted": row.certificate.get("objects"),
            "bytesFreed": row.certificate.get("bytes"),
        },
        "erasure": {
            "id": str(row.id),
            "state": row.state,
            "url": f"{settings.PUBLIC_URL}/api/v1/erasures/{row.id}",
            "certificate": row.certificate or None,
        },
    }
