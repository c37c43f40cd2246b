"""A team's week, drawn: people as rows, days as columns, as in a diary.

Nothing is told by colour alone: absences are written out, late work says so, and the parts of a
bar always come in the same order. The chart's text says the same in sentences, `week_table` in a
table.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

import pandas as pd

from sim.drawing import BLUE, DARK, GREY, ORANGE, PALE
from sim.report.charts import alt
from sim.report.week_words import (
    ABSENCES,
    day_name,
    given_words,
    in_cell,
    long_date,
    on_the_list,
    records,
    said_of,
    sentences,
    team_title,
    waiting_words,
)
from sim.study.one_week import Week

NAMES, CELL, GAP = 158.0, 140.0, 4.0  # pixels: the column of names, a day, between two days
LINE, BAR, PADDING = 15.5, 9.0, 6.0
HOURS_SHOWN = 11.0  # that a bar has room for
SMALL, NORMAL, LARGE = 12.4, 12.8, 14.0  # font sizes: on A4 the small one is 7 points
WIDE_LETTER = 0.54  # of its size: how much room a letter takes on average, at the most
CASES_NAMED = 3  # in a day of the diary; the table names all
PALER, CELL_GREY, ABSENT = "#d9dde3", "#f8f9fb", "#eceef1"
PARTS = (
    ("protected", PALER, "supervision, team and protected time"),
    ("direct", BLUE, "with people"),
    ("admin", PALE, "writing, calls and other admin"),
)


@dataclass
class _Sheet:
    """What is on the sheet: rectangles and texts, at places counted in pixels from the top left."""

    boxes: list[dict[str, Any]] = field(default_factory=list)
    texts: list[dict[str, Any]] = field(default_factory=list)

    def box(self, x: float, y: float, wide: float, high: float, fill: str) -> None:
        self.boxes.append({"x": x, "y": y, "x2": x + wide, "y2": y + high, "fill": fill})

    def text(
        self, x: float, y: float, said: str, *, size: float = SMALL, colour: str = DARK,
        bold: bool = False, middle: bool = False,
    ) -> None:  # fmt: skip
        self.texts.append(
            {"x": x, "y": y, "said": said, "size": size, "colour": colour, "bold": bold,
             "middle": middle}
        )  # fmt: skip


def draw_week(week: Week) -> alt.LayerChart:
    """Draw a team's week as a diary: who was in, what was done and given out, what was late.

    Parameters
    ----------
    week
        From `sim.study.one_week.watch_week`, `Study.week` or `Results.week`.

    Returns
    -------
    altair.LayerChart
        Its description says the same in words.
    """
    sheet, width, y = _diary(week)
    height = _given(sheet, week, y)
    said = sentences(week)
    title = alt.TitleParams(
        f"{team_title(week)}: the week of {long_date(week.days['date'].iloc[0])}",
        subtitle=said, anchor="start", fontSize=18, subtitleFontSize=12, offset=16,
        subtitleColor=DARK, subtitleLineHeight=17,
    )  # fmt: skip
    return _chart(sheet, width, height, week).properties(title=title)


def draw_diary(week: Week) -> alt.LayerChart:
    """Draw the days alone, for a page that says by itself what week it is and what was given out.

    Parameters
    ----------
    week
        As for `draw_week`.
    """
    return _chart(*_diary(week), week)


def _diary(week: Week) -> tuple[_Sheet, float, float]:
    """A sheet with everybody's days on it, how wide it is, and how far down it is used."""
    sheet = _Sheet()
    dates = list(week.days["date"].unique())
    width = NAMES + len(dates) * (CELL + GAP)
    y = _legend(sheet)
    y = _headings(sheet, dates, y)
    for _, of_worker in week.days.groupby("worker", sort=False):
        y = _person(sheet, week, of_worker, y)
    return sheet, width, _waiting(sheet, week, dates, y)


