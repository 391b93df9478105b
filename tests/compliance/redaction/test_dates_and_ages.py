"""Birthdays, other dates and great ages, said in pieces, corrected or by holiday; and numbers that are none of these."""

import pytest

from compliance.redaction import Dialogue, detect
from tests.compliance.redaction.marked import misses

PRIVATE = [
    # A birth date is what the talk is about.
    "And your date of birth? | [[The 3 of October]], [[fifty-eight]]. | The card says [[fifty-six]]. | The card is wrong. [[Fifty-eight]].",
    "She was born in [[thirty-one]], and her sister after her.",
    # A birthday that is known, in numbers, in the midst of a long turn; the year of a day; the eve of a holiday; a family Bible.
    "date of birth | [[October second]] | Oh, that's good. That's [[ten, two]]. So somebody in an office lost a stroke of the pen there and made another day of it, and nobody looked at it for years.",
    "When was it registered? | The town has [[the second of October]]. | I'll keep [[the second]]. And the year? | [[Thirty-one]], everybody's agreed on that.",
    "whats your birthday hon | [[the day before halloween]] | what year | [[2011]]",
    "When was she born? | [[All Souls]]. They came back from the graves.",
    "It says \"Amos, [[2 Feby 1909]]\". Then \"Delphine, [[14 Octr 1911]]\".",
    "was that in [[april]] | it was [[may]] the lilacs were out",
    "how old is your mother | she's [[ninety four]] over at the manor",
    "what's his birthday | [[november ninth nineteen seventy two]] | i have [[nineteen seventy one]] here | no [[seventy two]]",
    "date of birth please | it's [[armistice day]] [[nineteen forty nine]]",
    "the burn was ((the)) [[second of may]] | and the graft | ((the)) [[sixth]] | right ((the)) [[seventh]] so that's three weeks",
    "My grandfather was like that, he got to [[97]] with his own teeth.",
    # Holidays are days whatever case they are in and whatever follows.
    "I saw him [[Memorial Day]] weekend. | It was around [[mother's day]] and again on [[easter]].",
    "she has worn it since [[easter of twenty twenty one]]",
    "when was the last time | [[mlk day]] i think | not [[presidents' day]] | no | and the fall | ((the)) [[second sunday in advent]]",
    "It was [[the first night of Hanukkah]], and he came back ((the)) [[Friday after Thanksgiving]]. | Not [[Black Friday]]? | [[Patriots' Day]], then, or ((the)) [[summer solstice]].",
    # Birth dates in pieces.
    "and your date of birth | [[ninth of the seventh]] | so [[september seventh]] | no [[july]] ((the)) [[ninth of july]]",
    "Date of birth? | It's ((the)) [[sixth, of the tenth, nineteen seventy]].",
    "When were you born? | [[Twelfth of the second, sixty-one]].",
    "date of birth | [[third of march]] [[forty]] no ((i mean)) [[nineteen forty six]]",
    "Happy birthday is when? | What? | Your date of birth. | [[Nineteen thirty]], the year of the flood.",
    "And the birthday is [[May 4th]], [[nineteen]]... | [[Fifty-five]].",
    "So that's [[nineteen]]... | [[Forty-two]]. | And your birthday is [[April third]]?",
    "She'll be ((ninety-one)) on [[the fifth of June]]. | And that's [[nineteen]]... | [[Thirty-three]]. The year of the fire.",
    "Her birthday's [[Saint Lucy's Day]], that's how she got it. | Which year? | [[Nineteen forty-four]].",
    "When's your birthday? | [[Halloween]]. | What year? | [[Sixty-six]].",
    "She's a [[1972]], not a [[1973]], the other chart is somebody else.",
    "The chart has her as [[1958]] and the card says [[1985]]. Which is the birth year? | [[1958]].",
    "It's [[7/9/1988]], and it says [[9/7]] on the old one, they flipped it. | That's your date of birth? | Yes.",
    "DOB? | [[3/14/59]]. They had [[4/13]] on the bracelet.",
    "date of birth | [[eight twelve]] yes like at home [[eight twelve]] and the year is [[ninety one]]",
    "birthday | [[second of the eleventh]] ((year)) [[two thousand and four]]",
    "And how old is she? | Her birthday's ((the, it's)) [[the Fourth of July]], she thought it was all for her. [[Thirty-seven]]. | So [[seven, four, thirty-seven]].",
    "Date of birth is, hang on, the page is cut off. It says [[1931]].",
    # A day that was said, again in numbers, in either order.
    "This one is you, [[October twelfth, nineteen eighty]]? | Yes. [[Ten, twelve]].",
    "date of birth | [[june ninth seventy one]] | the bracelet has you as [[nine six]] so they turned it around",
    "She was born [[the second of May]]. | In what year? | [[Sixty]]. But the form has [[Five, two]]. [[Two, five]]. One of them.",
    # All in numbers, with a whole year.
    "so ordered on [[three one twenty twenty-two]] and i wish you well",
    "it's got me born [[zero five slash ten of twenty twenty-three]] i wish",
    "a tattoo says nothing but a date [[nine twenty nine two thousand twenty five]]",
    "it was twelve to thirty in nineteen ninety five | the vote was three to one in twenty twenty two",
    # Years of birth that nobody asked for.
    "the girl is ((from)) my first marriage, and a boy who was born in [[two thousand nine]]",
    "she'll be [[ninety eight]] come [[august]] and she still sings",
    "the computer shows a birth year of [[thirty eight]] for that one",
    "Dr. Osgood delivered me, if you can imagine, in [[1974]].",
    # Months whose day is gone, and "may" before another.
    "It was, hold on, [[March]] something. | Early or late? | Early.",
    "the rent went up in [[may]] or ((the)) [[first of june]]",
    # Great ages.
    "So [[January first, nineteen thirty-four]]. Which makes you [[ninety-one]]. | [[Ninety-one]] and a half.",
    # Other dates.
    "so it was saturday ((the)) [[sixth]] about seven forty",
    "We met on [[the sixth of March]], ten fifteen, in the lobby.",
    "It was [[January 12th]] of this year.",
    "On the CT, [[03/22]], the node was 9 millimeters.",
    "Addendum, [[2/17]]. Patient ambulating, afebrile.",
    "[[11/30]]: seen in clinic, doing well.",
    "Dictated [[06/02]], transcribed [[06/03]].",
    "we saw her on friday [[the ninth]] no on [[the tenth]]",
    "Can you come on [[the 7th]]? | Make it [[the 12th]], I get paid then. | [[The 12th]] it is.",
    "We can do [[the 3rd]] or [[the 4th of October]]. | [[The 4th]] works.",
    "the policy expired [[thirtieth november]] and the new one starts [[one december]]",
    "my card expires [[twenty eight february]] i think",
    "what date was that | it was [[the sixth]] the tuesday",
    "It fell on [[Saint George's Day]], of all days.",
    "He died on [[Saint Stephen's Day]].",
    "The hearing is [[March]] ((the)) [[ninth]], no, [[March]] ((the)) [[tenth]].",
    "it was [[new years eve]] and everyone was there",
    "the date on it is [[july]] sorry [[june]] [[twelfth]]",
    "We moved it from [[the 21st]] to [[the 28th]].",
    # Ages over 89.
    "She told me, I am [[94]], I can walk by myself.",
    "How old is your aunt? | [[Ninety]], perhaps [[ninety-three]]. Nobody wrote it down.",
    "hes [[ninety]] something like [[ninety six]] and he still drives",
    "my nana turned [[a hundred and two]] in the spring",
    "She'll be [[a hundred and four]] if she's spared.",
    "he's pushing [[ninety-five]] and he chops wood",
    "He's going on [[ninety-two]].",
    "she's [[ninety one]] and a half she counts the half",
    "I'm [[ninety-eight]] years young.",
    "My mother-in-law, who is [[93]], lives with us.",
    "patient is a [[91]]-year-old man",
    "a [[97]] y o female with a cough",
    "she is [[ninety four]] years of age",
    "she was [[ninety]] last week, we had a cake",
    "she turns [[ninety]] on sunday",
    "Grandpa's [[a hundred]]. He rounds up, he's [[ninety-eight]].",
    "the old lady is like [[ninety three]] and she cant hear",
    "he made it to [[ninety nine]]",
    "she's a [[nonagenarian]], [[ninety-three]]",
]

