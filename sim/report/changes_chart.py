"""What policies change, drawn side by side: an outcome a panel, a policy a row.

Nothing is told by colour alone: what is better, worse or not clear has its own shape, and every
change its number. A change is clear where its range leaves out 0, as everywhere else; the words for
how sure it is (`sim.report.words`) say more.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import cast

import pandas as pd

from sim.drawing import BLUE, DARK, FAINT, GREY, ORANGE
from sim.report.changes import Change, unit
from sim.report.charts import alt
from sim.report.numbers import is_fraction, unit_of_change
from sim.report.results_tables import changes_by_policy, changes_table, written
from sim.report.words import spoken
from sim.study.results import Results

PANEL, ROW, COLUMNS = 300, 24, 2
KINDS = {
    "better": (BLUE, "circle"),
    "worse": (ORANGE, "triangle-down"),
    "not clear: the range holds 0": (GREY, "diamond"),
    "no change, or neither way is better": (GREY, "square"),
}


def draw_changes(results: Results, outcomes: Collection[str] | None = None) -> alt.ConcatChart:
    """Draw what each policy changes against the baseline, with 95 % ranges: a panel an outcome.

    Parameters
    ----------
    results, outcomes
        As in `changes_table`.
    """
    changes = changes_by_policy(results, outcomes)
    outcomes_shown = [each.outcome.key for each in next(iter(changes.values()), [])]
    panels = []
    for place, key in enumerate(outcomes_shown):
        of_outcome = {
            spoken(policy): next(each for each in found if each.outcome.key == key)
            for policy, found in changes.items()
        }
        panels.append(_panel(of_outcome, with_names=place % COLUMNS == 0))
    baseline = results.study.policies[0]
    title = alt.TitleParams(
        f"What changes against '{baseline.label}'",
        subtitle="Left or right of the line: lower or higher than now. With 95 % ranges.",
        anchor="start", fontSize=16, subtitleColor=DARK, offset=14,
    )  # fmt: skip
    said = [
        f"{policy}: {outcome} {text}."
        for policy, column in changes_table(results, outcomes).items()
        for outcome, text in column.items()
    ]
    chart = alt.concat(*panels, columns=COLUMNS, spacing=24)
    chart = chart.properties(title=title, description=" ".join(said))
    finished = chart.configure(background="white", font="sans-serif").configure_view(stroke=None)
    return cast(alt.ConcatChart, finished)


def _panel(changes: dict[str, Change], *, with_names: bool) -> alt.LayerChart:
    outcome = next(iter(changes.values())).outcome
    rows = pd.DataFrame(
        {
            "policy": list(changes),
            "difference": [each.difference for each in changes.values()],
            "low": [each.low for each in changes.values()],
            "high": [each.high for each in changes.values()],
            "kind": [_kind(each) for each in changes.values()],
            "said": [written(each) for each in changes.values()],
        }
    )
    fraction = is_fraction(unit(outcome))
    span = max(rows["high"].max(), 0.0) - min(rows["low"].min(), 0.0) or 1.0
    domain = [min(rows["low"].min(), 0.0) - span / 8, max(rows["high"].max(), 0.0) + span / 8]
    axis = alt.Axis(grid=False, tickCount=5, labelExpr=signed_labels(fraction))
    y = alt.Y(
        "policy:N", sort=list(changes), title=None,
        axis=alt.Axis(labelLimit=220, ticks=False, domain=False, labels=with_names),
    )  # fmt: skip
    x = alt.X("difference:Q", title=None, scale=alt.Scale(domain=domain, nice=False), axis=axis)
    legend = alt.Legend(title=None, orient="bottom", symbolSize=90, labelLimit=300)
    scale = list(KINDS)
    base = alt.Chart(rows)
    marks = [
        alt.Chart(pd.DataFrame({"difference": [0.0]}))
        .mark_rule(color=FAINT)
        .encode(x=x),
        base.mark_rule(color=DARK, strokeWidth=1.5).encode(y=y, x=alt.X("low:Q"), x2="high:Q"),
        base.mark_point(filled=True, size=90, opacity=1).encode(
            x=x,
            y=y,
            color=alt.Color(
                "kind:N", legend=legend,
                scale=alt.Scale(domain=scale, range=[colour for colour, _ in KINDS.values()]),
            ),
            shape=alt.Shape(
                "kind:N", legend=legend,
                scale=alt.Scale(domain=scale, range=[shape for _, shape in KINDS.values()]),
            ),
        ),
        base.mark_text(dy=-10, fontSize=11, color=DARK).encode(x=x, y=y, text="said:N"),
    ]  # fmt: skip
    title = alt.TitleParams(
        outcome.label, subtitle=unit_of_change(unit(outcome)), anchor="start",
        frame="group", fontSize=13, subtitleColor=GREY,
    )  # fmt: skip
    height = ROW * len(changes) + 12
    return cast(
        alt.LayerChart, alt.layer(*marks).properties(title=title, width=PANEL, height=height)
    )


def signed_labels(fraction: bool) -> str:
    """Write the labels of an axis of differences with their signs; of fractions in points."""
    shown = "100 * datum.value, '+.1f'" if fraction else "datum.value, '+,.3~g'"
    return f"datum.value == 0 ? '0' : format({shown})"


def _kind(each: Change) -> str:
    """Better or worse, as it is clearly; or why it is neither."""
    better, worse, not_clear, neither = KINDS
    if each.side == "unseen" or each.outcome.direction == "neither":
        return neither
    return {"better": better, "worse": worse, "open": not_clear}[each.side]
