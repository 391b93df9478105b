"""Who is not of age: names beside a child's age, a child of somebody's, or the word for one.

Fed. R. Civ. P. 5.2(a)(3) wants initials for "an individual known to be a minor". Where a transcript calls somebody a
daughter or a student and says nothing of an age, the name counts as a minor's: initials of a grown child do less harm.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace

from compliance.redaction.detections import MASKED, MINOR, Detection, PrivateType
from compliance.redaction.dialogue import Dialogue
from compliance.redaction.spelled import spelled_letters
from compliance.redaction.written import TENS, UNITS

OF_AGE = 18
OLDEST = 120
# Words before or after a name that say whose child it is or that it is one.
CHILD = frozenset(
    """minor minors child children kid kids baby toddler infant newborn daughter daughters son sons granddaughter grandson
    grandchild grandchildren stepson stepdaughter stepchild niece nephew boy girl boys girls student pupil teenager teen
    godson goddaughter sibling twins preschooler kindergartner""".split()
)
_SCHOOL = frozenset("kindergarten preschool daycare elementary prekindergarten".split())
_GRADES = frozenset(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth 1st 2nd 3rd 4th 5th 6th 7th 8th 9th 10th 11th 12th".split()
)
_TITLES = frozenset("mr mrs ms mister missus dr doctor officer attorney judge professor".split())
# Between a name and its age ("Mia, who just turned four"), or between a child and its name ("our son, he's called Theo").
_BETWEEN = frozenset(
    """is was be she's he's she he who who's just only about almost nearly turned turns turning age aged of a an my our his her their the
    named called name and 's now still already little younger older oldest youngest eldest""".split()
)
# Between a name and what somebody is: "Mia, who is my youngest granddaughter", "Max goes to kindergarten".
_LINKS = frozenset(
    "is was he she who who's he's she's be a an my our his her their the still only just little younger youngest oldest eldest in at goes to starts".split()
)
_REACH = 5  # words
_GAP = 100  # characters; five words are hardly ever more
_YOUNG = frozenset("month months week weeks day days".split())
_NO_AGE = frozenset("feet foot inches miles minutes hours pounds percent o'clock dollars am pm th grade blocks times".split())
_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_END = re.compile(r"[.?!;]")
_APPOSED = re.compile(r", (?:aged? )?(\w{1,9}(?:[- ]\w{3,5})?)(?=[,.;)]|$)")  # "Kim Reyes, 9, and I"
# Somebody asks for a child's name, or the witness's own ("your last name", but not "your daughter's name").
_ASKING = frozenset("name names named called spell spelled spells spelling".split())
_YOUR_OWN = re.compile(r"\byour (?:own |full |first |middle |last |legal |family )*(?:name|surname)\b", re.IGNORECASE)
_SPELLED_WITHIN = 6  # turns after a minor was named
_ASKED_WITHIN = 2  # turns after a child's name was asked for
_SHORT = ("mr", "mrs", "dr", "ms")  # "Mr. Quill"


def with_minors(dialogue: Dialogue, items: Sequence[Detection]) -> list[Detection]:
    """``items`` with MINOR on every mention of somebody who is a child by what is said anywhere in ``dialogue``."""
    by_turn: dict[int, list[Detection]] = {}
    for item in items:
        if item.type == PrivateType.NAME and MASKED not in item.marks and item.entity is not None:
            by_turn.setdefault(item.turn, []).append(item)
    young: set[int] = set()
    grown: set[int] = set()
    titles: set[str] = set()
    for turn, names in by_turn.items():
        text = dialogue.turns[turn].text
        beside = _Beside(text, names)
        for name in sorted(names, key=lambda n: n.start):
            before, after = beside.before(name), beside.after(name)
            apposed = _APPOSED.match(text, name.end)
            told = _age(["age", *_spoken(apposed[1])] if apposed else after)
            titled = bool(before) and before[-1] in _TITLES
            if titled:
                titles.add(name.id)
            if told is not None and told >= OF_AGE or titled and len(_WORD.findall(text[name.start : name.end])) > 1:
                grown.add(name.entity or 0)
            elif told is not None or _child_before(before) or _child_after(after):
                young.add(name.entity or 0)
    minors = young - grown
    # "Mr. Quill" is his father, though "Theo Quill" has the name, too.
    marked = {n.id for names in by_turn.values() for n in names if n.entity in minors and n.id not in titles}
    marked |= _spelled(dialogue, items, marked)
    return [replace(item, marks=(*item.marks, MINOR)) if item.id in marked else item for item in items]


def _spelled(dialogue: Dialogue, items: Sequence[Detection], marked: set[str]) -> set[str]:
    """Ids of what spells a minor's name. It is found by itself and counts as somebody else: "Keisha, kilo echo india ..."."""
    spelled: dict[str, str] = {}
    said: dict[str, list[tuple[int, int, bool]]] = {}  # by word, in the order of the text, and whether a minor is meant
    near: list[int] = []
    for item in sorted(items, key=lambda i: (i.turn, i.start)):
        if item.type != PrivateType.NAME or MASKED in item.marks:
            continue
        text = dialogue.turns[item.turn].text[item.start : item.end]
        letters = spelled_letters(text)
        if letters:
            spelled[item.id] = letters
            continue
        if item.id in marked:
            near.append(item.turn)
        for word in {"".join(_spoken(text)), *_spoken(text)}:
            said.setdefault(word, []).append((item.turn, item.start, item.id in marked))
    found = set()
    for item in items:
        mentions = said.get(spelled.get(item.id, ""))
        if mentions:
            # The mention before it, or the first one: a child has its parent's surname.
            if mentions[max(0, bisect_left(mentions, (item.turn, item.start, False)) - 1)][2]:
                found.add(item.id)
        elif item.id in spelled and _child_spoken_of(dialogue, item, near):
            found.add(item.id)
    return found


