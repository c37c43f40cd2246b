"""How narrow a study's ranges are to be, and how many runs may go into that."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from sim.scenario.base import Part, Positive


class Narrowness(Part):
    """How far the range of a change may reach to each side, for every policy."""

    within: Positive | None = Field(None, description="in the outcome's own unit: 0.2 cases")
    within_share: Positive | None = Field(
        None, description="as a share of the baseline's mean: 0.05 is 5 %"
    )

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.within is None) == (self.within_share is None):
            raise ValueError("say one of `within` and `within_share`")
        return self


class Precision(Part):
    """Replications grow until the 95 % range of each outcome named here is narrow enough."""

    outcomes: dict[str, Narrowness] = Field(min_length=1, description="by the outcome's key")
    at_least: int = Field(20, ge=1, description="replications before the first look")
    at_most: int = Field(200, le=100_000, description="replications after which the study ends")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.at_most < self.at_least:
            raise ValueError(f"at_most ({self.at_most}) is less than at_least ({self.at_least})")
        return self
