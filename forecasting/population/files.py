"""The people of an area from official files: read, checked for gaps, put into five-year bands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from forecasting.population.cells import read_sheets
from forecasting.population.england import england
from forecasting.population.figures import Count
from forecasting.population.layouts import counts_of
from forecasting.population.people import BANDS, OLDEST_BAND, SEXES, Population
from sim.scenario.problems import InputError, Problem, did_you_mean
from sim.scenario.text_files import shown

BAND = 5
Table = NDArray[np.float64]  # (sexes, bands); NaN where nothing is said


def population_from_files(files: Sequence[Path], area: str) -> Population:
    """Put together the people of an area from one or more official files.

    Single years of age and narrower bands are summed; a band of 85 and over is split into 85-89
    and 90 and over, and persons into women and men, as in England in that year. Of a year that
    several files have, the first one's figures count. Where a file does not say what is a
    projection, years after the last shipped estimate of England are.

    Parameters
    ----------
    files
        CSV or Excel, in any of the layouts in `forecasting.population.layouts`.
    area
        Its name or code in the files.

    Raises
    ------
    InputError
        With file, line and column of what cannot be read; or if the area, an age or a year is
        missing.
    """
    figures: dict[int, _Year] = {}
    notes: list[str] = []
    name = area
    for path in files:
        layout, counts = counts_of(read_sheets(path), shown(path))
        own = _of_area(counts, area, shown(path))
        name = own[0].area or name
        notes.append(f"{shown(path)}: {layout}")
        by_year: dict[int, dict[str, list[Count]]] = {}
        for count in own:
            by_year.setdefault(count.year, {}).setdefault(count.sex, []).append(count)
        for year, by_sex in by_year.items():
            if year not in figures:
                figures[year] = _Year(shown(path), by_sex)
            elif figures[year].lacks in by_sex:
                figures[year].by_sex[figures[year].lacks] = by_sex[figures[year].lacks]
    people = {year: _table(each, notes) for year, each in sorted(figures.items())}
    projected = {year: each.is_projected(year) for year, each in figures.items()}
    return _joined(name, people, projected, files, tuple(dict.fromkeys(notes)))


@dataclass(frozen=True, eq=False)
class _Year:
    """The counts of a year by sex, and the first file that has any: women may be in one, men
    in another."""

    file: str
    by_sex: dict[str, list[Count]]

    @property
    def lacks(self) -> str:
        """The sex that is still to come, if there is only the other; else nothing."""
        return {"F": "M", "M": "F"}.get("".join(self.by_sex), "")

    def is_projected(self, year: int) -> bool:
        """Whether the file says so, or else whether England's last estimate lies before."""
        said = next(iter(self.by_sex.values()))[0].projected
        return year > england().last_estimate if said is None else said


def _of_area(counts: list[Count], area: str, file: str) -> list[Count]:
    """The counts of one area; all of them in a file that names none."""
    if not any(count.code or count.area for count in counts):
        return counts
    wanted = area.strip().lower()
    own = [count for count in counts if wanted in (count.code.lower(), count.area.lower())]
    if not own:
        names = list(dict.fromkeys(count.area or count.code for count in counts))
        some = ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
        raise InputError(
            Problem(
                f"there are no figures for '{area}'",
                file=file,
                given=repr(area),
                accepted=f"the name or code of an area in the file: {some}",
                remedy=did_you_mean(area, names) or "name it under population.area",
            )
        )
    return own


def _table(year: _Year, notes: list[str]) -> Table:
    """Persons of a year by sex and band."""
    if {"F", "M"} <= set(year.by_sex):
        return np.stack([_bands(year.by_sex[sex], year.file, notes) for sex in SEXES])
    if "P" in year.by_sex:
        persons = year.by_sex["P"]
        notes.append("persons are split into women and men as in England")
        return _bands(persons, year.file, notes) * _england_shares_of_sexes(persons[0].year)
    (counts,) = year.by_sex.values()
    missing = {"M": "males", "F": "females"}[year.lacks]
    message = f"the figures for {missing} are missing"
    remedy = "add their file, or take the one for persons"
    raise InputError(Problem(message, file=year.file, line=counts[0].line, remedy=remedy))


def _bands(counts: list[Count], file: str, notes: list[str]) -> Table:
    """People of one sex by five-year band, every age once."""
    found = np.zeros(len(BANDS))
    next_age = 0
    for count in sorted(counts, key=lambda each: each.youngest):
        if count.youngest != next_age:
            what = "is given twice" if count.youngest < next_age else "is missing"
            at = min(count.youngest, next_age)
            message = f"age {at} {what} in {count.year}"
            accepted = "every age once, from 0 to an open band of 85 or 90 and over"
            raise InputError(Problem(message, file, count.line, accepted=accepted))
        top = count.oldest
        whole = count.youngest // BAND
        if top is not None and top // BAND != whole and count.youngest < OLDEST_BAND:
            raise _too_wide(count, file)
        if top is None and count.youngest < OLDEST_BAND:
            if count.youngest != OLDEST_BAND - BAND:
                raise _too_wide(count, file)
            older = _england_share_of_oldest(count.year)
            found[-2:] += count.people * np.array([1 - older, older])
            notes.append("85 and over is split into 85-89 and 90 and over as in England")
        else:
            found[min(whole, len(BANDS) - 1)] += count.people
        next_age = 1_000 if top is None else top + 1
    if next_age < 1_000:
        last = max(counts, key=lambda each: each.youngest)
        message = f"ages over {next_age - 1} are missing in {last.year}"
        accepted = "an open band of 85 or 90 and over"
        raise InputError(Problem(message, file, last.line, accepted=accepted))
    return found


def _too_wide(count: Count, file: str) -> InputError:
    ages = f"{count.youngest}+" if count.oldest is None else f"{count.youngest}-{count.oldest}"
    return InputError(
        Problem(
            "this band of age is too wide, or cuts across five-year bands",
            file,
            count.line,
            given=ages,
            accepted="single years, or bands within 0-4, 5-9, ..., 85-89, 90 and over",
            remedy="download the figures by single year or five-year band",
        )
    )


def _england_at(year: int) -> Table:
    base = england()
    place = int(np.clip(year - base.years[0], 0, len(base.years) - 1))
    found: Table = base.people[place]
    return found


def _england_shares_of_sexes(year: int) -> Table:
    people = _england_at(year)
    shares: Table = people / people.sum(axis=0)
    return shares


def _england_share_of_oldest(year: int) -> float:
    people = _england_at(year).sum(axis=0)
    return float(people[-1] / people[-2:].sum())


def _joined(
    name: str,
    years: dict[int, Table],
    projected: dict[int, bool],
    files: Sequence[Path],
    notes: tuple[str, ...],
) -> Population:
    given = sorted(years)
    gaps = [year for year in range(given[0], given[-1]) if year not in years]
    where = ", ".join(shown(path) for path in files)
    if gaps:
        message = f"there are no figures for {', '.join(str(year) for year in gaps)}"
        remedy = "add the file that has them"
        raise InputError(Problem(message, file=where, accepted="years in a row", remedy=remedy))
    if len(given) < 2:
        message = f"there are figures for {given[0]} only"
        raise InputError(Problem(message, file=where, remedy="add a file of projections"))
    estimates = [year for year in given if not projected[year]]
    last = max(estimates, default=given[0])
    people = np.stack([years[year] for year in given])
    return Population(name, np.array(given), people, last, notes)
