"""Workers: their days and evenings."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heapify, heappop
from typing import TYPE_CHECKING

import simpy

from benchmarks.idiomatic.absence import away, notice, plan_days_off
from benchmarks.idiomatic.cases import EMERGENCY, NOT_YET_DUE, URGENT, Case
from benchmarks.idiomatic.plan import (
    DAYS_A_WEEK,
    EVENING,
    WORK,
    WORK_BEGINS_WITHIN,
    WORKING_DAYS_A_YEAR,
)

if TYPE_CHECKING:
    from benchmarks.idiomatic.posts import Post
    from benchmarks.idiomatic.service import Service, Team
    from sim.scenario.people import Role

MONTH_OF_WORKING_DAYS = 22
SETTLED_IN_DAYS = 5
GRAVEST_FIRST = ("long_sickness", "parental_leave", "short_sickness")
HEAVIEST_LOAD = 3.0
CPD_AT_MOST_A_DAY = 2.0
CPD_LAPSES_ABOVE = 10.0
SMALL = 1e-9


class Worker:
    """Someone who works for the service, in a post or for an agency."""

    def __init__(
        self, service: Service, team: Team, role: Role, fte: float, *, post: Post | None,
        agency: bool, started: int, newly_qualified_until: int,
    ) -> None:  # fmt: skip
        scenario, chances = service.scenario, service.chances
        self.service, self.team, self.role, self.fte = service, team, role, fte
        self.post, self.agency, self.started = post, agency, started
        self.newly_qualified_until = newly_qualified_until
        self.cases: dict[int, Case] = {}
        self.workload = 0.0
        self.away: str | None = None
        self.on_notice = self.left = False
        exhaustion = scenario.wellbeing.exhaustion
        self.exhaustion = exhaustion.of_a_newcomer
        self.tendency = exhaustion.person_spread * chances.people.standard_normal()
        self.overtime_limit = service.draw_overtime() / DAYS_A_WEEK * fte
        self.day_overtime = self.day_admin_share = 0.0
        self.overdue_hours = self.cpd_owed = 0.0
        self.week_hours = 0.0
        self.weeks_over = 0
        today = service.day
        every = scenario.supervision.every_days
        self.supervision_due = today + int(chances.people.random() * every)
        self.last_supervision = today
        self.capacity = self.deployable_hours(today)
        # What is left of the hazard that this person can take before it strikes.
        self.until_leaving = chances.leaving.exponential()
        self.until = dict.fromkeys(service.draw_spell, 0.0)
        for kind in self.until:
            self.draw_threshold(kind)
        self.days_off = plan_days_off(service, today)
        team.workers.append(self)
        if agency:
            service.agency_fte += fte
        service.env.process(self.life())

    def draw_threshold(self, kind: str) -> None:
        """Draw how much more hazard it takes until the next absence of a kind."""
        self.until[kind] += self.service.chances.absence.exponential()

    # ------------------------------------------------------------ who and where

    def is_newly_qualified(self, day: int) -> bool:
        """In the first, protected year."""
        return day < self.newly_qualified_until

    def is_at_work(self, day: int) -> bool:
        """Neither away nor on leave or training."""
        return self.away is None and day not in self.days_off

    def can_be_given_cases(self, day: int) -> bool:
        """At work, holds cases, and stays."""
        return self.role.holds_cases and not self.on_notice and self.is_at_work(day)

    def has_room(self, day: int) -> bool:
        """Below the caps on cases and on workload."""
        allocation = self.service.scenario.allocation
        share = self.role.caseload_share
        if day < self.newly_qualified_until:
            share *= self.service.scenario.recruitment.newly_qualified.caseload_share
        cap, workload_cap = allocation.caseload_cap, allocation.workload_cap
        if cap is not None and len(self.cases) + 1 > cap * share * self.fte + SMALL:
            return False
        return workload_cap is None or self.workload < workload_cap * self.capacity

    def take_up(self, case: Case) -> None:
        """Add a case to the caseload."""
        self.cases[case.number] = case
        self.workload += case.weight

    def put_down(self, case: Case) -> None:
        """Take a case off the caseload."""
        del self.cases[case.number]
        self.workload = self.workload - case.weight if self.cases else 0.0

    def hand_over_all(self) -> None:
        """Put all cases back on the waiting list."""
        for case in list(self.cases.values()):
            case.put_down()
            case.join_waiting_list()

    def deployable_hours(self, day: int) -> float:
        """Hours a week for cases, after protected time and reductions."""
        scenario = self.service.scenario
        contracted = self.fte * self.service.hours_per_day
        protected = scenario.working_time.team_hours_per_week / DAYS_A_WEEK * self.fte
        every, reduced = scenario.supervision.every_days, 1.0
        if self.is_newly_qualified(day):
            scheme = scenario.recruitment.newly_qualified
            protected += scheme.protected_share * contracted
            every, reduced = scenario.supervision.newly_qualified_every_days, scheme.caseload_share
        protected += scenario.supervision.hours / every
        protected += scenario.supervision.cpd_hours_per_week / DAYS_A_WEEK * self.fte
        left = (contracted - protected) * self.role.casework_share * reduced
        return max(DAYS_A_WEEK * left, 0.1)

    def settle_in(self) -> Iterator[simpy.Event]:
        """After a few days, take over a share of the team's load from those who have most."""
        share = self.service.scenario.teams[self.team.kind].newcomers_take_over
        if not self.role.holds_cases or share == 0:
            return
        yield self.service.until_morning(self.service.day + SETTLED_IN_DAYS)
        if self.left or self.away is not None:
            return
        there = [w for w in self.team.workers if w.role.holds_cases and w.away is None]
        upto = share * sum(w.workload for w in there) / sum(w.capacity for w in there)
        while self.workload < upto * self.capacity:
            others = [w for w in self.team.workers if w is not self and w.cases]
            if not others:
                return
            most_loaded = max(others, key=lambda w: w.workload / w.capacity)
            case = max(most_loaded.cases.values(), key=lambda c: c.since)
            case.put_down()
            case.be_given_to(self, self.service.day)

    # ------------------------------------------------------------ the day

    def life(self) -> Iterator[simpy.Event]:
        """Day after day: work, then the evening."""
        env, mornings = self.service.env, self.service.chances.mornings
        day = self.service.day
        while True:
            # Another one is first each day to ask for business support and managers' time.
            yield env.timeout(day + WORK + WORK_BEGINS_WITHIN * mornings.random() - env.now)
            if self.left:
                return
            if self.role.holds_cases and self.is_at_work(day):
                self.work(day)
            yield env.timeout(day + EVENING - env.now)
            self.evening(day)
            day += 1

    def work(self, day: int) -> None:
        """Work for a day: what is protected first, then due work in order, then overtime."""
        service, team, scenario = self.service, self.team, self.service.scenario
        contracted = self.fte * service.hours_per_day
        protected = scenario.working_time.team_hours_per_week / DAYS_A_WEEK * self.fte
        if self.is_newly_qualified(day):
            protected += scenario.recruitment.newly_qualified.protected_share * contracted
        protected += self.hold_supervision(day) + self.take_cpd()
        protected = min(protected, contracted)
        available = (contracted - protected) * self.role.casework_share
        pace = self.pace(day)

        look_ahead = scenario.working_time.look_ahead_days
        agenda: list[tuple] = []
        for case in self.cases.values():
            case.add_due_work(agenda, day, look_ahead)
        if team.duty is self:
            theirs: list[tuple] = []
            for case in team.cases_of_the_absent(day):
                case.add_due_work(theirs, day, look_ahead)
            agenda += [entry for entry in theirs if entry[0] <= URGENT]
        heapify(agenda)

        delegable_share = scenario.working_time.delegable_admin_share
        direct = admin = used = 0.0
        while agenda:
            order, piece = agenda[0][0], agenda[0][-1]
            may_use = available - used
            if order != NOT_YET_DUE:
                may_use += self.overtime_limit
            if order == EMERGENCY:
                may_use += scenario.working_time.emergency_hours
            if may_use <= SMALL:
                break
            hours, admin_hours = piece.left, piece.left * piece.work.admin_share
            supported = min(admin_hours * delegable_share, team.support_left)
            own = hours - supported
            needed = own / pace
            part = min(1.0, may_use / needed) if needed > 0 else 1.0
            spent = part * needed
            used += spent
            if own > SMALL:
                own_admin = (admin_hours - supported) / own
                admin += spent * own_admin
                direct += spent * (1 - own_admin)
            team.support_left -= part * supported
            if part < 1:
                piece.left = hours * (1 - part)
                break
            piece.case.finish(piece, day)
            heappop(agenda)

        self.overdue_hours = sum(
            piece.left for order, due, _, _, piece in agenda if order != NOT_YET_DUE and due < day
        )
        overtime = max(0.0, used - available)
        self.day_overtime = overtime
        self.day_admin_share = admin / (contracted + overtime)
        self.week_hours += contracted + overtime
        service.counts.count_hours(self.fte, contracted, overtime, direct, admin)

    def pace(self, day: int) -> float:
        """What an hour achieves: less when new, less when exhausted, more in a hurry."""
        scenario = self.service.scenario
        pace = 1 - scenario.wellbeing.exhaustion.on_speed * self.exhaustion
        pace *= 1 + self.hurry()
        days_to_full_speed = scenario.recruitment.weeks_to_full_speed * DAYS_A_WEEK
        in_post = day - self.started
        if in_post < days_to_full_speed:
            at_start = scenario.recruitment.speed_at_start
            pace *= at_start + (1 - at_start) * in_post / days_to_full_speed
        return max(pace, 0.05)

    def hurry(self) -> float:
        """How much more an hour achieves with work overdue: in full with a day's work."""
        a_day = self.service.hours_per_day * self.fte
        return self.service.scenario.working_time.hurry * min(1.0, self.overdue_hours / a_day)

    def hold_supervision(self, day: int) -> float:
        """Have supervision, if it is due and nothing stands in its way; give the hours."""
        if day < self.supervision_due:
            return 0.0
        terms, counts, team = self.service.scenario.supervision, self.service.counts, self.team
        every = terms.every_days
        if self.is_newly_qualified(day):
            every = terms.newly_qualified_every_days
        has_time = self.overdue_hours <= terms.displaced_above_hours
        if has_time and team.manager_hours >= terms.manager_hours - SMALL:
            team.manager_hours -= terms.manager_hours
            counts.supervision_due += 1
            counts.supervision_held += 1
            self.last_supervision = day
            self.supervision_due = day + int(every)
            return terms.hours
        if day - self.supervision_due >= terms.missed_after_days:
            counts.supervision_due += 1
            self.supervision_due += int(every)
        return 0.0

    def take_cpd(self) -> float:
        """Take time for professional development, unless too much is overdue; give the hours."""
        terms = self.service.scenario.supervision
        owed = self.cpd_owed + terms.cpd_hours_per_week / DAYS_A_WEEK * self.fte
        taken = 0.0
        if self.overdue_hours <= terms.displaced_above_hours:
            taken = min(owed, CPD_AT_MOST_A_DAY)
        self.cpd_owed = min(owed - taken, CPD_LAPSES_ABOVE)
        return taken

    # ------------------------------------------------------------ the evening

    def evening(self, day: int) -> None:
        """Count the day, wear or rest, and see what befalls; on the week's last day, count it."""
        service = self.service
        service.counts.count_worker_day(self)
        if self.role.holds_cases:
            if day == self.newly_qualified_until:
                self.capacity = self.deployable_hours(day)
            self.wear_and_rest(day)
        self.gather_hazards(day)
        if service.last_of_week[day] and self.role.holds_cases:
            overload = service.scenario.wellbeing.overload
            is_over = self.workload > overload.level * self.capacity * (1 + 1e-12)
            is_over = is_over or (self.away is not None and self.workload > 0)
            self.weeks_over = self.weeks_over + 1 if is_over else 0
            service.counts.count_worker_week(self)
            self.week_hours = 0.0

    def wear_and_rest(self, day: int) -> None:
        """Move exhaustion towards what the day's strain tends to, or down on a day away."""
        e = self.service.scenario.wellbeing.exhaustion
        if not self.is_at_work(day):
            self.exhaustion -= self.exhaustion / e.days_to_recover
            return
        load = min(self.workload / self.capacity, HEAVIEST_LOAD)
        unmet = sum(
            case.high_risk and case.has_overdue_contact(day) for case in self.cases.values()
        )
        level = (
            e.base
            + self.tendency
            + e.from_workload * (load - 1)
            + e.from_overtime * self.day_overtime
            + e.from_hurry * self.hurry()
            + e.from_admin * self.day_admin_share
            + e.from_unmet_need * unmet
        )
        if day - self.last_supervision <= MONTH_OF_WORKING_DAYS:
            level -= e.supervision_relief
        level = min(max(level, 0.0), 1.0)
        self.exhaustion += (level - self.exhaustion) / e.days_to_build

    def gather_hazards(self, day: int) -> None:
        """Come a day nearer to illness, parenthood and leaving."""
        service, scenario = self.service, self.service.scenario
        absence, e = scenario.absence, scenario.wellbeing.exhaustion
        if self.away is None:
            ill = (1 + e.on_sickness * self.exhaustion) / WORKING_DAYS_A_YEAR
            until = self.until
            until["short_sickness"] -= absence.short_sickness.per_year * ill
            until["long_sickness"] -= absence.long_sickness.per_year * ill
            if not self.agency:
                until["parental_leave"] -= absence.parental_leave.per_year / WORKING_DAYS_A_YEAR
            kind = next((kind for kind in GRAVEST_FIRST if until[kind] <= 0), None)
            if kind is not None:
                service.env.process(away(self, kind))
        if not (self.agency or self.on_notice):
            years = (day - self.started) / WORKING_DAYS_A_YEAR
            factor = next(
                (band.factor for band in service.tenure_bands if years < band.up_to_years), 1.0
            )
            rate = scenario.turnover.leaving_per_year / WORKING_DAYS_A_YEAR
            self.until_leaving -= (
                rate * (1 + e.on_leaving * self.exhaustion) * factor * self.role.leaving_factor
            )
            if self.until_leaving <= 0:
                self.on_notice = True
                service.env.process(notice(self))

    def leave(self) -> None:
        """Hand everything over, and go."""
        self.hand_over_all()
        self.left = True
        self.team.workers.remove(self)
        if self.agency:
            self.service.agency_fte -= self.fte
