"""Put people into real talk: "did you take it" becomes "did Rosa take it", "my mom said" becomes "Rosa said".

Templates know only the turns of phrase that somebody thought of. Real dialogue and tweets have far more, but hardly a name
that may be used; what they have is pronouns, and where a pronoun stands a name can stand.
"""

from __future__ import annotations

import random
import re

from training.pools import Pools
from training.segments import Segment
from training.templates import Filler, Style

PAST = (
    "was had went did took got felt said told came saw thought knew could would will can should may might must gave"
    " made left kept found heard called asked wanted used needed started tried lived worked moved stayed stopped"
).split()
_PAST = "(?:" + "|".join(PAST) + ")"
RELATIONS = (
    "wife husband son daughter brother sister mom mum mother dad father cousin friend boss neighbor neighbour aunt uncle"
    " roommate partner girlfriend boyfriend fiancé manager supervisor landlord nephew niece grandson granddaughter"
    " grandmother grandfather stepdad stepmom"
).split()
_RELATION = "(?:" + "|".join(RELATIONS) + ")"
BEFORE_OBJECT = (
    "tell give to for with from about ask call told gave help let send see saw and like than by near called asked"
    " thank thanks met know knew love hear heard bring brought got"
).split()
# Pattern and what takes its place; `@` is the name. The first that matches at a place counts.
RULES: tuple[tuple[str, str], ...] = (
    (rf"\b(my|his|her|your|our) ({_RELATION})\b(?! (?:is|was)n?'?t? (?:a|the)\b)", r"\1 \2 @"),
    (rf"\b(my|his|her|your|our) ({_RELATION})\b", "@"),
    (r"\b(did|can|will|could|would|should|may|might|had) (?:i|you|he|she|they|it)\b", r"\1 @"),
    (rf"\bi(?= {_PAST}\b)", "@"),
    (rf"\byou(?= {_PAST}\b)", "@"),
    (r"\b(?:i|you|we|they)(?= \w+ed\b)", "@"),
    (r"\b(?:i'm|i've|you're|you've|he's|she's|they're|they've)(?= )", "@'s"),
    (r"\b(?:i'll|you'll|he'll|she'll|they'll)(?= )", "@ will"),
    (r"\b(?:i|you|they) have\b", "@ has"),
    (r"\b(?:i|you|they) (?:am|are)\b", "@ is"),
    (r"\b(?:i|you|they) don't\b", "@ doesn't"),
    (r"\b(?:i|you|they) (think|want|need|like|take|know|feel|get|say|see|go|work|live)\b", r"@ \1s"),
    (r"\b(?:am i|are you|are they)\b", "is @"),
    (r"\bdo (?:i|you|they)\b", "does @"),
    (r"\bhave (?:i|you|they)\b", "has @"),
    (r"\bwere (?:you|they)\b", "was @"),
    (rf"\b({'|'.join(BEFORE_OBJECT)}) (?:you|me|him|her|them)(?= |$|[.,?])", r"\1 @"),
    (r"\b(?:he|she)\b", "@"),
    (r"\b(?:him)\b", "@"),
    (r"\b(?:my|your|his|their)(?= (?!own\b)[a-z])", "@'s"),
    (r"\bthe (?:patient|doctor|nurse|therapist|surgeon|officer|lawyer|driver|judge)\b", "@"),
)
RULE = [(re.compile(pattern, re.IGNORECASE), put) for pattern, put in RULES]
MOST = 4  # names put into one document


class Cast:
    """The people of one document and how they are called."""

    def __init__(self, pools: Pools, rng: random.Random, small: bool) -> None:
        self.filler = Filler(pools, rng, Style(digits=rng.random() < 0.5))
        self.rng, self.small, self.left = rng, small, MOST

    def named(self) -> list[Segment]:
        who = self.rng.choice("1123")
        form = self.rng.choices(("{f}", "{nick}", "{l}", "{F}", "{H} {l}"), (55, 6, 9, 12, 18))[0]
        made = self.filler.turn(re.sub(r"\}", who + "}", form))
        return [(text.lower(), label) for text, label in made] if self.small else made


def recast(segments: list[Segment], cast: Cast, rate: float) -> list[Segment]:
    """The same words, with a name in the place of some pronouns; `rate` is the chance of each."""
    out: list[Segment] = []
    for text, label in segments:
        if label:
            out.append((text, label))
        else:
            out += _recast(text, cast, rate)
    return [s for s in out if s[0]]


def _recast(text: str, cast: Cast, rate: float) -> list[Segment]:
    found: list[tuple[int, int, str]] = []
    for pattern, put in RULE:
        for match in pattern.finditer(text):
            if cast.rng.random() < rate and not any(match.start() < e and s < match.end() for s, e, _ in found):
                found.append((match.start(), match.end(), match.expand(put)))
    out: list[Segment] = []
    at = 0
    for start, end, put in sorted(found):
        if not cast.left:
            break
        cast.left -= 1
        before, after = put.split("@")
        out += [(text[at:start] + before, ""), *cast.named(), (after, "")]
        at = end
    return [*out, (text[at:], "")]
