"""What a word of one dialogue can be, and how far a name reaches."""

from __future__ import annotations

from dataclasses import dataclass

from compliance.redaction.lexicon import Lexicon
from compliance.redaction.names_medical import taken_words
from compliance.redaction.names_words import (
    DAYS,
    FUNCTION,
    IN_NAMES,
    LANDS_AS_SURNAMES,
    MEDICAL_ENDINGS,
    PARTICLES,
    PERSONAL_AFTER,
    PERSONAL_BEFORE,
    PREFIXES,
    ROW,
    SAYS_OF_ONESELF,
    THING_BEFORE,
    VERBS_AFTER,
)
from compliance.redaction.numerals import masked_tokens, runs
from compliance.redaction.recognisers.calendar_words import MONTHS
from compliance.redaction.recognisers.dates import dated_tokens
from compliance.redaction.recognisers.words import (
    BRANDS,
    EPONYM_NOUNS,
    EPONYMS,
    FIRM_TITLES,
    NATIONS,
    ORG_WORDS,
    STATES,
    TITLES,
)
from compliance.redaction.view import DialogueView, Token
from compliance.redaction.written import REPEATS, TENS, UNITS

# After these a given name with its "'s" is what somebody has.
_OF_ILLNESS = frozenset("has have had having got of like for no not or and with".split())
LONGEST_SPELLED = 40  # letters; more are no name's


@dataclass(frozen=True, slots=True)
class NameHit:
    first: int
    last: int
    score: float
    reason: str
    sure: bool = True  # good enough to look for elsewhere


