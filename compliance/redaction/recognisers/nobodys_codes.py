"""Codes and figures that are written like somebody's and are nobody's: sizes, mutations, pockets of gums, orders on a prescription, forms
of a tax office, amounts without a sign. A hidden one would be a safety fault, or make a record useless."""

from __future__ import annotations

import re

from compliance.redaction.measures import is_measure
from compliance.redaction.numerals import Run
from compliance.redaction.phrases import LETTERS, hits_by_turn
from compliance.redaction.view import DialogueView, Token

# "12 x 9 x 7": with room around the x, or with more than one.
SIZE = re.compile(r"(?:an? )?\d{1,3}(?:\.\d{1,2})?(?: ?(?:mm|cm))?(?: x \d{1,3}(?:\.\d{1,2})?| ?x ?\d{1,3}(?:\.\d{1,2})? ?x ?\d{1,3}(?:\.\d{1,2})?){1,2}", re.IGNORECASE)
# Amino acids before and after a place in a protein (HGVS, without "p."), the letters of the gene before it; alleles of HLA.
_ACIDS = "ARNDCEQGHILKMFPSTWYV"
MUTATION = re.compile(rf"(?:(?:[A-Z]{{2,5}}\d{{0,2}}|[A-Z]{{2,3}}\d[A-Z]{{1,2}})?[{_ACIDS}]\d{{1,4}}(?:[{_ACIDS}X]|DEL|INS|DUP|FS)){{1,4}}")
ALLELE = re.compile(r"(?:HLA)?[A-Z]{1,4}\d{2,5}")
# The best known need no gene beside them.
HOTSPOTS = frozenset(
    """V600E V600K T790M L858R C797S G12A G12C G12D G12R G12S G12V G13D Q61K Q61R R132H R132C V617F F508DEL E545K E542K H1047R C282Y H63D R175H
    R273H R248W R248Q G2019S D842V K27M S768I L861Q""".split()
)
_GENES = frozenset(
    """gene genes allele alleles exon codon variant variants mutation mutations mutated mutant genotype homozygous heterozygous carrier pathogenic
    molecular sequencing panel braf kras nras hras egfr tp53 pik3ca brca brca1 brca2 jak2 idh1 idh2 cftr flt3 npm1 alk ros1 ret her2 erbb2 pten apc
    mlh1 msh2 msh6 pms2 kit pdgfra hfe mthfr hla esr1 atm chek2 palb2 vhl gba lrrk2 apoe""".split()
)
GENE_REACH = 8  # tokens
# "G two P one oh oh one": how often somebody was pregnant and gave birth.
PARITY = re.compile(r"A?G\d{1,2}P\d{1,4}(?:A\d{1,2})?(?:L\d{1,2})?")
# Stages of a tumour (TNM): "pT2", "pN1a", "ypT1cN0M0".
STAGE = re.compile(r"Y?[PC]?T(?:IS|[0-4X])[A-D]?(?:Y?[PC]?N[0-3X][A-C]?)?(?:M[01X][A-C]?)?|Y?[PC]?N[0-3X][A-C]?(?:M[01X])?|[PC]?M[01X][A-C]?")
# What a prescription says after the dose; a strong one must be among them, since names are spelled, too.
_SIG = re.compile(r"(?:\d{0,2}(?:PO|PRN|BID|TID|QID|QHS|QAM|QPM|QOD|QD|Q(?:[1-9]|1[0-2]|24|48|72)H|H|AC|PC|HS|SL|IM|IV|SUBQ|OD|OS|OU|NPO|STAT)){1,4}\d{0,2}")
_STRONG_SIG = re.compile(r"PRN|BID|TID|QID|QHS|QAM|QPM|QOD|Q\d{1,2}H|PO")
# What dentists chart by three digits for each side of a tooth; "bleeding", "teeth" and "distal" are said in every emergency room.
_DENTAL = frozenset("perio periodontal probing buccal lingual mesial palatal gingival gums furcation molar molars hygienist dentist plaque tartar floss".split())
DENTAL_TURNS = 6
POCKETS = 3  # digits for one side
# Forms of a tax or an immigration office, which people call by their number alone.
FORMS = frozenset(
    """1040 1041 1065 1095 1098 1099 1116 1120 2106 2210 2441 2553 2848 3520 3903 4506 4562 4797 4852 4868 5329 5471 5498 6251 7004 8027 8283 8332 8379
    8453 8606 8812 8821 8829 8857 8863 8865 8889 8892 8938 8949 8959 8960 8962 9465 433 656 706 709 940 941 943 944 990""".split()
)
_FORM_TALK = frozenset("tax taxes irs return returns form forms refund schedule schedules cpa amended 1040 1099 w-2 extension filing filed".split())
_BEFORE_FORMS = frozenset("a an the your his her their my our form forms amended and".split())
FORM_TURNS = 3
# What is paid, owed and worth: an engine may leave out the sign.
_MONEY = frozenset(
    """worth owe owed owes paid pay listed offered offer settlement settled lien liens salary gross net withdrawal withdrawals withdrew deductible balance
    fee fees price cost costs bought sold limits damages demand earned earns income revenue deposited value valued appraised equity principal
    proceeds mortgage rent bonus wages invested borrowed""".split()
)
_OF_MONEY = frozenset([("claim", "of"), ("invoice", "for"), ("invoice", "of"), ("bill", "for"), ("bill", "of"), ("deposit", "of"), ("check", "for"), ("loan", "of")])
_NOT_PAID_IN = frozenset("number no. ending account card routing policy # phone cell social to with on".split())
_ENDS = frozenset(".?!-/")
MONEY_REACH = 6
AMOUNT_DIGITS = range(3, 8)
CENTS = re.compile(r"\d{1,7}\.\d{2}")
_DRUG_CODE = re.compile(r"\d{4,5}-?\d{3,4}-?\d{1,2}")
_DONE_AT = frozenset("called paged arrived left died pronounced intubated extubated started given logged admitted discharged drawn collected".split())
_CLOCK = re.compile(r"(?:0?\d|1\d|2[0-3])[0-5]\d")


