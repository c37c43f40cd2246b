"""A worker whose cases each ask for one piece of work is a queue: the hours are the server.

All cases are held from the first day on, and the order of the work decides who waits. A case ends
on the day on which its work is done, at any time of it, so half a day is added to what is counted
in whole days. As in `test_waiting_for_a_place`, the same cases in continuous time are the control.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from sim.model.absence import SHORT_SICKNESS_LENGTH
from sim.model.columns import GONE_CLOSED
from sim.model.draws import exponential_threshold
from sim.model.randomness import uniform
from sim.model.staffing import SHORT_SICKNESS_AT
from sim.model.world import World
from sim.scenario.service import Scenario
from tests.services import (
    WORKING_DAYS_A_YEAR,
    by_week,
    exponential,
    run,
    stage,
    tiny_service,
    work,
    world_of,
)
from tests.theory.agreement import Estimate, agrees, agrees_roughly, count_of, ratio_of
from tests.theory.exact import pollaczek_khinchine, waits_by_class
from tests.theory.twin import (
    first_come_first_served,
    one_server_by_class,
    one_server_off_and_on,
    times_within_days,
)

pytestmark = pytest.mark.theory

HOURS_A_DAY = 7.0
HALF_A_DAY = 0.5
SURE = 1e-4


def one_piece_of_work(mean: float, varying: Any, cases_a_day: float, **asked: Any) -> Scenario:
    """Each case asks for one piece of work: mean days of it, times a chance with mean 1."""
    return tiny_service(
        cases_a_day=cases_a_day,
        stages={"work": stage(0, work={"piece": work(mean * HOURS_A_DAY)})},
        demand={"complexity": varying},
        **asked,
    )


def cases_of(
    world: World, team: int, first: float, last: float
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """The cases of a team: rows, days of arrival, and which are counted.

    These came from the first to the last day, and before any that is not done when the run ends.
    """
    cases = world.cases
    rows = np.flatnonzero(cases["team"] == team)
    arrived = cases["arrived"][rows]
    not_done = arrived[cases["status"][rows] != GONE_CLOSED]
    last = min([last, *not_done.tolist()])
    assert last > first, "nobody is counted"
    return rows, arrived, (arrived >= first) & (arrived < last)


@pytest.mark.parametrize(
    ("varying", "deviation"),
    [
        (exponential(1), 1.0),
        ({"distribution": "fixed", "value": 1}, 0.0),
        ({"distribution": "uniform", "low": 0, "high": 2}, 1 / 3**0.5),
        ({"distribution": "gamma", "mean": 1, "shape": 4}, 0.5),
    ],
)
def test_first_come_first_served(varying, deviation):
    """One worker, any distribution of work: the wait is Pollaczek and Khinchine's."""
    mean, load, teams, years = 12.382, 0.8, 24, 40  # no whole number of days, even when fixed
    per_day = load / mean * teams
    world = run(one_piece_of_work(mean, varying, per_day, teams=teams, years=years), years=years)
    agrees_roughly(count_of(world.cases.n), per_day * world.horizon)
    sums = []
    for team in range(teams):
        rows, arrived, counted = cases_of(world, team, 200 * mean, world.horizon - 60 * mean)
        work_days = world.cases["complexity"][rows] * mean
        chance = np.random.default_rng(team)
        twin = first_come_first_served(times_within_days(arrived, chance), work_days, 1)
        here = world.cases["closed"][rows] - arrived + HALF_A_DAY - work_days
        sums.append((counted.sum(), (here - twin.waited)[counted].sum(), here[counted].sum()))
    n, difference, plain = (np.array(column) for column in zip(*sums, strict=True))
    exact = pollaczek_khinchine(load / mean, mean, deviation * mean)
    found = ratio_of(difference, n)
    agrees(Estimate(exact + found.value, found.error), exact)
    agrees_roughly(ratio_of(plain, n), exact)


CLASSES = [(0.05, 4, 4), (0.1, 5, 10)]  # arrivals, mean and standard deviation of service
LONG = {"distribution": "lognormal", "mean": 1, "cv": 2}
UNIT, TEAMS, YEARS = 15, 24, 50  # days; the times of the case in the units of its source


