"""A study: a scenario, the policies to compare under it, and how much to run."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from sim.scenario.base import Name, Part
from sim.scenario.policy import Policy
from sim.scenario.position.content import PositionFiles
from sim.scenario.precision import Precision
from sim.scenario.service import Scenario

Table = Literal["team_weeks", "worker_loads", "worker_weeks", "closed_cases", "allocation_log"]
OF_SINGLE_PEOPLE = ("worker_weeks", "closed_cases", "allocation_log")


class DemandForecast(Part):
    """A forecast whose paths replace the demand of some streams: one path a replication."""

    paths: str = Field(
        description="a folder that `plimsoll forecast` wrote, or a table of paths (.parquet, .csv)"
    )
    streams: dict[Name, Name] = Field(
        min_length=1, description="the scenario's streams, each with its stream in the forecast"
    )


class StudyFile(Part):
    """What `plimsoll run` reads. The first policy is the one that the others are held against."""

    name: Name
    title: str
    question: str
    scenario: Scenario
    policies: tuple[Policy, ...] = Field(min_length=1)
    years: float = Field(3.0, gt=0, le=30, description="years that count, after the warm-up")
    replications: int = Field(
        30, ge=1, le=100_000, description="how often each policy is simulated, unless `precision`"
    )
    precision: Precision | None = Field(
        None, description="how narrow the ranges are to be, instead of a number of replications"
    )
    seed: int = Field(1, ge=0, lt=2**63)
    outcomes: tuple[str, ...] = Field(min_length=1, description="headline outcomes, by key")
    tables: tuple[Table, ...] = ("team_weeks", "worker_loads")
    forecast: DemandForecast | None = Field(
        None, description="where demand comes from, instead of the scenario's own numbers"
    )
    plausible: str | None = Field(
        None,
        description="plausible sets of what nobody publishes, one for each replication: the "
        "`ensemble.csv` of a fit, or the name of shipped ones",
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        names = [policy.name for policy in self.policies]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"policies: the name {twice[0]!r} is used twice")
        problems = []
        for policy in self.policies:
            for number, lever in enumerate(policy.levers):
                where = f"policy {policy.name!r}, lever {number + 1} ({lever.lever})"
                for field, known in (
                    ("team", self.scenario.teams),
                    ("role", self.scenario.roles),
                    ("stream", self.scenario.demand),
                ):
                    name = getattr(lever, field, None)
                    if name is not None and name not in known:
                        problems.append(
                            f"{where}: there is no {field} {name!r}; known: {', '.join(known)}"
                        )
                if lever.start is not None and lever.start < self.scenario.start_date:
                    problems.append(f"{where}: starts before the study does, on {lever.start}")
        for stream in () if self.forecast is None else self.forecast.streams:
            if stream not in self.scenario.demand:
                streams = ", ".join(self.scenario.demand)
                problems.append(
                    f"forecast.streams: there is no stream {stream!r}; known: {streams}"
                )
        if self.precision is not None and len(self.policies) == 1:
            problems.append("precision: there is no policy to compare with the first")
        single = [table for table in self.tables if table in OF_SINGLE_PEOPLE]
        if single and isinstance(self.scenario.start, PositionFiles):
            problems.append(
                f"tables: {single[0]} shows single people or cases, of a real service too; keep "
                "team_weeks only"
            )
        if problems:
            raise ValueError("; ".join(problems))
        return self