def nobodys_code(view: DialogueView, run: Run) -> bool:
    """Whether the number or code is one of these; words right before it that call it somebody's are the caller's to ask for."""
    text = _text(view, run)
    if SIZE.fullmatch(text) or amount_told(view, run) or PARITY.fullmatch(run.value.upper()) or STAGE.fullmatch(run.value.upper()):
        return True
    return _mutation(view, run) or _prescribed(view, run) or _pockets(view, run) or _form(view, run) or _measured_inside(view, run)


def prescribed(view: DialogueView, run: Run) -> bool:
    """ "One p.o. q six h p.r.n.", "pN1a": an order or a stage, whatever was asked before."""
    return _prescribed(view, run) or len(run.value) > 2 and STAGE.fullmatch(run.value.upper()) is not None


def of_a_product(view: DialogueView, run: Run) -> bool:
    """ "NDC?" / "16729-0044-10.", "the BIN is 004336": what a drug or a pharmacy's clearing house is called everywhere."""
    near = [t.low for t in _before(view, run, GENE_REACH)]
    asked = [t.low for t in view.turn_tokens(run.turn - 1)] if run.turn else []
    claimed = any(hit.kind not in LETTERS | {"innocent", "number", "name"} for hit in hits_by_turn(view).get(run.turn, ()) if hit.first < run.first)
    if claimed:
        return False
    if "ndc" in near or "ndc" in asked[-GENE_REACH:] or _letters_said(near, "ndc") or _letters_said(asked[-GENE_REACH:], "ndc"):
        return _DRUG_CODE.fullmatch(run.value) is not None or _DRUG_CODE.fullmatch(_text(view, run)) is not None
    return len(run.digits) == len(run.value) <= 6 and near[-3:] != [] and ("bin" in near[-3:] or "pcn" in near[-3:])


def timed(view: DialogueView, run: Run) -> bool:
    """ "Time's oh eight twenty-two", "called at sixteen oh eight"."""
    near = [t.low for t in _before(view, run, 3) if t.word]
    if run.letters or not near or not _CLOCK.fullmatch(run.value):
        return False
    return "time" in near[-2:] or near[-1] == "time's" or near[-1] == "at" and near[-2:-1] != [] and near[-2] in _DONE_AT


