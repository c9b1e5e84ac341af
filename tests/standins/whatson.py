"""What's On as it answers, quirks and all: 31 days a call, unknown names of a query ignored."""

from __future__ import annotations

from datetime import date
from typing import Any

from aiohttp import web

Json = Any


class WhatsOn:
    """The calendar over a sample's events, which a test may add to, change and strike out."""

    def __init__(self, events: list[Json]) -> None:
        self.events = events
        self.unfiltered = False
        """Answer everything, whatever was asked."""

    def announce(self, day: date, description: str | None, **more: Json) -> int:
        """One more event, on that day, by default in the Commons Chamber; its id. `more` replaces fields."""
        row = {
            "Id": 99000 + len(self.events) + 1,
            "StartDate": f"{day}T00:00:00",
            "EndDate": f"{day}T00:00:00",
            "StartTime": "",
            "EndTime": "",
            "Description": description,
            "SummarisedDetails": "",
            "Category": "General debate",
            "Type": "Main Chamber",
            "House": "Commons",
            "CancelledDate": None,
            "BillId": None,
            "BillName": None,
            "BillPageLink": None,
            "Committee": None,
            "Members": [],
            "Tags": [],
        }
        self.events.append(row | more)
        return int(row["Id"])

    def change(self, id_: int, **fields: Json) -> None:
        """Other values for an event's fields."""
        next(event for event in self.events if event["Id"] == id_).update(fields)

    def strike(self, id_: int) -> None:
        """The event is not announced any more."""
        self.events[:] = [event for event in self.events if event["Id"] != id_]

    def answer(self, path: str, request: web.Request) -> web.Response:
        """What is served below /whatson."""
        query = {name.lower().removeprefix("queryparameters."): value for name, value in request.query.items()}
        if path == "events/nonsitting.json":
            return web.json_response([])
        if path != "events/list.json":
            return web.json_response({"Message": "No HTTP resource was found"}, status=404)
        try:
            start, end = date.fromisoformat(query["startdate"][:10]), date.fromisoformat(query["enddate"][:10])
        except (KeyError, ValueError):
            return web.json_response({"Message": "The request is invalid."}, status=400)
        if (end - start).days > 31:
            return web.json_response({"Message": "The date range may not exceed 31 days."}, status=400)
        term, house = query.get("searchterm", "").lower(), query.get("house")
        return web.json_response(
            [
                event
                for event in self.events
                if self.unfiltered
                or (
                    str(event["StartDate"])[:10] <= end.isoformat()
                    and str(event["EndDate"])[:10] >= start.isoformat()
                    and term in str(event["Description"]).lower()
                    and house in (None, event["House"])
                )
            ]
        )
