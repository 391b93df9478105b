"""From everything that recognisers found to Detections: one span a place, numbered by whom or what it names."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from compliance.redaction.cleaning import clean
from compliance.redaction.detections import CHOSEN, MASKED, OWN, PART, TYPES, Detection, PrivateType, detection_id
from compliance.redaction.recognisers.listed import NICKNAMES, is_body, words_of_party
from compliance.redaction.view import DialogueView
from compliance.redaction.written import number_word, written_digits

# Words between the halves of a number, which say nothing by themselves.
_BETWEEN = frozenset("and then uh um er".split())
# Months that people are called, and words after which they are months.
_GIVEN_MONTHS = frozenset("april may june august".split())
_WHEN = [[word] for word in "in of since by until till last next this every early late through from during before after".split()]
_THE_LETTER = re.compile(r",? the letter ", re.IGNORECASE)  # "T zero seven, the letter B"
# The recogniser's name of what the speech service marked itself.
PROVIDER = "provider"
# Below this only the look of a number speaks for it.
BY_LOOK = 0.68
# Below this a finding is shown to a reviewer as doubtful. It is hidden all the same.
UNSURE_BELOW = 0.6
# Where findings of different types cover the same place, the more telling type names it.
_ORDER = (
    "email", "url", "ip_address", "ssn", "credit_card", "date_of_birth", "bank_account", "medical_record_number",
    "health_plan_number", "license_number", "vehicle_id", "device_id", "phone_number", "address", "age_over_89", "date", "name",
)  # fmt: skip


_BESIDE_LABELS = frozenset([PrivateType.NAME, PrivateType.ADDRESS])
# Findings this good stand for themselves; weaker ones live on what stands around them.
SURE = 0.95
WHOLE_BONUS = 0.1
WORD = re.compile(r"\w+")
_WITHIN_ADDRESS = re.compile(r",? (?:\w{1,12},? ){1,2}")
_AT_LAST = re.compile(r" (?:\w{1,12} ){0,2}at ", re.IGNORECASE)
_DOMAINS = frozenset("com org net edu gov mil us co uk ca".split())
_AT = re.compile(r"\bat ", re.IGNORECASE)
# "sixteen avenue": the rest of what somebody did not catch, or say.
_STREET_AFTER = re.compile(r" (?:street|avenue|road|boulevard|lane|drive|terrace|parkway)\b", re.IGNORECASE)
_NEXT = re.compile(r"[ .,']{0,4}(?:and |or )?")


@dataclass(frozen=True, slots=True)
class Found:
    """A recogniser's result in the cleaned text of a turn. ``wholes`` number the results that it is a part of, where
    what was found goes over several turns."""

    turn: int
    start: int
    end: int
    type: str
    score: float
    recogniser: str
    reason: str
    marks: tuple[str, ...] = ()
    wholes: frozenset[int] = frozenset()


def kept(view: DialogueView, found: Iterable[Found]) -> list[Found]:
    """``found`` without what the matter always shows and what an earlier pass left beside its labels."""
    allowed = frozenset(" ".join(WORD.findall(clean(entry).text.lower())) for entry in view.dialogue.always_show)
    left: list[Found] = []
    for item in (piece for whole in found for piece in _off_labels(view, whole)):
        if item.type in _BESIDE_LABELS and item.score < 1.0 and allowed:
            # Only what was found by its look; what the matter's own lists hide (score 1) stays hidden.
            if " ".join(WORD.findall(view.text(item.turn)[item.start : item.end].lower())) in allowed:
                continue
        # A name or place that is not sure, or a code by its look alone.
        sure = SURE if item.type in _BESIDE_LABELS else BY_LOOK
        if item.score < sure and _beside_label(view, item):
            continue
        left.append(item)
    return left


def resolve(view: DialogueView, found: Iterable[Found]) -> list[Detection]:
    """Spans in reading order, with entities and words. They do not overlap, but for layers apart, which must not take a place
    from what another policy hides: ``medical``, which a policy may show, what is an organization's own, what somebody chose to hide,
    and marks of the speech service that say something else of what was found."""
    by_turn: dict[int, list[Found]] = {}
    for item in found:
        by_turn.setdefault(item.turn, []).append(item)
    made: list[Detection] = []
    known: dict[str, int] = {}
    parts: dict[int, list[Detection]] = {}
    for turn in sorted(by_turn):
        items = [i for i in by_turn[turn] if not _own(i)]
        medical = _disjoint([i for i in items if i.type == PrivateType.MEDICAL])
        items = [i for i in items if i.type != PrivateType.MEDICAL]
        chosen, theirs = [i for i in items if CHOSEN in i.marks], [i for i in items if i.recogniser == PROVIDER]
        ours, apart = _laid_over(_disjoint([i for i in items if CHOSEN not in i.marks and i.recogniser != PROVIDER]), chosen)
        ours, more = _laid_over(ours, theirs)
        apart += more
        private = _beside_each_other(view.text(turn), ours)
        others = [i for i in by_turn[turn] if _own(i)]
        own = _uncovered(_disjoint([i for i in others if i.recogniser != PROVIDER]), [*private, *apart, *medical])
        own += _disjoint([i for i in others if i.recogniser == PROVIDER])
        for item in sorted([*private, *apart, *medical, *own], key=lambda i: (i.start, i.end)):
            for detection in _detections(view, item):
                if detection.id in known:  # the same in two layers
                    marks = dict.fromkeys((*made[known[detection.id]].marks, *detection.marks))
                    made[known[detection.id]] = replace(made[known[detection.id]], marks=tuple(marks))
                    continue
                known[detection.id] = len(made)
                made.append(detection)
                for whole in item.wholes if MASKED not in item.marks else ():
                    parts.setdefault(whole, []).append(detection)
    return _numbered(view, made, parts)


def _laid_over(ours: list[Found], marks: list[Found]) -> tuple[list[Found], list[Found]]:
    """``ours`` with ``marks`` of the speech service or the matter's list, and those that stand apart, in a layer over it.

    A mark adds to what was found and takes no place from it: where it names another type both hide.
    """
    left = sorted(ours, key=lambda i: i.start)
    beside: list[Found] = []
    apart: list[Found] = []
    for mark in _disjoint(marks):
        low = bisect_right(left, mark.start, key=lambda i: i.end)
        high = bisect_left(left, mark.end, lo=low, key=lambda i: i.start)
        over = left[low:high]
        masked = MASKED in mark.marks
        if masked or CHOSEN in mark.marks:
            # What was found in a sign read nothing but the sign; what was chosen is hidden by every policy, whoever else found it.
            inside = [i for i in over if mark.start <= i.start and i.end <= mark.end and (masked or i.type == mark.type)]
            left[low:high] = rest = [i for i in over if i not in inside]
            (apart if rest else beside).append(replace(mark, wholes=mark.wholes.union(*(i.wholes for i in inside))))
        elif any(i.type != mark.type for i in over):
            apart.extend(_uncovered([mark], over))
        else:
            left[low:high] = _disjoint([*over, mark])
    return [*left, *beside], apart


def _own(item: Found) -> bool:
    return OWN in item.marks or item.type not in TYPES


def _uncovered(own: list[Found], others: list[Found]) -> list[Found]:
    """``own`` without the parts that were found under the same type anyway."""
    left: list[Found] = []
    for item in own:
        start = item.start
        for other in sorted((o for o in others if o.type == item.type), key=lambda o: o.start):
            if other.end <= start or other.start >= item.end:
                continue
            if start < other.start:
                left.append(replace(item, start=start, end=other.start))
            start = max(start, other.end)
        if start < item.end:
            left.append(replace(item, start=start))
    return left


def _off_labels(view: DialogueView, item: Found) -> Iterator[Found]:
    """The finding without the labels of an earlier pass that it reaches into: half a label is no label any more."""
    if MASKED in item.marks:
        yield item  # a sign that the speech service put there itself, which the sound still says
        return
    start = item.start
    signs = view.signs(item.turn)
    for number in range(bisect_right(signs, start, key=lambda sign: sign[1]), len(signs)):
        low, high = signs[number]
        if low >= item.end:
            break
        if start < low:
            yield replace(item, start=start, end=low)
        start = high
    if start < item.end:
        yield replace(item, start=start)


def _beside_label(view: DialogueView, item: Found) -> bool:
    """Whether an earlier pass's label touches the span: what is left beside it was left on purpose ("Captain [NAME 3]")."""
    text, labels = view.text(item.turn), view.labels(item.turn)
    after = bisect_left(labels, item.end, key=lambda label: label[0])
    if after < len(labels) and _NEXT.fullmatch(text, item.end, labels[after][0]):
        return True
    before = bisect_right(labels, item.start, key=lambda label: label[1]) - 1
    return before >= 0 and not text[labels[before][1] : item.start].strip(" .,'")


