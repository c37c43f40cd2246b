"""The working days of a service: which dates they are, and what joins each of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from typing import cast

import holidays
import numpy as np
from numpy.typing import NDArray

COUNTRY = "GB"

# A day of any year, and a holiday's first and last: it may run over the new year.
MonthDay = tuple[int, int]
SchoolHoliday = tuple[MonthDay, MonthDay]

# An assumption. Terms are set by each council and academy and Easter moves, so these are the weeks
# in which most of England's schools are closed in most years, as fixed dates.
ENGLAND_SCHOOL_HOLIDAYS: tuple[SchoolHoliday, ...] = (
    ((2, 14), (2, 21)),  # February half term
    ((4, 1), (4, 15)),  # Easter
    ((5, 25), (5, 31)),  # May half term
    ((7, 23), (8, 31)),  # summer
    ((10, 24), (10, 31)),  # October half term
    ((12, 21), (1, 2)),  # Christmas
)


@cache
def regions() -> dict[str, str]:
    """Return the regions whose bank holidays are known: code by code and by name."""
    country = holidays.country_holidays(COUNTRY)
    return {code: code for code in country.subdivisions} | dict(country.subdivisions_aliases)


@lru_cache(maxsize=64)
def _business_days(region: str, first_year: int, last_year: int) -> np.busdaycalendar:
    codes = regions()
    if region not in codes:
        raise ValueError(f"region {region!r} is not one of {', '.join(sorted(codes))}")
    known = holidays.country_holidays(COUNTRY)
    if first_year < known.start_year or last_year > known.end_year:
        raise ValueError(
            f"bank holidays are known from {known.start_year} to {known.end_year}, "
            f"the calendar needs {first_year} to {last_year}"
        )
    off = holidays.country_holidays(
        COUNTRY, subdiv=codes[region], years=range(first_year, last_year + 1)
    )
    return np.busdaycalendar(holidays=sorted(np.datetime64(day, "D") for day in off))


def working_days_between(first: date, last: date, region: str = "England") -> int:
    """Count the working days from `first` (included) to `last` (not included).

    Between two working days this is the number of working days that pass: from a Friday to the
    Monday after it, one. A weekend or bank holiday counts as the next working day, so from a
    Saturday to that Monday none pass. Negative when `last` is before `first`.
    """
    years = sorted((first.year, last.year))
    days = _business_days(region, years[0], years[1])
    # Numpy counts backwards by (last, first], so the sign is ours.
    if last < first:
        return -int(np.busday_count(last, first, busdaycal=days))
    return int(np.busday_count(first, last, busdaycal=days))


def working_day(first: date, days: int, region: str = "England") -> date:
    """The date that is so many working days after (or, below 0, before) another."""
    years = sorted((first.year, first.year + days // 245))
    known = _business_days(region, years[0] - 1, years[1] + 1)
    found = np.busday_offset(np.datetime64(first, "D"), days, roll="forward", busdaycal=known)
    return cast(date, found.item())


@dataclass(frozen=True)
class _Days:
    """The arrays of a calendar, one value for each working day; nobody can write to them."""

    dates: NDArray[np.datetime64]
    calendar_day: NDArray[np.int64]
    month: NDArray[np.int64]
    first_of_month: NDArray[np.bool_]
    week: NDArray[np.int64]
    last_of_week: NDArray[np.bool_]
    school_holiday: NDArray[np.bool_]


def _weeks_and_months(
    dates: NDArray[np.datetime64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Number the ISO weeks and the months since 1970."""
    days = dates.astype(np.int64)
    # 1 January 1970 was a Thursday, three days into its ISO week.
    return (days + 3) // 7, dates.astype("datetime64[M]").astype(np.int64)


def _in_school_holiday(
    dates: NDArray[np.datetime64], school_holidays: Sequence[SchoolHoliday]
) -> NDArray[np.bool_]:
    months = dates.astype("datetime64[M]")
    month = months.astype(np.int64) % 12 + 1
    day = (dates - months).astype(np.int64) + 1
    # Numbers like 1231 for 31 December order the days of a year.
    number = month * 100 + day
    closed = np.zeros(len(dates), dtype=np.bool_)
    for (first_month, first_day), (last_month, last_day) in school_holidays:
        first = first_month * 100 + first_day
        last = last_month * 100 + last_day
        if first <= last:
            closed |= (number >= first) & (number <= last)
        else:
            closed |= (number >= first) | (number <= last)
    return closed


