"""Keys of persons for the audit log: one each in the key store, so that a person's traces can be made unreadable."""

import threading
from uuid import UUID

from compliance.models import PersonKey
from vault import sealing
from vault.errors import KeyDestroyed
from vault.keystore import key_store


class PersonSealer:
    """Satisfies compliance.persons.PersonSealer with the portal's key store."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._opened: dict[UUID, bytes] = {}

    def seal(self, organization_id: UUID, person_id: UUID, plaintext: bytes) -> bytes:
        key = self._key(person_id) or self._make(organization_id, person_id)
        return sealing.seal_field(
            key, plaintext, table="compliance_auditevent", row=person_id, column="actor_sealed", version=1
        )

    def open(self, person_id: UUID, ciphertext: bytes) -> bytes | None:
        try:
            key = self._key(person_id)
        except KeyDestroyed:
            return None
        if key is None:
            return None
        return sealing.open_field(key, ciphertext, table="compliance_auditevent", row=person_id, column="actor_sealed")

    def destroy(self, person_id: UUID) -> None:
        """Makes every mention of the person in the log unreadable; the log's tree stays as it is."""
        key_store().destroy(_key_id(person_id))
        with self._lock:
            self._opened.pop(person_id, None)

    def _key(self, person_id: UUID) -> bytes | None:
        with self._lock:
            opened = self._opened.get(person_id)
        if opened is not None:
            return opened
        row = PersonKey.objects.filter(pk=person_id).first()
        if row is None:
            return None
        key = key_store().unwrap(_key_id(person_id), bytes(row.wrapped), {"person": str(person_id)})
        self._remember(person_id, key)
        return key

    def _make(self, organization_id: UUID, person_id: UUID) -> bytes:
        store = key_store()
        store.create(_key_id(person_id))
        key = sealing.new_key()
        wrapped = store.wrap(_key_id(person_id), key, {"person": str(person_id)})
        row, made = PersonKey.objects.get_or_create(
            pk=person_id, defaults={"organization_id": organization_id, "wrapped": wrapped}
        )
        if not made:
            # Another process was first: its key counts.
            key = store.unwrap(_key_id(person_id), bytes(row.wrapped), {"person": str(person_id)})
        # Not remembered yet: the transaction that made the row may still be rolled back.
        return key

    def _remember(self, person_id: UUID, key: bytes) -> None:
        with self._lock:
            if len(self._opened) > 1000:
                self._opened.clear()
            self._opened[person_id] = key


def _key_id(person_id: UUID) -> str:
    return f"person-{person_id}"
