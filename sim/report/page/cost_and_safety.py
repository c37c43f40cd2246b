"""Cost against safety: what each policy costs, and beside it what it does."""

from __future__ import annotations

import math
from typing import cast

import pandas as pd

from sim.drawing import BLUE, DARK, GREY, ORANGE
from sim.report.changes import Change, unit
from sim.report.charts import alt
from sim.report.numbers import change, is_fraction, is_money
from sim.report.page.accessible import picture
from sim.report.page.blocks import Block, Column, Section, Table, Text
from sim.report.page.cells import difference, words
from sim.report.page.material import Material, short_name
from sim.report.page.rows import is_wide

SHOWN = ("Cost", "Safety", "Wellbeing")
ROW, NAMES = 44, 150  # pixels: from row to row; beside the rows, for the names
COLOURS = {"better": BLUE, "worse": ORANGE, "open": GREY, "unseen": GREY}
SHAPES = {"better": "circle", "worse": "square", "open": "cross", "unseen": "cross"}


def cost_and_safety(material: Material) -> Section:
    """Compose the section."""
    return Section("cost-and-safety", "Cost against safety", tuple(_blocks(material)))


def _blocks(material: Material) -> list[Block]:
    found = {theme: material.speaks_for(theme) for theme in SHOWN}
    panels = {
        theme: {
            policy.name: material.changes[policy.name][outcome.key]
            for policy in material.others
            if outcome.key in material.changes[policy.name]
        }
        for theme, outcome in found.items()
        if outcome is not None and material.others
    }
    panels = {theme: changes for theme, changes in panels.items() if changes}
    if "Cost" not in panels or len(panels) < 2:
        return [Text("There is no other policy whose cost and safety could be compared.")]
    order = sorted(panels["Cost"], key=lambda name: panels["Cost"][name].difference)
    labels = {policy.name: short_name(policy) for policy in material.others}
    drawn = picture(
        "cost-and-safety-chart",
        "What each policy changes: " + ", ".join(_what(changes) for changes in panels.values()),
        _description(panels, order, labels),
        lambda width: _chart(panels, order, labels, width),
        _table(panels, order, labels),
    )
    return [
        Text(
            "The cheapest policy comes first. Each mark is a change against the service as it is "
            "now, with its 95 % range: a circle for the better, a square for the worse, a cross "
            "where it cannot be told. For cost, dearer counts as worse."
        ),
        drawn,
    ]


def _what(changes: dict[str, Change]) -> str:
    outcome = next(iter(changes.values())).outcome
    label = outcome.label[0].lower() + outcome.label[1:]
    return f"{label} a year" if is_money(unit(outcome)) else label


def _said(each: Change) -> str:
    return change(each.difference, unit(each.outcome), each.places_alone)


def _description(
    panels: dict[str, dict[str, Change]], order: list[str], labels: dict[str, str]
) -> str:
    cost = panels["Cost"]
    said = [
        f"The least dear is {labels[order[0]]} ({_said(cost[order[0]])}), the dearest "
        f"{labels[order[-1]]} ({_said(cost[order[-1]])})."
    ]
    for theme, changes in panels.items():
        outcome = next(iter(changes.values())).outcome
        if theme == "Cost" or outcome.direction == "neither":
            continue
        sign = 1 if outcome.direction == "higher" else -1
        first = max(order, key=lambda name: sign * changes[name].difference)
        said.append(f"Most for {theme.lower()}: {labels[first]} ({_said(changes[first])}).")
    return " ".join(said)


def _chart(
    panels: dict[str, dict[str, Change]], order: list[str], labels: dict[str, str], width: int
) -> alt.HConcatChart | alt.VConcatChart:
    wide = is_wide(width)
    plot = (width - NAMES) / len(panels) - 24 if wide else width - 20
    drawn = [
        _panel(changes, order, labels, plot, named=number == 0 or not wide, beside=wide)
        for number, changes in enumerate(panels.values())
    ]
    found: alt.HConcatChart | alt.VConcatChart = (
        alt.hconcat(*drawn, spacing=24) if wide else alt.vconcat(*drawn, spacing=28)
    )
    return found


