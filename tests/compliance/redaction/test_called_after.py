"""What is called after people and towns is read, and people of the same name are not: scores, doctrines, short forms, devices, firms."""

import re

import pytest

from compliance.redaction.lexicon import lexicon
from compliance.redaction.recognisers import called_after_words as words
from tests.compliance.redaction.marked import misses
from tests.compliance.redaction.test_common_names import visible


def spoken(conversation):
    """As an engine without capitals writes it."""
    return re.sub(r"[.,?!]", "", conversation).lower()


READ = """
Thyroid nodule, Bethesda four. | And the other nodule was Bethesda three.
Berg? | Forty-one.
Her Berg was forty-one. | And her Edinburgh was twelve.
Edinburgh? | Twelve.
What's the Gleason? | Gleason four plus four. | Gleason eight, then.
Her Gleason went from six to seven. | Was the Gleason a seven?
Breslow one point two millimeters, Clark level four. | Breslow depth?
Tinetti was nineteen out of twenty-eight. | Killip two on arrival.
Ranson of three. | Ranson's criteria?
Tanner three. | Tanner stage two? | Child-Pugh B, MELD eighteen.
Barthel of sixty. | Fitzpatrick type two skin. | Fitzpatrick three.
Bosniak two F cyst. | Fuhrman grade three. | Fuhrman two.
Rankin of two. | Modified Rankin is three. | Cobb angle of forty-two.
Salter-Harris two of the distal radius. | Gustilo three B, open. | Kellgren-Lawrence four.
Karnofsky seventy. | Epworth of sixteen. | Ramsay three. | Bromage zero.
Aldrete nine, ready for the floor. | Karnofsky's down to fifty. | Braden of fourteen. | The Braden scale.
Ramsay? | Three. | Aldrete? | Nine. | Killip? | Two.
Hoehn and Yahr three. | Lund-Mackay of twelve. | Silverman Anderson of three. | Ann Arbor stage three.
There's no Strickland prejudice here. | Strickland requires both.
Any Brady material, Counsel? | We've had a Brady violation, Your Honor.
He's exempt under Dimaya. | Kumho controls, Your Honor.
This is a Daubert motion, not Frye. | That's a Daubert motion, Judge.
We're raising Batson. | It's a Batson challenge. | Batson, Your Honor.
I want a Franks hearing. | Did he get Kastigar? | Kastigar letter went out.
That's a Crawford issue. | A Bruton problem. | The Giglio list is done.
We did the Faretta inquiry. | It's a Faretta waiver. | A Marsden hearing, please.
The Marsden motion is denied. | Set the Pitchess motion. | The Markman hearing.
Under Celotex, we win. | It's a Monell claim. | A Bivens action.
Garrity warnings were read. | It was a Terry stop. | A Terry frisk.
They read him his Miranda. | Miranda waiver signed. | Miranda doesn't apply. | An Alford plea.
Levo's at twelve. | Bili's eleven. | Pit's at eight. | Sevo's at two.
Roc fifty. | Neo's at forty. | Trop? | Trop's negative. | Mag's one eight. | Dex is at point seven. | Dilt's at ten.
Perio's booked. | Shade's A two. | The NPI's on file. | CIWA of twelve.
There was a nuchal. | Amio's at one. | Phos is low. | Vanc's due.
Gadavist was given. | Poly-Vi-Sol daily. | The mare had Banamine. | Negative Coggins on file. | Coggins is current.
A Xience in the LAD. | Holter for forty-eight hours. | The Holter showed nothing. | Tdap's due.
Medtronic's rep is here. | The Stryker plate. | A Gore graft. | Gore mesh. | The Baxter pump.
She owed Midland Funding. | My IRA is at Raymond James. | Verizon sent the records. | Aetna denied it.
Chime froze my card. | Kronos shows the punches. | Venmo shows it. | Ally Bank took the truck.
She worked at Wendy's. | The Tiffany's receipt. | He wrote on OurFamilyWizard. | She was on Snapchat.
"""


@pytest.mark.parametrize("line", READ.strip().splitlines())
@pytest.mark.parametrize("write", [str, spoken])
def test_what_is_called_after_somebody_is_read(line, write):
    assert misses(" | ".join(write(turn) for turn in line.split(" | "))) == ([], [])


