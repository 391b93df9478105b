"""Words that recognisers share: places that are not private, street words, titles, firms."""

from __future__ import annotations

from compliance.redaction.lexicon import lexicon

STATES = frozenset(
    s.strip()
    for s in """alabama|alaska|arizona|arkansas|california|colorado|connecticut|delaware|florida|georgia|hawaii|idaho
    |illinois|indiana|iowa|kansas|kentucky|louisiana|maine|maryland|massachusetts|michigan|minnesota|mississippi|missouri
    |montana|nebraska|nevada|new hampshire|new jersey|new mexico|new york|north carolina|north dakota|ohio|oklahoma|oregon
    |pennsylvania|rhode island|south carolina|south dakota|tennessee|texas|utah|vermont|virginia|washington|west virginia
    |wisconsin|wyoming|puerto rico|district of columbia""".split("|")
)
# The post office's.
STATE_CODES = frozenset(
    """al ak az ar ca co ct de fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh nj nm ny nc nd oh ok or pa ri
    sc sd tn tx ut vt va wa wv wi wy dc pr""".split()
)
NATIONS = frozenset(
    """america american americans mexico mexican canada canadian england english british britain scotland scottish ireland
    irish wales welsh france french germany german italy italian spain spanish portugal portuguese greece greek poland
    polish russia russian ukraine ukrainian china chinese japan japanese korea korean vietnam vietnamese thailand thai
    india indian pakistan pakistani bangladesh nepal iran iranian iraq iraqi israel israeli lebanon syria syrian turkey
    turkish egypt egyptian nigeria nigerian ghana kenya kenyan ethiopia somalia somali sudan congo haiti haitian
    cuba cuban jamaica jamaican dominican salvador guatemala honduras nicaragua colombia colombian venezuela brazil
    brazilian peru ecuador argentina chile philippines filipino samoa hmong arabic hebrew hindi urdu punjabi mandarin
    cantonese tagalog creole swahili dutch netherlands sweden swedish norway norwegian denmark danish finland finnish
    europe european africa african asia asian latin hispanic latino latina caribbean catholic jewish muslim
    islam buddhist hindu baptist methodist lutheran presbyterian quaker mormon amish orthodox protestant medicare medicaid
    united states kingdom australia australian zealand switzerland swiss austria belgium hungary romania bulgaria serbia
    croatia bosnia albania georgia armenia armenian afghan afghanistan yemen saudi arabia singapore indonesia
    malaysia taiwan tonga tongan fiji laos myanmar eritrea liberia uganda rwanda senegal algeria morocco tunisia
    libya oman qatar kuwait bolivia paraguay uruguay belize guyana trinidad barbados bahamas iceland estonia latvia lithuania belarus
    moldova slovakia slovenia macedonia kosovo uzbekistan kazakhstan mongolia maldives bhutan cambodia zambia zimbabwe malawi angola
    mozambique namibia botswana tanzania burundi cameroon gambia hawaii alaska panama guam maori igbo hausa tamil farsi uzbek tajik zulu
    oromo khmer wolof mandinka xhosa yupik inuit ashkenazi sephardic zoroastrian
    ecuadorian argentine argentinian ojibwe okinawan sikh episcopal episcopalian pentecostal adventist anglican unitarian
    hasidic rastafarian""".split()
) | frozenset(land for land in lexicon().lands if land.isalpha())
# Cities whose names are ordinary words or first names first of all; only an address says otherwise.
NOT_CITIES = frozenset(
    """of the and in on at by to are may mark will august march april june july normal reading mobile ball price
    many man friend friendly hope faith grace justice union liberty eden paradise christmas friday sunday monday
    success energy enterprise progress index media commerce industry surprise republic
    bath nice best early drummond date day hall home house lane camp young rich long gray green brown white black bell
    rose marks ray roy dale martin marion lincoln jackson washington madison monroe jefferson franklin carson
    florence victoria charlotte savannah austin dallas houston sydney paris
    tell see real same long plant plain marathon loading shelter hospital story chance benefit correct okay
    accident difficult needles post blue ash sweet home why clever bend bay day orange lemon pie pearl pines
    jay lee ed may dell shell ford kent ross clay wells mills cook parks fields rivers wood woods glass
    us u sa""".split()
) - frozenset(["dallas", "houston", "austin", "paris", "sydney", "madison", "charlotte", "savannah"])
STREETS = frozenset(
    """street st avenue ave road rd lane ln drive dr boulevard blvd court ct terrace place pl way circle cir parkway pkwy
    highway hwy trail turnpike alley loop square crescent plaza row walk pike run pass path crossing point ridge
    bend landing hollow commons expressway freeway route extension causeway esplanade promenade concourse""".split()
)
# These end a street's name only after a house number: "nine Fern Close", "40 Albert Mews".
WEAK_STREETS = frozenset(
    """close gardens mews trace chase grove glen view vista cove manor heights hill rise quay wharf parade vale spur cutoff bypass
    green gate knoll meadow meadows estate estates bluff park villas drove wynd brae croft dell heath ridgeway frontage
    overlook""".split()
)
STREET_STOP = frozenset(
    """the a an my your his her their our its this that these those is was are were am be been i you he she it we they me
    him them us at on in of to from for with by and or but so if as then than when where what who which it's its it’s
    i'm he's she's that's there's we're they're no not yes yeah okay ok uh um er well live lives lived living stay stays
    moved moving address street's down up off over near across behind got get have has had do does did go goes went going
    just like there here about into out all one's because cause same every each other another some any right left
    still now also only both between through along past around drove drive walked ran said say says told really very
    per mg since before after month months week weeks day days percent until during minute minutes hour hours year years ago
    two-way one-way dead wrong half way long whole side shows showed""".split()
)
UNIT_WORDS = frozenset(
    "apartment apt unit suite ste number floor room lot trailer building bldg # penthouse basement".split()
) - {"room", "lot"}
# After a street these are parts of the address, too; elsewhere they are lots of a device, floors of a shop.
STREET_UNITS = UNIT_WORDS | frozenset("room lot space tower block slip flat bldg unit spc wing trailer pad berth".split())
BARE_UNITS = frozenset("basement upstairs downstairs penthouse rear attic loft".split())
DIRECTIONS = frozenset("north south east west northeast northwest southeast southwest".split())

