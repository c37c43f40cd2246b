"""Find what the simulated service does by its own workings, from runs of one of middling size."""

from __future__ import annotations

from dataclasses import astuple, dataclass

import numpy as np

from sim.model.world import simulate
from sim.scenario.service import Scenario
from sim.study.validation.next_year import YEARS, Year, measured, service_year
from sim.study.validation.outlook import KINDS, on_scale
from sim.study.validation.own_workings import CASELOADS, DEMANDS, OwnWorkings
from sim.study.validation.scaling import Start

IN_POST, VACANT, AGENCY, CASE_HOLDERS = 160.0, 27.0, 24.0, 93.0  # of about the median authority
TURNOVER, ABSENCE = 0.15, 0.033
RUNS = 12  # of each trial
AT = 2020  # in whose calendar the runs are
FIRST_GUESS = OwnWorkings(
    exhaustions=(0.3,) * len(CASELOADS),
    cases=(tuple(1.0 + 0.8 * (demand - 1.0) for demand in DEMANDS),) * len(CASELOADS),
    holding=0.96,
    chance=(0.0,) * len(KINDS),
)


@dataclass(frozen=True)
class Trial:
    """A run that the workings are found from: at which caseload, under which demand, which run."""

    caseload: float
    demand: float
    replication: int


@dataclass(frozen=True)
class Tried:
    """What a trial found: exhaustion, cases over those at the start, holders, and the year."""

    exhaustion: float
    cases: float
    holders: float
    year: Year


def trials() -> list[Trial]:
    """All runs that are needed."""
    return [
        Trial(caseload, demand, number * RUNS + run)
        for number, caseload in enumerate(CASELOADS)
        for demand in DEMANDS
        for run in range(RUNS)
    ]


def try_out(base: Scenario, trial: Trial, seed: int) -> Tried:
    """Do a trial."""
    start = Start(IN_POST, VACANT, AGENCY, CASE_HOLDERS, trial.caseload * CASE_HOLDERS)
    grown = np.interp(trial.demand, DEMANDS, FIRST_GUESS.cases[0])
    caseload = trial.caseload * float(grown)
    year = Year(TURNOVER, VACANT / start.posts, AGENCY / (AGENCY + IN_POST), caseload, ABSENCE, 0.0)
    made = service_year(
        base, start, year, FIRST_GUESS, AT, seed=seed, replication=trial.replication
    )
    run = simulate(
        made.scenario, made.policy, seed=seed, replication=trial.replication, years=YEARS,
        tables=("team_weeks",),
    )  # fmt: skip
    weeks = run.tables["team_weeks"]
    by_week = weeks.select_dtypes("number").groupby(weeks["week"]).sum()
    total = by_week.sum()
    holders = total["case_holder_fte_days"] / total["in_post_fte_days"] * IN_POST
    found = measured(weeks, start, made.posts)
    # The census counts those who hold cases on its day, who need not be as many as over the year:
    # the cases that are meant are those for each who holds cases then.
    cases = found.caseload / trial.caseload * holders / CASE_HOLDERS
    return Tried(run.outcomes["exhaustion"], cases, holders, found)


def workings_of(tried: dict[Trial, Tried]) -> OwnWorkings:
    """Sum up all trials, in an order of their own: whichever ended first, to the last bit."""
    tried = {trial: tried[trial] for trial in sorted(tried, key=astuple)}

    holders = float(np.mean([each.holders for each in tried.values()]))
    cases = [_by_caseload(tried, "cases", demand) for demand in DEMANDS]
    return OwnWorkings(
        exhaustions=_by_caseload(tried, "exhaustion", 1.0),
        cases=tuple(zip(*cases, strict=True)),
        holding=FIRST_GUESS.holding * holders / CASE_HOLDERS,
        chance=_chance(tried),
    )


def _by_caseload(tried: dict[Trial, Tried], what: str, demand: float) -> tuple[float, ...]:
    """The mean of what was found under a demand at each caseload."""

    def mean(caseload: float) -> float:
        those = [t for t in tried if t.caseload == caseload and t.demand == demand]
        return float(np.mean([getattr(tried[trial], what) for trial in those]))

    return tuple(mean(caseload) for caseload in CASELOADS)


def _chance(tried: dict[Trial, Tried]) -> tuple[float, ...]:
    """Variance between runs of the same year, by kind, for one FTE in post."""
    cells: dict[tuple[float, float], list[Year]] = {}
    for trial, found in tried.items():
        cells.setdefault((trial.caseload, trial.demand), []).append(found.year)
    within = []
    for years in cells.values():
        values = np.array([astuple(year) for year in years])
        scaled = [on_scale(kind, values[:, n]) for n, kind in enumerate(KINDS)]
        within.append(np.var(scaled, axis=1, ddof=1))
    return tuple(float(each) for each in np.mean(within, axis=0) * IN_POST)
