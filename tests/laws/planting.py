"""A matter with something private of every kind in every place where something can stand, and who must not see what.

Three zones. HIDDEN: spans of the transcript, for nobody but ``verbatim`` and reveals. WALL: what people typed about the
matter, shown as typed inside its wall and never outside. SEALED: notes and vocabulary, shown to nobody.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from compliance import policies
from compliance.audit import Actor
from compliance.redaction import TYPES
from portal.accounts import keys, setup
from portal.accounts.models import Member, Organization
from portal.accounts.rights import SCOPE_RIGHTS, Role, Scope, allowed
from tests.deposition import SAMPLE
from transcription import (
    audio,
    deciding,
    disclosure,
    holding,
    ingest,
    jobs,
    key_view,
    patterns,
    proceedings,
    reading,
    renditions,
    reveals,
    revisions,
    second_pass,
    speakers,
)
from transcription.models import Job, Proceeding, Rendition, Transcript
from vault import matters, multipart, objects
from vault.models import Matter, MatterMember, StoredObject

# What the second pass finds: by the look, by the question, as a party, from the matter's list, from a voice's label.
BY_THE_PASS = (
    "Oyinkansola", "Braithwaite", "five five five, oh one nine eight", "braithwaite at fernmail", "521-47-5093",
    "Nightjar", "Zebulon", "Vandersloot", "fourteenth of March", "Persephone",
)  # fmt: skip
# Hidden whole, since nobody could check the language; and hidden by a person.
WHOLE, BY_HAND = "zarzamora", "periscope"
HIDDEN = (*BY_THE_PASS, WHOLE, BY_HAND)
TITLE, PARTY, PROCEEDING, FILE = "Quenneville", "Thistlewood", "Featherstone", "mossington"
WALL = (TITLE, PARTY, PROCEEDING, FILE, "Oglethorpe", "Pemberley", "Winterbourne")
# Milliseconds from one turn to the next, and of a turn: all of them within the recording.
_PITCH, _LENGTH = 2600, 2200
SEALED = ("snowdrop", "marzipan", "Wrzesniewski", "turmeric", "cinnabar")


def _said(at: int, speaker: str, text: str, **more: Any) -> dict[str, Any]:
    start = 1000 + _PITCH * at
    words = text.split()
    step = _LENGTH / len(words)
    timed = [
        {"text": w, "start": round(start + n * step), "end": round(start + (n + 1) * step) - 20, "confidence": 0.93}
        for n, w in enumerate(words)
    ]
    return {"speaker": speaker, "start": start, "end": start + _LENGTH, "text": text, "words": timed, **more}


_TURNS = [
    ("A", "Please state your full name for the record."),
    ("B", "My name is Oyinkansola Braithwaite."),
    ("A", "What is your telephone number?"),
    ("B", "Area code two one six, five five five, oh one nine eight."),
    ("A", "And what is your e-mail address?"),
    ("B", "It is o dot braithwaite at fernmail dot org."),
    ("A", "And your social security number?"),
    ("B", "It is 521-47-5093."),
    ("B", "We talked about Nightjar with Miss Thistlewood and Doctor Vandersloot."),
    ("B", "mi abuela dijo zarzamora en la cocina"),
    ("A", "The periscope stood behind the warehouse door."),
    ("A", "The truck stopped before the wall."),
    ("A", "When were you born?"),
    ("B", "On the fourteenth of March, nineteen seventy-nine."),
    ("B", "My daughter Persephone is nine years old."),
]
RESULT: dict[str, Any] = {
    "status": "completed",
    "audio_duration": 40.0,
    "confidence": 0.93,
    "language_code": "en",
    "utterances": [
        _said(n, "Dr. Vandersloot" if who == "A" else "Witness B", text, **({"language_code": "es"} if n == 9 else {}))
        for n, (who, text) in enumerate(_TURNS)
    ],
    "warnings": [{"code": "note", "message": "Low confidence near Oyinkansola."}],
}


@dataclass
class Planted:
    """``ids``: for the parts of routes. ``inside``/``outside``/``neighbours``: people by what the wall is to them."""

    matter: Matter
    ready: Transcript
    held: Transcript
    hiding: Transcript
    job: Job
    recording: StoredObject
    original: StoredObject
    inside: dict[str, Member] = field(default_factory=dict)
    outside: dict[str, Member] = field(default_factory=dict)
    neighbours: dict[str, Member] = field(default_factory=dict)
    keys_inside: dict[str, str] = field(default_factory=dict)
    keys_outside: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    # Parts that a route wants other things for: an upload under way, a set-up link.
    ids_of: dict[str, dict[str, str]] = field(default_factory=dict)


def plant(
    firm: Organization, clinic: Organization, make_member: Callable[..., Member], actor_for: Callable[[Member], Actor],
    webhook_url: str,
) -> Planted:  # fmt: skip
    inside = {role.value: make_member(firm, role) for role in Role if role not in (Role.AUDITOR, Role.ADMINISTRATOR)}
    attorney, paralegal = inside["attorney"], inside["paralegal"]
    matter = matters.create(
        actor=actor_for(attorney), member=attorney, kind="legal", title=f"{TITLE} v. Harbor Logistics",
        parties=[{"name": f"Ondine {PARTY}", "role": "plaintiff"}],
        metadata={"description": "About the Pemberley estate", "metadata": {"client": "Winterbourne"}},
    )  # fmt: skip
    matter.lists = {"hide": ["Nightjar"]}
    matter.save()
    for member in inside.values():
        if member is not attorney:
            MatterMember.objects.create(matter=matter, member=member, added_by=attorney)
    made = keys.create(attorney, "program", tuple(keys.default_scopes(attorney)))
    recording = _recording(matter, attorney, actor_for(attorney))
    proceeding = proceedings.create(
        actor=actor_for(attorney), member=attorney, matter=matter, kind="deposition", objects=[recording],
        title=f"Deposition of Ms. {PROCEEDING}", provider="engine", speakers_expected=2, basic_engine_accepted=True,
        api_key=made.row, vocabulary=["Wrzesniewski"], webhook_url=f"{webhook_url}/cinnabar", policy_name="identifiers",
        language="en", options={},
    )  # fmt: skip
    job = proceedings.latest_job(proceeding)
    assert job is not None
    ready = _ready(job, attorney, actor_for)
    held = _as_document(matter, paralegal, actor_for)
    second_pass.hold(held, "pass_failed")
    _opened_once(held, attorney, actor_for)
    hiding = _as_document(matter, paralegal, actor_for)
    planted = Planted(matter, ready, held, hiding, job, recording, ready.original, inside)
    planted.outside = {role.value: make_member(firm, role) for role in Role}
    planted.neighbours = {role.value: make_member(clinic, role) for role in Role}
    _keys(planted, made.secret)
    planted.ids = {
        "matter_id": str(matter.id), "vault_id": str(matter.vault_id), "object_id": str(recording.id),
        "proceeding_id": str(proceeding.id), "transcription_id": str(job.id), "transcript_id": str(ready.id),
        "member_id": str(attorney.id), "key_id": str(made.row.id), "n": "1", "ordinal": "0", "number": "0", "label": "A",
        "place": "0", "provider": "casedev", "token": "none", "name": "engine", "code": "not_found",
        "erasure_id": "00000000-0000-4000-8000-000000000000", "copy_id": str(ready.renditions.first().id),
    }  # fmt: skip
    officer = inside["privacy_officer"]
    disclosure.save_policy(
        actor=actor_for(officer), by=officer, name="court_copy", rules=dict.fromkeys(TYPES, "label"), other="label", expected=0
    )
    own = patterns.save(
        actor=actor_for(officer), by=officer,
        typed=patterns.Typed("Union cards", "expression", "LU-[0-9]{3}", examples=("LU-418",)),
    )  # fmt: skip
    planted.ids["pattern_id"] = str(own.id)
    upload = multipart.begin(
        actor=actor_for(attorney), vault=matter.vault, kind="recording", content_type="audio/wav",
        file_name=f"{FILE}-late.wav", size=5 * 2**20,
    )  # fmt: skip
    planted.ids["upload_id"] = str(upload.upload.id)
    arriving = {"object_id": str(upload.obj.id)}
    planted.ids_of = {
        "upload_cancel": arriving, "upload_state": arriving, "setup": {"token": setup.make_token()},
        "api-confirm": {"object_id": str(recording.id)}, "member": {"member_id": str(inside["paralegal"].id)},
        "api-multipart": arriving, "transcript_rename": {"label": "B"}, "transcript_undo_decision": {"number": "1"},
        "transcript_undo_correction": {"number": "1"}, "transcript_correct": {"n": "0"}, "transcript_unchecked": {"n": "9"},
        "settings_provider": {"name": "engine"}, "who_sees_matter": {"number": str(matter.number)},
        **dict.fromkeys(
            ("api-policy", "policy", "policy_bring_back", "policy_change", "policy_progress", "policy_retire", "policy_revert"),
            {"name": "court_copy"},
        ),
    }  # fmt: skip
    return planted


def _opened_once(held: Transcript, attorney: Member, actor_for: Callable[[Member], Actor]) -> None:
    view = reading.open_view(actor_for(attorney), attorney, held.id)
    opened = holding.open_for_checking(view, purpose="quality", note="Smelled of turmeric.")
    opened.ended_at = timezone.now()
    opened.save()


def _recording(matter: Matter, member: Member, actor: Actor) -> StoredObject:
    return objects.put_bytes(
        actor=actor, vault=matter.vault, kind=StoredObject.Kind.RECORDING, content_type="audio/ogg",
        data=(SAMPLE / "deposition.opus").read_bytes(), file_name=f"{FILE}-interview.opus",
        metadata={"metadata": {"client": "Winterbourne"}},
    )  # fmt: skip


def _ready(job: Job, attorney: Member, actor_for: Callable[[Member], Actor]) -> Transcript:
    """Transcribed, read by the pass, corrected, decided upon, revealed once, named, signed for by nobody yet."""
    job.proceeding.recordings.update(media="audio", duration_ms=40_000, channels=1, check_state="passed")
    assert jobs.move(job, Job.State.REDACTING, Proceeding.State.HIDING)
    transcript = ingest.store_result(job, RESULT)
    assert second_pass.run(transcript) is not None
    assert jobs.finish(job, transcript)
    actor = actor_for(attorney)

    def view() -> reading.View:
        return reading.open_view(actor, attorney, transcript.id)

    revisions.correct_line(view(), 11, "The truck of Zebulon Quistgaard stopped before the wall.")
    transcript.refresh_from_db()
    assert second_pass.run(transcript) is not None
    deciding.hide(view(), 10, [1], type_="private", reason="privileged", note="A snowdrop was on the desk.")
    reveals.begin(view(), purpose="litigation", scope="span", n=1, ordinal=0, note="The marzipan matter.")
    reveals.end(view())
    speakers.rename(view(), "B", name="Ms. Oglethorpe", role="witness")
    assert job.api_key is not None
    for policy in (policies.preset_row("identifiers"), key_view.policy_of(job.api_key, transcript)):
        audio.ensure(renditions.ensure(transcript, policy))
    Proceeding.objects.filter(pk=transcript.proceeding_id).update(state=Proceeding.State.READY, state_since=timezone.now())
    transcript.refresh_from_db()
    return transcript


def _as_document(matter: Matter, member: Member, actor_for: Callable[[Member], Actor]) -> Transcript:
    """The same conversation once more, that nothing has been checked of yet."""
    proceeding = Proceeding(matter=matter, kind="document", provider="document", created_by=member)
    proceeding.title = f"Notes of Ms. {PROCEEDING}"
    proceeding.save(force_insert=True)
    return ingest.store_result(proceeding, RESULT, actor=actor_for(member))


def _keys(planted: Planted, first: str) -> None:
    attorney, paralegal = planted.inside["attorney"], planted.inside["paralegal"]
    planted.keys_inside = {"attorney's program": first}

    def make(member: Member, *scopes: Scope) -> str:
        return keys.create(member, "program", scopes or tuple(keys.default_scopes(member))).secret

    planted.keys_inside["paralegal's program"] = make(paralegal)
    for scope in (Scope.RENDITION_READ, Scope.VAULT_READ):
        planted.keys_inside[f"program that may only {scope.value}"] = make(attorney, scope)
    # Originals apart: whose scope that is may have them.
    most = [s for s in Scope if s is not Scope.OBJECT_ORIGINAL and allowed(attorney.roles, *SCOPE_RIGHTS[s])]
    planted.keys_inside["program that may do most"] = make(attorney, *most)
    planted.keys_outside = {
        "colleague's program": make(planted.outside["attorney"]),
        "neighbour's program": make(planted.neighbours["attorney"]),
    }


def nothing_is_planted_in_vain(planted: Planted) -> None:
    """Raises AssertionError unless the pass hides every canary, and the originals hold every one."""
    row = Rendition.objects.filter(transcript=planted.ready, state=Rendition.State.READY).first()
    assert row is not None
    text = " ".join(line["text"] for line in renditions.utterances(row)).lower()
    assert "[name 1]" in text
    assert "[not checked: spanish]" in text
    assert [needle for needle in HIDDEN if needle.lower() in text] == []
    whole = " ".join(u.text for u in second_pass.current_text(planted.ready).utterances).lower()
    assert [needle for needle in HIDDEN if needle.lower() not in whole] == []
