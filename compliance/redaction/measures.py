"""What is measured of a patient, and what such measures are called: numbers beside these words are nobody's, and a hidden one is a fault."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from compliance.redaction.phrases import LETTERS, Phrase, hits_by_turn
from compliance.redaction.view import DialogueView, Token

# Whoever speaks of it. Each recogniser adds the words that are unmistakable where it looks.
VITALS = frozenset(
    "pressure pulse heart temp temperature fever oxygen saturation sats respiratory respirations glucose sugar vitals".split()
)
# What a laboratory, a monitor or a ventilator says.
LABS = frozenset(
    """sodium potassium chloride bicarb bicarbonate creatinine lactate lactic troponin trop hemoglobin hematocrit crit platelets bilirubin
    albumin calcium magnesium phosphate peep tidal ferritin cholesterol triglycerides ejection bazett fridericia rate""".split()
)
# What is set, given and read off at a bedside, in a theatre, in a clinic: each a word that is hardly said of anything else.
SETTINGS = frozenset(
    """plateau fio2 resps bipap cpap ventilator gtt bolus bolused basal infusion infusing pressor pressors norepi norepinephrine levo levophed vaso vasopressin
    phenylephrine epi epinephrine propofol ketamine fentanyl midazolam rocuronium vecuronium succinylcholine heparin insulin protamine fibrinogen creat
    bili lipase amylase ammonia procalcitonin phos ical osmolality ketones urine effluent ultrafiltration dialysate hgb impedance impedances milliamps
    millivolts milliseconds ohms paced percentile centile fundal dilated effaced apgar apgars systolic diastolic palp gcs nihss abg vbg bougie laryngoscope
    carbs glucagon diopters diopter acuity decibels hertz spirometry fev1 fvc dlco flexion abduction hemoglobin's crystalloid transfused cryo bolusing
    grip milligrams micrograms mics milliliters milliequivalents millimoles kilos centimeters millimeters beats""".split()
)
# These may as well be the letters of a code: another measure must stand within reach.
ABBREVIATIONS = frozenset(
    """svo2|scvo2|cvp|map|mag|pcwp|etco2|qrs|qtc|pco2|po2|co2|spo2|fio2|gcs|wbc|rbc|bnp|inr|bun|ptt|gfr|alt|ast|tsh|ldl|hdl|crp|esr|bmi|psa
    |q r s|q t c|q t|p r|c o two|p o two|s p o two|f i o two|m i c|g c s|t max|w b c|r b c|m a p|c v p|b n p|i n r|b u n|p t t|g f r
    |a l t|a s t|t s h|l d l|h d l|c r p|e s r|p h|a n c|m c v|e f|b m i|b p|p s a|a one c|h b a one c|c b c|l v e f|a b g""".replace(" " * 4, "").replace("\n", "").split("|")
)
# What a laboratory or a monitor tells several values of, in one word; elsewhere these words say less.
PANELS = frozenset(
    """gas gases abg abgs vbg cbc bmp cmp lft lfts inrs electrolytes lytes lipids panel chem chemistries sugars flows weights labs readings cd4 titers
    hematology differential coags monitor""".split()
)
_ASKED_FOR = VITALS | LABS | SETTINGS | PANELS | frozenset(letters for letters in ABBREVIATIONS if " " not in letters)
LONGEST_QUESTION = 8  # words
REACH = 24  # tokens
_WERE = frozenset("was were is are of shows showed".split())
_BETWEEN = frozenset("back came results result today".split())
# Kinds of phrases that announce no number of anybody's.
NO_NUMBER = LETTERS | {"innocent", "name", "spell"}


def is_measure(view: DialogueView, token: Token) -> bool:
    """Whether the token is a word for a measure, or the last of one that is said by its letters."""
    return token.index in _measures(view)


def nearest_before(view: DialogueView, place: int, begin: int, reach: int = REACH) -> int | None:
    """The token of the nearest measure before ``place``, if within reach and in the turn that begins at ``begin``."""
    measures = _measures(view)
    return next((at for at in range(place - 1, max(begin, place - reach) - 1, -1) if at in measures), None)


def measures_asked(view: DialogueView, turn: int) -> bool:
    """Whether the turn answers a short question for what is measured ("Last gas?", "And your sugars?") and no word in either
    speaks of another number."""
    return turn in view.once("measures asked", _asked)


def _asked(view: DialogueView) -> frozenset[int]:
    turns, hits = view.dialogue.turns, hits_by_turn(view)
    return frozenset(
        turn
        for turn in view.turns()
        if turn
        and turns[turn - 1].speaker != turns[turn].speaker
        and all(hit.kind in NO_NUMBER for hit in hits.get(turn, ()))
        and _asks(view.turn_tokens(turn - 1), hits.get(turn - 1, ()))
    )


def _asks(tokens: list[Token], hits: Sequence[Phrase]) -> bool:
    ends = [at for at, token in enumerate(tokens[:-1]) if token.text in (".", "?", "!")]
    last = [token for token in tokens[ends[-1] + 1 if ends else 0 :] if token.word]
    if not last or len(last) > LONGEST_QUESTION or _ASKED_FOR.isdisjoint(token.low for token in last):
        return False
    return all(hit.kind in NO_NUMBER for hit in hits)  # "Your social? Any labs?" asks for both


def panel_before(view: DialogueView, place: int, begin: int) -> bool:
    """ "The CBC was eleven two, thirteen four": whether the words right before ``place`` tell values of a panel."""
    said = [t.low for t in view.tokens[max(begin, place - 4) : place] if t.word]
    told = bool(said) and said[-1] in _WERE
    if told:
        del said[-1]
        while said[-1:] and said[-1] in _BETWEEN:
            del said[-1]
    # Right before a number "QRS" may as well be its letters.
    return bool(said) and (said[-1] in PANELS or told and said[-1] in ABBREVIATIONS)


def _measures(view: DialogueView) -> frozenset[int]:
    def make(v: DialogueView) -> frozenset[int]:
        sure = {t.index for t in v.tokens if t.low in VITALS or t.low in LABS or t.low in SETTINGS}
        perhaps = {t.index for t in v.tokens if t.low in ABBREVIATIONS}
        perhaps |= {h.last for hits in hits_by_turn(v).values() for h in hits if h.letters and _said(v, h) in ABBREVIATIONS}
        named = sorted(sure | perhaps)
        return frozenset(sure | {at for at in perhaps if _beside_another(v, at, named)})

    return view.once("measures", make)


def _said(view: DialogueView, hit: Phrase) -> str:
    return " ".join(t.low for t in view.tokens[hit.first : hit.last + 1] if t.word)


def _beside_another(view: DialogueView, at: int, named: list[int]) -> bool:
    begin, end = view.bounds[view.tokens[at].turn]
    place = bisect_left(named, at)
    beside = [*named[max(0, place - 1) : place], *named[place + 1 : place + 2]]
    return any(begin <= other < end and abs(other - at) <= REACH for other in beside)
