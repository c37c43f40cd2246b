"""A scenario made ready to run: samplers bound to their generators, stages, intensity of demand."""

from __future__ import annotations

import calendar as months
from bisect import bisect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate
from math import gamma as gamma_function
from math import log, log1p, sqrt
from typing import Any

import numpy as np
from numpy.random import Generator
from pydantic import BaseModel

from sim.scenario.calendar import Calendar
from sim.scenario.demand import Stream
from sim.scenario.distributions import (
    Bands,
    Distribution,
    Exponential,
    Fixed,
    Gamma,
    Lognormal,
    Triangular,
    Uniform,
    Weibull,
)
from sim.scenario.pathway import CLOSED, Pathway
from sim.scenario.pathway import Stage as StageOfScenario
from sim.scenario.service import Scenario

WORKING_DAYS_A_YEAR = 253
DAYS_A_WEEK = 5
# Parts of the working day: the doors open at 0.
STAGES_END, MEETING, WORK, AFTER_WORK, EVENING, COUNT = 0.05, 0.1, 0.5, 0.9, 0.95, 0.97
WORK_BEGINS_WITHIN = 0.3  # of a day after that
SMALL = 1e-6  # of a day: sums of parts of days are not exact
Sampler = Callable[[], float]


def sampler(distribution: Distribution, rng: Generator) -> Sampler:
    """Bind a distribution to a generator: call the result for a value."""
    draw = _unlimited(distribution, rng)
    low = getattr(distribution, "minimum", 0.0)
    high = getattr(distribution, "maximum", None)
    if high is not None:
        return lambda: min(max(draw(), low), high)
    if low > 0:
        return lambda: max(draw(), low)
    return draw


def _unlimited(distribution: Distribution, rng: Generator) -> Sampler:
    match distribution:
        case Fixed(value=value):
            return lambda: value
        case Exponential(mean=mean):
            return lambda: rng.exponential(mean)
        case Lognormal(mean=mean, cv=cv):
            variance = log1p(cv**2)
            centre, spread = log(mean) - variance / 2, sqrt(variance)
            return lambda: rng.lognormal(centre, spread)
        case Weibull(mean=mean, shape=shape):
            scale = mean / gamma_function(1 + 1 / shape)
            return lambda: scale * rng.weibull(shape)
        case Gamma(mean=mean, shape=shape):
            return lambda: rng.gamma(shape, mean / shape)
        case Uniform(low=low, high=high):
            return lambda: rng.uniform(low, high)
        case Triangular(low=low, mode=mode, high=high):
            return lambda: rng.triangular(low, mode, high)
        case Bands(edges=edges, shares=shares):
            up_to = list(accumulate(shares))
            last = len(shares) - 1

            def draw() -> float:
                band = min(bisect(up_to, rng.random()), last)
                return rng.uniform(edges[band], edges[band + 1])

            return draw
    raise NotImplementedError(f"no sampler for {distribution}")


def chooser(shares: dict[str, float], rng: Generator) -> Callable[[], str]:
    """Bind shares to a generator: call the result for one of the names."""
    names, up_to = list(shares), list(accumulate(shares.values()))
    last = len(names) - 1
    return lambda: names[min(bisect(up_to, rng.random()), last)]


def whole(expected: float, rng: Generator) -> int:
    """Draw a whole number with that mean, next to it."""
    return int(expected) + int(rng.random() < expected % 1)


class Chances:
    """One generator for each kind of chance, so that more of one kind moves no other."""

    demand: Generator
    needs: Generator
    durations: Generator
    routes: Generator
    people: Generator
    absence: Generator
    leaving: Generator
    leave: Generator
    posts: Generator
    agency: Generator
    mornings: Generator

    def __init__(self, seed: int, replication: int) -> None:
        for number, kind in enumerate(Chances.__annotations__):
            sequence = np.random.SeedSequence(seed, spawn_key=(replication, number))
            setattr(self, kind, np.random.default_rng(sequence))


@dataclass(frozen=True, slots=True, eq=False)
class Work:
    """A kind of work that a stage asks for."""

    slot: int
    hours: float
    admin_share: float
    opening: bool = False
    recurring: bool = False
    closing: bool = False
    must_be_done: bool = False
    statutory: bool = False
    contact: bool = False
    every: float = 0.0
    first_within: float = 0.0
    opens_before: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """A stage of a pathway."""

    name: str
    team: str | None
    duration: Sampler
    duration_from: str
    starts_clock: bool
    outcome: str | None
    within: float
    counted_from: str
    weight: float
    lowest_tier: int
    choose_next: Callable[[], str]
    days_for_each_case: float
    booked_for: Sampler | None
    booked_again: Sampler | None
    work: list[Work] = field(default_factory=list)


