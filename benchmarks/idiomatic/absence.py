"""Being away: leave and training planned beforehand, sickness, parental leave; and leaving."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator
from itertools import accumulate
from typing import TYPE_CHECKING

import simpy

from benchmarks.idiomatic.plan import WORKING_DAYS_A_YEAR, whole

if TYPE_CHECKING:
    from benchmarks.idiomatic.service import Service
    from benchmarks.idiomatic.workers import Worker


def away(worker: Worker, kind: str) -> Iterator[simpy.Event]:
    """Be away from tomorrow on; after a time, others take over the cases."""
    service = worker.service
    yield service.until_morning(service.day + 1)
    if worker.left:
        return
    worker.away = kind
    days = max(1, round(service.draw_spell[kind]()))
    back = service.day + days
    terms = service.scenario.absence
    wait = 0 if kind == "parental_leave" else int(terms.reallocate_after_days)
    if terms.cover == "reallocate" and wait < days:
        yield service.until_morning(service.day + wait)
        if not worker.left:
            worker.hand_over_all()
    yield service.until_morning(back)
    worker.away = None
    worker.draw_threshold(kind)
    if not (worker.left or worker.cases):
        yield from worker.settle_in()


def notice(worker: Worker) -> Iterator[simpy.Event]:
    """Work out the notice, then leave."""
    service = worker.service
    yield service.until_morning(service.day + 1 + int(service.scenario.turnover.notice_days))
    if not worker.left:
        service.counts.leavers_fte += worker.fte
        worker.leave()
        worker.post.become_vacant()


def plan_days_off(service: Service, today: int) -> set[int]:
    """Book annual leave, in blocks and oftener in school holidays, and training days."""
    rng, terms = service.chances.leave, service.scenario.absence
    off: set[int] = set()
    for year in range(
        today // WORKING_DAYS_A_YEAR, (service.horizon - 1) // WORKING_DAYS_A_YEAR + 1
    ):
        first = max(today, year * WORKING_DAYS_A_YEAR)
        days = range(first, min(service.horizon, (year + 1) * WORKING_DAYS_A_YEAR))
        part = len(days) / WORKING_DAYS_A_YEAR
        weight = terms.annual_leave.school_holiday_weight
        weights = list(accumulate(weight if service.school_holiday[day] else 1.0 for day in days))
        to_book = min(whole(terms.annual_leave.days * part, rng), len(days))
        tries = 0
        while to_book > 0 and tries < 200:
            tries += 1
            start = days[min(bisect(weights, rng.random() * weights[-1]), len(days) - 1)]
            in_block = 0
            for day in range(start, days.stop):
                if day not in off:
                    off.add(day)
                    to_book -= 1
                    in_block += 1
                if in_block == terms.annual_leave.block_days or to_book == 0:
                    break
        free = [day for day in days if day not in off]
        to_book = min(whole(terms.training_days * part, rng), len(free))
        off.update(rng.choice(free, size=to_book, replace=False).tolist() if to_book else ())
    return off
