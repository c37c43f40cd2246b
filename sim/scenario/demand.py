"""Demand: how many cases of each kind arrive, when, and with which needs."""

from __future__ import annotations

from datetime import date
from typing import Self

from pydantic import Field, model_validator

from sim.scenario.base import Name, NonNegative, Part, Positive, Share
from sim.scenario.distributions import Distribution

# What is told of a distribution of waits: the end of an outcome's key, and the share of the waits.
WAIT_QUANTILES = {"median": 0.5, "lower_quartile": 0.25, "upper_quartile": 0.75, "p95": 0.95}


class RiskTier(Part):
    """A tier of risk; tiers are named from the highest risk to the lowest."""

    label: str
    high_risk: bool = Field(False, description="counts as high risk in outcomes and comes first")
    duty: bool = Field(
        False, description="allocated at once by duty, whatever the caps say (the highest tier)"
    )
    incidents_per_1000_case_years: NonNegative = Field(
        0.0, description="expected serious incidents among 1,000 such cases held for a year"
    )


class Stream(Part):
    """A kind of demand."""

    label: str
    pathway: Name
    per_week: NonNegative | None = Field(None, description="new cases a week, the year's mean")
    per_month: tuple[NonNegative, ...] | None = Field(
        None, description="new cases in each month from the start date (the last one goes on)"
    )
    per_month_from: date | None = Field(
        None,
        description="a day of the month that per_month begins with (the start date when left "
        "out); before it, demand is the mean of its first twelve months",
    )
    seasonal: tuple[NonNegative, ...] = Field(
        (1.0,) * 12, description="January to December, relative to the year's mean"
    )
    dispersion: Positive | None = Field(
        None,
        description="size of the negative binomial of daily counts (variance = mean + mean^2 / "
        "size); Poisson when left out",
    )
    weekend_share: Share = Field(
        0.0, description="what arrives on a weekend day or bank holiday relative to a weekday"
    )
    risk: dict[Name, Share] = Field(description="share of cases in each risk tier")
    complexity: Distribution = Field(description="how much work a case asks for; mean 1")
    waiting_limit: int | None = Field(
        None, ge=0, description="places on the waiting list; a case that finds it full is refused"
    )
    also_on: tuple[date, ...] = Field(
        (), description="days on which one further case arrives, known beforehand"
    )
    patience: Distribution | None = Field(
        None, description="working days that a case waits unallocated before it is withdrawn"
    )
    first_contact_outcome: Name | None = Field(
        None,
        description="the key of the outcomes of this stream's waits from arriving to the first "
        "contact: KEY_median, KEY_lower_quartile, KEY_upper_quartile and KEY_p95",
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        if (self.per_week is None) == (self.per_month is None):
            raise ValueError("give either per_week or per_month")
        if self.per_month is not None and not self.per_month:
            raise ValueError("per_month needs at least one month")
        if self.per_month_from is not None and self.per_month is None:
            raise ValueError("per_month_from needs per_month")
        if len(self.seasonal) != 12 or abs(sum(self.seasonal) - 12) > 1e-3:
            raise ValueError("seasonal needs twelve numbers, January to December, with mean 1")
        total = sum(self.risk.values())
        if abs(total - 1) > 1e-6:
            raise ValueError(f"the shares under `risk` must add up to 1, not {total:g}")
        if abs(self.complexity.expected() - 1) > 1e-6:
            raise ValueError(f"complexity must have mean 1, not {self.complexity.expected():g}")
        return self
