"""A price, a time of day, a weight, a size, a mutation, an order: numbers that are nobody's stay readable though an identifier was spoken of
a moment ago, and identifiers stay hidden though such a number was."""

import pytest

from compliance.redaction import Dialogue, detect
from tests.compliance.redaction.marked import misses

READABLE = [
    # Answers to other questions, after a number was asked for.
    "Where's the rental? | [[4410 Fenwick Street]]. | And you bought it for? | One sixty-two. | And sold? | Two ninety-five.",
    "The rental's on [[Larch Avenue]]. | What do you owe on it? | Two sixty. | And the payment? | Eleven fifty.",
    "Is the account [[4410 882 19]]? | Yes. | And the balance? | 14,882.",
    "Is the account [[4410 882 19]]? | Yes. | Your loss is? | 184,220.",
    "There was eighty-one thousand and change in account [[2207-114]]. | 81,400? | Yes.",
    "What's her pager? | [[Three three, eight nine]]. | Called? | Fourteen twenty.",
    "Let me give you her pager. [[Four four, one seven]]. | Called at sixteen oh eight.",
    "What number did it come from? | [[Four one five, five five five, oh one eight one]]. | And what time? | Eleven thirty-eight. | And you answered? | Eleven oh six.",
    "What time did you get to [[Mason Street]]? | Seven forty. | And left? | Nine twenty-five.",
    "Grip on the right? | Forty-eight, fifty-one, forty-nine. | And the left? | Forty-two, forty-four, forty-one.",
    "How tall are you? | Six one, one ninety. | Any allergies?",
    # A number that was confirmed is not asked for any more.
    "confirm the phone [[304-555-0122]] | yep | whats your weight | 187",
    "confirm the phone [[304-555-0122]] | yep | last blood sugar | 103",
    "confirm the phone [[304-555-0122]] | yep | what did your sugar run | one oh nine",
    "confirm the phone [[304-555-0122]] | yep | what time did she take it | 930",
    "confirm the phone [[304-555-0122]] | yep | when did you take it | eight fifteen",
    "confirm the phone [[304-555-0122]] | yep | and the peak flow | 340",
    "confirm the phone [[304-555-0122]] | yep | what does the bottle say | 250",
    "confirm the phone [[304-555-0122]] | yep | which tylenol do you have | 325",
    "confirm the phone [[304-555-0122]] | yep | what did the doctor say the a one c was | nine two",
    "is your m r n still [[4471882]] | yes | what was the temp | 103",
    # The limit of an instruction, read back.
    "so if she hits one sixty three you call us tonight dont wait | one sixty three",
    "if his fever hits one oh four call us back | one oh four",
    "you page me if the pulse drops under fifty five | fifty five",
    # Sizes, mutations, stages, pregnancies, gums, orders, products.
    "There's a 12 x 9 x 7 millimeter cyst in the liver. | Uterus is 8 x 5 x 4. | Left kidney? | 11 x 5 x 5.",
    "A 12 x 9 cyst. | Okay. | It was 3.5 x 4.2 x 2 centimeters.",
    "She has the BRAF V600E. | So she's a candidate. | And the EGFR T790M? | It came back positive, and exon 19.",
    "The mutation's L858R, exon 21. | Okay. | HLA-B1502 negative.",
    "specimen is [[s 24 118 204]] | two of fourteen largest eight millimeters | so pn1a",
    "CVP nine, SvO2 fifty-eight. | Mag? | One six. K three one. | Okay.",
    "g three p one | how far along | twenty eight and two",
    "She's a g five p three a one. | Okay. | G two P one oh oh one.",
    "Number two. Three two three, four two five. | Bleeding? | On the buccal. | Number three. Three three three, two two two.",
    "what are the probing depths | three two three two two four five four five | any bleeding | yes",
    "Lower left, lingual. Three two two, two two three, three two four. | Got it.",
    "What's the sig? | One p.o. q six h p.r.n. | And the other? | Two p.o. q h s, and one tab b.i.d.",
    "Serial on that? | [[X X 4 4 7 1]]. | How's it written? | One p.o. q six h p.r.n., number twenty.",
    "What's the NDC? | 16729-0044-10. | And the quantity? | Ninety. | BIN is 004336 and the PCN is ADV.",
    # Forms, amounts without a sign, codes of law and of procedures, a breath test.
    "Did you bring the 1040? | And a 5498. | I also need the 8606 and a 2848. | Okay.",
    "the settlement is 125000 and the lien is 18340 | my salary is 84500 | they paid 12875 | a claim of 240000 | the limits are 310000 and 145000",
    "a withdrawal of 6200 | whats in the account | 3127 | and the invoice for 18220.75",
    "He was charged under C.R.S. 18-4-401 and A.R.S. 28-1381. | And M.G.L. c. 93A, N.J.S.A. 2C:11-3.",
    "it falls under t c a thirty nine fourteen one oh three",
    "It was CPT 29881 with S83.241A. | the procedure is 29881",
    "Do you have your card? | Yes, it's expired. I moved out through 2019, the code was called at 3 15, and I'll be back at 3:30.",
    "blow in this | oh three one | again | oh five six",
]
HIDDEN = [
    # Pieces of a number go on after another question, and it may be asked for again.
    "Account number? | [[4410]]. | And the balance? | 882. | And the rest of the account number? | [[19 77]].",
    "What's your cell? | [[Three oh four]]. | How much do you weigh? | One eighty. | And the rest of the number? | [[Five five five, oh one two two]].",
    "Is your phone still [[304-555-0122]]? | No, it's [[0133]].",
    "Is your phone still [[304-555-0122]]? | Yes. | What's the total? | Ninety. | And her number? | [[304-555-0177]].",
    "How many tablets? | Thirty. | And your cell? | [[555-0142]].",
    "What's her weight? | Sixty kilos. | And the record number? | [[4471 882]].",
    "What's your social? | [[412]]. | Can you hear me? | [[68]]. | Go on. | [[1153]].",
    "How much is it? | List is seventeen thousand a month. Your plan, is it still [[1EG4-TE5-MK73]]?",
    "How many are left? | On yours, nothing. Let me see, it's [[M C, six six one, oh four four]], right?",
    "And the insurance? | I've got the new card here as [[MCL 93 771 046]]. | It's [[MCL 93 771]], and then it's [[064]].",
    "He did get his permit, I paid for it. [[FH-220917]]. I'm not a monster. | What's his permit number? | [[FH-220917]].",
    # Triples of digits beside bleeding and teeth, where no gums are charted.
    "Is she still bleeding? | Yes, and two teeth are loose. | [[Three two three, four two five]], that's what her band says. | Okay.",
    # What looks like nobody's and was called somebody's.
    "His license plate is [[G2P 1001]].",
    "Her plate is [[T79 0MK]], I think.",
    "What's your chart number? | [[three two three, four two five]]. | Okay, any bleeding when you floss?",
    "What's a good phone number? | [[Three two three, four two five, six one one eight]]. | And do the gums bleed?",
    "What's the last four of your social? | [[2848]]. | For the tax return.",
    "The last four of my social are [[8606]], it's on the 1040.",
    "I paid it from account [[4410882]]. | It was paid with the card ending [[5518]].",
    "The NDC? | I don't have it. | Call me at [[617 555 0134]].",
    "How do you spell that? | [[B I D]].",
    "My account with T.C.A. is [[29261150]].",
    # Beside a card's number: until when it is good, and its code.
    "Exp? | [[Oh eight, twenty-nine]]. And the code's [[four one one]]. | Thank you.",
    "The card is [[4769 3605 2166 7138]], [[07/27]], code [[255]]. | Thanks.",
    "Card number? | [[4769 3605 2166 7138]]. | Okay. | Good through [[three twenty-eight]], and the little number's [[two nine six]].",
    "Card number? | [[4769 3605 2166 7138]]. | And the code? | [[Two nine six]].",
    "card number | [[4769360521667138]] | whats the expiration | [[oh eight]] of [[twenty seven]] | whats the code | [[nine one one]]",
]


@pytest.mark.parametrize("conversation", READABLE)
def test_a_number_that_is_nobodys_stays_readable(conversation):
    assert misses(conversation) == ([], [])


@pytest.mark.parametrize("conversation", HIDDEN)
def test_a_number_that_is_somebodys_is_hidden(conversation):
    leaked, _ = misses(conversation)
    assert leaked == []


def test_a_telephone_number_after_a_social_security_number_is_called_one():
    dialogue = Dialogue.from_turns([("A", "My social is 536-22-8714."), ("B", "Call 218-555-0147, my name is Theodora.")])
    types = [(item.turn, item.type) for item in detect(dialogue).items]
    assert (0, "ssn") in types
    assert (1, "phone_number") in types
    assert (1, "ssn") not in types
