"""The shock of 2022: how it is written, and what is published of it."""

from __future__ import annotations

import numpy as np
import pytest

from sim.scenario.authority.table import published_figures
from sim.study.validation.shock import MEASURES, After, after_table, published_change, shock
from sim.study.validation.slopes import Slope

pytestmark = pytest.mark.unit


def test_after_the_shock_people_leave_as_readily_as_before():
    levers = shock((1.2, 1.5)).levers
    assert [lever.start_after_months for lever in levers] == [0, 12, 24]
    assert np.cumprod([lever.factor for lever in levers]) == pytest.approx([1.2, 1.5, 1.0])


def test_what_is_published_of_the_shock():
    """England's vacancies went from 16.1 to 20.0 % and back to 17.3; authorities' plain mean moves
    more, since small ones count as much as large ones."""
    table = published_figures()
    after_two, after_four = (published_change(table, "vacancy", year) for year in (2022, 2024))
    assert 3 < after_two.low < after_two.estimate < after_two.high < 7
    assert after_four.estimate < after_two.estimate
    assert published_change(table, "vacancy", 2031) is None


def test_the_table_has_a_row_for_each_measure_and_year():
    after = [After(measure, 1, Slope(1.0, 0.5, 1.5)) for measure in MEASURES]
    table = after_table(after)
    assert list(table["measure"]) == list(MEASURES)
    assert table["published_low"].isna().all()
    assert (table["low"] == 0.5).all()
