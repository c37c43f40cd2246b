"""History matching finds what is known to be there, and knows how sure it is."""

import numpy as np
import pytest
from scipy.stats import qmc

from sim.study.calibration.conflict import missed_targets
from sim.study.calibration.futures import Corrected, corrected, futures_of
from sim.study.calibration.identified import FOUND, spread_left, told_apart_badly
from sim.study.calibration.implausibility import LIMIT, Foresight, Goals, implausibility, worst
from sim.study.calibration.space_left import resampled, space_left, wander
from sim.study.calibration.surrogate import fit_surrogate
from sim.study.calibration.waves import match
from sim.study.watching import Silent
from tests.toy_fits import curved, fitted, goals, simulated

pytestmark = pytest.mark.theory


def test_the_truth_is_hardly_ever_ruled_out():
    """Targets are the truth, off by what they allow: 3 standard deviations hold 95 in 100."""
    kept = 0
    for seed in range(60):
        dice = np.random.default_rng(seed)
        truth = dice.random(5)
        wanted = goals(curved(truth[None])[0] + dice.normal(0, 0.1, 3))
        points = qmc.Sobol(5, rng=dice).random(32)
        given = simulated(curved, 5, seed)(1, points)
        foresight = Foresight([fit_surrogate(points, each) for each in given.mean.T], given.luck)
        kept += worst(wanted, [foresight], truth[None])[0] <= LIMIT
    assert kept >= 57


def test_what_is_left_is_what_agrees_and_little_else():
    """Of the cube, as much is left as truly agrees with the targets, by simple counting."""
    wanted = goals([1.6, 0.7, 1.2], allowed=0.15)
    found = fitted(wanted, 3, points=64, waves=2)
    many = np.random.default_rng(0).random((200_000, 5))
    agrees = implausibility(wanted, curved(many), np.zeros((1, 3))).max(axis=1) <= LIMIT
    left = found.waves[-1].left
    assert left.share == pytest.approx(agrees.mean(), rel=0.5)
    inside = implausibility(wanted, curved(left.places), np.zeros((1, 3))).max(axis=1)
    assert (inside <= LIMIT + 0.5).mean() > 0.9


def test_the_ensemble_agrees_with_the_targets_and_its_spread_is_right():
    """A straight line with a known posterior: the mean of two parameters, and of each alone."""

    def lines(places):
        a, b, c, _, _ = places.T
        return np.stack([a, b + c, 0 * a], axis=1)

    wanted = goals([0.5, 1.0, 0.0], allowed=0.05)
    found = fitted(wanted, 5, model=lines, points=128, waves=1, sets=400).ensemble
    chosen = found.points[found.chosen]
    # One outcome is off by luck of its own: runs, futures and surrogate add to what targets allow.
    assert chosen[:, 0].mean() == pytest.approx(0.5, abs=0.04)
    assert 0.04 < chosen[:, 0].std() < 0.07
    assert (chosen[:, 1] + chosen[:, 2]).mean() == pytest.approx(1.0, abs=0.04)
    assert chosen[:, 1].std() > 0.2  # by itself it may be nearly anything
    assert found.worth > 30
    assert found.worst[found.likeliest[0]] < 1.5
    spread = spread_left(chosen)
    assert spread[0] < FOUND < 0.8 < min(spread[3:])
    (pair, *others) = told_apart_badly(chosen, found.worth)
    assert (pair.one, pair.other) == (1, 2)
    assert pair.correlation < -0.9
    assert not others


