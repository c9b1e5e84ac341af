"""A writer that lies: for any evidence it answers with fluent falsehoods, one of each kind that the verifier must
stop."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain import Contribution

_FIGURE = re.compile(r"\d[\d,]*")
_MONTHS = "January February March April May June July August September October November December".split()


@dataclass(frozen=True, slots=True)
class Lie:
    """A falsehood about one contribution, its kind, and whose words it claims to be."""

    kind: str
    text: str
    speaker: str


def _sentences(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"(?<=[.?!])(?<!hon\.)\s+", text) if part.strip()]


def _low(sentence: str) -> str:
    return sentence if sentence.startswith("I ") else sentence[:1].lower() + sentence[1:]


def lies_about(item: Contribution, others: Sequence[str]) -> list[Lie]:
    """Every lie that the contribution's words allow. `others` are speakers who said none of it."""
    who = item.speaker or "The minister"
    found: list[Lie] = []

    def tell(kind: str, text: str, speaker: str = who) -> None:
        found.append(Lie(kind, text, speaker))

    for sentence in _sentences(item.text):
        body = sentence.rstrip(".?!")
        if figure := _FIGURE.search(sentence):
            changed = str(int(figure[0].replace(",", "")) + 17)
            tell("number", sentence[: figure.start()] + changed + sentence[figure.end() :])
        for month in _MONTHS:
            if month in sentence and month != "May":
                tell("date", sentence.replace(month, _MONTHS[(_MONTHS.index(month) + 5) % 12]))
        for name in re.findall(r"(?<=[a-z] )[A-Z][a-z]{3,}(?: [A-Z][a-z]+)*", sentence):
            tell("name", sentence.replace(name, "Wolverham"))
        if sentence.endswith("?") and (
            asked := re.match(r"(Will|Can|Does|Is) (the \w+(?: of the \w+)?) (.+)\?", sentence)
        ):
            tell("question made a statement", f"{who} said that {asked[2]} {asked[1].lower()} {asked[3]}.")
        for modal, firm in ((" may ", " will "), (" might ", " will ")):
            if modal in sentence:
                tell("modality", sentence.replace(modal, firm))
        if " not " in sentence and not sentence.endswith("?"):
            tell(
                "negation dropped",
                re.sub(r"\b(?:did|do|does) not ", "", sentence)
                if re.search(r"\bd(?:id|o|oes) not ", sentence)
                else sentence.replace(" not ", " "),
            )
        for sure in (" will ", " is ", " are ", " was "):
            if sure in sentence and " not " not in sentence and not sentence.endswith("?"):
                tell("negation added", sentence.replace(sure, f"{sure}not ", 1))
                break
        for pronoun in ("He ", "She "):
            if sentence.startswith(pronoun):
                tell("act given to the speaker", f"{who} {sentence[len(pronoun) :]}")
                tell("act given to the speaker", f"{who} said that {_low(sentence)}")
        if not sentence.endswith("?"):
            tell("cause invented", f"{body} because the Treasury had objected.")
            tell("quotation", f"“{body}, which is a national scandal”")
        for other in others:
            tell("speaker swapped", sentence, other)
            if not sentence.endswith("?"):
                tell("speaker swapped", f"{other} said that {_low(sentence)}", other)
    tell("attitude invented", f"{who} was furious about the decision.")
    tell("attitude invented", f"{who} raised concerns about the cost of the monarchy.")
    return found


class LyingWriter:
    """A `Writer` whose every answer is a falsehood about the contribution that the prompt carries."""

    name = "liar"

    def __init__(self, contributions: Sequence[Contribution]) -> None:
        speakers = list(dict.fromkeys(item.speaker for item in contributions if item.speaker))
        self._lies = {
            item.text: lies_about(item, [name for name in speakers if name != item.speaker]) for item in contributions
        }
        self._told = 0

    def write(self, prompts: Sequence[str], *, max_tokens: int = 70) -> list[str]:
        """One falsehood a prompt, another each time: about the contribution that shares most words with the prompt."""
        answers = []
        for prompt in prompts:
            words = set(prompt.lower().split())
            about = max(self._lies, key=lambda text: len(words & set(text.lower().split())))
            lies = self._lies[about]
            answers.append(lies[self._told % len(lies)].text)
            self._told += 1
        return answers


class Scripted:
    """A `Writer` that gives the same answers whatever it is asked, over and over."""

    name = "scripted"

    def __init__(self, answers: Sequence[str]) -> None:
        self._answers = answers

    def write(self, prompts: Sequence[str], *, max_tokens: int = 70) -> list[str]:
        """As many answers as there are prompts."""
        del max_tokens
        return [self._answers[index % len(self._answers)] for index in range(len(prompts))]
