"""MSER-5 against examples worked by hand and a process whose start is known; what it says."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sim.report.warm_up import conclusion
from sim.study.sureness.warm_up import SERIES, mser5, settling, verdict, without_season

pytestmark = pytest.mark.unit

YEAR = 365.25 / 7


def weeks_of(means):
    """A series whose batches of five have these means: two above, two below, one equal."""
    return np.concatenate([[mean - 2, mean - 1, mean, mean + 1, mean + 2] for mean in means])


def test_the_cut_is_the_one_worked_out_by_hand():
    """Batch means 4, 2, 1, 0, 1, 0, 1, 0, 1, 0. Sum of squares about the mean over (m - d)^2:

    d = 0: 14 / 100 = 0.140; 1: 4 / 81 = 0.049; 2: 2 / 64 = 0.031; 3: (12/7) / 49 = 0.035;
    4: 1.5 / 36 = 0.042; 5: 1.2 / 25 = 0.048. The least is at d = 2: ten weeks.
    """
    assert mser5(weeks_of([4, 2, 1, 0, 1, 0, 1, 0, 1, 0])) == 10


def test_a_level_that_is_there_from_the_first_week_needs_no_cut():
    assert mser5(np.ones(100)) == 0


def test_weeks_beyond_the_last_whole_batch_do_not_count():
    series = weeks_of([4, 2, 1, 0, 1, 0, 1, 0, 1, 0])
    assert mser5([*series, 100, -100, 100, 100]) == 10


def test_a_least_error_in_the_second_half_says_that_the_run_is_too_short():
    assert mser5(weeks_of([5] * 7 + [0, 1, 0, 1, 0])) is None
    assert mser5(np.arange(200.0)) is None


def test_too_few_weeks_cannot_tell():
    assert mser5(np.ones(45)) is None


def test_fewer_than_five_batches_are_never_what_is_left():
    """The last three batches are equal to each other: no error at all, and no evidence."""
    assert mser5(weeks_of([0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 9, 9, 9])) == 0


def autoregressive(seed, weeks=600, tail=0.0):
    """AR(1) about 0 with a correlation of 0.7 from week to week, and a start that fades away."""
    random = np.random.default_rng(seed)
    value, found = random.normal(0, 1 / np.sqrt(1 - 0.7**2)), []
    for week in range(weeks):
        value = 0.7 * value + random.normal()
        found.append(value + tail * np.exp(-week / 15))
    return np.array(found)


def test_of_a_known_transient_what_shows_above_the_noise_is_cut_off():
    """A start 20 too high fades as exp(-week / 15): 1 after 45 weeks, below the noise after 60."""
    cuts = [mser5(autoregressive(seed, tail=20.0)) for seed in range(60)]
    assert all(cut is not None and 20 <= cut <= 300 for cut in cuts)
    assert 35 <= np.median(cuts) <= 60
    kept = [autoregressive(seed, tail=20.0)[cut:].mean() for seed, cut in enumerate(cuts)]
    whole = [autoregressive(seed, tail=20.0).mean() for seed in range(60)]
    assert np.mean(whole) == pytest.approx(20 * 15 / 600, abs=0.15)  # the bias without a cut
    assert abs(np.mean(kept)) < 0.1


def test_without_a_transient_little_is_cut_off():
    cuts = [mser5(autoregressive(seed)) for seed in range(60)]
    assert np.median([600 if cut is None else cut for cut in cuts]) <= 50


def test_the_season_is_taken_out_and_the_start_left_in():
    weeks = np.arange(520)
    season = np.cos(2 * np.pi * weeks / YEAR) - 0.5 * np.sin(4 * np.pi * weeks / YEAR)
    start = np.where(weeks < 100, 3.0, 0.0)
    np.testing.assert_allclose(without_season(7 + season + start), 7 + start, atol=1e-9)


def test_a_series_too_short_to_know_its_season_is_left_as_it_is():
    series = np.cos(2 * np.pi * np.arange(200) / YEAR)
    np.testing.assert_array_equal(without_season(series), series)


# ---------------------------------------------------------------- what is said of a study


def team_weeks(levels, noise=0.1, replications=8, weeks=520):
    """A table of one team: each series at its level, relative to 10, with noise between runs."""
    columns = {name for pair in SERIES.values() for name in pair}
    random = np.random.default_rng(1)
    frames = []
    for replication in range(replications):
        frame = {name: np.full(weeks, 100.0) for name in columns}
        for name, level in levels.items():
            frame[SERIES[name][0]] = 100 * (level + noise * random.normal(size=weeks))
        frames.append(pd.DataFrame({"replication": replication, "week": range(weeks), **frame}))
    return pd.concat(frames)


SLOW = 10 - 2 * np.exp(-np.arange(520) / 20)


def found_for(levels, warm_up, **more):
    return settling(team_weeks(levels, **more), warm_up, 104)


def test_a_warm_up_that_ends_too_early_is_said_in_a_sentence_with_the_weeks_needed():
    said = verdict(found_for({"exhaustion": SLOW}, 10))
    cut = next(each.cut for each in found_for({"exhaustion": SLOW}, 10) if each.cut)
    assert 60 <= cut <= 130
    assert said.startswith(f"the warm-up of 10 weeks is too short: by MSER-5, {cut} are needed")
    assert "(exhaustion)" in said
    assert "up to 2 % below the settled level" in said  # the mean of 2 exp(-t / 20) is 0.23
    assert f"`warm_up_weeks: {cut}`" in said


def test_a_warm_up_that_is_long_enough_says_nothing():
    assert verdict(found_for({"exhaustion": SLOW}, 130)) == ""


def test_what_makes_no_difference_that_matters_says_nothing():
    hardly = 10 - 0.1 * np.exp(-np.arange(520) / 20)
    assert verdict(found_for({"exhaustion": hardly}, 10)) == ""


def test_what_may_be_chance_says_nothing():
    assert verdict(found_for({"exhaustion": SLOW}, 10, noise=12.0, replications=3)) == ""


def test_a_series_that_never_settles_is_told_apart():
    growing = {"agency workers per post": 10 + np.arange(520) / 20}
    (moving,) = (each for each in found_for(growing, 52) if each.never_settles)
    assert moving.name == "agency workers per post"
    assert moving.cut is None
    assert not moving.is_too_short


def test_what_a_service_does_not_have_is_left_out():
    weeks = team_weeks({}).assign(visits=0.0)
    assert "visits on time" not in [each.name for each in settling(weeks, 10, 100)]


def test_what_cannot_be_told_is_not_passed_over():
    steady = found_for({"exhaustion": np.full(520, 10.0)}, 10)
    assert "cannot be told" not in conclusion(steady, 520)
    unknown = [replace(each, cut=None) for each in steady if each.name == "exhaustion"]
    said = conclusion(unknown, 520)
    assert "cannot be told when these settle: exhaustion" in said
    assert "--weeks" in said
