"""The matter's own lists: parties in any form of their name, and what is always hidden."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from compliance.redaction.ambiguity import ordinary_in_lower
from compliance.redaction.cleaning import clean
from compliance.redaction.detections import CHOSEN, PrivateType
from compliance.redaction.lexicon import lexicon
from compliance.redaction.names_words import FUNCTION
from compliance.redaction.recognisers.base import DialogueRecogniser
from compliance.redaction.recognisers.words import KIN, NATIONS, ORG_WORDS, STATES, TITLES
from compliance.redaction.view import TOKEN, DialogueView, Finding
from compliance.redaction.voices import ROLES
from compliance.redaction.written import REPEATS, TENS, UNITS

PARTY = "a party of the matter"

NICKNAMES: dict[str, str] = {
    "william": "will bill billy willy liam", "robert": "rob bob bobby robbie bert", "richard": "rich rick ricky dick richie",
    "james": "jim jimmy jamie", "john": "jack johnny jon", "michael": "mike mick mikey", "joseph": "joe joey",
    "thomas": "tom tommy", "charles": "charlie chuck chas", "edward": "ed eddie ted ned", "daniel": "dan danny",
    "matthew": "matt", "anthony": "tony", "christopher": "chris kit topher", "andrew": "andy drew", "david": "dave davey",
    "steven": "steve", "stephen": "steve", "kenneth": "ken kenny", "ronald": "ron ronnie", "donald": "don donnie",
    "timothy": "tim timmy", "gregory": "greg", "jeffrey": "jeff", "lawrence": "larry", "samuel": "sam sammy",
    "benjamin": "ben benny", "alexander": "alex al sandy xander", "nicholas": "nick nicky", "patrick": "pat paddy",
    "frederick": "fred freddie", "francis": "frank", "gerald": "jerry gerry", "raymond": "ray", "albert": "al bert",
    "elizabeth": "liz beth betty betsy eliza lizzie libby", "margaret": "maggie meg peggy marge greta", "katherine": "kate kathy katie kat kit",
    "catherine": "cathy kate katie cat", "patricia": "pat patty tricia trish", "jennifer": "jen jenny", "susan": "sue susie",
    "deborah": "deb debbie", "barbara": "barb barbie", "dorothy": "dot dottie", "rebecca": "becky becca", "kimberly": "kim kimmy",
    "victoria": "vicky tori", "christina": "chris tina", "christine": "chris chrissy", "jessica": "jess jessie",
    "samantha": "sam", "alexandra": "alex sandra lexi", "theresa": "terry tess", "virginia": "ginny ginger", "sandra": "sandy",
    "cynthia": "cindy", "pamela": "pam", "judith": "judy", "constance": "connie", "rosalind": "roz rose", "josephine": "jo josie",
}  # fmt: skip


# What says that an entry names a firm or a body: of its name only the whole, and what nothing else is called, is hidden.
_LEGAL = frozenset("llc llp pllc lp inc incorporated corp corporation co company ltd limited plc gmbh pc pa na dba".split())
_OF_BODIES = frozenset("of for the and at dba".split())
_NUMBERS = frozenset([*UNITS, *TENS, *REPEATS, "hundred", "thousand", "million"])
_SUFFIXES = frozenset("jr sr junior senior ii iii iv esq esquire md do phd ph dds dmd dvm jd".split())
_NO_NAME = TITLES | KIN | ROLES | _LEGAL | _NUMBERS | _SUFFIXES | frozenset("by q".split())
# What else people are to a matter that is a given name, too; and what is a legal form and a physician's assistant.
_ROLES_TOO = TITLES | KIN | ROLES | frozenset("ward minor dean deacon marshal bishop".split())
_AFTER_NAMES = _SUFFIXES | _LEGAL - {"pa", "pc", "dba"}
_LANDS = STATES | NATIONS | frozenset("people state commonwealth united states america government".split())


class ListedRecogniser(DialogueRecogniser):
    ENTITIES = (PrivateType.NAME,)

    def find(self, view: DialogueView) -> Iterable[Finding]:
        phrases: dict[str, list[tuple[tuple[str, ...], str, tuple[str, ...]]]] = {}
        for entry in view.dialogue.always_hide:
            words = words_of(entry)
            if words:
                chosen = (words, "on the matter's list of what is always hidden", (CHOSEN,))
                phrases.setdefault(words[0], []).append(chosen)
        singles: set[str] = set()
        for party in view.dialogue.parties:
            words = words_of_party(party)
            for row in dict.fromkeys([words, words_of(party)]):
                for phrase in _whole(row):
                    phrases.setdefault(phrase[0], []).append((phrase, PARTY, ()))
            singles.update(_parts(words))
        for turn in view.turns():
            begin, end = view.bounds[turn]
            for place in range(begin, end):
                token = view.tokens[place]
                if token.low in singles and not _ordinary(view, place, begin, end):
                    yield Finding(turn, token.start, token.end, PrivateType.NAME, 1.0, PARTY, token.low)
                for words, reason, marks in phrases.get(token.low, ()):
                    last = _last(view, place, end, words)
                    # "they will grant it" names no Will Grant; what somebody chose to hide is hidden as it stands.
                    said = range(place, place if last is None else last + 1)
                    if last is not None and (marks or not all(_ordinary(view, at, begin, end) for at in said)):
                        stop = view.tokens[last].end
                        yield Finding(turn, token.start, stop, PrivateType.NAME, 1.0, reason, " ".join(words), marks)


def _whole(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The name of a party in one piece, and a firm's without its legal form: "Five Star Trucking", "the Harbor Company of Dayton"."""
    if len(words) > 1 and not _LANDS.issuperset(word for word in words if word not in FUNCTION):
        core = words[1:] if words[0] == "the" else words
        while len(core) > 1 and core[-1] in _LEGAL:
            core = core[:-1]
        if not (_NO_NAME | FUNCTION).issuperset(core):
            yield core if len(core) > 1 or core[0] not in lexicon().ordinary else words


