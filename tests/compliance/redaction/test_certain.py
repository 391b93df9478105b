"""What the model is as good as certain of is hidden, whatever lists and looks say; doses and decimals stay."""

import pytest

from tests.compliance.redaction.marked import misses


@pytest.mark.parametrize(
    "conversation",
    [
        "He put in here one bank card, ending [[three three oh six]], and forty-one dollars.",
        "Is the VIN ending in [[four oh nine two six]]? | That's on the paper, yeah. And the plate's [[E F, one one two]].",
        "I had wrote the plate down before, because he'd parked on the bank. It's [[CHG-T18]].",
        "You've got a tattoo there with a date. [[Five, nineteen, twelve]]. What's that? | That's when [[Bobby]] died.",
        "When did he pass? | [[Mardi Gras day, twenty twenty-four]]. That was [[February the thirteenth]].",
        "My son told me don't sign. My son is [[Justice]]. | Excuse me? | His name. [[Justice]]. He's fourteen.",
        "And is there a preacher? | Our chaplain's a fine man, [[Lowell Church]], but some folks want their own.",
        "Your sister's name is [[Sunday]]? | [[Dominica]], but yes. [[Sunday]].",
        "My grandma had the sugar. She was [[ninety-one]] when she passed.",
        "And you're still at [[four twenty-one Spring Street]]? | [[Upper]]. It's got to say [[upper]], or the mail goes to [[Ray]] downstairs.",
        "I'm at [[3320 East Orme Street, Wichita, 6-7-2]], uh, [[double 1]].",
        "And who was that? | That couple, [[Gus]] and, uh, [[Marigold]], they had the cabin across. | I gave her Sulfa on Monday.",
        "who depends on him at home | me and my mom [[naw say wah]] and my two brothers",
        "mamaw passed a year ago [[oma]] was her name | [[oma caudill]] she was before she married there was three girls [[oma]] and [[iva]]",
        "third is the good one i got him [[justice bell]] personally at the feed store | and he goes okay",
        "This is Immigration Judge [[Marguerite Law]], sitting in [[Houston]].",
        "rule it out doctor [[lindqvist]] over at podiatry is going to see her on [[2 10]] | she is on 2 10 milligram tablets",
        "i parked it at my friend [[ivy]]'s it was like nine thirty | [[ivy]] who | she lives at the place with all the ivy on the wall which is funny"
        " it's over on [[south quaker]] by the gym",
        "My name is [[Sita Jain]]. | Then [[Sita Nepali]] came in with [[Rosa English]]. The driver was [[Sita Washington]].",
        "my name is [[sita nepali]] and i live alone | then [[rosa english]] came in from washington",
        "our brother [[monday]] was dying in [[ibadan]] on monday",
        "It's not my birthday. | Here it's [[3 9]] then, what's the date? | it was [[3 9]], we had the time change",
    ],
)
def test_a_certain_model_outweighs_lists(conversation):
    assert misses(conversation) == ([], [])


def test_people_called_like_brands_are_hidden():
    assert misses("[[John Lewis]] was there and [[Mary Kay]] brought the pie. | [[Sara Lee]] and [[Edward Jones]] ate it.") == ([], [])
    assert misses("we saw [[desmond tutu]] and then [[tutu]] left | [[calvin klein]] is my neighbor") == ([], [])


@pytest.mark.parametrize(
    "conversation",
    [
        "I don't have the card. I've got a W-2.",
        "If he's grey, you ring nine nine nine, don't wait for a lift. | ring 999 or 911",
        "INR was 2.4, hemoglobin 12.6, creatinine 1.7. | his e f was fifty five",
        "Okay. The last creatinine I see is 1.1, on [[03/06/2025]]. | It was 103.1, and then on [[the 22nd]], 102.4.",
        "A creatinine of 1.1 on [[3/6]], 2.4 on [[3/9/2025]] and 88 kilos on [[03/06/2025]].",
        "doctor [[beaton]] back in [[january]] five milligrams and it gave her the runs | the period ending [[august thirty first]] thirty nine point five hours",
        "What's the last A1c, do you know? | 7.9, [[September 18th]]. Dr. [[Best]] did it.",
        "What's a hundred take away seven? | Ninety-three, eighty-six, seventy-nine, seventy-two, sixty-five, I can go on.",
        "So T two A, N two. Can I take it out? | T1c N0.",
        "he is ninety pounds soaking wet | she's ninety pounds now",
        "Neck veins flat. Murmur at the base, Levine grade two. And Hoffmann's was negative. Any Waddell signs?",
        "He was mowing Mama's yard. I called Gram at 7, and Gram and I did the crossword. Grampy's truck. Head Start until two.",
        "He works for the John Deere dealer. | He got an Allen wrench.",
        "The Department of Justice said no. Doctor, what do you think?",
        "So she was twenty-two in nineteen eighty-four. | In 1948, and in '97.",
    ],
)
def test_numbers_that_are_nobodys_stay(conversation):
    assert misses(conversation) == ([], [])
