"""Phrases that say what comes next: "date of birth", "the last four of your social", "member I D"."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import cache

from compliance.redaction.abbreviations import abbreviations
from compliance.redaction.view import DialogueView

# What a phrase asks for or announces. Besides the portal's types: "spell", "number" (some identifier), "innocent" (what
# follows is no identifier: an exhibit, a room), "letters" (an abbreviation, so that its letters are nobody's initials). The many
# `abbreviations` of the trades have the kind ABBREVIATION.
_PHRASES: dict[str, str] = {
    "ssn": """social security number|social security|social|ssn|s s n|tax id|tax i d
        |taxpayer id|taxpayer identification|itin|i t i n|ein|e i n|socials|social card""",
    "credit_card": """credit card|debit card|card number|visa|mastercard|master card|amex|american express|discover
        |on the card|your card|that card|prepaid card|card ending|name on the card|card on file|corporate card|the card is|bank card|cvv|c v v
        |security code|expiration date|charge card|gift card|diners""",
    "bank_account": """account number|account ending|account|checking account|savings account|checking|savings|routing
        |routing number|iban|i b a n|bank account|brokerage|acct|swift code|sort code|account no|direct deposit
        |escrow account|trust account|money market|i r a|ira|loan number|loan""",
    "medical_record_number": """medical record number|medical record|mrn|m r n|record number|chart number|patient number
        |patient id|patient i d|patient identifier|hospital number|wristband|wrist band|bracelet|unit number|visit number
        |encounter number|encounter|accession|accession number|chart|band|csn|c s n|fin|specimen|case manager number
        |medical number|file number|history number|registration number|patient account|study id|study i d|subject number
        |subject id|subject i d|screening number|clinic number|your number|har""",
    "health_plan_number": """member id|member i d|member number|member|subscriber id|subscriber i d|subscriber number
        |subscriber|policy number|policy|group number|group|claim number|claim|authorization number|authorization
        |prior authorization|auth number|auth|insurance card|insurance id|insurance i d|medicare|medicaid|medicare number
        |medicaid number|plan number|plan id|plan i d|health plan|rx group|r x group|rx bin|bin number|pcn|p c n|mbi
        |beneficiary|medical assistance|reference number|insurance number|insurance|certificate number|blue cross
        |aetna|cigna|humana|kaiser|tricare|coverage|workers comp|case worker number|referral number|confirmation number
        |covered by|covered through|insured with|insured by|carrier|insurer|preauthorization|pre authorization|approval number""",
    "license_number": """driver's license|drivers license|driver license|license number|license|licence|passport
        |passport number|dea|d e a|dea number|d e a number|npi|n p i|npi number|bar number|bar card|green card
        |alien number|a number|state id|state i d|badge number|badge|certificate|certification|permit|permit number
        |global entry|military id|military i d|registration|visa number|employee id|employee i d|employee number
        |student id|student i d|notary|commission number|cdl|c d l|operator's license|bar i d|bar id|inmate number
        |state bar|identification number|nursing license|medical license|id number|i d number|tsa|known traveler""",
    "vehicle_id": """license plate|plate number|plate|plates|tag number|tag|vin|v i n|vin number|vehicle identification number
        |vehicle identification|registration plate|hull number|tail number|truck number|trailer number|dot number""",
    "device_id": """serial number|serial|lot number|lot|device id|device i d|device identifier|udi|u d i|imei|i m e i
        |model number|device number|implant card|implant|mac address|batch number|batch|part number|ref number|asset tag""",
    "phone_number": """phone number|telephone number|cell phone|telephone|phone|cell|mobile|fax number|fax|pager
        |beeper|extension|area code|best number|good number|callback number|call back number|contact number
        |reach you|reach him|reach her|reach them|call me|call him|call her|text me|texts|call you back
        |number to call|work number|home number|cell number|landline|hotline|page me|office line|direct line|nurse line|nurse's line|help line|crisis line|hot line|phone line|advice line|after hours|tip line
        |his number|her number|their number|my number|what number|call us|phones|cell's|whatsapp|emergency contact
        |first person we call|voicemail|dial|get ahold of you|get hold of you|number for|the number is|switchboard""",
    "email": """e mail address|email address|e-mail|email|e mail|gmail|emails|emailed|e mails""",
    "url": """website|web site|web page|webpage|url|u r l|portal|link|web address|online at|upload page|go to|page is
        |site is|log in at|log on to|on the web""",
    "ip_address": """ip address|i p address|ip|i p|ips""",
    "date_of_birth": """date of birth|birth date|birthdate|birthday|birthdays|dob|d o b|born on|born in|were you born|was born
        |was he born|was she born|were born|when is your birthday|born|birth""",
    "date": """what date|what day|which day|date is|date on it|dated|when was|when did|when were|what's the date|the date
        |when is|when are|how long ago|which date|what month|when you|when does|when do|when's|since when""",
    "address": """address|mailing address|home address|street address|live at|lives at|living at|where do you live
        |where are you living|where do you stay|where you live|where does he live|where does she live|reside|resides
        |residence|zip code|zip|postal code|apartment number|apartment|unit number|what street|which street|where at
        |moved to|where you staying|where are you staying|p o box|po box|ship it|mail it|deliver|cross street|intersection|corner|what road|which road|whereabouts|where's|wheres|where is|where was|where are|where were
        |what city|what town|which city|lived at|live on|lives on|lived on|what county|residing|street|live in|lives in
        |located|location|send it to|where is that|grew up|from originally|your house|domicile|hometown""",
    "name": """full name|legal name|your name|last name|first name|middle name|maiden name|his name|her name|their name
        |name please|name for the record|name is|name's|the name|surname|family name|given name|nickname|names
        |called again|who am i speaking with|who am i talking to|who is this|who's this|who was|who is|who's|who are
        |go by|goes by|went by|call you|calls me|call me|calls him|calls her|which doctor|what doctor|which nurse|whose
        |emergency contact|next of kin|speaking with|spoke with|who else|who did|who do|who am i|who does|who hired|by whom
        |named|by the name of|initials|signed by|prescribed by|attention|care of|attn|given at birth|name at birth|who referred|who prescribed
        |who told|who treated|who's your|which one|whom|who saw|who drove|who took|who lives|maiden|who all|who would""",
    "spell": """spell|spelled|spelling|spells|spelt|letter by letter""",
    "age_over_89": """how old|what age|your age|his age|her age|age is|aged|years old|age""",
    "innocent": """exhibit|exhibits|bates|section|sections|statute|page|pages|line|lines|paragraph|chapter|rule|schedule
        |case number|case no|docket|docket number|cause number|civil action|room|bed|bay|chair|courtroom|door|suite number
        |step|question|table|figure|item|count|article|title|form|part|version|module|option|shift|gate|flight|interstate
        |highway|route|exit|channel|volume|tab|interrogatory|request number|request for admission|deposition number
        |times|stage|grade|score|level|phase|class|type|size|step|option|press|unit of|lane number|dock|triage|u s c|usc|cfr|c f r
        |birth certificate|amendment|billing for|posted as|i c d|icd|cpt|c p t|code|diagnosis code|u l|freeway|bill of sale|purchase order|invoice|order number
        |check number|box|pin number|pin|password|passcode|combination|locker|floor number|elevator|terminal|pier
        |psalm|verse|channel|pulse|temp|temperature|sat|sats|pressure|heart rate|weight|height|bmi|b m i|oxygen
        |respirations|resps|sugar|glucose|a one c|hemoglobin|creatinine|sodium|potassium|platelets|white count|score of
        |milligrams|dose|refills|quantity|tablets|zero to ten|scale|out of|lead|leads|bus|train|track|mile|mile marker""",
    "year": """what year|which year|year|the year|birth year""",
    "number": """number|numbers|id|i d|identifier|code is|reads""",
    "digits": """ends in|ending in|ending|ends with|end in|end with|last four|last 4|digits|last four digits|last 4 digits
        |first four|last three|first three|last six|last two|last five
        |first two|first five|first six|last eight|middle two|middle three|middle four|last digit|last digits|first digits|next four|next three
        |other half|rest of it|rest of the number|the rest|second half|first half|starts with|begins with|start with|begin with""",
    "letters": """m m r|t d a p|d t a p|m r i|m r a|c t|e k g|e c g|c o p d|b u n|m d|r n|p t|o t|i v|e r|i c u|n i c u|o b|g y n|o b g y n|g p|e m t
        |d u i|d w i|t v|u s|u s a|a m|p m|l d l|h d l|a one c|h b a one c|t s h|c b c|p s a|u t i|c p r|e e g|e m g|g i|e n t
        |p c p|n p|p a|d o|l p n|c n a|h m o|p p o|h s a|f s a|h r|c e o|c f o|c o o|i r s|f b i|d m v|c p a|l l c|l l p
        |e e o c|o s h a|h i v|s t d|s t i|t b|i b s|a d h d|a d d|p t s d|o c d|b p|b m i|c p a p|x ray|t shirt|u p s|u s p s
        |a c l|m c l|p c l|a s a p|f y i|q and a|o k|d v d|p d f|i t|a i|u n|e u|u k|n y u|u c l a|l a|d c|n y c|j d|p h d
        |l v n|p r n|b i d|t i d|q i d|n p o|s u v|a t v|r v|g p s|a t m|p o a|d n r|s o b|n s a i d|e d|i u d|d n a|r n a
        |t m j|m s|a l s|a fib|v fib|d v t|p e|c h f|c a d|h p v|h s v|g e r d|r s v|p p e|a b c|n d a|r f p|k p i|c b d
        |t h c|l s d|g e d|s a t|n b a|n f l|a a|n a|i q|p i|q t|s t|b s|m b a|r x|p d|a p|p r|v p|u i|s v p|l t d
        |i e p|o h s u|m m s e|b i m s|m o c a|i g g|i g e|i g a|i g m|h o a|r c w|u s c|c f r|n r s|o r s|m g l|e t a|c d c|f d a|n i h
        |a r n p|l c s w|m s w|n i h s s|s s i|s s d i|u s c i s|c b p|c p s|d c f|p f t|l v e f|t a v r|c a b g|p a c u|p i c c|g f r
        |a v f|a v l|a v r|q r s|q t c|c o two|p o two|s p o two|f i o two|m i c|g c s|d n i|d n r d n i|t max|w b c|r b c|m a p|c v p|p t a b
        |p h|a n c|m c v|e f|a l t|a s t|i n r|p t t|s u v|f e v|b n p|c r p|e s r|h p i|r o s|l m p|e d d|g b s|k u b|n s t|a b g|n g t|t p a|p t a|p t o
        |d and c|d and e|h and p|r and b|q and a|s and p|b and b|t and a|i and o|p and l|a and o|a and e|i and d
        |c c|m l|m g|i m|p o|i d|d e a|d a|p c|k i a|b m w|g m c|v w|l i|p s|o s|h two|b twelve|c diff|e coli|g tube|t cell
        |b cell|vitamin d|vitamin c|vitamin b|vitamin e|vitamin k|hepatitis a|hepatitis b|hepatitis c|type a|type b|plan b
        |strep a|j tube|z pack|q tip|h pylori|m o|r o m|h n p|p v c|p i p|u m|i m e|f m l a|h i p a a|a d a|g a d|p h q""",
}


