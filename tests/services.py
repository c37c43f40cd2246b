"""Helpers for tests of the model: the tiny service, run and looked into.

The tiny service itself, in which all is switched off that a test is not about, is
`sim.study.validation.tiny_service`: the product checks itself against theory with it, too.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.model.tallies import NAMES
from sim.model.world import World
from sim.scenario.policy import Policy
from sim.scenario.service import Scenario
from sim.study.validation.tiny_service import (
    PATHWAY,
    ROLE,
    STAGE,
    START,
    STREAM,
    TEAM,
    exponential,
    merged,
    same_rate_every_day,
    side_by_side,
    stage,
    tiny_service,
    work,
)

__all__ = [
    "BASELINE",
    "PATHWAY",
    "ROLE",
    "STAGE",
    "START",
    "STREAM",
    "TEAM",
    "WORKING_DAYS_A_YEAR",
    "by_week",
    "days_of_weeks",
    "exponential",
    "merged",
    "run",
    "same_rate_every_day",
    "side_by_side",
    "stage",
    "tiny_service",
    "work",
    "world_of",
]  # fmt: skip

BASELINE = Policy(name="baseline", label="the service as it is")
WORKING_DAYS_A_YEAR = 253


def world_of(
    scenario: Scenario, *, policy: Policy = BASELINE, seed: int = 1, replication: int = 0,
    years: float = 1, tables: Collection[str] = (),
) -> World:  # fmt: skip
    """A world on its first morning, not yet run: its columns can still be changed."""
    return World(scenario, policy, seed=seed, replication=replication, years=years, tables=tables)


def run(scenario: Scenario, **asked: Any) -> World:
    """A world that has been run; asked for as in `world_of`."""
    world = world_of(scenario, **asked)
    world.run()
    return world


def by_week(world: World, name: str) -> NDArray[np.float64]:
    """One column of the tally, of every week and team: (weeks, teams)."""
    column = NAMES.index(name)
    return np.array([tally[:, column] for tally in world.record.tallies])


def days_of_weeks(world: World) -> NDArray[np.int64]:
    """Working days of every week that was kept."""
    return np.diff(np.array([-1, *world.record.weeks]))
