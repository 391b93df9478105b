"""Names after titles and callings: "Dr. So", "mrs oyelaran", "everybody calls her duchess"."""

from __future__ import annotations

from collections.abc import Iterator

from compliance.redaction.ambiguity import ordinary_in_lower
from compliance.redaction.names_base import NameHit
from compliance.redaction.names_offices import COUNCIL, announces
from compliance.redaction.names_slots import NameSlots
from compliance.redaction.names_words import AFTER_COURTESY, FUNCTION, IN_NAMES, LANDS_AS_SURNAMES
from compliance.redaction.recognisers.words import FIRM_TITLES, KIN, NATIONS, NOT_AFTER_TITLE, ORG_WORDS, STATES, TITLES
from compliance.redaction.view import Token

NOT_TITLED = frozenset(
    [("agent", "orange"), ("lady", "friend"), ("lady", "luck"), ("special", "care"), ("major", "depression"), ("general", "surgery")]
)
# Titles that are written with a full stop; after "doctor." a new sentence begins.
SHORT_TITLES = frozenset("dr mr mrs ms prof sgt capt lt rev hon gen col cpl st".split())


COURTESY = frozenset("mr mrs ms miss mister".split())
OFFICES = frozenset(
    "trustee chairman president speaker secretary director examiner reporter interpreter court foreman foreperson mayor".split()
)
# Titles that people put before one letter of a name, too.
BY_LETTER = COURTESY | frozenset("dr doctor coach professor nurse".split())
# Little words that are surnames, too: after a title with their capital, those of the second row in lower case, too.
LITTLE_SURNAMES = frozenset("so do an no ha my may can long own ho ma oh see her still look looks else even such most more few over down ever yet".split())
LITTLE_IN_LOWER = frozenset("ho ma ha do good fine her see".split())
# After these a little word begins a question or a sentence: "Doctor, do you need them?"
ASKED = frozenset("you i we they he she it that this the my".split())
LEADING = frozenset("nurse judge justice attorney counselor pastor reverend rev captain lieutenant corporal coach sheriff deputy".split())
OF_LANDS = frozenset("state states university county hospital police general army national law department court v vs versus".split())
# Whoever is called so has a surname, whatever word it is.
BEFORE_LITTLE = BY_LETTER | LEADING | frozenset("officer detective trooper deputy sergeant".split())
MAX_HESITATION = 6  # tokens
# Titles that offices, wards and bodies are called by, too.
OF_OFFICES = frozenset("general major special principal agent sister brother".split())
OF_BODIES = frozenset("general judge justice major dean principal special lady sir mother father agent".split())
# "the doctor will see you"
AUXILIARIES = frozenset("may will can".split())
AFTER_AUXILIARIES = frozenset("be have call see want not need do also come look tell put send get give take talk ask".split())
CALLING = frozenset("call calls called".split())
# What else may stand after "call him", "called her".
NOT_CALLED = frozenset(
    """again already anyway anytime names crazy stupid lazy dumb fat ugly later soon twice once often every each another several home collect
    first last next instead early late tonight sometime sometimes everything something nothing anything stuff liar idiot bad worse back""".split()
)


