"""The verifier's words: closed classes, opposites, near-synonyms, and what an act of speech must stand on.

Everything here is a lemma in lower case. The lists are of English as it is spoken in Parliament; they are finite on
purpose: a word that none of them knows is judged by the encoder, and an opposite that they miss is a fault to be mended
here.
"""

from __future__ import annotations


def _groups(text: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(line.split()) for line in text.strip().splitlines())


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


SYNONYMS = _groups(
    """
close shut end conclude finish terminate discontinue
early soon premature prematurely quickly quick hasty too
leave exit depart quit
killer murderer attacker perpetrator
murder kill killing
die death
allow permit let enable
begin start commence launch
buy purchase
show reveal demonstrate indicate find establish conclude
child pupil young youngster youth
person people individual man woman citizen public resident member
mistake error failing failure fault shortcoming flaw
poor bad inadequate deficient weak unsatisfactory problematic insufficient
record recorded document documented write written note log
mishandle mismanage fail
blurred unclear confused muddled
outdated old-fashioned obsolete date
money fund funding cash sum spend resource budget finance expenditure
cost price expense expensive
give provide supply offer grant deliver award
get receive obtain
need require necessary necessity want demand
help assist support aid assistance
important essential vital crucial key critical significant significance matter
main chief principal primary major
big large great huge vast considerable substantial significant
small little minor tiny slight
difficult hard tough challenging
new fresh novel further additional extra
extra additional more further
job post role position
check audit scrutinise examine monitor oversee inspect
examine review look investigate study consider assess evaluate analyse explore
set establish create form found introduce
build construct
publish release issue
change alter amend reform revise modify overhaul
improve better strengthen enhance boost
strategy plan scheme programme policy initiative project
programme program scheme
legislation law act bill
ban prohibit proscribe outlaw proscription
meet discuss talk speak
discuss debate consider
tell inform
ask question query enquire inquire wonder
answer reply respond response
ensure guarantee secure sure
happen occur take
use employ utilise deploy
try attempt seek
wait delay postpone
choose select pick decide
appoint name commission
start begin beginning
right correct proper appropriate
wrong incorrect mistaken
proof evidence
doctor gp
prison jail
jail imprison
teach train teaching training
teacher lecturer
firm company business
worker employee staff workforce
job employment
house home housing
country nation
nationwide national
area region place part
town city
year annual annually yearly
month monthly
week weekly
day daily
decade year
about concerning regarding around
local community
danger risk threat hazard
safe secure safety security
protect safeguard defend
stop prevent halt
continue carry keep proceed maintain
look consider
like similar
report account
recommendation proposal suggestion advice
suggest propose recommend
implement carry enact apply adopt complete do
immediate immediately now straightaway urgent urgently
whole entire full
full complete
enough sufficient adequate
inquiry investigation review probe
case file matter
refer referral
share exchange pass give hand
put place lay deposit
wait take delay
support back fund
lack staff-shortage shortage
increase up rise grow growth more
decrease down fall cut reduce drop less
agency body organisation authority
authority council
mp member parliamentarian backbencher colleague
commons house parliament
peer lord
government ministers minister administration department
home-office department
officer official
police policing officer force
assess assessment evaluate judge gauge
vulnerability vulnerable
tool framework instrument
join combine collaborate cooperate
online internet web digital
extremist extremism radical
radicalise radicalisation
terror terrorism terrorist
victim family
believe think feel view consider opinion
know aware knowledge
hope wish want
intend plan mean aim intention
promise pledge undertake commit commitment undertaking vow
pay spend cost
earn income
vote ballot
speech remark statement
say state tell
return back
remain stay still
late later
separate different distinct
aim goal objective target purpose
succeed success
fail failure
reach achieve attain
begin since
follow after
near close
total overall
independent independently
reject dismiss refuse turn
accept agree adopt acknowledge
acknowledge recognise admit concede accept
decide decision determine
effective effectiveness work successful
respect observe
proportional proportionate
disclose reveal publish
inappropriate unsuitable
appropriate suitable
hospital nhs
clinic surgery
view opinion
duty obligation responsibility
responsibility responsible duty
urge press call
write letter
consult consultation
consultation discussion
lack absence without shortage
"""
)
"""Words that may stand for each other in a paraphrase. A word may be in several groups; they are not chained."""

