"""What the service does by itself, from trials whose sums are known."""

import numpy as np
import pytest

from sim.study.validation.finding_workings import (
    AGENCY,
    CASE_HOLDERS,
    FIRST_GUESS,
    IN_POST,
    RUNS,
    Trial,
    Tried,
    trials,
    workings_of,
)
from sim.study.validation.next_year import Year
from sim.study.validation.own_workings import CASELOADS, DEMANDS

pytestmark = pytest.mark.unit


def found_in(trial: Trial, chance: float) -> Tried:
    year = Year(0.16, 0.16, AGENCY / (AGENCY + IN_POST), trial.caseload, 0.04, chance)
    cases = 1.0 + 0.02 * (trial.caseload - 16.0) + 0.9 * (trial.demand - 1.0) + chance
    return Tried(trial.caseload / 50 + chance, cases, CASE_HOLDERS * (1.02 + chance), year)


def all_tried(spread: float) -> dict[Trial, Tried]:
    chance = np.random.default_rng(4).normal(size=len(trials())) * spread
    return {trial: found_in(trial, c) for trial, c in zip(trials(), chance, strict=True)}


def test_they_are_what_the_trials_say_by_caseload_and_demand():
    found = workings_of(all_tried(0.0))
    assert found.exhaustions == pytest.approx([caseload / 50 for caseload in CASELOADS])
    for caseload, row in zip(CASELOADS, found.cases, strict=True):
        wanted = [1.0 + 0.02 * (caseload - 16.0) + 0.9 * (demand - 1.0) for demand in DEMANDS]
        assert row == pytest.approx(wanted)
    assert found.holding == pytest.approx(FIRST_GUESS.holding * 1.02)
    assert found.demand_for(1.0 + 0.45, 16.0) == pytest.approx(1.5)


def test_chance_is_the_variance_between_runs_of_one_year_for_one_fte():
    found = workings_of(all_tried(0.05))
    assert found.chance[:5] == pytest.approx([0.0] * 5, abs=1e-9)
    assert found.chance[5] == pytest.approx(0.05**2 * IN_POST, rel=0.4)


def test_whichever_trial_ends_first_they_are_the_same_to_the_last_bit():
    tried = all_tried(0.05)
    assert workings_of(dict(reversed(tried.items()))) == workings_of(tried)


def test_each_caseload_has_runs_of_its_own_and_the_same_under_each_demand():
    by_caseload = {c: {t.replication for t in trials() if t.caseload == c} for c in CASELOADS}
    assert all(len(runs) == RUNS for runs in by_caseload.values())
    assert len(set.union(*by_caseload.values())) == RUNS * len(CASELOADS)
