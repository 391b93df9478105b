"""The page on which a matter's parties and lists are changed, and how far the check after it has come."""

import pytest

from compliance.models import AuditEvent
from portal.accounts.rights import Role
from transcription import rechecking, rereading
from transcription.models import DetectionSet, Transcript
from vault import matters
from vault.models import Matter

SAID = {
    "language_code": "en",
    "utterances": [{"speaker": "A", "start": 0, "end": 900, "text": "They kept it in the warehouse."}],
}


@pytest.fixture
def url(matter):
    return f"/matters/{matter.id}/describe"


def test_both_lists_are_changed_by_who_may_reveal(client, matter, attorney, url):
    client.force_login(attorney)
    page = client.get(url).content.decode()
    assert "Always hide" in page
    assert "can be read and heard by everyone who may open" in page
    lists = {"always_hide": "Bluefin\r\n\r\nwarehouse", "always_show": "Bishop"}
    fields = {"title": "T", "parties": "Ann", "expected": "1", **lists}
    assert client.post(url, fields)["Location"] == f"/matters/{matter.id}/"
    page = client.get(f"/matters/{matter.id}/").content.decode()
    assert "2 entries" in page
    assert "Bluefin" not in page
    assert "Bishop" in page
    assert "Bluefin\nwarehouse" in client.get(url).content.decode()


def test_who_made_the_matter_sees_what_is_shown_and_changes_only_what_is_hidden(
    client, matter, paralegal, attorney, actor_for, url
):
    matters.set_lists(actor=actor_for(attorney), by=attorney, matter=matter, show=["Bishop"])
    client.force_login(paralegal)
    page = client.get(url).content.decode()
    assert 'name="always_show"' not in page
    assert "Bishop" in page
    assert client.post(url, {"title": "T", "always_hide": "Bluefin"}).status_code == 302
    assert client.post(url, {"title": "T", "always_hide": "Bluefin", "always_show": "Marta Whitfield"}).status_code == 403
    assert AuditEvent.objects.filter(type="portal:access:refused").count() == 1
    kept = Matter.objects.get().lists
    assert (kept["hide"], kept["show"]) == (["Bluefin"], ["Bishop"])


def test_an_error_says_what_is_wrong_and_what_was_typed_stays(client, matter, attorney, url):
    client.force_login(attorney)
    answer = client.post(url, {"title": "T", "parties": "Kept Party", "always_hide": "fine\nx", "always_show": ""})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "Line 2 of what is always hidden cannot be used" in page
    assert "Kept Party" in page
    assert Matter.objects.get().lists is None


def test_nobodys_change_is_lost_by_another_who_had_the_page_open(client, matter, attorney, paralegal, actor_for, url):
    matters.set_lists(actor=actor_for(attorney), by=attorney, matter=matter, hide=["Bluefin"])
    client.force_login(attorney)
    answer = client.post(url, {"title": "T", "always_hide": "Other", "expected": "1"})
    assert answer.status_code == 400
    assert "in the meantime" in answer.content.decode()
    assert Matter.objects.get().lists["hide"] == ["Bluefin"]


def test_outside_the_wall_and_next_door_there_is_nothing(client, matter, firm, clinician, auditor, make_member, url):
    for person in (clinician, auditor, make_member(firm, Role.ATTORNEY), make_member(firm, Role.PRIVACY_OFFICER)):
        client.force_login(person)
        assert client.get(url).status_code == 404
        assert client.post(url, {"title": "T", "always_hide": "Bluefin"}).status_code == 404
        assert client.get(f"/matters/{matter.id}/lists-progress").status_code == 404
    assert Matter.objects.get().lists is None


def test_inside_without_the_right_one_sees_how_many_are_hidden_and_changes_nothing(
    client, matter, firm, attorney, paralegal, make_member, actor_for, url
):
    matters.set_lists(actor=actor_for(attorney), by=attorney, matter=matter, hide=["Bluefin"], show=["Bishop"])
    delegate = make_member(firm, Role.DELEGATE)
    matters.add_to_wall(actor=actor_for(paralegal), by=paralegal, matter=matter, member=delegate)
    client.force_login(delegate)
    page = client.get(f"/matters/{matter.id}/").content.decode()
    assert "Bluefin" not in page
    assert "1 entry" in page
    assert "Bishop" in page
    assert client.get(url).status_code == 403
    assert client.post(url, {"title": "T", "always_hide": ""}).status_code == 403


