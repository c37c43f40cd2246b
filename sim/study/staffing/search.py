"""The least staffing that meets all targets, found from as few runs as can be.

What is asked. A level meets a target when the expected value of its outcome does, and that is said
only with confidence: the one-sided bound of Student's t for the mean over a fixed number of runs
must keep the target. All targets must pass, each at the same confidence; since the claim is that
*all* are met, it is wrong only if a target that is missed passes, so no allowance for their number
is needed (an intersection-union test: Berger, Technometrics 24, 1982, 295-300).

How it is found. Every level would meet the same chances in its runs, so the passing levels are a
property of one sample, and the search only has to find where they begin: a sample average
approximation (Atlason, Epelman and Henderson, Annals of Operations Research 127, 2004, 333-358).
A few runs at levels far apart give a curve, its isotonic regression a guess, and runs at the
guess the next one, until a level passes and the one next to it does not; then the same with more
runs, about where the fewer ones pointed. What was run at other levels does not change the answer,
and a level too small passes as seldom as if it alone had been looked at: a search along one sample
that moves one way tests once.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression

from sim.study.staffing.curve import Estimate, Runs, assured, critical, estimate
from sim.study.staffing.targets import Target

FIRST_LOOK = 4  # runs of each level of the first look
GROWTH = 4  # times as many in each further look
LEVELS_FIRST = 6
RUNS_AT_THE_ENDS = 8
RUNS_TODAY = 16
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
    path = _Path(runs, number, helped, confidence, replications, sign)
    stage = few
    while stage < replications:
        path.narrow(stage)
        stage *= GROWTH
    place = path.narrow(replications)
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


class _Path:
    """The levels in the order of effort, and what the runs so far say of each: places from 0."""

    def __init__(
        self, runs: Runs, number: int, targets: tuple[Target, ...], confidence: float,
        replications: int, sign: int,
    ) -> None:  # fmt: skip
        self.runs, self.number, self.targets = runs, number, targets
        self.confidence, self.replications, self.sign = confidence, replications, sign
        self._estimates: dict[tuple[int, int, int, int, str], Estimate] = {}

    def level(self, place: int) -> int:
        return place if self.sign > 0 else self.number - 1 - place

    def seen(self, at_least: int = 1) -> list[int]:
        """Places that have been run so often."""
        places = (self.level(each) for each in self.runs.looked_at())
        return sorted(each for each in places if self.runs.number(self.level(each)) >= at_least)

    def estimate(self, place: int, target: Target) -> Estimate:
        """Estimate an outcome; once only for as long as no more runs bear on it."""
        level, key = self.level(place), target.outcome.key
        anchor = max(self.runs.looked_at(), key=self.runs.number)
        of = (level, self.runs.number(level), anchor, self.runs.number(anchor), key)
        if of not in self._estimates:
            self._estimates[of] = estimate(self.runs, level, key, anchor)
        return self._estimates[of]

    def shortfall(self, place: int, target: Target, confidence: float | None = None) -> float:
        """By how much a target is kept with confidence; below 0 it is not."""
        found = self.estimate(place, target)
        done = self.runs.number(self.level(place)) >= self.replications
        count = found.runs if done else self.replications
        return assured(found, target, count, confidence or self.confidence)

    def worst(self, place: int, confidence: float | None = None) -> float:
        return min(self.shortfall(place, target, confidence) for target in self.targets)

    def narrow(self, stage: int) -> int:
        """Find the first place that passes next to one that does not, each run so many times.

        Returns `number` where none passes.
        """
        step, passed = 1, None
        while True:
            below, above = self._bracket(stage)
            if above - below <= 1:
                return above
            place = self._guess()
            if passed:  # the guess was too high: go down from it, by more each time
                place = min(place, above - step)
            elif passed is not None:
                place = max(place, below + step)
            place = min(max(place, below + 1), above - 1)
            self.runs.ensure({self.level(place): stage})
            now = self.worst(place) >= 0
            step, passed = 2 * step if now is passed else 1, now

    def _bracket(self, stage: int) -> tuple[int, int]:
        """The last place that fails, and the first above it that passes, of those run so often."""
        seen = {place: self.worst(place) >= 0 for place in self.seen(stage)}
        failing = [place for place, passes in seen.items() if not passes]
        passing = [place for place, passes in seen.items() if passes]
        above = [place for place in passing if place > max(failing, default=-1)] or passing
        first = min(above, default=self.number)
        return max((place for place in failing if place < first), default=-1), first

    def _guess(self, confidence: float | None = None) -> int:
        """Where the worst target is just kept with confidence, by the curve of all that was run."""
        seen = self.seen()
        heights = np.array([self.worst(place, confidence) for place in seen])
        return _first_above_zero(seen, heights, self.number)

    def ends(self, place: int) -> tuple[int, int | None]:
        """Where the least effort lies, with the confidence in the middle of the two ends.

        The upper end is the first place at which every target is kept by its bound; the lower one
        the first at which no target is missed by its bound, with an allowance for their number.
        """
        tail = (1 - self.confidence) / 2
        sides = (tail / max(1, len(self.targets)), 1 - tail)
        few = min(RUNS_AT_THE_ENDS, self.replications)
        ends = [self._guess(side) for side in sides]
        for _ in range(2):  # where nothing has been run yet the curve is only guessed
            wanted = {ends[0] - 1, *ends}
            self.runs.ensure({self.level(end): few for end in wanted if 0 <= end < self.number})
            ends = [self._guess(side) for side in sides]
        low, high = min(ends[0], place), max(ends[1], place)
        return low, (high if high < self.number else None)


def _first_above_zero(places: list[int], heights: NDArray[np.float64], number: int) -> int:
    """The first place at which a rising curve through these points is 0 or more.

    The curve is the isotonic regression, straight between the points; `number` if it never is.
    """
    finite = np.nan_to_num(heights, neginf=min(-1.0, heights[np.isfinite(heights)].min(initial=0)))
    curve = isotonic_regression(finite).x
    above = np.flatnonzero(curve >= 0)
    if not len(above):
        return number
    last = int(above[0])
    if last == 0:
        return places[0]
    low, high = curve[last - 1], curve[last]
    across = places[last - 1] + (places[last] - places[last - 1]) * float(-low / (high - low))
    return min(math.ceil(across - 1e-9), places[last])


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
