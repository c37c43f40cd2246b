"""The people of a team in a week: who was in, what became of their hours and their supervision."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pandas as pd

from sim.model.columns import LEAVE, LEFT, NOBODY, PRESENT, TRAINING, VACANT, WORKER_STATUS
from sim.model.world import World
from sim.study.one_week.casework import Before

AT_WORK, ON_LEAVE, IN_TRAINING = "at work", "annual leave", "training"
NOT_IN_POST, VACANT_POST = "not in post", "vacant"
HELD_TODAY, MISSED = "held", "missed"
LATE_WORK, NO_MANAGER = "put off for late work", "put off for want of a manager"
HOURS = ("contracted", "overtime", "protected", "direct", "admin", "idle")


class People:
    """Writes down a team's people, day by day."""

    def __init__(self, world: World, team: int) -> None:
        self.world, self.team = world, team
        self.rows: list[dict[str, Any]] = []
        self.dates: list[Any] = []

    def note(self, before: Before, overdue: dict[int, tuple[int, int]]) -> None:
        """Note everybody's day, once the casework is done."""
        world, workers = self.world, self.world.workers
        today = world.calendar.dates[world.day].item()
        self.dates.append(today)
        in_team = (workers["team"] == self.team) & (workers["status"] != LEFT)
        for row in np.flatnonzero(in_team).tolist():
            self.rows.append({"date": today, "worker": row, **self._day(row, before, overdue)})
        posts = world.posts[: world.n_posts]
        vacant = (posts["status"] == VACANT) & (posts["cover"] == NOBODY)
        for post in np.flatnonzero(vacant & (posts["team"] == self.team)).tolist():
            self.rows.append(
                {"date": today, "worker": _vacancy(post), "presence": VACANT_POST,
                 "fte": float(posts["fte"][post])}
            )  # fmt: skip

    def _day(self, row: int, before: Before, overdue: dict[int, tuple[int, int]]) -> dict[str, Any]:
        was, now = before.workers[row], self.world.workers.table[row]
        holds = bool(self.world.plan.roles["holds_cases"][now["role"]])
        visits, others = overdue.get(row, (0, 0))
        for_others = (before.acting == row) & (before.workers["caseload"] > 0)
        for_others[row] = False
        return {
            "presence": self._presence(row),
            "holds_cases": holds,
            "fte": float(now["fte"]),
            "on_notice": bool(now["on_notice"]),
            "covers": bool(for_others.any()),
            **{name: float(now[f"week_{name}"] - was[f"week_{name}"]) for name in HOURS},
            "supervision": self._supervision(row, was, now),
            "caseload": int(was["caseload"]),
            "load": float(was["workload"] / was["capacity"]) if was["capacity"] > 0 else np.nan,
            "late_visits": visits,
            "late_other": others,
        }

    def _presence(self, row: int) -> str:
        workers = self.world.workers
        if workers["status"][row] != PRESENT:
            return WORKER_STATUS[workers["status"][row]]
        booked = {LEAVE: ON_LEAVE, TRAINING: IN_TRAINING}
        return booked.get(int(workers.diary[row, self.world.day]), AT_WORK)

    def _supervision(self, row: int, was: Any, now: Any) -> str:
        """What became of a session that was due today."""
        settings, day = self.world.plan.settings[0], self.world.day
        takes_part = self.world.plan.roles["holds_cases"][now["role"]] == 1
        if not takes_part or self._presence(row) != AT_WORK or was["supervision_due"] > day:
            return ""
        if now["last_supervision"] == day:
            return HELD_TODAY
        if now["supervision_due"] != was["supervision_due"]:
            return MISSED
        is_displaced = (
            settings["supervision_protected"] == 0
            and was["overdue_hours"] > settings["displaced_above"]
        )
        return LATE_WORK if is_displaced else NO_MANAGER

    def names(self) -> dict[int, str]:
        """A name for everyone in the service: of the team, role and number; of others, their team.

        The team's come first, role by role, agency workers after the posts; vacant posts last.
        """
        world, scenario = self.world, self.world.plan.scenario
        table, posts = world.workers.table, world.posts
        roles = [role.label for role in scenario.roles.values()]
        kinds = [kind.label for kind in scenario.teams.values()]
        seen = {row["worker"] for row in self.rows}
        names: dict[int, str] = {}
        so_far: Counter[int] = Counter()
        people = (row for row in seen if row >= 0)
        for row in sorted(people, key=lambda row: (table["role"][row], table["agency"][row], row)):
            worker = table[row]
            so_far[int(worker["role"])] += 1
            names[row] = f"{roles[worker['role']]} {so_far[int(worker['role'])]}"
            if worker["agency"]:
                names[row] += ", agency"
            elif worker["newly_qualified_until"] > world.day:
                names[row] += ", newly qualified"
        vacancies = sorted(_vacancy(row) for row in seen if row < 0)
        for number, post in enumerate(vacancies, 1):
            names[_vacancy(post)] = f"Vacant post {number}, {roles[posts['role'][post]].lower()}"
        for row in range(world.workers.n):
            kind = world.teams["kind"][table["team"][row]]
            names.setdefault(row, f"{roles[table['role'][row]]}, {kinds[kind]}")
        return names

    def table(self, names: dict[int, str]) -> pd.DataFrame:
        """Everybody's days, in the order of their names; who came or went was not in post else."""
        found = pd.DataFrame(self.rows)
        people = [row for row in names if row in set(found["worker"])]
        every = pd.MultiIndex.from_product([people, self.dates], names=["worker", "date"])
        found = found.set_index(["worker", "date"]).reindex(every).reset_index()
        found["worker"] = found["worker"].map(names)
        found["presence"] = found["presence"].fillna(NOT_IN_POST)
        flags = {"holds_cases": False, "on_notice": False, "covers": False, "supervision": ""}
        for column, value in flags.items():
            found[column] = found[column].where(found[column].notna(), value).astype(type(value))
        return found


def _vacancy(post: int) -> int:
    """How a vacant post is told from a worker in the same column, and back: a negative number."""
    return -1 - post
