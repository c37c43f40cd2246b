"""What one run of a stored study was simulated with."""

from __future__ import annotations

from pathlib import Path

from sim.scenario.service import Scenario
from sim.scenario.study_file import StudyFile
from sim.scenario.values import with_values
from sim.study.demand_paths import DEMAND, read_kept
from sim.study.plausible_sets import KEPT
from sim.study.plausible_sets import read_kept as read_kept_sets
from sim.study.results import Results
from sim.study.storing.kept_position import with_kept_position


def scenario_of_run(folder: str, replication: int) -> tuple[StudyFile, Scenario]:
    """Return a stored study, and its scenario as a replication had it: position, values, demand."""
    study = Results(folder).study
    scenario = with_kept_position(study.scenario, Path(folder))
    if study.plausible is not None:
        values = read_kept_sets(Path(folder) / KEPT).values_of(replication)
        scenario = with_values(scenario, values)
    if study.forecast is not None:
        scenario = read_kept(Path(folder) / DEMAND).laid_over(scenario, replication)
    return study, scenario
