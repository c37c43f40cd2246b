"""The outcomes: one registry, from which every table, report and search takes its numbers.

Quantities are added up over the weeks that count, and divided last: a rate is never a mean of
rates. Rates and shares are fractions. An outcome that does not apply (no newly qualified worker in
the run, no stage with that timescale) is left out of the run's outcomes, never NaN.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from sim.model import tallies as t
from sim.model.blueprint import WORKING_DAYS_A_WEEK, WORKING_DAYS_A_YEAR
from sim.model.columns import OPEN, WAITING
from sim.model.first_contact import wait_within, waits_of_streams, waits_to_first_contact
from sim.scenario.demand import WAIT_QUANTILES
from sim.scenario.pathway import WITH_THREE_WORKERS, band_keys

if TYPE_CHECKING:
    from sim.model.world import World

Direction = Literal["higher", "lower", "neither"]


@dataclass(frozen=True)
class Outcome:
    """One outcome: what it is, and which way is better."""

    key: str
    label: str
    unit: str
    direction: Direction
    group: str
    definition: str
    formula: str
    threshold: float | None = None
    threshold_source: str = ""


class Sums:
    """The sums of a run's counted weeks, and what else outcomes are made from."""

    def __init__(self, world: World) -> None:
        self.by_team = world.record.counted(world)
        self.total: NDArray[np.float64] = self.by_team.sum(axis=0)
        self.world = world
        # Weeks count whole: the one with the start date does from its Monday on.
        weeks = world.record.weeks
        self.weeks = sum(day >= world.first_day_counted for day in weeks)
        begins = max((day + 1 for day in weeks if day < world.first_day_counted), default=0)
        self.days = weeks[-1] + 1 - begins if self.weeks else 0
        self.years = self.days / WORKING_DAYS_A_YEAR

    def __getitem__(self, column: int) -> float:
        return float(self.total[column])

    def ratio(self, above: float, below: float) -> float | None:
        """A quotient, or nothing where there is nothing to divide by."""
        return above / below if below > 0 else None


Formula = Callable[[Sums], float | None]


def _share(above: int, below: int) -> Formula:
    return lambda s: s.ratio(s[above], s[below])


def _a_year(column: int) -> Formula:
    return lambda s: s.ratio(s[column], s.years)


def _mean_a_day(column: int) -> Formula:
    return lambda s: s.ratio(s[column], s.days)


def _wait_quantile(share: float, high_risk: bool | None = None) -> Formula:
    def formula(s: Sums) -> float | None:
        waits = s.world.waits
        if high_risk is not None:
            waits = waits[s.world.plan.tiers["high_risk"] == int(high_risk)]
        counts = waits.sum(axis=0)
        if counts.sum() == 0:
            return None
        return float(np.searchsorted(np.cumsum(counts), share * counts.sum() - 1e-9))

    return formula


def _first_contact(share: float) -> Formula:
    return lambda s: wait_within(waits_to_first_contact(s.world), share)


def _caseload_p90(s: Sums) -> float | None:
    cells = s.world.caseloads
    if cells.sum() <= 0:
        return None
    return float(np.searchsorted(np.cumsum(cells), 0.9 * cells.sum() - 1e-9))


def _peak_unallocated(s: Sums) -> float | None:
    record = s.world.record
    days = np.diff(np.array([-1, *record.weeks]))
    peaks = [
        tally[:, t.WAITING_CASE_DAYS].sum() / days_of_week
        for day, days_of_week, tally in zip(record.weeks, days, record.tallies, strict=True)
        if day >= s.world.first_day_counted
    ]
    return float(max(peaks)) if peaks else None


def _per_case(column: int) -> Formula:
    return lambda s: s.ratio(s[column], s[t.CLOSED_CASES_HELD])


def _hours(column: int) -> Formula:
    return lambda s: s.ratio(s[column], s[t.CONTRACTED_HOURS] + s[t.OVERTIME_HOURS])


def _turnover(s: Sums) -> float | None:
    return s.ratio(s[t.LEAVERS_FTE] * WORKING_DAYS_A_YEAR, s[t.IN_POST_FTE_DAYS])