def _parts(words: tuple[str, ...]) -> Iterator[str]:
    """The words of a party that name it alone: given names, surnames and nicknames, of a firm what nothing else is called."""
    names = lexicon()
    body = is_body(words)
    for word in words:
        if len(word) < 2 or not word.isalpha() or word in _NO_NAME or word in FUNCTION - {"will", "may"}:
            continue
        if body and (word in ORG_WORDS | _LANDS | names.ordinary | names.common or word in names.cities):
            continue
        yield word
        if not body:
            yield from NICKNAMES.get(word, "").split()


def is_body(words: tuple[str, ...]) -> bool:
    """Whether a party is no person: "Mercy Hospital", "City of Dayton"; "Young-jae Park" and "Dana Mills" are."""
    if any(word in _LEGAL or word in _OF_BODIES or word in _NUMBERS for word in words):
        return True
    surname = 0 < len(words) <= 3 and words[-1] in lexicon().last_names
    return any(word in ORG_WORDS for word in (words[:-1] if surname else words))


def _ordinary(view: DialogueView, place: int, begin: int, end: int) -> bool:
    """Whether a party's name is an ordinary word at this place ("Five", "the will")."""
    token, names = view.tokens[place], lexicon()
    if token.low not in names.common and token.low not in names.ordinary and token.low not in FUNCTION:
        return False
    if view.cased and not token.first:
        return not token.upper
    return view.cased and not token.upper or ordinary_in_lower(view.tokens, place, begin, end, set())


def _last(view: DialogueView, place: int, end: int, words: tuple[str, ...]) -> int | None:
    """The last token of ``words`` said from ``place`` on, whatever signs stand between."""
    last = place
    for word in words[1:]:
        last += 1
        while last < end and not view.tokens[last].word:
            last += 1
        if last >= end or view.tokens[last].low != word:
            return None
    return last


def words_of(entry: str) -> tuple[str, ...]:
    """The words of a list's entry, as tokens have them."""
    said = (match.group().lower() for match in TOKEN.finditer(clean(entry).text))
    return tuple(word for word in said if word[0].isalnum())


def words_of_party(entry: str) -> tuple[str, ...]:
    """As ``words_of``, with the surname behind and no title: "Mills, Dana, M.D." is Dana Mills, and so no mills."""
    words = words_of(entry)
    pieces = [words_of(piece) for piece in entry.split(",") if not _SUFFIXES.issuperset(_undotted(piece))]
    if len(pieces) == 2 and _given(pieces[1]) and _LEGAL.isdisjoint(words):
        return pieces[1] + pieces[0]
    return words


def belongs_to_name(after: str) -> bool:
    """Whether what stands after a name's comma is a part of the name: "Delgado, Carmen", "Acme Freight, Inc.", but no role."""
    words = _undotted(after)
    return bool(words) and (_AFTER_NAMES.issuperset(words) or _given(words))


def _undotted(text: str) -> tuple[str, ...]:
    """ "M.D." is one word."""
    return words_of(text.replace(".", ""))


def _given(words: tuple[str, ...]) -> bool:
    """ "Carmen", "Maria Elena", "Carmen M.": given names, and what may stand behind the first."""
    names = lexicon()
    known = all(len(word) == 1 or word in names.first_names or word in names.last_names for word in words)
    return words[0] in names.first_names and known and _ROLES_TOO.isdisjoint(words)
