"""Put values in place of a scenario's own, by the paths that the evidence table writes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from sim.scenario.leaves import leaves
from sim.scenario.loading import validated
from sim.scenario.problems import InputError, KeyPath, Problem, did_you_mean
from sim.scenario.service import Scenario
from sim.scenario.yaml_lines import Document

STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


def steps_of(path: str) -> KeyPath:
    """Read a path as people write it, ``turnover.by_tenure[0].factor``; see `problems.spell`."""
    return tuple(word or int(number) for word, number in STEP.findall(path))


def pattern(path: str) -> re.Pattern[str]:
    """Make a regex of a path with * for part of a step, [*] for any place, {a,b} for either."""
    text = re.escape(path).replace(r"\[\*\]", r"\[(\d+)\]").replace(r"\*", r"([^.\[\]]*)")
    return re.compile(
        re.sub(r"\\{(.*?)\\}", lambda m: "(" + m[1].replace(",", "|") + ")", text) + r"\Z"
    )


def numbers_in(scenario: Scenario) -> dict[str, float]:
    """List every single number of a scenario by its path."""
    return {
        path: value
        for path, value in leaves(scenario).items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }


def refuse_unknown_paths(
    paths: Iterable[str], scenario: Scenario, file: str = "", line: int | None = None
) -> None:
    """Refuse paths at which a scenario has no number.

    Raises
    ------
    InputError
        With a problem for each of them.
    """
    known = numbers_in(scenario)
    message = f"the scenario {scenario.name} has no number here"
    problems = [
        Problem(message, file, line, path, remedy=did_you_mean(path, known))
        for path in paths
        if path not in known
    ]
    if problems:
        raise InputError(problems)


def with_values(scenario: Scenario, values: Mapping[str, float]) -> Scenario:
    """Return a scenario with other numbers at some of its places.

    A number of a whole kind (a month, a number of teams) is rounded.

    Parameters
    ----------
    scenario
        It stays as it is.
    values
        Numbers by path, as in ``{"turnover.leaving_per_year": 0.1}``.

    Raises
    ------
    InputError
        If nothing is at a path, or a number is not accepted there.
    """
    known = numbers_in(scenario)
    refuse_unknown_paths(values, scenario)
    content = scenario.model_dump(mode="json", exclude={"position"})
    for path, value in values.items():
        *above, last = steps_of(path)
        part: Any = content
        for step in above:
            part = part[step]
        part[last] = round(value) if isinstance(known[path], int) else value
    changed = validated(Document(content), Scenario).value
    return changed.model_copy(update={"position": scenario.position})
