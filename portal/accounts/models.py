"""The ground: organizations, their members and the keys of their programs."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone

from portal.accounts.rights import Role


class Organization(models.Model):
    """The tenant. Nothing of one organization is visible in another."""

    class Kind(models.TextChoices):
        LAW = "law", "Law firm"
        MEDICINE = "medicine", "Clinic"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=16, choices=Kind)
    created_at = models.DateTimeField(default=timezone.now)
    default_region = models.CharField(max_length=32)
    # The longest presigned URL that members and keys of this organization may mint.
    presign_cap_seconds = models.PositiveIntegerField(default=86_400)
    idle_minutes = models.PositiveSmallIntegerField(default=15)
    # Below this transcript confidence (0..1) audio is withheld from those without reveal; null: never withheld.
    audio_confidence_floor = models.FloatField(null=True, blank=True)
    # Bleeped copies are listened to again by the engine's recogniser; costs time, so an organization asks for it.
    check_bleeped_audio = models.BooleanField(default=False)
    is_sample = models.BooleanField(default=False)
    next_matter_number = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class MemberManager(BaseUserManager["Member"]):
    def create_member(
        self, organization: Organization, email: str, name: str, roles: list[Role], password: str | None = None
    ) -> "Member":
        """A new member with at least one role. Raises ValueError when ``auditor`` is mixed with other roles."""
        if not roles or (Role.AUDITOR in roles and len(set(roles)) > 1):
            raise ValueError("A member has at least one role, and an auditor has no other.")
        member = Member(organization=organization, email=self.normalize_email(email).lower(), name=name)
        member.set_password(password)
        member.save()
        MemberRole.objects.bulk_create(MemberRole(member=member, role=role) for role in sorted(set(roles)))
        return member

    def get_by_natural_key(self, username: str | None) -> "Member":
        return self.get(email__iexact=username)


class Member(AbstractBaseUser):
    """A person in one organization, with one or more roles."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="members")
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[MemberManager] = MemberManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def roles(self) -> frozenset[Role]:
        """The member's roles, read once per instance."""
        cached: frozenset[Role] | None = getattr(self, "_roles", None)
        if cached is None:
            cached = frozenset(Role(row.role) for row in self.role_rows.all())
            self._roles = cached
        return cached

    def has_role(self, *roles: Role) -> bool:
        return bool(self.roles & set(roles))


class MemberRole(models.Model):
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="role_rows")
    role = models.CharField(max_length=24, choices=[(role.value, role.value) for role in Role])

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["member", "role"], name="one_row_per_role"),
            models.CheckConstraint(condition=models.Q(role__in=[role.value for role in Role]), name="role_is_known"),
        ]

    def __str__(self) -> str:
        return self.role


class ApiKey(models.Model):
    """A program's key. Acts as its member, within its scopes; only a hash of the key is kept.

    The webhook secret is derived from the server's WEBHOOK_KEYS and this row's id, so nothing that signs is stored.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="api_keys")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="api_keys")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=16)
    secret_hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    webhook_key_id = models.CharField(max_length=16)
    # The vault that foreign audio is fetched into; an id only, since this room knows no vaults.
    default_vault_id = models.UUIDField(null=True, blank=True)
    default_region = models.CharField(max_length=32, blank=True, default="")
    # The policy of matters that it makes without naming one; "" where the organization's default counts.
    default_policy = models.CharField(max_length=32, blank=True, default="")
    created_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.prefix

    @property
    def is_authenticated(self) -> bool:
        return True
