"""Decomposition: the parts add up, and each is what it says."""

import numpy as np
import pytest

from forecasting.charts import waterfall_chart
from forecasting.decomposition import PARTS, decompose, log_mean, parts_of_change
from forecasting.demand import Demand
from forecasting.words import describe_change, label_of_year, whole, with_sign

pytestmark = pytest.mark.unit


def demand(people=1.0, ageing=1.0, need=1.0, events=1.0) -> Demand:
    """A demand of 100 a month in the base year, whose parts are multiplied in the year after."""

    def grown(factor: float) -> np.ndarray:
        return np.concatenate([np.ones(12), np.full(12, factor)])[None, :]

    season = np.tile([50.0, 150.0], 12)
    return Demand(grown(people), grown(ageing), grown(need), grown(events), season)


@pytest.mark.parametrize("part", ["people", "ageing", "need", "events"])
def test_one_part_alone_has_the_whole_change(part):
    found = parts_of_change(demand(**{part: 1.2}), 0)[0]
    place = ["people", "ageing", "need", "events"].index(part)
    assert found[place] == pytest.approx(240)
    assert np.delete(found, place) == pytest.approx(0)


def test_two_parts_share_a_change_by_their_logarithms():
    # 100 -> 100 x 1.21 x 1.1 = 133.1 a month; logarithms 2 : 1, so 22.07 and 11.03 a month.
    found = parts_of_change(demand(people=1.21, need=1.1), 0)[0] / 12
    assert found == pytest.approx([22.0667, 0, 11.0333, 0], abs=1e-3)


def test_opposite_parts_may_cancel():
    found = parts_of_change(demand(people=1.25, need=0.8), 0)[0]
    assert found[0] == pytest.approx(-found[2])
    assert found[0] > 0


def test_log_mean_of_equals_and_of_unequals():
    assert log_mean(np.array([2.0, 1.0]), np.array([2.0, np.e])) == pytest.approx([2.0, np.e - 1])


def test_a_row_of_the_table_adds_up():
    table = decompose({"x": demand(1.1, 1.05, 0.97, 0.9)}, np.datetime64("2026-04"), frozenset())
    (row,) = table.to_dict("records")
    assert row["base"] == 1200
    assert row["base"] + sum(row[part] for part in PARTS) == pytest.approx(row["demand"], rel=1e-12)
    assert row["demand"] == pytest.approx(1200 * 1.1 * 1.05 * 0.97 * 0.9)


def test_a_stock_is_a_mean_of_months():
    table = decompose({"x": demand(1.1)}, np.datetime64("2026-04"), frozenset(["x"]))
    assert table.loc[0, "base"] == pytest.approx(100)
    assert table.loc[0, "population_size"] == pytest.approx(10)


def test_the_change_in_words_names_the_largest_reason_first():
    table = decompose({"x": demand(1.02, 1.0, 1.1)}, np.datetime64("2026-04"), frozenset())
    said = describe_change("requests", table.iloc[0])
    assert said == (
        "From 1,200 requests in 2025-26 to 1,350 in 2026-27: up 12%. Mostly more need or access "
        "per head (+121); then more people (+25)."
    )


def test_no_change_is_said_to_be_none():
    table = decompose({"x": demand()}, np.datetime64("2026-04"), frozenset())
    assert "about the same. No part moves it" in describe_change("requests", table.iloc[0])


@pytest.mark.parametrize(
    ("month", "label"),
    [("2026-04", "2026-27"), ("2099-04", "2099-00"), ("2026-01", "2026"),
     ("2026-07", "year from Jul 2026")],
)  # fmt: skip
def test_years_are_named_as_people_name_them(month, label):
    assert label_of_year(month, 0) == label


def test_numbers_are_rounded_to_what_can_be_read():
    assert [whole(n) for n in (9684.4, 61.2, 4.23)] == ["9,680", "61", "4.2"]
    assert [with_sign(n) for n in (77.2, -4.2, 0.04, 0.0)] == ["+77", "−4.2", "0", "0"]


def test_a_part_that_changes_nothing_has_no_bar():
    table = decompose({"x": demand(1.02, 1.0, 1.1)}, np.datetime64("2026-04"), frozenset())
    row = table.iloc[0].copy()
    row["ageing"] = 5e-14  # as rounding leaves it
    drawn = waterfall_chart("x", "X", "requests", "requests a year", row)
    steps = drawn.chart.to_dict()["datasets"]
    (rows,) = steps.values()
    assert [row["step"] for row in rows] == [
        "2025-26", "Number of people", "Need or access per head", "2026-27",
    ]  # fmt: skip
