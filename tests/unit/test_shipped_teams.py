"""Teams of the shipped services have the same settings, but for what is said here, and why."""

import pytest

from sim.scenario.loading import load_scenario
from sim.scenario.people import Team
from sim.scenario.service import Scenario

pytestmark = pytest.mark.unit

SERVICES = ("children_average_england", "adults_average_england", "mental_health_average_england")
OWN = {"label", "number", "posts"}  # what makes it this team
DIFFER = {
    ("children_average_england", "business_support", "wider_service"): "it holds no cases",
    ("children_average_england", "newcomers_take_over", "assessment"): "its desks fill with new "
    "cases, and few of a colleague's are open for long",
    ("children_average_england", "newcomers_take_over", "wider_service"): "it holds no cases",
}
"""Service, setting, team: why it has less of it than the service's other teams."""


def odd_ones(scenario: Scenario) -> set[tuple[str, str, str]]:
    """Each setting of which a team has less than another team of its service."""
    found = set()
    for setting in Team.model_fields.keys() - OWN:
        values = {name: getattr(team, setting) for name, team in scenario.teams.items()}
        for kind in values:
            if values[kind] != max(values.values()):
                found.add((scenario.name, setting, kind))
    return found


@pytest.mark.parametrize("service", SERVICES)
def test_teams_differ_only_where_a_reason_is_given(service):
    said = {each for each in DIFFER if each[0] == service}
    assert odd_ones(load_scenario(service)) == said


def test_every_team_that_holds_cases_for_long_hands_them_to_whoever_starts():
    """Where families are worked with in a plan or in care; one share for all such teams."""
    scenario = load_scenario("children_average_england")
    stages = scenario.pathways["child"].stages
    long_term = {stages[name].team for name in ("need_plan", "protection_plan", "care")}
    assert long_term == {"family_safeguarding", "children_in_care"}
    assert len({scenario.teams[team].newcomers_take_over for team in long_term}) == 1
    assert scenario.teams["children_in_care"].newcomers_take_over > 0
