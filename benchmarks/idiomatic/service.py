"""The service: its clock, its teams and their mornings, and what starts everything else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from math import ceil, inf

import simpy

from benchmarks.idiomatic.cases import Case, Needs, arrivals
from benchmarks.idiomatic.counts import Counts, count_each_day
from benchmarks.idiomatic.plan import (
    AFTER_WORK,
    COUNT,
    DAYS_A_WEEK,
    MEETING,
    SMALL,
    STAGES_END,
    Chances,
    make_stage,
    refuse_what_is_not_modelled,
    sampler,
)
from benchmarks.idiomatic.posts import Post, newly_qualified_intake, returners, staff_posts
from benchmarks.idiomatic.starting import open_cases
from benchmarks.idiomatic.workers import Worker
from sim.scenario.calendar import Calendar
from sim.scenario.service import Scenario


class Team:
    """A team: its workers, its waiting list, and the time that its members share."""

    def __init__(self, service: Service, kind: str, business_support: float) -> None:
        self.service = service
        self.kind = kind
        self.workers: list[Worker] = []
        self.waiting: list[list[Case]] = [[] for _ in service.tiers]
        self.business_support = business_support
        self.support_left = 0.0
        self.manager_hours = 0.0
        self.duty: Worker | None = None

    def mornings(self) -> Iterator[simpy.Event]:
        """Each morning: the allocation meeting, duty, managers' and business support's time."""
        service = self.service
        yield service.env.timeout(MEETING)
        while True:
            day = service.day
            present = [worker for worker in self.workers if worker.can_be_given_cases(day)]
            if present:
                self.allocate(present, day)
            self.duty = present[day % len(present)] if present else None
            self.save_manager_time(day)
            time = service.scenario.working_time
            self.support_left = (
                self.business_support
                * service.hours_per_day
                * time.business_support_productive_share
            )
            yield service.env.timeout(1)

    def allocate(self, present: list[Worker], day: int) -> None:
        """Give waiting cases to who has room and the lowest workload; the top tier whatever."""
        with_room = [worker for worker in present if worker.has_room(day)]
        for number, tier in enumerate(self.service.tiers):
            still_waiting = []
            for case in self.waiting[number]:
                eligible = present if tier.duty else with_room
                if not eligible:
                    still_waiting.append(case)
                    continue
                weight = case.weight
                chosen = min(eligible, key=lambda w: (w.workload + weight) / w.capacity)
                case.be_given_to(chosen, day)
                if chosen in with_room and not chosen.has_room(day):
                    with_room.remove(chosen)
            self.waiting[number] = still_waiting

    def need(self) -> tuple[float, float]:
        """The team's work for the hours of those who are in; of equals, fewer hours come first."""
        hours = sum(w.capacity for w in self.workers if w.role.holds_cases and w.away is None)
        work = sum(worker.workload for worker in self.workers)
        work += sum(case.weight for cases in self.waiting for case in cases)
        if hours == 0:
            return (inf if work > 0 else 0.0), 0.0
        return work / hours, -hours

    def save_manager_time(self, day: int) -> None:
        """Managers who are in add to the time for supervision; what is a week old is gone."""
        terms = self.service.scenario.supervision
        a_day = terms.manager_hours_per_week / DAYS_A_WEEK
        managers = [worker for worker in self.workers if worker.role.supervises]
        self.manager_hours += sum(a_day * m.fte for m in managers if m.is_at_work(day))
        most = sum(DAYS_A_WEEK * a_day * m.fte for m in managers)
        if managers:  # whoever has less than a session's time a week saves up for one
            most = max(most, terms.manager_hours)
        self.manager_hours = min(self.manager_hours, most)

    def cases_of_the_absent(self, day: int) -> Iterator[Case]:
        """Cases whose worker is away today."""
        for worker in self.workers:
            if worker.cases and not worker.is_at_work(day):
                yield from worker.cases.values()


