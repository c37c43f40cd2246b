"""Is the arithmetic right? The service reduced to cases whose answer theory knows exactly.

Everything is switched off but what a question is about (see `tiny_service`), many independent teams
are simulated, and their mean is held against the exact value. This says that the simulation does
what it says, not that a service is like it: that is what targets, patterns and the backtest are
for. The tests in tests/theory ask the same more sharply, with far more cases of this kind.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from math import exp, factorial, log

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from sim.model.columns import FILLED, HELD
from sim.model.plan_columns import WORKING_DAYS_A_YEAR
from sim.model.tallies import NAMES
from sim.model.world import World
from sim.scenario.problems import InputError, Problem, did_you_mean
from sim.scenario.service import Scenario
from sim.study.validation.panel import BASELINE
from sim.study.validation.tiny_service import exponential, stage, tiny_service, work

CONFIDENCE = 0.95  # of all ranges together: each is wider (Bonferroni)
EVENING = 0.95  # of a working day, when everything of the day is done
HALF_A_DAY = 0.5  # what is counted in whole days happened at any time of the day
HOURS_A_DAY = 7.0  # of the tiny service
NO_CASES = {"per_week": 0}


@dataclass(frozen=True)
class Found:
    """One exact value, and what each independent team or run shows of it."""

    case: str
    measure: str
    exact: float
    values: NDArray[np.float64]


def check_theory(
    watch: Callable[[str], None] = lambda _: None, cases: Collection[str] | None = None
) -> pd.DataFrame:
    """Simulate cases with a known answer, and hold each against that.

    Parameters
    ----------
    watch
        Told the name of each case before it is simulated.
    cases
        Names of those to look at, as in the table; all when left out.

    Returns
    -------
    DataFrame
        A row for each measure: case, measure, exact, simulated, standard_error, low, high,
        agrees. The ranges hold all exact values at once in 95 of 100 tries.

    Raises
    ------
    InputError
        If there is no such case.
    """
    found: list[Found] = []
    for name in _known(cases):
        watch(name)
        found += [Found(name, *measured) for measured in CASES[name]()]
    wide = stats.norm.ppf(1 - (1 - CONFIDENCE) / 2 / len(found))
    rows = []
    for one in found:
        mean, error = one.values.mean(), float(stats.sem(one.values))
        margin = wide * error
        rows.append(
            {
                "case": one.case,
                "measure": one.measure,
                "exact": one.exact,
                "simulated": mean,
                "standard_error": error,
                "low": mean - margin,
                "high": mean + margin,
                "agrees": bool(abs(mean - one.exact) <= margin),
            }
        )
    return pd.DataFrame(rows)


Measured = tuple[str, float, NDArray[np.float64]]


def open_cases_from_empty() -> Iterator[Measured]:
    """Without a limit the number of open cases is Poisson: 120 (1 - exp(-t / 60)) on average."""
    teams = 400
    world = _world(
        tiny_service(cases_a_day=2 * teams, duration=exponential(60), teams=teams, years=2), 2
    )
    for day in (30, 60, 420):
        world.env.run(until=day - 1 + EVENING)
        cases = world.cases
        number = np.bincount(cases["team"][cases["status"] == HELD], minlength=teams)
        yield f"cases open after {day} days", 120 * (1 - exp(-day / 60)), _floats(number)


def posts_filled() -> Iterator[Measured]:
    """20 posts, left at a rate of 1/500 a day, filled again at 1/60."""
    teams, leaving, filling = 500, 1 / 500, 1 / 60
    world = _world(
        tiny_service(
            workers=20, teams=teams, demand=NO_CASES,
            turnover={"leaving_per_year": leaving * WORKING_DAYS_A_YEAR, "notice_days": 0},
            recruitment={"round_days": exponential(1 / filling)},
        ),
        2,
    )  # fmt: skip
    both = leaving + filling
    for day in (30, 90, 400):
        world.env.run(until=day + EVENING)
        posts = world.posts[: world.n_posts]
        number = np.bincount(posts["team"], weights=posts["status"] == FILLED, minlength=teams)
        exact = 20 * (filling + leaving * exp(-both * day)) / both
        yield f"posts filled after {day} days", exact, _floats(number)


def leaving_as_a_hazard() -> Iterator[Measured]:
    """100 posts refilled at once, a yearly leaving probability of 15 %: 16.25 leavers a year."""
    hazard = -log(1 - 0.15)
    teams, years = 150, 5
    world = _run(
        tiny_service(
            workers=100, teams=teams, demand=NO_CASES, recruitment={"round_days": 0},
            turnover={"leaving_per_year": hazard, "notice_days": 0},
        ),
        years,
    )  # fmt: skip
    left = _by_team(world, "leavers_fte") / world.horizon * WORKING_DAYS_A_YEAR
    yield "leavers a year", 100 * hazard, left


def waiting_for_a_place() -> Iterator[Measured]:
    """Five workers with room for one case each, load four: Erlang C."""
    places, load, mean, teams, years = 5, 4.0, 20.0, 200, 40
    world = _run(
        tiny_service(
            cases_a_day=load / mean * teams, duration=exponential(mean), workers=places,
            teams=teams, cap=1, years=years,
        ),
        years,
    )  # fmt: skip
    after, until = 20 * mean, world.horizon - 40 * mean
    cases = world.cases
    counted = (cases["arrived"] >= after) & (cases["arrived"] < until)
    waited = (cases["allocated"] - cases["arrived"])[counted]
    by_team = [waited[cases["team"][counted] == team].mean() for team in range(teams)]
    yield (
        "mean wait, in mean durations",
        erlang_c(places, load) / (places - load),
        (_floats(by_team) / mean),
    )


def one_piece_of_work_each() -> Iterator[Measured]:
    """One worker, work of a fixed length, four fifths busy: Pollaczek and Khinchine's wait."""
    mean, load, teams, years = 12.382, 0.8, 100, 60
    world = _run(
        tiny_service(
            cases_a_day=load / mean * teams, teams=teams, years=years,
            stages={"work": stage(0, work={"piece": work(mean * HOURS_A_DAY)})},
        ),
        years,
    )  # fmt: skip
    cases = world.cases
    counted = (cases["arrived"] >= 100 * mean) & (cases["arrived"] < world.horizon - 60 * mean)
    took = (cases["closed"] - cases["arrived"])[counted] + HALF_A_DAY - mean
    by_team = [took[cases["team"][counted] == team].mean() for team in range(teams)]
    yield "mean wait in days", load * mean / 2 / (1 - load), _floats(by_team)


