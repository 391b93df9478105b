"""What was hidden once is hidden: the second pass finds nothing in what it has made of a gold transcript. (By itself, so that it runs beside
what counts the leaks of the same files.)"""

from pathlib import Path

import pytest

from compliance.redaction import Dialogue, detect, preset, render
from compliance.redaction.gold import read_gold

DATA = Path(__file__).parents[2] / "data"
FILES = [path for folder in ("gold", "gold-own") for path in sorted((DATA / folder).glob("*.txt"))]
# Each is read twice: the short tests do so with every ninth, the long ones with half of the others.
READ_AGAIN = [
    pytest.param(path, marks=() if n % 9 == 0 else pytest.mark.long, id=path.stem) for n, path in enumerate(FILES) if n % 9 == 0 or n % 2
]


@pytest.mark.parametrize("path", READ_AGAIN)
def test_detecting_on_a_rendition_hides_nothing_new(path):
    dialogue = read_gold(path).dialogue()
    rendition = render(dialogue, detect(dialogue), preset("everything"))
    again = Dialogue.from_turns([(t.speaker, t.text) for t in rendition.turns])
    assert [(d.turn, d.type, d.reason) for d in detect(again).items] == []
