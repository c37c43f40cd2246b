"""How long things take: the distributions that a scenario may name, each of which checks itself.

In YAML a bare number is a fixed duration; the others say their name::

    90
    {distribution: exponential, mean: 60}
    {distribution: lognormal, mean: 33, cv: 0.5, maximum: 200}
    {distribution: bands, edges: [0, 10, 15, 20, 40], shares: [0.087, 0.727, 0.089, 0.097]}

A minimum and a maximum move what lies beyond them to the limit; `mean` in the file is then the mean
before that, and ``expected()`` the mean after it.
"""

from math import erfc, exp, gamma, inf, log, log1p, sqrt
from typing import Annotated, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BeforeValidator, Field, model_validator
from scipy import special

from sim.scenario.base import NonNegative, Part, Positive

MOST_BANDS = 8
MOST_STAGES = 100


def _midpoints(n: int) -> NDArray[np.float64]:
    """Return the middles of n equal parts of (0, 1)."""
    if n < 1:
        raise ValueError(f"the number of quantiles must be at least 1, it is {n}")
    return (np.arange(n) + 0.5) / n


class Fixed(Part):
    """Always the same value; what a bare number means."""

    distribution: Literal["fixed"] = "fixed"
    value: NonNegative

    def expected(self) -> float:
        """Return the exact mean."""
        return self.value

    def quantiles(self, n: int) -> NDArray[np.float64]:
        """Return the values at the middles of n equal parts of the probability."""
        return np.full(len(_midpoints(n)), self.value)


class Uniform(Part):
    """Any value from low to high, all as likely."""

    distribution: Literal["uniform"] = "uniform"
    low: NonNegative
    high: NonNegative

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.low > self.high:
            raise ValueError(f"low ({self.low:g}) is above high ({self.high:g})")
        return self

    def expected(self) -> float:
        """Return the exact mean."""
        return (self.low + self.high) / 2

    def quantiles(self, n: int) -> NDArray[np.float64]:
        """Return the values at the middles of n equal parts of the probability."""
        return self.low + (self.high - self.low) * _midpoints(n)


class Triangular(Part):
    """From low to high with a peak at the mode: an expert's least, usual and most."""

    distribution: Literal["triangular"] = "triangular"
    low: NonNegative
    mode: NonNegative
    high: NonNegative

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.low <= self.mode <= self.high:
            raise ValueError(
                "low, mode and high must rise in this order, "
                f"they are {self.low:g}, {self.mode:g} and {self.high:g}"
            )
        return self

    def expected(self) -> float:
        """Return the exact mean."""
        return (self.low + self.mode + self.high) / 3

    def quantiles(self, n: int) -> NDArray[np.float64]:
        """Return the values at the middles of n equal parts of the probability."""
        p = _midpoints(n)
        width = self.high - self.low
        rising = self.low + np.sqrt(p * width * (self.mode - self.low))
        falling = self.high - np.sqrt((1 - p) * width * (self.high - self.mode))
        return np.where(p * width < self.mode - self.low, rising, falling)


class Bands(Part):
    """A published table: the share in each band, and any value within a band as likely."""

    distribution: Literal["bands"] = "bands"
    edges: Annotated[tuple[NonNegative, ...], Field(min_length=2, max_length=MOST_BANDS + 1)]
    shares: Annotated[tuple[NonNegative, ...], Field(min_length=1, max_length=MOST_BANDS)]

    @model_validator(mode="after")
    def _edges_fit_shares(self) -> Self:
        if len(self.edges) != len(self.shares) + 1:
            raise ValueError(
                f"{len(self.shares)} shares need {len(self.shares) + 1} edges, "
                f"there are {len(self.edges)}"
            )
        if any(low >= high for low, high in zip(self.edges, self.edges[1:], strict=False)):
            raise ValueError(f"each edge must be above the one before, they are {self.edges}")
        if abs(sum(self.shares) - 1) > 1e-6:
            raise ValueError(f"the shares must add up to 1, they add up to {sum(self.shares):g}")
        return self

    def up_to(self) -> NDArray[np.float64]:
        """Return the share below each edge, from exactly 0 to exactly 1."""
        below = np.concatenate(([0.0], np.cumsum(self.shares)))
        return np.asarray(below / below[-1], dtype=np.float64)

    def expected(self) -> float:
        """Return the exact mean."""
        edges = np.asarray(self.edges)
        return float(np.dot(np.diff(self.up_to()), (edges[:-1] + edges[1:]) / 2))

    def quantiles(self, n: int) -> NDArray[np.float64]:
        """Return the values at the middles of n equal parts of the probability."""
        p = _midpoints(n)
        up_to = self.up_to()
        edges = np.asarray(self.edges)
        band = np.searchsorted(up_to, p, side="left") - 1
        part = (p - up_to[band]) / (up_to[band + 1] - up_to[band])
        return np.asarray(edges[band] + part * (edges[band + 1] - edges[band]), dtype=np.float64)


