"""What a fit leaves in its folder: tables that anybody can open, and a scenario with its values."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Sequence
from itertools import takewhile
from typing import TYPE_CHECKING, Any

import numpy as np
import yaml
from numpy.typing import NDArray

from sim.scenario.loading import load_scenario, shipped
from sim.scenario.values import steps_of, with_values
from sim.study.calibration.conflict import missed_targets
from sim.study.calibration.ensemble import Ensemble
from sim.study.calibration.identified import spread_left, told_apart_badly
from sim.study.calibration.implausibility import implausibility
from sim.study.calibration.targets import goals_of
from sim.study.plausible_sets import OWN, SET

if TYPE_CHECKING:
    from sim.study.calibration.fitting import Fit

Array = NDArray[np.float64]

WAVES, SURROGATES, POINTS = "waves.csv", "surrogates.csv", "points.csv"
ENSEMBLE, CENTRAL, FIT = "ensemble.csv", "central.yaml", "fit.csv"
PARAMETERS, PAIRS, CONFLICT = "parameters.csv", "pairs.csv", "conflict.csv"
MIDDLE_80 = (10.0, 50.0, 90.0)  # percentiles
WITH_ENSEMBLE = "ensemble"  # in the column `wave`: the points that it was chosen from
DIGITS = 6


def files_of(fit: Fit) -> dict[str, str]:
    """Write the results of a fit as texts, by the names of their files."""
    files = {WAVES: _waves(fit), SURROGATES: _surrogates(fit), POINTS: _points(fit)}
    ensemble = fit.matched.ensemble
    if ensemble is None:
        return files | {CONFLICT: _conflict(fit)}
    return files | {
        FIT: _fit(fit, ensemble),
        PARAMETERS: _parameters(fit, ensemble),
        PAIRS: _pairs(fit, ensemble),
        ENSEMBLE: _sets(fit, ensemble),
        CENTRAL: _central(fit, ensemble),
    }


def _waves(fit: Fit) -> str:
    """What each wave left of the space; of the ensemble's points, how many agree when simulated."""
    rows = [
        (str(number), len(wave.simulated.points), wave.left.share, wave.doubt.max(), math.nan)
        for number, wave in enumerate(fit.matched.waves, 1)
    ]
    found = fit.matched.ensemble
    if found is not None:
        agree = float((found.weights > 0).mean())
        rows.append((WITH_ENSEMBLE, len(found.points), agree, math.nan, found.worth))
    return _table(["wave", "points", "left", "most_doubt", "worth"], rows)


def _surrogates(fit: Fit) -> str:
    """How well each surrogate foresaw points that it was not told of."""
    rows = []
    for number, wave in enumerate(fit.matched.waves, 1):
        for n, surrogate in enumerate(wave.foresight.surrogates):
            within = float((np.abs(surrogate.left_out) <= 2).mean())
            saved = wave.simulated.given.saved[n]
            rows.append(
                (number, fit.targets[n].key, surrogate.explained, within, wave.doubt[n], saved)
            )
    columns = ["wave", "target", "explained", "within_2_se", "doubt", "luck_taken_out"]
    return _table(columns, rows)


def _points(fit: Fit) -> str:
    """Every point with its parameters and what it gave; those of the ensemble last."""
    goals = goals_of(fit.targets)
    given = [
        (str(n), wave.simulated.points, wave.simulated.given)
        for n, wave in enumerate(fit.matched.waves, 1)
    ]
    if fit.matched.ensemble is not None:
        given.append((WITH_ENSEMBLE, fit.matched.ensemble.points, fit.matched.ensemble.given))
    rows = []
    for wave, points, found in given:
        variance = np.broadcast_to(found.noise + found.luck, found.mean.shape)
        far = implausibility(goals, found.mean, variance).max(axis=1)
        for point, outcomes, worst in zip(points, found.mean, far, strict=True):
            rows.append((wave, *fit.space.named(point).values(), *outcomes, worst))
    names = [each.name for each in fit.space.parameters]
    return _table(["wave", *names, *goals.keys, "implausibility"], rows)


def _fit(fit: Fit, ensemble: Ensemble) -> str:
    """Each target beside what the scenario gave before, its central set, and the ensemble."""
    assert fit.central is not None
    chosen = ensemble.given.mean[ensemble.chosen]
    rows = []
    for n, target in enumerate(fit.targets):
        before, central = np.nanmean(fit.own[:, n]), np.nanmean(fit.central.given[:, n])
        low, _, high = np.nanpercentile(chosen[:, n], MIDDLE_80)
        off = (central - target.value) / target.tolerance
        rows.append(
            (
                target.key, target.label, target.outcome, target.for_each_more, target.value,
                target.tolerance, before, central, np.nanmean(chosen[:, n]), low, high, off,
            )
        )  # fmt: skip
    columns = [
        "key", "label", "outcome", "for_each_more", "target", "tolerance", "before", "central",
        "mean", "low", "high", "central_off_in_tolerances",
    ]  # fmt: skip
    return _table(columns, rows)