def _agency_rate(s: Sums) -> float | None:
    return s.ratio(s[t.AGENCY_FTE_DAYS], s[t.IN_POST_FTE_DAYS] + s[t.AGENCY_FTE_DAYS])


def _total_cost(s: Sums) -> float | None:
    return s.ratio(
        s[t.COST_PERMANENT]
        + s[t.COST_AGENCY]
        + s[t.COST_RECRUITMENT]
        + s[t.COST_SUPPORT]
        + s[t.COST_POLICY],
        s.years,
    )


def _cost_per_closed_case(s: Sums) -> float | None:
    cost = _total_cost(s)
    return None if cost is None else s.ratio(cost * s.years, s[t.CLOSURES])


def _workload_ratio(s: Sums) -> float | None:
    return s.ratio(s[t.WORKLOAD_RATIO], s[t.WORKLOAD_RATIO_WEEKS])


def _hours_a_week(s: Sums) -> float | None:
    per_day = s.ratio(s[t.CONTRACTED_HOURS] + s[t.OVERTIME_HOURS], s[t.WORKED_FTE_DAYS])
    return None if per_day is None else WORKING_DAYS_A_WEEK * per_day


def _overtime_a_week(s: Sums) -> float | None:
    per_day = s.ratio(s[t.OVERTIME_HOURS], s[t.WORKED_FTE_DAYS])
    return None if per_day is None else WORKING_DAYS_A_WEEK * per_day


def _nq_turnover(s: Sums) -> float | None:
    return s.ratio(
        s[t.NEWLY_QUALIFIED_LEAVERS_FTE] * WORKING_DAYS_A_YEAR, s[t.NEWLY_QUALIFIED_FTE_DAYS]
    )


def _open_at_end(s: Sums) -> float | None:
    return float(s.world.cases.counts[OPEN])


def _waiting_at_end(s: Sums) -> float | None:
    return float((s.world.cases["status"] == WAITING).sum())


def _absence(column: int) -> Formula:
    return lambda s: s.ratio(s[column], s[t.IN_POST_FTE_DAYS])


STANDARD = "Employer standard 3, safe workloads and case allocation"
W, F, S, M = "wellbeing", "fairness", "safety", "flow and money"

