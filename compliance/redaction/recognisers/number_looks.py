"""What a number looks like by itself: an amount, a time of day, a measurement, or the shape of an identifier."""

from __future__ import annotations

import re

from compliance.redaction.detections import PrivateType
from compliance.redaction.numerals import Run
from compliance.redaction.phrases import Phrase, hits_by_turn, last_before
from compliance.redaction.questions import asked
from compliance.redaction.view import DialogueView, Token
from compliance.redaction.written import written_digits, written_year

T = PrivateType
UNITS_AFTER = frozenset(
    """milligrams milligram mg micrograms mcg grams gram ml milliliters cc units percent % dollars dollar cents bucks years
    year yrs months month weeks week days day hours hour hrs minutes minute mins seconds second feet foot ft inches inch
    miles mile pounds pound lbs kilos kilograms kg degrees beats people times o'clock oclock am pm a.m p.m points tablets
    pills refills capsules doses dose puffs drops grand hundred thousand million billion shares acres square blocks
    employees patients stitches sutures nights shifts liters meters centimeters millimeters centimeter cm mm files
    pages boxes pallets sets reps kids children sisters brothers siblings packs cigarettes beers drinks ounces cups ago
    men women guys of other different more less or percentile weeks' months' years' stars steps floors stories rooms
    bedroom bedrooms car cars trucks calls emails messages texts questions things copies bags cases gallons teaspoons
    teaspoon tablespoon tablespoons sessions visits treatments cycles rounds grade foot-long units/ml""".split()
)
PERIODS = frozenset("dose day week month year hour night minute pound head piece person share visit mile bottle box".split())
TIME_BEFORE = frozenset("at around about since by till until past from between after before".split())
# What a code says that is nobody's: levels of the spine, laboratory values, tax and immigration forms, emergency numbers.
SPINE = re.compile(r"(?:[CTLS](?:1[0-2]|[1-9])[-/ ]?[1-9]?){1,3}", re.IGNORECASE)
NOBODYS = re.compile(
    r"(?:hb)?a1c|b(?:1|2|3|6|7|12)|d[23]|k[12]|t[34]|c[34]|h[12]n\d|h2o?|o2|co2|spo2|fev1|cd\d{1,3}|pdl1|her2|ca(?:125|199)|g6pd|p53|gp120|hla27"
    r"|w[249]g?|i9|i\d{3}|n400|1099|1040|911|311|411|511|988|999|112|401k|403b|5k|10k|3d|2d|4x4|covid19|t[0-4][a-d]?n[0-3][a-c]?(?:m[01])?|o157|mp[34]|f[12]50|v[68]",
    re.IGNORECASE,
)
# A decision in the reports of a court: "four oh nine U S one eighty-eight".
REPORTED = re.compile(r"\d{1,3}(?:US|SCT|FSUPP|F[234]D|SE[23]D|NE[23]D|NW[23]D|SW[23]D|SO[23]D|P[23]D|A[23]D)\d{1,4}")
LAST_MINUTE = 59
CLOCK_OF_24 = re.compile(r"0\d[0-5]\d")
DATE_ASKED = 3  # turns
DATE_REACH = 16  # tokens behind words that announce a date
CLOCK = re.compile(r"(?:1[0-2]|[1-9])(?:0\d|[1-5]\d|00)")
MONTH_YEAR = re.compile(r"(?:0?[1-9]|1[0-2])(?:19|20)\d\d")
AFTER_CLOCK = frozenset(
    "to until till and or pickup appointment this tonight tomorrow sharp in on every when so because i we".split()
)
# A code of capitals and digits that nobody announced has this many digits; "PHQ-9", "ICD-10" and "F-150" have fewer.
PREFIXED = 4
FORMS = frozenset(["CMS", "HCFA", "ISO", "IEEE", "ASTM", "ANSI", "CPT", "ICD", "AWS", "RFC", "IRS", "OMB", "SSA"])
OF_PAPERS = frozenset("exhibit exhibits form forms bates docket case model part catalog standard section statute page document tab schedule".split())
# What stands before a number of a case, a law or a page of evidence.
CASES = frozenset(
    "case docket under per section subsection sections statute report incident citation tab exhibit bates".split()
)
# Diagnoses in ICD-10-CM: "Z95.810, I50.22".
DIAGNOSES = re.compile(r"[A-TV-Z]\d[\dAB]\.\d{1,4}[A-Z]?(?:,? (?:and )?[A-TV-Z]\d[\dAB]\.\d{1,4}[A-Z]?)*", re.IGNORECASE)
DECIMAL = re.compile(r"\d{1,4}\.\d{1,3}|\d{1,7}\.\d{2}")


