"""The queue over transcripts: in order of risk, within walls, true after everything that changes findings or decisions."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from compliance.audit import Actor
from compliance.models import AudienceRule
from compliance.redaction import Detections
from compliance.redaction.detections import OURS_ONLY, PROVIDER_ONLY
from portal.accounts.models import Member, Organization
from portal.accounts.rights import Role
from portal.errors import NotFound
from tests.deposition import known_findings, make
from tests.transcription.reading.doubtful import doubtful, with_findings
from transcription import (
    deciding,
    doubts,
    ground,
    holding,
    reading,
    recounting,
    renditions,
    review_queue,
    revisions,
    second_pass,
    weighing,
)
from transcription.models import DoubtCount, Transcript
from transcription.review_acts import acts_of
from vault import matters
from vault.models import Matter, MatterMember

pytestmark = pytest.mark.django_db
NAME = {"name": {}}
PHONE = {"phone_number": {}}


@pytest.fixture
def seen(actor_for: Callable[[Member], Actor]) -> Callable[[Member, Transcript], reading.View]:
    return lambda member, transcript: reading.open_view(actor_for(member), member, transcript.id)


@pytest.fixture
def has(matter: Matter, paralegal: Member, actor_for: Callable[[Member], Actor]) -> Callable[..., Transcript]:
    return lambda changes, **shape: doubtful(matter, paralegal, actor_for, changes, **shape)


def kinds(transcript: Transcript) -> dict[str, int]:
    row = DoubtCount.objects.get(transcript=transcript)
    found = {kind: getattr(row, kind) for kind in weighing.KINDS}
    assert row.total == sum(found.values())
    assert (row.since is None) == (row.total == 0)
    return {kind: count for kind, count in found.items() if count}


def true(transcript: Transcript) -> bool:
    """Whether the stored counts are what counting anew gives."""
    before = DoubtCount.objects.values().get(transcript=transcript)
    assert recounting.recount(Transcript.objects.get(pk=transcript.pk))
    return bool(before == DoubtCount.objects.values().get(transcript=transcript))


def place_of(view: reading.View, text_type: str) -> tuple[int, int]:
    found = next(d for d in doubts.queue(view) if d.type == text_type)
    return found.line, found.ordinal


def queue(member: Member) -> list[Any]:
    return [row.pk for row in review_queue.waiting(member)]


def test_the_riskiest_stands_first_and_a_held_one_before_all(has: Any, paralegal: Member, attorney: Member) -> None:
    low = has({"address": {"score": 0.9}})
    high = has({"name": {}, "phone_number": {"score": 0.3}})
    middle = has({"date_of_birth": {"score": 0.55}})
    has({})
    equal = has({"address": {"score": 0.9}})
    DoubtCount.objects.filter(transcript=equal).update(since=timezone.now() - timedelta(days=2))
    assert queue(attorney) == [high.pk, middle.pk, equal.pk, low.pk]
    second_pass.hold(low, "pass_failed")
    assert queue(attorney) == [low.pk, high.pk, middle.pk, equal.pk]
    [held, first, *_] = review_queue.listed(list(review_queue.with_facts(review_queue.waiting(attorney))))
    assert (held.held, held.counts, held.owner) == (True, [], attorney.name)
    # Harm 2 each × what is lacking of being sure: three names at 0.6 and a telephone number at 0.3.
    names = sum(d.type == "name" for d in known_findings(high).items)
    assert first.risk == pytest.approx(2 * 0.4 * names + 2 * 0.7)
    assert first.counts == [("unsure", names + 1)]


def test_kinds_are_told_apart_and_disagreement_is_half_sure_at_most(has: Any, attorney: Member) -> None:
    made = has(
        {
            "address": {"score": 0.9, "marks": (PROVIDER_ONLY,)}, "phone_number": {"score": 0.9, "marks": (OURS_ONLY,)},
            "date_of_birth": {"score": 0.9},
        }
    )  # fmt: skip
    assert kinds(made) == {"provider_only": 1, "ours_only": 1, "unsure": 1}
    assert DoubtCount.objects.get(transcript=made).risk == pytest.approx(2 * 0.5 + 2 * 0.5 + 2 * 0.1)
    rows = review_queue.waiting(attorney)
    assert review_queue.counts(rows) == {
        "all": 1, "held": 0, "suggested": 0, "provider_only": 1, "ours_only": 1, "unsure": 1, "quiet": 0, "not_checked": 0,
    }  # fmt: skip
    assert not review_queue.of_kind(rows, "quiet").exists()


def test_walls_neighbours_and_roles_that_may_not_review(
    has: Any, firm: Organization, clinic: Organization, make_member: Any, actor_for: Any, paralegal: Member, matter: Matter,
) -> None:  # fmt: skip
    made = has(NAME)
    assert queue(paralegal) == [made.pk]
    outside = make_member(firm, Role.ATTORNEY, Role.PRIVACY_OFFICER)
    neighbour = make_member(clinic, Role.CLINICIAN)
    for stranger in (outside, neighbour):
        assert (queue(stranger), review_queue.number(stranger)) == ([], 0)
        assert review_queue.next_after(stranger, made.pk) is None
    for role in (Role.AUDITOR, Role.ADMINISTRATOR):
        member = make_member(firm, role)
        # Even with a place behind the wall that nobody could give by the pages.
        MatterMember.objects.create(matter=matter, member=member, added_by=paralegal)
        assert (queue(member), review_queue.number(member)) == ([], 0)
    theirs = matters.create(actor=actor_for(neighbour), member=neighbour, kind="clinical", title="Chart")
    doubtful(theirs, neighbour, actor_for, NAME)
    assert queue(paralegal) == [made.pk]
    assert len(queue(neighbour)) == 1
    matters.remove_from_wall(actor=actor_for(paralegal), by=paralegal, matter=matter, member=paralegal)
    assert queue(paralegal) == []


def test_counts_follow_accepting_undoing_suggesting_and_showing(
    has: Any, seen: Any, paralegal: Member, attorney: Member
) -> None:
    made = has({"phone_number": {}, "address": {}})
    began = DoubtCount.objects.get(transcript=made).since
    act = deciding.accept(seen(paralegal, made), *place_of(seen(paralegal, made), "phone_number"))
    assert kinds(made) == {"unsure": 1}
    assert true(made)
    deciding.undo(seen(paralegal, made), act.number)
    assert kinds(made) == {"unsure": 2}
    deciding.suggest(seen(paralegal, made), *place_of(seen(paralegal, made), "address"), reason="public")
    assert kinds(made) == {"unsure": 1, "suggested": 1}
    assert true(made)
    shown = deciding.not_private(seen(attorney, made), *place_of(seen(attorney, made), "address"), reason="public")
    assert kinds(made) == {"unsure": 1}
    assert DoubtCount.objects.get(transcript=made).since == began
    deciding.undo(seen(attorney, made), shown.number)
    # What was suggested and shown is asked again, as it was before.
    assert kinds(made) == {"unsure": 1, "suggested": 1}
    for type_ in ("phone_number", "address"):
        deciding.accept(seen(attorney, made), *place_of(seen(attorney, made), type_))
    assert kinds(made) == {}
    assert queue(attorney) == []
    assert doubts.queue(seen(attorney, made)) == []


def test_a_suggestion_about_what_was_found_right_asks_again(
    has: Any, seen: Any, paralegal: Member, attorney: Member
) -> None:
    made = has(PHONE)
    place = place_of(seen(paralegal, made), "phone_number")
    deciding.accept(seen(paralegal, made), *place)
    deciding.suggest(seen(paralegal, made), *place, reason="public")
    assert kinds(made) == {"suggested": 1}
    assert [d.suggested for d in doubts.queue(seen(attorney, made))] == ["Public already"]


def test_a_new_version_is_counted_anew_and_keeps_what_was_decided(
    has: Any, seen: Any, paralegal: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = has({"phone_number": {}, "address": {}, "date_of_birth": {}})
    deciding.accept(seen(paralegal, made), *place_of(seen(paralegal, made), "phone_number"))
    line, ordinal = place_of(seen(paralegal, made), "address")
    deciding.suggest(seen(paralegal, made), line, ordinal, reason="public")
    view = seen(paralegal, made)
    assert revisions.correct_line(view, line, f"Well, {reading.line(view, line)['text']}") is not None
    made.refresh_from_db()
    assert made.state == Transcript.State.HIDING
    # While the correction is being read, what is known of the text before it stands.
    assert (DoubtCount.objects.get(transcript=made).version, kinds(made)) == (1, {"unsure": 1, "suggested": 1})
    found = Detections(tuple(replace(item, unsure=True, score=0.6) for item in known_findings(made).items))
    monkeypatch.setattr(second_pass, "detect_in_time", lambda *_: found)
    assert second_pass.run(made) is not None
    assert DoubtCount.objects.get(transcript=made).version == made.version == 2
    # The address stands elsewhere in its line now; the words that somebody suggested about read the same.
    names = sum(item.type == "name" for item in found.items)
    assert kinds(made) == {"unsure": 1 + names, "suggested": 1}
    assert true(made)
    assert [d.suggested for d in doubts.queue(seen(paralegal, made)) if d.type == "address"] == ["Public already"]


def test_a_pass_that_is_stored_has_its_counts(matter: Matter, attorney: Member, make_transcript: Any) -> None:
    """The two come in one transaction: no text is ready without them."""
    said = {"utterances": [{"speaker": "A", "text": "My name is Robert Parker and I live in Boston."}]}
    made = make_transcript(matter, attorney, said)
    assert DoubtCount.objects.get(transcript=made).version == 1
    assert not recounting.uncounted().exists()


def test_somebody_who_decides_at_the_same_moment_is_counted_too(
    has: Any, seen: Any, paralegal: Member, attorney: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = has({"phone_number": {}, "address": {}})
    phone, address = (place_of(seen(paralegal, made), type_) for type_ in ("phone_number", "address"))
    weigh = ground.Ground.weight
    meanwhile: list[int] = []

    def slow(self: ground.Ground, acts: Any) -> Any:
        left = weigh(self, acts)
        if not meanwhile:
            meanwhile.append(1)
            deciding.accept(seen(attorney, made), *phone)
        return left

    monkeypatch.setattr(ground.Ground, "weight", slow)
    act = deciding.accept(seen(paralegal, made), *address)
    assert act.number == 2
    assert kinds(made) == {}


def test_hiding_by_hand_in_a_held_text_and_releasing_it_counts(
    has: Any, seen: Any, attorney: Member, paralegal: Member
) -> None:
    made = has(PHONE)
    second_pass.hold(made, "policy_unresolved")
    view = seen(attorney, made)
    holding.open_for_checking(view, purpose="quality")
    holding.hide(view, 0, [0], type_="name", reason="missed")
    assert true(made)
    holding.release(seen(attorney, made), read_all=True)
    assert kinds(made) == {"unsure": 1}
    fresh = make_held(made)
    view = seen(attorney, fresh)
    holding.open_for_checking(view, purpose="quality")
    holding.release(seen(attorney, fresh), read_all=True)
    assert kinds(fresh) == {}


def make_held(transcript: Transcript) -> Transcript:
    """As if no pass had ever been finished."""
    transcript.detection_sets.all().delete()
    DoubtCount.objects.filter(transcript=transcript).delete()
    transcript.refresh_from_db()
    second_pass.hold(transcript, "pass_failed")
    return transcript


def test_what_was_checked_before_there_were_counts_is_filled(has: Any, attorney: Member, capsys: Any) -> None:
    made, other = has(PHONE), has(NAME)
    was = DoubtCount.objects.values().get(transcript=made)
    checked = made.detection_sets.get().created_at
    DoubtCount.objects.all().delete()
    assert queue(attorney) == []
    call_command("count_doubts")
    assert capsys.readouterr().out == "2 transcripts counted.\n"
    now = DoubtCount.objects.values().get(transcript=made)
    assert now == was | {"since": checked}
    DoubtCount.objects.filter(transcript=other).update(version=0)
    assert [t.pk for t in recounting.uncounted()] == [other.pk]
    assert recounting.fill() == 1
    assert recounting.fill() == 0


def test_who_may_not_reveal_is_not_sent_to_what_others_decide(has: Any, seen: Any, paralegal: Member, attorney: Member) -> None:
    first, second, third = has({"name": {"score": 0.1}}), has({"phone_number": {"score": 0.1}}), has(PHONE)
    assert review_queue.number(paralegal) == 3
    assert review_queue.next_after(paralegal, first.pk) == second.pk
    deciding.suggest(seen(paralegal, second), *place_of(seen(paralegal, second), "phone_number"), reason="public")
    second_pass.hold(first, "pass_failed")
    assert queue(paralegal) == queue(attorney) == [first.pk, second.pk, third.pk]
    assert (review_queue.number(paralegal), review_queue.number(attorney)) == (1, 3)
    assert review_queue.done(paralegal, second)
    assert not review_queue.done(attorney, second)
    assert review_queue.next_after(paralegal, second.pk) == third.pk
    assert review_queue.next_after(paralegal, third.pk) is None
    # Skipping goes on down and begins again at the top.
    assert review_queue.next_after(attorney, second.pk) == third.pk
    assert review_queue.next_after(attorney, third.pk) == first.pk


def give(member: Member, matter: Matter, policy: str) -> None:
    AudienceRule.objects.create(
        organization=member.organization, matter_id=matter.id, audience=f"member:{member.id}", policy_name=policy,
        purpose="litigation" if policy == "verbatim" else "",
    )  # fmt: skip


@pytest.mark.parametrize("policy", ["frcp_5_2", "hipaa_safe_harbor", "verbatim", "everything"])
def test_everybody_counts_alike_whatever_their_policy_leaves_readable(
    has: Any, seen: Any, matter: Matter, attorney: Member, paralegal: Member, policy: str
) -> None:
    made = has({"name": {}, "date_of_birth": {}, "address": {}})
    give(attorney, matter, policy)
    theirs, mine = doubts.queue(seen(paralegal, made)), doubts.queue(seen(attorney, made))
    assert len(mine) == len(theirs) == DoubtCount.objects.get(transcript=made).total
    assert sum(d.risk for d in mine) == pytest.approx(DoubtCount.objects.get(transcript=made).risk)
    assert not any(d.readable for d in theirs)
    assert any(d.readable for d in mine) == (policy in {"frcp_5_2", "verbatim"})
    text = "".join(d.label for d in theirs)
    assert "Parker" not in text
    assert "Washington" not in text


def test_what_a_view_leaves_readable_is_decided_there_and_hides_or_shows_elsewhere(
    has: Any, seen: Any, matter: Matter, attorney: Member, paralegal: Member
) -> None:
    made = has({"address": {}})
    give(attorney, matter, "frcp_5_2")
    [doubt] = doubts.queue(seen(attorney, made))
    assert (doubt.readable, doubt.label.strip(".,")) == (True, "forty two Washington Street")
    n, place = doubt.line, doubt.ordinal
    assert deciding.readable(seen(attorney, made), n, place).label == doubt.label
    # For whom it is hidden there is no such thing to ask about.
    with pytest.raises(NotFound):
        deciding.readable(seen(paralegal, made), n, place)
    with pytest.raises(NotFound):
        deciding.accept(seen(paralegal, made), n, place, in_text=True)
    assert kinds(made) == {"unsure": 1}
    act = deciding.accept(seen(attorney, made), n, place, in_text=True)
    assert kinds(made) == {}
    deciding.undo(seen(attorney, made), act.number)
    assert "Washington" not in reading.line(seen(paralegal, made), n)["text"]
    deciding.not_private(seen(attorney, made), n, place, reason="public", in_text=True)
    assert kinds(made) == {}
    assert "Washington" in reading.line(seen(paralegal, made), n)["text"]


def test_a_label_within_readable_words_stays_and_is_not_decided_about(
    matter: Matter, attorney: Member, paralegal: Member, actor_for: Any, seen: Any
) -> None:
    """ "Parker's diabetes" as a medical detail that everybody may read, with a sure name in it that nobody may."""
    line = "We know of Robert Daniel Parker and his diabetes since May."
    said = {"utterances": [{"speaker": "A", "text": line}], "audio_duration": 4}
    made = make(matter, paralegal, actor_for, with_sound=False, said=said)
    [name] = [d for d in known_findings(made).items if d.type == "name"]
    start, end = line.index("Robert"), line.index(" since")
    medical = replace(
        name, id="m", start=start, end=end, type="medical", unsure=True, score=0.6, entity=None, first_word=None,
        last_word=None,
    )  # fmt: skip
    with_findings(made, Detections((replace(name, unsure=False), medical)))
    [doubt] = doubts.queue(seen(attorney, made))
    assert doubt.readable
    assert "Parker" not in doubt.label
    assert "[NAME 1]" in doubt.label
    found = deciding.readable(seen(attorney, made), doubt.line, doubt.ordinal)
    assert found.label == doubt.label
    deciding.not_private(seen(attorney, made), doubt.line, doubt.ordinal, reason="public", in_text=True)
    assert kinds(made) == {}
    assert "Parker" not in reading.line(seen(attorney, made), 0)["text"]
    assert [d.type for d in renditions.decided(made)[0].items] == ["name"]


def test_a_destroyed_or_superseded_text_leaves_the_queue(has: Any, attorney: Member, actor_for: Any) -> None:
    made, other = has(PHONE), has(NAME)
    Transcript.objects.filter(pk=other.pk).update(superseded_at=timezone.now())
    assert queue(attorney) == [made.pk]
    second_pass.hold(made, "pass_failed")
    holding.destroy(actor_for(attorney), attorney, made)
    assert queue(attorney) == []
    assert not DoubtCount.objects.filter(transcript=made).exists()
    assert acts_of(made) == []
