"""Which years are foretold, and for which authorities."""

from __future__ import annotations

import numpy as np

from sim.scenario.problems import InputError, Problem
from sim.study.validation.history import History


def years_to_foretell(history: History, first: int) -> list[int]:
    """The years from `first` on before which there is something to start from."""
    years = [year for year in history.years if year - 1 in history.years]
    wanted = [year for year in years if year >= first]
    if not wanted:
        accepted = f"{years[0]} to {years[-1]}" if years else "none: two years running are needed"
        message = "there is no such year to foretell in the table"
        raise InputError(Problem(message, path="from", given=str(first), accepted=accepted))
    return wanted


def chosen(history: History, number: int | None) -> set[str] | None:
    """Choose so many authorities, evenly over regions and, within each, over sizes."""
    if number is None:
        return None
    last = history.in_year(history.years[-1])
    ordered = last.sort_values(["region", "in_post_fte"], kind="stable").index
    if not 1 <= number <= len(ordered):
        accepted = f"1 to {len(ordered)}"
        message = "not a number of authorities in the table"
        raise InputError(Problem(message, path="authorities", given=str(number), accepted=accepted))
    places = ((np.arange(number) + 0.5) / number * len(ordered)).astype(int)
    return set(ordered[places])
