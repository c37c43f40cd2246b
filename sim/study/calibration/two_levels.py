"""How a service answers to load: the same families and people under two levels of demand.

A target can be a slope: by how much an outcome changes for each one more of another (assessments in
time, for each case a worker). Each point is then simulated twice with the same chances (common
random numbers), under today's demand and a busier one: what is chance is in both runs, and goes.

One change over the other is not what is learnt: where caps leave caseloads no room the one below is
nearly nothing, and a few such points drown the rest. Learnt is by how much more the outcome changes
than the target says that it should, for the rise that the scenario itself has: a sum of two
changes, as even everywhere as each of them. Where it is nothing the slope is the target's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.scenario.demand import Stream
from sim.scenario.loading import Loaded
from sim.scenario.problems import InputError, Problem
from sim.scenario.service import Scenario
from sim.scenario.uncertain import UncertainValues
from sim.scenario.values import pattern
from sim.study.calibration.targets import FitTarget

Array = NDArray[np.float64]

DEMAND = pattern("demand.*.per_week")
SURE = 2.0  # standard errors: a rise that is less may be none


def refuse_slopes_of_one_level(
    targets: Sequence[FitTarget], listed: Loaded[UncertainValues]
) -> None:
    """Refuse slopes where the list of what is fitted has no second level of demand.

    Raises
    ------
    InputError
        With their keys.
    """
    slopes = [each.key for each in targets if each.for_each_more]
    if not slopes or listed.value.busier is not None:
        return
    place = listed.document.place(())
    raise InputError(
        Problem(
            f"the list '{listed.value.name}' has no second level of demand, and these targets are "
            f"slopes, which need one: {', '.join(slopes)}",
            file=place.file if place else "",
            path="busier",
            remedy="add `busier: 1.1` (a tenth more demand) to the list, or name them under its "
            "`leave_out`",
        )
    )


def with_more_demand(scenario: Scenario, times: float) -> Scenario:
    """Return a scenario with so many times the demand in all its streams, and all else as it is."""

    def more(stream: Stream) -> Stream:
        if stream.per_week is not None:
            return stream.model_copy(update={"per_week": times * stream.per_week})
        per_month = tuple(times * each for each in stream.per_month or ())
        return stream.model_copy(update={"per_month": per_month})

    streams = {name: more(stream) for name, stream in scenario.demand.items()}
    return scenario.model_copy(update={"demand": streams})


def values_with_more_demand(values: Mapping[str, float], times: float) -> dict[str, float]:
    """Return values of a scenario, by path, so many times as large where they are its demand."""
    return {path: times * value if DEMAND.match(path) else value for path, value in values.items()}


def usual_rises(
    targets: Sequence[FitTarget], today: pd.DataFrame, busier: pd.DataFrame, times: float
) -> dict[str, float]:
    """Find how much more there is of what slopes are for each one more of, when demand rises.

    Parameters
    ----------
    targets
        Slopes among them name the outcomes.
    today, busier
        Outcomes of the scenario's own values, by their keys, a row for each future: the same
        futures in the same order.
    times
        How much busier, for the message.

    Raises
    ------
    InputError
        If demand moves one of them by nothing, or by no more than chance might.
    """
    found = {}
    problems = []
    for cause in dict.fromkeys(each.for_each_more for each in targets if each.for_each_more):
        rise = (busier[cause] - today[cause]).to_numpy()
        found[cause] = float(rise.mean())
        if not abs(found[cause]) > SURE * rise.std(ddof=1) / np.sqrt(len(rise)):
            message = f"no slope can be found: {times:g} times the demand does not change {cause}"
            remedy = "choose a busier level, or leave out the targets that are for each more of it"
            problems.append(Problem(message, path="busier", given=f"{times:g}", remedy=remedy))
    if problems:
        raise InputError(problems)
    return found


def held_against(
    targets: Sequence[FitTarget],
    today: pd.DataFrame,
    busier: pd.DataFrame,
    rises: Mapping[str, float],
) -> Array:
    """Read from runs what the targets are held against, (runs, targets).

    Parameters
    ----------
    targets
        Levels and slopes.
    today, busier
        Outcomes by their keys, a row for each run; the same futures in the same order. Levels
        are today's.
    rises
        By how much what a slope is for each one more of rises in the scenario itself.
    """
    columns = []
    for each in targets:
        found = today[each.outcome].to_numpy()
        if cause := each.for_each_more:
            change = busier[each.outcome].to_numpy() - found
            rise = (busier[cause] - today[cause]).to_numpy()
            found = each.value + (change - each.value * rise) / rises[cause]
        columns.append(found)
    return np.stack(columns, axis=1)
