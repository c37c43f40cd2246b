"""Balances of a service whose staffing stays as it is: what leaves is made good.

All of these are Little's law: what is there at a time is what comes in a year, times how long it
stays.
"""

from __future__ import annotations

from math import exp

WORKING_DAYS_A_YEAR = 253


def success_per_round(
    *,
    vacancies: float,
    leavers: float,
    intake: float,
    approval_days: float,
    round_days: float,
) -> float:
    """The share of recruitment rounds that must fill a post for vacancies to stay as many.

    Starters = leavers when the number of people stays the same. Those whom the autumn intake does
    not bring come from rounds. A vacancy of which so many come up in a year is `approval_days`
    without a round, so the others are in one; and rounds under way, over the length of one, is how
    many end in a year.

    Parameters
    ----------
    vacancies
        FTE of vacant posts at a time.
    leavers, intake
        FTE who leave, and who join in the autumn intake, in a year.
    approval_days, round_days
        Working days before the first round, and of a round.

    Returns
    -------
    float
        More than 1 if rounds would have to be shorter.
    """
    rounds_under_way = vacancies - leavers * approval_days / WORKING_DAYS_A_YEAR
    if rounds_under_way <= 0:
        return float("inf")
    rounds_a_year = rounds_under_way * WORKING_DAYS_A_YEAR / round_days
    return (leavers - intake) / rounds_a_year


def days_vacant(vacancy_rate: float, turnover: float) -> float:
    """Mean working days that a post stands vacant.

    Vacancies = leavers a year x years vacant, with leavers = turnover x (posts - vacancies).
    """
    return WORKING_DAYS_A_YEAR * vacancy_rate / ((1 - vacancy_rate) * turnover)


def covered_share(vacant_days: float, lead_days: float, stay_days: float) -> float:
    """The share of a vacancy that agency covers where it is always sought.

    A vacancy ends on any day with the same probability, 1 / `vacant_days`. Until then there are by
    turns `lead_days` without anyone and a stay, exponentially distributed, of `stay_days` on
    average. The expected days covered before the end, over those expected in all, by renewal.
    """
    lasts_the_lead = exp(-lead_days / vacant_days)
    lasts_the_stay = 1 / (1 + stay_days / vacant_days)
    return lasts_the_lead * (1 - lasts_the_stay) / (1 - lasts_the_lead * lasts_the_stay)


def mean_tenure_factor(bands: list[tuple[float, float]], mean_tenure_years: float) -> float:
    """The mean of a factor by tenure, (up to years, factor), over exponential tenures."""
    total, below = 0.0, 1.0
    for up_to, factor in bands:
        above = exp(-up_to / mean_tenure_years)
        total += factor * (below - above)
        below = above
    return total + bands[-1][1] * below if bands else 1.0