def two_classes(**working_time: Any) -> World:
    """Two streams of work for each worker, that of the higher risk tier more pressing."""
    raw = tiny_service(teams=TEAMS, years=YEARS, working_time=working_time).model_dump()
    for name, tier, (rate, mean, _), varying in zip(
        ("first", "second"), ("high", "low"), CLASSES, (exponential(1), LONG), strict=True
    ):
        one = one_piece_of_work(mean * UNIT, varying, rate / UNIT * TEAMS, years=YEARS).model_dump()
        raw["pathways"][name] = one["pathways"]["pathway"]
        raw["demand"][name] = {
            **one["demand"]["referrals"], "pathway": name, "risk": {tier: 1.0}
        }  # fmt: skip
    del raw["pathways"]["pathway"], raw["demand"]["referrals"]
    return run(Scenario.model_validate(raw), years=YEARS)


@pytest.fixture(scope="module")
def finishing() -> World:
    """Two classes of work; what was begun is finished before anything else is begun."""
    return two_classes(finish_what_was_begun=True)


def sojourns(world: World, *, interrupting: bool) -> list[Estimate]:
    """By class: mean time from arrival to the end, less the twin's."""
    sums: list[list[tuple[float, float]]] = [[], []]
    for team in range(TEAMS):
        rows, arrived, counted = cases_of(world, team, 150 * UNIT, world.horizon - 300 * UNIT)
        cases, chance = world.cases, np.random.default_rng(team)
        rank = cases["stream"][rows]
        took = cases["complexity"][rows] * np.array([mean * UNIT for _, mean, _ in CLASSES])[rank]
        times = times_within_days(arrived, chance)
        if interrupting:
            ends = one_server_by_class_interrupting(times, took, rank)
        else:
            ends = times + one_server_by_class(times, took, rank.tolist()) + took
        here = cases["closed"][rows] - arrived + HALF_A_DAY
        for number in range(2):
            of_class = counted & (rank == number)
            difference = (here - (ends - times))[of_class].sum()
            sums[number].append((difference / UNIT, of_class.sum()))
    return [ratio_of(*zip(*of_class, strict=True)) for of_class in sums]


def one_server_by_class_interrupting(
    times: NDArray[np.float64], took: NDArray[np.float64], rank: NDArray[np.int64]
) -> NDArray[np.float64]:
    """When each case ends if the first class interrupts the second, which is resumed.

    To the second class the server is off while the first has work.
    """
    first, second = rank == 0, rank == 1
    ends = np.zeros(len(times))
    begins = times[first] + first_come_first_served(times[first], took[first], 1).waited
    ends[first] = begins + took[first]
    # Busy periods of the first class: from a beginning with nobody before it, to the last end.
    opens = np.concatenate([[True], begins[1:] > ends[first][:-1]])
    starts = begins[opens]
    stops = np.concatenate([ends[first][:-1][opens[1:]], ends[first][-1:]])
    never = np.array([np.inf])
    on = np.concatenate([starts - np.concatenate([[0.0], stops[:-1]]), never])
    off = np.concatenate([stops - starts, [0.0]])
    ends[second] = one_server_off_and_on(times[second], took[second], on, off)
    return ends


def test_two_priorities_when_what_was_begun_is_finished(finishing):
    """Waits 8.8125 and 29.375: the higher class comes first, and interrupts nobody."""
    exact = waits_by_class(CLASSES)
    for difference, wait in zip(sojourns(finishing, interrupting=False), exact, strict=True):
        agrees(Estimate(wait + difference.value, difference.error), wait)


def test_two_priorities_when_more_pressing_work_interrupts():
    """The higher class sees nobody else; the lower is resumed.

    T1 = 4 / (1 - .2) = 5; T2 = 5 / .8 + R / (.8 x .3) with R = .05 x 32 / 2 + .1 x 125 / 2 = 7.05.
    """
    world = two_classes(finish_what_was_begun=False)
    for difference, time in zip(sojourns(world, interrupting=True), (5, 35.625), strict=True):
        agrees(Estimate(time + difference.value, difference.error), time)


def test_the_work_of_two_classes_is_as_it_should_be(finishing):
    """What the twins cannot show: rates, and distributions of work."""
    spread = np.log(1 + 2**2)
    for number, law in enumerate(
        (stats.expon(), stats.lognorm(s=spread**0.5, scale=np.exp(-spread / 2)))
    ):
        of_class = finishing.cases["stream"] == number
        rate = CLASSES[number][0] / UNIT * TEAMS
        agrees_roughly(count_of(of_class.sum()), rate * finishing.horizon)
        assert stats.kstest(finishing.cases["complexity"][of_class], law.cdf).pvalue > SURE


