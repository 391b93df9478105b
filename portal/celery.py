"""The queue. It is a hint: the sweeper drives every row to its end even when every message is lost."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["transcription", "vault", "compliance"])
