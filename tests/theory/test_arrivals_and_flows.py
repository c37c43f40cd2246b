"""Arrivals have the stated rate and dispersion, and flows through a pathway their equations."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from sim.model.columns import GONE_CLOSED
from sim.model.world import World
from sim.scenario.calendar import working_days_between
from sim.scenario.loading import load_scenario
from sim.scenario.service import Scenario
from tests.services import START, exponential, run, side_by_side, stage, tiny_service, world_of
from tests.theory.agreement import Estimate, agrees, count_of, mean_of, ratio_of

pytestmark = pytest.mark.theory

SURE = 1e-4
AT_THE_DOOR = {"door": stage(0, team=None)}  # screened and closed on the day of arrival


def daily(world: World, streams: int) -> NDArray[np.int64]:
    """Cases that arrived: (streams, working days)."""
    cases = world.cases
    which = cases["stream"] * world.horizon + cases["arrived"]
    return np.bincount(which, minlength=streams * world.horizon).reshape(streams, -1)


@pytest.mark.parametrize(("dispersion", "mean"), [(None, 4.0), (10.0, 8.0), (4.0, 3.0)])
def test_dispersion_of_daily_arrivals(dispersion, mean):
    """Variance = mean + mean^2 / size; Poisson without a size. Days are independent."""
    streams, years = 60, 4
    demand = {"dispersion": dispersion}
    world = run(
        side_by_side(
            streams, cases_a_day=mean, stages=AT_THE_DOOR, demand=demand, years=years
        ),
        years=years,
    )  # fmt: skip
    counts = daily(world, streams)
    size = np.inf if dispersion is None else dispersion
    agrees(mean_of(counts), mean)
    agrees(mean_of((counts - mean) ** 2), mean + mean**2 / size)
    law = stats.poisson(mean) if dispersion is None else stats.nbinom(size, size / (size + mean))
    most = int(law.ppf(0.999))
    expected = counts.size * np.array([*law.pmf(np.arange(most)), law.sf(most - 1)])
    found = np.bincount(np.minimum(counts, most).ravel(), minlength=most + 1)
    assert stats.chi2(most).sf(((found - expected) ** 2 / expected).sum()) > SURE
    neighbours = ((counts[:, 1:] - mean) * (counts[:, :-1] - mean)).ravel()
    assert abs(neighbours.mean()) < 4 * neighbours.std() / neighbours.size**0.5


def test_weekends_join_the_next_working_day():
    """A weekend day has .3 of a weekday: Mondays 1.6 times a Tuesday, each day dispersed by itself.

    February 2010 is four whole weeks from a Monday: 112 cases, 5 a weekday (20 + .3 x 8).
    """
    size = 4
    scenario = side_by_side(
        100, stages=AT_THE_DOOR, start_date=date(2010, 2, 1),
        demand={"per_week": 28.0, "weekend_share": 0.3, "dispersion": size},
    )  # fmt: skip
    found = []
    for replication in range(14):
        world = run(scenario, replication=replication, years=27 / 365.25)
        assert world.horizon >= 20
        weekdays, weekend_days = world.intensity[:28].reshape(4, 7, 100)[0, [0, 6], 0]
        assert (weekdays, weekend_days) == pytest.approx((5, 1.5))
        found.append(daily(world, 100)[:, :20].reshape(100, 4, 5))
    counts = np.concatenate(found)
    mondays, others = counts[:, 1:, 0], counts[:, :, 1:]  # no weekend before the first Monday
    agrees(mean_of(mondays), 8)
    agrees(mean_of(others), 5)
    variance = mean_of((mondays - 8) ** 2)
    exact = 5 + 5**2 / size + 2 * (1.5 + 1.5**2 / size)
    assert abs(variance.value - exact) < 4 * variance.error


def test_a_rate_that_changes_a_thousandfold_by_blocks():
    """Rate .01 for 100 periods, then 10 for 100, repeated: 1 and 1,000 arrivals a block.

    A block is a month, a period a hundredth of it; the rate is read at the time it is for, so
    none of a block's arrivals fall into its neighbours.
    """
    years = 10
    scenario = tiny_service(stages=AT_THE_DOOR, demand={"per_month": [1, 1000] * (6 * years)})
    world = run(scenario, years=years)
    months = world.calendar.month
    blocks = int(months[-1]) + 1
    expected = np.zeros(blocks)
    for number in range(1, blocks - 1):  # the first and the last month may be cut
        days = np.concatenate([world.calendar_days[d] for d in np.flatnonzero(months == number)])
        expected[number] = world.intensity[days, 0].sum()
    whole = slice(1, blocks - 1)
    assert expected[whole] == pytest.approx([(1, 1000)[n % 2] for n in range(1, blocks - 1)])
    counts = np.bincount(months[world.cases["arrived"]], minlength=blocks)[whole]
    low, high = counts[1::2], counts[::2]
    agrees(mean_of(high), 1000)
    assert low.max() <= 10  # of Poisson with mean 1: more in one of 60 blocks has chance 1e-6
    assert abs(low.sum() - len(low)) < 4 * len(low) ** 0.5


def test_cases_that_come_back():
    """30 % of closed cases come back, again and again: 1 / .7 arrivals for each new one."""
    per_day, back, after = 100.0, 0.3, 20
    raw = tiny_service(cases_a_day=per_day, stages=AT_THE_DOOR, years=3).model_dump()
    raw["pathways"]["pathway"]["rereferral"] = {"share": back, "after": exponential(after)}
    world = run(Scenario.model_validate(raw), years=2.6)
    warm = world.cases["arrived"] >= 12 * after
    days = world.horizon - 12 * after
    again = world.cases["returned"] == 1
    agrees(
        Estimate(warm.sum() / days, (warm.sum() * (1 + back) / (1 - back)) ** 0.5 / days),
        per_day / (1 - back),
    )
    agrees(count_of((warm & ~again).sum()), per_day * days)
    agrees(ratio_of(np.bincount(world.cases["arrived"][warm & again])[12 * after :],
                    np.bincount(world.cases["arrived"][warm])[12 * after :]), back)  # fmt: skip


@pytest.fixture(scope="module")
def shipped() -> Scenario:
    return load_scenario("children_average_england")


def test_flows_through_the_shipped_pathway(shipped):
    """Entries into each stage for each new case solve x = e + P' x, by hand from its shares."""
    pathway = shipped.pathways["child"].model_dump()
    del pathway["rereferral"]
    for one in pathway["stages"].values():  # a day each, with nobody and nothing to wait for
        one.update(
            team=None, duration=1, work={}, weight=0, roles=(), skill=None, risk_at_least=None,
            booking=None, worker_changes_outcome=None, days_for_each_case=0,
        )  # fmt: skip
    raw = tiny_service(cases_a_day=1000, years=1).model_dump()
    raw["pathways"]["pathway"] = pathway
    scenario, names = Scenario.model_validate(raw), list(pathway["stages"])
    warm, last = 2 * len(names), 60  # by day 16 the first cases have gone all the way
    entries = np.zeros(len(names))
    for replication in range(6):
        world = world_of(scenario, years=0.3, replication=replication)
        for day in range(last):
            world.env.run(until=day + 0.95)
            cases = world.cases
            here = (cases["status"] != GONE_CLOSED) & (cases["entered"] == day) & (day >= warm)
            entries += np.bincount(cases["stage"][here], minlength=len(names))

    visits = expected_visits(pathway["stages"])
    for name, number in zip(names, entries, strict=True):
        agrees(count_of(number), 6 * (last - warm) * 1000 * visits[name])


def expected_visits(stages: dict[str, dict]) -> dict[str, float]:
    """Mean number of times that a case enters each stage, followed step by step."""
    first = next(iter(stages))
    now, total = {first: 1.0}, dict.fromkeys(stages, 0.0)
    while sum(now.values()) > 1e-12:
        following: dict[str, float] = {}
        for name, share in now.items():
            total[name] += share
            for target, onward in stages[name]["next"].items():
                if target != "closed":
                    following[target] = following.get(target, 0.0) + share * onward
        now = following
    return total


def test_the_calendar_of_these_tests():
    """The first working day of the tiny services is a Monday, and the month has 19 working days."""
    assert START.weekday() == 0
    assert working_days_between(date(2001, 4, 1), date(2001, 5, 1)) == 19
