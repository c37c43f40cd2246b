"""The same question gets the same answer: in any process, compiled or not, asked once or twice."""

from __future__ import annotations

import copy
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim.model.world import simulate
from tests.metamorphic.print_a_run import a_run, as_json
from tests.small_services import lived, lively_service, policy, same_tables

pytestmark = pytest.mark.metamorphic

ROOT = Path(__file__).parents[2]
YEARS = 0.25
LEVERS = [
    {"lever": "posts", "role": "social_worker", "team": "intake", "fte": 2},
    {"lever": "pay_supplement", "per_year": 2000, "ramp_months": 1},
]


def in_a_process_of_its_own(**environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "tests.metamorphic.print_a_run", str(YEARS)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def here():
    return as_json(a_run(YEARS))


def test_the_same_run_twice_in_one_process_is_the_same(here):
    assert as_json(a_run(YEARS)) == here
    assert len(here) > 100_000  # something happened


@pytest.mark.parametrize("hash_seed", ["0", "4242"])
def test_two_hash_seeds_in_two_processes_give_the_same_bytes(here, hash_seed):
    assert in_a_process_of_its_own(PYTHONHASHSEED=hash_seed) == here


def close(one, other, where=""):
    """Whether two nested structures are the same, floats to 1e-9."""
    if isinstance(one, dict):
        assert one.keys() == other.keys(), where
        for key in one:
            close(one[key], other[key], f"{where}.{key}")
    elif isinstance(one, list):
        assert len(one) == len(other), where
        for n, (a, b) in enumerate(zip(one, other, strict=True)):
            close(a, b, f"{where}[{n}]")
    elif isinstance(one, float):
        assert other == pytest.approx(one, rel=1e-9, abs=1e-9), where
    else:
        assert one == other, where


def test_plain_python_gives_the_same_values(here):
    close(json.loads(here), json.loads(in_a_process_of_its_own(NUMBA_DISABLE_JIT="1")))


def test_no_index_is_negative_or_beyond_the_end(here, tmp_path):
    """Compiled code does not ask: see docs/decisions/0016-rows-are-counted-from-the-front.md."""
    checked = in_a_process_of_its_own(
        NUMBA_DISABLE_JIT="0",
        NUMBA_BOUNDSCHECK="1",
        NUMBA_CACHE_DIR=str(tmp_path),
        NUMBA_OPT="0",  # compiles in two thirds of the time
    )
    assert checked == here


def test_another_seed_and_another_replication_give_another_run():
    runs = [
        simulate(lively_service(), policy(), seed=seed, replication=n, years=0.2).outcomes
        for seed, n in ((1, 0), (1, 1), (2, 0))
    ]
    assert runs[0] != runs[1] != runs[2] != runs[0]


def test_a_run_leaves_scenario_and_policy_equal_to_their_copies():
    scenario, plan = lively_service(), policy(*LEVERS)
    copies = copy.deepcopy(scenario), copy.deepcopy(plan)
    hashes = hash(scenario), hash(plan), scenario.content_hash()
    written = scenario.model_dump_json(), plan.model_dump_json()
    simulate(scenario, plan, seed=1, replication=0, years=0.5)
    assert (scenario, plan) == copies
    assert (hash(scenario), hash(plan), scenario.content_hash()) == hashes
    assert (scenario.model_dump_json(), plan.model_dump_json()) == written


def test_runs_in_between_change_nothing():
    """Nothing is kept from one run to the next."""
    scenario = lively_service()
    first = lived(scenario, years=0.3)
    lived(scenario, *LEVERS, years=0.3)
    lived(lively_service(allocation={"rule": "round_robin"}), years=0.3, seed=9)
    assert same_tables(first, lived(scenario, years=0.3))
