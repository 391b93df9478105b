"""People's names.

Evidence comes from what stands around a word (titles, introductions, kin, questions), from what it looks like (capitals,
lists of names, spelled letters) and from the model. What is certain once is then looked for in the whole transcript.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

from presidio_analyzer.nlp_engine import NlpEngine

from compliance.redaction.detections import PrivateType
from compliance.redaction.languages import LATIN
from compliance.redaction.lexicon import lexicon
from compliance.redaction.names_base import NameHit
from compliance.redaction.names_context import NameContext
from compliance.redaction.names_letters import letters
from compliance.redaction.names_offices import without_offices
from compliance.redaction.names_propagation import propagate, with_initials
from compliance.redaction.names_variants import variants
from compliance.redaction.names_words import FAMILY
from compliance.redaction.recognisers.assistants import assistants_named
from compliance.redaction.recognisers.base import DialogueRecogniser
from compliance.redaction.recognisers.called_after import called_after
from compliance.redaction.recognisers.citations import cited
from compliance.redaction.recognisers.firms import firms_named
from compliance.redaction.recognisers.lands import lands_named
from compliance.redaction.recognisers.model_entities import PEOPLE, all_chances, model_chances, model_spans
from compliance.redaction.recognisers.second_opinion import (
    AS_GOOD_AS_TOLD,
    WEAK_NAMES,
    between_parts,
    doubtful,
    impossible,
    left_on_purpose,
    likely_people,
    mostly_people,
    named_again,
    of_medicine,
    unbelievable,
)
from compliance.redaction.view import DialogueView, Finding

MAX_FIRM_WORDS = 3
# What a score's or a doctrine's name beside a score's or a doctrine's word is found by; a title and an introduction say more.
NOT_CALLED_AFTER = WEAK_NAMES | frozenset(
    ["addressed or introduced by name", "named beside a family member or a role", "a form of a name found elsewhere in the transcript",
     "called at the beginning", "greeted or thanked", "a name or its short form"]
)  # fmt: skip
FIRM_ENDINGS = frozenset(["LLC", "LLP", "PLLC", "LTD", "Ltd", "Inc", "Corp", "PLC", "GmbH"])
# What says little enough for a person that a firm's sign says more.
OF_FIRMS = frozenset(
    ["a first name", "a last name", "the language model", "a name found elsewhere in the transcript", "capitalised like a name",
     "first and last name", "addressed or introduced by name", "answers a question for a name"]
)  # fmt: skip


class NameRecogniser(DialogueRecogniser):
    ENTITIES = (PrivateType.NAME,)

    def __init__(self, nlp: NlpEngine | None = None) -> None:
        self.nlp = nlp
        super().__init__()

    def find(self, view: DialogueView) -> Iterable[Finding]:
        context = NameContext(view, lexicon())
        hits: list[NameHit] = []
        chances = {}
        if self.nlp is not None:
            chances = model_chances(view, self.nlp)
            # "The adalimumab and Shandiin's": one place among medicines makes no medicine of a person.
            context.things -= mostly_people(view, chances, context.things)
        for turn in view.turns():
            hits.extend(context.turn_hits(turn))
        if self.nlp is not None:
            for first, last in model_spans(view, self.nlp, PEOPLE):
                hits.extend(context.weigh_model(first, last))
        told = all_chances(view, self.nlp) if self.nlp is not None else {}
        hits = [h for h in hits if not (unbelievable(context, chances, h) or of_medicine(told, h))]
        if not view.cased:
            # "over at st charles": a hospital or a town, as long as only a list says otherwise.
            hits = [h for h in hits if not (h.reason == "a first name" and _saint(view, h.first))]
        hits = list(_of_people(view, hits))
        hits.extend(likely_people(context, chances, hits))
        hits.extend(list(between_parts(context, chances)))
        hits = [h for h in hits if not (left_on_purpose(view, chances, h) or doubtful(context, chances, h))]
        hits = list(without_offices(context, hits))
        nobodys = cited(view).names | firms_named(view) | assistants_named(view)
        hits = [h for h in hits if not (h.reason in OF_FIRMS and {h.first, h.last} <= nobodys)]
        hits = [h for h in hits if not {h.first, h.last} <= lands_named(view)]
        hits.extend(list(variants(context, hits)))
        again = list(propagate(context, hits))
        hits.extend(
            h for h in again if view.cased or not (context.ordinary(view.tokens[h.first]) and impossible(chances, h.first, h.last))
        )
        hits.extend(list(named_again(context, chances, hits)))
        hits.extend(list(letters(context, hits)))
        hits.extend(list(with_initials(context, hits)))
        hits = [h for h in hits if not {h.first, h.last} <= cited(view).codes]  # "T.C.A. 29-26-115"
        # "My friends call me Tata": what is a name to whoever is called so.
        introduced = (hit for hit in hits if hit.reason == "introduced by name" and hit.first == hit.last)
        called = frozenset(view.tokens[hit.first].low for hit in introduced)
        given = _given_to_relatives(view, chances, hits)
        for hit in _of_people(view, hits):
            if hit.reason in OF_FIRMS and (_firm(view, hit) or _docket(view, hit) or _department(view, hit)):
                continue
            family = [t.low for t in view.tokens[hit.first : hit.last + 1] if t.word]
            # "Mrs. Ma", but "i miss ma".
            titled = hit.reason == "after a title" and view.tokens[hit.first - 1].text != "miss"
            if all(low in FAMILY for low in family) and not titled and not (view.tokens[hit.first].upper and called.issuperset(family) or given.issuperset(family)):
                continue
            head, tail = view.tokens[hit.first], view.tokens[hit.last]
            value = view.text(head.turn)[head.start : tail.end].lower()
            yield Finding(head.turn, head.start, tail.end, PrivateType.NAME, hit.score, hit.reason, value)
        for turn in view.turns():
            for start, end in _in_another_script(view.text(turn)):
                yield Finding(turn, start, end, PrivateType.NAME, 0.8, "in a script that is not checked", view.text(turn)[start:end])


_WORD = re.compile(r"[^\W_]\S*")  # to the next space: the vowels of some scripts are marks, which are no letters


def _in_another_script(text: str) -> Iterator[tuple[int, int]]:
    """ "The witness דוד כהן said": in a turn that is English, such words are names, most of them, and nobody's rules read them."""
    if text.isascii():
        return
    for match in _WORD.finditer(text):
        letters = [c for c in match.group() if c.isalpha()]
        if len(letters) > 1 and not any(LATIN.match(c) for c in letters):
            yield match.span()


