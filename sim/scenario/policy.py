"""Policies: named sets of levers, each typed, with its unit, cost, start and ramp."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from sim.scenario.base import Name, NonNegative, Part, Positive, Share
from sim.scenario.wellbeing import AllocationRule


class _Lever(Part):
    start: date | None = Field(None, description="first day (default: the study's start date)")
    start_after_months: NonNegative = Field(0.0, description="months after the start date")
    ramp_months: NonNegative = Field(0.0, description="months until the lever is fully pulled")
    cost_per_year: NonNegative = Field(
        0.0, description="pounds a year beyond what follows from pay and prices"
    )
    evidence: str = Field("", description="key of the evidence table, or a source")


class Posts(_Lever):
    """More (or fewer) established posts of a role in each team of a kind. Unit: FTE in all."""

    lever: Literal["posts"]
    role: Name
    team: Name
    fte: float = Field(gt=0, description="FTE added over all teams of the kind")
    filled_by: Literal["recruitment", "at_once"] = "recruitment"


class BusinessSupport(_Lever):
    """More business support. Unit: FTE added over all teams of the kind (or of every kind)."""

    lever: Literal["business_support"]
    fte: float = Field(gt=0)
    team: Name | None = None


class CaseloadCap(_Lever):
    """No allocation above so many cases per full-time worker. Unit: cases."""

    lever: Literal["caseload_cap"]
    cases: NonNegative


class WorkloadCap(_Lever):
    """No allocation above a weighted workload. Unit: share of deployable capacity."""

    lever: Literal["workload_cap"]
    level: NonNegative


class NewlyQualifiedProtection(_Lever):
    """Protection of the first year. Units: share of a caseload, share of hours."""

    lever: Literal["newly_qualified_protection"]
    caseload_share: Share
    protected_share: Share


class ProtectedSupervision(_Lever):
    """Supervision held whatever else is due. Unit: working days from one to the next."""

    lever: Literal["protected_supervision"]
    every_days: Positive | None = None


class ProtectedCpd(_Lever):
    """Time for professional development held whatever else is due. Unit: hours a week."""

    lever: Literal["protected_cpd"]
    hours_per_week: NonNegative


class SupervisionRatio(_Lever):
    """Managers' time for supervision. Unit: hours a week of a full-time manager."""

    lever: Literal["supervision_ratio"]
    manager_hours_per_week: NonNegative


class TimeToHire(_Lever):
    """Faster recruitment. Unit: times the present duration and success rate."""

    lever: Literal["time_to_hire"]
    days_factor: Positive = 1.0
    success_factor: Positive = 1.0


class Intake(_Lever):
    """A larger newly qualified intake. Unit: people a year in all."""

    lever: Literal["intake"]
    per_year: NonNegative


class PaySupplement(_Lever):
    """A retention payment to case-holding workers. Unit: pounds a year for 1 FTE."""

    lever: Literal["pay_supplement"]
    per_year: NonNegative


class AgencyCap(_Lever):
    """Less agency. Unit: share of established FTE that may be agency."""

    lever: Literal["agency_cap"]
    share: Share


class OvertimeLimit(_Lever):
    """A limit on overtime. Unit: hours a week."""

    lever: Literal["overtime_limit"]
    hours_per_week: NonNegative


class AllocationBy(_Lever):
    """Another rule of allocation."""

    lever: Literal["allocation_rule"]
    rule: AllocationRule


class EarlyHelp(_Lever):
    """Early help: a share of demand that never becomes a referral. Unit: share of arrivals."""

    lever: Literal["early_help"]
    share: Share
    stream: Name | None = None


class Demand(_Lever):
    """More demand, to test a service. Unit: times present demand, at least 1."""

    lever: Literal["demand"]
    factor: Annotated[float, Field(ge=1, le=20)]
    stream: Name | None = None


class Leavers(_Lever):
    """A shock: a share of permanent staff in case-holding roles leaves on one day."""

    lever: Literal["leavers"]
    share: Share


class LeavingRate(_Lever):
    """A change in how readily people leave, to test a service. Unit: times the present rate.

    For a while only, with a second lever of the inverse factor from then on.
    """

    lever: Literal["leaving_rate"]
    factor: Annotated[float, Field(ge=0.05, le=20)]


Lever = Annotated[
    Posts
    | BusinessSupport
    | CaseloadCap
    | WorkloadCap
    | NewlyQualifiedProtection
    | ProtectedSupervision
    | ProtectedCpd
    | SupervisionRatio
    | TimeToHire
    | Intake
    | PaySupplement
    | AgencyCap
    | OvertimeLimit
    | AllocationBy
    | EarlyHelp
    | Demand
    | Leavers
    | LeavingRate,
    Field(discriminator="lever"),
]


class Policy(Part):
    """A named policy: what it is called, and its levers. No levers: the baseline."""

    name: Name
    label: str
    levers: tuple[Lever, ...] = ()
