"""Which policy and which run somebody asks about, and what is said where there is no such one."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from sim.scenario.problems import Problem, did_you_mean
from sim.scenario.text_files import shown


def policy_problems(
    policy: str, known: Collection[str], folder: Path | None = None
) -> list[Problem]:
    """Say that there is no such policy among those known, if so: in a study, or in its results."""
    if policy in known:
        return []
    return [
        Problem(
            f"there is no such policy in {'this study' if folder is None else 'these results'}",
            file="" if folder is None else shown(folder),
            path="policy",
            given=repr(policy),
            accepted=f"one of {', '.join(known)}",
            remedy=did_you_mean(policy, known),
        )
    ]


def replication_problems(replication: int | None, known: int, folder: Path) -> list[Problem]:
    """Say that no run is named, or one that the results of so many replications do not have."""
    if replication is not None and 0 <= replication < known:
        return []
    return [
        Problem(
            "a month is one of a run: name it"
            if replication is None
            else "there is no such replication in these results",
            file=shown(folder),
            path="replication",
            given="" if replication is None else str(replication),
            accepted=f"a whole number from 0 to {known - 1}",
        )
    ]
