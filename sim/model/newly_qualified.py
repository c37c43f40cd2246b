"""The autumn intake of newly qualified social workers, into posts that stand vacant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.model.randomness import purpose, uniform
from sim.model.staffing import fill_post, vacant_posts

if TYPE_CHECKING:
    from sim.model.process import Process
    from sim.model.world import World

INTAKE_ROUNDING = purpose("intake.rounding")


def newly_qualified_intake(world: World) -> Process:
    """Each year, on the first working day of the intake's month, fill vacant posts."""
    scheme = world.plan.scenario.recruitment.newly_qualified
    if scheme is None:
        return
    role = world.plan.role_names.index(scheme.role)
    for year, day in enumerate(world.intake_days):
        if day > world.day or (day == world.day == 0):
            yield world.until(day)
            expected = float(world.plan.settings["intake_per_year"][0])
            whole = int(expected)
            u = uniform(world.seed, world.chances.turnover, INTAKE_ROUNDING, 0, year)
            number = whole + int(u < expected - whole)
            for post in vacant_posts(world, role)[:number]:
                fill_post(world, post, newly_qualified=True)
