"""Targets of a staffing search: an outcome and how far it must go, as ``outcome >= value``."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.model.outcome import Outcome
from sim.model.outcomes import OUTCOMES
from sim.scenario.loading import unknown_outcomes
from sim.scenario.problems import InputError, Problem
from sim.scenario.service import Scenario
from sim.scenario.yaml_lines import Document
from sim.study.registry import outcome_of

OPTION = "target"
ACCEPTED = "an outcome, >= or <=, and a number, as in: high_risk_allocated_in_1_day >= 0.95"
WRITTEN = re.compile(
    r"\s*(?P<outcome>\w+)\s*(?P<sense>>=|<=|≥|≤)\s*(?P<value>[^\s%]+)\s*(?P<per>%?)"
)


@dataclass(frozen=True)
class Target:
    """An outcome whose expected value must be at least, or at most, a value.

    Attributes
    ----------
    outcome
        What is measured.
    at_least
        Whether it must be at least the value; otherwise at most.
    value
        In the outcome's own unit; a share from 0 to 1.
    """

    outcome: Outcome
    at_least: bool
    value: float

    def margin(self, values: ArrayLike) -> NDArray[np.float64]:
        """By how much values keep the target; below 0 they miss it."""
        found = np.asarray(values, dtype=np.float64)
        return found - self.value if self.at_least else self.value - found

    def __str__(self) -> str:
        return f"{self.outcome.key} {'>=' if self.at_least else '<='} {self.value:g}"


def read_targets(written: Iterable[str], scenario: Scenario) -> tuple[Target, ...]:
    """Read targets as people write them.

    Parameters
    ----------
    written
        Such as ``"overloaded_worker_weeks <= 0.10"``; a share may be written as ``10 %``.
    scenario
        Whose outcomes they are; it may name some of its own.

    Raises
    ------
    InputError
        With all problems: one that can't be read, an unknown outcome, a number that the outcome
        can't have, two targets that no service can meet together.
    """
    targets: list[Target] = []
    problems: list[Problem] = []
    for text in dict.fromkeys(written):
        found = _read(text, scenario)
        if isinstance(found, Problem):
            problems.append(found)
        else:
            targets.append(found)
    problems += _contradictions(targets)
    if not targets and not problems:
        problems.append(Problem("there is no target", path=OPTION, accepted=ACCEPTED))
    if problems:
        raise InputError(problems)
    return tuple(targets)


def _read(text: str, scenario: Scenario) -> Target | Problem:
    match = WRITTEN.fullmatch(text.rstrip())
    value = _number(match["value"]) if match else math.nan
    if match is None or math.isnan(value):
        message = "this target cannot be read"
        return Problem(message, path=OPTION, given=repr(text), accepted=ACCEPTED)
    content = {"outcomes": [match["outcome"]], "scenario": scenario.model_dump(mode="json")}
    for unknown in unknown_outcomes(Document(content), OUTCOMES):
        return replace(unknown, path=OPTION, given=repr(text))
    outcome = outcome_of(match["outcome"], scenario)
    if match["per"]:
        value /= 100
    if is_share(outcome) and not 0 <= value <= 1:
        return Problem(
            f"{outcome.key} is a share from 0 to 1",
            path=OPTION,
            given=repr(text),
            remedy=f"write {value / 100:g}, or {value:g} %" if 1 < value <= 100 else "",
        )
    if value < 0:
        message = f"{outcome.key} is never below 0"
        return Problem(message, path=OPTION, given=repr(text), accepted="a number, 0 or more")
    if match["per"] and not is_share(outcome):
        message = f"{outcome.key} is not a share: its unit is {outcome.unit}"
        return Problem(message, path=OPTION, given=repr(text), remedy="leave out the %")
    return Target(outcome, match["sense"] in (">=", "≥"), value)


def _number(text: str) -> float:
    try:
        value = float(text.replace(",", ""))
    except ValueError:
        return math.nan
    return value if math.isfinite(value) else math.nan


def is_share(outcome: Outcome) -> bool:
    """Say whether an outcome is a share: rates a year are shares of the people."""
    return outcome.unit.startswith("share") or outcome.key.endswith("_rate")


def _contradictions(targets: list[Target]) -> list[Problem]:
    return [
        Problem(
            f"no service can meet both: {least} and {most}",
            path=OPTION,
            remedy="leave one of them out, or make room between them",
        )
        for least in targets
        for most in targets
        if least.outcome == most.outcome
        and least.at_least
        and not most.at_least
        and least.value > most.value
    ]
