"""Posts are filled and vacant in turn: renewal theory says how many, how long, and how often."""

from __future__ import annotations

from math import exp, log

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from sim.model.agency import EXPERIENCED_DAYS
from sim.model.columns import FILLED
from sim.model.world import World
from sim.scenario.service import Scenario
from tests.services import (
    ROLE,
    TEAM,
    WORKING_DAYS_A_YEAR,
    by_week,
    days_of_weeks,
    exponential,
    run,
    tiny_service,
    world_of,
)
from tests.theory.agreement import agrees, mean_of, ratio_of

pytestmark = pytest.mark.theory

SURE = 1e-4
NO_CASES = {"per_week": 0}
TEAMS = 450  # of 20 posts


def leaving(rate_a_day: float, notice: int = 0) -> dict[str, float]:
    return {"leaving_per_year": rate_a_day * WORKING_DAYS_A_YEAR, "notice_days": notice}


def filled_by_team(world: World) -> NDArray[np.int64]:
    posts = world.posts[: world.n_posts]
    return np.bincount(posts["team"], weights=posts["status"] == FILLED, minlength=len(world.teams))


@pytest.fixture(scope="module")
def filled() -> dict[int, NDArray[np.int64]]:
    """Posts filled in each of 450 teams of 20, all filled at first, after so many days."""
    scenario = tiny_service(
        workers=20, teams=TEAMS, demand=NO_CASES, turnover=leaving(1 / 500),
        recruitment={"round_days": exponential(60)},
    )  # fmt: skip
    world = world_of(scenario, years=2)
    found = {}
    for day in (30, 90, 400):
        world.env.run(until=day + 0.95)  # who left in the morning is not in post in the evening
        found[day] = filled_by_team(world)
    return found


@pytest.mark.parametrize(("day", "exact"), [(30, 19.081162), (90, 18.256516), (400, 17.857143)])
def test_mean_of_filled_posts_over_time(filled, day, exact):
    """20 posts, leaving rate 1/500 a day, refilled at 1/60: relaxes at the sum of both rates.

    What is tested within 1 % is also the number of vacant posts, which is far smaller.
    """
    agrees(mean_of(filled[day]), exact)
    vacant = mean_of(20 - filled[day])
    assert abs(vacant.value - (20 - exact)) < 4 * vacant.error
    assert vacant.error < 0.05 * (20 - exact)


@pytest.mark.parametrize("day", [30, 90, 400])
def test_filled_posts_are_binomial(filled, day):
    """Posts are filled or vacant independently of each other."""
    share = 0.892857 + 0.107143 * exp(-day * (1 / 500 + 1 / 60))
    vacant = np.minimum(20 - filled[day], 5).astype(int)  # five and more together
    law = stats.binom(20, 1 - share)
    expected = TEAMS * np.array([*law.pmf(np.arange(5)), law.sf(4)])
    wanted = expected > 5
    chi2 = ((np.bincount(vacant, minlength=6) - expected) ** 2 / expected)[wanted].sum()
    assert stats.chi2(wanted.sum() - 1).sf(chi2) > SURE


def test_a_leaving_probability_of_15_percent_a_year_is_a_hazard():
    """100 instantly refilled posts lose 16.25 a year, not 15."""
    hazard = -log(1 - 0.15)
    assert hazard == pytest.approx(0.162519, abs=5e-7)
    raw = tiny_service(
        teams=110, demand=NO_CASES, recruitment={"round_days": 0},
        turnover={"leaving_per_year": hazard, "notice_days": 0},
        roles={"officer": {"label": "An officer without cases, as the run is faster"}},
    ).model_dump()  # fmt: skip
    raw["teams"][TEAM]["posts"] = {ROLE: 1, "officer": 99}
    world = world_of(Scenario.model_validate(raw), years=7)
    outcomes = world.run().outcomes
    assert (world.posts["status"][: world.n_posts] == FILLED).all()
    left = by_week(world, "leavers_fte").sum()
    in_years = days_of_weeks(world).sum() / WORKING_DAYS_A_YEAR
    agrees(mean_of(by_week(world, "leavers_fte").sum(axis=0) / in_years), 16.2519)
    assert outcomes["turnover_rate"] == pytest.approx(left / in_years / 110 / 100)


def vacancies(world: World, last: int) -> NDArray[np.int64]:
    """Run to a day; give the lengths, in days, of the vacancies that began by half of that day."""
    began: dict[tuple[int, int], int] = {}  # of those that last, by post and number
    lengths = []
    for day in range(last):
        world.env.run(until=day + 0.95)
        posts = world.posts[: world.n_posts]
        vacant = np.flatnonzero(posts["status"] != FILLED).tolist()
        now = {(post, int(posts["vacancies"][post])) for post in vacant}
        for key in began.keys() - now:
            start = began.pop(key)
            if start < last // 2:
                lengths.append(day - start)
        for key in now - began.keys():
            began[key] = day
    assert min(began.values()) >= last // 2, "the end is too near"
    return np.array(lengths)


