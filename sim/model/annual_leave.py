"""Annual leave and training: booked into each worker's diary when they start.

Leave is taken in blocks, oftener in school holidays; training a day at a time. The entitlement of
the year is spread over the year of working days, in proportion for a part of one.
"""

from __future__ import annotations

from sim.model.columns import LEAVE, TRAINING, WORKING, Table
from sim.model.compiled import compiled
from sim.model.draws import place_among
from sim.model.plan_columns import WORKING_DAYS_A_YEAR
from sim.model.randomness import purpose, uniform

LEAVE_START = purpose("worker.leave_start")
LEAVE_ROUNDING = purpose("worker.leave_rounding")
TRAINING_DAY = purpose("worker.training_day")
TRAINING_ROUNDING = purpose("worker.training_rounding")
TRIES = 200


@compiled
def _whole_days(days: float, u: float) -> int:
    """A whole number of days whose mean is right."""
    whole = int(days)
    return whole + int(u < days - whole)


@compiled
def book_diary(
    worker: int, key: int, first: int, last: int, diary: Table, weights: Table,
    leave_days: float, block_days: int, training_days: float, seed: int, replication: int,
) -> None:  # fmt: skip
    """Book leave and training from day `first` to before `last` into a worker's diary.

    Parameters
    ----------
    diary
        A row for each worker: a code for each working day of the run.
    weights
        Cumulative sum, from 0, of how likely a block of leave is to start on each day of the run.
    leave_days, training_days
        A year.
    """
    for year in range(first // WORKING_DAYS_A_YEAR, (last - 1) // WORKING_DAYS_A_YEAR + 1):
        start = max(first, year * WORKING_DAYS_A_YEAR)
        end = min(last, (year + 1) * WORKING_DAYS_A_YEAR)
        part = (end - start) / WORKING_DAYS_A_YEAR
        u = uniform(seed, replication, LEAVE_ROUNDING, key, year)
        to_book = min(_whole_days(leave_days * part, u), end - start)
        for n in range(TRIES):
            if to_book <= 0:
                break
            u = uniform(seed, replication, LEAVE_START, key, year * TRIES + n)
            aim = weights[start] + u * (weights[end] - weights[start])
            day = place_among(weights, aim, start, end)
            in_block = 0
            while day < end and in_block < block_days and to_book > 0:
                if diary[worker, day] == WORKING:
                    diary[worker, day] = LEAVE
                    to_book -= 1
                    in_block += 1
                day += 1
        u = uniform(seed, replication, TRAINING_ROUNDING, key, year)
        to_book = min(_whole_days(training_days * part, u), end - start)
        for n in range(TRIES):
            if to_book <= 0:
                break
            u = uniform(seed, replication, TRAINING_DAY, key, year * TRIES + n)
            day = start + int(u * (end - start))
            if diary[worker, day] == WORKING:
                diary[worker, day] = TRAINING
                to_book -= 1
