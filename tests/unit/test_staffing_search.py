"""The search for the least staffing, on curves whose answer is known."""

import math

import numpy as np
import pytest
from scipy import stats

from sim.study.staffing.search import first_levels, search
from tests.staffing_stand_ins import (
    ENOUGH_ON_TIME,
    LITTLE_OVERLOAD,
    ON_TIME,
    OVERLOAD,
    KnownCurves,
)

pytestmark = pytest.mark.unit

LEVELS, TODAY = 166, 55
BOTH = (ENOUGH_ON_TIME, LITTLE_OVERLOAD)
CURVES = {
    ON_TIME: lambda level: 1 - 0.26 * math.exp(-(level - 15) / 18),  # 0.95 from level 45 on
    OVERLOAD: lambda level: 0.8 * math.exp(-((level / 48) ** 1.6)),  # 0.10 from level 76 on
}
ALMOST_SURE = {"spread": 1e-5, "own": 1e-6}


def found_by(runs, targets=BOTH, **asked):
    settings = {"confidence": 0.9, "replications": 30, "today": TODAY, **asked}
    return search(runs, settings.pop("number", LEVELS), targets, **settings)


def test_without_noise_the_answer_is_the_first_level_that_meets_all_targets():
    runs = KnownCurves(CURVES, **ALMOST_SURE)
    answer = found_by(runs)
    assert (answer.verdict, answer.level, answer.one_less) == ("found", 76, 75)
    assert (answer.low, answer.high) == (76, 76)
    assert answer.binding == (LITTLE_OVERLOAD,)
    assert answer.rising
    assert runs.done <= 160


@pytest.mark.parametrize("seed", range(15))
def test_with_noise_the_answer_passes_the_test_with_all_its_runs(seed):
    runs = KnownCurves(CURVES, seed, spread=0.03, own=0.006)
    answer = found_by(runs)
    assert runs.number(answer.level) == 30
    margin = LITTLE_OVERLOAD.margin(runs.values(answer.level, OVERLOAD))
    assert stats.ttest_1samp(margin, 0, alternative="greater").pvalue <= 0.1


def test_the_level_below_the_answer_would_not_pass_either_with_the_runs_that_it_was_spared():
    often, spared, passed = 100, 0, 0
    for seed in range(often):
        runs = KnownCurves(CURVES, seed, spread=0.03, own=0.006)
        below = found_by(runs).one_less
        spared += runs.number(below) < 30
        runs.ensure({below: 30})
        margin = LITTLE_OVERLOAD.margin(runs.values(below, OVERLOAD))
        passed += stats.ttest_1samp(margin, 0, alternative="greater").pvalue <= 0.1
    assert spared >= 0.1 * often
    assert passed <= 0.02 * often


def test_the_answer_takes_a_few_runs_of_many_levels_and_all_runs_of_few():
    done, full = [], []
    for seed in range(50):
        runs = KnownCurves(CURVES, seed, spread=0.03, own=0.006)
        found_by(runs)
        done.append(runs.done)
        full.append(sum(runs.number(level) == 30 for level in runs.looked_at()))
    assert np.mean(done) <= 170  # 184 with stages of 4, 16 and 30 runs in place of single levels
    assert np.mean(full) <= 2.6


def test_the_answer_does_not_depend_on_where_the_search_has_looked():
    there = KnownCurves(CURVES, spread=0.03)
    there.ensure(dict.fromkeys(range(0, LEVELS, 7), 4))
    assert found_by(there).level == found_by(KnownCurves(CURVES, spread=0.03)).level


def test_more_confidence_asks_for_more():
    levels = [
        found_by(KnownCurves(CURVES, spread=0.05), confidence=confidence).level
        for confidence in (0.5, 0.8, 0.95, 0.99)
    ]
    assert levels == sorted(levels)
    assert levels[0] < levels[-1]


def line(truth: float, a_level: float):
    """An outcome that falls to a target of 0.10 at `truth` exactly."""
    return {OVERLOAD: lambda level: 0.10 - a_level * (level - truth)}


@pytest.mark.parametrize("confidence", [0.9, 0.7])
def test_the_answer_is_too_small_as_seldom_as_asked_for(confidence):
    """Levels are so close that the one below the truth is all but as good as the truth."""
    truth, often = 600, 250
    answers = [
        found_by(
            KnownCurves(line(truth, 2e-4), seed=seed, spread=0.03, own=0.0),
            (LITTLE_OVERLOAD,), number=1200, confidence=confidence, replications=16, today=None,
        )
        for seed in range(often)
    ]  # fmt: skip
    error = math.sqrt(confidence * (1 - confidence) / often)
    large_enough = np.mean([answer.level >= truth for answer in answers])
    assert abs(large_enough - confidence) < 3 * error
    covered = np.mean([answer.low <= truth <= answer.high for answer in answers])
    assert abs(covered - confidence) < 3 * error


def test_all_targets_are_met_as_surely_as_asked_for_without_allowance_for_their_number():
    """Both targets are just missed below the truth: an answer too small needs both to be wrong."""
    truth, often = 600, 150
    curves = line(truth, 2e-4) | {ON_TIME: lambda level: 0.95 + 2e-4 * (level - truth)}
    answers = [
        found_by(
            KnownCurves(curves, seed=seed, spread=0.03, own=0.003),
            number=1200, confidence=0.8, replications=16, today=None,
        )
        for seed in range(often)
    ]  # fmt: skip
    error = math.sqrt(0.8 * 0.2 / often)
    assert np.mean([answer.level >= truth for answer in answers]) > 0.8 - 2 * error
    assert np.mean([answer.low <= truth <= answer.high for answer in answers]) > 0.8 - 2 * error


