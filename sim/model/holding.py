"""Hold an arrow of the loop: what it leads to stays as it was in another run.

An arrow says that one thing responds to another, as sickness does to exhaustion. To hold it is not
to take the effect away, which would change the service itself, but to let the effect follow what
its cause was in another run, under the same chances: in the baseline's run of the same replication.
A policy that changes nothing then differs by nothing, whichever arrows are held.

Exhaustion is held person by person and day by day. Someone who was not there in the other run, or
had left by that day, has the mean of the case holders of their team on that day. Vacancies are
held by who gives notice in the scenario's own posts, and when; by how long and how surely these
posts are recruited to; and by the caseloads that bring former workers back. Posts that a policy
adds are staffed as they would be.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from sim.model.columns import HELD, LEFT, NOBODY, OPEN, SLOTS
from sim.model.hazards import RESIGNS

if TYPE_CHECKING:
    from sim.model.process import Process
    from sim.model.world import World

Arrow = Literal[
    "workload_to_exhaustion",
    "exhaustion_to_sickness",
    "exhaustion_to_leaving",
    "exhaustion_to_pace",
    "vacancies_to_caseload",
    "lateness_to_risk",
]
SETTING: dict[Arrow, str] = {
    "workload_to_exhaustion": "hold_exhaustion",
    "exhaustion_to_sickness": "hold_on_sickness",
    "exhaustion_to_leaving": "hold_on_leaving",
    "exhaustion_to_pace": "hold_on_speed",
    "lateness_to_risk": "hold_overdue",
}
MORNING, EVENING = 0.45, 0.92  # before casework, and after the close of the day
AFTERNOON = 0.6
LOOKS = 2  # a day


@dataclass(frozen=True, eq=False)
class Memory:
    """What a run was like, as far as another one can be held at it.

    Attributes
    ----------
    exhaustion
        Of each worker each morning and evening: (2 x days, workers); NaN where they were not there.
    keys, teams, holds_cases
        Of the workers: who they are under every policy, their team, and whether they hold cases.
    overdue
        Mean days of overdue contact of the cases held in each tier: (days, tiers).
    resigned
        Who gave notice on each day, by key.
    recruitment
        What a round's length was multiplied by, and the share of rounds that filled their post:
        (days, 2).
    returners_saw
        Cases per FTE that former workers saw each month when they asked to come back.
    """

    exhaustion: NDArray[np.float64]
    keys: NDArray[np.int64]
    teams: NDArray[np.int64]
    holds_cases: NDArray[np.bool_]
    overdue: NDArray[np.float64]
    resigned: tuple[tuple[int, ...], ...]
    recruitment: NDArray[np.float64]
    returners_saw: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class Held:
    """Which arrows are held, and the run that they are held at."""

    arrows: Collection[Arrow]
    memory: Memory


class Remembering:
    """Looks at a run every morning and evening, for its memory."""

    def __init__(self) -> None:
        self.exhaustion: list[NDArray[np.float64]] = []
        self.overdue: list[NDArray[np.float64]] = []
        self.recruitment: list[tuple[float, float]] = []
        self.resigned: list[tuple[int, ...]] = []  # each evening, by key

    def watch(self, world: World) -> Process:
        """Look twice a day."""
        while True:
            yield world.until(world.day + MORNING)
            self._look(world)
            yield world.until(world.day + EVENING)
            self._look(world)
            self.overdue.append(mean_overdue(world))
            s = world.plan.settings[0]
            self.recruitment.append((float(s["round_factor"]), float(s["success_per_round"])))
            yield world.until(world.day + 1)

    def _look(self, world: World) -> None:
        workers = world.workers
        there = workers["status"] != LEFT
        self.exhaustion.append(np.where(there, workers["exhaustion"], np.nan))

    def memory(self, world: World) -> Memory:
        """Put together what was seen, when the run is over."""
        workers = world.workers
        exhaustion = np.full((len(self.exhaustion), workers.n), np.nan)
        for row, seen in zip(exhaustion, self.exhaustion, strict=True):
            row[: len(seen)] = seen
        return Memory(
            exhaustion=exhaustion,
            keys=workers["key"].copy(),
            teams=workers["team"].copy(),
            holds_cases=world.plan.roles["holds_cases"][workers["role"]] == 1,
            overdue=np.array(self.overdue),
            resigned=tuple(self.resigned),
            recruitment=np.array(self.recruitment),
            returners_saw=tuple(world.returners_saw),
        )


def mean_overdue(world: World) -> NDArray[np.float64]:
    """Mean working days of overdue contact of the cases held in each tier, this evening."""
    cases, plan = world.cases, world.plan
    rows = cases.open_rows[: cases.counts[OPEN]]
    rows = rows[cases.table["status"][rows] == HELD]
    stage = cases.table["stage"][rows]
    contact = np.zeros((len(rows), SLOTS), bool)
    contact[:, 1:] = plan.items["contact"][stage] == 1
    contact &= cases.left[rows] > 0
    days = np.where(contact, world.day - cases.due[rows], 0.0).max(axis=1, initial=0.0)
    tier = cases.table["tier"][rows]
    tiers = len(plan.tiers)
    number = np.bincount(tier, minlength=tiers)
    return np.bincount(tier, weights=days, minlength=tiers) / np.maximum(number, 1)


def hold_arrows(world: World, held: Held) -> Process:
    """Each day, have held effects follow what their causes were in the other run."""
    for arrow in held.arrows:
        if arrow in SETTING:
            world.plan.settings[SETTING[arrow]] = 1.0
    while True:
        yield world.until(world.day + MORNING)
        _set_exhaustion(world, held.memory, LOOKS * world.day)
        yield world.until(world.day + AFTERNOON)
        _set_exhaustion(world, held.memory, LOOKS * world.day + 1)
        world.plan.tiers["overdue_held"] = held.memory.overdue[world.day]
        yield world.until(world.day + 1)


def _set_exhaustion(world: World, memory: Memory, look: int) -> None:
    """Give everyone the exhaustion that they, or their team, had in the other run."""
    workers = world.workers
    order = np.argsort(memory.keys)
    place = np.searchsorted(memory.keys, workers["key"], sorter=order)
    who = order[np.minimum(place, len(order) - 1)]
    was = memory.exhaustion[look]
    known = (memory.keys[who] == workers["key"]) & ~np.isnan(was[who])
    workers["exhaustion_held"][:] = np.where(known, was[who], _of_team(memory, was, world))


def _of_team(memory: Memory, was: NDArray[np.float64], world: World) -> NDArray[np.float64]:
    """The mean of each worker's team in the other run; of the service where the team had nobody."""
    there = memory.holds_cases & ~np.isnan(was)
    number = np.bincount(memory.teams[there], minlength=len(world.teams))
    total = np.bincount(memory.teams[there], weights=was[there], minlength=len(world.teams))
    of_all = total.sum() / max(number.sum(), 1)
    means = np.where(number > 0, total / np.maximum(number, 1), of_all)
    of_worker: NDArray[np.float64] = means[world.workers["team"]]
    return of_worker