def _mutation(view: DialogueView, run: Run) -> bool:
    value = run.value.upper()
    if [t.low for t in _before(view, run, 1)] in (["exon"], ["codon"], ["intron"], ["chromosome"]):
        return True
    if value in HOTSPOTS or ALLELE.fullmatch(value) and (value[:3] == "HLA" or "hla" in {t.low for t in _before(view, run, 2)}):
        return True
    if not MUTATION.fullmatch(value):
        return False
    if any(value.endswith(spot) and value[: -len(spot)].lower() in _GENES for spot in HOTSPOTS):
        return True
    end = view.bounds[run.turn][1]
    near = [*_before(view, run, GENE_REACH), *view.tokens[run.first : min(end, run.last + 1 + GENE_REACH // 2)]]
    return any(t.low in _GENES for t in near)


def _prescribed(view: DialogueView, run: Run) -> bool:
    value = run.value.upper()
    if not run.letters or not _SIG.fullmatch(value) or not _STRONG_SIG.search(value):
        return False
    return not any(hit.kind in ("spell", "name") for hit in hits_by_turn(view).get(run.turn, ()) if hit.first < run.first)


def dental(view: DialogueView, turn: int) -> bool:
    """Whether teeth are spoken of some turns before or after."""
    turns = range(max(0, turn - DENTAL_TURNS), min(len(view.bounds), turn + DENTAL_TURNS + 1))
    charted = view.once("dental", lambda v: frozenset(t.turn for t in v.tokens if t.low in _DENTAL))
    return any(near in charted for near in turns)


def amount_told(view: DialogueView, run: Run) -> bool:
    """ "You owe 271340": what is paid or owed, without a sign."""
    return CENTS.fullmatch(_text(view, run)) is not None or _amount(view, run)


def _pockets(view: DialogueView, run: Run) -> bool:
    if run.letters or "0" in run.digits or run.written or any(len(atom.value) > 2 for atom in run.atoms):
        return False
    if not dental(view, run.turn):
        return False
    singles = [atom for atom in run.atoms if len(atom.value) == 1]
    grouped = len(singles) % POCKETS in (0, 1) and len(singles) >= POCKETS  # the tooth may stand before them
    announced = any(hit.kind not in LETTERS | {"innocent", "number", "name"} for hit in hits_by_turn(view).get(run.turn, ()) if hit.first < run.first)
    return grouped and not announced


def _form(view: DialogueView, run: Run) -> bool:
    if run.value not in FORMS or len(run.atoms) > 2:
        return False
    before = [t.low for t in _before(view, run, 1)]
    turns = range(max(0, run.turn - FORM_TURNS), run.turn + 1)
    return before != [] and before[0] in _BEFORE_FORMS and any(not _FORM_TALK.isdisjoint(t.low for t in view.turn_tokens(turn)) for turn in turns)


def _amount(view: DialogueView, run: Run) -> bool:
    if run.letters or any(a.kind != "written" or len(a.value) not in AMOUNT_DIGITS or a.value[0] == "0" for a in run.atoms):
        return False
    near = [t.low for t in _before(view, run, MONEY_REACH)]
    paid = max((at for at, word in enumerate(near) if word in _MONEY or at and (near[at - 1], word) in _OF_MONEY), default=-1)
    if paid < 0:
        return False
    since = view.tokens[run.first - len(near) + paid].index
    claimed = any(hit.kind not in LETTERS | {"innocent", "date", "year"} and hit.first > since for hit in hits_by_turn(view).get(run.turn, ()) if hit.first < run.first)
    # "I paid for it. FH-220917.": another sentence, and a code.
    return not claimed and (_NOT_PAID_IN | _ENDS).isdisjoint(near[paid + 1 :])


def _measured_inside(view: DialogueView, run: Run) -> bool:
    """ "CVP nine, SvO2 fifty-eight": read as one code, it names what was measured."""
    return bool(run.letters) and any(is_measure(view, token) for token in view.tokens[run.first : run.last + 1])


def _before(view: DialogueView, run: Run, reach: int) -> list[Token]:
    begin = view.bounds[run.turn][0]
    return view.tokens[max(begin, run.first - reach) : run.first]


def _letters_said(words: list[str], letters: str) -> bool:
    said = "".join(word if len(word) == 1 else " " for word in words)
    return letters in said


def _text(view: DialogueView, run: Run) -> str:
    return view.text(run.turn)[view.tokens[run.first].start : view.tokens[run.last].end]
