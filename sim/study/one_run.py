"""What one run of a stored study was simulated with."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from sim.scenario.service import Scenario
from sim.scenario.study_file import StudyFile
from sim.study.demand_paths import DEMAND, DemandPaths, read_kept
from sim.study.files import sha256
from sim.study.kept_position import with_kept_position
from sim.study.manifest import NAME
from sim.study.results import Results


def scenario_of_run(folder: str, replication: int) -> tuple[StudyFile, Scenario]:
    """Return a stored study, and its scenario with its position and the demand of a replication.

    The folder is read once by each process, as long as its manifest is the same.
    """
    study, scenario, demand = _stored(folder, sha256(Path(folder) / NAME))
    return study, scenario if demand is None else demand.laid_over(scenario, replication)


@lru_cache(maxsize=1)
def _stored(folder: str, _manifest: str) -> tuple[StudyFile, Scenario, DemandPaths | None]:
    study = Results(folder).study
    scenario = with_kept_position(study.scenario, Path(folder))
    return study, scenario, None if study.forecast is None else read_kept(Path(folder) / DEMAND)