class _Limited(Part):
    """A distribution without an upper end of its own, which a scenario may limit."""

    mean: Positive
    minimum: NonNegative = 0.0
    maximum: Positive | None = None

    @model_validator(mode="after")
    def _limits_in_order(self) -> Self:
        if self.maximum is not None and self.minimum > self.maximum:
            raise ValueError(f"minimum ({self.minimum:g}) is above maximum ({self.maximum:g})")
        return self

    def _at(self, p: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the values at these probabilities, before the limits."""
        raise NotImplementedError

    def _mean_of_lesser(self, limit: float) -> float:
        """Return E[min(X, limit)] for a positive limit, before the scenario's own limits."""
        raise NotImplementedError

    def expected(self) -> float:
        """Return the exact mean, after the limits."""
        up_to_maximum = self.mean if self.maximum is None else self._mean_of_lesser(self.maximum)
        if self.minimum == 0:
            return up_to_maximum
        return up_to_maximum - self._mean_of_lesser(self.minimum) + self.minimum

    def quantiles(self, n: int) -> NDArray[np.float64]:
        """Return the limited values at the middles of n equal parts of the probability."""
        upper = inf if self.maximum is None else self.maximum
        return np.clip(self._at(_midpoints(n)), self.minimum, upper)


class Exponential(_Limited):
    """No memory: however long it has lasted, as long again is as likely."""

    distribution: Literal["exponential"] = "exponential"

    def _at(self, p: NDArray[np.float64]) -> NDArray[np.float64]:
        return -self.mean * np.log1p(-p)

    def _mean_of_lesser(self, limit: float) -> float:
        return self.mean * (1 - exp(-limit / self.mean))


class Lognormal(_Limited):
    """Most near the middle, a few very long; `cv` is the standard deviation over the mean."""

    distribution: Literal["lognormal"] = "lognormal"
    cv: Positive

    def _log_mean_and_spread(self) -> tuple[float, float]:
        variance = log1p(self.cv**2)
        return log(self.mean) - variance / 2, sqrt(variance)

    def _at(self, p: NDArray[np.float64]) -> NDArray[np.float64]:
        centre, spread = self._log_mean_and_spread()
        return np.asarray(np.exp(centre + spread * special.ndtri(p)), dtype=np.float64)

    def _mean_of_lesser(self, limit: float) -> float:
        centre, spread = self._log_mean_and_spread()
        z = (log(limit) - centre) / spread
        share_of_mean_below = erfc((spread - z) / sqrt(2)) / 2
        share_above = erfc(z / sqrt(2)) / 2
        return self.mean * share_of_mean_below + limit * share_above


class Weibull(_Limited):
    """Ends sooner (shape above 1) or later (below 1) the longer it has lasted."""

    distribution: Literal["weibull"] = "weibull"
    shape: Annotated[float, Field(ge=0.1, le=20)]

    def _scale(self) -> float:
        return self.mean / gamma(1 + 1 / self.shape)

    def _at(self, p: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(self._scale() * (-np.log1p(-p)) ** (1 / self.shape), dtype=np.float64)

    def _mean_of_lesser(self, limit: float) -> float:
        x = (limit / self._scale()) ** self.shape
        return self.mean * float(special.gammainc(1 + 1 / self.shape, x)) + limit * exp(-x)


class Gamma(_Limited):
    """A number of stages (`shape`), each exponential; 1 is the exponential itself."""

    distribution: Literal["gamma"] = "gamma"
    shape: Annotated[int, Field(ge=1, le=MOST_STAGES)]

    def _at(self, p: NDArray[np.float64]) -> NDArray[np.float64]:
        stage = self.mean / self.shape
        return np.asarray(stage * special.gammaincinv(self.shape, p), dtype=np.float64)

    def _mean_of_lesser(self, limit: float) -> float:
        x = limit * self.shape / self.mean
        below = float(special.gammainc(self.shape + 1, x))
        return self.mean * below + limit * float(special.gammaincc(self.shape, x))


_Named = Annotated[
    Fixed | Exponential | Lognormal | Weibull | Gamma | Uniform | Triangular | Bands,
    Field(discriminator="distribution"),
]


def _number_is_fixed(given: object) -> object:
    if isinstance(given, int | float) and not isinstance(given, bool):
        return Fixed(value=given)
    return given


Distribution = Annotated[
    _Named, BeforeValidator(_number_is_fixed, json_schema_input_type=_Named | float)
]
