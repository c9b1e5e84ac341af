"""What a sentence does, told by its words: courtesy, procedure, finding, undertaking, criticism, question."""

from __future__ import annotations

import re
from enum import StrEnum


class Act(StrEnum):
    """The acts that a digest looks for; SAYS is anything else."""

    ANNOUNCES = "announces"
    UNDERTAKES = "undertakes"
    FINDS = "finds"
    CRITICISES = "criticises"
    ASKS = "asks"
    SAYS = "says"


_COURTESY = re.compile(
    r"^(?:and |but |so |first(?:ly)?,? |finally,? |(?:may|can|could) i (?:first |also |just |start by |"
    r"begin by )*|let me (?:first |start by |begin by )?|"
    r"i (?:want|would like|wish|should like)(?: also)? to (?:start by |begin by )?|i also |on behalf of [^,]+, )*"
    r"(?:i |we )?(?:thank(?:s|ing)?\b|am (?:very |most |extremely |so |deeply )?grateful|pay(?:ing)? (?:\w+ )?tribute|"
    r"congratulat|am (?:very |sorry|pleased to (?:see|follow)|delighted|honoured)|commend (?:this|the|it)\b|"
    r"beg to move|rise to|"
    r"welcome the (?:hon|right hon|noble|minister to)|associate (?:myself|ourselves)|join (?:\w+ ){0,4}in (?:thanking|"
    r"paying)|extend (?:my|our)|offer (?:my|our) (?:\w+ )?(?:condolences|sympath)|good (?:morning|afternoon|evening)|"
    r"with permission|welcome(?: everybody| everyone| back)?\b(?=[,.!]| to (?:this|the|our) (?:meeting|session)))",
    re.IGNORECASE,
)
_TRIBUTE = re.compile(
    r"\bi,? too,? (?:think|want to think|am thinking) of\b|\b(?:our|my|all our) thoughts\b|"
    r"\bsend (?:our|my) (?:\w+ )?(?:sympath|condolence)|\bstand with the \w+ (?:family|families)\b|"
    r"\b(?:thoughts (?:are|remain) with|our hearts|condolences|rest in peace|dearly missed|memory of (?:our|my)|"
    r"my (?:hon|right hon|noble)[. ][^.]{0,30}friend (?:makes|raises|is (?:right|absolutely))|"
    r"(?:makes|raises|made|raised) an? (?:\w+ )?(?:important|good|excellent|powerful|valid|fair) (?:point|"
    r"question|case)|"
    r"asks? an? (?:\w+ )?(?:important|good|excellent) question|thank (?:him|her|them|you|the)|"
    r"^i (?:am|would be|will be|['’]d be) (?:very |more than |only too )?(?:happy|glad|delighted|pleased|honoured) to "
    r"(?:meet|do so|come|write|discuss|look into)[^,;]{0,40}[.]$|"
    r"^the (?:right )?(?:hon\.|noble) (?:and (?:learned|gallant) )?(?:Gentleman|Lady|Lord|Baroness|Member) is "
    r"(?:\w+ )?(?:right|wrong|mistaken)[.]$|"
    r"(?:is|are) (?:absolutely|quite|entirely) right(?: to (?:raise|say|ask)[^.]{0,40})?[.,])",
    re.IGNORECASE,
)
_PROCEDURE = re.compile(
    r"^(?:order[.!,]|(?:first,? )?i (?:also )?(?:should |must )?(?:declare|refer (?:\w+ ){0,3}to my (?:entry|"
    r"interest))|question put|question agreed|the (?:house|committee) (?:divided|will now|adjourned|"
    r"is now)|i call\b|"
    r"we (?:will )?(?:now )?(?:move|come|turn|go) (?:on )?to\b|that concludes|the sitting|i (?:will|"
    r"shall) (?:now )?(?:give way|"
    r"take (?:his|her|the|one)|move on|turn to|come to that|come on to|conclude)|(?:will|would) (?:the|"
    r"my) [^?]{0,40} give way|give way|if (?:the|my) [^,]{0,60}(?:bear with me|allow me|give way)|before (?:i|"
    r"we) (?:call|begin|proceed)|"
    r"(?:the )?next (?:question|speaker|item)|item \d|motion |resolved|amendment \d|hear, hear|"
    r"could you (?:unmute|repeat)|"
    r"i (?:would|will) (?:now )?(?:make a statement|like to make a statement)|(?:mr|"
    r"madam) (?:deputy )?(?:speaker|chair)[,.]?$)",
    re.IGNORECASE,
)
_UNDERTAKES = re.compile(
    r"^(?:from|by|before|in) (?:the (?:end|start|beginning|middle) of |\d|next |spring|summer|autumn|"
    r"winter)[^.]{0,60}\bwill\b|"
    r"\b(?:(?:i|we|the (?:government|department|home office)|ministers|officials|my (?:department|officials))"
    r"(?: and i)? (?:will|shall|am going to|are going to|intend to|plan to|commit to|undertake to)|"
    r"i (?:can|will) (?:undertake|commit|assure)|will (?:be )?(?:publish|report|introduc|legislat|respond|writ|return|"
    r"review|appoint|set up|launch|establish|begin|start)\w*)\b",
    re.IGNORECASE,
)
_REFUSES = re.compile(r"\b(?:will|shall|would) (?:not|never)\b|\bwon[’']t\b|\bnor will\b", re.IGNORECASE)
_ANNOUNCES = re.compile(
    r"\b(?:announc\w+|i (?:therefore |fully )?accept (?:all|the|every|each|his|her|in full)\b|"
    r"(?:am|are) (?:making|providing|investing|allocating)|have (?:also |therefore |today )*(?:asked|"
    r"commissioned|decided|"
    r"appointed)|(?:am|are) (?:today )?(?:publishing|launching|appointing|introducing|setting up|asking|accepting)|"
    r"i can (?:confirm|tell|inform|update)|have (?:today )?(?:published|asked|appointed|accepted|commissioned|"
    r"decided))\b",
    re.IGNORECASE,
)
_FINDS = re.compile(
    r"^(?:first|second|third|fourth|fifth|sixth)(?:ly)?,|\b(?:review|report|inquiry|inspection|investigation|"
    r"audit|committee|evidence|research|data|figures|he|she|it|they|"
    r"reviewer|inspectorate|coroner)\b[^.?!]{0,80}\b(?:f(?:ou|i)nds?|conclud\w+|identif\w+|show(?:s|ed|n)?|"
    r"reveal\w*|recommend\w*|state[sd]?|set out|sets out|highlight\w*|establish\w*)\b",
    re.IGNORECASE,
)
_CRITICISES = re.compile(
    r"\b(?:fail(?:s|ed|ing|ure|ures|ings)?|wrong|inadequate|unacceptable|disgrace\w*|shambl\w*|missed|"
    r"too (?:late|little|slow|"
    r"often|many|few)|not (?:enough|good enough|acceptable|working|fit)|nothing (?:has|about|to)|refus\w+|neglect\w*|"
    r"ignor\w+|waste[ds]?|wasted|cut(?:s|ting)? (?:\w+ ){0,3}(?:funding|budget)|lack(?:s|ed|ing)?|concern(?:s|ed|ing)?|"
    r"worr(?:y|ied|ying)|weak\w*|flaw\w*|broken|disappoint\w*|regret\w*|damag\w+|counterproductive|counter-productive|"
    r"discriminat\w+|alienat\w+|ineffective|poor(?:ly)?|blame|scandal\w*|little to show|value for money|"
    r"(?:was|were|been) (?:cut|lost|delayed|scrapped|dropped)|(?:weeks|months|years) late|not fit|does not stand up|"
    r"no (?:answer|plan|"
    r"evidence|excuse|guarantee|sign)|yet to|still (?:no|not|waiting)|should have|promised)\b",
    re.IGNORECASE,
)


