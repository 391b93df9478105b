"""Transcriptions: asking for one, reading the key's Rendition of it, deleting it."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from compliance.policies import DEFAULT
from portal.accounts.models import ApiKey
from portal.accounts.rights import Action, Kind, Scope
from portal.api import answer_shapes as said
from portal.api import answers, rendering
from portal.api.acting import Caller, caller_of
from portal.api.authentication import require_scope
from portal.api.base import Answer, ApiView, fields_of, matter_of_vault, once
from portal.api.documents import PROBLEMS
from portal.api.transcription_shapes import OPTIONS, TranscriptionCreate
from portal.api.vaults import create_matter
from portal.errors import BadInput, NotFound
from transcription import fetching, forgetting, jobs, outside, proceedings, tasks
from transcription.models import Job, Proceeding, Recording
from vault import grants, matters
from vault.errors import GrantRefused
from vault.models import Matter, StoredObject, Upload

# Where audio from elsewhere lies when a key has no vault for it yet.
DEFAULT_VAULT_NAME: Final = "Recordings by API"
# The official client repeats a request that it did not see answered; more than that is a new wish.
SAME_REQUEST: Final = timedelta(minutes=10)
# Types that are read, not listened to.
_TEXT_TYPES: Final = (
    "text/",
    "application/json",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
)


class NoSource(BadInput):
    code = "no_source"
    message = "Say what is to be transcribed: audio_url, or vault_id and object_id."


class NoDefaultVault(BadInput):
    code = "no_default_vault"
    message = (
        "This key has no vault that audio from other addresses could be fetched into. Give it one "
        "(create_api_key --vault), let it make vaults, or upload the file first."
    )


class Transcriptions(ApiView):
    scopes = {"POST": Scope.TRANSCRIPTION_CREATE}

    @extend_schema(
        operation_id="transcription_create", request=TranscriptionCreate, responses={200: said.TranscriptionBegun, **PROBLEMS}
    )
    def post(self, request: Request) -> Response:
        """Have a recording transcribed: one that lies in a vault, or one at an address.

        An identical request within ten minutes gives the transcription that is already under way.
        """
        given = fields_of(request, TranscriptionCreate)
        return once(request, lambda caller: _begin(request, caller, given), implicit=SAME_REQUEST, still_good=_still_good)


class OneTranscription(ApiView):
    scopes = {"GET": Scope.RENDITION_READ, "DELETE": Scope.TRANSCRIPTION_DELETE}

    @extend_schema(
        operation_id="transcription_retrieve",
        parameters=[OpenApiParameter("include_text", OpenApiTypes.STR, enum=["true", "false"])],
        responses={200: said.Transcription, **PROBLEMS},
    )
    def get(self, request: Request, transcription_id: UUID) -> Response:
        """How it stands, and when it is completed the text as this key may see it."""
        caller = caller_of(request)
        with_text = request.query_params.get("include_text", "true").lower() != "false"
        job = find_job(caller, transcription_id)
        if job is not None:
            return Response(rendering.transcription(caller, job, with_text=with_text))
        return Response(rendering.fetch(_find_fetch(caller, transcription_id)))

    @extend_schema(operation_id="transcription_delete", responses={204: None, **PROBLEMS})
    def delete(self, request: Request, transcription_id: UUID) -> Response:
        """Delete the transcription, here and at the speech service. The recording stays in its vault."""
        caller = caller_of(request)
        job = find_job(caller, transcription_id, deleted=True)
        if job is not None:
            forgetting.erase_transcription(actor=caller.actor, member=caller.member, job=job)
        else:
            fetching.cancel(actor=caller.actor, upload=_find_fetch(caller, transcription_id))
        return Response(status=204)


def find_job(caller: Caller, transcription_id: UUID, *, deleted: bool = False) -> Job | None:
    """The Job, if its matter is open to the caller's member."""
    jobs_seen = Job.objects.filter(proceeding__matter__in=matters.visible_to(caller.member))
    if not deleted:
        jobs_seen = jobs_seen.exclude(failure=forgetting.DELETED)
    related = jobs_seen.select_related("proceeding__matter__vault", "proceeding__matter__organization", "transcript")
    return related.filter(pk=transcription_id).first()


def _find_fetch(caller: Caller, transcription_id: UUID) -> Upload:
    found = (
        Upload.objects.select_related("object__vault")
        .filter(pk=transcription_id, kind=Upload.Kind.FETCH)
        .filter(object__vault__matter__in=matters.visible_to(caller.member))
        .exclude(object__failure=fetching.CANCELLED)
        .first()
    )
    if found is None or found.object.state == StoredObject.State.ERASED:
        raise NotFound
    return found


