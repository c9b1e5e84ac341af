"""Falsehoods and truths made by rule from real sentences, for measuring the verifier. Each maker returns None
where it cannot."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

from lemminflect import getInflection
from spacy.tokens import Span, Token

Maker = Callable[[Span, str, random.Random, Sequence[str]], str | None]
"""(sentence, speaker, dice, names from elsewhere) -> a claim."""

TURNS = [
    (left, right)
    for left, _, right in (
        pair.partition("/")
        for pair in (
            "increase/decrease increased/decreased increasing/decreasing more/less before/after all/some "
            "support/oppose important/unimportant "
            "accept/reject agree/disagree good/bad better/worse first/last many/few always/never "
            "high/low higher/lower strong/weak improve/worsen start/stop public/private young/old possible/impossible "
            "able/unable clear/unclear local/national different/same right/wrong large/small include/exclude open/close"
        ).split()
    )
]
MONTHS = "January February March April June July August September October November December".split()
FIRST = {
    "i": "he",
    "me": "him",
    "my": "his",
    "mine": "his",
    "myself": "himself",
    "we": "they",
    "us": "them",
    "our": "their",
    "ours": "theirs",
}
SHIFT = {
    "am": "was",
    "is": "was",
    "are": "were",
    "'m": "was",
    "'re": "were",
    "have": "had",
    "has": "had",
    "'ve": "had",
    "will": "would",
    "'ll": "would",
    "wo": "would",
    "shall": "would",
    "can": "could",
    "ca": "could",
    "may": "might",
    "do": "did",
    "does": "did",
}


def join(words: Sequence[str]) -> str:
    text = re.sub(r"\s+", " ", "".join(words)).strip()
    return text[:1].upper() + text[1:]


def _replaced(sentence: Span, token: Token, word: str) -> str:
    return join([(word + other.whitespace_) if other.i == token.i else other.text_with_ws for other in sentence])


def number(sentence: Span, speaker: str, dice: random.Random, names: Sequence[str]) -> str | None:
    found = [token for token in sentence if re.fullmatch(r"\d[\d,.]*\d|\d", token.text)]
    if not found:
        return None
    token = dice.choice(found)
    digits = re.sub(r"\D", "", token.text)
    return _replaced(sentence, token, str(int(digits) + dice.choice([2, 3, 7, 11, 40])))


def day(sentence: Span, speaker: str, dice: random.Random, names: Sequence[str]) -> str | None:
    found = [token for token in sentence if token.text in MONTHS]
    return (
        _replaced(sentence, found[0], dice.choice([month for month in MONTHS if month not in sentence.text]))
        if found
        else None
    )


def name(sentence: Span, speaker: str, dice: random.Random, names: Sequence[str]) -> str | None:
    found = [
        token
        for token in sentence
        if token.ent_type_ in {"GPE", "PERSON", "ORG"} and token.pos_ == "PROPN" and len(token) > 3
    ]
    if not found or not names:
        return None
    return _replaced(sentence, dice.choice(found), dice.choice(names))


def negation(sentence: Span, speaker: str, dice: random.Random, names: Sequence[str]) -> str | None:
    root = sentence.root
    if any(child.dep_ == "neg" for child in root.children):
        kept = [token for token in sentence if not (token.dep_ == "neg" and token.head.i == root.i)]
        words = [t.text + " " if t.i + 1 < len(t.doc) and t.nbor(1).dep_ == "neg" else t.text_with_ws for t in kept]
        return join(words).replace("ca ", "can ").replace("wo ", "will ")
    auxiliaries = [
        child for child in root.children if child.dep_ in {"aux", "auxpass"} and child.lower_ not in {"to", "'d"}
    ]
    token = auxiliaries[0] if auxiliaries else root if root.lower_ in {"is", "are", "was", "were"} else None
    return _replaced(sentence, token, f"{token.text} not") if token is not None and sentence[-1].text != "?" else None


def modality(sentence: Span, speaker: str, dice: random.Random, names: Sequence[str]) -> str | None:
    turns = {"may": "will", "might": "will", "could": "will", "will": "may", "should": "will", "must": "may"}
    found = [t for t in sentence if t.tag_ == "MD" and t.lower_ in turns and t.head.dep_ in {"ROOT", "ccomp", "conj"}]
    return _replaced(sentence, found[0], turns[found[0].lower_]) if found and sentence[-1].text != "?" else None


def pronoun(sentence: Span, speaker: str, dice: random.Random, names: Sequence[str]) -> str | None:
    found = [
        t for t in sentence if t.lower_ in {"he", "she"} and t.dep_ in {"nsubj", "nsubjpass"} and t.head.dep_ == "ROOT"
    ]
    return (
        _replaced(sentence, found[0], re.sub(r"\s*\(.*", "", speaker)) if found and sentence[-1].text != "?" else None
    )


def question(sentence: Span, speaker: str, dice: random.Random, names: Sequence[str]) -> str | None:
    first = sentence[0]
    subject = next((t for t in sentence.root.children if t.dep_ in {"nsubj", "nsubjpass"}), None)
    if sentence[-1].text != "?" or first.pos_ != "AUX" or subject is None or subject.lower_ in {"you", "i"}:
        return None
    phrase = {leaf.i for leaf in subject.subtree}
    ahead = [t for t in sentence if t.i in phrase]
    rest = [t for t in sentence if t.i not in phrase and t.i not in {first.i, sentence[-1].i}]
    if not rest or ahead[0].i != first.i + 1:
        return None
    subject_words, others = ("".join(t.text_with_ws for t in run) for run in (ahead, rest))
    return f"{speaker} said that {subject_words}{first.lower_} {others}".strip() + "."


def antonym(sentence: Span, speaker: str, dice: random.Random, names: Sequence[str]) -> str | None:
    turns = dict(TURNS) | {right: left for left, right in TURNS}
    low = {token.lower_ for token in sentence}
    found = [
        t
        for t in sentence
        if t.lower_ in turns and turns[t.lower_] not in low and t.dep_ not in {"prt", "advmod", "intj"}
    ]
    return (
        _replaced(
            sentence,
            dice.choice(found),
            turns[dice.choice(found).lower_] if len(found) == 1 else turns[found[0].lower_],
        )
        if len(found) == 1
        else None
    )


def swap(sentence: Span, speaker: str, dice: random.Random, names: Sequence[str]) -> str | None:
    root = sentence.root
    one = next((t for t in root.children if t.dep_ == "nsubj" and t.pos_ in {"NOUN", "PROPN"}), None)
    two = next((t for t in root.children if t.dep_ == "dobj" and t.pos_ in {"NOUN", "PROPN"}), None)
    if one is None or two is None or root.pos_ != "VERB" or sentence[-1].text == "?":
        return None
    left, right = sorted(t.i for t in one.subtree), sorted(t.i for t in two.subtree)
    first, second = sentence.doc[left[0] : left[-1] + 1], sentence.doc[right[0] : right[-1] + 1]
    if first.end > second.start or len(first) > 6:
        return None
    doc = sentence.doc
    return join(
        [
            doc[sentence.start : first.start].text_with_ws,
            second.text,
            " ",
            doc[first.end : second.start].text_with_ws,
            first.text,
            " ",
            doc[second.end : sentence.end].text_with_ws,
        ]
    )


def attitude(sentence: Span, speaker: str, dice: random.Random, names: Sequence[str]) -> str | None:
    nouns = [t for t in sentence if t.dep_ == "dobj" and t.pos_ == "NOUN"]
    if not nouns or re.search(
        r"concern|worr|welcom|critic|regret|thank|glad|pleas|fail|wrong|bad|poor|not|n't|sorry|good|fear|no ",
        sentence.text,
    ):
        return None
    phrase = "".join(t.text_with_ws for t in nouns[0].subtree).strip(" .,")
    act = dice.choice(["raised concerns about", "criticised", "welcomed", "expressed regret over"])
    return f"{speaker} {act} {phrase}."


def cause(sentence: Span, speaker: str, dice: random.Random, names: Sequence[str]) -> str | None:
    if (
        re.search(
            r"because|since|so\b|as\b|due|result|lead|led|cause|reason|for\b|through|by\b|therefore|make|mean|given|contribut|why",
            sentence.text,
        )
        or sentence[-1].text == "?"
    ):
        return None
    joints = [t for t in sentence if t.lower_ == "and" and t.dep_ == "cc" and t.head.pos_ in {"VERB", "AUX"}]
    return _replaced(sentence, joints[0], "because") if joints else None


CORRUPTIONS: dict[str, Maker] = {
    "number": number,
    "date": day,
    "name": name,
    "negation": negation,
    "modality": modality,
    "pronoun to speaker": pronoun,
    "question to statement": question,
    "antonym": antonym,
    "subject and object": swap,
    "attitude invented": attitude,
    "cause invented": cause,
}


def reported(sentence: Span, speaker: str) -> str | None:
    """The sentence as reported speech: first person to third, tenses back."""
    if (
        sentence[-1].text != "."
        or any(t.lower_ in {"you", "your", '"'} for t in sentence)
        or not 6 <= len(sentence) <= 40
    ):
        return None
    if (
        sentence.root.pos_ not in {"VERB", "AUX"}
        or not any(t.dep_ in {"nsubj", "nsubjpass"} for t in sentence.root.children)
        or sentence[0].pos_ in {"CCONJ", "INTJ"}
    ):
        return None
    words: list[str] = []
    for token in sentence[:-1]:
        word = FIRST.get(token.lower_, token.text)
        if token.pos_ == "AUX" and token.lower_ in SHIFT:
            word = (
                ("were" if token.nbor(-1).lower_ in {"we", "they"} else "was")
                if token.lower_ == "am"
                else SHIFT[token.lower_]
            )
        elif token.tag_ in {"VBP", "VBZ"}:
            word = (getInflection(token.lemma_, "VBD") or (token.text,))[0]
        if token.is_sent_start and token.ent_type_ == "" and token.pos_ != "PROPN":
            word = word[:1].lower() + word[1:]
        ahead = (
            " " if words and not words[-1].endswith(" ") and word != token.text and token.text.startswith("'") else ""
        )
        words.append(ahead + word + token.whitespace_)
    return f"{speaker} said that {''.join(words).strip()}."
