"""Cases: how they arrive, live through their pathway, and come back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

import simpy

from benchmarks.idiomatic.plan import (
    Stage,
    Work,
    chooser,
    intensity,
    sampler,
)
from sim.scenario.pathway import CLOSED

if TYPE_CHECKING:
    from benchmarks.idiomatic.service import Service, Team
    from benchmarks.idiomatic.workers import Worker
    from sim.scenario.demand import Stream

EMERGENCY, URGENT, DUE, NOT_YET_DUE = range(4)
HANDOVER_DUE_DAYS = 5


@dataclass(slots=True, eq=False)
class Piece:
    """A piece of work to be done for a case."""

    case: Case
    work: Work
    due: float
    opens: float  # the day from which it may be done
    left: float  # hours

    def holds_up(self, day: float) -> bool:
        """Whether the stage cannot end without it by a day: of what comes again, what must be."""
        return not self.work.recurring or (self.work.must_be_done and self.due <= day)


class Case:
    """A case, from its referral to its closing."""

    __slots__ = (
        "area", "arrived", "clock", "complexity", "ends", "entered", "first_allocation",
        "former_worker", "handover", "high_risk", "news", "number", "pathway", "pieces",
        "service", "since", "stage", "stages", "stream", "team", "tier", "waiting_since",
        "weight", "worker", "workers",
    )  # fmt: skip

    def __init__(self, service: Service, stream: str) -> None:
        service.n_cases += 1
        self.number = service.n_cases
        self.service, self.stream = service, stream
        self.pathway = service.scenario.demand[stream].pathway
        self.stages = service.stages[self.pathway]
        self.tier, self.complexity, self.area = service.needs[stream].draw()
        self.high_risk = service.tiers[self.tier].high_risk
        self.arrived = self.entered = self.clock = service.day
        self.stage: Stage = next(iter(self.stages.values()))
        self.ends = 0.0
        self.team: Team | None = None
        self.worker: Worker | None = None
        self.former_worker: Worker | None = None
        self.workers = 0
        self.since = 0  # the day on which the worker took up this stage
        self.weight = 0.0
        self.waiting_since = 0
        self.pieces: list[Piece] = []
        self.handover: Piece | None = None
        self.first_allocation: simpy.Event | None = None
        self.news: simpy.Event | None = None

    def life(self, under_way: bool = False) -> Iterator[simpy.Event]:
        """Go from stage to stage until the case is closed."""
        service = self.service
        service.open_cases += 1
        while True:
            if not under_way:
                self.enter_stage()
                if self.stage.team is not None:
                    if self.worker is None:
                        self.first_allocation = service.env.event()
                        self.join_waiting_list()
                        yield self.first_allocation
                    self.begin_work()
            under_way = False
            yield service.until_over(self.ends)
            while not self.may_end():
                if self.stage.booked_again is not None:
                    self.put_off()
                else:
                    self.news = service.env.event()
                    yield self.news
                yield service.until_over(self.ends)
            self.count_timescale()
            following = self.stage.choose_next()
            if following == CLOSED:
                break
            self.move_to(self.stages[following])
        self.close()

    def enter_stage(self) -> None:
        """Note that a stage begins today."""
        stage, day = self.stage, self.service.day
        self.entered = day
        self.tier = min(self.tier, stage.lowest_tier)
        self.high_risk = self.service.tiers[self.tier].high_risk
        if stage.starts_clock:
            self.clock = day
        if stage.duration_from != "allocation":
            self.ends = stage.duration() + (day if stage.duration_from == "entry" else self.clock)
        self.weight = stage.weight * self.complexity
        if self.worker is not None:
            self.worker.workload += self.weight

    def join_waiting_list(self) -> None:
        """Wait for a worker in the team of the case's area."""
        teams = self.service.teams[self.stage.team]
        self.team = teams[int(self.area * len(teams))]
        self.waiting_since = self.service.day
        self.team.waiting[self.tier].append(self)

    def be_given_to(self, worker: Worker, day: int) -> None:
        """Become a worker's case; one who does not know it has to read it and meet the family."""
        service = self.service
        first_time = self.first_allocation is not None
        if first_time:
            service.counts.count_allocation(day - self.waiting_since, self.high_risk)
            self.handover = None
        is_new = worker is not self.former_worker
        if is_new or self.workers == 0:
            self.workers += 1
        if is_new and self.former_worker is not None:
            hours = service.scenario.allocation.handover_hours
            if hours > 0:
                due = day + HANDOVER_DUE_DAYS
                self.handover = Piece(self, HANDOVER, due, day, hours)
        self.worker = worker
        self.since = day
        worker.take_up(self)
        if first_time:
            self.first_allocation.succeed()
            self.first_allocation = None
        else:
            self.tell()

    def begin_work(self) -> None:
        """Set up the work of a stage when its worker takes it up."""
        stage, day = self.stage, self.service.day
        if stage.duration_from == "allocation":
            self.ends = day + stage.duration()
        self.since = day
        self.ends += stage.days_for_each_case * len(self.worker.cases) / self.worker.fte
        if stage.booked_for is not None:
            self.ends = max(self.ends, self.timescale_base() + stage.booked_for())
        self.pieces = []
        for work in stage.work:
            due, opens = day + work.first_within, 0.0
            if work.recurring:
                opens = due - work.opens_before
            elif work.closing:
                opens = self.ends - 0.5
                due = self.ends + work.first_within
                if stage.outcome is not None:
                    due = self.timescale_base() + stage.within
            self.pieces.append(Piece(self, work, due, opens, work.hours * self.complexity))

    def finish(self, piece: Piece, day: int) -> None:
        """Note that a piece of work is done; recurring work comes again."""
        work = piece.work
        if work.contact:
            self.service.counts.count_visit(on_time=day <= piece.due)
        if work.recurring:
            piece.due = day + work.every
            piece.opens = piece.due - work.opens_before
            piece.left = work.hours * self.complexity
            if work.must_be_done:
                self.tell()
        elif piece is self.handover:
            self.handover = None
        else:
            self.pieces.remove(piece)
            self.tell()

    def tell(self) -> None:
        """Let the process of the case look again whether its stage may end."""
        if self.news is not None:
            self.news.succeed()
            self.news = None

    def may_end(self) -> bool:
        """Whether the stage may end: it has a worker, and waits for no work."""
        if self.stage.team is None:
            return True
        if self.worker is None or (self.stage.booked_again and self.worker.away is not None):
            return False
        by = min(self.service.day, self.ends)
        return not any(piece.holds_up(by) for piece in self.pieces)

    def put_off(self) -> None:
        """Book another day for a meeting that cannot be held."""
        self.ends = self.service.day + max(1.0, self.stage.booked_again())

    def timescale_base(self) -> int:
        """The day from which the stage's timescale is counted."""
        return {"referral": self.arrived, "stage": self.entered, "clock": self.clock}[
            self.stage.counted_from
        ]

    def count_timescale(self) -> None:
        """Count whether the stage ended in time."""
        stage = self.stage
        if stage.outcome is not None:
            in_time = self.service.day - self.timescale_base() <= stage.within
            self.service.counts.count_timescale(stage.outcome, in_time)

    def move_to(self, stage: Stage) -> None:
        """Go to the next stage: with the same worker where the team is the same and they stay."""
        worker = self.worker
        if worker is not None:
            if stage.team == self.stage.team and not worker.on_notice:
                worker.workload -= self.weight  # enter_stage adds the new one
            else:
                self.put_down()
        self.stage = stage

    def put_down(self) -> None:
        """Leave the worker's caseload."""
        worker = self.worker
        worker.put_down(self)
        self.former_worker, self.worker = worker, None

    def close(self) -> None:
        """Close, and perhaps come back."""
        service = self.service
        if self.worker is not None:
            self.put_down()
        service.open_cases -= 1
        service.counts.count_closure(self.workers)
        again = service.scenario.pathways[self.pathway].rereferral
        if again is not None and service.chances.routes.random() < again.share:
            wait = service.draw_return[self.pathway]()
            service.env.process(comes_back(service, self.stream, max(1, round(wait))))

    def add_due_work(self, agenda: list[tuple], day: int, look_ahead: float) -> None:
        """Add to a worker's agenda what may be done today, with how it is ordered."""
        pieces = self.pieces if self.handover is None else [*self.pieces, self.handover]
        high_risk, number = self.high_risk, self.number
        for_duty = self.service.tiers[self.tier].duty
        soon = day + look_ahead
        for piece in pieces:
            if day >= piece.opens:
                order = NOT_YET_DUE
                if piece.due <= soon:
                    order = URGENT if high_risk or piece.work.statutory else DUE
                if for_duty and piece.work.opening and piece.due <= day:
                    order = EMERGENCY
                agenda.append((order, piece.due, number, piece.work.slot, piece))

    def has_overdue_contact(self, day: int) -> bool:
        """Whether someone should have seen the family before today."""
        return any(piece.due < day and piece.work.contact for piece in self.pieces)