def test_the_page_says_how_many_were_checked_again_and_a_reader_waits(
    client, matter, attorney, paralegal, make_transcript, url
):
    made = [make_transcript(matter, paralegal, SAID, title=f"Day {n}") for n in range(3)]
    client.force_login(attorney)
    assert "warehouse" in client.get(f"/transcripts/{made[0].id}/").content.decode()
    client.post(url, {"title": "T", "parties": "Marta Whitfield, plaintiff", "always_hide": "warehouse"})
    page = client.get(f"/matters/{matter.id}/").content.decode()
    assert "0 of 3 transcripts checked again" in page
    page = client.get(f"/transcripts/{made[0].id}/").content.decode()
    assert "Hiding private details" in page
    assert "warehouse" not in page
    rechecking.work(seconds=0)
    assert "1 of 3 transcripts checked again" in client.get(f"/matters/{matter.id}/lists-progress").content.decode()
    rechecking.work()
    assert "Every transcript was checked" in client.get(f"/matters/{matter.id}/lists-progress").content.decode()
    assert "checked again" not in client.get(f"/matters/{matter.id}/").content.decode()
    page = client.get(f"/transcripts/{made[0].id}/").content.decode()
    assert "[NAME" in page
    assert "warehouse" not in page


def test_the_page_of_a_matter_says_what_an_earlier_check_has_read_and_has_it_checked_again(
    client, matter, attorney, paralegal, firm, make_member, make_transcript, actor_for
):
    delegate = make_member(firm, Role.DELEGATE)
    matters.add_to_wall(actor=actor_for(paralegal), by=paralegal, matter=matter, member=delegate)
    client.force_login(attorney)
    url = f"/matters/{matter.id}/"
    assert "Nothing was checked here yet" in client.get(url).content.decode()
    old, _ = (make_transcript(matter, paralegal, SAID, title=f"Day {n}") for n in range(2))
    assert "2 transcripts, read by the present version" in client.get(url).content.decode()
    DetectionSet.objects.filter(transcript=old).update(recogniser="older 1.0 000000000000")
    assert "1 of 2 transcripts was read by an earlier version" in client.get(url).content.decode()
    client.force_login(delegate)
    assert "Check again</button>" not in client.get(url).content.decode()
    assert client.post(f"{url}check-again").status_code == 403
    client.force_login(attorney)
    assert client.post(f"{url}check-again")["Location"] == url
    page = client.get(url).content.decode()
    assert "2 of 2 transcripts still to be checked again" in page
    assert "Check again</button>" in page
    # Nothing is closed.
    assert "warehouse" in client.get(f"/transcripts/{old.id}/").content.decode()
    rereading.work()
    assert "Every transcript is checked" in client.get(f"{url}check-progress").content.decode()
    assert "earlier version" not in client.get(url).content.decode()


def test_what_could_not_be_checked_again_is_named_within_the_wall(client, matter, attorney, paralegal, make_transcript):
    made = make_transcript(matter, paralegal, SAID, title="Day of doubt")
    Transcript.objects.filter(pk=made.pk).update(recheck_since=made.created_at, recheck_problem="pass_time_limit")
    client.force_login(attorney)
    page = client.get(f"/matters/{matter.id}/check-progress").content.decode()
    assert "It took too long" in page
    assert "Day of doubt" in page
    assert f"/recordings/{made.proceeding_id}/" in page
    assert "hx-get" not in page


def test_outside_the_wall_nothing_is_checked_again_and_nothing_told(
    client, matter, firm, clinician, auditor, make_member, make_transcript, paralegal
):
    made = make_transcript(matter, paralegal, SAID)
    for person in (clinician, auditor, make_member(firm, Role.ATTORNEY), make_member(firm, Role.PRIVACY_OFFICER)):
        client.force_login(person)
        assert client.post(f"/matters/{matter.id}/check-again").status_code == 404
        assert client.get(f"/matters/{matter.id}/check-progress").status_code == 404
    made.refresh_from_db()
    assert made.recheck_since is None
