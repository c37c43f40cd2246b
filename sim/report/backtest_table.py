"""How well a backtest predicted, as tables for a terminal of 100 columns."""

from __future__ import annotations

import pandas as pd
from rich.console import Console, Group, RenderableType
from rich.text import Text

from sim.report.table import WIDTH, make_table
from sim.study.validation.scoring import ALL, AVERAGE, scores
from sim.study.validation.simple_rules import RULES

LABELS = {
    "turnover": "Turnover, points",
    "vacancy": "Vacancies, points",
    "agency": "Agency, points",
    "caseload": "Caseload, cases",
    "absence": "Sickness absence, points",
    "in_post_fte": "In post, FTE",
    AVERAGE: "Mean over measures",
}
IN_POINTS = ("turnover", "vacancy", "agency", "absence")
RULE_NAMES = {"persistence": "as last year", "mean3": "3-year mean", "shrinkage": "to the mean"}


def print_backtest(table: pd.DataFrame, console: Console) -> None:
    """Print how well a backtest predicted, 100 columns wide at most."""
    console.print(backtest(table), width=min(console.width, WIDTH))


def backtest(table: pd.DataFrame) -> RenderableType:
    """Compose the tables of a backtest for `rich`."""
    scored = scores(table)
    overall = scored[scored["year"] == ALL].set_index("measure")
    years = [year for year in scored["year"].unique() if year != ALL]
    span = years[0] if len(years) == 1 else f"{years[0]} to {years[-1]}"
    authorities = table["authority"].nunique()
    return Group(
        Text(verdict(scored), style="bold"),
        Text(
            f"{authorities} authorities, {span}, each year simulated from the census before, with "
            "what was known then alone.\n"
        ),
        _overall(overall),
        Text("\nError over that of 'as last year', by year", style="bold"),
        _by_year(scored, years),
        Text(
            "\nErrors are means of absolute errors. 'To the mean': last year, drawn towards the "
            "mean of all\nauthorities as far as would have been best before. 'In range': figures "
            "within the 80 % range.",
            style="dim",
        ),
    )


def verdict(scored: pd.DataFrame) -> str:
    """Say in a sentence how well a backtest did."""
    overall = scored[scored["year"] == ALL].set_index("measure")
    average, measures = overall.loc[AVERAGE], overall.drop(index=AVERAGE)
    change = average["ratio_predicted"] - 1
    rules = measures[[f"mae_{rule}" for rule in RULES]].min(axis=1)
    wins = int((measures["mae_predicted"] < rules).sum())
    size = (
        "as large as"
        if abs(change) < 0.0005
        else (
            f"{abs(change):.1%}".replace("%", " %")
            + f" {'smaller' if change < 0 else 'larger'} than"
        )
    )
    inside = f"{average['coverage']:.0%}".replace("%", " %")
    return (
        f"Errors are {size} those of 'as last year' on average, and smaller than those of the best "
        f"simple rule for {wins} of {len(measures)} measures; {inside} of figures lie in the 80 % "
        "range."
    )


def _overall(overall: pd.DataFrame) -> RenderableType:
    names = [("", 26), ("simulated", None), *((RULE_NAMES[rule], None) for rule in RULES)]
    table = make_table(*names, ("ratio", None), ("in range", None))
    for measure, row in overall.iterrows():
        errors = [row[f"mae_{name}"] for name in ("predicted", *RULES)]
        table.add_row(
            Text(LABELS[str(measure)]),
            *(Text(_error(str(measure), error)) for error in errors),
            Text(f"{row['ratio_predicted']:.3f}"),
            Text(_per_cent(row["coverage"])),
        )
    return table


def _by_year(scored: pd.DataFrame, years: list[str]) -> RenderableType:
    table = make_table(("", 26), *((year, None) for year in years))
    for measure, label in LABELS.items():
        of_measure = scored[scored["measure"] == measure].set_index("year")
        if of_measure.empty:
            continue
        found = [of_measure["ratio_predicted"].get(year, float("nan")) for year in years]
        table.add_row(Text(label), *(Text(_ratio(value)) for value in found))
    inside = scored[scored["measure"] == AVERAGE].set_index("year")["coverage"]
    table.add_row(Text("In the 80 % range"), *(Text(_per_cent(inside[year])) for year in years))
    return table


def _error(measure: str, error: float) -> str:
    if measure == AVERAGE:
        return ""
    return f"{error * (100 if measure in IN_POINTS else 1):.2f}"


def _ratio(value: float) -> str:
    return "" if value != value else f"{value:.3f}"


def _per_cent(share: float) -> str:
    return f"{100 * share:.0f} %"
