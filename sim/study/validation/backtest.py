"""Does it predict? Start every authority at a census, simulate a year, compare with the next one.

Each year is foretold from what was published up to the year before alone. Statistics estimate what
goes into the simulation: how many will leave, how fast posts will be filled, how much agency and
demand there will be, and how sure all that is; the simulation makes the next census of it.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from dataclasses import astuple, dataclass
from functools import partial
from itertools import islice
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import t as student
from scipy.stats import trim_mean

from sim.model.world import simulate
from sim.scenario.problems import InputError, Problem
from sim.scenario.service import Scenario
from sim.study.errors import StudyError
from sim.study.processes import local_processes, processes_for, without_main_script
from sim.study.processes.getting_ready import get_ready, load_model
from sim.study.validation.finding_workings import trials, try_out, workings_of
from sim.study.validation.history import MEASURES, History
from sim.study.validation.next_year import YEARS, Year, measured, service_year
from sim.study.validation.outlook import GROWTH, KINDS, Outlook, from_scale, on_scale, outlook
from sim.study.validation.own_workings import OwnWorkings
from sim.study.validation.positions import position_of
from sim.study.validation.scaling import Start
from sim.study.validation.simple_rules import RULES, simple_rules
from sim.study.watching import Watcher

Task, Answer = TypeVar("Task"), TypeVar("Answer")

DRAWS = 12  # of an authority of average size
AVERAGE = 237.0  # FTE in post
FEWEST, MOST = 8, 48  # smaller authorities have more chance in them, and take less time
RANGE = 0.8
OUTER = 0.25  # of the draws on either side count less: the mean of the rest is a steadier median
WAITING_FOR_EACH = 4
FIRST_YEAR = 2018
COLUMNS = (
    "authority", "year", "measure", "predicted", "low80", "high80", "actual", *RULES, "expected",
)  # fmt: skip


@dataclass(frozen=True)
class Ahead:
    """One authority and one year to be simulated."""

    authority: str
    year: int
    start: Start
    draws: tuple[Year, ...]
    seed: int


def run_backtest(
    history: History, base: Scenario, watcher: Watcher, *, first: int = FIRST_YEAR,
    authorities: int | None = None, draws: int = DRAWS, jobs: int | None = None, seed: int = 0,
) -> pd.DataFrame:  # fmt: skip
    """Foretell every year of a history, from `first` on, for every authority.

    Parameters
    ----------
    history
        What was published.
    base
        The average authority.
    watcher
        Hears how it gets on.
    first
        The first year to foretell.
    authorities
        How many of them, spread over regions and sizes; all when left out.
    draws
        Simulated years for an authority of average size.
    jobs
        Processes; the results are the same for any number.
    seed
        Which chances.

    Returns
    -------
    pandas.DataFrame
        `COLUMNS`, by year, authority and measure; NaN where nothing is published.

    Raises
    ------
    InputError
        If there is no such year to foretell, or too few authorities are asked for.
    """
    years = years_to_foretell(history, first)
    wanted = chosen(history.up_to(years[0] - 1), authorities)
    number = processes_for(jobs)
    pool = local_processes(number)
    try:
        get_ready(partial(load_model, base), pool, number, watcher)
        watcher.say("finding out what the service does by itself ...")
        tried = done(pool, number, partial(try_out, base, seed=seed), trials())
        workings = workings_of(dict(tried))
        past = {year: history.up_to(year - 1) for year in years}
        expected = {year: outlook(past[year]) for year in years}
        ahead = [
            each
            for year in years
            for each in _ahead(past[year], expected[year], wanted, workings, draws, seed)
        ]
        found: dict[Ahead, Years] = {}
        watcher.count(0, len(ahead))
        for task, answer in done(pool, number, partial(_simulated, base, workings), ahead):
            found[task] = answer
            watcher.count(len(found), len(ahead))
    finally:
        pool.shutdown(cancel_futures=True)
    rows = [
        row
        for year in years
        for row in _rows(
            history, year, expected[year], {t.authority: found[t] for t in ahead if t.year == year}
        )
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


Years = NDArray[np.float64]
"""(draws, kinds): what simulated years came to, on each kind's scale."""


def years_to_foretell(history: History, first: int) -> list[int]:
    """The years from `first` on before which there is something to start from."""
    years = [year for year in history.years if year - 1 in history.years]
    wanted = [year for year in years if year >= first]
    if not wanted:
        accepted = f"{years[0]} to {years[-1]}" if years else "none: two years running are needed"
        message = "there is no such year to foretell in the table"
        raise InputError(Problem(message, path="from", given=str(first), accepted=accepted))
    return wanted


