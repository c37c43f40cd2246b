"""How far the simulation can be trusted, as a page in Markdown: every figure is a result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from sim.report.backtest_table import IN_POINTS, LABELS, verdict
from sim.report.calibration_words import rows_of
from sim.report.markdown import markdown_table
from sim.report.patterns_table import what_was_simulated
from sim.report.shock_table import shock_table
from sim.report.theory_table import known, with_error
from sim.report.validation_summary import Checks, summary
from sim.report.validation_tables import patterns_table, targets_table
from sim.study.validation.patterns import MISS, MISS_IN_REACH
from sim.study.validation.scoring import ALL, AVERAGE, scores
from sim.study.validation.simple_rules import RULES


def validation_page(checks: Checks, made: pd.DataFrame, parts: Mapping[str, str]) -> str:
    """Write the page.

    Parameters
    ----------
    checks
        What was found.
    made
        With what: a row for each part, with columns part, source and written.
    parts
        What people have written of each part, by name: about, theory, targets, patterns, shock,
        backtest, limits, conclusions, stress_des, making.
    """
    sections = [
        "# Is it right?",
        "## In short",
        "\n".join(f"- {line}" for line in summary(checks)),
        parts["about"],
        parts["theory"],
        _text(_theory(checks.theory)),
        parts["targets"],
        *(_text(part) for service in checks.targets.items() for part in _targets(*service)),
        parts["patterns"],
        what_was_simulated(checks.panel),
        _text(_judged(patterns_table(checks.patterns))),
        parts["shock"],
        _text(markdown_table(*shock_table(checks.shock))),
        parts["backtest"],
        verdict(scores(checks.backtest)),
        _text(_backtest(checks.backtest)),
        parts["limits"],
        parts["conclusions"],
        parts["stress_des"],
        parts["making"],
        _text(markdown_table(["", "made with", "on"], made.to_numpy().tolist(), words=3)),
    ]
    return "\n\n".join(section.strip() for section in sections) + "\n"


def _text(lines: Iterable[str]) -> str:
    return "\n".join(lines)


def _theory(theory: pd.DataFrame) -> list[str]:
    rows = [
        [
            row.case,
            row.measure,
            known(row.exact, row.standard_error),
            with_error(row.simulated, row.standard_error),
            "yes" if row.agrees else "**no**",
        ]
        for row in rows_of(theory)
    ]
    return markdown_table(["case", "measure", "exact", "simulated", "agrees"], rows, words=2)


def _targets(service: str, targets: pd.DataFrame) -> list[list[str]]:
    how_often = f"{targets['runs'].iloc[0]} runs of {targets['years'].iloc[0]:g} years."
    return [[f"### {service}"], [how_often], _judged(targets_table(targets))]


def _judged(table: pd.DataFrame) -> list[str]:
    """A table of text whose last column is a verdict, with what is not hit in bold."""
    rows = [
        [str(label), *cells, f"**{verdict}**" if verdict in (MISS, MISS_IN_REACH) else verdict]
        for label, *cells, verdict in table.itertuples()
    ]
    return markdown_table(["", *table.columns], rows)


def _backtest(backtest: pd.DataFrame) -> list[str]:
    scored = scores(backtest)
    overall = scored[scored["year"] == ALL].set_index("measure")
    rows = []
    for measure, label in LABELS.items():
        if measure not in overall.index:
            continue
        row = overall.loc[measure]
        errors = ["", "", ""]
        if measure != AVERAGE:
            scale = 100 if measure in IN_POINTS else 1
            best = min(row[f"mae_{rule}"] for rule in RULES)
            all_three = (row["mae_predicted"], row["mae_persistence"], best)
            errors = [f"{scale * error:.2f}" for error in all_three]
        rows.append([label, *errors, f"{row['ratio_predicted']:.2f}", f"{row['coverage']:.0%}"])
    heading = ["", "simulated", "as last year", "best simple rule", "ratio", "in the 80 % range"]
    return markdown_table(heading, [[*r[:-1], r[-1].replace("%", " %")] for r in rows])
