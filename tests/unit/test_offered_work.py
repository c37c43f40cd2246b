"""The work that demand offers, against the hours there are: arithmetic that can be done by hand."""

import pytest

from sim.model import plan_columns
from sim.scenario import offered_work as offered_work_module
from sim.scenario.loading import load_scenario
from sim.scenario.offered_work import flows, hours_of, offered_work, warnings
from sim.scenario.pathway import Pathway

pytestmark = pytest.mark.unit


def pathway() -> Pathway:
    return Pathway.model_validate(
        {
            "label": "Case",
            "stages": {
                "first": {"label": "1", "team": "t", "duration": 10, "weight": 2.5,
                          "work": {"visit": {"label": "v", "every_days": 5, "direct_hours": 2},
                                   "report": {"label": "r", "when": "closing", "admin_hours": 1}},
                          "next": {"closed": 0.5, "second": 0.5}},
                "second": {"label": "2", "duration": 5, "next": {"first": 0.2, "closed": 0.8}},
            },
        }
    )  # fmt: skip


def test_flows_solve_the_traffic_equations():
    # v1 = 1 + 0.2 v2, v2 = 0.5 v1: v1 = 1 / 0.9
    found = flows(pathway())
    assert found["first"] == pytest.approx(1 / 0.9)
    assert found["second"] == pytest.approx(0.5 / 0.9)


def test_hours_of_a_stage_are_its_visits_and_its_report():
    # 10 days of a 2-hour visit every 5 days, and one report of 1 hour
    assert hours_of(pathway().stages["first"]) == pytest.approx((4.0, 1.0))


def test_the_shipped_scenario_has_work_for_its_hours_and_no_warning():
    scenario = load_scenario("children_average_england")
    ratios = {offered.team: offered.ratio for offered in offered_work(scenario)}
    assert set(ratios) == {"assessment", "family_safeguarding", "children_in_care"}
    assert all(0.7 < ratio < 1.1 for ratio in ratios.values()), ratios
    assert warnings(scenario) == ()


def test_a_service_that_can_never_keep_up_is_told_so():
    scenario = load_scenario("children_average_england")
    stream = scenario.demand["referrals"].model_copy(update={"per_week": 200.0})
    flooded = scenario.model_copy(update={"demand": {"referrals": stream}})
    told = warnings(flooded)
    assert len(told) == 3
    assert all("fall ever further behind" in line for line in told)


def test_a_weight_far_from_its_work_is_named():
    scenario = load_scenario("children_average_england")
    child = scenario.pathways["child"]
    care = child.stages["care"].model_copy(update={"weight": 6.0})
    heavier = child.model_copy(update={"stages": {**child.stages, "care": care}})
    changed = scenario.model_copy(update={"pathways": {"child": heavier}})
    told = warnings(changed)
    assert len(told) == 1
    assert told[0].startswith("pathways.child.stages.care.weight: 6 hours a week, while")


def test_a_year_has_as_many_working_days_as_in_the_model():
    # Each floor has its own constant: the compiled model must see a change of its own.
    assert offered_work_module.WORKING_DAYS_A_YEAR == plan_columns.WORKING_DAYS_A_YEAR
