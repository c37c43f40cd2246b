"""A scenario turned into tables, so that compiled code can read it.

Everything that a policy's levers can move during a run is in `settings`, one row of numbers; the
rest is fixed. Days are working days, hours are hours of the day.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.model.columns import NOBODY, Table
from sim.model.draws import DISTRIBUTION, pack
from sim.model.plan_columns import (
    ITEM,
    PATHWAY,
    ROLE,
    STAGE,
    STREAM,
    TIER,
    WORKING_DAYS_A_YEAR,
)
from sim.model.settings_row import settings_of
from sim.scenario.distributions import Distribution
from sim.scenario.pathway import CLOSED, WITH_THREE_WORKERS, Stage, WorkItem
from sim.scenario.service import Scenario

DEFAULT_DUE_DAYS = 5.0  # closing work is due a week after a stage that has no timescale is over
WINDOW_SHARE = 0.5  # recurring work may be done in the second half of its interval


@dataclass
class Blueprint:
    """The tables of a scenario. Made anew for each run: a run's levers change `settings`."""

    scenario: Scenario
    distributions: Table
    stages: Table
    items: Table  # (stages, 7): the kinds of work of each stage
    next_share: NDArray[np.float64]  # cumulative shares, row ranges given by the stages
    next_stage: NDArray[np.int64]  # NOBODY for closed
    pathways: Table
    streams: Table
    risk: NDArray[np.float64]  # (streams, tiers): cumulative shares
    tiers: Table
    roles: Table
    settings: Table
    first_team: NDArray[np.int64]  # by kind of team
    teams_of_kind: NDArray[np.int64]
    newcomers_take_over: NDArray[np.float64]  # by kind of team
    also_from: list[list[int]]  # by stage: other kinds of team whose workers may hold it
    timescales: tuple[str, ...]  # outcome key of each timescale
    bands: tuple[tuple[int, ...], ...]  # of each timescale
    worker_changes: tuple[str, ...]  # outcome key of each share with many workers in a year
    tenure_days: NDArray[np.float64]  # upper ends of the tenure bands, in working days
    tenure_factor: NDArray[np.float64]  # one more than bands: the last is for longer tenures
    stage_names: tuple[str, ...]
    kind_names: tuple[str, ...]
    role_names: tuple[str, ...]
    tier_names: tuple[str, ...]
    stream_names: tuple[str, ...]
    rows: dict[str, int]  # rows of the distributions that have a name


class _Distributions:
    """Collects distributions and numbers them."""

    def __init__(self) -> None:
        self.rows: list[Any] = []

    def add(self, distribution: Distribution | None) -> int:
        if distribution is None:
            return NOBODY
        self.rows.append(pack(distribution))
        return len(self.rows) - 1

    def table(self) -> Table:
        return np.array(self.rows, DISTRIBUTION)


def make_blueprint(scenario: Scenario) -> Blueprint:
    """Turn a scenario into tables."""
    found = _Distributions()
    stages = _Stages(scenario, found)
    pathways = _pathways(scenario, stages.number, found)
    streams, risk = _streams(scenario, found)
    rows = _named_distributions(scenario, found)
    numbers = [team.number for team in scenario.teams.values()]
    bands = sorted(scenario.turnover.by_tenure, key=lambda band: band.up_to_years)
    return Blueprint(
        scenario=scenario,
        distributions=found.table(),
        stages=stages.table,
        items=stages.items,
        next_share=np.array(stages.next_share),
        next_stage=np.array(stages.next_stage, np.int64),
        pathways=pathways,
        streams=streams,
        risk=risk,
        tiers=_tiers(scenario),
        roles=_roles(scenario),
        settings=settings_of(scenario),
        first_team=np.cumsum([0, *numbers[:-1]]).astype(np.int64),
        teams_of_kind=np.array(numbers, np.int64),
        newcomers_take_over=np.array(
            [team.newcomers_take_over for team in scenario.teams.values()]
        ),
        also_from=stages.also_from,
        timescales=tuple(stages.bands),
        bands=tuple(stages.bands.values()),
        worker_changes=tuple(stages.worker_changes),
        tenure_days=np.array([band.up_to_years * WORKING_DAYS_A_YEAR for band in bands]),
        tenure_factor=np.array([*(band.factor for band in bands), 1.0]),
        stage_names=tuple(name for _, name in stages.number),
        kind_names=tuple(scenario.teams),
        role_names=tuple(scenario.roles),
        tier_names=tuple(scenario.risk_tiers),
        stream_names=tuple(scenario.demand),
        rows=rows,
    )


