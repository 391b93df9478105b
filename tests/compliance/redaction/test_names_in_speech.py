"""Names that are ordinary words, misheard, spelled in pieces or signed with initials; and the words that only look like them.

Each line is a conversation, turns divided by "/". What must be hidden stands in braces; nothing else of the line may be hidden as a name.
"""

import re

import pytest

from compliance.redaction import Dialogue, detect
from compliance.redaction.detections import PrivateType

LOWER_NAMES = """
parts counter this is {misty} on a recorded line what do you need / hi i need a belt
front desk this is {robin} is this about a bill / no
okay thank you {river} have a good one / you too
hi its me / good morning {penny} how are the knees
{joy} can you get me the blue binder / sure
i would do it but let me have {skip} call you tomorrow / okay
who was it / its {dusty} something
did you say {brook} / yes
is it {stormy} like the weather / it is
now im {wren} like the {wren} in the yard / how nice
its {dale} like the valley / got it
who do you ride with / {lil rock} and {chase} and sometimes {sage}
and is {chase} the one who drove / yes / there was a chase on the highway
he goes by {will} or {willie} / okay
{olive} is my aunt / okay
{jesus} hes my boss / okay
thats {sky} my daughter / hello
wheres {sunny} live / over the bridge
im {jessamy jessamy fuller} im the clerk / hi
her cousin {roses} car is outside / okay
we met {hokulani} there / {hokulani} {h o k u l a n i} / i see a {hokulanie} on the list
i talked to mrs {oyelaran} / and then {oyelarin} called back
my uncle {wesley bishop} is ill / and the {bishops} / are the {bishops} from down the road
the lab had me as {ohayda} once / {ojeda} is {o j e d a}
they call him {badger} / who is {badger}
everybody calls her {duchess} and she likes it / okay
they all call him doctor {p} / is doctor {p} in today / miss {j} is
two girls {shandiin} and {dezbah} / the adalimumab and {shandiin}'s on the other / {shandiin} has the forty / hows {shandiin} feeling
it is spelled {z a} then {double r a} / okay {zarra}
{van der meulen} and the first name you say it {yoast} he gets cross if you say {juiced} / okay
the name is {xiomara} you say it like {see oh mara} / thank you
it says {mcardle} / is that {m c} or {m a c} / {m c a r d l e}
its {o'hara} the {o} and then the apostrophe / okay
his name is {dash} {well} {dashiell} with two l's / and whats {dash}'s number / its from me and {dash} / four dash three
no {cricket} was his name / a ring was her name for it
hi {robin} come on in / im eighty two {robin} i havent got time for it
its {delbert hale junior} and then {delbert hale senior} / okay
she is {marisol vega} senior manager of the {vega} account / okay
is that the {lindgren} family / its {a lindgren} they put it on there
ive got mrs {washington} here in her nightie / and mister {washington}'s name is on the box
did mr {german} sign / he did
it says {a winter} n p on the bottle / okay / it was cold last winter
good morning come on up is it {mccl} is it {mccluskey} / yes {mccluskey}
"""

LOWER_ORDINARY = """
they call him every day / i called them twice
its early in the year and the weather is sunny / it is
we had no chance to go / i hope so
may and june are slow / yes
early birds get the coffee thank you / ha
the moon was out and we drew a map / nice
i am looking for a place to park / try the lot
is that with a c or a k / the first one
it was cold like the weather / yes
i would love to know / me too
he drove nine miles on that tire / he did
how old is your mother in law / sixty
the price was good and the banks were open / sure
we got rich on peaches / ha
who is calling / may i ask what it is about
what was the hope there / none
she will have mercy on us / i know
it was a grand day for a parade / it was
"""

