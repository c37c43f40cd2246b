"""Sources of chance: what luck brings a service, and how to vary one piece of luck alone.

Every draw belongs to one source. Ordinarily all sources take theirs from the run's replication;
a source that takes them from another one meets other luck, while the rest stays as it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sim.scenario.problems import InputError, Problem, did_you_mean

SOURCES = {
    "arrivals": "how many families come, and when",
    "families": "what each family needs: risk, complexity, how long and how much work, what next",
    "absence": "who falls ill or becomes a parent, when and for how long; leave and training days",
    "turnover": "who leaves and when; recruitment, intake and agency; who is in post at the start",
    "workers": "what workers bring: the overtime they give, how easily they tire",
}


class Chances(NamedTuple):
    """For each source of chance, the replication whose draws it takes."""

    arrivals: int
    families: int
    absence: int
    turnover: int
    workers: int


def chances_of(replication: int, apart: Mapping[str, int] | None = None) -> Chances:
    """Give all sources the chances of a replication, but for those that have others.

    Raises
    ------
    InputError
        If there is no such source.
    """
    apart = apart or {}
    unknown = [
        Problem(
            "there is no such source of chance",
            given=repr(name),
            accepted=f"one of {', '.join(SOURCES)}",
            remedy=did_you_mean(name, SOURCES),
        )
        for name in apart
        if name not in SOURCES
    ]
    if unknown:
        raise InputError(unknown)
    return Chances(**{name: apart.get(name, replication) for name in SOURCES})
