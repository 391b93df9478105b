"""The matter's own lists: parties in any form of their name, and what is always hidden."""

from __future__ import annotations

from collections.abc import Iterable

from compliance.redaction.cleaning import clean
from compliance.redaction.detections import OTHER_TYPE, PrivateType
from compliance.redaction.lexicon import lexicon
from compliance.redaction.recognisers.base import DialogueRecogniser
from compliance.redaction.view import TOKEN, DialogueView, Finding

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


class ListedRecogniser(DialogueRecogniser):
    # What is always hidden is of no type that a policy may leave readable.
    ENTITIES = (PrivateType.NAME, OTHER_TYPE)

    def find(self, view: DialogueView) -> Iterable[Finding]:
        phrases: dict[str, list[tuple[list[str], str]]] = {}
        for entry in view.dialogue.always_hide:
            words = _words(entry)
            if words:
                phrases.setdefault(words[0], []).append((words, "on the matter's list of what is always hidden"))
        singles: set[str] = set()
        for party in view.dialogue.parties:
            for word in _words(party):
                if len(word) >= 2 and word.isalpha():
                    singles.add(word)
                    singles.update(NICKNAMES.get(word, "").split())
        common = lexicon().common
        for turn in view.turns():
            begin, end = view.bounds[turn]
            for place in range(begin, end):
                token = view.tokens[place]
                if token.low in singles and (token.low not in common or (token.upper if view.cased else True)):
                    yield Finding(turn, token.start, token.end, PrivateType.NAME, 1.0, "a party of the matter", token.low)
                for words, reason in phrases.get(token.low, ()):
                    last = place + len(words)
                    if last <= end and [t.low for t in view.tokens[place:last]] == words:
                        yield Finding(turn, token.start, view.tokens[last - 1].end, OTHER_TYPE, 1.0, reason, " ".join(words))


def _words(entry: str) -> list[str]:
    return [m.group().lower() for m in TOKEN.finditer(clean(entry).text)]
