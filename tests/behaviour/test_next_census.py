"""A year from a published census: it begins there, and goes as it was drawn but for chance."""

import math
from dataclasses import astuple, fields, replace

import numpy as np
import pandas as pd
import pytest

from sim.model.world import World, simulate
from sim.scenario.distributions import Fixed
from sim.scenario.loading import load_scenario
from sim.scenario.people import Spells
from sim.scenario.policy import Posts
from sim.study.validation.next_year import (
    YEARS,
    Year,
    days_to_fill,
    measured,
    service_year,
    with_absence,
)
from sim.study.validation.own_workings import CASELOADS, DEMANDS, OwnWorkings
from sim.study.validation.scaling import Start, posts_of

pytestmark = pytest.mark.behaviour

BASE = load_scenario("children_average_england")
START = Start(in_post=40.0, vacant=8.0, agency=6.0, case_holders=27.0, cases=405.0)
QUIET = Year(turnover=0.15, vacancy=1 / 6, agency=6 / 46, caseload=15.0, absence=0.035, growth=0.0)
# As finding_workings finds it, rounded.
WORKINGS = OwnWorkings(
    exhaustions=(0.26, 0.32, 0.38),
    cases=((0.79, 1.03, 1.22), (0.81, 1.07, 1.34), (0.82, 1.12, 1.46)),
    holding=0.97,
    chance=(0.2, 0.1, 0.003, 0.55, 0.04, 0.08),
)


def years_of(start: Start, year: Year, runs: int = 40) -> np.ndarray:
    """What a year comes to in some runs: (runs, what a year has)."""
    found = []
    for replication in range(runs):
        made = service_year(BASE, start, year, WORKINGS, 2020, seed=9, replication=replication)
        run = simulate(
            made.scenario, made.policy, seed=9, replication=replication, years=YEARS,
            tables=("team_weeks",),
        )  # fmt: skip
        found.append(astuple(measured(run.tables["team_weeks"], start, made.posts)))
    return np.array(found)


@pytest.mark.parametrize(
    ("start", "year"),
    [
        (START, QUIET),
        (START, replace(QUIET, turnover=0.3, growth=-0.1, vacancy=0.25, agency=0.25)),
        (START, replace(QUIET, growth=0.15, vacancy=0.1, agency=0.05, absence=0.06)),
        (replace(START, vacant=1.0), replace(QUIET, growth=-0.1, vacancy=0.05)),  # posts are lost
        (START, replace(QUIET, caseload=17.5)),
        (START, replace(QUIET, caseload=12.5)),
    ],
    ids=["quiet", "losing people", "growing", "losing posts", "more cases", "fewer cases"],
)
def test_a_year_goes_as_it_was_drawn(start, year):
    found = years_of(start, year)
    error = found.std(axis=0, ddof=1) / np.sqrt(len(found))
    # Beyond chance: a whole person of agency, and what the workings leave open of the cases.
    slack = {"agency": 0.01, "caseload": 0.35, "vacancy": 0.01, "turnover": 0.005}
    for n, field in enumerate(fields(Year)):
        wanted = getattr(year, field.name)
        near = 3 * error[n] + slack.get(field.name, 0.002)
        assert found[:, n].mean() == pytest.approx(wanted, abs=near), field.name


@pytest.mark.parametrize("replication", range(4))
def test_it_begins_with_those_in_post_the_vacancies_agency_and_cases_that_are_published(
    replication,
):
    made = service_year(BASE, START, QUIET, WORKINGS, 2020, seed=3, replication=replication)
    world = World(made.scenario, made.policy, seed=3, replication=replication, years=YEARS)
    posts = world.posts[: world.n_posts]
    workers = world.workers.table[: world.workers.n]
    assert posts["fte"].sum() == pytest.approx(48.0, abs=0.1)
    assert posts["fte"][posts["holder"] >= 0].sum() == pytest.approx(40.0, abs=0.5)
    assert workers["fte"][workers["agency"] == 1].sum() == pytest.approx(6.0, abs=1.0)
    assert workers["caseload"].sum() == pytest.approx(405, abs=12)
    holding = workers["fte"][workers["caseload"] > 0].sum()
    assert holding == pytest.approx(27.0, abs=4.0)  # by which posts are vacant
    assert (made.scenario.start_date.month, made.scenario.start_date.weekday()) in {(9, 0), (10, 0)}


def test_posts_and_holders_are_scaled_as_published():
    made = service_year(BASE, START, QUIET, WORKINGS, 2020, seed=3, replication=0)
    teams = made.scenario.teams
    of_cases = posts_of(BASE, teams, holding_cases=True)
    assert of_cases + posts_of(BASE, teams, holding_cases=False) == pytest.approx(48.0)
    # 27 hold cases of those who may: 27.8; 6 are agency, so 21.7 in post, in posts 5/6 filled.
    assert of_cases == pytest.approx((27 / 0.97 - 6) * 6 / 5)


