"""Simulate authorities' own scenarios, and hold them against the figures that they were made from.

    python scripts/compare_authorities.py [--year Y] [--runs N] [--every K] [NAME ...]

Each named authority (or every K-th of all) is simulated for a year after a year of warm-up, N
times, and its means are printed beside its own figures, drawn towards its region's where it is
small. It writes nothing; docs/authorities.md has what it printed.
"""

from __future__ import annotations

import argparse
from statistics import fmean

import pandas as pd

from sim.model.world import simulate
from sim.scenario.authority.areas import area_called, authorities
from sim.scenario.authority.own_scenario import own_scenario
from sim.scenario.authority.table import published_figures
from sim.scenario.policy import Policy

# Our outcome: the rate of the authority that it is held against, and its decimals when printed.
RATES = {
    "caseload_per_fte": "caseload",
    "turnover_rate": "turnover",
    "vacancy_rate": "vacancy",
    "agency_rate": "agency",
    "absence_rate": "absence",
}
OTHERS = ("assessments_within_45_days", "conferences_within_15_days", "hours_per_week")
OTHERS += ("workload_ratio", "unallocated_cases_mean")


def compared(name: str, year: int, runs: range) -> dict[str, object]:
    """Own figures and simulated means of an authority."""
    made = own_scenario(published_figures(), area_called(name), year)
    scenario, baseline = made.scenario(), Policy(name="baseline", label="As it is")
    outcomes = [
        simulate(scenario, baseline, seed=1, replication=run, years=1).outcomes for run in runs
    ]

    def mean(key: str) -> float:
        return fmean(each[key] for each in outcomes)

    people, cases = made.workforce, made.cases
    row: dict[str, object] = {"authority": made.figures.area.name}
    row |= {"in_post": people.in_post, "in_post_sim": mean("in_post_fte")}
    row |= {"holders": people.case_holding, "holders_sim": mean("case_holder_fte")}
    row |= {"cases": cases, "cases_sim": mean("held_cases_mean")}
    for outcome, rate in RATES.items():
        row |= {rate: made.figures.rates[rate].value, f"{rate}_sim": mean(outcome)}
    return row | {key: mean(key) for key in OTHERS}


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("names", nargs="*")
    ask.add_argument("--year", type=int, default=2025)
    ask.add_argument("--runs", type=int, default=2)
    ask.add_argument("--every", type=int, default=4)
    asked = ask.parse_args()
    names = asked.names or [each.name for each in authorities()[:: asked.every]]
    # Each has chances of its own: with the same ones, all would miss in the same direction.
    runs = [
        range(first, first + asked.runs) for first in range(0, len(names) * asked.runs, asked.runs)
    ]
    rows = [compared(name, asked.year, own) for name, own in zip(names, runs, strict=True)]
    table = pd.DataFrame(rows).set_index("authority")
    pd.set_option("display.width", 250, "display.max_columns", 50, "display.max_rows", 200)
    print(table.round(3).to_string())
    for ours in ("in_post", "holders", "cases", *RATES.values()):
        miss = table[f"{ours}_sim"] - table[ours]
        print(
            f"{ours:10} mean miss {miss.mean():8.4f}  mean size of a miss {miss.abs().mean():8.4f}"
        )


if __name__ == "__main__":
    main()
