"""What privacy policies say: read only. They are changed by people, on the pages, where a change shows what it does."""

from typing import Any

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from compliance import audit, policies, policy_changes
from compliance.audit import Target
from compliance.models import DisclosurePolicy
from compliance.redaction import PRESETS, TYPES
from portal.accounts.rights import Scope
from portal.api import answer_shapes as said
from portal.api.acting import Caller, caller_of
from portal.api.base import ApiView
from portal.api.documents import PROBLEMS
from portal.errors import NotFound


class Policies(ApiView):
    scopes = {"GET": Scope.POLICY_READ}

    @extend_schema(operation_id="policy_list", responses={200: said.PolicyList, **PROBLEMS})
    def get(self, request: Request) -> Response:
        """The presets and the newest version of each of the organization's own; not what was retired, which is read by name."""
        caller = caller_of(request)
        listed = [_summary(row) for row in policies.available(caller.key.organization_id)]
        _record(caller, None)
        return Response({"policies": listed, "total": len(listed)})


class OnePolicy(ApiView):
    scopes = {"GET": Scope.POLICY_READ}

    @extend_schema(operation_id="policy_retrieve", responses={200: said.PolicyDetails, **PROBLEMS})
    def get(self, request: Request, name: str) -> Response:
        """What one policy says, in the version that is in force."""
        caller = caller_of(request)
        organization_id = caller.key.organization_id
        if name not in PRESETS and policies.newest(organization_id, name) is None:
            raise NotFound
        row = policies.resolve(organization_id, name)
        policy = policies.readable(row)
        kept = policy_changes.versions(organization_id, name) if row.organization_id else []
        _record(caller, row)
        rules = {type_: policy.rule(type_).value for type_ in TYPES}
        versions = [version.row.version for version in kept] or [row.version]
        return Response(_summary(row) | {"rules": rules, "other": policy.other.value, "versions": versions})


def _summary(row: DisclosurePolicy) -> dict[str, Any]:
    return {
        "name": row.name,
        "title": policies.LABELS.get(row.name) or row.name.replace("_", " ").capitalize(),
        "preset": row.organization_id is None,
        "version": row.version,
        "retired": row.retired_at is not None,
        "createdAt": row.created_at.isoformat(),
    }


def _record(caller: Caller, row: DisclosurePolicy | None) -> None:
    with transaction.atomic():
        audit.record(
            "compliance:policy:read",
            organization_id=caller.key.organization_id,
            actor=caller.actor,
            target=Target("policy", row.id) if row else audit.NOTHING,
            merge="api",
            policy=row.name if row else None,
        )
