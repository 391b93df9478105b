"""The API's description: OpenAPI at /api/schema, pages for people at /api/docs, the list of error codes.

None of it needs a sign-in and none of it holds content.
"""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, inline_serializer
from drf_spectacular.views import SpectacularAPIView
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.api import problems
from portal.api.base import AlwaysJson
from portal.errors import NotFound

OBJECT = OpenApiResponse(OpenApiTypes.OBJECT, description="See the description; unknown fields may be added.")
_PROBLEM = inline_serializer(
    "Problem",
    {
        "type": serializers.CharField(),
        "title": serializers.CharField(),
        "status": serializers.IntegerField(),
        "detail": serializers.CharField(),
        "error": serializers.CharField(),
        "message": serializers.CharField(),
        "code": serializers.CharField(help_text="One of /api/errors."),
        "retryable": serializers.BooleanField(),
        "request_id": serializers.CharField(),
    },
)


_DESCRIPTIONS = {
    400: "The request is not valid.",
    401: "No valid API key.",
    403: "The key's scopes or its member's roles do not allow it.",
    404: "Not there, or not open to the key's member.",
    409: "Not in the present state.",
    413: "Too large.",
    422: "The Idempotency-Key was used for another request.",
    503: "A part of the portal does not answer; try again.",
}
PROBLEMS: dict[Any, Any] = {
    (status, problems.MEDIA_TYPE): OpenApiResponse(_PROBLEM, description=text) for status, text in _DESCRIPTIONS.items()
}
LIMIT = OpenApiParameter("limit", OpenApiTypes.INT, description="1 to 200; without it and without cursor 200.")
CURSOR = OpenApiParameter("cursor", OpenApiTypes.STR, description="next_cursor of the page before.")


class Open(APIView):
    """For everybody: no key, no content."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    content_negotiation_class = AlwaysJson


class ErrorCodes(Open):
    @extend_schema(operation_id="error_codes", auth=[], responses={200: OBJECT})
    def get(self, request: Request) -> Response:
        """Every code that an error can carry."""
        return Response({"errors": problems.published()})


class ErrorCode(Open):
    @extend_schema(
        operation_id="error_code",
        auth=[],
        responses={200: OBJECT, (404, problems.MEDIA_TYPE): OpenApiResponse(_PROBLEM)},
    )
    def get(self, request: Request, code: str) -> Response:
        """What one code means; errors name this address as their type."""
        for entry in problems.published():
            if entry["code"] == code:
                return Response(entry)
        raise NotFound


class Schema(SpectacularAPIView):
    """OpenAPI 3, as JSON. It changes only with the code, and takes long enough to make that a stranger gets a kept one."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    renderer_classes = [JSONRenderer]
    content_negotiation_class = AlwaysJson

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(_schema())


@cache
def _schema() -> dict[str, Any]:
    made: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return made


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Swagger UI from the package; its start is a script of its own, since inline scripts are forbidden here."""
    return render(request, "api_docs.html")


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "portal.api.authentication.KeyAuthentication"
    name = "ApiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "An API key of `manage.py create_api_key`: `sk_…`."}
