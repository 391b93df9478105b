"""The auditor's log: filters, cursors, CSV that no spreadsheet runs, and nothing of what was said."""

import csv
import io
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from compliance import audit, checkpoints, log_export, log_reading
from compliance.audit import Actor, Target
from compliance.log_reading import Filters
from compliance.models import AuditEvent, Leaf
from portal.errors import BadInput


@pytest.fixture
def acts(firm, paralegal, actor_for, matter):
    for _ in range(5):
        audit.record("portal:settings:read", organization_id=firm.id, actor=actor_for(paralegal))
    audit.refuse("portal:access:refused", organization_id=firm.id, actor=actor_for(paralegal), reason="right:read:audit")
    return AuditEvent.objects.filter(organization=firm).count()


@pytest.fixture
def auditing(client, auditor):
    client.force_login(auditor)
    return client


def read_csv(answer):
    return list(csv.DictReader(io.StringIO(b"".join(answer).decode())))


def test_cursors_walk_the_whole_log_once(firm, acts):
    seen, cursor = [], ""
    while True:
        page = log_reading.page(firm.id, Filters(), cursor, size=2)
        seen += [line.event.id for line in page.lines]
        cursor = page.older
        if not cursor:
            break
    assert len(seen) == len(set(seen)) == acts


@pytest.mark.parametrize("cursor", ["x", "e30", "WyJhIiwgImIiXQ", "=", "a" * 500, "WzEsIDJd"])
def test_a_cursor_that_is_none_of_ours_is_refused(firm, cursor):
    with pytest.raises(BadInput):
        log_reading.page(firm.id, Filters(), cursor)


def test_filters_narrow(firm, paralegal, matter, acts):
    def count(**filters):
        return log_reading.matching(firm.id, Filters(**filters)).count()

    assert count(act="portal:settings:read") == 5
    assert count(act="portal") == 6
    assert count(outcome="refused") == 1
    assert count(matter_id=matter.id) == 1
    assert count(person_id=paralegal.id) == acts
    assert count(since=timezone.now() + timedelta(minutes=1)) == 0
    assert count(until=timezone.now() + timedelta(minutes=1)) == acts
    assert count(act="por") == 0


def test_the_page_shows_people_and_short_numbers_but_no_title(auditing, acts, matter, paralegal):
    page = auditing.get("/audit/").content.decode()
    assert paralegal.name in page
    assert matter.short in page
    assert "Whitfield" not in page
    assert AuditEvent.objects.filter(type="compliance:audit:read").count() == 1


def test_filters_of_the_page(auditing, acts, matter):
    assert len(auditing.get(f"/audit/?matter={matter.short.lower()}").context["lines"]) == 1
    assert len(auditing.get("/audit/?act=portal:settings:read").context["lines"]) == 5
    assert auditing.get("/audit/?since=2031-01-01").context["lines"] == []


@pytest.mark.parametrize("query", ["matter=L-9999", "matter=x", "since=yesterday", "person=me", "act=all", "outcome=maybe"])
def test_a_filter_that_cannot_be_is_said(auditing, acts, query):
    answer = auditing.get(f"/audit/?{query}")
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert auditing.get(f"/audit/log.csv?{query}").status_code == 400


def test_a_neighbours_matter_number_tells_nothing(auditing, acts, clinic, clinician, actor_for):
    from vault import matters

    theirs = matters.create(actor=actor_for(clinician), member=clinician, kind="clinical", title="A patient")
    assert auditing.get(f"/audit/?matter={theirs.short}").context["form"].errors


def test_the_csv_has_every_act_in_the_logs_own_order(auditing, acts, firm, matter):
    rows = read_csv(auditing.get("/audit/log.csv"))
    assert len(rows) == acts
    assert [int(row["number"]) for row in rows] == list(range(acts))
    leaves = Leaf.objects.filter(organization=firm).order_by("index")
    assert [row["leaf_hash"] for row in rows] == [bytes(leaf.leaf_hash).hex() for leaf in leaves][:acts]
    assert {row["matter"] for row in rows} == {"", matter.short}
    assert "Whitfield" not in str(rows)


def test_the_export_is_recorded_before_its_first_byte(auditing, acts):
    answer = auditing.get("/audit/log.csv?act=portal:settings:read")
    event = AuditEvent.objects.get(type="compliance:audit:exported")
    assert event.facts == {"events": 5, "format": "csv"}
    assert len(read_csv(answer)) == 5


def test_an_export_that_cannot_be_recorded_gives_nothing(auditing, acts, monkeypatch):
    def broken(*args, **kwargs):
        raise audit.persons.NotWired

    monkeypatch.setattr(log_export.audit, "record", broken)
    assert auditing.get("/audit/log.csv").status_code == 503


def test_batches_join_without_loss(auditing, acts, monkeypatch):
    monkeypatch.setattr(log_export, "BATCH", 2)
    assert len(read_csv(auditing.get("/audit/log.csv"))) == acts


@pytest.mark.parametrize("name", ['=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_name_that_is_a_formula_is_text_in_the_csv(auditing, firm, paralegal, name):
    audit.record("portal:settings:read", organization_id=firm.id, actor=Actor("member", paralegal.id, name))
    people = [row["person"] for row in read_csv(auditing.get("/audit/log.csv"))]
    assert f"'{name}" in people


@given(st.text())
def test_no_cell_begins_like_a_formula(text):
    assert not log_export.safe(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert log_export.safe(text).removeprefix("'") == text.removeprefix("'")


def test_a_destroyed_name_is_said_to_be_destroyed(auditing, firm, paralegal, actor_for):
    audit.record("portal:settings:read", organization_id=firm.id, actor=actor_for(paralegal))
    audit.persons.sealer().destroy(paralegal.id)
    assert "(name destroyed)" in auditing.get("/audit/").content.decode()
    assert "(name destroyed)" in {row["person"] for row in read_csv(auditing.get("/audit/log.csv"))}


def test_one_organizations_log_is_closed_to_another(client, clinic, make_member, acts):
    from portal.accounts.rights import Role

    client.force_login(make_member(clinic, Role.AUDITOR))
    assert read_csv(client.get("/audit/log.csv")) == []
    assert "Settings read" not in [shown.line.act for shown in client.get("/audit/").context["lines"]]


def test_paralegals_do_not_read_the_log(client, paralegal, acts):
    client.force_login(paralegal)
    assert client.get("/audit/").status_code == 403
    assert client.get("/audit/log.csv").status_code == 403


def test_sequencing_twice_changes_nothing(firm, acts):
    assert checkpoints.sequence(firm.id) == acts
    assert checkpoints.sequence(firm.id) == acts
    assert list(Leaf.objects.filter(organization=firm).order_by("index").values_list("index", flat=True)) == list(range(acts))


def test_a_member_is_found_as_target_too(firm, auditor, actor_for, paralegal):
    target = Target("member", auditor.id)
    audit.record("accounts:member:signed_in", organization_id=firm.id, actor=actor_for(paralegal), target=target)
    assert log_reading.matching(firm.id, Filters(person_id=auditor.id)).count() == 1