CASED_NAMES = """
I'm {Ifunanya Adler-Park}, medical oncology. / Thank you.
{Min-seo Park}, for the family. / Go ahead.
She is {Ji-woo Moon} on the form. / I see.
The truck is fine. {Will} has been driving it. / Good.
There was only {Qudratullah}, son of {Saifullah}. / I see.
I don't know his last name. {Brice}? It's {Bryce} with a Y. / All right.
The form has {Karimzai}, the passport's {Kareemzai}. / I see both.
It was dictated by {P. Venkataraghavan}, {PV}, in the clinic. / Thank you.
That's not my name. I sign {Q.J}. on those. / I see.
My mom's a {Todd}. {T, O, double D}. / Thank you.
{Crispin Lord} for the market, Your Honor. / Thank you, Mr. {Lord}.
{Will Marchetti} saw it. {Will} will tell you the same. / I see.
It's {Łukasz}, with an {S-Z}. / Thank you.
I'm Hearing Officer {Constance Adler}. / Madam Hearing Officer, Madam Clerk, the Honorable {Odile Marchand} is here.
How do you spell {Bedrosian}? / {B, as in boy}. {Bedrosian}.
Hi, it's {Constancy Ogunleye} at the desk. My name is {Ogunleye}. / Thank you, Ms. {Ogunleye}.
The top says patient, {Woldegabriel, T}. Then nothing. / Ms. {Patel}, I'm here for {Grant Whitlow}.
Good morning, I'm Dr. {So}, the resident. / So, doctor, what now?
Waiting on notes from Doctor, uh... {Do}? / Doctor {Do}, yes. Doctor, do you need them? Doctor Do you know.
It's {Wade Hebert}. You say it {A-bear}, they all do over here. / They say it {Oh-sheen}. / They say it well-known.
It's {Ruth W. Treadwell}. The {W} is for, well, you know. / The W is on the left.
{Wanda Szymanski}, it starts with {S Z}. / It starts with a V.
My friends call me {Tata}. / {Tata}, okay. And your birthday? / My tata was a carpenter.
You could try my daughter, {Marigold}, she picks up. / I put marigold cream on it.
It's {Mwangi}. The electric company has me as {Mangy}. / It has me as a guest.
Can you send it to the nurse? She's {Noelani}, at the desk. / She's Ukrainian.
Nurse {Washington}, would you stay? / My name's {Denzel Washington}, not Corporal {Washington}.
Mr. {Washington}, where to? / I moved to Washington, and Washington State it is. / Thank you, Mr. {Washington}.
Mr. {French} answered. / Judge {England} did, too.
Mrs. {Good} and Ms. {Day} are here for Dr. {Honor Blackwell}. / Lord, no.
"""

CASED_ORDINARY = """
Thank you, doctor. Appreciate your time. / You are welcome.
Thank you, Judge. Nothing further, Your Honor. / Good day, Counsel.
They sprayed Agent Orange on us. / I am sorry.
How're you spelling that? / What'd you say?
I walked in Central Park with the dog. / Nice.
Ma, the nurse is here. / Coming.
Will you sign it? / I may.
For the defendant, Whitlock & Barnes. / And Garrity Price LLC, for both debtors.
We drove from Aberdeen, Washington, to Washington State. / The officer Washington State sent was French.
Next matter, Case No. 25-20417. / Case number please.
"""

MEDICINE = """
use the clenil inhaler twice a day and the clenil spacer / okay
it is called microgynon and i take microgynon daily / since when
you could get something called dioralyte / okay
she has copd and gerd and her bnp is high / i know
there was a melanocytic nevus on the back and tinea pedis / any acne vulgaris
the acromioclavicular joint is multifactorial with exacerbations / yes
what tablets are you on / laxepro / okay
"""


def _cases(block: str):
    for line in block.strip().splitlines():
        yield pytest.param(line, id=re.sub(r"\W+", "-", line)[:60])


def _hidden_names(line: str) -> tuple[list[str], list[str]]:
    """Per turn the text with braces around what was hidden as a name, and the text that was expected."""
    expected = [turn.strip() for turn in line.split(" / ")]
    plain = [re.sub(r"[{}]", "", turn) for turn in expected]
    dialogue = Dialogue.from_turns([("AB"[n % 2], text) for n, text in enumerate(plain)])
    shown: list[str] = []
    for number, text in enumerate(plain):
        for item in sorted(detect(dialogue).items, key=lambda i: -i.start):
            if item.turn == number and item.type == PrivateType.NAME:
                text = f"{text[: item.start]}{{{text[item.start : item.end]}}}{text[item.end :]}"
        shown.append(text)
    return shown, expected


@pytest.mark.parametrize("line", [*_cases(LOWER_NAMES), *_cases(CASED_NAMES)])
def test_a_name_is_hidden_and_nothing_beside_it(line):
    shown, expected = _hidden_names(line)
    assert shown == expected


@pytest.mark.parametrize("line", [*_cases(LOWER_ORDINARY), *_cases(CASED_ORDINARY)])
def test_an_ordinary_word_stays(line):
    shown, expected = _hidden_names(line)
    assert shown == expected


@pytest.mark.parametrize("line", _cases(MEDICINE))
def test_a_drug_or_a_disease_is_nobody(line):
    shown, expected = _hidden_names(line)
    assert shown == expected
