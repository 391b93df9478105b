"""The pages of privacy policies: read by all, changed by those who answer for them, closed to neighbours, plain in errors."""

import re

import pytest

from compliance import audiences, policies
from compliance.models import AudienceRule, AuditEvent, DisclosurePolicy
from compliance.redaction import TYPES
from portal.accounts.rights import Action, Kind, Role, Scope, allowed
from transcription import renditions
from vault import matters

ALL = {f"show_{type_}": "label" for type_ in (*TYPES, "other")}


def text(answer) -> str:
    return answer.content.decode().replace("&#x27;", "'")


def test_presets_and_the_organizations_own_are_listed(signed_in, court):
    page = text(signed_in.get("/policies/"))
    for words in ("HIPAA Safe Harbor", "FRCP 5.2 filing copy", "Verbatim: nothing hidden", "Court copy", "Ruth Officer"):
        assert words in page
    for forbidden in ("endition", "etection", "StoredObject"):
        assert forbidden not in page
    assert AuditEvent.objects.filter(type="compliance:policy:read").count() == 1


def test_an_organization_without_its_own_is_told_how_to_begin(signed_in):
    assert "None yet" in text(signed_in.get("/policies/"))


@pytest.mark.parametrize("name", ["identifiers", "verbatim", "court_copy"])
def test_one_policy_says_what_it_shows(signed_in, court, name):
    page = text(signed_in.get(f"/policies/{name}/"))
    assert "Social security numbers" in page
    assert ("Go back to this" in page) is False


def test_the_preview_follows_the_choices_and_saves_nothing(signed_in, court):
    fields = ALL | {"expected": "1", "policy": "court_copy", "sample": "legal", "show_ssn": "last_four", "show_address": "zip3"}
    page = text(signed_in.post("/policies/live-preview", fields))
    for words in (
        "[SSN ending 1153]",
        "[ADDRESS 152**]",
        "[ADDRESS 000**]",
        "2 changes to version 1",
        "Weaker than the default",
    ):
        assert words in page
    assert "Marta" not in page
    assert "[MEDICAL 3]" in text(signed_in.post("/policies/live-preview", fields | {"sample": "clinical"}))
    assert "Nothing would be hidden" in text(signed_in.post("/policies/live-preview", fields | dict.fromkeys(ALL, "show")))
    assert DisclosurePolicy.objects.filter(name="court_copy").count() == 1


FORGED = [
    {"show_ssn": "shout"},
    {"show_ssn": "year"},
    {"show_email": "<script>"},
    {"show_shoe_size": "label"},
    {"show_name": ""},
    {"expected": "-1"},
    {"expected": "1e3"},
    {"sample": "../../etc/passwd"},
]


@pytest.mark.parametrize("forged", FORGED)
@pytest.mark.parametrize("url", ["/policies/live-preview", "/policies/court_copy/change", "/policies/new-policy"])
def test_a_forged_choice_is_refused(signed_in, court, forged, url):
    fields = ALL | {"expected": "1" if "change" in url else "0", "sample": "legal", "name": "Mine", "show_medical": "show"}
    answer = signed_in.post(url, fields | forged)
    assert answer.status_code == 400
    assert "<script>" not in text(answer)
    assert DisclosurePolicy.objects.exclude(organization=None).count() == 1


def test_a_choice_left_out_is_not_taken_for_anything(signed_in, court):
    fields = {key: value for key, value in ALL.items() if key != "show_ssn"}
    assert signed_in.post("/policies/court_copy/change", fields | {"expected": "1"}).status_code == 400


