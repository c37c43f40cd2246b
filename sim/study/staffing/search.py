"""The least staffing that meets all targets, found from as few runs as can be.

What is asked. A level meets a target when the expected value of its outcome does, and that is said
only with confidence: the one-sided bound of Student's t for the mean over a fixed number of runs
must keep the target. All targets must pass, each at the same confidence; since the claim is that
*all* are met, it is wrong only if a target that is missed passes, so no allowance for their number
is needed (an intersection-union test: Berger, Technometrics 24, 1982, 295-300).

How it is found. Every level would meet the same chances in its runs, so the passing levels are a
property of one sample, and the search only has to find where they begin: a sample average
approximation (Atlason, Epelman and Henderson, Annals of Operations Research 127, 2004, 333-358).
A few runs at levels far apart give a curve, its isotonic regression a guess, and a few runs at
the guess the next one, until a level should pass and the one next to it should not. That level gets
all its runs, and what the few runs of others say is held against it, run by run; so the pair is
found again, now with the precision of all runs, until both of a pair have had all of theirs. What
was run at other levels does not change the answer, and a level too small passes as seldom as if it
alone had been looked at: a search along one sample that moves one way tests once.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

from sim.study.staffing.curve import Runs, critical
from sim.study.staffing.narrowing import Narrowing
from sim.study.staffing.targets import Target

FIRST_LOOK = 4  # runs of each level of the first look
LEVELS_FIRST = 6
RUNS_TODAY = 8
SURE = 0.99  # of a direction, before it is called one
Verdict = Literal["found", "everywhere", "nowhere", "conflict"]


@dataclass(frozen=True)
class Answer:
    """What a search found. Levels are places in the ascending list of them.

    Attributes
    ----------
    verdict
        found; everywhere: even the least effort looked at meets all targets; nowhere: not even the
        greatest does; conflict: the effort that some targets need is too much for others.
    level
        The least effort that meets the targets (with conflict: those that effort helps); the
        greatest looked at with nowhere.
    one_less
        The level next to it on the side of less effort, None at the end.
    low, high
        Levels that the least effort lies between, with the confidence asked for;
        None for a high end beyond what was looked at.
    binding
        The targets that one step less would miss, or that are missed.
    helped, hindered, unmoved
        Targets that more effort brings nearer, that it takes further away, and that do not move.
    turning
        Targets whose outcome does not move one way only.
    rising
        Whether a higher level is the greater effort in this search.
    """

    verdict: Verdict
    level: int
    one_less: int | None
    low: int
    high: int | None
    binding: tuple[Target, ...]
    helped: tuple[Target, ...]
    hindered: tuple[Target, ...]
    unmoved: tuple[Target, ...]
    turning: tuple[Target, ...]
    rising: bool


def first_levels(number: int, today: int | None) -> list[int]:
    """Choose the levels of the first look: evenly from end to end, and today's."""
    even = np.linspace(0, number - 1, min(LEVELS_FIRST, number)).round().astype(int).tolist()
    return sorted({*even, *([] if today is None else [today])})


def search(
    runs: Runs,
    number: int,
    targets: Sequence[Target],
    *,
    confidence: float,
    replications: int,
    today: int | None = None,
    rising: bool = True,
) -> Answer:
    """Find the least effort that meets all targets.

    Parameters
    ----------
    runs
        Of a service at each of the levels.
    number
        How many levels there are.
    targets
        What must be met.
    confidence
        That the answer meets them, from 0.5 to less than 1.
    replications
        How often the levels that decide are run.
    today
        The place of the present level, for the curve.
    rising
        Whether a higher level is a greater effort. Where all targets that move are brought nearer
        by *less* effort, the search is for the greatest effort that still meets them.
    """
    few = min(FIRST_LOOK, replications)
    runs.ensure(dict.fromkeys(first_levels(number, today), few))
    ways = {target: _way(runs, target) for target in targets}
    sign = 1 if rising else -1
    if all(way * sign <= 0 for way in ways.values()) and any(ways.values()):
        sign = -sign
    helped = tuple(target for target, way in ways.items() if way * sign >= 0)
    hindered = tuple(target for target, way in ways.items() if way * sign < 0)
    path = Narrowing(runs, number, helped, confidence, replications, sign)
    place = path.settle(few)
    verdict: Verdict = "nowhere" if place == number else "found" if place else "everywhere"
    place = min(place, number - 1)
    low, high = path.ends(place)
    if today is not None:
        runs.ensure({today: min(RUNS_TODAY, replications)})
    if verdict == "nowhere":
        binding = [target for target in helped if path.shortfall(place, target) < 0]
    else:
        binding = [t for t in helped if place > 0 and path.shortfall(place - 1, t) < 0]
        missed = [target for target in hindered if path.shortfall(place, target) < 0]
        if missed:
            verdict, binding = "conflict", binding + missed
    return Answer(
        verdict,
        path.level(place),
        path.level(place - 1) if place and verdict != "nowhere" else None,
        path.level(low),
        None if high is None else path.level(high),
        tuple(binding),
        helped,
        hindered,
        tuple(target for target, way in ways.items() if way == 0),
        tuple(target for target in targets if _turns(runs, target)),
        sign > 0,
    )


def _way(runs: Runs, target: Target) -> int:
    """Say whether a target comes nearer (1) or goes further away (-1) as levels rise, or neither.

    Judged between the two ends, pair by pair.
    """
    first, *_, last = runs.looked_at()
    return _direction(runs, first, last, target)


def _turns(runs: Runs, target: Target) -> bool:
    """Say whether an outcome rises between some of the levels and falls between others."""
    pairs = pairwise(runs.looked_at())
    return {1, -1} <= {_direction(runs, one, other, target) for one, other in pairs}


def _direction(runs: Runs, one: int, other: int, target: Target) -> int:
    """Say whether a target is nearer (1) or further (-1) at another level, if that is clear."""
    before, after = (
        target.margin(runs.values(level, target.outcome.key)) for level in (one, other)
    )
    n = min(len(before), len(after))
    differences = after[:n] - before[:n]
    differences = differences[~np.isnan(differences)]
    n = len(differences)
    if n == 0 or not differences.any():
        return 0
    mean = float(differences.mean())
    error = float(differences.std(ddof=1)) / math.sqrt(n) if n > 1 else 0.0
    return 0 if abs(mean) <= error * critical(max(n, 2), SURE) else int(math.copysign(1, mean))
