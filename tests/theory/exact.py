"""Exact answers of queueing theory, from their textbook formulas; Erlang C is the product's own."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.study.validation.theory import erlang_c


def erlang_c_wait(servers: int, load: float) -> float:
    """Mean wait under Erlang C, in mean service times."""
    return erlang_c(servers, load) / (servers - load)


def birth_and_death(births: list[float], deaths: list[float]) -> NDArray[np.float64]:
    """Probabilities of 0, 1, 2 ... when n goes to n + 1 at births[n] and back at deaths[n]."""
    found = np.cumprod([1.0, *(b / d for b, d in zip(births, deaths, strict=True))])
    return np.asarray(found / found.sum())


def closed_list(servers: int, places: int, load: float) -> NDArray[np.float64]:
    """Probabilities of 0, 1, 2 ... cases: who finds every server and place taken is refused."""
    most = servers + places
    return birth_and_death([load] * most, [float(min(n, servers)) for n in range(1, most + 1)])


def with_patience(servers: int, load: float, giving_up: float) -> float:
    """Share that gives up waiting; rate of giving up in mean service times (Erlang A)."""
    most = 60 * servers
    deaths = [min(n, servers) + giving_up * max(0, n - servers) for n in range(1, most + 1)]
    number = birth_and_death([load] * most, deaths)
    queue = np.maximum(np.arange(most + 1) - servers, 0)
    return float(giving_up * (queue * number).sum() / load)


def pollaczek_khinchine(rate: float, mean: float, deviation: float) -> float:
    """Mean wait at one server, first come first served, for any distribution of service."""
    return rate * (mean**2 + deviation**2) / 2 / (1 - rate * mean)


def waits_by_class(classes: list[tuple[float, float, float]]) -> list[float]:
    """Mean waits at one server that takes the first class first and never interrupts (Cobham).

    Each class is its rate of arrival, and its mean and standard deviation of service.
    """
    rest = sum(rate * (mean**2 + deviation**2) / 2 for rate, mean, deviation in classes)
    found, before = [], 0.0
    for rate, mean, _ in classes:
        with_this = before + rate * mean
        found.append(rest / (1 - before) / (1 - with_this))
        before = with_this
    return found