def chosen(history: History, number: int | None) -> set[str] | None:
    """Choose so many authorities, evenly over regions and, within each, over sizes."""
    if number is None:
        return None
    last = history.frame.xs(history.years[-1], level="year")
    ordered = last.sort_values(["region", "in_post_fte"], kind="stable").index
    if not 1 <= number <= len(ordered):
        accepted = f"1 to {len(ordered)}"
        message = "not a number of authorities in the table"
        raise InputError(Problem(message, path="authorities", given=str(number), accepted=accepted))
    places = ((np.arange(number) + 0.5) / number * len(ordered)).astype(int)
    return set(ordered[places])


def done(
    pool: Executor, processes: int, work: Callable[[Task], Answer], tasks: Iterable[Task]
) -> Iterator[tuple[Task, Answer]]:
    """Do tasks; give each with its answer when it is done, in whatever order they end."""
    left = iter(tasks)
    room = 1 if processes == 1 else WAITING_FOR_EACH * processes
    waiting: dict[Future[Answer], Task] = {}
    while True:
        for task in islice(left, room - len(waiting)):
            with without_main_script():
                waiting[pool.submit(work, task)] = task
        if not waiting:
            return
        for future in wait(waiting, return_when=FIRST_COMPLETED).done:
            try:
                answer = future.result()
            except BrokenExecutor:
                raise StudyError(
                    "a process was lost, perhaps for want of memory; try again with fewer (--jobs)"
                ) from None
            yield waiting.pop(future), answer


def _ahead(
    past: History, expected: Outlook, wanted: set[str] | None, workings: OwnWorkings, draws: int,
    seed: int,
) -> Iterator[Ahead]:  # fmt: skip
    """What is to be simulated of the year after a history."""
    year = past.years[-1] + 1
    for row, authority in enumerate(expected.authorities):
        if wanted is not None and authority not in wanted:
            continue
        start = position_of(past, expected, row)
        own = zlib.crc32(f"{seed} {authority} {year}".encode())
        number = int(np.clip(round(draws * AVERAGE / start.in_post), FEWEST, MOST))
        chance = np.array(workings.chance) / start.in_post
        drawn = expected.draws(row, number, chance, own)
        yield Ahead(authority, year, start, tuple(_year(each) for each in drawn), own)


def _year(drawn: Years) -> Year:
    """A draw as what a year brings."""
    values = {kind: float(from_scale(kind, drawn[n])) for n, kind in enumerate(KINDS)}
    return Year(**values).within_reason()


def _simulated(base: Scenario, workings: OwnWorkings, task: Ahead) -> Years:
    """Simulate each draw once."""
    years = []
    for number, draw in enumerate(task.draws):
        made = service_year(
            base, task.start, draw, workings, task.year - 1, seed=task.seed, replication=number
        )
        run = simulate(
            made.scenario, made.policy, seed=task.seed, replication=number, years=YEARS,
            tables=("team_weeks",),
        )  # fmt: skip
        found = astuple(measured(run.tables["team_weeks"], task.start, made.posts))
        years.append([float(on_scale(kind, np.float64(found[n]))) for n, kind in enumerate(KINDS)])
    return np.array(years)


def _rows(
    history: History, year: int, expected: Outlook, simulated: dict[str, Years]
) -> Iterator[dict[str, Any]]:
    """Set what was simulated of a year beside what happened and what the simple rules say."""
    past = history.up_to(year - 1)
    place = {authority: row for row, authority in enumerate(expected.authorities)}
    for measure, column in MEASURES.items():
        actual, rules = history.wide(column)[year], simple_rules(past.wide(column))
        kind = measure if measure in KINDS else GROWTH
        number = KINDS.index(kind)
        for authority in sorted(simulated):
            before = past.frame["in_post_fte"].loc[authority, year - 1]
            foretold = [
                *summed_up(simulated[authority][:, number]),
                expected.centre[place[authority], number],
            ]
            values = [
                before * np.exp(value) if kind == GROWTH else from_scale(kind, np.float64(value))
                for value in foretold
            ]
            yield {
                "authority": history.names[authority],
                "year": year,
                "measure": measure,
                **dict(zip(("predicted", "low80", "high80", "expected"), values, strict=True)),
                "actual": actual.get(authority, np.nan),
                **rules.loc[authority],
            }


def summed_up(draws: Years) -> tuple[float, float, float]:
    """The centre of a few draws, and the range that holds the next one with probability `RANGE`."""
    centre = float(trim_mean(draws, OUTER))
    reach = float(student.ppf((1 + RANGE) / 2, len(draws) - 1))
    half = reach * float(np.std(draws, ddof=1)) * (1 + 1 / len(draws)) ** 0.5
    return centre, centre - half, centre + half
