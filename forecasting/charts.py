"""Charts of a forecast: what may come, and what the change is made of. As SVG and PNG.

Nothing is told by colour alone: every bar has its number, every band its name. Each chart has a
text that says the same, which goes into the SVG and the manifest.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from pathlib import Path

import altair as alt
import numpy as np
import pandas as pd

from forecasting.decomposition import PARTS
from forecasting.words import describe_change, describe_range, label_of_year, whole, with_sign
from sim.drawing import BLUE, DARK, GREY, ORANGE, svg_and_png

WIDTH, HEIGHT = 720, 320
NOTHING = 1e-9
YEARS_BEFORE = 10  # of what was counted are shown
BANDS = (
    ("19 in 20 within", "low95", "high95", 0.18),
    ("8 in 10 within", "low80", "high80", 0.28),
    ("half within", "low50", "high50", 0.4),
)


@dataclass(frozen=True, eq=False)
class Drawn:
    """A chart: its file name without an ending, the chart, and the same in words."""

    name: str
    chart: alt.LayerChart
    text: str


def write_chart(drawn: Drawn, folder: Path) -> tuple[str, str]:
    """Write a chart as SVG and as PNG, and give the names of both files."""
    text, picture = svg_and_png(drawn.chart)
    svg, png = f"{drawn.name}.svg", f"{drawn.name}.png"
    (folder / svg).write_text(text, encoding="utf-8")
    (folder / png).write_bytes(picture)
    return svg, png


def range_chart(
    stream: str, label: str, a_month: str, intervals: pd.DataFrame, counted: pd.DataFrame
) -> Drawn:
    """Draw the median and the 50, 80 and 95 % intervals of a stream after what was counted so far.

    Parameters
    ----------
    stream, label
        Its name and what it is called.
    a_month
        What it counts, as the axis says it.
    intervals, counted
        Of all streams: see forecasting.intervals and forecasting.counted.
    """
    rows = intervals[intervals["stream"] == stream].assign(
        month=lambda frame: pd.to_datetime(frame["month"])
    )
    past = _recent(counted[counted["stream"] == stream], rows["month"].iloc[0])
    text = describe_range(a_month, rows, past)
    x = alt.X("month:T", title=None, axis=alt.Axis(format="%b %Y", tickCount=8, grid=False))
    layers = _past_layers(past, x)
    last = rows.iloc[[-1]]
    for name, low, high, opacity in BANDS:
        layers.append(
            alt.Chart(rows)
            .mark_area(opacity=opacity, color=BLUE)
            .encode(
                x=x,
                y=alt.Y(f"{low}:Q", title=a_month, scale=alt.Scale(zero=True)),
                y2=alt.Y2(f"{high}:Q"),
            )
        )
        layers.append(
            alt.Chart(last.assign(said=name))
            .mark_text(align="left", dx=6, color=DARK, fontSize=11)
            .encode(x="month:T", y=f"{high}:Q", text="said:N")
        )
    layers.append(alt.Chart(rows).mark_line(color=DARK, strokeWidth=2).encode(x=x, y="median:Q"))
    layers.append(
        alt.Chart(last.assign(said="middle"))
        .mark_text(align="left", dx=6, color=DARK, fontSize=12, fontWeight="bold")
        .encode(x="month:T", y="median:Q", text="said:N")
    )
    return Drawn(f"{stream}_range", _finished(layers, label, text), text)


def _recent(counted: pd.DataFrame, start: pd.Timestamp) -> pd.DataFrame:
    """What was counted in the years before a forecast, with the end of each count."""
    month = pd.to_datetime(counted["month"])
    end = [
        first + pd.DateOffset(months=n) for first, n in zip(month, counted["months"], strict=True)
    ]
    past = counted.assign(month=month, end=pd.to_datetime(end))
    return past[past["end"] > start - pd.DateOffset(years=YEARS_BEFORE)]


def _past_layers(past: pd.DataFrame, x: alt.X) -> list[alt.Chart]:
    """What was counted: a line through months, a bar for the mean month of each year."""
    if past.empty:
        return []
    yearly = past["months"].iloc[0] > 1
    said = "counted (mean month of each year)" if yearly else "counted"
    y = alt.Y("requests:Q")
    chart = alt.Chart(past)
    drawn = (
        chart.mark_rule(color=GREY, strokeWidth=3).encode(x=x, x2="end:T", y=y)
        if yearly
        else chart.mark_line(color=GREY, strokeWidth=1.5).encode(x=x, y=y)
    )
    words = (
        alt.Chart(past.iloc[[0]].assign(said=said))
        .mark_text(align="left", baseline="top", dx=4, dy=8, color=DARK, fontSize=11)
        .encode(x="month:T", y="requests:Q", text="said:N")
    )
    return [drawn, words]


def waterfall_chart(stream: str, label: str, unit: str, a_year: str, row: pd.Series) -> Drawn:
    """Draw how a stream gets from the base year to a year of the forecast, part by part.

    Parameters
    ----------
    stream, label
        Its name and what it is called.
    unit, a_year
        What it counts; and as the axis says it.
    row
        The row of the decomposition.
    """
    text = describe_change(unit, row)
    steps = _steps(row)
    order = list(steps["step"])
    x = alt.X("step:N", sort=order, title=None, axis=alt.Axis(labelAngle=0, labelLimit=120))
    low, high = float(steps["end"].min()), float(steps["end"].max())
    room = max(high - low, 0.02 * high)
    # A change is a few in a hundred: with bars from 0 it would not be seen. The axis says so.
    floor = max(0.0, low - 1.5 * room)
    scale = alt.Scale(domain=[floor, high + 0.4 * room], nice=False, zero=False)
    steps["foot"] = np.where(steps["kind"] == "total", floor, steps["begin"])
    steps["above"] = steps[["foot", "end"]].max(axis=1)
    y = alt.Y("foot:Q", title=_axis_title(a_year, floor), scale=scale)
    colour = alt.Color(
        "kind:N",
        scale=alt.Scale(domain=["total", "more", "fewer"], range=[GREY, ORANGE, BLUE]),
        legend=None,
    )
    bars = alt.Chart(steps).mark_bar(size=64).encode(x=x, y=y, y2="end:Q", color=colour)
    said = (
        alt.Chart(steps)
        .mark_text(dy=-9, fontSize=14, fontWeight="bold", color=DARK)
        .encode(x=x, y=alt.Y("above:Q", scale=scale), text="said:N")
    )
    return Drawn(f"{stream}_change", _finished([bars, said], label, text), text)


def _steps(row: pd.Series) -> pd.DataFrame:
    """One row for each bar: where it begins and ends, and what is written over it."""
    found: list[dict[str, object]] = []
    now = float(row["base"])
    first, last = label_of_year(str(row["from"]), -int(row["year"])), label_of_year(row["from"], 0)
    found.append(_bar(first, 0.0, now, "total", whole(now)))
    for part, name in PARTS.items():
        change = float(row[part])
        if abs(change) <= NOTHING * abs(now):  # rounding leaves a trillionth of a part that is none
            continue
        kind = "more" if change > 0 else "fewer"
        found.append(_bar(name, now, now + change, kind, with_sign(change)))
        now += change
    found.append(_bar(last, 0.0, now, "total", whole(now)))
    return pd.DataFrame(found)


def _axis_title(a_year: str, floor: float) -> str:
    return a_year + (f" (the axis begins at {whole(floor)})" if floor else "")


def _bar(step: str, begin: float, end: float, kind: str, said: str) -> dict[str, object]:
    return {"step": step, "begin": begin, "end": end, "kind": kind, "said": said}


def _finished(layers: list[alt.Chart], label: str, text: str) -> alt.LayerChart:
    title = alt.TitleParams(
        label, subtitle=_lines(text), anchor="start", fontSize=16, subtitleFontSize=12,
        subtitleColor=DARK, offset=12,
    )  # fmt: skip
    chart = alt.layer(*layers).properties(
        title=title, width=WIDTH, height=HEIGHT, description=f"{label}. {text}"
    )
    finished: alt.LayerChart = chart.configure(background="white", font="sans-serif")
    without_frame: alt.LayerChart = finished.configure_view(stroke=None)
    return without_frame


def _lines(text: str, width: int = 95) -> list[str]:
    """Break a text into lines."""
    return textwrap.wrap(text, width)