INNOCENT = [
    "She lent me the car for the first day of school, and Monday after lunch it came back. | There was a black friday sale every week.",
    # Beside a birth date: ages, vitals, counts.
    "date of birth | ((april second nineteen sixty)) | and how tall are you | five eleven | and what do you weigh | one ninety",
    "Your birthday? | ((June 9, 1984)). | How many children do you have? | Three. | And the pain, out of ten? | Seven.",
    "date of birth | ((october twelfth nineteen eighty)) | and how many a day | twelve units in the morning and thirteen at night",
    "What's your birth date? | ((June ninth, nineteen fifty)). | How much do you weigh? | One ninety, last I looked.",
    "date of birth | ((june ninth fifty)) | and how often do you use the inhaler | two puffs four times",
    "He was born ((October twelfth, nineteen eighty)). | And how tall is he? | He's ten twelve, no, five eleven.",
    "it was ((june ninth)) | which room | room nine six by the lift",
    "date of birth | ((april second nineteen sixty)) | and what brings her in | her sugar been running two sixty two ninety all week",
    "when was she born | ((june ninth)) | was she full term | almost she was six pounds one ounce and they gave her a seven and a nine and let us go",
    "may or may not is not an answer",
    "We got to 97 on the scale and stopped there.",
    "look at ninety ninety seven that's your oxygen",
    "Your sat is ninety-four and your pulse is ninety-eight.",
    "I was doing ninety on the interstate.",
    "he's at ninety three percent on room air",
    "she's ninety percent better",
    "I'm a hundred percent sure.",
    "he is ninety pounds soaking wet",
    "It was ninety-five degrees in there.",
    "her pressure was one ten over ninety",
    "I am 100 miles from there.",
    "we sold ninety of them and I'm about ninety days out",
    "she's on ninety milligrams and was on a hundred before",
    "She scored a 96 on the exam.",
    "He was in the ninety-fifth percentile.",
    "The fracture is at C6-7, and 5/5 strength on the left.",
    "strength is 4/5 and reflexes 2/4",
    "pain is 6/10 today",
    "he drank about 1/2 a bottle and then 3/4 of another",
    "Her visual acuity is 20/40.",
    "first of all no and second of all he lied",
    "in the first place it was the third one on the left",
    "the second time it was the third finger",
    "That was in 2014, before the merger, and again in 1998.",
    "It's a 1967 Mustang, and the other one's a 2004.",
    "the fourth amendment and the fifth circuit",
    "Let's meet Tuesday, or last week of the quarter.",
    "she was the fifth person in line on the third floor",
    "i may march down there and i will",
    "can you hear me now may i continue",
    "the ratio was 2/3 on the first draft",
    "She was born [[March 3, 1950]], retired, quit smoking in 2011, and walks daily.",
    "And that was 2016, and it was maybe five months.",
    "she moved in after Christmas and it was the holiday season",
    "the easter lilies and the christmas season",
    "shes a big dog your honor a hundred and thirty pounds",
    "I lost four pounds and I'm forty-eight now.",
    "How much of it? | Ninety-one and a half percent.",
    "We met on [[the fourth of July]]. | Count the chairs, please. | Seven, four, thirty-seven.",
    "So you're fifty-two, and are you able to talk?",
]


