"""Names that are ordinary words, in text without capitals: Will, May, Mark, Grant, Rose, Rich, Young.

The question asked here is only grammatical: could an ordinary word stand at this place? Whether anybody has that name
is known from elsewhere.
"""

from __future__ import annotations

from compliance.redaction.view import Token
from compliance.redaction.written import TENS, UNITS

MODALS = frozenset(["will", "may", "can"])
# Ordinary words that are verbs; in the infinitive or after a pronoun they are nobody.
VERBS = frozenset(
    "mark grant chase sue bill rose drew guy hunt cook pace reed read wade grace hope faith joy dean rob pat jack frank chuck skip josh earnest harry nick peg barb bob dawn carol don may will".split()
)
ADJECTIVES = frozenset(
    "rich young long gray grey sandy sunny misty frank earnest rusty curly randy sonny dusty stormy merry noble moody small short brown black white green little good wise strong".split()
)
DETERMINERS = frozenset(
    "the a an this that these those any some no each every another which what whatever enough more less much little such same".split()
)
POSSESSIVES = frozenset("his her my your our their its".split())
SUBJECTS = frozenset(
    "i you he she it we they who that which there this these those people everybody everyone nobody somebody someone anybody anyone".split()
)
OBJECTS_AFTER = frozenset(
    "the a an this that these those it me you him them us my your his her our their i we they he she so to not for".split()
)
NOUNS_AFTER_ADJECTIVE = frozenset(
    """time man woman lady person people enough as term ago way day days story answer list kid kids boy girl one ones and
    years hours before after while run shot distance adult adults child children family food hair sleeve sleeves term-care past""".split()
)
INTENSIFIERS = frozenset("very so too as how pretty real really quite more most not that this kind sort a an the".split())
# Before a person, seldom before the thing: "with will", "about rose", "thanks mark".
TAKES_NAME = frozenset(
    """mr mister mrs ms miss dr doctor named hi hello hey thanks about dear uncle aunt auntie sister brother dad mom i'm im
    he's she's hes shes that's thats who's whos where's wheres how's when's tell told ask asked give gave given call called
    saw met know by from with for than except judge captain officer nurse sergeant detective check on""".split()
)
AFTER_PERSON = frozenset(
    """is was has had isn't wasn't hasn't and he she they he's she's hes shes said says told asked called calls goes went gets got
    came comes wants wanted takes took gave gives does did knows knew thinks drove drives lives lived works worked makes made left
    passed died moved sent brought saw helps needs needed loves likes stayed showed opened signed wrote hired heard kept keeps
    found started stopped who or just always never usually too our my his her then also changed visited who's whos but when because
    at in on from with over over to again did i how what where if would could might should about nice""".split()
)
PREPOSITIONS = frozenset("of in at on by under over into through during after before since until".split())
# What stands after a number beyond one without an "s", or with its own.
MEASURES = frozenset("miles grand stone pence penny mark marks rand bill bills day may march june april august cent".split())
SEASONS = frozenset("spring summer autumn winter".split())
# Beside a verb they say how or when: "she came early", "it's always sunny".
ADVERBIAL = frozenset("early late little long sunny rich young".split())
BE = frozenset("is was were be been are im i'm he's hes she's shes they're theyre we're you're youre it's its".split())
FINITE = frozenset(
    "is was has had said says told asked called goes went gets got came comes wants wanted took gave did does knows thinks drove drives lives lived works".split()
)
INFINITIVE_TAKERS = frozenset(
    "place way want wants wanted wanna going need needs needed have has had able trying tried try how where when time used supposed like love room space somewhere anywhere".split()
)


