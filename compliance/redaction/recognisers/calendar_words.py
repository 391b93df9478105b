"""Days, months, years and holidays in what people say: where one that begins at a token ends."""

from __future__ import annotations

import re

from compliance.redaction.view import Token
from compliance.redaction.written import CENTURIES, TENS, UNITS

MONTHS_IN_ORDER = "january february march april may june july august september october november december".split()
MONTHS = frozenset(MONTHS_IN_ORDER)
# "Feby" and "Octr" stand in family Bibles and old registers.
SHORT_MONTHS = frozenset("jan feb mar apr jun jul aug sep sept oct nov dec jany feby febr augt septr octr novr decr".split())
WEEKDAYS = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays saturdays sundays".split()
)
ORDINALS_IN_ORDER = (
    """first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth
    sixteenth seventeenth eighteenth nineteenth""".split()
)
SMALL_ORDINALS = frozenset(ORDINALS_IN_ORDER[:9])
ORDINALS = frozenset([*ORDINALS_IN_ORDER, "twentieth", "thirtieth"])
COUNTED = ORDINALS | {"last"}
HOLIDAYS = (
    "new year's eve", "new year's day", "new year's", "new years eve", "new years day", "new years", "christmas eve",
    "christmas day", "christmas", "thanksgiving day", "thanksgiving", "halloween", "valentine's day", "valentines day",
    "fourth of july", "labor day", "memorial day", "independence day", "easter sunday", "easter", "good friday",
    "veterans day", "mother's day", "father's day", "mothers day", "fathers day", "juneteenth", "columbus day",
    "presidents day", "groundhog day", "st patrick's day", "martin luther king day", "boxing day", "ash wednesday",
    "yom kippur", "rosh hashanah", "cinco de mayo", "all saints day", "all souls day", "all saints' day", "all souls' day", "bastille day", "guy fawkes night",
    "bonfire night", "burns night", "hanukkah", "passover", "diwali", "palm sunday", "mardi gras", "fat tuesday", "canada day",
    "election day", "flag day", "april fools day", "april fools", "april fool's day", "kwanzaa", "epiphany", "shrove tuesday",
    "whit monday", "may day", "australia day", "anzac day", "bank holiday monday", "leap day", "pearl harbor day",
    "armistice day", "remembrance day", "tax day", "ides of march", "groundhogs day", "day of the dead", "saint patrick's", "st patrick's", "candlemas", "immaculate conception", "valentine's", "victory day",
    "forgiveness sunday", "midsummer", "midsummer's day", "midsummers day", "mardi gras day", "super bowl sunday", "easter monday",
    "maundy thursday", "holy thursday", "holy saturday", "orthodox easter", "pascha", "pentecost sunday", "trinity sunday", "divine mercy sunday",
    "lunar new year", "chinese new year", "tet", "purim", "sukkot", "shavuot", "simchat torah", "nowruz", "holi", "vesak", "michaelmas", "saint john's eve",
    "patriots day", "patriots' day", "arbor day", "earth day", "indigenous peoples day", "indigenous peoples' day", "king kamehameha day",
    "feast of the assumption", "all souls", "all saints", "three kings day", "saint patricks", "st patricks",
    "mlk day", "m l k day", "martin luther king junior day", "martin luther king jr day", "inauguration day", "d - day", "orthodox christmas",
    "greek easter", "greek orthodox easter", "winter solstice", "summer solstice", "black friday", "cyber monday", "presidents' day",
    "eid al-fitr", "eid al-adha", "eid", "veterans' day", "saint valentine's day", "boss's day", "grandparents day", "grandparents' day",
)  # fmt: skip
DAYS_ALONE = frozenset("christmas thanksgiving halloween juneteenth kwanzaa hanukkah passover diwali purim valentine's".split())
# What a day is counted from: "the first Sunday in Advent", "the Thursday after Pentecost".
SEASONS = frozenset("advent lent pentecost trinity epiphany".split())
BEFORE_DAYS = frozenset("on at around by since".split())
ORDINAL_DIGITS = re.compile(r"(?:[12]?\d|3[01])(?:st|nd|rd|th)")


def saints_day_end(tokens: list[Token], place: int, end: int) -> int | None:
    """ "Saint George's Day", "st brigids day", "the feast of saint anne": whoever's day it is."""
    said = [t.low for t in tokens[place : place + 3]]
    if said[:2] == ["feast", "of"] and said[2:] in (["saint"], ["st"]):
        named = place + 4 if place + 3 < end and tokens[place + 3].text == "." else place + 3
        return named if named < end and tokens[named].low.isalpha() else None
    if tokens[place].low not in ("saint", "st"):
        return None
    step = place + 1
    if step < end and tokens[step].text == ".":
        step += 1
    for _ in range(2):
        if step >= end or not tokens[step].low.isalpha():
            return None
        owned = tokens[step].low.endswith("s")
        step += 1
        if step < end and tokens[step].low in ("'s", "'"):
            owned = True
            step += 1
        if step < end and owned and tokens[step].low in ("day", "eve", "feast"):
            return step
    return None