def off_and_on(unit: float, teams: int, years: float) -> Scenario:
    """A worker who is ill at rate .1, back at rate .5; arrivals .5, service 1; nobody covers."""
    return one_piece_of_work(
        unit, exponential(1), 0.5 / unit * teams, teams=teams, years=years,
        absence={
            "short_sickness": {
                "per_year": 0.1 / unit * WORKING_DAYS_A_YEAR, "duration": exponential(2 * unit)
            },
            "cover": "wait",
        },
    )  # fmt: skip


def test_one_worker_off_and_on():
    """Interrupted work is kept and resumed: available .833333, W 3.833333, L 1.916667."""
    unit, teams, years = 20, 30, 40
    world = run(off_and_on(unit, teams, years), years=years)
    weeks = len(world.record.weeks) // 4
    away = by_week(world, "sick_fte_days")[weeks:].sum(axis=0)
    days = by_week(world, "in_post_fte_days")[weeks:].sum(axis=0)
    agrees(ratio_of(days - away, days), 5 / 6)
    agrees_roughly(count_of(world.cases.n), 0.5 / unit * teams * world.horizon)

    sums = []
    for team in range(teams):
        rows, arrived, counted = cases_of(world, team, 60 * unit, world.horizon - 60 * unit)
        on, off = _times_on_and_off(world, team, unit)
        times = times_within_days(arrived, np.random.default_rng(team))
        ends = one_server_off_and_on(times, world.cases["complexity"][rows] * unit, on, off)
        here = world.cases["closed"][rows] - arrived + HALF_A_DAY
        sums.append((counted.sum(), (here - (ends - times))[counted].sum(), here[counted].sum()))
    n, difference, plain = (np.array(column) / unit for column in zip(*sums, strict=True))
    found = ratio_of(difference, n * unit)
    agrees(Estimate(3.833333 + found.value, found.error), 3.833333)
    agrees_roughly(ratio_of(plain, n * unit), 3.833333)
    open_cases = by_week(world, "open_case_days")[weeks:].sum(axis=0)
    agrees_roughly(ratio_of(open_cases, days), 1.916667)


def _times_on_and_off(world: World, team: int, unit: float) -> tuple[NDArray[Any], NDArray[Any]]:
    """The worker's own times from return to falling ill, and of each spell, in continuous time."""
    key = int(world.workers["key"][team])
    number = int(world.workers["short_sickness_spells"][team]) + 20
    ask, threshold, length = (
        (world.seed, world.chances.absence), SHORT_SICKNESS_AT, SHORT_SICKNESS_LENGTH
    )  # fmt: skip
    on = [exponential_threshold(*ask, threshold, key, n) for n in range(number)]
    off = [-np.log1p(-uniform(*ask, length, key, n)) for n in range(number)]
    return np.array(on) * unit / 0.1, np.array(off) * unit / 0.5


@pytest.mark.parametrize(("cover", "ends"), [("wait", 15), ("restart", 19)])
def test_a_task_of_ten_hours_begun_at_one_with_its_worker_off_from_five_to_nine(cover, ends):
    """An hour is a working day of one hour: resumed it ends at 15, begun again at 19.

    | hour    | 1 to 5 | 5 to 9 | 9 to 15 | 15 to 19 |
    | ------- | ------ | ------ | ------- | -------- |
    | resumed | 4 done | off    | 6 done  |          |
    | restart | 4 lost | off    | 6 done  | 4 done   |
    """
    scenario = tiny_service(
        stages={"work": stage(0, work={"piece": work(10)})},
        demand={"per_week": 0, "also_on": ["2001-04-03"]},  # day 1
        working_time={"hours_per_week": 5},
        absence={
            "short_sickness": {"per_year": WORKING_DAYS_A_YEAR, "duration": 4}, "cover": cover
        },
    )  # fmt: skip
    world = world_of(scenario, years=0.2)
    # A hazard of 1 a day passes 5 in the evening of day 4, and then no more.
    world.workers.table["short_sickness_at"][0] = 5
    world.env.run(until=8.95)
    assert world.workers["status"][0] != 0
    world.env.run(until=9.01)
    assert world.workers["status"][0] == 0
    world.workers.table["short_sickness_at"][0] = np.inf
    world.run()
    assert world.cases["arrived"].tolist() == [1]
    assert world.cases["closed"].tolist() == [ends - 1]  # the evening of the hour before