def _panel(
    changes: dict[str, Change],
    order: list[str],
    labels: dict[str, str],
    plot: float,
    *,
    named: bool,
    beside: bool,
) -> alt.LayerChart:
    outcome = next(iter(changes.values())).outcome
    scale = 100.0 if is_fraction(unit(outcome)) else 1e-3 if is_money(unit(outcome)) else 1.0
    rows = []
    for row, name in enumerate(order):
        each = changes[name]
        known = not math.isnan(each.low)
        rows.append(
            {
                "at": row + 0.65, "over": row + 0.32, "value": each.difference * scale,
                "low": (each.low if known else each.difference) * scale,
                "high": (each.high if known else each.difference) * scale,
                "side": each.side, "said": _said(each),
                "name": labels[name] if beside else f"{labels[name]}: {_said(each)}",
            }
        )  # fmt: skip
    table = pd.DataFrame(rows)
    ends = [*table["low"], *table["high"], 0.0]
    room = 0.16 * ((max(ends) - min(ends)) or 1.0)
    x = alt.X(
        "value:Q", title=_axis_title(outcome.label, unit(outcome)),
        scale=alt.Scale(domain=[min(ends) - room, max(ends) + room], nice=False),
        axis=alt.Axis(tickCount=4, grid=True, format=",.3~g"),
    )  # fmt: skip
    across = alt.Scale(domain=[len(order), 0])
    at = alt.Y("at:Q", axis=None, scale=across)
    over = alt.Y("over:Q", axis=None, scale=across)
    base = alt.Chart(table)
    sides = list(COLOURS)
    colour = alt.Color(
        "side:N", legend=None, scale=alt.Scale(domain=sides, range=list(COLOURS.values()))
    )
    shape = alt.Shape(
        "side:N", legend=None, scale=alt.Scale(domain=sides, range=list(SHAPES.values()))
    )
    zero = alt.Chart(pd.DataFrame({"value": [0]}))
    layers = [
        zero.mark_rule(color=DARK, strokeWidth=1.2).encode(x=x),
        base.mark_rule(strokeWidth=2).encode(x=alt.X("low:Q"), x2="high:Q", y=at, color=colour),
        base.mark_point(filled=True, opacity=1, size=75).encode(
            x=x, y=at, color=colour, shape=shape
        ),
    ]
    if beside:
        number = base.encode(x=x, y=over, text="said:N")
        layers += [  # white first: lines end before the number
            number.mark_text(fontSize=11, fontWeight="bold", stroke="white", strokeWidth=4),
            number.mark_text(fontSize=11, fontWeight="bold", color=DARK),
        ]
    if named:
        text = base.mark_text(
            align="right" if beside else "left", dx=-8 if beside else 0, fontSize=12, color=DARK,
            limit=NAMES - 8 if beside else plot,
        )  # fmt: skip
        layers.append(text.encode(x=alt.XValue(0), y=at if beside else over, text="name:N"))
    drawn = alt.layer(*layers).properties(width=plot, height=ROW * len(order))
    return cast(alt.LayerChart, drawn)


def _axis_title(label: str, kind: str) -> str:
    if is_money(kind):
        return f"{label}, thousand pounds a year"
    return f"{label}, points" if is_fraction(kind) else label


def _table(panels: dict[str, dict[str, Change]], order: list[str], labels: dict[str, str]) -> Table:
    columns = [Column("Policy")]
    for changes in panels.values():
        label = next(iter(changes.values())).outcome.label
        columns += [
            Column(f"{label}: change", "mean difference to the service as it is now"),
            Column(f"{label}: from", "lower end of its 95 % range"),
            Column(f"{label}: to", "upper end of its 95 % range"),
        ]
    rows = []
    for name in order:
        cells = [words(labels[name])]
        for changes in panels.values():
            each = changes[name]
            kind = unit(each.outcome)
            cells += [
                difference(number, kind, each.places)
                for number in (each.difference, each.low, each.high)
            ]
        rows.append(tuple(cells))
    return Table(
        "cost and safety",
        "What each policy costs, and what it changes",
        tuple(columns),
        tuple(rows),
    )
