"""What an administrator's monitoring asks: does it live, can it work. Figures only."""

from datetime import timedelta

from django.utils import timezone

from transcription.models import Job, Proceeding


def test_it_lives_without_asking_anything_else(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_readiness_names_each_part_and_the_oldest_waiting_job(client, matter, paralegal):
    proceeding = Proceeding(matter=matter, kind="deposition", created_by=paralegal)
    proceeding.title = "Deposition of Marta Whitfield"
    proceeding.save()
    since = timezone.now() - timedelta(minutes=5)
    Job.objects.create(proceeding=proceeding, provider="engine", requested_by=paralegal, created_at=since)
    answer = client.get("/readyz")
    checks = answer.json()["checks"]
    assert set(checks) == {"broker", "database", "disk", "engine", "key_store", "queue", "storage"}
    assert 300 <= checks["queue"]["oldest_waiting_seconds"] < 360
    assert checks["database"]["ok"]
    assert "Whitfield" not in answer.text


def test_a_part_that_does_not_answer_makes_it_not_ready(client, db, settings):
    settings.ENGINE_URL = "http://127.0.0.1:9"
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["engine"] == {"ok": False, "error": "ConnectError"}
