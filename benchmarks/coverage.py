"""How often 95 % ranges hold the true change, by method, number of pairs and shape of differences.

`python -m benchmarks.coverage` simulates studies of six policies whose true changes are all 0, with
correlated differences, and counts. The skewed ones are gamma distributed with shape 4 (skewness 1),
the very skewed ones exponential (skewness 2). Two rows for ranges that should hold all at once.
"""

from __future__ import annotations

import argparse

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special, stats

from sim.study.sureness.bootstrap import resample

Values = NDArray[np.float64]

POLICIES = 6
CORRELATION = 0.3  # about the median of the demo's
SIDE_BY_SIDE = 100  # studies
SHAPES = {"normal": None, "skewed": stats.gamma(4), "very skewed": stats.expon()}
NUMBERS = (10, 20, 30, 60)


def differences(shape: str, pairs: int, rng: np.random.Generator) -> Values:
    """Draw the differences of some studies: pairs x (studies x policies), of mean 0."""
    alike = rng.normal(size=(pairs, SIDE_BY_SIDE, 1))
    own = rng.normal(size=(pairs, SIDE_BY_SIDE, POLICIES))
    values = np.sqrt(CORRELATION) * alike + np.sqrt(1 - CORRELATION) * own
    wanted = SHAPES[shape]
    if wanted is not None:
        values = wanted.ppf(special.ndtr(values)) - wanted.mean()
    return np.asarray(values.reshape(pairs, -1))


def held(drawn: Values, rng: np.random.Generator) -> dict[str, float]:
    """Count the shares of ranges, by method, that hold 0."""
    pairs = len(drawn)
    mean, error = drawn.mean(axis=0), drawn.std(axis=0, ddof=1) / np.sqrt(pairs)
    reach = np.abs(mean) / error
    by_study = reach.reshape(-1, POLICIES).max(axis=1)
    resampled = resample(drawn)
    factors = np.array(
        [
            resampled.factors(first, range(first, first + POLICIES), 0.95)
            for first in range(0, drawn.shape[1], POLICIES)
        ]
    )
    times = rng.multinomial(pairs, np.full(pairs, 1 / pairs), 1_999) @ drawn / pairs
    low, high = np.quantile(times, [0.025, 0.975], axis=0)
    sidak = 0.5 + 0.95 ** (1 / POLICIES) / 2
    return {
        "Student's t": float((reach <= special.stdtrit(pairs - 1, 0.975)).mean()),
        "bootstrap, percentiles": float(((low <= 0) & (high >= 0)).mean()),
        "bootstrap, studentised (used)": float((reach[::POLICIES] <= factors[:, 0]).mean()),
        "all at once: t by Sidak": float((by_study <= special.stdtrit(pairs - 1, sidak)).mean()),
        "all at once: max-t (used)": float((by_study <= factors[:, 1]).mean()),
    }


def main() -> None:
    """Count, and print the shares in per cent."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--studies", type=int, default=4_000, help="of each kind")
    asked = parser.parse_args()
    rng = np.random.default_rng(1)
    table = {}
    for shape in SHAPES:
        for pairs in NUMBERS:
            found = [
                held(differences(shape, pairs, rng), rng)
                for _ in range(asked.studies // SIDE_BY_SIDE)
            ]
            table[shape, pairs] = 100 * pd.DataFrame(found).mean()
    print(pd.DataFrame(table).round(1).T.to_string())


if __name__ == "__main__":
    main()
