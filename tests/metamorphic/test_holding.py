"""An arrow that is held stays as it was in another run, and nothing else is touched."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import get_args

import numpy as np
import pytest

from sim.model.holding import Arrow, Held, Memory
from sim.model.world import RunResult, simulate
from sim.scenario.service import Scenario
from tests.services import BASELINE
from tests.small_services import lived, lively_service, same_tables

pytestmark = pytest.mark.metamorphic

ARROWS: tuple[Arrow, ...] = get_args(Arrow)
STORM = {"lever": "demand", "factor": 1.3}
TIMES = {"seed": 1, "replication": 0, "years": 1}


def with_exhaustion(**parts: float) -> Scenario:
    return lively_service(wellbeing={"exhaustion": parts})


def remembered(scenario: Scenario) -> tuple[dict[str, float], Memory]:
    run = simulate(scenario, BASELINE, **TIMES, remember=True)
    assert run.memory is not None
    return run.outcomes, run.memory


@cache
def baseline() -> tuple[dict[str, float], Memory]:
    return remembered(lively_service())


def under(*levers: dict, hold: tuple[Arrow, ...] = (), scenario=None, memory=None) -> RunResult:
    """A run under levers, with arrows held at the baseline's."""
    held = Held(hold, memory or baseline()[1])
    return lived(scenario or lively_service(), *levers, held=held)


def same(one: dict[str, float], other: dict[str, float], but: tuple[str, ...] = ()) -> bool:
    keys = (set(one) | set(other)) - set(but)
    return all(one.get(key) == other.get(key) for key in keys)


def test_remembering_changes_nothing():
    assert same_tables(lived(lively_service(), remember=True), lived(lively_service()))


@pytest.mark.parametrize("arrow", ARROWS)
def test_a_run_held_at_itself_is_itself(arrow):
    """Incidents are a sum over cases; held, over means of cases: the last digit may differ."""
    found = under(hold=(arrow,)).outcomes
    assert same(found, baseline()[0], but=("expected_incidents",))
    assert found["expected_incidents"] == pytest.approx(
        baseline()[0]["expected_incidents"], rel=1e-12
    )


@pytest.mark.parametrize("arrow", ARROWS)
def test_under_a_policy_that_changes_the_cause_a_held_arrow_makes_a_difference(arrow):
    free, held = under(STORM).outcomes, under(STORM, hold=(arrow,)).outcomes
    assert not same(free, held)
    if arrow == "lateness_to_risk":  # risk is where it ends
        assert same(free, held, but=("expected_incidents",))
        assert held["expected_incidents"] < free["expected_incidents"]
    if arrow == "workload_to_exhaustion":
        assert held["exhaustion"] < free["exhaustion"]


def test_with_sickness_held_a_storm_makes_fewer_ill():
    """In the mean of eight runs: the service is small, and one long illness outweighs the rest."""
    more = 0.0
    for replication in range(8):
        times = {"replication": replication, "years": 1}
        memory = simulate(lively_service(), BASELINE, seed=1, remember=True, **times).memory
        held = Held(("exhaustion_to_sickness",), memory)
        more += lived(lively_service(), STORM, **times).outcomes["absence_rate"]
        more -= lived(lively_service(), STORM, held=held, **times).outcomes["absence_rate"]
    assert more > 0


@pytest.mark.parametrize(
    ("arrow", "effect"),
    [
        ("exhaustion_to_sickness", "on_sickness"),
        ("exhaustion_to_leaving", "on_leaving"),
        ("exhaustion_to_pace", "on_speed"),
    ],
)
def test_holding_an_arrow_that_does_nothing_changes_nothing(arrow, effect):
    """But for which illnesses count as stress: their share follows exhaustion in any case."""
    scenario = with_exhaustion(**{effect: 0.0})
    memory = remembered(scenario)[1]
    free = lived(scenario, STORM).outcomes
    held = under(STORM, hold=(arrow,), scenario=scenario, memory=memory).outcomes
    assert same(free, held, but=("stress_absence_rate",))


def test_holding_lateness_without_effect_changes_nothing():
    scenario = lively_service(safety={"overdue_contact_factor": 0.0})
    memory = remembered(scenario)[1]
    held = under(STORM, hold=("lateness_to_risk",), scenario=scenario, memory=memory)
    assert held.outcomes == lived(scenario, STORM).outcomes


def test_holding_exhaustion_is_holding_all_that_it_does():
    """Only exhaustion itself is not the same: of those who are new it is their team's mean."""
    through = ("exhaustion_to_sickness", "exhaustion_to_leaving", "exhaustion_to_pace")
    ends = under(STORM, hold=through).outcomes
    root = under(STORM, hold=("workload_to_exhaustion",)).outcomes
    assert same(ends, root, but=("exhaustion",))
    assert root["exhaustion"] < ends["exhaustion"]


