"""The ASGI application: Django, and beside it the small apps that stream bytes."""

import os
from typing import Any, cast

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

django_application = get_asgi_application()

from starlette.types import Receive, Scope, Send  # noqa: E402 - Django must be set up before models are imported

from portal import checks, wiring  # noqa: E402
from portal.bodies import BodyLimit  # noqa: E402
from transcription import key_view  # noqa: E402
from vault import grants  # noqa: E402
from vault.streaming import ObjectBytes  # noqa: E402

checks.refuse_unsafe_start()
_bounded_django = BodyLimit(cast(Any, django_application))
_object_bytes = ObjectBytes(on_stored=wiring.object_stored, served=key_view.served)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Presigned URLs go to the streaming app, everything else to Django."""
    if scope["type"] == "http" and str(scope["path"]).startswith(grants.PATH):
        await _object_bytes(scope, receive, send)
    else:
        await _bounded_django(scope, receive, send)
