"""Debate answers in the shape of the Hansard API, with invented Members, for this folder's tests."""

from __future__ import annotations

from typing import Any

DAY = "2031-02-12"


def overview(**changes: Any) -> dict[str, Any]:
    return {
        "Id": 1,
        "ExtId": "17d395db-e0cb-4ab5-b5e0-c7ec346c85de",
        "Title": " Prevent:  Learning Review",
        "HRSTag": "hs_2cStatement",
        "Date": f"{DAY}T00:00:00",
        "Location": "Commons Chamber",
        "House": "Commons",
        "Source": 2,
        "NextDebateExtId": "",
    } | changes


def item(value: str | None, attributed: str | None = None, member: int | None = None, **changes: Any) -> dict[str, Any]:
    return {
        "ItemType": "Contribution",
        "ItemId": 1,
        "ExternalId": None,
        "MemberId": member,
        "AttributedTo": attributed,
        "Value": value,
        "OrderInSection": 0,
        "Timecode": None,
        "HRSTag": "hs_Para",
        "HansardSection": "AV-AX",
        "UIN": None,
        "IsReiteration": False,
    } | changes


def answer(*items: dict[str, Any], children: tuple[dict[str, Any], ...] = (), **changes: Any) -> dict[str, Any]:
    ordered = [one | {"OrderInSection": at} for at, one in enumerate(items, 1)]
    top = overview(**changes)
    return {
        "Overview": top,
        "Navigator": [{"Id": 9, "Title": top["Location"]}, {"Id": 1, "Title": top["Title"]}],
        "Items": ordered,
        "ChildDebates": list(children),
    }
