"""The waterfall of a policy's change, row by row from the service as it is to the policy."""

from __future__ import annotations

from typing import cast

import pandas as pd

from sim.drawing import BLUE, DARK, GREY, ORANGE
from sim.report.charts import alt
from sim.report.page.rows import height, is_wide, middle, names, places, plot_width, y

COLOURS = {"value": GREY, "up": ORANGE, "down": BLUE}
ROOM = 0.12  # beside the bars, as a share of what they span


def waterfall_rows(steps: pd.DataFrame, title: str, width: int) -> alt.LayerChart:
    """Draw a row for each step; a value's bar begins at the edge, a part's where the last ended.

    Parameters
    ----------
    steps
        As `sim.report.waterfall.steps` gives them.
    title
        What is counted, at the axis.
    width
        Of the whole picture, in pixels.
    """
    rows = places([""] * len(steps))
    ends = steps[["begin", "end", "low", "high"]]
    low, high = float(ends.min().min()), float(ends.max().max())
    room = ROOM * ((high - low) or abs(high) or 1.0)
    table = steps.assign(
        begin=steps["begin"].fillna(low - room), at=[middle(place, width) for place in rows]
    )
    x = alt.X(
        "begin:Q", title=f"{title} (the axis does not begin at 0)",
        scale=alt.Scale(domain=[low - room, high + room], nice=False, zero=False),
        axis=alt.Axis(tickCount=5 if is_wide(width) else 3, format=",.4~g"),
    )  # fmt: skip
    at = y("at", rows)
    colour = alt.Color(
        "kind:N", legend=None,
        scale=alt.Scale(domain=list(COLOURS), range=list(COLOURS.values())),
    )  # fmt: skip
    ranges = alt.Chart(table.dropna(subset=["low"]))
    drawn = alt.layer(
        alt.Chart(table).mark_rule(strokeWidth=12).encode(x=x, x2="end:Q", y=at, color=colour),
        ranges.mark_rule(color=DARK, strokeWidth=1.5).encode(x=alt.X("low:Q"), x2="high:Q", y=at),
        *names(list(table["step"]), list(table["said"]), rows, width),
    ).properties(width=plot_width(width), height=height(rows, width))
    return cast(alt.LayerChart, drawn)
