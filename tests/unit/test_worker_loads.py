"""How the load lies on single workers: every week is counted once, as the line itself is judged."""

import numpy as np
import pandas as pd
import pytest

from sim.model.columns import LEFT, LONG_SICK, PRESENT
from sim.model.worker_loads import BANDS, CASELOAD, LOAD, WorkerLoads
from sim.report.page.load_bands import colours, letters_on
from sim.report.page.load_of_workers import Band, without_few
from tests.small_services import lived, lively_service
from tests.unit.test_report_parts import contrast

pytestmark = pytest.mark.unit


class OfWorkers:
    """Stands in for a world of which only the workers are looked at."""

    def __init__(self, rows):
        names = ("status", "role", "fte", "caseload", "workload", "capacity")
        kinds = [(name, float if name in names[2:] else int) for name in names]
        self.workers = self
        self.table = np.array(rows, dtype=kinds)
        self.n = len(rows)
        self.plan = self
        self.roles = np.array([(1,), (0,)], dtype=[("holds_cases", int)])


def counted(*weeks) -> pd.DataFrame:
    loads = WorkerLoads()
    for rows in weeks:
        loads.keep(OfWorkers(rows))
    found = loads.table()
    return found[found["worker_weeks"] > 0].set_index(["measure", "band"])


def test_two_weeks_by_hand():
    """Five workers: at the line, just above it, without cases, away with cases, and one gone."""
    first = [
        (PRESENT, 0, 1.0, 10, 22.0, 20.0),
        (PRESENT, 0, 0.5, 10, 22.01, 20.0),
        (PRESENT, 0, 1.0, 0, 0.0, 20.0),
        (LONG_SICK, 0, 1.0, 4, 8.0, 20.0),
        (LEFT, 0, 1.0, 0, 0.0, 20.0),
        (PRESENT, 1, 1.0, 0, 0.0, 20.0),  # a manager
    ]
    second = [first[0], first[0], first[2], (LONG_SICK, 0, 1.0, 0, 0.0, 20.0), first[4], first[5]]
    found = counted(first, second)
    loads = found.loc[LOAD]
    assert loads["worker_weeks"].to_dict() == {
        "no cases": 2, "100 to 110 %": 3, "110 to 120 %": 1, "away with cases": 1,
        "away, without cases": 1,
    }  # fmt: skip
    assert loads["people"].to_dict() == {
        "no cases": 1, "100 to 110 %": 2, "110 to 120 %": 1, "away with cases": 1,
        "away, without cases": 1,
    }  # fmt: skip
    assert loads.loc["100 to 110 %", ["fte", "cases", "workload", "capacity"]].tolist() == [
        3.0, 30.0, 66.0, 60.0
    ]  # fmt: skip
    cases = found.loc[CASELOAD]["worker_weeks"]
    assert cases.to_dict() == {"no cases": 3, "up to 5": 1, "5 to 10": 3, "15 to 20": 1}


def test_it_agrees_with_what_is_counted_of_teams():
    run = lived(lively_service(), years=1.5)
    loads, weeks = run.tables["worker_loads"], run.tables["team_weeks"].query("week >= 0")
    for measure in BANDS:
        of_measure = loads[loads["measure"] == measure]
        assert list(of_measure["band"]) == list(BANDS[measure])
        assert of_measure["worker_weeks"].sum() == weeks["worker_weeks"].sum()
    of_load = loads[loads["measure"] == LOAD].set_index("band")["worker_weeks"]
    over = of_load[["110 to 120 %", "120 to 140 %", "over 140 %", "away with cases"]].sum()
    assert over == weeks["over_line_weeks"].sum() > 0


# ---------------------------------------------------------------- as they are shown


def test_bands_of_too_few_people_are_shown_with_lighter_ones():
    bands = [Band(0, 5, ("a",)), Band(5, 10, ("b",)), Band(10, np.inf, ("c", "d"))]
    people = pd.DataFrame({"a": [9, 9], "b": [9, 9], "c": [3, 9], "d": [2, 2]})
    (first, second) = without_few(bands, people, 5)
    assert (first.stored, second.stored) == (("a",), ("b", "c", "d"))
    assert second.label("") == "over 5"
    assert without_few(bands, people.assign(c=9), 5) == bands
    assert without_few(bands, people.assign(c=0, d=0), 5) == bands  # nobody is nobody
    (both, last) = without_few(bands, people.assign(a=[1, 9], c=9), 5)
    assert (both.label(" %"), last.label(" %")) == ("up to 10 %", "over 10 %")


def test_numbers_on_bars_stand_out():
    for fill in (*colours(8, 4), *colours(9, 1), *colours(3, 3)):
        assert contrast(letters_on(fill), fill) >= 4.5
