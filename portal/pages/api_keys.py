"""Keys of programs: made by an administrator, shown once, revoked at any time."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from compliance import audit
from compliance.audit import Target
from portal.accounts import keys
from portal.accounts.models import ApiKey, Member
from portal.accounts.rights import DEFAULT_SCOPES, Action, Kind, Scope
from portal.errors import NotFound
from portal.pages.actors import actor_of, member_of
from portal.pages.policies.words import name_words
from transcription import proceedings
from vault import matters

_SAYS = {
    Scope.AUDIT_EXPORT: "Export the audit log",
    Scope.OBJECT_ORIGINAL: "Fetch locked originals, nothing hidden",
    Scope.POLICY_READ: "Read what privacy policies say",
    Scope.RENDITION_READ: "Read transcripts as the key may see them",
    Scope.TRANSCRIPTION_CREATE: "Have recordings transcribed",
    Scope.TRANSCRIPTION_DELETE: "Delete transcriptions",
    Scope.UPLOAD_CREATE: "Upload",
    Scope.VAULT_CHANGE: "Read and change parties and what is always hidden or shown",
    Scope.VAULT_CREATE: "Make matters with their vaults",
    Scope.VAULT_DELETE: "Ask for matters to be erased",
    Scope.VAULT_READ: "Read matters and their lists",
}


class KeyForm(forms.Form):
    name = forms.CharField(label="Name", max_length=80, help_text="What it is for; it appears in the audit log.")
    member = forms.ChoiceField(label="Acts as", help_text="It reaches what this person reaches, within the scopes below.")
    scopes = forms.MultipleChoiceField(
        label="Scopes", choices=[(scope.value, _SAYS[scope]) for scope in Scope], widget=forms.CheckboxSelectMultiple
    )

    policy = forms.ChoiceField(
        label="Matters that it makes",
        required=False,
        help_text="Their transcripts hide at least this, where the program names no policy itself.",
    )

    def __init__(self, *args: Any, people: list[Member], offered: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("scopes", [scope.value for scope in DEFAULT_SCOPES])
        self._choices("member", [(str(person.id), person.name) for person in people])
        self._choices("policy", [("", "As everywhere"), *((name, name_words(name)) for name in offered)])

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # for the type checker: declared above
        field.choices = choices


@require_http_methods(["GET", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """The list, and a new key. The answer to making one is the only page that ever shows its secret."""
    by = member_of(request)
    actor = actor_of(request)
    matters.require(actor, by, Action.MANAGE, Kind.API_KEY)
    people = list(Member.objects.filter(organization=by.organization, is_active=True).prefetch_related("role_rows"))
    offered = [row.name for row in proceedings.policies_offered(by.organization_id)]
    form = KeyForm(request.POST or None, people=people, offered=offered)
    made = None
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        person = next(person for person in people if str(person.id) == said["member"])
        scopes = [Scope(scope) for scope in said["scopes"]]
        try:
            with transaction.atomic():
                made = keys.create(person, said["name"], scopes, default_policy=said["policy"])
                audit.record(
                    "accounts:api_key:created",
                    organization_id=by.organization_id,
                    actor=actor,
                    target=Target("api_key", made.row.id),
                    key=made.row.id,
                    scopes=len(scopes),
                )
        except keys.ScopeBeyondRoles as error:
            beyond = ", ".join(_SAYS[Scope(scope)].lower() for scope in error.facts["scopes"])
            form.add_error("scopes", f"{person.name}'s roles do not allow: {beyond}.")
        else:
            form = KeyForm(people=people, offered=offered)
    rows = ApiKey.objects.filter(organization=by.organization).select_related("member")
    listed = [
        (row, [_SAYS.get(Scope(scope), scope) for scope in row.scopes], name_words(row.default_policy)) for row in rows
    ]
    return render(request, "keys/index.html", {"listed": listed, "form": form, "made": made})


@require_POST
def revoke(request: HttpRequest, key_id: UUID) -> HttpResponse:
    by = member_of(request)
    actor = actor_of(request)
    matters.require(actor, by, Action.MANAGE, Kind.API_KEY)
    with transaction.atomic():
        live = ApiKey.objects.filter(organization=by.organization, pk=key_id)
        if not live.exists():
            raise NotFound
        if live.filter(revoked_at=None).update(revoked_at=timezone.now()):
            audit.record(
                "accounts:api_key:revoked",
                organization_id=by.organization_id,
                actor=actor,
                target=Target("api_key", key_id),
                key=key_id,
            )
    messages.success(request, "The key is revoked: it opens nothing any more.")
    return redirect("api_keys")
