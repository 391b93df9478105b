"""What a number stands in: the words before it, the question it answers, the number it goes on with or repeats."""

from __future__ import annotations

from compliance.redaction.detections import PrivateType
from compliance.redaction.labels import LABEL
from compliance.redaction.numerals import Run, runs, runs_by_turn
from compliance.redaction.phrases import Phrase, hits_by_turn, last_before
from compliance.redaction.questions import asked
from compliance.redaction.recognisers.citations import cited
from compliance.redaction.recognisers.dates import dated_tokens
from compliance.redaction.recognisers.nobodys_codes import amount_told, nobodys_code, of_a_product, prescribed, timed
from compliance.redaction.recognisers.number_fragments import (
    HESITATIONS,
    Known,
    at_the_end,
    counts_something,
    only_pieces,
    resumes,
    subject_changed,
)
from compliance.redaction.recognisers.number_looks import (
    measured,
    nobodys,
    shape,
    year_like,
    years,
)
from compliance.redaction.recognisers.other_questions import answers_otherwise, confirmed
from compliance.redaction.view import DialogueView

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

# Numbers, in a turn full of them: looking at all would take the square of their time.
MOST_LOOKED_BACK = 200
MOST_BESIDE_A_DATE = 5  # digits
SHORTEST_CODE = 4  # letters and digits
LONG = 7  # digits of a number whose last two or three are known again
MOST_OF_AN_ECHO = 12  # tokens of a turn
SHORTEST_TRANSPOSED = 3
SHORTEST_OPEN = 2  # digits

ENDING = frozenset("ending ends end last starts starting begins beginning reads".split())
# A turn of more tokens tells a story; nobody's number is half of it. It also keeps the work on long turns linear.
LONGEST_ANSWER = 400


def _transposed(said: str, known: str) -> bool:
    """Whether three digits or more are the last of a long number with two neighbours changed round."""
    tail = known[-len(said) :]
    if len(said) < SHORTEST_TRANSPOSED or len(known) < LONG or len(tail) != len(said):
        return False
    wrong = [place for place, (one, other) in enumerate(zip(said, tail, strict=True)) if one != other]
    return len(wrong) == 2 and wrong[1] == wrong[0] + 1 and said[wrong[0]] == tail[wrong[1]] and said[wrong[1]] == tail[wrong[0]]


