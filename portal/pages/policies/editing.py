"""The editor of a policy: a row a type, what it does to a sample while one chooses, and saving as a new version."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from compliance import audiences, policies, policy_changes
from compliance.models import DisclosurePolicy
from compliance.policies import ChangedMeanwhile, PolicyRetired
from compliance.redaction import PRESETS, TYPES, Policy
from compliance.redaction.samples import NAMES
from compliance.redaction.treatments import OTHER
from portal.accounts.models import Member
from portal.errors import BadInput, Conflict
from portal.pages.actors import actor_of, member_of
from portal.pages.policies import sampling, who
from portal.pages.policies.listing import names_of, newest_or_404, own_or_404
from portal.pages.policies.words import in_sentence, name_words, rows, said
from transcription import disclosure

# Fields of the form: show_<type>.
_FIELD = "show_"


@dataclass(frozen=True, slots=True)
class Typed:
    """What stood in the form. ``expected``: the version that it was made from."""

    rules: dict[str, str]
    other: str
    expected: int
    sample: str

    @property
    def policy(self) -> Policy:
        """Raises BadInput for a type or a way of showing that there is not."""
        return policies.typed("typed", self.rules, self.other)


def _typed(form: QueryDict) -> Typed:
    """Raises BadInput for a form that is not the editor's."""
    given = {key.removeprefix(_FIELD): str(form.get(key, "")) for key in form if key.startswith(_FIELD)}
    wanted = {*TYPES, OTHER}
    if set(given) != wanted:
        raise BadInput("The form was not complete, or names a kind of detail that there is not.", found=len(given))
    expected = form.get("expected", "")
    if not re.fullmatch(r"[0-9]{1,9}", expected):
        raise BadInput("The form does not say which version it changes.")
    other = given.pop(OTHER)
    typed = Typed(given, other, int(expected), form.get("sample", NAMES[0]))
    if typed.sample not in NAMES:
        raise BadInput("There is no such sample.", allowed=list(NAMES))
    # Whatever is forged is refused here, before anything is shown of it.
    _ = typed.policy
    return typed


def slug(name: str) -> str:
    """The name as it is kept: "Court copy" is ``court_copy``. Raises BadInput for one that could not be read back from it."""
    words = " ".join(name.split())
    rule = "A policy's name begins with a letter and is 2 to 30 letters a to z, digits and spaces long"
    if not words:
        raise BadInput(f"Give the policy a name. {rule}, for example “Court copy”.")
    # Only the first one is said: all of them together may be a word of the name.
    strange = re.search(r"[^A-Za-z0-9 ]", words)
    if strange:
        raise BadInput(f"{rule}. “{strange[0]}” is none of these: write the name without it, for example “Court copy”.")
    if words[0].isdigit():
        raise BadInput(f"{rule}. This one begins with “{words[0]}”: put a word first, for example “Filing 2026”.")
    if not 2 <= len(words) <= 30:
        raise BadInput(f"{rule}. This one has {len(words)}: choose a {'longer' if len(words) < 2 else 'shorter'} one.")
    return words.lower().replace(" ", "_")


def _copy_of(source: DisclosurePolicy) -> str:
    """A name to begin a copy with, in what a name may have: "FRCP 5.2 filing copy" has a full stop."""
    words = re.sub(r"[^A-Za-z0-9]+", " ", name_words(source.name))
    return f"{words[:25].strip()} copy"


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A policy of one's own, begun as a copy."""
    member = member_of(request)
    actor = actor_of(request)
    policies.require_policy_right(actor, member)
    if request.method == "GET":
        source = newest_or_404(member, request.GET.get("copy", policies.DEFAULT))
        policy = policies.readable(source)
        suggested = _copy_of(source) if "copy" in request.GET else ""
        return _page(request, member, None, policy, name=suggested, expected=0, source=source)
    typed = _typed(request.POST)
    name = request.POST.get("name", "")[:80]
    if typed.expected:
        raise BadInput("A new policy is not made from a version of another one.")
    try:
        row = disclosure.save_policy(actor=actor, by=member, name=slug(name), rules=typed.rules, other=typed.other, expected=0)
    except ChangedMeanwhile:
        taken = Conflict("There is a policy of this name already. Choose another name, or change that policy instead.")
        return _page(request, member, None, typed.policy, name=name, expected=0, sample=typed.sample, error=taken)
    except PolicyRetired:
        taken = Conflict("A retired policy has this name. Choose another name, or bring that policy back instead.")
        return _page(request, member, None, typed.policy, name=name, expected=0, sample=typed.sample, error=taken)
    except BadInput as error:
        return _page(request, member, None, typed.policy, name=name, expected=0, sample=typed.sample, error=error)
    messages.success(request, f"“{name_words(row.name)}” was made. Nobody is shown it until you give it to somebody.")
    return redirect("policy", name=row.name)


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, name: str) -> HttpResponse:
    """A new version of an organization's own policy."""
    member = member_of(request)
    actor = actor_of(request)
    policies.require_policy_right(actor, member)
    row = own_or_404(member, name)
    if request.method == "GET":
        if row.retired_at is not None:
            messages.error(request, f"“{name_words(name)}” is retired. Bring it back first, then change it.")
            return redirect("policy", name=name)
        # What cannot be read is mended from the strictest there is.
        policy = policy_changes.read_or_none(row) or PRESETS["everything"]
        return _page(request, member, row, policy, name=name, expected=row.version)
    typed = _typed(request.POST)
    try:
        made = disclosure.save_policy(
            actor=actor, by=member, name=name, rules=typed.rules, other=typed.other, expected=typed.expected
        )
    except (BadInput, ChangedMeanwhile, PolicyRetired) as error:
        newest = own_or_404(member, name)
        # The next save is on top of what the page now shows as the other person's version.
        return _page(
            request, member, newest, typed.policy, name=name, expected=newest.version, sample=typed.sample,
            error=error, since=typed.expected,
        )  # fmt: skip
    messages.success(request, f"Version {made.version} is saved and in force. All views are made anew in the background.")
    return redirect("policy", name=name)


