"""A text that could not be checked: nobody sees it, its page says why and what can be done, and it can be done."""

import re
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from compliance.audit import Actor
from compliance.redaction.engine import engine
from portal.accounts.models import Member
from tests import deposition
from transcription import checking_again, holding, ingest, second_pass
from transcription.models import Proceeding, Reveal, Transcript
from vault.models import Matter

pytestmark = pytest.mark.django_db
SAID: dict[str, Any] = {
    "status": "completed",
    "language_code": "en",
    "utterances": [{"speaker": "A", "text": "My name is Svetlana Petrakis \ud83d and the truck was red."}],
}


def unread(
    matter: Matter, member: Member, actor: Actor, said: dict[str, Any] | None = None, title: str = "Notes"
) -> Transcript:  # fmt: skip
    proceeding = Proceeding(matter=matter, kind="document", provider="document", created_by=member)
    proceeding.title = title
    proceeding.save(force_insert=True)
    return ingest.store_result(proceeding, said or SAID, actor=actor)


def _raises(view: object) -> list[object]:
    raise RuntimeError("Svetlana")


def _hangs(view: object) -> list[object]:
    time.sleep(60)
    return []


@pytest.mark.parametrize(
    ("fault", "said"), [(_raises, "did not finish"), (_hangs, "took too long")], ids=["raises", "hangs"]
)
def test_a_recogniser_that_fails_holds_the_text_and_a_person_lets_it_out(
    fault: Callable[[object], list[object]], said: str, matter: Matter, paralegal: Member, attorney: Member,
    actor_for: Callable[[Member], Actor], monkeypatch: pytest.MonkeyPatch, settings: Any, caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    engine(None, None)
    settings.REDACTION_SECONDS = 1.0
    recogniser = next(r for r in engine(None, None).analyzer.registry.recognizers if r.name == "AgeRecogniser")
    monkeypatch.setattr(recogniser, "find", fault)
    transcript = unread(matter, paralegal, actor_for(paralegal))
    assert second_pass.run(transcript) is None
    assert "Svetlana" not in caplog.text

    reader, responsible = Client(), Client()
    reader.force_login(paralegal)
    responsible.force_login(attorney)
    page = reverse("transcript", args=[transcript.id])
    for client in (reader, responsible):
        shown = client.get(page).content.decode()
        assert "Needs checking" in shown
        assert "Svetlana" not in shown
    problem = responsible.get(page).content.decode()
    assert said in problem
    assert "Check the text" in problem
    listed = responsible.get(reverse("held")).content.decode()
    assert page in listed
    assert "1 needs checking" in responsible.get(reverse("recordings")).content.decode()

    check = reverse("transcript_held", args=[transcript.id])
    responsible.post(check, {"purpose": "quality"})
    assert "Svetlana" in responsible.get(check).content.decode()
    hide = reverse("transcript_held_hide", args=[transcript.id, 0])
    responsible.post(hide, {"word": ["3", "4"], "type": "name", "reason": "missed"})
    responsible.post(reverse("transcript_held_release", args=[transcript.id]), {"read": "yes"})
    released = reader.get(page).content.decode()
    assert "[NAME 1]" in released
    assert "Svetlana" not in released
    assert "truck" in released
    assert "1 needs checking" not in responsible.get(reverse("recordings")).content.decode()


# --- open for checking by hand -------------------------------------------------------------------------------------------
@pytest.fixture
def held(matter: Matter, paralegal: Member, actor_for: Callable[[Member], Actor]) -> Transcript:
    said = [f"Sentence {n} about a truck." for n in range(holding.LINES_A_PAGE)]
    said[1], said[4] = "My name is Svetlana Petrakis.", "Ask Petrakis about it."
    said.append("Then Petrakis left.")
    utterances = [{"speaker": "A", "text": text} for text in said]
    made = unread(matter, paralegal, actor_for(paralegal), SAID | {"utterances": utterances})
    second_pass.hold(made, "pass_failed")
    return made


@pytest.fixture
def page(held: Transcript, attorney: Member) -> Client:
    client = Client()
    client.force_login(attorney)
    client.post(reverse("transcript_held", args=[held.id]), {"purpose": "litigation"})
    return client


def shown(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_what_was_hidden_is_said_and_taken_back_and_stands_in_a_list(page: Client, held: Transcript) -> None:
    hide = reverse("transcript_held_hide", args=[held.id, 1])
    answer = page.post(hide, {"word": ["3", "4"], "type": "name", "reason": "missed"})
    assert "Svetlana" not in answer["Location"]
    said = shown(page, answer["Location"])
    assert "Hidden: “Svetlana Petrakis.”" in said
    assert "Hidden by hand: 1" in said
    assert '<span class="hid plain-label">Svetlana</span>' in said
    undo = reverse("transcript_held_undo", args=[held.id, 1])
    assert said.count(f'action="{undo}"') == 2
    said = shown(page, page.post(undo)["Location"])
    assert "Taken back: it is hidden no more." in said
    assert "Hidden by hand: 0" in said
    assert '<span class="hid plain-label">' not in said
    said = shown(page, page.post(reverse("transcript_held_undo", args=[held.id, 2]))["Location"])
    assert "Hidden again." in said
    assert "Hidden by hand: 1" in said


def test_found_on_another_page_marked_there_and_hidden_all_at_once(page: Client, held: Transcript) -> None:
    find = reverse("transcript_held_find", args=[held.id])
    answer = page.post(find, {"text": "petrakis"})
    assert "petrakis" not in answer["Location"]
    said = shown(page, answer["Location"])
    assert "<strong>3 places</strong> in 3 lines" in said
    assert said.count("<mark>") == 5  # three in the list of hits, two on this page
    assert 'href="?page=1#n50"' in said
    # It is kept as one turns pages.
    assert "<strong>3 places</strong>" in shown(page, reverse("transcript_held", args=[held.id]) + "?page=1")
    answer = page.post(reverse("transcript_held_hide_found", args=[held.id]), {"type": "name", "reason": "missed"})
    said = shown(page, answer["Location"])
    assert "Hidden: “Petrakis.”, in 3 places." in said
    assert "3 hidden already" in said
    assert "Hide everything that was found" not in said
    said = shown(page, page.post(find, {"text": ""})["Location"])
    assert "Clear the search" not in said
    said = shown(page, page.post(find, {"text": "nobody"})["Location"])
    assert "“nobody” stands nowhere in the text." in said


def test_hidden_everywhere_from_a_line(page: Client, held: Transcript) -> None:
    hide = reverse("transcript_held_hide", args=[held.id, 4])
    answer = page.post(hide, {"word": "1", "type": "name", "reason": "missed", "everywhere": "yes"})
    assert "in 3 places" in shown(page, answer["Location"])
    page.post(reverse("transcript_held_release", args=[held.id]), {"read": "yes"})
    text = shown(page, reverse("transcript", args=[held.id]) + "?leaf=0")
    assert "Petrakis" not in text
    assert "Svetlana" in text


def test_what_comes_after_the_half_hour_is_not_done_and_the_page_says_what_was_kept(page: Client, held: Transcript) -> None:
    hide = reverse("transcript_held_hide", args=[held.id, 1])
    page.post(hide, {"word": ["3", "4"], "type": "name", "reason": "missed"})
    Reveal.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    check = reverse("transcript_held", args=[held.id])
    answer = page.post(reverse("transcript_held_hide", args=[held.id, 4]), {"word": "1", "type": "name", "reason": "missed"})
    assert answer["Location"] == check
    said = shown(page, check)
    assert "it was not done" in said
    assert "Your half hour was over at" in said
    assert "What was hidden by hand is kept: 1 place." in said
    assert '<option value="litigation" selected>' in said
    assert "Svetlana" not in said
    for name in ("find", "hide_found", "extend", "listen", "release"):
        assert page.post(reverse(f"transcript_held_{name}", args=[held.id]), {"read": "yes"})["Location"] == check
    assert page.post(reverse("transcript_held_undo", args=[held.id, 1]))["Location"] == check
    assert holding.kept_by_hand(held) == 1


def test_half_an_hour_more_keeps_the_place_and_the_purpose(page: Client, held: Transcript) -> None:
    answer = page.post(reverse("transcript_held_extend", args=[held.id]), {"page": "1"})
    assert answer["Location"].endswith("?page=1")
    said = shown(page, answer["Location"])
    assert "Open for 30 minutes more" in said
    assert "Then Petrakis left." in said.replace("</span>", "")
    assert list(Reveal.objects.values_list("purpose", flat=True)) == ["litigation"] * 2
    assert Reveal.objects.filter(ended_at=None).count() == 1


def test_the_sound_is_opened_once_and_stays_through_what_is_done(
    matter: Matter, paralegal: Member, attorney: Member, actor_for: Callable[[Member], Actor]
) -> None:
    spoken = deposition.make(matter, paralegal, actor_for)
    second_pass.hold(spoken, "pass_failed")
    client = Client()
    client.force_login(attorney)
    check = reverse("transcript_held", args=[spoken.id])
    client.post(check, {"purpose": "quality"})
    assert "<audio" not in shown(client, check)
    assert "Listen from here" not in shown(client, check)
    said = shown(client, client.post(reverse("transcript_held_listen", args=[spoken.id]))["Location"])
    [link] = re.findall(r'<audio [^>]*src="([^"]+)"', said)
    assert "Listen from here" in said
    after = client.post(
        reverse("transcript_held_hide", args=[spoken.id, 1]), {"word": "3", "type": "name", "reason": "missed"}
    )
    assert link in shown(client, after["Location"])
    # A new reveal has links of its own.
    said = shown(client, client.post(reverse("transcript_held_extend", args=[spoken.id]))["Location"])
    assert len(re.findall(r'<audio [^>]*src="([^"]+)"', said)) == 1
    assert link not in said


# --- checked again -------------------------------------------------------------------------------------------------------
def test_checked_again_from_its_page_and_ready(page: Client, held: Transcript, paralegal: Member) -> None:
    page.logout()
    reader = Client()
    reader.force_login(paralegal)
    address = reverse("transcript", args=[held.id])
    Reveal.objects.update(ended_at=timezone.now())
    assert "Check again" in shown(reader, address)
    again = reverse("transcript_held_again", args=[held.id])
    assert reader.post(again)["Location"] == address
    said = shown(reader, address)
    assert "Hiding private details" in said
    assert "It is being checked again. What was hidden by hand stays hidden." in said
    assert reader.post(again)["Location"] == address
    assert "It is not held any more" in shown(reader, address)
    assert reader.get(reverse("transcript_status", args=[held.id])).json()["state"] == "hiding"
    checking_again.work()
    said = shown(reader, address)
    assert "[NAME 1]" in said
    assert "Petrakis" not in said
    assert reader.post(again)["Location"] == address


def test_the_page_says_who_has_it_open_and_asks_before_it_closes_theirs(
    page: Client, held: Transcript, paralegal: Member, attorney: Member
) -> None:
    reader = Client()
    reader.force_login(paralegal)
    address, again = reverse("transcript", args=[held.id]), reverse("transcript_held_again", args=[held.id])
    assert f"{attorney.name} has the text open for checking by hand" in shown(reader, address)
    refused = reader.post(again)
    assert refused.status_code == 409
    assert "their page closes, and what they hid is kept" in refused.content.decode()
    assert reader.post(again, {"anyway": "yes"}).status_code == 302
    # Theirs goes to the page that says how it stands.
    answer = page.get(reverse("transcript_held", args=[held.id]))
    assert answer["Location"] == address
    assert "Hiding private details" in shown(page, address)


def test_all_of_one_reason_from_the_list_which_says_how_far_they_are(
    held: Transcript, matter: Matter, paralegal: Member, actor_for: Callable[[Member], Actor]
) -> None:
    reader = Client()
    reader.force_login(paralegal)
    listed = reverse("held")
    assert "Check again" in shown(reader, listed)
    assert "all of one reason" not in shown(reader, listed)
    second = unread(matter, paralegal, actor_for(paralegal), title="Second day")
    second_pass.hold(second, "pass_failed")
    # Another reason, which stays.
    third = unread(matter, paralegal, actor_for(paralegal), title="Third day")
    second_pass.hold(third, "pass_not_set_up")
    assert "Check all 2 again" in shown(reader, listed)
    reader.post(reverse("held_again"), {"reason": "pass_failed"})
    said = shown(reader, listed)
    assert "2 transcripts are being checked again." in said
    assert "Being checked again: 2" in said
    assert "Third day" in said
    passive = {"HX-Request": "true"}
    assert "Hiding private details" in reader.get(reverse("held_again"), headers=passive).content.decode()
    checking_again.work()
    assert reader.get(reverse("held_again"), headers=passive)["HX-Refresh"] == "true"
    assert "Second day" not in shown(reader, listed)
    reader.post(reverse("held_again"), {"reason": "pass_failed"})
    assert "Nothing is held for this reason any more" in shown(reader, listed)
    assert reader.post(reverse("held_again"), {"reason": "made up"}).status_code == 400
