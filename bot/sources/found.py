"""What Parliament's own search finds on a topic's phrases: which debates, statements and questions to read whole.

    /search/contributions/{Spoken|Corrections}.json?queryParameters.searchTerm="…"&queryParameters.startDate=&endDate=
    /writtenstatements/statements?searchTerm=&madeWhenFrom=&madeWhenTo=
    /writtenquestions/questions?searchTerm=&answeredWhenFrom=… | correctedWhenFrom=…

Quotation marks make a phrase. Hansard ignores a parameter that it does not know and answers as if nothing had been
asked, so every row's day is looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta

from bot.errors import SourceError
from bot.sources.fields import day_of, word
from bot.sources.http import Client
from bot.sources.listed import FOUND, WRITTEN, Row, Shape, TooLong, whole

KINDS = ("Spoken", "Corrections")

Asked = Callable[[date, date], Mapping[str, str]]
Days = dict[date, tuple[str, ...]]
"""Ids by day, each once, in the order in which they were found."""


async def debates(client: Client, base: str, phrases: Iterable[str], first: date, last: date) -> Days:
    """The debates of those days, both included, in which one of the phrases was spoken. Raises SourceError."""
    found: dict[date, dict[str, str]] = {}
    for phrase in phrases:
        for kind in KINDS:
            url = f"{base}/search/contributions/{kind}.json"

            def asked(since: date, until: date, phrase: str = phrase) -> Mapping[str, str]:
                return {
                    "queryParameters.searchTerm": f'"{phrase}"',
                    "queryParameters.startDate": since.isoformat(),
                    "queryParameters.endDate": until.isoformat(),
                    "queryParameters.orderBy": "SittingDateDesc",
                }

            for day, row in await _rows(client, url, asked, FOUND, field="SittingDate", days=(first, last)):
                if ext_id := word(row.get("DebateSectionExtId")):
                    found.setdefault(day, {}).setdefault(ext_id.upper(), ext_id)
    return {day: tuple(ids.values()) for day, ids in found.items()}


async def written(
    client: Client,
    url: str,
    phrases: Iterable[str],
    days: tuple[date, date],
    *,
    dated: Mapping[str, str],
    key: Callable[[Row], str | None],
) -> Days:
    """The statements or questions of those days with one of the phrases. `dated` names the day's field of a row by
    the parameter that asks for it ("answeredWhen": "dateAnswered"); `key` gives a row's id. Raises SourceError."""
    found: dict[date, dict[str, None]] = {}
    for phrase in phrases:
        for name, field in dated.items():

            def asked(since: date, until: date, phrase: str = phrase, name: str = name) -> Mapping[str, str]:
                days = {f"{name}From": since.isoformat(), f"{name}To": until.isoformat()}
                return {**days, "searchTerm": f'"{phrase}"', "sessionStatus": "Any"}

            for day, row in await _rows(client, url, asked, WRITTEN, field=field, days=days):
                if one := key(row):
                    found.setdefault(day, {})[one] = None
    return {day: tuple(ids) for day, ids in found.items()}


async def _rows(
    client: Client,
    url: str,
    asked: Asked,
    shape: Shape,
    *,
    field: str,
    days: tuple[date, date],
) -> list[tuple[date, Row]]:
    """Every row with its day; too many of them are asked for in halves."""
    first, last = days

    def check(row: Row) -> None:
        day = day_of(row.get(field))
        if day is None or not first <= day <= last:
            raise SourceError(f"{url}: answered with {day or 'no day'}, which was not asked for")

    try:
        listed = await whole(client, url, asked(first, last), shape, check)
    except TooLong:
        if first == last:
            raise
        middle = first + timedelta(days=(last - first).days // 2)
        later = await _rows(client, url, asked, shape, field=field, days=(middle + timedelta(days=1), last))
        return later + await _rows(client, url, asked, shape, field=field, days=(first, middle))
    return [(day, row) for row in listed if (day := day_of(row.get(field))) is not None]
