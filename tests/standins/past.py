"""Parliament with a past: the sample day sat again on several days, each time with ids of its own."""

from __future__ import annotations

import copy
import json
import re
import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any

from tests.standins.loopback import SAMPLE, arguments, serve
from tests.standins.parliament import Parliament

_ID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class PastParliament(Parliament):
    """Sits on each of `days` (the Lords a day later) as on the sample day. Members are the same throughout."""

    def __init__(self, days: Iterable[date], *, port: int = 0, source: int = 2) -> None:
        super().__init__(day=None, port=port, source=source)
        trees, debates = {}, {}
        statements: list[Any] = []
        questions: list[Any] = []
        for number, day in enumerate(days, 1):
            one = Parliament(SAMPLE, day=day)
            trees |= _again(list(one.trees.items()), day, dict)
            debates |= {key.upper(): value for key, value in _again(list(one.debates.items()), day, dict).items()}
            statements += _numbered(one.written.statements, number)
            questions += _numbered(one.written.questions, number)
        self.trees, self.debates = trees, debates
        self.written.statements, self.written.questions = statements, questions


def _again(rows: list[Any], day: date, kind: type[dict[Any, Any]]) -> dict[Any, Any]:
    """The rows with every id made anew for that day, the same at every call."""
    text = json.dumps([[list(key) if isinstance(key, tuple) else key, value] for key, value in rows])
    text = _ID.sub(lambda found: str(uuid.uuid5(uuid.NAMESPACE_OID, f"{day}/{found[0].upper()}")).upper(), text)
    return kind((tuple(key) if isinstance(key, list) else key, value) for key, value in json.loads(text))


def _numbered(rows: list[Any], number: int) -> list[Any]:
    """The rows with numbers of their own."""
    found = copy.deepcopy(rows)
    for row in found:
        value = row["value"]
        value["id"] += number * 1_000_000
        value["uin"] = f"{value['uin']}{number:02}"
        for name in ("groupedQuestions",):
            if isinstance(value.get(name), list):
                value[name] = [f"{one}{number:02}" for one in value[name]]
        for group in value.get("groupedQuestionsDates") or ():
            group["questionUin"] = f"{group['questionUin']}{number:02}"
    return found


def main() -> None:
    import asyncio
    from datetime import timedelta

    given = (parser := arguments("Parliament with a past, on loopback.")).parse_args()
    del parser
    asyncio.run(serve(PastParliament((given.date - timedelta(days=7 * back) for back in range(8)), port=given.port)))


if __name__ == "__main__":
    main()
