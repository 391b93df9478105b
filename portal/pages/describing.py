"""What the second pass is told of a matter: title and parties, what is always hidden and always shown, and what follows."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from portal.errors import BadInput, Conflict
from portal.pages.actors import actor_of, member_of
from portal.pages.matters import parse_parties, party_lines
from transcription import rechecking
from vault import matters
from vault.models import Matter

_LINES = {"rows": 6, "spellcheck": "false", "autocomplete": "off"}


class DescribeForm(forms.Form):
    title = forms.CharField(label="Title", max_length=matters.TITLE_LIMIT)
    parties = forms.CharField(
        label="Parties",
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="One a line: name, role; or only a name, as “Delgado, Carmen” or “Roe, Inc.”. They are hidden in any "
        "form of the name.",
    )
    always_hide = forms.CharField(
        label="Always hide",
        required=False,
        widget=forms.Textarea(attrs=_LINES),
        help_text="One word or phrase a line, for example the name of a product. It is hidden and silent wherever it is "
        "said in just these words, in small or capital letters, for everyone but those who are given the verbatim view. "
        "What somebody decided in a review about one place stays as decided.",
    )
    always_show = forms.CharField(
        label="Always show",
        required=False,
        widget=forms.Textarea(attrs=_LINES),
        help_text="One name or place a line, as it would be hidden whole, for example “Bishop” where everybody speaks of the "
        "chess piece. Numbers, parties and what is always hidden stay hidden all the same.",
    )
    # What stood there when the page was opened: nobody's change is lost by another's.
    expected = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, may_show: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_show:
            del self.fields["always_show"]

    def lines(self, name: str) -> list[str] | None:
        """The lines of a list; None where the form that was sent does not have it: it stays as it is."""
        if name not in self.fields or name not in self.data:
            return None
        return str(self.cleaned_data[name]).splitlines()


def lists_of(matter: Matter) -> dict[str, list[str]]:
    """{"hide": […], "show": […]} of a matter."""
    kept = matter.lists or {}
    return {name: list(kept.get(name, ())) for name in ("hide", "show")}


@require_http_methods(["GET", "POST"])
def describe(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    member = member_of(request)
    actor = actor_of(request)
    matter = matters.open_matter(member, matter_id)
    matters.require_change(actor, member, matter)
    may_show = matters.may_show(member)
    stands = lists_of(matter)
    if request.method == "POST":
        form = DescribeForm(request.POST, may_show=may_show)
        if form.is_valid() and _saved(request, matter, form):
            return redirect("matter", matter_id=matter.id)
    else:
        initial = {
            "title": matter.title,
            "parties": party_lines(matter),
            "always_hide": "\n".join(stands["hide"]),
            "always_show": "\n".join(stands["show"]),
            "expected": matter.words_version,
        }
        form = DescribeForm(initial=initial, may_show=may_show)
    crumbs = [("Matters", reverse("matters")), (matter.short, reverse("matter", args=[matter.id])), ("Describe", None)]
    context = {"form": form, "matter": matter, "crumbs": crumbs, "shown": stands["show"], "may_show": may_show}
    return render(request, "matters/describe.html", context, status=400 if form.errors else 200)


def _saved(request: HttpRequest, matter: Matter, form: DescribeForm) -> bool:
    """Whether it could be saved; what was wrong stands in the form otherwise. Raises Refused (recorded)."""
    said = form.cleaned_data
    # What is sent as a list that this person has no field for is still asked for: and refused, on record.
    show = form.lines("always_show")
    if "always_show" not in form.fields and "always_show" in request.POST:
        show = request.POST["always_show"].splitlines()
    try:
        anew = rechecking.describe(
            actor=actor_of(request),
            by=member_of(request),
            matter=matter,
            title=said["title"],
            parties=parse_parties(said["parties"]),
            hide=form.lines("always_hide"),
            show=show,
            expected=said["expected"],
        )
    except (BadInput, Conflict) as error:
        form.add_error(None, error.text)
        return False
    then = " Its transcripts are checked again now; each opens as soon as that is done." if anew else ""
    messages.success(request, f"Saved.{then}")
    return True


@require_GET
def progress(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    """How far the check has come, for a page that waits."""
    matter = matters.open_matter(member_of(request), matter_id)
    return render(request, "matters/progress.html", {"matter": matter, "progress": rechecking.progress(matter), "waits": True})