def _still_good(caller: Caller, kept: dict[str, Any]) -> dict[str, Any] | None:
    """The running or finished transcription that an identical request began; None when it failed or is gone."""
    try:
        transcription_id = UUID(str(kept.get("id")))
        job = find_job(caller, transcription_id)
        if job is None:
            upload = _find_fetch(caller, transcription_id)
            return None if upload.aborted_at is not None else kept
    except (ValueError, NotFound):
        return None
    if job.state in {Job.State.FAILED, Job.State.CANCELLED}:
        return None
    return kept | {"status": rendering.status_of(job)}


def _begin(request: Request, caller: Caller, given: dict[str, Any]) -> Answer:
    if "webhook_url" in given:
        outside.check(given["webhook_url"])
    by_address, by_id = "audio_url" in given, "vault_id" in given and "object_id" in given
    if by_address == by_id:
        raise NoSource
    if by_id:
        matter = matter_of_vault(caller, given["vault_id"])
        obj = answers.find_object(caller, matter.vault, given["object_id"])
        if obj is None:
            raise NotFound
        return _submit(caller, matter, obj, given)
    grant = grants.resolve_grant_url(given["audio_url"], caller.actor)
    if grant is not None:
        own = matters.visible_to(caller.member).filter(vault_id=grant.object.vault_id).first()
        if own is None:
            raise GrantRefused
        return _submit(caller, own, grant.object, given)
    # It becomes an upload of this key.
    require_scope(request, caller, Scope.UPLOAD_CREATE)
    outside.check(given["audio_url"])
    matter = _default_matter(caller)
    matters.require(caller.actor, caller.member, Action.SUBMIT, Kind.RECORDING)
    upload = fetching.request(
        actor=caller.actor, key=caller.key, matter=matter, url=given["audio_url"], wanted=_wanted(matter, None, given)
    )
    return Answer(rendering.fetch(upload, given), 200, matter.vault)


def _submit(caller: Caller, matter: Matter, obj: StoredObject, given: dict[str, Any]) -> Answer:
    recording = Recording.objects.select_related("proceeding__matter__vault").filter(object=obj).first()
    wanted = _wanted(matter, obj, given)
    if recording is None:
        proceeding = proceedings.create(
            actor=caller.actor, member=caller.member, matter=matter, objects=[obj], api_key=caller.key, **wanted
        )
        job = proceedings.latest_job(proceeding)
    else:
        job = jobs.again(
            actor=caller.actor,
            member=caller.member,
            proceeding=recording.proceeding,
            provider=wanted["provider"],
            speakers_expected=wanted["speakers_expected"],
            basic_engine_accepted=wanted["basic_engine_accepted"],
            api_key=caller.key,
            options=wanted["options"],
            vocabulary=wanted["vocabulary"],
            webhook_url=wanted["webhook_url"],
        )
    if job is None:
        raise NotFound
    tasks.enqueue(job.id)
    return Answer(rendering.created(job, obj, given), 200, matter.vault)


def _wanted(matter: Matter, obj: StoredObject | None, given: dict[str, Any]) -> dict[str, Any]:
    """The request as ``proceedings.create`` takes it; plain JSON, since a fetch keeps it."""
    document = obj is not None and obj.kind == StoredObject.Kind.DOCUMENT and obj.content_type.startswith(_TEXT_TYPES)
    if document:
        kind, provider = Proceeding.Kind.DOCUMENT.value, jobs.DOCUMENT
    else:
        clinical = matter.kind == Matter.Kind.CLINICAL
        kind = Proceeding.Kind.VISIT.value if clinical else Proceeding.Kind.DEPOSITION.value
        provider = given.get("provider", "engine")
    return {
        "kind": kind,
        "provider": provider,
        "policy_name": (matter.metadata or {}).get("policy") or DEFAULT,
        "speakers_expected": given.get("speakers_expected"),
        "language": given.get("language_code", "en").replace("-", "_").partition("_")[0].lower(),
        # A script cannot choose on a page; every answer of the basic engine says what it is.
        "basic_engine_accepted": given.get("basic_engine", True),
        "options": {name: given[name] for name in OPTIONS if name in given},
        "vocabulary": given.get("word_boost", []),
        "webhook_url": given.get("webhook_url", ""),
    }


def _default_matter(caller: Caller) -> Matter:
    """The matter of the key's default vault, made on first use where the key may. Raises NoDefaultVault."""
    key = ApiKey.objects.get(pk=caller.key.pk)
    if key.default_vault_id is not None:
        matter = matters.visible_to(caller.member).filter(vault_id=key.default_vault_id).first()
        if matter is not None:
            return matter
    if not caller.holds(Scope.VAULT_CREATE):
        raise NoDefaultVault
    matter = create_matter(caller, f"{DEFAULT_VAULT_NAME} ({timezone.now():%Y-%m-%d})", "", {})
    ApiKey.objects.filter(pk=key.pk).update(default_vault_id=matter.vault_id)
    return matter
