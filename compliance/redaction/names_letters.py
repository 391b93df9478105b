"""Pieces of names that are said apart: single letters, initials, and how a name is pronounced."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from compliance.redaction.ambiguity import DETERMINERS, POSSESSIVES
from compliance.redaction.names_base import NameHit, NameWords
from compliance.redaction.names_slot_words import STARTS_CLAUSE
from compliance.redaction.names_words import FUNCTION
from compliance.redaction.numerals import Run, runs_by_turn
from compliance.redaction.recognisers.words import ORG_WORDS, TITLES

# Turns around a piece in which the rest of its spelling is looked for.
NEAR = 2
LONGEST_SOUND = 4
LONGEST_SYLLABLE = 6
LONGEST_REST = 9  # tokens to the rest of a name: "and then, you know, goats"
LONGEST_QUESTION = 9  # tokens: "how do you say that, sir?"
SAID = (
    ("say", "it", "like"), ("say", "it"), ("said", "like"), ("its", "said"), ("it's", "said"), ("sounds", "like"), ("pronounced", "like"),
    ("pronounced",), ("pronounce", "it"), ("rhymes", "with"), ("had", "me", "as"), ("has", "me", "as"), ("have", "me", "as"),
    ("had", "him", "as"), ("had", "her", "as"),
)  # fmt: skip
EDGES = frozenset("start starts started begin begins end ends".split())
SAID_FIRST = frozenset(words[0] for words in SAID)
CREDENTIALS = frozenset("md do rn np pa jd rt pt ot rd cna lpn lvn aprn dds dmd phd".split())


# The same in text without capitals: letter by letter, or as a word that is no other.
LICENCES = (*(tuple(held) for held in sorted(CREDENTIALS)), *((held,) for held in sorted(CREDENTIALS - {"do", "pa", "ot", "pt", "rt", "jd"})))
LICENCES_BEGIN = frozenset(licence[0] for licence in LICENCES)
# Where a signature is read: what follows is no thing with an article.
SIGNATURES = frozenset("says its it's is signed by sign mine as".split())


def letters(context: NameWords, hits: Sequence[NameHit]) -> Iterator[NameHit]:
    known = _known(context, hits)
    by_turn = runs_by_turn(context.view)
    elided = frozenset(name[0] for name in known if name.startswith(("o'", "d'")))
    lasts = frozenset(hit.last for hit in hits)
    for turn in context.view.turns():
        begin, end = context.view.bounds[turn]
        spelling = [
            run
            for near in range(turn - NEAR, turn + NEAR + 1)
            for run in by_turn.get(near, ())
            if _letters_only(run) and len(run.letters) >= 3
        ]
        for run in by_turn.get(turn, ()):
            if _letters_only(run):
                yield from _piece(context, run, begin, end, known, spelling)
        yield from _pronounced(context, begin, end, lasts)
        yield from _apostrophe(context, begin, end, elided)
        yield from _initials_of(context, begin, end)
        yield from _licensed(context, begin, end)
    yield from _signed(context, hits)


def _known(context: NameWords, hits: Iterable[NameHit]) -> frozenset[str]:
    found = {word for word in context.spelled if len(word) >= 3}
    for hit in hits:
        if hit.sure:
            words = [t.low for t in context.tokens[hit.first : hit.last + 1] if t.word]
            found.update(w for w in words if len(w) >= 3 and w not in TITLES)
    return frozenset(found)


def _letters_only(run: Run) -> bool:
    return all(atom.kind == "letter" for atom in run.atoms)


def _piece(context: NameWords, run: Run, begin: int, end: int, known: frozenset[str], spelling: list[Run]) -> Iterator[NameHit]:
    tokens = context.tokens
    said = run.letters.lower()
    before = tokens[run.first - 1].low if run.first > begin else ""
    if len(said) == 1 and before in ("initial", "initials"):
        yield NameHit(run.first, run.last, 0.8, "an initial", sure=False)
    after = [t.low for t in tokens[run.last + 1 : min(end, run.last + 3)]]
    if len(said) == 1 and before == "the" and after in (["is", "for"], ["stands", "for"], ["was", "for"]):
        yield NameHit(run.first, run.last, 0.8, "an initial", sure=False)
    if len(said) >= LONGEST_SOUND - 1:
        for token in tokens[run.last + 1 : min(end, run.last + 1 + LONGEST_REST)]:
            if said + token.low in known:
                yield NameHit(token.index, token.index, 0.8, "the rest of a name that is spelled", sure=False)  # "A-P-P-L-E, then gate"
    edge = before in ("with", "in") and run.first - 2 >= begin and tokens[run.first - 2].low in EDGES
    if len(said) == 2 and edge and any(name.startswith(said) or name.endswith(said) for name in known):
        yield NameHit(run.first, run.last, 0.75, "the beginning or end of a name", sure=False)  # "Szymanski, it starts with S Z"
    if len(said) == 2 and before in ("a", "an") and run.first - 2 >= begin and tokens[run.first - 2].low == "with":
        yield NameHit(run.first, run.last, 0.75, "spelled letter by letter", sure=False)  # "Tomasz, with an S-Z"
    if len(said) == 2 and context.cased:
        for token in tokens[max(begin, run.first - 2) : run.first]:
            if token.low == said and token.upper and context.listed(token):
                yield NameHit(token.index, token.index, 0.75, "spelled beside it", sure=False)  # "that's the name. Oh. O H."
                yield NameHit(run.first, run.last, 0.75, "spelled letter by letter", sure=False)
    if len(said) == 2:
        # "m c then a double l i s t e r"
        if spelling and any(name.startswith(said) or name.endswith(said) for name in known) and before not in ("the",):
            yield NameHit(run.first, run.last, 0.75, "the beginning or end of a name that is spelled", sure=False)
        # "the clerk an its just a n"
        for place in range(max(begin, run.first - 6), run.first):
            token = tokens[place]
            if token.low == said and context.listed(token) and before in ("its", "it's", "thats", "that's", "just", "spelled"):
                yield NameHit(place, place, 0.75, "spelled beside it", sure=False)
                yield NameHit(run.first, run.last, 0.75, "spelled letter by letter", sure=False)


def _initials_of(context: NameWords, begin: int, end: int) -> Iterator[NameHit]:
    """ "that's O B, for Ortega Banks": letters that are an abbreviation otherwise."""
    tokens = context.tokens
    for place in range(begin + 1, end - 2):
        if tokens[place].low != "for":
            continue
        last = place - 1 if tokens[place - 1].text != "," else place - 2
        first = last
        while first >= begin and len(tokens[first].low) == 1 and tokens[first].low.isalpha() and last - first < 3:
            first -= 1
        first += 1
        count = last - first + 1
        if count < 2:
            continue
        named = [t for t in tokens[place + 1 : min(end, place + 1 + count)] if t.word]
        if [t.low[0] for t in named] == [t.low for t in tokens[first : last + 1]] and any(context.listed(t) for t in named):
            yield NameHit(first, last, 0.8, "the initials of a name", sure=False)


def _apostrophe(context: NameWords, begin: int, end: int, elided: frozenset[str]) -> Iterator[NameHit]:
    """ "the o and then the little comma": the first letter of O'Leary."""
    for place in range(begin, end) if elided else ():
        if context.tokens[place].low in elided:
            if {t.low for t in context.tokens[place + 1 : min(end, place + 7)]} & {"comma", "apostrophe"}:
                yield NameHit(place, place, 0.75, "the first letter of a name", sure=False)


