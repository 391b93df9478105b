"""The model's second opinion on what was found by its look alone, and what only the model finds.

A model that gives each word a chance of being (part of) a person's name or a place weighs the weak evidence of lists and
neighbours: what it holds for practically impossible is dropped, and what it is sure of needs no other evidence. Firm
evidence (spelling, the matter's own lists, of words that are not ordinary titles and introductions, too) is not asked.
"""

from __future__ import annotations

from collections.abc import Iterator

from compliance.redaction.encoder import Chance
from compliance.redaction.names_base import NameHit, NameWords
from compliance.redaction.names_medical import medical_word
from compliance.redaction.names_words import AMBIGUOUS, DAYS, IN_NAMES
from compliance.redaction.recognisers.beside_labels import LIKELY_BESIDE_LABELS, UNLIKELY_BESIDE_LABELS, beside_labels
from compliance.redaction.recognisers.calendar_words import MONTHS
from compliance.redaction.recognisers.called_so import after_given, taken, titled_so
from compliance.redaction.recognisers.words import (
    BRANDS,
    EPONYM_NOUNS,
    EPONYMS,
    FIRM_TITLES,
    KIN,
    NATIONS,
    ORG_WORDS,
    STATES,
    TITLES,
)
from compliance.redaction.view import DialogueView, Token
from compliance.redaction.written import TENS, UNITS

# Below this chance of being private, weak evidence is dropped; measured on the development transcripts.
IMPOSSIBLE = 0.05
# From this chance on, a word is hidden without other evidence. Measured, as those below but the certain ones, on 87 transcripts that
# the model had not read: all together they hide about three words for each private span, and no dose.
LIKELY = 0.2
LIKELY_ORDINARY = 0.45  # a word that is an ordinary one as well
# From this chance on, one letter ("doctor P") is a name.
LIKELY_LETTER = 0.6
# From this one an "a", a weekday or month ("Sunday Okeke") is one, too, and a word a place.
CERTAIN = 0.95
# From this one what lists hold for no name: a little word ("the last name is do"), a firm's, a thing after an article, "harlan case".
AGAINST_LISTS = 0.5
# From this one a title alone ("His name. Justice."), or a plant's name in the midst of a sentence.
AS_GOOD_AS_TOLD = 0.97
SURELY_MEDICAL = 0.75
CERTAIN_MEDICINE = 0.8  # what only sounds like a medicine: "we say beti"
# A word that is somebody's name elsewhere in the transcript is one again from this chance on.
LEANS_AGAIN = 0.15
LIKELY_EPONYM = 0.85  # "look the crab osgood he did fifty five minutes"
# Countries, peoples, states and ranks after which people are called, too.
NAMED_AFTER = frozenset(
    """asia dutch salvador india kenya israel jordan chad georgia virginia carolina dakota montana ireland tennessee nevada delaware
    major dean duke earl king prince baron""".split()
)
NUMERALS = frozenset([*UNITS, *TENS])
AFTER_CALLS = frozenset("we i you okay ok can can't could do don't please it's i'm let let's what where when how listen".split())
WEATHER = frozenset("weather day sky outside morning afternoon forecast".split())  # "the weather is sunny"
WEAK_NAMES = frozenset(
    ["a first name", "a last name", "first and last name", "capitalised like a name", "capitalised where a person stands",
     "a first name where a person stands", "a last name where a person stands", "the language model",
     "a name found elsewhere in the transcript"]
)  # fmt: skip
# What is said around a word, which believes any word: of an ordinary one the model is asked.
BY_GRAMMAR = frozenset(
    ["answers a question for a name", "addressed or introduced by name", "named beside a family member or a role", "after a title",
     "introduced by name", "called by name"]
)  # fmt: skip
LOOKS = frozenset(["the language model", "a first name where a person stands", "a last name where a person stands"])
WEAK_PLACES = frozenset(
    ["a city or county", "a street, by the word before it", "answers a question for an address", "the language model",
     "a place named elsewhere in the transcript", "a street or town", "a crossing"]
)  # fmt: skip


def impossible(chances: dict[int, tuple[float, float]], first: int, last: int, limit: float = IMPOSSIBLE) -> bool:
    """Whether the model sees no chance of anything private in these tokens; never without its opinion."""
    told = [chances[place] for place in range(first, last + 1) if place in chances]
    return bool(told) and max(person + place for person, place in told) < limit