def make_stage(name: str, stage: StageOfScenario, tiers: list[str], chances: Chances) -> Stage:
    """Make a stage of the scenario ready to run."""
    kinds = []
    for slot, item in enumerate(stage.work.values(), start=1):
        recurring = item.when == "every"
        every = item.every_days or 0.0
        hours = item.direct_hours + item.admin_hours
        first, opens = item.first_within_days, item.opens_before_days
        kinds.append(
            Work(
                slot=slot,
                hours=hours,
                admin_share=item.admin_hours / hours,
                opening=item.when == "opening",
                recurring=recurring,
                closing=item.when == "closing",
                must_be_done=item.must_be_done,
                statutory=item.statutory,
                contact=item.contact,
                every=every,
                first_within=(every if recurring else 5.0) if first is None else first,
                opens_before=every / 2 if opens is None else opens,
            )
        )
    scale = stage.timescale
    risk, booking = stage.risk_at_least, stage.booking
    return Stage(
        name=name,
        team=stage.team,
        duration=sampler(stage.duration, chances.durations),
        duration_from=stage.duration_from
        if stage.team or stage.duration_from == "clock"
        else "entry",
        starts_clock=stage.starts_clock,
        outcome=scale.outcome if scale else None,
        within=scale.within_days if scale else 0.0,
        counted_from=scale.counted_from if scale else "stage",
        weight=stage.weight,
        lowest_tier=tiers.index(risk) if risk else len(tiers),
        choose_next=chooser(stage.next, chances.routes),
        days_for_each_case=stage.days_for_each_case,
        booked_for=sampler(booking.for_day, chances.durations) if booking else None,
        booked_again=sampler(booking.again_after_days, chances.durations) if booking else None,
        work=kinds,
    )


def intensity(
    scenario: Scenario, stream: Stream, first: date, days: int, calendar: Calendar
) -> list[float]:
    """Expected new cases on each calendar day: the month's total, shared out by weight."""
    working = set(calendar.dates.tolist())
    found = []
    totals: dict[tuple[int, int], float] = {}
    for n in range(days):
        day = first + timedelta(days=n)
        month = (day.year, day.month)
        if month not in totals:
            length = months.monthrange(*month)[1]
            if stream.per_week is not None:
                total = stream.per_week / 7 * length * stream.seasonal[day.month - 1]
            else:
                since = (
                    (day.year - scenario.start_date.year) * 12
                    + day.month
                    - scenario.start_date.month
                )
                total = stream.per_month[min(max(since, 0), len(stream.per_month) - 1)]
            start = day.replace(day=1)
            weekdays = calendar.working_days_between(start, start + timedelta(days=length))
            totals[month] = total / (weekdays + stream.weekend_share * (length - weekdays))
        found.append(totals[month] * (1.0 if day in working else stream.weekend_share))
    return found


def visits_to_stages(pathway: Pathway) -> dict[str, float]:
    """How often a case passes through each stage, on average: followed step by step."""
    visits = dict.fromkeys(pathway.stages, 0.0)
    here = {next(iter(pathway.stages)): 1.0}
    while sum(here.values()) > 1e-12:
        onward: dict[str, float] = {}
        for name, amount in here.items():
            visits[name] += amount
            for target, share in pathway.stages[name].next.items():
                if target != CLOSED:
                    onward[target] = onward.get(target, 0.0) + amount * share
        here = onward
    return visits


NOT_MODELLED = {
    "Stage": ("also_from", "roles", "skill", "patience"),
    "Timescale": ("measured_on",),
    "WorkItem": ("hours_vary",),
    "Stream": ("waiting_limit", "patience", "also_on", "per_month_from"),
    "Role": ("skills",),
    "WorkingTime": ("finish_what_was_begun",),
    "Supervision": ("protected", "cpd_protected"),
    "Allocation": ("rule",),
    "Scenario": ("position",),
}
"""What this model lacks, by part of a scenario: it is refused where it is not left as it is."""
COVERS = ("duty", "reallocate")


def refuse_what_is_not_modelled(scenario: Scenario) -> None:
    """This is the core of the model: say so where a scenario asks for more."""
    asked = sorted(set(_not_modelled(scenario)))
    if scenario.absence.cover not in COVERS:
        asked.append("absence.cover")
    if asked:
        raise NotImplementedError(f"the idiomatic model has only the core, not {', '.join(asked)}")


def _not_modelled(part: Any) -> Iterator[str]:
    """Name what is set in a part of a scenario, and the parts within it, that is not modelled."""
    if isinstance(part, dict | list | tuple):
        for inner in part.values() if isinstance(part, dict) else part:
            yield from _not_modelled(inner)
    if isinstance(part, BaseModel):
        kind = type(part).__name__
        for name, field_ in type(part).model_fields.items():
            value = getattr(part, name)
            if name in NOT_MODELLED.get(kind, ()) and value != field_.get_default():
                yield f"{kind}.{name}"
            yield from _not_modelled(value)
