"""Who is a person here: evidence for names, and names found once looked for everywhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from compliance.redaction.ambiguity import ADJECTIVES, ordinary_in_lower
from compliance.redaction.lexicon import Lexicon
from compliance.redaction.numerals import masked_tokens, runs
from compliance.redaction.questions import asked
from compliance.redaction.recognisers.dates import MONTHS, dates
from compliance.redaction.recognisers.words import (
    BRANDS,
    EPONYM_NOUNS,
    EPONYMS,
    FIRM_TITLES,
    KIN,
    NATIONS,
    NOT_AFTER_TITLE,
    ORG_WORDS,
    STATES,
    STREETS,
    TITLES,
)
from compliance.redaction.view import DialogueView, Token
from compliance.redaction.written import REPEATS, TENS, UNITS

DAYS = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays saturdays sundays".split()
)
PARTICLES = frozenset("de la del van von der den bin al el du da dos di le ten ter ibn abu st san mac mc y e".split())
FUNCTION = frozenset(
    """i a an the and or but so if as at by for from in into of off on onto out over to up with about after before since
    until while because though than then that this these those there here he him his she her hers it its they them their
    we us our you your my me mine who whom whose which what when where why how is am are was were be been being do does did
    done have has had having will would shall should can could may might must not no yes yeah yep nope okay ok all any
    both each every few more most other some such only own same too very just also even still again once ever never now
    well oh uh um hmm mm huh ah hey hi hello bye please thanks thank sorry sure right good great fine really like get got
    go goes going went gone come comes coming came know knows knew think thought say says said tell told see saw seen look
    let lets make made theres wheres hows whos weve youve theyve youd theyd couldnt shouldnt wouldnt hasnt
    havent hadnt werent arent aint yall itll thatll whatre comma hyphen period dash underscore gon na wan ta got gotta o'clock ohh ohhh ooh oooh uum ooo ooh
    righty ho erm em mhm ahh aw aww nah cos dokey hmmm mmm mmhmm uhuh yup ya ugh wow gosh geez jeez hang ha haha theres wheres hows whos weve youve theyve youd theyd couldnt shouldnt wouldnt hasnt
    havent hadnt werent arent aint yall itll thatll hell whatre take took put give gave one two three let's that's it's he's she's i'm you're we're they're i've
    you've we've they've i'd he'd she'd you'd we'd they'd i'll he'll she'll you'll we'll they'll don't doesn't didn't
    isn't aren't wasn't weren't won't wouldn't can't couldn't shouldn't haven't hasn't hadn't what's where's who's how's
    there's here's cause wait im ive id ill dont thats whats hes shes youre theyre were cant wont didnt doesnt isnt wasnt
    gonna wanna kinda sorta maybe perhaps however therefore sir ma'am maam madam doctor nurse mom dad mama god lord jesus
    back down through between during under against without within along around number name case court time day today
    tomorrow yesterday morning afternoon evening night week month year objection exhibit counsel honor judge""".split()
)
VERBS_AFTER = frozenset(
    """is was has had said says told asked called calls goes went gets got came comes wants wanted takes took gave gives
    does did would will could can might knows knew thinks thought drove drives lives lived works worked made makes left
    passed died moved sent brought saw helped helps needs needed loves loved likes stayed stays showed opened signed wrote
    hired trained read heard kept keeps found started stopped used who and or 's also just never always still usually
    isn't wasn't didn't doesn't hasn't won't can't wouldn't ended put set cried laughed walked ran told texted emailed
    faxed wore wears turned looked looks handed threw pushed hit grabbed yelled screamed answered replied agreed did
    picked dropped filed paid owed owns owned explained mentioned reported noticed swears fixed cooks cooked""".split()
)
BEFORE_NAME = frozenset(
    """to with for from by about tell told asked ask call called calls and or hi hello hey thanks okay ok thank bye
    than see saw met meet know knew both is was it's that's its thats like named name's mister after between of
    says said goodbye morning afternoon evening remember hired married love loved help hug miss
    against through without sorry please yes no well sure right because when if where does did has had would will can
    could how's what's who's let lets because""".split()
)
# What a name may follow directly, with nothing but the name after it.
INTRODUCTIONS: tuple[tuple[str, ...], ...] = tuple(
    tuple(p.split())
    for p in """my name is|name is|name 's|names|named|by the name of|call me|calls me|called me|call him|calls him|called him
    |call her|calls her|called her|goes by|go by|went by|going by|known as|formerly|maiden name is|maiden name was|first name is|last name is|middle name|middle name is
    |surname is|nickname is|signed by|signed it as|prescribed by|dictated by|transcribed by|attention|attn|care of|spelled|preferred name
    |everybody says|everyone says|people say|name was|real name is|full name is|legal name is|it is spelled|a guy named|someone named
    |somebody named|a man named|a woman named|a lady named|who is named|was named|whose name is|whose name was|names are|names were|name of
    |her name 's|his name 's|name it|i 'm called|they call me|we call him|we call her|i was|represents|represent|reported by|interviewed by|referred by|seen by|cosigned by""".split(
        "|"
    )
)
STRONG = frozenset(
    tuple(p.split())
    for p in """my name is|name is|last name is|first name is|goes by|go by|call me|maiden name is|surname is|middle name is|full name is|legal name is
    |calls me|they call me|by the name of|nickname is|name 's""".split("|")
)
SELF = (("this", "is"), ("i'm",), ("i", "am"), ("im",), ("it's",), ("its",), ("that's",), ("thats",), ("you", "must", "be"), ("speaking", "with"),
        ("speaking", "to"), ("speak", "with"), ("speak", "to"), ("talk", "to"), ("talking", "to"), ("ask", "for"), ("asked", "for"), ("spoke", "with"),
        ("spoke", "to"), ("talked", "to"), ("say", "hi"), ("thank", "you"), ("thanks",), ("hi",), ("hello",), ("hey",), ("good", "morning"),
        ("good", "afternoon"), ("good", "evening"), ("okay",), ("ok",), ("alright",), ("all", "right"), ("sorry",), ("bye",), ("please",), ("care", "of"),
        ("right",), ("well",), ("now",), ("so",), ("yes",), ("no",), ("listen",), ("look",), ("goodbye",), ("and", "you're"), ("are", "you"), ("you're",),
        ("congratulations",), ("welcome",), ("dear",), ("this", "here", "is"), ("tell",), ("text",), ("call",), ("ask",), ("with",), ("me", "and"), ("under",))  # fmt: skip


