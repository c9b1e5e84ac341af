"""What the demonstration prints is what a channel would show, with its links written out."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

from bot.domain import Coverage, Digest, Origin, Point, Sentence, Status
from tests import demo

URL = "https://hansard.parliament.uk/Commons/2025-08-13/debates/D374/Review"


def test_links_are_written_out_below_what_they_carry_and_mark_up_is_gone() -> None:
    line = rf"- **Marsh** said that \*all\* of it (every word) was [true]({URL}) [↗]({URL}#contribution-1)"
    assert demo.written_out(line) == [
        "- Marsh said that *all* of it (every word) was true",
        f"    ↗ {URL}",
        f"    ↗ {URL}#contribution-1",
    ]


def test_long_lines_are_folded_without_losing_a_word_and_links_never_are() -> None:
    words = " ".join(f"word{number}" for number in range(80))
    shown = demo.written_out(f"- {words} [↗]({URL}{'x' * 120})")
    assert " ".join(line.strip("- ") for line in shown[:-1]).split() == words.split()
    assert all(len(line) <= demo.WIDTH for line in shown[:-1])
    assert shown[-1].endswith("x" * 120)


async def test_a_posted_digest_shows_every_sentence_its_links_and_its_licence() -> None:
    said = Sentence("Eleanor Marsh said that reasons would be written down.", ("c1",), Origin.REPORTED, "Eleanor Marsh")
    digest = Digest(
        id="d",
        title="Review",
        headline="Review · Commons statement",
        date=date(2025, 8, 13),
        house="Commons",
        url=URL,
        topic="prevent",
        status=Status.SETTLED,
        brief=(said,),
        points=(Point("Eleanor Marsh", "Lab", "The Minister for Security", (said,)),),
        coverage=(Coverage("The Norminster Courier", "Let down", "http://127.0.0.1:9/a", date(2025, 8, 13)),),
        links={"c1": f"{URL}#contribution-1"},
    )
    channel = demo.Channel()
    ids = await channel.send(1, 1, digest, "nonce")
    assert ids == (1,)
    text = "\n".join(channel.posted[0])
    assert text.startswith("Review · Commons statement\n  ↗ https://")
    assert text.count(said.text) == 2 and text.count("#contribution-1") == 2
    assert "Open Parliament" in text and "↗ http://127.0.0.1:9/a" in text and "[ Full debate ]" in text
    assert "**" not in text and "](" not in text


def test_memory_is_measured() -> None:
    assert 10 < demo.peak_mebibytes() < 64_000


def test_the_whole_program_makes_one_message_of_a_statement_its_repeat_and_its_reports(root: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "tests.demo"],
        cwd=root,
        env=os.environ | {"DESPATCH_MODELS__WRITER": "none"},
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    stories = run.stdout.split("[ Full debate ]")[:-1]
    assert len(stories) == 3, [each.strip().splitlines()[:4] for each in stories]
    (story,) = [each for each in stories if "│ Prevent Learning Review: Norminster" in each]
    assert "Eleanor Marsh · Labour" in story
    assert "Alistair Croome · Conservative" in story
    assert "The Norminster Courier: Library killer" in story
    assert run.stdout.count("The Westminster Ledger: Minister sorry") == 1
    assert any("/written-statements/detail/2025-08-13/HCWS9901" in each for each in stories)
    assert any("/written-questions/detail/2025-08-06/990417" in each for each in stories)
    for absent in ("Coastal", "Rural", "Eel", "Sewage", "parking", "crossing", "contest"):
        assert absent not in run.stdout
    assert "peak memory" in run.stderr
