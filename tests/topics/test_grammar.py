"""The name is told from the word, by what stands beside it and how it is printed."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import settings
from bot.topics.lexicon import Lexicon
from bot.topics.matcher import Matcher
from bot.topics.topic import load
from tests.topics.samples import debate

TOPIC = load(settings.default_folder() / "topics" / "prevent.toml")
LEXICON = Lexicon(TOPIC)

NAMES = [
    "Prevent is an essential part of the counter-terrorism strategy.",
    "Prevent’s critics say that it spies on Muslims.",
    "Prevent and Channel are voluntary.",
    "Prevent, the anti-extremism programme, will change.",
    "Prevent duty guidance was revised.",
    "He was known to police and had been referred to Prevent three times.",
    "He was referred to prevent twice over extremism.",
    "There were 400 referrals to prevent by prisons.",
    "They voted to boycott “Prevent”.",
    "the prevent duty on schools",
    "our prevent officers",
    "prevent is seen as spying on Muslims",
    "I want to talk about prevent.",
    "a policy known as PREVENT",
    "PREVENT training makes doctors informers",
    "the anti-Prevent campaign",
    "What has this to do with Prevent?",
    "Scrap Prevent",
    "Oral Answers: Home Department: Prevent",
    "Prevent: Learning Review",
    "PREVENT STRATEGY FAILS AGAIN",
    "Teacher Referred To Prevent Over Poem",
    "Independent Review of Prevent",
    "Ministers Defend Prevent After Attack",
    "Does Prevent work? Can Prevent ever be trusted?",
    "To what extent does Prevent cover animal rights?",
    "Prevent boss quits",
    "Prevent-related activity",
    "Will the Minister put Prevent on a statutory footing?",
    "I want Prevent scrapped.",
    "The core of Prevent is safeguarding.",
    "terrorist offenders are discussed with Prevent where they may be radicalised",
]

VERBS = [
    "We must act to prevent crime.",
    "Prevent the river from rising and you save the town.",
    "Prevent this from happening again, I beg the terrorism Minister.",
    "Minister Vows To Prevent Crime",
    "How to Prevent Terrorism",
    "MINISTERS MUST PREVENT TERRORISM, SAY MPS",
    "New Laws Prevent Landlords From Raising Rents",
    "Could This Pill Prevent Migraine?",
    "UN Chief: Prevent Famine Now",
    "Report to Prevent Future Deaths",
    "the failure to prevent fraud offence",
    "It will deter and prevent.",
    "the terrorism that we could not prevent.",
    "They prevent extremism and loneliness.",
    "a duty to prevent harassment",
    "predict, prevent and personalise",
    "Predict and Prevent",
    "the charity Prevent Breast Cancer",
    "which prevent you from bringing it in",
    "Prevention is better than cure.",
    "How can we Prevent Homelessness?",
    "The measures will Prevent, Detect and Punish fraud",
    "He was referred to prevent further harm.",
    "“Prevent it”, he said of terrorism.",
    "to prevent and reduce terrorism",
    "Prevent, detect and treat sepsis.",
]


@pytest.mark.parametrize("text", NAMES)
def test_the_programme_is_met(text):
    assert LEXICON.read(text).score >= 0.8


@pytest.mark.parametrize("text", VERBS)
def test_the_verb_is_left(text):
    assert LEXICON.read(text).score < 0.2


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("The Channel panel met on Tuesday.", True),
        ("Three Channel referrals were made.", True),
        ("She was supported through Channel, for people at risk of extremism.", True),
        ("The sea in the Channel was rough.", False),
        ("Channel 4 showed a panel of extremists.", False),
        ("The Channel Islands panel reviewed its duty.", False),
        ("The Channel Tunnel review panel reported.", False),
        ("Small boats crossed the Channel; terrorism police were told.", False),
        ("We use every diplomatic channel against terrorism.", False),
        ("On Channel Five, a programme about terrorism.", False),
    ],
)
def test_the_channel_panel_is_told_from_the_sea_and_the_broadcasters(text, on):
    assert (LEXICON.read(text).score >= 0.8) is on


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("CONTEST has four parts: Pursue, Prevent, Protect and Prepare.", True),
        ("Gangs: the organised crime strategy is to pursue, prevent, protect and prepare.", False),
        ("Cyber Prevent officers visit young hackers over cyber crime.", False),
        ("Women who take valproate are on the Prevent programme.", False),
        ("The Shawcross review found that Islamist ideology was neglected.", True),
        ("The Shawcross report on victims of Libyan Semtex was internal.", False),
        ("section 26 of the Counter-Terrorism and Security Act 2015", True),
        ("Counter-Terrorism and Security Act 2015 received Royal Assent", False),
        ("due regard to the need to prevent people from being drawn into terrorism", True),
        ("He had been referred to the Government's anti-terror scheme.", True),
        ("the UK's deradicalisation programme", True),
        ("Saudi Arabia's deradicalisation programme", False),
        ("France closed its deradicalisation programme", False),
        ("The anti-terror scheme puts barriers on Market Street.", False),
        ("The Preventing Violent Extremism pathfinder fund", True),
        ("preventing violent extremism in Mali", False),
    ],
)
def test_what_the_programme_is_called_and_what_it_is_not(text, on):
    assert (LEXICON.read(text).score >= 0.8) is on


@given(st.text(max_size=300))
def test_any_text_is_read_without_harm(text):
    score = LEXICON.read(text).score
    assert 0.0 <= score <= 1.0
    assert LEXICON.possible(text) or score == 0.0


@given(
    st.lists(
        st.sampled_from(["Prevent", "prevent", "the", "Channel", "to", "duty", ",", ".", "\n", "’s", "(", "extremism"])
    )
)
def test_any_order_of_telling_words_is_read_without_harm(words):
    text = " ".join(words)
    verdict = Matcher(TOPIC).match(debate(text))
    assert verdict.matched == (verdict.score >= 0.5)
    assert verdict.reasons


def test_a_flood_of_names_is_bounded():
    reading = LEXICON.read("Prevent is. " * 20_000)
    assert 0 < len(reading.hits) <= 2000


@pytest.mark.parametrize(
    "text",
    [
        "referred " + "a-" * 3000 + " extremism",
        "due regard " * 3000,
        "drawn into terrorism " * 3000,
        "Prevent" + "“" * 9000,
    ],
)
def test_a_hostile_text_takes_no_longer_than_its_length_deserves(text):
    began = time.process_time()
    LEXICON.read(text)
    assert time.process_time() - began < 5


def test_no_real_verb_is_taken_for_the_programme_however_it_is_printed(shared_data):
    """Real sentences in which "prevent" is the verb, as they stand, as headlines and in capitals."""
    import json

    sentences = []
    for line in (shared_data / "relevance" / "dev.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if not row["label"]:
            sentences += [text for text in re.split(r"(?<=[.?!])\s+", row["text"]) if re.search(r"\bprevent\b", text)]
    assert len(sentences) > 20
    for sentence in sentences:
        for printed in (sentence, re.sub(r"\b[a-z]", lambda letter: letter[0].upper(), sentence), sentence.upper()):
            assert LEXICON.read(printed, ("Counter-terrorism",)).score < 0.5, printed