def unbelievable(words: NameWords, chances: dict[int, tuple[float, float]], hit: NameHit) -> bool:
    """Whether weak evidence, or words around an ordinary one ("i'm sorry i had to ask"), stand against a model that sees no chance."""
    near = words.tokens[hit.first].turn in beside_labels(words.view)
    if hit.reason in WEAK_NAMES:
        # Capitals are better evidence than the model's doubt.
        return not words.cased and impossible(chances, hit.first, hit.last, UNLIKELY_BESIDE_LABELS if near else IMPOSSIBLE)
    said = [t for t in words.tokens[hit.first : hit.last + 1] if t.word]
    if hit.reason not in BY_GRAMMAR or not all(words.ordinary(t) for t in said):
        return False
    if hit.reason in ("after a title", "called by name") and words.cased and all(t.upper for t in said):
        return False  # "Mr. Judge", "we all called him Captain"
    return impossible(chances, hit.first, hit.last, LIKELY_BESIDE_LABELS if near else IMPOSSIBLE)


def left_on_purpose(view: DialogueView, chances: dict[int, tuple[float, float]], hit: NameHit) -> bool:
    """Whether only the model, and not for sure, takes this for a name in a text that was labelled before."""
    near = view.tokens[hit.first].turn in beside_labels(view)
    looks = hit.reason in LOOKS or not view.cased and hit.reason == "a last name"
    return looks and near and _below(chances, hit, LIKELY_BESIDE_LABELS)


def place_left_on_purpose(view: DialogueView, chances: dict[int, tuple[float, float]], first: int, last: int) -> bool:
    """The same of a place that the model alone has found."""
    if view.tokens[first].turn not in beside_labels(view):
        return False
    told = [chances[place][1] for place in range(first, last + 1) if place in chances]
    return bool(told) and max(told) < LIKELY_BESIDE_LABELS


def of_medicine(chances: dict[int, Chance], hit: NameHit) -> bool:
    """ "Any Waddell signs?", "Levine grade two": whose name, only by its look, the model reads as a sign, a scale or a disease."""
    told = [chances[place] for place in range(hit.first, hit.last + 1) if place in chances]
    return hit.reason in WEAK_NAMES and bool(told) and all(c.medical >= SURELY_MEDICAL and c.person < LIKELY for c in told)


def mostly_people(view: DialogueView, chances: dict[int, tuple[float, float]], words: frozenset[str]) -> frozenset[str]:
    """Of ``words`` those that the model is certain are people at most of their places, and at two at least."""
    told: dict[str, list[bool]] = {}
    for place, (person, _) in chances.items():
        low = view.tokens[place].low
        if low in words:
            told.setdefault(low, []).append(person >= CERTAIN)
    return frozenset(low for low, people in told.items() if sum(people) >= 2 and 2 * sum(people) > len(people))


def doubtful(words: NameWords, chances: dict[int, tuple[float, float]], hit: NameHit) -> bool:
    """Whether only the model, and with hardly more chance than not, takes ordinary words, or after an article one, for a name."""
    said = [t for t in words.tokens[hit.first : hit.last + 1] if t.word]
    plain = all(words.ordinary(t) or t.low in AMBIGUOUS for t in said)
    thing = hit.first == hit.last and _articled(words, hit.first) and not _beside_a_person(chances, hit.first)
    return plain and hit.reason == "the language model" and _below(chances, hit, AGAINST_LISTS if thing else LIKELY_ORDINARY)


def _below(chances: dict[int, tuple[float, float]], hit: NameHit, limit: float) -> bool:
    told = [chances[place][0] for place in range(hit.first, hit.last + 1) if place in chances]
    return bool(told) and max(told) < limit


def _last_letter(words: NameWords, chances: dict[int, tuple[float, float]], place: int) -> int:
    """The last of the letters said in a row from ``place`` on that are as surely a person's."""
    last, end = place, words.view.bounds[words.tokens[place].turn][1]
    for following in range(place + 1, end):
        token = words.tokens[following]
        if token.word and not (len(token.low) == 1 and token.low.isalpha() and chances.get(following, (0.0, 0.0))[0] >= CERTAIN):
            break
        last = following if token.word else last
    return last