def test_a_copy_of_a_preset_is_made_and_changed(signed_in, firm):
    page = text(signed_in.get("/policies/new-policy?copy=hipaa_safe_harbor"))
    assert "A copy of “HIPAA Safe Harbor”" in page
    answer = signed_in.post("/policies/new-policy", ALL | {"name": " Court  Copy ", "expected": "0", "sample": "legal"})
    assert answer["Location"] == "/policies/court_copy/"
    signed_in.post("/policies/court_copy/change", ALL | {"show_ssn": "box", "expected": "1", "sample": "legal"})
    page = text(signed_in.get("/policies/court_copy/"))
    assert "version 2" in page
    assert "<del>Label</del>" in page
    assert "<ins>Black box</ins>" in page
    assert "Go back to this" in page
    signed_in.post("/policies/court_copy/revert", {"version": "1", "expected": "2"})
    row = policies.resolve(firm.id, "court_copy")
    assert (row.version, policies.readable(row).rule("ssn").value) == (3, "label")


@pytest.mark.parametrize("name", ["", "!", "x", "identifiers", "Verbatim", "a" * 60])
def test_a_name_that_cannot_be_is_said_with_everything_typed_still_there(signed_in, name):
    answer = signed_in.post(
        "/policies/new-policy", ALL | {"name": name, "expected": "0", "sample": "clinical", "show_ssn": "box"}
    )
    assert answer.status_code == 400
    page = text(answer)
    assert "Not saved." in page
    assert 'value="box" selected' in page
    assert not DisclosurePolicy.objects.exclude(organization=None).exists()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("2026 filing", "This one begins with “2”: put a word first"),
        ("7 copy", "This one begins with “7”: put a word first"),
        ("Москва", "“М” is none of these"),
        ("Für Gericht", "“ü” is none of these"),
        ("<b>hi</b>", "“&lt;” is none of these"),
        ("Court_copy", "“_” is none of these"),
        ("x", "This one has 1: choose a longer one"),
        ("a" * 31, "This one has 31: choose a shorter one"),
        ("  ", "Give the policy a name. A policy's name begins with a letter"),
    ],
)
def test_a_name_is_refused_with_the_rule_and_what_was_found_and_never_changed(signed_in, name, said):
    answer = signed_in.post("/policies/new-policy", ALL | {"name": name, "expected": "0", "sample": "legal"})
    assert answer.status_code == 400
    page = text(answer).replace("&#39;", "'")
    assert "begins with a letter and is 2 to 30 letters a to z, digits and spaces long" in page
    assert said in page
    assert not DisclosurePolicy.objects.exclude(organization=None).exists()


@pytest.mark.parametrize("source", ["frcp_5_2", "everything", "identifiers", "hipaa_safe_harbor", "court_copy"])
def test_the_name_that_a_copy_begins_with_can_be_saved(signed_in, court, source):
    page = text(signed_in.get(f"/policies/new-policy?copy={source}"))
    suggested = re.search(r'name="name" id="policy-name" value="([^"]*)"', page)[1]
    answer = signed_in.post("/policies/new-policy", ALL | {"name": suggested, "expected": "0", "sample": "legal"})
    assert answer.status_code == 302


@pytest.mark.parametrize(
    ("name", "preset"),
    [
        ("Identifiers hidden", "Identifiers hidden"),
        ("Verbatim nothing hidden", "Verbatim: nothing hidden"),
        ("FRCP 5 2 filing copy", "FRCP 5.2 filing copy"),
        ("gd pr", "GDPR"),
    ],
)
def test_a_name_that_reads_as_a_presets_is_refused_and_the_preset_named(signed_in, name, preset):
    fields = ALL | {"name": name, "expected": "0", "sample": "legal", "show_ssn": "last_four"}
    answer = signed_in.post("/policies/new-policy", fields)
    assert answer.status_code == 400
    assert f"“{preset}” is what a preset is called. Choose another name" in text(answer)
    assert not DisclosurePolicy.objects.exclude(organization=None).exists()


def test_one_that_was_named_as_a_preset_before_can_still_be_made_stricter(signed_in, court, firm):
    DisclosurePolicy.objects.filter(pk=court.pk).update(name="identifiers_hidden")
    fields = ALL | {"show_ssn": "box", "expected": "1", "sample": "legal"}
    assert signed_in.post("/policies/identifiers_hidden/change", fields).status_code == 302
    assert policies.resolve(firm.id, "identifiers_hidden").version == 2