def amount(view: DialogueView, run: Run) -> bool:
    """Thousands written with a comma, or "three hundred", "twenty-five thousand"."""
    first, last = view.tokens[run.first], view.tokens[run.last]
    text = view.text(run.turn)[first.start : last.end]
    if DECIMAL.fullmatch(text):
        return True
    if "," in text and text.replace(",", "").replace(".", "").isdigit():
        groups = text.split(".")[0].split(",")
        return len(groups[0]) <= 3 and all(len(g) == 3 for g in groups[1:])
    lows = [t.low for t in view.tokens[run.first : run.last + 1]]
    if run.singles >= 3 or (run.singles == 2 and len(run.atoms) >= 4):
        return False  # "four one seven two hundred"
    return lows[-1] in ("hundred", "thousand") or ("thousand" in lows and run.singles < 3)


def thousands(view: DialogueView, run: Run) -> bool:
    """ "thirty-eight thousand ninety-four": an amount whatever was announced, since nobody says an identifier so."""
    lows = [t.low for t in view.tokens[run.first : run.last + 1]]
    return "thousand" in lows[:-1] and run.singles < 2 and not run.letters


def measured(view: DialogueView, run: Run, before: Token | None, after: Token | None) -> bool:
    if before is not None and before.text in ("$", "€", "£"):
        return True
    if before is not None and before.low in ("over", "times", "point") and len(run.digits) <= 3:
        return True
    if after is None:
        return False
    if after.low in ("a", "per") and _word_at(view, after.index + 1) in PERIODS and len(run.digits) <= 5:
        return True
    if after.low in UNITS_AFTER or after.low in ("over", "/", "point", "to"):
        if after.low in ("of", "or", "other", "to", "second", "car") and (run.singles >= 3 or len(run.digits) >= 5):
            return False
        return not (after.low == "/" and len(run.digits) >= 6)
    return after.text == "-" and _word_at(view, after.index + 1) in UNITS_AFTER


def nobodys(view: DialogueView, run: Run) -> bool:
    """ "c67 and c7-t1", "A1C", "W-2", "nine one one": codes that say nothing about who is meant."""
    value = run.value
    if NOBODYS.fullmatch(value) or REPORTED.fullmatch(value):
        return True
    return bool(run.letters) and len(value) <= 9 and SPINE.fullmatch(value) is not None


LAW = 7  # digits
LONGEST_CASE = 13  # letters and digits
DOCKET = re.compile(r"\b\d{1,4}[-:](?:CV|CR|CIV|CA|CF|CM|CT|DR|FA|JV|MC|MD|MJ|PR|SC|TR)[-:]\d{2,7}(?:-[A-Z]{1,4})*\b", re.IGNORECASE)
# The same as it is said: "cause number twenty-four dash C R dash one one eight oh six".
SPOKEN_DOCKET = re.compile(r"\d{1,4}(?:CV|CR|CIV|CA|CF|CM|CT|DR|FA|JV|MC|MD|MJ|PR|SC|TR|[A-Z])\d{2,7}[A-Z]{0,4}|(?:CV|CR|SCD|RG|BC|FD)\d{4,10}", re.IGNORECASE)
LONGEST_DOCKET = 24  # characters
_COURTS = frozenset("case docket cause action".split())
COUNTED_FEW = frozenset("exhibit tab section subsection sections per".split())
KEPT_REACH = 8  # tokens
KEPT = frozenset(
    """have has had got keep keeps kept register registers registered list lists listed file files filed bill bills billed book books booked
    admitted enrolled entered logged saved stored put puts look looked found find""".split()
)
_LINKS = re.compile(r",? (?:and|or|to|through|until|till) |, ")


def of_a_case(view: DialogueView, run: Run) -> bool:
    """ "case two four s c one one seven", "under two sixty b", "report number 25-0331": kept out of every private number."""
    begin, _ = view.bounds[run.turn]
    before = [t.low for t in view.tokens[max(begin, run.first - 3) : run.first] if t.word]
    if before[-1:] and before[-1] in ("number", "numbers", "no", "of"):
        before = before[:-1]
    if before[-1:] == ["under"]:
        # "under two sixty b"; "I ran it under one oh three, eight eight nine" is an account
        return len(run.digits) < LAW and not kept_under(view, run)
    # "the whole number on exhibit twelve oh oh seven four one nine ...": no exhibit is counted so far.
    longest = LAW - 1 if before[-1:] and before[-1] in COUNTED_FEW else LONGEST_CASE
    return bool(before) and before[-1] in CASES and len(run.value) <= longest


