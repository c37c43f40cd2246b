"""The simple rules and the scores of a backtest, against numbers worked out by hand."""

import numpy as np
import pandas as pd
import pytest

from sim.study.validation.backtest import COLUMNS
from sim.study.validation.scoring import ALL, AVERAGE, scores
from sim.study.validation.simple_rules import simple_rules, stays

pytestmark = pytest.mark.unit


def past(**authorities: list[float]) -> pd.DataFrame:
    years = range(2017, 2017 + len(next(iter(authorities.values()))))
    return pd.DataFrame.from_dict(authorities, orient="index", columns=list(years))


def test_persistence_and_the_mean_of_the_published_among_the_last_three_years():
    rules = simple_rules(past(a=[9.0, 1.0, 2.0, 6.0], b=[9.0, np.nan, 2.0, 4.0]))
    assert rules["persistence"].to_dict() == {"a": 6.0, "b": 4.0}
    assert rules["mean3"].to_dict() == {"a": 3.0, "b": 3.0}


def test_an_authority_without_a_figure_last_year_has_no_persistence_but_a_mean():
    rules = simple_rules(past(a=[1.0, 2.0], b=[4.0, np.nan]))
    assert np.isnan(rules.loc["b", "persistence"])
    assert np.isnan(rules.loc["b", "shrinkage"])
    assert rules.loc["b", "mean3"] == 4.0


def test_shrinkage_draws_towards_the_mean_as_would_have_been_best():
    # Deviations -2, 2 became -1, 1: half is left. Last year's mean is 11.
    rules = simple_rules(past(a=[8.0, 10.0], b=[12.0, 12.0]))
    assert stays(past(a=[8.0, 10.0], b=[12.0, 12.0])) == pytest.approx(0.5)
    assert rules["shrinkage"].to_dict() == pytest.approx({"a": 10.5, "b": 11.5})


def test_with_one_year_nothing_is_learnt_and_shrinkage_is_persistence():
    rules = simple_rules(past(a=[8.0], b=[12.0]))
    assert rules["shrinkage"].to_dict() == {"a": 8.0, "b": 12.0}


def rows(*given: tuple) -> pd.DataFrame:
    return pd.DataFrame(given, columns=list(COLUMNS))


def test_errors_ratios_and_coverage_by_hand():
    table = rows(
        # authority, year, measure, predicted, low, high, actual, persistence, mean3, shrink, alone
        ("A", 2020, "caseload", 15.0, 14.0, 16.0, 16.0, 18.0, 17.0, 15.0, 16.0),
        ("B", 2020, "caseload", 20.0, 18.0, 22.0, 23.0, 21.0, 23.0, 22.0, 20.0),
        ("A", 2021, "caseload", 15.0, 15.0, 16.0, 15.0, 14.0, 14.0, 14.0, 15.0),
        ("A", 2020, "turnover", 0.1, 0.0, 0.2, 0.2, 0.1, 0.2, 0.0, 0.1),
        ("B", 2020, "turnover", 0.1, 0.0, 0.2, np.nan, 0.1, 0.2, 0.0, 0.1),
    )
    scored = scores(table).set_index(["year", "measure"])
    caseload = scored.loc[ALL, "caseload"]
    assert caseload["n"] == 3
    assert caseload["mae_predicted"] == pytest.approx((1 + 3 + 0) / 3)
    assert caseload["mae_persistence"] == pytest.approx((2 + 2 + 1) / 3)
    assert caseload["mae_mean3"] == pytest.approx((1 + 0 + 1) / 3)
    assert caseload["ratio_predicted"] == pytest.approx(4 / 5)
    assert caseload["coverage"] == pytest.approx(2 / 3)  # both ends belong to the range
    assert scored.loc[(ALL, "turnover"), "n"] == 1  # one without a figure is not scored
    assert scored.loc[(ALL, AVERAGE), "ratio_predicted"] == pytest.approx((4 / 5 + 1) / 2)
    assert scored.loc[("2020", "caseload"), "ratio_predicted"] == pytest.approx(1.0)
    assert scored.loc[("2021", "caseload"), "mae_predicted"] == 0.0
