"""Numbers and codes: who asked for them, what announced them, what they look like, what they repeat."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from compliance.redaction.detections import PrivateType
from compliance.redaction.lexicon import lexicon
from compliance.redaction.numerals import FILLERS, Atom, Run, runs, runs_by_turn
from compliance.redaction.phrases import Phrase, hits_by_turn, last_before
from compliance.redaction.questions import asked
from compliance.redaction.recognisers.base import DialogueRecogniser
from compliance.redaction.recognisers.dates import dates
from compliance.redaction.view import DialogueView, Finding, Token

T = PrivateType
NUMBERED = frozenset(
    (T.SSN, T.CREDIT_CARD, T.BANK_ACCOUNT, T.MEDICAL_RECORD_NUMBER, T.HEALTH_PLAN_NUMBER, T.LICENSE_NUMBER, T.VEHICLE_ID,
     T.DEVICE_ID, T.PHONE_NUMBER, T.EMAIL, T.URL, T.IP_ADDRESS, T.ADDRESS)
)  # fmt: skip
# How many tokens an announcement reaches; over the end of its sentence only to what looks like an identifier.
CUE_REACH = 16
# Turns over which a number goes on ("okay" / "zero zero zero nine") and over which it is repeated in part.
CONTINUES = 3
ECHOES = 12

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
FUNCTION_CODES = frozenset("its thats whats im ive hes shes dont um uh er mm hmm id mrn dob ssn vin".split())
TIME_BEFORE = frozenset("at around about since by till until past from between after before".split())
ENDING = frozenset("ending ends end last starts starting begins beginning reads".split())
# A turn of more tokens tells a story; nobody's number is half of it. It also keeps the work on long turns linear.
LONGEST_ANSWER = 400
# What people say while they look for the rest of a number, or take back a part of it.
HESITATIONS = FILLERS | frozenset(
    """no nope sorry wait scratch that i mean actually correction let me see look check think it's its is says yeah yes sure
    right well make excuse again back dash hyphen um the rest hold one moment second number here""".split()
)
DECIMAL = re.compile(r"\d{1,4}\.\d{1,3}")


@dataclass(slots=True)
class _Known:
    turn: int
    last: int
    type: str
    digits: str
    value: str


class IdentifierRecogniser(DialogueRecogniser):
    ENTITIES = (*sorted(NUMBERED), T.NAME)

    def find(self, view: DialogueView) -> Iterable[Finding]:
        return _Reader(view).read()


class _Reader:
    def __init__(self, view: DialogueView) -> None:
        self.view = view
        self.tokens = view.tokens
        self.hits = hits_by_turn(view)
        self.known: list[_Known] = []
        self.dated: dict[int, list[tuple[int, int]]] = {}
        for finding in dates(view):
            self.dated.setdefault(finding.turn, []).append((finding.start, finding.end))
        self.innocent_until = -1

    def read(self) -> list[Finding]:
        found: list[Finding] = []
        skipped: list[Run] = []
        for run in runs(self.view):
            verdict = self._verdict(run)
            if verdict is None:
                skipped.append(run)
                continue
            type_, score, reason = verdict
            self._remember(run, type_)
            found.extend(self._segments(run, type_, score, reason))
        # What was said before it was known to be private ("7126"), or repeated much later.
        long = {k.value for k in self.known if len(k.digits) >= 4 and len(k.value) >= 4}
        for run in skipped:
            spelled = self._spelled_part(run)
            if spelled is not None:
                found.extend(self._segments(spelled, T.NAME, 0.8, "spelled letter by letter"))
            if (
                len(run.digits) >= 4
                and not _year_like(run)
                and any(k.digits.endswith(run.digits) and abs(k.turn - run.turn) <= ECHOES for k in self.known)
                and not self._is_date(run)
                and not self._measured(run, None, None)
            ):
                found.extend(self._segments(run, T.MEDICAL_RECORD_NUMBER, 0.6, "the end of a number that is hidden"))
            if run.value in long and not self._is_date(run) and len(run.digits) >= 4 and not _year_like(run):
                found.extend(self._segments(run, self._type_of(run.value), 0.7, "repeats a number that is hidden elsewhere"))
        return found

    def _spelled_part(self, run: Run) -> Run | None:
        """ "with one T, E-M-M-E-T": the longest row of letters in a run that is no code."""
        best: list[Atom] = []
        row: list[Atom] = []
        for atom in run.atoms:
            row = [*row, atom] if atom.kind == "letter" else []
            best = max(best, row, key=len)
        return Run(run.turn, best) if len(best) >= 3 and len(best) < len(run.atoms) else None

    def _type_of(self, value: str) -> str:
        return next(k.type for k in self.known if k.value == value)

    def _remember(self, run: Run, type_: str) -> None:
        chain = ""
        if self.known and self.known[-1].type == type_ and run.turn - self.known[-1].turn <= CONTINUES:
            chain = self.known[-1].digits
        digits = (chain + run.digits)[-40:]
        self.known.append(_Known(run.turn, run.last, type_, digits, run.value))

    def _is_date(self, run: Run) -> bool:
        start, end = self.tokens[run.first].start, self.tokens[run.last].end
        return any(start < e and s < end for s, e in self.dated.get(run.turn, ()))

    def _verdict(self, run: Run) -> tuple[str, float, str] | None:
        digits, letters, value = run.digits, run.letters, run.value
        if self._is_date(run) and not (len(digits) >= 9):
            return None
        begin, end = self.view.bounds[run.turn]
        after = self.tokens[run.last + 1] if run.last + 1 < end else None
        before = self.tokens[run.first - 1] if run.first > begin else None
        if not digits:
            return self._letters(run)
        if (before is not None and before.text == ":") or (after is not None and after.text == ":" and len(digits) <= 2):
            return None
        if len(value) == 1 and not self._resumes(run) and not self._continues(run, short=True) and not self._last_digit(run):
            return None
        if len(value) == 1:
            return self.known[-1].type, 0.7, "goes on with the number of a moment ago"
        spelled_out = run.singles >= 2 or bool(letters)
        measured = self._measured(run, before, after)
        if measured and not (run.singles >= 5 or len(digits) >= 9):
            return None
        if run.counting and not (self._wanted(run) or self._ending(run) or self._echo(run)):
            return None
        text = self.view.text(run.turn)[self.tokens[run.first].start : self.tokens[run.last].end]
        if DECIMAL.fullmatch(text):
            return None  # a dose or a measurement: hiding it would be a safety fault
        hits = self.hits.get(run.turn, [])
        near = last_before(hits, run.first, CUE_REACH)
        cue = self._cue(near, run)
        if cue is not None and cue.kind == "innocent":
            strong = run.singles >= 7 or len(digits) >= 9
            if not strong:
                self.innocent_until = run.last
                return None
        if self.innocent_until >= begin and run.first - self.innocent_until <= 3 and len(digits) < 7:
            return None  # "Bates 18854 through 861"
        weight = len(digits) + len(letters)
        enough = (spelled_out and weight >= 2) or len(digits) >= 3
        if cue is not None and not enough and run.written and weight >= 2:
            enough = run.first - cue.last <= 3
        if cue is not None and _year_like(run) and not run.first - cue.last <= 3:
            cue = None
        if cue is not None and cue.kind == T.URL and weight < 5:
            cue = None
        if cue is not None and enough and not self._time(run, before, after):
            same_sentence = not any(t.text in ".?!" for t in self.tokens[cue.last + 1 : run.first])
            if same_sentence or (weight >= 4 and (spelled_out or len(digits) >= 5)):
                kind = self._specific(near, run) if cue.kind in ("number", "digits") else cue.kind
                if kind in NUMBERED and not (kind == T.ADDRESS and self._amount(run)):
                    return kind, 0.9, f"announced by words for {kind}"
        following = self._cue_after(hits, run)
        if following is not None and enough and weight >= 3 and not self._time(run, before, after):
            return following.kind, 0.75, f"followed by words for {following.kind}"
        if self._ending(run):
            return self._shape(run), 0.8, "the last digits of a number"
        answer = self._answer(run, enough)
        if answer is not None:
            return answer
        if self._continues(run):
            return self.known[-1].type, 0.8, "goes on with the number of a moment ago"
        if self._echo(run):
            return self._echo_type(run), 0.75, "repeats part of a number that is hidden"
        return self._by_look(run, before, after)

    # Letters ------------------------------------------------------------------------------------------------------

    def _letters(self, run: Run) -> tuple[str, float, str] | None:
        count = len(run.letters)
        if any(a.kind != "letter" for a in run.atoms):
            return None
        questions = asked(self.view, run.turn)
        hits = last_before(self.hits.get(run.turn, []), run.first, CUE_REACH)
        kinds = {q.kind for q in questions if q.distance <= 4} | {h.kind for h in hits}
        if count >= 2 and "email" in kinds and count < 3:
            return T.EMAIL, 0.8, "spelled for an e-mail address"
        if count >= 3:
            return T.NAME, 0.9, "spelled letter by letter"
        if count == 2 and kinds & {"spell", "name"}:
            return T.NAME, 0.7, "spelled letter by letter"
        labelled = any(h.kind == "innocent" and run.first - h.last <= 3 for h in hits)  # "Schedule D"
        wanted = self._wanted(run) if count <= 2 and not labelled else None
        if wanted is not None and wanted != T.PHONE_NUMBER:
            return wanted, 0.7, f"answers a question for {wanted}"
        if count == 2 and self._continues(run):
            return self.known[-1].type, 0.7, "goes on with the number of a moment ago"
        if count == 2:
            specific = [h for h in hits if h.kind in NUMBERED and run.first - h.last <= 4]
            if specific:
                return specific[0].kind, 0.7, f"announced by words for {specific[0].kind}"
        return None

    def _wanted(self, run: Run) -> str | None:
        """The type that was just asked for, where the turn says hardly more than this run."""
        if not self._mostly(run):
            return None
        kinds = (q.kind for q in asked(self.view, run.turn) if q.direct and q.distance <= 3 and q.kind in NUMBERED)
        return next((kind for kind in kinds if kind not in (T.EMAIL, T.URL, T.ADDRESS)), None)

    def _mostly(self, run: Run) -> bool:
        """Whether half of what its turn says is this run or, hesitations apart, numbers like it."""
        begin, end = self.view.bounds[run.turn]
        if end - begin > LONGEST_ANSWER:
            return False
        # A label of an earlier pass counts as a word: what was no answer beside the word is none beside its label.
        words = [t for t in self.tokens[begin:end] if t.word or t.text == "█"]
        if sum(a.last - a.first + 1 for a in run.atoms) * 2 >= len(words):
            return True
        said = [t for t in words if t.low not in HESITATIONS]
        near = runs_by_turn(self.view).get(run.turn, ())
        atoms = [a for r in near if r is run or len(r.digits) >= 2 for a in r.atoms]
        numerals = sum(t.word for a in atoms for t in self.tokens[a.first : a.last + 1])
        return not run.letters[3:] and numerals * 2 > len(said)

    def _resumes(self, run: Run) -> bool:
        """ "five four two, no, sorry, five four three": nothing but hesitation since the number of this turn."""
        if not self.known or self.known[-1].turn != run.turn or run.first - self.known[-1].last > 9:
            return False
        between = self.tokens[self.known[-1].last + 1 : run.first]
        return not any(t.text in "?!" or (t.word and t.low not in HESITATIONS) for t in between) and any(
            t.word for t in between
        )

    # Contexts -----------------------------------------------------------------------------------------------------

    def _cue(self, near: list[Phrase], run: Run) -> Phrase | None:
        """The nearest phrase that says what the run is. Innocent ones reach three tokens only."""
        for hit in near:
            if hit.kind == "innocent":
                if run.first - hit.last <= 3:
                    return hit
                continue
            if hit.kind in NUMBERED or hit.kind in ("number", "digits"):
                return hit
        return None

    def _specific(self, near: list[Phrase], run: Run) -> str:
        for hit in near:
            if hit.kind in NUMBERED:
                return hit.kind
        for question in asked(self.view, run.turn):
            if question.kind in NUMBERED and question.distance <= 3:
                return question.kind
        return self._shape(run)

    def _cue_after(self, hits: list[Phrase], run: Run) -> Phrase | None:
        for hit in hits:
            gap = hit.first - run.last
            if 0 < gap <= 6 and hit.kind in NUMBERED and hit.kind != T.ADDRESS:
                between = [t.low for t in self.tokens[run.last + 1 : hit.first]]
                if not set(between) & {".", "?", "!", ",", "to", "and"} and ({"is", "was", "'s"} & set(between)):
                    return hit
        return None

    def _ending(self, run: Run) -> bool:
        begin, _ = self.view.bounds[run.turn]
        before = [t.low for t in self.tokens[max(begin, run.first - 4) : run.first]]
        if not (ENDING & set(before)) or not 2 <= len(run.value) <= 6:
            return False
        if before[-1:] in (["ends"], ["ending"]):
            return True
        return "in" in before or "with" in before or "four" in before or "4" in before or "digits" in before

    def _answer(self, run: Run, enough: bool) -> tuple[str, float, str] | None:
        begin, end = self.view.bounds[run.turn]
        mostly = self._mostly(run)
        alone = mostly and sum(a.last - a.first + 1 for a in run.atoms) * 2 >= sum(t.word for t in self.tokens[begin:end])
        digits_asked = (
            mostly
            and len(run.digits) >= 3
            and not self._amount(run)
            and any(q.kind == "digits" and q.direct and q.distance <= 2 for q in asked(self.view, run.turn))
        )
        weight = len(run.value)
        before = self.tokens[run.first - 1] if run.first > begin else None
        after = self.tokens[run.last + 1] if run.last + 1 < end else None
        for question in asked(self.view, run.turn):
            if (
                question.kind in ("date_of_birth", "date", "age_over_89", "year")
                and question.distance == 1
                and not run.singles >= 4
            ):
                return None
            if digits_asked and question.kind in NUMBERED and question.distance <= 3:
                return question.kind, 0.8, f"answers a question for {question.kind}"
            if question.kind not in NUMBERED or (question.kind == T.URL and weight < 5) or _year_like(run):
                continue
            if not question.direct and not mostly:
                continue
            if question.distance > 4 and not alone:
                break
            spoken = run.singles >= 2 or bool(run.letters) or len(run.digits) >= 4 or mostly
            if (enough and spoken and weight >= 3 or (mostly and weight >= 2)) and not self._amount(run):
                if self._time(run, before, after) and not alone:
                    return None
                return question.kind, 0.8, f"answers a question for {question.kind}"
        return (self._shape(run), 0.75, "answers a question for the digits of a number") if digits_asked else None

    def _continues(self, run: Run, short: bool = False) -> bool:
        if not self.known:
            return False
        last = self.known[-1]
        if run.turn == last.turn:
            between = self.tokens[last.last + 1 : run.first]
            apart = sum(t.word for t in between)
            solid = run.singles >= 2 or (run.written and len(run.digits) >= 3 and not _year_like(run)) or bool(run.letters)
            return (apart <= 7 and solid and not short) or self._resumes(run)
        if run.turn - last.turn > CONTINUES:
            return False
        begin, end = self.view.bounds[run.turn]
        words = sum(t.word for t in self.tokens[begin:end])
        cover = sum(a.last - a.first + 1 for a in run.atoms)
        if short:
            return cover == words
        early = sum(t.word for t in self.tokens[begin : run.first]) <= 3
        return cover * 2 >= words or (early and (run.singles >= 2 or run.written) and len(run.value) >= 2 and words <= 14)

    def _last_digit(self, run: Run) -> bool:
        """ "two two seven, oh five, um, I want to say, seven."."""
        if not self.known or self.known[-1].turn != run.turn:
            return False
        between = self.tokens[self.known[-1].last + 1 : run.first]
        end = self.view.bounds[run.turn][1]
        closing = run.last + 1 >= end or self.tokens[run.last + 1].text in ".?!"
        return closing and len(between) <= 9 and not any(t.text in ".?!" for t in between) and run.singles == 1

    def _echo(self, run: Run) -> bool:
        if len(run.digits) < 3 and not run.singles >= 2:
            return False
        for known in reversed(self.known):
            if run.turn - known.turn > ECHOES:
                break
            if run.digits in known.digits and (run.singles >= 2 or len(run.digits) >= 4):
                return True
        return False

    def _echo_type(self, run: Run) -> str:
        return next((k.type for k in reversed(self.known) if run.digits in k.digits), self._shape(run))

    # Looks --------------------------------------------------------------------------------------------------------

    def _amount(self, run: Run) -> bool:
        """Thousands written with a comma, or "three hundred", "twenty-five thousand"."""
        first, last = self.tokens[run.first], self.tokens[run.last]
        text = self.view.text(run.turn)[first.start : last.end]
        if DECIMAL.fullmatch(text):
            return True
        if "," in text and text.replace(",", "").replace(".", "").isdigit():
            groups = text.split(".")[0].split(",")
            return len(groups[0]) <= 3 and all(len(g) == 3 for g in groups[1:])
        lows = [t.low for t in self.tokens[run.first : run.last + 1]]
        if run.singles >= 3 or (run.singles == 2 and len(run.atoms) >= 4):
            return False  # "four one seven two hundred"
        return lows[-1] in ("hundred", "thousand") or ("thousand" in lows and run.singles < 3)

    def _measured(self, run: Run, before: Token | None, after: Token | None) -> bool:
        if before is not None and before.text in ("$", "€", "£"):
            return True
        if before is not None and before.low in ("over", "times") and len(run.digits) <= 3:
            return True
        if after is None:
            return False
        if after.low in UNITS_AFTER or after.low in ("over", "/", "point", "to"):
            if after.low in ("of", "or", "other", "to", "second", "car") and (run.singles >= 3 or len(run.digits) >= 5):
                return False
            return not (after.low == "/" and len(run.digits) >= 6)
        return after.text == "-" and self._word_at(after.index + 1) in UNITS_AFTER

    def _word_at(self, index: int) -> str:
        return self.tokens[index].low if index < len(self.tokens) else ""

    def _time(self, run: Run, before: Token | None, after: Token | None) -> bool:
        """A time of day, a year, a quantity: few digits, none of them said one by one."""
        if run.letters or run.singles >= 3 or len(run.digits) > 4:
            return False
        text = self.view.text(run.turn)[self.tokens[run.first].start : self.tokens[run.last].end]
        if ":" in text or (after is not None and after.text == ":"):
            return True
        if before is not None and before.low == "at" and len(run.digits) >= 3 and self._phone_asked(run):
            return False
        if before is not None and before.low in TIME_BEFORE and len(run.digits) <= 4 and not run.singles >= 2:
            return True
        return _year_like(run) and before is not None and before.low in ("in", "since", "of", "from", "until", "was", "by")

    def _phone_asked(self, run: Run) -> bool:
        """ "A good number?" / "You can call me at 726": no time of day."""
        return any(q.kind == T.PHONE_NUMBER and q.direct and q.distance <= 2 for q in asked(self.view, run.turn))

    def _shape(self, run: Run) -> str:
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

    def _by_look(self, run: Run, before: Token | None, after: Token | None) -> tuple[str, float, str] | None:
        digits, letters = run.digits, run.letters
        if self._amount(run) or self._time(run, before, after):
            return None
        shape = self._shape(run)
        if run.singles >= 4 or (run.singles >= 3 and len(digits) >= 5):
            return shape, 0.7, "digits said one by one"
        if letters and len(digits) >= 3 and len(run.value) >= 5:
            return shape, 0.65, "letters and digits of a code"
        if letters and len(digits) >= 2 and len(letters) >= 2 and run.singles >= 2:
            return shape, 0.6, "letters and digits of a code"
        if run.written and len(digits) >= 6:
            return shape, 0.6, "a long number"
        if not run.written and len(digits) >= 7 and len(run.atoms) >= 4:
            return shape, 0.6, "a long number"
        if run.written and len(digits) == 5 and len(run.atoms) == 1:
            return shape, 0.5, "a number of five digits"
        return None

    def _segments(self, run: Run, type_: str, score: float, reason: str) -> list[Finding]:
        """The run without the "uh" and "then" in it."""
        found: list[Finding] = []
        text = self.view.text(run.turn)
        first = run.atoms[0]
        last = run.atoms[0]
        for atom in [*run.atoms[1:], None]:
            if atom is not None:
                between = self.tokens[last.last + 1 : atom.first]
                if not any(t.low in FILLERS for t in between if t.word):
                    last = atom
                    continue
            low, high = first.first, last.last
            if type_ != T.NAME:
                low, high = self._widened(run, low, high)
            start, end = self.tokens[low].start, self.tokens[high].end
            found.append(Finding(run.turn, start, end, type_, score, reason, run.value or text[start:end]))
            if atom is not None:
                first = last = atom
        return found

    def _widened(self, run: Run, first: int, last: int) -> tuple[int, int]:
        """With the letters that are part of the code: "KPT 660 913", "BKQ-R47", "P I one nine"."""
        begin, end = self.view.bounds[run.turn]
        tokens = self.tokens
        place = first - 1
        if place >= begin and tokens[place].low in ("dash", "hyphen", "slash", "double", "triple"):
            first = place
            place -= 1
        if place > begin and tokens[place].text in ("-", "/") and tokens[place].end == tokens[first].start:
            place -= 1
        if place >= begin and self._prefix(tokens[place], place):
            first = place
            while first - 1 >= begin and len(tokens[first].low) == len(tokens[first - 1].low) == 1 and tokens[first - 1].word:
                first -= 1
        place = last + 1
        if place + 1 < end and tokens[place].text == "-" and tokens[place].start == tokens[last].end:
            following = tokens[place + 1]
            if following.start == tokens[place].end and following.word and len(following.low) <= 6:
                last = place + 1
        return first, last

    def _prefix(self, token: Token, place: int) -> bool:
        if not token.word or not token.low.isalpha():
            return False
        tight = self.tokens[place + 1].text == "-" and self.tokens[place + 1].start == token.end
        if not tight and any(h.first <= place <= h.last and h.kind != "letters" for h in self.hits.get(token.turn, [])):
            return False
        if len(token.low) == 1:
            beside = place > 0 and len(self.tokens[place - 1].low) == 1 and self.tokens[place - 1].word
            return token.low not in ("a", "i") or beside or (token.upper and self.view.cased and token.low == "a")
        if not self.view.cased:
            words = lexicon()
            plain = token.low in words.ordinary or token.low in FUNCTION_CODES or token.low in words.frequent_first
            return len(token.low) <= 5 and (tight or not (plain or (token.low in words.drugs and len(token.low) > 3)))
        return token.text.isupper() and len(token.text) <= 5


def _year_like(run: Run) -> bool:
    return len(run.digits) == 4 and run.digits[:2] in ("18", "19", "20") and run.singles < 3
