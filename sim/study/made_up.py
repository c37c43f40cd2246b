"""A made-up position of a scenario, to try real starts with before the real lists are there."""

from __future__ import annotations

from sim.model.outcomes import OUTCOMES
from sim.model.position_today import position_of
from sim.model.world import World
from sim.scenario.loading import find, kind_of, load_scenario, load_study
from sim.scenario.policy import Policy
from sim.scenario.position.content import Position
from sim.scenario.problems import InputError
from sim.scenario.service import Scenario
from sim.scenario.yaml_lines import read_yaml

SEED = 1
WEEKS = 52  # of warm-up, so that what waits and who is away are as in a service at work


def scenario_of(asked: str) -> Scenario:
    """The scenario that a scenario or study file means, or the name of a shipped one."""
    try:
        path = find(asked, "scenario")
    except InputError as no_scenario:
        try:
            path = find(asked, "study")
        except InputError:
            raise no_scenario from None
    if kind_of(read_yaml(path)) == "study":
        return load_study(path, OUTCOMES).scenario
    return load_scenario(path, OUTCOMES)


def made_up_position(scenario: Scenario) -> Position:
    """Simulate a service up to its start date, and say where it stands then."""
    before = scenario.model_copy(
        update={"start": "steady", "position": None, "warm_up_weeks": WEEKS}
    )
    nothing = Policy(name="nothing", label="The service as it is")
    world = World(before, nothing, seed=SEED, replication=0, years=0.1)
    world.env.run(until=world.first_day_counted)
    return position_of(world)
