"""How far departures are believed, where it is known how far they are true."""

import numpy as np
import pytest

from sim.study.validation.came_true import CameTrue

pytestmark = pytest.mark.unit


def years(*, true: float, number=5, seed=3):
    """Years in which so much of a departure comes true, among errors ten times as large."""
    chance = np.random.default_rng(seed)
    for _ in range(number):
        departures = chance.normal(size=4000)
        yield departures, true * departures + 10.0 * chance.laplace(size=4000)


def share_of(pasts) -> float:
    known = CameTrue()
    for departures, errors in pasts:
        known.learn(departures, errors)
    return known.share()


def test_before_any_year_half_is_believed():
    assert share_of([]) == pytest.approx(0.5)
    assert share_of([(np.zeros(9), np.ones(9))]) == pytest.approx(0.5)  # it never departed
    assert share_of([(np.ones(9), np.full(9, np.nan))]) == pytest.approx(0.5)  # nothing published


@pytest.mark.parametrize("true", [0.0, 0.3, 0.7, 1.0])
def test_what_was_true_in_many_years_is_found(true):
    assert share_of(years(true=true)) == pytest.approx(true, abs=0.12)


def test_departures_that_were_wrong_are_not_turned_round_nor_right_ones_enlarged():
    assert 0.0 <= share_of(years(true=-3.0)) < 0.05
    assert 0.95 < share_of(years(true=4.0)) <= 1.0


def test_what_came_exactly_true_is_believed_wholly():
    departures = np.array([0.1, -0.4, 0.3])
    assert share_of([(departures, departures)]) == pytest.approx(1.0)


def test_one_year_says_less_than_many():
    few, many = (share_of(years(true=0.0, number=number)) for number in (1, 8))
    assert many < few < 0.5


def test_by_hand():
    """One authority departed by 1 and was off by 3: a share leaves 3 - share to chance.

    Under a Laplace distribution of that scale it is as likely as 1 / (3 - share).
    """
    shares = np.linspace(0, 1, 101)
    wanted = np.average(shares, weights=1 / (3 - shares))
    assert share_of([(np.array([1.0]), np.array([3.0]))]) == pytest.approx(wanted)


def test_where_nothing_is_published_nothing_is_learnt():
    departures, errors = next(years(true=0.2))
    gaps = errors.copy()
    gaps[::2] = np.nan
    assert share_of([(departures, gaps)]) == share_of([(departures[1::2], errors[1::2])])