def test_curves_that_are_not_smooth_at_all_leave_the_confidence_as_it_is():
    """What is a level's own is as large as what all share: no level follows from another."""
    often = 100
    answers = [
        found_by(KnownCurves(CURVES, seed=seed, spread=0.02, own=0.02)) for seed in range(often)
    ]
    assert np.mean([answer.level >= 76 for answer in answers]) > 0.9 - 0.06
    assert np.mean([answer.low <= 76 for answer in answers]) > 0.9 - 0.06


def test_a_step_is_found_exactly_and_in_few_runs_wherever_it_is():
    for step in range(1, LEVELS, 9):
        curve = {OVERLOAD: lambda level, step=step: 0.05 if level >= step else 0.3}
        runs = KnownCurves(curve, **ALMOST_SURE)
        answer = found_by(runs, (LITTLE_OVERLOAD,))
        assert (answer.level, answer.one_less) == (step, step - 1)
        assert runs.done < 250


def test_a_wall_does_not_make_the_search_creep():
    """As waits below the load of a queue: so bad that a straight line points beside the wall."""
    curve = {OVERLOAD: lambda level: 0.0999 if level >= 490 else 1000}
    runs = KnownCurves(curve, spread=1e-6, own=0.0)
    answer = found_by(runs, (LITTLE_OVERLOAD,), number=1200, today=None)
    assert answer.level == 490
    assert runs.done < 250


def test_fewer_than_today_may_do():
    runs = KnownCurves({OVERLOAD: lambda level: 0.3 if level < 31 else 0.01}, **ALMOST_SURE)
    assert found_by(runs, (LITTLE_OVERLOAD,)).level == 31


def test_what_no_level_meets_is_answered_with_the_nearest_and_what_binds():
    curves = CURVES | {ON_TIME: lambda level: 0.94 - 0.2 * math.exp(-level / 30)}
    runs = KnownCurves(curves, **ALMOST_SURE)
    answer = found_by(runs)
    assert (answer.verdict, answer.level, answer.one_less) == ("nowhere", LEVELS - 1, None)
    assert answer.binding == (ENOUGH_ON_TIME,)
    assert answer.high is None
    assert runs.number(LEVELS - 1) == 30


def test_what_every_level_meets_is_met_by_the_least():
    answer = found_by(
        KnownCurves({OVERLOAD: lambda level: 0.05 - 1e-4 * level}), (LITTLE_OVERLOAD,)
    )
    assert (answer.verdict, answer.level, answer.binding) == ("everywhere", 0, ())


@pytest.mark.parametrize(("value", "verdict"), [(0.2, "nowhere"), (0.05, "everywhere")])
def test_an_outcome_that_does_not_move_is_said_to(value, verdict):
    runs = KnownCurves({OVERLOAD: lambda level: value}, spread=0.01, own=0.0)
    answer = found_by(runs, (LITTLE_OVERLOAD,))
    assert answer.verdict == verdict
    assert answer.unmoved == (LITTLE_OVERLOAD,)


def test_targets_that_pull_against_each_other():
    curves = {ON_TIME: lambda level: 0.99 - 0.001 * level, OVERLOAD: CURVES[OVERLOAD]}
    answer = found_by(KnownCurves(curves, **ALMOST_SURE))
    assert (answer.verdict, answer.level) == ("conflict", 76)
    assert answer.hindered == (ENOUGH_ON_TIME,)
    assert answer.binding == (LITTLE_OVERLOAD, ENOUGH_ON_TIME)


def test_targets_that_leave_room_for_each_other_are_met_at_the_least_effort():
    curves = {ON_TIME: lambda level: 0.99 - 0.0004 * level, OVERLOAD: CURVES[OVERLOAD]}
    answer = found_by(KnownCurves(curves, **ALMOST_SURE))
    assert (answer.verdict, answer.level) == ("found", 76)


def test_where_less_is_the_effort_the_answer_is_the_greatest_level():
    """As a caseload cap: less overload the lower it is."""
    curves = {OVERLOAD: lambda level: 0.002 * level}
    answer = found_by(KnownCurves(curves, **ALMOST_SURE), (LITTLE_OVERLOAD,), rising=False)
    assert (answer.level, answer.one_less, answer.rising) == (49, 50, False)


def test_where_all_targets_want_less_effort_the_answer_is_the_most_that_they_allow():
    """As posts under a limit on costs."""
    curves = {OVERLOAD: lambda level: 0.002 * level}
    answer = found_by(KnownCurves(curves, **ALMOST_SURE), (LITTLE_OVERLOAD,))
    assert (answer.level, answer.one_less, answer.rising) == (49, 50, False)


def test_an_outcome_that_turns_is_pointed_out():
    curves = {OVERLOAD: lambda level: 0.0501 + 2e-5 * (level - 100) ** 2}
    answer = found_by(KnownCurves(curves, **ALMOST_SURE), (LITTLE_OVERLOAD,))
    assert answer.turning == (LITTLE_OVERLOAD,)
    assert answer.level == 51  # 0.0501 + 2e-5 x 49^2 = 0.098, at 50 it is 0.1001
    assert found_by(KnownCurves(CURVES)).turning == ()


def test_the_first_look_has_both_ends_and_today():
    assert first_levels(166, 55) == [0, 33, 55, 66, 99, 132, 165]
    assert first_levels(3, None) == [0, 1, 2]