_REGISTRY: list[tuple[Outcome, Formula]] = [
    # wellbeing
    (Outcome("caseload_per_fte", "Caseload", "cases per FTE", "lower", W,
             "Cases held per full-time equivalent worker who holds at least one, agency included.",
             "held case-days / FTE-days of workers with a case", 15.0,
             "Setting the Bar (Social Work Scotland, 2022): 15 cases in children's services"),
     _share(t.HELD_CASE_DAYS, t.CASE_HOLDER_FTE_DAYS)),
    (Outcome("caseload_p90", "Caseload, the busiest tenth", "cases per FTE", "lower", W,
             "Cases per FTE that nine in ten case-holding FTE are at or below, at week ends.",
             "90th percentile of caseload / FTE over worker-weeks, weighted by FTE"),
     _caseload_p90),
    (Outcome("turnover_rate", "Turnover", "a year", "lower", W,
             "Leavers in a year per worker in post (FTE, agency excluded).",
             f"leavers' FTE / FTE-days in post x {WORKING_DAYS_A_YEAR}"),
     _turnover),
    (Outcome("newly_qualified_turnover_rate", "Turnover of newly qualified", "a year", "lower", W,
             "Leavers in a year per newly qualified worker in post (FTE).",
             f"newly qualified leavers' FTE / their FTE-days x {WORKING_DAYS_A_YEAR}"),
     _nq_turnover),
    (Outcome("vacancy_rate", "Vacancies", "share of posts", "lower", W,
             "Posts without a permanent holder, covered by agency or not (FTE).",
             "vacant FTE-days / (vacant + in-post FTE-days)"),
     lambda s: s.ratio(s[t.VACANT_FTE_DAYS], s[t.VACANT_FTE_DAYS] + s[t.IN_POST_FTE_DAYS])),
    (Outcome("unfilled_rate", "Posts unfilled after agency", "share of posts", "lower", W,
             "Posts with neither a permanent holder nor agency cover (FTE).",
             "(vacant - covered FTE-days) / (vacant + in-post FTE-days)"),
     lambda s: s.ratio(s[t.VACANT_FTE_DAYS] - s[t.COVERED_FTE_DAYS],
                       s[t.VACANT_FTE_DAYS] + s[t.IN_POST_FTE_DAYS])),
    (Outcome("agency_rate", "Agency", "share of workers", "lower", W,
             "Agency workers among all at work in posts or beyond them (FTE).",
             "agency FTE-days / (in-post + agency FTE-days)"),
     _agency_rate),
    (Outcome("absence_rate", "Sickness absence", "share of working days", "lower", W,
             "Working days lost to sickness by workers in post (FTE, agency excluded).",
             "sick FTE-days / in-post FTE-days"),
     _absence(t.SICK_FTE_DAYS)),
    (Outcome("sickness_days_per_worker", "Days of sickness", "working days a year", "lower", W,
             "Working days lost to sickness in a year by a worker in post (FTE, agency excluded).",
             f"sick FTE-days / in-post FTE-days x {WORKING_DAYS_A_YEAR}"),
     lambda s: s.ratio(s[t.SICK_FTE_DAYS] * WORKING_DAYS_A_YEAR, s[t.IN_POST_FTE_DAYS])),
    (Outcome("stress_absence_rate", "Stress-related absence", "share of working days", "lower", W,
             "Working days lost to stress-related sickness by workers in post (FTE).",
             "stress-related sick FTE-days / in-post FTE-days"),
     _absence(t.STRESS_SICK_FTE_DAYS)),
    (Outcome("workload_ratio", "Workload against capacity", "ratio", "lower", W,
             "Weighted workload over deployable hours, mean over workers who are not away.",
             "mean of weighted workload / deployable hours at week ends", 1.10,
             "National Probation Service workload tool: over 110 % is excessive"),
     _workload_ratio),
    (Outcome("over_line_worker_weeks", "Worker-weeks above the line", "share", "lower", W,
             "Case-holding worker-weeks with workload above the overload level in that week.",
             "worker-weeks above the level / worker-weeks"),
     _share(t.OVER_LINE_WEEKS, t.WORKER_WEEKS)),
    (Outcome("overloaded_worker_weeks", "Overloaded worker-weeks", "share", "lower", W,
             "Case-holding worker-weeks at the end of a run of weeks above the overload level, as "
             "long as the scenario's definition asks; someone away with cases is above it.",
             "overloaded worker-weeks / worker-weeks"),
     _share(t.OVERLOADED_WEEKS, t.WORKER_WEEKS)),
    (Outcome("worker_weeks_over_50_hours", "Weeks over 50 hours", "share", "lower", W,
             "Case-holding worker-weeks in which more than 50 hours were worked (or what the "
             "scenario calls long hours).",
             "long worker-weeks / worker-weeks", None,
             "Working Time Regulations 1998: 48 hours a week on average"),
     _share(t.LONG_WEEKS, t.WORKER_WEEKS)),
    (Outcome("hours_per_week", "Hours worked a week", "hours", "lower", W,
             "Hours in a full week of a full-time case-holding worker, overtime included.",
             "5 x (contracted + overtime hours) / FTE-days at work"),
     _hours_a_week),
    (Outcome("overtime_hours_per_week", "Overtime a week", "hours", "lower", W,
             "Hours beyond contract in a full week of a full-time case-holding worker.",
             "5 x overtime hours / FTE-days at work"),
     _overtime_a_week),
    (Outcome("exhaustion", "Exhaustion", "0 to 1", "lower", W,
             "Mean exhaustion of case-holding workers at week ends: an index, not a diagnosis.",
             "sum of exhaustion / worker-weeks"),
     _share(t.EXHAUSTION, t.WORKER_WEEKS)),
    (Outcome("supervision_held", "Supervision held", "share of sessions due", "higher", W,
             "Supervision sessions held among those that came due.",
             "sessions held / sessions due", 1.0,
             "Employer standard 5: supervision at least monthly"),
     _share(t.SUPERVISION_HELD, t.SUPERVISION_DUE)),
    (Outcome("cpd_held", "Development time taken", "share of hours due", "higher", W,
             "Hours of professional development taken among those that were due.",
             "hours taken / hours due"),
     _share(t.CPD_HOURS_HELD, t.CPD_HOURS_DUE)),
    (Outcome("direct_time_share", "Time with children and families", "share of hours", "higher", W,
             "Hours of direct work among all hours worked by case-holding workers.",
             "direct hours / (contracted + overtime hours)"),
     _hours(t.DIRECT_HOURS)),
    (Outcome("admin_time_share", "Time on admin", "share of hours", "lower", W,
             "Hours of admin among all hours worked by case-holding workers.",
             "admin hours / (contracted + overtime hours)"),
     _hours(t.ADMIN_HOURS)),
    (Outcome("under_10_percent_direct", "Weeks under 10 % direct time", "share", "lower", W,
             "Worker-weeks at work with less than a tenth of the hours in direct work.",
             "such worker-weeks / worker-weeks"),
     _share(t.VERY_LOW_DIRECT_WEEKS, t.WORKER_WEEKS)),
    (Outcome("under_20_percent_direct", "Weeks under 20 % direct time", "share", "lower", W,
             "Worker-weeks at work with less than a fifth of the hours in direct work.",
             "such worker-weeks / worker-weeks"),
     _share(t.LOW_DIRECT_WEEKS, t.WORKER_WEEKS)),
    (Outcome("newly_qualified_over_protection", "Newly qualified over their protection", "share",
             "lower", W,
             "Worker-weeks of the newly qualified with more work than their protected share.",
             "such worker-weeks / worker-weeks of the newly qualified", 0.0, STANDARD),
     _share(t.NEWLY_QUALIFIED_OVER_WEEKS, t.NEWLY_QUALIFIED_WEEKS)),
    # fairness
    (Outcome("workload_gini", "Inequality of workload", "Gini, 0 to 1", "lower", F,
             "Gini of weighted workload against capacity within teams, mean over team-weeks.",
             "sum of team Ginis / team-weeks"),
     _share(t.GINI, t.FAIR_WEEKS)),
    (Outcome("workload_variation", "Spread of workload", "ratio", "lower", F,
             "Standard deviation over mean of workload against capacity within teams.",
             "sum of team values / team-weeks"),
     _share(t.VARIATION, t.FAIR_WEEKS)),
    (Outcome("workload_90_10", "Heaviest against lightest load", "ratio", "lower", F,
             "90th over 10th percentile of workload against capacity within teams.",
             "sum of team ratios / team-weeks whose 10th percentile is above 0"),
     _share(t.RATIO_90_10, t.RATIO_WEEKS)),
    # safety
    (Outcome("high_risk_allocated_in_1_day", "High risk allocated within a day", "share", "higher",
             S, "High-risk cases that had a worker by the end of the working day after they began "
             "to wait for one in a stage (duty allocations included).",
             "such allocations / allocations of high-risk cases", 1.0, STANDARD),
     _share(t.HIGH_RISK_IN_ONE_DAY, t.HIGH_RISK_ALLOCATIONS)),
    (Outcome("allocation_days_mean", "Days to allocation", "working days", "lower", S,
             "Working days from beginning to wait to having a worker, mean of those allocated.",
             "days waited / allocations"),
     _share(t.ALLOCATION_WAIT_DAYS, t.ALLOCATIONS)),
    (Outcome("allocation_days_median", "Days to allocation, median", "working days", "lower", S,
             "Working days by which half of those allocated had a worker.",
             "median of waits of those allocated"),
     _wait_quantile(0.5)),
    (Outcome("allocation_days_p95", "Days to allocation, slowest twentieth", "working days",
             "lower", S, "Working days by which 95 % of those allocated had a worker.",
             "95th percentile of waits of those allocated"),
     _wait_quantile(0.95)),
    (Outcome("high_risk_allocation_days_p95", "Days to allocation of high risk, slowest twentieth",
             "working days", "lower", S,
             "Working days by which 95 % of high-risk cases allocated had a worker.",
             "95th percentile of waits of those allocated", 1.0, STANDARD),
     _wait_quantile(0.95, high_risk=True)),
    (Outcome("first_contact_days_median", "Days to first contact, median", "working days", "lower",
             S, "Working days from arriving by which half of those first seen had been seen.",
             "median of first contact - arrival"),
     _first_contact(0.5)),
    (Outcome("first_contact_days_p95", "Days to first contact, slowest twentieth", "working days",
             "lower", S, "Working days from arriving by which 95 % of those first seen were seen.",
             "95th percentile of first contact - arrival"),
     _first_contact(0.95)),
    (Outcome("unallocated_cases_mean", "Unallocated cases", "cases", "lower", S,
             "Cases without a worker in the evening, mean over days (reallocations included).",
             "unallocated case-days / days"),
     _mean_a_day(t.WAITING_CASE_DAYS)),
    (Outcome("unallocated_high_risk_mean", "Unallocated high-risk cases", "cases", "lower", S,
             "High-risk cases without a worker in the evening, mean over days.",
             "unallocated high-risk case-days / days", 0.0, STANDARD),
     _mean_a_day(t.WAITING_HIGH_RISK_CASE_DAYS)),
    (Outcome("unallocated_cases_peak", "Unallocated cases, worst week", "cases", "lower", S,
             "The highest weekly mean of unallocated cases.",
             "maximum over weeks of unallocated case-days / working days of the week"),
     _peak_unallocated),
    (Outcome("visits_on_time", "Visits on time", "share", "higher", S,
             "Contacts with children and families made by the day they were due, of those made.",
             "visits made in time / visits made"),
     _share(t.VISITS_ON_TIME, t.VISITS)),
    (Outcome("overdue_days_high_risk", "Days overdue, high risk", "days a case", "lower", S,
             "Working days by which contact is overdue, mean over high-risk cases and days.",
             "days overdue / high-risk case-days", 0.0, STANDARD),
     _share(t.OVERDUE_HIGH_RISK_DAYS, t.HIGH_RISK_CASE_DAYS)),
    (Outcome("workers_per_case", "Workers per case", "workers", "lower", S,
             "Workers that a case had by the time it was closed, of cases that had any.",
             "spells with a worker / closed cases that had a worker"),
     _per_case(t.CLOSED_CASE_WORKERS)),
    (Outcome("expected_incidents", "Expected serious incidents", "a year", "lower", S,
             "Hazard of serious incidents added up over case-days: an index to compare policies "
             "by, since incidents are too rare to count.",
             "sum of daily hazards / years"),
     _a_year(t.EXPECTED_INCIDENTS)),
    (Outcome("rereferral_share", "Re-referrals", "share of arrivals", "lower", S,
             "Arrivals that had been closed before and came back.",
             "returning arrivals / arrivals"),
     _share(t.REREFERRALS, t.ARRIVALS)),
    # flow and money
    (Outcome("arrivals_per_year", "Arrivals", "cases a year", "neither", M,
             "Cases that arrived, returning ones included.", "arrivals / years"),
     _a_year(t.ARRIVALS)),
    (Outcome("closures_per_year", "Closures", "cases a year", "neither", M,
             "Cases closed after their pathway.", "closures / years"),
     _a_year(t.CLOSURES)),
    (Outcome("withdrawn_per_year", "Withdrawn while waiting", "cases a year", "lower", M,
             "Cases that were withdrawn while they waited for a worker.", "withdrawals / years"),
     _a_year(t.WITHDRAWALS)),
    (Outcome("refused_per_year", "Refused at a full list", "cases a year", "lower", M,
             "Cases that found the waiting list full.", "refusals / years"),
     _a_year(t.REFUSALS)),
    (Outcome("open_cases_mean", "Open cases", "cases", "neither", M,
             "Cases open in the evening, waiting and screened ones included, mean over days.",
             "open case-days / days"),
     _mean_a_day(t.OPEN_CASE_DAYS)),
    (Outcome("held_cases_mean", "Cases held", "cases", "neither", M,
             "Cases with a worker in the evening, mean over days.", "held case-days / days"),
     _mean_a_day(t.HELD_CASE_DAYS)),
    (Outcome("open_cases_end", "Open cases at the end", "cases", "neither", M,
             "Cases open on the last evening.", "count"),
     _open_at_end),
    (Outcome("waiting_cases_end", "Waiting cases at the end", "cases", "lower", M,
             "Cases without a worker on the last evening.", "count"),
     _waiting_at_end),
    (Outcome("in_post_fte", "Workers in post", "FTE", "neither", M,
             "Permanent workers in post, mean over days.", "in-post FTE-days / days"),
     _mean_a_day(t.IN_POST_FTE_DAYS)),
    (Outcome("case_holder_fte", "Case-holding workers", "FTE", "neither", M,
             "Workers who hold at least one case, agency included, mean over days.",
             "FTE-days of workers with a case / days"),
     _mean_a_day(t.CASE_HOLDER_FTE_DAYS)),
    (Outcome("starters_fte_per_year", "Starters", "FTE a year", "neither", M,
             "Permanent workers who started.", "starters' FTE / years"),
     _a_year(t.STARTERS_FTE)),
    (Outcome("cost_permanent", "Cost of permanent staff", "pounds a year", "lower", M,
             "Pay with on-costs of workers in post.", "sum / years"),
     _a_year(t.COST_PERMANENT)),
    (Outcome("cost_agency", "Cost of agency", "pounds a year", "lower", M,
             "What agency workers cost.", "sum / years"),
     _a_year(t.COST_AGENCY)),
    (Outcome("cost_recruitment", "Cost of recruitment", "pounds a year", "lower", M,
             "Cost per permanent starter, times starters.", "sum / years"),
     _a_year(t.COST_RECRUITMENT)),
    (Outcome("cost_business_support", "Cost of business support", "pounds a year", "lower", M,
             "Pay with on-costs of business support.", "sum / years"),
     _a_year(t.COST_SUPPORT)),
    (Outcome("cost_policy", "Cost of the policy itself", "pounds a year", "lower", M,
             "What the policy's levers cost beyond pay and prices.", "sum / years"),
     _a_year(t.COST_POLICY)),
    (Outcome("total_cost", "Total cost", "pounds a year", "lower", M,
             "Permanent staff, agency, recruitment, business support and the policy itself.",
             "cost_permanent + cost_agency + cost_recruitment + cost_business_support + "
             "cost_policy"),
     _total_cost),
    (Outcome("unpaid_hours_value", "Value of unpaid hours", "pounds a year", "lower", M,
             "Overtime valued at the scenario's price; given, not paid, and not in the total.",
             "sum / years"),
     _a_year(t.VALUE_UNPAID)),
    (Outcome("cost_per_closed_case", "Cost per closed case", "pounds", "lower", M,
             "Total cost over the cases closed.", "total_cost x years / closures"),
     _cost_per_closed_case),
]  # fmt: skip