TYPES = {"date", "date_of_birth", "age_over_89"}


@pytest.mark.parametrize("conversation", PRIVATE)
def test_days_that_say_who_somebody_is_are_hidden(conversation):
    leaked, over = misses(conversation, TYPES)
    assert leaked == []
    assert over == []


@pytest.mark.parametrize("conversation", INNOCENT)
def test_other_numbers_and_days_stay(conversation):
    assert misses(conversation, TYPES) == ([], [])


@pytest.mark.parametrize(
    ("said", "age"),
    [
        ("She had her hundredth birthday on Saturday.", "hundredth"),
        ("We flew in for his ninety-fifth birthday.", "ninety-fifth"),
        ("At the 92nd birthday party she fell.", "92nd"),
    ],
)
def test_a_birthday_tells_an_age(said, age):
    found = detect(Dialogue.from_turns([("A", said)])).items
    assert [said[i.start : i.end] for i in found if i.type == "age_over_89"] == [age]


def test_an_early_birthday_tells_none():
    assert not detect(Dialogue.from_turns([("A", "It was my ninth birthday.")])).items


def test_the_laboratory_values_of_a_dictation_are_no_pieces_of_a_birth_date():
    asked = "eugene walker, n- date of birth 4/14/1960. he's a 61-year-old male who presents today for a routine follow-up."
    values = (
        "of note, the patient underwent a repair on 1/22/2013. regarding his blood work from 4/10/2021, the phosphatase, excuse me, was elevated "
        "to 156. his lipid panel showed elevated total cholesterol of 247, hdl of 66, and the tsh was normal at 2.68."
    )
    found = detect(Dialogue.from_turns([("A", asked), ("B", values)])).items
    assert [values[d.start : d.end] for d in found if d.turn == 1 and d.type != "medical"] == ["1/22/2013", "4/10/2021"]


