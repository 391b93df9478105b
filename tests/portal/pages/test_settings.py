"""Settings: shown to whoever may read them, changed by administrators, every change recorded."""

import pytest

from compliance.models import AuditEvent, ProviderSetting
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
    for words in ("This machine", "Files on this machine", "Speech engine of this portal", "case.dev", "who-sees-what"):
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


@pytest.mark.parametrize("minutes", ["0", "61", "-1", "ten", "", "9" * 50])
def test_an_idle_time_that_cannot_be_is_refused(signed_in, firm, minutes):
    assert signed_in.post("/settings/idle", {"minutes": minutes}).status_code == 400


def test_the_idle_time_changes(signed_in, firm):
    signed_in.post("/settings/idle", {"minutes": "5"})
    assert Organization.objects.get(pk=firm.pk).idle_minutes == 5
    assert 'data-idle-seconds="300"' in signed_in.get("/rights/").content.decode()


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.PRIVACY_OFFICER])
def test_the_confidence_below_which_audio_is_withheld_is_set_and_switched_off(client, firm, make_member, role):
    client.force_login(make_member(firm, role))
    assert "Audio is heard however unsure" in client.get("/settings/").content.decode()
    assert client.post("/settings/hearing", {"percent": "60"}).status_code == 302
    assert Organization.objects.get(pk=firm.pk).audio_confidence_floor == 0.6
    assert "less than <strong>60 % sure</strong>" in client.get("/settings/").content.decode()
    client.post("/settings/hearing", {"percent": ""})
    assert Organization.objects.get(pk=firm.pk).audio_confidence_floor is None
    settings = [e.facts["setting"] for e in AuditEvent.objects.filter(type="portal:settings:changed").order_by("at")]
    assert settings == ["audio_confidence_floor", "audio_confidence_floor_off"]


def test_listening_again_is_switched_on_and_off(client, firm, make_member):
    client.force_login(make_member(firm, Role.PRIVACY_OFFICER))
    assert "Bleeped audio is not checked" in client.get("/settings/").content.decode()
    client.post("/settings/bleeping", {"check": "on"})
    assert Organization.objects.get(pk=firm.pk).check_bleeped_audio
    page = client.get("/settings/").content.decode()
    assert "Stop checking" in page
    assert "12 minutes of sound at most" in page
    assert "Copies made before the check was switched on can be heard" in page
    client.post("/settings/bleeping", {"check": "off"})
    assert not Organization.objects.get(pk=firm.pk).check_bleeped_audio


@pytest.mark.parametrize("percent", ["0", "101", "-5", "0.6", "sixty", "9" * 50, "nan", "²"])
def test_a_confidence_that_cannot_be_is_refused_and_changes_nothing(signed_in, firm, percent):
    Organization.objects.filter(pk=firm.pk).update(audio_confidence_floor=0.7)
    assert signed_in.post("/settings/hearing", {"percent": percent}).status_code == 400
    assert Organization.objects.get(pk=firm.pk).audio_confidence_floor == 0.7


def test_a_confidence_that_cannot_be_stays_in_its_field_with_what_is_allowed(signed_in, firm):
    answer = signed_in.post("/settings/hearing", {"percent": "101"})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "<h1>Settings</h1>" in page
    assert 'id="floor" min="1" max="100" value="101"' in page
    assert '<ul class="errors" id="floor-errors"><li>The limit is a whole number of 1 to 100 percent' in page
    assert "however unsure" in page


@pytest.mark.parametrize("name", ["idle", "services/all", "hearing", "bleeping"])
def test_others_read_but_do_not_change(client, paralegal, name):
    client.force_login(paralegal)
    assert client.get("/settings/").status_code == 200
    fields = {"minutes": "5", "percent": "1"}
    assert client.post(f"/settings/{name}", fields).status_code == 403
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
