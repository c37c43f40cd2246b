"""The pieces of work that a team finished in a week, and those that were overdue."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.model.columns import HELD
from sim.model.pathways import HALF_A_DAY
from sim.model.plan_columns import CLOSING
from sim.model.whose_turn import who_acts, who_is_at_work
from sim.model.world import World

HANDOVER = "Reading the file of a new case"


class Before:
    """How cases and people stand before the day's casework, and who works on whose cases."""

    def __init__(self, world: World) -> None:
        workers, n, cases = world.workers, world.workers.n, world.cases
        self.workers = workers.table[:n].copy()
        self.cases = cases.table[: cases.n].copy()
        self.due, self.left = cases.due[: cases.n].copy(), cases.left[: cases.n].copy()
        self.done = cases.done[: cases.n].copy()
        plan, day = world.plan, world.day
        at_work = who_is_at_work(day, workers.table, workers.diary, n, plan.roles)
        self.acting: NDArray[np.int64] = who_acts(
            day, at_work, workers.table, n, len(world.teams), plan.settings
        )


class Casework:
    """Writes down the work of a team's cases, day by day."""

    def __init__(self, world: World, team: int) -> None:
        self.world, self.team = world, team
        scenario = world.plan.scenario
        self.stages = [each for p in scenario.pathways.values() for each in p.stages.values()]
        self.work = [list(stage.work.values()) for stage in self.stages]
        self.pieces: list[dict[str, Any]] = []

    def note(self, before: Before) -> None:
        """Note what of it has been finished since the morning."""
        cases, day = self.world.cases, self.world.day
        n = len(before.cases)
        finished = cases.done[:n] > before.done
        finished[:, 0] = (before.left[:, 0] > 0) & (cases.left[:n, 0] <= 0)
        held = (before.cases["status"] == HELD) & (before.cases["team"] == self.team)
        for row, slot in zip(*np.nonzero(finished & held[:, None]), strict=True):
            case = before.cases[row]
            stage = int(case["stage"])
            item = self.work[stage][slot - 1] if slot else None
            self.pieces.append(
                {
                    "date": self.world.calendar.dates[day].item(),
                    "worker": int(before.acting[case["worker"]]),
                    "holder": int(case["worker"]),
                    "case": int(case["key"]),
                    "stage": self.stages[stage].label,
                    "work": item.label if item else HANDOVER,
                    "visit": item is not None and item.contact,
                    "days_late": max(0, math.ceil(day - before.due[row, slot])),
                }
            )

    def overdue(self) -> dict[int, tuple[int, int]]:
        """Pieces of work that should have been done before today: by worker, visits and others."""
        world, day = self.world, self.world.day
        cases, items = world.cases, world.plan.items
        table = cases.table[: cases.n]
        found: dict[int, tuple[int, int]] = {}
        for row in np.flatnonzero((table["status"] == HELD) & (table["team"] == self.team)):
            case = table[row]
            visits, others = found.get(int(case["worker"]), (0, 0))
            is_over = day + HALF_A_DAY >= case["ends"]
            for slot in range(len(self.work[case["stage"]]) + 1):
                if cases.left[row, slot] <= 0 or cases.due[row, slot] >= day:
                    continue
                item = items[case["stage"], slot - 1]
                if slot and item["when"] == CLOSING and not is_over:
                    continue
                is_visit = slot > 0 and item["contact"] == 1
                visits, others = visits + is_visit, others + (not is_visit)
            found[int(case["worker"])] = visits, others
        return found

    def table(self, names: dict[int, str], numbers: dict[int, int]) -> pd.DataFrame:
        """All pieces, with people and cases by their names."""
        columns = ["date", "worker", "holder", "case", "stage", "work", "visit", "days_late"]
        found = pd.DataFrame(self.pieces, columns=columns)
        for who in ("worker", "holder"):
            found[who] = found[who].map(names)
        found["case"] = found["case"].map(numbers)
        return found
