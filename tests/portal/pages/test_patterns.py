"""The pages of an organization's own patterns: for those who answer for policies, closed to neighbours, all of it sealed."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from compliance.models import AuditEvent
from portal.accounts.rights import Action, Kind, Role, allowed
from transcription import patterns, rereading, second_pass
from transcription.models import DetectionSet, PatternSetting, Transcript
from transcription.patterns import MAX_PATTERNS, Typed

LOCKERS = {
    "name": "Locker numbers", "kind": "expression", "look_for": "[0-9]{4}", "context": "locker", "examples": "locker 1204",
    "type": "private", "text": "",
}  # fmt: skip
CLIENTS = LOCKERS | {
    "name": "Clients", "kind": "words", "look_for": "Zanzibar Holding\nKingfisher", "context": "",
    "examples": "the Kingfisher file",
}  # fmt: skip


def text(answer) -> str:
    return answer.content.decode().replace("&#x27;", "'").replace("&quot;", '"')


@pytest.fixture
def lockers(officer, actor_for):
    typed = Typed("Locker numbers", "expression", "[0-9]{4}", ("locker",), ("locker 1204",))
    return patterns.save(actor=actor_for(officer), by=officer, typed=typed)


def result(*lines):
    return {
        "status": "completed", "audio_duration": 9.0, "confidence": 0.9, "language_code": "en",
        "utterances": [
            {"speaker": "AB"[n % 2], "start": n * 1000, "end": n * 1000 + 900, "text": line} for n, line in enumerate(lines)
        ],
    }  # fmt: skip


def kinds(transcript):
    row = DetectionSet.objects.filter(transcript=transcript).order_by("-version").first()
    row.transcript = transcript
    return [(item["type"], item["recogniser"]) for item in row.detections["items"]]


@pytest.mark.parametrize("role", list(Role))
def test_whoever_may_change_policies_may_change_patterns_and_nobody_else(browse, firm, make_member, lockers, role):
    one = browse(make_member(firm, role))
    may = allowed([role], Action.MANAGE, Kind.POLICY)
    page = one.get("/settings/patterns/")
    assert page.status_code == 200
    assert "Locker numbers" in text(page)
    # What it looks for may name clients: for those alone who may change it.
    assert ("[0-9]{4}" in text(page)) == may
    url = f"/settings/patterns/{lockers.id}/"
    for method, address, fields in (
        ("get", "/settings/patterns/new", {}), ("post", "/settings/patterns/new", CLIENTS), ("get", url, {}),
        ("post", url, LOCKERS | {"expected": "1", "name": "Other"}),
        ("post", "/settings/patterns/try", {"text": "locker 1204"}), ("post", "/settings/patterns/check-again", {}),
        ("post", f"{url}retire", {"expected": "2"}), ("post", f"{url}bring-back", {"expected": "3"}),
    ):  # fmt: skip
        assert (getattr(one, method)(address, fields).status_code != 403) == may, address
    lockers.refresh_from_db()
    assert lockers.version == (4 if may else 1)


def test_every_act_on_a_pattern_is_recorded_without_its_content(signed_in, firm):
    assert "None yet" in text(signed_in.get("/settings/patterns/"))
    assert signed_in.post("/settings/patterns/new", CLIENTS)["Location"] == "/settings/patterns/"
    row = PatternSetting.objects.get()
    page = text(signed_in.get("/settings/patterns/"))
    said = ("Clients", "Zanzibar Holding, Kingfisher", "Anything else", "1 of 50", "counts from the next check", "Nothing yet")
    for words in said:
        assert words in page
    url = f"/settings/patterns/{row.id}/"
    assert "Kingfisher" in text(signed_in.get(url))
    signed_in.post(url, CLIENTS | {"expected": "1", "type": "name"})
    signed_in.post(f"{url}retire", {"expected": "2"})
    assert patterns.in_force(firm.id) == ()
    assert "Retired (1)" in text(signed_in.get("/settings/patterns/"))
    signed_in.post(f"{url}bring-back", {"expected": "3"})
    assert [one.type for one in patterns.in_force(firm.id)] == ["name"]
    events = AuditEvent.objects.filter(type="transcription:pattern:changed").order_by("at")
    assert [event.facts["act"] for event in events] == ["added", "changed", "retired", "brought_back"]
    for event in AuditEvent.objects.all():
        assert "ingfisher" not in str(event.facts) + event.target_id


def test_nothing_typed_lies_readable_in_the_database_or_the_session(signed_in):
    signed_in.post("/settings/patterns/new", CLIENTS)
    signed_in.post("/settings/patterns/try", {"text": "the Kingfisher said Quetzal"})
    with connection.cursor() as cursor:
        dump = ""
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            dump += str([[bytes(v) if isinstance(v, memoryview) else v for v in row] for row in cursor.fetchall()])
    for needle in ("ingfisher", "anzibar", "Clients", "Quetzal"):
        assert needle not in dump
        assert needle not in str(signed_in.cookies)


WRONG = [
    ({"name": " "}, "required"),
    ({"look_for": "a(?:.*b)?"}, "Say how often at most"),
    ({"look_for": "(?<!x)[0-9]{4}"}, "Looking ahead or behind"),
    ({"look_for": "("}, "not a regular expression"),
    ({"look_for": "a{500}{500}"}, "nothing to repeat"),
    ({"look_for": "[0-9]*"}, "found everywhere"),
    ({"look_for": "a" * 501}, "at most 500 characters"),
    ({"kind": "words", "look_for": "x\nlocker"}, "two letters or digits"),
    ({"look_for": r"\w"}, "This finds a single “a”"),
    ({"look_for": r"LU-[0-9]{3}|\d+"}, "This finds a single “0”"),
    ({"look_for": r"\b[A-Z]\b"}, r"\b[A-Z]{2,10}\b instead"),
    ({"look_for": r"\B[n-p]\B"}, "This finds a single “n”"),
    ({"look_for": "[а-я]"}, "This finds a single “"),
    ({"look_for": "é"}, "This finds a single “e”"),
    ({"look_for": "#"}, "This finds a single “#”"),
    ({"look_for": r"\s"}, "This finds mere white space"),
    ({"look_for": r"\s{2}"}, "This finds mere white space"),
    ({"kind": "magic"}, "magic"),
    ({"type": "shoe_size"}, "shoe_size"),
    ({"examples": "locker 12"}, "In example 1 nothing is found"),
    ({"examples": "locker 1204\nroom 1204"}, "In example 2 nothing is found"),
    ({"examples": "\n".join(f"locker {n}" for n in range(1000, 1011))}, "Give 1 to 10 examples"),
    ({"context": "\n".join(f"w{n}" for n in range(21))}, "At most 20 context words"),
    ({"context": "?!"}, "A context word has letters or digits"),
]


@pytest.mark.parametrize(("wrong", "said"), WRONG)
def test_what_cannot_be_is_refused_with_its_reason_and_everything_still_there(signed_in, wrong, said):
    answer = signed_in.post("/settings/patterns/new", LOCKERS | wrong)
    assert answer.status_code == 400
    assert said in text(answer)
    assert not PatternSetting.objects.exists()
    if "name" not in wrong:
        assert 'value="Locker numbers"' in text(answer)


@pytest.mark.parametrize("look_for", [r"\d{2,12}", r"\b[A-Z]{2,10}\b", r"LU-\d", r"[A-Z]-?\d", r"\w{2,9} v\. \w{2,9}"])
def test_what_finds_two_characters_at_least_may_be_kept(look_for):
    assert patterns.readable(Typed("", "expression", look_for)).look_for == look_for


def test_a_name_is_given_once(signed_in, lockers):
    answer = signed_in.post("/settings/patterns/new", LOCKERS | {"name": "locker  NUMBERS"})
    assert answer.status_code == 400
    assert "There is a pattern of this name already" in text(answer)


def test_the_name_of_a_retired_pattern_is_taken_and_whose_it_is_is_said(signed_in, lockers):
    signed_in.post(f"/settings/patterns/{lockers.id}/retire", {"expected": "1"})
    answer = signed_in.post("/settings/patterns/new", LOCKERS)
    assert answer.status_code == 400
    assert "This name belongs to a retired pattern. Choose another name, or bring that one back." in text(answer)
    assert PatternSetting.objects.count() == 1


def test_the_fifty_first_is_refused_until_one_is_retired(signed_in, firm, officer, lockers, monkeypatch):
    monkeypatch.setattr(patterns, "MAX_PATTERNS", 2)
    assert MAX_PATTERNS == 50
    signed_in.post("/settings/patterns/new", CLIENTS)
    third = LOCKERS | {"name": "Third"}
    assert signed_in.post("/settings/patterns/new", third).status_code == 400
    signed_in.post(f"/settings/patterns/{lockers.id}/retire", {"expected": "1"})
    assert signed_in.post("/settings/patterns/new", third).status_code == 302
    signed_in.post(f"/settings/patterns/{lockers.id}/bring-back", {"expected": "2"})
    assert PatternSetting.objects.filter(retired_at=None).count() == 2


def test_of_two_who_change_one_pattern_the_second_is_told(signed_in, browse, firm, make_member, lockers):
    url = f"/settings/patterns/{lockers.id}/"
    first = browse(make_member(firm, Role.ADMINISTRATOR))
    assert first.post(url, LOCKERS | {"expected": "1", "look_for": "[0-9]{4,5}"}).status_code == 302
    answer = signed_in.post(url, LOCKERS | {"expected": "1", "context": "locker\ncupboard"})
    assert answer.status_code == 409
    assert "Somebody changed this pattern meanwhile" in text(answer)
    # Sent once more as it stands it is refused again.
    assert 'name="expected" value="1"' in text(answer)
    assert patterns.in_force(firm.id)[0].expression == "[0-9]{4,5}"


def test_a_retired_pattern_is_not_changed(signed_in, lockers):
    url = f"/settings/patterns/{lockers.id}/"
    signed_in.post(f"{url}retire", {"expected": "1"})
    assert signed_in.post(url, LOCKERS | {"expected": "2", "look_for": "[0-9]{5}"}).status_code in (400, 409)
    assert signed_in.post(f"{url}retire", {"expected": "2"}).status_code == 302
    assert PatternSetting.objects.get().version == 2


@pytest.mark.parametrize("bad", ["", "-1", "x"])
def test_a_forged_version_is_refused(signed_in, lockers, bad):
    assert signed_in.post(f"/settings/patterns/{lockers.id}/retire", {"expected": bad}).status_code in (302, 400)
    assert PatternSetting.objects.get().retired_at is None


def test_a_neighbour_finds_no_pattern_and_changes_none(browse, clinic, make_member, lockers):
    hostile = browse(make_member(clinic, Role.ADMINISTRATOR, Role.PRIVACY_OFFICER))
    url = f"/settings/patterns/{lockers.id}/"
    assert "Locker" not in text(hostile.get("/settings/patterns/"))
    assert hostile.get(url).status_code == 404
    assert hostile.post(url, LOCKERS | {"expected": "1"}).status_code == 404
    assert hostile.post(f"{url}retire", {"expected": "1"}).status_code == 404
    assert hostile.post(f"{url}bring-back", {"expected": "1"}).status_code == 404
    theirs = LOCKERS | {"pattern": str(lockers.id), "text": "locker 1204"}
    assert hostile.post("/settings/patterns/try", theirs).status_code == 404
    assert "Nothing would be hidden" in text(hostile.post("/settings/patterns/try", {"text": "locker 1204"}))
    assert hostile.get(f"/settings/patterns/{uuid4()}/").status_code == 404
    # Its own of the same name is its own.
    assert hostile.post("/settings/patterns/new", LOCKERS).status_code == 302
    rows = PatternSetting.objects.all()
    assert len({row.organization_id for row in rows}) == len({row.vault_id for row in rows}) == 2


def test_a_row_moved_to_a_neighbour_does_not_open_for_it(clinic, lockers):
    other = PatternSetting(
        organization=clinic, vault=lockers.vault, kind="expression", type="private", created_by=uuid4(), changed_by=uuid4()
    )
    other.content_sealed = lockers.content_sealed
    other.save()
    with pytest.raises(Exception, match="does not open"):
        patterns.in_force(clinic.id)


def test_a_typed_text_is_tried_with_all_patterns_and_with_the_one_in_the_form(signed_in, lockers):
    tried = text(signed_in.post("/settings/patterns/try", {"text": "locker 1204 <b>\r\nroom 1305"}))
    assert '<mark class="hid">1204</mark> &lt;b&gt;' in tried
    assert "1 place would be hidden" in tried
    said = text(signed_in.post("/settings/patterns/try", {"text": "my locker is one two oh four\r\nroom one three oh five"}))
    assert 'my locker is <mark class="hid">one two oh four</mark>' in said
    assert "1 place would be hidden" in said
    form = CLIENTS | {"name": "", "examples": "", "text": "ask Kingfisher"}
    page = text(signed_in.post("/settings/patterns/try", form))
    assert '<mark class="hid">Kingfisher</mark>' in page
    assert "This field is required" not in page
    fragment = text(signed_in.post("/settings/patterns/try", form, headers={"HX-Request": "true"}))
    assert "<html" not in fragment
    assert "Kingfisher</mark>" in fragment
    assert PatternSetting.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (LOCKERS | {"look_for": "a(?:.*b)?", "text": "a" * 4000}, "takes too long"),
        (LOCKERS | {"look_for": "[0-9]", "text": "locker 1204"}, "two at least"),
        (LOCKERS | {"text": "a" * 5001}, "at most 5000 characters"),
        ({"text": " "}, "Type a text"),
        (LOCKERS | {"kind": "magic", "text": "x"}, "regular expression or a list"),
    ],
)
def test_what_cannot_be_tried_is_said(signed_in, fields, said):
    answer = signed_in.post("/settings/patterns/try", fields)
    assert answer.status_code == 400
    assert said in text(answer)


def test_the_policy_editor_and_the_settings_lead_there(signed_in, court):
    for page in ("/settings/", "/policies/court_copy/change"):
        assert "/settings/patterns/" in text(signed_in.get(page))


def test_passes_from_then_on_look_for_it_and_no_other_organizations_do(
    matter, attorney, clinic, clinician, make_transcript, actor_for, officer
):
    from vault import matters

    line = result("In locker 1204 there was nothing.")
    before = make_transcript(matter, attorney, line)
    row = patterns.save(
        actor=actor_for(officer), by=officer, typed=Typed("Lockers", "expression", "[0-9]{4}", ("locker",), ("locker 1204",))
    )
    chart = matters.create(actor=actor_for(clinician), member=clinician, kind="clinical", title="Chart")
    neighbours = make_transcript(chart, clinician, line)
    after = make_transcript(matter, attorney, line)
    assert ("private", "OwnPattern") in kinds(after)
    assert all(recogniser != "OwnPattern" for _, recogniser in kinds(before) + kinds(neighbours))
    patterns.set_retired(actor=actor_for(officer), by=officer, pattern_id=row.id, expected=1, retired=True)
    assert all(recogniser != "OwnPattern" for _, recogniser in kinds(make_transcript(matter, attorney, line)))
    # What it has hidden stays hidden.
    assert ("private", "OwnPattern") in kinds(after)


def test_what_was_checked_before_is_checked_again_at_a_press_and_the_page_follows(
    signed_in, browse, matter, attorney, make_transcript
):
    for n in range(2):
        make_transcript(matter, attorney, result("In locker 1204 there was nothing."), title=f"Day {n}")
    signed_in.post("/settings/patterns/new", LOCKERS)
    page = text(signed_in.get("/settings/patterns/"))
    assert "Check everything again</button>" in page
    assert "2 transcripts" in page
    assert "Check everything again</button>" not in text(browse(attorney).get("/settings/patterns/"))
    assert signed_in.post("/settings/patterns/check-again")["Location"] == "/settings/patterns/"
    page = text(signed_in.get("/settings/patterns/"))
    assert "2 transcripts are checked again" in page
    assert "2 of 2 transcripts still to be checked again" in page
    assert 'hx-get="/settings/patterns/check-progress"' in page
    rereading.work(seconds=0)
    assert "1 of 2 transcripts still to be checked again" in text(browse(attorney).get("/settings/patterns/check-progress"))
    rereading.work()
    done = text(signed_in.get("/settings/patterns/check-progress"))
    assert "Every transcript is checked as things stand now" in done
    assert "hx-get" not in done
    assert all(("private", "OwnPattern") in kinds(row) for row in Transcript.objects.all())


def test_why_something_could_not_be_checked_again_is_said_and_what_to_do(
    signed_in, browse, clinic, make_member, matter, attorney, make_transcript, lockers
):
    make_transcript(matter, attorney, result("In room 1204 there was nothing."))
    lockers.content = lockers.content | {"look_for": "("}
    lockers.save()
    signed_in.post("/settings/patterns/check-again")
    for _ in range(rereading.TRIES):
        rereading.work()
        Transcript.objects.update(recheck_tried_at=None)
    page = text(signed_in.get("/settings/patterns/check-progress"))
    assert "1 transcript. One of your organization’s own patterns cannot be read. Change or retire the pattern" in page
    assert "Not checked again" not in text(browse(make_member(clinic, Role.ADMINISTRATOR)).get("/settings/patterns/"))


@pytest.mark.parametrize(
    ("look_for", "line", "reason"),
    [("a(?:.*b)?", "a " * 20_000, "pattern_time_limit"), ("(", "hello", "pattern_unreadable")],
)
def test_a_pattern_that_fails_holds_the_transcript_and_says_whose_it_is(
    matter, attorney, make_transcript, lockers, monkeypatch, look_for, line, reason
):
    # As if it had got past the door of another version.
    lockers.content = lockers.content | {"look_for": look_for, "context": []}
    lockers.save()
    monkeypatch.setattr("compliance.redaction.own_patterns.SECONDS_A_TURN", 0.2)
    with pytest.raises(AssertionError):
        make_transcript(matter, attorney, result(line))
    transcript = Transcript.objects.get()
    assert (transcript.state, transcript.held_reason) == ("held", reason)
    assert not DetectionSet.objects.exists()


def test_without_a_key_store_no_pass_runs_without_the_patterns(matter, attorney, make_transcript, lockers, monkeypatch):
    from portal.errors import Unavailable

    transcript = make_transcript(matter, attorney, result("In locker 1204."))
    DetectionSet.objects.all().delete()

    def down(*_):
        raise Unavailable

    monkeypatch.setattr(second_pass.patterns, "in_force", down)
    with pytest.raises(Unavailable):
        second_pass.run(transcript)
    assert not DetectionSet.objects.exists()


def test_a_stranger_is_sent_to_the_sign_in(lockers):
    assert Client().get("/settings/patterns/").status_code == 302


def test_an_organizations_vault_is_no_matter_and_its_keys_rotate(lockers, officer, firm):
    from compliance.audit import SYSTEM
    from vault import rotation, secrets

    assert not hasattr(lockers.vault, "matter")
    rotation.rotate(actor=SYSTEM, vault=lockers.vault)
    secrets.forget()
    assert patterns.in_force(firm.id)[0].name == "Locker numbers"