def _signed(words: NameWords, chances: dict[int, tuple[float, float]], place: int) -> bool:
    """ "P. and Josh": an initial beside somebody's name."""
    begin, end = words.view.bounds[words.tokens[place].turn]
    near = [p for p in range(max(begin, place - 4), min(end, place + 5)) if abs(p - place) > 1 and words.tokens[p].word]
    joined = any(t.low in ("and", "&") for t in words.tokens[max(begin, place - 2) : min(end, place + 3)])
    return words.cased and words.tokens[place].upper and joined and any(chances.get(p, (0.0, 0.0))[0] >= CERTAIN for p in near)


def _beside_a_person(chances: dict[int, tuple[float, float]], place: int, limit: float = LIKELY) -> bool:
    """ "osgood penhallow had a stroke": part of a name of two words, though a disease is called so, too."""
    return any(chances.get(beside, (0.0, 0.0))[0] >= limit for beside in (place - 1, place + 1))


def likely_people(words: NameWords, chances: dict[int, tuple[float, float]], hits: list[NameHit]) -> Iterator[NameHit]:
    """People that the model is sure of and nothing else found: ordinary words as names, above all."""
    taken = {place for hit in hits for place in range(hit.first, hit.last + 1)}
    whole = _certain_rows(words, chances)
    row = -1
    for place, (person, elsewhere) in sorted(chances.items()):
        token = words.tokens[place]
        low = token.low
        if person < LIKELY or person < elsewhere or place in taken:
            continue
        if len(low) < 2:
            lone = low in "ai" and not _beside_letter(words, chances, place)
            signed = not lone and _signed(words, chances, place)
            if place > row and low.isalpha() and person >= (CERTAIN if lone else AGAINST_LISTS if signed else LIKELY_LETTER):
                row = _last_letter(words, chances, place)
                yield NameHit(place, row, 0.6, "the language model", sure=False)
            continue
        if place in whole:
            yield NameHit(place, place, 0.6, "the language model", sure=not words.ordinary(token))
            continue
        if words.cased and not token.upper and (person < AGAINST_LISTS or words.ordinary(token)):
            continue
        if _certain_name(words, chances, place) or not _no_name(words, chances, place):
            reason = "called at the beginning" if _called(words, place) else "the language model"
            yield NameHit(place, place, 0.6, reason, sure=not words.ordinary(token) and person > 0.7)


def between_parts(words: NameWords, chances: dict[int, tuple[float, float]]) -> Iterator[NameHit]:
    """ "naw say wah": in text without capitals a word between two that are certainly one person's, where the model leans that way."""
    for place, (person, _) in chances.items() if not words.cased else ():
        if not LIKELY <= person < CERTAIN or place + 1 >= len(words.tokens) or words.tokens[place - 1].turn != words.tokens[place + 1].turn:
            continue
        if min(chances.get(p, (0.0, 0.0))[0] for p in (place - 1, place + 1)) >= CERTAIN and words.tokens[place].low.isalpha():
            yield NameHit(place, place, 0.6, "the language model", sure=False)


def named_again(words: NameWords, chances: dict[int, tuple[float, float]], hits: list[NameHit]) -> Iterator[NameHit]:
    """In text without capitals, where a word that is somebody's name elsewhere is plainly an ordinary one by what stands
    around it, and the model leans to a name all the same."""
    taken = {place for hit in hits for place in range(hit.first, hit.last + 1)}
    named = {words.tokens[place].low for place in taken} - DAYS - MONTHS
    for place, (person, _) in chances.items() if not words.cased else ():
        token = words.tokens[place]
        if person >= LEANS_AGAIN and place not in taken and token.low in named and len(token.low) > 2 and not words.never(token):
            yield NameHit(place, place, 0.6, "a name found elsewhere in the transcript", sure=False)