def _rank(item: Found) -> tuple[float, int, int]:
    order = _ORDER.index(item.type) if item.type in _ORDER else -1
    # What was found whole over several turns names its parts better than what each of them looks like alone.
    return (-item.score - (WHOLE_BONUS if item.wholes else 0), order, item.start - item.end)


def _disjoint(items: list[Found]) -> list[Found]:
    """The better finding keeps its place; what the other has beyond it stays hidden under its own type."""
    same: list[Found] = []
    for item in sorted(items, key=lambda i: (i.type, i.start, -i.end)):
        if same and same[-1].type == item.type and item.start < same[-1].end:
            last = same.pop()
            best = max(last, item, key=lambda i: i.score)
            item = replace(
                best,
                start=last.start,
                end=max(last.end, item.end),
                marks=tuple(sorted({*last.marks, *item.marks})),
                wholes=last.wholes | item.wholes,
            )
        same.append(item)
    kept: list[Found] = []
    taken: list[tuple[int, int]] = []  # in order; no two overlap
    for item in sorted(same, key=_rank):
        low = bisect_right(taken, item.start, key=lambda span: span[1])
        high = bisect_left(taken, item.end, lo=low, key=lambda span: span[0])
        edges = [item.start, *(edge for span in taken[low:high] for edge in span), item.end]
        free = [(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if start < end]
        taken[low:high] = [(min(edges), max(edges))]
        kept.extend(replace(item, start=start, end=end) for start, end in free)
    return kept


def _beside_each_other(text: str, items: list[Found]) -> list[Found]:
    """``items`` of a turn, in order, with what belongs to the one behind it."""
    made: list[Found] = []
    for item in sorted(items, key=lambda i: i.start):
        if made and _called_month(text, made[-1], item):
            item = replace(item, start=made.pop().start)
        elif made and {made[-1].type, item.type}.isdisjoint(_BESIDE_LABELS) and _THE_LETTER.fullmatch(text, made[-1].end, item.start + 7):
            item = replace(item, start=made[-1].end)
        elif made and (_mile_marker(text, made[-1], item) or _one_address(text, made[-1], item)):
            item = replace(item, start=made.pop().start)
        made.append(_with_street(text, item))
    return made


def _mile_marker(text: str, mile: Found, road: Found) -> bool:
    """ "mile marker six on Juniper Road" is one place."""
    places = mile.type == road.type == PrivateType.ADDRESS
    return places and not mile.wholes and text[mile.end : road.start] == " on " and text[mile.start : mile.start + 5].lower() == "mile "


def _one_address(text: str, local: Found, rest: Found) -> bool:
    """ "chikwanha new start at pebblewash mail dot com", "trudy dot beck, no H, at tidewater dot net": a word or two between the parts."""
    said = text[local.start : local.end].lower()
    cut = {local.type, rest.type} <= {PrivateType.EMAIL, PrivateType.URL} and not local.wholes and " dot " in said and " at " not in said
    if cut and _AT_LAST.fullmatch(text, local.end, rest.start) is not None and said.split()[-1] not in _DOMAINS:
        return True  # "crystal dot waits dot for" + "you at" + "lumenpost dot com"
    parts = local.type == rest.type == PrivateType.EMAIL and not local.wholes and "@" not in said and " at " not in said
    return parts and _WITHIN_ADDRESS.fullmatch(text, local.end, rest.start) is not None and _AT.search(text, rest.start, rest.end) is not None


def _with_street(text: str, item: Found) -> Found:
    """A house number alone with the street's kind, where that is all that is said of it."""
    if item.type != PrivateType.ADDRESS or item.wholes or not all(number_word(word.lower()) for word in WORD.findall(text[item.start : item.end])):
        return item
    street = _STREET_AFTER.match(text, item.end)
    return item if street is None else replace(item, end=street.end())


def _called_month(text: str, month: Found, name: Found) -> bool:
    """ "It's June W. Treadwell": a month right before a name is a given name, but for "in June"."""
    return (
        (month.type, name.type) == (PrivateType.DATE, PrivateType.NAME)
        and not month.wholes
        and text[month.end : name.start] in ("", " ")
        and text[month.start : month.end].lower() in _GIVEN_MONTHS
        and text[max(0, month.start - 9) : month.start].lower().split(" ")[-2:-1] not in _WHEN
    )


def _detections(view: DialogueView, item: Found) -> list[Detection]:
    text = view.text(item.turn)
    start, end = item.start, item.end
    if MASKED not in item.marks:  # a placeholder is all signs
        while start < end and not text[start].isalnum() and text[start] not in "(+#@":
            start += 1
        while end > start and not text[end - 1].isalnum() and text[end - 1] not in ")/%":
            end -= 1
    if start >= end:
        return []
    said = {word.lower() for word in WORD.findall(text[start:end])}
    if said and said <= _BETWEEN and MASKED not in item.marks and item.type != PrivateType.NAME:
        return []  # what is left of a number between two halves of a better finding
    start, end = view.cleans[item.turn].original_span(start, end)
    words = view.dialogue.turns[item.turn].words
    first = last = None
    if words:
        place = bisect_left(words, start + 1, key=lambda word: word.char_end)
        for word in words[place:]:
            if word.char_start >= end:
                break
            if word.char_end > start:
                first = word.id if first is None else first
                last = word.id
    return [
        Detection(
            detection_id(item.turn, start, end, item.type), item.turn, start, end, item.type, round(min(1.0, item.score), 3),
            item.recogniser, item.reason, first, last, None, (*item.marks, PART) if item.wholes else item.marks,
            item.score < UNSURE_BELOW,
        )
    ]  # fmt: skip


def _numbered(view: DialogueView, items: list[Detection], parts: dict[int, list[Detection]]) -> list[Detection]:
    """Numbers by type: a person by any part of the name, everything else by what it says; the parts of one have one."""
    said = _said(view, items, parts)
    people = [frozenset(words) for words in map(words_of_party, view.dialogue.parties) if not is_body(words)]
    values: dict[tuple[str, str], int] = {}
    counts: dict[str, int] = {}
    numbered: list[Detection] = []
    full: dict[str, int] = {}
    # Full names first, so that a first name said before its owner's full name finds it.
    names = [i for i in items if i.type == PrivateType.NAME and MASKED not in i.marks]
    keys = {i.id: _name_key(said[i.id]) for i in names}
    for item in sorted(names, key=lambda i: (-len(keys[i.id]), sum(len(word) == 1 for word in keys[i.id]))):
        key = keys[item.id]
        owner = next((n for n, known in enumerate(people) if key and key <= known), None)
        if owner is None and any(len(word) == 1 or word in _FORMAL for word in key):
            owner = next((n for n, known in enumerate(people) if _short_for(key, known)), None)
        if owner is None:
            people.append(key)
            owner = len(people) - 1
        full[item.id] = owner
    order: dict[int, int] = {}
    for item in items:
        if MASKED in item.marks:
            numbered.append(item)  # who or what it was, nobody can tell
            continue
        if item.type == PrivateType.NAME:
            entity = order.setdefault(full[item.id], len(order) + 1)
        else:
            text = said[item.id]
            digits = written_digits(text)
            value = (item.type, digits if len(digits) >= 3 else text)
            if value not in values:
                counts[item.type] = values[value] = counts.get(item.type, 0) + 1
            entity = values[value]
        numbered.append(replace(item, entity=entity))
    return numbered


def _said(view: DialogueView, items: list[Detection], parts: dict[int, list[Detection]]) -> dict[str, str]:
    """What each detection says; for the parts of one finding, what they say together."""
    group = {item.id: [item] for item in items}
    for found in parts.values():
        for type_ in {item.type for item in found}:
            members: dict[str, Detection] = {}
            for item in found:
                if item.type == type_:
                    members |= {other.id: other for other in group[item.id]}
            for item in members.values():
                group[item.id] = list(members.values())
    texts: dict[int, str] = {}
    said: dict[str, str] = {}
    for item in items:
        members_ = group[item.id]
        if id(members_) not in texts:
            places = sorted((m.turn, m.start, m.end) for m in members_)
            texts[id(members_)] = " ".join(view.dialogue.turns[t].text[s:e] for t, s, e in places).casefold()
        said[item.id] = texts[id(members_)]
    return said


def _short_for(key: frozenset[str], known: frozenset[str]) -> bool:
    """ "Bill Ostrander" and "W. Ostrander" for "William Ostrander"; an initial alone may be anybody's."""
    rest = [word for word in key - known if not known.intersection(_FORMAL.get(word, ()))]
    if not rest:
        return True
    initials = all(len(word) == 1 and any(whole.startswith(word) for whole in known - key) for word in rest)
    return initials and len(rest) < len(key)


_FORMAL: dict[str, tuple[str, ...]] = {}
for _whole, _short in NICKNAMES.items():
    for _nick in _short.split():
        _FORMAL[_nick] = (*_FORMAL.get(_nick, ()), _whole)


def _name_key(text: str) -> frozenset[str]:
    words = ["".join(c for c in word if c.isalpha()) for word in text.replace("-", " ").split()]
    if len(words) > 2 and all(len(w) <= 1 for w in words) or (len(text) > 3 and all(len(w) == 1 for w in words)):
        return frozenset(["".join(words)])
    return frozenset(w for w in words if w)
