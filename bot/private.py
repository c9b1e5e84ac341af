"""Whether words name somebody who may be a private person: a victim, a family, somebody who was referred.

Nobody keeps a list of them, so it is told from the spelling, and in doubt a name counts as one: what shows no such
words then shows none of those people. Titles that only public life gives, offices, places and institutions are none.
"""

from __future__ import annotations

import re
from collections.abc import Container
from itertools import pairwise

_RUN = re.compile(r"[A-Z][\w’'-]+(?: (?:(?:al|bin|ibn|de|van|von|ul|el) )?[A-Z][\w’'-]+)+")
_STYLED = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Master|Child|Person)\.? (?!Speaker\b|Deputy\b|Chair)[A-Z][\w’'-]*")
_MEMBER = re.compile(r"\b(?:Members?|Secretary|Minister|Friend|Lady|Gentleman|Leader)\b[^()“”.;]{0,80}\([^()]{3,60}\)")
"""How Hansard names a Member whom another speaks of: "the hon. Member for Northmoor (Jane Marsh)"."""
_TITLED = frozenset("Sir Dame Lord Lady Baroness Viscount Earl Bishop".split())
_PUBLIC = frozenset(
    """
    Abuse Academies Academy Accountability Act Action Address Adjournment Adult Adults Advisory Affairs
    Afghanistan Africa Agency Airport Airports All-Party Amendment Amendments America American Anniversary
    Annual Answers Anti-Semitism Antifa Antisemitism Appropriate Arena Assembly Assessment Assessments
    Association Asylum Attack Attacks Attorney Australia Authority Avon Ban Bench Benefits Bill Bills Board
    Bombing Bombings Border Brexit Britain British Britons Broadcasting Budget Business Cabinet Campaign
    Canada Care Case Cases Centre Chair Chamber Chancellor Channel Charge Charges Charity Chief Children China
    Chinese Christian Christmas City Civil Clause Cohesion College Combined Commission Commissioner
    Commissioners Committee Committees Commons Communities Community Companies Conference Conflict
    Conservative Constabulary Contest Coroner Corporation Council Councils Counter Counter-Terrorism
    Counter-terrorism Counterterrorism County Court Courts Covid Crime Criminal Crown Cuba Custody Data Death
    Deaths Debate Defence Definition Democrat Democratic Democrats Department Deputy Designation Desist
    Detention Director Director-General Disorder Duties Duty Early East Easter Eastern Education Egypt
    Emergency Engagements England English Europe European Evidence Extremism Facebook Faith Families Family
    Financial Fire First Force Forces Foreign Foundation Framework France Freedom French Friend Fund Funding
    Gaza General German Germany Government Governments Grand Great Greater Group Guidance Hamas Hansard Hate
    Hatred Health Hezbollah Home Homeland Hospital Hostile House Houses Human Humble Ideology Immigration
    Incident Incidents Independence Independent Indian Inquiry Institute Integrated Intelligence Interference
    International Iran Iranian Iraq Ireland Irish Islam Islamic Islamism Islamist Islamists Islamophobia
    Islands Isles Israel Israeli Jewish Jihad Jihadi Jobs Joint Judge Justice Killing Killings Kingdom Kurdish
    Labour Leader Learning Legislation Liberal Liberties Library Libya Local London Lords Madam Manchester
    Marshalled Mayor Media Member Members Mental Mersey Merseyside Metropolitan Midlands Migration Military
    Minister Ministers Ministry Model Mosque Motion Movement Multi-agency Murder Murders Muslim
    Muslim-majority Muslims NHS National Nationality Nations Negotiations New News North North-East North-West
    Northern Nottingham Ocean Offences Offender Offenders Office Officer Ofsted Online Operation Opposition
    Oral Order Orders Organisation Pakistan Palestine Palestinian Panel Panels Paper Parliament Parliamentary
    Part Party People Plan Plans Points Police Policing Policy Powers Premier Prepare Prevent Prime Prison
    Prisons Probation Programme Project Proscription Prosecution Protect Public Pursue Quarterly Queen
    Question Questions Race Radicalisation Ramadan Reading Records Referral Referrals Reform Refugees Register
    Regulations Relations Release Report Reporting Republic Research Response Responses Review Reviewer
    Reviews Right Rights Riots Risk Road Room Royal Russia Safe Safeguarding Safety Scheme Schemes School
    Schools Scotland Scottish Scrutiny Secretary Section Security Select Senior Sentence Sentences Sentencing
    Serious Service Services Shadow Shooting Shootings Siege Situation Social Somalia South Southern Southport
    Speaker Special Spending Square Stabbing Stabbings Staff Standard Standards Standing State Statement
    Statements Statistics Statutory Steering Strategic Strategy Street Strike Strikes Sudan Support Supreme
    Sussex Syria System Taliban Task Team Territorial Territories Territory Terror Terrorism Terrorist
    Terrorists Thames The Third Threat Times Topical Tory Tower Town Trade Train Training Transport Treasury
    Trial Tribunal Trust Tuesday Turkey Twitter Ukraine Ulster Undersecretary Union United Universities
    University Urgent Vale Valley Victims Village Violence Violent Wales Wednesday Welsh Western Westminster
    Whip Women Work Working Written Yard Yemen Yorkshire Youth
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


def names_somebody(text: str, said_lower: Container[str] = frozenset()) -> bool:
    """Whether a forename with a surname, or Mr, Mrs, Ms or Miss with one, stands in the words. Of a title, whose words
    all have capitals, `said_lower` are those that its text has without; two of them side by side are no name."""
    text = _MEMBER.sub(" ", " ".join(text.split()))
    if _STYLED.search(text):
        return True
    for run in _RUN.finditer(text):
        words = [word.removesuffix("’s").removesuffix("'s") for word in run[0].split()]
        while words and words[0] in _OPENING:
            words.pop(0)
        if words and words[0] in _TITLED:
            continue
        for pair in pairwise(words):
            public = any(word in _PUBLIC or word.isupper() for word in pair)
            if not public and not all(word.lower() in said_lower for word in pair):
                return True
    return False
