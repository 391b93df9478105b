"""Lines that could not be checked, on the pages: found from the line, the list of doubts and the queue; decided in a dialog."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from compliance.audit import Actor
from compliance.models import AudienceRule, AuditEvent
from portal.accounts.models import Member, Organization
from portal.accounts.rights import Role
from portal.pages.reading import unchecked as page
from tests.deposition import make
from tests.transcription.reading.test_unchecked import DROVE, HIDDEN, NAMED, SPANISH, SPOKEN, TURNS, said
from transcription import second_pass
from transcription.models import DoubtCount, ReviewAct, Transcript
from vault.models import Matter

pytestmark = pytest.mark.django_db


@pytest.fixture
def interpreted(matter: Matter, paralegal: Member, actor_for: Callable[[Member], Actor]) -> Transcript:
    return make(matter, paralegal, actor_for, said=said(TURNS), known=False, with_sound=False)


def as_(member: Member) -> Client:
    browser = Client()
    browser.force_login(member)
    return browser


def dialog(transcript: Transcript, n: int = SPANISH) -> str:
    return reverse("transcript_unchecked", args=[transcript.id, n])


def text(browser: Client, transcript: Transcript) -> str:
    return browser.get(reverse("transcript", args=[transcript.id])).content.decode()


def test_the_line_its_label_the_doubts_and_the_queue_lead_to_it(
    interpreted: Transcript, paralegal: Member, attorney: Member
) -> None:
    browser = as_(paralegal)
    html = text(browser, interpreted)
    assert f'data-open="{dialog(interpreted)}"' in html
    assert re.search(rf'class="hid unsure" data-chip="{SPANISH}\.0"', html)
    answer = browser.get(reverse("transcript_chip", args=[interpreted.id, SPANISH, 0]), follow=True)
    assert answer.redirect_chain == [(dialog(interpreted), 302)]
    assert "By its words" not in answer.content.decode()
    assert "The speech service calls this line Spanish" in answer.content.decode()
    listed = browser.get(reverse("transcript_doubts", args=[interpreted.id])).content.decode()
    assert listed.count("not checked: another language; hidden whole") == 3
    assert f'data-chip-at="{SPANISH}.0"' in listed
    queue = browser.get(reverse("review") + "?kind=not_checked").content.decode()
    assert "3 not checked: another language" in queue
    assert "zarzamora" not in html + listed + queue + answer.content.decode()


def test_who_may_not_reveal_can_leave_it_hidden_and_nothing_else(interpreted: Transcript, paralegal: Member) -> None:
    browser = as_(paralegal)
    html = browser.get(dialog(interpreted)).content.decode()
    assert "Leave it hidden" in html
    assert 'value="english"' not in html
    assert 'value="open"' not in html
    for decision in ("english", "release", "open", "hide"):
        body = {"decision": decision, "purpose": "litigation", "word": "1", "type": "name", "reason": "missed"}
        assert browser.post(dialog(interpreted), body).status_code == 403, decision
    answer = browser.post(dialog(interpreted), {"decision": "leave"})
    assert "It stays hidden." in answer.content.decode()
    assert not re.search(rf'class="hid unsure" data-chip="{SPANISH}\.0"', text(browser, interpreted))
    undo = re.search(r'hx-post="([^"]*/undo)"', answer.content.decode())
    assert undo
    assert browser.post(undo[1]).status_code == 200
    assert DoubtCount.objects.get(transcript=interpreted).not_checked == 3


def test_it_is_english(interpreted: Transcript, attorney: Member) -> None:
    browser = as_(attorney)
    html = browser.get(dialog(interpreted, NAMED)).content.decode()
    assert "Also 1 other line, called another language" in html
    answer = browser.post(dialog(interpreted, NAMED), {"decision": "english", "everywhere": "yes"})
    assert "Checked as English" in answer.content.decode()
    html = re.sub(r"<[^>]+>", "", text(browser, interpreted))
    assert "My name is [NAME 1] and I drove the truck." in html
    assert "I stopped before the wall." in html
    assert browser.get(dialog(interpreted, DROVE)).status_code == 404
    history = browser.get(reverse("transcript_history", args=[interpreted.id])).content.decode()
    assert "It is English" in history


def test_a_long_text_is_checked_in_the_background_and_the_page_waits(
    interpreted: Transcript, attorney: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "CHECKED_AT_ONCE_WORDS", 5)
    browser = as_(attorney)
    answer = browser.post(dialog(interpreted, NAMED), {"decision": "english"})
    assert json.loads(answer["HX-Trigger"])["transcript:changed"]["what"] == "waiting"
    state = reverse("transcript_status", args=[interpreted.id])
    assert browser.get(state).json()["behind"] is True
    assert HIDDEN in text(browser, interpreted)
    assert "It is English: it opens as soon as it has been checked." in browser.get(dialog(interpreted, NAMED)).content.decode()
    assert second_pass.run(second_pass.corrected_due()[0]) is not None
    assert browser.get(state).json()["behind"] is False
    assert ">[NAME 1]</button>" in text(browser, interpreted)


def test_a_reader_opens_the_line_hides_words_in_turn_and_shows_the_rest(interpreted: Transcript, attorney: Member) -> None:
    browser = as_(attorney)
    refused = browser.post(dialog(interpreted), {"decision": "release"}, headers={"HX-Request": "true"})
    assert (refused.status_code, "Open the line first" in refused.content.decode()) == (409, True)
    assert "zarzamora" not in browser.get(dialog(interpreted)).content.decode()
    unsaid = browser.post(dialog(interpreted), {"decision": "open", "purpose": ""}, headers={"HX-Request": "true"})
    assert (unsaid.status_code, unsaid["HX-Retarget"]) == (400, "#act-error")
    opened = browser.post(dialog(interpreted), {"decision": "open", "purpose": "litigation", "note": "For the hearing."})
    assert (opened["HX-Retarget"], opened.content.decode().count('name="word"')) == ("#act-body", len(SPOKEN.split()))
    facts = [e.facts for e in AuditEvent.objects.filter(type="transcription:transcript:revealed")]
    assert facts == [{"purpose": "litigation", "scope": "span", "spans": 1, "minutes": 30}]
    body = {"decision": "hide", "word": ["8"], "type": "name", "reason": "missed"}
    going_on = browser.post(dialog(interpreted), body)
    assert going_on.content.decode().count('name="word"') == len(SPOKEN.split()) - 1
    nothing = {"decision": "hide", "type": "name", "reason": "missed"}
    none = browser.post(dialog(interpreted), nothing, headers={"HX-Request": "true"})
    assert (none.status_code, none["HX-Retarget"]) == (400, "#act-error")
    # What is chosen when it is shown is hidden first.
    last = browser.post(dialog(interpreted), body | {"decision": "release", "word": ["3"], "type": "private"})
    assert "Shown from now on" in last.content.decode()
    html = re.sub(r"<[^>]+>", "", text(browser, interpreted))
    assert "mi abuela dijo [PRIVATE 1] en la cocina con [NAME 1]" in html
    assert [act.decision for act in ReviewAct.objects.order_by("number")] == ["hide", "hide", "release"]


def test_a_decision_that_nobody_knows_says_what_there_is(interpreted: Transcript, attorney: Member) -> None:
    answer = as_(attorney).post(dialog(interpreted), {"decision": "?"}, headers={"Accept": "application/json"})
    assert answer.status_code == 400
    assert answer.json()["facts"]["allowed"] == ["open", "hide", "release", "english", "leave"]


def test_who_reads_everything_decides_at_the_words(interpreted: Transcript, attorney: Member, matter: Matter) -> None:
    AudienceRule.objects.create(
        organization=attorney.organization, matter_id=matter.id, audience=f"member:{attorney.id}", policy_name="verbatim",
        purpose="litigation",
    )  # fmt: skip
    browser = as_(attorney)
    assert SPOKEN in re.sub(r"<[^>]+>", "", text(browser, interpreted))
    listed = browser.get(reverse("transcript_doubts", args=[interpreted.id])).content.decode()
    assert f'data-word-at="0" data-open="{dialog(interpreted)}"' in listed
    assert listed.count("not checked: another language; readable for you") == 3
    # Read already, and each reading is recorded as a reveal.
    assert 'name="word"' in browser.get(dialog(interpreted)).content.decode()
    assert "Shown from now on" in browser.post(dialog(interpreted), {"decision": "release"}).content.decode()


def test_a_transcript_most_of_which_nobody_can_read_says_what_can_be_done(
    matter: Matter, paralegal: Member, attorney: Member, actor_for: Any
) -> None:
    mostly = make(matter, paralegal, actor_for, said=said(TURNS[:3]), known=False, with_sound=False)
    again = reverse("recording", args=[mostly.proceeding_id])
    html = text(as_(paralegal), mostly)
    assert "Most of this is in Spanish, which is not covered:" in html
    assert f'<a href="{again}">transcribe it again</a>' in html
    assert f"that is up to {attorney.name}" in html
    side = as_(attorney).get(reverse("transcript_side", args=[mostly.id])).content.decode()
    assert "open its lines" in side
    as_(attorney).post(dialog(mostly, NAMED), {"decision": "english"})
    assert "which is not covered" not in text(as_(paralegal), mostly)
    # The page takes it away by itself.
    side = as_(attorney).get(reverse("transcript_side", args=[mostly.id])).content.decode()
    assert re.search(r'<div id="unread" hx-swap-oob="true">\s*</div>', side)


def test_nobody_beyond_the_wall_and_no_role_without_review_gets_anything(
    interpreted: Transcript, firm: Organization, clinician: Member, make_member: Any
) -> None:
    for member in (make_member(firm, Role.ATTORNEY), make_member(firm, Role.AUDITOR), clinician):
        for answer in (as_(member).get(dialog(interpreted)), as_(member).post(dialog(interpreted), {"decision": "leave"})):
            assert answer.status_code == 404
