"""Read a service's position from its lists. References of people and cases end here.

They serve to find who holds which case, and whether somebody is listed twice. What is kept has
numbers instead, in an order that they have no part in: not even a hash of a name is stored.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, get_args

import pandas as pd

from sim.scenario.calendar import working_days_between
from sim.scenario.position.cells import (
    Cell,
    as_date,
    as_name,
    as_number,
    as_reference,
    as_yes_no,
)
from sim.scenario.position.checking import check_lists
from sim.scenario.position.columns import CASE, CASES, EXAMPLE, STAFF, WORKER
from sim.scenario.position.consistency import streams_with
from sim.scenario.position.content import (
    AbsenceKind,
    OpenCase,
    Person,
    Position,
    PositionFiles,
    Vacancy,
    in_order,
)
from sim.scenario.position.lists import read_csv, read_workbook
from sim.scenario.problems import InputError, Problem
from sim.scenario.service import Scenario
from sim.scenario.text_files import shown

KINDS: dict[str, AbsenceKind] = {kind: kind for kind in get_args(AbsenceKind)}


def read_position(scenario: Scenario, folder: Path) -> Position:
    """Read the position that a scenario's files hold.

    Parameters
    ----------
    scenario
        Its `start` names the files.
    folder
        What their paths are relative to.

    Raises
    ------
    InputError
        With everything that is wrong in them, by list, row and column.
    """
    files = scenario.start
    assert isinstance(files, PositionFiles)
    if files.workbook is not None:
        path = folder / Path(files.workbook).expanduser()
        lists = read_workbook(path)
        places = {name: (shown(path), name) for name in lists}
    else:
        paths = {"staff": folder / str(files.staff), "cases": folder / str(files.cases)}
        lists = {}
        problems: list[Problem] = []
        for name, path in paths.items():
            try:
                lists[name] = read_csv(path)
            except InputError as error:
                problems += error.problems
        if problems:
            raise InputError(problems)
        places = {name: (shown(path), "") for name, path in paths.items()}
    lists = {
        name: _without_example(table, WORKER if name == "staff" else CASE)
        for name, table in lists.items()
    }
    problems = check_lists(lists, scenario, places)
    if problems:
        raise InputError(problems)
    return _position(lists["staff"], lists["cases"], scenario)


def _without_example(table: pd.DataFrame, key: str) -> pd.DataFrame:
    """Pass over the rows that a template shows as examples."""
    if key not in table:
        return table
    is_example = table[key].map(lambda cell: str(cell).upper().startswith(EXAMPLE))
    return table[~is_example.astype(bool)]


def _position(staff: pd.DataFrame, cases: pd.DataFrame, scenario: Scenario) -> Position:
    """Turn two lists that are in order into a position."""
    people = [row for row in _rows(staff, STAFF) if row[WORKER] is not None]
    vacant = [row for row in _rows(staff, STAFF) if row[WORKER] is None]
    number = {as_reference(row[WORKER]): n for n, row in enumerate(people)}
    days = _Days(scenario)
    return in_order(
        Position(
            people=tuple(_person(row, days) for row in people),
            vacancies=tuple(
                Vacancy(team=as_name(row["team"]), role=as_name(row["role"]), fte=row["fte"])
                for row in vacant
            ),
            cases=tuple(_case(row, number, scenario, days) for row in _rows(cases, CASES)),
            visits_known="last_visit" in cases,
        )
    )


def _rows(table: pd.DataFrame, columns: tuple[Any, ...]) -> list[dict[str, Any]]:
    """Rows with typed cells: dates, numbers, yes and no; None where blank or left out."""
    typed = {
        "past": as_date, "future": as_date, "fte": as_number, "count": as_number,
        "yes_no": as_yes_no,
    }  # fmt: skip
    found = []
    for cells in table.to_dict("records"):
        row: dict[str, Any] = {}
        for column in columns:
            cell: Cell = cells.get(column.name)
            row[column.name] = (
                None if cell is None else typed.get(column.kind, lambda each: each)(cell)
            )
        found.append(row)
    return found


class _Days:
    """Dates as working days from the start date."""

    def __init__(self, scenario: Scenario) -> None:
        self.start, self.region = scenario.start_date, scenario.bank_holidays

    def since(self, day: date | None) -> int | None:
        """A day in the past: 0 or below."""
        return None if day is None else -working_days_between(day, self.start, self.region)

    def until(self, day: date | None) -> int | None:
        """A day to come: 0 or above."""
        return None if day is None else working_days_between(self.start, day, self.region)


def _person(row: dict[str, Any], days: _Days) -> Person:
    back_on, last_day = days.until(row["back_on"]), days.until(row["last_day"])
    is_back = back_on == 0
    return Person(
        team=as_name(row["team"]),
        role=as_name(row["role"]),
        fte=row["fte"],
        since=days.since(row["in_post_since"]),
        newly_qualified=bool(row["newly_qualified"]),
        agency=bool(row["agency"]),
        away=None if row["absence"] is None or is_back else KINDS[as_name(row["absence"])],
        away_since=None if is_back else days.since(row["absent_since"]),
        back_on=None if is_back else back_on,
        last_day=None if last_day is None else last_day + 1,
    )


def _case(row: dict[str, Any], number: dict[str, int], scenario: Scenario, days: _Days) -> OpenCase:
    (stream,) = streams_with(scenario, row["stage"], row["stream"])
    entered = days.since(row["stage_since"])
    assert entered is not None  # the column has no blanks
    so_far = row["workers_so_far"]
    return OpenCase(
        stream=stream,
        stage=as_name(row["stage"]),
        entered=entered,
        tier=None if row["tier"] is None else as_name(row["tier"]),
        team=None if row["team"] is None else as_name(row["team"]),
        worker=None if row[WORKER] is None else number[as_reference(row[WORKER])],
        referred=days.since(row["referred_on"]),
        clock=days.since(row["clock_since"]),
        allocated=days.since(row["allocated_on"]),
        waiting_since=days.since(row["waiting_since"]),
        last_visit=days.since(row["last_visit"]),
        workers_so_far=None if so_far is None else int(so_far),
    )
