"""Which policy and which run somebody asks about, and what is said where there is no such one."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from sim.scenario.policy import Policy
from sim.scenario.problems import InputError, Problem, did_you_mean
from sim.scenario.study_file import StudyFile
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


def policy_named(study: StudyFile, name: str) -> Policy:
    """A study's policy by its name.

    Raises
    ------
    InputError
        If there is none.
    """
    policies = {policy.name: policy for policy in study.policies}
    if problems := policy_problems(name, policies):
        raise InputError(problems)
    return policies[name]


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
