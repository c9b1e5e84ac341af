"""robots.txt as RFC 9309 has it: groups by product token, the longest rule wins, Allow wins a tie, `*` and `$` match.

The standard library's parser takes the first rule and knows no wildcards, which publishers use.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from bot.errors import SourceError
from bot.sources.http import Client, Missing

PRODUCT = "despatch"
LONGEST = 500_000
HOSTS = 256
HELD = 24 * 3600.0
HELD_AFTER_FAILURE = 1800.0


@dataclass(frozen=True, slots=True)
class Rule:
    allow: bool
    pattern: str


_Said = tuple[float, tuple[Rule, ...], str]
"""Until when it holds, the rules, and why a host that did not say its rules is left alone."""


class Robots:
    """What each host lets this program fetch; asked once a day. A host that fails to say is left alone meanwhile."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._held: OrderedDict[str, _Said] = OrderedDict()

    async def refusal(self, url: str) -> str | None:
        """Why the page may not be fetched; None where it may. `url` has been found to be an address."""
        parts = urlsplit(url)
        host, now = f"{parts.scheme}://{parts.netloc}", time.monotonic()
        held = self._held.get(host)
        if held is None or now >= held[0]:
            held = await self._ask(host, now)
            self._held[host] = held
            while len(self._held) > HOSTS:
                self._held.popitem(last=False)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        if held[2]:
            return held[2]
        return None if allowed(held[1], path) else "its publisher's robots.txt asks not to fetch it"

    async def _ask(self, host: str, now: float) -> _Said:
        try:
            answer = await self._client.get(f"{host}/robots.txt", accept="text/plain", max_bytes=LONGEST)
        except Missing:
            return now + HELD, (), ""
        except SourceError as error:
            return now + HELD_AFTER_FAILURE, (), f"is left alone while its robots.txt cannot be read ({error})"
        return now + HELD, parse(answer.text()), ""


def parse(text: str, product: str = PRODUCT) -> tuple[Rule, ...]:
    """The rules for `product`: its own groups', together, else those for everyone."""
    own: list[Rule] = []
    common: list[Rule] = []
    agents: list[str] = []
    in_rules, named = False, False
    for line in text.lstrip("\ufeff").splitlines():
        key, _, value = line.partition("#")[0].partition(":")
        key, value = key.strip().lower(), value.strip()
        if key == "user-agent":
            if in_rules:
                agents, in_rules = [], False
            agent = value.lower().partition("/")[0].strip()
            agents.append(agent)
            named |= agent == product
        elif key in {"allow", "disallow"}:
            in_rules = True
            if value and (value.startswith(("/", "*"))):
                rule = Rule(key == "allow", value)
                if product in agents:
                    own.append(rule)
                if "*" in agents:
                    common.append(rule)
    return tuple(own if named else common)


def allowed(rules: tuple[Rule, ...], path: str) -> bool:
    """The verdict of the longest rule that matches; without one, yes."""
    path = _normal(path)
    best: Rule | None = None
    for rule in rules:
        if not _matches(_normal(rule.pattern), path):
            continue
        if best is None or (len(rule.pattern), rule.allow) > (len(best.pattern), best.allow):
            best = rule
    return best is None or best.allow


def _normal(path: str) -> str:
    return quote(path, safe="/%*$?&=+,;:@!~'()[]-._", errors="replace")


def _matches(pattern: str, path: str) -> bool:
    """Whether the path begins with the pattern; each `*` is any run, a last `$` the end. Linear in the path."""
    anchored = pattern.endswith("$")
    first, *pieces = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    if not pieces:
        return not anchored or at == len(path)
    last = pieces.pop() if anchored else ""
    for piece in pieces:
        found = path.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return not anchored or (len(path) - len(last) >= at and path.endswith(last))
