"""A scenario turned into tables, so that compiled code can read it.

Everything that a policy's levers can move during a run is in `settings`, one row of numbers; the
rest is fixed. Days are working days, hours are hours of the day.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.model.columns import NOBODY, Table
from sim.model.draws import DISTRIBUTION, pack
from sim.scenario.distributions import Distribution
from sim.scenario.pathway import CLOSED, WITH_THREE_WORKERS, Pathway, Stage, WorkItem
from sim.scenario.service import Scenario

WORKING_DAYS_A_YEAR = 253  # 365.25 x 5/7 less 8 bank holidays in England
WORKING_DAYS_A_WEEK = 5
MONTHS_A_YEAR = 12

EVERY, OPENING, CLOSING = range(3)
FROM_REFERRAL, FROM_STAGE, FROM_CLOCK = range(3)
FROM_ENTRY, FROM_ALLOCATION = range(2)  # or FROM_CLOCK
WAIT, RESTART, DUTY, REALLOCATE = range(4)
COVER = {"wait": WAIT, "restart": RESTART, "duty": DUTY, "reallocate": REALLOCATE}
RULES = (
    "round_robin",
    "fewest_cases",
    "lowest_workload",
    "skill_matched",
    "continuity",
    "optimal",
)
DEFAULT_DUE_DAYS = 5.0  # closing work is due a week after a stage that has no timescale is over
LONGEST = 199  # working days: the last cell of the histogram of how long stages took
WINDOW_SHARE = 0.5  # recurring work may be done in the second half of its interval

STAGE = np.dtype(
    [
        (name, np.int64)
        for name in (
            "kind",  # kind of team, or NOBODY
            "roles",  # bit mask of the roles that may hold it
            "skill",  # bit that its worker must have, or 0
            "shared",  # 1 if workers of other kinds of team may hold it too
            "duration",  # row of the distributions
            "duration_from",
            "patience",  # row of the distributions, or NOBODY
            "booked_for",  # row of the distributions, or NOBODY where nothing is booked
            "booked_again",
            "worker_changes",  # number of the outcome that counts them, or NOBODY
            "starts_clock",
            "timescale",  # number of the timescale by which it should end, or NOBODY
            "measured_open",  # number of the timescale that is measured on open cases, or NOBODY
            "counted_from",
            "lowest_tier",  # tier that a case has here at most (0 is the highest risk)
            "items",
            "last_contact",  # number of the last of the items that is a contact, or 0
            "first_next",
            "last_next",
            "pathway",
        )
    ]
    + [(name, np.float64) for name in ("within", "weight", "days_for_each_case")]
)
ITEM = np.dtype(
    [
        (name, np.int64)
        # vary: distribution, or NOBODY
        for name in ("when", "statutory", "contact", "must_be_done", "vary")
    ]
    + [
        (name, np.float64)
        for name in ("every", "first_within", "opens_before", "hours", "admin_share")
    ]
)
PATHWAY = np.dtype([("first", np.int64), ("after", np.int64), ("rereferral", np.float64)])
STREAM = np.dtype(
    [(name, np.int64) for name in ("pathway", "complexity", "patience", "waiting_limit")]
    + [("dispersion", np.float64), ("factor", np.float64), ("diverted", np.float64)]
)
TIER = np.dtype(
    [(name, np.int64) for name in ("high_risk", "duty")]
    + [(name, np.float64) for name in ("incidents_per_day", "overdue_held")]
)
ROLE = np.dtype(
    [(name, np.int64) for name in ("holds_cases", "supervises", "skills")]
    + [
        (name, np.float64)
        for name in ("caseload_share", "casework_share", "leaving_factor", "cost_per_day")
    ]
)
SETTINGS = np.dtype(
    [
        (name, np.float64)
        for name in (
            # the day
            "hours_per_day",
            "team_hours_per_day",
            "look_ahead",
            "emergency_hours",  # a day
            "hurry",
            "finish_begun",
            "delegable",
            "support_productive",
            "overtime_limit",
            # allocation
            "rule",
            "caseload_cap",
            "workload_cap",
            "handover_hours",
            "nq_caseload_share",
            "nq_protected_share",
            "cover",
            "reallocate_after",
            # supervision
            "supervision_every",
            "supervision_hours",
            "nq_supervision_every",
            "session_manager_hours",
            "manager_hours_per_day",
            "supervision_protected",
            "displaced_above",
            "missed_after",
            "cpd_per_day",
            "cpd_protected",
            # overload and exhaustion
            "overload_level",
            "overload_weeks",
            "long_hours",
            "strain_base",
            "strain_workload",
            "strain_overtime",
            "strain_hurry",
            "strain_admin",
            "strain_unmet",
            "crosses_over",
            "exhaustion_at_start",
            "supervision_relief",
            "days_to_build",
            "days_to_recover",
            "on_sickness",
            "on_leaving",
            "on_speed",
            # hazards, a day
            "short_sickness",
            "long_sickness",
            "parental",
            "leaving",
            "stress_share",
            "pay_factor",
            "notice_days",
            "days_to_full_speed",
            "speed_at_start",
            # safety
            "overdue_factor",
            "new_worker_factor",
            "new_worker_days",
            "unallocated_factor",
            # recruitment and agency
            "round_factor",
            "success_per_round",
            "intake_per_year",
            "agency_cover",
            "agency_cap",
            # money, a day or each
            "agency_per_day",
            "recruitment_per_hire",
            "support_per_day",
            "overtime_value",
            "policy_per_day",
            "supplement_per_day",
            # arrows of the loop that are held, 1 or 0: see sim.model.holding
            "hold_exhaustion",
            "hold_on_sickness",
            "hold_on_leaving",
            "hold_on_speed",
            "hold_overdue",
        )
    ]
)


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
    kinds, roles = list(scenario.teams), list(scenario.roles)
    tiers, streams = list(scenario.risk_tiers), list(scenario.demand)
    pathways = list(scenario.pathways)
    skills = sorted({skill for role in scenario.roles.values() for skill in role.skills})

    role_table: Table = np.zeros(len(roles), ROLE)
    for row, role in zip(role_table, scenario.roles.values(), strict=True):
        row["holds_cases"] = role.holds_cases
        row["supervises"] = role.supervises
        row["skills"] = sum(1 << skills.index(skill) for skill in role.skills)
        row["caseload_share"] = role.caseload_share
        row["casework_share"] = role.casework_share
        row["leaving_factor"] = role.leaving_factor
        row["cost_per_day"] = role.annual_cost / WORKING_DAYS_A_YEAR

    tier_table: Table = np.zeros(len(tiers), TIER)
    for row, tier in zip(tier_table, scenario.risk_tiers.values(), strict=True):
        row["high_risk"] = tier.high_risk
        row["duty"] = tier.duty
        row["incidents_per_day"] = tier.incidents_per_1000_case_years / 1000 / WORKING_DAYS_A_YEAR

    stage_list = [
        (p, name, stage) for p in pathways for name, stage in scenario.pathways[p].stages.items()
    ]
    number = {(p, name): i for i, (p, name, _) in enumerate(stage_list)}
    timescales: list[str] = []
    bands_of: dict[str, tuple[int, ...]] = {}
    worker_changes: list[str] = []
    next_share: list[float] = []
    next_stage: list[int] = []
    stage_table: Table = np.zeros(len(stage_list), STAGE)
    items: Table = np.zeros((len(stage_list), 7), ITEM)
    for i, (p, _, stage) in enumerate(stage_list):
        row = stage_table[i]
        _fill_stage(row, stage, kinds=kinds, roles=roles, tiers=tiers, skills=skills, found=found)
        row["pathway"] = pathways.index(p)
        if stage.timescale is not None:
            if stage.timescale.outcome not in timescales:
                timescales.append(stage.timescale.outcome)
            number_of_it = timescales.index(stage.timescale.outcome)
            told = bands_of.get(stage.timescale.outcome)  # of another stage with the same outcome
            bands_of[stage.timescale.outcome] = told or stage.timescale.bands
            is_open = stage.timescale.measured_on == "open"
            row["measured_open" if is_open else "timescale"] = number_of_it
        row["worker_changes"] = NOBODY
        if stage.worker_changes_outcome is not None:
            key = stage.worker_changes_outcome + WITH_THREE_WORKERS
            if key not in worker_changes:
                worker_changes.append(key)
            row["worker_changes"] = worker_changes.index(key)
        row["first_next"] = len(next_share)
        total = 0.0
        for target, share in stage.next.items():
            total += share
            next_share.append(total)
            next_stage.append(NOBODY if target == CLOSED else number[p, target])
        next_share[-1] = math.inf  # whatever the rounding of the sum
        row["last_next"] = len(next_share) - 1
        for j, item in enumerate(stage.work.values()):
            _fill_item(items[i, j], item, found)

    pathway_table: Table = np.zeros(len(pathways), PATHWAY)
    for row, p in zip(pathway_table, pathways, strict=True):
        _fill_pathway(
            row, scenario.pathways[p], number[p, next(iter(scenario.pathways[p].stages))], found
        )

    stream_table: Table = np.zeros(len(streams), STREAM)
    risk = np.zeros((len(streams), len(tiers)))
    for i, stream in enumerate(scenario.demand.values()):
        row = stream_table[i]
        row["pathway"] = pathways.index(stream.pathway)
        row["complexity"] = found.add(stream.complexity)
        row["patience"] = found.add(stream.patience)
        row["waiting_limit"] = NOBODY if stream.waiting_limit is None else stream.waiting_limit
        row["dispersion"] = math.inf if stream.dispersion is None else stream.dispersion
        row["factor"] = 1.0
        risk[i] = np.cumsum([stream.risk.get(tier, 0.0) for tier in tiers])
        risk[i, -1] = math.inf

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
    rows = {name: found.add(distribution) for name, distribution in named.items()}
    numbers = [team.number for team in scenario.teams.values()]
    bands = sorted(scenario.turnover.by_tenure, key=lambda band: band.up_to_years)
    return Blueprint(
        scenario=scenario,
        distributions=found.table(),
        stages=stage_table,
        items=items,
        next_share=np.array(next_share),
        next_stage=np.array(next_stage, np.int64),
        pathways=pathway_table,
        streams=stream_table,
        risk=risk,
        tiers=tier_table,
        roles=role_table,
        settings=_settings(scenario),
        first_team=np.cumsum([0, *numbers[:-1]]).astype(np.int64),
        teams_of_kind=np.array(numbers, np.int64),
        newcomers_take_over=np.array(
            [team.newcomers_take_over for team in scenario.teams.values()]
        ),
        also_from=[[kinds.index(kind) for kind in stage.also_from] for _, _, stage in stage_list],
        timescales=tuple(timescales),
        bands=tuple(bands_of[outcome] for outcome in timescales),
        worker_changes=tuple(worker_changes),
        tenure_days=np.array([band.up_to_years * WORKING_DAYS_A_YEAR for band in bands]),
        tenure_factor=np.array([*(band.factor for band in bands), 1.0]),
        stage_names=tuple(name for _, name, _ in stage_list),
        kind_names=tuple(kinds),
        role_names=tuple(roles),
        tier_names=tuple(tiers),
        stream_names=tuple(streams),
        rows=rows,
    )


def _fill_stage(
    row: Any,
    stage: Stage,
    *,
    kinds: list[str],
    roles: list[str],
    tiers: list[str],
    skills: list[str],
    found: _Distributions,
) -> None:
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


def _fill_pathway(row: Any, pathway: Pathway, first: int, found: _Distributions) -> None:
    row["first"] = first
    row["after"] = NOBODY
    if pathway.rereferral is not None:
        row["rereferral"] = pathway.rereferral.share
        row["after"] = found.add(pathway.rereferral.after)


def _settings(scenario: Scenario) -> Table:
    """The row of numbers that levers can move."""
    s: Table = np.zeros(1, SETTINGS)
    time, allocation, supervision = (
        scenario.working_time,
        scenario.allocation,
        scenario.supervision,
    )
    absence, turnover, recruitment = scenario.absence, scenario.turnover, scenario.recruitment
    exhaustion, safety, costs = scenario.wellbeing.exhaustion, scenario.safety, scenario.costs
    newly_qualified = recruitment.newly_qualified
    values = {
        "hours_per_day": time.hours_per_week / WORKING_DAYS_A_WEEK,
        "team_hours_per_day": time.team_hours_per_week / WORKING_DAYS_A_WEEK,
        "look_ahead": time.look_ahead_days,
        "emergency_hours": time.emergency_hours,
        "hurry": time.hurry,
        "finish_begun": time.finish_what_was_begun,
        "delegable": time.delegable_admin_share,
        "support_productive": time.business_support_productive_share,
        "overtime_limit": math.inf,
        "rule": RULES.index(allocation.rule),
        "caseload_cap": math.inf if allocation.caseload_cap is None else allocation.caseload_cap,
        "workload_cap": math.inf if allocation.workload_cap is None else allocation.workload_cap,
        "handover_hours": allocation.handover_hours,
        "nq_caseload_share": 1.0 if newly_qualified is None else newly_qualified.caseload_share,
        "nq_protected_share": 0.0 if newly_qualified is None else newly_qualified.protected_share,
        "cover": COVER[absence.cover],
        "reallocate_after": absence.reallocate_after_days,
        "supervision_every": supervision.every_days,
        "supervision_hours": supervision.hours,
        "nq_supervision_every": supervision.newly_qualified_every_days,
        "session_manager_hours": supervision.manager_hours,
        "manager_hours_per_day": supervision.manager_hours_per_week / WORKING_DAYS_A_WEEK,
        "supervision_protected": supervision.protected,
        "displaced_above": supervision.displaced_above_hours,
        "missed_after": supervision.missed_after_days,
        "cpd_per_day": supervision.cpd_hours_per_week / WORKING_DAYS_A_WEEK,
        "cpd_protected": supervision.cpd_protected,
        "overload_level": scenario.wellbeing.overload.level,
        "overload_weeks": scenario.wellbeing.overload.weeks,
        "long_hours": scenario.wellbeing.long_hours,
        "strain_base": exhaustion.base,
        "strain_workload": exhaustion.from_workload,
        "strain_overtime": exhaustion.from_overtime,
        "strain_hurry": exhaustion.from_hurry,
        "strain_admin": exhaustion.from_admin,
        "strain_unmet": exhaustion.from_unmet_need,
        "crosses_over": exhaustion.crosses_over,
        "exhaustion_at_start": exhaustion.at_start,
        "supervision_relief": exhaustion.supervision_relief,
        "days_to_build": exhaustion.days_to_build,
        "days_to_recover": exhaustion.days_to_recover,
        "on_sickness": exhaustion.on_sickness,
        "on_leaving": exhaustion.on_leaving,
        "on_speed": exhaustion.on_speed,
        "short_sickness": absence.short_sickness.per_year / WORKING_DAYS_A_YEAR,
        "long_sickness": absence.long_sickness.per_year / WORKING_DAYS_A_YEAR,
        "parental": absence.parental_leave.per_year / WORKING_DAYS_A_YEAR,
        "leaving": turnover.leaving_per_year / WORKING_DAYS_A_YEAR,
        "stress_share": absence.stress_share,
        "pay_factor": 1.0,
        "notice_days": turnover.notice_days,
        "days_to_full_speed": recruitment.weeks_to_full_speed * WORKING_DAYS_A_WEEK,
        "speed_at_start": recruitment.speed_at_start,
        "overdue_factor": safety.overdue_contact_factor / 10,  # a day, from 10 days
        "new_worker_factor": safety.new_worker_factor,
        "new_worker_days": safety.new_worker_days,
        "unallocated_factor": safety.unallocated_factor,
        "round_factor": 1.0,
        "success_per_round": recruitment.success_per_round,
        "intake_per_year": 0.0 if newly_qualified is None else newly_qualified.intake_per_year,
        "agency_cover": scenario.agency.cover_share,
        "agency_cap": scenario.agency.cap,
        "agency_per_day": costs.agency_per_week / WORKING_DAYS_A_WEEK,
        "recruitment_per_hire": costs.recruitment_per_hire,
        "support_per_day": costs.business_support_per_year / WORKING_DAYS_A_YEAR,
        "overtime_value": costs.overtime_value_per_hour,
    }
    for name, value in values.items():
        s[name] = value
    return s
