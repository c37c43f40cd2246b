"""What `plimsoll validate` looks at, from Python: each check with what it needs by itself."""

import numpy as np
import pandas as pd
import pytest

from sim import backtest, check_patterns, check_shock, panel_of_authorities, patterns_table
from sim.scenario.problems import InputError
from sim.study.validation import checks
from sim.study.validation.panel import AS_THEN, BANDS, PANEL_YEARS
from sim.study.validation.patterns import PATTERNS
from sim.study.validation.shock import MEASURES, After
from sim.study.validation.slopes import Slope

pytestmark = pytest.mark.unit


@pytest.fixture
def asked(monkeypatch):
    """What the simulations behind the checks are asked for; they give nothing."""
    calls = {}
    for name in ("simulate_panel", "simulate_shock", "run_backtest"):

        def stand_in(*given, name=name, **options):
            calls[name] = (given, options)
            change = Slope(1.0, 0.5, 1.5)
            return [After(measure, 2021, "leaving", change, 2.0) for measure in MEASURES]

        monkeypatch.setattr(checks, name, stand_in)
    return calls


def test_the_panel_is_of_as_many_authorities_and_years_as_asked_for(asked):
    panel_of_authorities(12, 3, jobs=2, seed=7)
    (members, years, _), options = asked["simulate_panel"]
    assert (len(members), years, options) == (12, 3, {"jobs": 2, "seed": 7})
    with pytest.raises(InputError, match="too few authorities"):
        panel_of_authorities(3)
    panel_of_authorities(10)
    assert asked["simulate_panel"][0][1] == PANEL_YEARS


def test_the_shock_is_that_of_the_average_authority(asked):
    table = check_shock(runs=3, seed=5)
    (service, *_), options = asked["simulate_shock"]
    assert service.name == "children_average_england"
    assert (options["runs"], options["seed"]) == (3, 5)
    assert list(table["measure"]) == list(MEASURES)


def test_the_backtest_is_of_the_published_history(asked):
    backtest(8, first=2023, jobs=1)
    (history, service, _), options = asked["run_backtest"]
    assert max(history.years) >= 2024
    assert service.name == "children_average_england"
    assert (options["authorities"], options["first"], options["jobs"]) == (8, 2023, 1)


def test_patterns_are_found_in_a_panel_and_written_as_finely_as_they_are_known():
    chance = np.random.default_rng(1)
    names = ["assessments", "conferences", "absence", "turnover", *BANDS]
    names += [f"{name}{AS_THEN}" for name in ("three_workers", "turnover")]
    rows = [
        {"authority": f"a{area}", "year": year, "caseload": chance.normal(15, 2)}
        | {name: chance.normal(30, 3) for name in names}
        for area in range(30)
        for year in range(3)
    ]
    panel = pd.DataFrame(rows)
    panel["assessments"] = 100 - panel["caseload"]
    found = check_patterns(panel)
    assert list(found["pattern"]) == [pattern.key for pattern in PATTERNS]
    first = patterns_table(found).iloc[0]
    assert list(first) == ["−0.97 (−1.31 to −0.62)", "−1.00 (−1.00 to −1.00)", "hit"]