def people_held(world: World, post: int) -> Memory | None:
    """The memory that the people of a post are held at; only of the scenario's own posts."""
    held = world.held
    if held is None or "vacancies_to_caseload" not in held.arrows:
        return None
    return held.memory if NOBODY < post < world.own_posts else None


def who_is_struck(world: World, struck: int) -> list[tuple[int, int]]:
    """Who is struck by what this evening: worker and event.

    Where people are held, those who gave notice this evening in the other run do so, and nobody
    else of the scenario's own posts.
    """
    befallen = [(world.struck.item(n), world.struck_by.item(n)) for n in range(struck)]
    if world.held is not None and "vacancies_to_caseload" in world.held.arrows:
        workers = world.workers
        gave_notice = np.isin(workers["key"], world.held.memory.resigned[world.day])
        gave_notice &= (workers["status"] != LEFT) & (workers["on_notice"] == 0)
        befallen = [
            (worker, event)
            for worker, event in befallen
            if event != RESIGNS or people_held(world, int(workers["post"][worker])) is None
        ]
        befallen += [
            (int(worker), RESIGNS)
            for worker in np.flatnonzero(gave_notice)
            if people_held(world, int(workers["post"][worker])) is not None
        ]
        befallen.sort()  # by worker, resignations last, as they are found
    if world.remembering is not None:
        key = world.workers["key"]
        resigned = tuple(int(key[worker]) for worker, event in befallen if event == RESIGNS)
        world.remembering.resigned.append(resigned)
    return befallen


def recruitment_terms(world: World, post: int) -> tuple[float, float]:
    """What a round's length is multiplied by, and the share of rounds that fill their post."""
    memory = people_held(world, post)
    if memory is not None:
        factor, success = memory.recruitment[world.day]
        return float(factor), float(success)
    settings = world.plan.settings[0]
    return float(settings["round_factor"]), float(settings["success_per_round"])


def returners_see(world: World, caseload: float) -> float:
    """Cases per FTE that former workers see when they ask to come back."""
    held = world.held
    if held is not None and "vacancies_to_caseload" in held.arrows:
        caseload = held.memory.returners_saw[len(world.returners_saw)]
    world.returners_saw.append(caseload)
    return caseload
