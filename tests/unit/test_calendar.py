"""The working days of a service: which they are, what joins them, where weeks and months end."""

import pickle
import time
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.calendar import Calendar, regions, working_days_between

pytestmark = pytest.mark.unit

# https://www.gov.uk/bank-holidays, England and Wales.
BANK_HOLIDAYS = [
    date(2025, 1, 1),
    date(2025, 4, 18),
    date(2025, 4, 21),
    date(2025, 5, 5),
    date(2025, 5, 26),
    date(2025, 8, 25),
    date(2025, 12, 25),
    date(2025, 12, 26),
    date(2026, 1, 1),
    date(2026, 4, 3),
    date(2026, 4, 6),
    date(2026, 5, 4),
    date(2026, 5, 25),
    date(2026, 8, 31),
    date(2026, 12, 25),
    date(2026, 12, 28),  # the substitute for Boxing Day, a Saturday
]


def days_of(calendar):
    return [day.item() for day in calendar.dates]


def test_bank_holidays_of_2025_and_2026_are_the_published_ones():
    calendar = Calendar(date(2025, 1, 1), 506)
    assert calendar.dates[-1].item() == date(2026, 12, 31)
    weekdays = [date(2025, 1, 1) + timedelta(i) for i in range(730)]
    weekdays = [day for day in weekdays if day.weekday() < 5]
    assert sorted(set(weekdays) - set(days_of(calendar))) == BANK_HOLIDAYS


def test_new_year_on_a_saturday_has_its_substitute_on_monday():
    assert Calendar(date(2021, 12, 31), 2).date_of(1) == date(2022, 1, 4)


@pytest.mark.parametrize(
    ("region", "day"),
    [
        ("Scotland", date(2025, 12, 1)),  # the substitute for St Andrew's, a Sunday
        ("Northern Ireland", date(2025, 3, 17)),
        ("NIR", date(2025, 3, 17)),
    ],
)
def test_other_regions_have_their_own_days(region, day):
    assert day in days_of(Calendar(date(2025, 1, 1), 253))
    assert day not in days_of(Calendar(date(2025, 1, 1), 253, region))


def test_england_by_name_by_code_and_by_default_are_the_same():
    assert days_of(Calendar(date(2025, 1, 1), 253)) == days_of(
        Calendar(date(2025, 1, 1), 253, region="ENG")
    )
    assert {"England", "Wales", "Scotland", "Northern Ireland"} <= set(regions())


def test_what_arrives_at_easter_joins_the_tuesday_after():
    """Easter 2025, entered on the Wednesday before.

    day  date        joins it (calendar days since the Wednesday)
    0    Wed 16 Apr  0
    1    Thu 17 Apr  1
    2    Tue 22 Apr  2 (Good Friday), 3, 4 (weekend), 5 (Easter Monday), 6
    3    Wed 23 Apr  7
    """
    calendar = Calendar(date(2025, 4, 16), 4)
    assert [list(calendar.calendar_days_before(day)) for day in range(4)] == [
        [0],
        [1],
        [2, 3, 4, 5, 6],
        [7],
    ]
    assert calendar.calendar_day.tolist() == [0, 1, 6, 7]
    assert calendar.week.tolist() == [0, 0, 1, 1]
    assert calendar.last_of_week.tolist() == [False, True, False, False]


@pytest.mark.parametrize("start", [date(2025, 12, 25), date(2025, 12, 27), date(2025, 12, 29)])
def test_a_start_on_a_day_off_begins_on_the_next_working_day(start):
    calendar = Calendar(start, 5)
    assert calendar.date_of(0) == date(2025, 12, 29)
    assert list(calendar.calendar_days_before(0)) == list(
        range((date(2025, 12, 29) - start).days + 1)
    )
    assert calendar.week.tolist() == [0, 0, 0, 0, 1]
    assert calendar.month.tolist() == [0, 0, 0, 1, 1]
    assert calendar.first_of_month.tolist() == [False, False, False, True, False]


def test_first_of_month_is_a_fact_of_the_calendar_not_of_the_start():
    assert Calendar(date(2025, 9, 1), 1).first_of_month.tolist() == [True]
    assert Calendar(date(2025, 9, 2), 1).first_of_month.tolist() == [False]
    assert Calendar(date(2025, 5, 31), 1).first_of_month.tolist() == [True]  # Monday 2 June
    assert Calendar(date(2025, 5, 31), 1).month.tolist() == [1]


def test_leap_day_is_a_working_day_when_it_is_a_thursday():
    calendar = Calendar(date(2024, 2, 28), 3)
    assert days_of(calendar) == [date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1)]
    assert calendar.month.tolist() == [0, 0, 1]


