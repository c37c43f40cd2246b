"""Waiting under a cap on caseloads is a queue: the places are its servers.

A worker with a cap of c cases is c servers; a case holds its place for as long as its stage lasts.
Durations are long against a working day, runs start counting after many relaxation times, and each
mean is held against theory with the same cases in continuous time as a control (see `twin`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from sim.model.columns import GONE_REFUSED, GONE_WITHDRAWN
from sim.model.world import World
from sim.scenario.service import Scenario
from tests.services import exponential, run, side_by_side, stage, tiny_service
from tests.theory.agreement import Estimate, agrees, agrees_roughly, count_of, ratio_of
from tests.theory.exact import (
    closed_list,
    erlang_c_wait,
    waits_by_class,
    with_patience,
)
from tests.theory.twin import (
    first_come_first_served,
    one_server_by_class,
    times_within_days,
)

pytestmark = pytest.mark.theory

SURE = 1e-4  # a test of a distribution fails below this probability


@dataclass(frozen=True)
class Team:
    """The counted cases of one team, and what would become of them in continuous time."""

    waited: NDArray[np.int64]  # days, of those who had a worker
    twin_waited: NDArray[np.float64]  # of those who would be served
    refused: int
    twin_refused: int
    gave_up: int
    twin_gave_up: int
    arrived: int


def watch(
    world: World, servers: int, mean: float, *, first: float, last: float, places: int | None = None
) -> list[Team]:
    """Each team's cases that arrived from the first to the last day, beside their twins."""
    cases, chance = world.cases, np.random.default_rng(1)
    found = []
    for team in range(len(world.teams)):
        rows = np.flatnonzero((cases["team"] == team) & (cases["arrived"] < last))
        refused = cases["status"][rows] == GONE_REFUSED
        gave_up = cases["status"][rows] == GONE_WITHDRAWN
        served = ~refused & ~gave_up
        assert (cases["allocated"][rows][served] >= 0).all(), "the end is too near"
        # Who had no worker here may have one there: what it takes is as likely as for any other.
        took = np.where(
            served,
            cases["ends"][rows] - cases["allocated"][rows],
            chance.exponential(mean, len(rows)),
        )
        twin = first_come_first_served(
            times_within_days(cases["arrived"][rows], chance), took, servers, places,
            cases["patience"][rows],
        )  # fmt: skip
        counted = cases["arrived"][rows] >= first
        found.append(
            Team(
                waited=(cases["allocated"] - cases["arrived"])[rows][counted & served],
                twin_waited=twin.waited[counted & ~twin.refused & ~twin.gave_up],
                refused=int(refused[counted].sum()),
                twin_refused=int(twin.refused[counted].sum()),
                gave_up=int(gave_up[counted].sum()),
                twin_gave_up=int(twin.gave_up[counted].sum()),
                arrived=int(counted.sum()),
            )
        )
    return found


def mean_wait(teams: list[Team]) -> tuple[Estimate, Estimate]:
    """Mean wait of those who had a worker, less the twin's; and the mean wait itself."""
    n = np.array([len(team.waited) for team in teams])
    waited = np.array([team.waited.sum() for team in teams])
    twin = np.array([team.twin_waited.mean() for team in teams])
    return ratio_of(waited - n * twin, n), ratio_of(waited, n)


def share(teams: list[Team], name: str) -> tuple[Estimate, Estimate]:
    """Share of those who arrived who were refused, or gave up: less the twin's, and itself."""
    n = np.array([team.arrived for team in teams])
    here = np.array([getattr(team, name) for team in teams])
    there = np.array([getattr(team, f"twin_{name}") for team in teams])
    return ratio_of(here - there, n), ratio_of(here, n)


def held_against(found: tuple[Estimate, Estimate], exact: float, load: float = 0.0) -> None:
    """Hold the simulated value, with the twin as control, against the exact one, and by itself."""
    difference, plain = found
    agrees(Estimate(exact + difference.value, difference.error), exact, load)
    agrees_roughly(plain, exact)