def test_new_posts_come_evenly_over_the_year():
    year = replace(QUIET, growth=0.3)
    made = service_year(BASE, START, year, WORKINGS, 2020, seed=3, replication=0)
    posts = [lever for lever in made.policy.levers if isinstance(lever, Posts)]
    assert sum(lever.fte for lever in posts) == pytest.approx(made.posts - START.posts, abs=0.1)
    for lever in posts:
        number = math.ceil(lever.fte)
        months = [lever.start_after_months + 12 * n / number for n in range(number)]
        assert np.mean(months) == pytest.approx(6.0)


def test_a_census_is_counted_as_the_statistics_count():
    weeks = pd.DataFrame(
        {
            "week": [0, 0, 1, 1],
            "team": ["a", "b", "a", "b"],
            "starters_fte": [1.0, 0.0, 2.0, 1.0],
            "leavers_fte": [0.0, 2.0, 3.0, 3.0],
            "sick_fte_days": [5.0, 5.0, 4.0, 1.0],
            "in_post_fte_days": [100.0, 100.0, 90.0, 90.0],
            "agency_fte_days": [9.0, 9.0, 10.0, 10.0],
            "held_case_days": [800.0, 700.0, 900.0, 600.0],
            "case_holder_fte_days": [60.0, 50.0, 60.0, 40.0],
        }
    )
    found = measured(weeks, START, posts=45.0)
    assert found.turnover == pytest.approx(8 / 36)  # 40 + 4 - 8 are in post then
    assert found.vacancy == pytest.approx(9 / 45)
    assert found.agency == pytest.approx(20 / 200)
    assert found.caseload == pytest.approx(15.0)
    # 15 of 380 days, of 38 in post on average: as many of the days of 36.
    assert found.absence == pytest.approx(15 / 380 * 38 / 36)
    assert found.growth == pytest.approx(np.log(36 / 40))


def test_a_search_is_as_long_as_leaves_the_vacancies_that_there_will_be():
    # In balance: 30 a year of 40 posts vacant means a third more than a year.
    assert days_to_fill(40.0, 30.0, 40.0) == pytest.approx(253 * 40 / 30)
    # None arise: 40 become 40/e in the mean length of a search.
    assert days_to_fill(40.0, 0.0, 40.0 / np.e) == pytest.approx(253.0, rel=1e-4)
    assert days_to_fill(40.0, 30.0, 0.0) == 5.0  # as fast as can be
    assert days_to_fill(4.0, 30.0, 90.0) == 1e5  # nobody is found


def test_absence_is_made_of_spells_within_the_year():
    doubled = with_absence(BASE.absence, 0.06, 1.3)
    once = with_absence(BASE.absence, 0.03, 1.3)
    ratio = doubled.long_sickness.per_year / once.long_sickness.per_year
    # A little more than twice: those who are away do not fall ill. 2.6 % are on parental leave.
    assert ratio == pytest.approx(2 * (0.97 - 0.018) / (0.94 - 0.018), rel=0.01)
    assert doubled.short_sickness.duration == BASE.absence.short_sickness.duration


def test_of_a_spell_only_what_lies_within_the_year_counts():
    absence = BASE.absence.model_copy(
        update={
            "short_sickness": Spells(per_year=1.0, duration=Fixed(value=2)),
            "long_sickness": Spells(per_year=0.1, duration=Fixed(value=100)),
            "parental_leave": Spells(per_year=0.0, duration=Fixed(value=100)),
        }
    )
    # Of 100 days, those after the end of the year are lost: 100^2 / (2 x 253) on average.
    days = (2 - 4 / 506) + 0.1 * (100 - 10_000 / 506)
    found = with_absence(absence, 0.04, 1.25)
    assert found.short_sickness.per_year == pytest.approx(0.04 * 253 / (days * 1.25 * 0.96))


def test_between_and_beyond_what_was_tried_demand_goes_on_straight():
    assert WORKINGS.demand_for(1.07, 16.0) == pytest.approx(1.0)
    assert WORKINGS.demand_for(1.34, 16.0) == pytest.approx(1.3)
    assert WORKINGS.demand_for(0.81, 16.0) == pytest.approx(0.7)
    assert WORKINGS.demand_for(1.61, 16.0) == pytest.approx(1.6)
    assert WORKINGS.exhaustion(14.0) == pytest.approx(0.29)
    assert (len(WORKINGS.cases), len(WORKINGS.cases[0])) == (len(CASELOADS), len(DEMANDS))


def test_a_draw_beyond_reason_is_brought_back():
    wild = Year(turnover=3.0, vacancy=0.99, agency=-0.1, caseload=90.0, absence=0.5, growth=2.0)
    assert astuple(wild.within_reason()) == (1.0, 0.8, 0.0, 50.0, 0.25, 0.7)
