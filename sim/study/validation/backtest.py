"""Does it predict? Start every authority at a census, simulate a year, compare with the next one.

Each year is foretold from what was published up to the year before alone. Statistics estimate what
goes into the simulation: how many will leave, how fast posts will be filled, how much agency and
demand there will be, and how sure all that is; the simulation makes the next census of it.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.model.world import simulate
from sim.scenario.service import Scenario
from sim.study.processes import processes_for
from sim.study.processes.crew import Crew
from sim.study.processes.getting_ready import to_simulate
from sim.study.validation.came_true import CameTrue
from sim.study.validation.choosing import chosen, years_to_foretell
from sim.study.validation.finding_workings import trials, try_out, workings_of
from sim.study.validation.history import MEASURES, History
from sim.study.validation.kept_years import KeptYears
from sim.study.validation.next_year import YEARS, Year, measured, service_year
from sim.study.validation.outlook import (
    GROWTH,
    KINDS,
    Outlook,
    from_scale,
    mean_from_scale,
    on_scale,
    outlook,
)
from sim.study.validation.own_workings import OwnWorkings
from sim.study.validation.positions import position_of
from sim.study.validation.scaling import Start
from sim.study.validation.simple_rules import RULES, simple_rules
from sim.study.validation.simulated_years import come_to
from sim.study.watching import Watcher

DRAWS = 5  # of an authority of average size
AVERAGE = 237.0  # FTE in post
FEWEST, MOST = 3, 20  # smaller authorities have more chance in them, and take less time
FIRST_YEAR = 2018
FORETOLD = ("predicted", "low80", "high80", "expected")
COLUMNS = (
    "authority", "year", "measure", *FORETOLD[:3], "actual", *RULES, FORETOLD[3],
)  # fmt: skip


@dataclass(frozen=True)
class Ahead:
    """One authority and one year to be simulated.

    Attributes
    ----------
    draws
        What each simulated year brings, by kind, on its scale.
    chance
        The variance that simulated chance adds to that, by kind.
    """

    authority: str
    year: int
    start: Start
    draws: tuple[tuple[float, ...], ...]
    chance: tuple[float, ...]
    seed: int


def run_backtest(
    history: History, base: Scenario, watcher: Watcher, *, first: int = FIRST_YEAR,
    authorities: int | None = None, draws: int = DRAWS, jobs: int | None = None, seed: int = 0,
    kept: Path | None = None,
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
        How many of them, spread over regions and sizes; all when left out. What chance does is
        told from all that are simulated, so which they are changes each prediction a little.
    draws
        Simulated years for an authority of average size.
    jobs
        Processes; the results are the same for any number.
    seed
        Which chances.
    kept
        A file in which to keep simulated years until all are there; if it is there, go on with it.

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
    with Crew(None, processes_for(jobs), watcher, to_simulate(base)) as crew:
        watcher.say("finding out what the service does by itself ...")
        tried = crew.do(partial(try_out, base, seed=seed), trials())
        workings = workings_of(dict(tried))
        past = {year: history.up_to(year - 1) for year in years}
        expected = {year: outlook(past[year]) for year in years}
        ahead = [
            each
            for year in years
            for each in _ahead(past[year], expected[year], wanted, workings, draws, seed)
        ]
        with KeptYears(kept, f"{base.content_hash()} {workings}") as years_kept:
            found = _do(ahead, years_kept, partial(_simulated, base, workings), crew, watcher)
    came_true = {measure: CameTrue() for measure in MEASURES}
    rows = [
        row
        for year in years
        for row in _rows(
            history, year, expected[year], {t: found[t] for t in ahead if t.year == year}, came_true
        )
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


Years = NDArray[np.float64]
"""(draws, kinds): what simulated years came to, on each kind's scale."""


