"""What is called after people and towns and is nobody: scores, doctrines, drugs, devices, firms. Cues are in `called_after`.

Each word is tried with its cue, and as the name of somebody, by `tests/compliance/redaction/test_called_after.py`.
"""

from __future__ import annotations

# Scores, grades and stages. Which of them are people's names, too, the lists of names say.
SCORES = frozenset(
    """bethesda berg edinburgh gleason breslow tinetti killip ranson maddrey ballard tanner child pugh barthel fitzpatrick braden mallampati bosniak
    fuhrman rankin cobb gustilo kellgren karnofsky epworth ramsay bromage aldrete caprini norton apgar bishop glasgow garden weber fisher wells
    geneva centor schatzker neer forrest nash lagrange hurley wagner rutherford fontaine clark kocher braak oswestry zung beck hamilton lysholm
    tegner ishak metavir nottingham wexner bristol downes westley sarnat likert morse ashworth brooke vignos pirani gartland danis pauwels
    outerbridge ficat tonnis risser meyerding lugano levine milan""".split()
)
# Of two people and more. Those of the second row are two people's surnames until a number or a grade follows.
SCORES_OF_MANY = tuple(
    """child - pugh|salter - harris|kellgren - lawrence|hoehn - yahr|lund - mackay|cormack - lehane|danis - weber|lauge - hansen
    |gustilo - anderson|silverman - anderson|yale - brown|hoehn and yahr""".replace("\n    ", "").split("|")
)
SCORES_OF_MANY_GRADED = tuple("hunt and hess|ann arbor|los angeles|child pugh|salter harris|silverman anderson|yale brown|mcdonnell douglas".split("|"))
# Behind the word they say that it is a score.
MEASURES = frozenset("score scores scale classification criteria index angle staging".split())
GRADES = frozenset("grade stage class level type category group".split())  # with what it came to
# "Garden two fracture", "Gleason four plus four", "Mallampati three today"
AFTER_VALUE_OF_A_NAME = frozenset("plus out over ready today now then so fracture fractures ulcer cyst murmur lesion nodule ankle radial skin view part stool".split())
AFTER_VALUE = AFTER_VALUE_OF_A_NAME | frozenset("on in at which this with for and but open".split())
# "Berg? Forty-one." counts years where people of a family, or homes, are spoken of just before.
FAMILY_TALK = frozenset(
    """old age ages aged birthday born kid kids child children son sons daughter daughters boy boys girl girls baby twins brother brothers sister
    sisters family grandkids grandson granddaughter nephew niece who whom whose name names named called he'll she'll how many live lives living
    lived address street town city moved house home""".split()
)

# Doctrines and the cases that they are called after.
CASES = frozenset(
    """strickland brady dimaya kumho daubert frye batson faragher franks kastigar giglio crawford bruton jencks faretta marsden pitchess markman
    twombly iqbal celotex monell bivens garrity terry miranda alford anders wade huntley sandoval molineux rosario mapp dunaway lafler padilla
    romero spreigl skidmore auer younger napue sargon apprendi booker blakely tarasoff olmstead upjohn cumis riese chevron pickering mirandize mirandized""".split()
)
CASES_OF_MANY = ("rooker - feldman", "noerr - pennington")
# No matter of a Mr. Crawford is called so: "the Crawford issue" is the doctrine's, "the Crawford motion" may be his.
OF_DOCTRINES = frozenset(
    """material materials prejudice warning warnings issue issues challenge challenges violation violations standard analysis factors factor
    doctrine objection obligation obligations inquiry colloquy canvass advisal deference abstention framework plausibility prong frisk error
    problem exception disclosure disclosures rights waiver plea stop""".split()
)
OF_PARTIES = frozenset(
    "act motion hearing claim list letter order brief notice defense petition application statement action test instruction counsel plan state ruling".split()
)
# What is nobody's matter all the same.
FIXED = frozenset(
    [("franks", "hearing"), ("franks", "motion"), ("brady", "motion"), ("brady", "letter"), ("brady", "list"), ("miranda", "statement"), ("wade", "hearing"),
     ("huntley", "hearing"), ("batson", "motion"), ("bivens", "action"), ("bivens", "claim"), ("strickland", "claim"), ("strickland", "test"), ("anders", "brief"),
     ("frye", "hearing"), ("frye", "motion"), ("frye", "state"), ("frye", "test"), ("bruton", "motion"), ("mapp", "hearing"), ("dunaway", "hearing"),
     ("sandoval", "ruling"), ("sandoval", "hearing"), ("olmstead", "plan"), ("brady", "claim"),
     ("marsden", "motion"), ("marsden", "hearing"), ("markman", "hearing"), ("markman", "order"), ("markman", "brief"), ("garrity", "letter"), ("garrity", "statement"),
     ("garrity", "notice"), ("monell", "claim"), ("jencks", "statement"), ("jencks", "act"), ("giglio", "letter"), ("giglio", "list"), ("twombly", "motion"),
     ("daubert", "motion"), ("daubert", "hearing"), ("daubert", "test"), ("daubert", "brief"), ("faragher", "defense"), ("lafler", "claim"), ("riese", "hearing")]
)  # fmt: skip
# Verbs, too: "Terry stop that", "Brady claim it".
ALSO_VERBS = frozenset("stop claim issue list challenge test notice order plan state brief letter pump patch plate bed port monitor nail screw rep".split())
OBJECTS = frozenset("it that this the me him her them us you a an my his our your their by everything all working doing being".split())
WORKED_UNDER = frozenset("work worked working works served serving trained training studied residency fellowship report reported reports".split())
CITES = frozenset("under raise raising raised invoke invoking invoked via".split())
DECIDES = frozenset("controls requires governs bars forecloses applies".split())
# Behind "raised", and behind a case that decides: "raised Batson twice", "Strickland requires both"
AFTER_CITED = frozenset("twice again below first both prejudice".split())
# Surnames that no list of names here has.
SURNAMES_TOO = frozenset(["dimaya"])
# Before a name these give somebody the number that follows: "I owe Rankin forty".
GIVES = frozenset("""owe owes owed give gave gives pay paid pays lend lent send sent sold sell loan loaned leave left hand handed bet charged tip to from for by see saw
    had have i you we they he she are""".split())
