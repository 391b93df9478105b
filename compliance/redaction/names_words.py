"""Words that stand around names, instead of them, or for them."""

from __future__ import annotations

# No firm or court is called by more words than these; a turn of nothing but capitals would be walked over from each of them.
ROW = 40

DAYS = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays saturdays sundays".split()
)

PARTICLES = frozenset("de la del van von der den bin al el du da dos di le ten ter ibn abu st san mac mc y e".split())

FUNCTION = frozenset(
    """i a an the and or but so if as at by for from in into of off on onto out over to up with about after before since
    until while because though than then that this these those there here he him his she her hers it its they them their
    we us our you your my me mine else who whom whose which what when where why how is am are was were be been being do does did
    done have has had having will would shall should can could may might must not no yes yeah yep nope okay ok all any
    both each every few more most other some such only own same too very just also even still again once ever never now
    well oh uh um hmm mm huh ah hey hi hello bye please thanks thank sorry sure right good great fine really like get got
    go goes going went gone come comes coming came know knows knew think thought say says said tell told see saw seen look
    let lets make made theres wheres hows whos weve youve theyve youd theyd couldnt shouldnt wouldnt hasnt
    havent hadnt werent arent aint yall itll thatll whatre comma hyphen period underscore gon na wan ta got gotta o'clock ohh ohhh ooh oooh uum ooo ooh
    righty ho erm uhm hiya ciao marvelous marvellous em mhm ahh aw aww nah cos dokey hmmm mmm mmhmm uhuh uhhuh mhmm yup ya ugh wow gosh geez jeez hang ha haha theres wheres hows whos weve youve theyve youd theyd couldnt shouldnt wouldnt hasnt
    havent hadnt werent arent aint yall itll thatll hell whatre take took put give gave one two three let's that's it's he's she's i'm you're we're they're i've
    you've we've they've i'd he'd she'd you'd we'd they'd i'll he'll she'll you'll we'll they'll don't doesn't didn't
    isn't aren't wasn't weren't won't wouldn't can't couldn't shouldn't haven't hasn't hadn't what's where's who's how's
    there's here's cause wait im ive id ill dont thats whats hes shes youre theyre were cant wont didnt doesnt isnt wasnt
    gonna wanna kinda sorta maybe perhaps however therefore sir ma'am maam madam doctor nurse mom dad mama god lord jesus
    back down through between during under against without within along around number name case court hearing time day today
    tomorrow yesterday morning afternoon evening night week month year objection exhibit counsel honor judge""".split()
)

# Of these, what is a name where it has its capital and stands in one: "Crispin Lord", "Doctor Honor Blackwell".
IN_NAMES = frozenset("will may day case court lord honor judge".split())
# States and nations that many people have for a surname.
LANDS_AS_SURNAMES = frozenset("washington montana england english french german france spain welsh ireland poland israel".split())
# And what is one after "Mr." or "Mrs." besides.
AFTER_COURTESY = IN_NAMES | frozenset("good fine right great well still just ever back down love week night name case time mine".split())

# "how're", "what'd", "when's"
FUNCTION |= frozenset(
    f"{word}'{ending}"
    for word in "how what when where who why that there here it he she they we you i this those these".split()
    for ending in "re d ll ve m s".split()
)
FUNCTION |= frozenset("space apostrophe capital lowercase uppercase".split())

# What a child calls a parent: alone it names nobody.
FAMILY = frozenset(
    "ma pa mami papi mama papa mommy daddy mum mummy nani nana nonna nonno oma opa abuela abuelo halmoni ayeeyo amma appa tata baba mam mammy gran grandad granddad nain gram grams grammy grampy gramps memaw mamaw meemaw mawmaw papaw pawpaw peepaw nonno yiayia bubbe zayde".split()
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
    |has me as|have me as|had me as|has him as|has her as|has you as|have you as|got me as
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

OWNED = frozenset(
    """number phone house mom mother dad father husband wife son daughter brother sister car truck name address letter birthday kids
    name names title office email case lawyer job room apartment desk money account chart appointment prescription friend boss cousin place""".split()
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

# What comes before a hyphen and is no syllable of a given name.
PREFIXES = (
    "anti",
    "non",
    "pre",
    "post",
    "semi",
    "multi",
    "over",
    "under",
    "self",
    "all",
    "half",
    "mini",
    "ultra",
    "uh",
    "mm",
    "cha",
    "wi",
)
SAYS_OF_ONESELF = frozenset(
    "dont don't am was have had know do did didn't didnt never think work live can can't cant want need just".split()
)
