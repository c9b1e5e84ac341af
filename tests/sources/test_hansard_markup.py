"""Hansard's markup becomes the words that a reader sees on the page, and nothing else."""

from __future__ import annotations

import json
import re
import time
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources import links
from bot.sources.hansard_markup import line_of, paragraphs, read, sound, text_of


@pytest.mark.parametrize(
    ("fragment", "text"),
    [
        (
            'the people of Islington <span id="110" class="column-number" data-column-number="110"></span>North',
            "the people of Islington North",
        ),
        ('the <span class="column-number column-hidden">Column 144WH</span>duty', "the duty"),
        ("First.\r\n\r\nSecond line\r\ngoes on.", "First.\n\nSecond line goes on."),
        ("<p>One.</p><p>Two<br>Three &amp; four</p>", "One.\n\nTwo\n\nThree & four"),
        ("It cost &pound;5&nbsp;million", "It cost £5 million"),
        ("<em>[</em><em>Interruption.</em><em>]</em> I shall go on", "[Interruption.] I shall go on"),
        (
            '<span class="cross-reference" data-external-id="X1">—[<em>Official Report</em>, 12 May; c. 95.]</span> So',
            "—[Official Report, 12 May; c. 95.] So",
        ),
        ("<table><tr><td>Year</td><td>Referrals</td></tr><tr><td>2023</td><td>6,817</td></tr></table>",
         "Year | Referrals\n\n2023 | 6,817"),
        ("5 < 6 and AT&T", "5 < 6 and AT&T"),
        ("<script>alert(1)</script>said<style>p{}</style>", "said"),
        ("e\u0301lan \u202eright\u200b", "élan right"),
        ("<em>unclosed <b>markup", "unclosed markup"),
        (None, ""),
        ("  \r\n\r\n ", ""),
    ],
)  # fmt: skip
def test_a_fragment_reads_as_it_is_printed(fragment: str | None, text: str) -> None:
    assert text_of(fragment) == text


def test_a_cross_reference_says_what_it_points_at() -> None:
    marked = read(
        '“quoted”<span class="cross-reference" data-external-id="7FF5">—[<em>Official Report</em>, c. 816.]</span>'
        '<span class="cross-reference">[c. 902.] (Correction)</span>'
    )
    assert [(found.text, found.external_id) for found in marked.references] == [
        ("—[Official Report, c. 816.]", "7FF5"),
        ("[c. 902.] (Correction)", None),
    ]


def test_what_is_wholly_italic_is_known_for_it() -> None:
    assert read("<em>rose</em><em>—</em>").italic
    assert not read("<em>Official Report</em>, column 3").italic


def test_a_title_is_one_line() -> None:
    assert line_of("  Digital ID\r\n\r\n <i>Bill</i> ") == "Digital ID Bill"


@given(st.text(max_size=400))
def test_any_text_comes_out_clean_and_comes_out_the_same_again(text: str) -> None:
    found = paragraphs(text)
    assert all(part == part.strip() and part and "\x00" not in part and "  " not in part for part in found)
    assert paragraphs("\n\n".join(found)) == found
    text_of(text).encode()
    sound(text).encode()


def test_a_megabyte_of_open_tags_does_not_hang() -> None:
    assert text_of("<em>" * 20_000 + "word").strip() == "word"
    assert text_of(" \t" * 500_000) == ""


@pytest.mark.parametrize(
    "flood", ["<!--", "<!", "</", "<b></i>", "<a b='", "<b>", "<![CDATA[", "<span class='cross-reference'>x"]
)
def test_markup_made_to_be_slow_takes_no_longer_than_its_length_deserves(flood: str) -> None:
    began = time.process_time()
    read("First.\r\n\r\n" + flood * (200_000 // len(flood)) + "</b> last")
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("fragment", "text"),
    [
        ("a <!-- <b>unsaid</b> --> b", "a b"),
        ("a <!-- b", "a <!-- b"),
        ("5 < 6 <b>and</b> 7 > 6", "5 < 6 and 7 > 6"),
        ('<a href="https://x.example/?a>b" title=\'"\'>link</a>', "link"),
        ("<!DOCTYPE html><p>said</p>", "said"),
        ("one <a href=", "one <a href="),
        ("<b><i>x</b>y</i> z", "xy z"),
    ],
)
def test_broken_markup_loses_no_words(fragment: str, text: str) -> None:
    assert text_of(fragment) == text


@pytest.fixture(scope="module")
def real(shared_data: Path) -> Any:
    def load(name: str) -> Any:
        return json.loads((shared_data / "hansard" / name).read_text(encoding="utf-8"))

    return load


def test_every_real_permalink_is_built_from_its_title(real: Any) -> None:
    permalinks = real("permalinks-306.json")
    assert len(permalinks) == 306
    for link in permalinks:
        house, day, _, ext_id, _ = link["resolved"].strip("/").split("/", 4)
        debate = links.debate_url(house, date.fromisoformat(day), ext_id, line_of(link["title"]))
        built = links.contribution_url(debate, link["externalId"])
        assert unquote(built) == links.SITE + link["resolved"]
        assert re.fullmatch(r"[\x21-\x7e]+", built)


def test_every_real_contribution_is_clean_and_loses_no_words(real: Any) -> None:
    rows = real("contributions-spoken-member185-2024-2026.json")
    assert len(rows) == 306
    for row in rows:
        text = text_of(row["ContributionTextFull"])
        assert not re.search(r"<|&amp;|  |\r|column-number|HRSContentId", text)
        shown = " ".join(row["ContributionText"].split())[:240]
        assert " ".join(text.split()).startswith(shown)


def test_the_real_correction_points_at_the_real_speech(real: Any) -> None:
    rows = real("contributions-spoken-member185-2024-2026.json")
    corrections = [
        found.external_id
        for row in rows
        if "Snoxell" in row["ContributionTextFull"]
        for found in read(row["ContributionTextFull"]).references
        if found.external_id
    ]
    assert "7FF50AA8-970A-4639-9525-E1AB6B5CE6D0" in corrections
