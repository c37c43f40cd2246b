"""Backtests: only what was known, and scores that are what they say."""

import numpy as np
import pytest

from forecasting.series.backtest import ALL, COLUMNS, LEVELS, backtest, months_needed
from forecasting.series.combination import combined
from forecasting.series.learning import learn
from forecasting.series.models import MODELS
from forecasting.series.scoring import crps, usual_yearly_change
from forecasting.series.verdict import verdict
from tests.series_examples import series, wandering

pytestmark = pytest.mark.unit


def sisters(length=80):
    """Three areas with one key, and one of another; one began later, one ended earlier."""
    return [
        series(wandering(length, seed=1)),
        series(wandering(length - 12, seed=2), area="Southtown", start="2016-05"),
        series(wandering(length - 5, seed=3), area="Westham"),
        series(wandering(length, seed=4), key="contacts"),
    ]


def cut(each, last):
    return each.until(int((np.datetime64(last, "M") - each.start).astype(int)) + 1)


def test_a_forecast_from_an_earlier_month_knows_nothing_of_later_ones():
    """The forecast that a backtest makes is the one that was made then, sisters included."""
    ours = combined([learn(each) for each in sisters()])
    then = combined([learn(cut(each, "2020-06")) for each in sisters()])
    for now, before in zip(ours, then, strict=True):
        origin = len(before.lesson.series) - 1
        found, made = (each.quantiles(origin, 18, LEVELS) for each in (now, before))
        assert found == pytest.approx(made, rel=1e-9)


def test_sisters_are_listened_to():
    alone = combined([learn(sisters()[0])])[0]
    together = combined([learn(each) for each in sisters()])[0]
    assert not np.allclose(alone.weights[-1], together.weights[-1], rtol=1e-3)


def test_there_is_a_row_for_each_series_model_and_horizon_and_one_over_all():
    scores = backtest(sisters(), horizon=6, origins=3, models=["drift"]).scores
    assert tuple(scores.columns) == COLUMNS
    assert len(scores) == 4 * 3 * (1 + 6)
    assert scores["horizon"].unique().tolist() == [ALL, "1", "2", "3", "4", "5", "6"]
    assert set(scores["model"]) == {"plimsoll", "seasonal_naive", "drift"}
    naive = scores[scores["model"] == "seasonal_naive"]
    assert naive["crps_relative_to_seasonal_naive"].eq(1.0).all()


def test_scores_by_hand():
    """The last value of a line that grows by 2 a month, two months ahead from two origins.

    Its errors are 2 and 4; a year's change is 24; the changes from month to month, 2, are the
    scale of its normal errors, so that 95 % intervals hold what came, and 50 % ones do not.
    """
    line = series(10.0 + 2.0 * np.arange(40))
    scores = backtest([line], horizon=2, origins=2, models=["last_value"]).scores
    last = scores[scores["model"] == "last_value"].set_index("horizon")
    assert last["mase"].to_list() == pytest.approx([3 / 24, 2 / 24, 4 / 24])
    assert last["coverage50"].to_list() == [0.0, 0.0, 0.0]
    assert last["coverage95"].to_list() == [1.0, 1.0, 1.0]
    # CRPS of a normal forecast whose outcome is one standard deviation off: 0.6024 of it.
    assert last.loc["1", "crps"] == pytest.approx(2 * 0.6024, rel=0.01)


def test_the_score_of_a_sample():
    assert crps(np.array([3.0]), np.array([[3.0, 3.0]])) == pytest.approx(0.0)
    assert crps(np.array([0.0]), np.array([[3.0, 3.0]])) == pytest.approx(3.0)
    # Half on 0 and half on 2, and 1 comes: the mean distance 1 less half the mean spread, 1/2.
    assert crps(np.array([1.0]), np.array([[0.0, 2.0]])) == pytest.approx(0.5)


def test_a_yearly_change_skips_what_is_missing():
    values = np.concatenate([np.full(12, 10.0), np.full(12, 16.0)])
    values[3] = np.nan
    assert usual_yearly_change(values) == pytest.approx(6.0)


def test_a_missing_month_is_not_scored():
    values = wandering(60)
    values[-2] = np.nan
    scores = backtest([series(values)], horizon=3, origins=1, models=()).scores
    scores = scores.set_index("horizon")[["mase", "crps", "coverage80"]]
    assert scores.loc["2"].isna().all().all()
    assert scores.drop("2").notna().all().all()


def test_a_series_that_is_too_short_is_left_out_and_named():
    found = backtest(
        [
            series(wandering(60)),
            series(wandering(42), area="Westham"),
            series(wandering(43), area="b"),
        ],
        models=(),
    )
    assert set(found.scores["area_name"]) == {"Northtown", "b"}
    assert [each.area for each in found.left_out] == ["Westham"]
    assert months_needed(horizon=12, origins=8) == 43


def test_a_series_that_never_changes_has_no_relative_score():
    scores = backtest([series(np.full(60, 8.0))], models=()).scores
    assert scores["crps_relative_to_seasonal_naive"].isna().all()
    assert scores["coverage80"].notna().all()
    assert "Seasonal naive was never wrong." in verdict(scores)


def test_every_model_can_be_asked_for():
    scores = backtest([series(wandering(40))], horizon=2, origins=1, models=tuple(MODELS)).scores
    assert set(scores["model"]) == set(MODELS)


def test_the_verdict_names_the_best_and_says_when_naive_was_better():
    """A series that repeats its year to the dot, after years that did not: naive never errs."""
    year = np.array([5.0, 90, 20, 70, 1, 40, 60, 10, 80, 30, 50, 99])
    scores = backtest(
        [series(np.concatenate([wandering(30, level=50), *[year] * 4]))], models=()
    ).scores
    assert "best was seasonal naive; Plimsoll's error is" in verdict(scores)
    assert "above seasonal naive's." in verdict(scores)
    assert "would have done better than Plimsoll" in verdict(scores)


def test_the_verdict_doubts_intervals_that_missed():
    """A calm series that jumps to three times its level before its last year."""
    values = np.concatenate([wandering(48, level=100), 3 * wandering(14, level=100)])
    assert "too narrow" in verdict(backtest([series(values)], models=()).scores)