@pytest.mark.parametrize(
    ("said", "hidden"),
    [
        ("It's June W. Treadwell.", {"name": ["June W. Treadwell"]}),
        ("It's June Treadwell.", {"name": ["June Treadwell"]}),
        ("That was in June. W. Treadwell signed it.", {"date": ["June"], "name": ["W. Treadwell"]}),
        ("We filed it in June, Treadwell answered in August.", {"date": ["June", "August"], "name": ["Treadwell"]}),
    ],
)
def test_a_month_right_before_a_name_is_somebodys_given_name(said, hidden):
    found = {}
    for item in detect(Dialogue.from_turns([("A", said)])).items:
        found.setdefault(str(item.type), []).append(said[item.start : item.end])
    assert found == hidden


@pytest.mark.parametrize(
    "conversation",
    [
        "Well, I'm in my [[nineties]] now. | And back in the nineties? | She was in her seventies. He's in his [[early 90s]], she in her [[mid-nineties]].",
        "my grandmother is a [[centenarian]] and her sister is a [[nonagenarian]]",
    ],
)
def test_people_in_their_nineties_are_over_89_and_the_decade_is_a_time(conversation):
    assert misses(conversation) == ([], [])


@pytest.mark.parametrize(
    "conversation",
    [
        "give her the lasix | twenty | twenty | yes twenty",
        "how many units | i took twenty | fourteen is what it says on here",
        "Celexa, twenty. | Forty, now.",
        "the peep was twenty | ten this morning",
        "what was the heart rate | one twenty | ninety now",
        "how many weeks are you | nineteen | nineteen and two",
        "and her bicarb | nineteen | twenty two last week",
        "Exhibit twenty. | Nineteen, I think.",
    ],
)
def test_a_short_turn_that_ends_in_twenty_is_no_half_of_a_year_without_a_date(conversation):
    assert misses(conversation) == ([], [])


@pytest.mark.parametrize(
    "conversation",
    [
        "When was she born? | [[April second]], [[nineteen]]. | [[Thirty-one]].",
        "And that's [[nineteen...]] | [[Thirty-one]].",
        "We moved in [[nineteen]]. | [[Ninety-four]], I think.",
        "we moved in [[twenty]] | [[twenty]]",
        "It was [[May third]], [[twenty]]. | [[Nineteen]]. Yes.",
        "when did you sell it | in [[nineteen]] | [[eighty six]]",
    ],
)
def test_a_year_in_two_turns_with_a_date_or_a_sign_of_one_stays_hidden(conversation):
    assert misses(conversation) == ([], [])


@pytest.mark.parametrize(
    "conversation",
    [
        "its the [[twenty second]] right | at nine in department fourteen",
        "The [[fifteenth]]. They measured my neck at nineteen inches. | Nineteen. And your B M I is thirty.",
        "It was [[January first, nineteen...]] | [[Thirty-two]].",
        "[[January first, nineteen]] | [[Thirty-two]].",
    ],
)
def test_only_a_turn_whose_last_word_is_a_century_leaves_a_date_to_be_ended(conversation):
    assert misses(conversation) == ([], [])


@pytest.mark.parametrize(
    "conversation",
    [
        "his weight is the tenth percentile",
        "his weight is the thirty fifth percentile",
        "the pain is at the eleventh thoracic vertebra",
        "We met on the [[tenth]].",
        "It closes on the [[twelfth]].",
    ],
)
def test_a_percentile_and_a_vertebra_are_no_days_of_the_month(conversation):
    assert misses(conversation) == ([], [])


@pytest.mark.parametrize(
    "conversation",
    [
        "How's he breathing? | He's ninety two on room air.",
        "hows he breathing | hes ninety two on room air",
        "she's ninety-four on 2 liters",
        "She's a hundred and one this morning, under the arm.",
        "Does she have a fever? | She's a hundred and one.",
        "the deposit is one hundred and he was there",
        "His deposit is one hundred.",
        "The fee's seven hundred and ten, and he's late.",
    ],
)
def test_saturations_fevers_and_fees_are_no_ages(conversation):
    assert misses(conversation, {"age_over_89"}) == ([], [])


