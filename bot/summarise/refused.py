"""Questions that no record answers: orders, opinions, predictions. What somebody said, thought or foretold is a fact of
the record, so a question about that is none of these."""

from __future__ import annotations

import re

_BEGINS = r"(?:^|[.!?;:,]\s+|\b(?:please|now|then|just|you (?:must|should|can|will|may)|can you|could you)\s+)"
_ORDERS = re.compile(
    _BEGINS + r"(?:and )?(?:ignore|disregard|forget|override|bypass|overlook)\b[^.?!]{0,60}\b(?:rules?|instructions?|"
    r"above|previous|prompts?|guidelines|everything|orders|transcript|document|record|debate|sources?)\b|"
    + _BEGINS
    + r"(?:write|compose|draft|generate|translate|sing|invent|make up|pretend|imagine|role-?play|rewrite|repeat|"
    r"print|"
    r"reveal|output|act as|say that|reply with|respond with|answer (?:only|every|each|all|in the style|as an?))\b|"
    r"\b(?:system prompt|jailbreak|developer mode|from now on|you are (?:now|an?\b)|you're (?:now|an?\b)|act as if|"
    r"(?:write|tell|sing|make)(?: me| us)? (?:an? |the |some )?(?:\w+ )?(?:poem|song|story|joke|essay|haiku|limerick|"
    r"tweet|speech|code|press release)s?\b|answer (?:only )?(?:yes|no|with) (?:whatever|no matter))",
    re.IGNORECASE,
)
_YOURS = re.compile(
    r"\b(?:what|how) (?:do|would) you (?:think|feel|make|say|rate|judge|vote)|\bdo you (?:think|agree|believe|like|"
    r"support|feel|trust|prefer)|\b(?:in )?your (?:own )?(?:view|opinion|mind|verdict|judgment|judgement|take)\b|"
    r"\bshould (?:i|you|we) (?:vote|trust|believe|support)\b",
    re.IGNORECASE,
)
_SAYS = (
    r"(?:say|said|says|saying|call|called|calls|claim\w*|argu\w+|describ\w+|suggest\w*|ask|asked|asks|tell|told|"
    r"tells|"
    r"think|thinks|thought|believ\w+|feel|felt|feels|promis\w+|announc\w+|warn\w*|respon\w+|repl\w+|criticis\w+|"
    r"criticiz\w+|accus\w+|prais\w+|admit\w*|den(?:y|ies|ied)|agree\w*|mention\w*|rais\w+|express\w*|consider\w*|"
    r"propos\w+|recommend\w*|predict\w*|forecast\w*|expect\w*|conclud\w+|found|find|object\w*|complain\w*|insist\w*|"
    r"maintain\w*|opin\w+|views?|attitudes?|concerns?|stance|position|arguments?|discuss\w*|debat\w+|talk\w*|"
    r"summari[sz]e|give|gave|state[sd]?|stating|according to|explain\w*|comment\w*)"
)
_ATTRIBUTED = re.compile(
    rf"^(?:and |so |but |then |also )*(?:(?:did|does|do|has|have|had|was|were) (?!you\b)[^?]*\b{_SAYS}\b|"
    rf"(?:what|why|how|who|whom|which|where|when)\b[^?]*?\b(?:did|does|do|has|have|had|was|were)\b[^?]*\b{_SAYS}\b|"
    rf"(?:who|which \w+|what \w+|how many \w+) (?:\w+ )?{_SAYS}\b|summari[sz]e|describe|explain|give|list)|"
    rf"\b(?:according to|in the (?:view|opinion|words) of|\w+[’']s? (?:view|opinion|attitude|stance|position))\b",
    re.IGNORECASE,
)
_JUDGED = (
    r"(?:racist|sexist|islamophobic|discriminatory|biased|prejudiced|right|wrong|good|bad|better|best|worse|worst|"
    r"great|terrible|fair|unfair|just|unjust|justified|effective|ineffective|successful|useful|useless|pointless|"
    r"worth(?:while| it|less)?|necessary|unnecessary|sensible|stupid|foolish|honest|dishonest|sincere|insincere|"
    r"lying|a liar|liars|competent|incompetent|corrupt|evil|dangerous|harmful|credible|convincing|trustworthy|"
    r"trusted|excellent|poor|weak|strong|moral|immoral|ethical|unethical|reasonable|unreasonable|acceptable|"
    r"unacceptable|legitimate|brave|cowardly|important|appropriate|inappropriate|adequate|inadequate|enough|"
    r"fit for purpose|to be trusted|to be believed|toxic|broken|working|too (?:harsh|soft|lenient|strict|weak|slow|"
    r"expensive|late)|an? (?:\w+ )?(?:failure|success|disgrace|mistake|scandal|waste|disaster|shambles|joke|"
    r"hypocrite|"
    r"racist|good \w+|bad \w+|threat|danger|good thing|bad thing|con|sham|whitewash|cover-?up))"
)
_OPINION = re.compile(
    rf"^(?:and |so |but |then |well,? )*(?:(?:is|are|was|were|isn[’']t|aren[’']t|wasn[’']t)\b(?! it (?:true|right|"
    rf"correct|the case) that)[^?]*\b{_JUDGED}\b|(?:should|ought|shouldn[’']t)\b|"
    r"(?:does|do|did|has|have)\b[^?]*\b(?:deserve|go too far|gone too far|do(?:ne)? enough|do(?:es)? more harm)\b|"
    r"(?:does|do) (?:the |our |this )?[\w-]+(?: [\w-]+)? (?:really |actually )?work\s*\?*$|"
    r"how (?:good|bad|effective|fair|useful|honest|convincing|competent|successful|sincere|credible) (?:is|was|"
    r"are|were)\b|"
    r"(?:what|which|who) (?:is|was|are|were) the (?:best|worst|strongest|weakest|most (?:convincing|persuasive|"
    r"honest|effective|sensible))\b|what is wrong with\b)|"
    r"\b(?:who|which (?:side|speaker|party|member)s?) (?:won (?:the )?(?:debate|argument|exchange|day|case)\b|"
    r"(?:is|was|are|were) (?:the )?(?:more |most )?(?:right|"
    r"wrong|better|best|worst|worse|lying|correct|to be (?:believed|trusted)|telling the truth|honest|convincing)\b|"
    r"(?:made|had|has|makes|gave|put) the (?:best|better|worse|worst|stronger|strongest|weaker|weakest|more|most)\b|"
    r"(?:performed|did|spoke|came (?:out|off)) (?:best|better|worse|worst))|"
    r"\bdoing (?:a|an) (?:good|bad|great|poor|decent|terrible|excellent) job\b",
    re.IGNORECASE,
)
_OUTCOME = re.compile(
    r"\b(?:who|which \w+) (?:will|is going to|would) (?:win|lose|be (?:the )?next|become|replace|succeed)\b|"
    r"\bwhat (?:will|is going to|would) happen (?:in|next|if|when|after)\b|\bnext (?:general )?election\b|"
    r"\b(?:predict|forecast|foresee|how likely|what are the (?:chances|odds)|(?:is|are) (?:it|they) likely)\b|"
    r"\bwhat (?:will|is going to) [^?]*\b(?:conclude|decide|find|reveal|show|rule|cost|look like|be like|become|"
    r"happen)\s*(?:in|by|about|next|on)?\b[^?]{0,20}\?*$(?<!happen to)|"
    r"\b(?:is|are) [^?]{1,60}\bgoing to (?:win|lose|fail|succeed|resign|fall|collapse|survive|last|die|go up|"
    r"go down)\b|"
    r"\bwill there (?:ever )?be (?:another|more|an?|any)\b",
    re.IGNORECASE,
)
FUTURE = re.compile(
    r"^(?:and |so |but |then )*(?:will|won[’']t|shall|(?:is|are) [^?]{1,60}\bgoing to)\b|"
    r"^(?:and |so |but )*how (?:many|much)\b[^?]*\bwill\b[^?]*\b(?:be|cost|rise|fall)\b",
    re.IGNORECASE,
)
"""Whether something will come about: answered only by an undertaking that has all the words."""
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|‘[^’]*’(?!\w)")

ORDER = "that is an order, not a question about what was said."
_AN_OPINION = "that asks for an opinion, and it has none of its own."
_A_PREDICTION = "that asks what will happen, and it holds only what was said."


def why_refused(question: str) -> str | None:
    """Why no record could answer it, as the rest of a sentence ("The record does not say: …"); None where one could."""
    bare = _QUOTED.sub("it", question).strip()
    if _ORDERS.search(bare):
        return ORDER
    if _YOURS.search(bare):
        return _AN_OPINION
    if _ATTRIBUTED.search(bare):
        return None
    if _OPINION.search(bare):
        return _AN_OPINION
    return _A_PREDICTION if _OUTCOME.search(bare) else None


def attributed(question: str) -> bool:
    """Whether it asks what was said, thought or foretold."""
    return bool(_ATTRIBUTED.search(question))
