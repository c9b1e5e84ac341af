"""A verdict: the whole document, or the part of it that is on the topic, and why."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from bot import settings
from bot.domain import Contribution, Document, Kind, Voice
from bot.topics.matcher import Matcher
from bot.topics.topic import load
from tests.topics.samples import article, debate, document

TOPIC = load(settings.default_folder() / "topics" / "prevent.toml")


class Counting:
    """The real encoder, counting what it is asked."""

    def __init__(self, encoder) -> None:
        self.encoder, self.texts = encoder, 0

    def encode(self, texts: Sequence[str]):
        self.texts += len(texts)
        return self.encoder.encode(texts)


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher(TOPIC)


@pytest.fixture
def judged(models) -> Matcher:
    return Matcher(TOPIC, models.encoder)


def test_reasons_count_the_name_and_name_the_rest(matcher):
    verdict = matcher.match(debate("Prevent is under review. The Prevent duty stays.", "A Channel panel met."))
    assert verdict.matched and verdict.topic == "prevent" and not verdict.focused
    assert verdict.reasons == ("the Prevent programme is named twice", "the Channel programme is named once")
    assert verdict.parts == ("c1", "c2")


@pytest.mark.parametrize(
    "words",
    ["learning review programme", "vulnerability support hub", "Research Information and Communications Unit",
     "referring anti-terror programme"],
)  # fmt: skip
@pytest.mark.parametrize("parts", [1, 3000])
def test_a_long_article_takes_no_longer_than_its_length_deserves(matcher, words, parts):
    text = f"{words} " * (300_000 // len(words) // parts)
    began = time.process_time()
    matcher.match(article(*[text] * parts))
    assert time.process_time() - began < 10


def test_a_refusal_says_what_the_word_was(matcher):
    verdict = matcher.match(debate("We act to prevent crime, prevent harm and to prevent loss."))
    assert not verdict.matched
    assert verdict.reasons == ("“prevent” stands 3 times, always as the verb",)


def test_a_refusal_of_what_holds_nothing_says_so(matcher):
    assert matcher.match(debate("Buses.")).reasons == ("nothing in it names or describes the Prevent programme",)
    assert matcher.match(debate()).reasons == ("nothing in it names or describes the Prevent programme",)


def test_a_refusal_names_the_other_thing(matcher):
    (first, *_) = matcher.match(debate("A Report to Prevent Future Deaths was sent.")).reasons
    assert first == "it names coroners' reports to prevent future deaths"


def test_reasons_are_bounded(matcher):
    everything = "\n".join(
        phrase.match.patterns[0].source.replace("...", "").replace("/", " ") for phrase in TOPIC.phrases
    )
    assert len(matcher.match(debate(everything + " Prevent duty, a Channel panel.")).reasons) <= 6


def test_one_intervention_in_a_long_debate_is_the_match(matcher):
    others = ["Knife crime is up and youth clubs are shut."] * 9
    verdict = matcher.match(
        debate(*others, "A boy was turned away by the Channel panel.", *others, title="Knife Crime")
    )
    assert verdict.matched and verdict.focused
    assert verdict.parts == ("c10",)
    assert verdict.reasons[-1] == "said in 1 of 19 contributions"


def test_the_ministers_direct_reply_goes_with_it():
    minister = {"speaker": "A. Minister", "role": "The Minister for Security"}
    said = [
        Contribution("c1", "Crime is up.", speaker="B. Member"),
        Contribution("c2", "It is falling.", **minister),
        Contribution("c3", "What of Prevent in prisons?", speaker="C. Member", role="Shadow Home Secretary"),
        Contribution("c4", "I shall write to him.", **(minister | {"role": None})),
        Contribution("c5", "And buses?", speaker="D. Member"),
        Contribution("c6", "They run.", **minister),
        Contribution("c7", "Good.", speaker="D. Member"),
    ]
    verdict = Matcher(TOPIC).match(Document("file", "d", Kind.DEBATE, "Crime", tuple(said)))
    assert verdict.parts == ("c3", "c4") and verdict.focused
    shadow = [replace(item, role="Shadow Minister") if item.role else item for item in said]
    assert Matcher(TOPIC).match(Document("file", "d", Kind.DEBATE, "Crime", tuple(shadow))).parts == ("c3",)


def test_a_debate_headed_with_the_name_is_about_it_whole(matcher):
    rest = ["That money must be audited."] * 8
    verdict = matcher.match(
        debate("What has the programme cost?", *rest, title="Oral Answers: Home Department: Prevent")
    )
    assert verdict.matched and not verdict.focused
    assert verdict.reasons[0] == "its title says so"


def test_what_strays_from_such_a_heading_is_not(matcher):
    text = "The Government should ban Hezbollah, and has been slow to do it. When will the Home Secretary act?"
    assert not matcher.match(debate(text, title="Oral Answers: Prevent")).matched


def test_a_headline_over_a_short_summary_is_enough(matcher):
    assert matcher.match(article("Figures show a rise.", title="Prevent referrals at record high")).matched
    assert matcher.match(article(title="Prevent referrals at record high")).matched


def test_the_chair_and_the_whole_house_say_nothing_of_it(matcher):
    said = ("We come now to the statement on the Prevent review.", "Order.", "I shall speak of buses.")
    assert not matcher.match(debate(*said, voices=(Voice.CHAIR, Voice.COLLECTIVE, Voice.SPEECH))).matched
    assert matcher.match(debate(*said, voices=(Voice.SPEECH, Voice.CHAIR, Voice.SPEECH))).matched


def test_a_motion_on_the_duty_is_on_it(matcher):
    text = (
        "That the Counter-Terrorism and Security Act 2015 (Risk of Being Drawn into Terrorism) Regulations be approved."
    )
    assert matcher.match(debate(text, voices=(Voice.PROCEDURE,))).matched


def test_weak_signs_in_an_articles_paragraphs_add_up(matcher):
    split = ("He had met an intervention provider, police said.", "The panel heard of a risk of radicalisation.")
    assert matcher.match(article(*split)).matched


def test_the_plain_never_reach_the_encoder(models):
    encoder = Counting(models.encoder)
    matcher = Matcher(TOPIC, encoder)
    matcher.match(debate("The Prevent duty works."))
    matcher.match(debate("We act to prevent crime.", "Buses are late."))
    matcher.match(debate("A Report to Prevent Future Deaths."))
    assert encoder.texts == matcher.encoded == 0
    matcher.match(debate("Three referrals over extremism were closed too early."))
    assert matcher.encoded == 1
    assert encoder.texts == 1 + len(TOPIC.about) + len(TOPIC.not_about)


@pytest.mark.parametrize(
    ("text", "on"),
    [
        (
            "The review found that officers closed the killer's referral too early, for want of an extremist ideology.",
            True,
        ),
        (
            "Teachers are not spies, yet must have due regard, and a boy who misspelt a word met terrorism police.",
            True,
        ),
        ("Extremist gangs sell drugs in jail; a mentor in the gym told me so.", False),
        ("The website took down terrorist videos after they were flagged to the regulator.", False),
    ],
)
def test_the_doubtful_are_settled_by_the_encoder(judged, text, on):
    assert judged.match(debate(text)).matched is on
    assert judged.encoded >= 1


def test_without_an_encoder_the_lexicon_decides(matcher):
    verdict = matcher.match(debate("Teachers must have due regard, and a boy met the terrorism police."))
    assert not verdict.matched and 0.2 < verdict.score < 0.5
    assert verdict.reasons[0].endswith("too little on its own to be about the Prevent programme")
    assert matcher.match(debate("Three referrals over extremism were closed too early.")).matched


def test_the_doubtful_of_one_debate_are_bounded():
    class Zero:
        def encode(self, texts: Sequence[str]):
            return np.zeros((len(texts), 4), dtype=np.float32)

    matcher = Matcher(TOPIC, Zero())
    matcher.match(debate(*["Referrals over extremism."] * 500))
    assert matcher.encoded <= 64


@pytest.mark.parametrize(
    ("text", "worth"),
    [
        ("Prevent duty under review", True),
        ("Teenager charged with terrorism offence", True),
        ("Southport inquiry opens", True),
        ("Ten ways to prevent colds", False),
        ("Storm closes Channel ports", False),
    ],
)
def test_a_glance_says_which_article_to_open(matcher, text, worth):
    assert matcher.glance(text) is worth


def test_a_sentence_names_the_topic_or_does_not(matcher):
    assert matcher.names("Referrals to Prevent rose.")
    assert not matcher.names("Teenager charged with a terrorism offence.")


@pytest.mark.parametrize(
    ("title", "summary", "on"),
    [
        (
            "Bomber 'slipped through net'",
            "Anti-terror officers closed his case too soon, a learning review says.",
            True,
        ),
        ("Terror scheme 'overrun' by sick patients", "Officials are sent the unwell and not the dangerous.", True),
        ("Killer's terror file shut too early", "Officers closed the case within a week, it has emerged.", True),
        ("Bomber jailed for life", "He failed to show remorse for the attack, the judge said.", False),
        ("Prevent Damp This Winter", "Ten tips to keep walls dry.", False),
        ("Denver drops school panels", "They judged which pupils might turn to extremism.", False),
    ],
)
def test_a_headline_and_a_line_below_it_are_enough(judged, title, summary, on):
    assert judged.match(article(summary, title=title)).matched is on


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("Nearly all the cases that come before Channel begin with a form tutor.", True),
        ("The mentor was paid by the local Channel board, and radicalisation was never spoken of.", True),
        ("She swam the Channel twice, and the ferry crews cheered.", False),
        ("The Channel panel commissions drama, and viewers of Channel 4 like it.", False),
        ("The PREVENT study of dementia has recruited patients in mid-life.", False),
        ("Failure to prevent is a good offence. Let Prevent bite on all firms.", False),
        ("I was sent a form to fill in for prevent purposes.", True),
        ("They need a channel and prevent adviser.", True),
    ],
)
def test_names_are_told_from_what_is_called_the_same(judged, text, on):
    assert judged.match(debate(text)).matched is on


def test_a_statement_is_judged_as_a_whole(matcher):
    said = ("I lay a report today.", "It concerns the Channel panel in Leeds.")
    verdict = matcher.match(document(Kind.STATEMENT, "Report", said, (Voice.SPEECH, Voice.SPEECH)))
    assert verdict.matched and verdict.parts == ("c2",)


def test_the_real_questions_of_2009_match_by_the_contributions_that_say_so(shared_data, judged):
    row = json.loads((shared_data / "hansard" / "commons-2009-10-26-prevent.json").read_text(encoding="utf-8"))
    said = tuple(Contribution(item["id"], item["text"], speaker=item["speaker"]) for item in row["contributions"])
    verdict = judged.match(Document("file", "2009", Kind.DEBATE, row["title"], said))
    assert verdict.matched and verdict.score > 0.9 and not verdict.focused
    assert {"c3", "c5", "c10", "c13", "c15", "c16"} <= set(verdict.parts)
    assert not {"c7", "c9"} & set(verdict.parts)


def test_the_real_development_passages_are_told_apart(shared_data, judged):
    wrong = []
    for line in (shared_data / "relevance" / "dev.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        kind = Kind.ARTICLE if row["kind"] == "news" else Kind(row["kind"])
        passage = Document("file", row["id"], kind, row["title"], (Contribution("c1", row["text"]),))
        if judged.match(passage).matched != bool(row["label"]):
            wrong.append(row["id"])
    assert len(wrong) <= 2, wrong


def test_the_held_out_passages_are_told_apart(root, judged):
    """The project's own five hundred passages, most of them hard on purpose: few missed, and hardly one false."""
    right = false = missed = 0
    for name in ("", "-second", "-third", "-fourth", "-fifth", "-sixth", "-seventh"):
        for line in (root / "benchmarks" / "data" / f"relevance{name}.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            kind = Kind.ARTICLE if row["kind"] == "news" else Kind(row["kind"])
            said = tuple(Contribution(f"c{index}", text) for index, text in enumerate(row["text"].split("\n\n"), 1))
            found = judged.match(Document("file", row["id"], kind, row["title"], said)).matched
            right += found and row["label"]
            false += found and not row["label"]
            missed += not found and row["label"]
    assert right / (right + false) >= 0.98 and right / (right + missed) >= 0.95
