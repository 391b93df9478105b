"""The page of a video by HTTP: a plain note for those to whom its picture is not shown, a player for whom it is."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from compliance.audit import Actor
from compliance.models import AudienceRule, AuditEvent
from portal.accounts.models import Member, Organization
from portal.accounts.rights import Role
from tests import film
from transcription.models import Transcript
from vault import matters
from vault.models import Grant, Matter, StoredObject

pytestmark = pytest.mark.django_db
NOTE = "The picture of this video is not shown to you"


@pytest.fixture(scope="module")
def data() -> bytes:
    return film.film(film.WEBM)


@pytest.fixture
def video(matter: Matter, paralegal: Member, actor_for: Callable[[Member], Actor], data: bytes) -> Transcript:
    return film.make(matter, paralegal, actor_for, (data, "video/webm"))


def as_(member: Member) -> Client:
    made = Client()
    made.force_login(member)
    return made


def verbatim(member: Member, transcript: Transcript) -> AudienceRule:
    return AudienceRule.objects.create(
        organization=member.organization, matter_id=transcript.proceeding.matter_id, audience=f"member:{member.id}",
        policy_name="verbatim", purpose="litigation",
    )  # fmt: skip


def page(member: Member, transcript: Transcript) -> str:
    return as_(member).get(reverse("transcript", args=[transcript.id])).content.decode()


def test_who_sees_no_picture_is_told_why_and_what_would_show_it(
    video: Transcript, paralegal: Member, attorney: Member, matter: Matter, firm: Organization,
    make_member: Callable[..., Member], actor_for: Callable[[Member], Actor],
) -> None:  # fmt: skip
    officer = make_member(firm, Role.PRIVACY_OFFICER)
    matters.add_to_wall(actor=actor_for(paralegal), by=paralegal, matter=matter, member=officer)
    giving = reverse("who_sees_matter", args=[matter.number])
    for member in (paralegal, attorney, officer):
        html = page(member, video)
        note = re.search(r'id="picture-note">(.*?)</div>', html, re.DOTALL)
        assert note is not None, member
        for said in (NOTE, "a face identifies", "by name", "for a stated purpose"):
            assert said in note[1], (member, said)
        assert "<video" not in html
        # Who may change it is led there; others are not sent to a page that refuses them.
        assert (giving in note[1]) == (member == officer)
        status = as_(member).get(reverse("transcript_status", args=[video.id])).json()
        assert status["picture"] == "hidden"


def test_the_note_does_not_promise_a_sound_that_is_withheld(
    video: Transcript, paralegal: Member, firm: Organization
) -> None:
    assert "You hear its sound with the private parts silent" in page(paralegal, video)
    Organization.objects.filter(pk=firm.pk).update(audio_confidence_floor=0.99)
    html = page(paralegal, video)
    assert NOTE in html
    assert "You hear its sound" not in html


def test_the_page_and_the_play_of_whoever_has_no_verbatim_lead_to_no_video(
    video: Transcript, paralegal: Member, attorney: Member
) -> None:
    original = str(video.proceeding.recordings.get().object_id)
    for member in (paralegal, attorney):
        browser = as_(member)
        html = page(member, video)
        played = browser.post(reverse("transcript_sound", args=[video.id]))
        assert [part["picture"] for part in played.json()["parts"]] == [""]
        assert original not in html + played.content.decode()
        # What one asks for beside it does not matter.
        for query in ("?picture=1", "?policy=verbatim", "?original=true"):
            played = browser.post(reverse("transcript_sound", args=[video.id]) + query, {"picture": "1", "policy": "verbatim"})
            assert [part["picture"] for part in played.json()["parts"]] == [""]
    assert {grant.object.kind for grant in Grant.objects.all()} == {StoredObject.Kind.REDACTED_AUDIO}


def test_under_verbatim_the_page_has_the_picture_and_says_so_until_the_right_ends(
    video: Transcript, attorney: Member, paralegal: Member
) -> None:
    rule = verbatim(attorney, video)
    html = page(attorney, video)
    assert "Nothing is hidden for you here." in html
    assert html.count("<video") == 1
    assert "<audio" not in html
    assert NOTE not in html
    browser = as_(attorney)
    assert browser.get(reverse("transcript_status", args=[video.id])).json()["picture"] == "shown"
    [part] = browser.post(reverse("transcript_sound", args=[video.id])).json()["parts"]
    assert part["picture"].startswith("/vault/objects/")
    assert part["format"] == "Matroska or WebM"
    assert AuditEvent.objects.filter(type="transcription:transcript:picture_shown").count() == 1
    assert NOTE in page(paralegal, video)

    rule.delete()
    assert browser.get(reverse("transcript_status", args=[video.id])).json()["picture"] == "hidden"
    assert NOTE in page(attorney, video)