def _parameters(fit: Fit, ensemble: Ensemble) -> str:
    """Each parameter: its range before, and the ensemble's."""
    assert fit.central is not None
    chosen = ensemble.points[ensemble.chosen]
    spread = spread_left(chosen)
    rows = []
    for n, each in enumerate(fit.space.parameters):
        low, middle, high = each.at(np.percentile(chosen[:, n], MIDDLE_80))
        central = each.at(ensemble.points[fit.central.place, n])
        rows.append(
            (each.name, each.label, each.low, each.high, each.own, central, low, middle, high,
             spread[n])
        )  # fmt: skip
    columns = [
        "name", "label", "low_before", "high_before", "before", "central", "low", "middle", "high",
        "spread_left",
    ]  # fmt: skip
    return _table(columns, rows)


def _pairs(fit: Fit, ensemble: Ensemble) -> str:
    names = [each.name for each in fit.space.parameters]
    found = told_apart_badly(ensemble.points[ensemble.chosen], ensemble.worth)
    rows = [(names[pair.one], names[pair.other], pair.correlation) for pair in found]
    return _table(["one", "other", "correlation"], rows)


def _sets(fit: Fit, ensemble: Ensemble) -> str:
    """The ensemble as a study draws from it: a column for each value of the scenario."""
    own = fit.space.own_values
    values = [fit.space.values(ensemble.points[place]) for place in ensemble.chosen]
    rows = [(OWN, *own.values()), *((n, *each.values()) for n, each in enumerate(values))]
    return _table([SET, *own], rows, digits=12)


def _central(fit: Fit, ensemble: Ensemble) -> str:
    """A scenario with the values of the central set: based on a shipped one, or whole."""
    assert fit.central is not None
    scenario = fit.space.scenario
    values = fit.space.values(ensemble.points[fit.central.place])
    short = {path: float(f"{value:.{DIGITS}g}") for path, value in values.items()}
    whole = with_values(scenario, short).model_dump(mode="json", exclude={"position"})
    is_shipped = scenario.name in shipped("scenario") and scenario == load_scenario(scenario.name)
    content = {"based_on": scenario.name} | _only(values, whole) if is_shipped else whole
    content |= {"name": f"{scenario.name}_fitted"[:60], "title": f"{scenario.title} (fitted)"}
    begin = (
        "# The plausible set of values that is nearest to all targets, by `plimsoll calibrate`.\n"
        "# Others are as plausible: a study draws from them with `plausible: ensemble.csv`.\n"
    )
    text: str = yaml.safe_dump(content, sort_keys=False, allow_unicode=True)
    return begin + text


def _only(paths: Iterable[str], whole: dict[str, Any]) -> dict[str, Any]:
    """Take what is at some paths out of plain content; lists whole, as one is laid over another."""
    content: dict[str, Any] = {}
    for path in paths:
        steps = list(takewhile(lambda step: isinstance(step, str), steps_of(path)))
        part: Any = content
        found: Any = whole
        for step in steps[:-1]:
            part, found = part.setdefault(step, {}), found[step]
        part[steps[-1]] = found[steps[-1]]
    return content


def _conflict(fit: Fit) -> str:
    rows = []
    for missed in missed_targets(goals_of(fit.targets), fit.matched.waves):
        target = fit.targets[missed.target]
        rows.append(
            (target.key, target.label, target.outcome, target.for_each_more, target.value,
             target.tolerance, missed.foreseen, missed.off, missed.alone,
             "no" if missed.is_out_of_reach else "yes")
        )  # fmt: skip
    columns = [
        "key", "label", "outcome", "for_each_more", "target", "tolerance", "at_best_compromise",
        "standard_deviations_off", "nearest_of_all_points", "within_reach_alone",
    ]  # fmt: skip
    return _table(columns, rows)


def _table(columns: Sequence[str], rows: Iterable[Sequence[Any]], digits: int = DIGITS) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(value, digits) for value in row])
    return text.getvalue()


def _cell(value: Any, digits: int) -> str:
    if isinstance(value, float | np.floating | np.ndarray):
        return "" if np.isnan(value) else f"{float(value):.{digits}g}"
    return str(value)
