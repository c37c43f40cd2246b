"""Check a staff list and a list of open cases, all at once: by list, row, column and rule.

Messages name rows, never people or families: of what was written only numbers, dates and words that
are nearly accepted ones are shown, since a name may stand in any column.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import pandera.pandas as pa

from sim.scenario.position.accepted import Rule, rules_of
from sim.scenario.position.cells import Cell, as_reference, says_nothing_of_anyone
from sim.scenario.position.columns import CASE, LISTS, WORKER, Column
from sim.scenario.position.consistency import case_findings, staff_findings
from sim.scenario.position.findings import Finding, grouped, placed
from sim.scenario.problems import Problem, did_you_mean, nearest
from sim.scenario.service import Scenario


def schema_of(name: str, scenario: Scenario) -> pa.DataFrameSchema:
    """The schema of one of the lists of a scenario: its columns, and the rules for their cells."""
    return pa.DataFrameSchema(
        {
            column.name: pa.Column(
                object,
                [
                    pa.Check(rule.holds, element_wise=True, ignore_na=True, name=rule.name)
                    for rule in rules_of(column, scenario)
                ],
                nullable=column.may_be_blank,
                required=column.needed,
            )
            for column in LISTS[name]
        },
        strict=True,
    )


def check_lists(
    lists: dict[str, pd.DataFrame], scenario: Scenario, places: dict[str, tuple[str, str]]
) -> list[Problem]:
    """List everything that is wrong with both lists.

    Parameters
    ----------
    lists
        The tables `staff` and `cases`, as read.
    scenario
        Whose they are.
    places
        For each list its file, and its sheet (empty for a CSV file).
    """
    problems: list[Problem] = []
    findings: list[Finding] = []
    for name, table in lists.items():
        found = _by_schema(name, table, scenario)
        findings += [each for each in found if isinstance(each, Finding)]
        problems += [placed(each, places[name]) for each in found if isinstance(each, Problem)]
        findings += _duplicates(name, table)
    if not problems:  # all columns are there
        wrong = {(each.list, each.row, each.column) for each in findings}
        between = (*staff_findings(lists["staff"], scenario), *case_findings(lists, scenario))
        findings += [each for each in between if (each.list, each.row, each.column) not in wrong]
    return problems + [placed(problem, places[name]) for name, problem in grouped(findings)]


def _by_schema(name: str, table: pd.DataFrame, scenario: Scenario) -> list[Finding | Problem]:
    try:
        schema_of(name, scenario).validate(table, lazy=True)
    except pa.errors.SchemaErrors as errors:
        cases = errors.failure_cases
    else:
        return []
    columns = {column.name: column for column in LISTS[name]}
    found: list[Finding | Problem] = []
    for case in cases.itertuples():
        if case.check == "column_in_dataframe":
            heading = str(case.failure_case)
            found.append(
                Problem(
                    f"there is no column '{heading}'", given=", ".join(map(str, table.columns)),
                    accepted=", ".join(columns), remedy=did_you_mean(heading, table.columns),
                )
            )  # fmt: skip
        elif case.check == "column_in_schema":
            found.append(_unknown_column(str(case.failure_case), columns))
        elif case.check == "not_nullable":
            rule = Rule("the cell is blank", bool, columns[case.column].meaning)
            found.append(Finding(name, case.column, rule, int(case.index)))
        else:
            (rule,) = (
                each for each in rules_of(columns[case.column], scenario) if each.name == case.check
            )
            given = _shown(case.failure_case, rule)
            found.append(Finding(name, case.column, rule, int(case.index), given))
    return found


def _unknown_column(heading: str, columns: dict[str, Column]) -> Problem:
    near = did_you_mean(heading, columns)
    remedy = near or "delete the column: what is not needed should not be in the file"
    return Problem(
        f"unknown column '{heading}'" if near else "a column that is not known",
        accepted=", ".join(columns), remedy=remedy,
    )  # fmt: skip


def _shown(cell: Cell, rule: Rule) -> str:
    """What was written, if it can't be somebody's name."""
    if says_nothing_of_anyone(cell):
        return str(cell)
    return str(cell) if nearest(str(cell), rule.words) else ""


def _duplicates(name: str, table: pd.DataFrame) -> Iterator[Finding]:
    """Rows whose reference stands in a row above, too."""
    key = WORKER if name == "staff" else CASE
    if key not in table:
        return
    references = table[key].dropna().map(as_reference)
    remedy = (
        "give someone with two posts two references, such as 17a and 17b"
        if name == "staff"
        else "keep the row of the stage that the case is in"
    )
    rule = Rule("the same reference as in a row above", bool, "each reference once", remedy)
    for row in references[references.duplicated()].index:
        yield Finding(name, key, rule, int(row))