def _skills(scenario: Scenario) -> list[str]:
    return sorted({skill for role in scenario.roles.values() for skill in role.skills})


def _roles(scenario: Scenario) -> Table:
    skills = _skills(scenario)
    table: Table = np.zeros(len(scenario.roles), ROLE)
    for row, role in zip(table, scenario.roles.values(), strict=True):
        row["holds_cases"] = role.holds_cases
        row["supervises"] = role.supervises
        row["skills"] = sum(1 << skills.index(skill) for skill in role.skills)
        row["caseload_share"] = role.caseload_share
        row["casework_share"] = role.casework_share
        row["leaving_factor"] = role.leaving_factor
        row["cost_per_day"] = role.annual_cost / WORKING_DAYS_A_YEAR
    return table


def _tiers(scenario: Scenario) -> Table:
    table: Table = np.zeros(len(scenario.risk_tiers), TIER)
    for row, tier in zip(table, scenario.risk_tiers.values(), strict=True):
        row["high_risk"] = tier.high_risk
        row["duty"] = tier.duty
        row["incidents_per_day"] = tier.incidents_per_1000_case_years / 1000 / WORKING_DAYS_A_YEAR
    return table


class _Stages:
    """The stages of all pathways, one after the other, their work and where they lead."""

    def __init__(self, scenario: Scenario, found: _Distributions) -> None:
        every = [
            (pathway, name, stage)
            for pathway, of_pathway in scenario.pathways.items()
            for name, stage in of_pathway.stages.items()
        ]
        self.number = {(pathway, name): i for i, (pathway, name, _) in enumerate(every)}
        self.table: Table = np.zeros(len(every), STAGE)
        self.items: Table = np.zeros((len(every), 7), ITEM)
        self.next_share: list[float] = []
        self.next_stage: list[int] = []
        self.bands: dict[str, tuple[int, ...]] = {}  # of each timescale, by its outcome
        self.worker_changes: list[str] = []
        kinds, pathways = list(scenario.teams), list(scenario.pathways)
        self.also_from = [[kinds.index(kind) for kind in stage.also_from] for _, _, stage in every]
        for row, items, (pathway, _, stage) in zip(self.table, self.items, every, strict=True):
            _fill_stage(row, stage, scenario, found)
            row["pathway"] = pathways.index(pathway)
            self._measure(row, stage)
            self._lead_on(row, stage, pathway)
            for item_row, item in zip(items, stage.work.values(), strict=False):
                _fill_item(item_row, item, found)

    def _measure(self, row: Any, stage: Stage) -> None:
        """Number the outcomes that a stage names; stages may share them."""
        if stage.timescale is not None:
            outcome = stage.timescale.outcome
            self.bands[outcome] = self.bands.get(outcome) or stage.timescale.bands
            is_open = stage.timescale.measured_on == "open"
            row["measured_open" if is_open else "timescale"] = list(self.bands).index(outcome)
        row["worker_changes"] = NOBODY
        if stage.worker_changes_outcome is not None:
            key = stage.worker_changes_outcome + WITH_THREE_WORKERS
            if key not in self.worker_changes:
                self.worker_changes.append(key)
            row["worker_changes"] = self.worker_changes.index(key)

    def _lead_on(self, row: Any, stage: Stage, pathway: str) -> None:
        """Write down what comes after a stage."""
        row["first_next"] = len(self.next_share)
        total = 0.0
        for target, share in stage.next.items():
            total += share
            self.next_share.append(total)
            self.next_stage.append(NOBODY if target == CLOSED else self.number[pathway, target])
        self.next_share[-1] = math.inf  # whatever the rounding of the sum
        row["last_next"] = len(self.next_share) - 1


def _pathways(
    scenario: Scenario, number: Mapping[tuple[str, str], int], found: _Distributions
) -> Table:
    table: Table = np.zeros(len(scenario.pathways), PATHWAY)
    for row, (name, pathway) in zip(table, scenario.pathways.items(), strict=True):
        row["first"] = number[name, next(iter(pathway.stages))]
        row["after"] = NOBODY
        if pathway.rereferral is not None:
            row["rereferral"] = pathway.rereferral.share
            row["after"] = found.add(pathway.rereferral.after)
    return table


