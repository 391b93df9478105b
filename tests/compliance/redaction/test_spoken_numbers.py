"""Numbers, codes and addresses in pieces, corrections and alphabets; and the numbers that are nobody's secret.

What is private stands in [[ ]]; turns are divided by |. None of these lines stands in a gold file.
"""

import re

import pytest

from compliance.redaction import Dialogue, detect

PRIVATE = re.compile(r"(\[\[.*?\]\])")


def _read(line):
    turns, secrets = [], []
    for number, said in enumerate(line.split(" | ")):
        text = ""
        for part in PRIVATE.split(said):
            if part.startswith("[["):
                secrets.append((number, len(text), len(text) + len(part) - 4))
                part = part[2:-2]
            text += part
        turns.append(("AB"[number % 2], text))
    return turns, secrets


def _visible(line):
    """The words inside [[ ]] of which a letter or digit can still be read."""
    turns, secrets = _read(line)
    hidden = [set() for _ in turns]
    for item in detect(Dialogue.from_turns(turns, language="en")).items:
        if item.type != "medical":
            hidden[item.turn].update(range(item.start, item.end))
    return [
        word.group()
        for turn, start, end in secrets
        for word in re.finditer(r"\w+", turns[turn][1])
        if start <= word.start() < end and not set(range(*word.span())) <= hidden[turn]
    ]


CODES = """
They will. I've got her under [[one oh three, eight eight nine, four five]], is that right?
Under what name? | They've got me under [[80-3316]], at the county.
Is there a chart number? | Mine is [[M zero, six six, one eight seven]]. And they billed me under [[M zero, six six, one seven eight]], that's hers.
your member number | [[m b seven seven]] then [[three five nine oh two]] | [[m b seven seven three five nine oh too]] thank you
I had nothing on the old deed file. Your social? | [[402-61-7738]]. | And I read [[83]] here. | No, [[38]]. It's always been [[38]].
The scale's serial number is [[HB-40922]] and the cuff is, um, [[HB-40]]... where are my glasses.
What's your record number? | It's [[D three, oh oh eight, five one]]... | Go on. | [[Nine]]. You people drop things.
And the record number? | [[D three oh oh eight five one]]... | [[Nine]]. You people drop things. | [[Nine]], thank you. Now the other one.
What's her chart number? | [[W-1147]]. | So the last is a [[47]] or a [[74]]. Easily changed round, wouldn't you say?
Record number? | It ends in [[20718]]. | I'll kill the [[781]] and keep the [[718]].
When can he reach you? | Have him call me back at [[0182]].
What's her phone? | [[oh one five to]]
the social ends in [[oh seven for six]] i think
her account's [[zero six for two oh nine]] at that bank
my social | [[nine oh won seven]] at the end
your home address | thats the old one [[nineteen oh for]] whatever it was
he had a card ending [[two two oh nine]] and forty minutes later they used it
from what address | [[two oh three dot zero dot one thirteen dot]] and then i can't read it
you can write me at [[hens at tri valley dot coop]] like the chickens
what's the plate | [[two b u n six one one]] | copy
what's the code on the box | [[q t c four seven one oh]]
Policy number? | [[14-PR-20218]].
Her policy number is [[14-PR-20218]] and she's on it.
What number on Larch Street? | [[Four hundred and twelve]].
whats your social | well bless your heart its [[four one nine]] | ok | [[six three]]
the plate is [[seven six k like kilo t zero seven the letter b]] | copy
plate reads | [[lincoln mary two break one one four]]
run me a plate | new york [[sam tom ida four four oh nine]]
the tag | [[edward frank paul six one two]] | copy [[edward frank paul six one two]]
Plate? | [[7KDR914]]. | [[Seven, King, David, Robert, nine, one, four]]? | That's it.
what's your license number | [[b as in boy seven seven four one oh two]] | [[b seven seven four one oh two]] | correct
member id please | sure its [[x like xylophone w like water k nine oh two one one four]]
and the license number | its [[a seven one four oh oh]] | uh huh | [[two two nine]]
auth number | sure its [[a one nine four oh four dash two]]
and the plate | [[nine oh two one four m l]] its a rental
contractors license | its [[h a r d w k f star eight eight two m d]] and the bond
his contractor registration is [[n o r t h b star nine one two k d]] okay
what's the vin | okay [[one f t f w one e t]] | go ahead | [[five d f c]] | is that c or z | [[c]] like cat | okay | [[one oh four four seven]] | got it
a checking account ending in [[7714]], it has a little in it | and she drew it out of the [[7714]], 2 days after
read me the vin | [[one g c]] | uh huh | [[r k nine]] is that [[s]] or [[five]] its [[s l]]
passport | its [[x one two]] | mm hm | [[three three four]] | mm hm | [[five six]] | is the last one a [[six]] | a [[six]] yeah
what does the wristband say | its [[r n four four one nine oh]] | [[r n four four one nine oh]] okay
did anybody get the registration | [[november four two one kilo delta]]
we had her on the radio as [[november six one three tango lima]] the whole way
Straw [[KD-4417-A]]. Confirmed, and opening.
The number on the licence? | It's on the back, [[DR.0043317]].
Serial number? | [[BI-44-0719]], I think. | Not [[B-I-4-4-0-7-1-8]]? | No, [[nineteen]] at the end.
""".strip().splitlines()

