"""What a calibration may change: a list of uncertain values, each with the range that it may have.

A list is a YAML file in ``configs/calibration``. Each parameter is one number of the scenario, or
a factor on several that nothing published tells apart (the hours of all work in a stage). Its range
is that of the evidence table, unless the list narrows it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from sim.resources import configs_dir
from sim.scenario.base import Name, Part
from sim.scenario.loading import Loaded, find_file, validated
from sim.scenario.yaml_lines import read_yaml

KIND = "calibration list"


class Uncertain(Part):
    """A parameter that is fitted: one value, or a factor on several."""

    label: str = Field(min_length=1, description="what it is, for whoever reads the fit")
    paths: tuple[str, ...] = Field(
        min_length=1,
        description="paths of values as in the evidence table; * stands for part of a step, "
        "{a,b} for either. One path: its value is fitted; several: a factor on all of them",
    )
    low: float | None = Field(None, description="narrower than the evidence table has it")
    high: float | None = None
    spread: Literal["even", "log"] = Field(
        "even", description="how likely values are before the fit: evenly, or by their logarithm"
    )
    rest: Name | None = Field(
        None, description="of shares: the one beside it that has what this one leaves"
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.low is not None and self.high is not None and self.low >= self.high:
            raise ValueError("low: must be below high")
        return self


class UncertainValues(Part):
    """What a calibration list says."""

    name: Name
    title: str
    of: Name = Field(description="the scenario whose rows of the evidence table have the ranges")
    parameters: dict[Name, Uncertain] = Field(min_length=1)
    leave_out: dict[Name, str] = Field(
        default={}, description="targets that are not fitted, by key, each with the reason"
    )
    busier: float | None = Field(
        None,
        gt=1,
        le=2,
        description="a second level of demand, as a multiple of the scenario's: how outcomes "
        "change from the one to the other is what targets `for_each_more` are held against",
    )
    years: float = Field(1.0, gt=0, le=10, description="years that count, after the warm-up")
    points: int = Field(256, ge=8, le=10_000, description="points simulated in a wave")
    waves: int = Field(4, ge=1, le=20, description="waves at the most, before the ensemble")
    runs: int = Field(2, ge=2, le=100, description="how often each point is simulated")
    futures: int = Field(64, ge=4, le=1000, description="how many futures the points share")
    sets: int = Field(100, ge=10, le=1000, description="plausible sets in the ensemble")


def shipped_lists() -> dict[str, Path]:
    """List the shipped calibration lists, by name."""
    folder = configs_dir() / "calibration"
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


def load_uncertain(asked: str | Path) -> Loaded[UncertainValues]:
    """Load a calibration list by its path, or a shipped one by its name.

    Raises
    ------
    InputError
        With every problem of the file.
    """
    return validated(read_yaml(find_file(asked, KIND, shipped_lists())), UncertainValues)
