"""What a planner is told of a staffing search, where the curves are known."""

from types import SimpleNamespace

import pytest

from sim.model.outcomes import OUTCOMES
from sim.report.staffing_words import sentences
from sim.scenario.loading import load_scenario
from sim.study.staffing import COST, Staffing
from sim.study.staffing.levers import lever_of
from sim.study.staffing.search import search
from sim.study.staffing.targets import Target
from tests.staffing_stand_ins import KnownCurves

pytestmark = pytest.mark.unit

WAITING = "unallocated_cases_mean"
CASELOAD = "caseload_per_fte"
SERVICE = load_scenario("children_average_england")


def said(lever, targets, curves) -> str:
    """Search known curves, given by the level itself; what is then said."""
    by_place = {
        key: (lambda place, curve=curve: curve(lever.levels[place]))
        for key, curve in {COST: lambda level: 1e6, **curves}.items()
    }
    runs = KnownCurves({**by_place, "vacancy_rate": lambda place: 0.0}, spread=0.01, own=0.001)
    answer = search(
        runs, len(lever.levels), targets, confidence=0.9, replications=16, today=lever.today,
        rising=lever.effort > 0,
    )  # fmt: skip
    study = SimpleNamespace(scenario=SERVICE)
    return " ".join(sentences(Staffing(study, lever, targets, 0.9, answer, runs)))


def at_most(outcome, value) -> Target:
    return Target(OUTCOMES[outcome], at_least=False, value=value)


def test_a_cap_that_must_not_be_too_low_is_said_to_be_as_low_as_it_may():
    allocation = SERVICE.allocation.model_copy(update={"caseload_cap": 32})
    capped = SERVICE.model_copy(update={"allocation": allocation})
    lever = lever_of(capped, lever="caseload_cap")
    text = said(lever, (at_most(WAITING, 60),), {WAITING: lambda cap: 250.5 - 10 * cap})
    assert "60 or less the caseload cap may be as low as 20 (" in text
    assert "12 fewer than today's 32." in text


def test_hiring_may_be_as_quick_as_a_cost_allows():
    lever = lever_of(SERVICE, lever="time_to_hire")
    text = said(lever, (at_most(COST, 1_990_000),), {COST: lambda time: 3e6 - 2e6 * time})
    assert "recruitment may be as quick as 55 % of today's time" in text


def test_posts_that_money_forbids_are_not_said_to_be_enough():
    lever = lever_of(SERVICE, role="social_worker")
    text = said(lever, (at_most(COST, 100_000),), {COST: lambda posts: 1000.0 * posts})
    assert "there may be at most 99.4 FTE of social worker posts" in text
    assert "11 fewer than today's 110.4." in text
    assert "would do" not in text


def test_where_fewer_posts_are_enough_it_is_said_so():
    lever = lever_of(SERVICE, role="social_worker")
    text = said(lever, (at_most(CASELOAD, 20),), {CASELOAD: lambda posts: 120 - posts})
    assert "10 fewer than today's 110.4 would do." in text


def test_targets_that_conflict_are_not_said_to_end_at_a_level_of_the_first_look():
    lever = lever_of(SERVICE, role="social_worker")
    curves = {COST: lambda posts: 1000.0 * posts, CASELOAD: lambda posts: 140 - posts}
    text = said(lever, (at_most(COST, 100_000), at_most(CASELOAD, 20)), curves)
    assert "The targets pull against each other." in text
    assert "Of the levels looked at 88.4 still has total cost at £100,000 or less, 110.4 no" in text
    assert "may be at most 88.4" not in text


def test_posts_of_one_kind_of_team_are_not_mistaken_for_all():
    lever = lever_of(SERVICE, role="social_worker", team="family_safeguarding")
    text = said(lever, (at_most(CASELOAD, 20),), {CASELOAD: lambda posts: 80.5 - posts})
    assert "at least 60.6 FTE of social worker posts (family safeguarding team)" in text
    assert "what the targets measure is the whole service" in text
