"""A spell of sickness or parental leave: what happens from the first morning to the return.

Short cover is by duty (see the working day). The cases of someone who is away for long go to
others: at once for parental leave, which is known beforehand, after a set time for sickness.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.model.columns import LEFT, LONG_SICK, PARENTAL, PRESENT, SHORT_SICK, SLOTS, Table
from sim.model.compiled import compiled
from sim.model.draws import draw
from sim.model.exhaustion import felt_exhaustion
from sim.model.hazards import BECOMES_PARENT, FALLS_ILL, FALLS_LONG_ILL
from sim.model.newcomers import settling_in
from sim.model.pathways import work_hours
from sim.model.randomness import purpose, uniform
from sim.model.staffing import hand_over, set_threshold

if TYPE_CHECKING:
    from sim.model.process import Process
    from sim.model.world import World

MIDDLE = 0.5  # of the scale of exhaustion, where the scenario states the share of stress
LENGTH = {FALLS_ILL: "short_sickness", FALLS_LONG_ILL: "long_sickness",
          BECOMES_PARENT: "parental_leave"}  # fmt: skip
SHORT_SICKNESS_LENGTH = purpose("worker.short_sickness_length")
SHORT_SICKNESS_STRESS = purpose("worker.short_sickness_stress")
LONG_SICKNESS_LENGTH = purpose("worker.long_sickness_length")
LONG_SICKNESS_STRESS = purpose("worker.long_sickness_stress")
PARENTAL_LENGTH = purpose("worker.parental_length")


@compiled
def begin_spell(
    worker: int, kind: int, workers: Table, settings: Table, distributions: Table, length: int,
    seed: int, replication: int,
) -> int:  # fmt: skip
    """Note that a worker is away from today; give for how many days, or 0 if they were already."""
    if workers["status"][worker] != PRESENT:
        return 0
    key = workers["key"][worker]
    tired = felt_exhaustion(worker, settings[0]["hold_on_sickness"], workers)
    stress = min(1.0, settings[0]["stress_share"] * tired / MIDDLE)
    if kind == FALLS_ILL:
        spell = workers["short_sickness_spells"][worker]
        workers["short_sickness_spells"][worker] = spell + 1
        workers["status"][worker] = SHORT_SICK
        of_length = SHORT_SICKNESS_LENGTH
        u = uniform(seed, replication, SHORT_SICKNESS_STRESS, key, spell)
    elif kind == FALLS_LONG_ILL:
        spell = workers["long_sickness_spells"][worker]
        workers["long_sickness_spells"][worker] = spell + 1
        workers["status"][worker] = LONG_SICK
        of_length = LONG_SICKNESS_LENGTH
        u = uniform(seed, replication, LONG_SICKNESS_STRESS, key, spell)
    else:
        spell = workers["parental_spells"][worker]
        workers["parental_spells"][worker] = spell + 1
        workers["status"][worker] = PARENTAL
        of_length = PARENTAL_LENGTH
        u = 1.0
    workers["stress_related"][worker] = u < stress
    drawn = draw(distributions[length], seed, replication, of_length, key, spell)
    return max(1, int(drawn + 0.5))


def absence(world: World, worker: int, kind: int) -> Process:
    """Be away from the next morning on, for as long as the spell lasts."""
    yield world.in_days(1)
    plan = world.plan
    days = world.each_day(begin_spell)(
        worker, kind, world.workers.table, plan.settings, plan.distributions,
        plan.rows[LENGTH[kind]], world.seed, world.chances.absence,
    )  # fmt: skip
    if days == 0:
        return
    if plan.scenario.absence.cover == "restart":
        begin_again(world, worker)
    since = world.day
    yield from be_away(world, worker, kind, since, since + days)


def be_away(world: World, worker: int, kind: int, since: int, back: int) -> Process:
    """Be away until the morning of the day `back`; where the scenario says so, others take over."""
    terms = world.plan.scenario.absence
    world.workers.table["back_on"][worker] = back
    wait = terms.reallocate_after_days if kind != BECOMES_PARENT else 0
    if terms.cover == "reallocate" and since + wait < back:
        yield world.until(since + int(wait))
        if world.workers.table["status"][worker] != LEFT:
            hand_over(world, worker)
    yield world.until(back)
    if world.workers.table["status"][worker] != LEFT:
        world.each_day(come_back)(
            worker, kind, world.workers.table, world.seed, world.chances.absence
        )
        if world.workers.table["caseload"][worker] == 0:
            yield from settling_in(world, worker)


@compiled
def come_back(worker: int, kind: int, workers: Table, seed: int, replication: int) -> None:
    """Return to work, with a new chance of being away for the same reason."""
    workers["status"][worker] = PRESENT
    workers["stress_related"][worker] = 0
    set_threshold(worker, kind, workers, seed, replication)


def begin_again(world: World, worker: int) -> None:
    """Where interrupted work is begun again, what was done of the piece in hand is lost."""
    cases, plan = world.cases, world.plan
    piece = int(world.workers.table["begun"][worker]) - 1
    row, slot = divmod(piece, SLOTS)
    if piece < 0 or slot == 0 or cases.table["worker"][row] != worker:
        return
    cases.left[row, slot] = work_hours(
        row, slot, int(cases.table["stage"][row]), cases.table, cases.done, plan.items,
        plan.distributions, world.seed, world.chances.families,
    )  # fmt: skip
