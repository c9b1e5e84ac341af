"""What a round-up is made of: an order with a rule, one whole verified line a story, and nothing that may not stand
alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.contract import roundup_from_json, roundup_json
from bot.domain import Coverage, Digest, Kind, Origin, Others, Point, Roundup, Sentence, Status, When
from bot.roundup_text import markdown, plain, title
from bot.summarise.roundup import Telling, compose, revised

MINISTER = "Ottilie Marchbanks"
CRITIC = "Barnaby Thistlewood"
SINCE, UNTIL = datetime(2031, 3, 4, 8, 0, tzinfo=UTC), datetime(2031, 3, 5, 8, 0, tzinfo=UTC)
SAID = f"{MINISTER} said that the case was closed."


def said(text: str, speaker: str | None = MINISTER, origin: Origin = Origin.REPORTED, evidence: str = "c1") -> Sentence:
    return Sentence(text, (evidence,), origin, speaker)


def digest(name: str, *brief: Sentence, **more: object) -> Digest:
    values: dict[str, object] = {
        "id": name,
        "title": name,
        "headline": f"{name} · Commons debate · 4 March 2031",
        "date": date(2031, 3, 4),
        "house": "Commons",
        "url": f"https://hansard.parliament.uk/{name}",
        "topic": "prevent",
        "status": Status.SETTLED,
        "brief": brief or (said(SAID),),
        "points": (
            Point(MINISTER, "Lab", "The Minister for Security", (said(f"{MINISTER} said that 14 were lost."),)),
            Point(CRITIC, "Con", None, (said(f"{CRITIC} asked when.", CRITIC, evidence="c2"),)),
        ),
        "links": {"c1": f"https://hansard.parliament.uk/{name}#c1", "c2": f"https://hansard.parliament.uk/{name}#c2"},
    }
    return Digest(**(values | more))  # type: ignore[arg-type]


def rounded(*tellings: Telling, when: When | None = When.DAILY) -> Roundup:
    return compose(tellings, topic="prevent", title="the Prevent programme", when=when, since=SINCE, until=UNTIL)


def order(*digests: Digest) -> list[str]:
    made = rounded(*(Telling(number, each) for number, each in enumerate(digests)))
    return [entry.digest.title for entry in made.entries]


def shown(item: Digest) -> str | None:
    [entry] = rounded(Telling(1, item)).entries
    return entry.digest.brief[0].text if entry.digest.brief else None


def report(publisher: str) -> Coverage:
    return Coverage(publisher, "A report", f"https://{publisher}.example/1", date(2031, 3, 4))


def test_a_ministers_statement_is_before_other_business_and_that_before_the_press() -> None:
    crowd = tuple(Point(f"Member {n}", "Lab", None, (said("It was said.", None),)) for n in range(40))
    assert order(
        digest("Press", kind=Kind.ARTICLE, points=(), coverage=(report("a"), report("b"))),
        digest("Debate", points=crowd),
        digest("Question", kind=Kind.QUESTION),
        digest("Statement", kind=Kind.STATEMENT),
    ) == ["Statement", "Debate", "Question", "Press"]


def test_among_equals_speakers_reports_and_criticism_weigh_then_the_newer_leads() -> None:
    critical = Point(CRITIC, "Con", None, (said(f"{CRITIC} said that it had failed.", CRITIC),))
    base = digest("Plain")
    assert order(base, digest("Others", others=Others(1, "cost", ("c2",)))) == ["Others", "Plain"]
    assert order(digest("Two more", others=Others(2)), digest("Report", coverage=(report("a"),))) == [
        "Report",
        "Two more",
    ]
    assert order(
        digest("Twice", coverage=(report("a"), report("a"))), digest("Two", coverage=(report("a"), report("b")))
    ) == ["Two", "Twice"]
    assert order(base, digest("Critical", points=(base.points[0], critical))) == ["Critical", "Plain"]
    assert order(base, digest("Newer", date=date(2031, 3, 5))) == ["Newer", "Plain"]
    assert order(base, digest("Same")) == ["Plain", "Same"], "the first kept"


def test_what_was_told_before_weighs_half() -> None:
    news = said(f"{MINISTER} said that two were found.", evidence="c2")
    later = digest("Told", said(SAID), news, others=Others(1), news=(news,))
    made = rounded(Telling(1, later, digest("Told"), (later,)), Telling(2, digest("Fresh")))
    assert [(entry.digest.title, entry.update) for entry in made.entries] == [("Fresh", False), ("Told", True)]


def test_a_line_is_the_digests_own_whole_sentence_with_its_evidence() -> None:
    [entry] = rounded(Telling(7, digest("A", said(SAID), said("More was said.")))).entries
    assert (entry.story, entry.digest.brief) == (7, (said(SAID),))
    assert entry.digest.links == {"c1": "https://hansard.parliament.uk/A#c1"}
    assert not (entry.digest.points or entry.digest.next or entry.digest.others.count)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (said("word " * 61), "it is too long, and never cut"),
        (said("x" * 601), "the same in characters"),
        (said(f"{CRITIC} said that Ms Marchbanks had failed.", CRITIC), "her answer would be missing"),
        (said(f"{CRITIC} said that the Home Secretary had ignored it.", CRITIC), "an office is somebody"),
        (said(f"{CRITIC} said that Wystan Poole was to blame.", CRITIC), "whoever it is"),
    ],
)
def test_what_may_not_stand_alone_gives_way_to_the_next_sentence(line: Sentence, why: str) -> None:
    assert shown(digest("A", line, said(SAID))) == SAID, why
    assert shown(digest("A", line)) == f"{MINISTER} said that 14 were lost.", "the minister's own words come first"
    assert shown(digest("A", line, points=())) is None, "else the headline stands alone"


def test_somebody_is_named_by_surname_alone_too() -> None:
    line = said(f"{CRITIC} said that it was Marchbanks’s failure.", CRITIC)
    assert shown(digest("A", line, said(SAID))) == SAID


def test_criticism_of_no_one_may_stand_alone_and_so_may_a_ministers_own_word_of_failure() -> None:
    for line in (
        said(f"{CRITIC} said that the programme had failed.", CRITIC),
        said(f"{MINISTER} said that Norminster Council had failed.", MINISTER),
    ):
        assert shown(digest("A", line, said(SAID))) == line.text


def test_of_the_press_no_more_is_quoted_than_may_be() -> None:
    long = said(f"“{'word ' * 26}”", None, Origin.QUOTED)
    short = said("“It was known for years.”", None, Origin.QUOTED)
    press = digest("A", long, short, kind=Kind.ARTICLE, house=None, points=())
    assert shown(press) == short.text
    assert shown(replace(press, kind=Kind.DEBATE)) == long.text


def test_a_digest_that_says_nothing_is_no_story() -> None:
    assert rounded(Telling(1, digest("A", brief=(), points=(), notes=("There is nothing to digest.",)))).entries == ()


def test_of_an_update_only_news_that_stands_and_was_not_known_is_told() -> None:
    old = digest("A")
    first, second = said("One was decided.", evidence="c2"), said("Two was decided.", evidence="c2")

    def told(*versions: Digest, known: Digest = old) -> list[str]:
        made = rounded(Telling(1, versions[-1], known, versions))
        return [entry.digest.brief[0].text for entry in made.entries]

    one = digest("A", said(SAID), first, news=(first,))
    two = digest("A", said(SAID), first, second, news=(second,))
    assert told(one) == ["One was decided."]
    assert told(one, two) == ["Two was decided."], "the newest"
    assert told(one, replace(two, news=())) == ["One was decided."], "what an earlier version brought"
    assert told(one, digest("A")) == [], "withdrawn meanwhile"
    assert told(two, known=one) == ["Two was decided."]
    assert told(one, known=one) == [], "known already"


def test_revised_keeps_its_line_while_that_stands() -> None:
    news = said("One was decided.", evidence="c2")
    [entry] = rounded(Telling(1, digest("A", status=Status.DRAFT))).entries
    settled = revised(entry, digest("A", news, said(SAID)), withdrawn=False)
    assert settled.digest.brief == (said(SAID),) and settled.digest.status is Status.SETTLED
    assert revised(entry, digest("A", news), withdrawn=False).digest.brief == (news,)
    gone = revised(entry, digest("A", brief=(), points=(), notes=("Withdrawn.",)), withdrawn=True)
    assert gone.digest.brief == () and gone.digest.notes == ("Withdrawn.",)


def test_a_revised_update_shows_what_is_new_or_nothing_and_never_calls_the_old_new() -> None:
    first, second = said("One was decided.", evidence="c2"), said("Two was decided.", evidence="c2")
    version = digest("A", said(SAID), first, news=(first,))
    [entry] = rounded(Telling(1, version, digest("A"), (version,))).entries
    assert revised(entry, digest("A"), withdrawn=False).digest.brief == ()
    corrected = revised(entry, digest("A", said(SAID), second, news=(second,)), withdrawn=False)
    assert corrected.digest.brief == (second,) and corrected.update


def test_as_json_it_comes_back_equal() -> None:
    made = rounded(Telling(1, digest("A", coverage=(report("a"),))), Telling(2, digest("B", status=Status.DRAFT)))
    assert roundup_from_json(roundup_json(made)) == made
    by_hand = rounded(Telling(1, digest("A")), when=None)
    assert roundup_from_json(roundup_json(by_hand)) == by_hand


def test_as_text_each_story_is_a_headline_and_a_line_with_the_address_of_both() -> None:
    critic = said("“Nothing was done.”", CRITIC, Origin.QUOTED, "c2")
    made = rounded(
        Telling(1, digest("A", kind=Kind.STATEMENT, status=Status.DRAFT, coverage=(report("a"),))),
        Telling(2, digest("B", critic)),
    )
    assert plain(made) == (
        "Daily round-up: the Prevent programme · 5 March 2031, 08:00\n\n"
        "1. A · Commons debate · 4 March 2031 (draft, reported by one publisher)\n"
        "   <https://hansard.parliament.uk/A>\n"
        f"   {SAID}\n"
        "     <https://hansard.parliament.uk/A#c1>\n\n"
        "2. B · Commons debate · 4 March 2031\n"
        "   <https://hansard.parliament.uk/B>\n"
        f"   {CRITIC}: “Nothing was done.”\n"
        "     <https://hansard.parliament.uk/B#c2>\n\n"
        "Machine-made, from Hansard. Contains Parliamentary information licensed under the Open Parliament Licence "
        "v3.0. A draft may still change.\n"
    )
    assert "1. **[A · Commons debate · 4 March 2031](https://hansard.parliament.uk/A)** · *draft*" in markdown(made)


def test_as_markdown_hostile_words_are_shown_and_not_obeyed() -> None:
    hostile = "@everyone [pay](https://evil.example) **now** # x"
    made = rounded(Telling(1, digest("A", said(hostile, None), headline=hostile, url="javascript:alert(1)")))
    assert "@everyone" not in markdown(made) and "](https://evil" not in markdown(made)
    assert "javascript" not in markdown(made)


@pytest.mark.parametrize(
    ("when", "since", "until", "expected"),
    [
        (When.DAILY, SINCE, datetime(2031, 7, 5, 7, 0, tzinfo=UTC), "Daily round-up: the P · 5 July 2031, 08:00"),
        (When.WEEKLY, SINCE, UNTIL, "Weekly round-up: the P · 5 March 2031, 08:00"),
        (None, SINCE.replace(hour=0), UNTIL.replace(hour=0), "Round-up: the P · 4 March 2031"),
        (None, SINCE.replace(hour=0), UNTIL.replace(day=9, hour=0), "Round-up: the P · 4 March 2031 to 8 March 2031"),
    ],
)
def test_its_title_says_which_it_is(when: When | None, since: datetime, until: datetime, expected: str) -> None:
    assert title(Roundup("prevent", "the P", when, since, until, ())) == expected
