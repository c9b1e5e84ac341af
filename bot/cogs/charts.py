"""Pictures of counts over time, drawn off the event loop.

Discord does not tell which theme a reader has, so a picture brings its own dark ground and reads the same on both; its
colours stand out from Discord's light and dark grounds too. No part is told apart by colour alone: each has a panel,
a name and a hatch of its own. matplotlib is loaded with the first picture.
"""

from __future__ import annotations

import gc
import io
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import permutations, product
from typing import TYPE_CHECKING, Any

from bot import text
from bot.archive.trends import Part, Span, Unit

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

GROUND, INK, FAINT, RULE = "#1f2126", "#f2f3f5", "#b5bac1", "#4a4d55"
COLOURS = {Part.COMMONS: "#2f9e6b", Part.LORDS: "#dd5b52", Part.WRITTEN: "#4a8fdc", Part.PRESS: "#c08a1e"}
HATCHES = {Part.COMMONS: "", Part.LORDS: "////", Part.WRITTEN: "....", Part.PRESS: "xxxx"}
UNREAD = "\\\\\\\\"
"""The hatch of days that nobody looked at."""

WIDTH, DPI = 6.0, 200
"""Inches, and the points of one: 1,200 pixels, shown in 550."""
LEFT, RIGHT = 0.07, 0.98
"""Where the panels begin and end, as shares of the width."""
SIZE, SMALL = 8.5, 7.5
LABEL = 46
"""Characters of a story's name above its bar."""
HEADING: dict[str, Any] = {"fontsize": 9.5, "fontweight": "bold"}
MARKED = 3
"""Bins that are named."""
FIRST_LABEL = 0.11
"""Share of the axis that the first day's words take, year and all, before the next may stand."""
FONT = "DejaVu Sans"
"""Comes with matplotlib: the same picture everywhere."""


@dataclass(frozen=True, slots=True)
class Panel:
    """One part's bars. `unread` are the stretches of days, ends included, of which nothing is known."""

    part: Part
    label: str
    counts: tuple[int, ...]
    unread: tuple[tuple[date, date], ...] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """What a picture shows: a panel for each part over the same days. `marks` name bins, the most wanted first."""

    title: str
    span: Span
    panels: tuple[Panel, ...]
    marks: tuple[tuple[int, str], ...] = ()


@lru_cache(maxsize=8)
def draw(chart: Chart) -> bytes:
    """The PNG, made in this thread; the last ones are kept for who asks again or posts them."""
    with _yielding():
        made, kept = figure(chart), io.BytesIO()
        made.savefig(kept, format="png", metadata={"Software": None}, pil_kwargs={"compress_level": 6})
        del made
    return kept.getvalue()


@contextmanager
def _yielding() -> Iterator[None]:
    """The event loop gets its turn every millisecond meanwhile, and Python looks for no garbage: a picture is tens of
    thousands of objects, whose number would make it go through all of the program's again and again, every thread
    held. They die young. Without this the loop lagged by up to 168 ms, with it by 19."""
    interval, collecting = sys.getswitchinterval(), gc.isenabled()
    gc.disable()
    sys.setswitchinterval(min(interval, 0.001))
    try:
        yield
    finally:
        if collecting:
            gc.collect(0)
            gc.enable()
        sys.setswitchinterval(interval)


def _settings() -> Any:
    return {
        "font.family": FONT,
        "font.size": SIZE,
        "text.parse_math": False,
        "text.color": INK,
        "axes.edgecolor": RULE,
        "axes.facecolor": "none",
        "xtick.color": FAINT,
        "ytick.color": FAINT,
        "hatch.linewidth": 0.6,
        "savefig.facecolor": "auto",
    }


