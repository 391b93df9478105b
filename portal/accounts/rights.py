"""The rights table: role × action × kind, as data. What is not in it is refused.

Checks, API scopes, the page that shows it and the tests are made from ``TABLE``. A right to a kind is always within the
walls: it opens only matters that the member may see (``vault.matters.visible_to``).
"""

from collections.abc import Iterable
from enum import StrEnum


class Role(StrEnum):
    ADMINISTRATOR = "administrator"
    ATTORNEY = "attorney"
    AUDITOR = "auditor"
    CLINICIAN = "clinician"
    DELEGATE = "delegate"
    PARALEGAL = "paralegal"
    PRIVACY_OFFICER = "privacy_officer"


class Action(StrEnum):
    CREATE = "create"
    DELETE = "delete"
    EXPORT = "export"
    MANAGE = "manage"
    READ = "read"
    REVEAL = "reveal"
    REVIEW = "review"
    SIGN = "sign"
    SUBMIT = "submit"


class Kind(StrEnum):
    """Kinds of things that rights are about. ``original`` is the locked original, unredacted."""

    API_KEY = "api_key"
    AUDIT = "audit"
    MATTER = "matter"
    MEMBER = "member"
    ORIGINAL = "original"
    POLICY = "policy"
    RECORDING = "recording"
    SETTINGS = "settings"
    TRANSCRIPT = "transcript"


_A, _K, _R = Action, Kind, Role
_HANDLERS = (_R.PARALEGAL, _R.ATTORNEY, _R.CLINICIAN, _R.DELEGATE)
_RESPONSIBLE = (_R.ATTORNEY, _R.CLINICIAN)

# (action, kind) -> roles that may; alphabetical by kind, then action.
TABLE: dict[tuple[Action, Kind], frozenset[Role]] = {
    (_A.MANAGE, _K.API_KEY): frozenset({_R.ADMINISTRATOR}),
    (_A.EXPORT, _K.AUDIT): frozenset({_R.AUDITOR, _R.PRIVACY_OFFICER}),
    (_A.READ, _K.AUDIT): frozenset({_R.AUDITOR, _R.PRIVACY_OFFICER}),
    (_A.CREATE, _K.MATTER): frozenset({*_HANDLERS, _R.ADMINISTRATOR}),
    (_A.DELETE, _K.MATTER): frozenset({*_RESPONSIBLE, _R.PRIVACY_OFFICER}),
    (_A.MANAGE, _K.MATTER): frozenset({*_RESPONSIBLE, _R.PRIVACY_OFFICER}),
    (_A.READ, _K.MATTER): frozenset({*_HANDLERS, _R.PRIVACY_OFFICER}),
    (_A.MANAGE, _K.MEMBER): frozenset({_R.ADMINISTRATOR}),
    (_A.READ, _K.MEMBER): frozenset({*_HANDLERS, _R.PRIVACY_OFFICER, _R.ADMINISTRATOR, _R.AUDITOR}),
    (_A.READ, _K.ORIGINAL): frozenset({*_RESPONSIBLE, _R.PRIVACY_OFFICER}),
    (_A.REVEAL, _K.ORIGINAL): frozenset({*_RESPONSIBLE, _R.PRIVACY_OFFICER}),
    (_A.MANAGE, _K.POLICY): frozenset({_R.PRIVACY_OFFICER, _R.ADMINISTRATOR}),
    (_A.READ, _K.POLICY): frozenset({*_HANDLERS, _R.PRIVACY_OFFICER, _R.ADMINISTRATOR, _R.AUDITOR}),
    (_A.CREATE, _K.RECORDING): frozenset({*_HANDLERS}),
    (_A.DELETE, _K.RECORDING): frozenset({*_RESPONSIBLE, _R.PRIVACY_OFFICER}),
    (_A.READ, _K.RECORDING): frozenset({*_HANDLERS, _R.PRIVACY_OFFICER}),
    (_A.SUBMIT, _K.RECORDING): frozenset({*_HANDLERS}),
    (_A.MANAGE, _K.SETTINGS): frozenset({_R.ADMINISTRATOR}),
    (_A.READ, _K.SETTINGS): frozenset({*_HANDLERS, _R.PRIVACY_OFFICER, _R.ADMINISTRATOR, _R.AUDITOR}),
    (_A.EXPORT, _K.TRANSCRIPT): frozenset({*_HANDLERS, _R.PRIVACY_OFFICER}),
    (_A.READ, _K.TRANSCRIPT): frozenset({*_HANDLERS, _R.PRIVACY_OFFICER}),
    (_A.REVIEW, _K.TRANSCRIPT): frozenset({*_RESPONSIBLE, _R.DELEGATE, _R.PARALEGAL, _R.PRIVACY_OFFICER}),
    (_A.SIGN, _K.TRANSCRIPT): frozenset({*_RESPONSIBLE}),
}


class Scope(StrEnum):
    """What an API key may do: ``kind:action``; each maps to entries of TABLE, which the key's member must hold, too."""

    AUDIT_EXPORT = "audit:export"
    OBJECT_ORIGINAL = "object:original"
    POLICY_READ = "policy:read"
    RENDITION_READ = "rendition:read"
    TRANSCRIPTION_CREATE = "transcription:create"
    TRANSCRIPTION_DELETE = "transcription:delete"
    UPLOAD_CREATE = "upload:create"
    VAULT_CHANGE = "vault:change"
    VAULT_CREATE = "vault:create"
    VAULT_DELETE = "vault:delete"
    VAULT_READ = "vault:read"


SCOPE_RIGHTS: dict[Scope, tuple[Action, Kind]] = {
    Scope.AUDIT_EXPORT: (_A.EXPORT, _K.AUDIT),
    Scope.OBJECT_ORIGINAL: (_A.READ, _K.ORIGINAL),
    Scope.POLICY_READ: (_A.READ, _K.POLICY),
    Scope.RENDITION_READ: (_A.READ, _K.TRANSCRIPT),
    Scope.TRANSCRIPTION_CREATE: (_A.SUBMIT, _K.RECORDING),
    Scope.TRANSCRIPTION_DELETE: (_A.DELETE, _K.RECORDING),
    Scope.UPLOAD_CREATE: (_A.CREATE, _K.RECORDING),
    # Who made a matter may change it as well as who manages it: which ones says ``vault.matters.may_change``.
    Scope.VAULT_CHANGE: (_A.READ, _K.MATTER),
    Scope.VAULT_CREATE: (_A.CREATE, _K.MATTER),
    Scope.VAULT_DELETE: (_A.DELETE, _K.MATTER),
    Scope.VAULT_READ: (_A.READ, _K.MATTER),
}

# What `create_api_key` gives without --scope: vault, upload, transcription, reading Renditions.
DEFAULT_SCOPES: tuple[Scope, ...] = (
    Scope.RENDITION_READ,
    Scope.TRANSCRIPTION_CREATE,
    Scope.TRANSCRIPTION_DELETE,
    Scope.UPLOAD_CREATE,
    Scope.VAULT_CREATE,
    Scope.VAULT_DELETE,
    Scope.VAULT_READ,
)


def allowed(roles: Iterable[Role], action: Action, kind: Kind) -> bool:
    """Whether one of ``roles`` may do ``action`` to ``kind``; False for what the table does not name."""
    return not TABLE.get((action, kind), frozenset()).isdisjoint(roles)
