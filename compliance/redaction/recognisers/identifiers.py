"""Numbers and codes: who asked for them, what announced them, what they look like, what they repeat."""

from __future__ import annotations

from collections.abc import Iterable

from presidio_analyzer.nlp_engine import NlpEngine

from compliance.redaction.alphabets import NATO
from compliance.redaction.atoms import SINGLES
from compliance.redaction.detections import PrivateType
from compliance.redaction.numerals import Run, runs
from compliance.redaction.phrases import last_before
from compliance.redaction.questions import asked
from compliance.redaction.recognisers.base import DialogueRecogniser
from compliance.redaction.recognisers.card_details import BESIDE_A_CARD, card_detail
from compliance.redaction.recognisers.improbable import improbable, whole
from compliance.redaction.recognisers.number_context import (
    CONTINUES,
    CUE_REACH,
    ECHOES,
    NUMBERED,
    NumberContext,
)
from compliance.redaction.recognisers.number_fragments import (
    area_code,
    checked,
    completes,
    counts_something,
    dialled,
    last_digit,
    member_suffix,
    of_a_series,
    put_right,
    resumes,
    spelled_part,
    spells,
    subject_changed,
    taken_back,
)
from compliance.redaction.recognisers.number_looks import (
    DECIMAL,
    DIAGNOSES,
    amount,
    as_written,
    bates,
    by_look,
    docket,
    kept_under,
    measured,
    of_a_case,
    of_a_court,
    shape,
    thousands,
    time_of_day,
    year_like,
)
from compliance.redaction.recognisers.number_spans import segments
from compliance.redaction.recognisers.other_questions import answers_otherwise
from compliance.redaction.recognisers.surroundings import asked_for_another, vital_told
from compliance.redaction.view import DialogueView, Finding

T = PrivateType
# Pages, lines and rooms have few digits; dockets, codes and sections may have many.
_COUNTED = frozenset("line lines page pages paragraph chapter room bed bay chair door step question table item option shift".split())
OUTRIGHT = 6  # tokens between a number and the words that announce it
SMUDGES = frozenset("something whatever blank".split())
MAX_CONTRADICTION = 9  # tokens


class IdentifierRecogniser(DialogueRecogniser):
    ENTITIES = (*sorted(NUMBERED), T.NAME)

    def __init__(self, nlp: NlpEngine | None = None) -> None:
        self.nlp = nlp
        super().__init__()

    def find(self, view: DialogueView) -> Iterable[Finding]:
        return _Reader(view, self.nlp).read()


