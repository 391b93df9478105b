"""The review queue's page: what it lists, for whom, what opening and deciding lead to, and that it stays cheap."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from compliance.audit import Actor
from compliance.models import AudienceRule, AuditEvent
from portal.accounts.models import Member, Organization
from portal.accounts.rights import Role
from tests.deposition import CANARIES
from tests.transcription.reading.doubtful import doubtful
from transcription import doubts, reading, second_pass
from transcription.models import DoubtCount, Proceeding, Transcript
from vault import matters
from vault.models import Matter

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(matter: Matter, paralegal: Member, actor_for: Callable[[Member], Actor]) -> Transcript:
    return doubtful(matter, paralegal, actor_for, {"phone_number": {}, "address": {}})


def as_(member: Member) -> Client:
    browser = Client()
    browser.force_login(member)
    return browser


def page(member: Member, query: str = "") -> str:
    answer = as_(member).get(reverse("review") + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_says_what_waits_where_and_who_is_to_look_and_nothing_of_the_text(
    made: Transcript, paralegal: Member, attorney: Member
) -> None:
    html = page(paralegal)
    assert "2 unsure" in html
    assert "Whitfield v. Harbor Logistics" in html
    assert attorney.name in html
    assert reverse("review_begin", args=[made.id]) in html
    assert re.search(r'Review <span class="count">1<span class="visually-hidden"> waiting', html)
    for canary in CANARIES:
        assert canary not in html.replace("Deposition of Robert Parker", "")
    for _ in range(2):
        page(paralegal)
    [event] = AuditEvent.objects.filter(type="transcription:review:listed")
    assert event.facts["transcripts"] == 1


def test_who_may_not_review_is_refused_and_has_no_entry(
    made: Transcript, firm: Organization, clinic: Organization, make_member: Any, auditor: Member
) -> None:
    for member in (auditor, make_member(firm, Role.ADMINISTRATOR)):
        browser = as_(member)
        assert browser.get(reverse("review")).status_code == 403
        assert f'href="{reverse("review")}"' not in browser.get("/rights/").content.decode()
    for stranger in (make_member(firm, Role.ATTORNEY), make_member(clinic, Role.CLINICIAN)):
        html = page(stranger, f"?matter={made.proceeding.matter_id}")
        assert "Nothing waits for review" in html
        assert "Whitfield" not in html
        for name in ("review_begin", "review_next"):
            assert as_(stranger).get(reverse(name, args=[made.id])).status_code == 404


def test_filters_keep_each_other_and_say_when_nothing_fits(
    made: Transcript, paralegal: Member, attorney: Member, actor_for: Any
) -> None:
    other = matters.create(actor=actor_for(attorney), member=attorney, kind="legal", title="Ortega v. Kessler")
    held = doubtful(other, attorney, actor_for, {"name": {}}, title="Hearing of May")
    second_pass.hold(held, "pass_failed")
    html = page(attorney)
    assert html.index("Hearing of May") < html.index("Deposition of Robert Parker")
    assert "Ortega v. Kessler (" in html
    only = page(attorney, f"?matter={other.id}")
    assert "Hearing of May" in only
    assert "Deposition of Robert" not in only
    only = page(attorney, "?kind=unsure")
    assert "Deposition of Robert" in only
    assert "Hearing of May" not in only
    assert "None of these" in page(attorney, f"?kind=unsure&matter={other.id}")
    for nonsense in ("?kind=' OR 1=1&matter=x&page=-3", "?kind=total&page=9999999999999999999999", "?matter=%00"):
        assert "Hearing of May" in page(attorney, nonsense)
    # Not theirs: as if it did not exist.
    assert "Ortega" not in page(paralegal, f"?matter={other.id}")


def test_opening_leads_to_the_line_of_the_first_doubt(
    made: Transcript, paralegal: Member, attorney: Member, actor_for: Any
) -> None:
    first = min(d.line for d in doubts.queue(reading.open_view(actor_for(paralegal), paralegal, made.id)))
    answer = as_(paralegal).get(reverse("review_begin", args=[made.id]))
    assert answer["Location"] == f"{reverse('transcript', args=[made.id])}?leaf=0&review=1#n{first}"
    second_pass.hold(made, "pass_failed")
    answer = as_(attorney).get(reverse("review_begin", args=[made.id]))
    assert answer["Location"] == reverse("transcript", args=[made.id])


def test_after_the_last_decision_there_is_a_way_on(
    made: Transcript, matter: Matter, paralegal: Member, actor_for: Any
) -> None:
    following = doubtful(matter, paralegal, actor_for, {"name": {"score": 0.9}}, title="The second day")
    browser = as_(paralegal)
    onward = reverse("review_next", args=[made.id])
    for left in (1, 0):
        view = reading.open_view(actor_for(paralegal), paralegal, made.id)
        doubt = doubts.queue(view)[0]
        said = browser.post(reverse("transcript_chip", args=[made.id, doubt.line, doubt.ordinal]), {"decision": "accept"})
        assert (onward in said.content.decode()) == (left == 0)
        counted = browser.get(reverse("transcript_doubts", args=[made.id]) + "?count=1").content.decode()
        assert ("1 to check" in counted) == (left == 1)
        assert (onward in counted) == (left == 0)
    assert browser.get(onward)["Location"] == reverse("review_begin", args=[following.id])
    DoubtCount.objects.filter(transcript=following).update(total=0, unsure=0)
    answer = browser.get(onward, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("review")
    assert "That was the last one" in answer.content.decode()
    assert "Nothing waits for review" in answer.content.decode()


def test_the_way_on_stays_in_the_part_of_the_queue_that_was_chosen(
    made: Transcript, matter: Matter, paralegal: Member, attorney: Member, actor_for: Any
) -> None:
    other = matters.create(actor=actor_for(attorney), member=attorney, kind="legal", title="Ortega v. Kessler")
    riskier = doubtful(other, attorney, actor_for, {"name": {"score": 0.1}}, title="Hearing of May")
    same = doubtful(matter, attorney, actor_for, {"name": {"score": 0.9}}, title="The second day")
    browser = as_(attorney)
    inside = f"kind=unsure&matter={matter.id}"
    rows = re.findall(r'href="([^"]+)" data-row', page(attorney, f"?{inside}"))
    assert [row.replace("&amp;", "&") for row in rows] == [
        f"{reverse('review_begin', args=[row.id])}?{inside}" for row in (made, same)
    ]
    opened = browser.get(rows[0].replace("&amp;", "&"))["Location"]
    assert f"&review=1&{inside}#n" in opened
    from_page = {"HX-Request": "true", "HX-Current-URL": f"https://portal.example{opened}"}
    for _ in range(2):
        doubt = doubts.queue(reading.open_view(actor_for(attorney), attorney, made.id))[0]
        dialog = reverse("transcript_chip", args=[made.id, doubt.line, doubt.ordinal])
        said = browser.post(dialog, {"decision": "accept"}, headers=from_page).content.decode()
    onward = f"{reverse('review_next', args=[made.id])}?{inside}"
    assert onward.replace("&", "&amp;") in said
    counted = browser.get(reverse("transcript_doubts", args=[made.id]) + "?count=1", headers=from_page).content.decode()
    assert onward.replace("&", "&amp;") in counted
    # Not into the other matter, though what waits there is riskier.
    assert browser.get(onward)["Location"] == f"{reverse('review_begin', args=[same.id])}?{inside}"
    assert browser.get(onward.split("?")[0])["Location"] == reverse("review_begin", args=[riskier.id])
    DoubtCount.objects.filter(transcript=same).update(total=0, unsure=0)
    answer = browser.get(onward, follow=True)
    assert answer.redirect_chain[-1][0] == f"{reverse('review')}?{inside}"
    assert "That was the last one of these" in answer.content.decode()
    # What is no id of an own matter and no kind is passed over, and comes into no link.
    strange = {"HX-Current-URL": "https://[/?matter=1"}, {"HX-Current-URL": f"/x?kind=all&matter={made.id}"}, {}
    for headers in strange:
        asked = browser.get(reverse("transcript_doubts", args=[made.id]) + "?count=1", headers=headers).content.decode()
        assert f'href="{reverse("review_next", args=[made.id])}"' in asked
    assert as_(paralegal).get(reverse("review_next", args=[made.id]) + f"?matter={other.id}")["Location"] == reverse("review")


def test_of_what_was_not_counted_yet_the_page_never_says_that_nothing_wants_checking(
    made: Transcript, matter: Matter, paralegal: Member, actor_for: Any
) -> None:
    doubtful(matter, paralegal, actor_for, {"name": {}}, title="The second day")
    DoubtCount.objects.filter(transcript=made).delete()
    counted = as_(paralegal).get(reverse("transcript_doubts", args=[made.id]) + "?count=1").content.decode()
    assert "2 to check" in counted
    assert "Next in the queue" not in counted


def test_the_dialog_about_readable_words_shows_the_view_and_asks_what_its_reader_may_decide(
    made: Transcript, matter: Matter, paralegal: Member, attorney: Member, actor_for: Any
) -> None:
    AudienceRule.objects.create(
        organization=attorney.organization, matter_id=matter.id, audience=f"member:{attorney.id}", policy_name="frcp_5_2"
    )
    doubt = next(
        d for d in doubts.queue(reading.open_view(actor_for(attorney), attorney, made.id)) if d.type == "address"
    )
    dialog = reverse("transcript_readable", args=[made.id, doubt.line, doubt.ordinal])
    browser = as_(attorney)
    assert dialog in browser.get(reverse("transcript_doubts", args=[made.id])).content.decode()
    asked = browser.get(dialog).content.decode()
    assert "forty two Washington Street" in asked
    assert "Show it to everybody" in asked
    for method in ("get", "post"):
        answer = getattr(as_(paralegal), method)(dialog, {"decision": "not_private", "reason": "public"})
        assert answer.status_code in {403, 404}
        assert "Washington" not in answer.content.decode()
    listed = as_(paralegal).get(reverse("transcript_doubts", args=[made.id])).content.decode()
    assert "Washington" not in listed
    assert browser.post(dialog, {"decision": "accept"}).status_code == 200
    assert browser.get(dialog).status_code == 404
    said = json.dumps(list(AuditEvent.objects.values_list("facts", flat=True)), default=str)
    assert "Washington" not in said


def test_a_thousand_transcripts_are_listed_with_few_queries(made: Transcript, matter: Matter, attorney: Member) -> None:
    def many(count: int) -> None:
        proceedings = [Proceeding(matter=matter, kind="hearing", state="ready", created_by=attorney) for _ in range(count)]
        for number, each in enumerate(proceedings):
            each.title = f"Hearing {number}"
        Proceeding.objects.bulk_create(proceedings)
        rows = [
            Transcript(proceeding=each, original=made.original, provider="engine", state="ready") for each in proceedings
        ]
        Transcript.objects.bulk_create(rows)
        DoubtCount.objects.bulk_create(
            DoubtCount(transcript=row, version=1, unsure=1, total=1, risk=5 + n / 1000, since=timezone.now())
            for n, row in enumerate(rows)
        )

    browser = as_(attorney)

    def queries(query: str = "") -> int:
        with CaptureQueriesContext(connection) as asked:
            answer = browser.get(reverse("review") + query)
        assert answer.status_code == 200
        # Of the text, of findings and of decisions nothing is opened.
        assert not any("detections_sealed" in q["sql"] or "span_sealed" in q["sql"] for q in asked.captured_queries)
        return len(asked)

    many(30)
    queries()  # the first of a page is recorded anew, the next ones are merged with it
    few = queries()
    many(1000)
    queries("?page=40")
    assert queries() == queries("?page=40") == few < 20
    html = page(attorney)
    assert html.count("data-row") == 25
    assert html.index("Hearing 999<") < html.index("Hearing 998<")
    assert "Page 1 of 42" in html
    last = page(attorney, "?kind=unsure&page=42")
    assert "Deposition of Robert Parker" in last
    assert "?kind=unsure&amp;page=41" in last
