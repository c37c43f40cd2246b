"""What is compiled is kept on disk, and is never older than the source it was made from."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numba
import numpy as np
import pytest

from sim.model import compiled as module
from sim.model import from_the_front
from sim.model.compiled import IS_PLAIN_PYTHON, SameEachDay, compiled

pytestmark = pytest.mark.unit

CALLEE = "from sim.model.compiled import compiled\n@compiled\ndef hours():\n    return {}\n"
CALLER = (
    "from sim.model.compiled import compiled\nfrom sim.model.callee import hours\n"
    "@compiled\ndef twice():\n    return 2 * hours()\n"
)


ASK = "from sim.model.caller import twice; print(twice(), sum(twice.stats.cache_hits.values()))"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    folder = tmp_path / "sim" / "model"
    folder.mkdir(parents=True)
    (folder.parent / "__init__.py").touch()
    (folder / "__init__.py").touch()
    for part in (module, from_the_front):
        shutil.copy(part.__file__, folder)
    (folder / "caller.py").write_text(CALLER)
    (folder / "callee.py").write_text(CALLEE.format("37"))
    return folder


def ask(model: Path, **settings: str) -> str:
    """What a new process answers: the number, and how many functions it took from the disk."""
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "0", "HOME": str(model / "home"), **settings}
    if "NUMBA_CACHE_DIR" not in settings:
        environment.pop("NUMBA_CACHE_DIR", None)
    told = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=model.parents[1],
        env=environment,
        capture_output=True,
        text=True,
    )
    assert told.returncode == 0, told.stderr
    return told.stdout.strip()


def test_a_caller_in_another_file_sees_the_change_of_what_it_calls(model):
    assert ask(model) == "74 0"
    assert ask(model) == "74 1"  # from the disk this time
    (model / "callee.py").write_text(CALLEE.format("40"))
    assert ask(model) == "80 0"


def test_where_the_package_cannot_be_written_to_the_home_is_used(model):
    (model / "__pycache__").write_text("in the way")
    assert ask(model) == "74 0"
    assert ask(model) == "74 1"
    assert list((model / "home" / ".cache" / "plimsoll").glob("compiled-*/*/*.nbi"))


def test_where_nothing_can_be_written_to_it_is_compiled_each_time(model):
    (model / "__pycache__").write_text("in the way")
    (model / "home").write_text("in the way")
    assert ask(model) == "74 0"
    assert ask(model) == "74 0"


def test_a_folder_that_the_user_names_is_used(model, tmp_path):
    named = tmp_path / "named"
    assert ask(model, NUMBA_CACHE_DIR=str(named)) == "74 0"
    assert ask(model, NUMBA_CACHE_DIR=str(named)) == "74 1"
    assert list(named.glob("compiled-*/*/*.nbi"))


def test_the_tables_of_a_run_are_asked_for_their_types_on_the_first_day_only():
    @compiled
    def hours(days: np.ndarray, a_day: float) -> float:
        return float(days[0] * a_day)

    each_day = SameEachDay()
    answers = [each_day(hours)(np.array([days]), 7.4) for days in (5.0, 2.0, 1.0)]
    assert answers == [37.0, 14.8, 7.4]
    assert (each_day(hours) is hours) == IS_PLAIN_PYTHON


def test_another_run_may_have_tables_of_other_types():
    @compiled
    def hours(days: np.ndarray, a_day: float) -> float:
        return float(days[0] * a_day)

    for days in (np.array([5.0]), np.array([5]), np.array([5], np.int16)):
        each_day = SameEachDay()
        assert [each_day(hours)(days, 7.4) for _ in range(3)] == [37.0] * 3


def test_a_step_that_is_not_compiled_is_called_as_it_is():
    def hours(days: int) -> float:
        return days * 7.4

    assert SameEachDay()(hours) is hours


def test_numbas_own_settings_are_left_as_they_were():
    before = vars(numba.config)["CACHE_DIR"]

    @compiled
    def hours(days: int) -> float:
        return days * 7.4

    assert hours(5) == 37
    assert vars(numba.config)["CACHE_DIR"] == before
    assert isinstance(hours, numba.core.dispatcher.Dispatcher) != IS_PLAIN_PYTHON


@pytest.mark.skipif(IS_PLAIN_PYTHON, reason="plain Python counts as Python does")
def test_an_index_that_is_worked_out_counts_from_the_front_in_our_functions_only():
    @compiled
    def ours(table: np.ndarray, row: int) -> int:
        return int(table[row])

    @compiled
    def ours_of_two(table: np.ndarray, row: int, column: int) -> int:
        return int(table[row, column])

    @compiled
    def ours_written(table: np.ndarray, row: int) -> None:
        table[row] = 99

    @numba.njit
    def anyones(table: np.ndarray, row: int) -> int:
        return int(table[row])

    days = np.arange(10, 20)
    later = days[4:]
    assert (ours(later, 2), anyones(later, 2)) == (16, 16)
    assert (ours(later, -1), anyones(later, -1)) == (13, 19)
    assert ours_of_two(days.reshape(5, 2)[2:], -1, 1) == 13
    ours_written(later, -1)
    assert days[3] == 99


def test_an_index_that_is_written_as_a_number_counts_as_in_python():
    @compiled
    def last(table: np.ndarray) -> int:
        return int(table[-1])

    assert last(np.arange(10, 20)) == 19
