"""Measure which assumptions move a shipped scenario most: its rows of weightiest.csv.

    python scripts/measure_assumptions.py children

moves each parameter of configs/calibration/<name>.yaml and scripts/evidence/weighty_<name>.yaml
alone to the low and the high end of its range, under the same futures. Changes are held against a
scale for each outcome, so that turnover can be set beside hours: the assumption that moves any
outcome furthest comes first. All are printed, and the first ten written to weightiest.csv, with
why they matter from scripts/evidence/why_they_matter.yaml. Run scripts/make_evidence.py after it.

Rows of scenarios without such lists (the adults') were measured by hand and stay as they are.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from sim.cli.app import progress
from sim.model.outcomes import OUTCOMES
from sim.report.changes import unit
from sim.report.numbers import MINUS, change, decimals, is_fraction
from sim.scenario.evidence import Weighty, targets
from sim.scenario.loading import Loaded, load_scenario
from sim.scenario.policy import Policy
from sim.scenario.study_file import StudyFile
from sim.scenario.uncertain import UncertainValues, load_uncertain
from sim.study.calibration.parameters import ParameterSpace, parameter_space
from sim.study.comparing import Interval, mean_interval
from sim.study.made_with import made_with
from sim.study.processes import processes_for
from sim.study.processes.crew import Crew
from sim.study.processes.getting_ready import to_simulate
from sim.study.processes.worker import Task, do_run, squeezed
from sim.study.storing import packing
from sim.study.storing.manifest import study_content

ROOT = Path(__file__).resolve().parents[1]
SPECS = Path(__file__).resolve().parent / "evidence"
FILE = ROOT / "configs" / "evidence" / "weightiest.csv"
YEARS = 2.0
FUTURES = 8
SHOWN = 10
SEED = 1

# How much of each outcome a planner would call a change: the tolerance of its target, which is how
# far the baseline may be from what is published, or else what is said here. Left out are what only
# compares policies (expected incidents), indices (exhaustion) and what follows from the others
# (cost, cases held, workers in post).
HELD_TO_TARGETS = (
    "caseload_per_fte", "turnover_rate", "vacancy_rate", "agency_rate", "absence_rate",
    "assessments_within_45_days", "conferences_within_15_days",
    "children_in_care_with_three_workers",
)  # fmt: skip
SCALES = {
    "hours_per_week": 1.0,  # half of what lies between the two published means, 40 and 42
    "direct_time_share": 0.07,  # half of what lies between the surveys, 20 and 34 %
    "overloaded_worker_weeks": 0.10,  # the line of safe practice that the scenario draws
    "unallocated_cases_mean": 105.0,  # a case without a worker weighs as one held: see its target
    "supervision_held": 0.05,  # as of the shares that are done in time
    "high_risk_allocated_in_1_day": 0.05,  # the same
}


@dataclass(frozen=True)
class Moved:
    """What one assumption changes from the low to the high end of its range, by outcome."""

    name: str
    assumption: str
    changes: Mapping[str, Interval]

    def weights(self, scales: Mapping[str, float]) -> dict[str, float]:
        """Return how many times its scale each clear change is, the largest first.

        A change is clear if the 95 % interval of the paired differences leaves out 0.
        """
        found = {
            key: abs(self.changes[key].mean) / scale
            for key, scale in scales.items()
            if self.changes[key].low > 0 or self.changes[key].high < 0
        }
        return dict(sorted(found.items(), key=lambda item: -item[1]))


def ranked(moved: list[Moved], scales: Mapping[str, float]) -> list[Moved]:
    """Put first what moves any outcome furthest on its scale; what moves none is left out."""
    weight = {each.name: max(each.weights(scales).values(), default=0.0) for each in moved}
    return sorted((m for m in moved if weight[m.name]), key=lambda m: -weight[m.name])


def in_words(moved: Moved, scales: Mapping[str, float]) -> str:
    """Say the largest change, and the second one if it, too, is more than its scale."""
    first, *others = moved.weights(scales).items()
    told = [first, *((key, weight) for key, weight in others[:1] if weight > 1)]
    return "; ".join(_said(key, moved.changes[key]) for key, _ in told)


def _said(key: str, interval: Interval) -> str:
    outcome, mean = OUTCOMES[key], interval.mean
    kind = unit(outcome)
    said = f"{outcome.label} {change(mean, kind, decimals(interval.high - mean, mean, kind))}"
    plain = is_fraction(kind) or kind in outcome.label.lower()
    return said if plain else f"{said} {kind}"


def all_listed(name: str) -> Loaded[UncertainValues]:
    """The list of what is fitted, with what this measurement moves beside it or otherwise."""
    fitted = load_uncertain(name)
    more = load_uncertain(SPECS / f"weighty_{name}.yaml").value
    both = {**fitted.value.parameters, **more.parameters}
    return Loaded(fitted.value.model_copy(update={"parameters": both}), fitted.document)


def ends(space: ParameterSpace) -> list[tuple[str, dict[str, float], dict[str, float]]]:
    """Each parameter as people read it, with the scenario's values at its low and high end."""
    own = np.array([each.place_of(each.own) for each in space.parameters])
    found = []
    for each, alone in zip(space.parameters, np.eye(len(space), dtype=bool), strict=True):
        low, high = (space.values(np.where(alone, end, own)) for end in (0.0, 1.0))
        between = {(low[path], high[path]) for path in each.places}
        found.append((f"{each.label} ({_range(between, each.low, each.high)})", low, high))
    return found