_ADDRESS = re.compile(
    r"^(?:(?:okay|ok|yes|yeah|well|right|now|so|and|but|then|lovely|great),? |(?:Mr|"
    r"Madam)\.? ?(?:Deputy )?(?:Speaker|Chair(?:man)?)"
    r",? |my Lords,? |Chair,? )+",
    re.IGNORECASE,
)
_CONTRACTED = (
    (re.compile(r"\b(i)['’]m\b", re.IGNORECASE), r"\1 am"),
    (re.compile(r"['’]ll\b", re.IGNORECASE), " will"),
    (re.compile(r"['’]re\b", re.IGNORECASE), " are"),
    (re.compile(r"['’]ve\b", re.IGNORECASE), " have"),
    (re.compile(r"['’]d\b", re.IGNORECASE), " would"),
)


def _bare(text: str) -> str:
    """The sentence without whom it is addressed to, contractions in full: how the patterns here are written."""
    text = _ADDRESS.sub("", text)
    for form, full in _CONTRACTED:
        text = form.sub(full, text)
    return text


def courtesy(text: str) -> bool:
    """Thanks, tributes, congratulation and the compliments that the House pays before it says anything."""
    text = _bare(text)
    return bool(_COURTESY.match(text) or _TRIBUTE.search(text))


_PAPERS = re.compile(
    r"^i (?:want to|would like to|should like to|wish to|will|shall|have)(?: just| also)?(?: press| make| raise| put)? "
    r"(?:one|two|three|four|a few|several|some|a couple of) (?:\w+ )?(?:points?|questions?|issues?)(?: \w+){0,4}[.:]$|"
    r"\basks? (?:me )?(?:an?|the|one of the) (?:very |most )?(?:good|hard\w*|important|excellent|right|fair|pertinent|"
    r"difficult|key|central) questions?\b|^(?:he|she|the .{3,40}) (?:\w+ )?asks? (?:me )?about [^,;]{3,60}\.$|"
    r"\bdeclarations? of interest\b|^(?:can|may) i (?:also )?(?:just )?welcome\b|\bmade (?:today |"
    r"yesterday )?(?:the |a )?(?:following )?(?:written |oral )*(?:ministerial )?statement\b|"
    r"^(?:i|we) (?:will|shall|have) (?:also |therefore )?(?:place|lay|deposit)\w*\b[^.]{0,80}\bLibrar(?:y|ies)\b|"
    r"\battention to my entry\b|\bone (?:\w+ )?question (?:on|about|for)\b.*\bplease\b|"
    r"\bcop(?:y|ies)\b[^.]{0,80}\b(?:Vote Office|Libraries|Printed Paper Office|Library)\b",
    re.IGNORECASE,
)


