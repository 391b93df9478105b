"""Words that are somebody's name or a town's and name neither: "Gleason eight", "a Terry stop", "the Holter showed nothing".

Only what stands beside a word says so, and less where the lists of names know it. Nothing does where the same word is somebody's
name in the dialogue by a title, a relative, a given name or what people do: then all of it stays hidden.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from compliance.redaction.lexicon import lexicon
from compliance.redaction.names_words import FUNCTION, PERSONAL_AFTER
from compliance.redaction.recognisers.called_after_people import OWNERS, somebodys, titled
from compliance.redaction.recognisers.called_after_words import (
    AFTER_CITED,
    AFTER_VALUE,
    AFTER_VALUE_OF_A_NAME,
    ALSO_VERBS,
    AT_HOUSES,
    BEFORE_TESTS,
    BENCH,
    CALLS_NAMES,
    CASES,
    CASES_OF_MANY,
    CITES,
    DECIDES,
    DEVICES,
    FAMILY_TALK,
    FIRMS,
    FIXED,
    GIVES,
    GRADES,
    HOUSES,
    HOUSES_DO,
    MAKERS,
    MEASURES,
    MONEY,
    OBJECTS,
    OF_DOCTRINES,
    OF_PARTIES,
    OF_SHOPS,
    PRODUCTS,
    RUNS,
    SCORES,
    SCORES_OF_MANY,
    SCORES_OF_MANY_GRADED,
    SHOPS,
    SHORT_FORMS,
    SHORT_FORMS_BARE,
    SHORT_FORMS_VALUED,
    STANDS,
    SURNAMES_TOO,
    TESTS,
    THINGS_OF_MANY,
    WORKED_UNDER,
    WORKS,
)
from compliance.redaction.recognisers.listed_phrases import by_first
from compliance.redaction.recognisers.words import BRANDS
from compliance.redaction.view import DialogueView, Token
from compliance.redaction.written import TENS, UNITS

LONGEST_VALUE = 2  # words: "forty-one"
TURNS_OF_TALK = 3  # before a score, in which families or homes are spoken of
NEAR = 6  # tokens
_POINTS = frozenset("point .".split())
_ANY = SCORES | CASES | PRODUCTS | SHORT_FORMS | SHORT_FORMS_VALUED | MAKERS | SHOPS


def called_after(view: DialogueView) -> frozenset[int]:
    """The tokens of words that are called after somebody, with the value that a score came to."""
    return view.once("called after", lambda v: _Reader(v).found())


class _Reader:
    def __init__(self, view: DialogueView) -> None:
        self.view = view
        self.tokens = view.tokens
        self.names = lexicon()
        self.firms = _firms()
        self.any = _ANY | self.firms
        self.people = somebodys(view, self.any, self.firms)

    def found(self) -> frozenset[int]:
        self.taken: set[int] = set()
        self._pass(frozenset())
        valued = {self.tokens[place].low for place in self.taken}
        again = frozenset(low for low in valued if low in SHORT_FORMS_VALUED | TESTS or low in SCORES and not self._listed(low))
        if again:
            self._pass(again)
        return frozenset(self.taken)

    def _pass(self, again: frozenset[str]) -> None:
        """One reading; ``again``: what stood beside its value elsewhere."""
        taken = self.taken
        for turn in self.view.turns():
            begin, end = self.view.bounds[turn]
            for place in range(begin, end):
                token = self.tokens[place]
                for last in self._phrases(place, begin, end):
                    taken.update(range(place, last + 1))
                if token.low in self.any and token.low not in self.people and not titled(self.tokens, place, begin):
                    found = self._one(place, begin, end)
                    if found is None and token.low in again and self._stands(place, begin, end):
                        found = place
                    if found is not None:
                        taken.update(range(place, found + 1))

    def _listed(self, low: str) -> bool:
        return low in self.names.first_names or low in self.names.last_names or low in SURNAMES_TOO

    def _stands(self, place: int, begin: int, end: int) -> bool:
        """ "Mag?", "Roc's in": where its value was told elsewhere."""
        after = self._low(place + 1, begin, end)
        step = place + 2 if after in ("'s", "is") else place + 1
        if not self._listed(self.tokens[place].low):
            return after not in PERSONAL_AFTER - {"'s", "has", "had"}
        return after == "?" and place == begin or self._low(step, begin, end) in STANDS and step > place + 1

    def _one(self, place: int, begin: int, end: int) -> int | None:
        """The last token of what is called after somebody from ``place`` on; None where nothing says that it is."""
        low = self.tokens[place].low
        after = self._low(place + 1, begin, end)
        if low in self.firms | PRODUCTS | SHORT_FORMS:
            return place
        if low in SCORES:
            last = self._score(place, begin, end)
            if last is not None:
                return last
        if low in CASES and self._case(place, begin, end):
            return place
        if low in SHORT_FORMS_VALUED:
            return self._valued(place, begin, end)
        if low in MAKERS and self._noun(place + 1, begin, end, DEVICES):
            return place
        if low in TESTS and self._test(place, begin, end):
            return place
        return place if low in SHOPS and after == "'s" and self._shop(place, begin, end) else None

    def _test(self, place: int, begin: int, end: int) -> bool:
        """ "The Holter showed nothing", "Coggins is current", "Holter for forty-eight hours"; "the Holter boy" is somebody."""
        after = self._low(place + 1, begin, end)
        if after in ("is", "was", "'s"):
            return self._low(place + 2, begin, end) in STANDS - {"in", "off", "up", "down", "fine"}
        if after == "for":
            value = self._value(place + 2, end)
            return value is not None and self._low(value + 1, begin, end) in ("hours", "days")
        closed = after in FUNCTION or after in ("showed", "shows", "read", "monitor") or place + 1 >= end or not self.tokens[place + 1].word
        return self._low(place - 1, begin, end) in BEFORE_TESTS and closed

    def _score(self, place: int, begin: int, end: int) -> int | None:
        low = self.tokens[place].low
        given, listed = low in self.names.first_names, self._listed(low)
        owned = self._low(place + 1, begin, end) == "'s"
        step = place + 2 if owned else place + 1
        after, before = self._low(step, begin, end), self._low(place - 1, begin, end)
        # Of what no list of names has, only the same turn is looked through for families.
        homely = before in GIVES or (self._family(place) if given or low in self.names.cities else self._family(place, 0))
        if after in MEASURES and not (owned and given):
            return place
        graded = self._value(step + 1, end) if after in GRADES and not owned else None
        if graded is not None:
            return place
        if low in self.names.frequent_first:
            return None
        value = self._value(step, end)
        if value is not None and not owned and self._closed(value, end, listed) and not homely:
            return self._lettered(value, begin, end)
        if after == "of" and not owned:
            value = self._value(step + 1, end)
            if value is not None and self._closed(value, end, listed) and not homely:
                return value
        if before in ("the", "a", "modified", "repeat", "initial") or before in ("her", "his", "your") and not self._family(place):
            alone = step >= end or self.tokens[step].text in ".?!,"
            if after == "a" and self._value(step + 1, end) is not None:
                return place
            if alone and not given or owned or after in ("was", "is", "of", "went", "came"):
                result = self._result(step, end)
                if result is not None or alone or after in ("went", "came"):
                    return place
            if before in ("modified", "repeat") or before == "the" and after in ("in", "again", "today"):
                return place
        if not given and low not in self.names.last_names and (owned or after in ("was", "is")):
            result = self._result(step, end)
            # "Killip is three" may be a child.
            rated = result is not None and (self._low(result + 1, begin, end) in ("out", "over") or any(t.low in ("at", "down", "up") for t in self.tokens[step:result]))
            if result is not None and rated and self._closed(result, end) and not self._family(place):
                return place
        return place if self._asked(place, begin, end) else None

    def _lettered(self, value: int, begin: int, end: int) -> int:
        """ "Gustilo three B", "Danis-Weber B": with the letter that follows, unless it is an article."""
        after = self._low(value + 1, begin, end)
        closed = value + 2 >= end or not self.tokens[value + 2].word
        return value + 1 if after and after in "bcdef" or after == "a" and closed else value

    def _result(self, place: int, end: int) -> int | None:
        """The last token of a value after "was", "is down to", "'s at"."""
        step = place
        while step < end and step - place < 3 and self.tokens[step].low in RUNS:
            step += 1
        return self._value(step, end)

    def _asked(self, place: int, begin: int, end: int) -> bool:
        """ "Berg?" "Forty-one.": the word is all that is said, and a number all that is answered."""
        turn = self.tokens[place].turn
        words = [t for t in self.tokens[begin:end] if t.word]
        if len(words) != 1 or turn + 1 >= len(self.view.bounds) or self.view.cased and self.tokens[end - 1].text not in "?":
            return False
        first, stop = self.view.bounds[turn + 1]
        value = self._value(first, stop)
        if value is None or any(t.word for t in self.tokens[value + 1 : stop]) or self._family(place):
            return False
        self.taken.update(range(first, value + 1))  # by itself the answer looks like a house's number
        return True

    def _valued(self, place: int, begin: int, end: int) -> int | None:
        """ "Mag's one eight", "Dex is at point seven", "Neo at sixty"; "Neo's two" may be a child."""
        low = self.tokens[place].low
        if self._family(place) or self._low(place - 1, begin, end) in GIVES:
            return None
        step = place + 1
        while step < end and step - place < 5 and (self.tokens[step].text == "'s" or self.tokens[step].low in RUNS):
            step += 1
        runs = any(t.low in ("at", "running", "of", "to") for t in self.tokens[place + 1 : step])
        value = self._value(step, end)
        named = low in self.names.first_names
        owned = self._low(place + 1, begin, end) in ("'s", "is", "was")  # "Roc's two" may be a child
        if value is not None and self._closed(value, end) and (runs or low in SHORT_FORMS_BARE or not owned and not named or self.tokens[step].low in _POINTS):
            return place
        if low == "shade" and self._low(step, begin, end) in "abcd" and self._value(step + 1, end) is not None:
            return place
        return place if self._asked(place, begin, end) else None

    def _case(self, place: int, begin: int, end: int) -> bool:
        low = self.tokens[place].low
        known = low in self.names.first_names or low in self.names.frequent_last
        before, after = self._low(place - 1, begin, end), self._low(place + 1, begin, end)
        if self._noun(place + 1, begin, end, OF_DOCTRINES):
            return True
        if self._noun(place + 1, begin, end, OF_PARTIES) and (not self._listed(low) or (low, after) in FIXED):
            return True
        if low in ("miranda", "garrity") and self._rights_read(place, begin, end):
            return True
        if not self._listed(low):
            return True
        if after in ("doesn't", "didn't") and self._low(place + 2, begin, end) in ("apply", "help"):
            return True
        if low in self.names.first_names:
            return False
        closed = place + 2 >= end or not self.tokens[place + 2].word or self.tokens[place + 2].low in ("your", *AFTER_CITED)
        if after in DECIDES and (not self._listed(low) or closed or self._of_law(place, begin, end)):
            return True
        alone = place + 1 >= end or not self.tokens[place + 1].word or after in AFTER_CITED or not self._listed(low)
        if before in CITES and (before == "under" or alone) and not self._family(place) and not (before == "under" and (known and not self._of_law(place, begin, end) or self._worked(begin, end))):
            return True
        if self._among_cases(place, known, begin, end):
            return True
        if before == "not" and self._low(place - 3, begin, end) in OF_PARTIES | OF_DOCTRINES | CASES:
            return True
        return self._before_bench(place, begin, end)

    def _among_cases(self, place: int, known: bool, begin: int, end: int) -> bool:
        """ "Is this Daubert or Frye?", "under Twombly and Iqbal": beside another case that is cited, or that nobody is called."""
        for step in (-2, 2):
            other, link = self._low(place + step, begin, end), self._low(place + step // 2, begin, end)
            if other not in CASES - self.names.first_names - self.people or link not in ("and", "or", ","):
                continue
            last = max(place, place + step)
            closed = last + 1 >= end or not self.tokens[last + 1].word
            cited = self._low(min(place, place + step) - 1, begin, end) in CITES and not self._worked(begin, end)
            if cited or link == "or" and closed and not (known and other in self.names.frequent_last):
                return True
        return False

    def _worked(self, begin: int, end: int) -> bool:
        """Whether somebody worked under somebody."""
        return any(t.low in WORKED_UNDER for t in self.tokens[begin:end])

    def _rights_read(self, place: int, begin: int, end: int) -> bool:
        """ "He was read Miranda", "read him his Miranda", "a post-Miranda statement"; "read Miranda a story" is no warning."""
        before = [self._low(place - n, begin, end) for n in (1, 2)]
        if before[0] == "-" and before[1] in ("post", "pre"):
            return True
        closed = place + 1 >= end or not self.tokens[place + 1].word or self.tokens[place + 1].low == "rights"
        told = before[0] == "read" and before[1] in ("was", "were", "been") or before[0] in OWNERS and before[1] in ("read", "him", "her", "them", "waived")
        return told and closed

    def _of_law(self, place: int, begin: int, end: int) -> bool:
        """Whether the sentence speaks of doctrines; of a listed surname, where it does."""
        near = {t.low for t in self.tokens[max(begin, place - NEAR) : min(end, place + NEAR + 1)]}
        return bool(near & _LAW)

    def _before_bench(self, place: int, begin: int, end: int) -> bool:
        """ "Batson, Your Honor.": all that is said, where nobody was asked who he is."""
        words = [t.low for t in self.tokens[begin:end] if t.word]
        turn = self.tokens[place].turn
        if tuple(words[1:]) not in BENCH or self.tokens[begin].index != place:
            return False
        return not (CALLS_NAMES & self._said_before(turn, 1))

    def _noun(self, place: int, begin: int, end: int, nouns: frozenset[str]) -> bool:
        """Whether one of ``nouns`` stands here, and is none of the verbs that are written alike ("Terry stop it")."""
        low = self._low(place, begin, end)
        return low in nouns and not (low in ALSO_VERBS and self._low(place + 1, begin, end) in OBJECTS)

    def _shop(self, place: int, begin: int, end: int) -> bool:
        """ "She worked at Wendy's", "the Tiffany's receipt"; "I was at Wendy's" is a visit."""
        after = self._low(place + 2, begin, end)
        if after in OF_SHOPS:
            return self._low(place - 1, begin, end) == "the" or after == "drive"
        closed = place + 2 >= end or not self.tokens[place + 2].word or after in FUNCTION
        if self.tokens[place].low not in self.names.first_names | self.names.frequent_last:
            return closed
        near = {t.low for t in self.tokens[max(begin, place - NEAR) : place]}
        return closed and self._low(place - 1, begin, end) in ("at", "from") and bool(near & WORKS)

    def _phrases(self, place: int, begin: int, end: int) -> Iterator[int]:
        """Last tokens of the names of several words that are nobody's here."""
        for words in _starts().get(self.tokens[place].low, ()):
            last = place + len(words) - 1
            if last >= end or any(self.tokens[place + n].low != word for n, word in enumerate(words)) or titled(self.tokens, place, begin):
                continue
            phrase = " ".join(words)
            if phrase in HOUSES:
                near = {t.low for t in self.tokens[max(begin, place - NEAR) : min(end, last + NEAR + 1)]}
                said = phrase == "chime" or self._low(place - 1, begin, end) in AT_HOUSES or self._low(last + 1, begin, end) in HOUSES_DO
                if said and near & MONEY and not self.people.intersection(words) and self._low(last + 1, begin, end) not in PERSONAL_AFTER - {"'s"}:
                    yield last
                continue
            value = self._value(last + 2 if self._low(last + 1, begin, end) in GRADES else last + 1, end)
            after = self._low(last + 1, begin, end)
            if after == "of" and phrase in SCORES_OF_MANY_GRADED:
                value = self._value(last + 2, end)
            graded = after in GRADES and self._low(last + 2, begin, end) in ("a", "b", "c", "d") or after in MEASURES | OF_DOCTRINES
            if phrase in SCORES_OF_MANY:
                yield self._lettered(value if value is not None and self._closed(value, end) else last, begin, end)
            elif phrase not in SCORES_OF_MANY_GRADED or graded or value is not None and self._closed(value, end):
                yield last

    def _family(self, place: int, turns: int = TURNS_OF_TALK) -> bool:
        """Whether families, ages or homes are spoken of in the turn or just before."""
        return bool(FAMILY_TALK & self._said_before(self.tokens[place].turn, turns, here=True))

    def _said_before(self, turn: int, turns: int, *, here: bool = False) -> set[str]:
        first = self.view.bounds[max(0, turn - turns)][0]
        begin, end = self.view.bounds[turn]
        return {t.low for t in self.tokens[first : end if here else begin]} - ({"child"} if here else set())  # of Child-Pugh

    def _value(self, place: int, end: int) -> int | None:
        """The last token of a small number that begins here ("forty-one", "1.2"); of a longer row of numbers nothing."""
        last, words = place - 1, 0
        step = place
        while step < end:
            token = self.tokens[step]
            if _numeral(token):
                last, words = step, words + 1
            elif not (token.text in ("-", ".") or token.low == "point") or step + 1 >= end or not _numeral(self.tokens[step + 1]):
                break
            elif token.low == "point":
                words -= LONGEST_VALUE
            step += 1
        return last if last >= place and words <= LONGEST_VALUE else None

    def _closed(self, value: int, end: int, listed: bool = False) -> bool:
        """Whether nothing is counted by the value: "Gleason four.", "Ranson of three"; not "Gleason four times"."""
        if value + 1 >= end or not self.tokens[value + 1].word:
            return value + 2 >= end or self.tokens[value + 1].text not in "-:" and self.tokens[value + 1].text != "'s"
        after = self.tokens[value + 1]
        return after.low in (AFTER_VALUE_OF_A_NAME if listed else AFTER_VALUE) or len(after.low) == 1 and after.low in "abcdef"

    def _low(self, place: int, begin: int, end: int) -> str:
        return self.tokens[place].low if begin <= place < end else ""


_LAW = OF_DOCTRINES | OF_PARTIES | frozenset(
    "evidence suppress suppression disclose disclosed disclosure discovery prosecution testimonial holding precedent doctrine statute court prong".split()
) - {"list", "letter", "plan", "state", "stop", "order", "test", "problem", "action", "notice", "error", "issue", "issues"}  # fmt: skip


@cache
def _firms() -> frozenset[str]:
    """Firms and programs of one word that is neither a name nor another word: the model takes them for people all the same."""
    names = lexicon()
    return FIRMS | (BRANDS - names.first_names - names.last_names - names.ordinary - names.cities)


def _numeral(token: Token) -> bool:
    return token.low.isdigit() and len(token.low) <= 3 or token.low in UNITS or token.low in TENS or token.low == "hundred"


@cache
def _starts() -> dict[str, list[tuple[str, ...]]]:
    return by_first([*SCORES_OF_MANY, *SCORES_OF_MANY_GRADED, *CASES_OF_MANY, *THINGS_OF_MANY, *HOUSES])
