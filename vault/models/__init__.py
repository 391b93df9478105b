from vault.models.access import Grant, IdempotentAnswer, Upload
from vault.models.matter import Matter, MatterMember, Vault, VaultSecret
from vault.models.objects import ObjectPart, StoredObject
from vault.models.retention import Erasure, LegalHold

__all__ = [
    "Erasure",
    "Grant",
    "IdempotentAnswer",
    "LegalHold",
    "Matter",
    "MatterMember",
    "ObjectPart",
    "StoredObject",
    "Upload",
    "Vault",
    "VaultSecret",
]
