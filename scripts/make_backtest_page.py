"""Write docs/backtest.md from the folder that `plimsoll validate --backtest` wrote.

python scripts/make_backtest_page.py results/validation/backtest
"""

import sys
from pathlib import Path

import pandas as pd

from sim.report.backtest_files import PREDICTIONS
from sim.report.backtest_table import IN_POINTS, LABELS, RULE_NAMES, verdict
from sim.report.markdown import markdown_table
from sim.study.validation.scoring import ALL, AVERAGE, scores
from sim.study.validation.simple_rules import RULES

PAGE = Path(__file__).parents[1] / "docs" / "backtest.md"
METHOD = """\
# Does it predict?

`plimsoll validate --backtest` starts every authority from its published position at one census of
the workforce (30 September), simulates a year, and sets the next census beside it: turnover,
vacancies, agency, caseload, sickness absence and FTE in post. A year is foretold from the years
before it alone.

## How

1. **What is likely to come.** For each authority statistics estimate what goes *into* the year:
   how many will leave, how far posts and people will grow, how much agency and demand there will
   be, how often people will fall ill. An authority's rate is England's level, what its region and
   itself have lastingly above it, a deviation that fades from year to year, and noise, more of it
   in a small authority. How large these parts are is learnt from how well each year would have
   foretold the next so far; the Kalman filter then gives each authority's own. Of what a year's
   return says beyond two standard deviations nothing more is believed, except of vacancies and
   agency, which are counted on a day and whose jumps mostly last. And the measures pull at each
   other: agency comes where caseloads have been high, and posts get filled where many are vacant.
   How strongly is learnt by median regression, drawn towards no pull.
2. **Draws.** A few years are drawn from that, evenly over what is likely (a Latin hypercube), less
   the chance that the simulation will add by itself.
3. **Simulation.** Each draw is simulated once from the published position: people leave, posts
   are filled, families come, people tire and fall ill. It is then known how far simulated years
   depart from what went into them. Part of that is chance; what all authorities have in common is
   an error of putting figures into the simulation, and left out; what an authority departs by
   beyond that is kept as far as authorities differ more than chance makes them (empirical Bayes),
   and as far as such departures came true in the years before that were simulated, too: by half
   when there are none. What was expected and this departure are the prediction. The spread of all
   simulated years gives the range that should hold four in five figures.

England's level is taken to stay where it is: nothing here foresees a year like 2022. The hours of
work, exhaustion and lengths of stages are those of the average authority, which was fitted to
England's figures of 2025; levels of every measure come from the authority's own past.

`expected` in the tables is step 1 without the simulation: it shows what the simulation adds or
loses. It cannot add much, for all that is published goes into step 1, and for most authorities the
prediction is near what was expected. What it does add is what must come of a position: a caseload
of 33 does not become one of 23 within a year, because so many cases do not end.

How all this is done was chosen by the years 2018 to 2021, but for two things. To leave out what all
authorities' simulated years depart by in common was tried after a look at 2022 to 2024, and kept
because it helped in 2018 to 2021, too. To ask how far departures came true before was done after a
look at all years, because believing them wholly lost a little (0.9001 of the error of 'as last
year', by caseload alone); every way of asking that was tried came to between 0.8994 and 0.9000.
What is learnt for a year is learnt when it is run, from the years before it.
"""


def page(table: pd.DataFrame) -> str:
    scored = scores(table)
    years = [year for year in scored["year"].unique() if year != ALL]
    authorities = table["authority"].nunique()
    return "\n".join(
        [
            METHOD,
            "## What it comes to",
            "",
            f"{authorities} authorities, {years[0]} to {years[-1]}. {verdict(scored)}",
            "",
            "Mean absolute errors:",
            "",
            *_errors(scored),
            "",
            "Over the error of 'as last year', by year; the simulation, and in brackets what is",
            "expected without it:",
            "",
            *_by_year(scored, years),
            "",
            f"It did worse than 'as last year' for {_lost(scored, years)}.",
            "",
            "Share of figures in the 80 % range:",
            "",
            *_coverage(scored, years),
            "",
        ]
    )


def _errors(scored: pd.DataFrame) -> list[str]:
    overall = scored[scored["year"] == ALL].set_index("measure")
    names = ["predicted", "expected", *RULES]
    heads = ["", "simulated", "expected", *(RULE_NAMES[rule] for rule in RULES), "ratio", "n"]
    rows = []
    for measure in overall.index.drop(AVERAGE):
        row = overall.loc[measure]
        scale = 100 if measure in IN_POINTS else 1
        errors = [f"{row[f'mae_{name}'] * scale:.2f}" for name in names]
        rows.append([LABELS[measure], *errors, f"{row['ratio_predicted']:.3f}", f"{row['n']:.0f}"])
    average = overall.loc[AVERAGE]
    ratios = [f"({average[f'ratio_{name}']:.3f})" for name in names]
    rows.append(["Mean of ratios", *ratios, f"{average['ratio_predicted']:.3f}", ""])
    return markdown_table(heads, rows)


def _by_year(scored: pd.DataFrame, years: list[str]) -> list[str]:
    found = scored.set_index(["year", "measure"])
    rows = [
        [
            LABELS[measure].split(",")[0],
            *(
                f"{found.loc[(year, measure), 'ratio_predicted']:.2f} "
                f"({found.loc[(year, measure), 'ratio_expected']:.2f})"
                for year in years
            ),
        ]
        for measure in LABELS
    ]
    return markdown_table(["", *years], rows)


def _lost(scored: pd.DataFrame, years: list[str]) -> str:
    worse = scored[scored["year"].isin(years) & (scored["ratio_predicted"] > 1)]
    found = [
        f"{LABELS[measure].split(',')[0].lower()} in {' and '.join(of_measure['year'])}"
        for measure, of_measure in worse[worse["measure"] != AVERAGE].groupby("measure", sort=False)
    ]
    return "; ".join(found) or "nothing in any year"


def _coverage(scored: pd.DataFrame, years: list[str]) -> list[str]:
    found = scored.set_index(["year", "measure"])["coverage"]
    rows = [
        [
            LABELS[measure].split(",")[0],
            *(f"{100 * found[year, measure]:.0f} %" for year in [*years, ALL]),
        ]
        for measure in LABELS
    ]
    return markdown_table(["", *years, "all years"], rows)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    PAGE.write_text(page(pd.read_csv(Path(sys.argv[1]) / PREDICTIONS)), encoding="utf-8")
    print(f"wrote {PAGE.relative_to(PAGE.parents[1])}")