def _by_first_word() -> dict[str, list[list[str]]]:
    index: dict[str, list[list[str]]] = {}
    for holiday in HOLIDAYS:
        words = holiday.split()
        # A possessive is one token or two, as the text writes it.
        for first in {words[0], words[0].replace("'s", "").rstrip("'")}:
            index.setdefault(first, []).append(words)
    return index


# Looked up at every word of a transcript.
_HOLIDAYS_AT = _by_first_word()


def holiday_end(tokens: list[Token], place: int, end: int) -> int | None:
    saint = saints_day_end(tokens, place, end)
    if saint is not None:
        return saint
    if tokens[place].low in WEEKDAYS and place + 2 < end and tokens[place + 1].low in ("in", "of", "after", "before"):
        if tokens[place + 2].low in SEASONS:
            return place + 2
        return holiday_end(tokens, place + 2, end) if tokens[place + 2].low not in WEEKDAYS else None
    for words in _HOLIDAYS_AT.get(tokens[place].low, ()):
        position = place
        for word in words:
            parts = [word[:-2], "'s"] if word.endswith("'s") and position < end and tokens[position].low != word else [word]
            parts = [word[:-1], "'"] if word.endswith("s'") else parts  # "All Souls' Day"
            for part in parts:
                if position >= end or tokens[position].low != part:
                    break
                position += 1
            else:
                continue
            break
        else:
            dated = place > 0 and tokens[place - 1].low in BEFORE_DAYS  # "at easter", but "easter lilies"
            if tokens[place].upper or len(words) > 1 or words[0] in DAYS_ALONE or dated and words[0] == "easter":
                return position - 1
    return None


def day_beside(tokens: list[Token], place: int, begin: int) -> int:
    """How many tokens "the day before", "the eve of", "the second night of" have that stand before a holiday."""
    before = [t.low for t in tokens[max(begin, place - 4) : place]]
    beside = 0
    if before[-2:] in (["day", "before"], ["day", "after"], ["eve", "of"], ["feast", "of"]):
        beside = 2
    elif before[-2:] in (["day", "of"], ["night", "of"]) and len(before) > 2 and before[-3] in COUNTED:
        beside = 3
    elif before[-1:] and before[-1] in COUNTED and tokens[place].low in WEEKDAYS:
        beside = 1
    return beside + (before[: len(before) - beside][-1:] == ["the"]) if beside else 0


def is_month(tokens: list[Token], place: int, end: int) -> bool:
    token = tokens[place]
    if token.low in MONTHS:
        # "may i", "march down": lower-case verbs are sorted out by what must follow them.
        return True
    if token.low in SHORT_MONTHS:
        following = place + 1
        if following < end and tokens[following].text == ".":
            following += 1
        return following < end and (
            tokens[following].low.isdigit() or ORDINAL_DIGITS.fullmatch(tokens[following].low) is not None
        )
    return False


def day_end(tokens: list[Token], place: int, end: int, after_month: bool) -> int | None:
    """The last token of a day of the month that begins here."""
    if after_month:
        while place < end and tokens[place].low in ("the", ",", ".") and place + 1 < end:
            place += 1
    if place >= end:
        return None
    token = tokens[place]
    low = token.low
    if ORDINAL_DIGITS.fullmatch(low):
        return place
    if low in ORDINALS:
        return place
    if low in ("twenty", "thirty"):
        following = place + 1
        if following < end and tokens[following].text == "-":
            following += 1
        if following < end and tokens[following].low in SMALL_ORDINALS:
            return following
        if after_month and following < end and 1 <= UNITS.get(tokens[following].low, 0) <= 9:
            return following
        if after_month and low == "twenty" and following < end and tokens[following].low not in TENS:
            return place if tokens[following].low not in UNITS else None
        if after_month and following >= end:
            return place
        return None
    if after_month:
        if low.isdigit() and 1 <= int(low) <= 31 and len(low) <= 2:
            return None if _percent_or_unit(tokens, place, end) else place
        if low in ("nineteen", "twenty"):
            after = tokens[place + 1].low if place + 1 < end else ""
            return None if after in TENS or after in UNITS else place
        if 1 <= UNITS.get(low, 0) <= 19 and low not in ("o", "oh"):
            if low == "two" and place + 1 < end and tokens[place + 1].low == "thousand":
                return None
            return None if _percent_or_unit(tokens, place, end) else place
    return None


