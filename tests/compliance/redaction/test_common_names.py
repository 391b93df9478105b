"""Names that many people have are hidden wherever they are said as names, whatever else the word is."""

import pytest

from compliance.redaction import Dialogue, detect
from compliance.redaction.lexicon import lexicon

TURNS = 150
EACH = 4  # of the surnames every fourth is tried
# Words that in lower case, even after a title, are said as words more often than as the name.
WORDS = frozenset("good fine still back see call her do oh ma ho in my justice lord friend cousins ha brazil".split())
# Given names that are words: nobody is called so without a title.
NOT_GIVEN = frozenset("in my".split())


def visible(sentence, names):
    """Those of ``names`` of which something can be read, each said once."""
    left = []
    for start in range(0, len(names), TURNS):
        said = names[start : start + TURNS]
        dialogue = Dialogue.from_turns([("AB"[n % 2], sentence.format(name)) for n, name in enumerate(said)])
        hidden = [set() for _ in said]
        for item in detect(dialogue).items:
            hidden[item.turn].update(range(item.start, item.end) if item.type != "medical" else ())
        for number, name in enumerate(said):
            at = dialogue.turns[number].text.index(name)
            if not set(range(at, at + len(name))) <= hidden[number]:
                left.append(name)
    return left


@pytest.mark.parametrize(
    "sentence", ["I spoke to Mr. {} about it.", "Then Officer {} came over.", "i spoke to mister {} about it", "then nurse {} came over"]
)
def test_a_frequent_surname_after_a_title_is_hidden(sentence):
    cased = sentence != sentence.lower()
    names = sorted(name for name in lexicon().frequent_last if name.isalpha() and (cased or name not in WORDS))
    names = sorted({*names[::EACH], *WORDS.intersection(names)})
    assert len(names) > 500
    assert visible(sentence, [name.title() if cased else name for name in names]) == []


@pytest.mark.parametrize("sentence", ["My sister {} drove.", "my sister {} drove", "It was {} who called me.", "it was {} who called me"])
def test_a_frequent_given_name_is_hidden(sentence):
    names = sorted(name for name in lexicon().frequent_first if name.isalpha() and name not in NOT_GIVEN)
    cased = sentence != sentence.lower()
    assert len(names) > 500
    assert visible(sentence, [name.title() if cased else name for name in names]) == []
