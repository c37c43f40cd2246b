"""Hold the model against the same service written the usual SimPy way.

Two programs that share no line and use other random numbers should give the same outcomes within
their intervals; where they do not, one of them is wrong.

    python -m benchmarks.oracle [--replications N] [--years Y] [--seed S] [--scenario NAME]
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy import stats

from benchmarks import idiomatic
from sim.model.world import simulate
from sim.scenario.loading import load_scenario
from sim.scenario.policy import Policy
from sim.scenario.service import Scenario

BASELINE = Policy(name="baseline", label="No change")
CONFIDENCE = 0.95
# What the issue asks for; the others that both have are shown below them, to find a cause by.
KEY_OUTCOMES = (
    "caseload_per_fte",
    "turnover_rate",
    "vacancy_rate",
    "agency_rate",
    "absence_rate",
    "assessments_within_45_days",
    "conferences_within_15_days",
    "hours_per_week",
    "overloaded_worker_weeks",
    "unallocated_cases_mean",
    "direct_time_share",
    "supervision_held",
    "closures_per_year",
    "open_cases_mean",
)


@dataclass(frozen=True)
class Row:
    """One outcome under both models."""

    outcome: str
    ours: float
    idiomatic: float
    low: float
    high: float
    p: float

    @property
    def agrees(self) -> bool:
        """Whether no difference is within the interval."""
        return self.low <= 0 <= self.high


def compare(ours: list[dict[str, float]], others: list[dict[str, float]]) -> Iterator[Row]:
    """Compare means outcome by outcome: Welch's interval, since the runs are independent."""
    shared = [key for key in ours[0] if all(key in run for run in [*ours, *others])]
    for key in sorted(shared, key=lambda k: (k not in KEY_OUTCOMES, k)):
        a, b = (np.array([run[key] for run in runs]) for runs in (ours, others))
        if a.std() + b.std() == 0:
            difference = a[0] - b[0]
            yield Row(key, a[0], b[0], difference, difference, float(difference == 0))
            continue
        test = stats.ttest_ind(a, b, equal_var=False)
        interval = test.confidence_interval(CONFIDENCE)
        yield Row(key, a.mean(), b.mean(), interval.low, interval.high, test.pvalue)


def _ours(scenario: Scenario, years: float, seed: int, replication: int) -> dict[str, float]:
    run = simulate(scenario, BASELINE, seed=seed, replication=replication, years=years)
    return run.outcomes


def _idiomatic(scenario: Scenario, years: float, seed: int, replication: int) -> dict[str, float]:
    return idiomatic.simulate(scenario, seed=seed, replication=replication, years=years)


def run_both(
    scenario: Scenario, replications: int, years: float, seed: int, jobs: int
) -> tuple[list[dict[str, float]], list[dict[str, float]]]:
    """Run both models."""
    _ours(scenario.model_copy(update={"warm_up_weeks": 0}), 0.03, seed, 0)  # compile once
    found: list[list[dict[str, float]]] = []
    with ProcessPoolExecutor(jobs) as pool:
        for name, one in (("the model", _ours), ("the idiomatic one", _idiomatic)):
            began = time.perf_counter()
            found.append(list(pool.map(partial(one, scenario, years, seed), range(replications))))
            seconds = time.perf_counter() - began
            print(f"{replications} runs of {name}: {seconds:.1f} s", file=sys.stderr)
    return found[0], found[1]


def print_table(rows: list[Row]) -> None:
    """Print the comparison."""
    print(
        f"{'outcome':<30} {'ours':>10} {'idiomatic':>10} {'difference':>10}"
        f" {'95 % interval':>23}  agree?"
    )
    for row in rows:
        difference = row.ours - row.idiomatic
        mark = "yes" if row.agrees else "NO"
        print(
            f"{row.outcome:<30} {row.ours:>10.4g} {row.idiomatic:>10.4g} {difference:>+10.3g}"
            f" {row.low:>+11.3g} {row.high:>+11.3g}  {mark}"
        )
    different = [row for row in rows if not row.agrees]
    by_chance = (1 - CONFIDENCE) * len(rows)
    surely = [row.outcome for row in rows if row.p < (1 - CONFIDENCE) / len(rows)]
    print(
        f"{len(rows) - len(different)} of {len(rows)} agree; about {by_chance:.0f} would fall "
        "outside by chance alone."
    )
    if surely:
        print(f"Beyond chance (95 % over all together): {', '.join(surely)}")


def main() -> int:
    """Run both models, and say where they differ beyond chance."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--replications", type=int, default=10)
    parser.add_argument("--years", type=float, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scenario", default="children_average_england")
    parser.add_argument("--jobs", type=int, default=2)
    asked = parser.parse_args()
    scenario = load_scenario(asked.scenario)
    runs = run_both(scenario, asked.replications, asked.years, asked.seed, asked.jobs)
    rows = list(compare(*runs))
    print_table(rows)
    return int(any(row.p < (1 - CONFIDENCE) / len(rows) for row in rows))


if __name__ == "__main__":
    sys.exit(main())
