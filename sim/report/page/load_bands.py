"""Bars of a whole, a row for each policy: which share of worker-weeks lies in which band."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

import pandas as pd

from sim.drawing import DARK
from sim.report.charts import alt
from sim.report.page.rows import height, is_wide, names, plot_width, y

THICK = {True: 18, False: 16}  # pixels of a bar
WORTH_WRITING = 0.055  # of the whole: narrower, and there is no room for the number
BLACK, WHITE = "#000000", "#ffffff"
LIGHTEST_BLUE, DARKEST_BLUE = (214, 228, 243), (31, 90, 153)
LIGHTEST_ORANGE, DARKEST_ORANGE = (240, 196, 143), (140, 58, 0)


def colours(bands: int, below: int) -> list[str]:
    """Blue for the bands below the line, from light to dark, and orange for those above it."""
    above = bands - below
    return [
        *(_between(LIGHTEST_BLUE, DARKEST_BLUE, place, below) for place in range(below)),
        *(_between(LIGHTEST_ORANGE, DARKEST_ORANGE, place, above) for place in range(above)),
    ]


def _between(first: tuple[int, ...], last: tuple[int, ...], place: int, places: int) -> str:
    share = place / max(places - 1, 1)
    mixed = (round(a + (b - a) * share) for a, b in zip(first, last, strict=True))
    return "#" + "".join(f"{each:02x}" for each in mixed)


def letters_on(colour: str) -> str:
    """Black or white, whichever stands out more from a colour: by 4.5 or more, as WCAG asks."""
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    luminance = sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return BLACK if (luminance + 0.05) / 0.05 > 1.05 / (luminance + 0.05) else WHITE


def bands_chart(
    shares: Mapping[str, Sequence[float]],
    bands: Sequence[str],
    below: int,
    numbers: Sequence[str],
    at: Sequence[float],
    width: int,
) -> alt.LayerChart:
    """Draw a bar for each policy, cut into its bands, the lightest first.

    Parameters
    ----------
    shares
        By the policy's name: the share of each band, which add up to 1.
    bands
        What each band is called.
    below
        How many of them, from the first, are on the safe side.
    numbers
        What is written at the right of each bar.
    at
        Where the rows lie.
    width
        Of the whole picture, in pixels.
    """
    wide = is_wide(width)
    fills = colours(len(bands), below)
    rows = []
    for place, of_policy in zip(at, shares.values(), strict=True):
        begin = 0.0
        for share, fill in zip(of_policy, fills, strict=True):
            rows.append(
                {
                    "begin": begin, "end": begin + share, "middle": begin + share / 2,
                    "at": place + (0.5 if wide else 0.68), "fill": fill,
                    "said": f"{100 * share:.0f}" if share >= WORTH_WRITING else "",
                    "letters": letters_on(fill),
                }
            )  # fmt: skip
            begin += share
    table = pd.DataFrame(rows)
    x = alt.X(
        "begin:Q", title=None, scale=alt.Scale(domain=[0, 1], nice=False),
        axis=alt.Axis(format=".0%", tickCount=5, grid=False),
    )  # fmt: skip
    beside = y("at", at)
    base = alt.Chart(table)
    bars = base.mark_rule(strokeWidth=THICK[wide], strokeCap="butt").encode(
        x=x, x2="end:Q", y=beside, color=alt.Color("fill:N", scale=None)
    )
    edges = base.mark_tick(color="white", thickness=1, size=THICK[wide]).encode(
        x=alt.X("end:Q"), y=beside
    )
    written = base.mark_text(fontSize=11, baseline="middle").encode(
        x=alt.X("middle:Q"), y=beside, text="said:N", color=alt.Color("letters:N", scale=None)
    )
    layers = [
        bars,
        edges,
        written,
        *names(list(shares), numbers, at, width),
        *_key(bands, fills, width),
    ]
    drawn = alt.layer(*layers).properties(width=plot_width(width), height=height(at, width))
    return cast(alt.LayerChart, drawn)


def _key(bands: Sequence[str], fills: Sequence[str], width: int) -> list[alt.Chart]:
    """Say above the bars which colour is which band, from left to right as in the bars."""
    columns = 4 if is_wide(width) else 3
    step = plot_width(width) / columns
    lines = -(-len(bands) // columns)
    table = pd.DataFrame(
        {
            "said": list(bands), "fill": list(fills),
            "x": [step * (number % columns) + 6 for number in range(len(bands))],
            "y": [-12 - 17 * (lines - 1 - number // columns) for number in range(len(bands))],
        }
    )  # fmt: skip
    layers = []
    for row in table.to_dict("records"):
        base = alt.Chart(pd.DataFrame([row])).encode(x=alt.XValue(row["x"]), y=alt.YValue(row["y"]))
        layers += [
            base.mark_square(color=row["fill"], size=100, opacity=1),
            base.mark_text(align="left", dx=9, fontSize=11, color=DARK).encode(
                text=alt.Text("said:N")
            ),
        ]
    return layers
