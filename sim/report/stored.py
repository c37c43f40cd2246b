"""What is stored, as tables: the studies of a folder, two studies side by side, answers in SQL."""

from __future__ import annotations

import math
from typing import Any, Literal

import pandas as pd
from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.report.changes import unit
from sim.report.numbers import amount, bounds, change, decimals, decimals_of_range
from sim.scenario.text_files import shown
from sim.study.registry import outcome_of
from sim.study.results import Results
from sim.study.storing.listing import Found

MOST_ROWS = 40
MOST_UPRIGHT = 4
MEGABYTE = 1_000_000


def list_of_studies(found: list[Found]) -> RenderableType:
    """Compose a list of studies; what is not whole, or not a study, comes last with the reason."""
    whole = [each for each in found if each.state == "finished"]
    rest = [each for each in found if each.state != "finished"]
    table = _table()
    table.add_column("study", width=28)
    table.add_column("when (UTC)", no_wrap=True)
    for heading in ("policies", "runs", "years", "version", "MB"):
        table.add_column(Text(heading), justify="right", no_wrap=True)
    table.add_column(Text("folder"), overflow="fold")
    for each in whole:
        table.add_row(
            Text.assemble((each.study, "bold"), f"\n{each.title}"),
            each.when[:16].replace("T", " "),
            str(each.policies),
            str(each.replications),
            f"{each.years:g}",
            each.version,
            f"{each.size / MEGABYTE:.1f}",
            Text(shown(each.folder)),
        )
    parts: list[RenderableType] = [table] if whole else [Text("No finished studies.")]
    if rest:
        parts.append(Text("\nNot finished, damaged, or something else:"))
        parts += [Text(f"  {shown(each.folder)}: {_state(each)}") for each in rest]
    return Group(*parts)


def two_studies(first: Results, second: Results, table: pd.DataFrame) -> RenderableType:
    """Compose two studies side by side: for each policy that both have, the headline outcomes."""
    asked = dict.fromkeys([*first.study.outcomes, *second.study.outcomes])
    parts: list[RenderableType] = [
        Text(f"first:  {first.study.title} ({shown(first.folder)})"),
        Text(f"second: {second.study.title} ({shown(second.folder)})"),
    ]
    for policy in table["policy"].unique():
        drawn = _table()
        drawn.add_column("", width=36)
        for heading in ("first", "second", "difference", "95 % range"):
            drawn.add_column(Text(heading), justify="right", no_wrap=True)
        rows = table[table["policy"] == policy].set_index("outcome")
        for key in asked:
            if key in rows.index:
                values = {str(name): value for name, value in rows.loc[key].items()}
                drawn.add_row(*_side_by_side(key, first, values))
        parts += [Text(f"\n{policy}", style="bold"), drawn]
    return Group(*parts)


def answer(table: pd.DataFrame, width: int) -> RenderableType:
    """Compose the answer to a question in SQL; where it is too wide, rows stand upright."""
    first = table.head(MOST_ROWS)
    cells = [[_plain(value) for value in row] for row in first.itertuples(index=False)]
    headings = [str(column) for column in table.columns]
    needed = [
        1 + max(len(line) for cell in column for line in cell.split("\n"))
        for column in zip(headings, *cells, strict=True)
    ]
    drawn = _table()
    if sum(needed) <= width:
        shown_rows = cells
        for heading, kind in zip(headings, table.dtypes, strict=True):
            side: Literal["left", "right"] = "left"
            if pd.api.types.is_numeric_dtype(kind):
                side = "right"
            drawn.add_column(Text(heading), justify=side, no_wrap=True)
        for row in shown_rows:
            drawn.add_row(*(Text(cell) for cell in row))
    else:
        shown_rows = cells[:MOST_UPRIGHT]
        drawn.add_column(Text("column"), no_wrap=True)
        for number in range(1, len(shown_rows) + 1):
            drawn.add_column(Text(f"row {number}"), overflow="fold")
        for heading, *row in zip(headings, *shown_rows, strict=True):
            drawn.add_row(Text(heading), *(Text(cell) for cell in row))
    left = len(table) - len(shown_rows)
    note = [Text(f"\n{left} more rows; --csv gives all.")] if left > 0 else []
    return Group(drawn, *note)


def _state(each: Found) -> str:
    about = f"{each.state}, {each.note}" if each.note else each.state
    return f"{about} ({each.study})" if each.study else about


def _side_by_side(key: str, first: Results, values: dict[str, Any]) -> list[Text]:
    outcome = outcome_of(key, first.study.scenario)
    kind = unit(outcome)
    one, other, difference, low, high = (
        float(values[name]) for name in ("first", "second", "difference", "low", "high")
    )
    most = decimals(math.nan, max(abs(one), abs(other)), kind) + 1
    places = most if difference == 0 else decimals_of_range(low, high, difference, kind)
    return [
        Text(outcome.label),
        Text(amount(one, kind, min(places, most))),
        Text(amount(other, kind, min(places, most))),
        Text("none" if difference == 0 else change(difference, kind, places)),
        Text("" if difference == 0 else bounds(low, high, kind, places)),
    ]


def _table() -> Table:
    return Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False)


def _plain(value: object) -> str:
    """Write a value as text: numbers to six digits, days without a time, nothing for none."""
    if isinstance(value, pd.Timestamp) and value == value.normalize():
        return value.date().isoformat()
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:.6g}"
    return "" if value is None or value is pd.NaT else str(value)
