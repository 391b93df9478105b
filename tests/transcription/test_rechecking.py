"""After parties or lists were changed nobody reads what was found before, and every transcript is checked again."""

from collections.abc import Callable
from typing import Any

import pytest

from compliance import policies
from compliance.audit import Actor
from compliance.redaction import DetectionFailed
from portal.accounts.models import Member
from portal.accounts.rights import Role
from portal.errors import BadInput, NotFound, Unavailable
from tests.deposition import make, result
from tests.transcription.killing import Shell
from tests.transcription.spoken import one_sentence
from transcription import (
    deciding,
    ground,
    holding,
    playback,
    reading,
    rechecking,
    renditions,
    revisions,
    search,
    second_pass,
    signing,
    sweeper,
    weighing,
)
from transcription.ground import Ground
from transcription.models import DetectionSet, DoubtCount, Rendition, Transcript
from vault import grants, matters
from vault.errors import GrantRefused
from vault.models import Matter

pytestmark = pytest.mark.django_db
SPOKEN = "My name is Ingrid Solberg and the warehouse kept the manifest for Harbor."


def said(text: str = SPOKEN) -> dict[str, Any]:
    return one_sentence(text, 4000)


@pytest.fixture
def change(matter: Matter, attorney: Member, actor_for: Callable[[Member], Actor]) -> Callable[..., bool]:
    def made(hide: list[str] | None = None, show: list[str] | None = None, *parties: str) -> bool:
        fresh = Matter.objects.select_related("vault").get(pk=matter.pk)
        listed = [{"name": name} for name in parties] or fresh.parties
        actor = actor_for(attorney)
        return rechecking.describe(
            actor=actor, by=attorney, matter=fresh, title="T", parties=listed, hide=hide, show=show
        )  # fmt: skip

    return made


@pytest.fixture
def read(attorney: Member, actor_for: Callable[[Member], Actor]) -> Callable[[Transcript], str]:
    def lines(transcript: Transcript) -> str:
        view = reading.open_view(actor_for(attorney), attorney, transcript.id)
        return " / ".join(item["text"] for item in renditions.utterances(view.shown()))

    return lines


@pytest.fixture
def one(make_transcript: Callable[..., Transcript], matter: Matter, paralegal: Member) -> Transcript:
    return make_transcript(matter, paralegal, said())


def test_a_word_on_the_hide_list_is_gone_for_the_next_reader(
    one: Transcript, change: Callable[..., bool], read: Callable[..., str],
    attorney: Member, actor_for: Callable[[Member], Actor],
) -> None:  # fmt: skip
    assert "warehouse" in read(one)
    view = reading.open_view(actor_for(attorney), attorney, one.id)
    assert change(["Warehouse"])
    # Between the change and its check nothing is shown at all, whichever way one asks.
    with pytest.raises(reading.StillHiding):
        read(one)
    assert search.across(actor_for(attorney), attorney, "warehouse", ids=[one.id]).skipped == 1
    assert rechecking.progress(Matter.objects.get()) == rechecking.Progress(1, 0, 0)
    sweeper.sweep([part for part in sweeper.parts() if part.name == "lists"])
    assert "warehouse" not in read(one)
    assert "and the [NAME" in read(one)
    assert rechecking.progress(Matter.objects.get()) is None
    rows = Rendition.objects.order_by("edition")
    assert [(row.state, row.edition) for row in rows] == [("stale", 1), ("ready", 2)]
    assert DetectionSet.objects.get().words_version == 2
    assert search.across(actor_for(attorney), attorney, "warehouse", ids=[one.id]).results == []
    # A page from before the change cannot be signed for what is shown now.
    row = signing.sign(view)
    assert next(s.changed for s in signing.signatures(one) if s.row == row)


def test_it_is_hidden_whatever_a_policy_does_with_names(one: Transcript, change: Callable[..., bool]) -> None:
    change(["warehouse"])
    rechecking.work()
    shown = renditions.ensure(one, policies.preset_row("frcp_5_2"))
    text = " ".join(item["text"] for item in renditions.utterances(shown))
    assert "Ingrid" in text
    assert "warehouse" not in text