class Service:
    """One run of a service."""

    def __init__(self, scenario: Scenario, *, seed: int, replication: int, years: float) -> None:
        refuse_what_is_not_modelled(scenario)
        self.scenario = scenario
        self.env = simpy.Environment()
        self.chances = Chances(seed, replication)
        self.counts = Counts(scenario)

        first = scenario.start_date - timedelta(weeks=scenario.warm_up_weeks)
        last = scenario.start_date + timedelta(days=round(years * 365.25))
        calendar = Calendar(first, (last - first).days, scenario.bank_holidays)
        self.calendar = calendar
        self.first_date = first
        self.horizon = calendar.day_on_or_after(last)
        self.first_day_counted = calendar.day_on_or_after(scenario.start_date)
        self.last_of_week = calendar.last_of_week.tolist()
        self.school_holiday = calendar.school_holiday.tolist()

        self.hours_per_day = scenario.working_time.hours_per_week / DAYS_A_WEEK
        self.tiers = list(scenario.risk_tiers.values())
        self.stages = {
            pathway_name: {
                name: make_stage(name, stage, list(scenario.risk_tiers), self.chances)
                for name, stage in pathway.stages.items()
            }
            for pathway_name, pathway in scenario.pathways.items()
        }
        absence, recruitment, agency = scenario.absence, scenario.recruitment, scenario.agency
        people = self.chances.people
        self.draw_overtime = sampler(scenario.working_time.overtime_hours_per_week, people)
        self.draw_spell = {
            kind: sampler(getattr(absence, kind).duration, self.chances.absence)
            for kind in ("short_sickness", "long_sickness", "parental_leave")
        }
        self.draw_approval = sampler(recruitment.approval_days, self.chances.posts)
        self.draw_round = sampler(recruitment.round_days, self.chances.posts)
        self.draw_return = {
            name: sampler(pathway.rereferral.after, self.chances.durations)
            for name, pathway in scenario.pathways.items()
            if pathway.rereferral is not None
        }
        self.needs = {name: Needs(self, stream) for name, stream in scenario.demand.items()}
        self.tenure_bands = sorted(scenario.turnover.by_tenure, key=lambda band: band.up_to_years)
        self.draw_lead = sampler(agency.lead_days, self.chances.agency)
        self.draw_stay = sampler(agency.stay_days, self.chances.agency)

        self.teams: dict[str, list[Team]] = {
            kind: [Team(self, kind, team.business_support) for _ in range(team.number)]
            for kind, team in scenario.teams.items()
        }
        self.all_teams = [team for teams in self.teams.values() for team in teams]
        self.posts: list[Post] = []
        self.agency_fte = 0.0
        self.n_cases = 0
        self.open_cases = 0

        staff_posts(self)
        self.env.run(until=SMALL)  # agency cover that is there on the first day
        if scenario.start == "steady":
            open_cases(self)
        for name, stream in scenario.demand.items():
            self.env.process(arrivals(self, name, stream))
        for team in self.all_teams:
            self.env.process(team.mornings())
        self.env.process(newly_qualified_intake(self))
        self.env.process(returners(self))
        self.env.process(count_each_day(self))
        if scenario.wellbeing.exhaustion.crosses_over > 0:
            self.env.process(crossing_over(self))

    @property
    def day(self) -> int:
        """The working day that it is."""
        return int(self.env.now + SMALL)

    @property
    def established_fte(self) -> float:
        """FTE of all posts."""
        return sum(post.fte for post in self.posts)

    def until_morning(self, day: float) -> simpy.Event:
        """Wait for the morning of a day, or go on at once if it has come."""
        return self.env.timeout(max(0.0, day - self.env.now))

    def until_over(self, ends: float) -> simpy.Event:
        """Wait until a stage can end: on the day in whose middle `ends` has come, or the next time.

        That is in the morning, before the meetings, or after work for what had to wait for it.
        """
        day = max(self.day, ceil(ends - 0.5))
        times = (day + STAGES_END, day + AFTER_WORK, day + 1 + STAGES_END)
        return self.env.timeout(next(t for t in times if t > self.env.now + SMALL) - self.env.now)

    def run(self, until_day: int | None = None) -> None:
        """Run to the morning of a day, or to the end."""
        self.env.run(until=(self.horizon if until_day is None else until_day) - SMALL / 2)


def crossing_over(service: Service) -> Iterator[simpy.Event]:
    """Each evening those who hold no cases share the exhaustion of those of their team who do."""
    e = service.scenario.wellbeing.exhaustion
    own = e.of_a_newcomer
    while True:
        yield service.env.timeout(service.day + COUNT - service.env.now)
        all_holders = [w for t in service.all_teams for w in t.workers if w.role.holds_cases]
        for team in service.all_teams:
            holders = [w for w in team.workers if w.role.holds_cases] or all_holders
            if holders:
                theirs = sum(worker.exhaustion for worker in holders) / len(holders)
                for worker in team.workers:
                    if not worker.role.holds_cases:
                        worker.exhaustion = own + e.crosses_over * (theirs - own)
        yield service.until_morning(service.day + 1)


def simulate(scenario: Scenario, *, seed: int, replication: int, years: float) -> dict[str, float]:
    """Simulate a service once; give its outcomes."""
    service = Service(scenario, seed=seed, replication=replication, years=years)
    service.run()
    return service.counts.outcomes()
