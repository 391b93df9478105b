"""What decisions about lines that could not be checked do, without a database."""

from dataclasses import replace
from typing import Any

import pytest

from compliance.redaction import Detections, Dialogue, HiddenTurn, preset, render
from tests.transcription.reading.test_review_rules import finding
from transcription import review, weighing
from transcription.review import Act, applied, line_span, said_english

SPANISH = "vivo con mi hija Lupita en la calle Hidalgo"


def dialogue(*turns: str, **more: Any) -> Dialogue:
    return Dialogue.from_turns([("A", text) for text in turns], **more)


def hidden(*turns: int, read: bool = False) -> Detections:
    return Detections(hidden_turns=tuple(HiddenTurn(turn, "language", "es", read=read) for turn in turns))


def about(text: Dialogue, decision: str, number: int = 1, turn: int = 0) -> Act:
    return Act(number, decision, (line_span(text.turns[turn]),))


def seen(text: Dialogue, found: Detections, *acts: Act) -> str:
    return render(text, applied(text, found, acts).detections, preset("identifiers")).text


def kinds(text: Dialogue, found: Detections, *acts: Act) -> dict[str, int]:
    return {kind: count for kind, count in weighing.weight(text, found, acts).kinds.items() if count}


def with_word(text: Dialogue, place: int, word: str) -> Dialogue:
    """The first line with one word retyped, as a correction does it: the word keeps its id."""
    words = text.turns[0].words
    typed = Dialogue.from_turns([("A", " ".join(word if n == place else w.text for n, w in enumerate(words)))])
    return replace(text, turns=(typed.turns[0], *text.turns[1:]))


def test_a_line_that_could_not_be_checked_is_a_doubt_that_leaks_nothing_until_somebody_decides() -> None:
    text = dialogue(SPANISH, "Yes.")
    [doubt] = weighing.open_doubts(text, applied(text, hidden(0), []))
    assert (doubt.turn, doubt.kind, doubt.whole_line, doubt.risk) == (0, "not_checked", True, pytest.approx(0.2))
    for decision in ("leave", "release"):
        assert kinds(text, hidden(0), about(text, decision)) == {}
    assert kinds(text, hidden(0), about(text, "leave"), Act(2, "undo", undoes=1)) == {"not_checked": 1}


def test_left_hidden_is_hidden_and_released_is_shown() -> None:
    text = dialogue(SPANISH)
    assert seen(text, hidden(0), about(text, "leave")) == "[NOT CHECKED: Spanish]"
    assert seen(text, hidden(0), about(text, "release")) == SPANISH
    assert seen(text, hidden(0), about(text, "release"), Act(2, "undo", undoes=1)) == "[NOT CHECKED: Spanish]"
    # The last one counts.
    assert seen(text, hidden(0), about(text, "release"), about(text, "leave", 2)) == "[NOT CHECKED: Spanish]"


def test_a_released_line_hides_what_was_hidden_by_hand_and_what_parties_and_lists_name() -> None:
    text = dialogue(SPANISH, always_hide=("Hidalgo",))
    word = text.turns[0].words[4]
    hide = Act(1, "hide", ({"words": [word.id], "type": "name"},))
    assert seen(text, hidden(0), hide, about(text, "release", 2)) == "vivo con mi hija [NAME 1] en la calle [NAME 2]"


def test_a_released_line_is_hidden_again_when_a_word_of_it_changes() -> None:
    text = dialogue(SPANISH)
    changed = with_word(text, 4, "Fernanda")
    assert seen(changed, hidden(0), about(text, "release")) == "[NOT CHECKED: Spanish]"
    assert kinds(changed, hidden(0), about(text, "leave")) == {"not_checked": 1}


def test_what_is_changed_in_another_line_changes_nothing() -> None:
    text = dialogue("Good morning.", SPANISH)
    changed = with_word(text, 0, "Fine")
    assert seen(changed, hidden(1), about(text, "release", turn=1)) == f"Fine morning.\n{SPANISH}"


def test_english_opens_a_line_only_once_the_pass_has_read_it() -> None:
    text = dialogue("I met Marta Whitfield there")
    found = finding(text, 0, "Marta Whitfield")
    act = about(text, "english")
    assert said_english(text, [act]) == {0}
    assert seen(text, hidden(0), act) == "[NOT CHECKED: Spanish]"
    assert kinds(text, hidden(0), act) == {"not_checked": 1}
    read = replace(hidden(0, read=True), items=(found,))
    assert seen(text, read, act) == "I met [NAME 1] there"
    assert kinds(text, read, act) == {}
    # Read, and nobody says any more that it is English.
    assert seen(text, read) == "[NOT CHECKED: Spanish]"
    assert seen(text, read, act, Act(2, "undo", undoes=1)) == "[NOT CHECKED: Spanish]"


def test_english_holds_over_a_correction_of_a_word_and_not_over_another_text() -> None:
    text = dialogue("I met Marta Whitfield there")
    act = about(text, "english")
    assert said_english(with_word(text, 2, "Martha"), [act]) == {0}
    other = text
    for place, word in enumerate(SPANISH.split()[:3]):
        other = with_word(other, place, word)
    assert said_english(other, [act]) == frozenset()
    assert seen(other, hidden(0, read=True), act) == "[NOT CHECKED: Spanish]"


def test_the_pass_is_told_of_english_that_was_taken_back_so_that_the_undo_can_be_undone() -> None:
    text = dialogue("I met Marta Whitfield there")
    assert said_english(text, [about(text, "english"), Act(2, "undo", undoes=1)]) == {0}
    assert said_english(text, review.in_force([about(text, "english"), Act(2, "undo", undoes=1)])) == frozenset()


def test_words_that_nobody_can_read_are_counted_with_the_language_of_most_of_them() -> None:
    text = dialogue(SPANISH, "oui", "Yes.")
    found = Detections(hidden_turns=(HiddenTurn(0, "language", "es"), HiddenTurn(1, "language", "fr")))
    weight = weighing.weight(text, found, [])
    assert (weight.unread, weight.unread_language) == (10, "es")
    # Left hidden is hidden all the same; shown is not.
    assert weighing.weight(text, found, [about(text, "leave")]).unread == 10
    assert weighing.weight(text, found, [about(text, "release")]).unread == 1
    assert weighing.weight(text, Detections(), []).unread_language == ""
