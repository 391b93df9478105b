"""Words of medicine that a language model takes for people: a drug, a dose, an abbreviation.

A hidden drug is a safety fault, so the model alone is not believed where a vocabulary, the way the word is built, or the place where
it stands says medicine. Firm evidence for a person (a title, an introduction, a spelling) does not come past here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from compliance.redaction.lexicon import lexicon
from compliance.redaction.recognisers.medical import BUILT, NOT_BUILT
from compliance.redaction.view import Token

# How words of medicine begin and end beyond what names a condition or a drug by itself.
BEGINNINGS = tuple(
    """acromio adeno aero angio arterio arthro atheroscler auto brachy broncho cardio cerebro cholecyst chondro coro cranio cyto dermat
    electro endo epididym fibro gastro glomerul haemat hemat hemo hepat hydro hyper hypo immuno infra inter intra laparo laryng leuko lympho
    macro melano meta micro multi musculo myco myelo myo naso nephro neuro oesoph ophthalm ortho osteo oto patho peri pharyng phleb pneumo
    poly post pseudo psych pulmon radic retro rhino sclero spondyl stern sub supra tachy thoraco thrombo thyro tracheo trans uretero vaso
    ventric vertebr""".split()
)
ENDINGS = tuple(
    """ular icular aceous aneous factorial genic lytic cytic otic static rrhage rrhagic rrhoeic edema oedema cele cyst ectasia ectatic emic aemic
    iasis opathic ophilia pnea pnoea poiesis ptosis scopic spasm stenosis tomy toxic tropic uresis uretic ization isation
    ations ibility ically iform aceae ondylar inoid atous itic itides oses emias pathies plasties lyte mycin azine idine azepine pril
    olone""".split()
)
ADJECTIVAL = ("al", "ic", "ar", "ous", "ion", "ive", "ia", "is")
SHORT = frozenset(
    """afib vfib aflutter copd gerd jvd bmp cmp cbc ast alt chf cla cad ckd esrd dvt uti tia mrsa hpv hsv ptsd adhd ocd ibs ibd gi gu ent obgyn
    hba1c ldl hdl tsh psa inr ptt bnp crp esr abg spo2 bmi bph ards nstemi stemi cabg pci tavr ef lvef ecg ekg eeg emg nsaid nsaids ssri
    ssris ppi acei arb hctz lad rca mcl acl pcl lcl rom perrla heent nad nkda prn bid tid qid qhs npo stat meds labs vitals cath echo
    etoh loc wnl hpi pmh ros gtt iud ivf nicu picu pacu snf ot pt slp kub mrcp ercp egd peds gyn onc neuro psych appy lap chole""".split()
)
TAKING = frozenset(
    """take takes taking took use uses using used prescribe prescribed prescribing start started starting stop stopped stopping increase increased
    decrease decreased reduce reduced refill refilled try tried inject injected swallow swallowed milligrams mg mcg micrograms puffs tablets pills
    dose doses tablet puff""".split()
)
FORMS = frozenset(
    """inhaler inhalers tablet tablets pill pills capsule capsules cream ointment lotion spray drops gel syrup patch patches puffs injection injections
    mg milligram milligrams mcg micrograms dose doses sachet sachets pump therapy""".split()
)
KINDS = frozenset(
    """something things thing stuff medication medications medicine medicines drug drugs antibiotic antibiotics tablet tablets cream creams inhaler
    painkiller painkillers steroid steroids pill pills condition disease sachets""".split()
)
ASKED = frozenset(
    """medication medications medicine medicines meds drug drugs tablet tablets pill pills inhaler inhalers antibiotic antibiotics contraceptive
    contraception painkiller painkillers prescription prescriptions prescribed taking vitamins supplements""".split()
)


@cache
def _vocabulary() -> frozenset[str]:
    """Single words of all terms, but those that are names or plain English."""
    words = lexicon()
    parts = {w.strip("'") for term in (*words.conditions, *words.drugs) for w in term.replace("-", " ").split()}
    return frozenset(
        w for w in parts if len(w) >= 4 and w.isalpha() and w not in words.first_names and w not in words.last_names
    )


def medical_word(low: str, listed: bool) -> bool:
    """Whether a lower-case word is medicine by a vocabulary or by how it is built. ``listed``: a name list has it, too."""
    if low in SHORT:
        return True
    if listed:
        return False
    if low in _vocabulary():
        return True
    if len(low) <= 5 and low.isalpha() and not any(c in "aeiouy" for c in low) and not low.startswith("mc"):
        return True  # an abbreviation said as a word
    if len(low) > 6 and BUILT.fullmatch(low) and low not in NOT_BUILT and not low.endswith("oma"):  # Chidioma, Ugochioma
        return True
    if len(low) < 8:
        return False
    return low.endswith(ENDINGS) or (low.startswith(BEGINNINGS) and low.endswith(ADJECTIVAL))


def taken(tokens: Sequence[Token], place: int, begin: int, end: int) -> bool:
    """Whether the word at ``place`` stands where what people take or apply stands ("using clenil", "something called dioralyte")."""
    before = [t.low for t in tokens[max(begin, place - 3) : place] if t.word]
    after = [t for t in tokens[place + 1 : min(end, place + 4)] if t.word]
    if before and before[-1] in ("the", "your", "my", "some", "of", "any"):
        before = before[:-1]
    if before and before[-1] in TAKING:
        return True
    if len(before) >= 2 and before[-1] in ("called", "like") and before[-2] in KINDS:
        return True
    if after and (after[0].low in FORMS or len(after) > 1 and after[0].low[0].isdigit() and after[1].low in FORMS):
        return True
    return len(before) >= 2 and before[-1] in ("and", "or") and before[-2] in lexicon().drugs


def taken_words(tokens: Sequence[Token], bounds: Sequence[tuple[int, int]], strange: Callable[[Token], bool]) -> frozenset[str]:
    """The ``strange`` words (no list knows them) that somewhere in the dialogue stand where people name what they take."""
    found: set[str] = set()
    for begin, end in bounds:
        for place in range(begin, end):
            token = tokens[place]
            if len(token.low) > 3 and token.low not in found and strange(token) and taken(tokens, place, begin, end):
                found.add(token.low)
    return frozenset(found)
