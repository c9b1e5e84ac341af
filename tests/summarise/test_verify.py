"""The verifier keeps what the source carries and refuses what it does not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain import Contribution, Document, Kind, Origin
from bot.inference.models import Models
from bot.summarise.verify import Verifier
from tests.standins.writer import LyingWriter, lies_about
from tests.summarise.verify_cases import DEBATE, FALSE, TRUE, Case


@pytest.fixture(scope="module")
def verifier(models: Models) -> Verifier:
    return Verifier(DEBATE, models.parser, models.encoder)


@pytest.mark.parametrize("case", TRUE, ids=lambda case: case[0][:60])
def test_a_true_paraphrase_is_kept(verifier: Verifier, case: Case) -> None:
    text, evidence, speaker = case
    finding = verifier.check(text, evidence=evidence, speaker=speaker)
    assert finding.supported, finding.reasons
    assert finding.score > 0.5


@pytest.mark.parametrize("case", FALSE, ids=lambda case: case[0][:60] or "empty")
def test_a_falsehood_is_refused_with_a_reason(verifier: Verifier, case: Case) -> None:
    text, evidence, speaker = case
    finding = verifier.check(text, evidence=evidence, speaker=speaker)
    assert not finding.supported, finding.reasons
    assert finding.score <= 0.5
    assert finding.reasons and all(finding.reasons)


def test_every_sentence_of_the_source_is_kept_word_for_word(verifier: Verifier) -> None:
    for item in DEBATE.contributions:
        for sentence in verifier.read(item.id):
            finding = verifier.check(sentence.text, evidence=[item.id], speaker=item.speaker)
            assert finding.supported, (sentence.text, finding.reasons)


def test_a_lying_writer_gets_nothing_past_it(verifier: Verifier) -> None:
    speakers = {item.speaker for item in DEBATE.contributions if item.speaker}
    passed = []
    for item in DEBATE.contributions:
        own = " ".join(other.text for other in DEBATE.contributions if other.speaker == item.speaker)
        assert item.text in own
        for lie in lies_about(item, sorted(speakers - {item.speaker})):
            evidence = None if lie.speaker != item.speaker else [item.id]
            if verifier.check(lie.text, evidence=evidence, speaker=lie.speaker).supported:
                passed.append((lie.kind, lie.text))
    assert passed == []


def test_the_lying_writer_answers_each_prompt_with_a_lie() -> None:
    writer = LyingWriter(DEBATE.contributions)
    answers = writer.write([DEBATE.contributions[0].text, DEBATE.contributions[1].text])
    assert len(answers) == 2
    assert all(answer and answer not in DEBATE.contributions[0].text for answer in answers)


def test_the_speaker_must_have_said_it_even_word_for_word(verifier: Verifier) -> None:
    words = "Prevent is failing too many families."
    assert verifier.check(words, speaker="Robert Fenn").supported
    finding = verifier.check(words, evidence=["c2"], speaker="Nadia Rowe")
    assert not finding.supported
    assert "Nadia Rowe did not say it" in finding.reasons[0]


@pytest.mark.parametrize(
    "speaker", ["Helen Marlowe", "Marlowe", "the Minister for Security", "The Security Minister", "the Minister"]
)
def test_a_speaker_may_be_named_by_surname_or_office(verifier: Verifier, speaker: str) -> None:
    assert verifier.check("He left the programme in April 2016.", evidence=["c1"], speaker=speaker).supported


@pytest.mark.parametrize(
    "speaker", ["Sue Marlowe", "the Shadow Minister for Security", "The Home Secretary", "Robert Fenn"]
)
def test_another_name_or_office_is_another_speaker(verifier: Verifier, speaker: str) -> None:
    assert not verifier.check("He left the programme in April 2016.", evidence=["c1"], speaker=speaker).supported


@pytest.mark.parametrize(
    ("claim", "kept"),
    [
        ("A new strategy will be published by 2026-06-30.", True),
        ("A new strategy will be published by 30/06/2026.", True),
        ("A new strategy will be published by 2026-07-30.", False),
        ("The Government are spending £3,600,000 on training for front-line officers this year.", False),
        ("The Government are spending £3,500,000 on training for front-line officers this year.", True),
        ("The review makes thirty-four recommendations.", True),
        ("The review makes forty-three recommendations.", False),
    ],
)
def test_figures_are_equal_however_they_are_written(verifier: Verifier, claim: str, kept: bool) -> None:
    assert verifier.check(claim, evidence=["c1"]).supported is kept


def test_reported_speech_of_ours_has_no_first_person(verifier: Verifier) -> None:
    finding = verifier.check("I accept every one of its findings.", evidence=["c1"], origin=Origin.REPORTED)
    assert not finding.supported


def test_only_the_named_evidence_counts(verifier: Verifier) -> None:
    claim = "The guidance will be updated in the autumn."
    assert verifier.check(claim).supported
    assert not verifier.check(claim, evidence=["c4"]).supported


ARTICLE = Document(
    "feed:Post",
    "a1",
    Kind.ARTICLE,
    "Strategy promised",
    (
        Contribution("p1", "Helen Marlowe told MPs that a new strategy would be published in June."),
        Contribution("p2", "Robert Fenn said the programme was failing too many families."),
    ),
)


@pytest.mark.parametrize(
    ("claim", "kept"),
    [
        ("Helen Marlowe said that a new strategy would be published in June.", True),
        ("Robert Fenn said that a new strategy would be published in June.", False),
        ("Robert Fenn said that the programme was failing too many families.", True),
        ("Helen Marlowe said the programme was failing too many families.", False),
        ("The article reported that Robert Fenn said the programme was failing too many families.", True),
        ("The article said that Helen Marlowe said the programme was failing too many families.", False),
        ("The article reported that a new strategy would be published in July.", False),
    ],
)
def test_an_article_s_words_stay_with_whom_it_gives_them_to(models: Models, claim: str, kept: bool) -> None:
    assert Verifier(ARTICLE, models.parser, models.encoder).check(claim).supported is kept


CALLED = replace(
    DEBATE,
    contributions=(
        Contribution("k1", "I call the Minister for Security to make a statement.", speaker="Madam Deputy Speaker"),
        Contribution("k2", "We have commissioned the University of Aldermere to study the cases.", speaker="Ann Dale"),
        Contribution("k3", "I call the shadow Minister.", speaker="Madam Deputy Speaker"),
        Contribution("k4", "We have written to the University of Aldermere. Will she meet me?", speaker="Tom Reed"),
        Contribution("k5", "I will meet the hon. Gentleman in May.", speaker="Ann Dale"),
    ),
)


@pytest.mark.parametrize(
    ("claim", "kept"),
    [
        ("The Government had commissioned the University of Aldermere to study the cases.", True),
        ("The minister said the Government had commissioned the University of Aldermere to study the cases.", True),
        ("The Government had written to the University of Aldermere.", False),
        ("The shadow minister asked whether she would meet him.", True),
        ("The shadow minister said the Government had commissioned the University of Aldermere.", False),
        ("The minister said that she would meet Tom Reed in May.", True),
        ("The minister said that she would meet Nadia Rowe in May.", False),
    ],
)
def test_those_whom_the_chair_calls_hold_that_office(models: Models, claim: str, kept: bool) -> None:
    finding = Verifier(CALLED, models.parser, models.encoder).check(claim)
    assert finding.supported is kept, finding.reasons


@pytest.mark.parametrize(
    ("claim", "kept"),
    [
        ("She said that £3 million would go to councils and £2 million to the police.", True),
        ("She said that £2 million would go to councils and £3 million to the police.", False),
        ("Records will be deleted after two years rather than six.", True),
        ("Records will be deleted after six years rather than two.", False),
        ("A quarter of referrals waited six weeks.", True),
        ("A third of referrals waited six weeks.", False),
        ("The council believed that the police were leading.", True),
        ("The council believed that it was leading.", False),
    ],
)
def test_shares_and_beliefs_stay_with_whose_they_are(models: Models, claim: str, kept: bool) -> None:
    text = (
        "I am making £5 million available: £3 million for councils and £2 million for the police. "
        "Records will be deleted after two years rather than six. One in four referrals waited six weeks. "
        "The police believed that the council was leading, and the council believed that the police were leading."
    )
    document = replace(DEBATE, contributions=(Contribution("s1", text, speaker="Ann Dale"),))
    finding = Verifier(document, models.parser, models.encoder).check(claim)
    assert finding.supported is kept, finding.reasons


@pytest.mark.parametrize("text", ["", "  \n", "…", "“”", "?!", "\u0000", "[]", "“…”"])
def test_nothing_is_never_supported(verifier: Verifier, text: str) -> None:
    assert not verifier.check(text).supported


def test_a_document_without_words_carries_nothing(models: Models) -> None:
    empty = replace(DEBATE, contributions=())
    assert not Verifier(empty, models.parser, models.encoder).check("Prevent is failing.").supported


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=120))
def test_any_text_gets_a_verdict(verifier: Verifier, text: str) -> None:
    finding = verifier.check(text)
    assert 0 <= finding.score <= 1
    assert finding.supported is (finding.score > 0.5)


@pytest.mark.parametrize(
    "text",
    [
        "word " * 5_000,
        "word " * 700,
        "“a” " * 900,
        "Mr. " * 740,
        "Mr. " * 990,
        "1,000," * 660,
        "(" * 3_900,
        "and so " * 570,
    ],
)
def test_words_heaped_up_are_refused_and_never_an_error(models: Models, text: str) -> None:
    said = Contribution("c1", "The panel closed the case after seven months.", "Jane Doe")
    assert not Verifier([said], models.parser, models.encoder).check(text, evidence=["c1"]).supported


@pytest.mark.parametrize(
    ("text", "supported"),
    [
        ("The Government announced an increase of more than £18 million on Prevent in 2019.", True),
        ("In 2019 the Government announced an increase of more than £18 million on Prevent.", True),
        ("The Government announced a cut of more than £18 million on Prevent in 2019.", False),
        ("The Government did not announce an increase of more than £18 million on Prevent in 2019.", False),
        ("The Government announced an increase of more than £9 million on Prevent in 2019.", False),
        ("The Opposition announced an increase of more than £18 million on Prevent in 2019.", False),
    ],
)
def test_what_a_body_is_said_to_have_done_is_looked_for_in_everybodys_words(
    models: Models, text: str, supported: bool
) -> None:
    said = (
        Contribution(
            "c1",
            "In 2019, the Government announced an increase of more than £18 million on Prevent and another £9 million "
            "on training, among an overall expenditure of £3.5 billion.",
            "Alistair Croome",
            party="Con",
        ),
        Contribution("c2", "We review the programme all the time.", "Eleanor Marsh", role="The Minister for Security"),
    )
    assert Verifier(said, models.parser, models.encoder).check(text).supported is supported
