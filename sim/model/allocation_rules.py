"""The allocation rules: which of the eligible workers gets a case.

A rule is a small object with one method, `choose`. To try your own, write a class with that method
and pass it to `sim.simulate(..., allocation_rule=MyRule())`; it sees one case and the workers that
are eligible for it, and answers with the place of the chosen one in the list:

    class LeastExhausted:
        name = "least exhausted"

        def choose(self, case, eligible):
            return int(eligible.exhaustion.argmin())

Ties go to the first in the list, which is in the order of the team's posts. The built-in rules but
`optimal` have a compiled twin in `sim.model.allocation`, which is what runs; a
test holds each against its twin in `REFERENCE`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.model.plan_columns import RULES

NOVICE_PENALTY = 1.0  # as much as a whole capacity: high risk goes to a novice only in need
EXPERIENCED_PENALTY = 0.25  # keeps some of the experienced free for high risk


@dataclass(frozen=True)
class WaitingCase:
    """What a rule may know of a case."""

    tier: int  # 0 is the highest risk
    high_risk: bool
    weight: float  # hours a week that it counts for
    waited_days: int
    former_worker: int  # row of the worker who had it before, or -1


@dataclass(frozen=True)
class Eligible:
    """What a rule may know of the eligible workers: a row each, in the order of the posts."""

    worker: NDArray[np.int64]  # rows of the workers
    given: NDArray[np.int64]  # order in which each was last given a case
    caseload: NDArray[np.int64]
    workload: NDArray[np.float64]  # weighted hours a week held
    capacity: NDArray[np.float64]  # deployable hours a week
    newly_qualified: NDArray[np.bool_]
    exhaustion: NDArray[np.float64]
    tenure_days: NDArray[np.int64]

    @property
    def load(self) -> NDArray[np.float64]:
        """Weighted workload over deployable capacity."""
        load: NDArray[np.float64] = self.workload / self.capacity
        return load


class AllocationRule(Protocol):
    """One method: the place in `eligible` of the worker who gets the case."""

    name: str

    def choose(self, case: WaitingCase, eligible: Eligible) -> int:
        """Choose; `eligible` has at least one worker."""
        ...


class RoundRobin:
    """Whoever was given a case longest ago."""

    name = "round_robin"

    def choose(self, case: WaitingCase, eligible: Eligible) -> int:
        """Least recently given."""
        return int(eligible.given.argmin())


class FewestCases:
    """Whoever holds the fewest cases."""

    name = "fewest_cases"

    def choose(self, case: WaitingCase, eligible: Eligible) -> int:
        """Lowest number of cases."""
        return int(eligible.caseload.argmin())


class LowestWorkload:
    """Whoever has the lowest weighted workload against capacity, this case included."""

    name = "lowest_workload"

    def choose(self, case: WaitingCase, eligible: Eligible) -> int:
        """Lowest load once the case is added."""
        return int(((eligible.workload + case.weight) / eligible.capacity).argmin())


class SkillMatched:
    """High risk to the experienced, the rest to the newly qualified, by workload otherwise."""

    name = "skill_matched"

    def choose(self, case: WaitingCase, eligible: Eligible) -> int:
        """Lowest load, with a penalty for a poor match of experience."""
        penalty = np.where(
            eligible.newly_qualified,
            NOVICE_PENALTY if case.high_risk else 0.0,
            0.0 if case.high_risk else EXPERIENCED_PENALTY,
        )
        return int(((eligible.workload + case.weight) / eligible.capacity + penalty).argmin())


class Continuity:
    """Whoever had the case before, if eligible; otherwise the lowest workload."""

    name = "continuity"

    def choose(self, case: WaitingCase, eligible: Eligible) -> int:
        """The former worker first."""
        known = np.flatnonzero(eligible.worker == case.former_worker)
        return int(known[0]) if len(known) else LowestWorkload().choose(case, eligible)


REFERENCE: dict[str, AllocationRule] = {
    rule.name: rule
    for rule in (RoundRobin(), FewestCases(), LowestWorkload(), SkillMatched(), Continuity())
}
OPTIMAL = RULES.index("optimal")


def why(rule: str, entry: Any) -> str:
    """Say in words why a worker was chosen: one row of the allocation log.

    Parameters
    ----------
    rule
        The key of the rule.
    entry
        A row with `eligible`, `present`, `in_team`, `by_duty`, `caseload`, `load`.
    """
    if entry["by_duty"]:
        reason = "given at once by duty, above any cap"
    else:
        reason = {
            "round_robin": "longest since the last case",
            "fewest_cases": "fewest cases",
            "lowest_workload": "lowest weighted workload against capacity",
            "skill_matched": "best match of experience, then lowest workload",
            "continuity": "knows the case, or lowest workload",
            "optimal": "best fit of all cases and workers together",
        }.get(rule, rule)
    return (
        f"{reason}: {entry['eligible']} eligible of {entry['present']} present in a team of "
        f"{entry['in_team']}; held {entry['caseload']} cases, {entry['load']:.0%} of capacity"
    )
