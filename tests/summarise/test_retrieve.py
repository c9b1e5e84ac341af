"""What bears on a question is retrieved with its neighbours, within the words given. All Members are invented."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain import Contribution, Document, Kind, Voice
from bot.inference.models import Models
from bot.summarise.retrieve import READ, read_closely, retrieve

MINISTER, SHADOW, PEER = "Ottilie Marchbanks", "Barnaby Thistlewood", "Lord Tamsin of Weir"
SUBJECTS = {
    "harbours": (
        "Will the Minister say what is being done to dredge the fishing harbours of the east coast?",
        "Dredging of the fishing harbours began in April, and nine of the eleven harbours on the coast are open again.",
        "The boats still wait for the tide. Is the Minister aware that landings of crab have fallen by half?",
        "We are paying skippers for the days on which they could not sail, and that support runs until the autumn.",
    ),
    "libraries": (
        "Rural libraries are closing. What will be done for readers who have no bus to the next town?",
        "The mobile library will call at forty villages each fortnight, and the county is paid for the vans.",
        "Can that be right when the vans are twenty years old and the drivers have been given notice?",
        "New vans have been ordered. The drivers have been offered contracts by the county council.",
    ),
    "referrals": (
        "How many referrals to Prevent were closed too soon last year, and who reviews them?",
        "Of the referrals to Prevent that were closed last year, 129 have been opened again by a panel of officers.",
        "And does that panel publish what it finds, so that schools which refer a pupil can learn from it?",
        "The panel will publish its findings each spring, with nothing that would tell who was referred.",
    ),
    "bridges": (
        "The bridge at Fenwick has been shut since the flood. When will lorries be let across?",
        "Engineers are replacing two piers of the bridge, and lorries will cross again before the winter.",
        "Hauliers go forty miles about. Will they be paid for the diesel?",
        "There is no scheme for diesel, but the toll on the upper bridge has been lifted for hauliers.",
    ),
}


def spoken(subject: str, start: int = 0) -> tuple[Contribution, ...]:
    speakers = (SHADOW, MINISTER)
    return tuple(
        Contribution(f"{subject}-{place}", text, speakers[place % 2], party="Lab" if place % 2 else "Con")
        for place, text in enumerate(SUBJECTS[subject], start)
    )


def debate(name: str, *contributions: Contribution) -> Document:
    return Document("file", name, Kind.DEBATE, f"Questions: {name}", contributions, house="Commons")


DEBATE = debate("home", *(item for subject in SUBJECTS for item in spoken(subject)))


def ids(documents: tuple[Document, ...]) -> list[str]:
    return [item.id for document in documents for item in document.contributions]


def words(documents: tuple[Document, ...]) -> int:
    return sum(document.words() for document in documents)


def test_an_answer_comes_with_its_neighbours_unchanged_in_order_and_within_the_words(models: Models) -> None:
    (found,) = retrieve(models, "What did the Minister say about closed Prevent referrals?", [DEBATE], words=80)
    assert {f"referrals-{place}" for place in range(3)} <= set(ids((found,)))
    assert words((found,)) <= 80
    assert found.contributions == tuple(item for item in DEBATE.contributions if item.id in ids((found,)))
    assert replace(found, contributions=DEBATE.contributions) == DEBATE


@pytest.mark.parametrize("subject", SUBJECTS)
def test_whatever_is_asked_about_its_answer_is_retrieved(models: Models, subject: str) -> None:
    questions = {
        "harbours": "What is being done for fishermen who cannot sail?",
        "libraries": "What did Ottilie Marchbanks say about the mobile library?",
        "referrals": "Who opens closed referrals again?",
        "bridges": "Summarise the discussion about the bridge at Fenwick.",
    }
    found = ids(retrieve(models, questions[subject], [DEBATE], words=80))
    assert sum(id_.startswith(subject) for id_ in found) >= 3, found


def test_one_question_is_answered_from_several_documents_and_the_rest_are_left_out(models: Models) -> None:
    lords = debate(
        "lords",
        Contribution("l1", "The panel that opens closed Prevent referrals again has met nine times this year.", PEER),
        Contribution("l2", "Who sits on that panel for Prevent referrals, and is any of them a teacher?", SHADOW),
    )
    documents = [debate("roads", *spoken("bridges")), lords, debate("sea", *spoken("harbours")), DEBATE]
    found = retrieve(models, "What was said about the panel for closed Prevent referrals?", documents, words=100)
    assert [document.id for document in found][:1] == ["lords"]
    assert {"l1", "l2", "referrals-1", "referrals-2", "referrals-3"} <= set(ids(found))


def test_the_words_of_the_one_who_is_asked_about_come_before_others_on_the_same_subject(models: Models) -> None:
    apart = [
        Contribution("peer", "I believe that the panel should sit in public and that teachers belong on it.", PEER),
        *spoken("bridges"),
        Contribution("shadow", "I believe that the panel is a waste and that teachers are busy enough.", SHADOW),
        *spoken("harbours"),
    ]
    (found,) = retrieve(models, "What did Lord Tamsin think of the panel?", [debate("panel", *apart)], words=50)
    assert "peer" in ids((found,)) and "shadow" not in ids((found,))


def test_a_long_speech_keeps_the_run_of_sentences_that_answers(models: Models) -> None:
    other = " ".join(SUBJECTS["harbours"] + SUBJECTS["libraries"])
    text = f"{other}\n\n{other} {SUBJECTS['referrals'][1]}\n\n{SUBJECTS['referrals'][3]} {other}"
    speech = Contribution("long", text, MINISTER, party="Lab", role="Minister of State", url="https://example.org/long")
    (found,) = retrieve(
        models, "How many closed Prevent referrals were opened again?", [debate("long", speech)], words=150
    )
    (kept,) = found.contributions
    assert replace(kept, text="") == replace(speech, text="")
    assert f"{SUBJECTS['referrals'][1]}\n\n{SUBJECTS['referrals'][3]}" in kept.text
    assert kept.text in text and len(kept.text.split()) <= 50


def test_a_statement_that_opens_a_debate_is_heard_beside_the_short_questions_after_it(models: Models) -> None:
    other = " ".join((*SUBJECTS["harbours"], *SUBJECTS["libraries"], *SUBJECTS["bridges"]))
    text = "\n\n".join([other, other, other, " ".join(SUBJECTS["referrals"][1::2]), other, other])
    statement = Contribution("statement", f"I will make a statement on the review. {text}", MINISTER)
    short = [Contribution(f"s{place}", SUBJECTS["bridges"][place % 4], SHADOW) for place in range(60)]
    (found,) = retrieve(models, "What did the Minister say about Prevent referrals?", [debate("d", statement, *short)])
    assert SUBJECTS["referrals"][1] in found.contributions[0].text
    assert found.words() <= 1_500


def test_of_more_than_can_be_read_closely_the_answer_is_still_found(models: Models) -> None:
    filler = [
        Contribution(f"f{place}", f"{SUBJECTS['bridges'][place % 4]} {SUBJECTS['harbours'][place % 3]}" * 9, SHADOW)
        for place in range(60)
    ]
    said = [(0, item) for item in (*filler[:30], *spoken("referrals"), *filler[30:])]
    read = read_closely(said, "Will the panel publish its findings on Prevent referrals?")
    assert sum(len(item.text.split()) for _, item in read) <= READ < sum(len(item.text.split()) for _, item in said)
    assert read == [each for each in said if each in read]
    assert {f"referrals-{place}" for place in range(4)} <= {item.id for _, item in read}


def test_a_question_that_leans_on_the_one_before_keeps_its_subject(models: Models) -> None:
    alone = ids(retrieve(models, "And when is it published?", [DEBATE], words=60))
    after = ids(
        retrieve(models, "And when is it?", [DEBATE], words=60, previous=("When will the bridge at Fenwick open?",))
    )
    assert sum(id_.startswith("bridges") for id_ in after) >= 2
    assert not sum(id_.startswith("bridges") for id_ in alone) >= 2


def test_only_what_is_spoken_is_retrieved(models: Models) -> None:
    said = spoken("referrals")
    printed = Contribution(
        "motion", "Motion made: that this House has considered Prevent referrals.", voice=Voice.PROCEDURE
    )
    reprint = replace(said[1], id="reprint", voice=Voice.REPRINT)
    found = retrieve(models, "How many Prevent referrals were closed?", [debate("d", printed, reprint, *said)])
    assert ids(found) == [item.id for item in said]
    assert retrieve(models, "How many?", [debate("d", printed)]) == ()


@pytest.mark.parametrize(
    "question", ["", "?!", "the of and", "🦀", "x" * 6000, 'AND ( * " NEAR', "Crynhowch y drafodaeth"]
)
def test_any_question_gets_some_of_the_record_and_never_more_than_the_words(models: Models, question: str) -> None:
    found = retrieve(models, question, [DEBATE], words=70)
    assert 0 < words(found) <= 70


@pytest.mark.parametrize(("documents", "most"), [([], 100), ([debate("none")], 100), ([DEBATE], 0), ([DEBATE], 2)])
def test_nothing_to_read_or_no_room_gives_nothing(models: Models, documents: list[Document], most: int) -> None:
    assert retrieve(models, "What of the bridge?", documents, words=most) == ()