def procedure(text: str) -> bool:
    """The conduct of business and of its papers: never news in a digest."""
    text = _bare(text)
    return bool(_PROCEDURE.match(text) or _BUSINESS.match(text) or _PAPERS.search(text))


_BUSINESS = re.compile(
    r"^we (?:will|are going to|should|can) (?:now |then |just )?(?:(?:move|go|come|turn) (?:(?:back|on|now|"
    r"over|straight) )*"
    r"(?:to|on|then)\b|suspend|break|adjourn|resume)|"
    r"^welcome to\b|^papers? to note\b|^(?:my |the )?(?:next|last|final|first|"
    r"second) question "
    r"(?:is|will be|goes) (?:for|to)\b|^before (?:i|we) (?:turn|move|go|come)\b|^(?:can|could|may) i (?:just |"
    r"also )?(?:pick up|"
    r"come (?:in|back)|check|clarify|turn|move|bring|start)\b|^just (?:to|for) (?:say|be clear|clarify|confirm)\b|"
    r"\bunderstand the question\b|"
    r"^we have (?:got )?(?:some |a few |several )?(?:further )?questions\b|^(?:next|lastly) we have\b|^over to\b",
    re.IGNORECASE,
)


def act(text: str, *, question: bool, minister: bool) -> Act:
    """What the sentence does. Undertakings are a minister's; criticism is anybody else's."""
    if question and not minister:
        return Act.ASKS
    if minister:
        if _ANNOUNCES.search(text):
            return Act.ANNOUNCES
        if _FINDS.match(text):
            return Act.FINDS
        if _UNDERTAKES.search(text) and not _REFUSES.search(text):
            return Act.UNDERTAKES
        return Act.FINDS if _FINDS.search(text) else Act.SAYS
    if _CRITICISES.search(text):
        return Act.CRITICISES
    return Act.FINDS if _FINDS.search(text) else Act.SAYS


_DATED = re.compile(
    r"\b(?:January|February|March|April|June|July|August|September|October|November|December|spring|summer|autumn|winter|"
    r"week|weeks|month|months|year|years|days?|20\d\d|tomorrow|shortly|in May|by May|in due course)\b"
)
_MONEY = re.compile(r"£\s?\d|\b\d[\d,.]*(?: (?:million|billion|per cent)|%|,\d{3})|\bone in \w+\b|\bmillion\b")


def dated(text: str) -> bool:
    """Whether it says by when."""
    return bool(_DATED.search(text))


def figures(text: str) -> bool:
    """Whether it gives a sum, a share or a great number."""
    return bool(_MONEY.search(text))


def critical(text: str) -> bool:
    """Whether its words find fault, whoever says it."""
    return bool(_CRITICISES.search(text))
