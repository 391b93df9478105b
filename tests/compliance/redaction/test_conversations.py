"""Numbers, addresses and names are hidden however they are said, and however the recogniser cut the turns."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compliance.redaction import Dialogue, detect, preset, render
from tests.compliance.redaction.conversations import QUESTIONS, STYLES, Conversation, conversation

# Words between two private ones that say nothing themselves.
JOINING = frozenset("dash hyphen at dot the of".split())
conversations = st.builds(
    conversation, st.randoms(use_true_random=False), st.sampled_from(sorted(QUESTIONS)), st.sampled_from(STYLES)
)
# What may leak of 300 spans of each kind, in percent: in digits, in words, in words without capitals or punctuation.
CEILINGS = {"formatted": 1.0, "spoken": 2.0, "lower": 2.0}


def _hidden(turns):
    """For each turn the places of its letters and digits that are hidden."""
    places = [set() for _ in turns]
    for item in detect(Dialogue.from_turns(turns, language="en")).items:
        places[item.turn].update(range(item.start, item.end))
    return places


def _leaks(made: Conversation):
    hidden = _hidden(made.turns)
    return [
        made.turns[s.turn][1][s.start : s.end]
        for s in made.secrets
        if _shown(made.turns[s.turn][1], range(s.start, s.end), hidden[s.turn])
    ]


def _shown(text, places, hidden):
    """The words of ``text`` at ``places`` of which a letter or digit can be read."""
    shown, word = [], []
    for place in [*places, None]:
        if place is not None and text[place].isalnum():
            word.append(place)
            continue
        said = "".join(text[p] for p in word)
        if said.lower() not in JOINING and any(p not in hidden for p in word):
            shown.append(said)
        word = []
    return shown


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("kind", sorted(QUESTIONS))
def test_whatever_is_asked_for_is_hidden_in_the_answer(kind, style):
    rng = random.Random(f"{kind} {style}")
    spans, leaked = 0, []
    while spans < 300:
        made = conversation(rng, kind, style)
        spans += len(made.secrets)
        leaked += [(leak, made.turns) for leak in _leaks(made)]
    assert len(leaked) * 100 <= CEILINGS[style] * spans, leaked[:3]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(conversations)
def test_joining_turns_of_one_speaker_loses_no_hit(made):
    hidden = _hidden(made.turns)
    for number in range(len(made.turns) - 1):
        (speaker, text), (other, following) = made.turns[number : number + 2]
        if speaker != other:
            continue
        joined = _hidden([*made.turns[:number], (speaker, f"{text} {following}"), *made.turns[number + 2 :]])
        offset = len(text) + 1
        for turn, base, said in ((number, 0, text), (number + 1, offset, following)):
            private = {p for s in made.secrets if s.turn == turn for p in range(s.start, s.end)}
            assert not _shown(said, sorted(private & hidden[turn]), {p - base for p in joined[number]})


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(conversations)
def test_detecting_on_a_rendition_hides_nothing_new(made):
    dialogue = made.dialogue()
    rendition = render(dialogue, detect(dialogue), preset("everything"))
    again = Dialogue.from_turns([(t.speaker, t.text) for t in rendition.turns], language="en")
    assert [(d.turn, d.type, d.reason) for d in detect(again).items] == []