def _pronounced(context: NameWords, begin: int, end: int, lasts: frozenset[int]) -> Iterator[NameHit]:
    """ "xochitl you say it like so cheel", "ikaika like eye ky kah"."""
    tokens = context.tokens
    starts: list[tuple[int, bool]] = []
    for place in range(begin, end):
        for words in SAID if tokens[place].low in SAID_FIRST else ():
            if tuple(t.low for t in tokens[place : place + len(words)]) == words and place + len(words) < end:
                starts.append((place + len(words), True))
                break
        asked = _asked_how(context, place, end) if tokens[place].low == "how" else None
        if asked is not None:
            starts.append((asked, True))
        if tokens[place].low == "like" and place - 1 in lasts:
            starts.append((place + 1, False))
    pronounced = False
    for start, told in starts:
        chain = _hyphened(context, start, end) if told else None
        if chain is not None:
            yield NameHit(start, chain, 0.96, "how a name is said", sure=False)
            pronounced = True
            continue
        last = start - 1
        while last + 1 < end and last + 1 - start < LONGEST_SOUND:
            token = tokens[last + 1]
            if token.text == "-" and last >= start:
                last += 1
                continue
            ends = token.low in STARTS_CLAUSE or token.low in ("the", "a", "an", "that", "with", "not", "but", "once")
            if not token.word or ends and last >= start or token.low in ("the", "a", "an", "that", "this", "it", "again"):
                break
            last += 1
        sounds = [t for t in tokens[start : last + 1] if t.word]
        strange = [
            t
            for t in sounds
            if t.low not in FUNCTION
            and not context.never(t)
            and (not context.ordinary(t) or context.listed(t) and not context.common(t))
        ]
        if strange and (told or len(sounds) >= 2 and all(len(t.low) <= 5 for t in sounds)):
            yield NameHit(start, last, 0.96, "how a name is said", sure=False)
            pronounced = pronounced or told
    if pronounced:
        yield from _otherwise(context, begin, end)