HANDOVER = Work(slot=0, hours=0.0, admin_share=1.0)


class Needs:
    """What the cases of a stream need."""

    def __init__(self, service: Service, stream: Stream) -> None:
        rng = service.chances.needs
        tiers = list(service.scenario.risk_tiers)
        choose = chooser(stream.risk, rng)
        complexity = sampler(stream.complexity, rng)
        self.draw = lambda: (tiers.index(choose()), complexity(), rng.random())


def arrivals(service: Service, name: str, stream: Stream) -> Iterator[simpy.Event]:
    """Each morning new cases come; those of a weekend come with Monday's."""
    rng = service.chances.demand
    days = int(service.calendar.calendar_day[-1]) + 1
    means = intensity(service.scenario, stream, service.first_date, days, service.calendar)
    k = stream.dispersion
    for day in count():
        for calendar_day in service.calendar.calendar_days_before(day):
            mean = means[calendar_day]
            n = rng.poisson(mean) if k is None else rng.negative_binomial(k, k / (k + mean))
            for _ in range(n):
                service.counts.arrivals += 1
                service.env.process(Case(service, name).life())
        yield service.until_morning(day + 1)


def comes_back(service: Service, name: str, days: int) -> Iterator[simpy.Event]:
    """Be referred again after so many days."""
    yield service.until_morning(service.day + days)
    service.counts.arrivals += 1
    service.counts.rereferrals += 1
    service.env.process(Case(service, name).life())
