"""How the model reads a dialogue: every turn once a reading, with what stands around it; what it
was not sure of it reads twice, and the greater chance counts."""

from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from compliance.redaction.dialogue import Dialogue
from compliance.redaction.encoder import CHANCES, WORD, Chance
from compliance.redaction.joints import joined
from compliance.redaction.recognisers import model_entities
from compliance.redaction.recognisers.model_entities import UNDECIDED, Frame, model_chances, model_reading
from compliance.redaction.view import DialogueView

FRAME = st.builds(Frame, st.integers(1, 6), st.integers(10, 400), st.integers(0, 3))


@given(st.lists(st.integers(0, 40), max_size=40), FRAME)
def test_every_turn_is_read_once_beside_its_neighbours(lengths, frame):
    view = DialogueView(Dialogue.from_turns([("A", " ".join(["word"] * length)) for length in lengths]))
    fresh = []
    for window in model_entities._windows(view, frame):
        turns = [turn for turn, _, _, _ in window]
        assert turns == sorted(set(turns))
        read = [turn for turn, _, _, context in window if not context]
        assert 1 <= len(read) <= frame.turns
        around = [turn for turn, _, _, context in window if context]
        assert sum(turn < read[0] for turn in around) <= frame.context
        assert sum(turn > read[-1] for turn in around) <= frame.context
        fresh += read
    assert fresh == [turn for turn, length in enumerate(lengths) if length]


class Fickle:
    """A model that holds every word for a person with a chance that hangs on how much it is given to read."""

    def __init__(self, chances: tuple[float, ...]) -> None:
        self.chances = list(chances)

    def process_batch(self, texts, language, batch_size):
        chance = self.chances.pop(0)
        for text in texts:
            told = [(m.start(), m.end(), Chance(chance, 0, 0, 0, 0, 0, 0)) for m in WORD.finditer(text)]
            yield text, SimpleNamespace(entities=[], tokens=SimpleNamespace(user_data={CHANCES: told}))


def test_the_greater_chance_of_two_readings_counts():
    for chances in ((0.2, 0.9), (0.9, 0.2)):  # neither is beyond doubt
        view = DialogueView(Dialogue.from_turns([("A", "Ask Rosa."), ("B", "Who?")]))
        assert {person for person, _ in model_chances(view, Fickle(chances)).values()} == {0.9}


def test_what_the_model_is_sure_of_is_not_read_again():
    for sure in (UNDECIDED / 2, 1 - UNDECIDED / 2):
        view = DialogueView(Dialogue.from_turns([("A", "Ask Rosa."), ("B", "Who?")]))
        assert {person for person, _ in model_chances(view, Fickle((sure,))).values()} == {sure}


CUT = Dialogue.from_turns([("A", "My name is Rosa"), ("B", "Uh-huh."), ("A", "Okafor.")])


def test_what_is_read_joined_has_its_second_reading_there():
    for chances in ((0.2, 0.9), (0.9, 0.2)):  # neither is beyond doubt
        view = DialogueView(CUT)
        assert model_reading(view, Fickle((chances[0], 0.1))).chances[0] == [*said("My name is Rosa", chances[0])]
        together = joined(view)
        told = model_reading(together, Fickle(chances[1:]))
        assert told.chances[0] == [*said("My name is Rosa Okafor.", 0.9)]


def test_what_is_not_joined_is_read_as_before():
    view = DialogueView(CUT)
    first = Fickle((0.2, 0.9))  # of the interjection alone there is a second reading
    assert model_reading(view, first).chances[1] == [*said("Uh-huh.", 0.9)]
    view = DialogueView(Dialogue.from_turns([("A", "My name is Rosa"), ("A", "Okafor."), ("B", "Thank you.")]))
    together = joined(view)
    model_reading(view, Fickle((0.2, 0.9)))
    assert model_reading(together, Fickle((0.5,))).chances[1] == [*said("Thank you.", 0.9)]


def said(text, chance):
    return ((m.start(), m.end(), Chance(chance, 0, 0, 0, 0, 0, 0)) for m in WORD.finditer(text))


def test_a_model_that_tells_no_chances_reads_once():
    class Silent:
        readings = 0

        def process_batch(self, texts, language, batch_size):
            self.readings += 1
            for text in texts:
                yield text, SimpleNamespace(entities=[], tokens=None)

    silent = Silent()
    model_reading(DialogueView(Dialogue.from_turns([("A", "Ask Rosa.")])), silent)
    assert silent.readings == 1
