"""Below the confidence that the organization sets, no way leads those who may not reveal to the sound."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from django.test import Client
from django.urls import reverse

from compliance.models import AuditEvent
from portal.accounts.models import Member, Organization
from portal.accounts.rights import Role
from tests.deposition import make
from tests.portal.api.conftest import SPEECH, Program
from transcription.models import Rendition, Transcript
from vault.models import Matter

REFUSED = "transcription:transcript:sound_withheld"


def limit(firm: Organization, floor: float | None) -> None:
    Organization.objects.filter(pk=firm.pk).update(audio_confidence_floor=floor)


def hear(member: Member, transcript: Transcript) -> Any:
    browser = Client()
    browser.force_login(member)
    return browser.post(reverse("transcript_sound", args=[transcript.id]))


@pytest.fixture
def unsure(live: str, matter: Matter, paralegal: Member, actor_for: Any) -> Transcript:
    made = make(matter, paralegal, actor_for)
    Transcript.objects.filter(pk=made.pk).update(confidence=0.4)
    return made


@pytest.mark.parametrize("confidence", [0.4, 0.0, None])
def test_a_person_without_reveal_gets_it_neither_by_page_nor_by_an_older_link(
    live: str, firm: Organization, unsure: Transcript, paralegal: Member, attorney: Member, confidence: float | None
) -> None:
    Transcript.objects.filter(pk=unsure.pk).update(confidence=confidence)
    url = live + hear(paralegal, unsure).json()["parts"][0]["url"]
    theirs = live + hear(attorney, unsure).json()["parts"][0]["url"]
    assert httpx.get(url, headers={"Range": "bytes=0-99"}).status_code == 206

    limit(firm, 0.6)
    # The link that was open before, whole and in part.
    for headers in ({}, {"Range": "bytes=0-99"}, {"Range": "bytes=-1"}, {"Range": "bytes=99999999-"}):
        answer = httpx.get(url, headers=headers)
        assert answer.status_code == 409, headers
        assert b"ftyp" not in answer.content
    assert httpx.get(url).json()["code"] == "audio_withheld"
    refused = hear(paralegal, unsure)
    assert refused.status_code == 409
    assert b"too uncertain" in refused.content
    browser = Client()
    browser.force_login(paralegal)
    assert (
        "Audio withheld: the transcript is too uncertain"
        in browser.get(reverse("transcript", args=[unsure.id])).content.decode()
    )
    chart = browser.get(reverse("transcript_chart", args=[unsure.id])).json()
    assert (chart["sound"], chart["peaks"]) == ("withheld", [])
    # Who may reveal hears it, by the same link as before and by a new one.
    assert httpx.get(theirs).status_code == 200
    assert hear(attorney, unsure).status_code == 200
    events = AuditEvent.objects.filter(type=REFUSED, outcome="refused")
    assert {(event.facts["reason"], event.matter_id) for event in events} == {("uncertain", unsure.proceeding.matter_id)}

    limit(firm, 0.3)
    assert httpx.get(url).status_code == (409 if confidence in (0.0, None) else 200)
    limit(firm, None)
    assert httpx.get(url).status_code == 200


def test_a_link_dies_with_the_right_to_reveal(live: str, firm: Organization, unsure: Transcript, attorney: Member) -> None:
    limit(firm, 0.6)
    url = live + hear(attorney, unsure).json()["parts"][0]["url"]
    assert httpx.get(url).status_code == 200
    attorney.role_rows.update(role=Role.PARALEGAL)
    assert httpx.get(url).status_code == 409


def test_a_program_gets_it_by_no_address(
    live: str, firm: Organization, attorney: Member, make_key: Any, every_scope: Any, speech_service: Callable[..., Transcript]
) -> None:
    key = Program(make_key(attorney).secret)
    vault = key.post("/vault", {"name": "Harbor"}).json()["id"]
    begun = key.post(f"/vault/{vault}/upload", {"filename": "a.wav", "contentType": "audio/wav"}).json()
    httpx.put(begun["uploadUrl"], content=SPEECH.read_bytes(), headers={"Content-Type": "audio/wav"})
    job = key.post("/voice/transcription", {"vault_id": vault, "object_id": begun["objectId"]}).json()
    transcript = speech_service(job["id"])
    path = f"/vault/{vault}/objects/{begun['objectId']}"
    older = key.get(path).json()["downloadUrl"]
    assert httpx.get(older).headers["content-type"] == "audio/mp4"

    limit(firm, 0.95)
    presigned = key.post(f"{path}/presigned-url", {"operation": "GET", "expiresIn": 60}).json()["presignedUrl"]
    redirected = key.get(f"{path}/download")["Location"]
    for url in (older, key.get(path).json()["downloadUrl"], presigned, redirected):
        for headers in ({}, {"Range": "bytes=0-99"}):
            answer = httpx.get(url, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (409, "audio_withheld")
    assert AuditEvent.objects.filter(type=REFUSED, actor_kind="key").exists()
    # The text is as readable as before; a limit is about the sound.
    assert key.get(f"/voice/transcription/{job['id']}").json()["status"] == "completed"
    # What may have the original hears it: that is what the scope is for, and its member may reveal.
    wide = Program(make_key(attorney, *every_scope(attorney)).secret)
    assert httpx.get(wide.get(path).json()["downloadUrl"]).content == SPEECH.read_bytes()

    Transcript.objects.filter(pk=transcript.pk).update(confidence=0.96)
    assert httpx.get(older).status_code == 200


def test_no_program_gets_a_copy_that_is_still_to_be_listened_to_whatever_its_scopes(
    live: str, firm: Organization, attorney: Member, make_key: Any, every_scope: Any, speech_service: Callable[..., Transcript]
) -> None:
    """Neither instead of the recording, nor by the copy's own address: with scope for originals it could be handed on."""
    Organization.objects.filter(pk=firm.pk).update(check_bleeped_audio=True)
    key = Program(make_key(attorney).secret)
    vault = key.post("/vault", {"name": "Harbor"}).json()["id"]
    begun = key.post(f"/vault/{vault}/upload", {"filename": "a.wav", "contentType": "audio/wav"}).json()
    httpx.put(begun["uploadUrl"], content=SPEECH.read_bytes(), headers={"Content-Type": "audio/wav"})
    job = key.post("/voice/transcription", {"vault_id": vault, "object_id": begun["objectId"]}).json()
    transcript = speech_service(job["id"])
    path = f"/vault/{vault}/objects/{begun['objectId']}"
    rendition = Rendition.objects.get(transcript=transcript)
    Rendition.objects.filter(pk=rendition.pk).update(audio_state="checking")
    wide = Program(make_key(attorney, *every_scope(attorney)).secret)
    copy = f"/vault/{vault}/objects/{rendition.audio_objects[0]}"
    presigned = wide.post(f"{copy}/presigned-url", {"operation": "GET", "expiresIn": 60}).json()["presignedUrl"]
    for url in (key.get(path).json()["downloadUrl"], wide.get(copy).json()["downloadUrl"], presigned):
        for headers in ({}, {"Range": "bytes=0-99"}):
            answer = httpx.get(url, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (409, "audio_being_checked"), url
            assert b"ftyp" not in answer.content
    refused = AuditEvent.objects.filter(type=REFUSED, actor_kind="key", outcome="refused")
    assert {event.facts["reason"] for event in refused} == {"checking"}
    # The text is there meanwhile, and so is the recording for whoever may have it.
    assert key.get(f"/voice/transcription/{job['id']}").json()["status"] == "completed"
    assert httpx.get(wide.get(path).json()["downloadUrl"]).content == SPEECH.read_bytes()

    Rendition.objects.filter(pk=rendition.pk).update(audio_state="ready")
    assert httpx.get(presigned).status_code == 200
    assert httpx.get(key.get(path).json()["downloadUrl"]).headers["content-type"] == "audio/mp4"
