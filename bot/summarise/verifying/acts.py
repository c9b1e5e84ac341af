"""Acts of speech and attitudes that a claim may name, and the words of the evidence that must bear each out."""

from __future__ import annotations


def _table(text: str) -> dict[str, frozenset[str]]:
    """One act a line, before the colon; an act of several lines has the words of them all."""
    found: dict[str, frozenset[str]] = {}
    for line in text.strip().splitlines():
        act, words = line.split(":")
        found[act] = found.get(act, frozenset()) | frozenset(words.split())
    return found


ACTS = _table(
    """
concern: concern concerned worry worried worrying fear afraid alarm alarmed trouble troubled anxious anxiety
concern: unease uneasy
worry: concern concerned worry worried worrying fear afraid alarm alarmed trouble troubled anxious
fear: fear afraid scared worry worried concern concerned dread frighten
alarm: alarm alarmed alarming worry concern shock
welcome: welcome glad pleased delighted delight pleasure
criticise: criticise criticism critical fail failure failing wrong poor bad worse waste wasteful slow
criticise: inadequate disgrace disgraceful shame shameful shambles chaos incompetent blame mistake unacceptable
criticise: damning weak lack ineffective broken counter-productive neglect ignore mishandle
condemn: condemn disgrace disgraceful outrage outrageous abhorrent appalling deplore shameful unacceptable
condemn: vile evil
praise: praise tribute commend congratulate excellent magnificent magnificently brilliant outstanding admire
praise: superb great proud
commend: praise tribute commend congratulate excellent magnificent
congratulate: congratulate congratulation
thank: thank thanks grateful gratitude appreciate
regret: regret sorry apologise apology sad unfortunately deplore
apologise: apologise apology sorry
support: support back backing endorse welcome agree favour stand vote
back: support back backing endorse welcome agree favour
endorse: support endorse back agree
oppose: oppose against opposition reject resist object disagree not
object: object oppose against objection disagree
warn: warn warning danger dangerous risk threat threaten beware caution otherwise unless could counter-
warn: productive if fear
insist: insist must clear absolutely certainly will not no never always
demand: demand must should insist require call will when why urge need
urge: urge call must should please ask need will press encourage plea beg press appeal
call: call must should ask need urge will press appeal demand
press: press will when why what how urge ask
attack: attack disgrace shameful failure wrong blame criticise fail
accuse: accuse blame fail guilty wrong allege charge ignore neglect mislead betray refuse break
blame: blame fault cause responsible responsibility fail because let
admit: admit accept acknowledge recognise concede confess wrong fail failing failure mistake sorry not
admit: should
concede: admit accept acknowledge recognise concede confess wrong fail failing failure mistake not of course
acknowledge: admit accept acknowledge recognise concede right agree understand appreciate know wrong fail not
recognise: admit accept acknowledge recognise understand appreciate agree know see
accept: accept agree acknowledge recognise admit concede adopt take right all
deny: deny no not never nothing reject none n't
reject: reject no not never dismiss refuse disagree n't
dismiss: reject no not never dismiss refuse disagree nonsense n't
refuse: refuse not no never reject n't decline
promise: promise pledge undertake commit commitment will shall assure guarantee ll vow ensure
pledge: promise pledge undertake commit commitment will shall assure guarantee ll vow ensure
undertake: promise pledge undertake commit commitment will shall assure guarantee ll vow ensure
commit: promise pledge undertake commit commitment will shall assure guarantee ll vow ensure
vow: promise pledge undertake commit commitment will shall vow
guarantee: guarantee ensure sure certain assure promise
agree: agree accept right yes share absolutely indeed course certainly agreement concur
disagree: disagree not no wrong never n't
hope: hope hopeful wish want
doubt: doubt doubtful unsure sceptical not question whether
disappoint: disappoint disappointed disappointing disappointment sorry regret sad
disappointed: disappoint disappointed disappointing disappointment
anger: anger angry furious outrage outraged
angry: anger angry furious outrage outraged
furious: anger angry furious outrage outraged
frustrate: frustrate frustrated frustration frustrating
frustration: frustrate frustrated frustration frustrating
outrage: outrage outraged outrageous
surprise: surprise surprised surprising astonish
shock: shock shocked shocking appal
proud: proud pride
confident: confident confidence sure certain
optimistic: optimistic optimism hopeful
sceptical: sceptical scepticism doubt
delighted: delight delighted pleased glad
pleased: pleased glad delighted delight pleasure
sympathy: sympathy sympathise sympathetic condolence heart thought
tribute: tribute praise honour
complain: complain complaint not why fail poor unhappy
lament: lament sad regret sorry not fail
defend: defend defence right not no essential justify
offer: offer glad gladly happy delighted will would can ready willing
threaten: threaten threat will otherwise
speculate: speculate may might perhaps possibly
predict: predict forecast will expect
mock: mock ridicule laugh
ridicule: mock ridicule absurd ridiculous
hail: hail triumph great magnificent tribute excellent
"""
)
"""What a named act or attitude must find among the evidence's words before a claim may name it."""
