"""Written statements and questions as their service answers: lists cut short, details whole."""

from __future__ import annotations

import copy
import html
import re
from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web

Json = Any


class Written:
    """`/writtenstatements/statements` and `/writtenquestions/questions`, by list, by id and by date and UIN."""

    def __init__(self, statements: Sequence[Json], questions: Sequence[Json], members: Mapping[int, Json]) -> None:
        self.statements = list(statements)
        self.questions = list(questions)
        self._members = members
        self._held: dict[str, Json] = {}

    def hold(self, uin: str, text: str | None) -> None:
        """Swap a question's answer for a holding answer, or back where `text` is None."""
        value = next(row["value"] for row in self.questions if row["value"]["uin"] == uin)
        if text is None:
            value.update(self._held.pop(uin))
            return
        self._held.setdefault(uin, {name: value[name] for name in ("answerText", "answerIsHolding")})
        value.update({"answerText": f"<p>{html.escape(text)}</p>", "answerIsHolding": True})

    def answer(self, path: str, request: web.Request) -> web.Response:
        query = {name.lower(): value for name, value in request.query.items() if value}
        rows = {"writtenstatements/statements": self.statements, "writtenquestions/questions": self.questions}
        for base, listed in rows.items():
            if path == base:
                return self._list(listed, query)
            if path.startswith(f"{base}/"):
                return self._one(listed, path.removeprefix(f"{base}/").split("/"), query)
        return _problem(404, "Not Found")

    def _one(self, rows: Sequence[Json], key: list[str], query: Mapping[str, str]) -> web.Response:
        for row in rows:
            value = row["value"]
            day = (value.get("dateTabled") or value.get("dateMade"))[:10]
            if key in ([str(value["id"])], [day, value["uin"].lower()]):
                return web.json_response(self._expanded(row, query))
        return _problem(404, "Not Found")

    def _list(self, rows: Sequence[Json], query: Mapping[str, str]) -> web.Response:
        try:
            skip, take = int(query.get("skip", 0)), int(query.get("take", 20))
        except ValueError:
            return _problem(400, "One or more validation errors occurred.")
        kept = [row for row in rows if _asked(row["value"], query)]
        page = [_cut(self._expanded(row, query)) for row in kept[skip : skip + take]]
        return web.json_response({"totalResults": len(kept), "results": page})

    def _expanded(self, row: Json, query: Mapping[str, str]) -> Json:
        shown = copy.deepcopy(row)
        if query.get("expandmember", "").lower() == "true":
            for name in ("member", "askingMember", "answeringMember"):
                if f"{name}Id" in shown["value"]:
                    shown["value"][name] = self._member(shown["value"][f"{name}Id"])
        return shown

    def _member(self, number: int | None) -> Json | None:
        if number is None or number not in self._members:
            return None
        value = self._members[number]["value"]
        return {
            "id": number,
            "listAs": value["nameListAs"],
            "name": value["nameDisplayAs"],
            "party": value["latestParty"]["name"],
            "partyColour": value["latestParty"]["backgroundColour"],
            "partyAbbreviation": value["latestParty"]["abbreviation"],
            "memberFrom": value["latestHouseMembership"]["membershipFrom"],
            "thumbnailUrl": value["thumbnailUrl"],
        }


_RANGES = {
    "madewhen": "dateMade",
    "tabledwhen": "dateTabled",
    "answeredwhen": "dateAnswered",
    "correctedwhen": "dateAnswerCorrected",
    "dateforanswerwhen": "dateForAnswer",
}


def _asked(value: Json, query: Mapping[str, str]) -> bool:
    for name, field in _RANGES.items():
        day = (value.get(field) or "")[:10]
        low, high = query.get(f"{name}from", "")[:10], query.get(f"{name}to", "9999-12-31")[:10]
        if (f"{name}from" in query or f"{name}to" in query) and not (day and low <= day <= high):
            return False
    house = query.get("house", "Bicameral").lower()
    if house != "bicameral" and house != value["house"].lower():
        return False
    if query.get("uin", value["uin"]).lower() != value["uin"].lower():
        return False
    answered = "answered" if value.get("dateAnswered") else "unanswered"
    if query.get("answered", "any").lower() not in {"any", answered}:
        return False
    words = " ".join(
        str(value.get(field) or "") for field in ("title", "heading", "text", "questionText", "answerText")
    )
    return query.get("searchterm", "").strip('"').lower() in words.lower()


def _cut(row: Json) -> Json:
    """Statement text at 255; an answer as plain text at 255 and an ellipsis; a question at 255 without one."""
    value = row["value"]
    if "text" in value:
        value["text"] = value["text"][:255]
    else:
        value["questionText"] = value["questionText"][:255]
        plain = html.unescape(re.sub(r"<[^>]+>|\n", "", value["answerText"] or ""))
        value["answerText"] = (plain[:255] + "..." if len(plain) > 255 else plain) if value["answerText"] else None
    return row


def _problem(status: int, title: str) -> web.Response:
    body = {"type": f"https://httpstatuses.com/{status}", "title": title, "status": status, "detail": None}
    return web.json_response(body | {"instance": None}, status=status, content_type="application/problem+json")
