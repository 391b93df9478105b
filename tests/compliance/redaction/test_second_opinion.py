"""What the second pass makes of a model that is certain: its places whole, its names against the lists, never a word of every day."""

import pytest

from compliance.redaction.dialogue import Dialogue
from compliance.redaction.lexicon import lexicon
from compliance.redaction.names_context import NameContext
from compliance.redaction.recognisers.likely_places import likely_places
from compliance.redaction.recognisers.second_opinion import likely_people
from compliance.redaction.view import DialogueView


def told(text: str, held: dict[str, float]) -> tuple[DialogueView, dict[int, float]]:
    beside = "The form was signed by Ms. Moreau in the hall."
    view = DialogueView(Dialogue.from_turns([("A", text), ("B", beside.lower() if text.islower() else beside)]))
    begin, end = view.bounds[0]
    return view, {place: held.get(view.tokens[place].low, 0.0) for place in range(begin, end)}


def people(text: str, **held: float) -> list[str]:
    view, chances = told(text, held)
    context = NameContext(view, lexicon())
    hits = likely_people(context, {place: (chance, 0.0) for place, chance in chances.items()}, [])
    return [view.text(0)[view.tokens[h.first].start : view.tokens[h.last].end] for h in hits]


def places(text: str, **held: float) -> list[str]:
    view, chances = told(text, held)
    found = likely_places(view, {place: (0.0, chance) for place, chance in chances.items()}, 0)
    return [view.text(0)[view.tokens[first].start : view.tokens[last].end] for first, last in found]


@pytest.mark.parametrize(
    ("text", "held", "expected"),
    [
        ("Hi, this is Asia at the desk.", {"asia": 0.99}, ["Asia"]),
        ("Hi, this is Major Wilkins.", {"major": 0.92}, ["Major"]),
        ("Is that Quyen Do, or another one?", {"quyen": 0.99, "do": 0.99}, ["Quyen", "Do"]),
        ("So, doctor, what?", {"so": 0.99}, []),
        ("She only speaks Armenian to him.", {"armenian": 0.99}, []),
        ("My daughter, Marigold, picks up.", {"marigold": 0.99}, ["Marigold"]),
        ("I gave her Sulfa on Monday.", {"sulfa": 0.99}, []),
        ("Is violet your favourite?", {"violet": 0.99}, []),
        ("Hawkins is positive, too.", {"hawkins": 0.9}, []),
        ("Hawkins drove the second truck.", {"hawkins": 0.9}, ["Hawkins"]),
        ("It was Osgood Schlatter, they said.", {"osgood": 0.9}, []),
        ("The matter of River and of Sage.", {"river": 0.97, "sage": 0.97}, ["River", "Sage"]),
        ("Down at the Bank, and back.", {"bank": 0.97}, []),
        ("Ask for Bettina White Cloud.", {"bettina": 0.99, "white": 0.99, "cloud": 0.99}, ["Bettina", "White", "Cloud"]),
        ("Senna said it was nothing.", {"senna": 0.99}, ["Senna"]),
        ("You say it cho, keh, wan, ka.", {"cho": 0.99, "keh": 0.95, "wan": 0.92, "ka": 0.97}, ["cho", "keh", "wan", "ka"]),
        ("He never touches cash, or gold.", {"cash": 0.97, "gold": 0.95}, []),
        ("I know that rahul fellow.", {"rahul": 0.97}, ["rahul"]),
        ("On Metoprolol Lisinopril daily.", {"metoprolol": 0.95, "lisinopril": 0.95}, []),
        ("Sorry, was that Senna?", {"senna": 0.97}, ["Senna"]),
    ],
)
def test_a_certain_model_is_believed_where_people_are_called_so(text, held, expected):
    assert people(text, **held) == expected


@pytest.mark.parametrize(
    ("text", "held", "expected"),
    [
        ("he wrote see oh mara on it", {"see": 0.98, "oh": 0.99, "mara": 0.99}, ["see", "oh", "mara"]),
        ("the last name is do", {"do": 0.98}, ["do"]),
        ("the last name is do", {"do": 0.4}, []),
        ("with two of them", {"two": 0.99}, []),
        ("we say beti at home", {"beti": 0.99}, ["beti"]),
        ("we gave calcipotriene then", {"calcipotriene": 0.98}, []),
        ("we gave metoprolol then", {"metoprolol": 0.99}, []),
    ],
)
def test_without_capitals_a_certain_model_makes_names_of_little_words_but_not_of_numerals_or_medicines(text, held, expected):
    assert people(text, **held) == expected


@pytest.mark.parametrize(
    ("text", "held", "expected"),
    [
        ("It's 211 Mettler Street, upper.", {"211": 1, "mettler": 1, "street": 1, ",": 1, "upper": 1}, ["211 Mettler Street, upper"]),
        ("On Fulton and Mercer.", {"fulton": 0.98, "and": 0.4, "mercer": 0.99}, ["Fulton and Mercer"]),
        ("From Fulton and then Mercer.", {"fulton": 0.98, "and": 0.1, "mercer": 0.99}, ["Fulton", "Mercer"]),
        ("We are in Washington now.", {"washington": 0.99}, []),
        ("At the Rex Center.", {"rex": 0.9, "center": 0.9}, []),
        ("Prettiest girl in Otter Tail County.", {"otter": 1, "tail": 1, "county": 1}, ["Otter Tail County"]),
        ("By Phenix City, I think.", {"phenix": 1, "city": 1}, ["Phenix City"]),
        ("Rather Harlan than not.", {"harlan": 0.6}, []),
        ("He left at five oh eight.", {"five": 0.99, "oh": 0.99, "eight": 0.99}, []),
        ("He was at 738 then.", {"738": 0.99}, ["738"]),
        ("At the light at Larkin and Ida.", {"larkin": 0.98, "and": 0.6, "ida": 0.55}, ["Larkin and Ida"]),
    ],
)
def test_a_place_is_hidden_with_what_belongs_to_it(text, held, expected):
    assert places(text, **held) == expected