def _asked_how(context: NameWords, place: int, end: int) -> int | None:
    """Where the answer begins that who asks "how do you say that, sir?" gives at once: "So-see?"."""
    tokens = context.tokens
    words = tuple(t.low for t in tokens[place : place + 4])
    if len(words) < 4 or words[1] not in ("do", "does", "would", "should") or words[3] not in ("say", "pronounce"):
        return None
    after = place + 4
    while after < end and after - place < LONGEST_QUESTION and tokens[after].text != "?":
        after += 1
    answered = after + 1 < end and tokens[after].text == "?" and tokens[after + 1].upper
    return after + 1 if answered else None


def _hyphened(context: NameWords, start: int, end: int) -> int | None:
    """The last token of "A-bear", "Oh-sheen", "See-oh-sigh-ah": syllables with hyphens, the first with its capital."""
    tokens = context.tokens
    last = start
    while last + 2 < end and tokens[last + 1].text == "-" and tokens[last].end == tokens[last + 1].start:
        if tokens[last + 2].start != tokens[last + 1].end or not tokens[last + 2].low.isalpha():
            break
        last += 2
    syllables = all(len(t.low) <= LONGEST_SYLLABLE for t in tokens[start : last + 1])
    return last if last > start and tokens[start].upper and syllables else None


def _otherwise(context: NameWords, begin: int, end: int) -> Iterator[NameHit]:
    """ "you say it yoast, he gets cross if you say juiced": beside how it is said, how it is not."""
    tokens = context.tokens
    for place in range(begin, end - 2):
        if tokens[place].low in ("you", "they", "people", "everybody") and tokens[place + 1].low in ("say", "says"):
            word = tokens[place + 2]
            ends = place + 3 >= end or not tokens[place + 3].word or tokens[place + 3].low in STARTS_CLAUSE
            if word.low.isalpha() and word.low not in FUNCTION and not context.never(word) and ends:
                yield NameHit(place + 2, place + 2, 0.75, "how a name is said", sure=False)


def _licensed(context: NameWords, begin: int, end: int) -> Iterator[NameHit]:
    """ "it says a winter n p", "mine its a nwosu r n": who signs with a licence, with the initial before it."""
    tokens = context.tokens
    for place in range(begin, end - 1) if not context.cased else ():
        if tokens[place + 1].low not in LICENCES_BEGIN:
            continue
        after = tuple(t.low for t in tokens[place + 1 : min(end, place + 5)])
        held = next((licence for licence in LICENCES if after[: len(licence)] == licence), None)
        token = tokens[place]
        if held is None or len(after) > len(held) and len(after[len(held)]) == 1 or len(token.low) < 3:
            continue
        if context.is_function(token) or context.never(token) or token.low in TITLES | ORG_WORDS or not (context.listed(token) or context.unknown(token)):
            continue
        before = tokens[place - 1].low if place > begin else ""
        read = place - 2 >= begin and tokens[place - 2].low in SIGNATURES
        if before in DETERMINERS | POSSESSIVES and not (before == "a" and read):
            continue
        initial = read and len(before) == 1 and before.isalpha() and before != "i"
        yield NameHit(place - 1 if initial else place, place, 0.7, "before a licence to practise", sure=False)


def _signed(context: NameWords, hits: Sequence[NameHit]) -> Iterator[NameHit]:
    """ "Dictated by P. Krishnamurthy, PK", "I sign Q.T.": initials beside the name or the signature."""
    tokens = context.tokens
    if not context.cased:
        return
    for hit in hits:
        begin, end = context.view.bounds[tokens[hit.first].turn]
        first = hit.first
        if first - 2 >= begin and tokens[first - 1].text == "." and len(tokens[first - 2].low) == 1:
            first -= 2
        initials = "".join(t.low[0] for t in tokens[first : hit.last + 1] if t.word)
        place = hit.last + 1
        if place + 1 < end and tokens[place].text == "," and len(initials) >= 2:
            token = tokens[place + 1]
            if token.text.isupper() and token.low == initials and token.low not in CREDENTIALS:
                yield NameHit(place + 1, place + 1, 0.75, "the initials of a name", sure=False)
    for turn in context.view.turns():
        begin, end = context.view.bounds[turn]
        for place in range(begin, end - 2):
            if tokens[place].low in ("sign", "signed", "signs", "initialed", "initials", "monogram"):
                step = place + 1
                while step + 1 < end and len(tokens[step].text) == 1 and tokens[step].upper and tokens[step + 1].text == ".":
                    step += 2
                if step - place >= 4:
                    yield NameHit(place + 1, step - 1, 0.75, "initials", sure=False)