def _streams(scenario: Scenario, found: _Distributions) -> tuple[Table, NDArray[np.float64]]:
    """The streams of demand, and the cumulative shares of the risk tiers in each."""
    pathways = list(scenario.pathways)
    table: Table = np.zeros(len(scenario.demand), STREAM)
    risk = np.zeros((len(scenario.demand), len(scenario.risk_tiers)))
    for row, shares, stream in zip(table, risk, scenario.demand.values(), strict=True):
        row["pathway"] = pathways.index(stream.pathway)
        row["complexity"] = found.add(stream.complexity)
        row["patience"] = found.add(stream.patience)
        row["waiting_limit"] = NOBODY if stream.waiting_limit is None else stream.waiting_limit
        row["dispersion"] = math.inf if stream.dispersion is None else stream.dispersion
        row["factor"] = 1.0
        shares[:] = np.cumsum([stream.risk.get(tier, 0.0) for tier in scenario.risk_tiers])
        shares[-1] = math.inf
    return table, risk


def _named_distributions(scenario: Scenario, found: _Distributions) -> dict[str, int]:
    """The rows of the distributions that processes ask for by name."""
    named = {
        "short_sickness": scenario.absence.short_sickness.duration,
        "long_sickness": scenario.absence.long_sickness.duration,
        "parental_leave": scenario.absence.parental_leave.duration,
        "overtime": scenario.working_time.overtime_hours_per_week,
        "approval": scenario.recruitment.approval_days,
        "round": scenario.recruitment.round_days,
        "agency_lead": scenario.agency.lead_days,
        "agency_stay": scenario.agency.stay_days,
    }
    return {name: found.add(distribution) for name, distribution in named.items()}


def _fill_stage(row: Any, stage: Stage, scenario: Scenario, found: _Distributions) -> None:
    kinds, roles = list(scenario.teams), list(scenario.roles)
    tiers, skills = list(scenario.risk_tiers), _skills(scenario)
    row["kind"] = NOBODY if stage.team is None else kinds.index(stage.team)
    row["roles"] = sum(1 << roles.index(role) for role in stage.roles) or -1  # -1: every bit
    row["shared"] = bool(stage.also_from)
    row["skill"] = 0 if stage.skill is None else 1 << skills.index(stage.skill)
    row["duration"] = found.add(stage.duration)
    # A stage that nobody holds is never allocated: its time runs from entering it.
    runs_from = "entry" if stage.team is None else stage.duration_from
    runs_from = stage.duration_from if stage.duration_from == "clock" else runs_from
    row["duration_from"] = ("entry", "allocation", "clock").index(runs_from)
    row["patience"] = found.add(stage.patience)
    row["booked_for"] = row["booked_again"] = NOBODY
    if stage.booking is not None:
        row["booked_for"] = found.add(stage.booking.for_day)
        row["booked_again"] = found.add(stage.booking.again_after_days)
    row["starts_clock"] = stage.starts_clock
    row["days_for_each_case"] = stage.days_for_each_case
    row["timescale"] = row["measured_open"] = NOBODY
    row["within"] = math.inf
    if stage.timescale is not None:
        row["within"] = stage.timescale.within_days
        row["counted_from"] = ("referral", "stage", "clock").index(stage.timescale.counted_from)
    row["weight"] = stage.weight
    row["lowest_tier"] = (
        len(tiers) if stage.risk_at_least is None else tiers.index(stage.risk_at_least)
    )
    row["items"] = len(stage.work)
    contacts = [n for n, item in enumerate(stage.work.values(), 1) if item.contact]
    row["last_contact"] = max(contacts, default=0)


def _fill_item(row: Any, item: WorkItem, found: _Distributions) -> None:
    row["when"] = ("every", "opening", "closing").index(item.when)
    row["statutory"] = item.statutory
    row["contact"] = item.contact
    row["must_be_done"] = item.must_be_done
    row["vary"] = found.add(item.hours_vary)
    every = item.every_days or 0.0
    row["every"] = every
    default = every if item.when == "every" else DEFAULT_DUE_DAYS
    row["first_within"] = default if item.first_within_days is None else item.first_within_days
    before = WINDOW_SHARE * every if item.opens_before_days is None else item.opens_before_days
    row["opens_before"] = min(before, max(0.0, every - 1.0))  # not again on the day it was done
    row["hours"] = item.direct_hours + item.admin_hours
    row["admin_share"] = item.admin_hours / (item.direct_hours + item.admin_hours)