def _by_first(phrases: tuple[tuple[str, ...], ...]) -> dict[str, list[tuple[str, ...]]]:
    index: dict[str, list[tuple[str, ...]]] = {}
    for phrase in phrases:
        index.setdefault(phrase[0], []).append(phrase)
    return index


INTRODUCTIONS_AT = _by_first(INTRODUCTIONS)
SELF_AT = _by_first(SELF)


@dataclass(frozen=True, slots=True)
class NameHit:
    first: int
    last: int
    score: float
    reason: str
    sure: bool = True  # good enough to look for elsewhere


class NameContext:
    """One dialogue's words, with what each of them could be."""

    def __init__(self, view: DialogueView, words: Lexicon) -> None:
        self.view = view
        self.words = words
        self.tokens = view.tokens
        self.masked = masked_tokens(view)
        self.cased = view.cased
        self.dated: set[int] = set()
        for finding in dates(view):
            begin, end = view.bounds[finding.turn]
            for token in self.tokens[begin:end]:
                if token.start < finding.end and finding.start < token.end:
                    self.dated.add(token.index)
        self.spelled: dict[str, int] = {}
        self._gather_spelled()

    def _gather_spelled(self) -> None:
        pending = ""
        last_turn = -9
        for run in runs(self.view):
            if run.digits or len(run.letters) < 2:
                continue
            word = run.letters.lower()
            pending = pending + word if 0 <= run.turn - last_turn <= 1 else word
            last_turn = run.turn
            for candidate in (word, pending):
                if len(candidate) >= 3:
                    self.spelled[candidate] = run.turn

    # What a word can be --------------------------------------------------------------------------------------------

    def is_function(self, token: Token) -> bool:
        return token.low in FUNCTION or token.low in UNITS or token.low in TENS or token.low in REPEATS

    def common(self, token: Token) -> bool:
        return token.low in self.words.common

    def ordinary(self, token: Token) -> bool:
        low = token.low
        return low in self.words.ordinary or (low.endswith("'s") and low[:-2] in self.words.ordinary)

    def listed(self, token: Token) -> bool:
        """A word of the name lists, or of two such words with a hyphen."""
        return token.low in self.words.first_names or token.low in self.words.last_names

    def first_name(self, token: Token) -> bool:
        return token.low in self.words.first_names

    def unknown(self, token: Token) -> bool:
        low = token.low
        if not low.isalpha() or len(low) < 3:
            return False
        if self.ordinary(token) or low in self.words.drugs or low in self.words.conditions or low in BRANDS or low in EPONYMS:
            return False
        if low.endswith("s") and (low[:-1] in self.words.ordinary or low[:-2] in self.words.ordinary):
            return False
        for ending in ("ing", "ed", "er", "ly", "in", "nt", "ve", "re", "ll"):
            if low.endswith(ending) and low[: -len(ending)] in self.words.ordinary:
                return False
        return low not in NATIONS and low not in STATES and low not in ORG_WORDS and low not in MEDICAL_ENDINGS

    def never(self, token: Token) -> bool:
        low = token.low
        return (
            not token.word
            or not low[0].isalpha()
            or low in DAYS
            or low in STATES
            or low in NATIONS
            or token.index in self.masked
            or token.index in self.dated
            or (low in MONTHS and low not in ("may", "april", "june", "august"))
        )

    def name_like(self, token: Token, firm: bool = False) -> bool:
        """Whether this word may be (part of) a name after evidence; ``firm`` evidence lets ordinary words be names."""
        if (
            self.never(token)
            or token.low in FUNCTION
            and not (firm and token.low in ("will", "may") and (token.upper or not self.cased))
        ):
            return False
        if len(token.low) < 2 or token.low in FIRM_TITLES or (token.low in self.words.drugs and not self.listed(token)):
            return False
        if self.cased:
            if not token.upper:
                return False
            if token.text.isupper() and len(token.text) > 1 and not self.listed(token):
                return False
            return firm or not self.common(token) or self.listed(token)
        if self.common(token):
            return (firm and self.listed(token)) or token.low in self.words.frequent_first
        return self.listed(token) or self.unknown(token)

    # Evidence ------------------------------------------------------------------------------------------------------

    def turn_hits(self, turn: int) -> Iterator[NameHit]:
        begin, end = self.view.bounds[turn]
        if begin == end:
            return
        yield from self._titles(begin, end)
        yield from self._introduced(begin, end)
        yield from self._kin(begin, end)
        yield from self._apposed(begin, end)
        yield from self._told_apart(begin, end)
        yield from self._answers(turn, begin, end)
        yield from self._spelled_words(begin, end)
        yield from self._initials(begin, end)
        if self.cased:
            yield from self._capitals(begin, end)
        else:
            yield from self._lower(begin, end)

    def _extent(self, first: int, end: int, firm: bool) -> int | None:
        """Last token of the name that begins at ``first``, or None."""
        if first >= end or not self.name_like(self.tokens[first], firm):
            return None
        last = first
        place = first + 1
        while place < end and place - first < 8:
            token = self.tokens[place]
            if (
                token.text == "-"
                and token.start == self.tokens[place - 1].end
                and place + 1 < end
                and self.tokens[place + 1].start == token.end
            ):
                if self.tokens[place + 1].word and not self.tokens[place + 1].low.isdigit():
                    last = place + 1
                    place += 2
                    continue
                break
            if token.text == "." and self.cased and len(self.tokens[place - 1].text) == 1:
                place += 1
                continue
            if not token.word or token.text in ("'s", "'S"):
                break
            if self.cased:
                if token.upper and not self.never(token) and token.low not in ORG_WORDS:
                    if token.low in FUNCTION and token.low not in ("will", "may", "day", "case", "court"):
                        break
                    if token.text.isupper() and len(token.text) > 1 and not self.listed(token):
                        break
                    last = place
                elif (
                    token.low in PARTICLES
                    and place + 1 < end
                    and (self.tokens[place + 1].upper or self.tokens[place + 1].low in PARTICLES)
                ):
                    pass
                else:
                    break
            else:
                strong = (self.listed(token) and not self.ordinary(token) or self.unknown(token)) and token.low not in FUNCTION
                middle = (
                    len(token.low) == 1
                    and token.low != "i"
                    and token.low != "a"
                    and place + 1 < end
                    and (self.listed(self.tokens[place + 1]) or self.unknown(self.tokens[place + 1]))
                    and self.tokens[place + 1].low not in FUNCTION
                )
                surname = token.low in self.words.frequent_last and token.low not in FUNCTION and self._closes(place, end)
                if self.never(token):
                    break
                if strong or surname or middle:
                    last = place
                elif (
                    token.low in PARTICLES
                    and place + 1 < end
                    and (self.listed(self.tokens[place + 1]) or self.unknown(self.tokens[place + 1]))
                    and self.tokens[place + 1].low not in FUNCTION
                ):
                    pass
                else:
                    break
            place += 1
        return last

    def _closes(self, place: int, end: int) -> bool:
        """In lower case: a surname that is an ordinary word ends its phrase ("hope feldman", "tom young and")."""
        if place + 1 >= end:
            return True
        token = self.tokens[place + 1]
        return (
            not token.word
            or token.low in VERBS_AFTER
            or token.low in ("he", "she", "they", "and", "or", "at", "in", "from", "on", "with", "to")
        )

    def _organisation(self, first: int, last: int, end: int) -> bool:
        """Whether the capitalised words around ``first..last`` are a firm, a court, a hospital."""
        lo, hi = first, last
        while hi + 1 < end and (
            self.tokens[hi + 1].upper
            and self.tokens[hi + 1].word
            or self.tokens[hi + 1].low in ("of", "&", "and")
            and hi + 2 < end
            and self.tokens[hi + 2].upper
            and self.tokens[hi + 2].low in ORG_WORDS
        ):
            hi += 1
        turn_begin = self.view.bounds[self.tokens[first].turn][0]
        while (
            lo > turn_begin
            and self.tokens[lo - 1].upper
            and self.tokens[lo - 1].word
            and not self.tokens[lo].first
            and self.tokens[lo - 1].low not in TITLES
        ):
            lo -= 1
        return (
            any(t.low in ORG_WORDS and t.upper for t in self.tokens[lo : hi + 1] if t.index not in (first,) or first != last)
            and hi > lo
        )

    def _titles(self, begin: int, end: int) -> Iterator[NameHit]:
        for place in range(begin, end - 1):
            low = self.tokens[place].low
            if low not in TITLES:
                continue
            following = place + 1
            while following < end and self.tokens[following].text == ".":
                following += 1
            if following >= end or (following == place + 1 and not self.tokens[following].word):
                continue
            token = self.tokens[following]
            if token.low in NOT_AFTER_TITLE or token.low in TITLES:
                continue
            if token.low in ORG_WORDS and low in ("general", "major", "special", "principal", "agent", "sister", "brother"):
                continue
            firm = low in FIRM_TITLES or (self.cased and self.tokens[place].upper) or low == "doctor"
            if self.cased and not token.upper:
                continue
            if self.cased and low not in FIRM_TITLES and not self.tokens[place].upper and low not in KIN:
                firm = self.listed(token)
                if not firm and self.common(token):
                    continue
            if not self.cased and self.common(token) and low not in ("mr", "mrs", "ms", "miss", "mister", "dr", "missus"):
                if not self.listed(token) or ordinary_in_lower(self.tokens, following, begin, end, set()):
                    continue
                firm = True
            if (
                not self.cased
                and token.low in ("may", "will", "can")
                and following + 1 < end
                and self.tokens[following + 1].low
                in (
                    "be",
                    "have",
                    "call",
                    "see",
                    "want",
                    "not",
                    "need",
                    "do",
                    "also",
                    "come",
                    "look",
                    "tell",
                    "put",
                    "send",
                    "get",
                    "give",
                    "take",
                    "talk",
                    "ask",
                )
            ):
                continue
            if (
                self.cased
                and len(token.text) == 1
                and following + 2 < end
                and self.tokens[following + 1].text == "."
                and self.tokens[following + 2].upper
            ):
                last = self._extent(following + 2, end, True)
                if last is not None:
                    yield NameHit(following, last, 0.95, "after a title")
                continue
            last = self._extent(following, end, firm)
            if last is not None:
                if (
                    self.cased
                    and low
                    in (
                        "general",
                        "judge",
                        "justice",
                        "major",
                        "dean",
                        "principal",
                        "special",
                        "lady",
                        "sir",
                        "mother",
                        "father",
                        "agent",
                    )
                    and self._organisation(following, last, end)
                ):
                    continue
                yield NameHit(following, last, 0.95, "after a title")

    def _named_here(self, place: int, end: int) -> bool:
        """In lower case an ordinary word after a title is a name only where no verb could stand."""
        token = self.tokens[place]
        if token.low in self.words.frequent_first or token.low in self.words.frequent_last:
            if place + 1 >= end:
                return True
            following = self.tokens[place + 1]
            return not following.word or following.low in FUNCTION or following.low in VERBS_AFTER or self.listed(following)
        return False

    def _introduced(self, begin: int, end: int) -> Iterator[NameHit]:
        for place in range(begin, end):
            for words in INTRODUCTIONS_AT.get(self.tokens[place].low, ()):
                if self._stands(words, place, end):
                    after = self._skip(place + len(words), end)
                    last = self._extent(after, end, True)
                    if last is not None and not (self.cased and self._organisation(after, last, end)):
                        if (
                            words not in STRONG
                            and self.ordinary(self.tokens[after])
                            and not (self.cased or self.tokens[after].low in self.words.frequent_first)
                        ):
                            continue
                        if (
                            not self.cased
                            and self.common(self.tokens[after])
                            and not self._closes(last, end)
                            and words[-1] in ("was", "name", "names")
                        ):
                            continue
                        yield NameHit(after, last, 0.95, "introduced by name")
            for words in SELF_AT.get(self.tokens[place].low, ()):
                if self._stands(words, place, end):
                    after = self._skip(place + len(words), end)
                    if after >= end:
                        continue
                    if self.cased and place + len(words) < end and self.tokens[after].first and len(words) == 1:
                        continue
                    token = self.tokens[after]
                    firm = self.listed(token) and (self.cased or token.low in self.words.frequent_first)
                    last = self._extent(after, end, firm)
                    if last is None or (self.cased and self._organisation(after, last, end)):
                        continue
                    if self.cased and not self.listed(token) and self.ordinary(token):
                        continue
                    if token.low in BRANDS or token.low in EPONYMS and self._eponym(after, end):
                        continue
                    if (
                        not self.cased
                        and self.common(token)
                        and not (last == after and (self._closes(after, end) or token.low in AMBIGUOUS) or last > after)
                    ):
                        continue
                    if not self.cased and last == after and (token.low in AMBIGUOUS or self.common(token)):
                        if words not in SELF[:4] and ordinary_in_lower(self.tokens, after, begin, end, set()):
                            continue
                        if words[-1] in ADJECTIVE_BEFORE and token.low in ADJECTIVES:
                            continue
                    if not self.cased and not self.listed(token) and words[-1] not in ("is", "i'm", "im", "am", "for", "hi"):
                        continue
                    yield NameHit(
                        after,
                        last,
                        0.85,
                        "addressed or introduced by name",
                        sure=self.listed(token) and not self.common(token) or last > after or words in SELF[:4],
                    )

    def _stands(self, words: tuple[str, ...], place: int, end: int) -> bool:
        if place + len(words) > end:
            return False
        return all(self.tokens[place + n].low == word for n, word in enumerate(words))

    def _skip(self, place: int, end: int) -> int:
        """Over "uh", commas, "actually"."""
        steps = 0
        while (
            place < end
            and steps < 4
            and (
                self.tokens[place].text in (",", "...", ":", '"', "-")
                or self.tokens[place].low
                in ("uh", "um", "er", "actually", "spelled", "like", "either", "a", "mister", "just", "just,")
                and self.tokens[place].low != "mister"
            )
        ):
            place += 1
            steps += 1
        return place

    def _kin(self, begin: int, end: int) -> Iterator[NameHit]:
        for place in range(begin, end - 1):
            token = self.tokens[place]
            if token.low not in KIN:
                continue
            after = place + 1
            if self.tokens[after].text == "'s" or self.tokens[after].low in ("is", "was", "name") and after + 1 < end:
                if self.tokens[after].low in ("is", "was") and self.cased:
                    after += 1
                    if self.tokens[after].low in ("named", "called") and after + 1 < end:
                        after += 1
                else:
                    continue
            comma = self.tokens[after].text in (",", "-")
            if comma:
                after += 1
            if after < end and self.tokens[after].low in ("uh", "um"):
                after = self._skip(after, end)
            if after >= end:
                continue
            following = self.tokens[after]
            if following.first and self.cased:
                continue
            firm = self.listed(following)
            last = self._extent(after, end, firm)
            if last is None:
                continue
            if not self.cased:
                if comma and not self.first_name(following):
                    continue
                if self.common(following) or following.low in FUNCTION:
                    if not self.listed(following) or not (
                        following.low in AMBIGUOUS or following.low in self.words.frequent_first
                    ):
                        continue
                    if last == after and ordinary_in_lower(self.tokens, after, begin, end, set()):
                        continue
                    yield NameHit(after, last, 0.85, "named beside a family member or a role", sure=True)
                    continue
                if not self.listed(following) and not self._verb_follows(last, end):
                    continue
                if self.ordinary(following) and following.low not in self.words.frequent_first:
                    mine = place > begin and self.tokens[place - 1].low in ("my", "his", "her", "our", "their")
                    if not (self.first_name(following) or mine) or not self._verb_follows(last, end):
                        continue
            elif self._organisation(after, last, end) or (following.low in BRANDS):
                continue
            yield NameHit(
                after,
                last,
                0.9,
                "named beside a family member or a role",
                sure=not self.common(following) or self.cased,
            )

    def _told_apart(self, begin: int, end: int) -> Iterator[NameHit]:
        """ "with an R for Rainier", "May, like the month", "rich in the back has a boat"."""
        for place in range(begin, end):
            token = self.tokens[place]
            if len(token.low) == 1 and place + 2 < end and self.tokens[place + 1].low == "for":
                word = self.tokens[place + 2]
                if word.low[0] == token.low and self.listed(word) and not self.common(word) and place > begin:
                    if self.tokens[place - 1].low in ("a", "an", "with", "initial", "is"):
                        yield NameHit(place + 2, place + 2, 0.8, "what an initial stands for")
            if token.low in (
                "may",
                "april",
                "june",
                "august",
                "rose",
                "summer",
                "autumn",
                "holly",
                "ivy",
                "hope",
                "faith",
                "grace",
                "bill",
                "mark",
                "will",
                "young",
                "long",
                "rich",
                "gray",
                "bell",
                "chase",
                "grant",
                "dean",
            ):
                after = place + 1
                if after < end and self.tokens[after].text == ",":
                    after += 1
                rest = [t.low for t in self.tokens[after : after + 3]]
                if rest[:2] == ["like", "the"] or rest[:2] == ["as", "in"]:
                    yield NameHit(place, place, 0.8, "told apart from the ordinary word")
            if (
                place == begin
                and not self.cased
                and self.listed(token)
                and token.low in self.words.frequent_first | self.words.frequent_last | {"rich"}
            ):
                if [t.low for t in self.tokens[place + 1 : place + 3]] in (
                    ["in", "the"],
                    ["from", "the"],
                    ["at", "the"],
                    ["over", "at"],
                    ["over", "in"],
                ):
                    if (
                        token.low not in FUNCTION
                        and not self.common(token)
                        or token.low in self.words.frequent_first | {"rich", "art", "chase"}
                    ):
                        yield NameHit(place, place, 0.6, "named by where somebody is", sure=False)

    def _apposed(self, begin: int, end: int) -> Iterator[NameHit]:
        """ "May, my friend from work", "Hodan, his sister"."""
        for place in range(begin, end - 3):
            link = place + 2 if self.tokens[place + 1].text == "," else place + 1
            if (link == place + 1 and self.cased) or self.tokens[link].low not in OWNERS:
                continue
            token = self.tokens[place]
            if self.tokens[link + 1].low not in KIN or not self.listed(token) or (self.never(token) and token.low != "may"):
                continue
            if link == place + 1 and (
                token.low not in AMBIGUOUS or (place > begin and self.tokens[place - 1].low in PRONOUNS | OWNERS)
            ):
                continue
            if token.upper if self.cased else token.low in self.words.frequent_first or token.low in AMBIGUOUS:
                if token.low not in TITLES | KIN and (token.low not in FUNCTION or token.low in ("may", "will")):
                    yield NameHit(place, place, 0.8, "named beside a family member or a role", sure=True)

    def _verb_follows(self, last: int, end: int) -> bool:
        if last + 1 >= end:
            return True
        following = self.tokens[last + 1]
        return not following.word or following.low in VERBS_AFTER - {"will", "can", "could", "would"}

    def _answers(self, turn: int, begin: int, end: int) -> Iterator[NameHit]:
        """What stands at the beginning of an answer to "who?" or "your name?"."""
        questions = [q for q in asked(self.view, turn) if q.kind in ("name", "spell") and q.direct and q.distance <= 2]
        if not questions:
            return
        words = [t for t in self.tokens[begin:end] if t.word]
        short = len(words) <= 6
        place = begin
        looked = 0
        while place < end and looked < (12 if questions[0].distance == 1 else 6):
            token = self.tokens[place]
            looked += token.word
            if not token.word:
                place += 1
                continue
            if place > begin and self.tokens[place - 1].low in ("the", "a", "an", "very", "so", "too", "really", "my", "your", "his", "her", "at", "on", "of"):
                place += 1
                continue
            firm = self.listed(token)
            last = self._extent(place, end, firm)
            if last is not None:
                alone = short or place - begin <= 3
                if self.cased:
                    good = firm or (not self.ordinary(token) and (alone or not token.first))
                    if token.first and self.common(token) and not (last > place or len(words) <= 2 or self._ends(last, end)):
                        good = False
                    if self._organisation(place, last, end) or token.low in BRANDS:
                        good = False
                else:
                    good = (firm and not self.common(token)) or (
                        alone
                        and (firm and (self._ends(last, end) or token.low in self.words.frequent_first) or self.unknown(token))
                    )
                    if self.common(token) and not self._ends(last, end) and not self.closes_name(last, end):
                        good = False
                    if place == begin and token.low in AMBIGUOUS and self.closes_name(last, end):
                        good = True
                if good:
                    yield NameHit(place, last, 0.85, "answers a question for a name", sure=not self.common(token) or short)
                place = last + 1
                continue
            place += 1

    def closes_name(self, last: int, end: int) -> bool:
        return self._closes(last, end) or self.tokens[last + 1].low in (
            "but", "i", "is", "it", "who", "i'm", "so", "he's", "she's", "hes", "shes", "his", "her", "my", "our",
        )  # fmt: skip

    def _ends(self, last: int, end: int) -> bool:
        return last + 1 >= end or not self.tokens[last + 1].word

    def _spelled_words(self, begin: int, end: int) -> Iterator[NameHit]:
        if not self.spelled:
            return
        for place in range(begin, end):
            low = self.tokens[place].low
            if low in self.spelled and len(low) >= 3 and abs(self.spelled[low] - self.tokens[place].turn) <= 60:
                if self.common(self.tokens[place]) and not (
                    self.tokens[place].upper if self.cased else abs(self.spelled[low] - self.tokens[place].turn) <= 2
                ):
                    continue
                yield NameHit(place, place, 0.9, "spelled out elsewhere")

    def _initials(self, begin: int, end: int) -> Iterator[NameHit]:
        """ "D.A.R.": letters with full stops that no abbreviation explains."""
        place = begin
        while place + 3 < end:
            letters = 0
            step = place
            while (
                step + 1 < end
                and len(self.tokens[step].text) == 1
                and self.tokens[step].upper
                and self.tokens[step + 1].text == "."
                and self.tokens[step + 1].start == self.tokens[step].end
            ):
                letters += 1
                step += 2
                if step < end and self.tokens[step].start != self.tokens[step - 1].end:
                    break
            if letters >= 2:
                said = "".join(t.low for t in self.tokens[place:step:2])
                if said not in ABBREVIATIONS and not any(t.index in self.masked for t in self.tokens[place:step]):
                    yield NameHit(place, step - 1, 0.7, "initials", sure=False)
                place = step
            else:
                place += 1

    def weigh_model(self, first: int, last: int) -> Iterator[NameHit]:
        """The model's people, without what cannot be one: plain words, firms, drugs, numbers."""
        end = self.view.bounds[self.tokens[first].turn][1]
        while first <= last and not self._model_word(first):
            first += 1
        while last >= first and not self._model_word(last):
            last -= 1
        if first > last:
            return
        words = [t for t in self.tokens[first : last + 1] if t.word]
        if self._thing(first, last):
            return
        if all(self.ordinary(t) and not (self.listed(t) and (self.cased or t.low in self.words.frequent_first)) for t in words):
            return
        if self._eponym(last, end) or all(t.low in EPONYMS or t.low in BRANDS for t in words):
            return
        if self.cased:
            if self._organisation(first, last, end) or all(t.first and self.common(t) for t in words):
                return
            if all(t.text.isupper() and len(t.text) > 1 and not self.listed(t) for t in words):
                return
        elif all(self.common(t) for t in words) and not self._model_place(first, last, end):
            return
        sure = any(self.listed(t) or not self.ordinary(t) for t in words)
        yield NameHit(first, last, 0.6, "the language model", sure=sure and not all(self.common(t) for t in words))

    def _thing(self, first: int, last: int) -> bool:
        """ "the Implanon", "on Clenil": an unknown word after an article or a verb of taking is no person."""
        if first == self.view.bounds[self.tokens[first].turn][0]:
            return False
        words = [t for t in self.tokens[first : last + 1] if t.word]
        before = self.tokens[first - 1].low
        if any(t.low in self.words.first_names or t.low in self.words.frequent_last for t in words):
            return False
        return before in THING_BEFORE

    def _model_word(self, place: int) -> bool:
        token = self.tokens[place]
        if self.never(token) or token.low in self.words.drugs and not self.listed(token):
            return False
        if token.low in ORG_WORDS or token.low in TITLES and not self.listed(token) or token.low in FIRM_TITLES:
            return False
        if token.low in FUNCTION and not (token.low in ("will", "may") and token.upper):
            return False
        return token.upper if self.cased else len(token.low) > 1

    def _model_place(self, first: int, last: int, end: int) -> bool:
        """In lower case, ordinary words are believed to be a name only between the words that stand around names."""
        begin = self.view.bounds[self.tokens[first].turn][0]
        before = self.tokens[first - 1].low if first > begin else ""
        following = self.tokens[last + 1] if last + 1 < end else None
        return (before in BEFORE_NAME or before in KIN or first == begin) and (
            following is None or following.low in VERBS_AFTER or following.low in FUNCTION
        )

    # Looks ---------------------------------------------------------------------------------------------------------

    def _capitals(self, begin: int, end: int) -> Iterator[NameHit]:
        place = begin
        while place < end:
            token = self.tokens[place]
            if not token.word or not token.upper or self.never(token) or len(token.text) < 2:
                place += 1
                continue
            first_word = token.first
            if first_word and (self.is_function(token) or (self.common(token) and not self._starts_name(place, end))):
                place += 1
                continue
            if token.low in TITLES and place + 1 < end and (self.tokens[place + 1].upper or self.tokens[place + 1].text == "."):
                place += 1
                continue
            last = self._extent(place, end, True)
            if last is None:
                place += 1
                continue
            verdict = self._capital_verdict(place, last, end, first_word)
            if verdict is not None:
                yield verdict
            place = last + 1

    def _starts_name(self, place: int, end: int) -> bool:
        """An ordinary word at the beginning of a sentence ("Grant drove.", "Hope Achterberg")."""
        token = self.tokens[place]
        if token.low not in self.words.first_names:
            return False
        following = self.tokens[place + 1] if place + 1 < end else None
        if following is None or not following.word:
            return token.low in self.words.frequent_first and (following is None or following.text in ".?!,")
        if following.upper and not self.never(following) and following.low not in ORG_WORDS | STREETS:
            if (self.listed(following) and not self.common(following)) or self.unknown(following):
                return True
        return (
            token.low in self.words.frequent_first
            and (following.low in VERBS_AFTER or following.low.endswith("ed"))
            and token.low not in ("will", "may", "mark")
        )

    def _eponym(self, place: int, end: int) -> bool:
        after = [t.low for t in self.tokens[place + 1 : min(end, place + 4)]]
        return bool(set(after) & EPONYM_NOUNS) or self.tokens[place].low in EPONYMS and (after[:1] == ["'s"])

    def _capital_verdict(self, first: int, last: int, end: int, first_word: bool) -> NameHit | None:
        tokens = [t for t in self.tokens[first : last + 1] if t.word]
        if self._organisation(first, last, end):
            return None
        lead = tokens[0]
        following = self.tokens[last + 1] if last + 1 < end else None
        if following is not None and following.low in STREETS and following.upper:
            return None
        if self._eponym(last, end) or (
            lead.low in EPONYMS and len(tokens) <= 2 and (self._eponym(first, end) or not self.first_name(lead))
        ):
            return None
        if (
            all(t.low in BRANDS for t in tokens)
            or lead.low in BRANDS
            and len(tokens) <= 2
            and not self._personal(first, last, end)
        ):
            return None
        if any(t.low in self.words.drugs and not self.listed(t) for t in tokens):
            return None
        phrase = " ".join(t.low for t in tokens)
        if phrase in STATES:
            return None
        if len(tokens) == 1 and lead.text.isupper() and len(lead.text) <= 5 and not self._personal(first, last, end):
            return None
        if self._thing(first, last):
            return None
        listed = [self.listed(t) for t in tokens]
        common = [self.common(t) for t in tokens]
        person = self._personal(first, last, end)
        if len(tokens) >= 2:
            if self.first_name(lead) and (not all(common) or all(listed)):
                return NameHit(first, last, 0.8, "first and last name")
            if any(listed) and not all(common):
                return NameHit(first, last, 0.65, "capitalised like a name")
            if person and not all(common):
                return NameHit(first, last, 0.6, "capitalised where a person stands")
            return None
        if phrase in self.words.cities and not self.first_name(lead) and not person:
            return None
        if self.first_name(lead) and not common[0] and not self.ordinary(lead):
            return NameHit(first, last, 0.75, "a first name")
        if self.first_name(lead) and (not first_word or lead.low in self.words.frequent_first):
            if not first_word or self._starts_name(first, end) or not common[0]:
                return NameHit(first, last, 0.65, "a first name")
            return None
        if listed[0] and not common[0] and not self.ordinary(lead) and (person or not first_word):
            return NameHit(first, last, 0.55, "a last name", sure=person)
        if person and not self.ordinary(lead):
            return NameHit(first, last, 0.5, "capitalised where a person stands", sure=False)
        if listed[0] and common[0] and not first_word and person and lead.low in self.words.frequent_last:
            return NameHit(first, last, 0.5, "a last name where a person stands", sure=False)
        return None

    def _personal(self, first: int, last: int, end: int) -> bool:
        """Something only people do stands beside it."""
        begin = self.view.bounds[self.tokens[first].turn][0]
        following = self.tokens[last + 1] if last + 1 < end else None
        before = self.tokens[first - 1] if first > begin else None
        if following is not None and following.low in PERSONAL_AFTER:
            return True
        return before is not None and before.low in PERSONAL_BEFORE

    def _lower(self, begin: int, end: int) -> Iterator[NameHit]:
        place = begin
        while place < end:
            token = self.tokens[place]
            if not token.word or self.never(token) or (self.is_function(token) and token.low not in ("will", "may")) or len(token.low) < 3:
                place += 1
                continue
            low = token.low
            first_name = low in self.words.first_names
            frequent = low in self.words.frequent_first
            if low in AMBIGUOUS and first_name and place + 1 < end and not (place > begin and self.tokens[place - 1].low in PRONOUNS):
                # "will sorrentino", "grace kaminski": a surname that is no other word makes it a name
                surname = self.tokens[place + 1]
                if surname.word and len(surname.low) > 2 and not self.never(surname) and surname.low not in FUNCTION and (
                    (self.listed(surname) and not self.ordinary(surname)) or self.unknown(surname)
                ):
                    last = self._extent(place + 1, end, False) or place + 1
                    yield NameHit(place, last, 0.8, "first and last name")
                    place = last + 1
                    continue
            if self.is_function(token):
                place += 1
                continue
            if first_name and (not self.common(token) or frequent):
                last = self._extent(place, end, frequent) or place
                extended = last > place
                before = self.tokens[place - 1].low if place > begin else ""
                following = self.tokens[last + 1] if last + 1 < end else None
                if not self.ordinary(token) and frequent:
                    yield NameHit(place, last, 0.7, "a first name")
                elif (
                    extended
                    and not self.common(self.tokens[last])
                    and not self.common(token)
                    or extended
                    and self.tokens[last].low not in self.words.ordinary
                    and frequent
                ):
                    yield NameHit(place, last, 0.65, "first and last name")
                elif self.unknown(token):
                    yield NameHit(place, last, 0.55, "a first name")
                elif (
                    not self.common(token)
                    and (before in BEFORE_NAME or following is None or following.low in VERBS_AFTER)
                    or (
                        frequent
                        and self.common(token)
                        and (following is None or following.low in PERSONAL_AFTER)
                        and before in ("and", "with", "to", "for", "from", "by", "tell", "told", "asked", "ask", "then", "")
                        and low in self.words.frequent_first - VERBY
                    )
                ):
                    yield NameHit(place, last, 0.5, "a first name where a person stands", sure=False)
                place = last + 1
                continue
            if low in self.words.last_names and self.unknown(token):
                before = self.tokens[place - 1].low if place > begin else ""
                if low in self.words.frequent_last or before in BEFORE_NAME or self._verb_follows(place, end):
                    yield NameHit(place, self._extent(place, end, False) or place, 0.5, "a last name", sure=False)
            place += 1