def figure(chart: Chart) -> Figure:
    """The chart drawn, for who wants to read it back: an axes for each panel, named by its part, and "marks"."""
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with matplotlib.rc_context(_settings()):
        made = Figure(dpi=DPI, facecolor=GROUND)
        FigureCanvasAgg(made)
        marks = _placed(made, chart)
        rows = 1 + max((mark.row for mark in marks), default=-1)
        top, panel, foot, strip = 0.34, 0.62 if len(chart.panels) > 2 else 0.9, 0.3, 0.17 * rows
        height = top + strip + panel * len(chart.panels) + foot
        made.set_size_inches(WIDTH, height)
        head = 1 - 0.2 / height
        room = 0.86 * WIDTH * DPI
        title = next(fits for n in range(90, 0, -3) if _width(made, fits := cut(chart.title, n), **HEADING) <= room)
        made.text(0.02, head, _shown(title), va="center", **HEADING)
        if any(each.unread for each in chart.panels):
            made.text(RIGHT, head, "▧ not read", fontsize=SMALL, va="center", ha="right", color=FAINT, gid="key")
        for number, each in enumerate(chart.panels):
            bottom = foot + panel * (len(chart.panels) - 1 - number)
            axes = made.add_axes((LEFT, (bottom + 0.05) / height, RIGHT - LEFT, (panel - 0.22) / height))
            _bars(axes, chart.span, each)
            _ruled(axes, chart.span, labelled=number == len(chart.panels) - 1)
        if marks:
            above = made.add_axes((LEFT, 1 - (top + strip) / height, RIGHT - LEFT, strip / height))
            _name_bins(above, [axes for axes in made.axes if axes is not above], marks, chart.span, rows)
    return made


def _bars(axes: Axes, span: Span, panel: Panel) -> None:
    axes.set_gid(panel.part.value)
    for first, last in panel.unread:
        axes.axvspan(
            first.toordinal(), last.toordinal() + 1, facecolor="#2b2d33", edgecolor=RULE, hatch=UNREAD, linewidth=0,
            gid="unread", zorder=0,
        )  # fmt: skip
    lefts = [first.toordinal() for first, _ in span.bins]
    widths = [last.toordinal() + 1 - first.toordinal() for first, last in span.bins]
    axes.bar(
        [left + width * 0.08 for left, width in zip(lefts, widths, strict=True)],
        panel.counts,
        [width * 0.84 for width in widths],
        align="edge",
        color=COLOURS[panel.part],
        edgecolor=GROUND,
        linewidth=0,
        hatch=HATCHES[panel.part],
        zorder=2,
    )
    highest = max(panel.counts, default=0)
    axes.set_ylim(0, max(highest, 1) * 1.08)
    nothing = all_unread(span, panel)
    axes.set_yticks([0, highest] if highest else [] if nothing else [0])
    axes.tick_params(axis="y", labelsize=SMALL, length=0, pad=2)
    axes.grid(axis="y", color=RULE, linewidth=0.5, zorder=1)
    axes.set_title(_shown(panel.label), loc="left", fontsize=SIZE, pad=2.5, color=INK)
    total = "" if nothing else f"{sum(panel.counts):,}"
    axes.set_title(total, loc="right", fontsize=SIZE, pad=2.5, color=INK, fontweight="bold")
    if nothing:
        axes.text(0.5, 0.5, "not read", transform=axes.transAxes, ha="center", va="center", fontsize=SMALL, color=INK)


def all_unread(span: Span, panel: Panel) -> bool:
    """Whether nothing is known of the whole span."""
    return panel.unread == ((span.since, span.until),) and not any(panel.counts)


def _ruled(axes: Axes, span: Span, *, labelled: bool) -> None:
    """The days below the panels: the same for all, written once."""
    marked = ticks(span)
    axes.set_xlim(span.since.toordinal(), span.until.toordinal() + 1)
    axes.set_xticks([day.toordinal() for day, _ in marked], [label if labelled else "" for _, label in marked])
    axes.tick_params(axis="x", labelsize=SMALL, length=3, color=RULE, pad=2)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    labels = axes.get_xticklabels()
    if labelled and labels:
        for label, (day, _) in zip(labels, marked, strict=True):
            # The last would be cut by the picture's edge.
            label.set_horizontalalignment("right" if (day - span.since).days > 0.97 * _days(span) else "center")


