"""A paragraph into sentences, with respect for how Hansard prints them.

Hansard's abbreviations ("right hon.", "Mr.", "No. 10", "Vol. 767, c. 95"), initials and quotations are why a parser's
own sentence bounds are not used: it ends a sentence at every "hon.".
"""

from __future__ import annotations

import re

_END = re.compile(r"[.!?…]+[”’\"')\]]*(?=\s+[“‘\"'(\[]*[A-Z0-9£])")
_ABBREVIATED = re.compile(
    r"(?:\b(?:hon|Hon|Mr|Mrs|Ms|Dr|Prof|Rev|Revd|St|Lt|Col|Gen|Capt|Sgt|Vol|vol|col|cols|cc?|pp?|para|paras|Cm|Cmnd"
    r"|vs?|e\.g|i\.e|etc|Inc|Ltd|Co|Jr|Sr|Bt|art|Art|sec|Sec|approx)\.|\b[A-Z]\.(?:[A-Z]\.)*)$"
)
_NUMBERED = re.compile(r"\bNos?\.$")
_ENDS_AFTER_ABBREVIATION = re.compile(r"\b(?:etc|Ltd|Inc|Co)\.$")


def split(text: str) -> list[str]:
    """The sentences of one paragraph, in order, white space folded; joined by single spaces they are the paragraph."""
    text = " ".join(text.split())
    found: list[str] = []
    start = 0
    for end in _END.finditer(text):
        head = text[start : end.end()]
        ahead = text[end.end() :].lstrip()
        bare = head.rstrip("”’\"')]")
        if bare.endswith(".") and _joins(bare, ahead):
            continue
        if _inside_quotation(head) and len(head) < 600:
            continue
        found.append(head)
        start = end.end() + 1
    if tail := text[start:].strip():
        found.append(tail)
    return found


def _joins(head: str, ahead: str) -> bool:
    if _NUMBERED.search(head):
        return ahead[:1].isdigit()
    if _ENDS_AFTER_ABBREVIATION.search(head):
        return False
    return bool(_ABBREVIATED.search(head))


def _inside_quotation(head: str) -> bool:
    return head.count("“") > head.count("”")