OPPOSITES = tuple(
    (_set(left), _set(right))
    for left, right in (
        line.split("|")
        for line in """
increase rise grow raise expand boost growth climb soar up|decrease fall drop decline reduce cut shrink lower reduction down decreased slash
rise|fall drop
support back favour endorse|oppose resist opposition against
accept agree approve welcome adopt|reject refuse dismiss decline deny disagree oppose
agree|disagree dispute
welcome praise commend applaud|criticise condemn deplore regret attack
begin start launch open commence|end stop finish close cease halt conclude
open reopen|close shut
succeed success successful|fail failure failing unsuccessful
effective|ineffective
before earlier prior|after later following
early soon|late
more|less fewer few
most|least fewest
many much|few little
high higher highest|low lower lowest
good better best improve improvement|bad worse worst poor worsen deteriorate deterioration
strengthen strong stronger strength|weaken weak weaker weakness
win gain|lose loss
include|exclude
add addition|remove removal
allow permit let enable|forbid ban prohibit prevent block stop
give|take
buy|sell
hire recruit appoint|dismiss sack fire
join|leave quit
enter|leave exit
arrive|leave depart
keep retain maintain preserve|abolish scrap abandon remove lose drop end discontinue withdraw
create establish introduce|abolish scrap destroy
build|demolish destroy
continue extend|stop end cease discontinue halt suspend
extend lengthen|shorten curtail
protect defend|attack harm endanger
help assist|hinder harm obstruct
safe safer|dangerous unsafe
possible|impossible
likely|unlikely
able|unable
necessary|unnecessary
adequate sufficient enough|inadequate insufficient
appropriate|inappropriate
acceptable|unacceptable
legal lawful|illegal unlawful
public|private
true|false untrue
right correct|wrong incorrect mistaken
same|different
old|new
large big great|small little
long longer|short shorter
fast faster quick quicker|slow slower
simple easy easier|complex complicated difficult hard harder
cheap cheaper|expensive costly
rich|poor
full|empty
clear|unclear blurred vague
present|absent
local|national central
national|international
first|last
majority|minority
maximum|minimum
all every each always everyone everybody|no none never nobody nothing
always|never sometimes rarely
often frequently|rarely seldom
voluntary optional|compulsory mandatory statutory
mandatory compulsory|optional voluntary
temporary|permanent
permanent|temporary
publish disclose reveal release|withhold conceal hide suppress
admit acknowledge|deny
confirm|deny
remember|forget
encourage|discourage
urge|discourage
trust|distrust mistrust
confident confidence|doubtful doubt
doubt|confident certain sure
convict guilty|acquit innocent
hasten accelerate speed|delay slow postpone
advance|delay postpone
deliver|withhold
pass|fail reject
invest spend|save
lend|borrow
import|export
employ|dismiss
teach|learn
ask question|answer
attend|miss
overestimate exaggerate overstate|underestimate understate
centralise|decentralise devolve
lock|unlock
tighten|relax loosen
harsh|lenient
proud|ashamed
pleased glad happy delighted|sorry disappointed angry unhappy
satisfied|dissatisfied
optimistic|pessimistic
positive|negative
internal|external
inside|outside
above over|below under
north northern|south southern
east eastern|west western
left|right
male man men boy|female woman women girl
husband|wife
father|mother
son|daughter
brother|sister
young younger|old older elderly
urban|rural
rural|urban
morning|evening afternoon
domestic|foreign overseas
employer|employee
landlord|tenant
buyer|seller
victim|perpetrator attacker killer
prosecution|defence
civil|criminal
adult|child
primary|secondary
backbencher|minister
police|council
agree|refuse
escalate|defuse
upgrade|downgrade
centre|periphery
recently|formerly
daily|weekly monthly yearly annual annually
weekly|monthly yearly annual annually
monthly|quarterly yearly annual annually
today|tomorrow yesterday
tomorrow|yesterday
spring|summer autumn winter
summer|autumn winter
autumn|winter
double|halve half treble triple
treble|double
""".strip().splitlines()
    )
)
"""Reversals: where the claim has a word of one side and its evidence only one of the other, the sense is turned."""