def _child_spoken_of(dialogue: Dialogue, item: Detection, named: list[int]) -> bool:
    """Whether a minor was named or asked for just before something is spelled that is nobody's name as it stands."""
    for turn in range(item.turn, max(-1, item.turn - _SPELLED_WITHIN - 1), -1):
        text = dialogue.turns[turn].text
        before = text[max(0, item.start - 4 * _GAP) : item.start] if turn == item.turn else text[-4 * _GAP :]
        words = {word.removesuffix("'s") for word in _spoken(before)}
        if item.turn - turn <= _ASKED_WITHIN and not CHILD.isdisjoint(words) and not _ASKING.isdisjoint(words):
            return True
        at = bisect_left(named, turn)
        if at < len(named) and named[at] == turn:
            return True
        if turn < item.turn and _YOUR_OWN.search(before):
            return False
    return False


class _Beside:
    """The few words on either side of the names of one turn, to the next sentence or name."""

    def __init__(self, text: str, names: Sequence[Detection]) -> None:
        self.text = text
        self.starts = sorted(n.start for n in names)
        self.ending = sorted(names, key=lambda n: n.end)
        self.ends = [n.end for n in self.ending]
        self.known: dict[str, list[str]] = {}

    def after(self, name: Detection) -> list[str]:
        """The words after a name; "" stands for the next name where that ends them."""
        at = bisect_left(self.starts, name.end)
        edge = self.starts[at] if at < len(self.starts) else len(self.text)
        near = min(edge, name.end + _GAP)
        stop = _END.search(self.text, name.end, near)
        words = _spoken(self.text[name.end : stop.start() if stop else near])[:_REACH]
        return [*words, ""] if stop is None and near == edge < len(self.text) and len(words) < _REACH else words

    def before(self, name: Detection) -> list[str]:
        """The words before a name; of "my sons Theo and Max" those before both. To be asked in the order of the names."""
        at = bisect_right(self.ends, name.start) - 1
        last = self.ending[at] if at >= 0 else None
        near = max(last.end if last is not None else 0, name.start - _GAP)
        stops = [m.end() for m in _END.finditer(self.text, near, name.start) if not self._shortened(m.start())]
        words = _spoken(self.text[max([near, *stops]) : name.start])[-_REACH:]
        if last is not None and not stops and words == ["and"]:
            words = self.known.get(last.id, words)
        self.known[name.id] = words
        return words

    def _shortened(self, at: int) -> bool:
        return self.text[max(0, at - 3) : at].lower().endswith(_SHORT)


def _spoken(text: str) -> list[str]:
    return [m.group().lower().replace("\u2019", "'") for m in _WORD.finditer(text)]


def _child_before(words: list[str]) -> bool:
    """ "my daughter Mia", "the minor child, who is called K.", "seven-year-old Theo"."""
    for place in range(len(words) - 1, -1, -1):
        word = words[place].removesuffix("'s")
        if word in CHILD:
            return True
        if word == "old" and place >= 2 and (words[place - 1] in _YOUNG or words[place - 1] in ("year", "years")):
            number = words[max(0, place - 3) : place - 1]
            age, used = _number(number) if number[:1] and number[0] in TENS else _number(number[-1:])
            return words[place - 1] in _YOUNG or bool(used) and age < OF_AGE
        if word not in _BETWEEN and words[place] not in _BETWEEN:
            return False
    return False


def _child_after(words: list[str]) -> bool:
    """ "Mia is a minor", "Theo, my grandson", "Max is in third grade"."""
    for place, word in enumerate(words):
        if word in CHILD and "" in words[place + 1 : place + 3]:
            return False  # "marta belmont my daughter is ella": another one's
        if word in CHILD or word in _SCHOOL or word == "grade" and place and words[place - 1] in _GRADES:
            return True
        if word not in _LINKS and word not in _GRADES:
            return False
    return False


def _age(words: list[str]) -> int | None:
    """The age that is said right after a name, in years; None where none is."""
    place = 0
    while place < len(words) and words[place] in _BETWEEN:
        place += 1
    age, used = _number(words[place:])
    if not used:
        return None
    rest = words[place + used : place + used + 1]
    years = rest in (["year"], ["years"])
    rest = [] if rest == [""] else rest
    if rest and (rest[0] in _NO_AGE or place == 0 and not years and rest[0] not in _YOUNG):
        return None  # "Theo seven two one"
    return 0 if rest and rest[0] in _YOUNG else age


def _number(words: list[str]) -> tuple[int, int]:
    """The number that ``words`` begin with and how many of them say it; (0, 0) where there is none below 120."""
    if words and words[0] in TENS:
        unit = UNITS.get(words[1], 0) if len(words) > 1 and words[1] not in ("o", "oh") else 0
        return (TENS[words[0]] + unit, 2) if 0 < unit < 10 else (TENS[words[0]], 1)
    if words and words[0].isdecimal() and int(words[0][:4]) < OLDEST:
        return int(words[0]), 1
    return (UNITS[words[0]], 1) if words and words[0] in UNITS and words[0] not in ("o", "oh", "zero") else (0, 0)