def docket(view: DialogueView, run: Run) -> bool:
    """Whether the number stands in a court's docket as clerks write it: "22-CV-41876"."""
    text = view.text(run.turn)
    start, end = view.tokens[run.first].start, view.tokens[run.last].end
    around = text[max(0, start - LONGEST_DOCKET) : end + LONGEST_DOCKET]
    offset = max(0, start - LONGEST_DOCKET)
    return any(m.start() + offset <= start and end <= m.end() + offset for m in DOCKET.finditer(around))


def of_a_court(view: DialogueView, run: Run, cue: Phrase | None) -> bool:
    """Whether words for a court's docket announced the number and it is one."""
    announced = cue is not None and cue.kind == "innocent" and bool(_COURTS & {t.low for t in view.tokens[cue.first : cue.last + 1]})
    return announced and SPOKEN_DOCKET.fullmatch(run.value) is not None


def kept_under(view: DialogueView, run: Run) -> bool:
    """ "they've got me under 80-2216", "they have you both registered under four oh": what somebody's file is called."""
    begin, _ = view.bounds[run.turn]
    said = [t.low for t in view.tokens[max(begin, run.first - KEPT_REACH) : run.first] if t.word]
    if said[-1:] and said[-1] in ("number", "numbers"):
        said = said[:-1]
    if said[-1:] != ["under"] or year_like(run):
        return False
    kept = any(word in KEPT or word.endswith("'ve") for word in said)
    return kept and (len(run.value) >= 4 or run.singles >= 2)


def years(view: DialogueView, run: Run) -> bool:
    """ "between twenty nineteen and twenty twenty-two": years alone, more than one."""
    text = view.text(run.turn)[view.tokens[run.first].start : view.tokens[run.last].end]
    parts = _LINKS.split(text.lower())
    return len(parts) > 1 and all(len(part.split()) <= 4 and written_year(part) is not None for part in parts)


def bates(view: DialogueView, run: Run) -> bool:
    """ "BLU 000771": a page of evidence, capitals and a number filled up with zeros."""
    text = view.tokens[run.last].text
    before = view.tokens[run.first - 1] if run.first else None
    return (
        len(run.atoms) == 1
        and re.fullmatch(r"00\d{4,6}", text) is not None
        and before is not None
        and before.text.isupper()
        and before.text.isalpha()
        and not _numbered(view, before)
    )


def _numbered(view: DialogueView, code: Token) -> bool:
    """ "Republic of the Marshall Islands, number MH 0047718": of pages people say "Bates number" or nothing."""
    begin = view.bounds[code.turn][0]
    said = [t.low for t in view.tokens[max(begin, code.index - 2) : code.index]]
    return bool(said) and said[-1] in ("number", "#") and said[0] not in ("bates", "page", "exhibit", "document", "stamp")


def clock(view: DialogueView, run: Run, before: Token | None, after: Token | None) -> bool:
    """ "at five oh eight", "five oh five to five twenty": a time of day that is said digit by digit."""
    if run.letters or run.written or len(run.atoms) > 4 or not CLOCK.fullmatch(run.value):
        return False
    if _phone_asked(view, run):
        return False
    if before is not None and before.low in TIME_BEFORE | {"maybe", "was"}:
        return after is None or not after.word or after.low in AFTER_CLOCK
    return after is not None and after.low in ("to", "until", "till", "pickup", "appointment", "sharp", "tonight", "tomorrow")


def clock_of_24(view: DialogueView, tokens: list[Token]) -> bool:
    """ "oh seven thirty one", "0845": a time of day, unless a date was asked for or announced."""
    text = view.text(tokens[0].turn)[tokens[0].start : tokens[-1].end]
    if tokens[0].low not in ("oh", "zero", "o") and not tokens[0].low.startswith("0") or not CLOCK_OF_24.fullmatch(written_digits(text)):
        return False
    dated = (q for q in asked(view, tokens[0].turn) if q.kind in ("date", T.DATE_OF_BIRTH) and q.distance <= DATE_ASKED)
    told = last_before(hits_by_turn(view).get(tokens[0].turn, []), tokens[0].index, DATE_REACH)
    return not any(dated) and not any(h.kind in ("date", T.DATE_OF_BIRTH) for h in told)


def _word_at(view: DialogueView, index: int) -> str:
    return view.tokens[index].low if index < len(view.tokens) else ""


def time_of_day(view: DialogueView, run: Run, before: Token | None, after: Token | None) -> bool:
    """A time of day, a year, a quantity: few digits, none of them said one by one."""
    if clock(view, run, before, after):
        return True
    if run.letters or run.singles >= 3 or len(run.digits) > 4:
        return False
    text = view.text(run.turn)[view.tokens[run.first].start : view.tokens[run.last].end]
    if ":" in text or (after is not None and after.text == ":"):
        return True
    if before is not None and before.low == "at" and len(run.digits) >= 3 and _phone_asked(view, run):
        return False
    if before is not None and before.low in TIME_BEFORE and len(run.digits) <= 4 and not run.singles >= 2:
        return not (run.written and len(run.digits) == 4 and int(run.digits[2:]) > LAST_MINUTE)  # "call me back at 0182"
    return year_like(run) and before is not None and before.low in ("in", "since", "of", "from", "until", "was", "by")


