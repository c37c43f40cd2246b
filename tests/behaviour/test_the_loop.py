"""Work wears people down; worn people are ill, leave and do less: the loop is real, and mild."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from sim.model.world import simulate
from sim.scenario.loading import load_scenario
from sim.scenario.service import Scenario
from tests.services import BASELINE
from tests.small_services import lively_service, policy

pytestmark = pytest.mark.behaviour

REPLICATIONS = range(3)
SHOCKS = range(30)  # of three, chance moves workload by as much as the shock does


def with_effects(scenario: Scenario, **effects: float) -> Scenario:
    exhaustion = scenario.wellbeing.exhaustion.model_copy(update=effects)
    wellbeing = scenario.wellbeing.model_copy(update={"exhaustion": exhaustion})
    return scenario.model_copy(update={"wellbeing": wellbeing})


@cache
def shipped(effects: tuple[tuple[str, float], ...] = ()) -> dict[str, np.ndarray]:
    """Outcomes of two years of the shipped service, by replication, after half a year."""
    scenario = load_scenario("children_average_england").model_copy(update={"warm_up_weeks": 26})
    scenario = with_effects(scenario, **dict(effects))
    runs = [
        simulate(scenario, BASELINE, seed=1, replication=n, years=2).outcomes for n in REPLICATIONS
    ]
    return {key: np.array([run[key] for run in runs]) for key in runs[0]}


OFF = (("on_sickness", 0.0), ("on_leaving", 0.0), ("on_speed", 0.0))


@pytest.mark.parametrize(
    "outcome", ["absence_rate", "turnover_rate", "caseload_per_fte", "exhaustion"]
)
def test_without_what_exhaustion_does_there_is_less_absence_turnover_and_caseload(outcome):
    """In every replication: the same families and the same people, who only tire without effect.
    Exhaustion itself falls too, since fewer colleagues are away: that is the loop."""
    less, real = shipped(OFF)[outcome], shipped()[outcome]
    assert (less < real).all(), (less, real)


def test_what_exhaustion_does_is_mild():
    """No cliff: switched off, sickness and leaving fall by less than half, since exhaustion of
    some .3 adds 2 x .3 = .6 to leaving at most, and caseloads by less than two cases."""
    off, real = shipped(OFF), shipped()
    for outcome in ("absence_rate", "turnover_rate"):
        assert off[outcome].mean() > 0.5 * real[outcome].mean()
    assert off["caseload_per_fte"].mean() > real["caseload_per_fte"].mean() - 2


LARGER = lively_service(
    teams={"intake": {"number": 8}, "long_term": {"number": 8}},
    demand={"referrals": {"per_week": 65}, "calls": {"per_week": 10}},
    turnover={"leaving_per_year": 0.1},
    agency={"cover_share": 0, "beyond_establishment": {}},
    recruitment={"returners_per_year": 0, "newly_qualified": {"intake_per_year": 0},
                 "vacant_on_first_day": 0.05, "round_days": 60, "success_per_round": 0.4},
    warm_up_weeks=20,
)  # fmt: skip
SHOCK = {"lever": "leavers", "share": 0.2}
FASTER = {"lever": "time_to_hire", "days_factor": 0.5, "success_factor": 2}


@cache
def weeks_under(*names: str) -> pd.DataFrame:
    """The team weeks added up over teams, by week, mean over replications."""
    levers = [{"shock": SHOCK, "faster": FASTER}[name] for name in names]
    runs = []
    for n in SHOCKS:
        run = simulate(
            LARGER, policy(*levers), seed=1, replication=n, years=2.5, tables=["team_weeks"]
        )
        runs.append(run.tables["team_weeks"].groupby("week_ending").sum(numeric_only=True))
    return sum(runs) / len(runs)


def by_week(outcome: str, *names: str) -> np.ndarray:
    """A column of them."""
    return weeks_under(*names)[outcome].to_numpy()


def gap(outcome: str, *others: str) -> np.ndarray:
    """What the shock makes of it, week by week from the first week after the warm-up on."""
    after = 21  # weeks; the shock is on a Monday
    return by_week(outcome, *others)[after:] - by_week(outcome, "shock", *others)[after:]


def weeks_to_halve(gaps: np.ndarray) -> int:
    return int(np.argmax(gaps < gaps[:4].mean() / 2))


def test_a_shock_takes_a_fifth_of_the_workers_and_they_are_replaced():
    """After two years less than a fifth of those who left is still missing."""
    gaps = gap("in_post_fte_days") / 5
    case_holders = 8 * 4 + 8 * 4.6  # FTE of posts, a twentieth of them vacant
    assert gaps[:2].mean() == pytest.approx(0.2 * 0.95 * case_holders, rel=0.3)
    assert gaps[-10:].mean() < 0.2 * gaps[:2].mean()
    assert gaps.min() > -0.2 * gaps[0]


def test_recovery_is_faster_with_faster_hiring():
    slow = weeks_to_halve(gap("in_post_fte_days"))
    fast = weeks_to_halve(gap("in_post_fte_days", "faster"))
    assert 0 < fast < 0.7 * slow


def test_a_shock_is_felt_in_workload_waiting_and_exhaustion_and_fades():
    """Each is higher (the gap negative) in the half-year after the shock than at the end."""
    for outcome in ("waiting_case_days", "workload_ratio", "exhaustion"):
        felt = -gap(outcome)
        if outcome == "exhaustion":  # a sum over people, of whom there are fewer
            mean = by_week(outcome, "shock") / by_week("worker_weeks", "shock")
            before = by_week(outcome) / by_week("worker_weeks")
            felt = (mean - before)[21:]
        if outcome == "workload_ratio":
            mean = by_week(outcome, "shock") / by_week("workload_ratio_weeks", "shock")
            before = by_week(outcome) / by_week("workload_ratio_weeks")
            felt = (mean - before)[21:]
        early, late = felt[4:26].mean(), felt[-20:].mean()
        assert early > 0, outcome
        assert late < 0.5 * early, outcome


def test_the_loop_is_mild_with_ten_per_cent_more_demand():
    """England's figures: an extra case a worker goes with some +.06 points of sickness and +.2 of
    turnover. Here a tenth more demand, 1.5 cases: the responses are of that order, not a cliff."""
    scenario = load_scenario("children_average_england").model_copy(update={"warm_up_weeks": 26})
    more = [
        simulate(
            scenario, policy({"lever": "demand", "factor": 1.1}), seed=1, replication=n, years=2
        ).outcomes
        for n in REPLICATIONS
    ]
    base = shipped()
    for outcome, most in (("absence_rate", 0.01), ("turnover_rate", 0.03)):
        change = np.mean([run[outcome] for run in more]) - base[outcome].mean()
        assert -0.25 * most < change < most, (outcome, change)
    assert np.mean([run["caseload_per_fte"] for run in more]) > base["caseload_per_fte"].mean()
