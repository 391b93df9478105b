"""Talk of doses, settings, laboratories, clocks, codes, laws and money: its numbers and abbreviations are nobody's, and a hidden one is a fault.
Beside them, what is somebody's is hidden as ever. None of these lines stands in a gold file.
"""

import pytest

from compliance.redaction.abbreviations import NAMES_TOO, abbreviations
from compliance.redaction.dialogue import Dialogue
from compliance.redaction.lexicon import lexicon
from compliance.redaction.recognisers.citations import cited
from compliance.redaction.view import DialogueView
from tests.compliance.redaction.marked import misses

CLINIC = """
levo point oh six and vaso point oh two she was at point one nine around ten
he's on c r r t day three and the m r s a swab came back negative
bilateral a r d s from the flu and the r s b i is sixty two
tourniquet went on at oh six fifty two and off at oh seven thirty one
TXA in at 0748, blood at 0755.
her creat's two one from one nine phos three four ical one oh six
For the record it's I50.23, N18.6 and Z99.2, nothing else.
the l a d has a stent and the r c a is clean
propofol at thirty fentanyl at one hundred and norepi at point oh eight
"""
COURT = """
that's people v hargrove twelve cal fourth three eighty one it's settled
Under Strickland v. Washington, 466 U.S. 668, that is not enough.
see doyle v ohio four twenty six u s six ten
This is cause number twenty-four dash C R dash one one eight oh six, for sentencing.
then the balance is forty one thousand two hundred and six
The n h t s a report and the f m v s s standard are in the binder.
"""
STILL = """
State versus [[Castellanos]], cause number twenty-four C R one one eight oh six.
The defendant in this matter is [[Doyle Hargrove]].
Plate [[C R T four one nine]], a blue one.
How do you spell that? | [[L A D K O]].
what's your member id | [[m r s four four one nine two]]
your date of birth | [[oh seven fourteen sixty one]]
her creat's two one and her record number is [[four oh nine seven seven]]
people v [[alvarez]] who lives at [[1420 us highway 19]]
What's your record number? | [[B41.2204]].
he's on propofol at thirty call his wife [[marisol]] at [[five five five oh one four two]]
"""


def cases(text):
    return text.strip().split("\n")


@pytest.mark.parametrize("conversation", [*cases(CLINIC), *cases(COURT)])
def test_what_is_nobodys_stays_readable(conversation):
    leaked, over = misses(conversation)
    assert (leaked, over) == ([], [])


@pytest.mark.parametrize("conversation", cases(STILL))
def test_what_is_somebodys_is_hidden_beside_it(conversation):
    assert misses(conversation)[0] == []


def test_no_abbreviation_is_a_name_but_those_that_nobody_thinks_of_first():
    names = lexicon()
    both = {a for a in abbreviations() if a in names.first_names or a in names.last_names}
    assert both <= NAMES_TOO
    assert not both & names.frequent_first
    assert len(abbreviations()) > 800


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("people v hargrove twelve cal fourth three eighty one", {"people", "v", "hargrove"}),
        ("people v alvarez who lives at 1420 us 19 near the lake", set()),
        ("maria alvarez 1420 us 19 clearwater", set()),
        ("he sued alvarez v 1420 us 19", set()),
        ("this is people versus hargrove are we ready", set()),
        ("hargrove has twelve calves and three eighty one acres", set()),
        ("ruiz v 12", set()),
    ],
)
def test_names_are_those_of_a_decision_where_volume_report_and_page_follow(said, expected):
    view = DialogueView(Dialogue.from_turns([("A", said)]))
    words = {view.tokens[place].low for place in cited(view).names if view.tokens[place].word}
    assert expected <= words if expected else words == set()


def test_a_turn_of_nothing_but_citations_takes_no_square_time():
    view = DialogueView(Dialogue.from_turns([("A", "roe v wade 410 u s 113 " * 8_000)]))
    assert len(cited(view).names) == 3 * 8_000
    assert len(cited(view).places) == 4 * 8_000
