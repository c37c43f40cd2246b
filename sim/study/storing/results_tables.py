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
from sim.study.plausible_sets import KEPT, PlausibleSets
from sim.study.registry import outcome_of
from sim.study.results import COMPARISONS
from sim.study.storing.folder import ResultsFolder
from sim.study.storing.kept_position import keep_position
from sim.study.storing.manifest import manifest
from sim.study.storing.packing import OUTCOMES as OUTCOMES_TABLE
from sim.study.storing.parts import Parts, runs_of


def store(
    study: StudyFile,
    folder: ResultsFolder,
    parts: Parts,
    started: str,
    demand: DemandPaths | None = None,
    plausible: PlausibleSets | None = None,
) -> None:
    """Make the results of a study from its finished runs.

    Writes outcomes.parquet, comparisons.csv, a Parquet file for each table that the study
    keeps, and last manifest.json.

    Parameters
    ----------
    study
        As it was run.
    folder
        Its folder.
    parts
        Every run of it.
    started
        When the study began, for the manifest.
    demand
        The forecast's paths that it was run with.
    plausible
        The plausible sets that it was run with.
    """
    finished: list[Path] = []
    files: dict[str, Any] = {}

    def made(path: Path, rows: int) -> None:
        files[path.name] = {"rows": rows, "sha256": sha256(path)}
        finished.append(path)

    for table in (OUTCOMES_TABLE, *study.tables):
        path = parts.folder / f"{table}.parquet"
        made(path, parts.merge(runs_of(study), table, path))
    comparisons = _comparisons(study, finished[0])
    path = parts.folder / COMPARISONS
    with written_whole(path) as temporary:
        comparisons.to_csv(temporary, index=False, lineterminator="\n")
    made(path, len(comparisons))
    if demand is not None:
        path = parts.folder / DEMAND
        with written_whole(path) as temporary:
            demand.write(temporary, study.replications)
        made(path, pq.read_metadata(path).num_rows)
    if plausible is not None:
        path = parts.folder / KEPT
        with written_whole(path) as temporary:
            plausible.write(temporary, study.replications)
        made(path, pq.read_metadata(path).num_rows)
    if study.scenario.position is not None:
        path = keep_position(study.scenario.position, parts.folder)
        made(path, len(study.scenario.position.cases))
    sources = {
        "forecast_source": None if demand is None else demand.source,
        "plausible_source": None if plausible is None else plausible.source,
    }
    folder.finish(finished, manifest(study, started, files, sources))


def _comparisons(study: StudyFile, outcomes: Path) -> pd.DataFrame:
    found = pd.read_parquet(outcomes)
    listed = [*OUTCOMES, *(key for key in found["outcome"].unique() if key not in OUTCOMES)]
    directions = {key: outcome_of(key).direction for key in listed}
    return compare(found, [policy.name for policy in study.policies], directions)
