"""A held text that somebody has open: find, hide here and everywhere, take back, listen, half an hour at a time."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from compliance.audit import Actor
from compliance.models import AuditEvent
from portal.accounts.models import Member
from portal.accounts.rights import Role
from portal.errors import BadInput, NotFound, Refused
from tests import film
from tests.deposition import SAMPLE, make
from transcription import checking_again, held_sound, holding, key_view, reading, second_pass
from transcription.models import Rendition, Reveal, ReviewAct, Transcript
from vault import grants, matters, objects
from vault.errors import GrantRefused
from vault.models import Grant, Matter, StoredObject

pytestmark = pytest.mark.django_db
SAID = [
    "My name is Zoë Petrakis, and this is Petrakis's truck.",
    "Mrs. Petrakis-Jones saw it. Zoe saw it, too.",
    "Maple Street. I live on maple street, not on Maple Lane.",
    "... ?!",
    "The truck was red.",
]


def facts(type_: str) -> list[dict[str, Any]]:
    return [event.facts for event in AuditEvent.objects.filter(type=type_).order_by("at")]


def hold(transcript: Transcript) -> Transcript:
    transcript.detection_sets.all().delete()
    Rendition.objects.filter(transcript=transcript).delete()
    second_pass.hold(transcript, "pass_failed")
    return Transcript.objects.get(pk=transcript.pk)


@pytest.fixture
def held(matter: Matter, paralegal: Member, actor_for: Callable[[Member], Actor]) -> Transcript:
    utterances = [{"speaker": "AB"[n % 2], "text": text} for n, text in enumerate(SAID)]
    said = {"status": "completed", "language_code": "en", "audio_duration": 10.0, "utterances": utterances}
    return hold(make(matter, paralegal, actor_for, with_sound=False, said=said))


@pytest.fixture
def seen(actor_for: Callable[[Member], Actor]) -> Callable[[Member, Transcript], reading.View]:
    return lambda member, transcript: reading.open_view(actor_for(member), member, transcript.id)


@pytest.fixture
def view(held: Transcript, attorney: Member, seen: Any) -> reading.View:
    made: reading.View = seen(attorney, held)
    holding.open_for_checking(made, purpose="litigation", note="At night.")
    return made


def hidden(view: reading.View) -> list[str]:
    return [word["text"] for line in holding.lines(view, 0) for word in line["words"] if word["hidden"]]


def found(view: reading.View, text: str) -> list[str]:
    words = [line["words"] for line in holding.lines(view, 0)]
    return [" ".join(w["text"] for w in words[p.n][p.first : p.last + 1]) for p in holding.find(view, text)]


# --- find ------------------------------------------------------------
@pytest.mark.parametrize(
    ("looked_for", "places"),
    [
        ("petrakis", ["Petrakis,", "Petrakis's", "Petrakis-Jones"]),
        ("Petrakis's", ["Petrakis,", "Petrakis's", "Petrakis-Jones"]),
        ("zoe", ["Zoë", "Zoe"]),
        ("ZOË PETRAKIS", ["Zoë Petrakis,"]),
        ("maple street", ["Maple Street.", "maple street,"]),
        ("maple str", ["Maple Street.", "maple street,"]),
        ("map", ["Maple", "maple", "Maple"]),
        ("ma", []),
        ("street maple", []),
        ("truck mrs", []),
        ("...", []),
    ],
)
def test_words_are_found_side_by_side_in_any_form(view: reading.View, looked_for: str, places: list[str]) -> None:
    assert found(view, looked_for) == places


def test_what_is_looked_for_is_kept_sealed_with_the_reveal_and_recorded_by_number(view: reading.View) -> None:
    holding.find(view, " Petrakis ")
    reveal = Reveal.objects.get()
    assert reveal.what == {"find": "Petrakis"}
    assert b"Petrakis" not in bytes(reveal.what_sealed)
    assert facts("transcription:search:made") == [{"hits": 3, "matters": 1}]
    assert holding.find(view, "") == []
    assert Reveal.objects.get().what is None
    assert len(facts("transcription:search:made")) == 1
    with pytest.raises(BadInput):
        holding.find(view, "x" * 201)


def test_nothing_is_found_or_hidden_by_who_has_not_opened_it(
    held: Transcript, attorney: Member, paralegal: Member, seen: Any
) -> None:
    acts: list[Callable[[reading.View], object]] = [
        lambda view: holding.find(view, "petrakis"),
        lambda view: holding.hide(view, 0, [3], type_="name", reason="missed", everywhere=True),
        lambda view: holding.hide_found(view, type_="name", reason="missed"),
        lambda view: holding.take_back(view, 1),
        holding.extend,
        held_sound.open_,
    ]
    for act in acts:
        with pytest.raises(holding.NotOpened):
            act(seen(attorney, held))
        with pytest.raises(Refused):
            act(seen(paralegal, held))
    assert not ReviewAct.objects.exists()


# --- hide and take back ------------------------------------------------------------
def test_hidden_everywhere_is_one_decision_that_is_taken_back_at_once(view: reading.View) -> None:
    made = holding.hide(view, 0, [4], type_="name", reason="missed", everywhere=True)
    assert hidden(view) == ["Petrakis,", "Petrakis's", "Petrakis-Jones"]
    assert facts("transcription:review:decided") == [{"decision": "hide", "reason": "missed", "spans": 3}]
    text = holding.text(view)
    [listed] = text.by_hand()
    assert (listed.text, listed.places, listed.n, listed.type) == ("Petrakis,", 3, 0, "name")
    assert holding.kept_by_hand(view.transcript) == 3

    undo = holding.take_back(view, made.number)
    assert hidden(view) == []
    assert holding.text(view).by_hand() == []
    assert holding.text(view).undone(undo.number) == "readable"
    with pytest.raises(BadInput, match="taken back already"):
        holding.take_back(view, made.number)
    again = holding.take_back(view, undo.number)
    assert hidden(view) == ["Petrakis,", "Petrakis's", "Petrakis-Jones"]
    assert holding.text(view).undone(again.number) == "hidden"
    assert holding.text(view).undone(undo.number) == ""
    with pytest.raises(NotFound):
        holding.take_back(view, 99)


def test_words_apart_are_looked_for_apart_and_words_together_together(view: reading.View) -> None:
    holding.hide(view, 0, [3, 4], type_="name", reason="missed", everywhere=True)
    assert hidden(view) == ["Zoë", "Petrakis,"]
    # "Zoe" and "it," of the second line, each by itself.
    holding.hide(view, 1, [4, 6], type_="name", reason="missed", everywhere=True)
    assert hidden(view) == ["Zoë", "Petrakis,", "it.", "Zoe", "it,"]


def test_what_is_hidden_everywhere_already_or_says_nothing_is_told(view: reading.View) -> None:
    holding.hide(view, 4, [3], type_="private", reason="sensitive", everywhere=True)
    with pytest.raises(BadInput, match="already"):
        holding.hide(view, 4, [3], type_="private", reason="sensitive", everywhere=True)
    with pytest.raises(BadInput, match="letters or digits"):
        holding.hide(view, 3, [0], type_="private", reason="sensitive", everywhere=True)
    holding.hide(view, 3, [0], type_="private", reason="sensitive")
    assert hidden(view) == ["...", "red."]


def test_everything_that_was_found_is_hidden_and_what_was_hidden_before_is_not_counted(view: reading.View) -> None:
    with pytest.raises(BadInput, match="Find something"):
        holding.hide_found(view, type_="address", reason="missed")
    holding.hide(view, 2, [0, 1], type_="address", reason="missed")
    holding.find(view, "maple street")
    holding.hide_found(view, type_="address", reason="missed")
    assert hidden(view) == ["Maple", "Street.", "maple", "street,"]
    assert [fact["spans"] for fact in facts("transcription:review:decided")] == [1, 1]
    with pytest.raises(BadInput, match="still to be hidden"):
        holding.hide_found(view, type_="address", reason="missed")


def test_more_words_than_one_decision_may_hide_are_refused_with_their_number(
    view: reading.View, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("transcription.deciding.WORDS_LIMIT", 2)
    with pytest.raises(BadInput) as refused:
        holding.hide(view, 0, [4], type_="name", reason="missed", everywhere=True)
    assert refused.value.facts == {"limit": 2, "found": 3}
    assert hidden(view) == []


def test_what_is_taken_back_is_of_this_page_only(view: reading.View, attorney: Member) -> None:
    ReviewAct.objects.create(
        transcript=view.transcript, version=1, number=1, decision="accept", reason="right", member=attorney
    )
    with pytest.raises(NotFound):
        holding.take_back(view, 1)


# --- half an hour ------------------------------------------------------------
def test_half_an_hour_more_is_a_reveal_of_its_own_for_the_same_purpose(view: reading.View) -> None:
    holding.find(view, "petrakis")
    before = Reveal.objects.get()
    made = holding.extend(view)
    before.refresh_from_db()
    assert before.ended_at is not None
    assert holding.opened(view) == made
    assert (made.purpose, made.note, made.what) == ("litigation", "At night.", {"find": "petrakis"})
    assert made.expires_at > before.expires_at
    assert [(fact["purpose"], fact["scope"]) for fact in facts("transcription:transcript:revealed")] == [
        ("litigation", "held")
    ] * 2
    assert AuditEvent.objects.filter(type="transcription:transcript:revealed").count() == 2


def test_what_ended_by_itself_is_told_apart_from_what_somebody_closed(view: reading.View) -> None:
    assert holding.run_out(view) is None
    Reveal.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert holding.run_out(view) == Reveal.objects.get()
    with pytest.raises(holding.NotOpened):
        holding.extend(view)
    Reveal.objects.update(ended_at=timezone.now())
    assert holding.run_out(view) is None


def test_what_was_open_for_checking_reveals_nothing_after_the_release(
    view: reading.View, held: Transcript, firm: Any, matter: Matter, make_member: Callable[..., Member], attorney: Member,
    actor_for: Callable[[Member], Actor], seen: Any,
) -> None:  # fmt: skip
    other = make_member(firm, Role.ATTORNEY)
    matters.add_to_wall(actor=actor_for(attorney), by=attorney, matter=matter, member=other)
    holding.open_for_checking(seen(other, held), purpose="quality")
    holding.hide(view, 0, [3, 4], type_="name", reason="missed")
    holding.release(view, read_all=True)
    assert seen(other, held).reveals == []
    assert seen(attorney, held).reveals == []


# --- sound ------------------------------------------------------------
@pytest.fixture
def spoken(matter: Matter, paralegal: Member, actor_for: Callable[[Member], Actor]) -> Transcript:
    return hold(make(matter, paralegal, actor_for))


def served(path: str, actor: Actor) -> StoredObject:
    return key_view.served(grants.check(path.removeprefix(grants.PATH), grants.Asked("GET"), actor))


def test_the_original_sound_is_heard_while_the_text_is_open(
    spoken: Transcript, attorney: Member, seen: Any, actor_for: Callable[[Member], Actor]
) -> None:
    view = seen(attorney, spoken)
    reveal = holding.open_for_checking(view, purpose="quality")
    assert held_sound.offered(view) == "audio"
    assert held_sound.parts(view, reveal) == []
    [part] = held_sound.open_(view)
    assert objects.get_bytes(served(part.url, actor_for(attorney))) == (SAMPLE / "deposition.opus").read_bytes()
    assert facts("transcription:transcript:played") == [{"policy": "verbatim", "version": 1}]
    kept = Reveal.objects.get()
    assert held_sound.parts(view, kept) == [part]
    assert part.url.encode() not in bytes(kept.what_sealed)
    grant = Grant.objects.get(revoked_at=None, object__kind=StoredObject.Kind.RECORDING)
    assert grant.expires_at <= kept.expires_at + timedelta(seconds=1)


@pytest.mark.parametrize("how", ["time", "release", "again", "role", "wall", "destroyed"])
def test_the_sound_ends_with_the_reveal(
    spoken: Transcript, attorney: Member, paralegal: Member, matter: Matter, seen: Any, actor_for: Callable[[Member], Actor],
    how: str,
) -> None:  # fmt: skip
    view = seen(attorney, spoken)
    holding.open_for_checking(view, purpose="quality")
    [part] = held_sound.open_(view)
    if how == "time":
        Reveal.objects.update(expires_at=timezone.now())
    elif how == "release":
        holding.release(view, read_all=True)
    elif how == "again":
        checking_again.ask(view.actor, attorney, view.transcript)
    elif how == "role":
        attorney.role_rows.update(role=Role.PARALEGAL)
    elif how == "wall":
        matters.remove_from_wall(actor=actor_for(paralegal), by=paralegal, matter=matter, member=attorney)
    else:
        holding.destroy(actor_for(attorney), attorney, view.transcript)
    if how in ("release", "again", "destroyed"):
        assert not Grant.objects.filter(revoked_at=None, object__kind=StoredObject.Kind.RECORDING).exists()
    # Also where the link itself was not closed.
    Grant.objects.update(revoked_at=None)
    with pytest.raises(GrantRefused):
        served(part.url, actor_for(attorney))
    assert AuditEvent.objects.filter(outcome="refused", type__in=[
        "transcription:transcript:sound_withheld", "vault:grant:refused",
    ]).count() == 1  # fmt: skip


def test_the_link_of_who_opened_it_is_worth_nothing_to_who_did_not(
    spoken: Transcript, paralegal: Member, attorney: Member, seen: Any, actor_for: Callable[[Member], Actor]
) -> None:
    holding.open_for_checking(seen(attorney, spoken), purpose="quality")
    original = spoken.proceeding.recordings.get().object
    grant, _ = grants.mint(actor=actor_for(paralegal), obj=original, method="GET", seconds=600)
    with pytest.raises(GrantRefused):
        key_view.served(grant)


def test_a_video_is_not_opened_by_this_and_a_text_has_no_sound(
    held: Transcript, matter: Matter, paralegal: Member, attorney: Member, seen: Any, actor_for: Callable[[Member], Actor]
) -> None:
    video = hold(film.make(matter, paralegal, actor_for, (film.film(film.MP4), "video/mp4")))
    view = seen(attorney, video)
    holding.open_for_checking(view, purpose="quality")
    assert held_sound.offered(view) == "video"
    with pytest.raises(held_sound.SoundWithPicture):
        held_sound.open_(view)
    original = video.proceeding.recordings.get().object
    grant, _ = grants.mint(actor=actor_for(attorney), obj=original, method="GET", seconds=600)
    with pytest.raises(GrantRefused):
        key_view.served(grant)
    view = seen(attorney, held)
    holding.open_for_checking(view, purpose="quality")
    assert held_sound.offered(view) == "none"
    with pytest.raises(held_sound.NoSound):
        held_sound.open_(view)