def test_a_name_that_is_taken_is_said(signed_in, court):
    answer = signed_in.post("/policies/new-policy", ALL | {"name": "Court copy", "expected": "0", "sample": "legal"})
    assert answer.status_code == 409
    assert "There is a policy of this name already" in text(answer)


def test_presets_cannot_be_changed_and_verbatim_not_copied(signed_in):
    for name in ("identifiers", "verbatim"):
        assert signed_in.get(f"/policies/{name}/change").status_code == 404
        assert signed_in.post(f"/policies/{name}/change", ALL | {"expected": "1"}).status_code == 404
        assert signed_in.post(f"/policies/{name}/revert", {"version": "1", "expected": "1"}).status_code == 404
    answer = signed_in.post(
        "/policies/new-policy", dict.fromkeys(ALL, "show") | {"name": "Open", "expected": "0", "sample": "legal"}
    )
    assert answer.status_code == 400
    assert "A policy hides something" in text(answer)


def test_two_editors_at_once_lose_nothing(signed_in, court, firm, make_member, browse):
    other = browse(make_member(firm, Role.ADMINISTRATOR, name="Leo Admin"))
    other.post("/policies/court_copy/change", ALL | {"show_ssn": "last_four", "expected": "1", "sample": "legal"})
    answer = signed_in.post("/policies/court_copy/change", ALL | {"show_date": "year", "expected": "1", "sample": "legal"})
    assert answer.status_code == 409
    page = text(answer)
    assert "Somebody saved another version" in page
    # Who, what they changed, and one's own choice still there.
    assert "Leo Admin" in page
    assert "<ins>Last four</ins>" in page
    assert 'value="year" selected' in page
    assert 'name="expected" value="2"' in page
    assert policies.resolve(firm.id, "court_copy").version == 2
    answer = signed_in.post(
        "/policies/court_copy/change",
        ALL | {"show_ssn": "last_four", "show_date": "year", "expected": "2", "sample": "legal"},
    )
    assert answer.status_code == 302
    read = policies.readable(policies.resolve(firm.id, "court_copy"))
    assert (read.rule("ssn").value, read.rule("date").value) == ("last_four", "year")


def test_going_back_from_a_stale_page_says_so(signed_in, court, firm):
    signed_in.post("/policies/court_copy/change", ALL | {"show_ssn": "box", "expected": "1", "sample": "legal"})
    signed_in.post("/policies/court_copy/change", ALL | {"show_ssn": "last_four", "expected": "2", "sample": "legal"})
    answer = signed_in.post("/policies/court_copy/revert", {"version": "1", "expected": "2"}, follow=True)
    assert "Somebody saved another version" in text(answer)
    assert policies.resolve(firm.id, "court_copy").version == 3
    assert signed_in.post("/policies/court_copy/revert", {"version": "77", "expected": "3"}).status_code == 404
    assert signed_in.post("/policies/court_copy/revert", {"version": "x", "expected": "3"}).status_code == 400


def test_whoever_would_be_cut_off_is_named_before_and_the_save_refused(signed_in, court, officer, matter, actor_for):
    audiences.set_rule(
        actor=actor_for(officer), by=officer, matter_id=matter.id, audience="role:paralegal", policy_name="court_copy"
    )
    fields = ALL | {"show_ssn": "last_four", "expected": "1", "policy": "court_copy", "sample": "legal"}
    assert f"every paralegal in {matter.short}" in text(signed_in.post("/policies/live-preview", fields))
    answer = signed_in.post("/policies/court_copy/change", fields)
    assert answer.status_code == 400
    assert "they would see nothing at all" in text(answer)