def test_dates_are_found_and_those_outside_are_told():
    calendar = Calendar(date(2025, 4, 16), 4)
    assert calendar.day_on_or_after(date(2020, 1, 1)) == 0
    assert calendar.day_on_or_after(date(2025, 4, 17)) == 1
    assert calendar.day_on_or_after(date(2025, 4, 18)) == 2
    assert calendar.day_on_or_after(date(2025, 4, 24)) == 4
    for day in (-1, 4):
        with pytest.raises(IndexError, match=f"working day {day} is not in 0 to 3"):
            calendar.date_of(day)
        with pytest.raises(IndexError, match=f"working day {day} is not in 0 to 3"):
            calendar.calendar_days_before(day)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2025, 4, 17), date(2025, 4, 22), 1),  # Thursday before Easter to Tuesday after
        (date(2025, 4, 19), date(2025, 4, 22), 0),  # from Easter Saturday none pass
        (date(2025, 4, 22), date(2025, 4, 22), 0),
        (date(2025, 4, 22), date(2025, 4, 17), -1),
        (date(2025, 4, 22), date(2025, 4, 19), 0),
        (date(2025, 1, 1), date(2026, 1, 1), 253),
        (date(2025, 12, 31), date(2026, 1, 2), 1),
    ],
)
def test_working_days_between_two_dates(first, last, expected):
    assert working_days_between(first, last) == expected
    assert Calendar(date(2030, 1, 1), 1).working_days_between(first, last) == expected


def test_school_holidays_are_england_s_usual_weeks_unless_given():
    year = Calendar(date(2025, 1, 1), 253)
    closed = {day for day, off in zip(days_of(year), year.school_holiday, strict=True) if off}
    assert {date(2025, 1, 2), date(2025, 8, 1), date(2025, 12, 24)} <= closed
    assert not {date(2025, 1, 3), date(2025, 9, 1), date(2025, 12, 19)} & closed
    own = Calendar(date(2025, 1, 1), 253, school_holidays=(((12, 30), (1, 2)), ((7, 1), (7, 1))))
    assert [day for day, off in zip(days_of(own), own.school_holiday, strict=True) if off] == [
        date(2025, 1, 2),
        date(2025, 7, 1),
        date(2025, 12, 30),
        date(2025, 12, 31),
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"working_days": 0}, "at least 1 working day, not 0"),
        ({"region": "Narnia"}, "region 'Narnia' is not one of ENG, England"),
        ({"school_holidays": (((2, 30), (3, 1)),)}, r"\(2, 30\) is not a \(month, day\)"),
        ({"start": date(2090, 1, 1), "working_days": 7500}, "known from 1872 to 2100"),
        ({"start": date(1850, 1, 1)}, "the calendar needs 1849 to 1851"),
    ],
)
def test_a_calendar_that_cannot_be_says_why(arguments, message):
    with pytest.raises(ValueError, match=message):
        Calendar(**{"start": date(2025, 1, 1), "working_days": 10, **arguments})


def test_calendars_are_values():
    one, same = Calendar(date(2025, 1, 1), 20), Calendar(date(2025, 1, 1), 20)
    assert one == same
    assert hash(one) == hash(same)
    assert one != Calendar(date(2025, 1, 1), 20, "Scotland")
    assert pickle.loads(pickle.dumps(one)) == one
    with pytest.raises(ValueError, match="read-only"):
        one.month[0] = 3


def test_a_second_calendar_of_five_years_takes_less_than_a_millisecond():
    Calendar(date(2025, 1, 1), 1265)
    took = []
    for _ in range(5):
        start = time.perf_counter()
        Calendar(date(2025, 1, 1), 1265)
        took.append(time.perf_counter() - start)
    assert min(took) < 1e-3


@pytest.mark.property
@given(
    st.dates(date(1990, 1, 1), date(2065, 1, 1)),
    st.integers(1, 7600),
    st.sampled_from(sorted(regions())),
)
def test_any_calendar_holds_together(start, working_days, region):
    calendar = Calendar(start, working_days, region)
    dates = calendar.dates
    assert len(dates) == working_days
    assert dates[0].item() >= start
    assert (np.diff(dates) > np.timedelta64(0)).all()
    assert all(day.isoweekday() <= 5 for day in days_of(calendar))
    # Every calendar day joins one working day.
    joined = [day for d in range(working_days) for day in calendar.calendar_days_before(d)]
    assert joined == list(range(int(calendar.calendar_day[-1]) + 1))
    assert calendar.working_days_between(start, dates[-1].item()) == working_days - 1
    for day in (0, working_days // 2, working_days - 1):
        assert calendar.day_on_or_after(calendar.date_of(day)) == day
    # Weeks and months run without a gap, and their flags stand where they change.
    for number in (calendar.week, calendar.month):
        assert set(np.diff(number)) <= {0, 1}
    assert calendar.week[0] == 0
    assert (calendar.last_of_week[:-1] == (np.diff(calendar.week) == 1)).all()
    assert (calendar.first_of_month[1:] == (np.diff(calendar.month) == 1)).all()
    iso = [day.isocalendar()[:2] for day in days_of(calendar)]
    changed = [a != b for a, b in pairwise(iso)]
    assert calendar.last_of_week[:-1].tolist() == changed
    months = [12 * (d.year - start.year) + d.month - start.month for d in days_of(calendar)]
    assert calendar.month.tolist() == months
