"""A row for each team or policy: where its load lies, against the load line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import pandas as pd

from sim.drawing import BLUE, DARK
from sim.report.charts import alt
from sim.report.numbers import amount
from sim.report.page.rows import height, is_wide, middle, names, plot_width, y


@dataclass(frozen=True)
class Span:
    """Where a load lies, as shares of the hours for cases.

    Attributes
    ----------
    middle
        The mean.
    low, high
        The ends of the bar; NaN if there is none.
    """

    middle: float
    low: float
    high: float


def percent(value: float) -> str:
    """Write a load."""
    return amount(value, "share", 0)


def load_chart(
    loads: dict[str, Span], places: Sequence[float], line: float, width: int
) -> alt.LayerChart:
    """Draw a row for each load, and the load line through all of them."""
    table = pd.DataFrame([vars(span) for span in loads.values()])
    table["at"] = [middle(place, width) for place in places]
    farthest = table[["middle", "high"]].max().max()
    x = alt.X(
        "middle:Q", title="load, of the hours for cases",
        scale=alt.Scale(domain=[0, 1.06 * max(line, float(farthest))], nice=False),
        axis=alt.Axis(format=".0%", tickCount=6 if is_wide(width) else 4),
    )  # fmt: skip
    at = y("at", places)
    base = alt.Chart(table)
    mark = pd.DataFrame({"middle": [line], "said": [f"load line {percent(line)}"]})
    layers: list[alt.Chart] = [
        alt.Chart(mark).mark_rule(color=DARK, strokeWidth=2).encode(x=x),
        alt.Chart(mark)
        .mark_text(color=DARK, align="right", dx=-5, dy=-7, fontSize=11, fontWeight="bold")
        .encode(x=x, y=alt.YValue(0), text="said:N"),
        alt.Chart(table.dropna(subset=["low", "high"]))
        .mark_rule(color=BLUE, strokeWidth=9, opacity=0.35)
        .encode(x=alt.X("low:Q"), x2="high:Q", y=at),
        base.mark_point(filled=True, color=BLUE, opacity=1, size=60).encode(x=x, y=at),
        *names(list(loads), [percent(span.middle) for span in loads.values()], places, width),
    ]
    drawn = alt.layer(*layers).properties(width=plot_width(width), height=height(places, width))
    return cast(alt.LayerChart, drawn)
