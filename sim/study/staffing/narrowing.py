"""How a staffing search narrows down: a few runs say where to look, and all runs decide."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression

from sim.study.staffing.curve import Estimate, Runs, assured, critical, estimate
from sim.study.staffing.targets import Target

GROWTH = 2  # times as many, when a level needs more runs
RUNS_AT_THE_ENDS = 6
FAILS = 0.99  # sure that a level would, before it is left with fewer runs than the answer has


class Narrowing:
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

    def seen(self) -> list[int]:
        """Places that have been run."""
        return sorted(self.level(each) for each in self.runs.looked_at())

    @property
    def _anchor(self) -> int:
        """The level that was run most often."""
        return max(self.runs.looked_at(), key=self.runs.number)

    def estimate(self, place: int, target: Target) -> Estimate:
        """Estimate an outcome; once only for as long as no more runs bear on it.

        How much it varies between runs is told from the level that was run most often.
        """
        level, anchor, key = self.level(place), self._anchor, target.outcome.key
        of = (level, self.runs.number(level), anchor, self.runs.number(anchor), key)
        if of not in self._estimates:
            found = estimate(self.runs, level, key, anchor)
            if self.runs.number(level) < self.runs.number(anchor):
                found = replace(found, spread=estimate(self.runs, anchor, key).spread)
            self._estimates[of] = found
        return self._estimates[of]

    def shortfall(self, place: int, target: Target) -> float:
        """By how much the place keeps a target in its test, or should once it has all its runs."""
        found = self.estimate(place, target)
        return assured(found, target, self._runs_in_test(place, found), self.confidence)

    def worst(self, place: int) -> float:
        """By how much a place keeps the target that it keeps least."""
        return min(self.shortfall(place, target) for target in self.targets)

    def _bound(self, place: int, confidence: float) -> float:
        """By how much a place keeps all targets with confidence, as far as its runs can tell."""
        bounds = []
        for target in self.targets:
            found = self.estimate(place, target)
            half = critical(self._runs_in_test(place, found), confidence) * found.error
            bounds.append(float(target.margin(found.mean)) - half)
        return -math.inf if np.isnan(bounds).any() else min(bounds)

    def _runs_in_test(self, place: int, found: Estimate) -> int:
        return found.runs if self._runs_of(place) >= self.replications else self.replications

    def settle(self, few: int) -> int:
        """Find the first place that passes, with all its runs, next to one that does not.

        The one that does not has so many runs that, held against one that has them all, it is
        clear that the others would not let it pass. Returns `number` where none passes.
        """
        while True:
            below, above = self._neighbours(few)
            doubtful = below >= 0 and self._may_pass(below)
            unfinished = above < self.number and self._runs_of(above) < self.replications
            if not doubtful and not unfinished:
                return above
            # A level with all its runs is worth having first: the others are held against it.
            anchored = self.runs.number(self._anchor) >= self.replications
            place = below if doubtful and (anchored or not unfinished) else above
            wanted = min(GROWTH * self._runs_of(place), self.replications)
            self.runs.ensure({self.level(place): wanted})

    def _runs_of(self, place: int) -> int:
        return self.runs.number(self.level(place))

    def _may_pass(self, place: int) -> bool:
        """Say whether a place that fails by the runs so far might pass once it has had them all."""
        if self._runs_of(place) >= self.replications:
            return False
        found = {target: self.estimate(place, target) for target in self.targets}
        return not any(
            self.shortfall(place, target) + critical(each.runs, FAILS) * each.open < 0
            for target, each in found.items()
        )

    def _neighbours(self, few: int) -> tuple[int, int]:
        """Find two places side by side of which, by all that was run, only the upper one passes.

        Each that is looked at is run a few times.
        """
        step, passed = 1, None
        while True:
            below, above = self._bracket()
            if above - below <= 1:
                return below, above
            place = self._guess(self.worst)
            if passed:  # the guess was too high: go down from it, by more each time
                place = min(place, above - step)
            elif passed is not None:
                place = max(place, below + step)
            place = min(max(place, below + 1), above - 1)
            self.runs.ensure({self.level(place): few})
            now = self.worst(place) >= 0
            step, passed = 2 * step if now is passed else 1, now

    def _bracket(self) -> tuple[int, int]:
        """The last place that fails, and the first above it that passes, of those that were run."""
        seen = {place: self.worst(place) >= 0 for place in self.seen()}
        failing = [place for place, passes in seen.items() if not passes]
        passing = [place for place, passes in seen.items() if passes]
        above = [place for place in passing if place > max(failing, default=-1)] or passing
        first = min(above, default=self.number)
        return max((place for place in failing if place < first), default=-1), first

    def _guess(self, height: Callable[[int], float]) -> int:
        """The first place with a height of 0 or more, by the curve of all places that were run."""
        seen = self.seen()
        return _first_above_zero(seen, np.array([height(place) for place in seen]), self.number)

    def ends(self, place: int) -> tuple[int, int | None]:
        """Where the least effort lies, with the confidence in the middle of the two ends.

        The upper end is the first place at which every target is kept by its bound; the lower one
        the first at which no target is missed by its bound, with an allowance for their number.
        """
        tail = (1 - self.confidence) / 2
        sides = (tail / max(1, len(self.targets)), 1 - tail)
        few = min(RUNS_AT_THE_ENDS, self.replications)
        ends = self._guesses(sides)
        for _ in range(2):  # where nothing has been run yet the curve is only guessed
            wanted = {ends[0] - 1, *ends}
            self.runs.ensure({self.level(end): few for end in wanted if 0 <= end < self.number})
            ends = self._guesses(sides)
        low, high = min(ends[0], place), max(ends[1], place)
        return low, (high if high < self.number else None)

    def _guesses(self, confidences: tuple[float, ...]) -> list[int]:
        return [self._guess(partial(self._bound, confidence=each)) for each in confidences]


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
