"""Pictures of something over time: a line for the mean of the simulated futures, and their band."""

from __future__ import annotations

from typing import cast

import pandas as pd

from sim.drawing import BLUE, DARK
from sim.report.charts import alt
from sim.report.page.rows import is_wide

COLUMNS, GAP = 3, 64  # panels beside each other on a wide page, and what lies between two
BETWEEN, PANEL = 118, 96  # heights of a panel, wide and narrow


def time_axis(ticks: int, form: str = "%b %Y") -> alt.X:
    """Place something by its date."""
    return alt.X(
        "date:T", title=None, scale=alt.Scale(type="utc", nice=False),
        axis=alt.Axis(grid=False, format=form, tickCount=ticks, labelOverlap=True, labelFlush=True),
    )  # fmt: skip


def fan(table: pd.DataFrame, title: str, width: int) -> alt.LayerChart:
    """Draw one band with its line.

    Parameters
    ----------
    table
        Columns date, mean, low, high.
    title
        What is counted, at the upright axis.
    width
        Of the whole picture, in pixels.
    """
    wide = is_wide(width)
    drawn = alt.layer(
        *_band(table, time_axis(12 if wide else 4), alt.Scale(zero=True), title)
    ).properties(width=width - 52, height=220 if wide else 180)
    return cast(alt.LayerChart, drawn)


def panels(tables: dict[str, pd.DataFrame], now: pd.DataFrame, width: int) -> alt.ConcatChart:
    """Draw a panel for each policy: its band and line, and broken the line of today's service.

    Parameters
    ----------
    tables
        By the panel's name; columns date, mean, low, high.
    now
        The same of the baseline.
    width
        Of the whole picture, in pixels.
    """
    wide = is_wide(width)
    columns = min(COLUMNS, len(tables)) if wide else 1
    plot = (width - GAP * columns) / columns if wide else width - GAP
    everything = pd.concat([now, *tables.values()])
    low, high = float(everything["low"].min()), float(everything["high"].max())
    domain = [low, high] if high > low else [low - 0.5, high + 0.5]
    form = "%Y" if _years(now) > 1.5 else "%b %y"
    drawn = []
    for name, table in tables.items():
        x, scale = time_axis(3, form), alt.Scale(domain=domain, nice=True, zero=False)
        layers = _band(table, x, scale, None)
        if table is not now:
            broken = alt.Chart(now).mark_line(color=DARK, strokeDash=[4, 3], strokeWidth=1.3)
            layers.append(broken.encode(x=x, y=alt.Y("mean:Q", scale=scale)))
        heading = alt.TitleParams(
            name, anchor="start", fontSize=12, color=DARK, limit=plot + 40, frame="group", offset=6
        )
        drawn.append(
            alt.layer(*layers).properties(
                width=plot, height=BETWEEN if wide else PANEL, title=heading
            )
        )
    found: alt.ConcatChart = alt.concat(*drawn, columns=columns, spacing=20)
    return found


def _band(table: pd.DataFrame, x: alt.X, scale: alt.Scale, title: str | None) -> list[alt.Chart]:
    axis = alt.Axis(title=title, tickCount=4, format=",.4~g", domain=False, ticks=False)
    base = alt.Chart(table)
    band = base.mark_area(color=BLUE, opacity=0.22).encode(
        x=x, y=alt.Y("low:Q", scale=scale, axis=axis), y2=alt.Y2("high:Q")
    )
    line = base.mark_line(color=BLUE, strokeWidth=2).encode(
        x=x, y=alt.Y("mean:Q", scale=scale, axis=axis)
    )
    return [band, line]


def _years(table: pd.DataFrame) -> float:
    days = pd.to_datetime(table["date"])
    return (days.max() - days.min()).days / 365.25
