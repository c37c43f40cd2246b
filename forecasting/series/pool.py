"""What the published series that the project has seen are like, for a series that tells little.

The figures are in configs/forecasting/series_pool.json, made by scripts/make_series_pool.py.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from forecasting.series.candidates import all_candidates
from sim.resources import configs_dir

Array = NDArray[np.float64]

NAME = "series_pool.json"


@dataclass(frozen=True, eq=False)
class Pool:
    """What is usual.

    Attributes
    ----------
    widening
        The mean absolute error 1, 2, ... months ahead, over that of 1 to 3 months.
    passing
        The share of an error one month ahead, in variance, that passes with the month; the
        rest stays with the level.
    spread
        The mean absolute error 1 to 3 months ahead of the root, over the root.
    relative_losses
        For each candidate the logarithm of its mean absolute error over that of all.
    """

    widening: Array
    passing: float
    spread: float
    relative_losses: Array

    def wider(self, ahead: int) -> Array:
        """Return the widening 1 to `ahead` months ahead; beyond the known, as a root grows."""
        known = self.widening.size
        steps = np.arange(1, ahead + 1)
        beyond = self.widening[-1] * np.sqrt(np.maximum(steps, known) / known)
        found: Array = np.where(steps <= known, self.widening[np.minimum(steps, known) - 1], beyond)
        return found


def read_pool(path: Path) -> Pool:
    """Read the figures from a file."""
    content = json.loads(path.read_text(encoding="utf-8"))
    losses = content["relative_losses"]
    return Pool(
        np.array(content["widening"]),
        content["passing"],
        content["spread"],
        np.array([losses[name] for name in all_candidates().names]),
    )


@cache
def usual() -> Pool:
    """Return the shipped figures."""
    return read_pool(configs_dir() / "forecasting" / NAME)
