"""A spell of sickness or parental leave: what happens from the first morning to the return.

Short cover is by duty (see the working day). The cases of someone who is away for long go to
others: at once for parental leave, which is known beforehand, after a set time for sickness.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.model.blueprint import REALLOCATE, RESTART
from sim.model.columns import LEFT, LONG_SICK, PARENTAL, PRESENT, SHORT_SICK, SLOTS
from sim.model.draws import draw
from sim.model.hazards import BECOMES_PARENT, FALLS_ILL, FALLS_LONG_ILL
from sim.model.pathways import work_hours
from sim.model.randomness import purpose, uniform
from sim.model.staffing import hand_over, set_threshold

if TYPE_CHECKING:
    from sim.model.process import Process
    from sim.model.world import World

MIDDLE = 0.5  # of the scale of exhaustion, where the scenario states the share of stress
STATUS = {FALLS_ILL: SHORT_SICK, FALLS_LONG_ILL: LONG_SICK, BECOMES_PARENT: PARENTAL}
HAZARD = {FALLS_ILL: "short_sickness", FALLS_LONG_ILL: "long_sickness", BECOMES_PARENT: "parental"}
LENGTH = {FALLS_ILL: "short_sickness", FALLS_LONG_ILL: "long_sickness",
          BECOMES_PARENT: "parental_leave"}  # fmt: skip
SPELL_LENGTH = {kind: purpose(f"worker.{name}_length") for kind, name in HAZARD.items()}
SPELL_STRESS = {kind: purpose(f"worker.{name}_stress") for kind, name in HAZARD.items()}


def absence(world: World, worker: int, kind: int) -> Process:
    """Be away from the next morning on, for as long as the spell lasts."""
    yield world.until(world.day + 1)
    table, plan = world.workers.table, world.plan
    if table["status"][worker] != PRESENT:
        return
    key, spell = int(table["key"][worker]), int(table[f"{HAZARD[kind]}_spells"][worker])
    settings = plan.settings[0]
    length = plan.distributions[plan.rows[LENGTH[kind]]]
    drawn = draw(length, world.seed, world.replication, SPELL_LENGTH[kind], key, spell)
    days = max(1, int(drawn + 0.5))
    stress = min(1.0, settings["stress_share"] * float(table["exhaustion"][worker]) / MIDDLE)
    u = uniform(world.seed, world.replication, SPELL_STRESS[kind], key, spell)
    table["status"][worker] = STATUS[kind]
    table["stress_related"][worker] = kind != BECOMES_PARENT and u < stress
    table[f"{HAZARD[kind]}_spells"][worker] = spell + 1
    if settings["cover"] == RESTART:
        begin_again(world, worker)

    back = world.day + days
    wait = settings["reallocate_after"] if kind != BECOMES_PARENT else 0
    if settings["cover"] == REALLOCATE and wait < days:
        yield world.until(world.day + int(wait))
        if world.workers.table["status"][worker] != LEFT:
            hand_over(world, worker)
    yield world.until(back)
    if world.workers.table["status"][worker] != LEFT:
        come_back(world, worker, kind)


def come_back(world: World, worker: int, kind: int) -> None:
    """Return to work, with a new chance of being away for the same reason."""
    table = world.workers.table
    table["status"][worker] = PRESENT
    table["stress_related"][worker] = 0
    set_threshold(world, worker, HAZARD[kind])


def begin_again(world: World, worker: int) -> None:
    """Where interrupted work is begun again, what was done of the piece in hand is lost."""
    cases, plan = world.cases, world.plan
    piece = int(world.workers.table["begun"][worker]) - 1
    row, slot = divmod(piece, SLOTS)
    if piece < 0 or slot == 0 or cases.table["worker"][row] != worker:
        return
    cases.left[row, slot] = work_hours(
        row, slot, int(cases.table["stage"][row]), cases.table, cases.done, plan.items,
        plan.distributions, world.seed, world.replication,
    )  # fmt: skip
