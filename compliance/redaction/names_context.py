"""Who is a person here: all the evidence for names, turn by turn."""

from __future__ import annotations

from collections.abc import Iterator

from compliance.redaction.detections import PrivateType
from compliance.redaction.names_base import NameHit
from compliance.redaction.names_evidence import NameEvidence
from compliance.redaction.names_medical import ASKED, SHORT, medical_word
from compliance.redaction.names_slot_words import RELATIVES
from compliance.redaction.names_titles import NOT_TITLED
from compliance.redaction.names_words import (
    AMBIGUOUS,
    BEFORE_NAME,
    FUNCTION,
    IN_NAMES,
    PARTICLES,
    PERSONAL_AFTER,
    PRONOUNS,
    VERBS_AFTER,
    VERBY,
)
from compliance.redaction.questions import asked, labelled
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
from compliance.redaction.view import Token

# Said after a name or instead of one: "Delbert Banks, Junior", "Dollar Bank".
NOT_ANSWERS = frozenset("junior senior bank counter doctor nurse perfect age wonderful awesome excellent".split())
# What "will" as a verb never stands before.
FINITE = frozenset("has had was is said says did does went came got knows thinks wanted wants told asked".split())
# In an answer, what stands after these is no name.
NO_NAME_AFTER = frozenset("the a an very so too really my your his her at on of".split())
MOST_OF_A_NAME = 2  # words of a turn: "Lincoln." may be a name, "and the plates, the green buick" has none


