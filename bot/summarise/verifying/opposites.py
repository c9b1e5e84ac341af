"""Reversals, and things of one kind that are never each other. Lemmas, lower case."""

from __future__ import annotations

from bot.summarise.verifying.lexicon import groups

OPPOSITES = tuple(
    (frozenset(left.split()), frozenset(right.split()))
    for left, right in (
        line.split("|")
        for line in """
increase rise grow raise expand boost growth climb soar up|decrease fall drop decline reduce cut shrink lower \
reduction down decreased slash
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

RIVALS = groups(
    """
school university college nursery prison hospital surgery court mosque church club charity bank farm airport \
port hotel railway
teacher doctor nurse officer soldier farmer lecturer carer lawyer judge engineer pharmacist dentist paramedic \
firefighter fisherman student patient prisoner tenant
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