def test_places_that_their_own_runs_put_further_off_are_chosen_less_often():
    """The waves know nothing of a slope in b, which the ensemble's own runs show.

    Its ends are then one standard deviation off, either way: exp(-1/2) as likely as the middle.
    """

    def wave(number, places):
        values = np.stack([places[:, 0] + 0 * places[:, 1]] * 3, axis=1)
        if number == 2:
            values[:, 1] += 0.4 * (places[:, 1] - 0.5)
        return Corrected(values, np.full(3, 1e-8), np.full(3, 1e-8), np.zeros(3))

    wanted = Goals(("a", "b", "c"), np.full(3, 0.5), np.array([0.1, 0.1, 0.1]))
    found = match(wanted, wave, 2, points=256, waves=1, sets=2000, seed=1, watcher=Silent())
    assert found.ensemble is not None
    b = found.ensemble.points[found.ensemble.chosen, 1]
    # By integration: of exp(-(8/3) x^2), which is left of a once it has been let to make up for b.
    x = np.linspace(-0.5, 0.5, 1001)
    density = np.exp(-((0.4 * x / 0.1) ** 2) * (1 - 1 / 3) / 2)
    spread = np.sqrt((density * x**2).sum() / density.sum())
    assert b.std() == pytest.approx(spread, rel=0.08)
    assert b.std() < 0.26 < np.sqrt(1 / 12)


def test_what_is_foreseen_is_as_unsure_as_surrogate_and_futures_make_it():
    points = np.random.default_rng(1).random((30, 2))
    surrogate = fit_surrogate(points, points[:, 0])
    expected, variance = Foresight([surrogate], np.array([0.25]))(points[:3])
    alone = surrogate(points[:3])
    assert expected[:, 0] == pytest.approx(alone[0])
    assert variance[:, 0] == pytest.approx(alone[1] + 0.25)


def test_targets_that_contradict_each_other_are_named_and_no_ensemble_is_made_up():
    """One outcome is to be large, one small, and both are the same."""

    def same(places):
        return np.stack([places[:, 0], places[:, 0], places[:, 1]], axis=1)

    wanted = goals([0.9, 0.1, 0.5], allowed=0.05)
    found = fitted(wanted, 2, model=same)
    assert found.ensemble is None
    assert found.waves[-1].left.is_empty
    missed = missed_targets(wanted, found.waves)
    assert sorted(each.target for each in missed) == [0, 1]
    assert not any(each.is_out_of_reach for each in missed)


def test_a_target_beyond_everything_is_said_to_be_out_of_reach():
    wanted = goals([9.0, 0.5, 0.5])
    found = fitted(wanted, 2, model=lambda places: places[:, :3])
    missed = missed_targets(wanted, found.waves)
    assert missed[0].target == 0
    assert missed[0].is_out_of_reach


# ------------------------------------------------------------------ the surrogate


def test_a_surrogate_foresees_and_knows_how_sure_it_is():
    dice = np.random.default_rng(4)
    for _ in range(2):
        points = qmc.Sobol(6, rng=dice).random(64)
        slope, bend = dice.normal(size=6), dice.normal(size=2)

        def truth(x, slope=slope, bend=bend):
            return x @ slope + bend[0] * np.sin(4 * x[:, 0]) + bend[1] * x[:, 1] * x[:, 2]

        surrogate = fit_surrogate(points, truth(points) + dice.normal(0, 0.1, 64))
        places = dice.random((500, 6))
        expected, variance = surrogate(places)
        off = (expected - truth(places)) / np.sqrt(variance)
        assert np.corrcoef(expected, truth(places))[0, 1] > 0.97
        assert (np.abs(off) <= 2).mean() > 0.85
        assert (np.abs(surrogate.left_out) <= 2).mean() > 0.85
        assert 0.7 < surrogate.left_out.std() < 1.3
        assert surrogate.explained > 0.9


def test_leaving_a_point_out_is_as_if_it_had_never_been_there():
    """The short cut to all left-out points, against leaving one out in earnest."""
    dice = np.random.default_rng(1)
    points, values = dice.random((20, 2)), dice.normal(size=20)
    surrogate = fit_surrogate(points, values)
    wanted = (values - surrogate.centre) / surrogate.scale
    from sim.study.calibration import surrogate as module

    covariance = module._covariance(points, points, surrogate.size)[0]
    covariance += np.exp(2 * surrogate.size[-1]) * np.eye(20)
    rest = np.arange(20) != 7
    solved = np.linalg.solve(covariance[np.ix_(rest, rest)], covariance[rest, 7])
    expected, variance = solved @ wanted[rest], covariance[7, 7] - solved @ covariance[rest, 7]
    off = (wanted[7] - expected) / np.sqrt(variance)
    assert surrogate.left_out[7] == pytest.approx(off, rel=1e-6)


