"""Short invented conversations with what is private marked: ``turn | turn``, ``[[must go]]``, ``((may go))``."""

import re

from compliance.redaction import Dialogue, detect
from compliance.redaction.gold import score

MARK = re.compile(r"\[\[(.*?)\]\]|\(\((.*?)\)\)")
WORD = re.compile(r"\w")


def read(conversation):
    """The dialogue, and for each turn the characters that must be hidden and those that may be."""
    turns, must, may = [], [], []
    for number, marked in enumerate(conversation.split(" | ")):
        text, private, free, at = "", set(), set(), 0
        for match in MARK.finditer(marked):
            text += marked[at : match.start()]
            inner = match.group(1) if match.group(1) is not None else match.group(2)
            (private if match.group(1) is not None else free).update(range(len(text), len(text) + len(inner)))
            text += inner
            at = match.end()
        text += marked[at:]
        turns.append(("AB"[number % 2], text))
        must.append(private)
        may.append(free)
    return Dialogue.from_turns(turns), must, may


def misses(conversation, types=None):
    """What stays visible and must not, and what is hidden and must not (only by ``types``, where given)."""
    dialogue, must, may = read(conversation)
    hidden = [set() for _ in must]
    blamed = [set() for _ in must]
    for item in detect(dialogue).items:
        if item.type == "medical":
            continue
        hidden[item.turn].update(range(item.start, item.end))
        if types is None or item.type in types:
            blamed[item.turn].update(range(item.start, item.end))
    leaked, over = [], []
    for number, turn in enumerate(dialogue.turns):
        for match in re.finditer(r"[^\W_]+(?:'[^\W_]+)*", turn.text):
            place = set(range(*match.span()))
            if place & must[number] - hidden[number]:
                leaked.append(match.group())
            elif place & blamed[number] and not place & must[number] and not place & may[number] and match.group().lower() != "the":
                over.append(match.group())
    return leaked, over


def leaks_of(golds):
    """(leaked, spans, innocent words hidden, words) of gold transcripts as they are given."""
    counts = [0, 0, 0, 0]
    for gold in golds:
        hidden = [[] for _ in gold.turns]
        for item in detect(gold.dialogue()).items:
            if item.type != "medical":
                hidden[item.turn].append((item.start, item.end))
        found = score(gold, hidden)
        for n, value in enumerate((len(found.leaks), found.total, found.hidden_clean_words, found.clean_words)):
            counts[n] += value
    return counts