def ill_and_back() -> Iterator[Measured]:
    """Well for ten units on average, ill for two: five sixths of the time at work."""
    unit, teams, years = 20, 60, 60
    world = _run(
        tiny_service(
            workers=10, teams=teams, demand=NO_CASES, years=years,
            absence={
                "short_sickness": {
                    "per_year": 0.1 / unit * WORKING_DAYS_A_YEAR, "duration": exponential(2 * unit)
                }
            },
        ),
        years,
    )  # fmt: skip
    settled = len(world.record.weeks) // 10
    sick = _by_team(world, "sick_fte_days", settled)
    days = _by_team(world, "in_post_fte_days", settled)
    yield "share of time at work", 5 / 6, 1 - sick / days


def cases_stay_as_long_as_they_stay() -> Iterator[Measured]:
    """Little's law where stages follow each other: open = arrivals a day x days in the service."""
    teams, years = 200, 4
    world = _run(
        tiny_service(
            cases_a_day=2 * teams, teams=teams, years=years,
            stages={
                "first": stage(exponential(20), to={"second": 0.5, "closed": 0.5}),
                "second": stage({"distribution": "gamma", "mean": 40, "shape": 2}),
            },
        ),
        years,
    )  # fmt: skip
    settled = len(world.record.weeks) // 2
    weeks = np.diff(np.array([-1, *world.record.weeks]))[settled:]
    open_days = _by_team(world, "open_case_days", settled)
    yield "open cases", 2 * (20 + 0.5 * 40), open_days / weeks.sum()


CASES: dict[str, Callable[[], Iterator[Measured]]] = {
    "Open cases, from an empty start": open_cases_from_empty,
    "Little's law over two stages": cases_stay_as_long_as_they_stay,
    "Waiting for a place under a caseload cap (Erlang C)": waiting_for_a_place,
    "Waiting for a worker's hours (Pollaczek and Khinchine)": one_piece_of_work_each,
    "Posts left and filled again": posts_filled,
    "A leaving probability as a hazard": leaving_as_a_hazard,
    "Sickness, off and on": ill_and_back,
}


def _known(cases: Collection[str] | None) -> Collection[str]:
    """The cases that are asked for, in the order in which they are asked for."""
    wanted = CASES if cases is None else cases
    problems = [
        Problem("there is no such case", path="cases", given=repr(name),
                accepted=f"one of {'; '.join(CASES)}", remedy=did_you_mean(name, CASES))
        for name in wanted if name not in CASES
    ]  # fmt: skip
    if problems or not wanted:
        raise InputError(problems or Problem("no case is named", path="cases"))
    return wanted


def erlang_c(servers: int, load: float) -> float:
    """Probability of waiting: Poisson arrivals, exponential service, any number may wait."""
    waiting = load**servers / factorial(servers) * servers / (servers - load)
    return waiting / (sum(load**n / factorial(n) for n in range(servers)) + waiting)


def _world(scenario: Scenario, years: float) -> World:
    return World(scenario, BASELINE, seed=1, replication=0, years=years)


def _run(scenario: Scenario, years: float) -> World:
    world = _world(scenario, years)
    world.run()
    return world


def _by_team(world: World, name: str, after: int = 0) -> NDArray[np.float64]:
    """A column of the tally by team, added up over the weeks from one on."""
    column = NAMES.index(name)
    weeks = np.array([tally[:, column] for tally in world.record.tallies[after:]])
    return _floats(weeks.sum(axis=0))


def _floats(values: ArrayLike) -> NDArray[np.float64]:
    return np.asarray(values, np.float64)
