"""Little's law, stage by stage: cases in a stage = arrivals there a day x days that each stays."""

from __future__ import annotations

import numpy as np
import pytest

from sim.model.columns import HELD, SCREENED, WAITING
from sim.scenario.distributions import Distribution
from sim.scenario.loading import load_scenario
from sim.scenario.service import Scenario
from tests.services import by_week, tiny_service, world_of
from tests.theory.agreement import Estimate, agrees
from tests.theory.test_arrivals_and_flows import expected_visits

pytestmark = pytest.mark.theory

OPEN = (SCREENED, WAITING, HELD)


@pytest.fixture(scope="module")
def shipped() -> Scenario:
    return load_scenario("children_average_england")


def test_each_stage_of_the_shipped_service_keeps_its_books(shipped):
    """Evening counts of cases in a stage add up to the days between entering and leaving it.

    On the path of one run the law is exact, whatever the waits, the caps and the absences: what is
    cut off by the first and the last evening is cut off on both sides of it.
    """
    world = world_of(shipped.model_copy(update={"warm_up_weeks": 0}), years=0.4)
    stages = len(world.plan.stage_names)
    evenings = np.zeros((world.horizon, stages), np.int64)
    stays = np.zeros(stages)
    stage, entered = np.zeros(0, np.int64), np.zeros(0, np.int64)  # yesterday evening, by row
    for day in range(world.horizon):
        world.env.run(until=day + 0.95)
        cases = world.cases
        is_open = np.isin(cases["status"], OPEN)
        now, since = np.where(is_open, cases["stage"], -1), cases["entered"].copy()
        evenings[day] = np.bincount(now[is_open], minlength=stages)
        known = len(stage)
        left = np.flatnonzero((stage >= 0) & ((now[:known] != stage) | (since[:known] != entered)))
        stays += np.bincount(stage[left], day - np.maximum(entered[left], 0), stages)
        stage, entered = now, since
    still = stage >= 0
    stays += np.bincount(stage[still], world.horizon - np.maximum(entered[still], 0), stages)
    assert evenings.sum(axis=0).min() > 0
    assert evenings.sum(axis=0).tolist() == stays.tolist()
    counted = evenings[: world.record.weeks[-1] + 1].sum()
    assert by_week(world, "open_case_days").sum() == counted


def error_of_mean_number(number: float, duration: Distribution, days: int) -> float:
    """Standard error of the mean, over so many days, of a Poisson number of cases.

    The numbers of two evenings t days apart are correlated by the share of cases that stay for t
    days more: the mean of what durations leave beyond t, over the mean duration.
    """
    lengths = duration.quantiles(4000)
    apart = np.arange(days)
    stays_on = np.array([np.maximum(lengths - t, 0).mean() for t in apart]) / lengths.mean()
    weights = np.where(apart == 0, 1, 2) * (1 - apart / days)
    return float(np.sqrt(number * (weights * stays_on).sum() / days))


def test_each_stage_of_the_shipped_pathway_holds_arrivals_times_duration(shipped):
    """From the first evening of a steady start to the last, with nobody and nothing to wait for.

    Cases that come back are arrivals too: 1 / (1 - share) for each new one.
    """
    per_day, days = 350.0, 320
    pathway = shipped.pathways["child"]
    raw = tiny_service(cases_a_day=per_day, years=2, start="steady").model_dump()
    raw["pathways"]["pathway"] = pathway.model_dump()
    for one in raw["pathways"]["pathway"]["stages"].values():
        one.update(
            team=None, work={}, weight=0, roles=(), skill=None, risk_at_least=None, booking=None,
            worker_changes_outcome=None, days_for_each_case=0,
        )  # fmt: skip
    world = world_of(Scenario.model_validate(raw), years=1.5)
    total = np.zeros(len(pathway.stages))
    for day in range(days):
        world.env.run(until=day + 0.95)
        cases = world.cases
        stage = cases["stage"][np.isin(cases["status"], OPEN)]
        total += np.bincount(stage, minlength=len(total))

    arrivals = per_day / (1 - pathway.rereferral.share)
    visits = expected_visits(raw["pathways"]["pathway"]["stages"])
    for (name, stage), number in zip(pathway.stages.items(), total / days, strict=True):
        exact = arrivals * visits[name] * stage.duration.expected()
        agrees(Estimate(number, error_of_mean_number(exact, stage.duration, days)), exact)
