"""The formulas that the simulation is held against give the published numbers themselves."""

import numpy as np
import pytest

from sim.study.validation.theory import erlang_c
from tests.theory.exact import (
    closed_list,
    pollaczek_khinchine,
    waits_by_class,
    with_patience,
)
from tests.theory.twin import first_come_first_served, one_server_by_class

pytestmark = pytest.mark.theory


@pytest.mark.parametrize(
    ("servers", "load", "share"), [(5, 4, 0.554113), (10, 9, 0.668732), (50, 45, 0.363864)]
)
def test_erlang_c(servers, load, share):
    assert erlang_c(servers, load) == pytest.approx(share, abs=5e-7)


def test_closed_list():
    number = closed_list(10, 10, 10)
    assert number[-1] == pytest.approx(0.068212, abs=5e-7)
    mean = float(np.arange(21) @ number)
    assert mean == pytest.approx(13.069532, abs=5e-7)
    assert mean / (10 * (1 - number[-1])) - 1 == pytest.approx(0.402629, abs=5e-7)


def test_priorities_and_first_come_first_served():
    assert waits_by_class([(0.05, 4, 4), (0.1, 5, 10)]) == pytest.approx([8.8125, 29.375])
    mixed = (0.05 * 4 + 0.1 * 5) / 0.15  # mean, and standard deviation, of all services
    deviation = ((0.05 * 32 + 0.1 * 125) / 0.15 - mixed**2) ** 0.5
    assert pollaczek_khinchine(0.15, mixed, deviation) == pytest.approx(23.5)


def test_patience():
    """Patience as long as a service makes every place a server, in effect: the load is Poisson."""
    # n leave at rate n, so n is Poisson(4); the mean above 4 of it is 4 P(n = 4).
    poisson_at_4 = np.exp(-4) * 4**4 / 24
    assert with_patience(4, 4, 1) == pytest.approx(poisson_at_4, rel=1e-9)


def test_a_queue_by_hand():
    """Two servers and one place; the fourth is refused, the last gives up.

    | case | arrives | takes | begins | ends |
    | ---- | ------- | ----- | ------ | ---- |
    | 0    | 0       | 4     | 0      | 4    |
    | 1    | 1       | 5     | 1      | 6    |
    | 2    | 2       | 3     | 4      | 7    |
    | 3    | 3       | 1     | the place is taken | |
    | 4    | 5       | 1     | would begin at 6, gives up at 5.5 | |
    """
    twin = first_come_first_served(
        np.array([0.0, 1, 2, 3, 5]), np.array([4.0, 5, 3, 1, 1]), 2, 1, np.array([9, 9, 9, 9, 0.5])
    )
    assert twin.waited.tolist() == [0, 0, 2, 0, 0.5]
    assert twin.refused.tolist() == [False, False, False, True, False]
    assert twin.gave_up.tolist() == [False, False, False, False, True]


def test_a_queue_by_class_by_hand():
    """The second of the lower class has come before the one of the higher, and waits for it."""
    waited = one_server_by_class(np.array([0.0, 1, 2]), np.array([5.0, 5, 5]), [1, 1, 0])
    assert waited.tolist() == [0, 9, 3]
