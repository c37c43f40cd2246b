"""The patterns that a panel of simulated authorities shows, beside the published ones."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from rich.console import Console, Group, RenderableType
from rich.text import Text

from sim.report.table import WIDTH, make_table
from sim.study.validation.patterns import BEND_AT, HIT, Finding
from sim.study.validation.shock import After
from sim.study.validation.slopes import Slope

PLACES = {"%": 1}
STYLES = {HIT: "green"}
SHOCK_LABELS = {"turnover": "Turnover, points", "vacancy": "Vacancies, points",
                "agency": "Agency, points", "caseload": "Caseload, cases"}  # fmt: skip


def print_patterns(
    findings: Sequence[Finding], panel: pd.DataFrame, after: Sequence[After], console: Console
) -> None:
    """Print the patterns and what follows a shock, 100 columns wide at most."""
    width = min(console.width, WIDTH)
    console.print(patterns(findings, panel), width=width)
    console.print(shock_table(after), width=width)


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
        Text(_what_was_simulated(panel)),
        table,
        Text(
            "\nA hit: the simulated estimate lies within the published range; near miss: only "
            "the ranges overlap.\nSlopes are from year to year within an authority unless it says "
            "between: associations, not causes.\nNone of them is a number in the model, but it "
            "was mended with an eye on them: no independent test.\n"
            f"No bend was found in England's figures at {BEND_AT:g} cases: its range holds 0.",
            style="dim",
        ),
    )


def shock_table(after: Sequence[After]) -> RenderableType:
    """Compose the table of what follows a shock for `rich`."""
    years = sorted({each.years for each in after})
    table = make_table(("", 22), *((f"after {n} y", None) for n in years))
    for measure in dict.fromkeys(each.measure for each in after):
        of = [each for each in after if each.measure == measure]
        table.add_row(Text(f"{SHOCK_LABELS[measure]}"), *(Text(_plus(e.change)) for e in of))
        said = (Text("-" if e.published is None else _plus(e.published)) for e in of)
        table.add_row(Text("  England since 2020", style="dim"), *said)
    return Group(
        Text("\nThe shock of 2022: more leave for two years, as many as before then", style="bold"),
        table,
        Text(
            "\nThe average authority against the same run without the shock, with half the 95 % "
            "range. England's\nis the mean change of authorities, in years in which much else "
            "changed, too.",
            style="dim",
        ),
    )


def _plus(slope: Slope) -> str:
    return f"{slope.estimate:+.1f} ±{(slope.high - slope.low) / 2:.1f}"


def answer(findings: Sequence[Finding]) -> str:
    """Say in a sentence how many patterns were hit."""
    hits = sum(found.verdict == HIT for found in findings)
    return f"{hits} of {len(findings)} patterns of England's authorities are hit."


def _what_was_simulated(panel: pd.DataFrame) -> str:
    years = panel["year"].nunique()
    cases = panel["caseload"]
    return (
        f"{panel['authority'].nunique()} authorities, {years} years each; caseloads from "
        f"{cases.min():.1f} to {cases.max():.1f}, mean {cases.mean():.1f}.\n"
    )


def _with_range(slope: Slope, places: int) -> str:
    return f"{slope.estimate:.{places}f} ({slope.low:.{places}f} to {slope.high:.{places}f})"