@lru_cache(maxsize=64)
def _days(
    start: date, working_days: int, region: str, school_holidays: tuple[SchoolHoliday, ...]
) -> _Days:
    for month_of, day_of in (end for holiday in school_holidays for end in holiday):
        try:
            date(2024, month_of, day_of)  # a leap year: 29 February is a day
        except ValueError as error:
            raise ValueError(f"({month_of}, {day_of}) is not a (month, day) of any year") from error
    # At most 105 weekend days and 13 bank holidays a year leave more than 245 working days.
    last_year = start.year + working_days // 245 + 1
    business_days = _business_days(region, start.year - 1, last_year)
    # One working day more at each end, to see where months begin and weeks end.
    around: NDArray[np.datetime64] = np.busday_offset(
        np.array([start], dtype="datetime64[D]"),
        np.arange(-1, working_days + 1),
        roll="forward",
        busdaycal=business_days,
    )
    dates = around[1:-1].copy()
    week, month = _weeks_and_months(around)
    start_month = 12 * (start.year - 1970) + start.month - 1
    days = _Days(
        dates=dates,
        calendar_day=(dates - np.datetime64(start, "D")).astype(np.int64),
        month=month[1:-1] - start_month,
        first_of_month=month[1:-1] != month[:-2],
        week=week[1:-1] - week[1],
        last_of_week=week[1:-1] != week[2:],
        school_holiday=_in_school_holiday(dates, school_holidays),
    )
    for array in vars(days).values():
        array.flags.writeable = False
    return days


@dataclass(frozen=True)
class Calendar:
    """The working days from a start date: weekends and bank holidays are out.

    Parameters
    ----------
    start
        Any date. Day 0 is the first working day on or after it.
    working_days
        How many working days the calendar has, at least 1.
    region
        Whose bank holidays: England, Wales, Scotland or Northern Ireland, or their codes.
    school_holidays
        First and last (month, day) of each school holiday; by default an assumption for England.

    Attributes
    ----------
    dates
        The date of each working day, ``datetime64[D]``.
    calendar_day
        The calendar days from `start` to each working day.
    month
        The month of each working day, counted from the month of `start` (0).
    first_of_month
        Whether the working day is its month's first, also for day 0: a fact of the calendar, not of
        where it was entered.
    week
        The ISO week of each working day, counted from that of day 0 (0).
    last_of_week
        Whether the working day is its week's last (a Thursday before Good Friday).
    school_holiday
        Whether the working day is in a school holiday.

    Raises
    ------
    ValueError
        No working days, an unknown region, years without known bank holidays, no such (month, day).

    Notes
    -----
    Built once per process and shared, so the arrays can't be written to.
    """

    start: date
    working_days: int
    region: str = "England"
    school_holidays: tuple[SchoolHoliday, ...] = ENGLAND_SCHOOL_HOLIDAYS
    dates: NDArray[np.datetime64] = field(init=False, repr=False, compare=False)
    calendar_day: NDArray[np.int64] = field(init=False, repr=False, compare=False)
    month: NDArray[np.int64] = field(init=False, repr=False, compare=False)
    first_of_month: NDArray[np.bool_] = field(init=False, repr=False, compare=False)
    week: NDArray[np.int64] = field(init=False, repr=False, compare=False)
    last_of_week: NDArray[np.bool_] = field(init=False, repr=False, compare=False)
    school_holiday: NDArray[np.bool_] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Fetch the arrays."""
        if self.working_days < 1:
            raise ValueError(f"a calendar needs at least 1 working day, not {self.working_days}")
        days = _days(self.start, self.working_days, self.region, self.school_holidays)
        for name, array in vars(days).items():
            object.__setattr__(self, name, array)

    def date_of(self, day: int) -> date:
        """Return the date of a working day of this calendar."""
        if not 0 <= day < self.working_days:
            raise IndexError(f"working day {day} is not in 0 to {self.working_days - 1}")
        found: date = self.dates[day].item()
        return found

    def day_on_or_after(self, when: date) -> int:
        """Return the first working day on or after a date.

        Before the start it is 0; after the end it is `working_days`, the day that never comes.
        """
        return int(np.searchsorted(self.dates, np.datetime64(when, "D"), side="left"))

    def calendar_days_before(self, day: int) -> range:
        """Return the calendar days whose arrivals join a working day.

        They are counted from `start` (0) and run from the day after the previous working day to the
        working day itself: Saturday, Sunday and Monday join Monday.
        """
        if not 0 <= day < self.working_days:
            raise IndexError(f"working day {day} is not in 0 to {self.working_days - 1}")
        first = 0 if day == 0 else int(self.calendar_day[day - 1]) + 1
        return range(first, int(self.calendar_day[day]) + 1)

    def working_days_between(self, first: date, last: date) -> int:
        """Count the working days from `first` (included) to `last` (not) in this region.

        Both may lie outside the calendar.
        """
        return working_days_between(first, last, self.region)
