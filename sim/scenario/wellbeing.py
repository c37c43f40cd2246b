"""Working time, supervision, overload, exhaustion and what exhaustion does."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sim.scenario.base import NonNegative, Part, Positive, Share
from sim.scenario.distributions import Distribution

AllocationRule = Literal[
    "round_robin", "fewest_cases", "lowest_workload", "skill_matched", "continuity", "optimal"
]


class Allocation(Part):
    """How unallocated cases find a worker."""

    rule: AllocationRule = "lowest_workload"
    caseload_cap: NonNegative | None = Field(
        None, description="cases per full-time worker above which no more are allocated"
    )
    workload_cap: NonNegative | None = Field(
        None, description="weighted workload over deployable capacity above which none is allocated"
    )
    handover_hours: NonNegative = Field(
        0.0, description="hours that a new worker needs to read and meet a case that had another"
    )


class WorkingTime(Part):
    """The week of a worker, before casework."""

    hours_per_week: float = Field(36.0, gt=0, le=60, description="contracted, full time")
    team_hours_per_week: NonNegative = Field(
        0.0, description="meetings, travel between them, duty rota and the like, full time"
    )
    overtime_hours_per_week: Distribution = Field(
        description="the most that a worker gives when work is due, by worker"
    )
    look_ahead_days: NonNegative = Field(
        5.0, description="work due within so many working days is worth overtime"
    )
    emergency_hours: NonNegative = Field(
        0.0,
        description="hours a day beyond that overtime for which a worker stays on in an emergency: "
        "the opening work of a case of a tier that duty takes at once",
    )
    hurry: Share = Field(
        0.0,
        description="how much more an hour achieves, as a share, when a day's work or more is "
        "overdue (in proportion below that): visits are shorter, records briefer",
    )
    finish_what_was_begun: bool = Field(
        False, description="begun work is finished before more urgent work is begun"
    )
    delegable_admin_share: Share = Field(
        0.0, description="share of admin that business support can take over"
    )
    business_support_productive_share: Share = Field(
        0.8, description="share of contracted hours that business support has for casework admin"
    )


class Supervision(Part):
    """Supervision and professional development (CPD)."""

    every_days: Positive = 21.0
    hours: NonNegative = 1.5
    newly_qualified_every_days: Positive = 10.0
    manager_hours: NonNegative = Field(
        2.0, description="hours that one session takes of a manager: meeting and preparation"
    )
    manager_hours_per_week: NonNegative = Field(
        12.0, description="hours a week that a full-time manager has for supervision"
    )
    protected: bool = Field(False, description="held even when work is overdue")
    displaced_above_hours: NonNegative = Field(
        4.0, description="hours of overdue work above which a session is put off"
    )
    missed_after_days: NonNegative = Field(
        10.0, description="working days for which a session can be put off before it is missed"
    )
    cpd_hours_per_week: NonNegative = 0.0
    cpd_protected: bool = False


class Overload(Part):
    """Overload is a level and a duration: one definition for every output."""

    level: Positive = Field(1.10, description="weighted workload over deployable capacity")
    weeks: int = Field(4, ge=1, description="weeks running")


class Exhaustion(Part):
    """What wears people down, what restores them, and what exhaustion does.

    Exhaustion lies between 0 and 1 and moves towards a level set by the strain of the day.
    Strain adds `from_workload` for each unit of weighted workload over capacity beyond 1,
    `from_overtime` for each hour of overtime that day, `from_hurry` for a day at double pace (see
    `hurry`; in proportion below that), `from_admin` for a day all of admin, and `from_unmet_need`
    for each overdue contact with a high-risk case; supervision held in the last month takes
    `supervision_relief` away. Of those who hold no cases, see `crosses_over`.
    """

    at_start: Share | None = Field(
        None,
        description="of everyone on the first day and of whoever starts later; what `base` alone "
        "would bring about if nothing is said",
    )
    base: float = Field(0.2, ge=-1, le=1)
    from_workload: NonNegative = 0.0
    from_overtime: NonNegative = 0.0
    from_hurry: NonNegative = 0.0
    from_admin: NonNegative = 0.0
    from_unmet_need: NonNegative = 0.0
    supervision_relief: NonNegative = 0.0
    days_to_build: Positive = Field(60.0, description="working days, time constant at work")
    days_to_recover: Positive = Field(15.0, description="working days, time constant on leave")
    person_spread: NonNegative = Field(
        0.0, description="standard deviation between people of the level that they tend to"
    )
    crosses_over: Share = Field(
        0.0,
        description="how far those who hold no cases share the exhaustion of colleagues in their "
        "team who do (of the service's, where none does), instead of what they started with",
    )
    on_sickness: NonNegative = Field(0.0, description="share added to sickness at exhaustion 1")
    on_leaving: NonNegative = Field(0.0, description="share added to leaving at exhaustion 1")
    on_speed: Share = Field(0.0, description="share of a day's achievement lost at exhaustion 1")

    @property
    def of_a_newcomer(self) -> float:
        """The exhaustion that a worker comes with: between 0 and 1."""
        return max(0.0, self.base) if self.at_start is None else self.at_start


class Wellbeing(Part):
    """All of the above."""

    overload: Overload = Overload()
    exhaustion: Exhaustion
    long_hours: Positive = Field(50.0, description="hours a week that count as too long")


class Safety(Part):
    """What makes a serious incident likelier, as an index."""

    overdue_contact_factor: NonNegative = Field(
        0.0, description="share added to the hazard for each 10 working days of overdue contact"
    )
    new_worker_factor: NonNegative = Field(
        0.0, description="share added while the worker has changed within `new_worker_days`"
    )
    new_worker_days: NonNegative = 40.0
    unallocated_factor: NonNegative = Field(0.0, description="share added while unallocated")


class Costs(Part):
    """Prices, in pounds."""

    agency_per_week: NonNegative = 0.0
    recruitment_per_hire: NonNegative = 0.0
    business_support_per_year: NonNegative = Field(0.0, description="for 1 FTE, with on-costs")
    overtime_value_per_hour: NonNegative = Field(
        0.0, description="value of an unpaid hour; shown beside the total, not in it"
    )
