"""What decisions do to findings, without a database."""

import pytest

from compliance.redaction import Dialogue, preset, render
from compliance.redaction.detections import Detection, Detections, detection_id
from transcription.review import Act, applied, covered, mentions, region_of


def dialogue(*turns: str) -> Dialogue:
    return Dialogue.from_turns([("A", text) for text in turns])


def finding(text: Dialogue, turn: int, words: str, type_: str = "name", entity: int | None = 1) -> Detection:
    start = text.turns[turn].text.index(words)
    end = start + len(words)
    inside = covered(text.turns[turn], start, end)
    return Detection(
        detection_id(turn, start, end, type_), turn, start, end, type_, 0.9, "test", "test",
        inside[0].id, inside[-1].id, entity,
    )  # fmt: skip


def ids(text: Dialogue, turn: int, words: str) -> list[int]:
    start = text.turns[turn].text.index(words)
    return [w.id for w in covered(text.turns[turn], start, start + len(words))]


def seen(text: Dialogue, found: Detections) -> str:
    return render(text, found, preset("identifiers")).text


def test_hidden_by_hand_is_hidden() -> None:
    text = dialogue("please call Rosalind Vega today")
    act = Act(1, "hide", ({"words": ids(text, 0, "Rosalind Vega"), "type": "name"},))
    assert seen(text, applied(text, Detections(), [act]).detections) == "please call [NAME 1] today"


def test_hidden_by_hand_stays_hidden_when_a_word_of_it_was_corrected_away() -> None:
    before = dialogue("please call Rosalind Vega today")
    act = Act(1, "hide", ({"words": [*ids(before, 0, "Rosalind Vega"), 999], "type": "name"},))
    assert "Rosalind" not in seen(before, applied(before, Detections(), [act]).detections)


def test_not_private_shows_the_span_until_its_words_change() -> None:
    text = dialogue("I drove to Chase yesterday")
    found = Detections((finding(text, 0, "Chase"),))
    span = {"words": ids(text, 0, "Chase"), "type": "name", "text": "Chase"}
    act = Act(1, "not_private", (span,))
    assert seen(text, applied(text, found, [act]).detections) == "I drove to Chase yesterday"
    changed = dialogue("I drove to Marta yesterday")
    found_again = Detections((finding(changed, 0, "Marta"),))
    assert "Marta" not in seen(changed, applied(changed, found_again, [act]).detections)


def test_not_private_does_not_open_a_finding_that_reaches_further() -> None:
    text = dialogue("I met Chase Whitfield there")
    found = Detections((finding(text, 0, "Chase Whitfield"),))
    span = {"words": ids(text, 0, "Chase"), "type": "name", "text": "Chase"}
    assert "Chase" not in seen(text, applied(text, found, [Act(1, "not_private", (span,))]).detections)


def test_the_last_decision_counts_and_an_undo_can_be_undone() -> None:
    text = dialogue("I drove to Chase yesterday")
    found = Detections((finding(text, 0, "Chase"),))
    span = {"words": ids(text, 0, "Chase"), "type": "name", "text": "Chase"}
    show = Act(1, "not_private", (span,))
    undo = Act(2, "undo", undoes=1)
    again = Act(3, "undo", undoes=2)
    hide = Act(4, "hide", ({"words": span["words"], "type": "private"},))
    assert "Chase" not in seen(text, applied(text, found, [show, undo]).detections)
    assert "Chase" in seen(text, applied(text, found, [show, undo, again]).detections)
    assert "[PRIVATE 1]" in seen(text, applied(text, found, [show, undo, again, hide]).detections)


def test_accepting_changes_nothing_but_the_queue() -> None:
    text = dialogue("I met Marta there")
    found = Detections((finding(text, 0, "Marta"),))
    span = {"words": ids(text, 0, "Marta"), "type": "name", "text": "Marta"}
    after = applied(text, found, [Act(1, "accept", (span,))])
    assert after.accepted == {found.items[0].id}
    assert seen(text, after.detections) == seen(text, found)


def test_a_region_holds_all_that_overlaps_and_mentions_reach_the_whole_transcript() -> None:
    text = dialogue("I met Marta Whitfield there", "Marta left")
    long, short, later = (
        finding(text, 0, "Marta Whitfield"), finding(text, 0, "Whitfield", "address", 4), finding(text, 1, "Marta"),
    )  # fmt: skip
    found = Detections((long, short, later))
    region = region_of(text.turns[0], 0, short.id, found, preset("identifiers"))
    assert region is not None
    assert (region.start, region.end) == (long.start, long.end)
    assert {d.id for d in mentions(found, region)} == {long.id, short.id, later.id}
    assert region_of(text.turns[0], 0, long.id, found, preset("verbatim")) is None


@pytest.mark.parametrize("decision", ["hide", "not_private", "accept"])
def test_words_that_are_gone_change_nothing(decision: str) -> None:
    text = dialogue("nothing private here")
    act = Act(1, decision, ({"words": [77, 78], "type": "name", "text": "gone"},))
    assert applied(text, Detections(), [act]).detections.items == ()
