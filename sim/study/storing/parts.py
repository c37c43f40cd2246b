"""The finished runs of a study that is not finished yet, each in a file of its own.

Only the process that holds the study writes here, one finished run after the other, so nothing
that a killed study's other processes still do can reach the folder. Tables are put together
in a fixed order: whichever run ends first, and in however many processes, their bytes are the
same. Only a few parts are in memory at a time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sim.scenario.study_file import StudyFile
from sim.scenario.text_files import shown
from sim.study.errors import StudyError
from sim.study.files import written_whole
from sim.study.storing.packing import BROKEN, OUTCOMES, Run, is_whole, schema_of, unpack
from sim.study.watching import Watcher

ROWS_TOGETHER = 50_000
NAME_OF_PART = re.compile(r"(\d{4,})-(\d{6,})\.run")


class Parts:
    """The folder of finished runs.

    Attributes
    ----------
    folder
        Where they are.
    seal
        The hash of the study that they belong to.
    """

    def __init__(self, folder: Path, seal: str) -> None:
        self.folder, self.seal = folder, seal

    def keep(self, run: Run, packed: bytes) -> None:
        """Store a finished run whole."""
        with written_whole(self._path(run)) as temporary:
            temporary.write_bytes(packed)

    def finished(self, watcher: Watcher) -> set[Run]:
        """List the runs that are here whole; take away what is left of others, and say so."""
        found = set(runs_in(self.folder))
        broken = {run for run in found if not is_whole(self._path(run), self.seal, run)}
        for run in sorted(broken):
            watcher.warn(f"{shown(self._path(run))} is not whole; its run is done again")
            self._path(run).unlink()
        if found - broken:
            watcher.say(f"going on: {len(found - broken)} runs are finished already")
        return found - broken

    def outcomes(self, runs: Iterable[Run]) -> pd.DataFrame:
        """Read the outcomes of finished runs: policy, replication, outcome, value."""
        tables = [self._read(run, OUTCOMES) for run in sorted(runs)]
        frame: pd.DataFrame = pa.concat_tables(tables).to_pandas()
        return frame

    def merge(self, runs: Iterable[Run], table: str, target: Path) -> int:
        """Put one table of all runs together, by policy and replication, as a Parquet file.

        Returns
        -------
        int
            The number of rows.
        """
        order = sorted(runs)
        schemas = dict.fromkeys(self._read(run, table, schema_of) for run in order)
        schema = pa.unify_schemas(list(schemas), promote_options="permissive")
        rows = 0
        with (
            written_whole(target) as temporary,
            pq.ParquetWriter(temporary, schema, compression="zstd", **_packing(schema)) as writer,
        ):
            for group in self._groups(order, table, schema):
                writer.write_table(group, row_group_size=ROWS_TOGETHER)
                rows += group.num_rows
        pa.default_memory_pool().release_unused()  # a report is often made next, and takes its own
        return rows

    def _path(self, run: Run) -> Path:
        return self.folder / f"{run.policy:04d}-{run.replication:06d}.run"

    def _read(self, run: Run, table: str, how: Callable[[Path, str], Any] = unpack) -> Any:
        path = self._path(run)
        try:
            return how(path, table)
        except BROKEN:
            raise StudyError(f"the finished run in {shown(path)} cannot be read any more") from None

    def _groups(self, runs: list[Run], table: str, schema: pa.Schema) -> Iterator[pa.Table]:
        """Read parts until there are enough rows to be worth a row group."""
        waiting: list[pa.Table] = []
        for run in runs:
            waiting.append(_fitted(self._read(run, table), schema))
            if sum(each.num_rows for each in waiting) >= ROWS_TOGETHER:
                yield pa.concat_tables(waiting).combine_chunks()
                waiting = []
        yield pa.concat_tables([*waiting, schema.empty_table()]).combine_chunks()


def runs_of(study: StudyFile, begin: int = 0, end: int | None = None) -> Iterator[Run]:
    """List the runs of a study, or of some of its replications, replication by replication.

    Parameters
    ----------
    study
        The study.
    begin, end
        The first replication, and the first that no longer counts; all of them when left out.
    """
    for replication in range(begin, study.replications if end is None else end):
        for policy in range(len(study.policies)):
            yield Run(policy, replication)


def runs_in(folder: Path) -> Iterator[Run]:
    """List the runs that have a file in a folder of parts, whole or not."""
    for path in folder.iterdir():
        if match := NAME_OF_PART.fullmatch(path.name):
            yield Run(int(match[1]), int(match[2]))


def _packing(schema: pa.Schema) -> dict[str, list[str]]:
    """Say how columns are packed: names as numbers in a list, the bytes of figures side by side."""
    return {
        "use_dictionary": [field.name for field in schema if pa.types.is_string(field.type)],
        "use_byte_stream_split": [
            field.name for field in schema if pa.types.is_float32(field.type)
        ],
    }


def _fitted(part: pa.Table, schema: pa.Schema) -> pa.Table:
    """Give a part the columns of the whole: one without a single value has no type of its own."""
    if part.schema == schema:
        return part
    for field in schema:
        if field.name not in part.column_names:
            part = part.append_column(field, pa.nulls(part.num_rows, field.type))
    return part.select(schema.names).cast(schema)
