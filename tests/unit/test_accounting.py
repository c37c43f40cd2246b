"""What a change of the load is made of: parts that add up, with known answers."""

import math

import numpy as np
import pandas as pd
import pytest

from sim.report.page.material import Material
from sim.report.page.why import why
from sim.study.explaining.accounting import AFTER, BEFORE, CHANGE, FACTORS, account, split
from tests import reports

pytestmark = pytest.mark.unit

NOW = {"cases": 100.0, "hours_per_case": 2.0, "people": 10.0, "at_work": 0.8, "hours_each": 25.0}


def parts_of(**changed) -> pd.Series:
    before, after = pd.DataFrame([NOW]), pd.DataFrame([NOW | changed])
    return split(before, after).loc[0]


def test_a_load_by_hand():
    """200 hours asked for, 10 x 0.8 x 25 = 200 hours there: a load of 1."""
    found = parts_of()
    assert (found[BEFORE], found[AFTER], found[CHANGE]) == (1.0, 1.0, 0.0)
    assert all(found[name] == 0 for name in FACTORS)


@pytest.mark.parametrize(
    ("changed", "load"), [({"cases": 80.0}, 0.8), ({"people": 12.5}, 0.8), ({"at_work": 0.5}, 1.6)]
)
def test_what_changes_alone_has_the_whole_change(changed, load):
    found = parts_of(**changed)
    assert found[AFTER] == pytest.approx(load)
    (name,) = changed
    assert found[name] == pytest.approx(load - 1)
    assert [found[other] for other in FACTORS if other != name] == [0.0] * 4


def test_two_that_change_by_as_much_have_half_each_and_opposites_cancel():
    found = parts_of(cases=80.0, people=12.5)
    assert found["cases"] == pytest.approx(found["people"]) == pytest.approx((0.64 - 1) / 2)
    found = parts_of(cases=80.0, hours_per_case=2.5)
    assert found[CHANGE] == pytest.approx(0)
    assert found["cases"] == pytest.approx(math.log(0.8))  # the load stays at 1
    assert found["hours_per_case"] == pytest.approx(-found["cases"])


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    return reports.run(tmp_path_factory.mktemp("accounting") / "found")


def test_parts_add_up_to_the_change_of_the_load_of_a_study(results):
    found = account(results).pivot(index="policy", columns="part", values="mean")
    assert list(found.index) == ["posts", "support"]
    change = found[AFTER] - found[BEFORE]
    np.testing.assert_allclose(found[list(FACTORS)].sum(axis=1), found[CHANGE], atol=1e-12)
    np.testing.assert_allclose(change, found[CHANGE], atol=1e-12)
    assert found.loc["posts", "people"] < -0.05  # three more posts in the intake teams
    loads = pd.read_parquet(results.folder / "worker_loads.parquet").query(
        "measure == 'load' and policy == 'baseline'"
    )
    there = loads[~loads["band"].str.startswith("away")].groupby("replication")["capacity"].sum()
    by_hand = loads.groupby("replication")["workload"].sum() / there
    assert found.loc["posts", BEFORE] == pytest.approx(by_hand.mean())


def test_the_report_explains_without_a_further_command(results):
    section = why(Material(results))
    (drawn,) = [block for block in section.blocks if block.kind == "picture"]
    assert "which lowers it most" in drawn.title
    assert [row[0].lines for row in drawn.table.rows] == [("Support",), ("Posts",)]
    assert all(len(row) == 3 + len(FACTORS) for row in drawn.table.rows)
    said = " ".join(block.text for block in section.blocks if block.kind == "text")
    assert "book-keeping" in said