_SHARE_IN_WORDS = {
    "median": "median",
    "lower_quartile": "quickest quarter",
    "upper_quartile": "slowest quarter",
    "p95": "slowest twentieth",
}
BAND = re.compile(r"(?P<outcome>.+)_(in_(?P<first>\d+)_to_(?P<last>\d+)|after_(?P<on>\d+))")
_TIMESCALES = {
    "assessments_within_45_days": (
        "Assessments within 45 working days",
        "Assessments that ended within 45 working days of the referral, of those that ended.",
        "Working Together to Safeguard Children: 45 working days",
    ),
    "conferences_within_15_days": (
        "Conferences within 15 working days",
        "Initial child protection conferences held within 15 working days of the strategy "
        "discussion, of those held.",
        "Working Together to Safeguard Children: 15 working days",
    ),
}


def timescale_outcome(key: str) -> Outcome:
    """The outcome of a timescale: the share of the stages that ended in time."""
    label, definition, source = _TIMESCALES.get(
        key,
        (key.replace("_", " ").capitalize(), "Stages that ended in time, of those that ended.", ""),
    )
    return Outcome(
        key, label, "share", "higher", S, definition, "ended in time / ended",
        1.0 if source else None, source,
    )  # fmt: skip


def worker_changes_outcome(key: str) -> Outcome | None:
    """The outcome of stages that count who had three or more workers within a year."""
    if not key.endswith(WITH_THREE_WORKERS):
        return None
    name = key.removesuffix(WITH_THREE_WORKERS).replace("_", " ").capitalize()
    return Outcome(
        key, f"{name} with three or more workers in a year", "share", "lower", S,
        f"{name} who had three or more workers within the last year, of all on the day; mean over "
        "week ends from the second year of the run (its warm-up included) on.",
        f"with three workers in {WORKING_DAYS_A_YEAR} working days / in the stage, at week ends",
    )  # fmt: skip


