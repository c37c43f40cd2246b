"""What a fit found, for a terminal of 100 columns."""

from __future__ import annotations

from pathlib import Path
from textwrap import fill

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.report.calibration_words import (
    FitTables,
    cells_of,
    how_it_went,
    how_many_sets,
    rows_of,
    what_conflicts,
    what_is_known,
    what_is_told_apart_badly,
    which_are_met,
)
from sim.report.table import WIDTH, make_table

NOTHING_AGREES = (
    "Nothing agrees with all targets: no values within their ranges come near enough. At the best "
    "compromise these are furthest off:"
)
WHAT_TO_DO = (
    "Give one of them more tolerance or leave it out, widen ranges in the evidence table where "
    "that is honest, or find what the model lacks."
)


def print_calibration(folder: Path, console: Console) -> bool:
    """Print what a fit found; say whether anything agrees with all targets."""
    tables = FitTables(folder)
    console.print(calibration(tables), width=min(console.width, WIDTH))
    return tables.agrees


def calibration(tables: FitTables) -> RenderableType:
    """Compose what a fit found for `rich`."""
    if not tables.agrees:
        return Group(
            Text(NOTHING_AGREES, style="bold"),
            *_listed(what_conflicts(tables)),
            Text(f"\n{WHAT_TO_DO}\n\n{how_it_went(tables)}"),
        )
    parts: list[RenderableType] = [
        Text(which_are_met(tables), style="bold"), Text(), targets_table(tables), Text(),
        Text(what_is_known(tables)), Text(), parameters_table(tables), Text(),
    ]  # fmt: skip
    pairs = what_is_told_apart_badly(tables)
    if pairs:
        parts += [Text("What the targets cannot tell apart, the closest first:"), *_listed(pairs)]
        parts += [Text()]
    return Group(*parts, Text(f"{how_it_went(tables)} {how_many_sets(tables)}", style="dim"))


def targets_table(tables: FitTables) -> Table:
    """Each target beside what the scenario gave before, its central set, and plausible sets."""
    table = make_table(
        ("", 40), ("target", None), ("±", None), ("before", None), ("central", None),
        ("plausible, 80 %", None),
    )  # fmt: skip
    for row in rows_of(tables.fit):
        table.add_row(*map(Text, cells_of(row)))
    return table


def parameters_table(tables: FitTables) -> Table:
    """Each parameter with its range before and after, the best known first."""
    table = make_table(
        ("", 50), ("range", None), ("central", None), ("plausible, 80 %", None), ("left", None)
    )
    for row in rows_of(tables.parameters.sort_values("spread_left", kind="stable")):
        table.add_row(
            Text(str(row.label)),
            Text(f"{row.low_before:.3g} to {row.high_before:.3g}"),
            Text(f"{row.central:.3g}"),
            Text(f"{row.low:.3g} to {row.high:.3g}"),
            Text(f"{100 * row.spread_left:.0f} %"),
        )
    return table


def _listed(sentences: list[str]) -> list[Text]:
    return [Text(fill(f"- {each}", WIDTH, subsequent_indent="  ")) for each in sentences]
