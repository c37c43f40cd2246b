"""The same service written a second time, the usual SimPy way, gives the same outcomes.

Two programs that share no line and draw other chances: where they differ, one of them is wrong.
`python -m benchmarks.oracle` compares them at full size, and more finely.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from benchmarks import idiomatic
from benchmarks.idiomatic.plan import COVERS, NOT_MODELLED, refuse_what_is_not_modelled
from benchmarks.oracle import BASELINE, compare
from benchmarks.sizes import scaled
from sim.model.world import simulate
from sim.scenario import distributions
from sim.scenario.loading import load_scenario
from sim.scenario.service import Scenario
from tests.services import stage, tiny_service

pytestmark = pytest.mark.theory

SURE = 1e-4
SOURCE = "\n".join(
    file.read_text() for file in sorted(Path(idiomatic.__file__).parent.glob("*.py"))
)
# What moves nothing in a run: what is only counted, named or priced.
ONLY_COUNTED = {
    "annual_cost", "bands", "costs", "description", "evidence", "first_contact_outcome",
    "incidents_per_1000_case_years", "label", "name", "safe_lines", "safety",
    "stress_share", "title", "worker_changes_outcome",
}  # fmt: skip
COUNTED_PARTS = {"SafeLine", "Safety", "Costs"}
LIST_OF_TODAY = {"Position", "PositionFiles", "Person", "OpenCase"}  # refused as a whole
BY_LEVERS_ONLY = {"pay_elasticity"}  # which the second model has none of
READ_AS = {"at_start": "of_a_newcomer"}  # read by a property that says what it is if left out


def parts_of(part: type[BaseModel], seen: set[type[BaseModel]]) -> Iterator[type[BaseModel]]:
    """A kind of part of a scenario, and all kinds within it."""
    seen.add(part)
    yield part
    for field in part.model_fields.values():
        for kind in kinds_in(field.annotation):
            if kind not in seen:
                yield from parts_of(kind, seen)


def kinds_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in getattr(annotation, "__args__", ()):
        yield from kinds_in(inner)


def test_all_that_a_scenario_can_say_is_modelled_or_refused():
    """A part of the model that is written later must come into the second one, or be refused."""
    forgotten = []
    for part in parts_of(Scenario, set()):
        if part.__name__ in COUNTED_PARTS | LIST_OF_TODAY:
            continue
        if part.__module__ == distributions.__name__:  # `sampler` says which it has
            continue
        for name in part.model_fields.keys() - ONLY_COUNTED - BY_LEVERS_ONLY:
            read_as = READ_AS.get(name, name)
            is_read = re.search(rf"\.{read_as}\b|[\"\']{read_as}[\"\']", SOURCE)
            if name not in NOT_MODELLED.get(part.__name__, ()) and not is_read:
                forgotten.append(f"{part.__name__}.{name}")
    assert not forgotten


@pytest.mark.parametrize(
    ("parts", "what"),
    [
        ({"stages": {"care": stage(30, patience={"distribution": "exponential", "mean": 5})}},
         "Stage.patience"),
        ({"supervision": {"protected": True}}, "Supervision.protected"),
        ({"allocation": {"rule": "continuity"}}, "Allocation.rule"),
        ({"absence": {"cover": "wait"}}, "absence.cover"),
    ],
)  # fmt: skip
def test_what_is_not_modelled_is_refused(parts, what):
    with pytest.raises(NotImplementedError, match=what):
        refuse_what_is_not_modelled(tiny_service(**parts))


def test_both_give_the_same_outcomes():
    """A fifth of the average authority's service, twenty runs each of one year after half a year.

    By chance alone one of these comparisons would be this far apart once in some 400 changes.
    """
    scenario = scaled(load_scenario("children_average_england"), 50)
    scenario = scenario.model_copy(update={"warm_up_weeks": 26})
    assert scenario.absence.cover in COVERS
    ours = [
        simulate(scenario, BASELINE, seed=1, replication=n, years=1).outcomes for n in range(20)
    ]
    others = [idiomatic.simulate(scenario, seed=1, replication=n, years=1) for n in range(20)]
    rows = list(compare(ours, others))
    assert len(rows) == 24
    apart = {row.outcome: (row.ours, row.idiomatic, row.p) for row in rows if row.p < SURE}
    assert not apart
