"""The space of parameters: a scenario's uncertain values, each in its range, as a unit cube."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.scenario.evidence import evidence_for
from sim.scenario.loading import Loaded, shipped
from sim.scenario.problems import InputError, KeyPath, Problem, did_you_mean, spell
from sim.scenario.service import Scenario
from sim.scenario.uncertain import Uncertain, UncertainValues
from sim.scenario.values import numbers_in, pattern, with_values
from sim.scenario.yaml_lines import Document

Array = NDArray[np.float64]

ASSUMPTION = "assumption"
DIGITS = 9


@dataclass(frozen=True)
class Parameter:
    """A parameter of the fit.

    Attributes
    ----------
    name, label
        Its key in the list, and what it is.
    places
        The paths of the scenario that it sets: to its own value if it is one, else times it.
    rest
        The share beside it that has what it leaves, if it is a share.
    own
        The scenario's own value; 1 of a factor.
    low, high
        Its range.
    is_log
        Whether it is spread evenly by its logarithm.
    """

    name: str
    label: str
    places: tuple[str, ...]
    rest: str | None
    own: float
    low: float
    high: float
    is_log: bool

    @property
    def is_factor(self) -> bool:
        """Whether it multiplies several values."""
        return len(self.places) > 1

    def at(self, share: float | Array) -> Array:
        """Return its value at a place between its low (0) and its high end (1)."""
        if self.is_log:
            return np.asarray(self.low * (self.high / self.low) ** np.asarray(share))
        return np.asarray(self.low + (self.high - self.low) * np.asarray(share))

    def place_of(self, value: float) -> float:
        """Return where between its ends a value lies: the inverse of `at`."""
        if self.is_log:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)


@dataclass(frozen=True)
class ParameterSpace:
    """All parameters of a fit.

    Attributes
    ----------
    scenario
        Whose values they are; it stays as it is.
    parameters
        In the order of the list.
    ranges
        How low and how high each value may go, by its path: factors go no further.
    """

    scenario: Scenario
    parameters: tuple[Parameter, ...]
    ranges: Mapping[str, tuple[float, float]]

    def __len__(self) -> int:
        return len(self.parameters)

    @cached_property
    def own_values(self) -> dict[str, float]:
        """The scenario's own values at all places that a parameter may change."""
        known = numbers_in(self.scenario)
        places = [place for each in self.parameters for place in _changed(each)]
        return {place: float(known[place]) for place in dict.fromkeys(places)}

    def named(self, place: Array) -> dict[str, float]:
        """Return the parameters' values at a place in the unit cube, by name."""
        return {
            each.name: float(each.at(share))
            for each, share in zip(self.parameters, place, strict=True)
        }

    def values(self, place: Array) -> dict[str, float]:
        """Return the scenario's values at a place in the unit cube, by path."""
        found = dict(self.own_values)
        for each, share in zip(self.parameters, place, strict=True):
            value = float(each.at(share))
            for path in each.places:
                before = found[path]
                found[path] = value
                if each.is_factor:
                    low, high = self.ranges[path]
                    found[path] = min(max(value * before, low), high)
                if each.rest is not None:
                    found[_beside(path, each.rest)] -= found[path] - before
        return {path: float(f"{value:.{DIGITS}g}") for path, value in found.items()}


def parameter_space(scenario: Scenario, listed: Loaded[UncertainValues]) -> ParameterSpace:
    """Find the values of a scenario that a calibration list means, and their ranges.

    Raises
    ------
    InputError
        With all problems: a path at which there is nothing, a value that is no assumption or lies
        outside its range, a range wider than the evidence table's.
    """
    problems: list[Problem] = []
    found = []
    for name, uncertain in listed.value.parameters.items():
        at: KeyPath = ("parameters", name)
        try:
            found.append(_parameter(name, uncertain, scenario, listed, at))
        except InputError as error:
            problems += error.problems
    if problems and scenario.name != listed.value.of and scenario.name in shipped("scenario"):
        raise InputError(_for_another(scenario, listed))
    if problems:
        raise InputError(problems)
    own = numbers_in(scenario)
    ranges = {}
    for path in dict.fromkeys(place for each in found for place in each.places):
        low, high = _evidence_range(path, listed.value.of) or (own[path], own[path])
        ranges[path] = min(low, own[path]), max(high, own[path])
    space = ParameterSpace(scenario, tuple(found), ranges)
    for corner in (0.0, 1.0):  # each end must be a scenario
        with_values(scenario, space.values(np.full(len(space), corner)))
    return space


