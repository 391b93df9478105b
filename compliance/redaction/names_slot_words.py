"""Words that mark the places where only a person can stand, and those that only look like names there."""

from __future__ import annotations

# Said to anybody: nobody's name.
ENDEARMENTS = frozenset(
    """love dear honey hon sweetie sweetheart darling son man guys buddy bud boss doc baby kid folks everyone everybody kindly again sir maam
    ma'am dad mom daddy mommy mama papa ma pa mami papi mum nana nani nanny grandma grandpa oma opa abuela abuelo tia tio ladies gentlemen
    team y'all girl boy lady friend there pal mate lord god goodness heavens jesus christ dragon siri alexa google cortana bixby""".split()
)
# Listed as somebody's name, yet hardly ever one at these places.
HARDLY = frozenset(
    """early late price best long little big even case day cash fine true real major junior senior good man bear hand field low high much so an
    any in on may will green red blue black white brown gray park bank banks line field store house home head free close near west east north
    south many an else time job still sharp short less more else pretty cool well just loose light right wrong cold hot warm dry an only next
    last first second third new old read sick worth like lot""".split()
)
STARTS_CLAUSE = frozenset(
    """i i'm im i'll ill i've ive i'd you you're youre your it its it's he hes he's she shes she's we were we're they theyre they're this that
    thats that's there theres is are was do did does can could would will have has what whats what's when where wheres how hows who whos why
    and but or so because cause if let lets please okay ok thank thanks sorry no yes yeah on in at from with for about then to just my""".split()
)
REQUESTS = frozenset("can could would will do did have are".split())
BASE_VERBS = frozenset(
    """send call look come give take do bring check talk fax email write sign put go pull get help set explain walk show drop pick text run review
    handle fix follow see tell read let know reach schedule order ship make finish drive watch grab""".split()
)
LIVES = frozenset(
    "live lives stay stays work works go goes come sleep park sit sitting staying living working now at from".split()
)
AT_WORK = frozenset("with at from calling speaking here".split())
# "this is wren is this about a person", "this is may how can i help"
ASKS = frozenset("how is are can may could what what's whats who am do did calling".split())
ASKED_WITH = frozenset("can may i this it you your are can may am the there".split())
# Words after which a question is complete, so that a name spoken to may follow.
CLOSING = frozenset(
    "feeling doing today now moment there here it this that me you then again tonight yet okay ok yesterday tomorrow lately better".split()
)
RELATIVES = frozenset(
    """wife husband son daughter brother sister mother father mom dad uncle aunt cousin nephew niece stepfather stepmother stepdad stepmom
    stepson stepdaughter stepbrother stepsister grandson granddaughter grandmother grandfather grandma grandpa boyfriend girlfriend fiance fiancee
    partner roommate neighbor foreman boss supervisor landlord ex godfather godmother babysitter twin""".split()
)
EXPLAINS = frozenset("called named name names say says said call calls is its it's im i'm spelled thats that's hi was".split())
