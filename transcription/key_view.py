"""What a program sees: the Rendition of its key, never more, and never more than the matter or the request hides."""

from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from compliance import policies
from compliance.audiences import Audience
from compliance.audit import SYSTEM, Actor
from compliance.models import DisclosurePolicy
from portal.accounts.models import ApiKey
from portal.accounts.rights import SCOPE_RIGHTS, Scope, allowed
from portal.errors import Conflict
from transcription import audio, pictures, proceedings, renditions, withholding
from transcription.models import Job, Recording, Rendition, Transcript
from vault import matters
from vault.errors import GrantRefused
from vault.models import Grant, StoredObject

KEY: Final = "key"


class NoRedactedCopy(Conflict):
    code = "no_redacted_copy"
    message = (
        "There is no copy of this with private details hidden yet. Have it transcribed and ask again when that is done; "
        "the original needs a key with the scope object:original."
    )


def policy_of(key: ApiKey, transcript: Transcript) -> DisclosurePolicy:
    """The key's policy in the matter, hiding also what the matter or a request of this key asked to hide.

    Raises PolicyUnresolved.
    """
    proceeding = transcript.proceeding
    policy = proceedings.policy_for(proceeding, Audience.of_key(key))
    more = extra_types(transcript.job) if transcript.job is not None else []
    if more:
        organization_id = proceeding.matter.organization_id
        policy = policies.with_types(actor=SYSTEM, organization_id=organization_id, base=policy, types=more)
    return policy


def extra_types(job: Job) -> list[str]:
    """Types that the request wanted hidden beside the policy's."""
    found: Any = job.options.get("redact_pii_policies")
    return [str(type_) for type_ in found] if isinstance(found, list) else []


def rendition_of(key: ApiKey, transcript: Transcript) -> Rendition:
    """What the key reads. Raises NotShown while it is being hidden or held, PolicyUnresolved."""
    return renditions.ensure(transcript, policy_of(key, transcript))


def served(grant: Grant) -> StoredObject:
    """The object that a link gives: a program's link to a recording gives the redacted copy of the key's view, and a
    person's link to a redacted copy gives it while that person may hear it, to a video while they may see its picture.

    Raises GrantRefused when the key or its member may not open the matter any more, NoRedactedCopy, SoundWithheld.
    """
    obj = grant.object
    if grant.actor_kind != KEY and grant.submission_id is None and obj.kind == StoredObject.Kind.REDACTED_AUDIO:
        withholding.check_link(grant, obj)
        return obj
    if grant.actor_kind != KEY and grant.submission_id is None and obj.kind == StoredObject.Kind.RECORDING:
        pictures.check_link(grant, obj)
        return obj
    if grant.actor_kind != KEY or grant.submission_id is not None or grant.method not in {"GET", "HEAD"}:
        return obj
    keys = ApiKey.objects.select_related("member", "organization")
    key = keys.filter(pk=grant.actor_id).first() if grant.actor_id is not None else None
    if key is None or not _live(key) or not matters.visible_to(key.member).filter(vault_id=obj.vault_id).exists():
        raise GrantRefused
    if _may_have_originals(key):
        if obj.kind == StoredObject.Kind.REDACTED_AUDIO:
            withholding.check_listened(grant, obj)
        return obj
    recording = Recording.objects.select_related("proceeding__matter__vault").filter(object=obj).first()
    if obj.kind == StoredObject.Kind.DOCUMENT and recording is None and obj.created_by in {key.id, key.member_id}:
        # Not part of a proceeding, and the program's own: it knows what it put there.
        return obj
    if obj.kind not in {StoredObject.Kind.DOCUMENT, StoredObject.Kind.RECORDING}:
        raise GrantRefused
    if recording is None:
        raise NoRedactedCopy
    return _redacted_copy(key, recording)


def _redacted_copy(key: ApiKey, recording: Recording) -> StoredObject:
    transcript = proceedings.transcript_of(recording.proceeding)
    if transcript is None or recording.media not in {"audio", "video"}:
        raise NoRedactedCopy
    why = withholding.reason(key.organization, transcript, may_reveal=False)
    if why:
        withholding.refuse(Actor(KEY, key.id, key.name), transcript, why)
    try:
        rendition = rendition_of(key, transcript)
    except renditions.NotShown:
        raise NoRedactedCopy from None
    why = withholding.reason(key.organization, transcript, may_reveal=False, rendition=rendition)
    if why:
        withholding.refuse(Actor(KEY, key.id, key.name), transcript, why)
    if rendition.audio_state != Rendition.Audio.READY:
        raise NoRedactedCopy
    heard = [one.id for one, _ in audio.recordings_of(rendition)]
    place = heard.index(recording.id) if recording.id in heard else len(rendition.audio_objects)
    if place >= len(rendition.audio_objects):
        raise NoRedactedCopy
    copies = StoredObject.objects.select_related("vault__organization")
    copy = copies.filter(
        pk=UUID(rendition.audio_objects[place]), vault_id=recording.object.vault_id, state=StoredObject.State.STORED
    ).first()
    if copy is None:
        raise NoRedactedCopy
    return copy


def _live(key: ApiKey) -> bool:
    expired = key.expires_at is not None and key.expires_at <= timezone.now()
    return key.revoked_at is None and key.member.is_active and not expired


def _may_have_originals(key: ApiKey) -> bool:
    return Scope.OBJECT_ORIGINAL.value in key.scopes and allowed(key.member.roles, *SCOPE_RIGHTS[Scope.OBJECT_ORIGINAL])
