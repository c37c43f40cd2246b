"""A queue in continuous time with the very arrivals and durations of a simulated service.

Close to full load a wait is so variable that a mean within 1 % takes millions of cases. But the
wait of the same cases in continuous time, whose exact mean is known, is nearly the same number, and
only the difference between the two has to be measured:

    simulated - (twin - exact)

is as right as the simulated mean itself, and far less variable. It cannot show a wrong arrival or
duration, since the twin would have it too; so these are tested by themselves, where it is used.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappop, heappush, heapreplace

import numpy as np
from numpy.typing import NDArray

Times = NDArray[np.float64]


@dataclass(frozen=True)
class Twin:
    """What becomes of each case: its wait, and whether it was refused or gave up waiting."""

    waited: Times
    refused: NDArray[np.bool_]
    gave_up: NDArray[np.bool_]


def times_within_days(days: NDArray[np.int64], chance: np.random.Generator) -> Times:
    """Times of arrival of cases that come to the doors on these mornings, in order.

    They came at any time since the morning before, so that Poisson counts of days become a Poisson
    process.
    """
    return np.sort(days - chance.random(len(days)))


def first_come_first_served(
    arrived: Times,
    service: Times,
    servers: int,
    places: int | None = None,
    patience: Times | None = None,
) -> Twin:
    """Serve cases in the order in which they come.

    Parameters
    ----------
    arrived, service
        When each case comes, in order, and how long it takes.
    servers, places
        How many cases are served at a time, and how many more may wait (any number: None).
    patience
        How long each case waits before it gives up.
    """
    n = len(arrived)
    free = [-np.inf] * servers  # when each server has done all that it has been given
    begins: deque[float] = deque()  # when those who wait begin, or give up, in order
    waited, refused, gave_up = np.zeros(n), np.zeros(n, np.bool_), np.zeros(n, np.bool_)
    for i in range(n):
        now = arrived[i]
        while begins and begins[0] <= now:
            begins.popleft()
        wait = max(0.0, free[0] - now)
        if places is not None and wait > 0 and len(begins) >= places:
            refused[i] = True
            continue
        if patience is not None and wait > patience[i]:
            gave_up[i] = True
            waited[i] = patience[i]
            continue
        waited[i] = wait
        if wait > 0:
            begins.append(now + wait)
        heapreplace(free, now + wait + service[i])
    return Twin(waited, refused, gave_up)


def one_server_by_class(arrived: Times, service: Times, rank: Sequence[int]) -> Times:
    """Waits at one server that takes the lowest rank first, and never interrupts."""
    n = len(arrived)
    waited = np.zeros(n)
    waiting: list[tuple[int, int]] = []
    now, i = -np.inf, 0
    while i < n or waiting:
        if not waiting:
            now = max(now, arrived[i])
        while i < n and arrived[i] <= now:
            heappush(waiting, (rank[i], i))
            i += 1
        _, case = heappop(waiting)
        waited[case] = now - arrived[case]
        now += service[case]
    return waited


def one_server_off_and_on(arrived: Times, service: Times, on: Times, off: Times) -> Times:
    """When each case ends at one server that is on and off in turn, and resumes what it left.

    Parameters
    ----------
    arrived, service
        As above; first come first served.
    on, off
        How long the server is on (from time 0), then off, then on again ...
    """
    # Work goes by the server's own clock, which stands still while the server is off.
    own_stops = np.cumsum(on)
    stops = np.cumsum(on + np.concatenate([[0.0], off[:-1]]))

    def clock(time: float) -> float:
        n = int(np.searchsorted(stops, time))  # stops before this time
        back = 0.0 if n == 0 else stops[n - 1] + off[n - 1]
        before = 0.0 if n == 0 else own_stops[n - 1]
        return float(before + max(0.0, time - back))

    ends = np.zeros(len(arrived))
    free = 0.0  # on the server's own clock
    for i, now in enumerate(arrived):
        free = max(free, clock(now)) + service[i]
        n = int(np.searchsorted(own_stops, free))
        assert n < len(on), "more times on and off are needed"
        ends[i] = free + off[:n].sum()
    return ends
