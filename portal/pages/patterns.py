"""An organization's own patterns: listed, added, changed, retired, and tried on a text that is kept nowhere."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from compliance import audit
from compliance.redaction import TYPES, OwnPattern
from compliance.redaction.context_words import WORDS_AFTER, WORDS_BEFORE
from compliance.redaction.own_patterns import PRIVATE
from compliance.redaction.pattern_safety import MAX_CHARACTERS
from compliance.redaction.treatments import OTHER
from portal.accounts.models import Member
from portal.accounts.rights import Action, Kind, allowed
from portal.errors import BadInput, Conflict
from portal.pages import checking
from portal.pages.actors import actor_of, member_of
from portal.pages.policies.listing import names_of
from portal.pages.policies.words import type_words
from transcription import patterns, rereading
from transcription.models import PatternSetting
from transcription.patterns import MAX_EXAMPLES, MAX_NAME, MAX_PATTERNS, MAX_TRIED, Listed, Typed
from vault import matters

_FROM_NOW_ON = (
    "Every check for private details from now on looks for it; “Check everything again” does so in what was checked before."
)
_TYPE_WORDS = {PRIVATE: type_words(OTHER)} | {type_: type_words(type_) for type_ in TYPES}


@dataclass(frozen=True, slots=True)
class Shown:
    """A pattern as the list shows it."""

    one: Listed
    type: str
    by: str

    @property
    def row(self) -> PatternSetting:
        return self.one.row


class PatternForm(forms.Form):
    """What is typed, as it is typed: ``patterns.checked`` says what is wrong with it."""

    name = forms.CharField(
        label="Name",
        max_length=MAX_NAME,
        help_text="Reviewers read it beside what it hides, for example “Badge numbers”. Name no person and no case.",
    )
    kind = forms.ChoiceField(
        label="Look for", choices=PatternSetting.Kind.choices, widget=forms.RadioSelect, initial=PatternSetting.Kind.EXPRESSION
    )
    look_for = forms.CharField(
        label="Expression or words",
        max_length=MAX_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "class": "mono"}),
        help_text=(
            f"At most {MAX_CHARACTERS} characters. An expression is one line, for example LU-[0-9]{{3}}; it also finds "
            "“L U dash four one eight” and “lu four eighteen”, as people say it. "
            "Words stand one a line. Large and small letters are one."
        ),
    )
    context = forms.CharField(
        label="Only near these words",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=(
            f"One a line, for example “badge”. One of them must stand up to {WORDS_BEFORE} words before, {WORDS_AFTER} after, "
            "or in the question that is answered."
        ),
    )
    examples = forms.CharField(
        label="Examples that must be found",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=(
            f"1 to {MAX_EXAMPLES}, one a line, with their context words, written or as people say them. Invent them: use "
            "nobody’s real number."
        ),
    )
    type = forms.ChoiceField(
        label="It is hidden as",
        choices=list(_TYPE_WORDS.items()),
        initial=PRIVATE,
        help_text=(
            "Each policy says how this kind of detail is shown. “Anything else” is hidden by every preset but “Verbatim”; "
            "medical details can be read under most."
        ),
    )
    text = forms.CharField(
        label="A text to try it on", required=False, max_length=MAX_TRIED, widget=forms.Textarea(attrs={"rows": 4})
    )

    @property
    def typed(self) -> Typed:
        said = self.cleaned_data
        return Typed(
            said["name"], said["kind"], said["look_for"], patterns.lines(said["context"]), patterns.lines(said["examples"]),
            said["type"],
        )  # fmt: skip


def _initial(typed: Typed) -> dict[str, Any]:
    return {
        "name": typed.name, "kind": typed.kind, "look_for": typed.look_for, "context": "\n".join(typed.context),
        "examples": "\n".join(typed.examples), "type": typed.type,
    }  # fmt: skip


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    member, actor = member_of(request), actor_of(request)
    matters.require(actor, member, Action.READ, Kind.POLICY)
    with transaction.atomic():
        audit.record("transcription:pattern:read", organization_id=member.organization_id, actor=actor, merge="patterns")
    return _index(request, member)


def _index(request: HttpRequest, member: Member, **more: Any) -> HttpResponse:
    found = patterns.listed(member.organization_id)
    names = names_of(member.organization_id, {one.row.changed_by for one in found})
    shown = [Shown(one, _TYPE_WORDS[one.row.type], names.get(one.row.changed_by, "")) for one in found]
    context = {
        "in_force": [one for one in shown if one.row.retired_at is None],
        "retired": [one for one in shown if one.row.retired_at is not None],
        "manages": allowed(member.roles, Action.MANAGE, Kind.POLICY),
        "most": MAX_PATTERNS,
        "most_tried": MAX_TRIED,
        "crumbs": [("Settings", reverse("settings")), ("Your own patterns", None)],
        "checked_before": rereading.count(rereading.in_organization(member.organization_id)),
        **checking.in_organization(member),
        **more,
    }
    return render(request, "patterns/index.html", context)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    member, actor = member_of(request), actor_of(request)
    matters.require(actor, member, Action.MANAGE, Kind.POLICY)
    form = PatternForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        return _form(request, form, None)
    try:
        patterns.save(actor=actor, by=member, typed=form.typed)
    except BadInput as error:
        return _form(request, form, None, error=error)
    messages.success(request, f"The pattern is added. {_FROM_NOW_ON}")
    return redirect("patterns")


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pattern_id: UUID) -> HttpResponse:
    member, actor = member_of(request), actor_of(request)
    matters.require(actor, member, Action.MANAGE, Kind.POLICY)
    known = patterns.open_pattern(member, pattern_id)
    if request.method == "GET":
        with transaction.atomic():
            audit.record(
                "transcription:pattern:read", organization_id=member.organization_id, actor=actor,
                target=audit.Target("pattern", known.row.id), merge="pattern",
            )  # fmt: skip
        return _form(request, PatternForm(initial=_initial(known.typed)), known)
    form = PatternForm(request.POST)
    if not form.is_valid():
        return _form(request, form, known)
    try:
        patterns.save(actor=actor, by=member, typed=form.typed, pattern_id=pattern_id, expected=_expected(request))
    except (BadInput, Conflict) as error:
        return _form(request, form, known, error=error)
    messages.success(request, f"The pattern is changed. {_FROM_NOW_ON}")
    return redirect("patterns")


@require_POST
def retire(request: HttpRequest, pattern_id: UUID) -> HttpResponse:
    done = "The pattern is retired. What it has hidden stays hidden until it is checked again."
    return _retired(request, pattern_id, True, done)


@require_POST
def bring_back(request: HttpRequest, pattern_id: UUID) -> HttpResponse:
    return _retired(request, pattern_id, False, f"The pattern is back. {_FROM_NOW_ON}")


def _retired(request: HttpRequest, pattern_id: UUID, retired: bool, done: str) -> HttpResponse:
    try:
        patterns.set_retired(
            actor=actor_of(request), by=member_of(request), pattern_id=pattern_id, expected=_expected(request), retired=retired
        )
    except (BadInput, Conflict) as error:
        messages.error(request, error.text)
    else:
        messages.success(request, done)
    return redirect("patterns")


@require_POST
def try_out(request: HttpRequest) -> HttpResponse:
    """What would be hidden in a typed text: by the pattern as it stands in the form, or by all that are in force."""
    member = member_of(request)
    matters.require(actor_of(request), member, Action.MANAGE, Kind.POLICY)
    text = request.POST.get("text", "").replace("\r\n", "\n")
    typing = "look_for" in request.POST
    given = request.POST.get("pattern", "")
    known = patterns.open_pattern(member, _uuid(given)) if given else None
    shown: dict[str, Any] = {}
    status = 200
    try:
        shown["tried"] = _parts(text, [_to_try(request)] if typing else patterns.in_force(member.organization_id))
    except BadInput as error:
        shown["try_error"], status = error, error.status
    if request.headers.get("HX-Request"):
        # Shown in its place whatever it says: htmx takes no other answer.
        return render(request, "patterns/tried.html", shown)
    if not typing:
        answer = _index(request, member, text=text, **shown)
        answer.status_code = status
        return answer
    # Not yet what it is to be: what is missing is nothing to complain of.
    form = PatternForm(initial=request.POST.dict())
    return _form(request, form, known, status=status, **shown)


def _to_try(request: HttpRequest) -> OwnPattern:
    """The pattern of the form, without the examples and the name that it may not have yet. Raises BadInput."""
    kind, look_for = request.POST.get("kind", ""), request.POST.get("look_for", "")
    context = patterns.lines(request.POST.get("context", "")[:MAX_TRIED])
    # It may not be tried what may not be kept: a hostile expression would hold this page up, too.
    return patterns.readable(Typed("as typed", kind, look_for, context)).pattern


def _parts(text: str, wanted: Sequence[OwnPattern]) -> dict[str, Any]:
    if not text.strip():
        raise BadInput("Type a text to try first.")
    places = patterns.tried(wanted, text)
    parts: list[tuple[str, bool]] = []
    edge = 0
    for start, end in places:
        parts += [(text[edge:start], False), (text[start:end], True)]
        edge = end
    return {"parts": [part for part in [*parts, (text[edge:], False)] if part[0]], "count": len(places)}


def _form(
    request: HttpRequest,
    form: PatternForm,
    known: Listed | None,
    *,
    error: BadInput | Conflict | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    if error is not None:
        status = error.status
    elif form.is_bound and form.errors:
        status = 400
    title = "Change the pattern" if known else "New pattern"
    context = {
        "title": title,
        "form": form,
        "known": known,
        # What is sent again was made from what it was made from.
        "expected": request.POST.get("expected") or (known.row.version if known else ""),
        "error": error,
        "crumbs": [("Settings", reverse("settings")), ("Your own patterns", reverse("patterns")), (title, None)],
        **more,
    }
    return render(request, "patterns/edit.html", context, status=status)


def _expected(request: HttpRequest) -> int:
    given = request.POST.get("expected", "")
    if not re.fullmatch(r"[0-9]{1,9}", given):
        raise BadInput("The form does not say which version it means.")
    return int(given)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise BadInput("There is no such pattern.") from None
