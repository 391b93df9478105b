"""Conditions, symptoms, drugs, procedures, injuries: vocabularies, lay words, and the way such words are built."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from compliance.redaction.detections import PrivateType
from compliance.redaction.lexicon import lexicon
from compliance.redaction.recognisers.base import DialogueRecogniser
from compliance.redaction.recognisers.words import EPONYMS
from compliance.redaction.view import DialogueView, Finding, Token

MAX_WORDS = 4
# What people say for symptoms, injuries, procedures and treatments, which no classification lists in these words.
LAY = """pain|chest pain|back pain|headache|headaches|migraine|migraines|dizzy|dizziness|lightheaded|lightheadedness|nausea|nauseous|nauseated
|vomiting|vomited|throwing up|threw up|throw up|diarrhea|constipation|constipated|fever|fevers|chills|night sweats|sweats|cough|coughing|wheezing
|wheeze|short of breath|shortness of breath|couldn't breathe|couldnt breathe|can't breathe|trouble breathing|swelling|swollen|swell up|swelled up
|rash|hives|itching|itchy|bruise|bruises|bruising|bruised|bleeding|blood clot|blood clots|numb|numbness|tingling|weakness|weak|fatigue|tired
|tiredness|exhausted|insomnia|can't sleep|cramps|cramping|spasm|spasms|stiffness|stiff|sore|soreness|ache|aches|aching|burning|limp|limping
|seizure|seizures|stroke|strokes|mini stroke|heart attack|heart failure|heart disease|high blood pressure|blood pressure|low blood pressure
|high cholesterol|cholesterol|diabetes|diabetic|prediabetes|sugar diabetes|asthma|copd|c o p d|emphysema|pneumonia|bronchitis|flu|cold|covid
|infection|infections|infected|sepsis|cancer|cancers|tumor|tumors|mass|lump|lumps|cyst|cysts|polyp|polyps|nodule|nodules|lesion|lesions
|leukemia|lymphoma|melanoma|depression|depressed|anxiety|anxious|panic attack|panic attacks|ptsd|p t s d|bipolar|bipolar disorder|schizophrenia
|adhd|a d h d|autism|dementia|memory loss|confusion|confused|suicidal|suicidal ideation|overdose|overdosed|addiction|alcoholism|withdrawal
|grief|stress|trauma|concussion|concussions|whiplash|broken|fracture|fractures|fractured|broke|sprain|sprained|strain|strained|tear|tears|torn
|dislocated|dislocation|laceration|lacerations|abrasion|abrasions|burn|burns|wound|wounds|stab wound|gunshot wound|injury|injuries|injured
|herniated disc|herniated disk|bulging disc|slipped disc|pinched nerve|sciatica|arthritis|osteoarthritis|rheumatoid arthritis|gout|osteoporosis
|carpal tunnel|carpal tunnel release|tendonitis|tendinitis|bursitis|rotator cuff tear|rotator cuff|meniscus tear|torn meniscus|frozen shoulder
|surgery|surgeries|operation|operated|procedure|biopsy|biopsies|transplant|transplants|bypass|stent|stents|pacemaker|defibrillator|catheter
|knee replacement|hip replacement|valve replacement|partial hip replacement|amputation|amputated|stitches|sutures|staples|cast|splint|sling
|brace|crutches|walker|wheelchair|pins|plate|rods|hardware|physical therapy|occupational therapy|speech therapy|therapy|counseling|rehab
|chemotherapy|chemo|radiation|dialysis|transfusion|injection|injections|shot|shots|flu shot|vaccine|vaccines|vaccination|booster|tetanus shot
|x-ray|x-rays|x ray|x rays|mri|m r i|ct|c t|ct scan|c t scan|cat scan|pet|pet scan|scan|scans|ultrasound|ultrasounds|mammogram|mammograms
|echocardiogram|echo|ekg|e k g|ecg|eeg|e e g|emg|e m g|colonoscopy|endoscopy|stress test|blood work|blood test|blood tests|labs|urinalysis
|pap smear|amniocentesis|c-section|c section|cesarean|epidural|miscarriage|miscarriages|pregnant|pregnancy|labor|postpartum depression|preeclampsia
|iud|i u d|birth control|contraceptive|antibiotic|antibiotics|painkiller|painkillers|pain pills|pain medication|blood thinner|blood thinners
|inhaler|inhalers|nebulizer|breathing tube|ventilator|oxygen|insulin|steroid|steroids|cortisone|morphine|opioid|opioids|narcotic|narcotics
|antidepressant|antidepressants|statin|statins|beta blocker|eye drops|ointment|patch|hormone|hormones|hair loss|weight loss|weight gain
|kidney stone|kidney stones|kidney disease|kidney failure|liver disease|hepatitis|cirrhosis|gallstones|ulcer|ulcers|foot ulcer|reflux|heartburn
|acid reflux|gerd|ibs|crohn's|colitis|hernia|hernias|hemorrhoids|appendicitis|uti|u t i|urinary tract infection|bladder infection|incontinence
|cataract|cataracts|glaucoma|hearing loss|tinnitus|vertigo|sinus infection|sinusitis|allergy|allergies|allergic|allergic reaction|latex|sulfa
|anemia|anemic|sickle cell|sickle cell trait|hemophilia|thyroid|hypothyroidism|hyperthyroidism|obesity|obese|sleep apnea|apnea|snoring
|parkinson's|parkinsons|alzheimer's|alzheimers|multiple sclerosis|neuropathy|fibromyalgia|lupus|psoriasis|eczema|shingles|measles|mumps
|chickenpox|strep|strep throat|tonsillitis|ear infection|root canal|cavity|cavities|abscess|cellulitis|gangrene|hiv|h i v|aids|herpes|chlamydia
|gonorrhea|syphilis|std|palpitations|arrhythmia|afib|a fib|atrial fibrillation|murmur|heart murmur|angina|stenosis|aortic stenosis|aneurysm
|fainted|fainting|passed out|blacked out|unconscious|coma|paralyzed|paralysis|tremor|tremors|essential tremor|twitching|hallucinations
|hearing voices|voices|mood swings|irritability|crying|port placement|port|tubes tied|hysterectomy|vasectomy|appendectomy|mastectomy
|lumpectomy|tonsillectomy|cognitive impairment|mild cognitive impairment|generalized anxiety disorder|disorder|hodgkin|hodgkin's|non-hodgkin
|meningitis|lyme|lyme disease|jaundice|dehydrated|dehydration|malnutrition|bedsores|bed sores|hip fracture|skull fracture|disc herniation
|disability|disabled|handicapped|illness|sick|ill|disease|diseases|syndrome|condition|concussed|contusion|contusions|hematoma|rupture|ruptured
|aspirin|tylenol|advil|motrin|aleve|ibuprofen|acetaminophen|benadryl|insulin|voltaren|vicodin|percocet|oxycontin|norco|xanax|valium|ativan
|prozac|zoloft|lexapro|adderall|ritalin|viagra|cialis|metformin|lipitor|plavix|coumadin|eliquis|xarelto|humira|ozempic|wegovy|narcan|suboxone
|methadone|marijuana|cannabis|cbd|melatonin|vitamin d|probiotics|iron pills|cream|gel|abvd|chemo brain|spotting|d and c|d and e|clot|clots|clotting|fibroid|fibroids|endometriosis|contractions|stillbirth|miscarried
|nerve conduction study|nerve study|sleep study|tendon|ligament|cartilage|labrum|bone spur|bone spurs|hot flashes|discharge|cramps|swab|iv|i v|drip
|rehab|detox|relapse|sober|sobriety|self-harm|self harm|cutting|eating disorder|anorexia|bulimia|binge|panic|nightmares|flashbacks|blurry vision
|blurred vision|double vision|floaters|ringing|nosebleed|nosebleeds|congestion|runny nose|stuffy nose|sneezing|phlegm|mucus|heart race|racing heart
|irregular heartbeat|blockage|blocked artery|scar tissue|scar|scarring|bone graft|skin graft|fusion|screws|halo|traction|bedrest|bed rest|icu|i c u
|intubated|sedated|anesthesia|biologic|blood sugar|sugars|a1c|a one c|hemoglobin|dialysis|colostomy|feeding tube|catheters|hospice|palliative
|nauseated|queasy|bloated|bloating|gas|cramped|bleed|bled|hemorrhage|hemorrhaging|infertility|ivf|i v f|impotence|std|yeast infection|thrush
|acne|wart|warts|mole|moles|boil|boils|blister|blisters|scab|scabs|frostbite|heat stroke|heatstroke|sunburn|hypothermia|rabies|tetanus|malaria
|tuberculosis|t b|polio|chicken pox|whooping cough|croup|colic|jaundiced|teething|bedwetting|dyslexia|stutter|tics|down syndrome|cerebral palsy
|hypertension|hypotension|hyperlipidemia|tightness|chest tightness|thickening|plaque|oozing|droop|facial droop|drooping|slurred speech|flushing
|hot flush|hot flushes|choking|choked|trouble swallowing|difficulty swallowing|claustrophobia|drowsy|drowsiness|sleepy|lethargic|nodular|ablation
|lumbar puncture|spinal tap|thoracoscopy|bronchoscopy|intubation|extubated|extubation|cpap|c p a p|bipap|wound care|clot buster|premedication|premeds
|lung function test|lung function tests|pulmonary function test|breathing test|pleurodesis|talc pleurodesis|mesothelioma|burst fracture|angioplasty
|keflex|augmentin|zithromax|bactrim|flonase|claritin|zyrtec|lasix|zofran|pepcid|nexium|prilosec|seroquel|trazodone|neurontin|lyrica|ipecac|activated charcoal
|epipen|epi pen|heparin|warfarin|prednisone|tamoxifen|herceptin|keytruda|synthroid|januvia|jardiance|farxiga|trulicity|mounjaro|entresto|spiriva|advair
|loop recorder|do not resuscitate|dnr|d n r|hip pain|pica|slough|redness|sleepiness|apraxia|aphasia|blood draw|blood draws|finger stick|finger sticks|heel stick|eye exam|eye exams|dog bite|dog bites|cat bite
|animal bite|tick bite|spider bite|snake bite|bee sting|packed red cells|red cells|plasma|platelets|passing out|pass out|blacking out|intrusive thought|intrusive thoughts
|thoughts of suicide|hurting yourself|hurting myself|hurting herself|hurting himself|suicide|suicide attempt|induction|induced|embryo transfer|egg retrieval|ear tubes
|group b strep|swab test|articulation test|phonological delay|speech delay|developmental delay|growth spurt|skin tag|neck brace|cervical collar|memory test|hearing test
|vision test|skin test|patch test|allergy test|blood culture|blood cultures|kidney failure|liver failure|renal failure|organ failure|goiter|hot and cold sweats
|bowel movement|bowel movements|stool|urine test|pee test|drug test|drug screen|breast exam|pelvic exam|prostate exam|rectal exam|physical exam|foot exam|dental exam
|spina bifida|cystic fibrosis|muscular dystrophy|als|a l s|m s|ms|huntington's|lou gehrig's|graves'|bell's palsy|pink eye|conjunctivitis"""
HEADS = frozenset(
    """fracture fractures tear tears pain pains replacement surgery injury injuries ulcer ulcers cancer release repair sprain strain bruise
    swelling tumor mass infection infections disease disorder syndrome failure attack transplant biopsy scan scans block blockage bleed bleeding
    numbness weakness stiffness spasms spasm ache stones stone fusion implant graft stent removal loss problems trouble test laceration
    dislocation contusion burn burns cramps discharge lesion nodule cyst polyps murmur fibrillation neuropathy arthritis placement therapy
    injection injections rupture deficiency reflux depression anxiety impairment stenosis pressure tremor""".split()
)
BODY = frozenset(
    """head skull brain face eye eyes ear ears nose sinus jaw tooth teeth mouth tongue throat neck cervical spine spinal back lumbar thoracic
    shoulder shoulders rotator cuff collarbone clavicle arm arms elbow wrist hand hands finger fingers thumb thumbs chest breast breasts rib ribs
    lung lungs heart cardiac valve aortic mitral coronary artery carotid stomach abdominal abdomen bowel colon rectal liver kidney renal bladder
    prostate ovarian uterine pelvic pelvis hip hips groin thigh leg legs knee knees shin calf ankle ankles foot feet toe toes heel skin nerve
    muscle bone bones joint disc disk tendon ligament meniscus acl hamstring achilles vein blood thyroid gallbladder pancreas pancreatic spleen
    lymph node nodes scalp eyelid labrum nose collarbone kneecap shinbone pinky knuckle tailbone sciatic facial vocal cord urinary tract""".split()
)
QUALIFIERS = frozenset(
    """acute chronic mild moderate severe major minor partial total complete crushed broken torn bulging herniated slipped swollen infected ruptured
    fractured dislocated sprained bruised left right upper lower high low type stage recurrent essential generalized postpartum bilateral early
    late onset traumatic mixed atypical early-onset deep open closed compound hairline compression stress internal""".split()
)
BROKEN = frozenset(
    """crushed broken torn bulging herniated slipped swollen infected ruptured fractured dislocated sprained bruised busted busting broke
    pulled strained twisted cracked shattered""".split()
)
# Eponyms that are a family name or a place first of all: only the words after them say that a disease is meant.
NOT_EPONYMS = frozenset(
    """smith jones jackson allen thomas turner wells weber norton hill o'brien brady terry frye lou columbia philadelphia factor christmas down beck
    hamilton garden harris salter miranda daubert giglio likert morse battle's speed hicks montgomery leopold gram glenn swan ganz adam's""".split()
)
BUILT = re.compile(
    r"[a-z]{3,40}(?:itis|osis|emia|aemia|ectomy|oscopy|otomy|ostomy|plasty|pathy|algia|plegia|phasia|phagia|uria|rrhea|rrhoea|sclerosis|trophy"
    r"|penia|cytosis|megaly|carcinoma|sarcoma|blastoma|oma|graphy|gram|pril|olol|statin|sartan|azole|cillin|mycin|oxacin|cycline|azepam|zolam"
    r"|prazole|tidine|triptan|profen|mab|nib|vir|glutide|gliptin|gliflozin|formin|dipine|thiazide|codone|morphone|caine|setron|lukast|terol"
    r"|sone|solone|onide|oxetine|traline|pram|pidem|barbital|dronate|parin|xaban|grel|tinib|rubicin|platin|taxel)"
)
BEFORE_ILL = frozenset(
    """am is are was were be been being became become gets get got getting fell fall feel feels feeling felt so very too really
    seriously mentally gravely terminally critically chronically acutely violently how that the of and or not taken looked looking""".split()
)
NOT_BUILT = frozenset(
    """program diagram telegram instagram kilogram milligram gram hologram photography geography biography coma diploma aroma oklahoma
    idioma sympathy empathy apathy environ person reason season parson mason jason poison prison lesson comparison liaison treason
    hypothesis diagnosis prognosis analysis emphasis neurosis osmosis metamorphosis academia media cinema arizona epitome custom history
    supreme extreme anatomy economy autonomy astronomy lobotomy dichotomy trophy atrophy catastrophe philosophy cocaine vice advice""".split()
)
NOT_DRUGS = frozenset(
    """water air oxygen glucose alcohol coffee tea sugar salt iron gold silver copper lead zinc carbon nitrogen honey milk egg eggs fish rice
    corn wheat soy apple banana orange lemon pepper garlic ginger onion tomato potato carrot mushroom peanut almond walnut cat dog horse cow
    pig chicken beef pork lamb lime mint sage rose lavender vanilla chocolate cocoa tobacco nicotine caffeine today tomorrow once always dial
    sun life balance thrive align ease relief clear fresh pure comfort control focus energy power boost smart simply natural advance simple
    dawn surge brilliant tide ban right guard secret degree speed stick dove head shoulders all free bounce joy cheer gain era snap
    ice fire salts protein proteins vitamin vitamins calcium acid acids oil oils gas powder dust starch gum wax soap bleach ink paint glue
    plan act react adapt able accent ace alert allegra angel arm art atlas aura bar base beyond""".split()
)


@cache
def _phrases() -> dict[str, list[tuple[str, ...]]]:
    names = lexicon()
    made: dict[str, set[tuple[str, ...]]] = {}
    lay = [p.strip() for p in LAY.replace("\n", "").split("|")]
    drugs = [
        d for d in names.drugs if d not in NOT_DRUGS and not (" " not in d and (d in names.common or d in names.first_names))
    ]
    conditions = [
        c for c in names.conditions if " " in c or (c not in names.common and c not in names.first_names and len(c) > 4)
    ]
    for phrase in (*lay, *drugs, *conditions):
        words = tuple(
            phrase.replace("-", " - ").replace("'s", " 's").split() if "-" in phrase or "'" in phrase else phrase.split()
        )
        if words and len(words) <= 2 * MAX_WORDS:
            made.setdefault(words[0], set()).add(words)
    return {first: sorted(entries, key=len, reverse=True) for first, entries in made.items()}


class MedicalRecogniser(DialogueRecogniser):
    ENTITIES = (PrivateType.MEDICAL,)

    def find(self, view: DialogueView) -> Iterable[Finding]:
        phrases = _phrases()
        for turn in view.turns():
            begin, end = view.bounds[turn]
            tokens = view.tokens
            place = begin
            while place < end:
                last = _term(tokens, place, end, phrases)
                if last is None:
                    place += 1
                    continue
                first, last = _grown(tokens, place, last, begin, end)
                a, b = tokens[first], tokens[last]
                value = view.text(turn)[a.start : b.end].lower()
                yield Finding(turn, a.start, b.end, PrivateType.MEDICAL, 0.8, "a medical vocabulary", value)
                place = last + 1


def _term(tokens: list[Token], place: int, end: int, phrases: dict[str, list[tuple[str, ...]]]) -> int | None:
    """The last token of the longest term that begins here."""
    token = tokens[place]
    if not token.word or not token.low[0].isalpha():
        return None
    if token.low in BROKEN:
        step = place + 1
        while step < end and tokens[step].low in BODY and step - place <= 3:
            step += 1
        if step > place + 1:
            return step - 1
    if token.low in EPONYMS and token.low not in NOT_EPONYMS and (token.upper or token.low.endswith("'s")):
        return place + 1 if place + 1 < end and tokens[place + 1].text == "'s" else place
    if token.low == "vitamin" and place + 1 < end and len(tokens[place + 1].low) <= 3:
        return place + 1
    if token.low in ("ms", "ill") and _something_else(tokens, place, end):
        return None
    for words in phrases.get(token.low, ()):
        last = place + len(words)
        if last <= end and all(tokens[place + n].low == word for n, word in enumerate(words)):
            return last - 1
    if len(token.low) > 6 and BUILT.fullmatch(token.low) and token.low not in NOT_BUILT:
        return place
    if token.low in BODY:
        # "hip fracture", "lower back pain": a part of the body and what is wrong with it
        step = place + 1
        while step < end and tokens[step].low in BODY and step - place < 3:
            step += 1
        if step < end and tokens[step].low in HEADS:
            return step
    return None


def _something_else(tokens: list[Token], place: int, end: int) -> bool:
    """ "Ms. Parker", "ms kaminski": a title, no sclerosis. "ill text it to her": "I'll" as an engine writes it."""
    token = tokens[place]
    after = tokens[place + 1] if place + 1 < end else None
    if token.low == "ms":
        # "█": a label of an earlier pass
        named = after is not None and (
            after.text in (".", "█") or (after.low in lexicon().last_names and after.low not in lexicon().common)
        )
        return token.text == "Ms" or (token.text == "ms" and named)
    if token.text != "ill" or after is None or not after.word:
        return False
    return place == 0 or tokens[place - 1].turn != token.turn or tokens[place - 1].low not in BEFORE_ILL


def _grown(tokens: list[Token], first: int, last: int, begin: int, end: int) -> tuple[int, int]:
    """With the body parts and qualifiers before the term, and the head noun after it."""
    while first > begin and tokens[first - 1].low in BODY | QUALIFIERS - {"left", "right"} and first > last - 5:
        first -= 1
    while last + 1 < end and tokens[last + 1].low in HEADS and last - first < 5:
        last += 1
    return first, last