def _certain_rows(words: NameWords, chances: dict[int, tuple[float, float]]) -> frozenset[int]:
    """The tokens of names of several words or syllables ("It's cho, keh, wan, ka"), each as good as certain and one of them no word of
    every day, however they are written."""
    found: set[int] = set()
    row: list[int] = []
    for place in [*(p for p in sorted(chances) if words.tokens[p].word), -1]:
        if row and not (_goes_on(words, row[-1], place) and _as_good(words, chances, place)):
            strange = any(not words.ordinary(words.tokens[p]) and not words.is_function(words.tokens[p]) for p in row)
            if len(row) > 1 and strange:
                found.update(row)
            row = []
        if place >= 0 and _as_good(words, chances, place):
            row.append(place)
    return frozenset(found)


def _goes_on(words: NameWords, last: int, place: int) -> bool:
    """Whether nothing but a comma or a hyphen stands between two words of a turn."""
    same = place >= 0 and words.tokens[place].turn == words.tokens[last].turn
    return same and (place == last + 1 or place == last + 2 and words.tokens[last + 1].text in (",", "-"))


def _as_good(words: NameWords, chances: dict[int, tuple[float, float]], place: int) -> bool:
    token = words.tokens[place]
    if chances[place][0] < AGAINST_LISTS or words.never(token) or _medicine(words, token) or token.low in _NO_PART:
        return False
    syllable = not words.is_function(token) or place > 0 and words.tokens[place - 1].text == ","  # "wan" is none of "wanna" there
    return token.low.isalpha() and len(token.low) > 1 and syllable


_NO_PART = TITLES | KIN | NATIONS | FIRM_TITLES | EPONYMS


def _medicine(words: NameWords, token: Token) -> bool:
    listed = words.first_name(token) or token.low in words.words.frequent_last
    drug = token.low in words.words.drugs and not words.listed(token)
    return drug or token.low in words.things or medical_word(token.low, listed)


def _articled(words: NameWords, place: int) -> bool:
    return not words.cased and _after_article(words, place)


def _after_article(words: NameWords, place: int) -> bool:
    return place > words.view.bounds[words.tokens[place].turn][0] and words.tokens[place - 1].low in ("a", "an", "the")


def _called(words: NameWords, place: int) -> bool:
    """ "frank we can't do seventy five": where nothing but a call begins a turn before these words."""
    begin, end = words.view.bounds[words.tokens[place].turn]
    return not words.cased and place == begin and place + 1 < end and words.tokens[place + 1].low in AFTER_CALLS


def _beside_letter(words: NameWords, chances: dict[int, tuple[float, float]], place: int) -> bool:
    """ "p a thompson": the letter before it is a person's, too."""
    return place > 0 and len(words.tokens[place - 1].low) == 1 and chances.get(place - 1, (0.0, 0.0))[0] >= LIKELY_LETTER


def _certain_name(words: NameWords, chances: dict[int, tuple[float, float]], place: int) -> bool:
    """What lists hold for no name and the model for certainly one, where people are called so."""
    token = words.tokens[place]
    low = token.low
    if low in NAMED_AFTER and chances[place][0] >= AGAINST_LISTS:
        return True
    if low in EPONYMS and chances[place][0] >= LIKELY_EPONYM and not _named_after(words, place):
        return True
    if chances[place][0] < AGAINST_LISTS:
        return False
    if words.is_function(token):
        begins = words.cased and token.first  # "So, doctor"
        if low not in NUMERALS - {"oh"} and not begins:
            return True
        if begins and token.upper and chances.get(place + 1, (0.0, 0.0))[0] >= CERTAIN and chances[place][0] >= LIKELY_EPONYM:
            return True  # "My Linh Do."
        # "Doctor Do", "Quyen Do"; "So, doctor" begins a sentence.
        before = words.tokens[place - 1] if place > words.view.bounds[token.turn][0] else None
        return before is not None and words.cased and (before.low in TITLES or chances.get(place - 1, (0.0, 0.0))[0] >= CERTAIN)
    # "My daughter, Marigold", "Sorry, was that Camphor?": of plants and drugs, what is a word of every day.
    medical = low in words.words.drugs or low in words.things or medical_word(low, False)
    if low in words.words.drugs and words.cased and token.upper and chances[place][0] >= AS_GOOD_AS_TOLD:
        return True  # "My husband's dead. Ovide.": a brand, and a Cajun's name
    unheard = medical and not (words.ordinary(token) or words.listed(token)) and low not in words.words.drugs | words.words.conditions
    if unheard and chances[place][0] >= CERTAIN_MEDICINE:
        return True
    plant = medical and words.ordinary(token) and low not in words.words.drugs | words.words.conditions
    if plant and chances[place][0] >= CERTAIN and not taken(words, place) and not (words.cased and token.first):
        return True  # "you tell marigold", "Gus and, uh, Marigold"
    return medical and words.ordinary(token) and (_relative(words, place) or _asked_back(words, place) or _acts(words, place))