def wait_outcome(key: str) -> Outcome | None:
    """The outcome of a stream's waits to first contact, if the key ends like one."""
    for end, share in WAIT_QUANTILES.items():
        if key.endswith(f"_{end}"):
            name = key.removesuffix(f"_{end}").replace("_", " ").capitalize()
            return Outcome(
                key, f"{name}, {_SHARE_IN_WORDS[end]}", "working days", "lower", S,
                f"Working days from arriving by which {share:.0%} of those first seen were seen.",
                f"{share:g} quantile of first contact - arrival",
            )  # fmt: skip
    return None


def band_outcome(key: str) -> Outcome | None:
    """The outcome of a band of days of a timescale, if the key ends like one."""
    found = BAND.fullmatch(key)
    if found is None:
        return None
    of = timescale_outcome(found["outcome"])
    days = (
        f"days {found['first']} to {found['last']}" if found["last"] else f"after day {found['on']}"
    )
    return Outcome(
        key, f"{of.label}: {days}", "share", "neither", S,
        f"{of.definition.split(',')[0].removesuffix('.')}: those that took that long.",
        "ended in the band / ended",
    )  # fmt: skip


def own_outcome(key: str) -> Outcome:
    """The outcome that a scenario itself names, by what its key ends with; else a timescale's."""
    return (
        wait_outcome(key)
        or worker_changes_outcome(key)
        or band_outcome(key)
        or timescale_outcome(key)
    )