OWNED = frozenset(
    """number phone house mom mother dad father husband wife son daughter brother sister car truck name address letter birthday kids
    office email case lawyer job room apartment desk money account chart appointment prescription friend boss cousin place""".split()
)
THING_BEFORE = frozenset(
    """the a an your some any taking take takes took on of this these those prescribe prescribed milligrams mg using use used
    tried try more extra daily""".split()
)
ADJECTIVE_BEFORE = frozenset(["i'm", "im", "am", "it's", "its", "that's", "thats", "he's", "she's", "so", "well"])
OWNERS = frozenset("my his her our their your the".split())
PRONOUNS = frozenset(
    "i you he she it we they who that which there this these those one what not please never always can't don't the a an".split()
)
INFINITIVES = frozenset("will may mark grant chase sue bill rose guy".split())
NAME_TAKERS = frozenset(
    """that's thats mister mr mrs miss ms with from named hi thanks about dad mom after by for give gave told asked hey
    between than dear sister brother son daughter uncle aunt called doctor dr""".split()
)
AMBIGUOUS = frozenset(
    """will may mark grant chase sue bill rose drew rich young long gray hunter grace hope faith joy summer dean angel art bell
    pat jack frank carol dawn robin heather jade ruby pearl ginger opal ivy holly violet lily daisy iris olive hazel april june
    august autumn brook brooke chance chase clay cliff colt cole dale destiny dusty earl forest gale gene glen guy harmony harry
    heath herb honey hunter jasmine jay jewel josh justice kit lance lane laurel lee mercy miles misty nick noble norm pace
    patience penny peg ray reed rob robin roman rusty sage sandy scout sky skip sonny star stone storm sunny taylor tucker van
    wade ward woody king prince duke major mason carter parker porter cooper fisher baker cook carpenter shepherd""".split()
)
VERBY = frozenset("will may drew mark grant chase sue bill pat rose don ray gene guy jack lance may dean".split())
PERSONAL_AFTER = frozenset(
    """said says told asked called drove lives lived works worked signed hired passed died wants wanted went goes came
    gets got knows knew thinks thought opened brought helped wrote takes took 's who emailed texted faxed swears gave gives
    has had didn't doesn't wasn't isn't hasn't""".split()
)
PERSONAL_BEFORE = frozenset(
    """who's whos told tell asked ask with met meet hired married call called saw know knew named mr mrs ms dr and from by to thanks thank
    hi hello hey good between""".split()
)
MEDICAL_ENDINGS: frozenset[str] = frozenset()
ABBREVIATIONS = frozenset(
    """us usa uk eu un dc ny la nyc am pm md rn lpn phd jd esq dds dvm do np pa pac bs ba ma ms mba cpa llc llp pc inc ie eg
    er icu iv im id tv dj po pi aka ad bc gpa iq ok rsvp eta asap fyi faq ceo cfo coo hr it pr vp qa rv atv suv mri ct ekg
    hiv std tb prn bid tid qid npo mg ml cc usc cfr fbi cia irs dea nih cdc ssa va hud dmv aa na pta ged sat act
    vs st jr sr no""".split()
)


