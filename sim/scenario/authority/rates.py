"""The rates that are known of an authority, and the scales on which they are compared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.scenario.authority.areas import Area
from sim.scenario.authority.table import PublishedFigures

Array = NDArray[np.float64]
Scale = Literal["share", "ratio"]
WORKING_DAYS_A_YEAR = 253  # those by which the census divides days lost


@dataclass(frozen=True)
class Rate:
    """A rate: some published figures over others.

    Attributes
    ----------
    key, label
        For code, and for people.
    above, below
        What is added up above and below the line: columns of the table.
    scale
        A share lies between 0 and 1; a ratio has no upper end.
    size
        The columns, added up, that chance falls with; those below the line when left out.
    factor
        What the quotient is multiplied by.
    printed
        The column that has it for regions and England. Their counts can't be used where there is
        one: authorities without a figure are left out above the line, and not below it.
    """

    key: str
    label: str
    above: tuple[str, ...]
    below: tuple[str, ...]
    scale: Scale
    size: tuple[str, ...] = ()
    factor: float = 1.0
    printed: str = ""


RATES = {
    rate.key: rate
    for rate in (
        Rate("turnover", "leavers in a year over workers in post",
             ("leavers_fte",), ("in_post_fte",), "share", printed="turnover_rate"),
        Rate("vacancy", "vacancies over posts",
             ("vacancy_fte",), ("in_post_fte", "vacancy_fte"), "share", printed="vacancy_rate"),
        Rate("agency", "agency over all workers",
             ("agency_fte",), ("in_post_fte", "agency_fte"), "share", printed="agency_rate"),
        Rate("agency_cover", "vacancies covered by agency",
             ("agency_cover_fte",), ("vacancy_fte",), "share"),
        Rate("absence", "days lost to sickness",
             ("days_lost_fte",), ("in_post_fte",), "share", factor=1 / WORKING_DAYS_A_YEAR,
             printed="absence_rate"),
        Rate("caseload", "cases for each FTE that holds any",
             ("cases",), ("case_holder_fte",), "ratio", size=("case_holder_fte",)),
        Rate("case_holding", "workers who hold cases, agency included",
             ("case_holder_fte",), ("in_post_fte", "agency_fte"), "share"),
        Rate("referrals", "referrals in a year for each child",
             ("referrals",), ("children",), "ratio", size=("referrals",)),
        Rate("rereferral", "referrals within a year of an earlier one",
             ("rereferrals",), ("referrals",), "share"),
        Rate("no_further_action", "referrals that need no further action",
             ("no_further_action",), ("referrals",), "share"),
        Rate("section_47", "section 47 enquiries for each referral",
             ("section_47",), ("referrals",), "ratio", size=("section_47",)),
        Rate("conference", "conferences for each section 47 enquiry",
             ("conferences",), ("section_47",), "share"),
        Rate("plan", "plans for each conference",
             ("plans_started",), ("conferences",), "share"),
        Rate("plan_years", "plans open for each plan begun in a year",
             ("plans_open",), ("plans_started",), "ratio", size=("plans_started",)),
        Rate("care_entry", "children taken into care for each referral",
             ("care_started",), ("referrals",), "ratio", size=("care_started",)),
        Rate("care", "children in care for each child",
             ("care_open",), ("children",), "ratio", size=("care_open",)),
    )
}  # fmt: skip


def to_scale(value: Array, scale: Scale) -> Array:
    """Put rates on the scale on which chance is as large for small as for large ones.

    For shares the arcsine of the root, for ratios the logarithm. A share of more than all (more
    leavers than workers left) counts as all; no ratio for one of nothing.
    """
    if scale == "share":
        return np.asarray(np.arcsin(np.sqrt(np.clip(value, 0.0, 1.0))))
    return np.asarray(np.log(np.where(value > 0, value, np.nan)))


def from_scale(mean: Array, sd: Array, scale: Scale) -> Array:
    """The mean rate of what is normal on the scale, with this mean and standard deviation."""
    if scale == "share":
        return np.asarray((1 - np.cos(2 * mean) * np.exp(-2 * sd**2)) / 2)
    return np.asarray(np.exp(mean + sd**2 / 2))


def at_scale(value: Array, scale: Scale) -> Array:
    """The rate at a point of the scale."""
    if scale == "share":
        return np.asarray(np.sin(np.clip(value, 0.0, np.pi / 2)) ** 2)
    return np.asarray(np.exp(value))


def history(
    rate: Rate, table: PublishedFigures, who: Iterable[Area], years: Iterable[int]
) -> tuple[Array, Array]:
    """Rates by area and year, and their sizes; NaN where they can't be known.

    In a year without figures of its own, an authority has those of the ones that it came from.
    """
    pairs = [[_rate_and_size(rate, table, area, year) for year in years] for area in who]
    both = np.array(pairs, np.float64)
    return both[..., 0], both[..., 1]


def _rate_and_size(
    rate: Rate, table: PublishedFigures, area: Area, year: int
) -> tuple[float, float]:
    found = _of(rate, table, (area.code,), year)
    if area.kind != "authority" and rate.printed:
        return table.value(area.code, year, rate.printed), found[1]
    if np.isnan(found[0]) and area.predecessors:
        found = _of(rate, table, area.predecessors, year)
    return found


def _of(
    rate: Rate, table: PublishedFigures, codes: tuple[str, ...], year: int
) -> tuple[float, float]:
    def total(columns: tuple[str, ...]) -> float:
        return sum(table.value(code, year, column) for code in codes for column in columns)

    below = total(rate.below)
    if not below > 0:
        return np.nan, np.nan
    return rate.factor * total(rate.above) / below, total(rate.size or rate.below)
