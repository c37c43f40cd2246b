"""The area of a forecast: its people, principal and with faster ageing, shipped or brought."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from forecasting.population.england import ENGLAND, authority, england
from forecasting.population.people import BANDS, Population

OLD = 65
ENGLAND_CODE = "E92000001"


@dataclass(frozen=True, eq=False)
class Area:
    """An area, or a part of one, whose demand is forecast.

    Attributes
    ----------
    name
        As asked for.
    people
        Its people in the principal projection.
    is_one_authority
        Whether its projection misses by more than England's does.
    """

    name: str
    people: Population
    is_one_authority: bool

    def population(self, faster_ageing: bool) -> Population:
        """Its people; with faster ageing, at 65 and over as in England's high variant.

        The area's own projection is raised by the ratio of England's high variant to England's
        principal, band by band.
        """
        if not faster_ageing:
            return self.people
        base, high = england(), england("high")
        at = np.clip(self.people.years - base.years[0], 0, len(base.years) - 1)
        ratio = np.where(np.array(BANDS) >= OLD, high.people / base.people, 1.0)[at]
        notes = (*self.people.notes, *high.notes)
        return Population(
            self.people.area, self.people.years, self.people.people * ratio,
            self.people.last_estimate, notes,
        )  # fmt: skip


def area_of(name: str, share: float, files: tuple[Path, ...], name_in_files: str | None) -> Area:
    """Find the people of an area.

    Parameters
    ----------
    name
        England, or an authority by name or code.
    share
        The part of it that is meant.
    files
        Its own official figures, instead of the shipped ones; empty for none.
    name_in_files
        What it is called there, if it differs.

    Raises
    ------
    InputError
        If there is no such area, or its figures can't be used.
    """
    is_england = name in (ENGLAND, ENGLAND_CODE)
    if files:
        # The reader of workbooks takes a while to load: not without a file.
        from forecasting.population.files import population_from_files

        people = population_from_files(files, name_in_files or name)
    elif is_england:
        people = england()
    else:
        people = authority(name)
    return Area(people.area, people.times(share), not is_england)
