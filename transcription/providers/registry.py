"""All speech services of this portal: one entry each. What is here is tested by one contract."""

from collections.abc import Callable, Mapping

from django.conf import settings

from portal.errors import BadInput
from transcription.providers.base import Provider
from transcription.providers.casedev.client import CaseDev, Configuration
from transcription.signatures import Form


class UnknownProvider(BadInput):
    code = "provider_unknown"
    message = "This speech service is not set up here. Choose another one."


def _engine() -> Provider:
    return CaseDev(
        Configuration(
            name="engine",
            label="Speech engine of this portal",
            url=settings.ENGINE_URL,
            api_key=settings.ENGINE_API_KEY,
            region=settings.ENGINE_REGION,
            secrets={
                Form.X_SIGNATURE: [settings.ENGINE_WEBHOOK_SECRET],
                Form.STANDARD: [settings.ENGINE_WEBHOOK_SECRET],
            },
            external=False,
        )
    )


def _casedev() -> Provider:
    return CaseDev(
        Configuration(
            name="casedev",
            label="case.dev",
            url=settings.CASEDEV_URL,
            api_key=settings.CASEDEV_API_KEY,
            region=settings.CASEDEV_REGION,
            secrets={
                Form.X_SIGNATURE: _given(settings.CASEDEV_WEBHOOK_SECRET),
                Form.STANDARD: _given(settings.CASEDEV_STANDARD_WEBHOOK_SECRET),
                Form.X_CASE_SIGNATURE: _given(settings.CASEDEV_EVENTS_WEBHOOK_SECRET),
            },
            external=True,
        )
    )


def _given(secret: str) -> list[str]:
    return [secret] if secret else []


# name -> maker; read anew each time, so that settings that tests change count.
REGISTRY: Mapping[str, Callable[[], Provider]] = {
    "casedev": _casedev,
    "engine": _engine,
}


def names() -> list[str]:
    return sorted(REGISTRY)


def get(name: str) -> Provider:
    """Raises UnknownProvider."""
    try:
        return REGISTRY[name]()
    except KeyError:
        raise UnknownProvider(known=names()) from None