class NameTitles(NameSlots):
    """Names by the title before them."""

    def _titled_land(self, title: str, place: int, end: int) -> bool:
        """ "Nurse Washington", "mr german": a state or nation whose name somebody has, not "the officer Washington State sent"."""
        token = self.tokens[place]
        following = self.tokens[place + 1].low if place + 1 < end else ""
        if token.low not in STATES | NATIONS or following in OF_LANDS or self.cased and not token.upper:
            return False
        if self.cased:
            return title in FIRM_TITLES | LEADING
        return title in COURTESY | {"dr", "doctor"} or title in FIRM_TITLES | LEADING and token.low in LANDS_AS_SURNAMES

    def _titles(self, begin: int, end: int) -> Iterator[NameHit]:
        for place in range(begin, end - 1):
            titled = self.tokens[place].low in TITLES or announces(self, place, begin, end)
            hit = self._after_title(place, begin, end) if titled else None
            if hit is not None:
                yield hit

    def _after_title(self, place: int, begin: int, end: int) -> NameHit | None:
        """The name after the title at ``place``."""
        title = self.tokens[place]
        following = place + 1
        while following < end and self.tokens[following].text == "." and title.low in SHORT_TITLES:
            following += 1
        if title.low in BEFORE_LITTLE and self._titled_function(place, following, end):
            named = self._over_hesitation(following, end)
            return NameHit(named, named, 0.9, "after a title")
        if following >= end or (following == place + 1 and not self.tokens[following].word):
            return None
        token = self.tokens[following]
        if self._titled_land(title.low, following, end):
            return NameHit(following, self._extent(following + 1, end, False) or following, 0.95, "after a title")
        plain = (token.low in FUNCTION and token.low not in AFTER_COURTESY) or token.low in OFFICES
        surname = title.low in COURTESY and self.cased and token.upper and not plain
        if not surname and (token.low in NOT_AFTER_TITLE or token.low in TITLES or (title.low, token.low) in NOT_TITLED):
            return None
        if token.low in ORG_WORDS and title.low in OF_OFFICES:
            return None
        if self.cased and not token.upper:
            return None
        firm = self._firmly_titled(title, following, begin, end)
        if firm is None or not self.cased and token.low in AUXILIARIES and self._low(following + 1, begin, end) in AFTER_AUXILIARIES:
            return None
        if self.cased and len(token.text) == 1 and self._initialled(following, end):
            last = self._extent(following + 2, end, True)
            return None if last is None else NameHit(following, last, 0.95, "after a title")
        if title.low in COURTESY and token.low in ("day", "case", "court", "man"):
            return NameHit(following, following, 0.9, "after a title", sure=False)
        last = self._extent(following, end, firm)
        if last is None and surname and not self.never(token):
            last = following  # "Mr. Lord": after a courtesy title even a title is a name
        if last is None and self.cased and token.upper and token.low in IN_NAMES and following + 1 < end:
            last = self._extent(following + 1, end, firm)  # "Doctor Honor Blackwell"
        if last is None and title.low in BY_LETTER and self._one_letter(following, end):
            last = following  # "doctor p"
        if last is None or self.cased and title.low in OF_BODIES and self._organisation(following, last, end):
            return None
        return NameHit(following, last, 0.95, "after a title" if title.low in TITLES or self.cased else "after an office")

    def _firmly_titled(self, title: Token, following: int, begin: int, end: int) -> bool | None:
        """Whether any word may be a name after this title; None where this one is none."""
        token = self.tokens[following]
        firm = title.low in FIRM_TITLES or (self.cased and title.upper) or title.low == "doctor"
        if self.cased and title.low not in FIRM_TITLES and not title.upper and title.low not in KIN:
            firm = self.listed(token)
            if not firm and self.common(token):
                return None
        if not self.cased and self.common(token) and title.low not in COURTESY | {"dr", "missus"}:
            known = title.low in FIRM_TITLES | COUNCIL and token.low in self.words.frequent_last | self.words.frequent_first
            if not known and (not self.listed(token) or ordinary_in_lower(self.tokens, following, begin, end, set())):
                return None
            firm = True
        return firm

    def _initialled(self, place: int, end: int) -> bool:
        """ "L. Trujillo"."""
        return place + 2 < end and self.tokens[place + 1].text == "." and self.tokens[place + 2].upper

    def _titled_function(self, title: int, following: int, end: int) -> bool:
        """ "Dr. So", "Doctor, uh... Do?": with its capital in the midst of a sentence, a little word is somebody's name."""
        place = self._over_hesitation(following, end)
        if place >= end or self.tokens[place].low not in (LITTLE_SURNAMES if self.cased else LITTLE_IN_LOWER):
            return False
        # "we miss ma", "the doctor do": in lower case only what is nothing but a title says so.
        if not (self.tokens[title].upper if self.cased else self.tokens[title].low in COURTESY - {"miss"}):
            return False
        asked = place + 1 < end and self.tokens[place + 1].low in ASKED
        return (self.tokens[place].upper or not self.cased) and not asked

    def _over_hesitation(self, place: int, end: int) -> int:
        """The place after "uh..." where that is what stands here; "doctor, do you" does not hesitate."""
        after = place
        while after < min(end, place + MAX_HESITATION) and (self.tokens[after].text in (",", ".", "...", "-") or self.tokens[after].low in ("uh", "um", "er")):
            after += 1
        return after if any(t.low in ("uh", "um", "er") for t in self.tokens[place:after]) else place

    def _one_letter(self, place: int, end: int) -> bool:
        """A letter that stands for a name, and neither begins a row of letters or a code nor is a word."""
        token = self.tokens[place]
        if len(token.low) != 1 or not token.low.isalpha() or token.low in "ai" or (self.cased and not token.upper):
            return False
        after = self.tokens[place + 1] if place + 1 < end else None
        return after is None or not (len(after.low) == 1 and after.low.isalnum() and after.low not in "ai") and not after.low.isdigit()

    def _called(self, begin: int, end: int) -> Iterator[NameHit]:
        """ "they call him rabbit", "everybody calls her duchess": a nickname, whatever else the word is."""
        for place in range(begin, end - 2):
            if self.tokens[place].low not in CALLING or self.tokens[place + 1].low not in ("him", "her", "them", "me", "us"):
                continue
            token = self.tokens[place + 2]
            if not token.low.isalpha() or self.never(token) or token.low in FUNCTION or token.low in NOT_CALLED or len(token.low) < 3:
                continue
            if token.low.endswith(("ly", "ing")) or (self.cased and not token.upper):
                continue
            if self._closes(place + 2, end) or self.listed(token):
                yield NameHit(place + 2, place + 2, 0.8, "called by name")
        for place in range(begin, end - 5) if self.cased else ():
            said = [t.low for t in self.tokens[place + 1 : place + 6]]
            token = self.tokens[place]
            if said[:2] == ["is", "what"] and said[3] in ("call", "called") and said[4] in ("him", "her", "me") and token.upper and not self.is_function(token):
                yield NameHit(place, place, 0.8, "called by name")  # "Pastor is what they call him"
