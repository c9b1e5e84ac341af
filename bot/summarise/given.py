"""Words that give what a question may ask for: a figure, a time, a reason."""

from __future__ import annotations

import re

from bot.summarise.lexical import content

FIGURE = re.compile(
    r"(?<!section )(?<!clause )(?<!amendment )(?<!no\. )(?:£\d|\b(?!(?:19|20)\d\d\b)(?!\d{1,2}(?:st|nd|rd|th)?\b "
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december))\d[\d,.]*)|"
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|"
    r"eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|billions?|"
    r"dozens?|only one|one in)\b",
    re.IGNORECASE,
)
TIME = re.compile(
    r"\b(?:(?:19|20)\d\d|january|february|march|april|in may|may \d|\d(?:st|nd|rd|th)? may|june|july|august|september|"
    r"october|november|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday|today|tomorrow|yesterday|"
    r"tonight|spring|summer|autumn|winter|easter|christmas|shortly|soon|immediately|"
    r"(?:next|last|this|coming|previous|following|past) (?:\w+ )?(?:week|month|year|term|session|parliament|decade|"
    r"quarter)s?|(?:days?|weeks?|months?|years?|decades?) (?:ago|later|earlier|before|after|time)|"
    r"in (?:due course|the (?:\w+ )?(?:days|weeks|months|years|future))|"
    r"(?:within|after|before|by|until|since|for|in) (?:the )?(?:\w+ ){0,3}(?:days?|weeks?|months?|years?))\b",
    re.IGNORECASE,
)
BECAUSE = re.compile(
    r"\b(?:because|owing to|due to|as a result of|on account of|the reasons?|in order to|so that|that is why)\b",
    re.IGNORECASE,
)


def counts(text: str, counted: str) -> bool:
    """Whether a figure stands right before what is counted ("7,412 referrals") or right after ("referrals fell to")."""
    return any(
        counted in content(" ".join([*text[: hit.start()].split()[-4:], "|", *text[hit.end() :].split()[:4]]))
        for hit in FIGURE.finditer(text)
    )