def test_points_without_an_outcome_are_left_out():
    points = np.random.default_rng(1).random((30, 2))
    values = points[:, 0].copy()
    values[3] = np.nan
    assert len(fit_surrogate(points, values).points) == 29


# ------------------------------------------------------------------ drawing from what is left


def test_the_share_of_a_ball_in_a_cube_is_found_however_small():
    """A ball of radius 0.05 in four dimensions: pi^2 / 2 r^4 = 3.1e-5 of the cube."""
    found = []
    for seed in range(6):
        dice = np.random.default_rng(seed)
        begin = qmc.Sobol(4, rng=dice).random(256)
        left = space_left(lambda x, _: np.sqrt(((x - 0.4) ** 2).sum(axis=1)), 0.05, begin, dice)
        assert (left.badness <= 0.05).all()
        found.append(left.share)
    assert np.exp(np.log(found).mean()) == pytest.approx(np.pi**2 / 2 * 0.05**4, rel=0.35)


def test_a_share_that_needs_no_narrowing_is_counted():
    dice = np.random.default_rng(1)
    begin = qmc.Sobol(2, rng=dice).random(1024)
    left = space_left(lambda x, _: np.abs(x - 0.5).max(axis=1), 0.4, begin, dice)
    assert left.share == pytest.approx(0.64, abs=0.01)


def test_wandering_ends_in_the_density_it_is_given():
    """Half a normal density against a wall: its mean and spread are known."""
    dice = np.random.default_rng(2)
    begin = dice.random((1000, 2)) * 0.5
    ended = wander(begin, lambda x: -0.5 * (x[:, 0] / 0.1) ** 2, 150, dice)
    assert ended[:, 0].mean() == pytest.approx(0.1 * np.sqrt(2 / np.pi), abs=0.01)
    assert ended[:, 1].mean() == pytest.approx(0.5, abs=0.04)
    assert ended.min() >= 0
    assert ended.max() <= 1


def test_what_weighs_twice_as_much_is_drawn_twice_as_often():
    dice = np.random.default_rng(3)
    counts = np.bincount(resampled(np.array([1.0, 2.0, 0.0, 1.0]), 400, dice), minlength=4)
    assert np.abs(counts - [100, 200, 0, 100]).max() <= 1


# ------------------------------------------------------------------ luck


def test_luck_is_taken_out_without_bias_and_what_is_left_is_said_rightly():
    """A place that is the own values shifted by 3, under futures in common: nearly exact."""
    dice = np.random.default_rng(5)
    off, said = [], []
    for _ in range(300):
        futures = dice.normal(10, 2, (8, 1))
        met = np.array([[n % 8, (n + 1) % 8] for n in range(16)])
        values = 3 + 0.5 * (futures[met] - 10) + dice.normal(0, 0.2, (16, 2, 1))
        found = corrected(values, met, futures)
        off.append(found.mean[0, 0] - 3)
        said.append(found.noise[0] + found.luck[0])
    assert np.mean(off) == pytest.approx(0, abs=4 * np.std(off) / np.sqrt(300))
    assert np.mean(said) == pytest.approx(np.var(off), rel=0.25)
    assert np.var(off) < 0.5 * (0.5 * 2) ** 2 / 2  # without: two runs of standard deviation 1


def test_what_chance_is_left_in_a_place_is_said_rightly():
    """No luck in common: the mean of three runs of standard deviation 2 has a variance of 4/3."""
    dice = np.random.default_rng(6)
    met = np.array([futures_of(place, 3, 30) for place in range(400)])
    found = corrected(dice.normal(0, 2, (400, 3, 1)), met, np.zeros((30, 1)))
    assert found.noise[0] == pytest.approx(4 / 3, rel=0.1)
    assert found.mean[:, 0].var() == pytest.approx(4 / 3, rel=0.2)
    assert found.luck[0] == 0