def with_initials(context: NameContext, hits: list[NameHit]) -> Iterator[NameHit]:
    """ "officer l trujillo", "john b": single letters beside a name belong to it."""
    tokens = context.tokens
    for hit in hits:
        begin, end = context.view.bounds[tokens[hit.first].turn]
        first, last = hit.first, hit.last
        place = first - 1
        if place >= begin and tokens[place].text == ".":
            place -= 1
        if place >= begin and _initial(context, place) and not (place - 1 >= begin and len(tokens[place - 1].low) == 1 and tokens[place - 1].word):
            first = place
        place = last + 1
        if place < end and _initial(context, place) and tokens[last].low in context.words.first_names:
            after = tokens[place + 1] if place + 1 < end else None
            if after is None or len(after.low) > 1 or not after.word:
                last = place
        if (first, last) != (hit.first, hit.last):
            yield NameHit(first, last, hit.score, hit.reason, hit.sure)


def _initial(context: NameContext, place: int) -> bool:
    token = context.tokens[place]
    if len(token.low) != 1 or not token.low.isalpha() or token.index in context.masked:
        return False
    return token.upper if context.cased else token.low not in ("a", "i", "o", "s", "u", "y")


def propagate(context: NameContext, hits: list[NameHit]) -> Iterable[NameHit]:
    """Every other mention of the names that are sure: parts, possessives, any case."""
    view, tokens = context.view, context.tokens
    parts: dict[str, bool] = {}
    taken: set[int] = set()
    for hit in hits:
        taken.update(range(hit.first, hit.last + 1))
        for token in tokens[hit.first : hit.last + 1]:
            low = token.low
            if (
                not token.word
                or len(low) < 2
                or low in PARTICLES
                or low in TITLES
                or low in UNITS
                or not low.isalpha()
                and "'" not in low
            ):
                continue
            if hit.sure or hit.score >= 0.6:
                parts[low] = parts.get(low, False) or hit.sure
    for word in context.spelled:
        if word not in context.words.common:
            parts[word] = True
    found: list[NameHit] = []
    for turn in view.turns():
        begin, end = view.bounds[turn]
        for place in range(begin, end):
            token = tokens[place]
            if place in taken or not token.word:
                continue
            low = token.low
            base = low
            if (
                base not in parts
                and low.endswith("s")
                and low[:-1] in parts
                and len(low) > 4
                and low not in context.words.ordinary
            ):
                base = low[:-1]
            if base not in parts or context.never(token) and low not in parts:
                continue
            if token.index in context.dated or token.index in context.masked:
                continue
            if _ordinary_here(context, place, begin, end, taken):
                continue
            taken.add(place)
            found.append(NameHit(place, place, 0.7, "a name found elsewhere in the transcript", sure=False))
    return found


def _ordinary_here(context: NameContext, place: int, begin: int, end: int, taken: set[int]) -> bool:
    """Whether a word that is somebody's name is plainly an ordinary word at this place."""
    tokens = context.tokens
    token = tokens[place]
    if not context.ordinary(token) and token.low not in FUNCTION:
        return False
    if not context.common(token) and not context.cased:
        return False
    following = tokens[place + 1] if place + 1 < end else None
    if following is not None and following.index in taken and following.word:
        return False
    if context.cased:
        if not token.upper:
            return True
        if not token.first:
            return context._organisation(place, place, end) or (
                following is not None and following.upper and following.low in STREETS
            )
        return not (
            following is None
            or not following.word
            or following.low in VERBS_AFTER - {"will"} | {"as", "who"}
            and token.low not in ("will", "may")
        )
    return ordinary_in_lower(tokens, place, begin, end, taken)