def named_elsewhere(view: DialogueView, nlp: NlpEngine, names: Iterable[tuple[int, int, int, float]]) -> Iterator[Finding]:
    """Every other mention of ``names``, which others have found: (turn, start, end, score) in the cleaned texts."""
    hits = [hit for hit in (_hit(view, *name) for name in names) if hit is not None]
    if not hits:
        return
    context, chances = NameContext(view, lexicon()), model_chances(view, nlp)
    context.things -= mostly_people(view, chances, context.things)
    for hit in propagate(context, hits):
        token = view.tokens[hit.first]
        if view.cased or not (context.ordinary(token) and impossible(chances, hit.first, hit.last)):
            yield Finding(token.turn, token.start, token.end, PrivateType.NAME, hit.score, hit.reason, token.low)


def _hit(view: DialogueView, turn: int, start: int, end: int, score: float) -> NameHit | None:
    """The tokens of a name."""
    begin, stop = view.bounds[turn]
    first = bisect_right(view.tokens, start, begin, stop, key=lambda token: token.end)
    last = bisect_left(view.tokens, end, first, stop, key=lambda token: token.start) - 1
    return NameHit(first, last, score, "found by another recogniser", sure=False) if first <= last else None


def _firm(view: DialogueView, hit: NameHit) -> bool:
    """ "Whitlock & Barnes", "Garrity Price LLC": where capitals are told apart, a firm is called so and nobody."""
    begin, end = view.bounds[view.tokens[hit.first].turn]
    tokens = view.tokens
    if not view.cased:
        return False
    last = hit.last
    while last + 1 < end and tokens[last + 1].upper and tokens[last + 1].word and last - hit.last < MAX_FIRM_WORDS:
        last += 1
    if any(t.text in FIRM_ENDINGS for t in tokens[hit.last + 1 : last + 1]):
        return True
    first = hit.first
    while (
        first > begin
        and tokens[first - 1].upper
        and tokens[first - 1].word
        and not tokens[first].first
        and hit.first - first < MAX_FIRM_WORDS
    ):
        first -= 1
    # "Ann & Bob" are two people.
    given = lexicon().frequent_first
    if last + 2 < end and tokens[last + 1].text == "&" and tokens[last + 2].upper:
        return tokens[first].low not in given and tokens[last + 2].low not in given
    if first - 2 >= begin and tokens[first - 1].text == "&" and tokens[first - 2].upper:
        return tokens[first].low not in given and tokens[first - 2].low not in given
    return False


def _of_people(view: DialogueView, hits: Iterable[NameHit]) -> Iterator[NameHit]:
    """The hits without those that name nothing but what is called after somebody: "a Batson challenge", "Child-Pugh B", "a Xience"."""
    nobodys = called_after(view)
    for hit in hits:
        said = [p for p in range(hit.first, hit.last + 1) if view.tokens[p].word and len(view.tokens[p].low) > 1 and view.tokens[p].low not in ("an", "the")]
        if hit.reason not in NOT_CALLED_AFTER or not said or not nobodys.issuperset(said):
            yield hit


def _docket(view: DialogueView, hit: NameHit) -> bool:
    """ "Case No. 25-20417"."""
    end = view.bounds[view.tokens[hit.first].turn][1]
    after = view.tokens[hit.last + 1].low if hit.last + 1 < end else ""
    return view.tokens[hit.last].low == "case" and after in ("no", "number", "numbers")


def _given_to_relatives(view: DialogueView, chances: dict[int, tuple[float, float]], hits: list[NameHit]) -> frozenset[str]:
    """ "oma was her name, oma caudill": words for relatives that are part of somebody's name, and the model is sure of it."""
    return frozenset(
        view.tokens[place].low
        for hit in hits
        for place in (hit.first, hit.last)
        if hit.first < hit.last and view.tokens[place].low in FAMILY and chances.get(place, (0.0, 0.0))[0] >= AS_GOOD_AS_TOLD
    )


def _department(view: DialogueView, hit: NameHit) -> bool:
    """ "the Department of Justice"."""
    begin = view.bounds[view.tokens[hit.first].turn][0]
    before = [t.low for t in view.tokens[max(begin, hit.first - 2) : hit.first]]
    return hit.first == hit.last and before in (["department", "of"], ["ministry", "of"], ["bureau", "of"])


def _saint(view: DialogueView, place: int) -> bool:
    before = view.tokens[place - 1] if place > view.bounds[view.tokens[place].turn][0] else None
    return before is not None and before.low in ("st", "saint")