def ticks(span: Span) -> tuple[tuple[date, str], ...]:
    """At most nine days of the axis with their words; the year stands at the first, and where it changes."""
    starts = [first for first, _ in span.bins]
    if span.unit in (Unit.WEEK, Unit.MONTH) and len(starts) > 16:
        months = [day for day in _months(span) if day >= span.since]
        step = next(step for step in (1, 2, 3, 6, 12, 24, 36, 60, 120) if len(months) <= 9 * step)
        starts = [day for day in months if (day.month - 1 + 12 * day.year) % step == 0]
        if step >= 12:
            return tuple((day, str(day.year)) for day in starts)
    else:
        starts = starts[:: -(-len(starts) // 9)]
        if len(starts) > 1 and (starts[1] - starts[0]).days < FIRST_LABEL * _days(span):
            del starts[1]
    found: list[tuple[date, str]] = []
    for day in starts:
        words = {Unit.YEAR: "", Unit.MONTH: f"{day:%b}"}.get(span.unit, f"{day.day} {day:%b}")
        if span.unit is Unit.WEEK and len(span.bins) > 16:
            words = f"{day:%b}"
        new = not found or found[-1][0].year != day.year
        found.append((day, " ".join(part for part in (words, str(day.year) if new or not words else "") if part)))
    return tuple(found)


def _months(span: Span) -> Sequence[date]:
    found, day = [], span.since.replace(day=1)
    while day <= span.until:
        found.append(day)
        day = (day + timedelta(days=32)).replace(day=1)
    return found


@dataclass(frozen=True, slots=True)
class _Mark:
    """A bin's words in the strip above the panels: `at` is the bin's middle, `start` and `end` the words' ends, all as
    shares of the strip."""

    words: str
    at: float
    start: float
    end: float
    row: int

    def crossed_by(self, other: _Mark) -> bool:
        """Whether the other's line, which goes down from its row, runs through these words."""
        return other.row < self.row and self.start - 0.01 < other.at < self.end + 0.01


def _placed(made: Figure, chart: Chart) -> tuple[_Mark, ...]:
    """The words of as many bins as go without one's line through another's words, each in a row of its own and to the
    right or left of its line."""
    wanted = chart.marks[:MARKED]
    for count in range(len(wanted), 0, -1):
        for rows in permutations(range(count)):
            for sides in product((True, False), repeat=count):
                marks = [
                    _mark(made, chart.span, *mark, row, right=right)
                    for mark, row, right in zip(wanted[:count], rows, sides, strict=True)
                ]
                inside = all(mark.start > -0.03 and mark.end < 1.01 for mark in marks)
                if inside and not any(mark.crossed_by(other) for mark in marks for other in marks):
                    return tuple(marks)
    return ()


def _mark(made: Figure, span: Span, index: int, words: str, row: int, *, right: bool) -> _Mark:
    first, last = span.bins[index]
    at = ((first.toordinal() + last.toordinal() + 1) / 2 - span.since.toordinal()) / _days(span)
    width = _width(made, words) / (WIDTH * DPI * (RIGHT - LEFT)) + 0.008
    return _Mark(words, at, at if right else at - width, at + width if right else at, row)


def _width(made: Figure, words: str, **style: Any) -> float:
    """Points on the picture that the words take."""
    written = made.text(0, 0, _shown(words), **style or {"fontsize": SMALL})
    found: float = written.get_window_extent().width
    written.remove()
    return found


def _name_bins(axes: Axes, panels: Sequence[Axes], marks: Sequence[_Mark], span: Span, rows: int) -> None:
    axes.set_gid("marks")
    axes.set_axis_off()
    axes.set_xlim(0, 1)
    axes.set_ylim(rows, 0)
    for mark in marks:
        right = mark.end > mark.at
        axes.text(
            mark.at + (0.006 if right else -0.006),
            mark.row + 0.5,
            _shown(mark.words),
            fontsize=SMALL,
            va="center",
            ha="left" if right else "right",
        )
        axes.plot([mark.at, mark.at], [mark.row + 0.1, rows], color=FAINT, linewidth=0.7)
        for panel in panels:
            day = span.since.toordinal() + mark.at * _days(span)
            panel.axvline(day, color=FAINT, linewidth=0.5, linestyle=(0, (1, 2)), zorder=1, gid="mark")


def _days(span: Span) -> int:
    return (span.until - span.since).days + 1


def _shown(words: str) -> str:
    """What the bundled font can draw of the words, on one line."""
    from matplotlib.font_manager import FontProperties, findfont, get_font

    known = get_font(findfont(FontProperties(family=FONT))).get_charmap()
    return "".join(letter for letter in text.clean(words) if ord(letter) in known)


def cut(words: str, longest: int = LABEL) -> str:
    """The words, cut between two with an ellipsis where they are too long."""
    words = text.clean(words)
    if len(words) <= longest:
        return words
    return words[:longest].rsplit(" ", 1)[0].rstrip(" ,:;–—-") + "…"
