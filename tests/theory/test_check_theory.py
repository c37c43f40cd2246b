"""The seven cases of the product's own check: the sharper tests stand beside this file."""

from __future__ import annotations

import numpy as np
import pytest

from sim.scenario.problems import InputError
from sim.study.validation import theory
from sim.study.validation.theory import check_theory

pytestmark = pytest.mark.theory

QUICK = ("Little's law over two stages", "Sickness, off and on")


def test_what_is_right_agrees_and_what_is_wrong_does_not(monkeypatch):
    def wrong():
        for measure, exact, values in theory.CASES[QUICK[0]]():
            yield measure, 1.02 * exact, values

    monkeypatch.setattr(
        theory, "CASES", {name: theory.CASES[name] for name in QUICK} | {"Wrong by 2 %": wrong}
    )
    told: list[str] = []
    found = check_theory(told.append)
    assert told == found["case"].tolist() == [*QUICK, "Wrong by 2 %"]
    assert found["agrees"].tolist() == [True, True, False]
    assert ((found["low"] < found["simulated"]) & (found["simulated"] < found["high"])).all()
    assert (found["standard_error"] < 0.01 * found["exact"]).all()


def test_some_cases_alone(monkeypatch):
    values = np.array([4.0, 5.0, 6.0, 9.0])
    one = {f"Case {n}": lambda n=n: iter([("mean", float(n), values)]) for n in range(3)}
    monkeypatch.setattr(theory, "CASES", one)
    found = check_theory(cases=["Case 2"])
    assert found["case"].tolist() == ["Case 2"]
    assert found["standard_error"].tolist() == pytest.approx([values.std(ddof=1) / 2])
    assert found["high"][0] == pytest.approx(6 + 1.96 * values.std(ddof=1) / 2, abs=1e-3)
    with pytest.raises(InputError, match="did you mean 'Case 1'") as caught:
        check_theory(cases=["Case1", "Case 2", "Cases"])
    assert len(caught.value.problems) == 2
    with pytest.raises(InputError, match="no case is named"):
        check_theory(cases=[])


def test_ranges_hold_all_at_once(monkeypatch):
    """Of 20 right measures from normal values, all are held in 95 of 100 tries."""

    def normal(seed):
        chance = np.random.default_rng(seed)
        return {str(n): lambda: iter([("mean", 5.0, chance.normal(5, 2, 200))]) for n in range(20)}

    held = 0
    for seed in range(400):
        monkeypatch.setattr(theory, "CASES", normal(seed))
        held += bool(check_theory()["agrees"].all())
    assert 0.92 < held / 400 < 0.98  # about 2.8 standard errors on either side
