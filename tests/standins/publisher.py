"""Two invented newspapers on loopback: an RSS 2.0 and an Atom feed, their articles, and robots.txt.

    python -m tests.standins.publisher --port 8081 --date 2026-11-23

`/courier/feed.xml` is RSS, `/ledger/feed.xml` Atom. In the files each paper stands at an address of its own
(`https://courier.example`); here both are folders of this server.
"""

from __future__ import annotations

import asyncio
import re
from datetime import date
from pathlib import Path
from typing import ClassVar

from aiohttp import web

from tests.standins.loopback import SAMPLE, Loopback, Sample, arguments, serve

PAPERS = {"courier": "The Norminster Courier", "ledger": "The Westminster Ledger"}


class Publisher(Loopback):
    """Both papers. `robots` is the text served (None: 404); faults go by path, such as `/courier/feed.xml`."""

    knobs: ClassVar[tuple[str, ...]] = (*Loopback.knobs, "edit", "strip", "misdate", "forbid")

    def __init__(
        self, folder: Path = SAMPLE, *, day: date | None = None, port: int = 0, conditional: bool = True
    ) -> None:
        super().__init__(port=port, conditional=conditional)
        self.sample = Sample(folder, day)
        self.robots: str | None = self.sample.text("publisher/robots.txt")
        self.feeds = {paper: self.sample.text(f"publisher/{paper}/feed.xml") for paper in PAPERS}
        self.articles = {
            (paper, path.stem): self.sample.text(path.relative_to(folder))
            for paper in PAPERS
            for path in sorted((folder / "publisher" / paper / "articles").glob("*.html"))
        }

    def feed_url(self, paper: str) -> str:
        return f"{self.address}/{paper}/feed.xml"

    def article_url(self, paper: str, slug: str) -> str:
        return f"{self.address}/{paper}/articles/{slug}"

    def feeds_toml(self, every: str = "10m") -> str:
        """A feeds.toml of both papers, for the folder that DESPATCH_CONFIG names."""
        return "\n".join(
            f'[[feed]]\nname = "{name}"\nurl = "{self.feed_url(paper)}"\nevery = "{every}"\n'
            for paper, name in PAPERS.items()
        )

    # Knobs.

    def edit(self, paper: str, old: str, new: str) -> None:
        """Replace words in a feed and its articles, as a sub-editor does after publication."""
        if old not in self.feeds[paper]:
            raise LookupError(f"{PAPERS[paper]} does not say {old!r}")
        self.feeds[paper] = self.feeds[paper].replace(old, new)
        for key, text in self.articles.items():
            if key[0] == paper:
                self.articles[key] = text.replace(old, new)

    def strip(self, paper: str, what: str) -> None:
        """Take every item's `ids`, `dates` or `links` out of a feed (the channel keeps its own)."""
        patterns = {
            "ids": r"<guid[^>]*>.*?</guid>|<id>tag:[^<]*:(?!feed<)[^<]*</id>",
            "dates": r"<pubDate>.*?</pubDate>|<published>.*?</published>|(?<=</published>\n)<updated>.*?</updated>",
            "links": r"<link>[^<]*/articles/[^<]*</link>|<link rel=\"alternate\"[^>]*>",
        }
        stripped = re.sub(patterns[what], "", self.feeds[paper])
        if what == "dates":
            head, *entries = stripped.split("<entry>")
            stripped = "<entry>".join([head, *(re.sub(r"<updated>.*?</updated>", "", entry) for entry in entries)])
        self.feeds[paper] = stripped

    def misdate(self, paper: str, year: int) -> None:
        """Put every item's date in `year` (1970, 2099)."""
        changed = re.sub(r"(?<=<pubDate>)(.*?)\d{4}(?= )", rf"\g<1>{year}", self.feeds[paper])
        self.feeds[paper] = re.sub(r"(?<=<published>)\d{4}|(?<=<updated>)\d{4}", str(year), changed)

    def forbid(self, text: str | None) -> None:
        """Serve this robots.txt from now on; None answers 404."""
        self.robots = text

    async def answer(self, request: web.Request) -> web.Response:
        match request.path.strip("/").split("/"):
            case ["robots.txt"] if self.robots is not None:
                return web.Response(text=self.robots, content_type="text/plain")
            case [paper, "feed.xml"] if paper in self.feeds:
                kind = "application/rss+xml" if paper == "courier" else "application/atom+xml"
                return web.Response(body=self._here(self.feeds[paper]).encode(), content_type=kind)
            case [paper, "articles", slug] if (paper, slug) in self.articles:
                body = self._here(self.articles[paper, slug]).encode()
                return web.Response(body=body, content_type="text/html", charset="utf-8")
        return web.Response(
            status=404, text="<html><body><h1>Page not found</h1></body></html>", content_type="text/html"
        )

    def _here(self, text: str) -> str:
        for paper in PAPERS:
            text = text.replace(f"https://{paper}.example", f"{self.address}/{paper}")
        return text


def main() -> None:
    given = arguments("Two invented newspapers on loopback, over the sample day.").parse_args()
    asyncio.run(serve(Publisher(day=given.date, port=given.port)))


if __name__ == "__main__":
    main()