TITLES = frozenset(
    """dr doctor mr mister mrs missus ms miz miss prof professor officer detective sergeant sgt judge justice reverend rev
    attorney captain capt lieutenant lt deputy trooper sheriff pastor rabbi imam coach uncle aunt auntie cousin nurse madam
    senator governor sir dame lady agent special investigator inspector constable chaplain brother sister father mother
    grandma grandpa granny nana papa tia tio abuela abuelo corporal colonel col major general principal
    counselor commissioner commander admiral arbitrator mediator superintendent magistrate honorable honourable firefighter paramedic messrs mx bailiff nurse-practitioner""".split()
)
# After these a name follows even where it is an ordinary word in lower case.
FIRM_TITLES = frozenset(
    "dr mr mister mrs missus ms miz miss prof professor messrs mx officer detective sergeant sgt uncle auntie aunt trooper deputy".split()
)
NOT_AFTER_TITLE = frozenset(
    """trustee chairman president speaker secretary director examiner reporter interpreter court honor and or the a an of
    to in on at is was said says who that he she they i you we it for with from about if when what how why so but not
    then there here this his her their your my our has had have did does do are were be been can could would should
    told gave asked wants wanted came went called call calling visit visits office appointment appointments note notes
    practitioner practitioners station manager home aide supervisor staff right okay please sir yes no never always also
    just only still really again today tomorrow yesterday now sign signed orders ordered order prescribed put made
    took saw sent knows thinks thought looks looked as by up out one two three says because like over
    clerk hearing client counsel team list fees fee general line care law school degree case any no some each every""".split()
)
KIN = frozenset(
    """husband wife spouse partner son daughter brother sister mother father mom mum mam dad daddy mama mommy grandmother
    grandfather grandma grandpa grandad granddad granny gran nana nani aunt auntie uncle cousin nephew niece stepson stepdaughter stepfather
    stepmother stepmom stepdad fiance fiancee boyfriend girlfriend ex friend neighbor neighbour roommate roommates boss
    supervisor manager coworker colleague assistant secretary landlord tenant nurse doctor lawyer attorney therapist
    counselor adviser advisor teacher babysitter caregiver aide baby kid child twin twins sister-in-law brother-in-law
    mother-in-law father-in-law daughter-in-law son-in-law in-law law grandson granddaughter godmother godfather godson
    ex-wife ex-husband widow client patient guy man woman lady girl boy gentleman driver dentist pharmacist hygienist
    foreman lead partner witness dog cat receptionist interpreter investigator trustee agent broker accountant
    bookkeeper superintendent super handyman contractor officer sons daughters brothers sisters kids parents children
    godchild stepbrother stepsister half-brother trainer coach pastor realtor adjuster mechanic plumber teller clerk
    reviewer coordinator director owner psychiatrist psychologist surgeon oncologist cardiologist midwife doula""".split()
)
ORG_WORDS = frozenset(
    """hospital hospitals medical center centre clinic clinics pharmacy university college school schools bank savings insurance
    logistics analytics inc llc llp corp corporation company co group partners associates law health healthcare church
    general police department court courts district credit finance financial rentals industries systems services
    foundation institute society methodist baptist presbyterian lutheran airlines airways motors foods market markets store stores
    depot hotel inn lodge restaurant cafe grill behavioral psychiatric memorial regional community rehabilitation
    rehab nursing hospice urgent laboratories labs lab imaging radiology dental orthopedics oncology pediatrics
    construction electric energy oil gas airlines freight trucking transport transportation shipping supply
    technologies technology software solutions consulting capital holdings properties realty apartments management
    estates homes housing authority agency bureau commission committee board council union local federation
    association league club gym fitness academy elementary middle high kindergarten daycare preschool library museum
    theater theatre park gardens mall plaza outlet supermarket grocery bakery diner pub bar brewery winery farms farm
    ranch mills factory plant warehouse yard shop auto automotive tire tires collision towing body roofing plumbing
    heating cooling landscaping cleaning security staffing temp media news times post journal herald tribune
    gazette press radio television network wireless telecom cable internet cloud data digital online street road
    avenue lane drive boulevard expressway turnpike mountain river lake island valley creek bay beach canyon falls
    springs forest bridge airport station terminal port harbor tower building bldg hall pavilion wing annex campus
    program project plan act code rule form section exhibit chapter title schedule article amendment statute
    analytics dynamics works labs worldwide international national federal state county city american united first
    cola motel suites casino resort spa salon barber studio gallery mutual fidelity trust legal aid defense claims
    adjusters brothers sons records payments pay app cross shield advantage medicaid medicare
    department's fund funds exchange line lines""".split()
)
BRANDS = frozenset(
    """toyota corolla camry honda civic accord ford lincoln chevy chevrolet buick cadillac dodge chrysler jeep nissan
    altima sentra hyundai elantra sonata kia mazda subaru outback forester volkswagen jetta passat bmw mercedes benz audi
    lexus acura infiniti tesla volvo porsche ferrari mitsubishi suzuki tacoma tundra silverado explorer escape fusion focus
    mustang ranger bronco wrangler cherokee tahoe suburban impala malibu prius sienna odyssey pilot cr-v rav4
    gmc ram peterbilt kenworth freightliner mack caterpillar deere bobcat
    visa mastercard amex discover paypal venmo zelle cash google gmail apple iphone ipad android samsung microsoft windows word excel outlook
    teams zoom slack facebook instagram twitter tiktok whatsapp youtube netflix amazon walmart target costco walgreens cvs
    safeway kroger publix aldi lowe's uber lyft fedex ups usps dhl starbucks mcdonald's wendy's subway
    verizon comcast sprint mobile hulu disney nike adidas levi's docusign salesforce dropbox linkedin quickbooks turbotax
    tylenol advil motrin aleve benadryl zyrtec claritin nyquil robitussin mucinex pepto tums maalox voltaren bengay
    band-aid kleenex q-tip velcro jacuzzi popsicle gatorade coke pepsi sprite xerox
    medicaid medicare cobra tricare humana aetna cigna kaiser anthem
    bates miranda daubert zyrtec costco ikea craigslist ebay etsy airbnb expedia doordash instacart grubhub
    westlaw lexis pacer realtime epic cerner mychart webmd grammarly chase wells citibank amtrak greyhound""".split()
)
EPONYMS = frozenset(
    """parkinson parkinson's parkinsons alzheimer alzheimer's alzheimers graves hodgkin hodgkin's raynaud raynaud's glasgow
    apgar crohn crohn's lyme asperger asperger's tourette tourette's huntington huntington's addison cushing cushing's down
    marfan ehlers danlos sjogren sjogren's hashimoto hashimoto's meniere meniere's bell's wilson's paget's peyronie's
    babinski murphy's mcburney mcburney's romberg phalen phalen's tinel tinel's lachman mcmurray spurling spurling's neer
    hawkins homan homan's homans foley kegel epley dix hallpike heimlich mallampati wells daubert brady giglio terry
    miranda gilbert gilbert's osgood schlatter battle's kernig brudzinski trousseau chvostek virchow ewing kaposi
    wegener guillain barre lou gehrig gehrig's hirschsprung turner klinefelter epstein barr coombs gram
    papanicolaou pap morse norton barthel likert beck hamilton columbia snellen jaeger rinne weber ishihara
    colles smith boxer's charcot dupuytren dupuytren's baker's morton's freiberg kohler legg calve perthes
    still's takayasu kawasaki buerger conn zollinger ellison mallory weiss barrett barrett's whipple roux billroth
    nissen fontan glenn swan ganz hickman broviac jackson pratt hemovac penrose yankauer allen patrick's faber
    thomas trendelenburg finkelstein froment jobe speed's yergason o'brien apley bankart hill sachs lisfranc jones
    salter harris weber garden bartholin skene montgomery braxton hicks leopold mcroberts bishop's
    cobb schober fitzpatrick wood's mohs wernicke korsakoff broca lewy creutzfeldt jakob friedreich tay
    gaucher fabry pompe von willebrand factor christmas philadelphia coumadin achilles adam's eustachian fallopian
    robert's bazett fridericia aldrete caprini rockall blatchford forrest kocher kochers hohmann hohmanns weitlaner esmarch whiteside's bovie
    markman searle""".split()
)
EPONYM_NOUNS = frozenset(
    """sign syndrome disease diseases test score scale lymphoma palsy maneuver manoeuvre criteria procedure notice hearing
    motion warning warnings rights challenge scale's phenomenon thyroiditis esophagus cyst fracture tendon drain catheter
    position stain exam examination index screening reflex contracture classification sarcoma ulcer body bodies rule
    contractions chart lamp syndrome's stages model act amendment doctrine standard inventory""".split()
)
