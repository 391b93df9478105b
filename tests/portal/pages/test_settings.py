"""Settings: shown to whoever may read them, changed by administrators, every change recorded."""

import pytest

from compliance.models import AudienceRule, AuditEvent, ProviderSetting
from portal.accounts.models import Organization
from portal.accounts.rights import Role


@pytest.fixture
def administrator(firm, make_member):
    return make_member(firm, Role.ADMINISTRATOR)


@pytest.fixture
def signed_in(client, administrator):
    client.force_login(administrator)
    return client


def test_regions_services_and_policies_are_shown(signed_in, matter):
    page = signed_in.get("/settings/").content.decode()
    for words in ("This machine", "Files on this machine", "Speech engine of this portal", "case.dev", matter.short):
        assert words in page
    assert "Whitfield" not in page


def test_stopping_all_sending_and_allowing_it_again(signed_in, firm):
    signed_in.post("/settings/services/all")
    assert "Everything is stopped" in signed_in.get("/settings/").content.decode()
    signed_in.post("/settings/services/all", {"enabled": "on"})
    assert ProviderSetting.objects.get(organization=firm).enabled
    assert AuditEvent.objects.filter(type="compliance:provider:changed").count() == 2


def test_an_agreement_is_kept_with_its_end(signed_in, firm):
    fields = {"enabled": "on", "agreement": "baa", "data_classes": ["health"], "agreed_until": "2031-05-01"}
    signed_in.post("/settings/services/casedev", fields)
    row = ProviderSetting.objects.get(organization=firm, provider="casedev")
    assert (row.enabled, row.agreement, row.data_classes, str(row.agreed_until)) == (True, "baa", ["health"], "2031-05-01")


@pytest.mark.parametrize("bad", [{"agreement": "handshake"}, {"data_classes": ["all"]}, {"agreed_until": "soon"}])
def test_what_cannot_be_agreed_is_refused(signed_in, bad):
    assert signed_in.post("/settings/services/casedev", {"enabled": "on"} | bad).status_code == 400
    assert not ProviderSetting.objects.exists()


def test_an_unknown_service_is_nothing_here(signed_in):
    assert signed_in.post("/settings/services/elsewhere", {"enabled": "on"}).status_code == 404


def test_a_rule_of_the_audience_table_is_set_and_removed(signed_in, firm, matter):
    fields = {"matter": str(matter.id), "audience": "role:attorney", "policy": "frcp_5_2"}
    signed_in.post("/settings/audience", fields)
    assert AudienceRule.objects.get(removed_at=None).policy_name == "frcp_5_2"
    page = signed_in.get("/settings/").content.decode()
    assert "every attorney" in page
    signed_in.post("/settings/audience", fields | {"policy": ""})
    assert not AudienceRule.objects.filter(removed_at=None).exists()


def test_verbatim_is_not_for_a_role(signed_in, matter):
    fields = {"matter": str(matter.id), "audience": "role:attorney", "policy": "verbatim", "purpose": "care"}
    assert signed_in.post("/settings/audience", fields).status_code == 400
    assert not AudienceRule.objects.exists()


def test_a_neighbours_matter_gets_no_rule(signed_in, clinician, actor_for):
    from vault import matters

    theirs = matters.create(actor=actor_for(clinician), member=clinician, kind="clinical", title="A patient")
    fields = {"matter": str(theirs.id), "audience": "role:attorney", "policy": "frcp_5_2"}
    assert signed_in.post("/settings/audience", fields).status_code == 404
    assert signed_in.post("/settings/audience", fields | {"matter": "x"}).status_code == 404


@pytest.mark.parametrize("minutes", ["0", "61", "-1", "ten", "", "9" * 50])
def test_an_idle_time_that_cannot_be_is_refused(signed_in, firm, minutes):
    assert signed_in.post("/settings/idle", {"minutes": minutes}).status_code == 400


def test_the_idle_time_changes(signed_in, firm):
    signed_in.post("/settings/idle", {"minutes": "5"})
    assert Organization.objects.get(pk=firm.pk).idle_minutes == 5
    assert 'data-idle-seconds="300"' in signed_in.get("/rights/").content.decode()


@pytest.mark.parametrize("url", ["/settings/idle", "/settings/services/all", "/settings/audience"])
def test_others_read_but_do_not_change(client, paralegal, url):
    client.force_login(paralegal)
    assert client.get("/settings/").status_code == 200
    fields = {"minutes": "5", "audience": "role:attorney", "policy": "frcp_5_2"}
    assert client.post(url, fields).status_code == 403
    assert AuditEvent.objects.filter(type="portal:access:refused", outcome="refused").exists()


def test_a_refused_sending_is_explained(signed_in, firm):
    from compliance import audit

    audit.refuse(
        "compliance:egress:refused",
        organization_id=firm.id,
        actor=audit.SYSTEM,
        provider="casedev",
        vault_region="eu",
        provider_region="us",
        reason="region",
    )
    assert "stays in its region" in signed_in.get("/settings/").content.decode().replace("&#x27;", "'")