def inputs_are_right(world: World, per_day: float, mean: float) -> None:
    """Arrivals are Poisson at their rate, and durations exponential with their mean."""
    cases = world.cases
    agrees_roughly(count_of(world.cases.n), per_day * world.horizon)
    daily = np.bincount(cases["arrived"], minlength=world.horizon)
    dispersion = daily.var() / daily.mean()
    assert abs(dispersion - 1) < 4 * (2 / world.horizon) ** 0.5
    had_a_worker = cases["workers"] > 0
    took = (cases["ends"] - cases["allocated"])[had_a_worker]
    assert stats.kstest(took, stats.expon(scale=mean).cdf).pvalue > SURE


@pytest.mark.parametrize(
    ("places", "load", "mean", "teams", "years"),
    [(5, 4, 60, 12, 40), (10, 9, 60, 12, 60), (50, 45, 100, 6, 20), (3, 1.5, 100, 20, 30)],
)
def test_waiting_for_a_place_is_erlang_c(places, load, mean, teams, years):
    """c places, Poisson arrivals, exponential durations: Wq = C / (c mu - lambda)."""
    per_day = load / mean * teams
    world = run(
        tiny_service(
            cases_a_day=per_day, duration=exponential(mean), cap=places, teams=teams, years=years
        ),
        years=years,
    )
    inputs_are_right(world, per_day, mean)
    half, late = world.horizon // 2, world.horizon - 12 * mean
    found = watch(world, places, mean, first=half, last=late)
    held_against(mean_wait(found), mean * erlang_c_wait(places, load), load / places)


def test_a_closed_list_refuses_who_finds_it_full():
    """10 places with workers, 10 on the list, arrivals 10, service 1; and L, and the wait."""
    mean, services = 200, 12
    world = run(
        side_by_side(
            services, cases_a_day=10 / mean, duration=exponential(mean), cap=10, years=50,
            demand={"waiting_limit": 10},
        ),
        years=50,
    )  # fmt: skip
    inputs = np.bincount(world.cases["stream"], minlength=services)
    agrees_roughly(count_of(inputs.sum()), services * world.horizon * 10 / mean)
    exact = closed_list(10, 10, 10.0)
    assert exact[-1] == pytest.approx(0.068212, abs=5e-7)
    found = watch(world, 10, mean, first=20 * mean, last=world.horizon - 12 * mean, places=10)
    held_against(share(found, "refused"), exact[-1])
    held_against(mean_wait(found), mean * 0.402629)


@pytest.mark.parametrize(("places", "load", "mean"), [(10, 10, 400), (3, 2, 150)])
def test_without_a_list_who_finds_no_place_is_refused(places, load, mean):
    """No waiting at all: Erlang's loss formula."""
    services, years = 12, 50
    world = run(
        side_by_side(
            services, cases_a_day=load / mean, duration=exponential(mean), cap=places, years=years,
            demand={"waiting_limit": 0},
        ),
        years=years,
    )  # fmt: skip
    found = watch(world, places, mean, first=5 * mean, last=world.horizon - 5 * mean, places=0)
    assert all((team.waited == 0).all() for team in found)
    held_against(share(found, "refused"), closed_list(places, 0, load)[-1])


@pytest.mark.parametrize(("mean", "patience"), [(60, 60), (100, 20)])
def test_who_waits_too_long_is_withdrawn(mean, patience):
    """Exponential patience: Erlang A. Who is out of patience by the morning is not allocated."""
    teams, years = 24, 40
    per_day = 10 / mean * teams
    world = run(
        tiny_service(
            cases_a_day=per_day, duration=exponential(mean), cap=10, teams=teams, years=years,
            demand={"patience": exponential(patience)},
        ),
        years=years,
    )  # fmt: skip
    inputs_are_right(world, per_day, mean)
    found = watch(world, 10, mean, first=10 * mean, last=world.horizon - 10 * mean)
    held_against(share(found, "gave_up"), with_patience(10, 10, mean / patience))
    cases = world.cases
    had_a_worker = cases["workers"] > 0
    waited = (cases["allocated"] - cases["arrived"])[had_a_worker]
    assert (waited < cases["patience"][had_a_worker]).all()


CLASSES = [(0.05, 4, 4), (0.1, 5, 10)]  # arrivals, mean and standard deviation of service
LONG = {"distribution": "lognormal", "mean": 5, "cv": 2}


