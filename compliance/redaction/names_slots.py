"""Places where only a person can stand, for names that are ordinary words, too.

In text without capitals "wren", "moon" and "chance" look like any other word. What tells them apart is grammar: who speaks at the
beginning of a call, who is thanked, who is asked to do something, whose name is explained ("like the weather").
"""

from __future__ import annotations

from collections.abc import Iterator

from compliance.redaction.ambiguity import ADJECTIVES, DETERMINERS, POSSESSIVES
from compliance.redaction.names_base import NameHit, NameWords
from compliance.redaction.names_slot_words import (
    ASKED_WITH,
    ASKS,
    AT_WORK,
    BASE_VERBS,
    CLOSING,
    ENDEARMENTS,
    EXPLAINS,
    HARDLY,
    LIVES,
    RELATIVES,
    REQUESTS,
    STARTS_CLAUSE,
)
from compliance.redaction.names_words import FUNCTION, OWNED, PRONOUNS
from compliance.redaction.recognisers.words import KIN, NOT_AFTER_TITLE, ORG_WORDS, STATES, TITLES
from compliance.redaction.view import Token


class NameSlots(NameWords):
    """Names by the place where they stand, whatever else the word means."""

    def slots(self, turn: int, begin: int, end: int) -> Iterator[NameHit]:
        for place in range(begin, end):
            if not self.tokens[place].word:
                continue
            yield from self._explained(place, begin, end)
            yield from self._paired(place, begin, end)
            yield from self._family_topic(place, begin, end)
            yield from self._state_name(place, begin, end)
            yield from self._was_called(place, begin, end)
            if not self.cased:
                yield from self._speaks(turn, place, begin, end)
                yield from self._thanked(place, begin, end)
                yield from self._called_upon(place, begin, end)
                yield from self._asked_about(place, begin, end)
                yield from self._repeated(place, begin, end)
        if not self.cased:
            yield from self._company(turn, begin, end)

    def _low(self, place: int, begin: int, end: int) -> str:
        return self.tokens[place].low if begin <= place < end else ""

    def could_be(self, place: int, *, rare: bool = False) -> bool:
        """A listed word (with ``rare``: any first or last name, else a first name) that is no function word and no term of address."""
        token = self.tokens[place]
        if self.never(token) or token.low in FUNCTION or token.low in ENDEARMENTS or len(token.low) < 3:
            return False
        if token.low in ORG_WORDS and not self.first_name(token) or token.low in TITLES or token.low in NOT_AFTER_TITLE:
            return False
        if self.cased and not token.upper:
            return False
        if token.low in self.words.frequent_first:
            return True
        if token.low in HARDLY:
            return False
        return self.first_name(token) or (rare and (token.low in self.words.last_names or self.unknown(token)))

    def _new_clause(self, place: int, end: int) -> bool:
        return place >= end or not self.tokens[place].word or self.tokens[place].low in STARTS_CLAUSE

    def _surnamed(self, place: int, end: int) -> int:
        """Last token of a name that begins at ``place``, whatever kind of word that is."""
        last = place
        if place + 1 < end and self.tokens[place + 1].word:
            surname = self.tokens[place + 1]
            if surname.low not in FUNCTION and not self.ordinary(surname) and (self.listed(surname) or self.unknown(surname)):
                last = self._extent(place + 1, end, False) or place + 1
        return last

    def _state_name(self, place: int, begin: int, end: int) -> Iterator[NameHit]:
        """ "hi virginia how are you": a state is not greeted."""
        token = self.tokens[place]
        if token.low not in STATES or not self.first_name(token) or (self.cased and not token.upper):
            return
        said = self._low(place - 1, begin, end)
        two = (self._low(place - 2, begin, end), said)
        greeted = said in ("hi", "hello", "hey", "dear", "thanks") or two in (
            ("thank", "you"),
            ("good", "morning"),
            ("good", "afternoon"),
        )
        named = two in (("is", "this"), ("my", "name's"), ("name", "is")) or said in RELATIVES
        asked = said == "," and place + 2 >= end and any(t.low in ("you", "your") for t in self.tokens[begin:place])
        if (greeted or named) and self._new_clause(place + 1, end) or asked:
            yield NameHit(place, place, 0.9, "greeted or thanked")

    def _speaks(self, turn: int, place: int, begin: int, end: int) -> Iterator[NameHit]:
        """ "ride desk this is sunny on a recorded line", at the beginning of a call."""
        if self._low(place, begin, end) != "this" or self._low(place + 1, begin, end) != "is" or place - begin > 12 or turn > 6:
            return
        name = place + 2
        if (
            name >= end
            or not self.could_be(name, rare=True)
            or self.tokens[name].low in ADJECTIVES - {"sunny", "rich", "sandy"}
        ):
            return
        last = self._surnamed(name, end)
        following = [t.low for t in self.tokens[last + 1 : last + 4]]
        works = not following or following[0] in AT_WORK or following[0] in ("in", "over") and "the" not in following[1:2]
        asks = following[:1] and following[0] in ASKS and (len(following) < 2 or following[1] in ASKED_WITH)
        if works or asks or following[:2] == ["on", "a"]:
            yield NameHit(name, last, 0.85, "says who is speaking")

    def _thanked(self, place: int, begin: int, end: int) -> Iterator[NameHit]:
        """ "thank you wren", "good morning moon"."""
        if not self.could_be(place, rare=True) or place - begin < 1:
            return
        said = self._low(place - 1, begin, end)
        two = (self._low(place - 2, begin, end), said)
        greeted = said in ("thanks", "goodbye", "hi", "hello", "hey") or two in (
            ("thank", "you"), ("good", "morning"), ("good", "afternoon"), ("good", "evening"), ("good", "night"), ("welcome", "back"), ("bye", "bye"),
        )  # fmt: skip
        if greeted and (said != "thanks" or self.tokens[place].low not in ADJECTIVES) and self._new_clause(place + 1, end):
            if self._low(place + 1, begin, end) not in ("to", "on", "in", "with", "for", "from", "at"):
                yield NameHit(place, place, 0.8, "greeted or thanked")

    def _called_upon(self, place: int, begin: int, end: int) -> Iterator[NameHit]:
        """ "grace can you get me the file", "let me have rich send it"."""
        if not self.could_be(place):
            return
        token = self.tokens[place]
        said = self._low(place - 1, begin, end)
        following = [t.low for t in self.tokens[place + 1 : min(end, place + 3)]]
        free = place == begin or (
            token.low in self.words.frequent_first
            and said not in DETERMINERS | POSSESSIVES | PRONOUNS
            and said not in ("of", "in", "to")
        )
        if free and len(following) == 2 and following[0] in REQUESTS and following[1] == "you":
            yield NameHit(place, place, 0.75, "asked to do something", sure=token.low in self.words.frequent_first)
        if said in ("have", "let", "make", "had") and following and following[0] in BASE_VERBS:
            if self._low(place - 2, begin, end) in (
                "me",
                "ill",
                "i'll",
                "can",
                "could",
                "we'll",
                "to",
                "and",
                "please",
                "will",
                "you",
                "",
                "i",
                "gonna",
                "just",
            ):
                yield NameHit(place, place, 0.8, "somebody who is to do something", sure=False)

    def _asked_about(self, place: int, begin: int, end: int) -> Iterator[NameHit]:
        """ "did you say moon", "wheres angel live", "its hope something", "is chance the one who"."""
        if not self.could_be(place, rare=True):
            return
        token = self.tokens[place]
        said, two = self._low(place - 1, begin, end), self._low(place - 2, begin, end)
        following, after = self._low(place + 1, begin, end), self._low(place + 2, begin, end)
        first_name = self.first_name(token)
        if (
            said in ("say", "said")
            and two in ("you", "they", "he", "she", "everybody", "everyone")
            and following in ("", "or", "?")
        ):
            if self._low(place - 3, begin, end) in ("did", "does", "do") and first_name:
                yield NameHit(place, place, 0.75, "asked back for a name", sure=True)
        if said in ("wheres", "where's", "hows", "how's", "whens", "when's") and first_name and following in LIVES | {""}:
            yield NameHit(place, place, 0.7, "asked about", sure=False)
        if following == "something" and said in (
            "its",
            "it's",
            "named",
            "called",
            "name",
            "a",
            "doctor",
            "mr",
            "mrs",
            "miss",
            "was",
            "is",
            "",
        ):
            if first_name and (after == "" or after in STARTS_CLAUSE or not self.ordinary(token)):
                yield NameHit(place, place, 0.75, "a name that is half remembered")
        if said in ("this", "that") and two == "is" and following == "" and self.could_be(place) and place - begin <= 6:
            yield NameHit(place, place, 0.75, "asked whether it is this person", sure=False)
        if said in ("was", "is") and following in ("there", "here", "with", "driving", "home") and self.could_be(place):
            if two in ("", "and", "so", "okay", "ok", "but", "where", "when"):
                yield NameHit(place, place, 0.7, "asked about", sure=False)
        if (
            following == "and"
            and after in POSSESSIVES
            and self._low(place + 3, begin, end) in RELATIVES
            and self.could_be(place)
        ):
            if said not in DETERMINERS | POSSESSIVES | PRONOUNS and said not in ("of", "in", "on"):
                yield NameHit(place, place, 0.8, "named beside a family member or a role")
        if following == "" and said in CLOSING and self.could_be(place) and self._asks_you(begin, place):
            yield NameHit(place, place, 0.7, "spoken to at the end of a question", sure=False)
        if said in ("is", "was", "and") and (following, after) == ("the", "one") and first_name:
            if self._low(place + 3, begin, end) in ("who", "that", "with", "from"):
                yield NameHit(place, place, 0.75, "asked about", sure=True)

    def _asks_you(self, begin: int, place: int) -> bool:
        """Whether the words before ``place`` ask the hearer something."""
        words = [t.low for t in self.tokens[max(begin, place - 12) : place]]
        pairs = set(zip(words, words[1:], strict=False))
        return any((verb, "you") in pairs for verb in ("are", "do", "did", "have", "can", "could", "would", "were"))

    def _repeated(self, place: int, begin: int, end: int) -> Iterator[NameHit]:
        """ "im tamsin tamsin early", "sunny sunny kowalczuk": first name alone, then whole."""
        token = self.tokens[place]
        if place + 2 >= end or self._low(place + 1, begin, end) != token.low or token.low in ENDEARMENTS:
            return
        if self.never(token) or token.low in FUNCTION or self.ordinary(token) and not self.first_name(token):
            return
        if token.low in self.things:
            return
        surname = self.tokens[place + 2]
        if not surname.word or self.never(surname) or surname.low in FUNCTION or len(surname.low) < 3:
            return
        if (
            self.listed(surname)
            and (not self.common(surname) or surname.low in self.words.frequent_last)
            or self.unknown(surname)
        ):
            if not self.common(token) or not self.common(surname):
                yield NameHit(place, place + 2, 0.85, "a first name, then the whole")

    def _explained(self, place: int, begin: int, end: int) -> Iterator[NameHit]:
        """ "is it sunny like the weather", "moon like the moon", "rich like wealthy", "price with a y"."""
        token = self.tokens[place]
        if not self.listed(token) or self.never(token) and token.low != "may" or (self.cased and not token.upper):
            return
        if token.low in FUNCTION and token.low not in ("may", "will") or token.low in ENDEARMENTS:
            return
        after = place + 1
        if self._low(after, begin, end) == ",":
            after += 1
        while after < end and (len(self.tokens[after].low) == 1 and self.tokens[after].low.isalpha()) and after - place < 4:
            after += 1  # "miles m i like the distance"
        rest = [t.low for t in self.tokens[after : min(end, after + 4)]]
        said = self._low(place - 1, begin, end)
        letter = after > place + 1
        told = said in EXPLAINS or place == begin or self._low(place - 2, begin, end) in ("is", "name")
        if (
            rest[:1] == ["with"]
            and len(rest) >= 3
            and rest[1] in ("a", "an", "one", "two", "no")
            and len(rest[2]) == 1
            and rest[2].isalpha()
        ):
            if said not in DETERMINERS - {"a", "that", "this"} and (self.first_name(token) or told):
                yield NameHit(place, place, 0.8, "told how it is spelled")
            return
        if (
            rest[:2] == ["like", "the"]
            or rest[:2] == ["like", "a"]
            or rest[:3] == ["as", "in", "the"]
            or rest[:2] == ["as", "in"]
        ):
            noun = rest[-1] if rest[:3] == ["as", "in", "the"] else rest[2] if len(rest) > 2 else ""
            closed = self._new_clause(after + rest.index(noun) + 1, end) or noun == token.low if noun else False
            if (
                noun in ("one", "other", "last", "first", "others", "rest", "same", "two")
                or rest[:2] == ["like", "a"]
                and token.low in ADJECTIVES
            ):
                return
            if (
                noun == token.low
                or letter
                or (told and closed and (self.first_name(token) or said in ("name", "named", "called")))
            ):
                if token.low not in HARDLY or noun == token.low or letter:
                    yield NameHit(place, place, 0.8, "told apart from the ordinary word")

    def _paired(self, place: int, begin: int, end: int) -> Iterator[NameHit]:
        """ "hes rich or richie": a name and its short form."""
        if self._low(place + 1, begin, end) != "or" or place + 2 >= end:
            return
        one, other = self.tokens[place], self.tokens[place + 2]
        short, long = sorted((one.low, other.low), key=len)
        if (
            len(short) < 3
            or not long.startswith(short)
            or long == short
            or long in (short + "s", short + "ed", short + "er", short + "ly", short + "y")
        ):
            return
        if self.first_name(one) and self.first_name(other) and not self.never(one) and not self.never(other):
            if not (self.ordinary(one) and self.ordinary(other)) and (not self.cased or (one.upper and other.upper)):
                yield NameHit(place, place, 0.85, "a name or its short form")
                yield NameHit(place + 2, place + 2, 0.85, "a name or its short form")

    def _was_called(self, place: int, begin: int, end: int) -> Iterator[NameHit]:
        """ "no, Early was his name": whatever else the word means."""
        token = self.tokens[place]
        if self._low(place + 1, begin, end) not in ("was", "is") or self._low(place + 2, begin, end) not in POSSESSIVES:
            return
        if self._low(place + 3, begin, end) not in ("name", "nickname"):
            return
        if self.is_function(token) or self.never(token) or token.low in KIN or self.cased and not token.upper:
            return
        if self._low(place - 1, begin, end) not in (DETERMINERS - {"no"}) | POSSESSIVES:
            yield NameHit(place, place, 0.8, "told to be a name")

    def _family_topic(self, place: int, begin: int, end: int) -> Iterator[NameHit]:
        """ "little is his dad", "jesus hes my foreman", "thats moon my wife"."""
        token = self.tokens[place]
        if self.never(token) or len(token.low) < 3 or (self.cased and not token.upper):
            return
        if token.low in FUNCTION and token.low not in ("will", "may", "jesus") or token.low in TITLES or token.low in KIN:
            return
        said = self._low(place - 1, begin, end)
        if not self.listed(token) and said not in RELATIVES:
            return
        rest = [t.low for t in self.tokens[place + 1 : min(end, place + 4)]]
        if (
            len(rest) >= 3
            and rest[0] in ("is", "was", "hes", "he's", "shes", "she's")
            and rest[1] in POSSESSIVES
            and rest[2] in RELATIVES
        ):
            asks = said in ("how", "what", "where", "when", "who", "whos")
            if (
                not asks
                and said not in POSSESSIVES | (DETERMINERS - {"the", "that"})
                and said not in PRONOUNS - {"the", "thats", "that's"}
            ):
                if token.low not in ENDEARMENTS or token.low == "jesus" and rest[0] not in ("is", "was"):
                    yield NameHit(place, place, 0.85, "named beside a family member or a role")
        base = token.low[:-1]
        if (
            not self.cased
            and said in RELATIVES
            and token.low.endswith("s")
            and base in self.words.frequent_first
            and base not in HARDLY
        ):
            if self._low(place - 2, begin, end) in POSSESSIVES and (not rest or rest[0] in OWNED):
                yield NameHit(
                    place, place, 0.7, "named beside a family member or a role", sure=False
                )  # "her cousin angels house"
        presented = said in ("thats", "that's", "this", "its", "it's", "is") and not self.cased
        if (
            presented
            and len(rest) >= 2
            and rest[0] in POSSESSIVES
            and rest[1] in RELATIVES
            and token.low not in ADJECTIVES | ENDEARMENTS
        ):
            yield NameHit(place, place, 0.85, "named beside a family member or a role")

    def _company(self, turn: int, begin: int, end: int) -> Iterator[NameHit]:
        """The answer to "who do you hang out with": short items joined by "and"."""
        if turn == 0 or end - begin > 14 or not self._who_asked(turn):
            return
        items: list[list[Token]] = [[]]
        for token in self.tokens[begin:end]:
            if token.low in ("and", "or", ",", "sometimes", "then", "uh", "um", "mostly", "maybe", "also"):
                items.append([])
            else:
                items[-1].append(token)
        for item in items:
            if not item or len(item) > 2 or any(not t.word or t.low in FUNCTION - {"lil"} or self.never(t) for t in item):
                continue
            if len(item) == 1 and self.could_be(item[0].index):
                yield NameHit(item[0].index, item[0].index, 0.75, "answers a question for people")
            elif len(item) == 2 and (
                item[0].low in ("lil", "big", "lil'") or self.could_be(item[0].index) and self.listed(item[1])
            ):
                yield NameHit(item[0].index, item[1].index, 0.75, "answers a question for people")

    def _who_asked(self, turn: int) -> bool:
        before, stop = self.view.bounds[turn - 1]
        tail = [t.low for t in self.tokens[max(before, stop - 9) : stop] if t.word]
        return any(w in ("who", "whos", "who's", "whom") for w in tail)