def _named_after(words: NameWords, place: int) -> bool:
    """ "osgood schlatter disease", "hawkins is positive": what is called after the person follows, or how the test came out."""
    end = words.view.bounds[words.tokens[place].turn][1]
    after = {t.low for t in words.tokens[place + 1 : min(end, place + 4)]}
    return bool(after & (EPONYM_NOUNS | EPONYMS | {"positive", "negative"}))


def _ends_firm(words: NameWords, place: int) -> bool:
    """Where capitals are told apart: whether another capital, a possessive or a label of an earlier pass stands before the word."""
    if not words.cased or place == words.view.bounds[words.tokens[place].turn][0]:
        return False
    before = words.tokens[place - 1]
    return before.text in ("'s", "█") or before.word and before.upper and not words.tokens[place].first


def _acts(words: NameWords, place: int) -> bool:
    """ "Peanut said it was ringworm": what medicines do not."""
    end = words.view.bounds[words.tokens[place].turn][1]
    return place + 1 < end and words.tokens[place + 1].low in _ACTS and not _after_article(words, place)


_ACTS = frozenset("said says told asked drove called signed married hired laughed yelled texted".split())


def _asked_back(words: NameWords, place: int) -> bool:
    begin, end = words.view.bounds[words.tokens[place].turn]
    asked = [t.low for t in words.tokens[max(begin, place - 2) : place]] in (["was", "that"], ["is", "it"], ["was", "it"], ["you", "said"])
    return asked and (place + 1 >= end or words.tokens[place + 1].text == "?")


def _relative(words: NameWords, place: int) -> bool:
    begin = words.view.bounds[words.tokens[place].turn][0]
    before = [t.low for t in words.tokens[max(begin, place - 2) : place]]
    return bool(before) and (before[-1] in KIN or (before[-1] == "," and before[0] in KIN))


def _no_name(words: NameWords, chances: dict[int, tuple[float, float]], place: int) -> bool:
    """What is nobody's name though the model thinks so."""
    token, person = words.tokens[place], chances[place][0]
    low = token.low
    if titled_so(words, place) and person >= AS_GOOD_AS_TOLD:
        return False
    if low in DAYS and person >= CERTAIN_MEDICINE and _relative(words, place):
        return False  # "our brother monday"
    if low in NATIONS | STATES and person >= AGAINST_LISTS and _beside_a_person(chances, place, CERTAIN):
        return False  # "Sita Nepali", "Rosa English", "Sita Washington"
    if words.never(token) and not (person >= CERTAIN and (low in DAYS | MONTHS or low.isalpha() and token.index in words.masked)):
        return True
    if person < LIKELY_ORDINARY and (words.ordinary(token) or low in AMBIGUOUS) and not _called(words, place):
        return True
    if person < AGAINST_LISTS and words.ordinary(token) and _articled(words, place) and not _beside_a_person(chances, place):
        return True  # "there was a chase on the highway"
    if low == "sunny" and WEATHER & {t.low for t in words.tokens[max(0, place - 6) : place]}:
        return True
    if words.is_function(token) and not (low in ("will", "may") and person > 0.8):
        if not (low in IN_NAMES | {"jesus"} and person >= AGAINST_LISTS):
            return True
    if low in BRANDS and person < AGAINST_LISTS:
        return True
    if low in ORG_WORDS and person >= AGAINST_LISTS and after_given(words, place):
        return False
    if low in ORG_WORDS and (person < AGAINST_LISTS or _after_article(words, place) or _ends_firm(words, place)):
        return True  # "the dependency of river and zion", not "Hargrove's Market"
    if low in TITLES - IN_NAMES | FIRM_TITLES | EPONYMS:
        return True
    # A listed name beside another person is one, though a vocabulary has it, too; a drug that no list of names has is none.
    return _medicine(words, token) and not (words.listed(token) and _beside_a_person(chances, place))
