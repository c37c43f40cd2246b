"""A fit becomes the default: values on their own lines, comments kept, shares that add up."""

import pytest

from sim.resources import configs_dir
from sim.scenario.loading import load_scenario
from sim.scenario.values import numbers_in, with_values
from tests.scripts import load_script

pytestmark = pytest.mark.unit

SCENARIO = configs_dir() / "scenarios" / "children_average_england.yaml"
NEXT = "pathways.child.stages.assessment.next"


@pytest.fixture(scope="module")
def script():
    return load_script("adopt_calibration")


def test_values_are_written_in_their_places_and_nothing_else_changes(script, tmp_path):
    scenario = load_scenario(SCENARIO)
    asked = {
        "turnover.leaving_per_year": 0.101234,
        "pathways.child.stages.need_plan.duration.mean": 120.26,
        "turnover.by_tenure[1].factor": 1.2345,
        f"{NEXT}.closed": 0.70001,
        f"{NEXT}.need_plan": 0.27501,
        "agency.stay_days.mean": 99.99,
    }
    values = script.shortened(asked, scenario)
    assert values["turnover.leaving_per_year"] == 0.101
    assert values["pathways.child.stages.need_plan.duration.mean"] == 120
    assert values[f"{NEXT}.closed"] + values[f"{NEXT}.need_plan"] == pytest.approx(1 - 0.025)
    file = tmp_path / "children_average_england.yaml"
    file.write_text(script.rewritten(SCENARIO, values), encoding="utf-8")
    assert load_scenario(file) == with_values(scenario, values)
    before, after = (path.read_text().splitlines() for path in (SCENARIO, file))
    changed = sum(one != other for one, other in zip(before, after, strict=True))
    assert changed == 5  # both shares are on one line


def test_a_value_that_the_file_does_not_state_is_refused(script):
    path = "wellbeing.exhaustion.on_pace"
    assert path not in numbers_in(load_scenario(SCENARIO))
    with pytest.raises(SystemExit, match="does not say"):
        script.rewritten(SCENARIO, {path: 1.0})