class NameContext(NameEvidence):
    """Names by what stands around them, what was asked, what they look like, and what the model says."""

    def turn_hits(self, turn: int) -> Iterator[NameHit]:
        begin, end = self.view.bounds[turn]
        if begin == end:
            return
        yield from self._titles(begin, end)
        yield from self._introduced(begin, end)
        yield from self._called(begin, end)
        yield from self._kin(begin, end)
        yield from self._apposed(begin, end)
        yield from self._told_apart(begin, end)
        yield from self._answers(turn, begin, end)
        yield from self._spelled_words(begin, end)
        yield from self._initials(begin, end)
        yield from self.slots(turn, begin, end)
        if self.cased:
            yield from self._capitals(begin, end)
        else:
            yield from self._lower(begin, end)

    def _answers(self, turn: int, begin: int, end: int) -> Iterator[NameHit]:
        """What stands at the beginning of an answer to "who?" or "your name?"."""
        questions = [q for q in asked(self.view, turn) if q.kind in ("name", "spell") and q.direct and q.distance <= 2]
        if not questions or PrivateType.NAME in labelled(self.view, turn):  # where a label of an earlier pass is the answer
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
            if place > begin and self.tokens[place - 1].low in NO_NAME_AFTER:
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
                    if self._organisation(place, last, end):
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
                if token.low in BRANDS and (self.cased or len(words) > MOST_OF_A_NAME):
                    good = False  # "and the plates, the green buick"
                if token.low in ("may", "will") and last == place and last + 1 < end and self.tokens[last + 1].low in ("i", "we", "you"):
                    good = False  # "may i ask"
                if good and all(t.low in TITLES | NOT_ANSWERS for t in self.tokens[place : last + 1] if t.word):
                    good = False
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
        for place in range(first + 1, last):
            token = self.tokens[place]
            if (
                token.low in FUNCTION - PARTICLES
                and not (self.cased and token.upper)
                and token.low not in ("will", "may", "day")
            ):
                yield from self.weigh_model(first, place - 1)  # "jae j a e at kettle"
                yield from self.weigh_model(place + 1, last)
                return
        words = [t for t in self.tokens[first : last + 1] if t.word]
        if self._thing(first, last) or self._medicine(words) or self._answers_for_medicine(first, last, words):
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

    def _medicine(self, words: list[Token]) -> bool:
        """Whether none of the words is left as a person's when medicine is taken away."""
        if any(t.low in self.things for t in words) and not any(self.listed(t) for t in words):
            return True
        return all(
            medical_word(t.low, self.first_name(t) or t.low in self.words.frequent_last) or t.low in self.things
            for t in words
            if not self.common(t) or self.first_name(t)
        ) and not all(self.common(t) for t in words)

    def _answers_for_medicine(self, first: int, last: int, words: list[Token]) -> bool:
        """ "What pill do you take?" "Microgynon.": a short answer of words that no list has."""
        turn = self.tokens[first].turn
        if turn == 0 or any(self.listed(t) for t in words):
            return False
        begin, end = self.view.bounds[turn]
        before, stop = self.view.bounds[turn - 1]
        return end - begin <= 8 and any(t.low in ASKED for t in self.tokens[max(before, stop - 20) : stop])

    def _model_word(self, place: int) -> bool:
        token = self.tokens[place]
        if self.never(token) or token.low in self.words.drugs and not self.listed(token):
            return False
        if token.low in ORG_WORDS or token.low in TITLES and not self.listed(token) or token.low in FIRM_TITLES:
            return False
        if token.low in FUNCTION and not (token.low in IN_NAMES and token.upper and (token.low in ("will", "may") or self._inside(place))):
            return False
        return token.upper if self.cased else len(token.low) > 1

    def _inside(self, place: int) -> bool:
        """ "Lord" in "Crispin Lord": a name stands directly beside it."""
        begin, end = self.view.bounds[self.tokens[place].turn]
        return any(begin <= near < end and self.tokens[near].upper and self.listed(self.tokens[near]) for near in (place - 1, place + 1))

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
            if self.romanised(place):
                yield self._romanised_name(place, begin, end)
                place += 3
                continue
            if first_word and (
                self.is_function(token)
                and not (token.low == "will" and self._starts_name(place, end))
                or (self.common(token) and not self._starts_name(place, end))
            ):
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

    def _romanised_name(self, place: int, begin: int, end: int) -> NameHit:
        """ "Ha-eun" with the family name before or after it."""
        first, last = place, place + 2
        after = self.tokens[last + 1] if last + 1 < end else None
        if after is not None and after.word and after.upper and self.listed(after) and after.low not in FUNCTION:
            return NameHit(first, last + 1, 0.85, "a given name with a hyphen")
        before = self.tokens[first - 1] if first > begin else None
        if before is not None and before.word and before.upper and self.listed(before) and not before.first:
            if before.low not in FUNCTION and before.low not in TITLES:
                first -= 1
        elif before is not None and before.word and before.upper and before.low in self.words.last_names - FUNCTION - TITLES:
            first -= 1
        return NameHit(first, last, 0.85, "a given name with a hyphen")

    def _starts_name(self, place: int, end: int) -> bool:
        """An ordinary word at the beginning of a sentence ("Grant drove.", "Hope Achterberg")."""
        token = self.tokens[place]
        if token.low not in self.words.first_names:
            return False
        following = self.tokens[place + 1] if place + 1 < end else None
        if token.low == "will" and following is not None and following.low in FINITE | {"will"}:
            return True
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
        if any((t.low in self.words.drugs or t.low in self.things) and not self.listed(t) for t in tokens):
            return None
        phrase = " ".join(t.low for t in tokens)
        if phrase in STATES or phrase in NOT_ANSWERS or first and (self.tokens[first - 1].low, phrase) in NOT_TITLED:
            return None
        if len(tokens) == 1 and lead.text.isupper() and len(lead.text) <= 5 and not self._personal(first, last, end):
            return None
        begin = self.view.bounds[lead.turn][0]
        sired = first - 2 >= begin and self.tokens[first - 1].low == "of" and self.tokens[first - 2].low in RELATIVES
        if self._thing(first, last) and not sired:
            return None
        if phrase == "will" and first_word and self._starts_name(first, end):
            return NameHit(first, last, 0.7, "a first name", sure=True)
        listed = [self.listed(t) for t in tokens]
        common = [self.common(t) for t in tokens]
        person = self._personal(first, last, end) or sired
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
            if self.is_function(token) or (low in SHORT and not frequent):
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
