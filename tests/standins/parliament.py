"""Parliament on loopback: Hansard, written statements and questions, Members and What's On, over a sample day.

    python -m tests.standins.parliament --port 8080 --date 2026-11-23

The shapes are those of the services' public Swagger documents and of real answers; `environment()` gives the
DESPATCH_* variables that point the program here. Paths are served as the real ones are: Hansard's and Members' without
regard to case, `.json` required at Hansard's, unknown query names ignored, lists cut at 255 characters.
"""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

from aiohttp import web

from tests.standins.hansard_search import contribution_rows, debate_rows, found_rows
from tests.standins.loopback import SAMPLE, Loopback, Sample, arguments, serve
from tests.standins.membership import Membership
from tests.standins.whatson import WhatsOn
from tests.standins.written_lists import Written

Json = Any
HOUSES = {"commons": "Commons", "lords": "Lords"}


class Parliament(Loopback):
    """The four services. `day` is the Commons' sitting day, `source` what Overviews say (1 rolling, 2 daily)."""

    knobs: ClassVar[tuple[str, ...]] = (
        *Loopback.knobs,
        "reveal",
        "settle",
        "restamp",
        "revise",
        "correct",
        "withdraw",
        "silence",
        "flap",
        "hold",
    )

    def __init__(
        self,
        folder: Path = SAMPLE,
        *,
        day: date | None = None,
        port: int = 0,
        source: int = 2,
        conditional: bool = False,
    ) -> None:
        super().__init__(port=port, conditional=conditional)
        self.sample = Sample(folder, day)
        self.source = source
        self.trees: dict[tuple[str, str, str], list[Json]] = {}
        self.debates: dict[str, Json] = {}
        self.corrections: list[Json] = []
        for path in sorted((folder / "hansard" / "sectiontrees").glob("*.json")):
            day_named, house, code = self.sample.shift.text(path.stem).split("_")
            self.trees[day_named, house, code] = self.sample.json(path.relative_to(folder))
        for path in sorted((folder / "hansard" / "debates").glob("*.json")):
            debate = self.sample.json(path.relative_to(folder))
            self.debates[debate["Overview"]["ExtId"].upper()] = debate
        self.members = {row["value"]["id"]: row for row in self.sample.json("members/members.json")}
        self.membership = Membership(self.members, self.sample.json("members/biographies.json"))
        self.whatson = WhatsOn(self.sample.json("whatson/events.json"))
        self.written = Written(
            self.sample.json("written/statements.json"), self.sample.json("written/questions.json"), self.members
        )
        self._shown: dict[str, int] = {}
        self._silent: dict[str, int] = {}
        self._flaps = 0

    @property
    def day(self) -> date:
        return self.sample.day

    def environment(self) -> dict[str, str]:
        """What to set so that the program reads this server and nothing else; valid once it serves."""
        names = {"HANSARD": "hansard", "WRITTEN": "written", "MEMBERS": "members", "WHATSON": "whatson"}
        found = {f"DESPATCH_{name}_URL": f"{self.address}/{path}" for name, path in names.items()}
        return found | {"DESPATCH_HTTP__ALLOW_PRIVATE": "127.0.0.0/8", "DESPATCH_HTTP__SPACING": "0"}

    def ext_id(self, title: str, house: str = "Commons") -> str:
        """The ExtId of the one debate of that House whose title holds `title` (written statements aside)."""
        found = [
            ext_id
            for ext_id, debate in self.debates.items()
            if title.lower() in debate["Overview"]["Title"].lower()
            and debate["Overview"]["House"] == house
            and debate["Overview"]["Location"] != "Written Statements"
        ]
        if len(found) != 1:
            raise LookupError(f"{len(found)} debates of the {house} are called {title!r}")
        return found[0]

    # Knobs.

    def reveal(self, count: int | None, ext_id: str | None = None) -> None:
        """Answer that debate (or every one) with its first `count` items only; None shows all, as at the start."""
        for key in [ext_id.upper()] if ext_id else self.debates:
            if count is None:
                self._shown.pop(key, None)
            else:
                self._shown[key] = count

    def settle(self, source: int = 2) -> None:
        """What every Overview's Source says from now on."""
        self.source = source

    def restamp(self, moment: str) -> None:
        """Change ContentLastUpdated everywhere, and nothing else, as happens nightly and weeks later."""
        for debate in self.debates.values():
            debate["Overview"]["ContentLastUpdated"] = moment

    def revise(self, ext_id: str, old: str, new: str) -> str:
        """Replace words in a debate's items; the ExternalId of the item that held them."""
        for item in self.debates[ext_id.upper()]["Items"]:
            if old in (item["Value"] or ""):
                item["Value"] = item["Value"].replace(old, new)
                return str(item["ExternalId"])
        raise LookupError(f"{ext_id} does not say {old!r}")

    def correct(self, ext_id: str, old: str, new: str) -> str:
        """A ministerial correction: the speech gains its cross-reference, and search's Corrections a row that quotes
        both forms and points back. The corrected item's ExternalId."""
        debate = self.debates[ext_id.upper()]
        overview = debate["Overview"]
        span = (
            f'<span id="vol{overview["VolumeNo"]}_col2WC" class="cross-reference" data-house-id="1" '
            f'data-column-number="2WC" data-volume-number="{overview["VolumeNo"]}" data-external-id="{{}}">{{}}</span>'
        )
        cited = f"[<em>Official Report</em>, {overview['Date'][:10]}; Vol. {overview['VolumeNo']}, c. 2WC.]"
        corrected = self.revise(ext_id, old, new + span.format("", f"{cited} (Correction)"))
        item = next(item for item in debate["Items"] if item["ExternalId"] == corrected)
        row = contribution_rows(overview, [item | {"ItemId": item["ItemId"] + 500_000}])[0]
        row |= {
            "Section": "Written Corrections",
            "ContributionExtId": corrected[:-1] + ("0" if corrected[-1] != "0" else "1"),
            "ContributionTextFull": f"“{old}”\r\n\r\n{span.format(corrected, '—' + cited)}\r\n\r\n"
            f"The correct answer should have been:\r\n\r\n“{new}”",
        }
        self.corrections.append(row | {"ContributionText": row["ContributionTextFull"][:255]})
        return corrected

    def withdraw(self, ext_id: str) -> None:
        """The debate is gone from the day's tree and answers 404."""
        del self.debates[ext_id.upper()]
        for trees in self.trees.values():
            for tree in trees:
                tree["SectionTreeItems"] = [
                    item for item in tree["SectionTreeItems"] if item["ExternalId"].upper() != ext_id.upper()
                ]

    def silence(self, day: str, status: int = 200) -> None:
        """No sitting on `day` (yyyy-mm-dd): an empty list, or that status (404 is in use too)."""
        self._silent[day] = status

    def flap(self, times: int = 1) -> None:
        """The next `times` answers of a section tree lack their last section."""
        self._flaps = times

    def hold(self, uin: str, text: str | None = "I will write to the hon. Member.") -> None:
        """Answer a written question with a holding answer; None brings the real one back."""
        self.written.hold(uin, text)

    # Answers.

    async def answer(self, request: web.Request) -> web.Response:
        service, _, path = request.path.lower().strip("/").partition("/")
        if service == "hansard":
            return self._hansard(path, request)
        if service == "written":
            return self.written.answer(path, request)
        if service == "members":
            return self.membership.answer(path, request)
        if service == "whatson":
            return self.whatson.answer(path, request)
        return _no(f"nothing is served at {request.path}")

    def _hansard(self, path: str, request: web.Request) -> web.Response:
        if not path.endswith(".json"):
            return _no(f"No HTTP resource was found that matches the request URI '{request.url}'.")
        query = {name.lower().removeprefix("queryparameters."): value for name, value in request.query.items() if value}
        match path.removesuffix(".json").split("/"):
            case ["overview", what]:
                return self._overview(what, query)
            case ["debates", "debate", ext_id]:
                debate = self._debate(ext_id.upper())
                return web.json_response(debate) if debate else _no("Debate not found")
            case ["debates", "speakerslist", ext_id]:
                debate = self._debate(ext_id.upper())
                if not debate:
                    return _no("Debate not found")
                return web.json_response(sorted({i["MemberId"] for i in debate["Items"] if i["MemberId"]}))
            case ["search", "contributions", kind]:
                return self._contributions(kind, query)
            case ["search", "debates"]:
                return web.json_response(debate_rows(self._all(), query))
            case ["search", "debatebyexternalid"]:
                wanted = query.get("contentitemexternalid", "").upper()
                holding = [d for d in self._all() if any((i["ExternalId"] or "").upper() == wanted for i in d["Items"])]
                return web.json_response(debate_rows(holding, {}))
        return _no(f"No HTTP resource was found that matches the request URI '{request.url}'.")

    def _overview(self, what: str, query: dict[str, str]) -> web.Response:
        if what == "currentlyprocessing":
            return web.json_response("")
        house = HOUSES.get(query.get("house", "").lower())
        if house is None:
            return web.json_response({"Message": "The request is invalid."}, status=400)
        days = sorted({day for day, sitting, _ in self.trees if sitting == house and day not in self._silent})
        if what == "lastsittingdate":
            return web.json_response(f"{days[-1]}T00:00:00" if days else None)
        if what == "calendar":
            month = f"{query.get('year', '')}-{query.get('month', '').zfill(2)}"
            return web.json_response(
                [{"House": house, "ItemDate": f"{day}T00:00:00", "Metadata": None} for day in days if day[:7] == month]
            )
        try:
            asked = date.fromisoformat(query.get("date", "")[:10]).isoformat()
        except ValueError:
            return web.json_response({"Message": "The request is invalid."}, status=400)
        if what == "linkedsittingdates":
            before, after = [d for d in days if d < asked], [d for d in days if d > asked]
            return web.json_response(
                {
                    "PreviousSittingDate": f"{before[-1]}T00:00:00" if before else None,
                    "NextSittingDate": f"{after[0]}T00:00:00" if after else None,
                }
            )
        if asked in self._silent:
            return web.json_response([], status=self._silent[asked])
        if what == "sectionsforday":
            return web.json_response([code for day, sitting, code in self.trees if (day, sitting) == (asked, house)])
        if what == "sectiontrees":
            return web.json_response(self._tree(asked, house, query.get("section", "")))
        return _no("No HTTP resource was found")

    def _tree(self, day: str, house: str, section: str) -> list[Json]:
        for (tree_day, tree_house, code), trees in self.trees.items():
            if (tree_day, tree_house, code.lower()) == (day, house, section.lower()):
                shown = copy.deepcopy(trees)
                for tree in shown:
                    tree["Source"] = self.source
                    if self._flaps > 0:
                        self._flaps -= 1
                        tree["SectionTreeItems"].pop()
                return shown
        return []

    def _debate(self, ext_id: str) -> Json | None:
        """The debate as it stands now; a container's answer repeats every child, as the real ones do."""
        if debate := self.debates.get(ext_id):
            shown = copy.deepcopy(debate)
            shown["Overview"]["Source"] = self.source
            if ext_id in self._shown:
                shown["Items"] = shown["Items"][: self._shown[ext_id]]
            return shown
        for (day, house, _), trees in self.trees.items():
            for tree in trees:
                items = {item["Id"]: item for item in tree["SectionTreeItems"]}
                for item in items.values():
                    if item["ExternalId"].upper() == ext_id:
                        return self._container(item, list(items.values()), day, house, tree)
        return None

    def _container(self, item: Json, items: list[Json], day: str, house: str, tree: Json) -> Json:
        path, above = [item], item["ParentId"]
        while above is not None:
            path.insert(0, next(other for other in items if other["Id"] == above))
            above = path[0]["ParentId"]
        children = [self._debate(other["ExternalId"].upper()) for other in items if other["ParentId"] == item["Id"]]
        overview = {
            "Id": item["Id"],
            "ExtId": item["ExternalId"],
            "Title": item["Title"],
            "HRSTag": item["HRSTag"],
            "Date": f"{day}T00:00:00",
            "Location": tree["Title"],
            "House": house,
            "Source": self.source,
            "VolumeNo": tree["VolumeNo"],
            "ContentLastUpdated": tree["LastUpdated"],
            "DebateTypeId": 1,
            "SectionType": 1,
            "NextDebateExtId": "",
            "NextDebateTitle": "",
            "PreviousDebateExtId": "",
            "PreviousDebateTitle": "",
        }
        return {
            "Overview": overview,
            "Navigator": path,
            "Items": [],
            "ChildDebates": [child for child in children if child is not None],
        }

    def _all(self) -> Iterator[Json]:
        for ext_id in self.debates:
            debate = self._debate(ext_id)
            if debate is not None and debate["Overview"]["Date"][:10] not in self._silent:
                yield debate

    def _contributions(self, kind: str, query: dict[str, str]) -> web.Response:
        rows: dict[str, list[Json]] = {"spoken": [], "written": [], "corrections": self.corrections, "petitions": []}
        for debate in self._all():
            where = "written" if debate["Overview"]["Location"] == "Written Statements" else "spoken"
            rows[where] += contribution_rows(debate["Overview"], debate["Items"], self.members)
        if kind not in rows:
            return _no("No such kind of contribution")
        return web.json_response(found_rows(rows, kind, query))


def _no(message: str) -> web.Response:
    return web.json_response({"Message": message}, status=404)


def main() -> None:
    parser = arguments("Parliament's services on loopback, over the sample day.")
    parser.add_argument("--source", type=int, default=2, choices=(1, 2, 3), help="1 rolling, 2 daily, 3 bound volume")
    given = parser.parse_args()
    asyncio.run(serve(Parliament(day=given.date, port=given.port, source=given.source)))


if __name__ == "__main__":
    main()
