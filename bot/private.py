"""Whether words name somebody who may be a private person: a victim, a family, somebody who was referred.

Nobody keeps a list of them, so it is told from the spelling, and in doubt a name counts as one: what shows no such
words then shows none of those people. Titles that only public life gives, offices, places and institutions are none.
"""

from __future__ import annotations

import re
from itertools import pairwise

_RUN = re.compile(r"[A-Z][\w’'-]+(?: (?:(?:al|bin|ibn|de|van|von|ul|el) )?[A-Z][\w’'-]+)+")
_STYLED = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Master|Child|Person)\.? (?!Speaker\b|Deputy\b|Chair)[A-Z][\w’'-]*")
_MEMBER = re.compile(r"\b(?:Members?|Secretary|Minister|Friend|Lady|Gentleman|Leader)\b[^()“”.;]{0,80}\([^()]{3,60}\)")
"""How Hansard names a Member whom another speaks of: "the hon. Member for Northmoor (Jane Marsh)"."""
_TITLED = frozenset("Sir Dame Lord Lady Baroness Viscount Earl Bishop".split())
_PUBLIC = frozenset(
    """
    Academies Academy Accountability Act Action Adult Adults Advisory Affairs Africa Agency All-Party
    Amendment Amendments America American Annual Answers Anti-Semitism Antisemitism Appropriate Assembly
    Assessment Assessments Association Asylum Attorney Authority Avon Bench Benefits Bill Bills Board Border
    Britain British Broadcasting Budget Business Cabinet Campaign Care Centre Chair Chamber Chancellor Channel
    Charity Chief Christian Church City Civil Clause Cohesion College Combined Commission Commissioner
    Commissioners Committee Committees Commons Communities Community Companies Conference Conservative
    Constabulary Contest Coroner Corporation Council Councils Counter Counter-Terrorism Counter-terrorism
    Counterterrorism County Court Courts Crime Criminal Crown Data Debate Defence Definition Democrat
    Democratic Democrats Department Deputy Desist Detention Director Director-General Duties Duty Early East
    Eastern Education Emergency Engagements England English Europe European Evidence Extremism Facebook Faith
    Financial Fire First Force Forces Foreign Foundation Framework Freedom Friend Fund Funding General
    Government Governments Grand Great Greater Green Group Guidance Hall Hamas Hansard Hate Hatred Health Home
    Homeland Hospital Hostile House Houses Human Ideology Immigration Incident Incidents Independence
    Independent Inquiry Institute Integrated Intelligence Interference International Ireland Irish Islam
    Islamic Islamism Islamist Islamists Islamophobia Isles Jewish Jobs Joint Judge Justice Kingdom Labour Law
    Leader Learning Legislation Liberal Liberties Library Local London Lords Madam Manchester Marshalled Mayor
    Media Member Members Mental Mersey Merseyside Metropolitan Midlands Migration Military Minister Ministers
    Ministry Mosque Movement Multi-agency Muslim Muslims NHS National Nationality Nations New News North
    North-East North-West Northern Nottingham Offences Offender Offenders Office Officer Ofsted Online
    Operation Opposition Oral Order Orders Organisation Panel Panels Parliament Parliamentary Part Party Plan
    Plans Points Police Policing Policy Power Powers Premier Prepare Prevent Prime Prison Prisons Probation
    Programme Project Prosecution Protect Public Pursue Quarterly Queen Question Questions Race Radicalisation
    Reading Records Referral Referrals Reform Refugees Regulations Relations Release Report Reporting Republic
    Research Response Responses Review Reviewer Reviews Right Rights Risk Road Room Royal Russia Safe
    Safeguarding Safety School Schools Scotland Scottish Scrutiny Secretary Section Security Select Senior
    Sentencing Serious Service Services Shadow Social South Southern Southport Speaker Special Spending Square
    Staff Standards Standing State Statement Statements Statistics Statutory Steering Strategic Strategy
    Street Support Supreme Sussex Syria Task Team Territorial Terror Terrorism Terrorist Terrorists Thames The
    Third Threat Times Topical Tory Town Trade Training Transport Treasury Tribunal Trust Tuesday Twitter
    Ukraine Ulster Undersecretary Union United Universities University Urgent Vale Valley Village Violence
    Violent Wales Wednesday Welsh West Western Westminster Whip White Work Working Written Yard Yorkshire
    Youth
    """.split()
)
_OPENING = frozenset(
    """
    A After All An And As At Before Both But By Does Even First For From Has Have He Her His How If In Is It
    Its Last Many More Most My No Not Now Of On One Our Perhaps She Since So Some Such That Their There These
    They This Those To We What When Where Which While Who Why Will With Would Yes You Your
    """.split()
)
"""Words that have a capital because a sentence begins with them."""


def names_somebody(text: str) -> bool:
    """Whether a forename with a surname, or Mr, Mrs, Ms or Miss with one, stands in the words."""
    text = _MEMBER.sub(" ", text.replace("\u00a0", " "))
    if _STYLED.search(text):
        return True
    for run in _RUN.finditer(text):
        words = [word.removesuffix("’s").removesuffix("'s") for word in run[0].split()]
        while words and words[0] in _OPENING:
            words.pop(0)
        if words and words[0] in _TITLED:
            continue
        strange = [word not in _PUBLIC and not word.isupper() for word in words]
        if any(left and right for left, right in pairwise(strange)):
            return True
    return False