PIECES = """
and your social | [[four one nine]] | mm hmm | [[six three]] | okay | and uh [[two]] and a [[seven]] and a [[one]] then a [[nine]]
his badge | it's on the paper [[one four]] um no sorry its [[one seven three oh two two]]
Number for your sister? | Same as mine but [[two three]] at the end. | Okay.
whats a good callback | [[eight hundred five five five oh one nine nine]] extension [[forty four]]
whats your phone | its [[four hundred and twelve five five five oh one seven one]]
phone number | [[five five five oh one four two]] | whats the area code | [[three oh five]] | extension | [[two twelve]]
Card number? | [[Four, one, one, one]], then [[four ones]]? No, [[double one, double two]]. | And the last eight? | [[Three three three three, four four four four]].
Last four, [[two six six one]].
The advice line's [[two one eight, five five five]], hang on, they changed it, [[oh one seven six]].
The serial is [[four four one n oh two k]] and the other [[four four one n]] | the box says [[oh three r]] after that
What's the number? | [[Five five five, oh one]], it's torn. A [[three]]? No, it's a [[nine]]. [[Oh one nine nine]].
It ends in [[nineteen forty-two]], the account.
He says [[seven seven one two]]. | And that is the last four of the Social? | Yes.
Her phone is [[415-555-0162]]. | Was that [[0126]] or [[0162]]?
What's the record number? | [[Four four oh, seven one]], um, [[six]]. Or [[eight]].
what's the email | [[arturo nine at kestrelmail dot net]] | [[nine]] not [[five]]
Could you repeat the middle two? | [[Oh four]]. | And the last four? | [[Seven two two nine]].
And your cell phone? | [[Seven hundred]]. | [[Seven hundred]]. | [[Thirty-five seventy-five]].
I have a phone that ends in [[0109]], is that still good?
What's the member number? | [[QRS 884 102]], and I'm [[01]], she's [[02]], and Leo is [[03]].
my daughter is [[oh two]] and my son is [[oh three]] on the same member number
Who is she covered by? | Sunrise, [[two two oh]] something, I don't have the card.
""".strip().splitlines()

ADDRESSES = """
whats your email | its [[c love at sunny lake h o a dot org]]
look its from [[t young at green hill p t a dot org]] i can forward it
its [[patty d the baker at lochmail dot com]] all one word
email [[kai and lani]] all one word [[at harborpost dot net]]
Email? | [[peaches four two]] like the fruit | okay | [[at gmail dot com]]
use mine [[j sandhu cherries]] at what is it at [[orchardmail dot net]] | [[cherries]] | like the fruit
email address | [[sunny side up]] all one word | at | [[hotmail dot com]]
What's your email? | It's [[D lindqvist forty]]. | [[D lindqvist forty]]. | [[at pinebarrow dot com]].
Spell the local part? | [[M-B-E-K-I]], underscore, [[zero nine]]. | At? | [[Kestrel works dot com]].
You can email me at [[k.brandvold@gmail .com]] any time.
You can email me at [[k.brandvold @ gmail.com]].
Send it to [[r delgado22@kestrelworks. com]] please.
her page is [[marsh lane dot example slash knitting]] i think
go to [[my dot harbor health dot org slash start]] and log in
you can check at [[my case dot north asylum dot example dot gov]] with the number
the site is [[portal dot kestrel works dot net backslash login]]
the site is [[w w w dot pine barrow tile dot com forward slash quotes]]
It's [[gardens for all dot example]], if you want a laugh.
there's the email [[wendell at wendells on harbor dot com]] she has the password
It's on our page, [[river ear dot org slash first week]]. They have captions.
it's [[my claim dot harrow insurance dot com]] and you sign in with the number
what's her e-mail | it's [[greta dot voss, no H, at millpond feed dot net]]
her e-mail is [[a dot voss at corbel dot net]] or [[g dot voss at wren dot org]]
have them go to [[sign dot fallow ridge claims dot com]] and put the code in
She wrote it on our page, [[Tamarack flats dot com slash fix it]]. Twice.
You'll see it at [[two rivers midwives dot org, slash, results]].
so grandma you can see her chart at [[my lakeskids dot com]] and sign up
You can look it up yourself at [[docket dot beacon legal aid dot org slash my case]].
It's [[petra dot w dot sixty-one at lampmail dot net]]. | [[Petra dot W dot sixty-one]]?
what's the email | [[p oh four at kestrelmail dot org]] the [[oh four]] is numbers | [[zero four]] okay
you can write [[jdoe at my clinic dot com]] any time
Zip? | [[Oh one six oh]]... is it [[four]] or [[five]]?
what's the zip | i can't read it it's [[three six three oh]] something [[three]]
and the last four of your social | the box has [[three five]] something it's smudged
What's the serial? | It says [[Q, seven, seven, one]], and then either [[eight]] or [[B]].
is that the whole number on exhibit [[twelve oh oh seven four one nine two two one six]] | it is
the ip is [[one ninety two dot one sixty eight dot one dot fourteen]]
""".strip().splitlines()


