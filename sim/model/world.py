"""One run: a simulated service from its first morning to its last evening."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pandas as pd
import simpy
from numpy.typing import NDArray

from sim.model.allocation import LOG, LONGEST_WAIT
from sim.model.allocation_meeting import allocation_meetings
from sim.model.allocation_rules import AllocationRule
from sim.model.arrivals import arrivals
from sim.model.blueprint import make_blueprint
from sim.model.chances import chances_of
from sim.model.close_of_day import closes_of_day
from sim.model.columns import CASE_STATUS, NOBODY, TEAM, Cases, Table, Workers
from sim.model.compiled import SameEachDay
from sim.model.holding import Held, Memory, Remembering, hold_arrows
from sim.model.intensity import daily_intensity, known_arrivals
from sim.model.levers import pull
from sim.model.listed_cases import open_listed_cases
from sim.model.newly_qualified import newly_qualified_intake
from sim.model.outcomes import measure
from sim.model.plan_columns import LONGEST
from sim.model.posts import empty_posts
from sim.model.real_start import continue_absences_and_notices, staff_from_list, tire
from sim.model.recording import Record
from sim.model.recruitment import returners
from sim.model.starting_position import open_cases, staff_posts
from sim.model.tallies import FIRST_TIMESCALE
from sim.model.trace import Trace
from sim.model.weekly_count import CASELOADS
from sim.model.working_day import working_days
from sim.scenario.calendar import Calendar
from sim.scenario.policy import Policy
from sim.scenario.service import Scenario

DAYS_A_YEAR = 365.25
JUST_AFTER = 1e-6  # of a day: sums of fractions of days may fall short of a whole day
LATEST = 0.95  # time of the last evening's end


@dataclass(frozen=True)
class RunResult:
    """What a run gives: every outcome; the tables, event log and memory that were asked for."""

    outcomes: dict[str, float]
    tables: dict[str, pd.DataFrame]
    events: pd.DataFrame | None = None
    memory: Memory | None = None


class World:
    """The state of one run, and the clock; `env.now` counts working days from the first one."""

    def __init__(
        self,
        scenario: Scenario,
        policy: Policy,
        *,
        seed: int,
        replication: int,
        years: float,
        tables: Collection[str] = (),
        trace: bool = False,
        allocation_rule: AllocationRule | None = None,
        apart: Mapping[str, int] | None = None,
        remember: bool = False,
        held: Held | None = None,
    ) -> None:
        self.seed, self.chances = seed, chances_of(replication, apart)
        self.policy, self.own_rule = policy, allocation_rule
        self.env = simpy.Environment()
        self.each_day = SameEachDay()
        self.plan = make_blueprint(scenario)
        plan = self.plan

        first_date = scenario.start_date - timedelta(weeks=scenario.warm_up_weeks)
        last_date = scenario.start_date + timedelta(days=round(years * DAYS_A_YEAR))
        span = (last_date - first_date).days
        whole = Calendar(first_date, span, scenario.bank_holidays)
        self.horizon = max(1, whole.day_on_or_after(last_date))
        self.calendar = Calendar(first_date, self.horizon, scenario.bank_holidays)
        self.first_day_counted = self.calendar.day_on_or_after(scenario.start_date)
        # The calendar days whose arrivals join each working day: see Calendar.calendar_days_before.
        after = self.calendar.calendar_day + 1
        self.calendar_days = np.split(np.arange(after[-1], dtype=np.int64), after[:-1])
        self.intensity = daily_intensity(scenario, first_date, span, self.calendar)
        self.anyone_gives_up = bool(
            (plan.streams["patience"] >= 0).any() or (plan.stages["patience"] >= 0).any()
        )
        self.anything_is_shared = bool(plan.stages["shared"].any())
        self.known = known_arrivals(scenario, first_date, span)
        self.known_most = int(self.known.sum())
        longest = max(len(days) for days in self.calendar_days)
        self.numbers: NDArray[np.int64] = np.zeros((longest, len(plan.streams)), np.int64)
        leave = scenario.absence.annual_leave
        weights = np.where(self.calendar.school_holiday, leave.school_holiday_weight, 1.0)
        self.leave_weights = np.concatenate([[0.0], np.cumsum(weights)])
        self.intake_days = self._intake_days()

        teams = int(plan.teams_of_kind.sum())
        self.teams: Table = np.zeros(teams, TEAM)
        self.heads: NDArray[np.int64] = np.full((teams, len(plan.tiers)), NOBODY, np.int64)
        self.tails = self.heads.copy()
        self.returning: NDArray[np.int64] = np.full(self.horizon + 1, NOBODY, np.int64)
        self.cases = Cases()
        self.workers = Workers(rows=512, days=self.horizon + 1)
        self.posts: Table = empty_posts()
        self.n_posts = 0
        self.post_counts: dict[tuple[int, int, int], int] = {}
        shares = len(plan.timescales) + len(plan.worker_changes)
        self.tally = np.zeros((teams, FIRST_TIMESCALE + 2 * shares))
        # Those open this evening, by team, status and tier.
        self.open_cases: NDArray[np.int64] = np.zeros(
            (teams, len(CASE_STATUS), len(plan.tiers)), np.int64
        )
        self.waits: NDArray[np.int64] = np.zeros((len(plan.tiers), LONGEST_WAIT + 1), np.int64)
        # Stages that ended under each timescale, by the working days that they took.
        self.lengths: NDArray[np.int64] = np.zeros((len(plan.timescales), LONGEST + 1), np.int64)
        self.caseloads = np.zeros(CASELOADS)
        self.struck: NDArray[np.int64] = np.zeros(0, np.int64)
        self.struck_by: NDArray[np.int64] = np.zeros(0, np.int64)
        self.order = 0  # allocations so far
        self.keep_log = "allocation_log" in tables
        self.log: Table = np.zeros(1, LOG)
        self.logged: list[Table] = []
        self.record = Record(self, tables)
        self.trace = Trace(self) if trace else None
        self.held = held
        self.remembering = Remembering() if remember else None
        self.returners_saw: list[float] = []  # cases per FTE, each month
        self.own_posts = 0  # posts of the scenario itself, the first rows

        self._fill_desks()
        self._begin_processes()

    @property
    def day(self) -> int:
        """The working day that it is."""
        return int(self.env.now + JUST_AFTER)

    def _fill_desks(self) -> None:
        """Have everyone in post, and every open case with its worker or on a list."""
        scenario = self.plan.scenario
        position = scenario.position
        if position is not None:
            people = staff_from_list(self, position)
            self.own_posts = self.n_posts
            self.env.run(until=JUST_AFTER / 2)
            open_listed_cases(self, position, people)
            tire(self)
            continue_absences_and_notices(self, position, people)
            return
        if not isinstance(scenario.start, str):
            raise ValueError("the position that the scenario starts from has not been read")
        staff_posts(self)
        self.own_posts = self.n_posts
        # Agency workers who cover posts on the first morning start before the cases are shared out.
        self.env.run(until=JUST_AFTER / 2)
        if scenario.start == "steady":
            open_cases(self)

    def in_days(self, number: int) -> simpy.Event:
        """Wait until the morning so many days from today."""
        now = self.env.now
        return self.env.timeout(max(0.0, int(now + JUST_AFTER) + number - now))

    def until(self, day: float) -> simpy.Event:
        """Wait until the morning of a day."""
        return self.env.timeout(max(0.0, day - self.env.now))

    def _intake_days(self) -> list[int]:
        scheme = self.plan.scenario.recruitment.newly_qualified
        if scheme is None:
            return []
        months = self.calendar.dates.astype("datetime64[M]").astype(int) % 12 + 1
        first = self.calendar.first_of_month & (months == scheme.month)
        return [int(day) for day in np.flatnonzero(first)]

    def _begin_processes(self) -> None:
        for number, lever in enumerate(self.policy.levers):  # before the doors open
            self.env.process(pull(self, lever, number))
        for process in (
            arrivals(self),
            allocation_meetings(self),
            working_days(self),
            closes_of_day(self),
            newly_qualified_intake(self),
            returners(self),
        ):
            self.env.process(process)
        if self.trace is not None:
            self.env.process(self.trace.watch(self))
        if self.remembering is not None:
            self.env.process(self.remembering.watch(self))
        if self.held is not None:
            self.env.process(hold_arrows(self, self.held))

    def run(self) -> RunResult:
        """Run to the last evening, and measure."""
        self.env.run(until=self.horizon - 1 + LATEST)
        outcomes = measure(self)
        events = None if self.trace is None else self.trace.events(self)
        memory = None if self.remembering is None else self.remembering.memory(self)
        return RunResult(outcomes, self.record.tables(self), events, memory)


def simulate(
    scenario: Scenario,
    policy: Policy,
    *,
    seed: int,
    replication: int,
    years: float,
    tables: Collection[str] = (),
    trace: bool = False,
    allocation_rule: AllocationRule | None = None,
    apart: Mapping[str, int] | None = None,
    remember: bool = False,
    held: Held | None = None,
) -> RunResult:
    """Simulate a service under a policy, once.

    Parameters
    ----------
    scenario, policy
        What is simulated. Neither is changed.
    seed, replication
        Which chances: the same pair gives the same families and the same people under any policy.
    years
        That count, after the scenario's warm-up.
    tables
        Of team_weeks, worker_weeks, closed_cases, allocation_log.
    trace
        Keep a log of every event.
    allocation_rule
        A rule of one's own, in place of the scenario's; see `sim.model.allocation_rules`.
    apart
        Sources of chance (`sim.model.chances.SOURCES`) that take their draws from another
        replication, while the rest keeps to this one: ``{"absence": 7}``.
    remember
        Keep what another run can be held at, under the same seed, replication and years.
    held
        Arrows of the loop that do not respond, and the run that they are held at; see
        `sim.model.holding`.

    Raises
    ------
    InputError
        If there is no such source of chance.
    """
    world = World(
        scenario, policy, seed=seed, replication=replication, years=years, tables=tables,
        trace=trace, allocation_rule=allocation_rule, apart=apart, remember=remember, held=held,
    )  # fmt: skip
    return world.run()


def warm_up_compiler(scenario: Scenario) -> float:
    """Run a few days, so that everything is compiled or loaded; give the seconds it took."""
    began = time.perf_counter()
    simulate(
        scenario.model_copy(update={"warm_up_weeks": 0}),
        Policy(name="first", label="first use"),
        seed=0,
        replication=0,
        years=0.1,  # long enough that people leave and cases are handed over
    )
    return time.perf_counter() - began
