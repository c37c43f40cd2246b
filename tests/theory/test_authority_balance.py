"""Balances behind an authority's scenario: worked out by hand, or played out with dice."""

import numpy as np
import pytest

from sim.scenario.authority.balance import (
    covered_share,
    days_vacant,
    mean_tenure_factor,
    success_per_round,
)

pytestmark = pytest.mark.theory


def test_rounds_fill_what_leavers_leave():
    """Of 253 leavers a year one leaves each day. With 20 days of approval, 120 vacancies are 100 in
    a round; of rounds of 50 days two end each day: half of them must fill the post.
    """
    success = success_per_round(
        vacancies=120, leavers=253, intake=0, approval_days=20, round_days=50
    )
    assert success == pytest.approx(0.5)
    fewer = success_per_round(
        vacancies=120, leavers=253, intake=126.5, approval_days=20, round_days=50
    )
    assert fewer == pytest.approx(0.25)


def test_no_success_keeps_vacancies_below_those_that_wait_for_approval():
    success = success_per_round(
        vacancies=10, leavers=253, intake=0, approval_days=20, round_days=50
    )
    assert success == float("inf")


def test_vacancies_stay_where_the_success_keeps_them():
    """Posts fall vacant at random and are filled by rounds: after years, as many as asked for."""
    chances = np.random.default_rng(1)
    posts, leaving, approval, length, wanted = 4000, 0.15 / 253, 20, 60, 0.12
    success = success_per_round(
        vacancies=wanted * posts,
        leavers=0.15 * posts * (1 - wanted),
        intake=0,
        approval_days=approval,
        round_days=length,
    )
    ends = np.zeros(posts)  # the day on which the round ends; 0 for a filled post
    vacant = []
    for day in range(1, 5000):
        over = ends == day
        ends[over] = np.where(chances.random(over.sum()) < success, 0, day + length)
        falls = (ends == 0) & (chances.random(posts) < leaving)
        ends[falls] = day + approval + length
        if day > 2000:
            vacant.append((ends > 0).mean())
    assert np.mean(vacant) == pytest.approx(wanted, rel=0.03)


def test_a_post_is_vacant_as_long_as_its_share_says():
    """A tenth vacant, and one in nine leaves in a year: those 10 of 100 come to 10 in a year."""
    assert days_vacant(0.1, 1 / 9) == pytest.approx(253)


def test_cover_is_as_long_as_dice_make_it():
    chances = np.random.default_rng(2)
    vacant, lead, stay = 200.0, 20.0, 150.0
    ends = chances.exponential(vacant, 40_000)
    covered = np.zeros(ends.size)
    at = np.zeros(ends.size)
    while (at < ends).any():
        at += lead
        stays = chances.exponential(stay, ends.size)
        covered += np.clip(np.minimum(at + stays, ends) - at, 0, None)
        at += stays
    assert covered_share(vacant, lead, stay) == pytest.approx(covered.sum() / ends.sum(), rel=0.01)


def test_cover_begins_late_in_a_short_vacancy_and_is_nearly_all_of_a_long_one():
    assert covered_share(10, 20, 180) < 0.13
    assert covered_share(1e6, 20, 180) == pytest.approx(0.9, rel=1e-3)


def test_the_mean_over_tenures_is_that_of_people():
    bands = [(2.0, 1.25), (5.0, 1.1), (50.0, 0.85)]
    tenures = np.random.default_rng(3).exponential(6, 400_000)
    factors = np.select([tenures < 2, tenures < 5], [1.25, 1.1], 0.85)
    assert mean_tenure_factor(bands, 6) == pytest.approx(factors.mean(), abs=0.002)
    assert mean_tenure_factor([], 6) == 1


def test_the_last_factor_holds_beyond_its_years():
    """With a mean of 1 year, e^-1 = 0.368 of people stay over a year: 0.632 x 2 + 0.368 x 3."""
    assert mean_tenure_factor([(1.0, 2.0), (2.0, 3.0)], 1) == pytest.approx(2.3679, abs=1e-4)
