"""The patterns that a panel of simulated authorities shows, beside the published ones."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from rich.console import Console, Group, RenderableType
from rich.text import Text

from sim.report.shock_table import TOLD, shock_table
from sim.report.table import WIDTH, make_table
from sim.study.validation.panel import THEN
from sim.study.validation.patterns import BEND_AT, HIT, Finding
from sim.study.validation.slopes import Slope

PLACES = {"%": 1}
STYLES = {HIT: "green"}


def print_patterns(
    findings: Sequence[Finding], panel: pd.DataFrame, shock: pd.DataFrame, console: Console
) -> None:
    """Print the patterns and what follows a shock, 100 columns wide at most."""
    width = min(console.width, WIDTH)
    console.print(patterns(findings, panel), width=width)
    console.print(after_the_shock(shock), width=width)


def patterns(findings: Sequence[Finding], panel: pd.DataFrame) -> RenderableType:
    """Compose the table of patterns for `rich`."""
    table = make_table(("", 40), ("published", None), ("simulated", None), ("", 10))
    for found in findings:
        pattern = found.pattern
        places = PLACES.get(pattern.unit, 2)
        table.add_row(
            Text(f"{pattern.label}, {pattern.unit}"),
            Text(_with_range(pattern.published, places)),
            Text(_with_range(found.simulated, places)),
            Text(found.verdict, style=STYLES.get(found.verdict, "yellow")),
        )
    return Group(
        Text(answer(findings), style="bold"),
        Text(f"{what_was_simulated(panel)}\n"),
        table,
        Text(
            "\nA hit: the simulated estimate lies within the published range; near miss: only "
            "the ranges overlap.\nSlopes are from year to year within an authority unless it says "
            "between or across: associations,\nnot causes. Four slopes are among the targets of "
            "the fit of the average service, and the model was\nmended with an eye on the rest: no "
            "independent test.\n"
            f"No bend was found in England's figures at {BEND_AT:g} cases: its range holds 0.\n"
            f"Who has three workers is published of {THEN} to {THEN + 1} alone, when more left: so "
            "it is held\nagainst the same authorities as they were then.",
            style="dim",
        ),
    )


def after_the_shock(shock: pd.DataFrame) -> RenderableType:
    """Compose the table of what follows a shock for `rich`."""
    (first, *years), rows = shock_table(shock)
    table = make_table((first, 33), *((year, None) for year in years))
    for label, *changes in rows:
        simulated = label.startswith(TOLD)
        words = Text(f"  {label}") if simulated else Text(label, style="bold")
        table.add_row(words, *(Text(each) for each in changes))
    return Group(
        Text("\nThe shock of 2022: changes since 2020", style="bold"),
        table,
        Text(
            "\nThe average authority, told what was published of these years, against the same "
            "runs in which\nall stays as it is, with half the 95 % range. Turnover is told, and "
            "so, nearly, is what becomes\nof vacancies once hiring is told; agency and caseload "
            "are its own.",
            style="dim",
        ),
    )


def answer(findings: Sequence[Finding]) -> str:
    """Say in a sentence how many patterns were hit."""
    hits = sum(found.verdict == HIT for found in findings)
    return f"{hits} of {len(findings)} patterns of England's authorities are hit."


def what_was_simulated(panel: pd.DataFrame) -> str:
    """Say in a sentence how large a panel is, and how far its caseloads reach."""
    years = panel["year"].nunique()
    cases = panel["caseload"]
    return (
        f"{panel['authority'].nunique()} authorities, {years} years each; caseloads from "
        f"{cases.min():.1f} to {cases.max():.1f}, mean {cases.mean():.1f}."
    )


def _with_range(slope: Slope, places: int) -> str:
    return f"{slope.estimate:.{places}f} ({slope.low:.{places}f} to {slope.high:.{places}f})"
