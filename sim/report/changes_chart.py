"""What policies change, side by side: a chart and a table.

Nothing is told by colour alone: what is better, worse or too close to call has its own shape, and
every change its number.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import cast

import altair as alt
import pandas as pd

from sim.drawing import BLUE, DARK, GREY, ORANGE
from sim.report.changes import Change, changes_of, unit
from sim.report.numbers import change, is_fraction
from sim.report.words import spoken, verdict
from sim.study.results import Results

PANEL, ROW, COLUMNS = 300, 24, 2
KINDS = {"better": (BLUE, "circle"), "worse": (ORANGE, "triangle-down"), "open": (GREY, "diamond")}
WORDS = {"better": "better", "worse": "worse", "open": "too close to call, or neither"}


def changes_table(results: Results, outcomes: Collection[str] | None = None) -> pd.DataFrame:
    """Say what each policy changes, and how sure that is: a row a policy, a column an outcome.

    Parameters
    ----------
    results
        Of a study with two policies or more.
    outcomes
        Their keys; the study's headline ones when left out.
    """
    rows = {
        spoken(policy): {each.outcome.label: f"{_number(each)}, {each.sure}" for each in changes}
        for policy, changes in _changes(results, outcomes).items()
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("policy")


def draw_changes(results: Results, outcomes: Collection[str] | None = None) -> alt.ConcatChart:
    """Draw what each policy changes against the baseline, with 95 % ranges: a panel an outcome.

    Parameters
    ----------
    results, outcomes
        As in `changes_table`.
    """
    changes = _changes(results, outcomes)
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
        f"{name}: {label} {text}."
        for label, column in changes_table(results, outcomes).items()
        for name, text in column.items()
    ]
    chart = alt.concat(*panels, columns=COLUMNS, spacing=24)
    chart = chart.properties(title=title, description=" ".join(said))
    finished = chart.configure(background="white", font="sans-serif").configure_view(stroke=None)
    return cast(alt.ConcatChart, finished)


def _changes(results: Results, outcomes: Collection[str] | None) -> dict[str, list[Change]]:
    wanted = list(outcomes or results.study.outcomes)
    found = {}
    for policy in results.study.policies[1:]:
        by_key = {each.outcome.key: each for each in changes_of(results.comparisons, policy.name)}
        found[policy.name] = [by_key[key] for key in wanted if key in by_key]
    return found


def _number(each: Change) -> str:
    return change(each.difference, unit(each.outcome), each.places)


def _panel(changes: dict[str, Change], *, with_names: bool) -> alt.LayerChart:
    outcome = next(iter(changes.values())).outcome
    rows = pd.DataFrame(
        {
            "policy": list(changes),
            "difference": [each.difference for each in changes.values()],
            "low": [each.low for each in changes.values()],
            "high": [each.high for each in changes.values()],
            "kind": [WORDS[_kind(each)] for each in changes.values()],
            "said": [_number(each) for each in changes.values()],
        }
    )
    fraction = is_fraction(unit(outcome))
    span = max(rows["high"].max(), 0.0) - min(rows["low"].min(), 0.0) or 1.0
    domain = [min(rows["low"].min(), 0.0) - span / 8, max(rows["high"].max(), 0.0) + span / 8]
    form = "+.1%" if fraction else "+,.3~g"
    axis = alt.Axis(
        grid=False, tickCount=5, labelExpr=f"datum.value == 0 ? '0' : format(datum.value, '{form}')"
    )
    y = alt.Y(
        "policy:N", sort=list(changes), title=None,
        axis=alt.Axis(labelLimit=220, ticks=False, domain=False, labels=with_names),
    )  # fmt: skip
    x = alt.X("difference:Q", title=None, scale=alt.Scale(domain=domain, nice=False), axis=axis)
    legend = alt.Legend(title=None, orient="bottom", symbolSize=90, labelLimit=300)
    scale = list(WORDS.values())
    base = alt.Chart(rows)
    marks = [
        alt.Chart(pd.DataFrame({"difference": [0.0]}))
        .mark_rule(color="#c7ccd4")
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
        outcome.label, subtitle=_unit_in_words(outcome.unit, fraction), anchor="start",
        frame="group", fontSize=13, subtitleColor=GREY,
    )  # fmt: skip
    height = ROW * len(changes) + 12
    return cast(
        alt.LayerChart, alt.layer(*marks).properties(title=title, width=PANEL, height=height)
    )


def _unit_in_words(unit_given: str, fraction: bool) -> str:
    return "percentage points" if fraction else unit_given


def _kind(each: Change) -> str:
    """Better or worse; or neither can be told."""
    if each.outcome.direction == "neither":
        return "open"
    return verdict(each.probability_better, each.difference)
