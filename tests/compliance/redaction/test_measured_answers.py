"""Values that answer a question for what is measured look like telephone and record numbers: hiding one is a safety fault."""

import pytest

from tests.compliance.redaction.marked import misses


@pytest.mark.parametrize(
    "conversation",
    [
        "Last gas? | Seven thirty-two, fifty-one, eighty-eight. | And lactate? | Two point one.",
        "ABG results? | Seven thirty-one, forty-eight, seventy-two, twenty-four.",
        "what was the abg | seven thirty one forty eight seventy two twenty four",
        "His ABG was seven thirty-one, forty-eight, seventy-two, twenty-four. | On how much oxygen?",
        "Read me the chem panel. | One forty, four one, one oh four, twenty-two, sixteen, one one, one twelve.",
        "BMP? | 140, 4.1, 104, 22, 16, 1.1, 112.",
        "The CBC was eleven two, thirteen four, forty-one, two eighty-eight.",
        "blood sugars please | one twelve one eighteen one oh nine two oh four",
        "What have your sugars been? | 112, 118, 109, 204, 98, 161.",
        "Cholesterol? | Two twelve, one forty, thirty-eight, one sixty.",
        "Her peak flows? | Three eighty, three sixty, four hundred, three ninety.",
        "CD4 counts? | Four twelve, five oh six, six thirty-one.",
        "What did the monitor show? | Eighty-eight, ninety-two, one oh four, one eighteen.",
        "What's your phone number? | [[Five one two, five five five, oh one nine nine]]. | And your sugars? | One twelve, one eighteen, one oh nine.",
        "What's her D.O.B.? | [[March 3rd, 1950]]. | GFR? | 38. | Hemoglobin? | 9.4.",
        "She's [[ninety]], born before the war. | Her GFR is 38.",
        "Flexion one ten, extension five, one thirty on the left.",
        "May 1 tablet be crushed? | No. I saw her on [[May 1]].",
    ],
)
def test_values_stay_readable(conversation):
    assert misses(conversation) == ([], [])


@pytest.mark.parametrize(
    "conversation",
    [
        "Your gas account number? | [[Seven thirty-two, fifty-one, eighty-eight]].",
        "And the gas company, what's their number for you? | [[Seven thirty-two, fifty-one, eighty-eight]].",
        "Labs? | My phone is [[five one two, five five five, oh one nine nine]].",
        "What's in the chart, the labs? | Social is [[four one two, sixty-eight, eleven fifty-three]].",
        "Your social? Any labs? | [[Four one two, sixty-eight, eleven fifty-three]].",
        "And your sugars? | My MRN is [[four four seven one]].",
        "What did the monitor show? | [[four one two six eight one one five three]]",
    ],
)
def test_identifiers_do_not_hide_behind_a_question_for_values(conversation):
    assert misses(conversation)[0] == []