def _do(
    ahead: list[Ahead], kept: KeptYears, work: Callable[[Ahead], Years], crew: Crew,
    watcher: Watcher,
) -> dict[Ahead, Years]:  # fmt: skip
    """Simulate what an earlier attempt has not, and keep it."""
    answers = {task: kept.answer(task) for task in ahead}
    found = {task: answer for task, answer in answers.items() if answer is not None}
    if found:
        watcher.say(f"going on: {len(found)} of {len(ahead)} are finished already")
    watcher.count(len(found), len(ahead))
    left = [task for task in ahead if task not in found]
    for task, answer in crew.do(work, left):
        kept.keep(task, answer)
        found[task] = answer
        watcher.count(len(found), len(ahead))
    return found


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
        chance = expected.chance(row, np.array(workings.chance) / start.in_post)
        drawn = expected.draws(row, number, chance, own)
        yield Ahead(
            authority, year, start, tuple(map(tuple, drawn.tolist())), tuple(chance.tolist()), own
        )


def _year(drawn: tuple[float, ...], chance: tuple[float, ...]) -> Year:
    """A draw as what a year brings on average over its chances."""
    each = zip(KINDS, drawn, chance, strict=True)
    return Year(**{kind: mean_from_scale(kind, *given) for kind, *given in each}).within_reason()


def _simulated(base: Scenario, workings: OwnWorkings, task: Ahead) -> Years:
    """Simulate each draw once."""
    years = []
    for number, draw in enumerate(task.draws):
        made = service_year(
            base,
            task.start,
            _year(draw, task.chance),
            workings,
            task.year - 1,
            seed=task.seed,
            replication=number,
        )
        run = simulate(
            made.scenario, made.policy, seed=task.seed, replication=number, years=YEARS,
            tables=("team_weeks",),
        )  # fmt: skip
        found = astuple(measured(run.tables["team_weeks"], task.start, made.posts))
        years.append([float(on_scale(kind, found[n])) for n, kind in enumerate(KINDS)])
    return np.array(years)


def _rows(
    history: History, year: int, expected: Outlook, simulated: dict[Ahead, Years],
    came_true: dict[str, CameTrue],
) -> Iterator[dict[str, Any]]:  # fmt: skip
    """Set what was simulated of a year beside what happened and what the simple rules say.

    Only then is it learnt how far it came true, for the years after it.
    """
    past = history.up_to(year - 1)
    tasks = sorted(simulated, key=lambda task: task.authority)
    places = [expected.authorities.index(task.authority) for task in tasks]
    in_post = np.array([task.start.in_post for task in tasks])
    for measure, column in MEASURES.items():
        actual, rules = history.wide(column)[year], simple_rules(past.wide(column))
        kind = measure if measure in KINDS else GROWTH
        number = KINDS.index(kind)
        centre = expected.centre[places, number]
        foretold = come_to(
            centre,
            expected.variance[places, number],
            [_of_kind(kind, np.array(task.draws)) for task in tasks],
            [simulated[task][:, number] for task in tasks],
            in_post,
            came_true[measure].share(),
        )
        happened = np.array([actual.get(task.authority, np.nan) for task in tasks])
        came_true[measure].learn(foretold.departures, _as_drawn(kind, happened, in_post) - centre)
        for n, task in enumerate(tasks):
            yield {
                "authority": history.names[task.authority],
                "year": year,
                "measure": measure,
                **{
                    name: _published(kind, float(values[n]), task.start)
                    for name, values in zip(FORETOLD, (*foretold[:3], centre), strict=True)
                },
                "actual": happened[n],
                **rules.loc[task.authority],
            }


def _of_kind(kind: str, draws: Years) -> Years:
    """What was drawn of a kind; there is no rate below 0."""
    return on_scale(kind, from_scale(kind, draws[:, KINDS.index(kind)]))


def _as_drawn(kind: str, published: Years, in_post: Years) -> Years:
    """Published values on their kind's scale; NaN for none, and for nothing on a logarithm's."""
    value = published / in_post if kind == GROWTH else published
    if kind in (GROWTH, "caseload"):
        value = np.where(value > 0, value, np.nan)
    return np.log(value) if kind == GROWTH else on_scale(kind, value)


def _published(kind: str, value: float, start: Start) -> float:
    """A value as the table has it."""
    found = float(from_scale(kind, value))
    return start.in_post * float(np.exp(found)) if kind == GROWTH else found
