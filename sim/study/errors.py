"""What can stop a study that is in order itself."""

from __future__ import annotations


class StudyError(Exception):
    """A study could not be finished, through no fault of its input."""


class RunError(StudyError):
    """One run of a study failed.

    Attributes
    ----------
    policy, replication
        Which one.
    details
        What Python says about it.
    """

    def __init__(self, policy: str, replication: int, reason: str, details: str = "") -> None:
        super().__init__(policy, replication, reason, details)
        self.policy, self.replication = policy, replication
        self.reason, self.details = reason, details

    def __str__(self) -> str:
        return (
            f"the run of policy '{self.policy}', replication {self.replication}, failed: "
            f"{self.reason}"
        )


class Interrupted(StudyError):
    """Somebody stopped the study (Ctrl-C)."""