IRREGULAR_FAMILIES = _groups(
    """
decide decision decisive
choose choice
lose loss
grow growth
die death dead
bear birth
speak speech
think thought
know knowledge
see sight
sell sale
give gift
succeed success successful
prove proof
believe belief
live life
weigh weight
fly flight
receive receipt receipts
deceive deception
describe description
permit permission
admit admission
explain explanation
solve solution
resolve resolution
respond response
defend defence defensive
offend offence offender
expand expansion
extend extension extensive
intend intention
attend attendance attention
comprehend comprehension
destroy destruction
reduce reduction
produce production product
introduce introduction
divide division
conclude conclusion
exclude exclusion
include inclusion
provide provision
revise revision
supervise supervision
pursue pursuit
maintain maintenance
appear appearance
analyse analysis
criticise criticism critical critic
apologise apology
terrorism terrorist terror
extremism extremist
radicalise radicalisation radical radicalised
strong strength strengthen
long length lengthen
wide width widen
deep depth deepen
high height
broad breadth broaden
safe safety
sure ensure
able ability enable
poor poverty
free freedom
wise wisdom
young youth
true truth
hot heat
proud pride
angry anger
hungry hunger
compare comparison
refer referral reference
propose proposal
approve approval
arrive arrival
refuse refusal
remove removal
renew renewal
survive survival survivor
try trial
deny denial
commit commitment
commission commissioner
parliament parliamentary
person personal
police policing
fail failure failing
press pressure
build building
undertake undertaking
assess assessment
judge judgment judgement
argue argument
recognise recognition
advise advice adviser
practise practice
licence license
spend spending expenditure
fund funding
save saving
begin beginning
find finding
warn warning
train training
"""
)

DIFFERENT_FAMILIES = _set("committee commit committed police policy policies ministry party part general generation")
"""Words that look akin to another and are not; they are of their own family alone."""

WILL, MAY, CAN, MUST, INTENT, PLAIN = "will", "may", "can", "must", "intent", ""
MODALS = {
    "will": WILL, "shall": WILL, "'ll": WILL, "would": WILL, "'d": WILL, "wo": WILL, "ll": WILL, "sha": WILL,
    "may": MAY, "might": MAY, "can": CAN, "could": CAN, "ca": CAN,
    "must": MUST, "should": MUST, "ought": MUST, "need": MUST,
}  # fmt: skip
"""Back-shifted and plain forms are one strength: reported speech turns 'will' to 'would' and 'may' to 'might'."""

INTENTS = _set(
    "want hope wish intend plan aim try seek attempt consider expect like love prepare mean propose ask urge press "
    "call request invite encourage tempt threaten claim appear seem tend need long aspire offer agree promise pledge "
    "undertake commit vow resolve decide determined ready willing keen likely possible set due suppose wait"
)
"""Heads whose infinitive says that a thing is wished, asked or expected, not that it is done."""

UNDERTAKINGS = _set("promise pledge undertake commit vow resolve decide agree intend plan set due")
"""Heads that say of a future act what 'will' says of it."""

DENIERS = _set(
    "fail refuse decline cease neglect omit avoid deny doubt forget unable unlikely impossible reluctant unwilling"
)
"""Heads that turn what hangs on them into its contrary: 'failed to publish' is 'did not publish'."""

NEGATIVES = _set("not n't never no none nobody nothing neither nor nowhere without hardly scarcely barely cannot")

SAYING = _set(
    "say tell state add note explain remark observe comment mention report declare announce confirm stress emphasise "
    "reply answer respond argue believe think consider maintain insist suggest assert point recall feel describe "
    "outline clarify reiterate repeat set make continue conclude emphasize inform assure reassure highlight indicate "
    "hear update underline contend acknowledge accept admit concede recognise agree warn claim allege promise pledge "
    "undertake commit vow hope predict estimate propose quote speak talk discuss reveal"
)
"""Verbs by which a claim gives words to a speaker; those in ACTS need more than the words themselves."""

ASKING = _set(
    "ask question enquire inquire wonder query press challenge urge demand request invite call seek appeal beg raise"
)

