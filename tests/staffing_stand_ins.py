"""Stand-ins for the runs of a service at many levels, with curves that are known."""

from collections.abc import Callable

import numpy as np

from sim.model.outcomes import OUTCOMES
from sim.study.staffing.targets import Target

ON_TIME, OVERLOAD = "high_risk_allocated_in_1_day", "overloaded_worker_weeks"
MOST_RUNS = 50
ENOUGH_ON_TIME = Target(OUTCOMES[ON_TIME], at_least=True, value=0.95)
LITTLE_OVERLOAD = Target(OUTCOMES[OVERLOAD], at_least=False, value=0.10)


class KnownCurves:
    """Runs whose outcomes have known expected values at each level, and common chances.

    An outcome of run k at a level is curve(level), plus `spread` times what run k has at every
    level, plus `own` times what it has at that level alone.
    """

    def __init__(
        self,
        curves: dict[str, Callable[[int], float]],
        seed: int = 1,
        spread: float = 0.02,
        own: float = 0.002,
    ) -> None:
        self.curves, self.seed, self.spread, self.own = curves, seed, spread, own
        self.runs: dict[int, int] = {}
        self.drawn: dict[tuple[int, ...], np.ndarray] = {}

    def ensure(self, wanted):
        for level, number in wanted.items():
            self.runs[level] = max(number, self.number(level))

    def number(self, level):
        return self.runs.get(level, 0)

    def looked_at(self):
        return sorted(self.runs)

    def values(self, level, outcome):
        which = list(self.curves).index(outcome)
        n = self.number(level)
        common, alone = self.draws(which), self.draws(which, level)
        return self.curves[outcome](level) + self.spread * common[:n] + self.own * alone[:n]

    def draws(self, *of):
        if of not in self.drawn:
            self.drawn[of] = np.random.default_rng([self.seed, *of]).normal(size=MOST_RUNS)
        return self.drawn[of]

    @property
    def done(self):
        return sum(self.runs.values())
