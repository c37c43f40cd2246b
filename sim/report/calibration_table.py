"""What a fit found, for a terminal of 100 columns."""

from __future__ import annotations

from pathlib import Path
from textwrap import fill

from rich.console import Console, Group, RenderableType
from rich.text import Text

from sim.report.calibration_words import (
    FitTables,
    how_it_went,
    value,
    what_conflicts,
    what_is_known,
    what_is_not_known,
    what_is_told_apart_badly,
    which_are_met,
)
from sim.report.table import WIDTH, make_table


def print_calibration(folder: Path, console: Console) -> bool:
    """Print what a fit found; say whether anything agrees with all targets."""
    tables = FitTables(folder)
    console.print(calibration(tables), width=min(console.width, WIDTH))
    return tables.agrees


def calibration(tables: FitTables) -> RenderableType:
    """Compose what a fit found for `rich`."""
    if not tables.agrees:
        first, *targets, remedy = what_conflicts(tables)
        listed = [Text(fill(f"- {each}", WIDTH, subsequent_indent="  ")) for each in targets]
        return Group(
            Text(first, style="bold"), *listed, Text(remedy), Text(), Text(how_it_went(tables))
        )
    parts: list[RenderableType] = [Text(which_are_met(tables), style="bold"), Text()]
    table = make_table(
        ("", 40), ("target", None), ("±", None), ("before", None), ("central", None),
        ("plausible", None),
    )  # fmt: skip
    for row in tables.fit.itertuples():
        table.add_row(
            Text(str(row.label)),
            *(Text(value(row, float(each))) for each in (row.target, row.tolerance)),
            *(Text(value(row, float(each))) for each in (row.before, row.central)),
            Text(f"{value(row, float(row.low))} to {value(row, float(row.high))}"),
        )
    parts += [table, Text()]
    told = (what_is_known, what_is_not_known, what_is_told_apart_badly, how_it_went)
    for each in told:
        parts += [Text(each(tables)), Text()]
    return Group(*parts[:-1])