BENCH = (("your", "honor"), ("judge",))
# A lawyer says a name and "Your Honor" where lawyers and witnesses are called.
CALLS_NAMES = frozenset("who whom name names appearance appearances appearing counsel witness witnesses call state here represents for you defense".split())

# Short for drugs, tests and values. Those of the first are nobody's name; the second say it where a value follows.
SHORT_FORMS = frozenset(
    """sevo trop dilt perio nuchal npi npis ciwa buted vanc phos cric crit lytes""".split()
)
SHORT_FORMS_VALUED = frozenset("levo bili amio vaso toco ceph mag roc neo dex pit shade prop nitro epi lac hep keto fent bup".split())
# Laboratory values, of which nothing more is said: "Bili's eleven", "Mag's one eight".
SHORT_FORMS_BARE = frozenset("bili mag crit lac epi hep keto nitro prop".split())
RUNS = frozenset("is at running of up down to was".split())

# Behind one that has a value elsewhere: "Roc's in", "Dex's off".
STANDS = frozenset("in off up down low high negative positive normal fine running pending current due therapeutic".split())

# Drugs, vaccines, devices and their makers that no vocabulary here has.
PRODUCTS = frozenset(
    """synagis gadavist banamine xience tdap medtronic vaxneuvance beyfortus paragard impella dexcom omnipod cordis ethicon omnipaque prevnar
    nexplanon""".split()
)
THINGS_OF_MANY = (
    "poly - vi - sol", "tri - vi - sol", "gore - tex", "jackson - pratt", "steri - strip", "steri - strips",
    "midland funding", "midland credit", "ally bank", "ally financial", "ally auto", "our family wizard", "cash app", "portfolio recovery",
)  # fmt: skip
MAKERS = frozenset("stryker gore bard zimmer baxter holter zio zoll coggins".split())
DEVICES = frozenset(
    """graft grafts mesh patch stent pump pumps knee hip plate port catheter device rep bed monitor implant nail screw screws valve strip
    certificate paperwork""".split()
)
# "The Holter showed nothing", "negative Coggins"
TESTS = frozenset("holter coggins".split())
BEFORE_TESTS = frozenset("the a his her your negative current positive repeat".split())

# Firms and programs of one word, which nobody is called by; beside those of `words.BRANDS`.
FIRMS = frozenset(
    """verizon aetna venmo kronos tiktok snapchat roblox klarna geico allstate humana navient nelnet paycom cerner ourfamilywizard appclose
    talkingparents strava venmo'd whatsapp instagram facebook youtube zelle""".split()
)
# Whole names that are somebody's, too, and a bank's that is a word: where money is spoken of.
HOUSES = ("raymond james", "edward jones", "morgan stanley", "charles schwab", "merrill lynch", "sallie mae", "freddie mac", "fannie mae", "chime")
AT_HOUSES = frozenset("at through".split())
HOUSES_DO = frozenset("holds services serviced".split())
MONEY = frozenset("account accounts ira brokerage 401k statement statements deposit deposits card app portfolio custodian bank banks loan loans mortgage".split())
# Shops called after somebody, where they are worked in or bought from.
SHOPS = frozenset("wendy tiffany denny macy arby applebee kohl hardee bloomingdale dillard culver".split())
WORKS = frozenset("work works worked working shift shifts job hired employed manager cashier bought ring necklace bracelet receipt".split())
OF_SHOPS = frozenset("receipt drive parking bag coupon uniform".split())
