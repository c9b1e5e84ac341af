"""Tenses moved back for reported speech: "is" to "was", "will" to "would", "has found" to "had found".

Hansard's own reported style: every finite present verb moves back one step, a simple past stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lemminflect import getInflection

if TYPE_CHECKING:
    from spacy.tokens import Token

_MODALS = {
    "will": "would",
    "'ll": "would",
    "’ll": "would",
    "wo": "would",
    "can": "could",
    "ca": "could",
    "may": "might",
    "shall": "would",
    "sha": "would",
}
_BE = {
    "is": "was",
    "'s": "was",
    "’s": "was",
    "am": "was",
    "'m": "was",
    "’m": "was",
    "are": "were",
    "'re": "were",
    "’re": "were",
}
_HAVE = {"has", "have", "'s", "’s", "'ve", "’ve"}
_UNPASSIVE = frozenset("been gone become come got had happened grown".split())
_SUBJUNCTIVE_AFTER = {"recommend", "ask", "demand", "insist", "suggest", "require", "propose", "urge", "request"}


def finite(token: Token) -> bool:
    """Whether the token is a finite verb in the present, a modal included."""
    if token.tag_ == "VBP" and any(child.tag_ == "MD" for child in token.children):
        return False
    if token.tag_ in {"VBZ", "VBP", "MD"}:
        return True
    return token.tag_ == "VB" and _mistaken(token)


def shifted(token: Token) -> str:
    """The token one step back in time; unchanged where it is not a finite present verb."""
    text = token.text.lower()
    if token.tag_ == "MD":
        return _MODALS.get(text, token.text)
    if not finite(token):
        return token.text
    following = token.doc[token.i + 1].lower_ if token.i + 1 < len(token.doc) else ""
    if token.lemma_ == "have" or (text in _HAVE and (_perfect(token) or following in {"been", "had", "got"})):
        return "had"
    if text in _BE:
        return _BE[text]
    return past(token)


def past(token: Token) -> str:
    """The simple past of the token's lemma, which stays as it is where it is no verb that the dictionary knows."""
    if token.lemma_ in {"do", "have"}:
        return {"do": "did", "have": "had"}[token.lemma_]
    found = getInflection(token.lemma_, tag="VBD", inflect_oov=False)
    return str(found[0]) if found else token.text


def participle(token: Token) -> str:
    """The past participle of the token's lemma."""
    found = getInflection(token.lemma_, tag="VBN", inflect_oov=False)
    return str(found[0]) if found else token.text


def _perfect(token: Token) -> bool:
    """Whether an auxiliary "'s" or "have" makes a perfect: "'s been", "'s gone", but "'s found" may be "is found"."""
    if token.head.lower_ in _UNPASSIVE:
        return True
    return token.dep_ == "aux" and token.head.tag_ == "VBN"


def _mistaken(token: Token) -> bool:
    """A present plural that the tagger took for an infinitive: it has a subject and neither auxiliary nor "to"."""
    children = list(token.children)
    if any(child.dep_ in {"aux", "auxpass"} for child in children):
        return False
    if not any(child.dep_ in {"nsubj", "nsubjpass"} and child.i < token.i for child in children):
        return False
    return token.head.lemma_ not in _SUBJUNCTIVE_AFTER and token.dep_ in {"ROOT", "relcl", "advcl", "conj", "ccomp"}
