"""The first organization, by a one-use link: with its administrator, and nothing else."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from compliance import audit, regions
from compliance.audit import Actor, Target
from portal.accounts.models import Member, Organization
from portal.accounts.rights import Role
from portal.accounts.setup import token_id
from portal.errors import PortalError
from transcription.models import Lease


class LinkUsed(PortalError):
    """One answer for every reason."""

    code = "setup_link_refused"
    status = 403
    message = "This link does not work (any more). Whoever runs the portal can make a new one with “manage.py setup”."


class SetupForm(forms.Form):
    organization = forms.CharField(label="Organization", max_length=120)
    kind = forms.ChoiceField(label="Kind", choices=Organization.Kind.choices, widget=forms.RadioSelect, initial="law")
    region = forms.ChoiceField(label="Region", help_text="Offered first for new matters; each matter keeps its own.")
    name = forms.CharField(label="Your name", max_length=120)
    email = forms.EmailField(label="Your e-mail address")
    password = forms.CharField(
        label="Your password",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 12 characters.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["region"]
        assert isinstance(choice, forms.ChoiceField)  # noqa: S101  # for the type checker: declared above
        choice.choices = [(code, regions.region(code).label) for code in settings.REGIONS]
        self.initial.setdefault("region", settings.DEFAULT_REGION)

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        if Member.objects.filter(email=email).exists():
            raise ValidationError("There is an account with this address already.")
        return email

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("password"):
            try:
                password_validation.validate_password(said["password"], Member(email=said.get("email", "")))
            except ValidationError as error:
                self.add_error("password", error)
        return said


@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest, token: str) -> HttpResponse:
    link = token_id(token)
    if link is None or Lease.objects.filter(name=_mark(link)).exists():
        raise LinkUsed
    form = SetupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                # The mark's unique name lets one of two requests at once through.
                Lease.objects.create(name=_mark(link), holder="used", until=timezone.now())
                _make(request, form.cleaned_data)
        except IntegrityError:
            raise LinkUsed from None
        messages.success(request, "Your organization is ready. Sign in as its administrator.")
        return redirect("account_login")
    return render(request, "setup.html", {"form": form})


def _mark(link: str) -> str:
    return f"setup-{link}"


def _make(request: HttpRequest, said: dict[str, Any]) -> None:
    organization = Organization.objects.create(name=said["organization"], kind=said["kind"], default_region=said["region"])
    member = Member.objects.create_member(organization, said["email"], said["name"], [Role.ADMINISTRATOR], said["password"])
    actor = Actor(
        "member",
        member.id,
        member.name,
        request.META.get("REMOTE_ADDR", ""),
        request.headers.get("User-Agent", ""),
        request.META.get("portal.request_id", ""),
    )
    audit.record(
        "accounts:organization:created",
        organization_id=organization.id,
        actor=actor,
        target=Target("organization", organization.id),
    )
    audit.record(
        "accounts:member:created",
        organization_id=organization.id,
        actor=actor,
        target=Target("member", member.id),
        member=member.id,
        roles=1,
    )
