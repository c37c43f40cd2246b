"""The first morning: cases that are open already, and those that will come back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from numpy.random import Generator

from benchmarks.idiomatic.cases import Case, comes_back
from benchmarks.idiomatic.plan import WORKING_DAYS_A_YEAR, intensity, visits_to_stages, whole

if TYPE_CHECKING:
    from benchmarks.idiomatic.service import Service
    from sim.scenario.distributions import Distribution


def open_cases(service: Service) -> None:
    """Begin with the cases that a service long at work has, each some way through a stage."""
    rng = service.chances.needs
    for name, stream in service.scenario.demand.items():
        pathway = service.scenario.pathways[stream.pathway]
        means = intensity(service.scenario, stream, service.first_date, 365, service.calendar)
        a_day = sum(means) / 365 * 365.25 / WORKING_DAYS_A_YEAR
        back = pathway.rereferral
        if back is not None:
            a_day /= 1 - min(back.share, 0.95)
        for stage_name, visits in visits_to_stages(pathway).items():
            duration = pathway.stages[stage_name].duration
            number = whole(a_day * visits * duration.expected(), rng)
            for length in found_under_way(duration, number, rng):
                open_case(service, Case(service, name), stage_name, length, rng.random())
        if back is not None:
            number = whole(a_day * back.share * back.after.expected(), rng)
            for length in found_under_way(back.after, number, rng):
                days = round(rng.random() * length)
                service.env.process(comes_back(service, name, days))


def found_under_way(duration: Distribution, number: int, rng: Generator) -> list[float]:
    """Draw how long things last that one finds going on: the longer, the likelier."""
    lengths = duration.quantiles(2000)
    return rng.choice(lengths, size=number, p=lengths / lengths.sum()).tolist()


def open_case(service: Service, case: Case, stage_name: str, length: float, through: float) -> None:
    """Put a case some way into a stage, with whoever of its team has least to do."""
    rng = service.chances.needs
    gone = through * length
    began = -int(gone)
    case.stage = stage = case.stages[stage_name]
    case.arrived = case.entered = case.clock = began
    case.ends = length - gone
    case.tier = min(case.tier, stage.lowest_tier)
    case.high_risk = service.tiers[case.tier].high_risk
    if stage.team is not None:
        case.weight = stage.weight * case.complexity
        teams = service.teams[stage.team]
        case.team = teams[int(case.area * len(teams))]
        able = [w for w in case.team.workers if w.role.holds_cases]
        if not able:
            service.env.process(case.life())
            return
        case.worker = min(
            able, key=lambda w: w.workload / (w.capacity * max(w.role.caseload_share, 0.01))
        )
        case.worker.take_up(case)
        case.workers = 1
        ends = case.ends
        case.begin_work()
        case.ends = ends
        for piece in list(case.pieces):
            work = piece.work
            if work.recurring:
                piece.due = rng.random() * work.every
                piece.opens = piece.due - work.opens_before
            elif work.closing:
                piece.opens = ends - 0.5
                if stage.outcome is None:
                    piece.due = ends + work.first_within
            elif gone > work.first_within:
                case.pieces.remove(piece)
            else:
                piece.due = began + work.first_within
    service.env.process(case.life(under_way=True))