# "back in january five milligrams": a dose, hiding which would be a safety fault.
GIVEN_IN = frozenset(
    """% percent mg milligrams milligram mcg micrograms microgram ml milliliters milliliter units tablets tablet pills pill capsules puffs
    drops grams gram kilos kilograms liters dollars""".split()
)


def _percent_or_unit(tokens: list[Token], place: int, end: int) -> bool:
    return place + 1 < end and tokens[place + 1].low in GIVEN_IN


def cardinal_day_end(tokens: list[Token], place: int, end: int) -> int | None:
    """The last token of a day said as a plain number before its month: "thirty one october", "17 of January"."""
    low = tokens[place].low
    if low.isdigit():
        return place if len(low) <= 2 and 1 <= int(low) <= 31 else None
    if low in ("twenty", "thirty"):
        following = _skip_hyphen(tokens, place + 1, end)
        unit = UNITS.get(tokens[following].low, 0) if following < end else 0
        if 1 <= unit <= (9 if low == "twenty" else 1):
            return following
        return place
    return place if 1 <= UNITS.get(low, 0) <= 19 and low not in ("o", "oh") else None


def ends_in_ordinal(tokens: list[Token], day: int) -> bool:
    low = tokens[day].low
    return low in ORDINALS or ORDINAL_DIGITS.fullmatch(low) is not None


def year_end(tokens: list[Token], place: int, end: int, two_digits: bool) -> int | None:
    """The last token of a year that begins here (after a comma or "of"). ``two_digits``: "eighty-two" is one, too."""
    skipped = 0
    while place < end and tokens[place].low in (",", "of", ".", "in", "the", "year", "uh", "um", "er") and skipped < 4:
        place += 1
        skipped += 1
    if place >= end:
        return None
    low = tokens[place].low
    if low in ("last", "this", "next", "that", "same") and place + 1 < end and tokens[place + 1].low == "year":
        return place + 1
    if low == "'" and place + 1 < end and tokens[place + 1].low.isdigit():
        return place + 1
    if low.isdigit():
        if len(low) == 4 and low[:2] in ("18", "19", "20"):
            return place
        clock = place + 1 < end and tokens[place + 1].low in ("a", "p", "am", "pm", ":", "o'clock", "years", "days", "%")
        return place if two_digits and len(low) == 2 and skipped and tokens[place - 1].text != "." and not clock else None
    if low in CENTURIES:
        following = _skip_hyphen(tokens, place + 1, end)
        if following < end and (tokens[following].low in TENS or 10 <= UNITS.get(tokens[following].low, 0) <= 19):
            unit = _unit(tokens, following, end)
            return unit if unit is not None else following
        if following < end and tokens[following].low in ("oh", "o", "hundred"):
            return following + 1 if following + 1 < end and tokens[following + 1].low in UNITS else following
    if low == "two" and place + 1 < end and tokens[place + 1].low == "thousand":
        last = place + 1
        following = last + 1
        if following < end and tokens[following].low == "and":
            following += 1
        if following < end and (tokens[following].low in UNITS or tokens[following].low in TENS):
            unit = _unit(tokens, following, end) if tokens[following].low in TENS else None
            return unit if unit is not None else following
        return last
    if two_digits and low in TENS and not (skipped and tokens[place - 1].low == "."):
        unit = _unit(tokens, place, end)
        last = unit if unit is not None else place
        after = tokens[last + 1].low if last + 1 < end else ""
        return None if after in ("over", "percent", "milligrams", "mg", "dollars", "years", "people", "minutes") else last
    return None


def _unit(tokens: list[Token], place: int, end: int) -> int | None:
    following = _skip_hyphen(tokens, place + 1, end)
    if following < end and tokens[place].low in TENS and 1 <= UNITS.get(tokens[following].low, 0) <= 9:
        return following
    return None


def _skip_hyphen(tokens: list[Token], place: int, end: int) -> int:
    return place + 1 if place < end and tokens[place].text == "-" else place


def range_end(tokens: list[Token], last: int, end: int) -> int:
    """ "March 3 through 5", "the third and fourth"."""
    place = last + 1
    if place + 1 < end and tokens[place].low in ("through", "to", "and", "or", "-"):
        following = place + 1
        if tokens[following].low == "the" and following + 1 < end:
            following += 1
        low = tokens[following].low
        if ends_in_ordinal(tokens, following) or (tokens[place].text in ("-",) and low.isdigit() and int(low[:4]) <= 31):
            return following
    return last
