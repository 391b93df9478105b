"""What the second pass is told of a matter: its parties, and what is always hidden and always shown. As on its page."""

from typing import Any, Final
from uuid import UUID

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from compliance import audit
from compliance.audit import Target
from portal.accounts.rights import Scope
from portal.api import answer_shapes as said
from portal.api.acting import Caller, caller_of
from portal.api.base import Answer, ApiView, fields_of, matter_of_vault, once
from portal.api.documents import PROBLEMS
from portal.api.shapes import entries
from transcription import rechecking
from vault import matters
from vault.matters import PARTIES_LIMIT, PARTY_LIMIT, ROLE_LIMIT, TITLE_LIMIT
from vault.models import Matter

_LARGEST_VERSION: Final = 2**31 - 1


class PartyGiven(serializers.Serializer[dict[str, Any]]):
    name = serializers.CharField(max_length=PARTY_LIMIT)
    role = serializers.CharField(max_length=ROLE_LIMIT, required=False, allow_blank=True, default="")


class WordsChange(serializers.Serializer[dict[str, Any]]):
    """What is left out stays as it is. A list that is given replaces the one before it as a whole; [] empties it."""

    version = serializers.IntegerField(
        min_value=1, max_value=_LARGEST_VERSION,
        help_text="As GET gave it. Changed meanwhile: 409 changed_meanwhile; read again, then change what stands there now.",
    )  # fmt: skip
    title = serializers.CharField(max_length=TITLE_LIMIT, required=False)
    parties = serializers.ListField(
        child=PartyGiven(), required=False, max_length=PARTIES_LIMIT, help_text="They are hidden in any form of the name."
    )
    always_hide = entries("Words and phrases that are hidden in every transcript, whatever they are.")
    always_show = entries(
        "Names and places that stay readable for everyone who may read. "
        "Needs a member who may decide that something is not private."
    )


class Words(ApiView):
    scopes = {"GET": Scope.VAULT_READ, "PUT": Scope.VAULT_CHANGE}

    @extend_schema(operation_id="vault_words_retrieve", responses={200: said.Words, **PROBLEMS})
    def get(self, request: Request, vault_id: UUID) -> Response:
        """The matter's title, parties and lists.

        What is always hidden is told by its number only, unless the key has the scope `vault:change` and its member may
        change the matter (who made it, and attorneys, clinicians and privacy officers).
        """
        caller = caller_of(request)
        matter = matter_of_vault(caller, vault_id)
        with transaction.atomic():
            audit.record(
                "vault:matter:read",
                organization_id=matter.organization_id,
                actor=caller.actor,
                target=Target("matter", matter.id, matter.id),
                merge="words",
            )
        return Response(_answer(caller, matter))

    @extend_schema(operation_id="vault_words_update", request=WordsChange, responses={200: said.Words, **PROBLEMS})
    def put(self, request: Request, vault_id: UUID) -> Response:
        """Change the matter's title, parties or lists. What is left out stays as it is.

        From then on nothing is shown that was found before: its transcripts are checked again, and each can be read as soon
        as that is done. Until then a transcription is `processing` with `status_detail: hiding`.
        Taking off what somebody else hid needs what `always_show` needs.
        """
        given = fields_of(request, WordsChange)

        def change(caller: Caller) -> Answer:
            matter = matter_of_vault(caller, vault_id)
            matters.require_change(caller.actor, caller.member, matter)
            rechecking.describe(
                actor=caller.actor,
                by=caller.member,
                matter=matter,
                title=given.get("title"),
                parties=given.get("parties"),
                hide=given.get("always_hide"),
                show=given.get("always_show"),
                expected=given["version"],
            )
            return Answer(_answer(caller, matter), 200, matter.vault)

        return once(request, change)


def _answer(caller: Caller, matter: Matter) -> dict[str, Any]:
    lists = matter.lists or {}
    hidden, shown = list(lists.get("hide", ())), list(lists.get("show", ()))
    tells = caller.holds(Scope.VAULT_CHANGE) and matters.may_change(caller.member, matter)
    progress = rechecking.progress(matter)
    return {
        "vaultId": str(matter.vault_id),
        "title": matter.title,
        "parties": [{"name": party["name"], "role": party.get("role", "")} for party in matter.parties or []],
        "always_hide": hidden if tells else None,
        "always_show": shown,
        "lists": {"always_hide": len(hidden), "always_show": len(shown)},
        "version": matter.words_version,
        "rechecking": {
            "running": progress is not None and progress.total > 0,
            "total": progress.total if progress else 0,
            "checked": progress.checked if progress else 0,
            "held": progress.held if progress else 0,
        },
    }
