"""`plimsoll compile`: after it nobody waits for the compiler."""

import subprocess
import sys

import pytest

from sim.model import compiled, world
from sim.scenario.loading import shipped

pytestmark = pytest.mark.end_to_end

compiling = pytest.mark.skipif(compiled.IS_PLAIN_PYTHON, reason="there is nothing to compile")

# How many forms of compiled functions there are after compiling, and after a demo of three months.
COUNT = """
import gc
from numba.core.dispatcher import Dispatcher
from sim.model.outcomes import OUTCOMES
from sim.model.world import simulate
from sim.scenario.loading import load_study
from sim.study.processes.compiling import compile_model

def forms():
    return {
        (each.py_func.__qualname__, str(form))
        for each in gc.get_objects() if isinstance(each, Dispatcher)
        if each.py_func.__module__.startswith("sim.") for form in each.signatures
    }

compile_model()
ready = forms()
study = load_study("demo", OUTCOMES)
for policy in study.policies:
    simulate(study.scenario, policy, seed=0, replication=0, years=0.25, tables=study.tables)
print(len(ready), *sorted(forms() - ready))
"""


@pytest.fixture
def folder(tmp_path):
    return tmp_path


@pytest.fixture
def warmed_up(monkeypatch):
    """In place of compiling, the names of the scenarios that it would be done for."""
    names = []
    monkeypatch.setattr(
        world, "warm_up_compiler", lambda scenario: names.append(scenario.name) or 6
    )
    return names


@compiling
def test_it_compiles_all_that_the_demo_needs():
    told = subprocess.run([sys.executable, "-c", COUNT], capture_output=True, text=True, check=True)
    ready, *missing = told.stdout.split(maxsplit=1)
    assert int(ready) > 20  # those that are called from Python; others are parts of them
    assert missing == []


@compiling
def test_the_first_time_it_says_how_long_it_took_and_where_it_is_kept(
    plimsoll, folder, warmed_up, monkeypatch
):
    monkeypatch.setattr(compiled, "KEPT_IN", folder / "kept")
    code, said, _ = plimsoll("compile")
    assert code == 0
    assert said.splitlines() == [
        "Compiling the model (some 20 seconds, once) ...", "Compiled in 18 seconds: kept",
    ]  # fmt: skip
    assert warmed_up == list(shipped("scenario"))


@compiling
def test_after_that_it_says_that_it_is_there(plimsoll, folder, warmed_up, monkeypatch):
    monkeypatch.setattr(compiled, "KEPT_IN", folder / "kept")
    (folder / "kept").mkdir()
    (folder / "kept" / "working_day.nbi").touch()
    assert plimsoll("compile")[:2] == (0, "The model is compiled: kept\n")


def test_where_it_can_be_kept_nowhere_it_says_what_to_do(plimsoll, warmed_up, monkeypatch):
    monkeypatch.setattr(compiled, "IS_PLAIN_PYTHON", False)
    monkeypatch.setattr(compiled, "KEPT_IN", None)
    monkeypatch.setenv("NUMBA_CACHE_DIR", "/proc/none")
    code, said, error = plimsoll("compile")
    assert (code, said) == (2, "")
    assert "/proc/none" in error
    assert "a folder that can be written to" in error
    assert warmed_up == []


def test_without_the_compiler_there_is_nothing_to_do(plimsoll, warmed_up, monkeypatch):
    monkeypatch.setattr(compiled, "IS_PLAIN_PYTHON", True)
    monkeypatch.setattr(compiled, "KEPT_IN", None)
    code, said, _ = plimsoll("compile")
    assert code == 0
    assert "NUMBA_DISABLE_JIT" in said
    assert warmed_up == []