@require_POST
def revert(request: HttpRequest, name: str) -> HttpResponse:
    """What an earlier version said, as a new version."""
    member = member_of(request)
    actor = actor_of(request)
    policies.require_policy_right(actor, member)
    own_or_404(member, name)
    given = [request.POST.get(field, "") for field in ("version", "expected")]
    if not all(re.fullmatch(r"[0-9]{1,9}", value) for value in given):
        raise BadInput("The form does not say which version it means.")
    version, expected = map(int, given)
    try:
        made = disclosure.revert_policy(actor=actor, by=member, name=name, version=version, expected=expected)
    except (BadInput, ChangedMeanwhile, PolicyRetired) as error:
        messages.error(request, error.text)
    else:
        messages.success(request, f"Version {made.version} is in force. It says what version {version} said.")
    return redirect("policy", name=name)


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """What the choices do to the sample; nothing is saved."""
    member = member_of(request)
    policies.require_policy_right(actor_of(request), member)
    typed = _typed(request.POST)
    name = request.POST.get("policy", "")
    row = own_or_404(member, name) if name else None
    return render(request, "policies/preview.html", _effect(member, row, typed.policy, typed.sample))


def _effect(member: Member, row: DisclosurePolicy | None, policy: Policy, sample: str) -> dict[str, Any]:
    """What stands beside the choices: the sample, and what the choices would mean for people."""
    before = policy_changes.read_or_none(row) if row else None
    lost = audiences.cut_off(member.organization_id, row.name, policy) if row else []
    return {
        "tried": sampling.tried(policy, sample),
        "sample": sample,
        "nothing_hidden": not policy.hides_anything,
        "weaker": [in_sentence(type_) for type_ in policy_changes.weaker_than_default(policy)],
        "cut_off": [who.named(member, rule) for rule in lost],
        "base": row,
        "changes": said(policies.differences(before, policy)) if before else None,
    }


def _page(
    request: HttpRequest,
    member: Member,
    row: DisclosurePolicy | None,
    policy: Policy,
    *,
    name: str,
    expected: int,
    sample: str = NAMES[0],
    source: DisclosurePolicy | None = None,
    error: BadInput | Conflict | None = None,
    since: int | None = None,
) -> HttpResponse:
    title = f"Change “{name_words(name)}”" if row else "New privacy policy"
    crumbs = [("Privacy policies", reverse("policies"))]
    if row:
        crumbs.append((name_words(row.name), reverse("policy", args=[row.name])))
    context: Mapping[str, Any] = {
        "title": title,
        "row": row,
        "name": name,
        "expected": expected,
        "source": name_words(source.name) if source else "",
        "rows": rows(policy),
        "samples": sampling.TITLES,
        "error": error,
        "meanwhile": _meanwhile(member, row, since) if isinstance(error, ChangedMeanwhile) and row else None,
        "crumbs": [*crumbs, ("Change" if row else "New", None)],
        **_effect(member, row, policy, sample),
    }
    return render(request, "policies/edit.html", dict(context), status=error.status if error else 200)


def _meanwhile(member: Member, row: DisclosurePolicy, since: int | None) -> list[dict[str, Any]]:
    """The versions that others saved after the one that this change was made from, oldest first."""
    later = [v for v in policy_changes.versions(member.organization_id, row.name) if since is None or v.row.version > since]
    names = names_of(member.organization_id, {version.row.created_by for version in later})
    return [
        {
            "row": version.row,
            "by": names.get(version.row.created_by) if version.row.created_by else None,
            "differences": said(version.differences) if version.differences else [],
        }
        for version in reversed(later)
    ]
