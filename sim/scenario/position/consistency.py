"""Whether the columns of a staff list and of a list of cases, and the two lists, fit together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from sim.scenario.pathway import Stage
from sim.scenario.position.accepted import Rule, accepted_words
from sim.scenario.position.cells import (
    Cell,
    as_date,
    as_name,
    as_number,
    as_reference,
    as_yes_no,
)
from sim.scenario.position.columns import WORKER
from sim.scenario.position.findings import Finding
from sim.scenario.service import Scenario, teams_by_name


def staff_findings(staff: pd.DataFrame, scenario: Scenario) -> Iterator[Finding]:
    """What is wrong between the columns of a staff list."""
    needs_kind = Rule(
        "it is not said why the person is away", bool,
        "one of " + ", ".join(accepted_words(scenario, "absence")), "fill in `absence`",
    )  # fmt: skip
    empty = Rule("a vacant post cannot be this", bool, "blank", "put a reference under `worker`")
    nobody = Rule(
        "the scenario protects nobody as newly qualified", bool, "no, or blank",
        "add recruitment.newly_qualified to the scenario",
    )  # fmt: skip
    for row, cells in _rows(staff):
        if cells["absence"] is None and (cells["absent_since"] or cells["back_on"]) is not None:
            yield Finding("staff", "absence", needs_kind, row)
        if cells[WORKER] is None:
            for column in ("in_post_since", "absence", "last_day"):
                if cells[column] is not None:
                    yield Finding("staff", column, empty, row)
        if as_yes_no(cells["newly_qualified"]) and scenario.recruitment.newly_qualified is None:
            yield Finding("staff", "newly_qualified", nobody, row)


def case_findings(lists: dict[str, pd.DataFrame], scenario: Scenario) -> Iterator[Finding]:
    """What is wrong between the columns of a list of cases, and between it and the staff list."""
    kinds = teams_by_name(scenario)
    people: dict[str, tuple[str, str]] = {}
    for _, cells in _rows(lists["staff"]):
        if cells[WORKER] is not None:
            place = as_name(cells["team"]), as_name(cells["role"])
            people.setdefault(as_reference(cells[WORKER]), place)
    for row, cells in _rows(lists["cases"]):
        yield from _dates_in_order(row, cells)
        streams = streams_with(scenario, cells["stage"], cells["stream"])
        if len(streams) != 1:
            if as_name(cells["stage"]) in accepted_words(scenario, "stage"):
                yield Finding("cases", "stream", _which_stream(scenario, cells["stage"]), row)
            continue
        pathway = scenario.pathways[scenario.demand[streams[0]].pathway]
        stage = pathway.stages[as_name(cells["stage"])]
        team, worker = cells["team"], cells[WORKER]
        of_stage = [name for name, kind in kinds.items() if kind == stage.team]
        if team is not None and stage.team is not None and as_name(team) not in of_stage:
            rule = Rule(
                "this team does not hold that stage", bool, "one of " + ", ".join(of_stage),
                "leave it blank, or correct the stage",
            )  # fmt: skip
            yield Finding("cases", "team", rule, row)
        if worker is None:
            continue
        if as_reference(worker) not in people:
            rule = Rule(
                "not in the staff list", bool, "a reference of the staff list",
                "add the person, or leave the cell blank if nobody holds the case",
            )  # fmt: skip
            yield Finding("cases", WORKER, rule, row)
            continue
        of_team, role = people[as_reference(worker)]
        if of_team not in kinds or role not in scenario.roles:
            continue  # said of the staff list
        if stage.team is None:
            rule = Rule("nobody holds cases in this stage", bool, "blank")
            yield Finding("cases", WORKER, rule, row)
        elif kinds[of_team] not in (stage.team, *stage.also_from):
            rule = Rule(
                "the worker is in a team that does not hold that stage", bool,
                f"someone in {' or '.join((stage.team, *stage.also_from))}",
                "correct the stage or the team, or leave the cell blank: then the case waits",
            )  # fmt: skip
            yield Finding("cases", WORKER, rule, row)
        elif not _may_hold(scenario, role, stage):
            rule = Rule(
                "the worker's role may not hold that stage", bool,
                "a role that holds cases" + (f", with skill {stage.skill}" if stage.skill else ""),
                "correct the role, or leave the cell blank: then the case waits",
            )  # fmt: skip
            yield Finding("cases", WORKER, rule, row)


def streams_with(scenario: Scenario, stage: Cell, stream: Cell) -> list[str]:
    """The streams that a case in a stage may be of: the one that is named, or all that have it."""
    return [
        name
        for name, about in scenario.demand.items()
        if as_name(stage) in scenario.pathways[about.pathway].stages
        and (stream is None or as_name(stream) == name)
    ]


def _which_stream(scenario: Scenario, stage: Cell) -> Rule:
    streams = streams_with(scenario, stage, None)
    return Rule(
        "not a stream with that stage, or no stream where several have it", bool,
        "one of " + ", ".join(streams), "fill in `stream`",
    )  # fmt: skip


def _may_hold(scenario: Scenario, role: str, stage: Stage) -> bool:
    about = scenario.roles[role]
    return bool(
        about.holds_cases
        and (not stage.roles or role in stage.roles)
        and (stage.skill is None or stage.skill in about.skills)
    )


def _dates_in_order(row: int, cells: dict[str, Cell]) -> Iterator[Finding]:
    since = as_date(cells["stage_since"])
    for column, should in (("referred_on", "before"), ("allocated_on", "after")):
        day = as_date(cells[column])
        if day is None or since is None:
            continue
        if (day > since) if should == "before" else (day < since):
            rule = Rule(
                f"not {should} `stage_since`", bool, f"that day or one {should} it",
                "check both dates; is the day written before the month?",
            )  # fmt: skip
            yield Finding("cases", column, rule, row, "")
    if cells[WORKER] is not None and as_number(cells["workers_so_far"]) == 0:
        rule = Rule("the case has a worker", bool, "1 or more, or blank")
        yield Finding("cases", "workers_so_far", rule, row)


def _rows(table: pd.DataFrame) -> Iterator[tuple[int, dict[str, Cell]]]:
    """Every row with its number; columns that are left out are blank."""
    for row, cells in zip(table.index, table.to_dict("records"), strict=True):
        yield int(row), _Cells({str(name): cell for name, cell in cells.items()})


class _Cells(dict[str, Any]):
    def __missing__(self, column: str) -> None:
        return None
