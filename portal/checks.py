"""System checks that refuse an unsafe production start."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from compliance.regions import REGIONS
from portal import env


def refuse_unsafe_start() -> None:
    """For servers and workers, which Django starts without its checks. Raises env.BadSetting with what is wrong."""
    wrong = [message.msg for message in safe_to_start()]
    if wrong:
        raise env.BadSetting(" ".join(wrong))


@register()
def safe_to_start(**_: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = [
        Error(f"REGIONS names {code}, which compliance/regions.py does not know.", id="portal.E001")
        for code in settings.REGIONS
        if code not in REGIONS
    ]
    if settings.DEFAULT_REGION not in settings.REGIONS:
        found.append(Error("DEFAULT_REGION must be one of REGIONS.", id="portal.E002"))
    if settings.REDACTION_RECOGNISERS and not Path(settings.REDACTION_RECOGNISERS).is_file():
        found.append(Error("REDACTION_RECOGNISERS must be a file that can be read.", id="portal.E007"))
    if settings.EMBEDDED:
        return found
    if not settings.PUBLIC_URL.startswith("https://"):
        found.append(Error("PUBLIC_URL must begin with https:// in the production profile.", id="portal.E003"))
    if settings.CELERY_BROKER_URL.startswith("filesystem:"):
        found.append(Error("BROKER_URL must be set in the production profile.", id="portal.E004"))
    if settings.CASEDEV_API_KEY and not (
        settings.CASEDEV_WEBHOOK_SECRET or settings.CASEDEV_STANDARD_WEBHOOK_SECRET or settings.CASEDEV_EVENTS_WEBHOOK_SECRET
    ):
        found.append(Error("case.dev has a key but no webhook secret: its callbacks could be forged.", id="portal.E005"))
    if settings.KEY_DIR.is_relative_to(settings.DATA_DIR):
        found.append(Error("KEY_DIR must lie outside DATA_DIR: a backup of the data must not hold its keys.", id="portal.E006"))
    return found
