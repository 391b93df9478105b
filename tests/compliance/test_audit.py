"""Law 5: no act without its record; the record is append-only and holds no content."""

import pytest
from django.db import DatabaseError, connection, transaction

from compliance import audit, persons
from compliance.models import AuditEvent


@pytest.fixture
def member_actor(paralegal, actor_for):
    return actor_for(paralegal)


def test_creating_a_matter_records_who_did_it_with_the_name_sealed(matter, paralegal):
    event = AuditEvent.objects.get(type="vault:matter:created")
    assert event.actor_id == paralegal.id
    assert event.facts == {"kind": "legal", "region": "local"}
    assert paralegal.name.encode() not in bytes(event.actor_sealed)
    assert audit.open_actor(event)["name"] == paralegal.name


def test_an_act_whose_event_cannot_be_written_does_not_happen(paralegal, actor_for, monkeypatch):
    from vault import matters
    from vault.models import Matter

    monkeypatch.setattr(persons, "_sealer", None)
    with pytest.raises(persons.NotWired):
        matters.create(actor=actor_for(paralegal), member=paralegal, kind="legal", title="Doe")
    assert not Matter.objects.exists()


@pytest.mark.parametrize("statement", ["UPDATE compliance_auditevent SET type = 'x'", "DELETE FROM compliance_auditevent"])
def test_somebody_with_the_database_cannot_change_or_delete_an_event(matter, statement):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditEvent.objects.filter(type="vault:matter:created").exists()


def test_an_event_cannot_carry_text_that_somebody_typed(firm, member_actor):
    with pytest.raises(ValueError, match="not a code"):
        audit.record("transcription:transcript:held", organization_id=firm.id, actor=member_actor, reason="Marta called me")
    with pytest.raises(ValueError, match="has no fact"):
        audit.record("vault:matter:read", organization_id=firm.id, actor=member_actor, title="x")


def test_reads_within_a_quarter_of_an_hour_are_one_fact(firm, member_actor, matter):
    target = audit.Target("transcript", matter.id, matter.id)
    for _ in range(3):
        audit.record(
            "transcription:transcript:read", organization_id=firm.id, actor=member_actor, target=target, merge="1", version=1
        )
    assert AuditEvent.objects.filter(type="transcription:transcript:read").count() == 1


def test_destroying_a_persons_key_makes_their_name_unreadable_and_keeps_the_leaf(matter, paralegal):
    event = AuditEvent.objects.get(type="vault:matter:created")
    before = audit.leaf_hash(event)
    persons.sealer().destroy(paralegal.id)
    assert audit.open_actor(event) == {}
    assert audit.leaf_hash(AuditEvent.objects.get(pk=event.pk)) == before