@pytest.mark.parametrize("line", [*CODES, *PIECES, *ADDRESSES])
def test_a_number_is_hidden_whole_however_it_is_said(line):
    assert _visible(line) == []


INNOCENT = """
It read point oh nine one at twelve fifty-two and twelve fifty-six.
We use form CMS-1500 and the ICD-10 codes for a PHQ-9.
The A1c was a little higher, and his B12 is 340.
disc disease at c45 and c34 with arthropathy c67 and c7-t1 not well seen
MRI shows a bulge at L4-5 and L5-S1.
So he left at five oh eight and she came at five twenty?
the new pickup is five oh five to five twenty
Case twenty-five dash one one eight oh nine.
this is small claims case two four s c one one seven
it is negligence under r c w seven dot seventy two
the record is sealed under two sixty b one ninety eight
Tab 9, BLU 000771.
the plate comes back to a two thousand fourteen truck
I had a D and C then.
do you have an i e p
immunoglobulins were normal i g g eight twenty
Who else worked there between twenty nineteen and twenty twenty-two?
She was in first grade. So, twenty twenty-two, in the fall.
PD-L1 is 60%, CD30 positive, stage 3B.
The drain put out 200 a day.
it's for the crown on number 19 and a filling on number 3
start with the 2000iu daily, like in the 2000s
no only ibuprofen six hundred
Call 911. | We called nine one one.
I have come here since my last fall in two thousand eighteen
oh my gosh thank you
its a commercial one
what is his record number | i don't have it yet | okay how is he | my blood pressure's good 110/70, 118/72 and then last week it was 140, 144 every time
her pressure went from one two oh to one four oh
what's the serial number | i'd have to look | fine | it's three hundred and twelve a dose
give him one two five to two fifty
twelve lead shows s t elevation in two three and a v f
rate seventy four p r one eighty two q r s one oh eight q t c four sixty two
what's the phone number here | hold on | so rate eighty one p r one ninety q r s one ten q t c four forty one and nothing new
seven thirty four c o two forty one p o two eighty eight bicarb twenty two
white count nine three hemoglobin eight one i n r two point four b u n thirty one and g c s fourteen
creatinine one nine from one four lactate three point one
dopamine at point oh six and then point oh four
We are on the record in case number 23-CV-50918.
as the court held in four oh two U S one ninety-nine
its a commercial one
is it four or five
""".strip().splitlines()


@pytest.mark.parametrize("line", INNOCENT)
def test_what_is_counted_measured_or_cited_stays(line):
    turns, _ = _read(line)
    items = detect(Dialogue.from_turns(turns, language="en")).items
    numbered = [turns[i.turn][1][i.start : i.end] for i in items if i.type not in ("medical", "date")]
    assert numbered == []


@pytest.mark.parametrize(
    ("turns", "shown"),
    [
        ("what's the record number | four four oh seven one six | and how many did she take | seven. or eight tablets", "or eight tablets"),
        ("what's the email | d lindqvist forty at pinebarrow dot com | and the lasix | forty milligrams", "forty milligrams"),
        ("how bad is it now | nine not five", "nine not five"),
        ("and the phone number | five five five oh one one nine and press four", "press four"),
        ("and the account number | one one four two seven nine three | ok | how many kids do you have | two", "two"),
        ("The right chart's 4407-0135. The one ending in 0153 is somebody else.", "The one ending in"),
        ("They gave it 401-555-0103. Look, it's 1 digit off.", "it's 1 digit off"),
        ("the notes will be up at family dot salt marsh dot org", "will be up at"),
        ("print the order at skagway small claims dot example dot gov please", "print the order"),
        ("my email is big boats two at lochmail dot com | do you sell boats | no i fix boats", "i fix boats"),
    ],
)
def test_words_beside_a_number_stay(turns, shown):
    read, _ = _read(turns)
    dialogue = Dialogue.from_turns(read, language="en")
    visible = list(read[-1][1])
    for item in detect(dialogue).items:
        if item.turn == len(read) - 1:
            visible[item.start : item.end] = "█" * (item.end - item.start)
    assert shown in "".join(visible)


@pytest.mark.parametrize("word", ["hypertension", "Keflex", "lumbar puncture", "chest tightness", "CPAP", "slurred speech", "ablation"])
def test_what_ails_people_and_what_is_done_for_it_is_medical(word):
    text = f"They asked me about the {word} again."
    found = [text[i.start : i.end] for i in detect(Dialogue.from_turns([("A", text)], language="en")).items if i.type == "medical"]
    assert found == [word]