NON_FACTIVE = _set(
    "say claim suggest argue allege believe think pretend assert imply assume imagine suppose fear hope propose urge "
    "tell contend maintain insist"
)
"""Verbs whose clause is the word of whoever is their subject and not, without more, the speaker's."""

ACTS: dict[str, frozenset[str]] = {
    "concern": _set("concern concerned worry worried worrying fear afraid alarm alarmed trouble troubled anxious anxiety unease uneasy"),
    "worry": _set("concern concerned worry worried worrying fear afraid alarm alarmed trouble troubled anxious"),
    "fear": _set("fear afraid scared worry worried concern concerned dread frighten"),
    "alarm": _set("alarm alarmed alarming worry concern shock"),
    "welcome": _set("welcome glad pleased delighted delight pleasure"),
    "criticise": _set(
        "criticise criticism critical fail failure failing wrong poor bad worse waste wasteful slow inadequate disgrace "
        "disgraceful shame shameful shambles chaos incompetent blame mistake unacceptable damning weak lack "
        "ineffective broken counter-productive neglect ignore mishandle"
    ),
    "condemn": _set("condemn disgrace disgraceful outrage outrageous abhorrent appalling deplore shameful unacceptable vile evil"),
    "praise": _set("praise tribute commend congratulate excellent magnificent magnificently brilliant outstanding admire superb great proud"),
    "commend": _set("praise tribute commend congratulate excellent magnificent"),
    "congratulate": _set("congratulate congratulation"),
    "thank": _set("thank thanks grateful gratitude appreciate"),
    "regret": _set("regret sorry apologise apology sad unfortunately deplore"),
    "apologise": _set("apologise apology sorry"),
    "support": _set("support back backing endorse welcome agree favour stand vote"),
    "back": _set("support back backing endorse welcome agree favour"),
    "endorse": _set("support endorse back agree"),
    "oppose": _set("oppose against opposition reject resist object disagree not"),
    "object": _set("object oppose against objection disagree"),
    "warn": _set("warn warning danger dangerous risk threat threaten beware caution otherwise unless could counter-productive if fear"),
    "insist": _set("insist must clear absolutely certainly will not no never always"),
    "demand": _set("demand must should insist require call will when why urge need"),
    "urge": _set("urge call must should please ask need will press encourage plea beg press appeal"),
    "call": _set("call must should ask need urge will press appeal demand"),
    "press": _set("press will when why what how urge ask"),
    "attack": _set("attack disgrace shameful failure wrong blame criticise fail"),
    "accuse": _set("accuse blame fail guilty wrong allege charge ignore neglect mislead betray refuse break"),
    "blame": _set("blame fault cause responsible responsibility fail because let"),
    "admit": _set("admit accept acknowledge recognise concede confess wrong fail failing failure mistake sorry not should"),
    "concede": _set("admit accept acknowledge recognise concede confess wrong fail failing failure mistake not of course"),
    "acknowledge": _set("admit accept acknowledge recognise concede right agree understand appreciate know wrong fail not"),
    "recognise": _set("admit accept acknowledge recognise understand appreciate agree know see"),
    "accept": _set("accept agree acknowledge recognise admit concede adopt take right all"),
    "deny": _set("deny no not never nothing reject none n't"),
    "reject": _set("reject no not never dismiss refuse disagree n't"),
    "dismiss": _set("reject no not never dismiss refuse disagree nonsense n't"),
    "refuse": _set("refuse not no never reject n't decline"),
    "promise": _set("promise pledge undertake commit commitment will shall assure guarantee ll vow ensure"),
    "pledge": _set("promise pledge undertake commit commitment will shall assure guarantee ll vow ensure"),
    "undertake": _set("promise pledge undertake commit commitment will shall assure guarantee ll vow ensure"),
    "commit": _set("promise pledge undertake commit commitment will shall assure guarantee ll vow ensure"),
    "vow": _set("promise pledge undertake commit commitment will shall vow"),
    "guarantee": _set("guarantee ensure sure certain assure promise"),
    "agree": _set("agree accept right yes share absolutely indeed course certainly agreement concur"),
    "disagree": _set("disagree not no wrong never n't"),
    "hope": _set("hope hopeful wish want"),
    "doubt": _set("doubt doubtful unsure sceptical not question whether"),
    "disappoint": _set("disappoint disappointed disappointing disappointment sorry regret sad"),
    "disappointed": _set("disappoint disappointed disappointing disappointment"),
    "anger": _set("anger angry furious outrage outraged"),
    "angry": _set("anger angry furious outrage outraged"),
    "furious": _set("anger angry furious outrage outraged"),
    "frustrate": _set("frustrate frustrated frustration frustrating"),
    "frustration": _set("frustrate frustrated frustration frustrating"),
    "outrage": _set("outrage outraged outrageous"),
    "surprise": _set("surprise surprised surprising astonish"),
    "shock": _set("shock shocked shocking appal"),
    "proud": _set("proud pride"),
    "confident": _set("confident confidence sure certain"),
    "optimistic": _set("optimistic optimism hopeful"),
    "sceptical": _set("sceptical scepticism doubt"),
    "delighted": _set("delight delighted pleased glad"),
    "pleased": _set("pleased glad delighted delight pleasure"),
    "sympathy": _set("sympathy sympathise sympathetic condolence heart thought"),
    "tribute": _set("tribute praise honour"),
    "complain": _set("complain complaint not why fail poor unhappy"),
    "lament": _set("lament sad regret sorry not fail"),
    "defend": _set("defend defence right not no essential justify"),
    "threaten": _set("threaten threat will otherwise"),
    "speculate": _set("speculate may might perhaps possibly"),
    "predict": _set("predict forecast will expect"),
    "mock": _set("mock ridicule laugh"),
    "ridicule": _set("mock ridicule absurd ridiculous"),
    "hail": _set("hail triumph great magnificent tribute excellent"),
}  # fmt: skip
"""What a named act or attitude must find among the evidence's words before a claim may name it."""

