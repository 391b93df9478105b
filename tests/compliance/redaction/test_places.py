"""Where people live, in all the ways they say it, and what only sounds like a place. None of it stands in a gold file."""

import pytest

from tests.compliance.redaction.marked import misses

PRIVATE = [
    # Delivery lines without a street.
    "Where does your mail go? | [[Rural Route 4, Box 77, Elm Grove, Kentucky]].",
    "and the mailing address | its [[rural route five box one oh three]]",
    "Mailing address? | [[R R two, box thirty-one B]].",
    "where do you get mail | [[po box four forty]] over in [[harlan]]",
    "My statements go to [[P O Box three nineteen, Leeds, Utah, eight four seven four six]].",
    "The checks went to [[Post Office Box 2217]], not to the house.",
    "he had me send it to [[post office box eleven oh two]]",
    "It's [[Highway Contract 61, Box 9]], past the mill.",
    "She gets it at [[H C sixty-one, box nine]].",
    "they deliver to [[county road one twelve]] not to us",
    "We turned onto [[County Road 418]] and the tractor was right there.",
    "I was westbound on [[State Road 9]] by the dairy.",
    "the truck came off [[state route forty four]] too fast",
    "he lives off [[farm to market road twelve sixty]]",
    "I live on [[Township Road 88]], the brown place.",
    # Lots, spaces, units, towers, floors.
    "And where is home? | [[2210 Cottonwood Lane, Lot 14]].",
    "address | [[sixty one ten north frontage road lot nine]]",
    "what's your address | im at [[nine hundred dutch hollow trail space thirty one]]",
    "is there an apartment number | [[unit f as in frank]]",
    "Which unit? | [[Building C, unit four]].",
    "Is it a house or an apartment? | ((Apartment)). [[415 Larch Street, tower B]].",
    "your address please | [[eighteen twenty pinehurst tower a]]",
    "Where do you stay? | [[Six fourteen Calhoun, upstairs]].",
    "It's [[77 Mercer Street, rear]].",
    "and the address for her | [[three oh nine bexley avenue basement]]",
    "It's [[forty Quarry Road, the third floor]].",
    "the street | [[nine oh four kimball downstairs]]",
    # Half numbers, corrections, numbers alone.
    "Your address? | [[Six and a half Garnet Street]].",
    "And where do you live? | [[219 1/2 Orchard Street]].",
    "they had [[eighty one and a half tanner street]] on the envelope",
    "Address? | [[Twelve Fern Hill Lane]], no, sorry, [[Drive]].",
    "and the street is | [[forty one birch loop]] i mean [[court]]",
    "So that's [[318 Dover Street]]? | [[Three eighty-one]]. You people always turn it round.",
    "I have you at [[five twenty Hale Street]]. | [[Five twenty-two]]. She's at [[five twenty]].",
    "what's the house number | [[nineteen]] or [[nineteen and a half]] im not sure",
    "i was ringing at [[two seventeen]] and nobody came because its [[two seventy one Ember Street]]",
    "Ask Mrs. ((Halloran)) at [[14]], next door. She has the key.",
    "the man at [[thirty two]] across the street saw it all",
    "your zip | [[eight oh two one six]] or [[one eight]]",
    "ZIP? | [[Nine seven two oh one]], or maybe [[oh two]].",
    "And the zip is [[44107]]? | [[44109]]. No, [[44170]].",
    # Homes named by where they are in a house; doors by themselves.
    "Where are you staying? | [[Eighty-two Cobb Hill, the rear cottage]].",
    "It's [[940 Tamarack Street, Southeast, the basement apartment]].",
    "your address | im at [[juniper loop the upper unit number three]]",
    "The office is [[61 Cooper Row, Suite 4B]]. | So [[4B]] is where you met? | Yes.",
    "There's a Mr. ((Adeyemi)) from [[3C]], with the dog.",
    # Places on roads.
    "we broke down at ((about)) [[mile marker sixty one]]",
    "I stopped him on [[State Route 12 near milepost 140]], at ten at night.",
    "there's no number it's [[mile marker six on juniper road]]",
    "im off [[highway two eighty five by mile marker ninety]]",
    # Crossings.
    "where did it happen | at [[maple and thirty third]]",
    "what's the cross street | tell him [[alder and nineteenth]]",
    "it was the light at [[franklin and ninth]]",
    "he got hit on the corner of [[iris and dale]]",
    "the parking on [[birch and poplar]]",
    "there's a store by [[lake and chicago]]",
    "They found the car at [[Delancey and Fifth]].",
    "I was stopped at the light at [[Mercer and Vine]].",
    # Towns that are ordinary words or unknown ones.
    "and what city is that | [[cozad]]",
    "Which town? | [[Opportunity]].",
    "what town | its [[rifle colorado]]",
    "I grew up in [[Boring, Oregon]].",
    "she's from [[accident maryland]] originally",
    "We moved to [[Truth or Consequences, New Mexico]].",
    "he lives over by [[cut bank montana]]",
    "They found it out by [[Dinosaur]], at the state line.",
    "My brother's place is in [[Surprise]].",
    "what's your address | [[sixteen gull road]] | what's your address | [[sixteen gull road]] | in [[lucky peak]] | in [[lucky peak]] yes",
    "Where's the house? | [[Ninety-two Gull Point Road]]. | In [[Friendship]]?",
    "the police found my car in [[deming]] with no wheels",
    "The post comes to [[Post Office Box 5]], in [[Hope]].",
    "It's [[12 Canal Street, Speed, Indiana 47172]].",
    "[[two oh four water street comfort texas seven eight oh one three]]",
    "We're in [[Bird-in-Hand]] now.",
    "what's the town | [[coyote springs new mexico]]",
    "and your address | [[two ten larch avenue]] in [[granite falls]] | [[new york one oh nine four one]]",
    "Is it still [[nine forty Larch Road]]? | Yes. [[Boulder City, eight nine oh oh five]]. He never moved.",
    "we sold the camp on [[beaver lake]] to his brother",
    # The United Kingdom.
    "Your address? | It's [[nine Harcourt Road]], ((and it's)) [[BN three two DQ]].",
    "And the postcode? | [[SE fifteen four QT]].",
    "postcode | [[m fourteen six x j]]",
    "What's your postcode, please? | [[EH6 5NP]].",
    "It's [[22 Tennyson Close, Leeds, LS8 2QR]].",
    "Could I take your address? | [[Flat two, forty Albert Mews, N one seven PL]].",
    "can i have your address | [[seventeen wickham gardens croydon c r oh two h b]]",
]