def test_an_ordinary_name_on_the_show_list_is_readable_again_and_a_party_is_not(
    one: Transcript, change: Callable[..., bool], read: Callable[..., str]
) -> None:
    assert "Ingrid" not in read(one)
    change(None, ["Ingrid Solberg"])
    rechecking.work()
    assert "Ingrid Solberg" in read(one)
    change(None, None, "Ingrid Solberg")
    rechecking.work()
    assert "Solberg" not in read(one)


def test_a_new_party_is_hidden_in_what_was_checked_before(
    one: Transcript, change: Callable[..., bool], read: Callable[..., str]
) -> None:
    assert "Harbor" in read(one)
    assert change(None, None, "Marta Whitfield", "Dana Harbor")
    rechecking.work()
    assert "Harbor" not in read(one)


def test_the_sound_of_a_listed_word_is_gone_and_links_from_before_are_closed(
    matter: Matter, paralegal: Member, attorney: Member, actor_for: Callable[[Member], Actor], change: Callable[..., bool]
) -> None:
    spoken = make(matter, paralegal, actor_for)
    actor = actor_for(attorney)
    word = next(w["text"] for w in result()["utterances"][0]["words"] if w["text"].isalpha() and len(w["text"]) > 3)
    view = reading.open_view(actor, attorney, spoken.id)
    before = playback.silences(view)
    [part] = playback.sound(view)
    token = part.url.rpartition("/")[2]
    assert grants.check(token, grants.Asked("GET"), actor)
    change([word])
    with pytest.raises(GrantRefused):
        grants.check(token, grants.Asked("GET"), actor)
    [late] = playback.sound(view)  # minted in this very moment, from a page that was opened before
    with pytest.raises(reading.StillHiding):
        playback.sound(reading.open_view(actor, attorney, spoken.id))
    rechecking.work()
    with pytest.raises(GrantRefused):
        grants.check(late.url.rpartition("/")[2], grants.Asked("GET"), actor)
    view = reading.open_view(actor, attorney, spoken.id)
    assert playback.silences(view) != before
    assert playback.sound_state(view) == "building"
    assert sweeper.make_sound() == 1
    view = reading.open_view(actor, attorney, spoken.id)
    assert playback.sound(view)
    ids = {w["id"]: w for line in renditions.utterances(view.shown()) for w in line["words"]}
    assert not any(w["text"].strip(".,?").lower() == word.lower() for w in ids.values() if not w["hidden"])


def test_decisions_of_people_stay_in_force(
    one: Transcript, change: Callable[..., bool], read: Callable[..., str], attorney: Member,
    actor_for: Callable[[Member], Actor],
) -> None:  # fmt: skip
    actor = actor_for(attorney)
    deciding.not_private(reading.open_view(actor, attorney, one.id), 0, 0, reason="public")
    deciding.hide(reading.open_view(actor, attorney, one.id), 0, [10], type_="private", reason="sensitive")
    assert "Ingrid" in read(one)
    gone = "manifest"
    assert gone not in read(one)
    change(["warehouse"])
    rechecking.work()
    assert "Ingrid" in read(one)
    assert gone not in read(one)
    assert "warehouse" not in read(one)


def test_a_correction_that_waits_is_read_with_the_new_lists(
    one: Transcript, change: Callable[..., bool], read: Callable[..., str], attorney: Member,
    actor_for: Callable[[Member], Actor],
) -> None:  # fmt: skip
    view = reading.open_view(actor_for(attorney), attorney, one.id)
    text = renditions.utterances(view.shown()).__next__()["text"]
    revisions.correct_line(view, 0, text.replace("kept", "stored"))
    change(["warehouse"])
    with pytest.raises(reading.StillHiding):  # not the version before either
        read(one)
    sweeper.read_corrected()
    assert "stored" in read(one)
    assert "warehouse" not in read(one)


