"""Claims about an article, where nobody speaks: said in other words they are kept, invented or joined wrongly they are
not. And how a debate's modals, quotations and equal forms are held."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain import Contribution, Document, Kind
from bot.inference.models import Models
from bot.summarise.verify import Verifier

PARAGRAPHS = (
    "A bus driver accused of causing a crash in which nine passengers were hurt has been found not guilty. Owen "
    "Tarrant, 52, from Millbeck, had denied the charge at Saxby Crown Court.",
    "The bus left the road near Corrie Bridge in heavy rain on 3 February 2025. The conductor, Irena Kovacs, who broke "
    "both legs, is suing the operator for £250,000.",
    "The prosecutor, Daniel Hythe, said Mr Tarrant had been driving at 61mph. The jury took four hours to clear him.",
    "The operator may close the route next year. Its owner, Grace Loxley, said that she would not be resigning and "
    "that the crash was about the road and not about the drivers. Passenger numbers fell to 4,100 from 5,900.",
)
ARTICLE = Document(
    "feed:Post",
    "bus",
    Kind.ARTICLE,
    "Bus driver cleared over crash",
    tuple(Contribution(f"p{place}", text) for place, text in enumerate(PARAGRAPHS)),
)


@pytest.fixture(scope="module")
def article(models: Models) -> Verifier:
    return Verifier(ARTICLE, models.parser, models.encoder)


@pytest.mark.parametrize(
    "claim",
    [
        "A bus driver has been cleared of causing a crash in which nine passengers were injured.",
        "Owen Tarrant, 52, was found not guilty at Saxby Crown Court.",
        "Conductor Irena Kovacs is suing the bus operator for £250,000. The jury took four hours.",
        "The route could be closed next year, and its owner says that she will not resign.",
        "A jury took four hours to clear a driver whose bus left the road in heavy rain.",
        "Passenger numbers fell from 5,900 to 4,100.",
    ],
)
def test_an_article_told_in_other_words_is_kept(article: Verifier, claim: str) -> None:
    finding = article.check(claim)
    assert finding.supported, finding.reasons


@pytest.mark.parametrize(
    "claim",
    [
        "Stephen Tarrant was found not guilty at Saxby Crown Court.",
        "Owen Hythe, 52, was found not guilty.",
        "Owen Tarrant, 25, was found not guilty.",
        "Owen Tarrant was found not guilty at Millbeck Crown Court.",
        "Owen Tarrant was found guilty at Saxby Crown Court.",
        "Grace Loxley is suing the operator for £250,000.",
        "The conductor, Grace Loxley, broke both legs.",
        "The jury took four days to clear him.",
        "Grace Loxley said that the crash was about the drivers.",
        "Grace Loxley said that she would be resigning.",
        "Passenger numbers fell to 5,900.",
        "The operator will close the route next year.",
        "A bus driver has been cleared of murdering a schoolboy in Edinburgh.",
    ],
)
def test_what_an_article_does_not_say_is_refused(article: Verifier, claim: str) -> None:
    finding = article.check(claim)
    assert not finding.supported
    assert finding.reasons


def test_the_more_is_invented_the_lower_the_score(article: Verifier) -> None:
    told, coloured, invented = (
        article.check(claim).score
        for claim in (
            "The bus left the road near Corrie Bridge in heavy rain.",
            "The bus swerved off the road near Corrie Bridge in heavy rain.",
            "The bus exploded near Corrie Viaduct in thick snow, killing 14 pensioners.",
        )
    )
    assert told >= coloured > invented


SPEECH = Contribution(
    "c1",
    "We will publish the list unless the police object. Councils should keep a register. The scheme could save money. "
    "Mr Abbot was barred for twelve years and Mrs Noor for five. I can rule out any closure this year. "
    "We had expected the work to cost £9 million. The work cost £7 million.",
    "Ann Dale",
    role="The Minister for Security",
)


@pytest.fixture(scope="module")
def speech(models: Models) -> Verifier:
    return Verifier([SPEECH], models.parser, models.encoder)


@pytest.mark.parametrize(
    ("claim", "kept"),
    [
        ("“We will publish the list”", False),
        ("“We will publish the list unless the police object”", True),
        ("Councils should keep a register, she said.", True),
        ("Councils must keep a register.", False),
        ("The scheme could save money.", True),
        ("The scheme can save money.", False),
        ("Mrs Noor was barred for five years.", True),
        ("Mrs Noor was barred for twelve years.", False),
        ("The minister ruled out any closure this year.", True),
        ("The work cost £7 million.", True),
        ("The work cost £9 million.", False),
        ("According to Ann Dale, councils should keep a register.", True),
        ("According to Tom Reed, councils should keep a register.", False),
    ],
)
def test_strength_conditions_and_shares_stay_as_they_were_said(speech: Verifier, claim: str, kept: bool) -> None:
    finding = speech.check(claim)
    assert finding.supported is kept, finding.reasons


def test_the_operator_s_own_equal_forms_are_honoured(
    models: Models, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = [Contribution("c1", "The Joint Assessment Centre received 41 referrals.", "Ann Dale")]
    claim = "JAX received 41 referrals."
    assert not Verifier(said, models.parser, models.encoder).check(claim).supported
    (tmp_path / "equivalents.toml").write_text('[abbreviations]\nrows = [["joint assessment centre", "jax"]]\n')
    monkeypatch.setenv("DESPATCH_CONFIG", str(tmp_path))
    finding = Verifier(said, models.parser, models.encoder).check(claim)
    assert finding.supported, finding.reasons


ASKED = (
    Contribution(
        "q1",
        "Mr. Chair, benefits do not reach every producer. Will the minister fix the scheme to cover small firms? "
        "When people saw the flood, it left all of us shaken.",
        "John Barley",
    ),
    Contribution(
        "a1",
        "Frankly, we have closed 34 of the 41 centres since March. I will write to every board by the end of May.",
        "Ann Dale",
        role="The Minister for Farming",
    ),
)


@pytest.mark.parametrize(
    ("claim", "kept"),
    [
        ("John Barley said that benefits did not reach every producer.", True),
        ("John Barley asked whether the minister would fix the scheme to cover small firms.", True),
        ("John Barley asked when people saw the flood, it left all of them shaken.", False),
        ("Ann Dale said that the government had closed 34 of the 41 centres since March.", True),
        (
            "John Barley asked whether the minister would fix the scheme to cover small firms; Ann Dale said that she "
            "would write to every board by the end of May.",
            True,
        ),
        (
            "John Barley asked whether the minister would fix the scheme to cover small firms; John Barley said that "
            "he would write to every board by the end of May.",
            False,
        ),
    ],
)
def test_questions_answers_and_forms_of_address(models: Models, claim: str, kept: bool) -> None:
    finding = Verifier(ASKED, models.parser, models.encoder).check(claim, evidence=["q1", "a1"])
    assert finding.supported is kept, finding.reasons
