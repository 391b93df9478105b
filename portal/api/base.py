"""What all views of the API share: JSON whatever the client accepts, a caller, one answer to a repeated request."""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from portal.accounts.rights import Scope
from portal.api.acting import Caller, caller_of
from portal.errors import NotFound
from vault import idempotency, matters
from vault.models import Matter, Vault


class AlwaysJson(BaseContentNegotiation):
    """The official client asks for */* or application/octet-stream on some routes and reads JSON problems."""

    def select_parser(self, request: Request, parsers: Iterable[Any]) -> Any:
        return next(iter(parsers))

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        renderer = next(iter(renderers))
        return renderer, renderer.media_type


@dataclass
class Answer:
    """What a view answers; ``vault`` is under whose keys it may be kept for a repeated request."""

    body: dict[str, Any] | None
    status: int = 200
    vault: Vault | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def response(self) -> Response:
        return Response(self.body, status=self.status, headers=self.headers)


class ApiView(APIView):
    scopes: dict[str, Scope] = {}
    content_negotiation_class = AlwaysJson

    def initialize_request(self, request: Any, *args: Any, **kwargs: Any) -> Request:
        # A chunked body has no length, and DRF would take it for none; the parser bounds it.
        if not request.META.get("CONTENT_LENGTH") and "chunked" in request.META.get("HTTP_TRANSFER_ENCODING", "").lower():
            request.META["CONTENT_LENGTH"] = "-1"
        return super().initialize_request(request, *args, **kwargs)


def matter_of_vault(caller: Caller, vault_id: UUID | str) -> Matter:
    """The matter of a vault behind whose wall the caller's member is. Raises NotFound for all others."""
    matter = matters.visible_to(caller.member).filter(vault_id=vault_id).first()
    if matter is None:
        raise NotFound
    return matter


def fields_of(request: Request, shape: type[Serializer[Any]]) -> dict[str, Any]:
    """The body's known fields; snake_case names stand for camelCase ones. Raises ValidationError, NotJson."""
    data = dict(request.data)
    wanted: list[str] = list(shape().get_fields())
    for name in wanted:
        snake = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
        if name not in data and snake in data:
            data[name] = data[snake]
    # null is how many clients say "not given".
    given = {name: value for name, value in data.items() if name in wanted and value is not None}
    serializer = shape(data=given)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def once(
    request: Request,
    work: Callable[[Caller], Answer],
    *,
    implicit: timedelta | None = None,
    still_good: Callable[[Caller, dict[str, Any]], dict[str, Any] | None] | None = None,
) -> Response:
    """Does ``work`` at most once for an Idempotency-Key (24 hours, per API key and route).

    ``implicit``: without a key, the same body within this time counts as the same request; ``still_good`` then gives
    the present form of the answer that was kept, or None when the work must be done anew.
    Raises idempotency.KeyReused, idempotency.StillRunning, idempotency.BadKey.
    """
    caller = caller_of(request)
    body = json.dumps(request.data, sort_keys=True, separators=(",", ":")).encode()
    digest = hashlib.sha256(body)
    given = request.headers.get("Idempotency-Key")
    if given is None and implicit is None:
        return work(caller).response()
    kept_for = idempotency.KEPT_FOR if given is not None or implicit is None else implicit
    where = f"{request.method} {request.path.rstrip('/')}"
    terms: dict[str, Any] = {
        "api_key_id": caller.key.id,
        "route": where if given is not None else f"same {where}",
        "key": given if given is not None else digest.hexdigest(),
        "body_sha256": digest.digest(),
        "kept_for": kept_for,
    }
    claim = idempotency.claim(**terms)
    if isinstance(claim, idempotency.Kept):
        if given is not None or still_good is None:
            return Response(claim.body, status=claim.status, headers={"Idempotent-Replayed": "true"})
        now = still_good(caller, claim.body or {})
        if now is not None:
            return Response(now, status=claim.status, headers={"Idempotent-Replayed": "true"})
        idempotency.forget(claim)
        claim = idempotency.claim(**terms)
        if isinstance(claim, idempotency.Kept):
            raise idempotency.StillRunning
    try:
        answer = work(caller)
    except BaseException:
        claim.release()
        raise
    claim.keep(answer.status, answer.body, answer.vault)
    return answer.response()


class Nowhere(ApiView):
    """An address that does not exist."""

    permission_classes = ()
    schema = None

    def http_method_not_allowed(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        raise NotFound