def test_a_word_that_a_correction_took_out_of_the_text_is_silent_when_it_is_listed(
    matter: Matter, paralegal: Member, attorney: Member, actor_for: Callable[[Member], Actor], change: Callable[..., bool]
) -> None:
    spoken = make(matter, paralegal, actor_for, said=said(), known=False)
    actor = actor_for(attorney)
    view = reading.open_view(actor, attorney, spoken.id)
    text = next(iter(renditions.utterances(view.shown())))["text"]
    revisions.correct_line(view, 0, text.replace(" warehouse", ""))
    sweeper.read_corrected()
    place = SPOKEN.split().index("warehouse") * 300 + 100
    fresh = Transcript.objects.get(pk=spoken.pk)
    policy = reading.open_view(actor, attorney, spoken.id).given.policy

    def silent() -> bool:
        return any(start <= place < end for start, end in renditions.view(fresh, policy)[0].silences)

    assert not silent()
    change(["warehouse"])
    rechecking.work()
    assert silent()


def test_what_a_person_released_by_hand_is_not_held_again_and_its_listed_words_are_hidden(
    one: Transcript, change: Callable[..., bool], read: Callable[..., str], attorney: Member,
    actor_for: Callable[[Member], Actor], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def fails(*_: Any, **__: Any) -> None:
        raise DetectionFailed("recogniser_failed", "broken")

    monkeypatch.setattr(second_pass, "detect_in_time", fails)
    change(["warehouse"])
    rechecking.work()
    with pytest.raises(reading.NeedsChecking):
        read(one)
    assert rechecking.progress(Matter.objects.get()) is None
    change(["warehouse", "manifest"])
    view = reading.open_view(actor_for(attorney), attorney, one.id)
    holding.open_for_checking(view, purpose="quality")
    holding.release(view, read_all=True)
    assert "warehouse" not in read(one)
    assert "manifest" not in read(one)
    assert "Ingrid" not in read(one)  # what the pass had found before it failed stays hidden
    change(["kept"])
    rechecking.work()
    assert " kept " not in read(one)
    assert "warehouse" in read(one)


def test_lists_that_change_during_a_pass_are_read_again(
    one: Transcript, change: Callable[..., bool], read: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    real, left = second_pass.detect_in_time, [1]

    def slow(*args: Any) -> Any:
        found = real(*args)
        if left[0]:
            left[0] = 0
            change(["warehouse", "manifest"])
        return found

    monkeypatch.setattr(second_pass, "detect_in_time", slow)
    change(["warehouse"])
    rechecking.work()
    rechecking.work()
    assert "manifest" not in read(one)
    assert rechecking.progress(Matter.objects.get()) is None


def test_a_late_worker_does_not_bring_older_findings_back(one: Transcript, change: Callable[..., bool]) -> None:
    change(["warehouse"])
    rechecking.work()
    newest = DetectionSet.objects.get()
    newest.transcript = one
    before = DoubtCount.objects.values().get()
    nothing = second_pass.Detections()
    weight = weighing.weight(second_pass.Dialogue(()), nothing, ())
    assert second_pass._keep(one, 1, second_pass.Told(1, 0), nothing, weight, 0)
    assert DoubtCount.objects.values().get() == before
    again = DetectionSet.objects.get()
    again.transcript = one
    assert again.detections == newest.detections


def test_a_decision_on_findings_that_were_replaced_meanwhile_is_refused_and_not_counted(
    one: Transcript, change: Callable[..., bool], attorney: Member, actor_for: Callable[[Member], Actor]
) -> None:
    view = reading.open_view(actor_for(attorney), attorney, one.id)
    here = Ground.of(view)
    # What the one who decides has read, before the lists change and the text is checked again.
    assert here.found.items
    change(["warehouse"])
    rechecking.work()
    before = DoubtCount.objects.values().get()
    with pytest.raises(ground.ChangedMeanwhile):
        deciding.keep(view, here, "accept", "right", {"spans": []}, 0)
    assert DoubtCount.objects.values().get() == before


def test_one_that_cannot_be_checked_now_holds_up_none_of_the_others(
    one: Transcript, make_transcript: Callable[..., Transcript], matter: Matter, paralegal: Member,
    change: Callable[..., bool], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    make_transcript(matter, paralegal, said(), title="Day two")
    real = second_pass.current_text

    def broken(transcript: Transcript, *args: Any) -> Any:
        if transcript.id == one.id:
            raise Unavailable
        return real(transcript, *args)

    change(["warehouse"])
    with monkeypatch.context() as patch:
        patch.setattr(second_pass, "current_text", broken)
        patch.setattr(Unavailable, "retryable", True)
        assert rechecking.work() == 1
        assert rechecking.progress(Matter.objects.get()) == rechecking.Progress(2, 1, 0)
    assert rechecking.work() == 1
    assert rechecking.progress(Matter.objects.get()) is None


def test_a_view_that_a_worker_did_not_get_to_is_made_in_the_next_round(
    one: Transcript, change: Callable[..., bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    change(["warehouse"])

    def dies(*_: Any, **__: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(renditions, "ensure", dies)
        with pytest.raises(SystemExit):
            rechecking.work()
    assert not Rendition.objects.filter(state="ready").exists()
    rechecking.work()
    assert Rendition.objects.get(state="ready").edition == 2


def test_a_neighbour_and_a_member_outside_the_wall_can_do_nothing(
    one: Transcript, matter: Matter, clinician: Member, firm: Any, make_member: Callable[..., Member]
) -> None:
    for person in (clinician, make_member(firm, Role.ATTORNEY), make_member(firm, Role.PRIVACY_OFFICER)):
        with pytest.raises(NotFound):
            matters.open_matter(person, matter.id)
    assert rechecking.work() == 0


def test_a_description_that_cannot_be_used_leaves_the_lists_as_they_were(
    matter: Matter, attorney: Member, actor_for: Callable[[Member], Actor]
) -> None:
    with pytest.raises(BadInput):
        rechecking.describe(actor=actor_for(attorney), by=attorney, matter=matter, title="", parties=[], hide=["Bluefin"])
    assert Matter.objects.get(pk=matter.pk).lists is None


PREPARE = """
from compliance import policies
from compliance.audit import Actor
from portal.accounts.models import Member, Organization
from portal.accounts.rights import Role
from transcription import ingest, rechecking, renditions, second_pass
from transcription.models import Proceeding, Transcript
from vault import matters
firm = Organization.objects.create(name="Firm", kind="law", default_region="local")
member = Member.objects.create_member(firm, "a@test.example", "A", [Role.ATTORNEY], "correct horse battery")
actor = Actor("member", member.id, member.name)
matter = matters.create(actor=actor, member=member, kind="legal", title="Case")
line = {"speaker": "A", "start": 0, "end": 900, "text": "They kept it in the warehouse."}
for n in range(5):
    proceeding = Proceeding.objects.create(matter=matter, kind="document", created_by=member)
    transcript = ingest.store_result(proceeding, {"language_code": "en", "utterances": [line] * 3}, actor=actor)
    assert second_pass.run(transcript) is not None
    renditions.ensure(transcript, policies.preset_row("identifiers"))
matter.refresh_from_db()
assert rechecking.describe(actor=actor, by=member, matter=matter, title="Case", parties=[], hide=["warehouse"])
"""
# Killed for good in the midst of one more pass, or when it was done and no view was made of it.
KILLED = """
import os, signal
from transcription import rechecking, renditions, second_pass
real, left = second_pass.{place}, [{after}]
def dies(*given):
    if not left[0]:
        os.kill(os.getpid(), signal.SIGKILL)
    left[0] -= 1
    return real(*given)
second_pass.{place} = dies
rechecking.work(600)
"""
STATE = """
from transcription import rechecking, renditions
from transcription.models import Rendition
from vault.models import Matter
for made in Rendition.objects.filter(state="ready"):
    assert all("warehouse" not in line["text"] for line in renditions.utterances(made))
done = rechecking.progress(Matter.objects.get())
print(f"{done.checked}/{done.total}" if done else "settled", Rendition.objects.filter(state="ready").count(), flush=True)
"""


@pytest.mark.long
@pytest.mark.timeout(300)
def test_a_worker_that_is_killed_again_and_again_goes_on(shell: Shell) -> None:
    shell(PREPARE)
    assert shell(STATE) == ["0/5", "0"]
    shell(KILLED.format(place="_keep", after=2), killed=True)
    assert shell(STATE) == ["2/5", "0"]
    assert shell(STATE + "rechecking.work(600)" + STATE) == ["2/5", "0", "settled", "5"]
