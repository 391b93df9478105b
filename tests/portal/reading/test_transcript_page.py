"""The transcript page by HTTP: what each person gets, and what nobody gets."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from compliance.audit import Actor
from compliance.models import AudienceRule, AuditEvent
from portal.accounts.models import Member, Organization
from portal.accounts.rights import Role
from tests.deposition import CANARIES, make
from transcription import renditions, rereading
from transcription.models import Rendition, ReviewAct, Transcript
from vault.models import Grant, Matter, StoredObject

pytestmark = pytest.mark.django_db


@pytest.fixture
def deposition(matter: Matter, paralegal: Member, actor_for: Callable[[Member], Actor]) -> Transcript:
    return make(matter, paralegal, actor_for)


@pytest.fixture
def as_(client: Client) -> Callable[[Member], Client]:
    def enter(member: Member) -> Client:
        made = Client()
        made.force_login(member)
        return made

    return enter


def events(type_: str) -> int:
    return AuditEvent.objects.filter(type=type_).count()


def every_route(transcript: Transcript) -> list[tuple[str, str, dict[str, Any] | None]]:
    """(method, address, JSON body or None) of everything that is about this transcript, found in the URL list."""
    ids = {"transcript_id": transcript.id, "copy_id": transcript.id}
    fill = ids | {"number": 0, "place": 0, "n": 1, "ordinal": 0, "label": "A"}
    found = []
    patterns = [p for r in get_resolver().url_patterns if hasattr(r, "url_patterns") for p in r.url_patterns]
    for pattern in patterns:
        names = set(pattern.pattern.converters)
        if "transcript_id" not in names or not pattern.name:
            continue
        address = reverse(pattern.name, kwargs={name: fill[name] for name in names})
        found += [("GET", address, None), ("POST", address, {"text": "morning"})]
    assert len(found) > 40
    return found


def test_another_organization_gets_404_on_every_address(
    deposition: Transcript, clinician: Member, clinic: Organization, make_member: Callable[..., Member],
    firm: Organization, as_: Callable[[Member], Client],
) -> None:  # fmt: skip
    outside_the_wall = make_member(firm, Role.ATTORNEY)
    auditor = make_member(firm, Role.AUDITOR)
    for member in (clinician, outside_the_wall, auditor):
        browser = as_(member)
        for method, address, body in every_route(deposition):
            if method == "GET":
                answer = browser.get(address)
            else:
                answer = browser.post(address, body, headers={"Accept": "application/json"})
            assert answer.status_code in {404, 405}, (member, method, address, answer.status_code)
            for canary in CANARIES:
                assert canary.encode() not in answer.content


def test_nothing_that_a_paralegal_gets_holds_what_is_hidden(
    deposition: Transcript, paralegal: Member, as_: Callable[[Member], Client]
) -> None:
    browser = as_(paralegal)
    answers = []
    for method, address, body in every_route(deposition):
        if any(part in address for part in ("/destroy", "/release")):
            continue
        for headers in ({}, {"HX-Request": "true"}, {"Accept": "application/json"}):
            answer = browser.get(address, headers=headers) if method == "GET" else browser.post(
                address, json.dumps(body), content_type="application/json", headers=headers
            )  # fmt: skip
            answers.append((address, answer))
    for name in ("txt", "json", "vtt", "docx"):
        answers.append((name, browser.post(reverse("transcript_export", args=[deposition.id]), {"format": name})))
    for canary in CANARIES:
        answers.append((canary, browser.post(reverse("search_stretch"), {"text": f'"{canary}"'})))
    assert sum(answer.status_code == 200 for _, answer in answers) > 30
    assert not any(answer.status_code >= 500 for _, answer in answers)
    for address, answer in answers:
        content = answer.content
        # The search says back nothing of what was typed but in hidden fields of a search under way.
        for canary in (c.encode() for c in CANARIES):
            # "Parker" alone is in the proceeding's title, which stands inside the wall as it was typed.
            if canary == b"Parker":
                content = content.replace(b"Deposition of Robert Parker", b"")
            assert canary not in content, address


def test_the_page_shows_lines_speakers_labels_and_records_the_read_once(
    deposition: Transcript, paralegal: Member, as_: Callable[[Member], Client]
) -> None:
    browser = as_(paralegal)
    for _ in range(3):
        answer = browser.get(reverse("transcript", args=[deposition.id]))
    html = answer.content.decode()
    assert "Speaker A" in html
    assert ">[NAME 1]</button>" in html
    assert 'class="w doubt"' in html
    assert "detection" not in html
    assert events("transcription:transcript:read") == 1


def test_the_sound_is_a_redacted_copy_and_the_original_cannot_be_had(
    deposition: Transcript, paralegal: Member, as_: Callable[[Member], Client]
) -> None:
    answer = as_(paralegal).post(reverse("transcript_sound", args=[deposition.id]))
    assert answer.status_code == 200
    assert events("transcription:transcript:played") == 1
    grants = Grant.objects.filter(actor_id=paralegal.id, method="GET")
    assert {grant.object.kind for grant in grants} == {StoredObject.Kind.REDACTED_AUDIO}
    part = answer.json()["parts"][0]
    assert part["url"].startswith("/")
    assert part["start"] == 0


def test_the_chart_is_flat_where_something_is_hidden(
    deposition: Transcript, paralegal: Member, as_: Callable[[Member], Client]
) -> None:
    chart = as_(paralegal).get(reverse("transcript_chart", args=[deposition.id])).json()
    assert chart["sound"] == "ready"
    assert len(chart["hidden"]) >= 5
    step = chart["duration"] / len(chart["peaks"])
    start, end = max(chart["hidden"], key=lambda span: span[1] - span[0])
    inside = [peak for n, peak in enumerate(chart["peaks"]) if start <= n * step and (n + 1) * step <= end]
    assert inside
    assert set(inside) == {0}
    assert max(chart["peaks"]) == 100


def test_a_verbatim_view_keeps_its_banner_and_records_each_read_as_a_reveal(
    deposition: Transcript, attorney: Member, as_: Callable[[Member], Client]
) -> None:
    AudienceRule.objects.create(
        organization=attorney.organization, matter_id=deposition.proceeding.matter_id, audience=f"member:{attorney.id}",
        policy_name="verbatim", purpose="litigation",
    )  # fmt: skip
    html = as_(attorney).get(reverse("transcript", args=[deposition.id])).content.decode()
    assert "Nothing is hidden for you here." in html
    assert "Robert" in html
    revealed = AuditEvent.objects.get(type="transcription:transcript:revealed")
    assert revealed.facts["purpose"] == "litigation"
    assert revealed.facts["scope"] == "verbatim"


def test_html_in_speech_and_names_is_text(
    matter: Matter, paralegal: Member, actor_for: Callable[[Member], Actor], as_: Callable[[Member], Client]
) -> None:
    said = {
        "status": "completed", "language_code": "en", "audio_duration": 3.0,
        "utterances": [{"speaker": "A", "start": 0, "end": 3000, "text": "<script>alert(1)</script> & <b>bold</b>"}],
    }  # fmt: skip
    made = make(matter, paralegal, actor_for, with_sound=False, said=said, known=False)
    browser = as_(paralegal)
    browser.post(reverse("transcript_rename", args=[made.id, "A"]), {"name": "<img src=x onerror=1>"})
    html = browser.get(reverse("transcript", args=[made.id])).content.decode()
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "&lt;img src=x onerror=1&gt;" in html


def test_silence_says_so(
    matter: Matter, paralegal: Member, actor_for: Callable[[Member], Actor], as_: Callable[[Member], Client]
) -> None:
    said = {"status": "completed", "language_code": "en", "audio_duration": 30.0, "utterances": [], "text": ""}
    made = make(matter, paralegal, actor_for, with_sound=False, said=said, known=False)
    browser = as_(paralegal)
    assert "No speech was found" in browser.get(reverse("transcript", args=[made.id])).content.decode()
    exported = browser.post(reverse("transcript_export", args=[made.id]), {"format": "txt"}).content.decode()
    assert "No speech was found" in exported


def test_the_countdown_is_that_of_the_reveal_that_ends_first_and_never_ends_before_the_server(
    deposition: Transcript, attorney: Member, as_: Callable[[Member], Client]
) -> None:
    browser = as_(attorney)
    for n, left in ((1, timedelta(seconds=9.2)), (5, timedelta(minutes=20))):
        answer = browser.post(
            reverse("transcript_reveal", args=[deposition.id]), {"purpose": "litigation", "scope": "span", "n": n, "ordinal": 0}
        )
        assert answer.status_code == 200
        newest = deposition.reveals.order_by("-created_at")[0]
        newest.expires_at = timezone.now() + left
        newest.save()
    first = min(reveal.expires_at for reveal in deposition.reveals.all())
    html = browser.get(reverse("transcript_side", args=[deposition.id])).content.decode()
    counted = re.search(r'data-milliseconds="(\d+)"', html)
    assert counted
    ends = timezone.now() + timedelta(milliseconds=int(counted[1]))
    assert first <= ends < first + timedelta(seconds=3)


def test_who_may_not_reveal_is_told_so_before_any_form(
    deposition: Transcript, paralegal: Member, attorney: Member, as_: Callable[[Member], Client]
) -> None:
    asked = reverse("transcript_reveal", args=[deposition.id])
    for headers in ({}, {"HX-Request": "true"}):
        answer = as_(paralegal).get(asked, headers=headers)
        assert answer.status_code == 403
        assert "Revealing is for those who may: an attorney, a clinician or the privacy officer." in answer.content.decode()
        assert "For what purpose" not in answer.content.decode()
    assert events("portal:access:refused") == 2
    assert "For what purpose" in as_(attorney).get(asked).content.decode()


def test_what_is_revealed_as_a_whole_is_not_offered_once_more(
    deposition: Transcript, attorney: Member, as_: Callable[[Member], Client]
) -> None:
    browser = as_(attorney)
    asked, side = (reverse(f"transcript_{name}", args=[deposition.id]) for name in ("reveal", "side"))
    for scope, offered in (({"scope": "span", "n": 1, "ordinal": 0}, True), ({"scope": "transcript"}, False)):
        assert asked in browser.get(side).content.decode()
        assert browser.post(asked, {"purpose": "litigation"} | scope).status_code == 200
        assert (f'"{asked}"' in browser.get(side).content.decode()) == offered
    browser.post(reverse("transcript_reveal_end", args=[deposition.id]))
    assert f'"{asked}"' in browser.get(side).content.decode()


def test_the_types_that_are_hidden_are_written_as_people_write_them(
    deposition: Transcript, paralegal: Member, as_: Callable[[Member], Client]
) -> None:
    browser = as_(paralegal)
    browser.get(reverse("transcript", args=[deposition.id]))
    deposition.renditions.update(hidden_counts={"ssn": 2, "ip_address": 1, "phone_number": 1})
    side = browser.get(reverse("transcript_side", args=[deposition.id])).content.decode()
    assert re.findall(r"<li><span>(.*?)</span>", side) == ["SSN", "IP address", "phone number"]


@pytest.mark.parametrize("name", ["chip", "hide"])
def test_a_dialog_decides_about_the_text_that_it_showed_and_about_no_newer_one(
    deposition: Transcript, attorney: Member, as_: Callable[[Member], Client], name: str
) -> None:
    line = next(line for line in renditions.utterances(Rendition.objects.get()) if line["chips"])
    ids = {"transcript_id": deposition.id, "n": line["n"]} | ({"ordinal": 0} if name == "chip" else {})
    dialog, browser = reverse(f"transcript_{name}", kwargs=ids), as_(attorney)
    acts = {
        "chip": {"decision": "not_private", "reason": "public"}, "hide": {"word": "0", "type": "name", "reason": "missed"},
    }  # fmt: skip

    def shown() -> dict[str, str]:
        found = re.search(r'name="shown" value="([0-9]+[.][0-9]+[.][0-9]+)"', browser.get(dialog).content.decode())
        assert found
        return {"shown": found[1]}

    before = shown()
    # As if it had been checked again, and something new stood before the place that was meant.
    Transcript.objects.update(rereads=1)
    answer = browser.post(dialog, acts[name] | before)
    assert answer.status_code == 409
    assert "Look at the newest text" in answer.content.decode()
    assert not ReviewAct.objects.exists()
    assert browser.post(dialog, acts[name] | shown()).status_code == 200
    assert ReviewAct.objects.count() == 1


def test_a_dialog_overturns_no_decision_that_its_reader_did_not_see(
    deposition: Transcript, attorney: Member, paralegal: Member, as_: Callable[[Member], Client]
) -> None:
    label = {"transcript_id": deposition.id, "n": 1, "ordinal": 0}
    dialog, elsewhere = reverse("transcript_chip", kwargs=label), reverse("transcript_chip", kwargs=label | {"n": 3})
    mine, theirs = as_(attorney), as_(paralegal)

    def opened(browser: Client) -> dict[str, str]:
        found = re.search(r'name="shown" value="([0-9.]+)"', browser.get(dialog).content.decode())
        assert found
        return {"shown": found[1]}

    not_private = {"decision": "not_private", "reason": "public"}
    before = opened(mine)
    # What somebody decides about other words is no hindrance, nor is the second half of a double click.
    assert theirs.post(elsewhere, {"decision": "accept"}).status_code == 200
    assert theirs.post(dialog, {"decision": "accept"} | opened(theirs)).status_code == 200
    answer = mine.post(dialog, not_private | before)
    assert answer.status_code == 409
    assert "Look at the newest text" in answer.content.decode()
    assert mine.post(dialog, {"decision": "accept"} | before).status_code == 200
    assert [act.decision for act in ReviewAct.objects.order_by("number")] == ["accept", "accept"]
    # A confirmation that was taken back is another decision than the one that was seen, too.
    before = opened(mine)
    assert theirs.post(reverse("transcript_undo_decision", args=[deposition.id, 2])).status_code == 200
    assert mine.post(dialog, not_private | before).status_code == 409
    assert mine.post(dialog, not_private | {"shown": "1.1"}).status_code == 409
    assert mine.post(dialog, not_private | opened(mine)).status_code == 200


def test_whoever_names_a_voice_is_told_that_the_text_is_checked_again_and_reads_on(
    deposition: Transcript, attorney: Member, as_: Callable[[Member], Client]
) -> None:
    browser = as_(attorney)
    url = reverse("transcript_rename", args=[deposition.id, "A"])
    assert "checked again" not in browser.post(url, {"name": "", "role": "witness"}).content.decode()
    assert "The text is being checked again" in browser.post(url, {"name": "Dana Harbor", "role": "witness"}).content.decode()
    assert rereading.waits(deposition)
    page = browser.get(reverse("transcript", args=[deposition.id])).content.decode()
    assert "Hiding private details" not in page
    assert "record" in page