PEOPLE = """
Mr. [[Gleason]] called. | Is [[Gleason]] your neighbor? | My neighbor is [[Tom Gleason]].
My sister [[Bethesda]] drove. | Officer [[Daubert]] stopped me. | [[Terry Brady]] called. | [[Ally]] called me yesterday.
[[Tanner]] and [[Killip]] are my neighbours. | My aunt [[Miranda]] came. | I spoke to [[Crawford]] about it. | What did [[Crawford]] say?
[[Mag]]'s my sister. | My cousin [[Roc]] lives here. | My uncle [[Neo]] came. | My brother [[Dex]] drove. | [[Dex]] called me.
[[Wendy]] works there. | My friend [[Tiffany]] came. | [[Tiffany]]'s my sister. | [[Raymond James]] is my uncle.
Mr. [[Raymond James]] opened an account. | Ms. [[Kumho]] was there. | I told [[Dimaya]] so.
Who was there? | [[Strickland]]. | Who drove? | [[Brady]]. | And your last name? | [[Marsden]].
[[Terry]] stopped me at the door. | [[Miranda]] was driving. | Ask [[Miranda]]. | Mr. [[Franks]] left.
My son [[Tanner]] is three. | [[Braden]]'s fourteen. | How old is [[Braden]]? | [[Ramsay]]? | Three.
[[Brady]]'s list is on the fridge. | My daughter [[Aetna]] is home. | [[Baxter]] pumped the tires. | Dr. [[Gore]] said so.
Mr. [[Holter]] came in. | [[Judy Holter]] signed. | Mrs. [[Coggins]] called. | Ms. [[Stryker]] is here. | Officer [[Bivens]] came.
[[Levo]] is my cousin. | My nurse [[Bili]] came. | [[Chime]] is my cousin's name.
I owe [[Rankin]] forty. | It was [[Tom]], not [[Batson]]. | Ms. [[Strickland]] requires help to dress. | [[Bosniak]] owes me four hundred.
I work with [[Iqbal]]. | [[Iqbal]] lives next door. | Ms. [[Batson]], please sit. | Detective [[Garrity]] took the statement.
"""


@pytest.mark.parametrize("line", PEOPLE.strip().splitlines())
@pytest.mark.parametrize("write", [str, spoken])
def test_people_of_the_same_name_are_hidden(line, write):
    assert misses(" | ".join(write(turn) for turn in line.split(" | ")))[0] == []


@pytest.mark.parametrize(
    "conversation",
    [
        "Dr. [[Gleason]] read it. | So the [[Gleason]] boy, and [[Gleason]] four times over.",
        "Mr. [[Marsden]] is my client. | The [[Marsden]] motion is denied.",
        "I live in [[Bethesda]]. | Near [[Bethesda]] four years now.",
        "My kids are [[Tanner]] three and [[Anna]] five.",
        "I worked under [[Markman]] for years. | Did [[Terry]] stop it?",
        "I was at [[Wendy]]'s last night. | [[Edward Jones]] opened the account.",
        "my kids are [[tanner]] three and [[anna]] five | i was at [[wendy]]'s last night",
    ],
)
def test_beside_people_and_homes_a_number_or_a_motion_makes_no_score_and_no_doctrine(conversation):
    assert misses(conversation)[0] == []


def test_a_given_name_with_an_s_is_no_disease():
    """ "Brady's" was taken for what is called after Brady wherever it stood."""
    assert misses("[[Brady]]'s list is on the fridge. | [[Terry]]'s at the door.") == ([], [])
    assert misses("[[braden]]'s fourteen | where is [[braden]] now") == ([], [])
    assert misses("He has Crohn's. | She has Parkinson's, and Hashimoto's.") == ([], [])


EVERY = [
    (words.SCORES, "The {} score was twelve."),
    (words.CASES, "It was a {} violation."),
    (words.SHORT_FORMS, "The {} is ready now."),
    (words.SHORT_FORMS_VALUED, "{} is at twelve."),
    (words.PRODUCTS, "It was {} that they used."),
    (words.MAKERS, "The {} pump was changed."),
    (words.TESTS, "The {} was normal."),
    (words.FIRMS, "The records of {} were sent."),
    (words.SHOPS, "She worked at {}'s."),
]


@pytest.mark.parametrize(("names", "sentence"), EVERY)
@pytest.mark.parametrize("write", [str, spoken])
def test_every_word_is_read_beside_its_cue(names, sentence, write):
    listed = sorted(write(name.title() if write is str else name) for name in names)
    # Alone with a turn that says nothing: what stands beside it in the other turns is no cue.
    hidden = [name for name in listed if misses(f"{write('Go on, please.')} | {write(sentence).format(name) if write is str else write(sentence.format(name))}")[1]]
    assert hidden == []


@pytest.mark.parametrize("sentence", ["I spoke to Mr. {} about it.", "My neighbor, {}, drove.", "i spoke to mister {} about it"])
def test_every_word_is_hidden_as_somebody_s_name(sentence):
    cased = sentence != sentence.lower()
    # What the vocabulary of drugs has is nobody's surname but of those whom a list of names has, too.
    every = sorted(name for name in frozenset().union(*(names for names, _ in EVERY)) - lexicon().drugs if name.isalpha())
    assert visible(sentence, [name.title() if cased else name for name in every]) == []
