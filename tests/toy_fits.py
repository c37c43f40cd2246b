"""A model of a line of arithmetic, with chance, to fit where the answer is known."""

import numpy as np

from sim.study.calibration.futures import Corrected, corrected, futures_of
from sim.study.calibration.implausibility import Goals
from sim.study.calibration.waves import Matched, match
from sim.study.watching import Silent

FUTURES, RUNS = 16, 2
LUCK = 0.1


def curved(places):
    """Three outcomes of five parameters; only the sum of the last two matters."""
    a, b, c, d, e = places.T
    return np.stack([2 * a + np.sin(3 * b), 2 * b - c**2 + 0.3 * a, d + e + 0.5 * c], axis=1)


def simulated(model, parameters: int, seed: int):
    """Stand in for simulating a wave: a future shifts all outcomes, more where a is large."""
    luck = np.random.default_rng([seed, 1]).normal(0, LUCK, (FUTURES, 3))
    own = model(np.full((1, parameters), 0.5)) + luck

    def wave(number: int, places) -> Corrected:
        first = 1000 * number
        met = np.array([futures_of(first + n, RUNS, FUTURES) for n in range(len(places))])
        chance = np.random.default_rng([seed, 2, number]).normal(0, LUCK / 3, (*met.shape, 3))
        values = model(places)[:, None] + (0.6 + 0.8 * places[:, :1, None]) * luck[met] + chance
        return corrected(values, met, own)

    return wave


def fitted(goals: Goals, seed: int, model=curved, parameters=5, **asked) -> Matched:
    sizes = {"points": 32, "waves": 1, "sets": 60} | asked
    wave = simulated(model, parameters, seed)
    return match(goals, wave, parameters, seed=seed, watcher=Silent(), **sizes)


def goals(values, allowed=0.1) -> Goals:
    return Goals(("one", "two", "three"), np.asarray(values, float), np.full(3, allowed))
