"""What one run of a stored study was simulated with."""

from __future__ import annotations

from pathlib import Path

from sim.scenario.service import Scenario
from sim.scenario.study_file import StudyFile
from sim.study.demand_paths import DEMAND, read_kept
from sim.study.results import Results
from sim.study.storing.kept_position import with_kept_position


def scenario_of_run(folder: str, replication: int) -> tuple[StudyFile, Scenario]:
    """Return a stored study, and its scenario with its position and the demand of a replication."""
    study = Results(folder).study
    scenario = with_kept_position(study.scenario, Path(folder))
    if study.forecast is not None:
        scenario = read_kept(Path(folder) / DEMAND).laid_over(scenario, replication)
    return study, scenario