def ordinary_in_lower(tokens: list[Token], place: int, begin: int, end: int, known: set[int]) -> bool:
    """Whether the word at ``place`` reads as an ordinary word. ``known``: tokens that are names already."""
    low = tokens[place].low
    before = tokens[place - 1] if place > begin else None
    after = tokens[place + 1] if place + 1 < end else None
    said = before.low if before is not None else ""
    following = after.low if after is not None else ""
    if before is not None and before.index in known and before.word:
        return False
    if after is not None and after.index in known and after.word:
        return False
    if following == "'s" or (after is not None and after.text in (",", ".") and said in TAKES_NAME):
        return False
    if (
        low in VERBS
        and low not in MODALS
        and following in ("you", "it", "that", "the", "this", "these", "those", "your", "me", "so", "them")
    ):
        return not (said in TAKES_NAME and following in ("the", "this", "that") and low not in ("hope", "mark"))
    if low == "mark" and following == "my" and place + 2 < end and tokens[place + 2].low in ("words", "word"):
        return True
    if low in MODALS:
        return _modal(tokens, place, begin, end, said, following)
    counted = said == "one" or (said in UNITS or said in TENS) and (low in MEASURES | ADJECTIVES or low.endswith("s"))
    if counted or (low in ADJECTIVES and following in NOUNS_AFTER_ADJECTIVE and said in POSSESSIVES):
        return True
    if (
        low in ADVERBIAL
        and said not in TAKES_NAME
        and following not in FINITE | {"'s", ""}
        and said not in ("", "and", "officer")
    ):
        return True
    if (
        said == "to"
        and following in ("", "it", "the", "there", "here", "in", "on")
        and _two_before(tokens, place, begin) in INFINITIVE_TAKERS
    ):
        return True
    if (
        said in ("would", "could", "should", "might", "must", "to", "can")
        and following in OBJECTS_AFTER - {"so"}
        and low not in MODALS
    ):
        return True
    if said in ("say", "says") or (
        following in ("you", "you're", "youre", "your") and said not in DETERMINERS | POSSESSIVES | SUBJECTS | PREPOSITIONS
    ):
        if low not in VERBS and low not in ADJECTIVES:
            return False
    if said in DETERMINERS and not (said in ("that", "this", "no") and following in AFTER_PERSON):
        return True
    if said in POSSESSIVES and low not in ("rose", "grace", "hope", "faith", "dean", "summer", "angel", "joy", "bill", "mark"):
        return said not in ("my",)
    if said in POSSESSIVES:
        return not (said == "my" and following in AFTER_PERSON)
    if said in TAKES_NAME and not (said in ("for", "with", "on", "by", "about", "from", "than") and following in ("of",)):
        return False
    if low in ADJECTIVES and (following in NOUNS_AFTER_ADJECTIVE or said in INTENSIFIERS):
        return not (following == "and" and said in TAKES_NAME)
    if low in VERBS:
        if said in SUBJECTS | {
            "to",
            "please",
            "not",
            "don't",
            "dont",
            "let's",
            "lets",
            "always",
            "never",
            "you'd",
            "i'd",
            "i'll",
            "we'll",
            "would",
            "could",
            "should",
            "did",
            "didn't",
            "does",
        }:
            return not (
                said in ("does", "did", "would", "could", "should", "to")
                and following in ("", "do", "did", "is", "was", "have", "and", "call", "say", "tell", "know", "go", "get")
            )
        if following in OBJECTS_AFTER and said in ("", "and", "then", "so", "okay", "or", "just", "me", "us"):
            return following not in ("he", "she", "i", "my", "his", "her")
    if low in (
        "faith",
        "hope",
        "joy",
        "grace",
        "summer",
        "justice",
        "patience",
        "mercy",
        "charity",
        "liberty",
        "angel",
        "rose",
        "hunter",
        "dean",
        "bell",
        "art",
        "young",
        "long",
        "price",
        "day",
        "case",
    ):
        if said in ("of", "in", "have", "has", "had", "got", "lost", "good", "last", "next", "into"):
            return not (following in AFTER_PERSON and said == "of")
        return not (
            following in AFTER_PERSON
            or following == ""
            or said
            in TAKES_NAME
            | {"and", "to", "of", "is", "was", "okay", "ok", "alright", "where", "when", "does", "did", "thank", "you", "sorry"}
        )
    return not (
        following in AFTER_PERSON
        or following == ""
        or said in TAKES_NAME | {"and", "to", "is", "was", "okay", "where", "does", "did", "sorry", "", "that", "then", "me"}
    )


def _two_before(tokens: list[Token], place: int, begin: int) -> str:
    return tokens[place - 2].low if place - 2 >= begin else ""


def _modal(tokens: list[Token], place: int, begin: int, end: int, said: str, following: str) -> bool:
    """ "my son will is busy", "something about will", "does will work": no verb follows a name as it does a modal."""
    if said in SUBJECTS and said != "that" or said in ("that'll", "who", "what", "which"):
        return True
    if following == "":
        return said not in TAKES_NAME | {"and", "is", "was", "with", "does", "did", "know", "you", "to"} or said == "you"
    if following in ("be", "have", "not", "never", "always", "also", "probably", "you", "we", "it", "they", "there", "still"):
        return True
    if following in ("he", "she", "i"):
        # "will he call?" and "will he's 19": the second begins something new.
        rest = tokens[place + 2].low if place + 2 < end else ""
        return rest in (
            "be",
            "have",
            "need",
            "get",
            "go",
            "come",
            "call",
            "want",
            "do",
            "see",
            "take",
            "know",
            "ever",
            "have",
            "say",
            "lose",
            "able",
        )
    if said in (
        "does",
        "did",
        "is",
        "was",
        "about",
        "with",
        "named",
        "partner",
        "son",
        "brother",
        "husband",
        "and",
        "told",
        "tell",
    ):
        return said == "and" and following not in AFTER_PERSON
    return following not in AFTER_PERSON | {"'s"} or (following in ("to", "on", "in", "at") and said not in TAKES_NAME)
