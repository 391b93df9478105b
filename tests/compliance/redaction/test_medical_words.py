"""Medical words, and those that are none: what stands in braces must be hidden as medical, and nothing else of the line.

Each line is a conversation, turns divided by "/".
"""

import re

import pytest

from compliance.redaction import Dialogue, detect
from compliance.redaction.detections import PrivateType

LINES = """
She has {MS} and takes {gabapentin} for it. / And Ms. Parker knows?
I spoke with Ms Parker, then with Ms. Day. / Thank you, Ms. Lee.
do you think ms kaminski would talk / she has {ms} so she retired
he had a {blood draw} and a {finger stick} then {passed out} / was it a {dog bite}
ill text it to her tonight / he was very {ill} last winter
"""


@pytest.mark.parametrize("line", [line for line in LINES.strip().splitlines() if line])
def test_a_title_is_no_illness(line):
    marked = [part.strip() for part in line.split("/")]
    expected = [re.findall(r"\{([^}]*)\}", turn) for turn in marked]
    turns = [re.sub(r"[{}]", "", turn) for turn in marked]
    dialogue = Dialogue.from_turns([("AB"[n % 2], turn) for n, turn in enumerate(turns)])
    found = [d for d in detect(dialogue).items if d.type == PrivateType.MEDICAL]
    assert [[turns[n][d.start : d.end] for d in found if d.turn == n] for n in range(len(turns))] == expected