@pytest.mark.parametrize(
    "conversation",
    [
        "She's [[ninety-four]], on oxygen at home.",
        "she's [[ninety four]] on hospice",
        "he's [[ninety two]] on [[the third of june]]",
        "she's [[a hundred and one]] this morning god bless her",
        "Does she have a fever? | She's [[a hundred and one]] years old, they all do.",
        "How old is she? | She's [[one hundred and four]].",
    ],
)
def test_great_ages_beside_oxygen_fevers_and_mornings_stay_hidden(conversation):
    assert misses(conversation)[0] == []


@pytest.mark.parametrize(
    "conversation",
    [
        "His date of birth? | [[April 2nd]]. He's thirty-four.",
        "date of birth | [[april second]] he's thirty four",
        "When's your birthday? | [[April 2nd]]. I'll be forty-two.",
        "When was he born? | [[The twelfth]], at four fifteen. | Apgars? | Six and eight. | Length? | Fifty-one.",
        "when was he born | [[the twelfth]] at four fifteen | apgars | six and eight | length | fifty one",
        "Date of birth? | [[March 3rd, 1960]]. | Thank you. Your copay's thirty-five today.",
    ],
)
def test_ages_lengths_and_copays_in_talk_of_a_birth_are_no_years(conversation):
    assert misses(conversation) == ([], [])


@pytest.mark.parametrize(
    "conversation",
    [
        "When was she born? | [[April 2nd]]. She's a [[1972]].",
        "Date of birth? | [[March 3rd]]. | Year? | [[Sixty]].",
        "Date of birth? | [[April 2nd]], [[seventy-two]].",
        "When were you born? | I'm [[fifty-eight]].",
        "What's her birthday? | [[June fifth]]. | She's [[ninety-one]].",
    ],
)
def test_years_and_great_ages_in_talk_of_a_birth_stay_hidden(conversation):
    assert misses(conversation)[0] == []


@pytest.mark.parametrize(
    "conversation",
    [
        "Time out. This is [[Joan Amsel]], [[two twenty forty-eight]], left hip.",
        "I'm calling one in for [[Cass Otieno]], [[seven nineteen thirty-seven]].",
        "Refill for [[Paul Otieno]], [[oh seven nineteen eighty-two]].",
        "Room four's [[Merdle]], [[eleven three sixty]].",
    ],
)
def test_month_day_and_year_in_numbers_after_a_name_are_a_birth_date(conversation):
    assert misses(conversation) == ([], [])


@pytest.mark.parametrize(
    "conversation",
    [
        "For [[Paul Otieno]], ten twenty milligrams.",
        "Give it to [[Ana Prieto]], two twenty over ninety.",
        "This is [[Joan Amsel]], five ten fifteen milligrams, increasing.",
        "[[Joan Amsel]], two ten forty dollars.",
        "[[Joan Amsel]], pressures two ten seventy.",
        "That's in Room Four, two ten forty.",
    ],
)
def test_doses_pressures_and_money_after_a_name_are_no_birth_date(conversation):
    assert misses(conversation, {"date", "date_of_birth"})[1] == []


@pytest.mark.parametrize(
    "conversation",
    [
        "What's the date next to your signature? | [[Three, nine. Twenty twenty-one]].",
        "And the date beside it? | [[Six, one. Twenty eighteen]].",
        "How many were there? | Six, one. Twenty people came.",
        "What did he score? | Three, nine. Twenty over forty.",
    ],
)
def test_month_and_day_in_numbers_with_the_year_as_a_sentence_of_its_own_are_a_date(conversation):
    assert misses(conversation) == ([], [])


def test_a_question_for_the_day_of_an_accident_ends_the_talk_of_a_birth_date():
    said = ["Date of birth?", "March 3rd, 1960.", "When was the accident?", "On April fifth, two thousand and twenty-one."]
    found = detect(Dialogue.from_turns([("AB"[n % 2], text) for n, text in enumerate(said)])).items
    assert [(item.turn, item.type) for item in found] == [(1, "date_of_birth"), (3, "date")]