class NameWords:
    """One dialogue's words, with what each of them could be."""

    def __init__(self, view: DialogueView, words: Lexicon) -> None:
        self.view = view
        self.words = words
        self.tokens = view.tokens
        self.masked = masked_tokens(view)
        self.cased = view.cased
        self.dated = dated_tokens(view)
        self.spelled: dict[str, int] = {}
        self._gather_spelled()
        self.things = taken_words(
            self.tokens, view.bounds, lambda t: self.unknown(t) and not self.listed(t) and t.low not in self.spelled
        )

    def _gather_spelled(self) -> None:
        pending = ""
        last_turn = -9
        for run in runs(self.view):
            if run.digits or not 2 <= len(run.letters) <= LONGEST_SPELLED:
                continue
            word = run.letters.lower()
            goes_on = 0 <= run.turn - last_turn <= 1 and len(pending) + len(word) <= LONGEST_SPELLED
            pending = pending + word if goes_on else word
            last_turn = run.turn
            for candidate in (word, pending):
                if len(candidate) >= 3:
                    self.spelled[candidate] = run.turn

    def is_function(self, token: Token) -> bool:
        return token.low in FUNCTION or token.low in UNITS or token.low in TENS or token.low in REPEATS

    def common(self, token: Token) -> bool:
        return token.low in self.words.common

    def ordinary(self, token: Token) -> bool:
        low = token.low
        return low in self.words.ordinary or (low.endswith("'s") and low[:-2] in self.words.ordinary)

    def listed(self, token: Token) -> bool:
        """A word of the name lists, or of two such words with a hyphen."""
        return token.low in self.words.first_names or token.low in self.words.last_names

    def first_name(self, token: Token) -> bool:
        return token.low in self.words.first_names

    def unknown(self, token: Token) -> bool:
        low = token.low
        if not low.isalpha() or len(low) < 3:
            return False
        if self.ordinary(token) or low in self.words.drugs or low in self.words.conditions or low in BRANDS or low in EPONYMS:
            return False
        if low.endswith("s") and (low[:-1] in self.words.ordinary or low[:-2] in self.words.ordinary):
            return False
        for ending in ("ing", "ed", "er", "ly", "in", "nt", "ve", "re", "ll"):
            if low.endswith(ending) and low[: -len(ending)] in self.words.ordinary:
                return False
        return low not in NATIONS and low not in STATES and low not in ORG_WORDS and low not in MEDICAL_ENDINGS

    def never(self, token: Token) -> bool:
        low = token.low
        return (
            not token.word
            or not low[0].isalpha()
            or low in DAYS
            or low in STATES
            or low in NATIONS
            or low == "el" and self._next_low(token) == "salvador"
            or low == "lem" and self._next_low(token) == "me"  # "let me", as it is heard
            or token.index in self.masked
            or token.index in self.dated
            or (low in MONTHS and (low not in ("may", "april", "june", "august") or self._months_in_row(token)))
        )

    def _next_low(self, token: Token) -> str:
        following = self.tokens[token.index + 1] if token.index + 1 < len(self.tokens) else token
        return following.low if following.turn == token.turn else ""

    def _months_in_row(self, token: Token) -> bool:
        """ "may and june", "april through august"."""
        for step in (-2, 2):
            link, other = token.index + step // 2, token.index + step
            if 0 <= other < len(self.tokens) and self.tokens[other].turn == token.turn:
                if (
                    self.tokens[link].low in ("and", "or", "to", "through", "until", "till", "-")
                    and self.tokens[other].low in MONTHS
                ):
                    return True
        return False

    def name_like(self, token: Token, firm: bool = False) -> bool:
        """Whether this word may be (part of) a name after evidence; ``firm`` evidence lets ordinary words be names."""
        if (
            self.never(token)
            or token.low in FUNCTION
            and not (firm and token.low in ("will", "may") and (token.upper or not self.cased))
        ):
            return False
        if len(token.low) < 2 or token.low in FIRM_TITLES or (token.low in self.words.drugs and not self.listed(token)):
            return False
        if self.cased:
            if not token.upper:
                return False
            if token.text.isupper() and len(token.text) > 1 and not self.listed(token):
                return False
            return firm or not self.common(token) or self.listed(token)
        if self.common(token):
            return (firm and self.listed(token)) or token.low in self.words.frequent_first
        return self.listed(token) or self.unknown(token)

    def _land_as_surname(self, place: int) -> bool:
        """ "Denzel Washington", not "Aberdeen, Washington"."""
        before = self.tokens[place - 1]
        given = before.low in self.words.frequent_first and before.low not in self.words.cities
        return self.tokens[place].low in LANDS_AS_SURNAMES and before.turn == self.tokens[place].turn and given

    def _extent(self, first: int, end: int, firm: bool) -> int | None:
        """Last token of the name that begins at ``first``, or None."""
        if first >= end or not self.name_like(self.tokens[first], firm):
            return None
        last = first
        place = first + 1
        while place < end and place - first < 8:
            token = self.tokens[place]
            if (
                token.text == "-"
                and token.start == self.tokens[place - 1].end
                and place + 1 < end
                and self.tokens[place + 1].start == token.end
            ):
                if self.tokens[place + 1].word and not self.tokens[place + 1].low.isdigit():
                    last = place + 1
                    place += 2
                    continue
                break
            if token.text == "." and self.cased and len(self.tokens[place - 1].text) == 1:
                place += 1
                continue
            if not token.word or token.text in ("'s", "'S"):
                break
            if self.cased:
                surnamed = not self.never(token) or self._land_as_surname(place)
                if token.upper and surnamed and token.low not in ORG_WORDS:
                    if token.low in FUNCTION and token.low not in IN_NAMES:
                        break
                    if token.text.isupper() and len(token.text) > 1 and not self.listed(token):
                        break
                    last = place
                elif (
                    token.low in PARTICLES
                    and place + 1 < end
                    and (self.tokens[place + 1].upper or self.tokens[place + 1].low in PARTICLES)
                ):
                    pass
                else:
                    break
            else:
                strong = (self.listed(token) and not self.ordinary(token) or self.unknown(token)) and token.low not in FUNCTION
                middle = (
                    len(token.low) == 1
                    and token.low != "i"
                    and token.low != "a"
                    and place + 1 < end
                    and (self.listed(self.tokens[place + 1]) or self.unknown(self.tokens[place + 1]))
                    and self.tokens[place + 1].low not in FUNCTION
                )
                surname = (
                    token.low in self.words.frequent_last
                    and token.low not in FUNCTION
                    and self._closes(place, end)
                    and not (self.common(token) and self._asked_how(first))
                )
                land = self._land_as_surname(place)
                if self.never(token) and not land:
                    break
                if strong or surname or middle or land:
                    last = place
                elif (
                    token.low in PARTICLES
                    and place + 1 < end
                    and (self.listed(self.tokens[place + 1]) or self.unknown(self.tokens[place + 1]))
                    and self.tokens[place + 1].low not in FUNCTION
                ):
                    pass
                else:
                    break
            place += 1
        return last

    def _asked_how(self, first: int) -> bool:
        """ "was drew hurt": what follows the name in such a question says how somebody is."""
        begin = self.view.bounds[self.tokens[first].turn][0]
        if first == begin or self.tokens[first - 1].low not in ("is", "was", "are", "were"):
            return False
        return first - 1 == begin or self.tokens[first - 2].low in ("and", "so", "okay", "ok", "but", "now", "then", "how", "why", "when")

    def _closes(self, place: int, end: int) -> bool:
        """In lower case: a surname that is an ordinary word ends its phrase ("hope feldman", "tom young and")."""
        if place + 1 >= end:
            return True
        token = self.tokens[place + 1]
        return (
            not token.word
            or token.low in VERBS_AFTER
            or token.low in ("he", "she", "they", "and", "or", "at", "in", "from", "on", "with", "to", "im", "i'm")
            or (token.low == "i" and place + 2 < end and self.tokens[place + 2].low in SAYS_OF_ONESELF)
        )

    def _organisation(self, first: int, last: int, end: int) -> bool:
        """Whether the capitalised words around ``first..last`` are a firm, a court, a hospital."""
        lo, hi = first, last
        while hi + 1 < min(end, last + ROW) and (
            self.tokens[hi + 1].upper
            and self.tokens[hi + 1].word
            or self.tokens[hi + 1].low in ("of", "&", "and")
            and hi + 2 < end
            and self.tokens[hi + 2].upper
            and self.tokens[hi + 2].low in ORG_WORDS
        ):
            hi += 1
        turn_begin = max(self.view.bounds[self.tokens[first].turn][0], first - ROW)
        while (
            lo > turn_begin
            and self.tokens[lo - 1].upper
            and self.tokens[lo - 1].word
            and not self.tokens[lo].first
            and self.tokens[lo - 1].low not in TITLES
        ):
            lo -= 1
        inside = (t for t in self.tokens[lo : hi + 1] if t.index != first or first != last)
        return hi > lo and any(t.low in ORG_WORDS and t.upper and not self._park(t.index, first, hi) for t in inside)

    def _park(self, place: int, first: int, hi: int) -> bool:
        """A family name that is a firm's word ("Young-jae Park", "Nwosu-Park"), after a given name or a hyphen."""
        token = self.tokens[place]
        if token.low not in self.words.frequent_last or place != hi or place == first:
            return False
        before = self.tokens[place - 1]
        if before.text == "-" and before.start == self.tokens[place - 2].end:
            return True
        return self.romanised(place - 3) or (place - 1 == first and self.unknown(before) and not self.ordinary(before))

    def romanised(self, place: int) -> bool:
        """ "Young-jae", "Ha-eun", "Seo-yeon": a given name of two syllables, the second in small letters."""
        if place < 0 or place + 2 >= len(self.tokens):
            return False
        one, sign, two = self.tokens[place : place + 3]
        return (
            self.cased
            and sign.text == "-"
            and one.end == sign.start
            and sign.end == two.start
            and one.upper
            and one.turn == two.turn
            and one.text[1:].islower()
            and two.text.isalpha()
            and two.text.islower()
            and 2 <= len(one.text) <= 6
            and 2 <= len(two.text) <= 6
            and not self.ordinary(two)
            and not one.low.startswith(PREFIXES)
        )

    def _eponym(self, place: int, end: int) -> bool:
        after = [t.low for t in self.tokens[place + 1 : min(end, place + 4)]]
        token = self.tokens[place]
        # "He has Gilbert's", but "Brady's list is on the fridge".
        before = self.tokens[place - 1].low if place > self.view.bounds[token.turn][0] else ""
        owned = after[:1] == ["'s"] and (not self.first_name(token) or before in _OF_ILLNESS)
        return bool(set(after) & EPONYM_NOUNS) or token.low in EPONYMS and owned

    def _verb_follows(self, last: int, end: int) -> bool:
        if last + 1 >= end:
            return True
        following = self.tokens[last + 1]
        return not following.word or following.low in VERBS_AFTER - {"will", "can", "could", "would"}

    def _ends(self, last: int, end: int) -> bool:
        return last + 1 >= end or not self.tokens[last + 1].word

    def closes_name(self, last: int, end: int) -> bool:
        return self._closes(last, end) or self.tokens[last + 1].low in (
            "but", "i", "is", "it", "who", "i'm", "so", "he's", "she's", "hes", "shes", "his", "her", "my", "our",
        )  # fmt: skip

    def _stands(self, words: tuple[str, ...], place: int, end: int) -> bool:
        if place + len(words) > end:
            return False
        return all(self.tokens[place + n].low == word for n, word in enumerate(words))

    def _skip(self, place: int, end: int) -> int:
        """Over "uh", commas, "actually"."""
        steps = 0
        while (
            place < end
            and steps < 4
            and (
                self.tokens[place].text in (",", "...", ":", '"', "-")
                or self.tokens[place].low
                in ("uh", "um", "er", "actually", "spelled", "like", "either", "a", "mister", "just", "just,")
                and self.tokens[place].low != "mister"
            )
        ):
            place += 1
            steps += 1
        return place

    def _personal(self, first: int, last: int, end: int) -> bool:
        """Something only people do stands beside it."""
        begin = self.view.bounds[self.tokens[first].turn][0]
        following = self.tokens[last + 1] if last + 1 < end else None
        before = self.tokens[first - 1] if first > begin else None
        if following is not None and following.low in PERSONAL_AFTER:
            return True
        if before is None:
            return False
        somebody = before.low == "'s" and first - 2 >= begin and self.tokens[first - 2].low in ("he", "she")
        return before.low in PERSONAL_BEFORE or somebody or before.low in ("he's", "she's")

    def _thing(self, first: int, last: int) -> bool:
        """ "the Implanon", "on Clenil": an unknown word after an article or a verb of taking is no person."""
        if first == self.view.bounds[self.tokens[first].turn][0]:
            return False
        words = [t for t in self.tokens[first : last + 1] if t.word]
        before = self.tokens[first - 1].low
        if any(t.low in self.words.first_names or t.low in self.words.frequent_last for t in words):
            return False
        return before in THING_BEFORE

    def _named_here(self, place: int, end: int) -> bool:
        """In lower case an ordinary word after a title is a name only where no verb could stand."""
        token = self.tokens[place]
        if token.low in self.words.frequent_first or token.low in self.words.frequent_last:
            if place + 1 >= end:
                return True
            following = self.tokens[place + 1]
            return not following.word or following.low in FUNCTION or following.low in VERBS_AFTER or self.listed(following)
        return False
