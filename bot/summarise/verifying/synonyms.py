"""Words that may stand for each other in a paraphrase, and families whose stems hide their kinship."""

from __future__ import annotations

from bot.summarise.verifying.lexicon import groups

SYNONYMS = groups(
    """
test trial pilot trialled trialle
last previous former preceding
expect due schedule
attend go come visit
adopt take accept
face undergo subject
join sit serve
provide allocate available make invest commit
impose force
injure hurt wound injury
hesitate reluctant
abandon drop scrap abolish
vacancy unfilled
warn alarm
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
person people individual citizen public resident
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
few seldom rarely little
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
reconsider look review revisit
distinguish differentiate tell
disqualify ban bar
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
government ministers minister
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

IRREGULAR_FAMILIES = groups(
    """
decide decision decisive
offend reoffend reoffende reoffending offender
write rewrite
build rebuild
consider reconsider
assess reassess
law lawful lawfully legal legally
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

DIFFERENT_FAMILIES = frozenset(
    "committee commit committed police policy policies ministry party part general generation".split()
)
"""Words that look akin to another and are not; they are of their own family alone."""

WILL, MAY, CAN, MUST, INTENT, PLAIN = "will", "may", "can", "must", "intent", ""