OUTCOMES: dict[str, Outcome] = {outcome.key: outcome for outcome, _ in _REGISTRY} | {
    key: own_outcome(key) for key in (*_TIMESCALES, "children_in_care_with_three_workers")
}


def _bands(world: World, timescale: int) -> dict[str, float | None]:
    """The shares of the stages that ended in each band of days of a timescale."""
    edges = world.plan.bands[timescale]
    keys = band_keys(world.plan.timescales[timescale], edges)
    ended = world.record.lengths[timescale]
    parts = np.split(ended, [edge + 1 for edge in edges])
    if not keys or not ended.any():
        return {}
    return {key: float(part.sum() / ended.sum()) for key, part in zip(keys, parts, strict=True)}


def measure(world: World) -> dict[str, float]:
    """All outcomes of a run that apply to it."""
    sums = Sums(world)
    found = {outcome.key: formula(sums) for outcome, formula in _REGISTRY}
    for number, key in enumerate(world.plan.timescales):
        column = t.FIRST_TIMESCALE + 2 * number
        found[key] = sums.ratio(sums[column + 1], sums[column])
        found |= _bands(world, number)
    for number, key in enumerate(world.plan.worker_changes):
        column = t.FIRST_TIMESCALE + 2 * (len(world.plan.timescales) + number)
        found[key] = sums.ratio(sums[column + 1], sums[column])
    found |= waits_of_streams(world)
    return {key: value for key, value in found.items() if value is not None}
