"""Members and their roles: an administrator's page."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from compliance import audit
from compliance.audit import Target
from portal.accounts.models import ApiKey, Member, MemberRole, Organization
from portal.accounts.rights import Action, Kind, Role
from portal.errors import NotFound
from portal.pages.actors import actor_of, member_of
from vault import matters

ROLES = [(role.value, role.value.replace("_", " ").capitalize()) for role in Role]


def _checked(roles: list[str]) -> list[str]:
    if Role.AUDITOR.value in roles and len(roles) > 1:
        raise ValidationError("An auditor has no other role: who checks the log must not act in it.")
    return roles


class RolesForm(forms.Form):
    roles = forms.MultipleChoiceField(
        label="Roles",
        choices=ROLES,
        widget=forms.CheckboxSelectMultiple,
        help_text="Several are possible; an auditor has no other.",
    )

    def clean_roles(self) -> list[str]:
        return _checked(self.cleaned_data["roles"])


class NewMemberForm(RolesForm):
    name = forms.CharField(label="Name", max_length=120)
    email = forms.EmailField(label="E-mail address", max_length=254)
    password = forms.CharField(
        label="First password",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 12 characters. Hand it over in person; it can be changed after signing in.",
    )
    field_order = ("name", "email", "password", "roles")

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        if Member.objects.filter(email=email).exists():
            raise ValidationError("There is an account with this address already.")
        return email

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("password"):
            likeness = Member(email=said.get("email", ""), name=said.get("name", ""))
            try:
                password_validation.validate_password(said["password"], likeness)
            except ValidationError as error:
                self.add_error("password", error)
        return said


@require_http_methods(["GET", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """The list, and a new member. Also members without a right to manage them are refused here, recorded."""
    by = member_of(request)
    matters.require(actor_of(request), by, Action.MANAGE, Kind.MEMBER)
    form = NewMemberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = _create(request, by, form.cleaned_data)
        messages.success(request, f"{made.name} can sign in now.")
        return redirect("members")
    people = Member.objects.filter(organization=by.organization).prefetch_related("role_rows")
    return render(request, "members/index.html", {"people": people, "form": form})


def _create(request: HttpRequest, by: Member, said: dict[str, Any]) -> Member:
    roles = [Role(role) for role in said["roles"]]
    with transaction.atomic():
        made = Member.objects.create_member(by.organization, said["email"], said["name"], roles, said["password"])
        audit.record(
            "accounts:member:created",
            organization_id=by.organization_id,
            actor=actor_of(request),
            target=Target("member", made.id),
            member=made.id,
            roles=len(roles),
        )
    return made


@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """One member: roles, and whether they may sign in."""
    by = member_of(request)
    matters.require(actor_of(request), by, Action.MANAGE, Kind.MEMBER)
    person = Member.objects.filter(organization=by.organization, pk=member_id).prefetch_related("role_rows").first()
    if person is None:
        raise NotFound
    form = RolesForm(request.POST or None, initial={"roles": [role.value for role in person.roles]})
    if request.method == "POST" and form.is_valid():
        roles = {Role(role) for role in form.cleaned_data["roles"]}
        active = request.POST.get("active") == "on"
        if _last_administrator(by.organization, person, roles, active):
            form.add_error("roles", "Somebody must stay administrator: make another person one first.")
        else:
            _change(request, by, person, roles, active)
            messages.success(request, f"Saved. What {person.name} may do changes at once.")
            return redirect("members")
    crumbs = [("Members", reverse("members")), (person.name, None)]
    return render(request, "members/show.html", {"person": person, "form": form, "crumbs": crumbs})


def _last_administrator(organization: Organization, person: Member, roles: set[Role], active: bool) -> bool:
    if not person.has_role(Role.ADMINISTRATOR) or (Role.ADMINISTRATOR in roles and active):
        return False
    others = MemberRole.objects.filter(
        role=Role.ADMINISTRATOR, member__organization=organization, member__is_active=True
    ).exclude(member=person)
    return not others.exists()


def _change(request: HttpRequest, by: Member, person: Member, roles: set[Role], active: bool) -> None:
    with transaction.atomic():
        MemberRole.objects.filter(member=person).exclude(role__in=roles).delete()
        for role in sorted(roles - person.roles):
            MemberRole.objects.create(member=person, role=role)
        person.is_active = active
        person.save(update_fields=["is_active"])
        if Role.AUDITOR in roles:
            # Whoever checks the log must not have content in reach, by walls or by keys of before.
            person.matter_rows.all().delete()
        if not active:
            ApiKey.objects.filter(member=person, revoked_at=None).update(revoked_at=timezone.now())
        audit.record(
            "accounts:member:role_changed",
            organization_id=by.organization_id,
            actor=actor_of(request),
            target=Target("member", person.id),
            member=person.id,
            roles=len(roles) if active else 0,
        )
