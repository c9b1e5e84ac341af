"""Hansard's search answers, made from debates: contribution rows, debate rows, filters and paging."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Json = Any


def contribution_rows(overview: Json, items: Sequence[Json], members: Mapping[int, Json] | None = None) -> list[Json]:
    """SearchReferencesItem rows of a debate: plain text cut at 255 after a leading space, the whole as HTML."""
    rows = []
    for item in items:
        if item["ItemType"] != "Contribution" or not item["ExternalId"]:
            continue
        member = (members or {}).get(item["MemberId"])
        plain = html.unescape(re.sub(r"<[^>]+>", "", item["Value"] or ""))
        rows.append(
            {
                "MemberName": member["value"]["nameDisplayAs"] if member else None,
                "MemberId": item["MemberId"],
                "AttributedTo": item["AttributedTo"],
                "ItemId": item["ItemId"],
                "ContributionExtId": item["ExternalId"],
                "ContributionText": f" {plain}"[:255],
                "ContributionTextFull": item["Value"],
                "HRSTag": item["HRSTag"],
                "HansardSection": item["HansardSection"],
                "Timecode": item["Timecode"],
                "DebateSection": overview["Title"],
                "DebateSectionId": overview["Id"],
                "DebateSectionExtId": overview["ExtId"],
                "SittingDate": overview["Date"],
                "Section": overview["Location"],
                "House": overview["House"],
                "OrderInDebateSection": item["OrderInSection"],
                "DebateSectionOrder": 1,
                "Rank": 0,
            }
        )
    return rows


def found_rows(rows: Mapping[str, Sequence[Json]], kind: str, query: Mapping[str, str]) -> Json:
    """SearchContributionsQueryResult: one kind's page, every kind's count. `query` has lower-case names."""
    kept = {name: [row for row in listed if _wanted(row, query)] for name, listed in rows.items()}
    skip, take = _number(query.get("skip"), 0), min(_number(query.get("take"), 20), 100)
    return {
        "SearchTerms": [query["searchterm"]] if "searchterm" in query else [],
        "SpokenResultCount": len(kept["spoken"]),
        "WrittenResultCount": len(kept["written"]),
        "CorrectionsResultCount": len(kept["corrections"]),
        "DivisionsResultCount": 0,
        "Results": kept[kind][skip : skip + take],
        "TotalResultCount": len(kept[kind]),
    }


def debate_rows(debates: Iterable[Json], query: Mapping[str, str]) -> Json:
    """SearchDebateItem rows; the term is looked for in titles, and `DebateSection` is the venue."""
    rows = [
        {
            "DebateSection": debate["Overview"]["Location"],
            "SittingDate": debate["Overview"]["Date"],
            "House": debate["Overview"]["House"],
            "Title": debate["Overview"]["Title"],
            "Rank": 0,
            "DebateSectionExtId": debate["Overview"]["ExtId"],
        }
        for debate in debates
    ]
    kept = [
        row
        for row in rows
        if _holds(row["Title"], query.get("searchterm", "")) and _in_days(row["SittingDate"], row["House"], query)
    ]
    return {"Results": kept[:25], "TotalResultCount": len(kept)}


def _wanted(row: Json, query: Mapping[str, str]) -> bool:
    if "memberid" in query and str(row["MemberId"]) != query["memberid"]:
        return False
    if "memberids" in query and str(row["MemberId"]) not in query["memberids"].split(","):
        return False
    text = html.unescape(re.sub(r"<[^>]+>", "", row["ContributionTextFull"] or ""))
    return _holds(text, query.get("searchterm", "")) and _in_days(row["SittingDate"], row["House"], query)


def _holds(text: str, term: str) -> bool:
    """Every word or quoted phrase of the term, whole words, whatever the case."""
    parts = [phrase or word for phrase, word in re.findall(r'"([^"]+)"|(\S+)', term)]
    return all(re.search(rf"\b{re.escape(part)}\b", text, re.IGNORECASE) for part in parts)


def _in_days(day: str, house: str, query: Mapping[str, str]) -> bool:
    day = day[:10]
    if query.get("house", house).lower() != house.lower() or query.get("date", day)[:10] != day:
        return False
    return query.get("startdate", day)[:10] <= day <= query.get("enddate", day)[:10]


def _number(value: str | None, default: int) -> int:
    return int(value) if value and value.isdigit() else default
