"""Retiring a policy on the pages: put away under a fold, refused by name where it was offered, its recordings as before."""

import pytest

from compliance import audiences, policies
from compliance.audiences import Audience
from compliance.models import AudienceRule, AuditEvent, DisclosurePolicy
from compliance.redaction import TYPES
from portal.accounts.rights import Role
from tests.portal.pages.test_uploading import arrive, ask, begin, sound
from transcription import intake, proceedings, renditions
from transcription.models import Proceeding
from vault.models import StoredObject

ALL = {f"show_{type_}": "label" for type_ in (*TYPES, "other")}
PAGE = "/policies/court_copy/"


@pytest.fixture
def retired(signed_in, court):
    answer = signed_in.post(f"{PAGE}retire", {"expected": "1"})
    assert answer["Location"] == PAGE
    court.refresh_from_db()
    return court


def text(answer) -> str:
    return answer.content.decode().replace("&#x27;", "'")


def give(client, audience, policy, matter=None):
    number = str(matter.number) if matter else ""
    return client.post("/policies/who-sees-what/give", {"matter": number, "audience": audience, "policy": policy})


def test_retired_it_lies_under_a_fold_with_who_and_when(signed_in, court):
    assert "Retired (" not in text(signed_in.get("/policies/"))
    answer = signed_in.post(f"{PAGE}retire", {"expected": "1"}, follow=True)
    page = text(answer)
    assert "“Court copy” is retired" in page
    assert "Retired</strong> by Ruth Officer" in page
    assert "Bring back" in page
    assert f"{PAGE}change" not in page
    assert f"{PAGE}retire" not in page
    listed = text(signed_in.get("/policies/"))
    above, below = listed.split("<details", 1)[0], listed.split("Retired (1)", 1)[1]
    assert '<details class="retired"><summary>' in listed  # closed
    assert "Court copy" in below
    assert "Ruth Officer" in below
    assert f'href="{PAGE}"' not in above
    facts = AuditEvent.objects.filter(type="compliance:policy:changed").order_by("at").last().facts
    assert facts == {"policy": "court_copy", "version": 1, "retired": True}


def test_brought_back_it_is_offered_again(signed_in, retired, paralegal, matter, browse):
    page = text(signed_in.post(f"{PAGE}bring-back", {"expected": "1"}, follow=True))
    assert "it is offered again" in page
    assert f"{PAGE}change" in page
    assert "Retired (" not in text(signed_in.get("/policies/"))
    assert 'value="court_copy"' in text(browse(paralegal).get("/upload/"))
    assert give(signed_in, "role:attorney", "court_copy").status_code == 302


def test_it_is_offered_nowhere(signed_in, retired, paralegal, matter, browse):
    for client, url in (
        (browse(paralegal), "/upload/"),
        (signed_in, "/policies/who-sees-what/"),
        (signed_in, f"/policies/who-sees-what/{matter.number}/"),
    ):
        page = text(client.get(url))
        assert "<option" in page
        assert "court_copy" not in page, url


def test_a_forged_choice_of_it_is_refused_with_a_clear_sentence(signed_in, retired, paralegal, matter, browse):
    for where in (None, matter):
        answer = give(signed_in, "role:attorney", "court_copy", where)
        assert answer.status_code == 409
        assert "This policy is retired, so it is not offered any more." in text(answer)
    assert not AudienceRule.objects.exists()
    answer = begin(browse(paralegal), ask(matter, ("a.wav", 10), policy="court_copy"))
    assert (answer.status_code, answer.json()["code"]) == (409, "policy_retired")
    assert "This policy is retired" in answer.json()["message"]
    assert not StoredObject.objects.exists()


def test_an_upload_that_chose_it_before_is_not_lost(signed_in, court, paralegal, matter, browse, actor_for):
    data = sound()
    answer = begin(browse(paralegal), ask(matter, ("a.wav", len(data)), policy="court_copy")).json()
    signed_in.post(f"{PAGE}retire", {"expected": "1"})
    assert policies.retired(matter.organization_id)
    object_id = answer["files"][0]["object"]
    arrive(object_id, data, actor_for(paralegal))
    assert intake.complete(StoredObject.objects.get(pk=object_id).id).policy_name == "court_copy"


def test_a_recording_that_chose_it_is_shown_as_before(signed_in, court, paralegal, matter, browse, make_transcript):
    said = {"utterances": [{"speaker": "A", "text": "My name is Marta Whitfield and I have asthma."}]}
    made = make_transcript(matter, paralegal, said)
    Proceeding.objects.filter(pk=made.proceeding_id).update(policy_name="court_copy")
    made.refresh_from_db()
    renditions.ensure(made, court)
    reader = browse(paralegal)
    before = text(reader.get(f"/transcripts/{made.id}/"))
    assert signed_in.post(f"{PAGE}retire", {"expected": "1"}).status_code == 302
    after = text(reader.get(f"/transcripts/{made.id}/"))
    for page in (before, after):
        assert "MEDICAL 1" in page
        assert "asthma" not in page
        assert "Whitfield and" not in page
    assert proceedings.policy_for(made.proceeding, Audience.of_member(paralegal)) == court
    page = text(signed_in.get(PAGE))
    assert "Chosen for 1 upload." in page
    assert "Social security numbers" in page