def test_a_policy_that_cannot_be_read_says_so_and_can_be_mended(signed_in, court, firm):
    DisclosurePolicy.objects.filter(name="court_copy").update(rules={"rules": {"name": "shout"}})
    assert "Cannot be read" in text(signed_in.get("/policies/"))
    assert "nothing is shown to anybody" in text(signed_in.get("/policies/court_copy/"))
    assert signed_in.get("/policies/court_copy/change").status_code == 200
    answer = signed_in.post("/policies/court_copy/change", ALL | {"expected": "1", "sample": "legal"})
    assert answer.status_code == 302
    assert policies.resolve(firm.id, "court_copy").version == 2


@pytest.mark.parametrize("role", list(Role))
def test_each_role_may_what_the_table_says(firm, make_member, browse, court, matter, role):
    client = browse(make_member(firm, role))
    manages = allowed([role], Action.MANAGE, Kind.POLICY)
    for url in ("/policies/", "/policies/court_copy/", "/policies/court_copy/progress", "/policies/who-sees-what/"):
        assert client.get(url).status_code == 200, url
    for url in ("/policies/new-policy", "/policies/court_copy/change"):
        assert client.get(url).status_code == (200 if manages else 403), url
    posts = {
        "/policies/new-policy": ALL | {"name": "Mine", "expected": "0", "sample": "legal"},
        "/policies/court_copy/change": ALL | {"show_ssn": "box", "expected": "1", "sample": "legal"},
        "/policies/live-preview": ALL | {"expected": "1", "sample": "legal"},
        "/policies/court_copy/revert": {"version": "1", "expected": "1"},
        "/policies/court_copy/retire": {"expected": "2"},
        "/policies/court_copy/bring-back": {"expected": "2"},
        "/policies/who-sees-what/give": {"matter": str(matter.number), "audience": "role:attorney", "policy": "everything"},
    }
    for url, fields in posts.items():
        status = client.post(url, fields).status_code
        assert (status != 403) == manages, f"{url} {status}"
    if not manages:
        assert DisclosurePolicy.objects.exclude(organization=None).count() == 1
        assert not AudienceRule.objects.exists()
        assert AuditEvent.objects.filter(type="portal:access:refused", outcome="refused").count() >= len(posts)


def test_a_neighbours_policy_is_nothing_here(clinic, make_member, browse, court):
    theirs = browse(make_member(clinic, Role.PRIVACY_OFFICER))
    assert "Court copy" not in text(theirs.get("/policies/"))
    for url in ("/policies/court_copy/", "/policies/court_copy/change", "/policies/court_copy/progress"):
        assert theirs.get(url).status_code == 404, url
    fields = ALL | {"expected": "1", "sample": "legal", "policy": "court_copy"}
    for url in ("/policies/court_copy/change", "/policies/live-preview"):
        assert theirs.post(url, fields).status_code == 404, url
    assert theirs.post("/policies/court_copy/revert", {"version": "1", "expected": "1"}).status_code == 404
    for act in ("retire", "bring-back"):
        assert theirs.post(f"/policies/court_copy/{act}", {"expected": "1"}).status_code == 404
    assert policies.resolve(court.organization_id, "court_copy").retired_at is None
    assert theirs.get("/policies/new-policy?copy=court_copy").status_code == 404


# --- who sees what ---


@pytest.fixture
def table(matter):
    return f"/policies/who-sees-what/{matter.number}/"


def give(client, matter, audience, policy, **more):
    number = str(matter.number) if matter else ""
    return client.post("/policies/who-sees-what/give", {"matter": number, "audience": audience, "policy": policy} | more)


def test_the_table_shows_defaults_and_what_is_set(signed_in, matter, table, court, attorney):
    page = text(signed_in.get(table))
    assert page.count("Identifiers hidden") > 4
    assert "Guests" in page
    assert "Whitfield" not in page  # the officer is outside of the wall
    give(signed_in, matter, "role:attorney", "frcp_5_2")
    give(signed_in, None, "role:clinician", "hipaa_safe_harbor")
    page = text(signed_in.get(table))
    for words in ("Weaker than the default", "for all matters", "Every attorney"):
        assert words in page
    assert matter.short in text(signed_in.get("/policies/who-sees-what/"))
    assert AuditEvent.objects.filter(type="compliance:audience:read").exists()


