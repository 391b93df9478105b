"""JSON under any Content-Type: published scripts send some without, or with curl's default for forms."""

import json
from collections.abc import Mapping
from typing import IO, Any, Final

from rest_framework.parsers import BaseParser

from portal.errors import BadInput

# The largest honest body is a list of parts or of vocabulary; recordings never pass through here.
MAX_BODY_BYTES: Final = 1 * 2**20
# The deepest honest body has three levels; a bound keeps hostile nesting from costing anything later on.
MAX_DEPTH: Final = 16


class NotJson(BadInput):
    code = "not_json"
    message = "The body is not a JSON object in UTF-8. Send one, whatever the Content-Type says."


class BodyTooLarge(BadInput):
    code = "body_too_large"
    status = 413
    message = "The JSON body is too large. Files are sent to the upload URL, not in JSON."


class AnyJson(BaseParser):
    media_type = "*/*"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """The body as a dictionary. Raises NotJson, BodyTooLarge."""
        raw = stream.read(MAX_BODY_BYTES + 1)
        if len(raw) > MAX_BODY_BYTES:
            raise BodyTooLarge(limit=MAX_BODY_BYTES)
        return read_object(raw)


def read_object(raw: bytes) -> dict[str, Any]:
    """A JSON object of text that can be stored. Raises NotJson."""
    if not raw.strip():
        return {}
    try:
        value = json.loads(raw.decode("utf-8"), parse_constant=_no_constants)
        # A lone surrogate is valid JSON and no text: it could not be stored later.
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError):
        raise NotJson from None
    if not isinstance(value, dict):
        raise NotJson
    if _deeper_than(value, MAX_DEPTH):
        raise NotJson("The JSON body is nested too deeply.", limit=MAX_DEPTH)
    return value


def _no_constants(name: str) -> None:
    raise ValueError(name)


def _deeper_than(value: object, left: int) -> bool:
    if not isinstance(value, dict | list):
        return False
    if left == 0:
        return True
    return any(_deeper_than(item, left - 1) for item in (value.values() if isinstance(value, dict) else value))