def test_its_versions_can_be_read_but_not_gone_back_to(signed_in, court, firm):
    signed_in.post(f"{PAGE}change", ALL | {"show_ssn": "box", "expected": "1", "sample": "legal"})
    signed_in.post(f"{PAGE}retire", {"expected": "2"})
    page = text(signed_in.get(PAGE))
    assert "<ins>Black box</ins>" in page
    assert "Go back to this" not in page
    answer = signed_in.post(f"{PAGE}revert", {"version": "1", "expected": "2"}, follow=True)
    assert "Bring it back first" in text(answer)
    assert policies.resolve(firm.id, "court_copy").version == 2


def test_it_is_not_changed_until_it_is_back_and_nothing_typed_is_lost(signed_in, retired, firm):
    assert "Bring it back first" in text(signed_in.get(f"{PAGE}change", follow=True))
    fields = ALL | {"show_ssn": "box", "expected": "1", "sample": "legal"}
    answer = signed_in.post(f"{PAGE}change", fields)
    assert answer.status_code == 409
    assert "Bring it back first" in text(answer)
    assert 'value="box" selected' in text(answer)
    assert policies.resolve(firm.id, "court_copy").version == 1
    signed_in.post(f"{PAGE}bring-back", {"expected": "1"})
    assert signed_in.post(f"{PAGE}change", fields).status_code == 302


def test_its_name_stays_taken(signed_in, retired):
    answer = signed_in.post("/policies/new-policy", ALL | {"name": "Court copy", "expected": "0", "sample": "legal"})
    assert answer.status_code == 409
    assert "A retired policy has this name" in text(answer)
    assert DisclosurePolicy.objects.filter(name="court_copy").count() == 1


def test_while_it_is_given_it_is_not_retired_and_the_entries_are_counted(
    signed_in, court, officer, matter, actor_for, firm
):  # fmt: skip
    for audience, where in (("role:paralegal", matter.id), ("export", None)):
        audiences.set_rule(
            actor=actor_for(officer), by=officer, matter_id=where, audience=audience, policy_name="court_copy"
        )  # fmt: skip
    answer = signed_in.post(f"{PAGE}retire", {"expected": "1"})
    assert answer.status_code == 409
    page = text(answer)
    assert "2 entries of the audience table still give this policy. Give them another policy first" in page
    assert f"Every paralegal in {matter.short}" in page
    assert 'first: <a href="/policies/who-sees-what/">' in page
    assert policies.resolve(firm.id, "court_copy").retired_at is None


def test_twice_is_once_and_a_stale_page_does_nothing(signed_in, court, firm):
    signed_in.post(f"{PAGE}change", ALL | {"show_ssn": "box", "expected": "1", "sample": "legal"})
    assert "Somebody saved another version" in text(signed_in.post(f"{PAGE}retire", {"expected": "1"}, follow=True))
    assert policies.retired(firm.id) == []
    signed_in.post(f"{PAGE}retire", {"expected": "2"})
    assert "retired already" in text(signed_in.post(f"{PAGE}retire", {"expected": "2"}, follow=True))
    signed_in.post(f"{PAGE}bring-back", {"expected": "2"})
    assert "is not retired" in text(signed_in.post(f"{PAGE}bring-back", {"expected": "2"}, follow=True))
    facts = [event.facts for event in AuditEvent.objects.filter(type="compliance:policy:changed").order_by("at")]
    assert [one["retired"] for one in facts if "retired" in one] == [True, False]


@pytest.mark.parametrize("act", ["retire", "bring-back"])
def test_forms_that_are_not_ours_are_refused(signed_in, court, act):
    for expected in ("", "x", "-1", "1e3", "9" * 10):
        assert signed_in.post(f"{PAGE}{act}", {"expected": expected}).status_code == 400
    for name in ("identifiers", "verbatim", "no_such"):
        assert signed_in.post(f"/policies/{name}/{act}", {"expected": "1"}).status_code == 404
    assert signed_in.get(f"{PAGE}{act}").status_code == 405
    assert signed_in.post(f"/policies/court_copy+0123abcd/{act}", {"expected": "1"}).status_code == 404
    assert not DisclosurePolicy.objects.exclude(retired_at=None).exists()


def test_without_the_right_it_is_read_not_done_and_the_refusal_recorded(browse, paralegal, retired):
    client = browse(paralegal)
    page = text(client.get(PAGE))
    assert "Retired</strong> by Ruth Officer" in page
    assert "Bring back" not in page
    for act in ("retire", "bring-back"):
        assert client.post(f"{PAGE}{act}", {"expected": "1"}).status_code == 403
    refusals = AuditEvent.objects.filter(type="portal:access:refused", outcome="refused", actor_id=paralegal.id)
    assert [event.facts["reason"] for event in refusals] == ["right:manage:policy"] * 2
    retired.refresh_from_db()
    assert retired.retired_at is not None


def test_a_neighbour_sees_none_of_it(clinic, make_member, browse, retired):
    theirs = browse(make_member(clinic, Role.PRIVACY_OFFICER))
    assert "Court copy" not in text(theirs.get("/policies/"))
    assert "Retired (" not in text(theirs.get("/policies/"))
    assert theirs.get(PAGE).status_code == 404
    for act in ("retire", "bring-back"):
        assert theirs.post(f"{PAGE}{act}", {"expected": "1"}).status_code == 404
    retired.refresh_from_db()
    assert retired.retired_at is not None
