"""Ask stored results in SQL: their tables, opened as views, to be read and nothing else.

The database is in memory and can read the tables of these results alone: no other file, no network,
and nothing can be written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import duckdb
import pandas as pd

from sim.scenario.problems import InputError, Problem
from sim.scenario.text_files import is_there, shown
from sim.study.registry import outcome_of
from sim.study.results import Results

MOST_VALUES = 50_000_000  # of an answer: less than a gigabyte where they are numbers
MAY_ASK = ("SELECT", "EXPLAIN")
POLICIES, DEFINITIONS = "policies", "outcome_definitions"


def open_tables(results: Results) -> duckdb.DuckDBPyConnection:
    """Open a results folder's tables as views; with them, policies and what outcomes mean.

    Use the connection in a `with` block.

    Raises
    ------
    InputError
        If a table that the manifest names is gone or cannot be read.
    """
    connection = duckdb.connect(":memory:")
    paths = [results.folder.resolve() / name for name in results.tables]
    for path in paths:
        if not is_there(path):
            raise _damaged(path, "the file is gone")
        reader = "read_csv" if path.suffix == ".csv" else "read_parquet"
        try:
            connection.execute(
                f'CREATE VIEW "{path.stem}" AS SELECT * FROM {reader}({_quoted(path)})'
            )
        except duckdb.Error as error:
            raise _damaged(path, str(error).splitlines()[0]) from None
    for name, table in {POLICIES: _policies(results), DEFINITIONS: _definitions(results)}.items():
        connection.register("given", table)
        connection.execute(f"CREATE TABLE {name} AS SELECT * FROM given")
        connection.unregister("given")
    connection.execute(f"SET allowed_paths = [{', '.join(_quoted(path) for path in paths)}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def ask(folder: str | Path, sql: str) -> pd.DataFrame:
    """Answer a question in SQL from a folder of results.

    Parameters
    ----------
    folder
        A folder of results.
    sql
        One SELECT (or DESCRIBE, SHOW TABLES, SUMMARIZE, EXPLAIN), in DuckDB's SQL.

    Raises
    ------
    InputError
        If the question cannot be answered, with the tables and columns that there are.
    """
    with open_tables(Results(folder)) as connection:
        try:
            kinds = [statement.type.name for statement in connection.extract_statements(sql)]
            if len(kinds) == 1 and kinds[0] in MAY_ASK:
                return _fetched(connection.execute(sql), sql)
        except duckdb.Error as error:
            raise InputError(_unanswerable(connection, sql, error)) from None
    raise InputError(
        Problem(
            "results can be asked, not changed" if kinds else "there is no question here",
            path="sql",
            given=repr(sql),
            accepted="one SELECT",
            remedy='for example: "select policy, avg(value) from outcomes group by policy"',
        )
    )


def _fetched(found: duckdb.DuckDBPyConnection, sql: str) -> pd.DataFrame:
    """Fetch an answer piece by piece, so that one too large is refused before it fills memory."""
    pieces, rows = [found.fetch_df_chunk()], 0
    while len(pieces[-1]):
        rows += len(pieces[-1])
        if rows * len(pieces[-1].columns) > MOST_VALUES:
            raise InputError(
                Problem(
                    "the answer is too large",
                    path="sql",
                    given=repr(sql),
                    accepted=f"rows times columns up to {MOST_VALUES:,}",
                    remedy="ask for less, with `where`, `group by` or `limit`; tables that are "
                    "joined need `using (...)`",
                )
            )
        pieces.append(found.fetch_df_chunk())
    return pd.concat(pieces[:-1] or pieces, ignore_index=True)


def columns_of(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """List the tables, each with its columns."""
    rows = connection.execute(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal "
        "ORDER BY table_name, column_index"
    ).fetchall()
    found: dict[str, list[str]] = {}
    for table, column in rows:
        found.setdefault(table, []).append(column)
    return found


def _unanswerable(connection: duckdb.DuckDBPyConnection, sql: str, error: duckdb.Error) -> Problem:
    """Say what is wrong with a question, and which tables and columns there are."""
    message = str(error).split("\n\n")[0].replace("\n", " ")
    tables = columns_of(connection)
    named = {name: columns for name, columns in tables.items() if _names(sql, name)}
    accepted = f"tables: {', '.join(tables)}"
    for name, columns in named.items():
        accepted += f"\n{' ' * 14}columns of {name}: {', '.join(columns)}"
    remedy = "" if named else '"describe outcomes" lists the columns of a table'
    return Problem(message, path="sql", given=repr(sql), accepted=accepted, remedy=remedy)


def _names(sql: str, table: str) -> bool:
    return re.search(rf"\b{re.escape(table)}\b", sql, re.IGNORECASE) is not None


def _policies(results: Results) -> pd.DataFrame:
    policies: list[Mapping[str, str]] = results.manifest["policies"]
    rows = [(number, each["name"], each["label"]) for number, each in enumerate(policies)]
    return pd.DataFrame(rows, columns=["number", "policy", "label"])


def _definitions(results: Results) -> pd.DataFrame:
    """What the outcomes of these results are."""
    scenario = results.study.scenario
    outcomes = [outcome_of(str(key), scenario) for key in results.outcomes["outcome"].unique()]
    columns = ["outcome", "label", "unit", "better", "definition", "formula", "safe_line"]
    rows = [
        (each.key, each.label, each.unit, each.direction, each.definition, each.formula,
         each.threshold)
        for each in outcomes
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns).astype({"safe_line": float})


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _damaged(path: Path, why: str) -> InputError:
    return InputError(
        Problem(
            f"these results are damaged: {why}",
            file=shown(path),
            remedy="put back a copy, or run the study again",
        )
    )
