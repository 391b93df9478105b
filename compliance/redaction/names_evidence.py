"""Evidence for names in what stands around them: introductions, family words, spelling."""

from __future__ import annotations

from collections.abc import Iterator

from compliance.redaction.ambiguity import ADJECTIVES, POSSESSIVES, ordinary_in_lower
from compliance.redaction.names_base import NameHit
from compliance.redaction.names_slot_words import STARTS_CLAUSE
from compliance.redaction.names_titles import NOT_TITLED, NameTitles
from compliance.redaction.names_words import (
    ABBREVIATIONS,
    ADJECTIVE_BEFORE,
    AMBIGUOUS,
    FUNCTION,
    INTRODUCTIONS_AT,
    OWNERS,
    PRONOUNS,
    SELF,
    SELF_AT,
    STRONG,
)
from compliance.redaction.recognisers.words import (
    BRANDS,
    EPONYMS,
    KIN,
    TITLES,
)


class NameEvidence(NameTitles):
    """Names by what stands around them."""

    def _introduced(self, begin: int, end: int) -> Iterator[NameHit]:
        for place in range(begin, end):
            for words in INTRODUCTIONS_AT.get(self.tokens[place].low, ()):
                if self._stands(words, place, end):
                    after = self._skip(place + len(words), end)
                    last = self._extent(after, end, True)
                    if last is not None and self.tokens[after].low in self.things and words not in STRONG:
                        continue
                    if last is not None and not (self.cased and self._organisation(after, last, end)):
                        if (
                            words not in STRONG
                            and self.ordinary(self.tokens[after])
                            and not (self.cased or self.tokens[after].low in self.words.frequent_first)
                            and not (
                                words[-1] == "named"
                                and (self._surname_alone(after, last, end) or self.could_be(after, rare=True))
                            )
                        ):
                            continue
                        if (
                            not self.cased
                            and self.common(self.tokens[after])
                            and not self._closes(last, end)
                            and words[-1] in ("was", "name", "names")
                        ):
                            continue
                        yield NameHit(after, last, 0.95, "introduced by name")
            for words in SELF_AT.get(self.tokens[place].low, ()):
                if self._stands(words, place, end):
                    after = self._skip(place + len(words), end)
                    if after >= end:
                        continue
                    if self.cased and place + len(words) < end and self.tokens[after].first and len(words) == 1:
                        continue
                    token = self.tokens[after]
                    firm = self.listed(token) and (self.cased or token.low in self.words.frequent_first)
                    last = self._extent(after, end, firm)
                    if last is None or (self.cased and self._organisation(after, last, end)):
                        continue
                    if self.cased and not self.listed(token) and self.ordinary(token):
                        continue
                    if token.low in BRANDS or token.low in EPONYMS and self._eponym(after, end):
                        continue
                    if (
                        not self.cased
                        and self.common(token)
                        and not (last == after and (self._closes(after, end) or token.low in AMBIGUOUS) or last > after)
                    ):
                        continue
                    if not self.cased and last == after and (token.low in AMBIGUOUS or self.common(token)):
                        if words not in SELF[:4] and ordinary_in_lower(self.tokens, after, begin, end, set()):
                            continue
                        if words[-1] in ADJECTIVE_BEFORE and token.low in ADJECTIVES:
                            continue
                    if not self.cased and not self.listed(token) and words[-1] not in ("is", "i'm", "im", "am", "for", "hi"):
                        continue
                    yield NameHit(
                        after,
                        last,
                        0.85,
                        "addressed or introduced by name",
                        sure=self.listed(token) and not self.common(token) or last > after or words in SELF[:4],
                    )

    def _surname_alone(self, first: int, last: int, end: int) -> bool:
        """ "a guy named price": one word that is a frequent name and ends its phrase."""
        low = self.tokens[first].low
        return first == last and low in self.words.frequent_last | self.words.frequent_first and self._closes(last, end)

    def _kin(self, begin: int, end: int) -> Iterator[NameHit]:
        for place in range(begin, end - 1):
            token = self.tokens[place]
            if token.low not in KIN:
                continue
            after = place + 1
            if self.tokens[after].text == "'s" or self.tokens[after].low in ("is", "was", "name") and after + 1 < end:
                if self.tokens[after].low in ("is", "was") and self.cased:
                    after += 1
                    if self.tokens[after].low in ("named", "called") and after + 1 < end:
                        after += 1
                else:
                    continue
            comma = self.tokens[after].text in (",", "-")
            if comma:
                after += 1
            if after < end and self.tokens[after].low in ("uh", "um"):
                after = self._skip(after, end)
            if after >= end:
                continue
            following = self.tokens[after]
            if following.first and self.cased:
                continue
            firm = self.listed(following)
            last = self._extent(after, end, firm)
            if last is None or (token.low, following.low) in NOT_TITLED:
                continue
            if not self.cased:
                if comma and not self.first_name(following):
                    continue
                if self.common(following) or following.low in FUNCTION:
                    if self._relative_by_name(place, after, begin, end):
                        yield NameHit(after, last, 0.85, "named beside a family member or a role")
                        continue
                    if not self.listed(following) or not (
                        following.low in AMBIGUOUS or following.low in self.words.frequent_first
                    ):
                        continue
                    if last == after and ordinary_in_lower(self.tokens, after, begin, end, set()):
                        continue
                    yield NameHit(after, last, 0.85, "named beside a family member or a role", sure=True)
                    continue
                if not self.listed(following) and not self._verb_follows(last, end):
                    continue
                if self.ordinary(following) and following.low not in self.words.frequent_first:
                    mine = place > begin and self.tokens[place - 1].low in ("my", "his", "her", "our", "their")
                    if not (self.first_name(following) or mine) or not self._verb_follows(last, end):
                        continue
            elif self._organisation(after, last, end) or (following.low in BRANDS):
                continue
            yield NameHit(
                after,
                last,
                0.9,
                "named beside a family member or a role",
                sure=not self.common(following) or self.cased,
            )

    def _relative_by_name(self, kin: int, place: int, begin: int, end: int) -> bool:
        """ "my neighbor colt knocked", "his dad chip said": somebody's relative, then a first name, then what he did."""
        if kin == begin or self.tokens[kin - 1].low not in POSSESSIVES or place != kin + 1 or not self.could_be(place):
            return False
        following = self._low(place + 1, begin, end)
        return (
            self._verb_follows(place, end)
            or following.endswith("ed")
            or following in STARTS_CLAUSE - {"in", "on", "at", "for", "to"}
        )

    def _apposed(self, begin: int, end: int) -> Iterator[NameHit]:
        """ "May, my friend from work", "Hodan, his sister"."""
        for place in range(begin, end - 3):
            link = place + 2 if self.tokens[place + 1].text == "," else place + 1
            if (link == place + 1 and self.cased) or self.tokens[link].low not in OWNERS:
                continue
            token = self.tokens[place]
            if self.tokens[link + 1].low not in KIN or not self.listed(token) or (self.never(token) and token.low != "may"):
                continue
            if link == place + 1 and (
                token.low not in AMBIGUOUS or (place > begin and self.tokens[place - 1].low in PRONOUNS | OWNERS)
            ):
                continue
            if token.upper if self.cased else token.low in self.words.frequent_first or token.low in AMBIGUOUS:
                if token.low not in TITLES | KIN and (token.low not in FUNCTION or token.low in ("may", "will")):
                    yield NameHit(place, place, 0.8, "named beside a family member or a role", sure=True)

    def _told_apart(self, begin: int, end: int) -> Iterator[NameHit]:
        """ "with an R for Rainier", "May, like the month", "rich in the back has a boat"."""
        for place in range(begin, end):
            token = self.tokens[place]
            if len(token.low) == 1 and place + 2 < end and self.tokens[place + 1].low == "for":
                word = self.tokens[place + 2]
                if (
                    word.low[0] == token.low
                    and (self.listed(word) or word.low in self.words.cities)
                    and not self.common(word)
                    and place > begin
                ):
                    if self.tokens[place - 1].low in ("a", "an", "with", "initial", "is"):
                        yield NameHit(place + 2, place + 2, 0.8, "what an initial stands for")
            if token.low in (
                "may",
                "april",
                "june",
                "august",
                "rose",
                "summer",
                "autumn",
                "holly",
                "ivy",
                "hope",
                "faith",
                "grace",
                "bill",
                "mark",
                "will",
                "young",
                "long",
                "rich",
                "gray",
                "bell",
                "chase",
                "grant",
                "dean",
            ):
                after = place + 1
                if after < end and self.tokens[after].text == ",":
                    after += 1
                rest = [t.low for t in self.tokens[after : after + 3]]
                if rest[:2] == ["like", "the"] or rest[:2] == ["as", "in"]:
                    yield NameHit(place, place, 0.8, "told apart from the ordinary word")
            if (
                place == begin
                and not self.cased
                and self.listed(token)
                and token.low in self.words.frequent_first | self.words.frequent_last | {"rich"}
            ):
                if [t.low for t in self.tokens[place + 1 : place + 3]] in (
                    ["in", "the"],
                    ["from", "the"],
                    ["at", "the"],
                    ["over", "at"],
                    ["over", "in"],
                ):
                    if (
                        token.low not in FUNCTION
                        and not self.common(token)
                        or token.low in self.words.frequent_first | {"rich", "art", "chase"}
                    ):
                        yield NameHit(place, place, 0.6, "named by where somebody is", sure=False)

    def _spelled_words(self, begin: int, end: int) -> Iterator[NameHit]:
        if not self.spelled:
            return
        for place in range(begin, end):
            low = self.tokens[place].low
            if low in self.spelled and len(low) >= 3 and abs(self.spelled[low] - self.tokens[place].turn) <= 60:
                if self.common(self.tokens[place]) and not (
                    self.tokens[place].upper if self.cased else abs(self.spelled[low] - self.tokens[place].turn) <= 2
                ):
                    continue
                yield NameHit(place, place, 0.9, "spelled out elsewhere")

    def _initials(self, begin: int, end: int) -> Iterator[NameHit]:
        """ "D.A.R.": letters with full stops that no abbreviation explains."""
        place = begin
        while place + 3 < end:
            letters = 0
            step = place
            while (
                step + 1 < end
                and len(self.tokens[step].text) == 1
                and self.tokens[step].upper
                and self.tokens[step + 1].text == "."
                and self.tokens[step + 1].start == self.tokens[step].end
            ):
                letters += 1
                step += 2
                if step < end and self.tokens[step].start != self.tokens[step - 1].end:
                    break
            if letters >= 2:
                said = "".join(t.low for t in self.tokens[place:step:2])
                if said not in ABBREVIATIONS and not any(t.index in self.masked for t in self.tokens[place:step]):
                    yield NameHit(place, step - 1, 0.7, "initials", sure=False)
                place = step
            else:
                place += 1