def two_classes(unit: int, teams: int, years: float, tiers: tuple[str, str]) -> Scenario:
    """Two streams of cases for one place in each team; times in units of so many days."""
    raw = tiny_service(cases_a_day=1, cap=1, teams=teams, years=years).model_dump()
    for name, tier, (rate, mean, _), duration in zip(
        ("first", "second"), tiers, CLASSES, (exponential(4), LONG), strict=True
    ):
        raw["pathways"][name] = {
            "label": name,
            "stages": {name: stage({**duration, "mean": mean * unit})},
        }
        steady = tiny_service(cases_a_day=rate / unit * teams, years=years).model_dump()
        raw["demand"][name] = {
            **steady["demand"]["referrals"], "pathway": name, "risk": {tier: 1.0}
        }  # fmt: skip
    del raw["pathways"]["pathway"], raw["demand"]["referrals"]
    return Scenario.model_validate(raw)


def test_the_higher_risk_tier_comes_first_and_interrupts_nobody():
    """One place, two tiers: lambda .05 (mean 4, sd 4) and .1 (mean 5, sd 10): 8.8125 and 29.375."""
    unit, teams, years = 15, 40, 60
    world = run(two_classes(unit, teams, years, ("high", "low")), years=years)
    classes_are_right(world, unit, teams)
    for number, exact in enumerate(waits_by_class(CLASSES)):
        found = [_waits_of_class(world, team, number, unit, by_class=True) for team in range(teams)]
        n, waited, twin = (np.array(column) for column in zip(*found, strict=True))
        difference = ratio_of((waited - twin) / unit, n)
        agrees(Estimate(exact + difference.value, difference.error), exact)


def test_in_one_risk_tier_who_came_first_comes_first():
    """The same cases in one tier: 23.5 for both."""
    unit, teams, years = 15, 40, 60
    world = run(two_classes(unit, teams, years, ("low", "low")), years=years)
    for number in range(2):
        found = [
            _waits_of_class(world, team, number, unit, by_class=False) for team in range(teams)
        ]
        n, waited, twin = (np.array(column) for column in zip(*found, strict=True))
        difference = ratio_of((waited - twin) / unit, n)
        agrees(Estimate(23.5 + difference.value, difference.error), 23.5)


def classes_are_right(world: World, unit: int, teams: int) -> None:
    """Both classes come at their rates, and take what they should.

    Services with so long a tail give waits whose plain mean and error say little (the error of most
    samples is too small), so the inputs are tested in its place.
    """
    cases, spread = world.cases, np.log(1 + 2**2)
    exponential_4 = stats.expon(scale=4 * unit)
    lognormal_5 = stats.lognorm(s=spread**0.5, scale=5 * unit * np.exp(-spread / 2))
    for number, (rate, _, _) in enumerate(CLASSES):
        of_class = cases["stream"] == number
        agrees_roughly(count_of(of_class.sum()), rate / unit * teams * world.horizon)
        of_class &= cases["workers"] > 0
        took = (cases["ends"] - cases["allocated"])[of_class]
        assert stats.kstest(took, (exponential_4, lognormal_5)[number].cdf).pvalue > SURE


def _waits_of_class(
    world: World, team: int, number: int, unit: int, *, by_class: bool
) -> tuple[int, float, float]:
    """How many cases of a class were counted in a team, and the sums of their waits."""
    cases, last = world.cases, world.horizon - 300 * unit
    rows = np.flatnonzero((cases["team"] == team) & (cases["arrived"] < last))
    assert (cases["workers"][rows] > 0).all(), "the end is too near"
    rank = cases["stream"][rows]
    # Those of one morning came in the order of the rows, the first stream before the second; in
    # continuous time their order is any.
    chance = np.random.default_rng(team)
    order = np.lexsort((chance.random(len(rows)), cases["arrived"][rows]))
    rows, rank = rows[order], rank[order]
    took = cases["ends"][rows] - cases["allocated"][rows]
    waited = one_server_by_class(
        times_within_days(cases["arrived"][rows], chance),
        took,
        rank.tolist() if by_class else [0] * len(rows),
    )
    counted = (rank == number) & (cases["arrived"][rows] >= 150 * unit)
    here = (cases["allocated"] - cases["arrived"])[rows][counted]
    return int(counted.sum()), float(here.sum()), float(waited[counted].sum())