def _for_another(scenario: Scenario, listed: Loaded[UncertainValues]) -> Problem:
    """Say that a list is for another service, rather than each thing that isn't in this one."""
    name, of = listed.value.name, listed.value.of
    return _problem(
        listed.document,
        ("parameters",),
        f"the list '{name}' is made for {of}, and does not fit {scenario.name}",
        remedy="write a list of what is uncertain there, and name it with --parameters",
    )


def _parameter(
    name: str,
    uncertain: Uncertain,
    scenario: Scenario,
    listed: Loaded[UncertainValues],
    at: KeyPath,
) -> Parameter:
    document, of = listed.document, listed.value.of
    problems: list[Problem] = []
    places: dict[str, float] = {}
    known = numbers_in(scenario)
    for number, path in enumerate(uncertain.paths):
        fits = [each for each in known if pattern(path).match(each)]
        places |= {each: known[each] for each in fits}
        if not fits:
            message = f"the scenario {scenario.name} has no number here"
            problems.append(
                _problem(document, (*at, "paths", number), message, path, did_you_mean(path, known))
            )
    ranges = {}
    for path in places:
        between = _evidence_range(path, of)
        if between is None:
            message = "the evidence table has no assumption with a range here, so it is not fitted"
            problems.append(_problem(document, (*at, "paths"), message, path))
        else:
            ranges[path] = between
    if uncertain.rest is not None:
        beside = [_beside(path, uncertain.rest) for path in places]
        problems += [
            _problem(document, (*at, "rest"), "there is no share beside it of this name", each)
            for each in beside
            if each not in known
        ]
    if problems:
        raise InputError(problems)
    own, least, most = _range(places, ranges)
    low = least if uncertain.low is None else uncertain.low
    high = most if uncertain.high is None else uncertain.high
    if len(places) == 1 and (low < least or high > most):
        message = "wider than its range in the evidence table"
        given, accepted = f"{low:g} to {high:g}", f"{least:g} to {most:g}"
        remedy = "narrow `low` and `high`, or give the value a wider range there"
        raise InputError(_problem(document, at, message, given, remedy, accepted))
    if not low < high or (uncertain.spread == "log" and low <= 0):
        accepted = "low below high; above 0 where it is spread by its logarithm"
        message = f"this is no range: {low:g} to {high:g}"
        raise InputError(_problem(document, at, message, accepted=accepted))
    return Parameter(
        name, uncertain.label, tuple(places), uncertain.rest, own, low, high,
        uncertain.spread == "log",
    )  # fmt: skip


def _range(
    places: Mapping[str, float], ranges: Mapping[str, tuple[float, float]]
) -> tuple[float, float, float]:
    """Return own value, low and high: of a factor, as far as all of its values stay in range."""
    if len(places) == 1:
        ((path, own),) = places.items()
        return own, *ranges[path]
    ends = [(ranges[path][0] / own, ranges[path][1] / own) for path, own in places.items() if own]
    return 1.0, max(low for low, _ in ends), min(high for _, high in ends)


def _evidence_range(path: str, of: str) -> tuple[float, float] | None:
    """Return how low and high an assumption may be; None of what is none, or has no range."""
    row = evidence_for(path, of)
    if row is None or row.low is None or row.high is None or row.quality != ASSUMPTION:
        return None
    return row.low, row.high


def _changed(parameter: Parameter) -> Iterator[str]:
    for path in parameter.places:
        yield path
        if parameter.rest is not None:
            yield _beside(path, parameter.rest)


def _beside(path: str, name: str) -> str:
    return f"{path.rpartition('.')[0]}.{name}"


def _problem(
    document: Document,
    at: KeyPath,
    message: str,
    given: str = "",
    remedy: str = "",
    accepted: str = "",
) -> Problem:
    place = document.place(at)
    file, line = (place.file, place.line) if place else ("", None)
    return Problem(message, file, line, spell(at), given, accepted, remedy)
