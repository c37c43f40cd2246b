"""Where chance comes from: how much of each outcome's variance every source of it brings.

The service is simulated again and again, with each source of chance (sim.model.chances) in turn
meeting other luck while all others are held: see sim.study.sureness.variance_shares for the shares.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import astuple
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from sim.model.chances import SOURCES
from sim.model.outcomes import OUTCOMES
from sim.scenario.problems import InputError, Problem
from sim.scenario.study_file import StudyFile
from sim.study.demand_paths import DemandPaths, read_demand
from sim.study.made_with import made_with
from sim.study.plausible_sets import PlausibleSets, read_plausible
from sim.study.processes import processes_for
from sim.study.processes.crew import Crew
from sim.study.processes.getting_ready import to_simulate
from sim.study.processes.worker import Simulate, Task, default_simulate, do_run, squeezed
from sim.study.running import adjusted
from sim.study.storing.manifest import content_hash, study_content
from sim.study.storing.packing import OUTCOMES as OUTCOMES_TABLE
from sim.study.storing.packing import Run, unpack
from sim.study.sureness.variance_shares import variance_shares
from sim.study.watching import Silent, Watcher
from sim.study.which_run import policy_problems

FIRST, SECOND = "all_of_the_first", "all_of_the_second"
FORECAST, PLAUSIBLE = "forecast", "plausible"
TOGETHER = "together"
COLUMNS = ("outcome", "source", "share", "low", "high", "alone", "alone_low", "alone_high")


def sources_of(study: StudyFile) -> dict[str, str]:
    """List the sources of chance in a study, each with what it is."""
    forecast = {FORECAST: "which of the forecast's paths demand takes"} if study.forecast else {}
    plausible = (
        {PLAUSIBLE: "which of the plausible sets of values holds"} if study.plausible else {}
    )
    return SOURCES | forecast | plausible


def chance(
    study: StudyFile,
    *,
    policy: str | None = None,
    pairs: int = 50,
    years: float | None = None,
    seed: int | None = None,
    jobs: int | None = None,
    executor: Executor | None = None,
    progress: Watcher | None = None,
    simulate: Simulate | None = None,
    beside: Path | None = None,
) -> pd.DataFrame:
    """Say how much of each outcome's variance every source of chance brings.

    Parameters
    ----------
    study
        Whose scenario it is about.
    policy
        Under which of its policies; the first when left out.
    pairs
        Of replications between which luck is exchanged: pairs x (sources + 2) runs.
    years, seed
        Instead of what the study says.
    jobs, executor, progress, simulate, beside
        As for `sim.study.running.run_study`.

    Returns
    -------
    pandas.DataFrame
        For each outcome that varies, each source and all together: the share of the variance with
        its 95 % interval, when the source is varied and the others are held; and without what it
        brings only together with others. See `sim.study.sureness.variance_shares`.

    Raises
    ------
    InputError
        If something asked for is unusable.
    """
    if pairs < 2:
        accepted = "a whole number, 2 or more"
        raise InputError(Problem("too few", path="pairs", given=str(pairs), accepted=accepted))
    sources = list(sources_of(study))
    blocks = [FIRST, SECOND, *sources]
    wanted = _of_one_policy(adjusted(study, years=years, seed=seed), policy, blocks)
    demand, plausible = read_demand(wanted, beside), read_plausible(wanted, beside)
    watcher = progress or Silent()
    tasks = list(_tasks(wanted, blocks, pairs, demand, plausible, simulate))
    processes, ready = min(processes_for(jobs), len(tasks)), to_simulate(wanted.scenario, simulate)
    with Crew(executor, processes, watcher, ready) as crew:
        packed = crew.do_all(do_run, tasks)
    found = {task.run: _outcomes(run) for task, run in zip(tasks, packed, strict=True)}
    values = {
        block: pd.DataFrame([found[_run(number, block, pair)] for pair in range(pairs)])
        for number, block in enumerate(blocks)
    }
    return _shares(values, sources)


def _of_one_policy(study: StudyFile, policy: str | None, blocks: list[str]) -> StudyFile:
    """Have a study of one policy, once for each block of runs, under the block's name."""
    policies = {each.name: each for each in study.policies}
    problems = [] if policy is None else policy_problems(policy, policies)
    if problems:
        raise InputError(problems)
    chosen = study.policies[0] if policy is None else policies[policy]
    return study.model_copy(
        update={
            "policies": tuple(chosen.model_copy(update={"name": block}) for block in blocks),
            "tables": (),
            "precision": None,
        }
    )


def _run(number: int, block: str, pair: int) -> Run:
    """Number a run: each pair is of an even replication and the odd one after it."""
    return Run(number, 2 * pair + (block == SECOND))


def _tasks(
    study: StudyFile,
    blocks: list[str],
    pairs: int,
    demand: DemandPaths | None,
    plausible: PlausibleSets | None,
    simulate: Simulate | None,
) -> Iterator[Task]:
    content = study_content(study)
    common = squeezed(content), content_hash(content), tuple(made_with().items())
    for pair in range(pairs):
        for number, block in enumerate(blocks):
            run = _run(number, block, pair)
            other = run.replication + 1
            path, values, simulates = None, None, simulate
            if demand is not None:
                path = demand.path_of(other if block == FORECAST else run.replication)
            if plausible is not None:
                values = plausible.values_of(other if block == PLAUSIBLE else run.replication)
            if block in SOURCES:
                simulates = partial(simulate or default_simulate(), apart={block: other})
            yield Task(*common, run, path, simulates, values)


def _outcomes(packed: bytes) -> pd.Series[float]:
    """A run's outcomes, by key."""
    table = unpack(io.BytesIO(packed), OUTCOMES_TABLE)
    return pd.Series(table["value"].to_numpy(), index=table["outcome"].to_pylist())


def _shares(values: dict[str, pd.DataFrame], sources: list[str]) -> pd.DataFrame:
    known = values[FIRST].columns
    order = [*(key for key in OUTCOMES if key in known), *known.difference(list(OUTCOMES))]
    rows: list[tuple[str | float, ...]] = []
    for outcome in order:
        columns = {block: table[outcome].to_numpy(np.float64) for block, table in values.items()}
        shares, together = variance_shares(
            columns[FIRST], columns[SECOND], {source: columns[source] for source in sources}
        )
        for source, each in [*shares.items(), (TOGETHER, together)]:
            rows.append((outcome, source, *astuple(each.held), *astuple(each.alone)))
    return pd.DataFrame(rows, columns=list(COLUMNS)).dropna(subset="share").reset_index(drop=True)
