"""Addresses on Hansard's own site, which is linked to and never polled.

    https://hansard.parliament.uk/{House}/{yyyy-mm-dd}/debates/{ExtId}/{Slug}#contribution-{ExternalId}

The slug's rule was worked out from 306 permalinks that the API itself gave; any slug resolves, so a wrong one harms
nothing.
"""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import quote

SITE = "https://hansard.parliament.uk"
WRITTEN_SITE = "https://questions-statements.parliament.uk"

_DROPPED = re.compile(r"[\s:,.%]")


def slug(title: str) -> str:
    """`Children’s Wellbeing and Schools Bill` is `Children’SWellbeingAndSchoolsBill`, not yet percent-encoded."""
    raised: list[str] = []
    letter_before = False
    for character in title:
        raised.append(character if letter_before else character.upper())
        letter_before = character.isalpha()
    return _DROPPED.sub("", "".join(raised))


def debate_url(house: str, day: date, ext_id: str, title: str) -> str:
    """The page of a debate."""
    ending = quote(slug(title), safe="()'-") or "Debate"
    return f"{SITE}/{quote(house)}/{day.isoformat()}/debates/{quote(ext_id, safe='')}/{ending}"


def contribution_url(debate: str, external_id: str) -> str:
    """The place of one contribution on its debate's page."""
    return f"{debate}#contribution-{quote(external_id, safe='-')}"


def written_url(kind: str, day: date, uin: str) -> str:
    """The page of a written statement or question; `kind` is `written-statements` or `written-questions`."""
    return f"{WRITTEN_SITE}/{kind}/detail/{day.isoformat()}/{quote(uin, safe='')}"
