"""What one run of a stored study was simulated with."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from sim.scenario.service import Scenario
from sim.scenario.study_file import StudyFile
from sim.study.demand_paths import DEMAND, DemandPaths, read_kept
from sim.study.results import Results


def scenario_of_run(folder: str, replication: int) -> tuple[StudyFile, Scenario]:
    """Return a stored study, and its scenario with the demand of a replication.

    The folder is read once by each process.
    """
    study, demand = _stored(folder)
    scenario = study.scenario
    return study, scenario if demand is None else demand.laid_over(scenario, replication)


@lru_cache(maxsize=1)
def _stored(folder: str) -> tuple[StudyFile, DemandPaths | None]:
    study = Results(folder).study
    return study, None if study.forecast is None else read_kept(Path(folder) / DEMAND)
