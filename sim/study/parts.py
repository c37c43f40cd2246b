"""The tables of each run, written by the process that ran it, and put together in a fixed order.

Whichever run ends first, and in however many processes: a table is made of the parts by policy
and replication, so its bytes are the same. Only a few parts are in memory at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet as pq

from sim.study.files import written_whole

ROWS_TOGETHER = 200_000
OUTCOMES = "outcomes"


@dataclass(frozen=True, order=True)
class Run:
    """One run of a study: the number of its policy, and the replication, both from 0."""

    policy: int
    replication: int

    def part(self, folder: Path, table: str) -> Path:
        """Name the file of one of its tables in the folder of parts."""
        return folder / f"{self.policy:04d}-{self.replication:06d}.{table}.arrow"


def write_parts(
    folder: Path,
    run: Run,
    policy: str,
    outcomes: Mapping[str, float],
    tables: Mapping[str, pd.DataFrame],
) -> None:
    """Write the tables of a run; the outcomes come last, so that a run which has them is whole."""
    by_outcome = pa.table(
        {
            "outcome": pa.array(list(outcomes), pa.string()),
            "value": pa.array([float(value) for value in outcomes.values()], pa.float64()),
        }
    )
    parts = {
        name: _plain(pa.Table.from_pandas(frame, preserve_index=False))
        for name, frame in tables.items()
    }
    for name, table in [*parts.items(), (OUTCOMES, by_outcome)]:
        with written_whole(run.part(folder, name)) as temporary:
            whole = _with_run(table, policy, run.replication)
            pyarrow.feather.write_feather(whole, temporary, compression="lz4")


def merge(folder: Path, runs: Iterable[Run], table: str, target: Path) -> int:
    """Put the parts of a table together, in the order of `runs`, as a Parquet file.

    Returns
    -------
    int
        The number of rows.
    """
    paths = [run.part(folder, table) for run in sorted(runs)]
    schema = pa.unify_schemas([_schema(path) for path in paths], promote_options="permissive")
    rows = 0
    with (
        written_whole(target) as temporary,
        pq.ParquetWriter(temporary, schema, compression="zstd", **_packing(schema)) as writer,
    ):
        for group in _groups(paths, schema):
            writer.write_table(group, row_group_size=ROWS_TOGETHER)
            rows += group.num_rows
    return rows


def _packing(schema: pa.Schema) -> dict[str, list[str]]:
    """Say how columns are packed: names as numbers in a list, the bytes of figures side by side."""
    return {
        "use_dictionary": [field.name for field in schema if pa.types.is_string(field.type)],
        "use_byte_stream_split": [
            field.name for field in schema if pa.types.is_float32(field.type)
        ],
    }


def _schema(path: Path) -> pa.Schema:
    with pa.memory_map(str(path)) as source:
        return pa.ipc.open_file(source).schema


def _groups(paths: list[Path], schema: pa.Schema) -> Iterator[pa.Table]:
    """Read parts until there are enough rows to be worth a row group."""
    waiting: list[pa.Table] = []
    for path in paths:
        part = pyarrow.feather.read_table(path, memory_map=False)
        waiting.append(_fitted(part, schema))
        if sum(each.num_rows for each in waiting) >= ROWS_TOGETHER:
            yield pa.concat_tables(waiting).combine_chunks()
            waiting = []
    yield pa.concat_tables([*waiting, schema.empty_table()]).combine_chunks()


def _fitted(part: pa.Table, schema: pa.Schema) -> pa.Table:
    """Give a part the columns of the whole: one without a single value has no type of its own."""
    for field in schema:
        if field.name not in part.column_names:
            part = part.append_column(field, pa.nulls(part.num_rows, field.type))
    return part.select(schema.names).cast(schema)


def _with_run(table: pa.Table, policy: str, replication: int) -> pa.Table:
    names = [name for name in table.column_names if name not in ("policy", "replication")]
    return pa.table(
        {
            "policy": pa.array([policy] * table.num_rows, pa.string()),
            "replication": pa.array([replication] * table.num_rows, pa.int32()),
            **{name: table[name] for name in names},
        }
    )


def _plain(table: pa.Table) -> pa.Table:
    """Take out what depends on how a table was made: its metadata, and how text is encoded.

    Numbers are kept to seven digits, in half the room: weeks by the million say no more.
    """
    fields = []
    for field in table.schema:
        kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
        if pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
            kind = pa.string()
        if pa.types.is_float64(kind):
            kind = pa.float32()
        fields.append(pa.field(field.name, kind))
    return table.replace_schema_metadata(None).cast(pa.schema(fields))
