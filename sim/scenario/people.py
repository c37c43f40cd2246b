"""The people: roles, teams and posts, absence, turnover, recruitment, agency."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sim.scenario.base import Name, NonNegative, Part, Positive, Share
from sim.scenario.distributions import Distribution


class Role(Part):
    """A role that a post can have."""

    label: str
    holds_cases: bool = False
    caseload_share: Share = Field(
        1.0, description="share of a full caseload that it carries, for caps and allocation"
    )
    casework_share: Share = Field(
        1.0, description="share of the time left after protected time that goes to casework"
    )
    supervises: bool = False
    skills: tuple[Name, ...] = ()
    leaving_factor: NonNegative = Field(1.0, description="times the service's leaving rate")
    annual_cost: NonNegative = Field(0.0, description="pounds a year for 1 FTE, with on-costs")


class Team(Part):
    """Teams of one kind: `number` of them alike, each for its own area, with the same posts."""

    label: str
    number: int = Field(1, ge=1, le=500)
    posts: dict[Name, NonNegative] = Field(
        description="FTE of established posts by role, in each team"
    )
    business_support: NonNegative = Field(0.0, description="FTE of business support in each team")
    newcomers_take_over: Share = Field(
        0.0,
        description="share of the team's load that whoever starts takes over from colleagues, "
        "beside what is newly allocated",
    )


class AnnualLeave(Part):
    """Annual leave, taken in blocks and oftener in school holidays."""

    days: float = Field(ge=0, le=60, description="working days a year for a full-time worker")
    block_days: int = Field(5, ge=1, le=20, description="working days in a block of leave")
    school_holiday_weight: Positive = Field(
        2.0, description="how much likelier a block falls in a school holiday"
    )


class Spells(Part):
    """Spells of absence: how often, and how long in working days."""

    per_year: NonNegative = Field(description="spells a year for a worker without exhaustion")
    duration: Distribution = Field(description="working days")


class Absence(Part):
    """Absence, and what becomes of the work of someone who is away."""

    annual_leave: AnnualLeave
    training_days: float = Field(0.0, ge=0, le=60, description="working days a year")
    short_sickness: Spells
    long_sickness: Spells
    stress_share: Share = Field(
        0.0, description="share of sickness that is stress-related at an exhaustion of 0.5"
    )
    parental_leave: Spells
    cover: Literal["wait", "restart", "duty", "reallocate"] = Field(
        "duty",
        description="wait: the work waits for its worker; restart: begun work is begun again; "
        "duty: a colleague on duty does what is urgent; reallocate: as duty, and the cases go "
        "to others after `reallocate_after_days`",
    )
    reallocate_after_days: NonNegative = Field(
        15.0, description="working days of absence after which cases go to other workers"
    )


class TenureBand(Part):
    """Leaving by tenure."""

    up_to_years: Positive
    factor: NonNegative


class Turnover(Part):
    """Resignation: its rate, what it depends on, and notice."""

    leaving_per_year: NonNegative = Field(
        description="leavers per FTE-year of workers without exhaustion (a rate, not a share)"
    )
    by_tenure: tuple[TenureBand, ...] = ()
    notice_days: NonNegative = Field(description="working days from resignation to leaving")
    pay_elasticity: NonNegative = Field(
        0.0, description="per cent by which leaving falls for one per cent more pay"
    )
    mean_tenure_years: Positive = Field(
        6.0, description="mean time in post of those in post on the first day"
    )


class NewlyQualified(Part):
    """The autumn intake, and the protection of the first year (ASYE)."""

    month: int = Field(9, ge=1, le=12)
    intake_per_year: NonNegative = Field(0.0, description="people who join each year, at most")
    role: Name = Field(description="role of the posts that they fill")
    months: NonNegative = Field(12.0, description="months that someone counts as newly qualified")
    caseload_share: Share = Field(0.9, description="of an experienced worker's caseload")
    protected_share: Share = Field(0.1, description="of contracted hours")
    share_on_first_day: Share = Field(0.0, description="of that role's workers at the start")


class Recruitment(Part):
    """From a vacancy to a new starter."""

    vacant_on_first_day: Share = 0.0
    approval_days: Distribution
    round_days: Distribution = Field(description="working days from advertising to starting")
    success_per_round: float = Field(gt=0, le=1, description="share of rounds that fill the post")
    weeks_to_full_speed: NonNegative = 0.0
    speed_at_start: float = Field(1.0, gt=0, le=1, description="of full speed, in the first week")
    returners_per_year: NonNegative = Field(
        0.0, description="former workers a year who come back while caseloads are manageable"
    )
    returners_caseload: Positive = Field(
        15.0, description="cases per FTE up to which former workers come back"
    )
    newly_qualified: NewlyQualified | None = None


class Agency(Part):
    """Agency workers: cover for vacancies, and some beyond the establishment."""

    cover_share: Share = Field(0.0, description="share of vacancies that agency is sought for")
    lead_days: Distribution = Field(description="working days until an agency worker starts")
    stay_days: Distribution = Field(description="working days until an agency worker moves on")
    beyond_establishment: dict[Name, NonNegative] = Field(
        default_factory=dict, description="FTE of agency beyond the posts, by kind of team"
    )
    beyond_role: Name | None = Field(None, description="the role that they have")
    cap: Share = Field(1.0, description="agency FTE as a share of established FTE, at most")


class PartTime(Part):
    """Part-time posts."""

    share: Share = Field(0.0, description="share of posts that are part-time")
    fte: float = Field(0.6, gt=0, le=1)
