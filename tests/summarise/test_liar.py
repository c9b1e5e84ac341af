"""A writer that tells a falsehood of each kind about the words that it is given gets none into a digest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from bot.domain import Contribution, Document, Kind, Origin
from bot.inference.models import Models
from bot.summarise.digest import summarise
from bot.summarise.verify import Verifier

MINISTER, CRITIC, OTHER = "Eleanor Marsh", "Alistair Croome", "Nadia Rahimi"
SPEECHES = (
    Contribution(
        "c1",
        "The review of the Norminster case found that the Channel panel had closed it in March 2024. Mr Dace left the "
        "programme in April of that year. We are spending £18 million on Prevent training, an increase of 12 per cent. "
        "We may extend the duty to prisons next year. The police did not tell the college of the second referral. "
        "I have asked Dame Ruth Callow to publish her findings by 30 June.",
        MINISTER,
        party="Lab",
        role="The Minister for Security",
    ),
    Contribution(
        "c2",
        "The panel closed the case because nobody on it had read the file. Last year the Conservatives would have "
        "funded 22 more co-ordinators. Will the Minister hold a public inquiry into the Norminster case?",
        CRITIC,
        party="Con",
        role="Shadow Minister for Security",
    ),
    Contribution(
        "c3",
        "Many teachers in Harrowby fear that a referral to Prevent will harm the child. The Education Secretary wrote "
        "to every school in Harrowby after the panel reported.",
        OTHER,
        party="LD",
    ),
)
DEBATE = Document("file", "lies", Kind.DEBATE, "Prevent: Norminster", SPEECHES, date=date(2026, 2, 4), house="Commons")

LIES: tuple[tuple[str, str, str, str], ...] = (
    # kind, words of the source that it lies about, whose they are, the lie
    ("number", "22 more", CRITIC, "He said that the Conservatives would have funded 27 more co-ordinators."),
    ("date", "closed it in March", MINISTER, "Eleanor Marsh said that the panel had closed the case in May 2024."),
    ("day", "30 June", MINISTER, "Eleanor Marsh said that Dame Ruth Callow would publish her findings by 13 June."),
    ("sum", "£18 million", MINISTER, "Eleanor Marsh said that £80 million was being spent on Prevent training."),
    ("percentage", "12 per cent", MINISTER, "Eleanor Marsh said that spending on training was up by 21 per cent."),
    ("name", "Mr Dace", MINISTER, "Eleanor Marsh said that Mr Croome had left the programme in April."),
    ("halves of names", "Dame Ruth", MINISTER, "Eleanor Marsh said that Dame Ruth Rahimi would publish her findings."),
    ("place", "teachers in Harrowby", OTHER, "Nadia Rahimi said that many teachers in Norminster feared a referral."),
    ("office", "Education Secretary", OTHER, "She said that the Health Secretary had written to every school."),
    ("party", "the Conservatives", CRITIC, "He said that Labour would have funded 22 more co-ordinators."),
    ("swapped speaker", "nobody on it", OTHER, "Nadia Rahimi said that nobody on the panel had read the file."),
    ("according to another", "nobody on it", OTHER, "According to Nadia Rahimi, nobody had read the file."),
    ("a third person's act", "Mr Dace left", MINISTER, "Eleanor Marsh said that she had left the programme in April."),
    ("a third person's act", "Mr Dace left", MINISTER, "The minister left the programme in April 2024."),
    ("negation dropped", "did not tell", MINISTER, "Eleanor Marsh said that the police had told the college."),
    ("negation added", "had closed it", MINISTER, "Eleanor Marsh said that the panel had not closed the case."),
    ("may hardened", "may extend", MINISTER, "Eleanor Marsh said that the duty would be extended to prisons."),
    ("question stated", "public inquiry", CRITIC, "He said that the minister would hold a public inquiry."),
    ("attitude", "findings by", MINISTER, "Eleanor Marsh criticised Dame Ruth Callow's findings."),
    ("attitude", "many teachers", OTHER, "Nadia Rahimi welcomed the duty on teachers."),
    ("cause", "12 per cent", MINISTER, "She said that training cost more because the panel had closed the case."),
    ("order", "after the panel", OTHER, "Nadia Rahimi said that he wrote to every school before the panel reported."),
    ("roles turned", "did not tell", MINISTER, "Eleanor Marsh said that the college had not told the police."),
    ("quotation", "findings by", MINISTER, "Eleanor Marsh said: “I have told Dame Ruth Callow to hurry.”"),
    ("no evidence", "findings by", MINISTER, "Eleanor Marsh said that the Channel panel would be abolished."),
)  # fmt: skip
TRUTHS = (
    (CRITIC, "Alistair Croome said that the Conservatives would have funded 22 more co-ordinators."),
    (MINISTER, "Eleanor Marsh said that £18 million was being spent on Prevent training."),
    (MINISTER, "Eleanor Marsh said that the police had not told the college of the second referral."),
    (OTHER, "Nadia Rahimi said that many teachers in Harrowby feared that a referral would harm the child."),
    (CRITIC, "According to Alistair Croome, nobody on the panel had read the file."),
)


class Liar:
    """A `Writer` that answers each prompt with the lies about its words, another each time."""

    name = "liar"

    def __init__(self, first: int) -> None:
        self._told, self.answered = first, 0

    def write(self, prompts: Sequence[str], *, max_tokens: int = 70) -> list[str]:
        del max_tokens
        answers = []
        for prompt in prompts:
            about = [lie for _, words, _, lie in LIES if words in prompt] or [LIES[self._told % len(LIES)][3]]
            answers.append(about[self._told % len(about)])
            self._told += 1
        self.answered += len(answers)
        return answers


@dataclass(frozen=True)
class With:
    """The models with another writer."""

    models: Models
    writer: Liar

    def __getattr__(self, name: str) -> Any:
        return getattr(self.models, name)


@pytest.fixture(scope="module")
def verifier(models: Models) -> Verifier:
    return Verifier(DEBATE, models.parser, models.encoder)


def evidence_of(speaker: str) -> list[str]:
    return [item.id for item in SPEECHES if item.speaker == speaker]


@pytest.mark.parametrize(("kind", "about", "speaker", "lie"), LIES, ids=[f"{row[0]}: {row[3][:50]}" for row in LIES])
def test_each_kind_of_lie_is_refused(verifier: Verifier, kind: str, about: str, speaker: str, lie: str) -> None:
    for origin, whose in ((Origin.WRITTEN, speaker), (None, None)):
        finding = verifier.check(lie, evidence=evidence_of(speaker), speaker=whose, origin=origin)
        assert not finding.supported, (kind, finding)
    assert not verifier.check(lie).supported


@pytest.mark.parametrize(("speaker", "truth"), TRUTHS)
def test_what_the_same_words_carry_is_kept(verifier: Verifier, speaker: str, truth: str) -> None:
    finding = verifier.check(truth, evidence=evidence_of(speaker), speaker=speaker, origin=Origin.WRITTEN)
    assert finding.supported, finding.reasons


@pytest.mark.parametrize("first", range(3))
def test_no_lie_gets_into_a_digest(models: Models, first: int) -> None:
    liar = Liar(first)
    digest = summarise(With(models, liar), [DEBATE], max_words=200)  # type: ignore[arg-type]
    shown = [
        line.text for line in [*digest.brief, *digest.next, *(s for point in digest.points for s in point.sentences)]
    ]
    assert liar.answered
    assert shown
    assert not [line for line in shown for _, _, _, lie in LIES if lie.rstrip(".").lower() in line.lower()]
