"""The tables of one run as one piece of bytes, which travels and is stored whole.

It is a zip file that holds each table in Arrow's stream format. Zip's checksums tell when
something is missing or changed, and its comment says which run of which study it is.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa

OUTCOMES = "outcomes"
BROKEN = (zipfile.BadZipFile, OSError, EOFError, KeyError, ValueError, pa.ArrowException)


@dataclass(frozen=True, order=True)
class Run:
    """One run of a study: the number of its policy, and the replication, both from 0."""

    policy: int
    replication: int


def pack(
    seal: str,
    run: Run,
    policy: str,
    outcomes: Mapping[str, float],
    tables: Mapping[str, pd.DataFrame],
) -> bytes:
    """Pack the tables of a run.

    Parameters
    ----------
    seal
        The hash of the study that the run belongs to.
    run, policy
        Which run; the name of its policy.
    outcomes
        Its outcomes by key.
    tables
        Its other tables by name.
    """
    by_outcome = pa.table(
        {
            "outcome": pa.array(list(outcomes), pa.string()),
            "value": pa.array([float(value) for value in outcomes.values()], pa.float64()),
        }
    )
    plain = {
        name: _plain(pa.Table.from_pandas(frame, preserve_index=False))
        for name, frame in tables.items()
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.comment = _comment(seal, run)
        for name, table in [*plain.items(), (OUTCOMES, by_outcome)]:
            # A ZipInfo of its own: with a name alone, zip would add the time of day.
            archive.writestr(zipfile.ZipInfo(name), _stream(_with_run(table, policy, run)))
    return packed.getvalue()


def is_whole(path: Path, seal: str, run: Run) -> bool:
    """Say whether a file holds this run of this study, to the last byte."""
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.comment == _comment(seal, run) and archive.testzip() is None
    except BROKEN:
        return False


def unpack(path: Path | io.BytesIO, table: str) -> pa.Table:
    """Read one table of a run; raises one of `BROKEN` if it cannot be read as it was packed."""
    with zipfile.ZipFile(path) as archive:
        return pa.ipc.open_stream(archive.read(table)).read_all()


def schema_of(path: Path, table: str) -> pa.Schema:
    """Read only the columns of one table of a run."""
    with zipfile.ZipFile(path) as archive, archive.open(table) as stream:
        return pa.ipc.open_stream(stream).schema


def _comment(seal: str, run: Run) -> bytes:
    return f"{seal} {run.policy} {run.replication}".encode()


def _stream(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    with pa.ipc.new_stream(sink, table.schema, options=options) as writer:
        writer.write_table(table)
    written: bytes = sink.getvalue().to_pybytes()
    return written


def _with_run(table: pa.Table, policy: str, run: Run) -> pa.Table:
    names = [name for name in table.column_names if name not in ("policy", "replication")]
    return pa.table(
        {
            "policy": pa.array([policy] * table.num_rows, pa.string()),
            "replication": pa.array([run.replication] * table.num_rows, pa.int32()),
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
