"""Two outcomes against each other: which policies are better for both, and which trade.

Nothing is told by colour: each policy has its name, each corner says what it means.
"""

from __future__ import annotations

from typing import Any, cast

import pandas as pd

from sim.drawing import BLUE, DARK, FAINT, GREY, PALE
from sim.report.changes import Change, unit
from sim.report.changes_chart import signed_labels
from sim.report.charts import alt
from sim.report.numbers import is_fraction, unit_of_change
from sim.report.results_tables import changes_by_policy, changes_table
from sim.report.words import spoken
from sim.study.results import Results

WIDTH, HEIGHT = 560, 380
ROOM = 1.35  # times what the ranges span
INSIDE = 0.96  # of the way from the middle to an edge: where a corner's words are


def draw_trade_off(results: Results, across: str, up: str) -> alt.LayerChart:
    """Draw what each policy changes of two outcomes, with 95 % ranges: the present is the middle.

    Parameters
    ----------
    results
        Of a study with two policies or more.
    across, up
        The keys of the outcomes on the horizontal and on the vertical axis.
    """
    changes = {
        spoken(policy): pair
        for policy, pair in changes_by_policy(results, [across, up]).items()
        if len(pair) == 2
    }
    rows = pd.DataFrame([_point(policy, *pair) for policy, pair in changes.items()])
    one, other = next(iter(changes.values()))
    x_end, y_end = (
        ROOM * float(rows[[f"{axis}_low", f"{axis}_high"]].abs().max().max() or 1.0)
        for axis in ("x", "y")
    )
    x, y = alt.X("x:Q", **_axis(one, x_end)), alt.Y("y:Q", **_axis(other, y_end))
    base, middle = alt.Chart(rows), alt.Chart(pd.DataFrame({"x": [0.0], "y": [0.0]}))
    marks = [
        middle.mark_rule(color=FAINT).encode(x=x),
        middle.mark_rule(color=FAINT).encode(y=y),
        *_corners(one, x_end, other, y_end),
        base.mark_rule(color=PALE, strokeWidth=1.5).encode(y=y, x=alt.X("x_low:Q"), x2="x_high:Q"),
        base.mark_rule(color=PALE, strokeWidth=1.5).encode(x=x, y=alt.Y("y_low:Q"), y2="y_high:Q"),
        base.mark_point(filled=True, size=80, color=BLUE, opacity=1).encode(x=x, y=y),
        base.mark_text(dy=-12, fontSize=12, color=DARK).encode(x=x, y=y, text="policy:N"),
    ]
    title = alt.TitleParams(
        f"{one.outcome.label}, and {other.outcome.label.lower()}", anchor="start", fontSize=16,
        subtitle="What each policy changes, with 95 % ranges; where the lines cross is the "
        "service as it is.", subtitleColor=DARK,
    )  # fmt: skip
    said = " ".join(
        f"{policy}: {outcome} {text}."
        for policy, column in changes_table(results, [across, up]).items()
        for outcome, text in column.items()
    )
    chart = alt.layer(*marks).properties(width=WIDTH, height=HEIGHT, title=title, description=said)
    finished = chart.configure(background="white", font="sans-serif").configure_view(stroke=None)
    return cast(alt.LayerChart, finished)


def _point(policy: str, one: Change, other: Change) -> dict[str, Any]:
    return {
        "policy": policy,
        "x": one.difference, "x_low": one.low, "x_high": one.high,
        "y": other.difference, "y_low": other.low, "y_high": other.high,
    }  # fmt: skip


def _axis(change: Change, end: float) -> dict[str, Any]:
    outcome = change.outcome
    labels = signed_labels(is_fraction(unit(outcome)))
    return {
        "title": f"change of {outcome.label.lower()}, {unit_of_change(unit(outcome))}",
        "scale": alt.Scale(domain=[-end, end], nice=False),
        "axis": alt.Axis(grid=False, tickCount=5, labelExpr=labels),
    }


def _corners(one: Change, x_end: float, other: Change, y_end: float) -> list[alt.Chart]:
    """What it means to be in each corner: better or worse for either outcome."""
    found = []
    for align, x in (("left", -x_end), ("right", x_end)):
        rows = []
        for y in (-y_end, y_end):
            verdicts = [_verdict(one, x), _verdict(other, y)]
            same = verdicts[0] == verdicts[1]
            said = (
                f"{verdicts[0]} for both"
                if same
                else f"{one.outcome.label.lower()} {verdicts[0]}, the other {verdicts[1]}"
            )
            rows.append({"x": INSIDE * x, "y": INSIDE * y, "said": said})
        found.append(
            alt.Chart(pd.DataFrame(rows))
            .mark_text(align=cast(Any, align), fontStyle="italic", fontSize=11, color=GREY)
            .encode(x="x:Q", y="y:Q", text="said:N")
        )
    return found


def _verdict(change: Change, difference: float) -> str:
    """Whether more (or less) of an outcome is better, or only higher (or lower)."""
    direction = change.outcome.direction
    if direction == "neither":
        return "higher" if difference > 0 else "lower"
    return "better" if (difference > 0) == (direction == "higher") else "worse"