def test_recruitment_takes_a_geometric_number_of_rounds():
    """Approval of 5 days, rounds of 10 of which 30 % succeed: 5 + 10 k days, mean 38.33."""
    scenario = tiny_service(
        workers=20, teams=80, demand=NO_CASES, turnover=leaving(1 / 40),
        recruitment={"approval_days": 5, "round_days": 10, "success_per_round": 0.3},
    )  # fmt: skip
    lengths = vacancies(world_of(scenario, years=2.5), 600)
    assert set(lengths % 10) == {5}
    agrees(mean_of(lengths), 5 + 10 / 0.3)
    rounds = np.minimum((lengths - 5) // 10, 12)
    law = stats.geom(0.3)
    expected = len(lengths) * np.array([*law.pmf(np.arange(1, 12)), law.sf(11)])
    chi2 = ((np.bincount(rounds, minlength=13)[1:] - expected) ** 2 / expected).sum()
    assert stats.chi2(len(expected) - 1).sf(chi2) > SURE


def test_notice_is_time_in_post_and_vacancy_is_the_rest():
    """A cycle is 300 days until notice is given, 40 of notice and 20 + 60 / .5 of vacancy."""
    teams, posts, years = 95, 20, 10
    scenario = tiny_service(
        workers=posts, teams=teams, demand=NO_CASES, turnover=leaving(1 / 300, notice=40),
        recruitment={"approval_days": 20, "round_days": 60, "success_per_round": 0.5},
    )  # fmt: skip
    world = run(scenario, years=years)
    weeks = len(world.record.weeks) // 3  # three cycles from the full start
    in_post, vacant, left = (
        by_week(world, name)[weeks:].sum(axis=0)
        for name in ("in_post_fte_days", "vacant_fte_days", "leavers_fte")
    )
    cycle = 300 + 40 + 20 + 120
    agrees(ratio_of(vacant, in_post + vacant), 140 / cycle)
    agrees(ratio_of(left, in_post + vacant), 1 / cycle)


def test_leaving_depends_on_time_in_post():
    """Rate a in the first half year in post, four times as high after: the mean time is exact.

    With rates a until t and b after: (1 - exp(-a t)) / a + exp(-a t) / b.
    """
    a, b, t = 1 / 400, 1 / 100, WORKING_DAYS_A_YEAR // 2
    scenario = tiny_service(
        workers=20, teams=60, demand=NO_CASES, recruitment={"round_days": 0},
        turnover={
            **leaving(1 / 200),
            "mean_tenure_years": 1e-6,
            "by_tenure": [
                {"up_to_years": t / WORKING_DAYS_A_YEAR, "factor": 0.5},
                {"up_to_years": 50, "factor": 2},
            ],
        },
    )  # fmt: skip
    world = run(scenario, years=5.5)
    weeks = len(world.record.weeks) // 4  # everyone has left once or twice
    left = by_week(world, "leavers_fte")[weeks:].sum(axis=0)
    in_post = by_week(world, "in_post_fte_days")[weeks:].sum(axis=0)
    agrees(ratio_of(in_post, left), (1 - exp(-a * t)) / a + exp(-a * t) / b)


def test_agency_beyond_the_establishment_is_there_every_day():
    """Each of 200 places is always taken: by a Poisson stream of contracts, one in 100 days."""
    places = 200
    scenario = tiny_service(
        workers=80, teams=3, demand=NO_CASES,
        agency={
            "lead_days": 25, "stay_days": exponential(100),
            "beyond_establishment": {TEAM: places}, "beyond_role": ROLE,
        },
    )  # fmt: skip

    def contracts_a_day(replication):
        world = run(scenario, years=8, replication=replication)
        there = by_week(world, "agency_fte_days").sum(axis=1) / days_of_weeks(world)
        assert np.allclose(there, places)
        since = world.workers["started"] + EXPERIENCED_DAYS
        began = ((world.workers["agency"] == 1) & (since > 0)).sum()
        return began / days_of_weeks(world).sum()

    agrees(mean_of([contracts_a_day(replication) for replication in range(20)]), places / 100)


def test_agency_covers_its_share_of_vacancies():
    """Cover is sought for 80 % of vacancies: 20 days until it comes, for as long as they last.

    A vacancy lasts 100 days, so cover is there for 80 of them; a contract is longer than that.
    """
    scenario = tiny_service(
        workers=20, teams=60, demand=NO_CASES, turnover=leaving(1 / 150),
        recruitment={"round_days": 100},
        agency={"cover_share": 0.8, "lead_days": 20, "stay_days": 1000},
    )  # fmt: skip
    world = run(scenario, years=6)
    weeks = len(world.record.weeks) // 4
    covered, vacant, agency = (
        by_week(world, name)[weeks:].sum(axis=0)
        for name in ("covered_fte_days", "vacant_fte_days", "agency_fte_days")
    )
    agrees(ratio_of(covered, vacant), 0.8 * 0.8)
    assert (agency == covered).all()