def _phone_asked(view: DialogueView, run: Run) -> bool:
    """ "A good number?" / "You can call me at 726": no time of day."""
    return any(q.kind == T.PHONE_NUMBER and q.direct and q.distance <= 2 for q in asked(view, run.turn))


def shape(run: Run) -> str:
    digits, letters = run.digits, run.letters
    if letters:
        return T.LICENSE_NUMBER if len(digits) >= 5 else T.VEHICLE_ID
    if len(digits) in (10, 11) or len(digits) == 7:
        return T.PHONE_NUMBER
    if len(digits) == 9:
        return T.SSN
    if 13 <= len(digits) <= 19:
        return T.CREDIT_CARD
    if len(digits) == 5:
        return T.ADDRESS
    return T.MEDICAL_RECORD_NUMBER


_DIALLED = re.compile(r"\(?\d{3}\)?[-. ]{1,2}\d{3}[-. ]\d{4}")


def as_written(view: DialogueView, run: Run, verdict: tuple[str, float, str]) -> tuple[str, float, str]:
    """Type, score and reason, but for what is written as telephone numbers are and social security numbers are not."""
    type_, score, reason = verdict
    text = view.text(run.turn)[view.tokens[run.first].start : view.tokens[run.last].end]
    return (T.PHONE_NUMBER if type_ == T.SSN and _DIALLED.fullmatch(text) else type_), score, reason


def by_look(view: DialogueView, run: Run, before: Token | None, after: Token | None) -> tuple[str, float, str] | None:
    digits, letters = run.digits, run.letters
    if amount(view, run) or time_of_day(view, run, before, after) or year_like(run):
        return None
    if _times(view, run, before):
        return None
    kind = shape(run)
    if run.singles >= 4 or (run.singles >= 3 and len(digits) >= 5):
        return kind, 0.7, "digits said one by one"
    if letters and len(digits) >= 3 and len(run.value) >= 5:
        return kind, 0.65, "letters and digits of a code"
    if letters and len(digits) >= 2 and len(letters) >= 2 and run.singles >= 2:
        return kind, 0.6, "letters and digits of a code"
    if run.written and len(digits) >= 6:
        return kind, 0.6, "a long number"
    if not run.written and len(digits) >= 7 and len(run.atoms) >= 4:
        return kind, 0.6, "a long number"
    if _prefixed(view, run):
        return T.LICENSE_NUMBER if len(digits) >= 5 else T.DEVICE_ID, 0.55, "capitals and digits of a code"
    if run.written and len(digits) == 5 and len(run.atoms) == 1:
        return kind, 0.5, "a number of five digits"
    return None


def _times(view: DialogueView, run: Run, before: Token | None) -> bool:
    """ "at twelve fifty-two and twelve fifty-six": times of day, more than one."""
    if before is None or before.low not in TIME_BEFORE or run.letters or run.singles >= 4:
        return False
    text = view.text(run.turn)[view.tokens[run.first].start : view.tokens[run.last].end]
    parts = _LINKS.split(text.lower())
    return len(parts) > 1 and all(CLOCK.fullmatch(written_digits(part)) for part in parts)


def _prefixed(view: DialogueView, run: Run) -> bool:
    """ "MV-2281-A": a few capitals, a hyphen, four digits or more, and not of a form, a page or an exhibit."""
    begin, _ = view.bounds[run.turn]
    if run.first - 2 < begin or not run.written or len(run.digits) < PREFIXED:
        return False
    sign, letters = view.tokens[run.first - 1], view.tokens[run.first - 2]
    tight = sign.text == "-" and sign.end == view.tokens[run.first].start and letters.end == sign.start
    before = {t.low for t in view.tokens[max(begin, run.first - 6) : run.first - 2]}
    code = letters.text.isalpha() and letters.text.isupper() and 2 <= len(letters.text) <= 4
    return tight and code and letters.text not in FORMS and not before & OF_PAPERS and not bates(view, run)


def year_like(run: Run) -> bool:
    values = [a.value for a in run.atoms]
    if values[:2] == ["2", "000"] and len(values) <= 4 and sum(map(len, values[2:])) <= 2:
        return True  # "two thousand fourteen"
    if MONTH_YEAR.fullmatch(run.digits) and run.written and not run.letters and len(run.atoms) == 2:
        return True  # "12-2019"
    return len(run.digits) == 4 and run.digits[:2] in ("18", "19", "20") and run.singles < 3