CAUSES = _set(
    "because since therefore thus hence consequently owing due result lead cause thanks thereby so reason trigger contribute blame prompt"
)
"""Markers of cause; `so`, `since`, `due` and `thanks` count only as the connective (see `connectives`)."""

UNIVERSALS = _set(
    "all every each always everyone everybody everything entire whole entirely unanimously both invariably"
)
ONLYS = _set("only solely exclusively")
MAJORITIES = _set("most majority mostly mainly predominantly largely")
MANYS = _set("many numerous lot lots much widespread")
SOMES = _set("some several few certain sometimes occasionally partly partially handful minority rarely")
NOS = _set("no none nobody nothing never neither")

HEDGES_OVER = _set("over above exceed least minimum upwards")
HEDGES_UNDER = _set("nearly almost under below most maximum up approach")

RIVALS = _groups(
    """
school university college nursery prison hospital surgery court mosque church club charity bank farm airport port hotel railway
teacher doctor nurse officer soldier farmer lecturer carer lawyer judge engineer pharmacist dentist paramedic firefighter fisherman student patient prisoner tenant
council police court parliament army navy charity union army regulator
family school
letter meeting report statement speech programme
oil gas coal water electricity
car lorry bus train bicycle plane ship
england scotland wales
colleague official constituent adviser minister
teacher student
parent child
friend neighbour
rail road air
monday tuesday wednesday thursday friday saturday sunday
write meet phone visit
training pay equipment
tax benefit pension
housing health education transport defence
woman man child
"""
)
"""Things of one kind that are never each other, however near the encoder sets them."""

LIGHT = _set(
    "be have do get make take go come thing way issue matter it this that there here also very really just so such now then "
    "well quite rather however indeed whether further already still too even yet part kind sort lot other another own same "
    "able point fact regard relation respect order use number hon gentleman lady friend learn gallant right people person "
    "mr mrs ms sir dame dr lord baroness one something anything today currently previously again want"
)
"""Words that carry too little for their absence from the evidence to matter."""

TITLES = _set(
    "mr mrs ms miss dr sir dame lord lady baroness viscount earl hon right honourable rt am mp ms ac msp prof professor the"
)

ADDRESSEES = _set(
    "house commons mps members lords peers parliament committee chamber colleagues us them him her lawmakers ministers"
)
