"""Empty lists to fill in, for a scenario's position: as CSV, or as a workbook with drop-downs.

The columns are those of `sim.scenario.position.columns`; what they accept is the scenario's own.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

from sim.scenario.calendar import working_day
from sim.scenario.position.accepted import accepted_words, rules_of
from sim.scenario.position.cells import Cell
from sim.scenario.position.columns import CASE, CASES, EXAMPLE, LISTS, STAFF, WORKER, Column
from sim.scenario.position.content import Position
from sim.scenario.problems import InputError, Problem
from sim.scenario.service import Scenario, teams_by_name
from sim.scenario.text_files import shown
from sim.study.files import write_text, written_whole

WORKBOOK = "position.xlsx"
EXPLAINED = "columns"
ROWS_WITH_LISTS = 20_000  # rows of the workbook that have drop-downs
DAYS_AGO = 30
FIRST_OF_WORDS = 6  # on the sheet that explains: its own columns come first, and one between

Rows = Sequence[Mapping[str, Cell]]


def refuse_to_replace(files: Iterable[Path]) -> None:
    """Refuse to write over lists that are there: somebody may have filled them in."""
    there = [file for file in files if file.exists()]
    if there:
        message, remedy = "this file is there already", "choose another folder with --out"
        raise InputError([Problem(message, file=shown(file), remedy=remedy) for file in there])


def write_csv_lists(lists: Mapping[str, Rows], folder: Path) -> list[Path]:
    """Write both lists as CSV files into a folder; give the files."""
    refuse_to_replace([folder / f"{name}.csv" for name in lists])
    written = []
    for name, rows in lists.items():
        headings = [column.name for column in LISTS[name]]
        text = io.StringIO()
        writer = csv.DictWriter(text, headings, lineterminator="\n")
        writer.writeheader()
        writer.writerows({key: _as_text(row.get(key)) for key in headings} for row in rows)
        written.append(folder / f"{name}.csv")
        write_text(written[-1], text.getvalue())
    return written


def write_workbook(lists: Mapping[str, Rows], scenario: Scenario, folder: Path) -> Path:
    """Write both lists as sheets of a workbook, with drop-downs, and one that explains them."""
    path = folder / WORKBOOK
    refuse_to_replace([path])
    with written_whole(path) as temporary:
        book = xlsxwriter.Workbook(str(temporary), {"default_date_format": "dd/mm/yyyy"})
        book.set_properties({"created": scenario.start_date})  # the same bytes every time
        heading = book.add_format({"bold": True, "bg_color": "#dbe7f3", "bottom": 1})
        for name, rows in lists.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 1)
            for place, column in enumerate(LISTS[name]):
                sheet.write(0, place, column.name, heading)
                sheet.set_column(place, place, max(12, len(column.name) + 2))
                _drop_down(sheet, place, column, scenario)
            for number, row in enumerate(rows, 1):
                for place, column in enumerate(LISTS[name]):
                    cell = row.get(column.name)
                    if isinstance(cell, date):
                        sheet.write_datetime(number, place, cell)
                    elif cell is not None:
                        sheet.write(number, place, _as_text(cell))
        _explain(book.add_worksheet(EXPLAINED), scenario, heading, book)
        book.close()
    return path


def _drop_down(sheet: Any, place: int, column: Column, scenario: Scenario) -> None:
    words = accepted_words(scenario, column.kind)
    about: dict[str, Any] = {"validate": "decimal", "criteria": "between", "minimum": 0.01}
    about |= {"maximum": 1, "error_message": "more than 0, and at most 1"}
    if words:
        first, last = _place_of_words(column, scenario)
        about = {"validate": "list", "source": f"={EXPLAINED}!${first}:${last}",
                 "error_message": f"one of the names on the sheet `{EXPLAINED}`"}  # fmt: skip
    if words or column.kind == "fte":
        sheet.data_validation(1, place, ROWS_WITH_LISTS, place, about)


def _columns_with_words(scenario: Scenario) -> list[tuple[str, tuple[str, ...]]]:
    """The kinds of cell that have words of their own, each once, with the words."""
    kinds = dict.fromkeys(column.kind for column in (*STAFF, *CASES))
    return [(kind, words) for kind in kinds if (words := accepted_words(scenario, kind))]


def _place_of_words(column: Column, scenario: Scenario) -> tuple[str, str]:
    """Where the words of a column stand on the sheet that explains: first and last cell."""
    for place, (kind, words) in enumerate(_columns_with_words(scenario)):
        if kind == column.kind:
            letter = chr(ord("A") + FIRST_OF_WORDS + place)
            return f"{letter}$2", f"{letter}${len(words) + 1}"
    raise KeyError(column.kind)


def _explain(sheet: Any, scenario: Scenario, heading: Any, book: Any) -> None:
    """Explain each column, and list the words that are accepted beside it."""
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    for place, (name, width) in enumerate(
        (("sheet", 8), ("column", 16), ("what it is", 46), ("a blank means", 34), ("accepted", 40))
    ):
        sheet.write(0, place, name, heading)
        sheet.set_column(place, place, width)
    number = 0
    for name, columns in LISTS.items():
        for column in columns:
            number += 1
            for place, text in enumerate((name, *explained(column, scenario))):
                sheet.write(number, place, text, wrap)
    for place, (kind, words) in enumerate(_columns_with_words(scenario), FIRST_OF_WORDS):
        sheet.write(0, place, kind, heading)
        sheet.set_column(place, place, 22)
        for row, word in enumerate(words, 1):
            sheet.write(row, place, word)


def explained(column: Column, scenario: Scenario) -> tuple[str, str, str, str]:
    """What there is to say of a column: name, meaning, what a blank means, what is accepted."""
    blank = column.blank or "(must be filled)"
    if not column.needed:
        blank += "; the column may be left out"
    words = accepted_words(scenario, column.kind)
    rules = [rule.accepted for rule in rules_of(column, scenario)]
    accepted = f"see the column {column.kind}" if len(words) > 2 else "; ".join(rules)
    return column.name, column.meaning, blank, accepted or "text or a number"


def example_rows(scenario: Scenario) -> dict[str, Rows]:
    """One row of each list that shows how it is filled in; it is passed over when read."""
    stream, about = next(iter(scenario.demand.items()))
    stage_name, stage = next(
        (name, stage)
        for name, stage in scenario.pathways[about.pathway].stages.items()
        if stage.team is not None
    )
    team = next(name for name, kind in teams_by_name(scenario).items() if kind == stage.team)
    role = next(
        role for role in scenario.teams[str(stage.team)].posts if scenario.roles[role].holds_cases
    )
    ago = working_day(scenario.start_date, -DAYS_AGO, scenario.bank_holidays)
    return {
        "staff": [
            {WORKER: f"{EXAMPLE} 17", "team": team, "role": role, "fte": 0.6, "in_post_since": ago,
             "newly_qualified": "no", "agency": "no"}
        ],
        "cases": [
            {CASE: f"{EXAMPLE} 1042", "stream": stream, "stage": stage_name, "stage_since": ago,
             WORKER: f"{EXAMPLE} 17", "tier": list(scenario.risk_tiers)[-1], "referred_on": ago,
             "last_visit": ago, "workers_so_far": 1}
        ],
    }  # fmt: skip


def rows_of(position: Position, scenario: Scenario) -> dict[str, Rows]:
    """Write a position as the rows of two lists, with made-up references."""

    def day(days: int | None) -> date | None:
        if days is None:
            return None
        return working_day(scenario.start_date, days, scenario.bank_holidays)

    staff: list[dict[str, Cell]] = [
        {
            WORKER: f"W{n:04}", "team": person.team, "role": person.role, "fte": person.fte,
            "in_post_since": day(person.since),
            "newly_qualified": "yes" if person.newly_qualified else "no",
            "agency": "yes" if person.agency else "no", "absence": person.away,
            "absent_since": day(person.away_since), "back_on": day(person.back_on),
            "last_day": None if person.last_day is None else day(max(person.last_day - 1, 0)),
        }
        for n, person in enumerate(position.people, 1)
    ]  # fmt: skip
    staff += [
        {"team": vacancy.team, "role": vacancy.role, "fte": vacancy.fte}
        for vacancy in position.vacancies
    ]
    cases: list[dict[str, Cell]] = [
        {
            CASE: f"C{n:05}", "stream": case.stream, "stage": case.stage,
            "stage_since": day(case.entered),
            WORKER: None if case.worker is None else f"W{case.worker + 1:04}",
            "team": case.team, "tier": case.tier, "referred_on": day(case.referred),
            "clock_since": day(case.clock), "allocated_on": day(case.allocated),
            "waiting_since": day(case.waiting_since), "last_visit": day(case.last_visit),
            "workers_so_far": case.workers_so_far,
        }
        for n, case in enumerate(position.cases, 1)
    ]  # fmt: skip
    return {"staff": staff, "cases": cases}


def _as_text(cell: Cell) -> str | float | int:
    """A cell of a CSV file: dates as most of England writes them."""
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    return "" if cell is None else cell