class NumberContext:
    """One dialogue, and the numbers found in it so far."""

    def __init__(self, view: DialogueView) -> None:
        self.view = view
        self.tokens = view.tokens
        self.hits = hits_by_turn(view)
        self.known: list[Known] = []
        self.dated = dated_tokens(view)
        self.innocent_until = -1
        self._open: dict[str, int] = {}  # digits that stay readable: the turn in which they were said last

    def remember(self, run: Run, type_: str) -> None:
        chain = ""
        if self.known and self.known[-1].type == type_ and run.turn - self.known[-1].turn <= CONTINUES:
            chain = self.known[-1].digits
        digits = (chain + run.digits)[-40:]
        self.known.append(Known(run.turn, run.last, type_, digits, run.value))

    def said_openly(self, run: Run) -> None:
        if len(run.digits) >= SHORTEST_OPEN:
            self._open[run.digits] = run.turn

    def another(self, run: Run, since: int) -> bool:
        """Whether the number is no piece of one that was said or asked for in the turn ``since``: another question came after it, or the
        number was said openly then ("if she hits one sixty three you call us" / "one sixty three")."""
        if run.letters:
            return False
        if self._open.get(run.digits, -1) >= since and len(run.digits) < LONG:
            return True
        return answers_otherwise(self.view, run, since) or confirmed(self.view, run, since)

    def is_date(self, run: Run) -> bool:
        return any(place in self.dated for place in range(run.first, run.last + 1))

    def mostly_date(self, run: Run) -> bool:
        """ "creatinine is 1.1, on 03/06/2025": but for a few digits before, between and after dates, which are no number by themselves."""
        longest = size = 0
        for atom in run.atoms:
            dated = any(place in self.dated for place in range(atom.first, atom.last + 1))
            size = 0 if dated else size + len(atom.value)
            longest = max(longest, size)
        return longest < MOST_BESIDE_A_DATE

    def part_of_number(self, run: Run) -> bool:
        """Digits said one by one that could be a date ("oh one one four") where nobody spoke of one but of a number."""
        if run.letters or len(run.digits) < 3:
            return False
        if self.ending(run):
            return True
        if run.singles < 3 and not (len(run.digits) >= 5 and self.wanted(run)):
            return False
        nearest = next(iter(asked(self.view, run.turn)), None)
        if nearest is not None and nearest.distance == 1 and (nearest.kind in NUMBERED or nearest.kind == "digits"):
            return self.wanted(run) is not None
        if any(q.kind in ("date", "date_of_birth", "year") and q.distance <= 2 for q in asked(self.view, run.turn)):
            return False
        if any(
            h.kind in ("date", "date_of_birth", "year") for h in last_before(self.hits.get(run.turn, []), run.first, CUE_REACH)
        ):
            return False
        return run.singles >= 6 or self.wanted(run) is not None or self.continues(run) or self.echo(run)

    def last_known(self) -> Known | None:
        return self.known[-1] if self.known else None

    def nobodys(self, run: Run) -> bool:
        """A code by its look nobody's, which no word near it claims."""
        if years(self.view, run) or cited(self.view).whole(run.first, run.last):
            return True
        if timed(self.view, run) or of_a_product(self.view, run):
            return True
        near = last_before(self.hits.get(run.turn, []), run.first, 2)
        if nobodys_code(self.view, run) or run.digits in self._of_codes():
            called = any(h.kind in NUMBERED and not self._claimed(h, run) for h in near)
            return not called and (amount_told(self.view, run) or prescribed(self.view, run) or not (self.mostly(run) and self.wanted(run)))
        if not nobodys(self.view, run):
            return False
        if any(h.kind in NUMBERED for h in near):
            return run.value in ("911", "999", "311", "988")
        last = self.last_known()
        return not (self.mostly(run) and (self.wanted(run) or (last is not None and run.turn - last.turn <= CONTINUES)))

    def said_before(self, run: Run) -> bool:
        """Whether a number of a moment ago has these two digits, or has them the other way round."""
        near = (k.digits for k in self.known[-MOST_LOOKED_BACK:] if run.turn - k.turn <= CONTINUES)
        return any(run.digits in said or run.digits[::-1] in said for said in near)

    def _of_codes(self) -> frozenset[str]:
        """Numbers that were said to be of a code of law or of procedures: "CPT 29881" ... "the procedure is 29881"."""

        def make(view: DialogueView) -> frozenset[str]:
            codes = cited(view).codes
            return frozenset(run.digits for run in runs(view) if len(run.digits) >= SHORTEST_TRANSPOSED and codes.issuperset((run.first, run.last)))

        return self.view.once("numbers of codes", make)

    def _claimed(self, hit: Phrase, run: Run) -> bool:
        """ "a claim of 240000": an amount."""
        return hit.last + 2 == run.first and self.tokens[hit.last + 1].low == "of"

    def said_since(self, cue: Phrase, run: Run) -> bool:
        """Whether another number stands between the words for it and this run."""
        last = self.last_known()
        return last is not None and cue.last < last.last < run.first

    def plan_spoken_of(self, run: Run) -> bool:
        hits = self.hits.get(run.turn, [])
        recent = any(k.type == T.HEALTH_PLAN_NUMBER and run.turn - k.turn <= CONTINUES for k in self.known[-6:])
        return recent or any(h.kind == T.HEALTH_PLAN_NUMBER for h in hits)

    def put_in(self, run: Run) -> bool:
        """ "its the same but one seven at the end"."""
        return at_the_end(self.view, run) and (
            any(run.turn - k.turn <= ECHOES for k in self.known[-6:])
            or any(q.kind in NUMBERED or q.kind == "number" for q in asked(self.view, run.turn))
            or any(h.kind in NUMBERED for h in self.hits.get(run.turn, []))
        )

    def type_before(self, run: Run) -> str:
        questions = (q.kind for q in asked(self.view, run.turn) if q.kind in NUMBERED and q.distance <= 3)
        return next(questions, self.known[-1].type if self.known else shape(run))

    def wanted(self, run: Run) -> str | None:
        """The type that was just asked for, where the turn says hardly more than this run."""
        if not self.mostly(run):
            return None
        kinds = (q.kind for q in asked(self.view, run.turn) if q.direct and q.distance <= 3 and q.kind in NUMBERED)
        return next((kind for kind in kinds if kind not in (T.EMAIL, T.URL, T.ADDRESS)), None)

    def mostly(self, run: Run) -> bool:
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

    def cue(self, near: list[Phrase], run: Run) -> Phrase | None:
        """The nearest phrase that says what the run is. Innocent ones reach three tokens only."""
        for hit in near:
            if hit.kind == "innocent":
                reads = any(t.low in ("says", "said", "reads") for t in self.tokens[hit.last + 1 : run.first])  # "the box says"
                if run.first - hit.last <= 3 and not reads:
                    return hit
                continue
            if hit.kind in NUMBERED or hit.kind in ("number", "digits"):
                # A label of an earlier pass after the words that announce a number is that number.
                start, end = self.tokens[hit.last].end, self.tokens[run.first].start
                return None if LABEL.search(self.view.text(run.turn), start, end) else hit
        return None

    def specific(self, near: list[Phrase], run: Run) -> str:
        for hit in near:
            if hit.kind in NUMBERED:
                return hit.kind
        for question in asked(self.view, run.turn):
            if question.kind in NUMBERED and question.distance <= 3:
                return question.kind
        return shape(run)

    def cue_after(self, hits: list[Phrase], run: Run) -> Phrase | None:
        for hit in hits:
            gap = hit.first - run.last
            if 0 < gap <= 6 and hit.kind in NUMBERED and hit.kind != T.ADDRESS:
                between = [t.low for t in self.tokens[run.last + 1 : hit.first]]
                if not set(between) & {".", "?", "!", ",", "to", "and"} and ({"is", "was", "'s"} & set(between)):
                    return hit
        return None

    def ending(self, run: Run) -> bool:
        begin, _ = self.view.bounds[run.turn]
        before = [t.low for t in self.tokens[max(begin, run.first - 4) : run.first]]
        if not (ENDING & set(before)) or not 2 <= len(run.value) <= 6:
            return False
        if year_like(run) and ENDING & set(before) == {"last"} and not {"four", "4", "digits"} & set(before):
            return False  # "my last heart attack, in two thousand eighteen"
        if before[-1:] in (["ends"], ["ending"]):
            return True
        return "in" in before or "with" in before or "four" in before or "4" in before or "digits" in before

    def continues(self, run: Run, short: bool = False) -> bool:
        last = self.last_known()
        if last is None or year_like(run) and not self.mostly(run):
            return False
        if run.turn == last.turn:
            between = [t for t in self.tokens[last.last + 1 : run.first] if t.word]
            hesitates = all(t.low in HESITATIONS for t in between)
            solid = run.singles >= 2 or (run.written and len(run.digits) >= 3) or bool(run.letters)
            if run.letters and len(run.value) < 5 and not hesitates:
                solid = False  # "S25-07741, positive for PD-L1"
            return (len(between) <= 7 and solid and not short) or resumes(self.view, run, last)
        if run.turn - last.turn > CONTINUES or counts_something(self.view, run) or subject_changed(self.view, last, run.turn):
            return False
        if self.another(run, last.turn):
            return False
        begin, end = self.view.bounds[run.turn]
        words = sum(t.word for t in self.tokens[begin:end])
        cover = sum(a.last - a.first + 1 for a in run.atoms)
        if short:
            return cover == words or only_pieces(self.view, run)
        before = sum(t.word for t in self.tokens[begin : run.first])
        solid = run.singles >= 2 or run.written or (len(run.letters) >= 2 and not before and run.turn - last.turn <= 1)
        return cover * 2 >= words or (before <= 3 and solid and len(run.value) >= 2 and words <= 14)

    def echo(self, run: Run) -> bool:
        if len(run.digits) < 2:
            return False
        begins = bool(run.letters) and len(run.value) >= SHORTEST_CODE
        short = run.written and self._short_turn(run)
        for known in reversed(self.known[-MOST_LOOKED_BACK:]):
            if run.turn - known.turn > ECHOES:
                break
            if run.digits in known.digits and (run.singles >= 2 or len(run.digits) >= 4):
                return True
            if begins and known.value.startswith(run.value) and known.value != run.value:
                return True  # "HB-30922 and the other is HB-30... where are my glasses"
            if run.written and run.turn - known.turn <= CONTINUES and _transposed(run.digits, known.digits):
                return True  # "I'll kill the 781 and keep the 718"
            if short and run.turn - known.turn <= CONTINUES and len(known.digits) >= LONG and known.digits.endswith(run.digits):
                return True  # "No, 38. It's always been 38."
            if run.turn - known.turn == 1 and known.digits.endswith(run.digits) and self._a_sentence(run):
                return True  # "It's sixty-one. Twenty-one sixty-one." / "Thank you. Sixty-one."
        return False

    def _a_sentence(self, run: Run) -> bool:
        begin, end = self.view.bounds[run.turn]
        opened = run.first == begin or self.tokens[run.first - 1].text in ".?!"
        return opened and run.last + 1 < end and self.tokens[run.last + 1].text in ".?!"

    def _short_turn(self, run: Run) -> bool:
        begin, end = self.view.bounds[run.turn]
        return end - begin <= MOST_OF_AN_ECHO and not self.is_date(run)

    def or_other(self, run: Run) -> int | None:
        """The token at the other side of an "or": "was that 0117 or 0171?", of two that hidden numbers may be."""
        begin, end = self.view.bounds[run.turn]
        if not run.digits or self.is_date(run) or year_like(run) or self.nobodys(run):
            return None
        after = self.tokens[run.last + 1] if run.last + 1 < end else None
        before = self.tokens[run.first - 1] if run.first > begin else None
        if after is not None and after.low != "or" and measured(self.view, run, before, after):
            return None  # "seven one six. Or eight tablets": hiding a dose would be a safety fault
        if run.last + 2 < end and after is not None and after.low == "or":
            return run.last + 2
        place = run.first - 2
        if place < begin or self.tokens[run.first - 1].low != "or":
            return None
        return place if self.tokens[place].word else place - 1  # "seven one six. Or eight."

    def echo_type(self, run: Run) -> str:
        return next((k.type for k in reversed(self.known) if run.digits in k.digits), shape(run))
