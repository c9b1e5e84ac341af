"""What is compared: sentences of the evidence, and the parts of a claim that must each be carried."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from spacy.tokens import Doc, Span, Token

from bot.domain import Contribution
from bot.summarise.verifying import lexicon
from bot.summarise.verifying.acts import ACTS
from bot.summarise.verifying.clauses import Clause, clauses
from bot.summarise.verifying.figures import Figure, figures
from bot.summarise.verifying.words import is_content, is_name, lemma, same_sense, stem


@dataclass(frozen=True)
class SourceSentence:
    """One sentence of a contribution, read."""

    contribution: Contribution
    span: Span
    text: str
    clauses: tuple[Clause, ...]
    lemmas: frozenset[str]
    content: tuple[Token, ...]
    figures: tuple[Figure, ...]
    stems: frozenset[str]


def read_sentence(contribution: Contribution, span: Span) -> SourceSentence:
    tokens = [token for token in span if not token.is_punct]
    lemmas = frozenset(form for token in tokens for form in (lemma(token), token.lower_))
    return SourceSentence(
        contribution=contribution,
        span=span,
        text=span.text,
        clauses=tuple(clauses(span)),
        lemmas=lemmas,
        content=tuple(token for token in tokens if is_content(token)),
        figures=tuple(figures(span.text)),
        stems=frozenset(stem(word) for word in lemmas),
    )


@dataclass(frozen=True)
class Window:
    """A sentence with its neighbours: the most of a contribution that one part of a claim may draw on."""

    sentences: tuple[SourceSentence, ...]
    primary: int
    before: tuple[SourceSentence, ...]
    """The same contribution's sentences ahead of the window: where its pronouns may find their nouns."""

    @property
    def main(self) -> SourceSentence:
        return self.sentences[self.primary]

    @property
    def lemmas(self) -> frozenset[str]:
        return frozenset().union(*(sentence.lemmas for sentence in self.sentences))

    @property
    def text(self) -> str:
        return " ".join(sentence.text for sentence in self.sentences)

    @property
    def alone(self) -> Window:
        """The sentence itself; those ahead of it are where its pronouns find their nouns."""
        return Window((self.main,), 0, (*self.before, *self.sentences[: self.primary]))


def windows(read: Sequence[SourceSentence], index: int, reach: int = 1) -> Window:
    """The window round one sentence of a contribution."""
    start = max(0, index - reach)
    return Window(tuple(read[start : index + reach + 1]), index - start, tuple(read[:start]))


@dataclass(frozen=True)
class Frame:
    """'Dan Jarvis told the House that': who, by which verb, and whether it reports a question."""

    subject: str
    pronoun: bool
    act: Token | None
    asks: bool
    tokens: frozenset[int] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Part:
    """What must be carried as one: a main clause of the claim with what hangs on it."""

    frame: Frame | None
    tokens: tuple[Token, ...]
    clauses: tuple[Clause, ...]
    text: str

    @property
    def content(self) -> list[Token]:
        return [token for token in self.tokens if is_content(token)]

    @property
    def names(self) -> list[Token]:
        return [token for token in self.tokens if is_name(token)]

    @property
    def figures(self) -> list[Figure]:
        return figures(self.text)


_SUBJECTS = {"nsubj", "nsubjpass"}
_SPEECH = lexicon.SAYING | lexicon.ASKING | frozenset(ACTS)
_PRONOUNS = {"he", "she", "they"}


def _phrase(token: Token) -> str:
    kept = [
        leaf
        for leaf in token.subtree
        if leaf.dep_ not in {"relcl", "acl"} and not _under(leaf, token, {"relcl", "acl", "appos"})
    ]
    return " ".join(leaf.text for leaf in kept).replace(" - ", "-").replace(" '", "'")


def _under(leaf: Token, top: Token, dependencies: set[str]) -> bool:
    while leaf.i not in {top.i, leaf.head.i}:
        if leaf.dep_ in dependencies:
            return True
        leaf = leaf.head
    return False


def _subject_of(verb: Token) -> Token | None:
    own = next((child for child in verb.children if child.dep_ in _SUBJECTS), None)
    if own is None and verb.dep_ == "conj":
        return _subject_of(verb.head)
    return own


def _coordinates(verb: Token) -> list[Token]:
    """The verb and the verbs joined to it, in order."""
    found = [verb]
    for child in verb.children:
        if child.dep_ == "conj" and child.pos_ in {"VERB", "AUX"}:
            found += _coordinates(child)
    return found


def _subtree_without(top: Token, excluded: set[int]) -> list[Token]:
    if top.i in excluded:
        return []
    found = [top]
    for child in top.children:
        found += _subtree_without(child, excluded)
    return sorted(found, key=lambda token: token.i)