def test_an_entry_is_set_changed_and_removed_and_each_is_recorded(signed_in, matter, firm):
    give(signed_in, matter, "role:attorney", "frcp_5_2")
    give(signed_in, matter, "role:attorney", "everything")
    give(signed_in, matter, "role:attorney", "")
    assert not AudienceRule.objects.filter(removed_at=None).exists()
    facts = [e.facts for e in AuditEvent.objects.filter(type="compliance:audience:changed").order_by("at")]
    assert [f["policy"] for f in facts] == ["frcp_5_2", "everything", ""]


def test_verbatim_is_for_one_person_in_one_matter_with_a_purpose(signed_in, matter, attorney, paralegal, table):
    one = f"member:{attorney.id}"
    for answer in (
        give(signed_in, matter, "role:attorney", "verbatim", purpose="court"),
        give(signed_in, None, one, "verbatim", purpose="court"),
        give(signed_in, matter, one, "verbatim"),
        give(signed_in, matter, one, "verbatim", purpose="curiosity"),
        give(signed_in, matter, f"member:{paralegal.id}", "verbatim", purpose="court"),
        give(signed_in, matter, "export", "verbatim", purpose="court"),
    ):
        assert answer.status_code == 400
        assert "Not saved." in text(answer)
    assert not AudienceRule.objects.exists()
    assert give(signed_in, matter, one, "verbatim", purpose="court").status_code == 302
    event = AuditEvent.objects.get(type="compliance:audience:changed")
    assert event.facts == {"audience": one, "policy": "verbatim", "purpose": "court"}
    assert "Nothing hidden, each read recorded" in text(signed_in.get(table))


def chosen(page: str, field: str) -> list[str]:
    options = re.search(rf'<select name="{field}" id="give-{field}".*?</select>', page)[0]
    return re.findall(r'<option value="([^"]*)" selected>', options)


def test_what_was_chosen_for_one_person_still_stands_there_after_an_error(signed_in, matter, attorney, paralegal, table):
    one = f"member:{paralegal.id}"
    page = text(give(signed_in, matter, one, "verbatim", purpose="court"))
    assert "Not saved." in page
    assert [chosen(page, field) for field in ("audience", "policy", "purpose")] == [[one], ["verbatim"], ["court"]]
    # An error of a role's row, and a page that is opened anew, choose nothing for anybody.
    for page in (text(give(signed_in, matter, "role:attorney", "verbatim", purpose="court")), text(signed_in.get(table))):
        assert [chosen(page, field) for field in ("audience", "policy", "purpose")] == [[], [], []]


def test_opening_the_address_of_an_error_page_again_leads_to_the_table(signed_in):
    answer = signed_in.get("/policies/who-sees-what/give")
    assert (answer.status_code, answer["Location"]) == (302, "/policies/who-sees-what/")


@pytest.mark.parametrize("audience", ["role:king", "everybody", "", "member:x", "guest", f"member:{'0' * 36}"])
def test_nobody_is_given_nothing(signed_in, matter, audience):
    assert give(signed_in, matter, audience, "everything").status_code == 400
    assert not AudienceRule.objects.exists()


def test_a_policy_that_there_is_not_is_not_given(signed_in, matter):
    answer = give(signed_in, matter, "role:attorney", "no_such")
    assert answer.status_code == 400
    assert "There is no such policy" in text(answer)


