"""What simulated years come to, for made-up simulations of which the truth is known."""

import numpy as np
import pytest
from scipy.special import ndtri

from sim.study.validation.outlook import GROWTH, mean_from_scale, on_scale
from sim.study.validation.simulated_years import come_to, own_departures

pytestmark = pytest.mark.unit


def test_means_that_are_alike_have_no_departures_of_their_own_and_others_have_theirs():
    alike = own_departures(np.array([1.0, 1.1, 0.9, 1.0]), np.full(4, 0.5))
    assert alike.tolist() == [0.0] * 4
    apart = own_departures(np.array([-4.0, 1.0, 6.0]), np.full(3, 1e-6))
    assert apart == pytest.approx([-5.0, 0.0, 5.0], abs=1e-5)


def test_own_departures_by_hand():
    """Weights 1 and 1/4: common 1.2; Q = 1.44 + 0.25 * 23.04 = 7.2; C = 1.25 - 1.0625 / 1.25."""
    between = (7.2 - 1) / (1.25 - 1.0625 / 1.25)
    weights = np.array([1 / (between + 1), 1 / (between + 4)])
    common = 6 * weights[1] / weights.sum()
    wanted = [between * w * (m - common) for w, m in zip(weights, (0, 6), strict=True)]
    assert own_departures(np.array([0.0, 6.0]), np.array([1.0, 4.0])).tolist() == pytest.approx(
        wanted
    )


def test_one_alone_has_none_and_without_any_chance_all_is_believed():
    assert own_departures(np.array([3.0]), np.array([2.0])).tolist() == [0.0]
    assert own_departures(np.array([3.0, 1.0]), np.zeros(2)).tolist() == [1.0, -1.0]


def test_own_departures_are_nearer_the_truth_than_all_of_them_and_than_none():
    chance = np.random.default_rng(1)
    truth = 0.5 * chance.normal(size=2000)
    variances = np.exp(chance.normal(-1, 0.5, size=2000))
    means = 0.2 + truth + np.sqrt(variances) * chance.normal(size=2000)

    def error(found) -> float:
        return float(np.mean((found - truth) ** 2))

    best = error(0.25 / (0.25 + variances) * (means - 0.2))  # with the truth known
    found = error(own_departures(means, variances))
    assert found < 1.03 * best
    assert found < 0.8 * min(error(means - 0.2), error(0.0))


def simulated(*, draws=4, departs=0.3, factor=1.0, seed=2):
    """Authorities whose simulated years depart by as much, and spread as what was expected does."""
    chance = np.random.default_rng(seed)
    in_post = np.exp(chance.normal(5, 0.5, size=400))
    centre, variance = chance.normal(size=400), np.full(400, 0.25)
    noise = np.sqrt(10.0 / in_post)
    into = np.sqrt(np.maximum(variance - noise**2, 0.05))
    places = (np.arange(draws) + 0.5) / draws
    drawn = [c + sd * ndtri(chance.permutation(places)) for c, sd in zip(centre, into, strict=True)]
    found = [
        d + departs + factor * sd * chance.normal(size=draws)
        for d, sd in zip(drawn, noise, strict=True)
    ]
    return centre, variance, drawn, found, in_post


def test_the_centre_is_what_went_in_without_the_common_departure_and_with_little_chance():
    centre, variance, drawn, found, in_post = simulated()
    got = come_to(centre, variance, drawn, found, in_post, 1.0)
    alone = np.array([each.mean() for each in found])
    steady, alone = (float(np.std(each - centre)) for each in (got.centre, alone))
    assert np.mean(got.centre - centre) == pytest.approx(0.0, abs=0.02)
    assert steady < 0.3 * alone


def test_a_departure_of_one_authority_that_is_no_chance_stays():
    centre, variance, drawn, found, in_post = simulated()
    found[7] = found[7] + 5.0
    got = come_to(centre, variance, drawn, found, in_post, 1.0)
    assert got.centre[7] - centre[7] > 1.5
    assert np.median(got.centre - centre) == pytest.approx(0.0, abs=0.03)


def test_of_a_departure_so_much_is_predicted_as_is_believed_and_all_of_it_is_told():
    centre, variance, drawn, found, in_post = simulated()
    found[7] = found[7] + 5.0
    whole, third, none = (
        come_to(centre, variance, drawn, found, in_post, believed) for believed in (1.0, 1 / 3, 0.0)
    )
    assert whole.departures == pytest.approx(whole.centre - centre)
    assert third.centre - centre == pytest.approx(whole.departures / 3)
    assert third.departures.tolist() == whole.departures.tolist()
    assert none.centre.tolist() == centre.tolist()
    assert none.high - none.low == pytest.approx(whole.high - whole.low)


def test_the_more_draws_the_more_of_an_authority_s_own_departure_is_believed():
    """As far as is best with the truth known: the own ones against a ninth of a draw's chance."""
    centre, variance, drawn, found, in_post = simulated(draws=9)
    own = 0.1 * np.random.default_rng(6).normal(size=len(centre))
    found = [each + departs for each, departs in zip(found, own, strict=True)]
    got = come_to(centre, variance, drawn, found, in_post, 1.0).centre - centre
    means = np.array([np.mean(f - d) for f, d in zip(found, drawn, strict=True)])
    best = 0.01 / (0.01 + 10.0 / in_post / 9) * (means - 0.3)
    assert np.mean(np.abs(got - best)) < 0.2 * np.mean(np.abs(best))


def test_ranges_are_as_wide_as_simulated_years_spread_not_as_was_expected():
    centre, variance, drawn, found, in_post = simulated(draws=12)
    for times in (1.0, 2.0):
        wide = [c + times * (f - c) for c, f in zip(centre, found, strict=True)]
        got = come_to(centre, variance, drawn, wide, in_post, 1.0)
        spread = np.sqrt(np.mean([np.var(each, ddof=1) for each in wide]))
        assert got.high - got.low == pytest.approx(2 * 1.2816 * spread, rel=1e-4)
        assert got.high - got.centre == pytest.approx(got.centre - got.low)


def test_the_number_of_draws_leaves_the_width_of_ranges_alone():
    for draws in (3, 20):
        got = come_to(*simulated(draws=draws), 1.0)
        # As wide as was expected, 0.5, but for the evenness of a few draws: at most 3 % less.
        assert np.mean(got.high - got.low) == pytest.approx(2 * 1.2816 * 0.5, rel=0.05)


@pytest.mark.parametrize("kind", ["turnover", "caseload", GROWTH])
def test_the_mean_of_values_with_chance_in_them_on_their_scale(kind):
    """Values made from normal ones on the scale; growth as that of FTE."""
    drawn, spread = 0.5, 0.1
    values = drawn + spread * np.random.default_rng(5).normal(size=400_000)
    if kind == "turnover":
        wanted = np.mean(values**2)
    elif kind == "caseload":
        wanted = np.mean(np.exp(values))
    else:
        wanted = np.log(np.mean(np.exp(values)))
    assert mean_from_scale(kind, drawn, spread**2) == pytest.approx(wanted, rel=0.002)
    without = mean_from_scale(kind, drawn, 0.0)
    assert float(on_scale(kind, without)) == pytest.approx(drawn)


def test_no_rate_is_below_what_chance_alone_makes():
    assert mean_from_scale("vacancy", -0.2, 0.01) == pytest.approx(0.01)
