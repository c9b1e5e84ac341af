"""What a sentence says before it says anything: connectives, whom it is addressed to, "I want to make it clear that".

Only words that assert what follows are taken away. "I think", "perhaps", "if" hold an opinion or a doubt and stay.
"""

from __future__ import annotations

import re

_CHAIRS = (
    r"(?:Mr\.? ?(?:Deputy )?Speaker|Madam (?:Deputy )?Speaker|my Lords|Mr\.? ?(?:Chair(?:man)?|President)|"
    r"Madam Chair(?:man|woman)?|Chair(?:man)?|Minister|Cabinet Secretary)"
)
_LINKS = (
    r"and|but|so(?! (?:many|much|far|few|long|little|that|called)\b)|however|therefore|moreover|furthermore|indeed|"
    r"obviously|frankly|personally|clearly|also|finally|lastly|of course|in fact|in addition|"
    r"(?:first|second|third|fourth|fifth|sixth)ly"
)
"""What links a sentence to the one before, with or without a comma."""
_ASIDES = (
    r"first|second|third|fourth|fifth|sixth|again|yet|now|then|equally|quite frankly|honestly|in all honesty|"
    r"to be (?:honest|fair|frank|clear|blunt)|in particular|that said|having said that|in short|in other words|"
    r"on (?:that|this) (?:point|note|basis)|well|yes|yeah|no|okay|ok|look|listen|right|actually|basically|essentially|"
    r"i mean|you know|as (?:you|we|we all) know|as (?:i|we) (?:have |just |already )*(?:said|mentioned)"
    r"(?: before| earlier)?|as the house (?:will )?knows?|as (?:hon\. |noble )?members (?:will )?know|"
    r"with (?:great |the greatest |all due |all )?respect|just to add[^,]*|simply put"
)
"""What is said aside, always with a comma: without one, "no" or "first" belongs to the sentence."""
_OPENING = re.compile(rf"^(?:(?:{_LINKS})\b[,:]?\s+|(?:{_ASIDES})[,:]\s+|(?:{_CHAIRS}),\s*)+", re.IGNORECASE)
VOCATIVE = re.compile(rf"{_CHAIRS}, ", re.IGNORECASE)
"""Whom a sentence is addressed to, at its head."""
_VOCATIVE_INSIDE = re.compile(
    r",\s+(?:Mr\.? ?(?:Deputy )?Speaker|Madam (?:Deputy )?Speaker|my Lords|Mr\.? ?Chair(?:man)?|Madam Chair(?:man)?|"
    r"Chair)(?=[,.?])",
    re.IGNORECASE,
)
_TAIL = re.compile(r",? (?:by the way|if you like|you know|I have to say|as I say|full stop)(?=[.?!]$)", re.IGNORECASE)
_HEARER = (
    r"(?:the house|the committee|the chamber|noble lords|hon\. members|members|canadians|people|everyone|everybody|"
    r"all members|him|her|you|them|(?:the|my) (?:right )?(?:hon\.|honourable|noble) (?:and \w+ )?"
    r"(?:friend|gentleman|lady|lord|baroness|member|colleague)s?|"
    r"right hon\. and hon\. members)"
)
_SAYING = (
    r"(?:say(?:ing)?|point(?:ing)? out|not(?:e|ing)|stress(?:ing)?|emphasi[sz](?:e|ing)|add(?:ing)?|mention(?:ing)?|"
    r"highlight(?:ing)?(?: the fact)?|argu(?:e|ing)|"
    r"mak(?:e|ing) (?:it |the point |very |absolutely |quite )*(?:clear)?|"
    r"be(?:ing)? (?:very |absolutely |quite |perfectly )?clear|"
    rf"(?:tell(?:ing)?|inform(?:ing)?|updat(?:e|ing)|assur(?:e|ing)|reassur(?:e|ing)|remind(?:ing)?) {_HEARER})"
)
_WISHING = (
    r"(?:i|we) (?:can|must|should|would|will|have to|do have to|want to|wish to|would like to|need to|"
    r"am (?:very |really |also )?(?:pleased|able|happy|glad|proud) to|am going to|just want to|simply|also)|"
    r"i[’']d(?: like to)?|i[’']ll|i[’']m (?:very |really |also )?(?:pleased|happy|glad|proud) to|i[’']m going to|"
    r"let me|(?:may|can|could) i"
)
_PRELUDE = re.compile(
    rf"^(?:(?:{_WISHING}) (?:also |just |now |today |simply |again |therefore |gently |(?:start|begin|finish|end) by |"
    rf"quickly |briefly )*{_SAYING}(?: today| again| here)?(?: that|[:,](?= [a-z]))|"
    r"let me be (?:very |absolutely |quite )?clear(?: that|[:,.])|"
    r"i (?:say|repeat) (?:again )?(?:to (?:the )?[\w. ]{3,40} )?that|"
    r"(?:the )?(?:simple )?(?:fact|truth|reality|point) (?:of the matter )?(?:here )?is,? that|the fact remains that|"
    r"it (?:is|[’']s) (?:also )?(?:important|worth|fair) (?:to (?:note|say|remember|point out)|noting|saying|"
    r"remembering) that|it['’]s (?:important|worth|fair) (?:to (?:note|say|remember)|noting|saying) that|"
    r"i (?:know|think (?:it (?:is|[’']s) (?:important|worth|fair) (?:to (?:note|say)|noting|saying))) that|"
    r"what i (?:would|can|will|am going to) say is(?: that|[:,])|what i[’']d say is(?: that|[:,])|"
    r"what i['’]m saying is(?: that|[:,]))\s+",
    re.IGNORECASE,
)
_ANNOUNCED = re.compile(
    r"^i (?:can|am (?:pleased|able|happy|glad|proud) to|want to|wish to) (?:also |now |today )*(announce|confirm) "
    r"(?:to the house )?(?:today )?that\s+",
    re.IGNORECASE,
)


def prepared(text: str) -> tuple[str, str]:
    """The sentence without what opens it, and the verb of saying that its opening implies."""
    text = _TAIL.sub("", _VOCATIVE_INSIDE.sub("", text))
    for _ in range(3):
        before, text = text, _OPENING.sub("", text)
        if found := _ANNOUNCED.match(text):
            return _capital(text[found.end() :]), {"announce": "announced", "confirm": "confirmed"}[found[1].lower()]
        text = _PRELUDE.sub("", text)
        if text == before:
            break
    return _capital(text), "said"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