def week_table(week: Week) -> pd.DataFrame:
    """The same as a table: a row a person, a column a day, in words."""
    rows = {
        worker: {day_name(day["date"]): said_of(week, day) for day in records(of_worker)}
        for worker, of_worker in week.days.groupby("worker", sort=False)
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("person")


def _legend(sheet: _Sheet) -> float:
    x, y = NAMES, 0.0
    sheet.text(0, y + 5, "Hours of the day", colour=GREY)
    for _, fill, said in PARTS:
        sheet.box(x, y, 14, BAR, fill)
        sheet.text(x + 19, y + 5, said, colour=GREY)
        x += 30 + WIDE_LETTER * SMALL * len(said)
    y += LINE + 2
    sheet.box(NAMES + 6, y - 2, 2, BAR + 4, DARK)
    sheet.text(NAMES + 19, y + 5, "end of the contracted day; beyond it is overtime", colour=GREY)
    return y + 26


def _headings(sheet: _Sheet, dates: list[date], y: float) -> float:
    for place, day in enumerate(dates):
        middle = _left(place) + CELL / 2
        sheet.text(middle, y, f"{day:%A} {day.day}", size=LARGE, bold=True, middle=True)
    return y + 14


def _left(place: int) -> float:
    """Where a day's column begins."""
    return NAMES + place * (CELL + GAP)


def _person(sheet: _Sheet, week: Week, of_worker: pd.DataFrame, y: float) -> float:
    """One person's row; gives where the next one begins."""
    days = records(of_worker)
    lines = [_in_cell(week, day) if day["presence"] == "at work" else [] for day in days]
    works = any(day["presence"] == "at work" and day["holds_cases"] for day in days)
    most = max(max(map(len, lines)), 1)
    height = 2 * PADDING + (BAR + 5 if works else 0) + LINE * most
    height = max(height, 2 * PADDING + 2 * LINE)
    name, *note = str(days[0]["worker"]).split(", ", 1)
    sheet.text(0, y + PADDING + 6, name, size=NORMAL, bold=True)
    about = [part for said in (*note, *on_the_list(days)) for part in fitted(said, NAMES)]
    for number, said in enumerate(about, 1):
        sheet.text(0, y + PADDING + 6 + number * LINE, said, colour=GREY)
    height = max(height, 2 * PADDING + (1 + len(about)) * LINE)
    for first, last in _spells(days):
        day = days[first]
        if day["presence"] == "at work":
            _at_work(sheet, day, lines[first], _left(first), y, height)
        else:
            wide = _left(last) + CELL - _left(first)
            sheet.box(_left(first), y, wide, height, ABSENT)
            said = ABSENCES[day["presence"]]
            sheet.text(_left(first) + wide / 2, y + height / 2, said, size=NORMAL, colour=GREY,
                       middle=True)  # fmt: skip
    return y + height + GAP


def _in_cell(week: Week, day: dict[str, Any]) -> list[tuple[str, bool]]:
    """What stands in a day, in lines that are no wider than it."""
    return [
        (part, warns)
        for said, warns in in_cell(week, day, CASES_NAMED)
        for part in fitted(said, CELL - 2 * PADDING)
    ]


def fitted(said: str, wide: float) -> list[str]:
    """Break a text into lines that fit into so many pixels."""
    return textwrap.wrap(said, int(wide / (WIDE_LETTER * SMALL)))


def _spells(days: list[dict[str, Any]]) -> list[tuple[int, int]]:
    """First and last place of each run of days with the same absence; days at work alone."""
    found: list[tuple[int, int]] = []
    for place, day in enumerate(days):
        same = place > 0 and day["presence"] == days[place - 1]["presence"]
        if same and day["presence"] != "at work":
            found[-1] = (found[-1][0], place)
        else:
            found.append((place, place))
    return found


def _at_work(
    sheet: _Sheet, day: dict[str, Any], lines: list[tuple[str, bool]], x: float, y: float,
    height: float,
) -> None:  # fmt: skip
    sheet.box(x, y, CELL, height, CELL_GREY)
    at = y + PADDING
    if day["holds_cases"]:
        scale = (CELL - 2 * PADDING) / HOURS_SHOWN
        begin = x + PADDING
        for part, fill, _ in PARTS:
            wide = float(day[part]) * scale
            sheet.box(begin, at, wide, BAR, fill)
            begin += wide
        end = x + PADDING + float(day["contracted"]) * scale
        sheet.box(end, at - 2, 1.5, BAR + 4, DARK)
        at += BAR + 5
    for number, (said, warns) in enumerate(lines):
        sheet.text(
            x + PADDING, at + 6 + number * LINE, said, colour=ORANGE if warns else DARK, bold=warns
        )


def _waiting(sheet: _Sheet, week: Week, dates: list[date], y: float) -> float:
    rows = records(week.waiting)
    lines = [fitted(waiting_words(row), CELL - 2 * PADDING) for row in rows]
    height = 2 * PADDING + LINE * max(map(len, lines), default=1)
    sheet.text(0, y + PADDING + 6, "Waiting for a worker", size=NORMAL, bold=True)
    for place, row in enumerate(rows):
        sheet.box(_left(place), y, CELL, height, CELL_GREY)
        high = bool(row["waiting_high_risk"])
        for number, said in enumerate(lines[place]):
            sheet.text(
                _left(place) + PADDING, y + PADDING + 6 + number * LINE, said,
                colour=ORANGE if high else DARK, bold=high,
            )  # fmt: skip
    return y + height + GAP


def _given(sheet: _Sheet, week: Week, y: float) -> float:
    """The list of the cases that were given out, with the reasons."""
    y += 22
    given = week.allocations
    heading = "What was given out, and why to whom" if len(given) else "No case was given out"
    sheet.text(0, y, heading, size=LARGE, bold=True)
    y += 20
    for row in records(given):
        sheet.text(0, y, f"{row['case']}", size=NORMAL, bold=True)
        sheet.text(24, y, f"{row['date']:%a}", size=NORMAL)
        sheet.text(56, y, given_words(row), size=NORMAL)
        sheet.text(56, y + LINE, row["why"], colour=GREY)
        y += 2 * LINE + 5
    return y


def _chart(sheet: _Sheet, width: float, height: float, week: Week) -> alt.LayerChart:
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, width], nice=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[height, 0], nice=False))
    boxes = (
        alt.Chart(pd.DataFrame(sheet.boxes))
        .mark_rect(aria=False)
        .encode(x=x, x2="x2:Q", y=y, y2="y2:Q", color=alt.Color("fill:N", scale=None))
    )
    texts = pd.DataFrame(sheet.texts)
    layers = [boxes]
    for bold, middle in ((False, False), (True, False), (False, True), (True, True)):
        layers.append(
            alt.Chart(texts[(texts["bold"] == bold) & (texts["middle"] == middle)])
            .mark_text(
                align="center" if middle else "left", fontWeight="bold" if bold else "normal",
                baseline="middle", limit=0, aria=False,
            )
            .encode(
                x=x, y=y, text="said:N", color=alt.Color("colour:N", scale=None),
                size=alt.Size("size:Q", scale=None),
            )
        )  # fmt: skip
    chart = alt.layer(*layers).properties(
        width=width, height=height, description=" ".join(sentences(week))
    )
    finished = chart.configure(background="white", font="sans-serif").configure_view(stroke=None)
    return cast(alt.LayerChart, finished)
