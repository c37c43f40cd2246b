"""The event log of one run: what happened to whom, seen from what changed in the columns.

The log is made by looking, after the morning's meeting and after the close of each day, at what is
different from the time before; so the working day knows nothing of it, and costs nothing more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.model.columns import (
    CASE_STATUS,
    GONE_CLOSED,
    HELD,
    LEFT,
    NOBODY,
    WAITING,
    WORKER_STATUS,
)
from sim.model.recording import team_names

if TYPE_CHECKING:
    from sim.model.process import Process
    from sim.model.world import World

LOOKS = (0.2, 0.92)  # times of the working day


class Trace:
    """Watches a world and writes down what changes."""

    def __init__(self, world: World) -> None:
        self.rows: list[tuple[Any, ...]] = []
        self.cases = world.cases.table[:0].copy()
        self.workers = world.workers.table[:0].copy()

    def watch(self, world: World) -> Process:
        """Look twice a day."""
        while True:
            for time in LOOKS:
                yield world.env.timeout(max(0.0, world.day + time - world.env.now))
                self._look(world)
            yield world.until(world.day + 1)

    def _look(self, world: World) -> None:
        plan = world.plan
        cases = world.cases.table[: world.cases.n]
        workers = world.workers.table[: world.workers.n]
        known, staff = len(self.cases), len(self.workers)
        for row in range(known, len(cases)):
            case = cases[row]
            if case["status"] == GONE_CLOSED and case["closed"] == NOBODY:
                continue  # closed before the first day, and due to come back
            detail = plan.tier_names[case["tier"]] + (
                " risk, back again" if case["returned"] else " risk"
            )
            self._note(world, "arrival", case, detail)
        for row in self._changed(cases, self.cases, "stage"):
            self._note(world, "stage", cases[row], plan.stage_names[cases["stage"][row]])
        changed = set(self._changed(cases, self.cases, "status"))
        changed |= set(self._changed(cases, self.cases, "worker"))
        gone = (cases["closed"] != NOBODY) | (cases["status"] == HELD)
        changed |= set(np.flatnonzero(gone[known:]) + known)
        for row in sorted(changed):
            status = cases["status"][row]
            name = {HELD: "allocation", WAITING: "unallocated"}.get(status, CASE_STATUS[status])
            self._note(world, name, cases[row], plan.stage_names[max(cases["stage"][row], 0)])
        for row in range(staff, len(workers)):
            kind = "agency starts" if workers["agency"][row] else "starts"
            self._note_worker(world, kind, workers[row])
        for row in self._changed(workers, self.workers, "status"):
            status = workers["status"][row]
            name = {LEFT: "leaves", 0: "returns"}.get(status, "is away")
            self._note_worker(world, name, workers[row], WORKER_STATUS[status])
        for row in self._changed(workers, self.workers, "on_notice"):
            self._note_worker(world, "gives notice", workers[row])
        for row in self._changed(workers, self.workers, "last_supervision"):
            self._note_worker(world, "supervision", workers[row])
        self.cases, self.workers = cases.copy(), workers.copy()

    @staticmethod
    def _changed(now: Any, before: Any, column: str) -> list[int]:
        """Rows known before whose column is different now."""
        return [int(i) for i in np.flatnonzero(now[column][: len(before)] != before[column])]

    def _note(self, world: World, event: str, case: Any, detail: str) -> None:
        worker = int(case["worker"])
        who = int(world.workers.table["key"][worker]) if worker != NOBODY else NOBODY
        self.rows.append((world.env.now, event, int(case["key"]), who, int(case["team"]), detail))

    def _note_worker(self, world: World, event: str, worker: Any, detail: str = "") -> None:
        role = world.plan.role_names[worker["role"]]
        detail = f"{role}: {detail}" if detail else role
        row = (world.env.now, event, NOBODY, int(worker["key"]), int(worker["team"]), detail)
        self.rows.append(row)

    def events(self, world: World) -> pd.DataFrame:
        """The log as a table; days are counted from the start date, the warm-up is negative."""
        columns = ["time", "event", "case", "worker", "team", "detail"]
        log = pd.DataFrame(self.rows, columns=columns)
        names = team_names(world)
        day = log["time"].astype(float).astype(int).to_numpy()
        log.insert(0, "date", world.calendar.dates[day])
        log.insert(0, "day", day - world.first_day_counted)
        log["team"] = [names[team] for team in log["team"]]
        return log.drop(columns="time")
