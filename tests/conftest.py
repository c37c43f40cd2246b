"""What all tests share: the kinds of test, and the rule that each test says its kind."""

import gc
import os
from collections.abc import Generator, Iterator
from pathlib import Path

import hypothesis
import pytest

from sim.scenario.loading import load_study
from sim.scenario.study_file import StudyFile
from tests import stand_ins

KINDS = {
    "unit": "one function or class does what its docstring says",
    "property": "something holds for every scenario that hypothesis can think of",
    "behaviour": "a story in the service's own words, with a table worked out by hand",
    "theory": "a scenario that reduces to a known model agrees with its exact answer",
    "metamorphic": "a changed input changes the right things and leaves the rest identical",
    "back": "stored results come out the same, until a script changes them on purpose",
    "end_to_end": "what a person does: commands, files and installation",
    "accessibility": "what people read can be read by everybody: checked in a browser",
}

# The first call of a compiled function takes seconds, so no single example has a time limit.
# In CI the examples are the same each time: a red run then comes from the change it tests.
hypothesis.settings.register_profile("default", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "default")


def pytest_configure(config: pytest.Config) -> None:
    for kind, meaning in KINDS.items():
        config.addinivalue_line("markers", f"{kind}: {meaning}")


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Fail the collection of a file in which some test has none of the kind marks."""
    report = yield
    unmarked = [
        item.nodeid
        for item in report.result or ()
        if isinstance(item, pytest.Item)
        and not any(mark.name in KINDS for mark in item.iter_markers())
    ]
    if unmarked:
        report.outcome = "failed"
        report.longrepr = (
            f"Each test has a mark that says its kind, one of {', '.join(KINDS)}: for a whole "
            "file `pytestmark = pytest.mark.unit`. Without one:\n  " + "\n  ".join(unmarked)
        )
        report.result = []
    return report


@pytest.fixture(scope="module")
def quick_tidying() -> Iterator[None]:
    """Each run ends with looking for what can be let go: not among all that tests have loaded."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture
def study(tmp_path: Path) -> StudyFile:
    """The small study, beside which its service is written."""
    return load_study(stand_ins.write_small_study(tmp_path))
