"""The picture of a video: shown under verbatim and under nothing else, by links that end with the right to it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from compliance.audit import SYSTEM, Actor
from compliance.models import AuditEvent
from portal.accounts.models import Member, Organization
from portal.accounts.rights import Role
from portal.errors import NotFound
from tests import film
from tests.deposition import SAMPLE
from transcription import audio, disclosure, key_view, pictures, playback, reading, renditions
from transcription.models import Rendition, Reveal, Transcript
from vault import grants, matters, objects
from vault.errors import GrantRefused
from vault.models import Grant, Matter, StoredObject

pytestmark = pytest.mark.django_db
RECORDING = StoredObject.Kind.RECORDING


@pytest.fixture(scope="module")
def data() -> bytes:
    return film.film(film.MP4)


@pytest.fixture
def video(matter: Matter, paralegal: Member, actor_for: Callable[[Member], Actor], data: bytes) -> Transcript:
    return film.make(matter, paralegal, actor_for, (data, "video/mp4"))


@pytest.fixture
def officer(firm: Organization, make_member: Callable[..., Member]) -> Member:
    return make_member(firm, Role.PRIVACY_OFFICER)


@pytest.fixture
def give(matter: Matter, officer: Member, actor_for: Callable[[Member], Actor]) -> Callable[..., None]:
    """Gives an audience a policy in the matter; None takes it away."""

    def act(audience: str, policy: str | None, purpose: str = "") -> None:
        disclosure.set_audience(
            actor=actor_for(officer), by=officer, matter_id=matter.id, audience=audience, policy_name=policy, purpose=purpose
        )

    return act


@pytest.fixture
def seen(actor_for: Callable[[Member], Actor]) -> Callable[[Member, Transcript], reading.View]:
    return lambda member, transcript: reading.open_view(actor_for(member), member, transcript.id)


@pytest.fixture
def under_verbatim(video: Transcript, attorney: Member, give: Any, seen: Any) -> reading.View:
    give(f"member:{attorney.id}", "verbatim", "litigation")
    view: reading.View = seen(attorney, video)
    return view


def served(path: str, actor: Actor) -> StoredObject:
    """What the streaming app gives to whoever has the link."""
    return key_view.served(grants.check(path.removeprefix(grants.PATH), grants.Asked("GET"), actor))


def make_sound(transcript: Transcript) -> None:
    for row in Rendition.objects.filter(transcript=transcript, audio_state=Rendition.Audio.BUILDING):
        audio.ensure(row)


@pytest.mark.parametrize("policy", ["identifiers", "everything", "hipaa_safe_harbor", "frcp_5_2", "gdpr"])
def test_under_every_policy_that_hides_something_there_is_the_silent_copy_and_no_picture(
    video: Transcript, attorney: Member, give: Any, seen: Any, data: bytes, policy: str
) -> None:
    give("role:attorney", policy)
    view = seen(attorney, video)
    make_sound(video)
    assert pictures.state(view) == "hidden"
    [part] = playback.sound(seen(attorney, video))
    assert part.picture == ""
    copy = served(part.url, view.actor)
    assert copy.kind == StoredObject.Kind.REDACTED_AUDIO
    assert not film.has_picture(objects.get_bytes(copy))
    assert film.has_picture(data)  # the measure itself
    assert not Grant.objects.filter(object__kind=RECORDING).exists()
    assert not AuditEvent.objects.filter(type="transcription:transcript:picture_shown").exists()


def test_a_reveal_of_the_whole_transcript_shows_words_and_no_picture(
    video: Transcript, attorney: Member, seen: Any
) -> None:
    now = timezone.now()
    reveal = Reveal(
        transcript=video, member=attorney, purpose="litigation", scope="transcript", created_at=now,
        expires_at=now + timedelta(minutes=30),
    )  # fmt: skip
    reveal.note = ""
    reveal.save(force_insert=True)
    view = seen(attorney, video)
    assert view.reveals == [reveal]
    assert pictures.state(view) == "hidden"
    assert [part.picture for part in playback.sound(view)] == [""]


def test_under_verbatim_the_video_itself_is_given_with_its_record_and_purpose(
    under_verbatim: reading.View, data: bytes, attorney: Member
) -> None:
    for _ in range(2):
        [part] = playback.sound(under_verbatim)
    assert part.picture.startswith("/")
    assert part.format == "MP4 or MOV"
    assert objects.get_bytes(served(part.picture, under_verbatim.actor)) == data
    # The sound alone is there, too, for a browser that cannot play the file.
    assert served(part.url, under_verbatim.actor).kind == StoredObject.Kind.REDACTED_AUDIO
    shown = AuditEvent.objects.get(type="transcription:transcript:picture_shown")
    assert (shown.actor_id, shown.facts["purpose"], shown.facts["recordings"]) == (attorney.id, "litigation", 1)
    assert AuditEvent.objects.get(type="transcription:transcript:revealed").facts["scope"] == "verbatim"
    assert AuditEvent.objects.filter(type="transcription:transcript:played").count() == 1


def test_without_its_record_no_picture_is_given(under_verbatim: reading.View, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(type_: str, **facts: Any) -> None:
        if type_.endswith("picture_shown"):
            raise RuntimeError("the log is down")

    monkeypatch.setattr("compliance.audit.record", broken)
    with pytest.raises(RuntimeError):
        playback.sound(under_verbatim)
    assert not Grant.objects.exists()


def test_what_one_is_given_by_name_the_others_of_the_role_have_not(
    under_verbatim: reading.View, video: Transcript, paralegal: Member, officer: Member, firm: Organization, matter: Matter,
    make_member: Callable[..., Member], actor_for: Callable[[Member], Actor], seen: Any,
) -> None:  # fmt: skip
    colleague = make_member(firm, Role.ATTORNEY)
    for member in (colleague, officer):
        matters.add_to_wall(actor=under_verbatim.actor, by=under_verbatim.member, matter=matter, member=member)
    for member in (paralegal, colleague, officer):
        assert pictures.state(seen(member, video)) == "hidden", member
        assert [part.picture for part in playback.sound(seen(member, video))] == [""], member


@pytest.mark.parametrize("how", ["rule", "other policy", "role", "wall", "held", "inactive"])
def test_a_link_to_the_video_ends_with_the_right_to_it(
    under_verbatim: reading.View, video: Transcript, attorney: Member, paralegal: Member, matter: Matter, give: Any,
    actor_for: Callable[[Member], Actor], how: str,
) -> None:  # fmt: skip
    [part] = playback.sound(under_verbatim)
    # Minted in the moment of the change, or by a page that was not told: not closed, and still worth nothing.
    actor = actor_for(attorney)
    assert served(part.picture, actor).kind == RECORDING
    if how == "rule":
        give(f"member:{attorney.id}", None)
    elif how == "other policy":
        give(f"member:{attorney.id}", "frcp_5_2")
    elif how == "role":
        attorney.role_rows.update(role=Role.PARALEGAL)
    elif how == "wall":
        matters.remove_from_wall(actor=actor_for(paralegal), by=paralegal, matter=matter, member=attorney)
    elif how == "held":
        Transcript.objects.filter(pk=video.pk).update(state=Transcript.State.HELD)
    else:
        Member.objects.filter(pk=attorney.pk).update(is_active=False)
    Grant.objects.update(revoked_at=None)
    with pytest.raises(GrantRefused):
        served(part.picture, actor)
    assert AuditEvent.objects.filter(outcome="refused", type__in=[
        "transcription:transcript:picture_withheld", "vault:grant:refused",
    ]).count() == 1  # fmt: skip


def test_a_changed_audience_table_closes_links_to_videos_and_leaves_the_speech_service_its_own(
    under_verbatim: reading.View, video: Transcript, give: Any
) -> None:
    playback.sound(under_verbatim)
    original = video.proceeding.recordings.get().object
    sent, _ = grants.mint(actor=SYSTEM, obj=original, method="GET", seconds=600, submission_id=uuid4())
    program, _ = grants.mint(actor=Actor("key", uuid4()), obj=original, method="GET", seconds=600)
    give("role:paralegal", "everything")
    still = set(Grant.objects.filter(revoked_at=None).values_list("id", flat=True))
    assert still == {sent.id, program.id}


@pytest.mark.parametrize("held", [True, False])
def test_a_members_link_to_sound_that_was_never_a_video_is_worth_nothing(
    matter: Matter, paralegal: Member, attorney: Member, actor_for: Callable[[Member], Actor], give: Any, held: bool
) -> None:
    """No page mints one; whoever could would get the original past the bleeps."""
    made = film.make(matter, paralegal, actor_for, ((SAMPLE / "deposition.opus").read_bytes(), "audio/ogg"))
    if held:
        give(f"member:{attorney.id}", "verbatim", "litigation")
    for member in (paralegal, attorney):
        obj = made.proceeding.recordings.get().object
        grant, _ = grants.mint(actor=actor_for(member), obj=obj, method="GET", seconds=600)
        with pytest.raises(GrantRefused):
            key_view.served(grant)


def test_sound_and_video_in_one_proceeding_each_have_what_they_have(
    matter: Matter, paralegal: Member, attorney: Member, actor_for: Callable[[Member], Actor], give: Any, seen: Any, data: bytes
) -> None:
    sound = (SAMPLE / "deposition.opus").read_bytes()
    made = film.make(matter, paralegal, actor_for, (sound, "audio/ogg"), (data, "video/mp4"))
    assert [part.picture for part in playback.sound(seen(paralegal, made))] == ["", ""]
    give(f"member:{attorney.id}", "verbatim", "court")
    first, second = playback.sound(seen(attorney, made))
    assert first.picture == ""
    assert objects.get_bytes(served(second.picture, actor_for(attorney))) == data
    assert second.start == first.duration


def test_a_recording_without_a_picture_says_nothing_of_one(
    matter: Matter, paralegal: Member, actor_for: Callable[[Member], Actor], seen: Any
) -> None:
    made = film.make(matter, paralegal, actor_for, ((SAMPLE / "deposition.opus").read_bytes(), "audio/ogg"))
    assert pictures.state(seen(paralegal, made)) == "none"


def test_the_neighbour_finds_no_video_at_all(
    video: Transcript, clinician: Member, actor_for: Callable[[Member], Actor]
) -> None:
    with pytest.raises(NotFound):
        reading.open_view(actor_for(clinician), clinician, video.id)
    original = video.proceeding.recordings.get().object
    grant, _ = grants.mint(actor=actor_for(clinician), obj=original, method="GET", seconds=600)
    with pytest.raises(GrantRefused):
        grants.check(grants.path_of(grant).removeprefix(grants.PATH), grants.Asked("GET"), actor_for(clinician))
    # The room above asks for itself as well.
    with pytest.raises(GrantRefused):
        key_view.served(grant)


def test_an_upload_that_is_part_of_nothing_yet_is_given_to_its_sender_only(
    matter: Matter, paralegal: Member, attorney: Member, actor_for: Callable[[Member], Actor], data: bytes
) -> None:
    stored = objects.put_bytes(
        actor=actor_for(paralegal), vault=matter.vault, kind=RECORDING, content_type="video/mp4", data=data
    )
    grant, _ = grants.mint(actor=actor_for(paralegal), obj=stored, method="GET", seconds=600)
    assert key_view.served(grant) == stored
    grant, _ = grants.mint(actor=actor_for(attorney), obj=stored, method="GET", seconds=600)
    with pytest.raises(GrantRefused):
        key_view.served(grant)


def test_an_uploader_who_asked_to_hide_more_binds_everybody_but_whom_verbatim_was_given_by_name(
    video: Transcript, attorney: Member, give: Any, seen: Any, actor_for: Callable[[Member], Actor]
) -> None:
    type(video.proceeding).objects.filter(pk=video.proceeding_id).update(policy_name="everything")
    assert pictures.state(seen(attorney, video)) == "hidden"
    give(f"member:{attorney.id}", "verbatim", "court")
    assert pictures.state(seen(attorney, video)) == "shown"
    renditions.ensure(video, seen(attorney, video).given.policy)
    [part] = playback.sound(seen(attorney, video))
    assert served(part.picture, actor_for(attorney)).kind == RECORDING
