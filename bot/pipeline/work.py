"""What the stages ask of the models: module-level functions that run in the worker process, models first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Concatenate, ParamSpec, Protocol, TypeVar

from bot.domain import Digest, Document, Match

if TYPE_CHECKING:
    from bot.inference.models import Models
    from bot.summarise.profiles import Profile
    from bot.topics.matcher import Matcher
    from bot.topics.topic import Topic

P = ParamSpec("P")
R = TypeVar("R")


class Worker(Protocol):
    """Runs `function(models, *args)` where the models are, and gives or raises what it does."""

    async def run(self, function: Callable[Concatenate[Models, P], R], *args: P.args, **kwargs: P.kwargs) -> R: ...


@lru_cache(maxsize=16)
def _topic(path: str) -> Topic:
    from bot.topics.topic import load

    return load(path)


@lru_cache(maxsize=16)
def _matcher(models: Models, path: str) -> Matcher:
    # What a topic is about is encoded once, not for each document.
    from bot.topics.matcher import Matcher

    return Matcher(_topic(path), models.encoder)


def match_document(models: Models, document: Document, topic_path: str) -> Match:
    """The verdict of the topic in that file on one document."""
    return _matcher(models, topic_path).match(document)


def find_story(models: Models, document: Document, candidates: Sequence[Sequence[Document]]) -> tuple[int, str] | None:
    """The candidate story that a document tells most surely: its place, and why; None where it tells none of them."""
    from bot.summarise.stories import find

    profiles = _profiled(models, [document, *(each for members in candidates for each in members)])
    rest = iter(profiles[1:])
    return find(profiles[0], [[next(rest) for _ in members] for members in candidates])


_PROFILES: OrderedDict[tuple[int, str, str, str], Profile] = OrderedDict()
_KEPT = 1000
"""Profiles kept: more than the open stories of a fortnight have documents."""


def _profiled(models: Models, documents: Sequence[Document]) -> list[Profile]:
    """Their profiles; those of a fortnight are compared with every newcomer, and are made once."""
    from bot.summarise.profiles import profiles

    keys = [(id(models), each.source, each.id, each.content_hash()) for each in documents]
    missing = {key: each for key, each in zip(keys, documents, strict=True) if key not in _PROFILES}
    _PROFILES.update(zip(missing, profiles(models, list(missing.values())), strict=True))
    found = [_PROFILES[key] for key in keys]
    for key in keys:
        _PROFILES.move_to_end(key)
    while len(_PROFILES) > _KEPT:
        _PROFILES.popitem(last=False)
    return found


def digest_story(
    models: Models,
    documents: Sequence[Document],
    topic_path: str,
    matches: Mapping[str, Match],
    max_words: int,
) -> Digest:
    """The digest of a story, the first document its principal."""
    from bot.summarise.digest import summarise

    return summarise(models, documents, topic=_topic(topic_path), matches=matches, max_words=max_words)


def digest_document(models: Models, document: Document, topic_paths: Sequence[str], max_words: int) -> Digest:
    """As `digest_alone`, of the topics in those files."""
    return digest_alone(models, document, [_matcher(models, path) for path in topic_paths], max_words)


def digest_alone(models: Models, document: Document, matchers: Sequence[Matcher], max_words: int) -> Digest:
    """The digest of one document, for the topic that it is most surely about, or whole where it is about none."""
    from bot.summarise.digest import summarise

    judged = [(matcher.topic, matcher.match(document)) for matcher in matchers]
    found = [(topic, match) for topic, match in judged if match.matched]
    if not found:
        return summarise(models, [document], topic=None, matches={}, max_words=max_words)
    topic, match = max(found, key=lambda pair: pair[1].score)
    return summarise(models, [document], topic=topic, matches={document.id: match}, max_words=max_words)
