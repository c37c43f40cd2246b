"""The numbers of a scenario that levers can move, in a row."""

from __future__ import annotations

import math

import numpy as np

from sim.model.columns import Table
from sim.model.plan_columns import COVER, RULES, SETTINGS, WORKING_DAYS_A_WEEK, WORKING_DAYS_A_YEAR
from sim.scenario.service import Scenario


def settings_of(scenario: Scenario) -> Table:
    """The row of a scenario as it begins, before any lever."""
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
        "exhaustion_at_start": exhaustion.of_a_newcomer,
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