def test_people_and_matters_of_a_neighbour_cannot_be_named(
    signed_in, matter, clinician, clinic, make_member, browse, actor_for
):
    assert give(signed_in, matter, f"member:{clinician.id}", "everything").status_code == 400
    theirs = matters.create(actor=actor_for(clinician), member=clinician, kind="clinical", title="A patient")
    matters.create(actor=actor_for(clinician), member=clinician, kind="clinical", title="Another")
    # Numbers begin at one in each organization: theirs is not ours, and ours that is not there is nothing.
    assert signed_in.get("/policies/who-sees-what/2/").status_code == 404
    for number in ("2", "x", "-1", "9" * 40):
        fields = {"matter": number, "audience": "role:attorney", "policy": "everything"}
        assert signed_in.post("/policies/who-sees-what/give", fields).status_code == 404
    give(signed_in, matter, "role:attorney", "frcp_5_2")
    assert not AudienceRule.objects.filter(matter_id=theirs.id).exists()
    page = text(browse(make_member(clinic, Role.PRIVACY_OFFICER)).get(f"/policies/who-sees-what/{matter.number}/"))
    assert theirs.short in page
    assert "Weaker" not in page


def test_a_colleague_outside_the_wall_learns_of_no_matter(firm, make_member, browse, matter, table, signed_in):
    give(signed_in, matter, "role:attorney", "frcp_5_2")
    outside = browse(make_member(firm, Role.ATTORNEY))
    assert outside.get(table).status_code == 404
    assert matter.short not in text(outside.get("/policies/who-sees-what/"))
    assert matter.short not in text(outside.get("/policies/frcp_5_2/"))


def test_inside_the_wall_the_table_is_read_with_the_title(browse, paralegal, table):
    page = text(browse(paralegal).get(table))
    assert "Whitfield v. Harbor Logistics" in page
    assert "who-sees-what/give" not in page


def test_an_auditor_reads_the_table_by_number_and_changes_nothing(browse, auditor, matter, table):
    client = browse(auditor)
    page = text(client.get(table))
    assert matter.short in page
    assert "Whitfield" not in page
    assert "<select" not in page
    assert give(client, matter, "role:attorney", "everything").status_code == 403


def test_a_rule_whose_policy_is_gone_is_shown_as_showing_nothing(signed_in, matter, table, court):
    give(signed_in, matter, "role:attorney", "court_copy")
    DisclosurePolicy.objects.filter(name="court_copy").delete()
    assert "Sees nothing" in text(signed_in.get(table))


def test_a_key_is_given_a_policy_and_named_to_those_who_may_know(signed_in, matter, table, attorney, browse, paralegal):
    from portal.accounts.keys import create

    key = create(attorney, "Intake script", [Scope.RENDITION_READ]).row
    refused = text(give(signed_in, matter, f"key:{key.id}", "verbatim"))
    assert (chosen(refused, "audience"), chosen(refused, "policy")) == ([f"key:{key.id}"], ["verbatim"])
    assert give(signed_in, matter, f"key:{key.id}", "everything").status_code == 302
    assert "Intake script" in text(signed_in.get(table))
    assert "Intake script" not in text(browse(paralegal).get(table))


def test_what_uploads_asked_for_is_said(signed_in, matter, table, paralegal, make_transcript):
    made = make_transcript(matter, paralegal, {"utterances": [{"speaker": "A", "text": "Hello."}]})
    made.proceeding.policy_name = "everything"
    made.proceeding.save()
    assert "1 recording here was uploaded to be shown as “Everything hidden" in text(signed_in.get(table))


def test_progress_is_shown_while_views_are_made(signed_in, court, matter, paralegal, make_transcript):
    made = make_transcript(matter, paralegal, {"utterances": [{"speaker": "A", "text": "I am Marta Whitfield."}]})
    renditions.ensure(made, court)
    signed_in.post("/policies/court_copy/change", ALL | {"show_name": "box", "expected": "1", "sample": "legal"})
    page = text(signed_in.get("/policies/court_copy/progress"))
    assert "0 of 1 text" in page
    assert 'hx-trigger="every 2s"' in page
    renditions.ensure(made, policies.resolve(matter.organization_id, "court_copy"))
    page = text(signed_in.get("/policies/court_copy/progress"))
    assert "All views are made" in page
    assert "every 2s" not in page
    assert signed_in.get("/policies/identifiers/progress").status_code == 404
