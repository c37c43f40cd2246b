"""The central set of a fit: the nearest of the likeliest places, once they are simulated."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from sim.study.calibration.central_set import FINALISTS, choose_central_set, distance
from sim.study.calibration.implausibility import Goals

pytestmark = pytest.mark.unit

GOALS = Goals(("turnover", "caseload"), np.array([0.1, 15.0]), np.array([0.01, 0.5]))


def chosen_of(outcomes):
    """Places in order of how likely they seem; what each gives is the same in two futures."""
    number = len(outcomes)
    asked = []

    def simulate(finalist, place):
        asked.append(finalist)
        return np.array([outcomes[int(place[0])]] * 2)

    ensemble = SimpleNamespace(
        points=np.arange(number)[::-1, None].astype(float), likeliest=np.arange(number)[::-1]
    )
    found = choose_central_set(GOALS, ensemble, simulate)
    assert asked == list(range(min(number, FINALISTS)))
    return number - 1 - found.place, found.given[0].tolist()


def test_distance_is_the_mean_square_in_standard_deviations_of_the_mean_over_futures():
    assert distance(GOALS, np.array([[0.11, 14.0], [0.13, 15.0]])) == pytest.approx((4 + 1) / 2)


def test_the_nearest_is_chosen_though_another_seemed_likelier():
    outcomes = [[0.12, 15.0], [0.105, 15.25], [0.1, 16.5]]
    assert chosen_of(outcomes) == (1, outcomes[1])


def test_of_equals_the_likeliest():
    assert chosen_of([[0.11, 15.0], [0.09, 15.0]])[0] == 0


def test_what_has_no_outcome_is_not_chosen():
    assert chosen_of([[np.nan, 15.0], [0.2, 15.0]])[0] == 1


def test_only_so_many_are_simulated():
    """The best of all comes too late."""
    assert chosen_of([[0.12, 15.0]] * FINALISTS + [[0.1, 15.0]])[0] == 0