def _part(frame: Frame | None, tokens: Sequence[Token], found: dict[int, Clause], keep: Token | None = None) -> Part:
    kept = tuple(token for token in tokens if not token.is_space)
    text = "".join(token.text_with_ws for token in kept).strip(" ,;")
    inside = {token.i for token in kept}
    if keep is not None and lemma(keep) in ACTS and lemma(keep) not in lexicon.ASKING:
        inside.add(keep.i)
    return Part(frame, kept, tuple(found[i] for i in sorted(inside & found.keys())), text)


def parts(claim: Doc, is_speaker: object) -> Iterator[Part]:
    """The claim's parts in order. `is_speaker(phrase)` says whether a phrase names somebody who speaks."""
    test = is_speaker if callable(is_speaker) else (lambda phrase: False)
    for sentence in claim.sents:
        found = {clause.verb.i: clause for clause in clauses(sentence)}
        heads = _coordinates(sentence.root)
        for head in heads:
            others = {other.i for other in heads if other.i != head.i}
            yield from _parts_of(head, others, found, test)


def _parts_of(head: Token, others: set[int], found: dict[int, Clause], test: object) -> Iterator[Part]:
    subject = _subject_of(head)
    phrase = _phrase(subject) if subject is not None else ""
    pronoun = phrase.lower() in _PRONOUNS
    speaks = subject is not None and (pronoun or bool(test(phrase)))  # type: ignore[operator]
    whole = _subtree_without(head, others)
    if not speaks or subject is None or not _tells(head):
        frame = Frame(phrase, pronoun, None, False) if speaks else None
        yield _part(frame, whole, found)
        return
    drop = {head.i, *(leaf.i for leaf in subject.subtree)}
    asks = lemma(head) in lexicon.ASKING
    complements: list[Token] = []
    for child in head.children:
        if child.dep_ in {"aux", "auxpass", "mark", "punct", "cc"}:
            drop.add(child.i)
        elif child.dep_ in {"dobj", "dative", "pobj"} and (
            lemma(child) in lexicon.ADDRESSEES or child.lower_ in lexicon.ADDRESSEES
        ):
            drop |= {leaf.i for leaf in child.subtree}
        elif child.dep_ in {"ccomp", "xcomp"} and child.pos_ in {"VERB", "AUX"} and child.i not in others:
            complements.append(child)
            asks = asks or any(leaf.lower_ == "whether" for leaf in child.children)
    frame = Frame(phrase, pronoun, head, asks, frozenset(drop))
    if not complements:
        yield _part(frame, [token for token in whole if token.i not in drop], found, keep=head)
        return
    joined = [verb for complement in complements for verb in _coordinates(complement)]
    inside = {verb.i for verb in joined}
    rest = [token for token in whole if token.i not in drop and not any(_is_in(token, verb) for verb in joined)]
    for place, verb in enumerate(joined):
        own = [
            token
            for token in _subtree_without(verb, inside - {verb.i})
            if token.lower_ not in {"that"} or token.dep_ != "mark"
        ]
        yield _part(frame, sorted([*own, *rest], key=lambda token: token.i) if place == 0 else own, found)


def _tells(head: Token) -> bool:
    """Whether the verb, as it stands, reports speech or names an act of speech; 'did not accept' and 'will update'
    do not."""
    if lemma(head) not in _SPEECH or any(child.dep_ in {"neg", "auxpass"} for child in head.children):
        return False
    if any(child.dep_ == "aux" and child.lower_ not in {"had", "has", "have", "did"} for child in head.children):
        return False
    if lemma(head) in lexicon.INTENTS - lexicon.ASKING and any(child.dep_ == "xcomp" for child in head.children):
        return lemma(head) in {"promise", "pledge", "undertake", "commit", "vow", "agree", "offer"}
    if lemma(head) in lexicon.ASKING or lemma(head) in ACTS:
        return True
    return any(child.dep_ in {"ccomp", "xcomp"} or child.lower_ in {"about", "of"} for child in head.children)


def _is_in(token: Token, top: Token) -> bool:
    return token.i == top.i or any(ancestor.i == top.i for ancestor in token.ancestors)


def to_compare(part: Part, found: Sequence[Window]) -> set[str]:
    """The lone words whose likeness may be asked in comparing the part with the windows: none that a lemma decides."""
    sentences = {id(sentence): sentence for window in found for sentence in window.sentences}.values()
    known = {lemma(token) for sentence in sentences for token in sentence.content}
    verbs = {clause.predicate for sentence in sentences for clause in sentence.clauses}
    mine = {lemma(token) for token in part.content} - lexicon.LIGHT
    open_words = {word for word in mine if not any(same_sense(word, other) for other in known)}
    predicates = {clause.predicate for clause in part.clauses if clause.predicate not in verbs}
    wanted = open_words | predicates
    return wanted | (known if open_words else frozenset()) | (verbs if predicates else frozenset()) if wanted else set()
