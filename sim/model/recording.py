"""What a run keeps: the tally of every week, and the tables that were asked for."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.model.allocation_rules import why
from sim.model.changes_of_worker import count_changes_of_worker
from sim.model.columns import CASE_STATUS, LEFT, WORKER_STATUS
from sim.model.on_time import count_open_cases_on_time
from sim.model.plan_columns import RULES
from sim.model.tallies import NAMES
from sim.model.worker_loads import WorkerLoads
from sim.scenario.service import teams_by_name

if TYPE_CHECKING:
    from sim.model.world import World

WORKER_COLUMNS = (
    "fte", "caseload", "workload", "capacity", "exhaustion", "week_contracted", "week_overtime",
    "week_protected", "week_direct", "week_admin", "week_idle", "weeks_over",
)  # fmt: skip


class Record:
    """The weeks of a run. Weeks before the start date (the warm-up) have negative numbers."""

    def __init__(self, world: World, tables: Collection[str]) -> None:
        self.wanted = frozenset(tables)
        self.weeks: list[int] = []  # last working day of each week
        self.tallies: list[NDArray[np.float64]] = []
        self.lengths = world.lengths.copy()  # by the end of the last week: weeks count whole
        self.worker_weeks: list[tuple[int, Any]] = []
        self.worker_loads = WorkerLoads()

    def keep_week(self, world: World) -> None:
        """Keep the week's tally, and begin a new one; the first day counted clears what went."""
        count_open_cases_on_time(world)
        count_changes_of_worker(world)
        self.weeks.append(world.day)
        self.tallies.append(world.tally.copy())
        if "worker_weeks" in self.wanted:
            rows = np.flatnonzero(world.workers["status"] != LEFT)
            self.worker_weeks.append((world.day, world.workers.table[rows].copy()))
        if "worker_loads" in self.wanted and world.day >= world.first_day_counted:
            self.worker_loads.keep(world)
        world.tally[:] = 0.0
        if world.day < world.first_day_counted:
            world.waits[:] = 0
            world.lengths[:] = 0
            world.caseloads[:] = 0.0
        self.lengths = world.lengths.copy()

    def counted(self, world: World) -> NDArray[np.float64]:
        """The tally of the weeks that count, added up: (teams, columns)."""
        kept = [
            tally
            for day, tally in zip(self.weeks, self.tallies, strict=True)
            if day >= world.first_day_counted
        ]
        total: NDArray[np.float64] = np.sum(kept, axis=0) if kept else np.zeros_like(world.tally)
        return total

    def week_number(self, world: World, day: int) -> int:
        """Weeks since the one of the start date."""
        weeks = world.calendar.week
        return int(weeks[day] - weeks[min(world.first_day_counted, len(weeks) - 1)])

    def tables(self, world: World) -> dict[str, pd.DataFrame]:
        """Make the tables that were asked for."""
        makers = {
            "team_weeks": self._team_weeks,
            "worker_loads": lambda _: self.worker_loads.table(),
            "worker_weeks": self._worker_weeks,
            "closed_cases": self._closed_cases,
            "allocation_log": self._allocation_log,
        }
        return {name: make(world) for name, make in makers.items() if name in self.wanted}

    def _team_weeks(self, world: World) -> pd.DataFrame:
        plan = world.plan
        teams, weeks = len(world.teams), len(self.weeks)
        names = [*NAMES]
        for outcome in plan.timescales:
            names += [f"{outcome}_ended", f"{outcome}_in_time"]
        for outcome in plan.worker_changes:
            names += [f"{outcome}_counted", f"{outcome}_with_three"]
        days = np.repeat(np.array(self.weeks, np.int64), teams)
        frame = {
            "week": np.repeat([self.week_number(world, day) for day in self.weeks], teams),
            "week_ending": world.calendar.dates[days] if weeks else np.array([], "datetime64[D]"),
            "team": team_names(world) * weeks,
            "kind": [plan.kind_names[kind] for kind in world.teams["kind"]] * weeks,
        }
        values = np.concatenate(self.tallies) if weeks else np.zeros((0, world.tally.shape[1]))
        return pd.DataFrame({**frame, **{name: values[:, i] for i, name in enumerate(names)}})

    def _worker_weeks(self, world: World) -> pd.DataFrame:
        plan, teams = world.plan, team_names(world)
        frames = []
        for day, rows in self.worker_weeks:
            frame: dict[str, Any] = {
                "week": self.week_number(world, day),
                "worker": rows["key"],
                "post": rows["post"],
                "team": [teams[team] for team in rows["team"]],
                "role": [plan.role_names[role] for role in rows["role"]],
                "status": [WORKER_STATUS[status] for status in rows["status"]],
                "agency": rows["agency"] == 1,
                "newly_qualified": rows["newly_qualified_until"] > day,
            }
            frames.append(pd.DataFrame({**frame, **{name: rows[name] for name in WORKER_COLUMNS}}))
        return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()

    def _closed_cases(self, world: World) -> pd.DataFrame:
        """Every case that was closed, withdrawn or refused on a day that counts."""
        plan, teams, cases = world.plan, team_names(world), world.cases
        gone = cases.table[: cases.n][cases["closed"] >= world.first_day_counted]
        frame: dict[str, Any] = {
            "case": gone["key"],
            "stream": [plan.stream_names[stream] for stream in gone["stream"]],
            "status": [CASE_STATUS[status] for status in gone["status"]],
            "last_stage": [plan.stage_names[stage] for stage in gone["stage"]],
            "tier": [plan.tier_names[tier] for tier in gone["tier"]],
            "team": [teams[team] for team in gone["team"]],
            "workers": gone["workers"],
            "complexity": gone["complexity"],
            "rereferral": gone["returned"] == 1,
        }
        start = world.first_day_counted
        return pd.DataFrame(
            {**frame, **{f"day_{name}": gone[name] - start for name in ("arrived", "closed")}}
        )

    def _allocation_log(self, world: World) -> pd.DataFrame:
        plan, teams = world.plan, team_names(world)
        entries = [entry for entry in world.logged if len(entry)]
        rows = np.concatenate(entries) if entries else world.log[:0]
        rows = rows[rows["day"] >= world.first_day_counted]
        own = world.own_rule.name if world.own_rule else ""
        return pd.DataFrame(
            {
                "day": rows["day"] - world.first_day_counted,
                "date": world.calendar.dates[rows["day"]],
                "case": rows["case"],
                "team": [teams[team] for team in rows["team"]],
                "stage": [plan.stage_names[stage] for stage in rows["stage"]],
                "tier": [plan.tier_names[tier] for tier in rows["tier"]],
                "worker": world.workers["key"][rows["worker"]],
                "waited_days": rows["waited"],
                "why": [why(own or RULES[row["rule"]], row) for row in rows],
            }
        )


def team_names(world: World) -> list[str]:
    """Names of the teams: the kind, and a number where there are several."""
    return list(teams_by_name(world.plan.scenario))
