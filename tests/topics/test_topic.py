"""A topic is a file, and a slip in it is named."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from bot import settings
from bot.errors import ConfigurationError
from bot.settings import Settings
from bot.topics import topic
from bot.topics.matcher import Matcher
from bot.topics.patterns import Phrases, compile_phrase, plain

SMALL = 'name = "x"\ntitle = "the x"\n[[phrase]]\nsays = "x"\nweight = 0.9\nmatch = ["big x"]\n'


def written(folder: Path, text: str) -> Path:
    file = folder / "x.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_packaged_topic_loads_by_its_name():
    found = topic.named(Settings(folder=settings.default_folder()), "prevent")
    assert (found.name, found.title) == ("prevent", "the Prevent programme")
    assert topic.names(Settings()) == ("prevent",)


@pytest.mark.parametrize("name", ["flooding", "../prevent", "", "prevent.toml"])
def test_a_topic_that_is_not_followed_is_refused_with_those_that_are(name):
    with pytest.raises(ConfigurationError, match="there are: prevent"):
        topic.named(Settings(), name)


def test_an_operators_own_file_stands_before_the_packaged_one(tmp_path):
    (tmp_path / "topics").mkdir()
    (tmp_path / "topics" / "prevent.toml").write_text(SMALL, encoding="utf-8")
    assert topic.named(Settings(folder=tmp_path), "prevent").title == "the x"


def test_a_topic_may_be_parted_among_files_beside_it(tmp_path):
    parted = 'also = ["x/more.toml"]\n' + SMALL
    (tmp_path / "x").mkdir()
    more = tmp_path / "x" / "more.toml"
    more.write_text('[[phrase]]\nsays = "y"\nweight = 0.5\nmatch = ["y"]\n', encoding="utf-8")
    assert [phrase.says for phrase in topic.load(written(tmp_path, parted)).phrases] == ["x", "y"]
    more.write_text('title = "the y"\n', encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"x/more\.toml says “title” over again"):
        topic.load(written(tmp_path, parted))
    more.unlink()
    with pytest.raises(ConfigurationError, match=r"no file x/more\.toml"):
        topic.load(written(tmp_path, parted))


def test_a_topic_crosses_to_another_process_and_still_matches():
    there = pickle.loads(pickle.dumps(topic.load(settings.default_folder() / "topics" / "prevent.toml")))
    assert Matcher(there).glance("A review of the Prevent duty")


@pytest.mark.parametrize(
    ("change", "key", "mend"),
    [
        (SMALL + "colour = 1\n", "phrase 1: colour", "no such key"),
        ("shape = 1\n" + SMALL, "shape", "no such key"),
        (SMALL + "[company]\nfriends = []\n", "company: friends", "no such key"),
        (SMALL.replace("0.9", "1.5"), "phrase 1: weight", "from 0 to 1"),
        (SMALL.replace("0.9", "true"), "phrase 1: weight", "from 0 to 1"),
        (SMALL.replace("weight = 0.9\n", ""), "phrase 1: weight", "from 0 to 1"),
        (SMALL.replace('["big x"]', "[]"), "phrase 1: match", "at least one"),
        (SMALL.replace('["big x"]', '"big x"'), "phrase 1: match", "list of phrases"),
        (SMALL.replace("big x", "... x"), "phrase 1: match", "begin and end with a word"),
        (SMALL.replace("big x", "x?"), "phrase 1: match", "not optional"),
        (SMALL.replace('title = "the x"\n', ""), "title", "is missing"),
        (SMALL + "company = 3\n", "phrase 1: company", "true or false"),
        ('name = "x"\ntitle = "x"\n', "phrase", "at least one"),
        ('name = "x"\ntitle = "x"\nphrase = 3\n', "phrase", r"\[\[phrase\]\]"),
        (SMALL + '[[word]]\nname = "prevent"\nsays = "a"\nordinary = "b"\n', "word 1: name", "capital"),
        (SMALL + '[encoder]\nabout = ["x"]\n', "encoder", "both"),
    ],
)
def test_a_slip_is_named_with_its_file_key_and_mend(tmp_path, change, key, mend):
    file = written(tmp_path, change)
    with pytest.raises(ConfigurationError, match=mend) as error:
        topic.load(file)
    assert (error.value.where, error.value.key) == (str(file), key)


def test_a_file_that_is_not_toml_or_not_there_is_named(tmp_path):
    with pytest.raises(ConfigurationError, match="is not TOML"):
        topic.load(written(tmp_path, "name = "))
    with pytest.raises(ConfigurationError, match="no such topic file"):
        topic.load(tmp_path / "absent.toml")


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("learning review", "the Learning\nReview", True),
        ("learning review", "learning reviews", False),
        ("learning review*", "learning reviews", True),
        ("counter-terror*", "counter terrorism, counterterrorism and counter-terror", True),
        ("Channel panel", "a channel panel", False),
        ("Channel panel", "A CHANNEL PANEL", True),
        ("independent? review of prevent", "a review of Prevent", True),
        ("independent? review of prevent", "the Independent Review of Prevent", True),
        ("a/an/the duty", "The duty", True),
        ("due regard ... terrorism", "due regard to the need to stop terrorism", True),
        ("due regard ... terrorism", "due regard to one and two and three and four terrorism", False),
        ("due regard ... terrorism", "due regard. Terrorism", False),
        ("government's scheme", "the Government’s scheme", True),
        ("u.k.", "the U.K. did", True),
    ],
)
def test_phrases_are_met_as_the_file_explains(phrase, text, found):
    assert Phrases([phrase]).found(plain(text)) is found
    assert bool(compile_phrase(phrase).regex.search(plain(text))) is found


def test_plain_text_keeps_every_place():
    odd = "the Government’s\u00a0anti\u2011terror scheme — “Prevent”"
    assert len(plain(odd)) == len(odd)


def test_another_topic_is_another_file_and_no_code(models):
    from tests.topics.samples import article, debate

    matcher = Matcher(topic.load(Path(__file__).with_name("flooding.toml")), models.encoder)
    assert matcher.match(debate("The new flood defences held.")).reasons == ("it tells of flood defences",)
    assert matcher.match(article("The river rose and flooding left homes under water.")).matched
    assert not matcher.match(article("Cheap steel is flooding the market.")).matched
    assert not matcher.match(article("A flooding of imported goods was sold at low prices.")).matched
    assert matcher.match(debate("Ten villages have signed up to Flex as the river rises.")).matched
    assert not matcher.match(debate("Athletes flex before a race.")).matched
    assert matcher.glance("Heavy rain tonight")
    assert not matcher.glance("Prevent duty reviewed")
