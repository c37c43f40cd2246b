"""Futures: named, combinable answers to "what if", each with its meaning in plain words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecasting.config import (
    FUTURES,
    MENTAL_HEALTH_FUTURES,
    Event,
    ForecastFile,
    MentalHealth,
    StreamPlan,
)
from forecasting.need import rate_keys, rates_by_band
from forecasting.population.area import OLD
from forecasting.population.people import share_of_bands
from sim.scenario.problems import InputError, Problem, did_you_mean

PRINCIPAL = "principal"


@dataclass(frozen=True)
class Future:
    """The futures that a forecast combines, checked: they name what there is, and agree.

    Attributes
    ----------
    names
        As asked for.
    events
        The dated events among them.
    """

    names: tuple[str, ...]
    events: tuple[Event, ...]

    @property
    def faster_ageing(self) -> bool:
        """Whether the old are as many as in the high projection."""
        return "faster_ageing" in self.names

    @property
    def early_help(self) -> bool:
        """Whether help given earlier prevents requests."""
        return "early_help" in self.names

    @property
    def mental_health(self) -> str | None:
        """What becomes of mental health, if it isn't the principal future's."""
        return next((name for name in self.names if name in MENTAL_HEALTH_FUTURES), None)

    def meaning(self) -> list[str]:
        """Say in plain words what each of the futures is."""
        events = {event.name: event.label for event in self.events}
        return [f"{name}: {FUTURES.get(name) or events[name]}" for name in self.names]


def future_of(file: ForecastFile) -> Future:
    """Take the futures that a file names, and see that they exist, agree and change something.

    Raises
    ------
    InputError
        With every problem.
    """
    events = {event.name: event for event in file.events}
    names = file.futures or (PRINCIPAL,)
    known = [*FUTURES, *events]
    problems = _problems_of_events(file, names)
    for name in names:
        if name not in known:
            problems.append(
                Problem(
                    f"there is no future called '{name}'",
                    path="futures",
                    given=repr(name),
                    accepted=f"any of {', '.join(known)}",
                    remedy=did_you_mean(name, known),
                )
            )
    chosen = [events[name] for name in names if name in events]
    problems += [
        Problem(why, path="futures", given=", ".join(names), remedy=remedy)
        for why, remedy in _contradictions(names, chosen, file)
    ]
    if problems:
        raise InputError(problems)
    return Future(tuple(names), tuple(chosen))


def _problems_of_events(file: ForecastFile, chosen: tuple[str, ...]) -> list[Problem]:
    """Check what events say; their dates where they are to happen, as a forecast may be short."""
    problems = []
    names = [event.name for event in file.events]
    last = np.datetime64(file.start, "M") + file.months
    for number, event in enumerate(file.events):
        path = f"events[{number}]"
        if names.count(event.name) > 1 or event.name in FUTURES:
            problems.append(Problem("this name is taken", path=f"{path}.name", given=event.name))
        problems += [
            Problem(
                f"there is no stream '{stream}'",
                path=f"{path}.streams",
                accepted=f"any of {', '.join(file.streams)}",
                remedy=did_you_mean(stream, file.streams),
            )
            for stream in event.streams
            if stream not in file.streams
        ]
        month = np.datetime64(event.date, "M")
        if event.name in chosen and not np.datetime64(file.start, "M") <= month < last:
            problems.append(
                Problem(
                    "the event is not within the forecast",
                    path=f"{path}.date",
                    given=str(event.date),
                    accepted=f"a date from {file.start}, within {file.months} months",
                    remedy="what has happened already belongs among the breaks of its streams",
                )
            )
    return problems


def _contradictions(
    names: tuple[str, ...], chosen: list[Event], file: ForecastFile
) -> list[tuple[str, str]]:
    """Say why the futures can't go together, or do nothing here; each with a remedy."""
    found = []
    if len(set(names)) < len(names):
        found.append(("a future is named twice", "name each once"))
    if PRINCIPAL in names and len(names) > 1:
        found.append(
            ("principal means that nothing else changes", "leave principal out, or the others")
        )
    together = [name for name in names if name in MENTAL_HEALTH_FUTURES]
    if len(set(together)) > 1:
        found.append(
            (
                f"{' and '.join(together)} contradict each other",
                "mental health goes one way: keep one",
            )
        )
    for event in chosen:
        against = [other.name for other in chosen if other.name in event.excludes]
        if against:
            found.append((f"{event.name} cannot happen beside {', '.join(against)}", "keep one"))
    streams = file.streams.values()
    if together and not any(stream.mental_health for stream in streams):
        found.append(
            ("no stream here says how much of it is mental health", "give it `mental_health:`")
        )
    if "faster_ageing" in names and not any(_asked_by_the_old(stream) for stream in streams):
        found.append(("no stream here is about people of 65 and over", "leave it out"))
    if "early_help" in names and not any(stream.early_help for stream in streams):
        found.append(("no stream here says what early help does", "give it `early_help:`"))
    return found


def _asked_by_the_old(plan: StreamPlan) -> bool:
    """Whether any of a stream's requests come from people of 65 and over."""
    if plan.rates is None or plan.rates not in rate_keys():
        return False
    return bool((rates_by_band(plan.rates) @ share_of_bands(OLD, None)).any())


def mental_health_factor(
    future: Future, plan: StreamPlan, years_on: NDArray[np.float64]
) -> NDArray[np.float64]:
    """By what factor need per head differs from the principal future's.

    In the principal future the part that is for mental health reasons grows at its recent pace g,
    less each year by the stream's damping; rising, it keeps to g; levelling off, it stays; falling
    back, it falls by g a year.

    Parameters
    ----------
    years_on
        Years since the start of the forecast, one for each month; below 0 counts as 0.

    Returns
    -------
    numpy.ndarray
        One factor for each month; 1 where nothing differs.
    """
    if future.mental_health is None or plan.mental_health is None:
        return np.ones_like(years_on)
    years = np.clip(years_on, 0, None)
    part: MentalHealth = plan.mental_health
    pace = np.log1p(part.percent_a_year / 100)
    principal = pace * _damped_years(years, plan.damping)
    instead = {
        "mental_health_rising": pace * years,
        "mental_health_levelling_off": np.zeros_like(years),
        "mental_health_falling_back": -pace * years,
    }[future.mental_health]
    factor: NDArray[np.float64] = np.exp(part.share * (instead - principal))
    return factor


def _damped_years(years: NDArray[np.float64], damping: float) -> NDArray[np.float64]:
    """How many years' growth comes of so many years, when each has `damping` of the one before."""
    if damping == 1:
        return years
    fade = -np.log(damping)
    found: NDArray[np.float64] = -np.expm1(-fade * years) / fade
    return found


def early_help_factor(
    future: Future, plan: StreamPlan, years_on: NDArray[np.float64]
) -> NDArray[np.float64]:
    """By what factor early help changes a stream, one for each month."""
    if not future.early_help or plan.early_help is None:
        return np.ones_like(years_on)
    return 1 - plan.early_help.prevented * ramp(years_on * 12, plan.early_help.ramp_months)


def ramp(months_on: NDArray[np.float64], ramp_months: int) -> NDArray[np.float64]:
    """How much of an effect there is so many months after its beginning: from 0 to 1."""
    if ramp_months == 0:
        return (months_on >= 0).astype(float)
    return np.clip(months_on / ramp_months, 0.0, 1.0)
