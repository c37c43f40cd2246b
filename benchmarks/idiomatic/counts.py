"""What is counted, and the outcomes made from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

import simpy

from benchmarks.idiomatic.plan import COUNT, WORKING_DAYS_A_YEAR

if TYPE_CHECKING:
    from benchmarks.idiomatic.service import Service
    from benchmarks.idiomatic.workers import Worker
    from sim.scenario.service import Scenario


class Counts:
    """Sums over the days that count; made anew at the end of the warm-up."""

    def __init__(self, scenario: Scenario) -> None:
        self.long_hours = scenario.wellbeing.long_hours
        self.overload_weeks = scenario.wellbeing.overload.weeks
        self.days = 0
        self.arrivals = self.rereferrals = self.closures = 0
        self.closed_held = self.workers_of_closed = 0
        self.allocations = self.waited_days = self.high_risk = self.high_risk_in_a_day = 0
        self.visits = self.visits_on_time = 0
        self.ended: Counter[str] = Counter()
        self.in_time: Counter[str] = Counter()
        self.open_case_days = self.waiting_case_days = self.held_case_days = 0
        self.contracted = self.overtime = self.direct = self.admin = self.worked_fte_days = 0.0
        self.supervision_due = self.supervision_held = 0
        self.in_post = self.vacant = self.agency = self.holders = self.sick = self.leavers_fte = 0.0
        self.worker_weeks = self.overloaded = self.long_weeks = 0
        self.exhaustion = self.load = self.load_weeks = 0.0

    def count_allocation(self, waited: int, high_risk: bool) -> None:
        """A first allocation in a stage."""
        self.allocations += 1
        self.waited_days += waited
        if high_risk:
            self.high_risk += 1
            self.high_risk_in_a_day += waited <= 1

    def count_visit(self, on_time: bool) -> None:
        """A contact with the family."""
        self.visits += 1
        self.visits_on_time += on_time

    def count_timescale(self, outcome: str, in_time: bool) -> None:
        """The end of a stage that has a timescale."""
        self.ended[outcome] += 1
        self.in_time[outcome] += in_time

    def count_closure(self, workers: int) -> None:
        """A case closed."""
        self.closures += 1
        if workers:
            self.closed_held += 1
            self.workers_of_closed += workers

    def count_hours(
        self, fte: float, contracted: float, overtime: float, direct: float, admin: float
    ) -> None:
        """A day of a worker who holds cases."""
        self.worked_fte_days += fte
        self.contracted += contracted
        self.overtime += overtime
        self.direct += direct
        self.admin += admin

    def count_worker_day(self, worker: Worker) -> None:
        """Someone who works for the service, in the evening."""
        if worker.cases:
            self.holders += worker.fte
            self.held_case_days += len(worker.cases)
        if worker.agency:
            self.agency += worker.fte
            return
        self.in_post += worker.fte
        if worker.away in ("short_sickness", "long_sickness"):
            self.sick += worker.fte

    def count_worker_week(self, worker: Worker) -> None:
        """A case-holding worker at the end of the week."""
        self.worker_weeks += 1
        self.overloaded += worker.weeks_over >= self.overload_weeks
        self.long_weeks += worker.week_hours > self.long_hours
        self.exhaustion += worker.exhaustion
        if worker.away is None:
            self.load += worker.workload / worker.capacity
            self.load_weeks += 1

    def outcomes(self) -> dict[str, float]:
        """Make the outcomes; those that do not apply are left out."""
        hours = self.contracted + self.overtime
        years = self.days / WORKING_DAYS_A_YEAR
        quotients = {
            "caseload_per_fte": (self.held_case_days, self.holders),
            "turnover_rate": (self.leavers_fte * WORKING_DAYS_A_YEAR, self.in_post),
            "vacancy_rate": (self.vacant, self.vacant + self.in_post),
            "agency_rate": (self.agency, self.agency + self.in_post),
            "absence_rate": (self.sick, self.in_post),
            "hours_per_week": (5 * hours, self.worked_fte_days),
            "worker_weeks_over_50_hours": (self.long_weeks, self.worker_weeks),
            "overloaded_worker_weeks": (self.overloaded, self.worker_weeks),
            "workload_ratio": (self.load, self.load_weeks),
            "exhaustion": (self.exhaustion, self.worker_weeks),
            "supervision_held": (self.supervision_held, self.supervision_due),
            "direct_time_share": (self.direct, hours),
            "admin_time_share": (self.admin, hours),
            "unallocated_cases_mean": (self.waiting_case_days, self.days),
            "allocation_days_mean": (self.waited_days, self.allocations),
            "high_risk_allocated_in_1_day": (self.high_risk_in_a_day, self.high_risk),
            "visits_on_time": (self.visits_on_time, self.visits),
            "workers_per_case": (self.workers_of_closed, self.closed_held),
            "open_cases_mean": (self.open_case_days, self.days),
            "arrivals_per_year": (self.arrivals, years),
            "rereferral_share": (self.rereferrals, self.arrivals),
            "closures_per_year": (self.closures, years),
        } | {key: (self.in_time[key], ended) for key, ended in self.ended.items()}
        return {key: above / below for key, (above, below) in quotients.items() if below > 0}


def count_each_day(service: Service) -> Iterator[simpy.Event]:
    """Each evening count cases and posts; on the last one of the warm-up, begin anew."""
    while True:
        yield service.env.timeout(service.day + COUNT - service.env.now)
        counts = service.counts
        counts.days += 1
        counts.open_case_days += service.open_cases
        counts.waiting_case_days += sum(
            len(cases) for team in service.all_teams for cases in team.waiting
        )
        counts.vacant += sum(post.fte for post in service.posts if post.holder is None)
        if service.day + 1 == service.first_day_counted:
            service.counts = Counts(service.scenario)
        yield service.until_morning(service.day + 1)