INNOCENT = [
    "That would be three out of 10 severity.",
    "It went over the interstate and then I-80 was closed.",
    "I work at the Rex Center, down the hall from dispatch.",
    "he put the cream on the elbow and the knee",
    "it's more on the left and down by the ankle",
    "i went to get it in the fall",
    "we moved the patient to recovery",
    "She lives alone in pain most days.",
    "i was in shock and then i was in trouble",
    "It's box seven on the form, and lot four of the evidence.",
    "there is a box of nine masks",
    "Put it in box two, under wages.",
    "your a1c was seven two in the spring",
    "in what way was it different",
    "He came from behind, at speed.",
    "the car in front and the one behind it",
    "bread and milk, salt and pepper, back and forth",
    "i like him at first and then second of all he lied",
    "It is a floor model, and the basement was wet.",
    "the unit was running and the tower of boxes fell",
    "look at ninety five percent and sixty over forty",
    "The road was wet. I was on the road all day.",
    "they took me by ambulance down to the county hospital",
    "the county road crew was out there",
    "the state road department never came",
    "we were at the store at nine thirty and at ten we left",
    "I was at one forty over ninety.",
    "your pressure's at one forty four",
    "she's at a hundred and ten pounds",
    "take it at bedtime and at noon",
    "i'm in heaven when he's in bed",
    "We drove from Texas to Oklahoma and then to Kansas.",
    "the drug is from Mexico",
    "Ma'am, are you in pain? | In bed, mostly.",
    "what do you live on | on disability and food stamps",
    "it happened in front of the court and the church",
    "Is that in writing? | In writing, yes.",
    "what kind of court | close enough, sorry, court of appeals",
    "what is the address | i do not know it by heart",
    "are you at home | yes at home in the kitchen",
    "So the M R I is on Tuesday and the C T on Friday.",
    "my B P was one ten and the E K G was fine",
    "the vertebra is C6 and the disc is L4",
    "Where does it hurt? | In the hip and the lower back.",
    "i was at the store and i still know it by heart",
    "paragraph, she is doing well. Impression. Number one, neck pain. Number two, anxiety.",
    "It's a savings account at Cedar Growers, the blue card.",
    "Officer Lane came down the center lane with a flare.",
    "they took him to Union County Hospital in the helicopter",
    "Brilliant, OK then, take care.",
    "where was he | in the truck with the radio on",
    "the next rest stop is a mile away and the marker was red",
    "Vehicles? | I have a 2014 Sequoia and a 2009 Odyssey.",
    "how is she | they took her to clearwater general on tuesday",
    "See Exhibit 3B, stage 2B, and the 3D scan.",
]


TYPES = {"address"}


@pytest.mark.parametrize("conversation", PRIVATE)
def test_where_somebody_lives_is_hidden(conversation):
    leaked, over = misses(conversation, TYPES)
    assert leaked == []
    assert over == []


@pytest.mark.parametrize("conversation", INNOCENT)
def test_what_only_sounds_like_a_place_stays(conversation):
    assert misses(conversation, TYPES) == ([], [])
