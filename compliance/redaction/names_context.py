"""Who is a person here: all the evidence for names, turn by turn."""

from __future__ import annotations

from collections.abc import Iterator

from compliance.redaction.names_base import NameHit
from compliance.redaction.names_evidence import NameEvidence
from compliance.redaction.names_words import (
    AMBIGUOUS,
    BEFORE_NAME,
    FUNCTION,
    PERSONAL_AFTER,
    PRONOUNS,
    VERBS_AFTER,
    VERBY,
)
from compliance.redaction.questions import asked
from compliance.redaction.recognisers.words import (
    BRANDS,
    EPONYMS,
    FIRM_TITLES,
    KIN,
    ORG_WORDS,
    STATES,
    STREETS,
    TITLES,
)


class NameContext(NameEvidence):
    """Names by what stands around them, what was asked, what they look like, and what the model says."""

    def turn_hits(self, turn: int) -> Iterator[NameHit]:
        begin, end = self.view.bounds[turn]
        if begin == end:
            return
        yield from self._titles(begin, end)
        yield from self._introduced(begin, end)
        yield from self._kin(begin, end)
        yield from self._apposed(begin, end)
        yield from self._told_apart(begin, end)
        yield from self._answers(turn, begin, end)
        yield from self._spelled_words(begin, end)
        yield from self._initials(begin, end)
        if self.cased:
            yield from self._capitals(begin, end)
        else:
            yield from self._lower(begin, end)

    def _answers(self, turn: int, begin: int, end: int) -> Iterator[NameHit]:
        """What stands at the beginning of an answer to "who?" or "your name?"."""
        questions = [q for q in asked(self.view, turn) if q.kind in ("name", "spell") and q.direct and q.distance <= 2]
        if not questions:
            return
        words = [t for t in self.tokens[begin:end] if t.word]
        short = len(words) <= 6
        place = begin
        looked = 0
        while place < end and looked < (12 if questions[0].distance == 1 else 6):
            token = self.tokens[place]
            looked += token.word
            if not token.word:
                place += 1
                continue
            if place > begin and self.tokens[place - 1].low in (
                "the",
                "a",
                "an",
                "very",
                "so",
                "too",
                "really",
                "my",
                "your",
                "his",
                "her",
                "at",
                "on",
                "of",
            ):
                place += 1
                continue
            firm = self.listed(token)
            last = self._extent(place, end, firm)
            if last is not None:
                alone = short or place - begin <= 3
                if self.cased:
                    good = firm or (not self.ordinary(token) and (alone or not token.first))
                    if token.first and self.common(token) and not (last > place or len(words) <= 2 or self._ends(last, end)):
                        good = False
                    if self._organisation(place, last, end) or token.low in BRANDS:
                        good = False
                else:
                    good = (firm and not self.common(token)) or (
                        alone
                        and (firm and (self._ends(last, end) or token.low in self.words.frequent_first) or self.unknown(token))
                    )
                    if self.common(token) and not self._ends(last, end) and not self.closes_name(last, end):
                        good = False
                    if place == begin and token.low in AMBIGUOUS and self.closes_name(last, end):
                        good = True
                if good:
                    yield NameHit(place, last, 0.85, "answers a question for a name", sure=not self.common(token) or short)
                place = last + 1
                continue
            place += 1

    def weigh_model(self, first: int, last: int) -> Iterator[NameHit]:
        """The model's people, without what cannot be one: plain words, firms, drugs, numbers."""
        end = self.view.bounds[self.tokens[first].turn][1]
        while first <= last and not self._model_word(first):
            first += 1
        while last >= first and not self._model_word(last):
            last -= 1
        if first > last:
            return
        words = [t for t in self.tokens[first : last + 1] if t.word]
        if self._thing(first, last):
            return
        if all(self.ordinary(t) and not (self.listed(t) and (self.cased or t.low in self.words.frequent_first)) for t in words):
            return
        if self._eponym(last, end) or all(t.low in EPONYMS or t.low in BRANDS for t in words):
            return
        if self.cased:
            if self._organisation(first, last, end) or all(t.first and self.common(t) for t in words):
                return
            if all(t.text.isupper() and len(t.text) > 1 and not self.listed(t) for t in words):
                return
        elif all(self.common(t) for t in words) and not self._model_place(first, last, end):
            return
        sure = any(self.listed(t) or not self.ordinary(t) for t in words)
        yield NameHit(first, last, 0.6, "the language model", sure=sure and not all(self.common(t) for t in words))

    def _model_word(self, place: int) -> bool:
        token = self.tokens[place]
        if self.never(token) or token.low in self.words.drugs and not self.listed(token):
            return False
        if token.low in ORG_WORDS or token.low in TITLES and not self.listed(token) or token.low in FIRM_TITLES:
            return False
        if token.low in FUNCTION and not (token.low in ("will", "may") and token.upper):
            return False
        return token.upper if self.cased else len(token.low) > 1

    def _model_place(self, first: int, last: int, end: int) -> bool:
        """In lower case, ordinary words are believed to be a name only between the words that stand around names."""
        begin = self.view.bounds[self.tokens[first].turn][0]
        before = self.tokens[first - 1].low if first > begin else ""
        following = self.tokens[last + 1] if last + 1 < end else None
        return (before in BEFORE_NAME or before in KIN or first == begin) and (
            following is None or following.low in VERBS_AFTER or following.low in FUNCTION
        )

    def _capitals(self, begin: int, end: int) -> Iterator[NameHit]:
        place = begin
        while place < end:
            token = self.tokens[place]
            if not token.word or not token.upper or self.never(token) or len(token.text) < 2:
                place += 1
                continue
            first_word = token.first
            if first_word and (self.is_function(token) or (self.common(token) and not self._starts_name(place, end))):
                place += 1
                continue
            if token.low in TITLES and place + 1 < end and (self.tokens[place + 1].upper or self.tokens[place + 1].text == "."):
                place += 1
                continue
            last = self._extent(place, end, True)
            if last is None:
                place += 1
                continue
            verdict = self._capital_verdict(place, last, end, first_word)
            if verdict is not None:
                yield verdict
            place = last + 1

    def _starts_name(self, place: int, end: int) -> bool:
        """An ordinary word at the beginning of a sentence ("Grant drove.", "Hope Achterberg")."""
        token = self.tokens[place]
        if token.low not in self.words.first_names:
            return False
        following = self.tokens[place + 1] if place + 1 < end else None
        if following is None or not following.word:
            return token.low in self.words.frequent_first and (following is None or following.text in ".?!,")
        if following.upper and not self.never(following) and following.low not in ORG_WORDS | STREETS:
            if (self.listed(following) and not self.common(following)) or self.unknown(following):
                return True
        return (
            token.low in self.words.frequent_first
            and (following.low in VERBS_AFTER or following.low.endswith("ed"))
            and token.low not in ("will", "may", "mark")
        )

    def _capital_verdict(self, first: int, last: int, end: int, first_word: bool) -> NameHit | None:
        tokens = [t for t in self.tokens[first : last + 1] if t.word]
        if self._organisation(first, last, end):
            return None
        lead = tokens[0]
        following = self.tokens[last + 1] if last + 1 < end else None
        if following is not None and following.low in STREETS and following.upper:
            return None
        if self._eponym(last, end) or (
            lead.low in EPONYMS and len(tokens) <= 2 and (self._eponym(first, end) or not self.first_name(lead))
        ):
            return None
        if (
            all(t.low in BRANDS for t in tokens)
            or lead.low in BRANDS
            and len(tokens) <= 2
            and not self._personal(first, last, end)
        ):
            return None
        if any(t.low in self.words.drugs and not self.listed(t) for t in tokens):
            return None
        phrase = " ".join(t.low for t in tokens)
        if phrase in STATES:
            return None
        if len(tokens) == 1 and lead.text.isupper() and len(lead.text) <= 5 and not self._personal(first, last, end):
            return None
        if self._thing(first, last):
            return None
        listed = [self.listed(t) for t in tokens]
        common = [self.common(t) for t in tokens]
        person = self._personal(first, last, end)
        if len(tokens) >= 2:
            if self.first_name(lead) and (not all(common) or all(listed)):
                return NameHit(first, last, 0.8, "first and last name")
            if any(listed) and not all(common):
                return NameHit(first, last, 0.65, "capitalised like a name")
            if person and not all(common):
                return NameHit(first, last, 0.6, "capitalised where a person stands")
            return None
        if phrase in self.words.cities and not self.first_name(lead) and not person:
            return None
        if self.first_name(lead) and not common[0] and not self.ordinary(lead):
            return NameHit(first, last, 0.75, "a first name")
        if self.first_name(lead) and (not first_word or lead.low in self.words.frequent_first):
            if not first_word or self._starts_name(first, end) or not common[0]:
                return NameHit(first, last, 0.65, "a first name")
            return None
        if listed[0] and not common[0] and not self.ordinary(lead) and (person or not first_word):
            return NameHit(first, last, 0.55, "a last name", sure=person)
        if person and not self.ordinary(lead):
            return NameHit(first, last, 0.5, "capitalised where a person stands", sure=False)
        if listed[0] and common[0] and not first_word and person and lead.low in self.words.frequent_last:
            return NameHit(first, last, 0.5, "a last name where a person stands", sure=False)
        return None

    def _lower(self, begin: int, end: int) -> Iterator[NameHit]:
        place = begin
        while place < end:
            token = self.tokens[place]
            if (
                not token.word
                or self.never(token)
                or (self.is_function(token) and token.low not in ("will", "may"))
                or len(token.low) < 3
            ):
                place += 1
                continue
            low = token.low
            first_name = low in self.words.first_names
            frequent = low in self.words.frequent_first
            if (
                low in AMBIGUOUS
                and first_name
                and place + 1 < end
                and not (place > begin and self.tokens[place - 1].low in PRONOUNS)
            ):
                # "will sorrentino", "grace kaminski": a surname that is no other word makes it a name
                surname = self.tokens[place + 1]
                if (
                    surname.word
                    and len(surname.low) > 2
                    and not self.never(surname)
                    and surname.low not in FUNCTION
                    and ((self.listed(surname) and not self.ordinary(surname)) or self.unknown(surname))
                ):
                    last = self._extent(place + 1, end, False) or place + 1
                    yield NameHit(place, last, 0.8, "first and last name")
                    place = last + 1
                    continue
            if self.is_function(token):
                place += 1
                continue
            if first_name and (not self.common(token) or frequent):
                last = self._extent(place, end, frequent) or place
                extended = last > place
                before = self.tokens[place - 1].low if place > begin else ""
                following = self.tokens[last + 1] if last + 1 < end else None
                if not self.ordinary(token) and frequent:
                    yield NameHit(place, last, 0.7, "a first name")
                elif (
                    extended
                    and not self.common(self.tokens[last])
                    and not self.common(token)
                    or extended
                    and self.tokens[last].low not in self.words.ordinary
                    and frequent
                ):
                    yield NameHit(place, last, 0.65, "first and last name")
                elif self.unknown(token):
                    yield NameHit(place, last, 0.55, "a first name")
                elif (
                    not self.common(token)
                    and (before in BEFORE_NAME or following is None or following.low in VERBS_AFTER)
                    or (
                        frequent
                        and self.common(token)
                        and (following is None or following.low in PERSONAL_AFTER)
                        and before in ("and", "with", "to", "for", "from", "by", "tell", "told", "asked", "ask", "then", "")
                        and low in self.words.frequent_first - VERBY
                    )
                ):
                    yield NameHit(place, last, 0.5, "a first name where a person stands", sure=False)
                place = last + 1
                continue
            if low in self.words.last_names and self.unknown(token):
                before = self.tokens[place - 1].low if place > begin else ""
                if low in self.words.frequent_last or before in BEFORE_NAME or self._verb_follows(place, end):
                    yield NameHit(place, self._extent(place, end, False) or place, 0.5, "a last name", sure=False)
            place += 1
