"""Decisions, corrections, reveals, signatures, holds and exports against the database: rights, records, and the laws."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from compliance import policies
from compliance.audit import Actor
from compliance.models import AudienceRule, AuditEvent
from compliance.redaction import TYPES
from portal.accounts.models import Member
from portal.accounts.rights import Role
from portal.errors import BadInput, NotFound, Refused
from tests.deposition import CANARIES, make
from transcription import (
    deciding,
    disclosure,
    doubts,
    holding,
    playback,
    reading,
    rechecking,
    renditions,
    reveals,
    revisions,
    search,
    second_pass,
    signing,
    speakers,
    withholding,
)
from transcription.exports import FORMATS
from transcription.exports.making import export
from transcription.models import DetectionSet, Rendition, Reveal, ReviewAct, Revision, Transcript
from vault.errors import OnHold
from vault.models import LegalHold, Matter, StoredObject

pytestmark = pytest.mark.django_db


@pytest.fixture
def deposition(matter: Matter, paralegal: Member, actor_for: Callable[[Member], Actor]) -> Transcript:
    return make(matter, paralegal, actor_for, with_sound=False)


@pytest.fixture
def seen(deposition: Transcript, actor_for: Callable[[Member], Actor]) -> Callable[[Member], reading.View]:
    return lambda member: reading.open_view(actor_for(member), member, deposition.id)


def text(view: reading.View, n: int) -> str:
    return str(reading.line(view, n)["text"])


def facts(type_: str) -> list[dict[str, Any]]:
    return [event.facts for event in AuditEvent.objects.filter(type=type_).order_by("at")]


# --- decisions ------------------------------------------------------------------------------------------------------------
def test_hiding_more_takes_effect_at_once_and_for_everybody(seen: Any, paralegal: Member, attorney: Member) -> None:
    deciding.hide(seen(paralegal), 4, [3, 4], type_="address", reason="missed", note="sealed")
    assert text(seen(paralegal), 4) == "Where do you [ADDRESS 2] the moment?"
    assert text(seen(attorney), 4) == "Where do you [ADDRESS 2] the moment?"
    act = ReviewAct.objects.get()
    assert b"sealed" not in bytes(act.note_sealed)
    assert facts("transcription:review:decided") == [{"decision": "hide", "reason": "missed", "spans": 1}]


def test_hiding_over_a_label_hides_every_word_under_it(seen: Any, paralegal: Member) -> None:
    # "My name is [NAME 1]." : the label stands for three words.
    deciding.hide(seen(paralegal), 1, [2, 3], type_="private", reason="privileged")
    assert text(seen(paralegal), 1) == "My name [PRIVATE 1]"


def test_a_paralegal_cannot_show_what_is_hidden_by_calling_it_not_private(seen: Any, paralegal: Member) -> None:
    with pytest.raises(Refused):
        deciding.not_private(seen(paralegal), 1, 0, reason="common_word")
    assert ReviewAct.objects.count() == 0
    refused = AuditEvent.objects.get(type="portal:access:refused")
    assert refused.outcome == "refused"


def test_not_private_everywhere_and_back_by_a_paralegal(seen: Any, paralegal: Member, attorney: Member) -> None:
    act = deciding.not_private(seen(attorney), 1, 0, reason="public", everywhere=True)
    assert text(seen(paralegal), 1) == "My name is Robert Daniel Parker."
    assert "Parker" in text(seen(paralegal), 2)
    undone = deciding.undo(seen(paralegal), act.number)
    assert "[NAME 1]" in text(seen(paralegal), 1)
    # Undoing the undo would show it again.
    with pytest.raises(Refused):
        deciding.undo(seen(paralegal), undone.number)
    with pytest.raises(BadInput):
        deciding.undo(seen(paralegal), act.number)


def test_a_reviewer_takes_back_an_own_hiding_but_not_anothers(seen: Any, paralegal: Member, attorney: Member) -> None:
    own = deciding.hide(seen(paralegal), 4, [0], type_="private", reason="privileged")
    other = deciding.hide(seen(attorney), 4, [5], type_="private", reason="privileged")
    deciding.undo(seen(paralegal), own.number)
    with pytest.raises(Refused):
        deciding.undo(seen(paralegal), other.number)


def test_what_somebody_else_confirmed_is_not_taken_back_by_who_hid_it(seen: Any, paralegal: Member, attorney: Member) -> None:
    first = deciding.hide(seen(paralegal), 4, [0], type_="private", reason="privileged")
    suggested = deciding.hide(seen(paralegal), 4, [5], type_="private", reason="privileged")
    # An older confirmation elsewhere, or a suggestion against it, rests upon nothing of it.
    deciding.accept(seen(attorney), 1, 0)
    deciding.suggest(seen(attorney), 4, 1, reason="public")
    deciding.undo(seen(paralegal), suggested.number)
    confirmed = deciding.accept(seen(attorney), 4, 0)
    with pytest.raises(Refused):
        deciding.undo(seen(paralegal), first.number)
    assert text(seen(paralegal), 4) == "[PRIVATE 1] do you live at the moment?"
    deciding.undo(seen(attorney), confirmed.number)
    back = deciding.undo(seen(paralegal), first.number)
    assert text(seen(paralegal), 4) == "Where do you live at the moment?"
    # Brought back by somebody else, it is that one's decision.
    deciding.undo(seen(attorney), back.number)
    with pytest.raises(Refused):
        deciding.undo(seen(paralegal), first.number)
    deciding.undo(seen(attorney), first.number)


def test_accepting_empties_the_queue_and_makes_no_new_edition(seen: Any, paralegal: Member) -> None:
    view = seen(paralegal)
    [doubt] = doubts.queue(view)
    assert (doubt.line, doubt.type) == (9, "name")
    deciding.accept(view, doubt.line, doubt.ordinal)
    assert doubts.queue(seen(paralegal)) == []
    assert seen(paralegal).rendition == view.rendition


def test_what_is_accepted_is_not_accepted_once_more_until_something_else_was_decided(
    seen: Any, paralegal: Member, attorney: Member
) -> None:
    [doubt] = doubts.queue(seen(paralegal))
    place = doubt.line, doubt.ordinal
    first = deciding.accept(seen(paralegal), *place)
    assert deciding.accept(seen(paralegal), *place) == first
    assert deciding.accept(seen(attorney), *place) == first
    assert [fact["decision"] for fact in facts("transcription:review:decided")] == ["accept"]
    deciding.suggest(seen(paralegal), *place, reason="public")
    again = deciding.accept(seen(attorney), *place)
    deciding.undo(seen(attorney), again.number)
    deciding.undo(seen(attorney), first.number)
    deciding.accept(seen(attorney), *place)
    decided = [fact["decision"] for fact in facts("transcription:review:decided")]
    assert decided == ["accept", "suggest", "accept", "undo", "undo", "accept"]


@pytest.mark.parametrize(("n", "ordinal"), [(0, 0), (1, 5), (9999, 0)])
def test_a_chip_that_is_not_there_is_404(seen: Any, attorney: Member, n: int, ordinal: int) -> None:
    with pytest.raises(NotFound):
        deciding.chip(seen(attorney), n, ordinal)


# --- corrections ----------------------------------------------------------------------------------------------------------
def test_a_corrected_text_is_read_again_before_it_is_shown(
    seen: Any, deposition: Transcript, paralegal: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = revisions.correct_line(seen(paralegal), 4, "Where do you live, my friend Rosalind Vega, at the moment?")
    assert made is not None
    waiting = seen(paralegal)
    assert waiting.behind
    assert text(waiting, 4) == "Where do you live at the moment?"
    with pytest.raises(revisions.ChangedMeanwhile):
        revisions.correct_line(waiting, 4, "something else")
    with pytest.raises(deciding.ChangedMeanwhile):
        deciding.hide(waiting, 4, [0], type_="private", reason="privileged")
    deposition.refresh_from_db()
    second_pass.run(deposition)
    after = seen(paralegal)
    assert not after.behind
    assert "Rosalind" not in text(after, 4)
    assert "my friend" in text(after, 4)
    assert b"Rosalind" not in bytes(Revision.objects.get().operations_sealed)


def test_undoing_a_correction_brings_the_words_back_and_history_tells_both(
    seen: Any, deposition: Transcript, paralegal: Member
) -> None:
    revisions.correct_line(seen(paralegal), 10, "Did you see the lorry before it hit the wall?")
    second_pass.run(Transcript.objects.get(pk=deposition.pk))
    assert "lorry" in text(seen(paralegal), 10)
    revisions.undo(seen(paralegal), 1)
    second_pass.run(Transcript.objects.get(pk=deposition.pk))
    view = seen(paralegal)
    assert "truck" in text(view, 10)
    newest, first = revisions.history(view)
    assert (newest.undoes, first.in_force, first.lines) == (1, False, (10,))
    with pytest.raises(BadInput):
        revisions.undo(view, 1)


def test_a_line_can_be_given_to_somebody_new(seen: Any, deposition: Transcript, paralegal: Member) -> None:
    revisions.give_line(seen(paralegal), 4, "", new_name="The reporter", new_role="reporter")
    second_pass.run(Transcript.objects.get(pk=deposition.pk))
    view = seen(paralegal)
    line = reading.line(view, 4)
    assert line["speaker"] == "C"
    assert speakers.called(view.speakers["C"]) == "The reporter"
    with pytest.raises(NotFound):
        revisions.give_line(view, 4, "Q")


def test_a_label_in_a_line_is_kept(seen: Any, paralegal: Member) -> None:
    with pytest.raises(revisions.HiddenWordsChanged):
        revisions.correct_line(seen(paralegal), 1, "My name is Bob.")
    assert Revision.objects.count() == 0


# --- reveals ---------------------------------------------------------------------------------------------------------------
def test_reveals_are_for_those_who_may_with_a_purpose_from_the_list(seen: Any, paralegal: Member, attorney: Member) -> None:
    with pytest.raises(Refused):
        reveals.begin(seen(paralegal), purpose="litigation", scope="transcript")
    with pytest.raises(BadInput):
        reveals.begin(seen(attorney), purpose="curiosity", scope="transcript")
    with pytest.raises(BadInput):
        reveals.begin(seen(attorney), purpose="litigation", scope="span")
    assert Reveal.objects.count() == 0


def test_one_part_one_person_or_all_and_each_shown_part_is_recorded_once(seen: Any, attorney: Member) -> None:
    def shown(*lines: int) -> dict[tuple[int, int], str]:
        view = seen(attorney)
        return reveals.shown(view, [reading.line(view, n) for n in lines])

    assert shown(1, 2, 3) == {}
    reveals.begin(seen(attorney), purpose="litigation", scope="span", n=3, ordinal=0, note="why")
    assert shown(1, 2, 3) == {(3, 0): "the fourteenth of March, nineteen seventy two"}
    reveals.begin(seen(attorney), purpose="litigation", scope="person", n=2, ordinal=0)
    assert shown(1, 2) == {(1, 0): "Robert Daniel Parker", (2, 0): "Parker"}
    shown(1, 2, 3)
    spans = facts("transcription:transcript:span_shown")
    assert sorted(fact["span"] for fact in spans) == ["1.0", "2.0", "3.0"]
    assert all(canary not in json.dumps(spans) for canary in CANARIES)
    reveals.begin(seen(attorney), purpose="court", scope="transcript")
    assert len(shown(*range(8))) == 5


def test_a_reveal_ends_by_itself_and_is_nobody_elses(
    seen: Any, attorney: Member, paralegal: Member, deposition: Transcript
) -> None:
    reveals.begin(seen(attorney), purpose="court", scope="transcript")
    assert seen(paralegal).reveals == []
    view = seen(attorney)
    assert view.reveals
    assert view.reveals[0].expires_at <= timezone.now() + timedelta(minutes=30)
    Reveal.objects.update(expires_at=timezone.now())
    assert seen(attorney).reveals == []
    reveals.begin(seen(attorney), purpose="court", scope="transcript")
    assert reveals.end(seen(attorney)) == 1
    assert seen(attorney).reveals == []


def test_the_same_reveal_asked_for_twice_at_once_is_one_and_recorded_once(seen: Any, attorney: Member) -> None:
    asked: dict[str, Any] = {"purpose": "litigation", "scope": "span", "n": 3, "ordinal": 0}
    first, second = seen(attorney), seen(attorney)
    begun = reveals.begin(first, **asked)
    assert reveals.begin(second, **asked) == begun
    assert second.reveals == [begun]
    assert len(facts("transcription:transcript:revealed")) == 1
    for other in ({"purpose": "court"}, {"note": "why"}, {"n": 2}, {"scope": "person"}):
        assert reveals.begin(seen(attorney), **asked | other) != begun
    whole = reveals.begin(seen(attorney), purpose="court", scope="transcript")
    assert reveals.begin(seen(attorney), purpose="court", scope="transcript") == whole
    reveals.end(seen(attorney))
    assert reveals.begin(seen(attorney), purpose="court", scope="transcript") != whole


def test_a_reveal_asked_for_again_later_is_recorded_again(seen: Any, attorney: Member) -> None:
    begun = reveals.begin(seen(attorney), purpose="court", scope="transcript")
    Reveal.objects.update(created_at=timezone.now() - timedelta(seconds=6))
    assert reveals.begin(seen(attorney), purpose="court", scope="transcript") != begun


# --- signatures ---------------------------------------------------------------------------------------------------------------
def test_a_signature_holds_until_anything_of_what_was_signed_changes(
    seen: Any, attorney: Member, paralegal: Member, deposition: Transcript
) -> None:
    with pytest.raises(Refused):
        signing.sign(seen(paralegal))
    row = signing.sign(seen(attorney))
    assert signing.holds(row)
    assert not signing.signatures(deposition)[0].changed
    with pytest.raises(signing.AlreadySigned):
        signing.sign(seen(attorney))
    speakers.rename(seen(attorney), "B", name="The witness", role="witness")
    assert not signing.holds(row)
    assert signing.signatures(deposition)[0].changed
    again = signing.sign(seen(attorney))
    deciding.hide(seen(attorney), 4, [0], type_="private", reason="privileged")
    assert all(signature.changed for signature in signing.signatures(deposition))
    assert again.digest != row.digest


def test_a_signature_holds_while_the_text_reads_the_same_whatever_was_done_to_make_it_anew(
    seen: Any, attorney: Member, deposition: Transcript, matter: Matter, actor_for: Callable[[Member], Actor]
) -> None:
    actor = actor_for(attorney)

    def out() -> str:
        return export(actor, attorney, Transcript.objects.get(pk=deposition.pk), "txt").data.decode()

    row = signing.sign(seen(attorney))
    assert attorney.name in out()
    # A party whom nobody speaks of: the text is checked again, and says what it said.
    fresh = Matter.objects.get(pk=matter.pk)
    parties = [*fresh.parties, {"name": "Quentin Abernathy"}]
    DetectionSet.objects.update(recogniser=second_pass.BY_HAND)  # the findings stay those that the test knows
    assert rechecking.describe(actor=actor, by=attorney, matter=fresh, title="T", parties=parties)
    rechecking.work()
    assert seen(attorney).shown().edition > row.rendition.edition
    assert not signing.signatures(deposition)[0].changed
    assert attorney.name in out()
    # A decision that was taken back.
    made = deciding.hide(seen(attorney), 4, [0], type_="private", reason="privileged")
    assert signing.signatures(deposition)[0].changed
    assert attorney.name not in out()
    deciding.undo(seen(attorney), made.number)
    assert not signing.signatures(deposition)[0].changed
    assert attorney.name in out()
    # It is no second signature under the same words.
    with pytest.raises(signing.AlreadySigned):
        signing.sign(seen(attorney))
    assert signing.holds(row)


def test_views_from_before_there_were_digests_are_compared_all_the_same(
    seen: Any, attorney: Member, deposition: Transcript
) -> None:
    signing.sign(seen(attorney))
    made = deciding.hide(seen(attorney), 4, [0], type_="private", reason="privileged")
    Rendition.objects.update(text_digest="")
    assert signing.signatures(deposition)[0].changed
    deciding.undo(seen(attorney), made.number)
    Rendition.objects.update(text_digest="")
    assert not signing.signatures(deposition)[0].changed
    assert Rendition.objects.exclude(text_digest="").exists()


def test_a_policy_that_shows_something_else_by_now_changes_what_was_signed(
    seen: Any, attorney: Member, deposition: Transcript, firm: Any, make_member: Callable[..., Member],
    actor_for: Callable[[Member], Actor],
) -> None:  # fmt: skip
    officer = make_member(firm, Role.PRIVACY_OFFICER)
    rules = dict.fromkeys(TYPES, "label")

    def saved(expected: int, **other: str) -> None:
        disclosure.save_policy(
            actor=actor_for(officer), by=officer, name="court_copy", rules=rules | other, other="label", expected=expected
        )

    saved(0)
    AudienceRule.objects.create(organization=firm, audience="role:attorney", policy_name="court_copy")
    signing.sign(seen(attorney))
    assert seen(attorney).given.policy.name == "court_copy"
    saved(1, ip_address="show")  # of which there is none in this text
    assert not signing.signatures(deposition)[0].changed
    saved(2, name="show")
    assert signing.signatures(deposition)[0].changed


def test_while_nobody_can_say_what_is_shown_a_signature_does_not_count(
    seen: Any, attorney: Member, deposition: Transcript, matter: Matter, actor_for: Callable[[Member], Actor]
) -> None:
    signing.sign(seen(attorney))
    fresh, parties = Matter.objects.get(pk=matter.pk), [{"name": "Quentin Abernathy"}]
    rechecking.describe(actor=actor_for(attorney), by=attorney, matter=fresh, title="T", parties=parties)
    assert signing.signatures(deposition)[0].changed


# --- held ------------------------------------------------------------
@pytest.fixture
def held(deposition: Transcript) -> Transcript:
    deposition.detection_sets.all().delete()
    Rendition.objects.filter(transcript=deposition).delete()
    second_pass.hold(deposition, "pass_failed")
    return deposition


def test_held_text_is_shown_to_nobody_without_a_purpose(
    held: Transcript, seen: Any, paralegal: Member, attorney: Member
) -> None:
    assert [row.id for row in holding.held(paralegal)] == [held.id]
    for member in (paralegal, attorney):
        with pytest.raises(reading.NeedsChecking):
            reading.lines(seen(member), 0)
    with pytest.raises(Refused):
        holding.open_for_checking(seen(paralegal), purpose="quality")
    with pytest.raises(holding.NotOpened):
        holding.lines(seen(attorney), 0)


def test_hidden_by_hand_and_released(held: Transcript, seen: Any, paralegal: Member, attorney: Member) -> None:
    holding.open_for_checking(seen(attorney), purpose="quality")
    words = [word["text"] for word in holding.lines(seen(attorney), 0)[1]["words"]]
    assert words == ["My", "name", "is", "Robert", "Daniel", "Parker."]
    holding.hide(seen(attorney), 1, [3, 4, 5], type_="name", reason="missed")
    assert [word["hidden"] for word in holding.lines(seen(attorney), 0)[1]["words"]] == [False] * 3 + [True] * 3
    with pytest.raises(BadInput):
        holding.release(seen(attorney), read_all=False)
    holding.release(seen(attorney), read_all=True)
    assert text(seen(paralegal), 1) == "My name is [NAME 1]"
    assert [fact["scope"] for fact in facts("transcription:transcript:revealed")] == ["held"]
    assert facts("transcription:transcript:released") == [{"way": "by_hand"}]


def test_destroyed_is_gone_and_a_legal_hold_prevents_it(
    held: Transcript, attorney: Member, paralegal: Member, actor_for: Callable[[Member], Actor]
) -> None:
    with pytest.raises(Refused):
        holding.destroy(actor_for(paralegal), paralegal, held)
    hold = LegalHold.objects.create(matter=held.proceeding.matter, placed_by=attorney)
    with pytest.raises(OnHold):
        holding.destroy(actor_for(attorney), attorney, held)
    assert held.original.state == StoredObject.State.STORED
    hold.delete()
    holding.destroy(actor_for(attorney), attorney, reading.find(attorney, held.id))
    held.original.refresh_from_db()
    assert held.original.state == StoredObject.State.ERASED
    assert list(holding.held(attorney)) == []


# --- exports and search ---------------------------------------------------------------------------------------------------
def plain(data: bytes, name: str) -> str:
    if name != "docx":
        return data.decode()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "\n".join(archive.read(part).decode(errors="replace") for part in archive.namelist())


@pytest.mark.parametrize("name", list(FORMATS))
def test_exports_hold_the_view_and_its_stamp_and_nothing_hidden(
    name: str, deposition: Transcript, seen: Any, paralegal: Member, attorney: Member, actor_for: Callable[[Member], Actor]
) -> None:
    Transcript.objects.update(basic_engine=True)
    speakers.rename(seen(paralegal), "B", name="Quentin Ashgrove", role="witness")
    for member in (paralegal, attorney):
        made = export(actor_for(member), member, reading.find(member, deposition.id), name)
        content = plain(made.data, name)
        assert "ROUGH DRAFT – NOT CERTIFIED" in content
        assert "BASIC ENGINE DRAFT" in content
        assert "[NAME 1]" in content
        assert "Witness" in content
        for canary in [*CANARIES, "Quentin", "Whitfield"]:
            assert canary not in content
        assert "Whitfield" not in made.name
    assert facts("transcription:transcript:exported")[0] == {"format": name, "policy": "identifiers", "version": 1}


def test_an_export_never_shows_more_than_its_maker_sees(
    deposition: Transcript, attorney: Member, paralegal: Member, actor_for: Callable[[Member], Actor]
) -> None:
    matter = deposition.proceeding.matter
    AudienceRule.objects.create(
        organization=matter.organization, matter_id=matter.id, audience="export", policy_name="frcp_5_2"
    )
    AudienceRule.objects.create(
        organization=matter.organization, matter_id=matter.id, audience="role:attorney", policy_name="frcp_5_2"
    )
    theirs = export(actor_for(paralegal), paralegal, reading.find(paralegal, deposition.id), "txt").data.decode()
    assert "Washington" not in theirs
    attorneys = export(actor_for(attorney), attorney, reading.find(attorney, deposition.id), "txt").data.decode()
    assert "Washington" in attorneys
    assert "fourteenth" not in attorneys


def test_search_finds_what_is_shown_and_never_what_is_hidden(
    deposition: Transcript, attorney: Member, paralegal: Member, clinician: Member, actor_for: Callable[[Member], Actor]
) -> None:
    def hits(member: Member, words: str, speaker: str = "") -> int:
        ids = [*search.candidates(member), deposition.id]
        return sum(r.hits for r in search.across(actor_for(member), member, words, speaker=speaker, ids=ids).results)

    assert hits(paralegal, "truck wall") == 2
    assert hits(paralegal, '"the truck"') == 1
    assert hits(paralegal, '"truck the"') == 0
    assert hits(paralegal, "truck", "speaker a") == 1
    assert hits(paralegal, "truck", "speaker b") == 0
    assert hits(paralegal, "TRÚCK") == 1
    for canary in CANARIES:
        assert hits(paralegal, f'"{canary}"') == 0
    for part in ("Parker", "Washington", "seventy", "Miller", "name 1"):
        assert hits(paralegal, f'"{part}"') == 0
    matter = deposition.proceeding.matter
    AudienceRule.objects.create(
        organization=matter.organization, matter_id=matter.id, audience="role:attorney", policy_name="frcp_5_2"
    )
    assert hits(attorney, "Washington") == 1
    assert hits(paralegal, "Washington") == 0
    assert hits(clinician, "truck") == 0
    assert all(canary not in json.dumps(facts("transcription:search:made")) for canary in CANARIES)


def test_a_long_search_stops_in_time_and_says_what_is_left(
    matter: Matter, paralegal: Member, actor_for: Callable[[Member], Actor]
) -> None:
    for n in range(3):
        make(matter, paralegal, actor_for, title=f"Day {n}", with_sound=False)
    ids = search.candidates(paralegal)
    first = search.across(actor_for(paralegal), paralegal, "truck", ids=ids, seconds=0)
    assert (first.done, len(first.left)) == (1, 2)
    rest = search.across(actor_for(paralegal), paralegal, "truck", ids=first.left)
    assert (rest.done, rest.left) == (2, [])


def test_sound_is_withheld_below_the_confidence_that_the_organization_sets(
    matter: Matter, paralegal: Member, attorney: Member, actor_for: Callable[[Member], Actor]
) -> None:
    made = make(matter, paralegal, actor_for)
    Transcript.objects.filter(pk=made.pk).update(confidence=0.4)
    matter.organization.audio_confidence_floor = 0.6
    matter.organization.save()
    view = reading.open_view(actor_for(paralegal), paralegal, made.id)
    assert playback.sound_state(view) == "withheld"
    with pytest.raises(withholding.SoundWithheld):
        playback.sound(view)
    assert playback.sound(reading.open_view(actor_for(attorney), attorney, made.id))


def test_the_stricter_of_two_presets_is_what_the_view_uses(deposition: Transcript, seen: Any, paralegal: Member) -> None:
    deposition.proceeding.policy_name = "everything"
    deposition.proceeding.save()
    assert seen(paralegal).given.policy == policies.preset_row("everything")
    assert renditions.ensure(deposition, policies.preset_row("everything")) == seen(paralegal).rendition
