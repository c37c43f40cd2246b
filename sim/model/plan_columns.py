"""What the tables of a scenario hold, column by column, and the codes in them."""

from __future__ import annotations

import numpy as np

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
LONGEST = 199  # working days: the last cell of the histogram of how long stages took

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