def test_held_at_a_constant_the_loop_is_a_service_in_which_exhaustion_does_nothing():
    """Everyone's exhaustion held at a half: sickness and leaving are those of a service without
    the loop whose rates are half as high again, for an effect of 1 at exhaustion 1."""
    looped = lively_service(wellbeing={"exhaustion": {"on_sickness": 1, "on_leaving": 1,
                                                      "on_speed": 0}})  # fmt: skip
    absence = looped.absence
    unlooped = lively_service(
        wellbeing={"exhaustion": {"on_sickness": 0, "on_leaving": 0, "on_speed": 0}},
        absence={
            "short_sickness": {"per_year": 1.5 * absence.short_sickness.per_year},
            "long_sickness": {"per_year": 1.5 * absence.long_sickness.per_year},
        },
        turnover={"leaving_per_year": 1.5 * looped.turnover.leaving_per_year},
    )
    was = baseline()[1]
    memory = replace(was, exhaustion=np.full_like(was.exhaustion, 0.5))
    hold = ("exhaustion_to_sickness", "exhaustion_to_leaving", "exhaustion_to_pace")
    held = under(STORM, hold=hold, scenario=looped, memory=memory).outcomes
    assert same(held, lived(unlooped, STORM).outcomes, but=("stress_absence_rate",))


def test_someone_new_is_held_at_the_mean_of_their_team():
    """Everyone of the intake teams was at .2 then, everyone else at .8: so is a new worker."""
    was = baseline()[1]
    marked = np.where(was.teams < 2, 0.2, 0.8) * np.ones_like(was.exhaustion)
    marked[:, ~was.holds_cases] = 0.0  # managers, who do not count
    memory = replace(was, exhaustion=np.where(np.isnan(was.exhaustion), np.nan, marked))
    more = {"lever": "posts", "role": "social_worker", "team": "long_term", "fte": 2,
            "filled_by": "at_once"}  # fmt: skip
    run = under(more, hold=("workload_to_exhaustion",), memory=memory)
    weeks = run.tables["worker_weeks"]
    assert len(set(weeks["worker"]) - set(was.keys.tolist())) >= 2
    holders = weeks[weeks["role"] != "manager"]
    of_intake = holders["team"].str.startswith("intake")
    assert holders["exhaustion"][of_intake].to_numpy() == pytest.approx(0.2)
    assert holders["exhaustion"][~of_intake].to_numpy() == pytest.approx(0.8)


@pytest.mark.parametrize(
    "lever",
    [
        {"lever": "pay_supplement", "per_year": 20000},
        {"lever": "time_to_hire", "days_factor": 0.2, "success_factor": 2},
        {"lever": "leavers", "share": 0.5},
    ],
    ids=lambda lever: lever["lever"],
)
def test_with_people_held_what_acts_through_them_alone_does_nothing(lever):
    """A payment that keeps people, quicker hiring, a wave of leavers: all of it is by vacancies."""
    before = baseline()[0]
    free = under(lever).outcomes
    assert free["vacancy_rate"] != before["vacancy_rate"]
    money = ("cost_permanent", "total_cost", "cost_per_closed_case")
    found = under(lever, hold=("vacancies_to_caseload",)).outcomes
    assert same(found, before, but=money)


def test_with_people_held_nobody_else_leaves_or_comes_back_in_a_storm():
    """Twice the work: more would give notice, and nobody would come back to it."""
    scenario = lively_service(recruitment={"returners_per_year": 12, "returners_caseload": 12})
    before, memory = remembered(scenario)
    storm = {"lever": "demand", "factor": 2.0}
    held = under(storm, hold=("vacancies_to_caseload",), scenario=scenario, memory=memory).outcomes
    free = lived(scenario, storm).outcomes
    for outcome in ("turnover_rate", "vacancy_rate"):
        assert free[outcome] != before[outcome], outcome
    for outcome in ("turnover_rate", "vacancy_rate", "starters_fte_per_year", "agency_rate"):
        assert held[outcome] == before[outcome], outcome


def test_with_people_held_those_of_new_posts_come_and_go():
    """All leave in the autumn: of the scenario's own posts nobody, of the new ones everyone."""
    more = {"lever": "posts", "role": "social_worker", "team": "long_term", "fte": 4,
            "filled_by": "at_once"}  # fmt: skip
    all_leave = {"lever": "leavers", "share": 1.0, "start_after_months": 6}
    run = under(more, all_leave, hold=("vacancies_to_caseload",))
    was = baseline()[1].keys
    weeks = run.tables["worker_weeks"].query("role == 'social_worker' and week < 40")
    last = weeks[~weeks["agency"]].groupby("worker")["week"].max()
    new = last[~last.index.isin(was)]
    assert len(new[new < 30]) == 4
    assert (last[last.index.isin(was)] == 39).sum() > 3
