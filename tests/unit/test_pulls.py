"""Pulls between measures, learnt from made-up ones of which the truth is known."""

import numpy as np
import pytest

from sim.study.validation.outlook import KINDS, RATES, _foretold
from sim.study.validation.pulls import PULL_PRIOR, pulls
from sim.study.validation.underlying import Underlying

pytestmark = pytest.mark.unit

TRUTH = np.array([0.15, 0.0, -0.1])


def made_up(cases: int, noise: float = 0.5) -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(3)
    states = chance.normal(size=(cases, len(TRUTH)))
    return states, states @ TRUTH + noise * chance.laplace(size=cases)


def test_many_cases_show_the_true_pulls():
    assert pulls(*made_up(20_000)) == pytest.approx(TRUTH, abs=0.02)


def test_a_few_cases_are_hardly_believed():
    few = pulls(*made_up(5))
    assert np.abs(few).max() < PULL_PRIOR
    assert pulls(*made_up(0)).tolist() == [0.0, 0.0, 0.0]


def test_medians_are_pulled_so_wild_errors_of_a_few_change_little():
    states, errors = made_up(2000)
    wild = errors.copy()
    wild[:20] = 500.0 * np.sign(states[:20, 1])
    assert pulls(states, wild) == pytest.approx(pulls(states, errors), abs=0.02)


def test_cases_with_something_missing_do_not_count():
    states, errors = made_up(50)
    gaps, none = np.full((2, 3), np.nan), np.full(3, np.nan)
    found = pulls(np.vstack([states, gaps, states[:3]]), np.concatenate([errors, [9, 9], none]))
    assert found.tolist() == pulls(states, errors).tolist()


def test_the_pull_is_exactly_where_prior_and_errors_balance():
    """One measure, all errors far on one side: n times the state over the median error."""
    found = pulls(np.full((40, 1), 0.01), np.full(40, 100.0))
    assert found[0] == pytest.approx(PULL_PRIOR**2 * 40 * 0.01 / 100, rel=0.01)


def of(now: np.ndarray, errors: np.ndarray) -> Underlying:
    authorities = len(now)
    return Underlying(
        here=np.full(authorities, 10.0), unit=2.0, now=now, ahead=0.0 * now, errors=errors,
        variance=np.ones(authorities), relative=np.ones(errors.shape), shock=0.5,
    )  # fmt: skip


def test_what_pulled_in_years_before_is_in_the_forecast_and_out_of_its_variance():
    chance = np.random.default_rng(1)
    vacancies = chance.normal(size=(3000, 4))
    wrong = chance.normal(size=(3000, 3))
    parts = {kind: of(0.0 * vacancies, wrong) for kind in KINDS}
    parts["vacancy"] = of(vacancies, wrong)
    parts["agency"] = of(0.0 * vacancies, 0.8 * vacancies[:, :-1] + 0.3 * wrong)
    found = _foretold("agency", parts)
    assert found.centre == pytest.approx(10.0 + 2.0 * 0.8 * vacancies[:, -1], abs=0.3)
    assert found.variance == pytest.approx((0.3**2 + 0.5) * 2.0**2, rel=0.05)
    assert np.std(found.errors) == pytest.approx(1.0, abs=0.05)


def test_a_measure_does_not_pull_at_itself():
    chance = np.random.default_rng(1)
    own = chance.normal(size=(500, 3))
    parts = {kind: of(0.0 * own, own[:, 1:]) for kind in RATES}
    parts["caseload"] = of(own, own[:, :-1])
    assert _foretold("caseload", parts).centre.tolist() == [10.0] * 500
