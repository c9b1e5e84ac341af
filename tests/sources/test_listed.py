"""A list that moves while its pages are read comes whole all the same, each row once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from aiohttp import web

from bot.errors import SourceError
from bot.sources.http import Client
from bot.sources.listed import PAGE, WRITTEN, whole
from tests.sources.conftest import Handler, Web

Change = Callable[[list[int]], None]


def listing(rows: list[int], change: Change, times: int) -> Handler:
    """Serves the rows a page at a time; after each of the first `times` answers they change."""
    answered = 0

    async def answer(request: web.Request) -> web.Response:
        nonlocal answered
        skip, take = int(request.query["skip"]), int(request.query["take"])
        page = [{"value": {"id": number}} for number in rows[skip : skip + take]]
        total, answered = len(rows), answered + 1
        if answered <= times:
            change(rows)
        return web.json_response({"totalResults": total, "results": page})

    return answer


def _swap(rows: list[int]) -> None:
    rows.insert(0, rows.pop())


@pytest.mark.parametrize("change", [lambda rows: rows.insert(0, 9000), lambda rows: rows.pop(0), _swap])
async def test_rows_that_shift_between_pages_are_neither_missed_nor_doubled(
    site: Web, client: Client, change: Change
) -> None:
    rows = list(range(1, 2 * PAGE + 51))
    site.pages["/questions"] = listing(rows, change, 1)
    found = [row["id"] for row in await whole(client, f"{site.base}/questions", {}, WRITTEN)]
    assert found == rows and len(site.asked) > 3


async def test_a_list_that_never_keeps_still_is_not_taken_for_whole(site: Web, client: Client) -> None:
    site.pages["/questions"] = listing(list(range(1, 2 * PAGE)), _swap, 99)
    with pytest.raises(SourceError, match="kept changing"):
        await whole(client, f"{site.base}/questions", {}, WRITTEN)
