"""Charts drawn by another process, what is loaded to make them, and what commands do first."""

import gc
import os
import subprocess
import sys
from concurrent.futures import BrokenExecutor, Future

import pandas as pd
import pytest

from sim.report.charts import NOT_NEEDED, alt
from sim.report.page.accessible import Drawing
from sim.study.processes import other_processes
from sim.study.rubbish import NEW_OBJECTS

pytestmark = pytest.mark.unit


def drawing():
    """A chart with a number whose last digit would be lost on the way through JSON's text."""
    points = alt.Chart(pd.DataFrame({"x": [1, 2], "y": [0.1 + 0.2, 510.29999999999995]}))
    chart = points.mark_line().encode(x="x:Q", y="y:Q").properties(height=510.29999999999995)
    return Drawing(chart, "mine", "A title", "What is seen")


class Elsewhere:
    """An executor that is asked to draw, and what became of it."""

    def __init__(self, answer):
        self.answer, self.asked = answer, []

    def submit(self, work, *order):
        self.asked.append((work, order))
        future = Future()
        if isinstance(self.answer, Exception):
            future.set_exception(self.answer)
        else:
            future.set_result(self.answer)
        return future


def test_another_process_draws_what_this_one_would():
    here, there = drawing(), drawing()
    with other_processes(1) as elsewhere:
        assert elsewhere.submit(os.getpid).result() != os.getpid()
        assert elsewhere.submit(gc.get_threshold).result()[0] == NEW_OBJECTS
        there.begin(elsewhere)
    assert str(there) == there.__html__() == str(here)
    assert "510.29999999999995" in str(here)


def test_what_another_process_drew_is_not_drawn_again():
    found, elsewhere = drawing(), Elsewhere("<svg/>")
    found.begin(elsewhere)
    assert (str(found), len(elsewhere.asked)) == ("<svg/>", 1)


def test_when_the_process_that_draws_is_lost_it_is_drawn_here():
    found = drawing()
    found.begin(Elsewhere(BrokenExecutor("killed")))
    assert str(found) == str(drawing())


@pytest.mark.parametrize(
    ("code", "left_out"),
    [
        # A process that draws is to be small: of the project it needs its colours.
        ("import sim.drawing, sim.study.processes", ("altair", "pandas", "numpy", "sim.report")),
        # More than a second of work, for what no chart has; others can have it after that.
        ("import sim.report.page", (NOT_NEEDED, "lark")),
    ],
)
def test_what_is_not_needed_is_not_loaded(code, left_out):
    code += f"\nimport sys\nsys.exit(str([name for name in {left_out!r} if name in sys.modules]))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stderr.strip() == "[]"


@pytest.mark.parametrize("chosen", [None, "mimalloc"])
def test_commands_let_memory_go_unless_told_otherwise(chosen):
    code = (
        "import gc, os, sys\nfrom sim.cli import main\nsys.argv = ['plimsoll', '--version']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "import pyarrow\nprint(gc.get_threshold()[0], pyarrow.default_memory_pool().backend_name)"
    )
    name = "ARROW_DEFAULT_MEMORY_POOL"
    env = {key: value for key, value in os.environ.items() if key != name}
    env |= {} if chosen is None else {name: chosen}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env)
    assert done.stdout.split()[-2:] == [str(NEW_OBJECTS), chosen or "system"]
