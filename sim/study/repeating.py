"""Do one run of a stored study again, and see whether it comes out the same."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sim.scenario.problems import InputError
from sim.study.files import written_whole
from sim.study.one_run import scenario_of_run
from sim.study.processes.worker import Simulate, default_simulate
from sim.study.results import Results
from sim.study.storing.folder import EVENTS, RERUN, made_folder
from sim.study.storing.manifest import package_versions
from sim.study.which_run import policy_problems, replication_problems


@dataclass(frozen=True)
class Repeated:
    """A run done again.

    Attributes
    ----------
    differing
        Outcomes that came out otherwise than stored: outcome, stored, now. Empty is as it
        should be.
    other_versions
        Packages that are of another version than those that the study ran with: name, then, now.
    events
        The event log, if it was asked for.
    file
        Where the event log was written.
    """

    differing: pd.DataFrame
    other_versions: pd.DataFrame
    events: pd.DataFrame | None = None
    file: Path | None = None


def rerun(
    folder: str | Path,
    policy: str,
    replication: int,
    *,
    trace: bool = False,
    out: str | Path | None = None,
    simulate: Simulate | None = None,
) -> Repeated:
    """Simulate one run of a stored study again from its manifest.

    Parameters
    ----------
    folder
        A folder of results.
    policy, replication
        Which run; replications count from 0.
    trace
        Keep the event log, and write it to events.csv.
    out
        The folder for events.csv; rerun-<policy>-<replication> in the folder of results when
        left out.
    simulate
        A stand-in for the simulated service, for tests.

    Raises
    ------
    InputError
        If there are no such results, or no such run among them.
    """
    results = Results(folder)
    study = results.study
    policies = {each.name: each for each in study.policies}
    problems = policy_problems(policy, policies, results.folder)
    problems += replication_problems(replication, study.replications, results.folder)
    if problems:
        raise InputError(problems)
    _, scenario = scenario_of_run(str(results.folder), replication)
    run = (simulate or default_simulate())(
        scenario,
        policies[policy],
        seed=study.seed,
        replication=replication,
        years=study.years,
        tables=(),
        trace=trace,
    )
    differing = _differing(results.outcomes, policy, replication, run.outcomes)
    versions = _other_versions(results.manifest["packages"])
    if not trace or run.events is None:
        return Repeated(differing, versions)
    target = Path(out) if out is not None else results.folder / f"{RERUN}{policy}-{replication}"
    return Repeated(differing, versions, run.events, _write_events(run.events, target))


def _write_events(events: pd.DataFrame, folder: Path) -> Path:
    with made_folder(folder), written_whole(folder / EVENTS) as temporary:
        events.to_csv(temporary, index=False, lineterminator="\n")
    return folder / EVENTS


def _differing(
    outcomes: pd.DataFrame, policy: str, replication: int, now: dict[str, float]
) -> pd.DataFrame:
    of_run = outcomes[(outcomes["policy"] == policy) & (outcomes["replication"] == replication)]
    both = pd.DataFrame({"stored": of_run.set_index("outcome")["value"], "now": pd.Series(now)})
    same = (both["stored"] == both["now"]) | (both["stored"].isna() & both["now"].isna())
    return both[~same].rename_axis("outcome").reset_index()


def _other_versions(then: dict[str, str]) -> pd.DataFrame:
    both = pd.DataFrame({"then": pd.Series(then), "now": pd.Series(package_versions())})
    return both[both["then"] != both["now"]].rename_axis("package").reset_index()
