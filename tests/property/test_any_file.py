"""Whatever somebody writes, they get a study or an InputError with places: never a traceback."""

import copy

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.scenario.loading import load_study
from sim.scenario.problems import InputError
from sim.scenario.yaml_lines import read_yaml
from tests.stand_ins import SMALL_SERVICE, SMALL_STUDY

pytestmark = pytest.mark.property

SCENARIO = yaml.safe_load(SMALL_SERVICE)
STUDY = yaml.safe_load(SMALL_STUDY) | {"scenario": SCENARIO}


def places(data, path=()):
    """List every key and list position of some data."""
    inside = data.items() if isinstance(data, dict) else enumerate(data)
    for key, value in inside:
        yield (*path, key)
        if isinstance(value, dict | list):
            yield from places(value, (*path, key))


PLACES = sorted(places(STUDY), key=str)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.dates(),
    st.sampled_from(["baseline", "posts", "fixed", "closed", "high", "15%", "based_on"]),
    st.lists(st.integers(), max_size=3),
    st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5), max_size=3),
    st.just({"distribution": "lognorml", "mean": -1}),
    st.just([{"lever": "posts"}]),
)


def changed(data, path, value, how):
    """Change one place of some data: give it another value, take it away, or rename its key."""
    data = copy.deepcopy(data)
    above = data
    for step in path[:-1]:
        above = above[step]
    if how == "replace" or isinstance(above, list):
        above[path[-1]] = value
    elif how == "remove":
        del above[path[-1]]
    else:
        above[str(value)] = above.pop(path[-1])
    return data


def answer(load, *arguments):
    """Load something; the problems it is answered with, of which there is at least one."""
    try:
        load(*arguments)
    except InputError as error:
        if not error.problems:
            raise
        return error.problems
    return ()


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(PLACES), VALUES, st.sampled_from(["replace", "remove", "rename"])
        ),
        min_size=1,
        max_size=3,
    )
)
def test_a_changed_study_loads_or_is_answered(tmp_path, changes):
    data = STUDY
    for path, value, how in changes:
        try:
            data = changed(data, path, value, how)
        except (AttributeError, KeyError, IndexError, TypeError):  # an earlier change took it away
            continue
    file = tmp_path / "study.yaml"
    file.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    for problem in answer(load_study, file, ["caseload_per_fte"]):
        assert problem.message
        assert problem.file
        assert problem.line is not None


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet=st.sampled_from(list("ab:-?[]{}&*!|>'\"#%@,<.~ \t\n01")), max_size=40))
def test_any_text_is_read_or_answered(tmp_path, text):
    file = tmp_path / "file.yaml"
    file.write_text(text, encoding="utf-8")
    assert all(problem.file for problem in answer(read_yaml, file))
