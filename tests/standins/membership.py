"""The Members API on loopback: each Member as of a day, their histories in batches, and their posts."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

from aiohttp import web

Json = dict[str, Any]


class Membership:
    """`members` and `biographies` as the API answers them, by id. `histories` follow from what they are now."""

    def __init__(self, members: dict[int, Json], biographies: dict[str, Json]) -> None:
        self.members, self.biographies = members, biographies
        self.histories = {number: _history(row["value"]) for number, row in members.items()}
        self.serves_histories = True
        """A knob: whether the address of histories is there."""

    def move(self, number: int, day: date, *, party: Json | None = None, seat: Json | None = None) -> None:
        """From that day the Member is of another party, or sits elsewhere (`house`, `membershipFrom`)."""
        history, moment = self.histories[number], f"{day}T00:00:00"
        if party is not None:
            history["partyHistory"][-1]["endDate"] = moment
            history["partyHistory"].append({"startDate": moment, "endDate": None, "party": party})
        if seat is not None:
            last = history["houseMembershipHistory"][-1]
            history["houseMembershipHistory"].append(
                last | seat | {"membershipStartDate": moment, "membershipEndDate": None}
            )
            last |= {"membershipEndDate": moment, "membershipStatus": None}

    def answer(self, path: str, request: web.Request) -> web.Response:
        match path.split("/"):
            case ["members", "search" | "searchhistorical"]:
                query = {name.lower(): value for name, value in request.query.items()}
                wanted = query.get("name", "").lower()
                found = [row for row in self.members.values() if wanted in row["value"]["nameDisplayAs"].lower()]
                if query.get("house") in {"1", "2", "Commons", "Lords"}:
                    number = {"1": 1, "Commons": 1, "2": 2, "Lords": 2}[query["house"]]
                    found = [row for row in found if row["value"]["latestHouseMembership"]["house"] == number]
                skip, take = int(query.get("skip", 0)), min(int(query.get("take", 20)), 20)
                answer = {"items": found[skip : skip + take], "totalResults": len(found), "skip": skip, "take": take}
                return web.json_response(answer | {"resultContext": "", "links": [], "resultType": "MemberSearch"})
            case ["members", "history"] if self.serves_histories:
                asked = [int(one) for one in request.query.getall("ids", []) if one.isdigit()]
                return web.json_response([
                    {"value": self.histories[one], "links": []} for one in dict.fromkeys(asked) if one in self.histories
                ])  # fmt: skip
            case ["members", number] if number.isdigit() and int(number) in self.members:
                return web.json_response(self._on(int(number), request.query.get("detailsForDate")))
            case ["members", number, "biography"] if number in self.biographies:
                return web.json_response(self.biographies[number])
        return web.json_response({"title": "Not Found", "status": 404}, status=404)

    def _on(self, number: int, day: str | None) -> Json:
        row, history = copy.deepcopy(self.members[number]), self.histories[number]
        parties = [each for each in history["partyHistory"] if day is None or each["startDate"][:10] <= day]
        seats = [
            each for each in history["houseMembershipHistory"] if day is None or each["membershipStartDate"][:10] <= day
        ]
        if parties:
            row["value"]["latestParty"] = parties[-1]["party"]
        if seats:
            row["value"]["latestHouseMembership"] = seats[-1]
        return row


def _history(value: Json) -> Json:
    membership = value["latestHouseMembership"]
    since = {"startDate": membership["membershipStartDate"], "endDate": membership["membershipEndDate"]}
    names = ("nameListAs", "nameDisplayAs", "nameFullTitle", "nameAddressAs")
    return {
        "id": value["id"],
        "thumbnailUrl": value["thumbnailUrl"],
        "partyHistory": [since | {"party": value["latestParty"]}],
        "houseMembershipHistory": [copy.deepcopy(membership)],
        "nameHistory": [since | {name: value[name] for name in names}],
    }
