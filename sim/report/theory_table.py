"""Whether the arithmetic is right: cases with a known answer, for a terminal of 100 columns."""

from __future__ import annotations

import pandas as pd
from rich.console import Console, Group, RenderableType
from rich.text import Text

from sim.report.calibration_words import rows_of
from sim.report.table import WIDTH, make_table

DIGITS = 4


def print_theory(table: pd.DataFrame, console: Console) -> None:
    """Print the cases with a known answer, 100 columns wide at most."""
    console.print(theory(table), width=min(console.width, WIDTH))


def theory(table: pd.DataFrame) -> RenderableType:
    """Compose the cases of `sim.study.validation.theory.check_theory` for `rich`."""
    rows = make_table(("", 55), ("exact", None), ("simulated", None), ("agrees", None))
    case = ""
    for row in rows_of(table):
        if row.case != case:
            case = row.case
            rows.add_row(Text(case))
        rows.add_row(
            Text(f"  {row.measure}"),
            Text(known(row.exact, row.standard_error)),
            Text(with_error(row.simulated, row.standard_error)),
            Text("yes", style="green") if row.agrees else Text("no", style="bold red"),
        )
    return Group(
        Text(theory_answer(table), style="bold"),
        Text("Everything is switched off but what a case is about; many independent teams.\n"),
        rows,
        Text(
            "\nSimulated: the mean over teams with its standard error. Agrees: the exact answer "
            "lies in a range so\nwide that all answers lie in theirs in 95 of 100 tries.",
            style="dim",
        ),
    )


def theory_answer(table: pd.DataFrame) -> str:
    """Say in a sentence how many exact answers the simulation agrees with."""
    agree, cases = int(table["agrees"].sum()), table["case"].nunique()
    return (
        f"{agree} of {len(table)} answers that theory knows exactly, in {cases} "
        f"{'case' if cases == 1 else 'cases'}, are what the simulation gives."
    )


def with_error(value: float, error: float) -> str:
    """Write a value and its standard error, which has two digits: 15.90 ±0.12."""
    return f"{known(value, error)} ±{known(error, error)}"


def known(value: float, error: float) -> str:
    """Write a value with as many decimals as two digits of its error have."""
    places = max(0, -int(f"{error:.1e}".partition("e")[2]) + 1) if error > 0 else DIGITS
    return f"{value:.{places}f}"