def _range(between: set[tuple[float, float]], low: float, high: float) -> str:
    """Say a range in the value's own terms; of several that differ, by how much all change."""
    if len(between) == 1:
        ((least, most),) = between
        return f"{least:.3g} to {most:.3g}"
    return f"all by {MINUS}{100 * (1 - low):.0f} to +{100 * (high - 1):.0f} %"


def measured(space: ParameterSpace) -> list[Moved]:
    """Simulate both ends of all parameters under the same futures, and take the differences."""
    study = StudyFile(
        name="assumptions", title="Which assumptions matter most",
        question="What changes from the low to the high end of each range?",
        scenario=space.scenario, policies=(Policy(name="baseline", label="The service as it is"),),
        years=YEARS, replications=FUTURES, seed=SEED, outcomes=("caseload_per_fte",), tables=(),
    )  # fmt: skip
    content, versions = squeezed(study_content(study)), tuple(made_with().items())
    between = ends(space)
    tasks = [
        Task(content, "", versions, packing.Run(0, future), values=values)
        for _, low, high in between for values in (low, high) for future in range(FUTURES)
    ]  # fmt: skip
    watcher = progress()
    with Crew(None, processes_for(None), watcher, to_simulate(space.scenario)) as crew:
        packed = crew.do_all(do_run, tasks)
    tables = [packing.unpack(io.BytesIO(run), packing.OUTCOMES) for run in packed]
    keys = tables[0]["outcome"].to_pylist()
    values = np.array([table["value"].to_numpy() for table in tables])
    low, high = np.moveaxis(values.reshape(len(between), 2, FUTURES, len(keys)), 1, 0)
    return [
        Moved(each.name, assumption, dict(zip(keys, map(mean_interval, (b - a).T), strict=True)))
        for each, (assumption, *_), a, b in zip(space.parameters, between, low, high, strict=True)
    ]


def written(rows: list[Weighty], of: str) -> str:
    """The table with a scenario's rows in place of those that it had."""
    before = pd.read_csv(FILE, dtype=str)
    both = [before[before["of"] != of], pd.DataFrame([row.model_dump() for row in rows])]
    table = pd.concat(both).sort_values("of", kind="stable")
    return table.to_csv(index=False, lineterminator="\n")


def main() -> None:
    listed = all_listed(sys.argv[1])
    of = listed.value.of
    why = yaml.safe_load((SPECS / "why_they_matter.yaml").read_text(encoding="utf-8"))[of]
    unsaid = [each for each in listed.value.parameters if each not in why]
    if unsaid:
        raise SystemExit(f"why_they_matter.yaml does not say why these do: {', '.join(unsaid)}")
    levels = [target for target in targets() if target.of == of and not target.for_each_more]
    tolerance = {level.outcome: level.tolerance for level in levels if level.tolerance}
    scales = {key: tolerance[key] for key in HELD_TO_TARGETS} | SCALES
    found = measured(parameter_space(load_scenario(of), listed))
    order = ranked(found, scales)
    for each in order:
        weight = max(each.weights(scales).values())
        print(f"{weight:5.1f} {each.assumption}: {in_words(each, scales)}")
    print("nothing clear:", ", ".join(each.name for each in found if each not in order))
    rows = [
        Weighty(of=of, assumption=m.assumption, low_to_high=in_words(m, scales), why=why[m.name])
        for m in order[:SHOWN]
    ]
    FILE.write_text(written(rows, of), encoding="utf-8")


if __name__ == "__main__":
    main()