class _Reader(NumberContext):
    def __init__(self, view: DialogueView, nlp: NlpEngine | None) -> None:
        super().__init__(view)
        self.nlp = nlp

    def read(self) -> list[Finding]:
        found: list[Finding] = []
        skipped: list[Run] = []
        hidden: dict[int, str] = {}  # by the first token of a run
        previous: Run | None = None
        for run in runs(self.view):
            verdict = self._verdict(run)
            if verdict is not None and verdict[2] != BESIDE_A_CARD and self._doubted(run):
                verdict = None
            before, previous = previous, run
            if verdict is None:
                skipped.append(run)
                self.said_openly(run)
                continue
            if before is not None and before in skipped[-1:] and before.turn == run.turn and before.digits:
                if taken_back(self.view, before, run.first):
                    found.extend(segments(self.view, before, verdict[0], 0.7, "taken back for a number that is hidden"))
            type_, score, reason = as_written(self.view, run, verdict)
            self.remember(run, type_)
            hidden[run.first] = hidden[run.last] = type_
            found.extend(segments(self.view, run, type_, score, reason))
        # What was said before it was known to be private ("7126"), or repeated much later.
        long = {k.value for k in self.known if len(k.digits) >= 4 and len(k.value) >= 4}
        for run in skipped:
            digits = run.digits
            spelled = spelled_part(run)
            if spelled is not None and not self.nobodys(run) and not improbable(self.view, self.nlp, spelled.first, spelled.last):
                found.extend(segments(self.view, spelled, T.NAME, 0.8, "spelled letter by letter"))
            if (
                len(digits) >= 4
                and not year_like(run)
                and any(abs(k.turn - run.turn) <= ECHOES and k.digits.endswith(digits) for k in self.known)
                and not self.is_date(run)
                and not measured(self.view, run, None, None)
            ):
                found.extend(segments(self.view, run, T.MEDICAL_RECORD_NUMBER, 0.6, "the end of a number that is hidden"))
            lead = self._known_lead(run)
            if lead is not None:
                found.extend(segments(self.view, lead, self.type_before(lead), 0.6, "a number that is hidden, and another one after it"))
            series = of_a_series(run, self.known)
            if series is not None:
                found.extend(segments(self.view, run, series, 0.7, "counted like a number that is hidden"))
            other = self.or_other(run)
            if other in hidden:
                found.extend(segments(self.view, run, hidden[other], 0.7, "one of two readings of a number"))
            if run.value in long and not self.is_date(run) and len(run.digits) >= 4 and not year_like(run):
                found.extend(
                    segments(self.view, run, self._type_of(run.value), 0.7, "repeats a number that is hidden elsewhere")
                )
        return found

    def _known_lead(self, run: Run) -> Run | None:
        """ "from the 6608, 3 days after": what a run begins with, where that is a number that is hidden or the end of one."""
        for count in range(len(run.atoms) - 1, 0, -1):
            lead = Run(run.turn, run.atoms[:count])
            ends = (k for k in self.known if abs(k.turn - run.turn) <= ECHOES and k.digits.endswith(lead.digits))
            if len(lead.digits) >= 4 and not lead.letters and not year_like(lead) and any(ends):
                return lead
        return None

    def _type_of(self, value: str) -> str:
        return next(k.type for k in self.known if k.value == value)

    def _verdict(self, run: Run) -> tuple[str, float, str] | None:
        digits, letters, value = run.digits, run.letters, run.value
        if dialled(self.view, run):
            return T.PHONE_NUMBER, 0.9, "a number with the code of its country"
        if area_code(self.view, run):
            return T.PHONE_NUMBER, 0.7, "an area code"
        if card_detail(self.view, run, self.known):
            return T.CREDIT_CARD, 0.8, BESIDE_A_CARD
        if self._by_alphabet(run):
            return self.wanted(run) or T.VEHICLE_ID, 0.85, "letters of an alphabet and digits"
        if self.is_date(run) and (len(digits) < 9 or self.mostly_date(run)) and not self.part_of_number(run):
            return None
        begin, end = self.view.bounds[run.turn]
        after = self.tokens[run.last + 1] if run.last + 1 < end else None
        before = self.tokens[run.first - 1] if run.first > begin else None
        if not digits:
            return None if self.nobodys(run) else self._letters(run)
        if (before is not None and before.text == ":") or (after is not None and after.text == ":" and len(digits) <= 2):
            return None
        if len(value) == 1:
            return self._single(run)
        if self.nobodys(run) or vital_told(self.view, run):
            return None
        if self._smudged(run):
            return self.wanted(run) or shape(run), 0.6, "beside a piece that nobody can read"
        if len(value) == 2 and run.written and self.said_before(run) and self._either(run):
            return shape(run), 0.6, "one of two readings of two digits"
        spelled_out = run.singles >= 2 or bool(letters)
        quantity = measured(self.view, run, before, after)
        if quantity and not (run.singles >= 5 or len(digits) >= 9):
            return None
        paper = bates(self.view, run) or docket(self.view, run) and not self._announced(run)
        if of_a_case(self.view, run) or (paper and not self.wanted(run)):
            self.innocent_until = run.last
            return None
        if run.counting and not (self.wanted(run) or self.ending(run) or self.echo(run)):
            return None
        text = self.view.text(run.turn)[self.tokens[run.first].start : self.tokens[run.last].end]
        if DECIMAL.fullmatch(text) or DIAGNOSES.fullmatch(text) and not self._announced(run) and not self.wanted(run):
            return None  # a dose or a measurement: hiding it would be a safety fault
        hits = self.hits.get(run.turn, [])
        near = last_before(hits, run.first, CUE_REACH)
        cue = self.cue(near, run)
        if cue is not None and cue.kind == "innocent":
            counted = {t.low for t in self.tokens[cue.first : cue.last + 1]} & _COUNTED
            if of_a_court(self.view, run, cue) or len(digits) < (5 if counted and run.singles >= 5 else 7):
                self.innocent_until = run.last
                return None
        if self.innocent_until >= begin and run.first - self.innocent_until <= 3 and len(digits) < 7:
            return None  # "Bates 18854 through 861"
        weight = len(digits) + len(letters)
        enough = (spelled_out and weight >= 2) or len(digits) >= 3
        if cue is not None and not enough and weight >= 2:
            extension = self.tokens[cue.last].low in ("extension", "ext", "suffix")
            enough = run.first - cue.last <= 3 and (extension or (run.written and cue.kind in NUMBERED))
        if cue is not None and cue.kind not in NUMBERED and amount(self.view, run):
            cue = None  # "only ibuprofen, number one, six hundred"
        if cue is not None and letters and weight < 3 and self.said_since(cue, run):
            cue = None  # "specimen S25-07741, 4R positive"
        if cue is not None and year_like(run) and not run.first - cue.last <= 3:
            cue = None
        if cue is not None and cue.kind == T.URL and weight < 5:
            cue = None
        if cue is not None and enough and not time_of_day(self.view, run, before, after):
            same_sentence = not any(t.text in ".?!" for t in self.tokens[cue.last + 1 : run.first])
            if same_sentence or (weight >= 4 and (spelled_out or len(digits) >= 5)):
                kind = self.specific(near, run) if cue.kind in ("number", "digits") else cue.kind
                if kind in NUMBERED and not (kind == T.ADDRESS and amount(self.view, run) or thousands(self.view, run)):
                    return kind, 0.9, f"announced by words for {kind}"
        if "," in text and amount(self.view, run):
            return None  # "And the balance?" / "14,882."
        if member_suffix(run) and self.plan_spoken_of(run):
            return T.HEALTH_PLAN_NUMBER, 0.75, "which member of a family's plan"
        following = self.cue_after(hits, run)
        if following is not None and enough and weight >= 3 and not time_of_day(self.view, run, before, after):
            return following.kind, 0.75, f"followed by words for {following.kind}"
        if self.ending(run):
            return shape(run), 0.8, "the last digits of a number"
        if kept_under(self.view, run):
            return self.type_before(run) if self.echo(run) else T.MEDICAL_RECORD_NUMBER, 0.7, "what somebody's file is under"
        answer = self._answer(run, enough)
        if answer is not None:
            return answer
        if self.continues(run):
            return self.known[-1].type, 0.8, "goes on with the number of a moment ago"
        if self.put_in(run):
            return self.type_before(run), 0.75, "a piece of a number that was said before"
        if self.echo(run):
            return self.echo_type(run), 0.75, "repeats part of a number that is hidden"
        return None if answers_otherwise(self.view, run, run.turn - 1) else by_look(self.view, run, before, after)

    def _doubted(self, run: Run) -> bool:
        """Whether the model sees nothing private in a number that no words right before it call somebody's, nor its length."""
        near = last_before(self.hits.get(run.turn, []), run.first, OUTRIGHT)
        if whole(run) or spells(self.view, run, near) or not improbable(self.view, self.nlp, run.first, run.last):
            return False
        cue = self.cue(near, run)
        return cue is None or cue.kind not in NUMBERED or cue.first == cue.last  # "her policy number is", not "the card"

    def _announced(self, run: Run) -> bool:
        """ "her policy number is 14-PR-20218": written like a court's docket, but said to be somebody's."""
        cue = self.cue(last_before(self.hits.get(run.turn, []), run.first, CUE_REACH), run)
        return cue is not None and cue.kind in NUMBERED

    def _by_alphabet(self, run: Run) -> bool:
        """ "november three one nine papa delta": a registration, not a day in November."""
        said = sum(a.kind == "letter" and self.tokens[a.first].low in NATO for a in run.atoms)
        return said >= 2 and len(run.digits) >= 2

    def _single(self, run: Run) -> tuple[str, float, str] | None:
        """A lone digit is hidden where it goes on with a number, is checked, or is put at its end."""
        last = self.last_known()
        if self._contradicts(run):
            return shape(run), 0.6, "puts a digit right"
        if self._either(run):
            return shape(run), 0.6, "one of two readings of a digit"
        if self._smudged(run):
            return shape(run), 0.6, "beside a piece that nobody can read"
        if last is not None and completes(self.view, run, last):
            return last.type, 0.7, "the last digit of the number of the turn before"
        if counts_something(self.view, run) or (last is not None and (subject_changed(self.view, last, run.turn) or self.another(run, last.turn))):
            return None
        if (
            resumes(self.view, run, last)
            or last_digit(self.view, run, last)
            or checked(self.view, run, last)
            or self.continues(run, short=True)
        ):
            return self.known[-1].type, 0.7, "goes on with the number of a moment ago"
        if self.put_in(run):
            return self.type_before(run), 0.7, "a piece of a number that was said before"
        return None

    def _spoken_of(self, turn: int) -> bool:
        """Whether a number that is private was said or asked for a moment ago."""
        last = self.last_known()
        said = last is not None and turn - last.turn <= CONTINUES
        return said or any(q.kind in NUMBERED and q.distance <= CONTINUES + 1 for q in asked(self.view, turn))

    def _smudged(self, run: Run) -> bool:
        """ "the box has three five something", "three six three oh something three": a number of which a piece is missing."""
        begin, end = self.view.bounds[run.turn]
        after = self.tokens[run.last + 1].low if run.last + 1 < end else ""
        before = [t.low for t in self.tokens[max(begin, run.first - 2) : run.first]]
        if not (run.singles >= 1 and self._spoken_of(run.turn)):
            return False
        goes_on = len(before) == 2 and before[1] in SMUDGES and before[0] in SINGLES
        return goes_on or run.singles >= 2 and after in SMUDGES

    def _either(self, run: Run) -> bool:
        """ "Oh one six oh... is it four or five?", "and then either eight or B." """
        begin, end = self.view.bounds[run.turn]
        beside = (run.last + 1, run.first - 1, run.first - 2 if self.tokens[run.first - 1].low == "a" else -1)
        middle = next((p for p in beside if begin <= p < end and self.tokens[p].low == "or"), None)
        if middle is None or not begin < middle - 1 < middle + 1 < end or not self._spoken_of(run.turn):
            return False
        last = middle + 2 if self.tokens[middle + 1].low == "a" and middle + 2 < end else middle + 1  # "a 47 or a 74"
        either, other, before = self.tokens[middle - 1], self.tokens[last], self.tokens[middle - 2]
        closed = last + 1 >= end or not self.tokens[last + 1].word
        short = (t.low in SINGLES or len(t.low) == 1 or t.low.isdigit() and len(t.low) == 2 for t in (either, other))
        return closed and all(short) and before.low in ("it", "that", "either", "a", "an", "say")

    def _contradicts(self, run: Run) -> bool:
        """ "nine not five": all that a turn says, while a number is spoken of; or "No, it's an oh." at its beginning."""
        begin, end = self.view.bounds[run.turn]
        if self._spoken_of(run.turn) and put_right(self.view, run):
            return True
        if end - begin > MAX_CONTRADICTION or not self._spoken_of(run.turn):
            return False
        said = [t.low for t in self.tokens[begin:end] if t.word and t.low not in ("no", "it's", "its", "uh", "that's", "thats")]
        return len(said) == 3 and said[1] == "not" and said[0] in SINGLES and said[2] in SINGLES

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
        begins = run.first == self.view.bounds[run.turn][0]
        if count == 1 and begins and run.last - run.first >= 2:
            return T.NAME, 0.6, "a letter, spelled out"  # "B, as in boy."
        wanted = self.wanted(run) if count <= 2 and not labelled else None
        if wanted is not None and wanted != T.PHONE_NUMBER:
            return wanted, 0.7, f"answers a question for {wanted}"
        if count <= 2 and checked(self.view, run, self.last_known()) and self.known[-1].type != T.NAME:
            return self.known[-1].type, 0.7, "checks a letter of a code"
        if count == 2 and self.continues(run):
            return self.known[-1].type, 0.7, "goes on with the number of a moment ago"
        if count == 2:
            specific = [h for h in hits if h.kind in NUMBERED and run.first - h.last <= 4]
            if specific:
                return specific[0].kind, 0.7, f"announced by words for {specific[0].kind}"
        return None

    def _answer(self, run: Run, enough: bool) -> tuple[str, float, str] | None:
        begin, end = self.view.bounds[run.turn]
        mostly = self.mostly(run)
        alone = mostly and sum(a.last - a.first + 1 for a in run.atoms) * 2 >= sum(t.word for t in self.tokens[begin:end])
        digits_asked = (
            mostly
            and (len(run.digits) >= 3 or run.singles >= 2)
            and not amount(self.view, run)
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
            if question.kind in (T.EMAIL, T.URL) and not mostly:
                continue
            other = asked_for_another(self.view, run.turn) if question.kind == T.ADDRESS else None
            if other is not None and other >= question.turn or self.another(run, question.turn):
                continue  # "What's your cell?" ... "And the weight?" / "One eighty-seven.": hiding it would be a safety fault
            if digits_asked and question.kind in NUMBERED and question.distance <= 3:
                return question.kind, 0.8, f"answers a question for {question.kind}"
            if question.kind not in NUMBERED or (question.kind == T.URL and weight < 5) or year_like(run):
                continue
            if not question.direct and not mostly:
                continue
            if question.kind == T.VEHICLE_ID and question.direct and question.distance <= 2 and run.written and weight >= 3:
                return question.kind, 0.65, "a piece of a plate"
            if question.distance > 4 and not alone:
                break
            spoken = run.singles >= 2 or bool(run.letters) or len(run.digits) >= 4 or mostly
            if (enough and spoken and weight >= 3 or (mostly and weight >= 2)) and not (
                amount(self.view, run) and not (alone and self._hundreds(run, question.kind))
            ):
                if time_of_day(self.view, run, before, after) and not (alone and (before is None or before.low != "at")):
                    return None
                return question.kind, 0.8, f"answers a question for {question.kind}"
        return (shape(run), 0.75, "answers a question for the digits of a number") if digits_asked else None

    def _hundreds(self, run: Run, kind: str) -> bool:
        """ "Your cell phone?" / "Seven hundred.": three digits of it."""
        low = self.tokens[run.last].low
        return low == "hundred" and len(run.value) == 3 and kind in (T.PHONE_NUMBER, T.SSN, T.CREDIT_CARD, T.BANK_ACCOUNT)