ABBREVIATION = "abbreviation"
LETTERS = frozenset(["letters", ABBREVIATION])


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase found: token indexes (inclusive) and what it is about."""

    first: int
    last: int
    turn: int
    kind: str
    letters: bool


@cache
def _index() -> dict[str, list[tuple[tuple[str, ...], str, bool]]]:
    index: dict[str, list[tuple[tuple[str, ...], str, bool]]] = {}
    for kind, text in _PHRASES.items():
        for phrase in text.split("|"):
            words = tuple(phrase.replace("-", " - ").split())
            letters = any(len(w) == 1 and w.isalpha() for w in words)
            index.setdefault(words[0], []).append((words, kind, letters))
    known = {words for entries in index.values() for words, _, _ in entries}
    for word in sorted(abbreviations()):
        if tuple(word) not in known:
            index.setdefault(word[0], []).append((tuple(word), ABBREVIATION, True))
    for entries in index.values():
        entries.sort(key=lambda e: -len(e[0]))
    return index


def phrase_hits(view: DialogueView) -> list[Phrase]:
    """All phrases in order; where two begin at one word, the longer."""
    return view.once("phrases", _hits)


def _hits(view: DialogueView) -> list[Phrase]:
    index = _index()
    found: list[Phrase] = []
    for turn in view.turns():
        begin, end = view.bounds[turn]
        place = begin
        while place < end:
            hit = None
            for words, kind, letters in index.get(view.tokens[place].low, ()):
                last = _matches(view, words, place, end)
                if last is not None:
                    hit = Phrase(place, last, turn, kind, letters)
                    break
            if hit is None:
                place += 1
            else:
                found.append(hit)
                place = hit.last + 1
    return found


def _matches(view: DialogueView, words: tuple[str, ...], place: int, end: int) -> int | None:
    """Index of the last token when ``words`` stand here; between single letters a dot or hyphen may stand ("I.D.")."""
    position = place
    for number, word in enumerate(words):
        if number and position < end and view.tokens[position].text in (".", "-", "'"):
            position += 1
        if position >= end or view.tokens[position].low != word:
            return None
        position += 1
    return position - 1


def hits_by_turn(view: DialogueView) -> dict[int, list[Phrase]]:
    def make(v: DialogueView) -> dict[int, list[Phrase]]:
        grouped: dict[int, list[Phrase]] = {}
        for hit in phrase_hits(v):
            grouped.setdefault(hit.turn, []).append(hit)
        return grouped

    return view.once("phrases_by_turn", make)


def last_before(hits: list[Phrase], token: int, reach: int) -> list[Phrase]:
    """Phrases that end before ``token`` within ``reach`` tokens, nearest first."""
    place = bisect_left([h.first for h in hits], token)
    return [h for h in reversed(hits[:place]) if token - h.last <= reach and h.last < token]
