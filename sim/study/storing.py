"""Put together what the runs of a study wrote, and store it as the study's results."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from sim.model.outcomes import OUTCOMES
from sim.scenario.study_file import StudyFile
from sim.study.comparing import compare
from sim.study.demand_paths import DEMAND, DemandPaths
from sim.study.files import sha256, written_whole
from sim.study.folder import ResultsFolder
from sim.study.kept_position import keep_position
from sim.study.manifest import manifest
from sim.study.parts import OUTCOMES as OUTCOMES_TABLE
from sim.study.parts import Run, merge
from sim.study.registry import outcome_of
from sim.study.results import COMPARISONS


def store(
    study: StudyFile, folder: ResultsFolder, started: str, demand: DemandPaths | None = None
) -> None:
    """Make the results of a study from the parts in its folder.

    Writes outcomes.parquet, comparisons.csv, a Parquet file for each table that the study
    keeps, and last manifest.json.

    Parameters
    ----------
    study
        As it was run.
    folder
        Its folder, with the parts of every run.
    started
        When the study began, for the manifest.
    demand
        The forecast's paths that it was run with; the file is among the parts.
    """
    runs = [
        Run(policy, replication)
        for policy in range(len(study.policies))
        for replication in range(study.replications)
    ]
    finished: list[Path] = []
    files: dict[str, Any] = {}
    for table in (OUTCOMES_TABLE, *study.tables):
        path = folder.parts / f"{table}.parquet"
        rows = merge(folder.parts, runs, table, path)
        files[path.name] = {"rows": rows, "sha256": sha256(path)}
        finished.append(path)
        for run in runs:
            run.part(folder.parts, table).unlink()
    comparisons = _comparisons(study, finished[0])
    path = folder.parts / COMPARISONS
    with written_whole(path) as temporary:
        comparisons.to_csv(temporary, index=False, lineterminator="\n")
    files[path.name] = {"rows": len(comparisons), "sha256": sha256(path)}
    finished.append(path)
    if demand is not None:
        kept = folder.parts / DEMAND
        files[kept.name] = {"rows": pq.read_metadata(kept).num_rows, "sha256": sha256(kept)}
        finished.append(kept)
    if study.scenario.position is not None:
        kept = keep_position(study.scenario.position, folder.parts)
        files[kept.name] = {"rows": len(study.scenario.position.cases), "sha256": sha256(kept)}
        finished.append(kept)
    source = None if demand is None else demand.source
    folder.finish(finished, manifest(study, started, files, source))


def _comparisons(study: StudyFile, outcomes: Path) -> pd.DataFrame:
    found = pd.read_parquet(outcomes)
    listed = [*OUTCOMES, *(key for key in found["outcome"].unique() if key not in OUTCOMES)]
    directions = {key: outcome_of(key).direction for key in listed}
    return compare(found, [policy.name for policy in study.policies], directions)
