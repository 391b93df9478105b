"""What the second pass makes of the model's chances: hidden where it is sure, never a dose, hardly beside labels."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.redaction.dialogue import Dialogue
from compliance.redaction.encoder import CHANCES, WORD, Chance
from compliance.redaction.recognisers.model_identifiers import ModelIdentifierRecogniser
from compliance.redaction.view import DialogueView
from tests.compliance.redaction.believing import Believer


def hidden(turns, held, kind, chance=0.95):
    view = DialogueView(Dialogue.from_turns(turns))
    found = ModelIdentifierRecogniser(Believer(held, kind, chance)).find(view)
    return [(view.text(f.turn)[f.start : f.end], f.type) for f in found]


@pytest.mark.parametrize(
    ("said", "held", "kind", "expected"),
    [
        ("It's four four nine, uh, six two.", "four nine six two", "number", [("four four nine", "medical_record_number"), ("six two", "medical_record_number")]),
        ("My credit card is four four nine six.", "four nine six", "number", [("four four nine six", "credit_card")]),
        ("write to rosa at larkhill dot org please", "rosa at larkhill dot org", "web", [("rosa at larkhill dot org", "email")]),
        ("She turned ninety-three in the spring.", "ninety three", "age", [("ninety-three", "age_over_89")]),
        ("It fell on July second of last year.", "july second of last year", "date", [("July second", "date")]),
        ("on the twelfth, I think", "on the twelfth", "date", [("the twelfth", "date")]),
        ("The 17th would do.", "17th", "date", [("The 17th", "date")]),
    ],
)  # fmt: skip
def test_what_the_model_is_sure_of_is_hidden_whole(said, held, kind, expected):
    assert hidden([("A", said)], held, kind) == expected


@pytest.mark.parametrize(
    ("said", "held", "kind"),
    [
        ("Take five hundred milligrams tonight.", "five hundred", "number"),
        ("It was $4,150 in all.", "4 150", "number"),
        ("He paid forty two a month.", "forty two", "number"),
        ("I just want it gone.", "want it", "number"),
        ("We met in May.", "may", "date"),
        ("I really do not know.", "really", "date"),
        ("She turned eighty-three.", "eighty three", "age"),
    ],
)
def test_what_can_be_no_identifier_stays_readable_whatever_the_model_says(said, held, kind):
    assert hidden([("A", said)], held, kind) == []


def test_a_month_alone_is_hidden_where_a_birth_date_was_asked_for():
    assert hidden([("A", "What is your date of birth?"), ("B", "May.")], "may", "date") == [("May", "date_of_birth")]


def test_beside_the_labels_of_an_earlier_pass_the_model_must_be_nearly_certain():
    turns = [("A", "Your phone?"), ("B", "[PHONE 1], ending six two.")]
    assert hidden(turns, "six two", "number", 0.8) == []
    assert hidden(turns, "six two", "number", 0.999) == [("six two", "phone_number")]


@pytest.mark.parametrize("placeholder", ["[MEDICAL_CONDITION]", "[MEDICAL_PROCESS-1]", "####", "[PERSON_NAME]"])
def test_the_placeholders_of_a_speech_service_switch_nothing_off(placeholder):
    turns = [("A", f"He has {placeholder}."), ("B", "And a low mood.")]
    assert hidden(turns, "low mood", "medical", 0.5) == [("low mood", "medical")]


def test_where_medical_words_were_hidden_before_the_rest_was_left_on_purpose():
    turns = [("A", "[MEDICAL 1] since [DATE]."), *[("B", "I see.")] * 3, ("A", "And a low mood.")]
    assert hidden(turns, "low mood", "medical", 0.5) == []


def test_a_model_that_tells_no_chances_adds_nothing():
    class Silent:
        def process_batch(self, texts, language, batch_size):
            for text in texts:
                yield text, SimpleNamespace(entities=[], tokens=SimpleNamespace())

    view = DialogueView(Dialogue.from_turns([("A", "It is four four nine six two.")]))
    assert list(ModelIdentifierRecogniser(Silent()).find(view)) == []


WORDS = st.sampled_from(
    "the on of last year and then uh four nine hundred two 19 3/3 ninety-three march third at dot com rosa K - . , ( [PHONE 1] mg".split()
)


class Oracle:
    """A model whose chances are drawn, word by word."""

    def __init__(self, draws: list[float]) -> None:
        self.draws = draws

    def process_batch(self, texts, language, batch_size):
        for text in texts:
            told = []
            for at, match in enumerate(WORD.finditer(text)):
                row = [self.draws[(at + n) % len(self.draws)] for n in range(len(Chance._fields))]
                told.append((*match.span(), Chance(*row)))
            yield text, SimpleNamespace(entities=[], tokens=SimpleNamespace(user_data={CHANCES: told}))


@given(st.lists(st.lists(WORDS, max_size=12), min_size=1, max_size=4), st.lists(st.floats(0, 1), min_size=1, max_size=9))
def test_whatever_the_model_says_findings_lie_in_their_turn_and_in_order(turns, draws):
    view = DialogueView(Dialogue.from_turns([("AB"[n % 2], " ".join(words)) for n, words in enumerate(turns)]))
    last = {}
    for found in ModelIdentifierRecogniser(Oracle(draws)).find(view):
        assert 0 <= found.start < found.end <= len(view.text(found.turn))
        kind = found.type if found.type in ("date", "date_of_birth", "age_over_89", "medical") else "other"
        assert last.get((found.turn, kind), 0) <= found.start or kind == "other"
        last[found.turn, kind] = found.end
