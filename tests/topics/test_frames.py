"""What a text says in no fixed words: kinds of word that stand together."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import ConfigurationError
from bot.topics import topic
from bot.topics.frames import MOST, SENTENCES, stretches
from bot.topics.lexicon import Lexicon, Passage

FILE = """
name = "x"
title = "the x"
[groups]
helpers = ["mentor/mentors", "panel/panels"]
youths = ["boy/boys", "pupil/pupils"]
danger = ["extremis*"]
[[frame]]
says = "help for youths"
weight = 0.6
all = ["helpers", "youths", "danger"]
unless = ["prison*"]
"""


def lexicon(folder: Path, text: str = FILE) -> Lexicon:
    file = folder / "x.toml"
    file.write_text(text, encoding="utf-8")
    return Lexicon(topic.load(file))


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("A panel met. It spoke of a boy. He had taken to extremism.", 0.6),
        ("Extremism frightened the pupils, and no mentor came.", 0.6),
        ("A panel met. It spoke of a boy.", 0.0),
        ("A prison panel saw a boy over extremism.", 0.0),
        ("A panel met. One. Two. Three. Four. A boy. Extremism.", 0.0),
        ("A panel met" + " and talked" * 60 + ". A boy had taken to extremism.", 0.0),
    ],
)
def test_a_frame_needs_all_of_its_words_near_one_another(tmp_path, text, score):
    assert lexicon(tmp_path).read(text).score == pytest.approx(score)


def test_a_title_lends_one_word_and_no_more(tmp_path):
    words = lexicon(tmp_path)
    title = Passage("Extremism")
    assert words.possible("A panel saw a boy.", title)
    assert 0.3 < words.read("A panel saw a boy.", (title,)).score < 0.6
    assert words.read("A panel met.", (Passage("Extremism: a boy"),)).score == 0


def test_what_a_frame_finds_twice_in_one_place_is_told_once(tmp_path):
    hits = lexicon(tmp_path).read("A panel saw a boy over extremism. Another panel saw him. A mentor saw him.").hits
    assert [hit.says for hit in hits] == ["help for youths"]


@pytest.mark.parametrize(
    ("change", "mend"),
    [
        (FILE.replace('"danger"]\nunless', '"dangers"]\nunless'), "no group “dangers”"),
        (FILE.replace('["helpers", "youths", "danger"]', '["helpers"]'), "two groups"),
        (FILE.replace('["extremis*"]', "[]"), "groups: danger"),
        (FILE + "near = []\n", "frame 1: near"),
    ],
)
def test_a_slip_in_a_frame_is_named(tmp_path, change, mend):
    with pytest.raises(ConfigurationError, match=mend):
        lexicon(tmp_path, change)


def test_stretches_are_short_and_cover_the_text():
    text = "One here. Two here? " + "Long " * 300 + "end. Three! Four.\n\nFive."
    spans = list(stretches(text))
    assert all(high - low <= 2 * MOST for low, high in spans)
    assert [low for low, _ in spans] == sorted({low for low, _ in spans})
    assert text[spans[0][0] : spans[0][1]].startswith("One here. Two here?")
    assert next(iter(stretches("A. B. C. D. E. F."))) == (0, 3 * SENTENCES)
