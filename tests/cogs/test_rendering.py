"""A digest as messages: inside every limit whatever it says, and nothing in it acts."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import text
from bot.cogs.card import buttons
from bot.cogs.rendering import DESCRIPTION, MESSAGES, TITLE, TOTAL, Page, length, marker, pages
from bot.domain import Coverage, Digest, Kind, Origin, Others, Point, Sentence, Status
from tests.cogs.samples import DEBATE, REPORT, digest, sentence

HOSTILE = st.text(
    alphabet=st.one_of(
        st.characters(),
        st.sampled_from("*_~`|[]()<>#-@:/\\\n\r\t\u202e\u2066\u200b\u0000\ud800😀👩‍👩‍👧"),
    ),
    max_size=120,
)
LONG = st.builds(lambda unit, times: unit * times, HOSTILE, st.integers(0, 60))
URLS = st.one_of(
    st.none(),
    st.just(DEBATE),
    st.just(REPORT),
    st.just("https://evil.example/x"),
    st.just("javascript:alert(1)"),
    st.just("https://hansard.parliament.uk/" + "x" * 600),
    HOSTILE,
)
SENTENCES = st.builds(Sentence, LONG, st.tuples(st.sampled_from(("c1", "c2", "none"))), st.sampled_from(Origin))
POINTS = st.builds(
    Point, st.none() | LONG, st.none() | HOSTILE, st.none() | LONG, st.lists(SENTENCES, max_size=4).map(tuple)
)
DIGESTS = st.builds(
    Digest,
    id=HOSTILE,
    title=HOSTILE,
    headline=LONG,
    date=st.none() | st.dates(),
    house=st.none() | HOSTILE,
    url=URLS,
    topic=st.just("prevent"),
    status=st.sampled_from(Status),
    brief=st.lists(SENTENCES, max_size=3).map(tuple),
    points=st.lists(POINTS, max_size=20).map(tuple),
    next=st.lists(SENTENCES, max_size=3).map(tuple),
    others=st.builds(Others, st.integers(0, 5), HOSTILE, st.just(("c1",))),
    coverage=st.lists(st.builds(Coverage, HOSTILE, HOSTILE, URLS, st.none() | st.dates()), max_size=3).map(tuple),
    notes=st.lists(LONG, max_size=2).map(tuple),
    links=st.fixed_dictionaries({}, optional={"c1": URLS.filter(bool), "c2": URLS.filter(bool)}),
)


def shown(parts: tuple[Page, ...]) -> str:
    return "\n".join(
        part or ""
        for page in parts
        for embed in page.embeds
        for part in (embed.title, embed.description, embed.footer.text)
    )


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(DIGESTS)
def test_whatever_is_said_every_message_is_within_discords_limits(item: Digest) -> None:
    parts = pages(item)
    assert 1 <= len(parts) <= MESSAGES
    for page in parts:
        assert 1 <= len(page.embeds) <= 10
        sizes = [[length(p or "") for p in (e.title, e.description, e.footer.text)] for e in page.embeds]
        assert all(title <= TITLE and body <= DESCRIPTION and foot <= 2048 for title, body, foot in sizes)
        assert sum(map(sum, sizes)) <= TOTAL
        assert page.embeds[0].title
        assert all(e.title or e.description for e in page.embeds)
    assert "Open Parliament Licence v3.0" in (parts[-1].embeds[-1].footer.text or "")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(DIGESTS)
def test_whatever_is_said_only_known_hosts_are_linked_and_no_character_acts(item: Digest) -> None:
    for words in (shown(pages(item)), text.markdown(item)):
        own = text.host_of(item.url)
        for url in re.findall(r"\]\((https?://[^)]*)\)", words):
            host = text.host_of(url)
            named = host in {text.host_of(c.url) for c in item.coverage}
            assert host == own or host.endswith("parliament.uk") or named
        unlinked = re.sub(r"\]\(https?://[^)]*\)", "", words)
        assert not re.search(r"https?://", unlinked)
        assert not re.search(r"(?<!\\)<[@#:a]", words)
        assert not re.search(r"@(everyone|here)", words)
        assert not re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", words)
    assert not re.search("[\x00-\x09\x0b-\x1f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", text.plain(item))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(DIGESTS)
def test_a_sentence_is_shown_whole_or_counted_as_left_out(item: Digest) -> None:
    words = shown(pages(item))
    left_out = 0
    for block in text.blocks(item):
        for line in block.lines:
            left_out += text.marked_line(line) not in words
    told = re.search(r"\*(One line has|(\d+) lines have) no room here", words)
    counted = 0 if told is None else int(told[2] or 1)
    # Two lines with the same words may hide one another from this test, never the other way round.
    assert left_out <= counted


def test_the_first_screen_names_who_announced_and_who_criticised_and_links_to_hansard() -> None:
    (page,) = pages(digest())
    (embed,) = page.embeds
    assert embed.title == "Prevent: Learning Review"
    assert embed.url == DEBATE
    body = embed.description or ""
    assert "**Dan Jarvis** · Labour · The Minister for Security" in body
    assert "**Mark Francois** · Conservative" in body
    assert f"“Records were poor.” [↗]({DEBATE}#contribution-c1)" in body
    assert "House of Commons · 12 February 2025" in body
    assert "4 others also spoke, among other things of whether the inquiry should cover it." in body
    assert f"BBC News: Prevent closed case too soon (12 February 2025) [↗]({REPORT})" in body
    assert (
        body.index("In brief") < body.index("Dan Jarvis") < body.index("What happens next") < body.index("Reported by")
    )


def test_a_digest_of_three_hundred_words_with_hansards_long_links_is_one_message() -> None:
    words = " ".join(["review"] * 19) + " ended."
    points = tuple(
        Point(f"Member {n}", "Lab", "A minister", (sentence(words), sentence(words, "c2"))) for n in range(7)
    )
    assert len(pages(digest(points=points, brief=(sentence(words),)))) == 1


def test_where_it_continues_the_first_message_still_names_every_speaker() -> None:
    words = "The Minister said that the programme would be reviewed. " * 6
    points = tuple(Point(f"Member {n}", "Lab", None, (sentence(words),)) for n in range(24))
    first, second = pages(digest(points=points))
    opening = first.embeds[0].description or ""
    assert all(f"Member {n}" in opening for n in range(24))
    assert second.embeds[0].title == "Prevent: Learning Review (continued)"
    assert second.embeds[0].url == DEBATE


def test_a_sentence_that_no_message_can_hold_is_counted_not_cut() -> None:
    giant = "very " * 2000 + "long."
    (page,) = pages(digest(brief=(sentence(giant), sentence("A short one."))))
    body = "".join(e.description or "" for e in page.embeds)
    assert "very very" not in body
    assert "A short one." in body
    assert "One line has no room here; see the full debate." in body


def test_a_headline_too_long_for_a_title_is_shown_whole_in_the_text() -> None:
    (page,) = pages(digest(headline="The review of " + "the programme " * 25))
    assert page.embeds[0].title == "House of Commons · 12 February 2025"
    assert ("the programme " * 25).strip() in (page.embeds[0].description or "")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("@everyone look", "@\u200beveryone look"),
        ("<@123> <#4> <:e:5>", r"\<@123\> \<\#4\> \<:e:5\>"),
        ("[the review](https://evil.example)", r"\[the review\](https\://evil.example)"),
        ("a\u202eb\x00c\u200bd\ud800e", "abcde"),
        ("**bold** _it_ `code` ||spoiler||", r"\*\*bold\*\* \_it\_ \`code\` \|\|spoiler\|\|"),
        ("# heading", r"\# heading"),
        ("- item", r"\- item"),
        ("12. item", r"12\. item"),
        ("two\n\nlines", "two lines"),
    ],
)
def test_source_text_is_shown_as_text(said: str, expected: str) -> None:
    assert text.escape(said) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (DEBATE, DEBATE),
        ("https://questions-statements.parliament.uk/x", "https://questions-statements.parliament.uk/x"),
        (REPORT, REPORT),
        ("https://www.bbc.co.uk/other", None),
        ("https://parliament.uk.evil.example/x", None),
        ("https://evilparliament.uk/x", None),
        ("https://user@hansard.parliament.uk/x", None),
        ("https://hansard.parliament.uk\\@evil.example/x", None),
        ("javascript:alert(1)", None),
        ("https://hansard.parliament.uk/a b", None),
        ("https://hansard.parliament.uk/(x)", "https://hansard.parliament.uk/%28x%29"),
        ("https://[", None),
        ("", None),
        (None, None),
    ],
)
def test_only_the_documents_own_host_parliament_and_the_reports_are_linked(
    url: str | None, expected: str | None
) -> None:
    assert text.allowed_url(url, digest()) == expected


def test_a_headline_that_says_the_day_is_not_followed_by_it() -> None:
    dated = digest(headline="Prevent: Learning Review · Commons statement · 12 February 2025")
    for written in (shown(pages(dated)), text.plain(dated), text.markdown(dated)):
        assert "House of Commons · 12" not in written
    assert text.plain(dated).splitlines()[1] == DEBATE


def test_an_articles_digest_says_that_it_is_not_from_hansard() -> None:
    point = Point(None, None, None, (sentence("It closed."),))
    press = digest(kind=Kind.ARTICLE, house=None, url=REPORT, links={}, points=(point,))
    assert "not from Hansard" in text.footer(press)
    assert "The report says" in shown(pages(press))


async def test_the_button_leads_to_the_debate_and_is_left_out_where_the_link_may_not_be_shown() -> None:
    view = buttons(digest())
    assert view is not None
    assert view.to_components()[0]["components"][0]["url"] == DEBATE  # type: ignore[typeddict-item]
    assert buttons(digest(url="javascript:alert(1)")) is None


def test_draft_and_settled_are_told_apart() -> None:
    assert "Draft" in text.footer(digest())
    assert "Settled" in text.footer(digest(status=Status.SETTLED))
    draft, settled = pages(digest())[0], pages(digest(status=Status.SETTLED))[0]
    assert draft.embeds[0].colour != settled.embeds[0].colour


def test_all_messages_of_a_story_carry_its_mark() -> None:
    item = digest(points=tuple(Point(f"M {n}", None, None, (sentence("Word " * 70),)) for n in range(24)))
    url, _ = marker(item)
    assert [page.embeds[0].url for page in pages(item)] == [url, url]


def test_plain_text_writes_its_links_out_and_ends_with_the_licence() -> None:
    written = text.plain(digest())
    lines = written.splitlines()
    assert lines[:3] == ["Prevent: Learning Review", "House of Commons · 12 February 2025", DEBATE]
    assert "Dan Jarvis (Labour · The Minister for Security)" in lines
    assert f"    <{DEBATE}#contribution-c2>" in lines
    assert lines[-1].startswith(text.MADE)
    assert written.endswith("\n")


def test_markdown_is_a_document_with_links() -> None:
    written = text.markdown(digest(brief=(sentence("*Not* emphasis [x](http://evil.example)."),)))
    assert written.startswith(f"# [Prevent: Learning Review]({DEBATE})\n")
    assert "## Mark Francois — Conservative\n" in written
    assert r"\*Not\* emphasis \[x\](http\://evil.example). [↗]" in written


def test_a_digest_with_nothing_to_tell_says_why() -> None:
    empty = Digest(
        "x",
        "Topical Questions",
        "Topical Questions",
        date(2025, 2, 12),
        "Commons",
        DEBATE,
        "prevent",
        Status.DRAFT,
        notes=("Nothing of substance was said.",),
    )
    assert "Nothing of substance was said." in shown(pages(empty))
    assert "Nothing of substance was said." in text.plain(empty)


def test_a_quotation_where_no_heading_names_its_speaker_is_given_its_speaker() -> None:
    said = Sentence("“An apology is not a plan.”", ("c1",), Origin.QUOTED, "Alistair Croome")
    told = text.plain(digest(brief=(said,), next=(said,), points=(Point("Alistair Croome", None, None, (said,)),)))
    assert told.count("Alistair Croome: “An apology is not a plan.”") == 2
    assert told.count("“An apology is not a plan.”") == 3
