"""The outcomes: one registry, from which every table, report and search takes its numbers.

Quantities are added up over the weeks that count, and divided last: a rate is never a mean of
rates. Rates and shares are fractions. An outcome that does not apply (no newly qualified worker in
the run, no stage with that timescale) is left out of the run's outcomes, never NaN.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.model import outcome_formulas as f
from sim.model import tallies as t
from sim.model.first_contact import waits_of_streams
from sim.model.outcome import FAIRNESS as F
from sim.model.outcome import MONEY as M
from sim.model.outcome import SAFETY as S
from sim.model.outcome import WELLBEING as W
from sim.model.outcome import Outcome
from sim.model.own_outcomes import WELL_KNOWN_TIMESCALES, own_outcome
from sim.model.plan_columns import WORKING_DAYS_A_YEAR
from sim.scenario.pathway import band_keys

if TYPE_CHECKING:
    from sim.model.world import World

STANDARD = "Employer standard 3, safe workloads and case allocation"

_REGISTRY: list[tuple[Outcome, f.Formula]] = [
    # wellbeing
    (Outcome("caseload_per_fte", "Caseload", "cases per FTE", "lower", W,
             "Cases held per full-time equivalent worker who holds at least one, agency included.",
             "held case-days / FTE-days of workers with a case", 15.0,
             "Setting the Bar (Social Work Scotland, 2022): 15 cases in children's services"),
     f.share(t.HELD_CASE_DAYS, t.CASE_HOLDER_FTE_DAYS)),
    (Outcome("caseload_p90", "Caseload, the busiest tenth", "cases per FTE", "lower", W,
             "Cases per FTE that nine in ten case-holding FTE are at or below, at week ends.",
             "90th percentile of caseload / FTE over worker-weeks, weighted by FTE"),
     f.caseload_p90),
    (Outcome("turnover_rate", "Turnover", "a year", "lower", W,
             "Leavers in a year per worker in post (FTE, agency excluded).",
             f"leavers' FTE / FTE-days in post x {WORKING_DAYS_A_YEAR}"),
     f.turnover),
    (Outcome("newly_qualified_turnover_rate", "Turnover of newly qualified", "a year", "lower", W,
             "Leavers in a year per newly qualified worker in post (FTE).",
             f"newly qualified leavers' FTE / their FTE-days x {WORKING_DAYS_A_YEAR}"),
     f.turnover_of_newly_qualified),
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
     f.agency_rate),
    (Outcome("absence_rate", "Sickness absence", "share of working days", "lower", W,
             "Working days lost to sickness by workers in post (FTE, agency excluded).",
             "sick FTE-days / in-post FTE-days"),
     f.absence(t.SICK_FTE_DAYS)),
    (Outcome("sickness_days_per_worker", "Days of sickness", "working days a year", "lower", W,
             "Working days lost to sickness in a year by a worker in post (FTE, agency excluded).",
             f"sick FTE-days / in-post FTE-days x {WORKING_DAYS_A_YEAR}"),
     lambda s: s.ratio(s[t.SICK_FTE_DAYS] * WORKING_DAYS_A_YEAR, s[t.IN_POST_FTE_DAYS])),
    (Outcome("stress_absence_rate", "Stress-related absence", "share of working days", "lower", W,
             "Working days lost to stress-related sickness by workers in post (FTE).",
             "stress-related sick FTE-days / in-post FTE-days"),
     f.absence(t.STRESS_SICK_FTE_DAYS)),
    (Outcome("workload_ratio", "Workload against capacity", "ratio", "lower", W,
             "Weighted workload over deployable hours, mean over workers who are not away.",
             "mean of weighted workload / deployable hours at week ends", 1.10,
             "National Probation Service workload tool: over 110 % is excessive"),
     f.workload_ratio),
    (Outcome("over_line_worker_weeks", "Worker-weeks above the line", "share", "lower", W,
             "Case-holding worker-weeks with workload above the overload level in that week.",
             "worker-weeks above the level / worker-weeks"),
     f.share(t.OVER_LINE_WEEKS, t.WORKER_WEEKS)),
    (Outcome("overloaded_worker_weeks", "Overloaded worker-weeks", "share", "lower", W,
             "Case-holding worker-weeks at the end of a run of weeks above the overload level, as "
             "long as the scenario's definition asks; someone away with cases is above it.",
             "overloaded worker-weeks / worker-weeks"),
     f.share(t.OVERLOADED_WEEKS, t.WORKER_WEEKS)),
    (Outcome("worker_weeks_over_50_hours", "Weeks over 50 hours", "share", "lower", W,
             "Case-holding worker-weeks in which more than 50 hours were worked (or what the "
             "scenario calls long hours).",
             "long worker-weeks / worker-weeks", None,
             "Working Time Regulations 1998: 48 hours a week on average"),
     f.share(t.LONG_WEEKS, t.WORKER_WEEKS)),
    (Outcome("hours_per_week", "Hours worked a week", "hours", "lower", W,
             "Hours in a full week of a full-time case-holding worker, overtime included.",
             "5 x (contracted + overtime hours) / FTE-days at work"),
     f.hours_a_week),
    (Outcome("overtime_hours_per_week", "Overtime a week", "hours", "lower", W,
             "Hours beyond contract in a full week of a full-time case-holding worker.",
             "5 x overtime hours / FTE-days at work"),
     f.overtime_a_week),
    (Outcome("exhaustion", "Exhaustion", "0 to 1", "lower", W,
             "Mean exhaustion of case-holding workers at week ends: an index, not a diagnosis.",
             "sum of exhaustion / worker-weeks"),
     f.share(t.EXHAUSTION, t.WORKER_WEEKS)),
    (Outcome("supervision_held", "Supervision held", "share of sessions due", "higher", W,
             "Supervision sessions held among those that came due.",
             "sessions held / sessions due", 1.0,
             "Employer standard 5: supervision at least monthly"),
     f.share(t.SUPERVISION_HELD, t.SUPERVISION_DUE)),
    (Outcome("cpd_held", "Development time taken", "share of hours due", "higher", W,
             "Hours of professional development taken among those that were due.",
             "hours taken / hours due"),
     f.share(t.CPD_HOURS_HELD, t.CPD_HOURS_DUE)),
    (Outcome("direct_time_share", "Time with children and families", "share of hours", "higher", W,
             "Hours of direct work among all hours worked by case-holding workers.",
             "direct hours / (contracted + overtime hours)"),
     f.share_of_hours(t.DIRECT_HOURS)),
    (Outcome("admin_time_share", "Time on admin", "share of hours", "lower", W,
             "Hours of admin among all hours worked by case-holding workers.",
             "admin hours / (contracted + overtime hours)"),
     f.share_of_hours(t.ADMIN_HOURS)),
    (Outcome("under_10_percent_direct", "Weeks under 10 % direct time", "share", "lower", W,
             "Worker-weeks at work with less than a tenth of the hours in direct work.",
             "such worker-weeks / worker-weeks"),
     f.share(t.VERY_LOW_DIRECT_WEEKS, t.WORKER_WEEKS)),
    (Outcome("under_20_percent_direct", "Weeks under 20 % direct time", "share", "lower", W,
             "Worker-weeks at work with less than a fifth of the hours in direct work.",
             "such worker-weeks / worker-weeks"),
     f.share(t.LOW_DIRECT_WEEKS, t.WORKER_WEEKS)),
    (Outcome("newly_qualified_over_protection", "Newly qualified over their protection", "share",
             "lower", W,
             "Worker-weeks of the newly qualified with more work than their protected share.",
             "such worker-weeks / worker-weeks of the newly qualified", 0.0, STANDARD),
     f.share(t.NEWLY_QUALIFIED_OVER_WEEKS, t.NEWLY_QUALIFIED_WEEKS)),
    # fairness
    (Outcome("workload_gini", "Inequality of workload", "Gini, 0 to 1", "lower", F,
             "Gini of weighted workload against capacity within teams, mean over team-weeks.",
             "sum of team Ginis / team-weeks"),
     f.share(t.GINI, t.FAIR_WEEKS)),
    (Outcome("workload_variation", "Spread of workload", "ratio", "lower", F,
             "Standard deviation over mean of workload against capacity within teams.",
             "sum of team values / team-weeks"),
     f.share(t.VARIATION, t.FAIR_WEEKS)),
    (Outcome("workload_90_10", "Heaviest against lightest load", "ratio", "lower", F,
             "90th over 10th percentile of workload against capacity within teams.",
             "sum of team ratios / team-weeks whose 10th percentile is above 0"),
     f.share(t.RATIO_90_10, t.RATIO_WEEKS)),
    # safety
    (Outcome("high_risk_allocated_in_1_day", "High risk allocated within a day", "share", "higher",
             S, "High-risk cases that had a worker by the end of the working day after they began "
             "to wait for one in a stage (duty allocations included).",
             "such allocations / allocations of high-risk cases", 1.0, STANDARD),
     f.share(t.HIGH_RISK_IN_ONE_DAY, t.HIGH_RISK_ALLOCATIONS)),
    (Outcome("allocation_days_mean", "Days to allocation", "working days", "lower", S,
             "Working days from beginning to wait to having a worker, mean of those allocated.",
             "days waited / allocations"),
     f.share(t.ALLOCATION_WAIT_DAYS, t.ALLOCATIONS)),
    (Outcome("allocation_days_median", "Days to allocation, median", "working days", "lower", S,
             "Working days by which half of those allocated had a worker.",
             "median of waits of those allocated"),
     f.wait_quantile(0.5)),
    (Outcome("allocation_days_p95", "Days to allocation, slowest twentieth", "working days",
             "lower", S, "Working days by which 95 % of those allocated had a worker.",
             "95th percentile of waits of those allocated"),
     f.wait_quantile(0.95)),
    (Outcome("high_risk_allocation_days_p95", "Days to allocation of high risk, slowest twentieth",
             "working days", "lower", S,
             "Working days by which 95 % of high-risk cases allocated had a worker.",
             "95th percentile of waits of those allocated", 1.0, STANDARD),
     f.wait_quantile(0.95, high_risk=True)),
    (Outcome("first_contact_days_median", "Days to first contact, median", "working days", "lower",
             S, "Working days from arriving by which half of those first seen had been seen.",
             "median of first contact - arrival"),
     f.first_contact(0.5)),
    (Outcome("first_contact_days_p95", "Days to first contact, slowest twentieth", "working days",
             "lower", S, "Working days from arriving by which 95 % of those first seen were seen.",
             "95th percentile of first contact - arrival"),
     f.first_contact(0.95)),
    (Outcome("unallocated_cases_mean", "Unallocated cases", "cases", "lower", S,
             "Cases without a worker in the evening, mean over days (reallocations included).",
             "unallocated case-days / days"),
     f.mean_a_day(t.WAITING_CASE_DAYS)),
    (Outcome("unallocated_high_risk_mean", "Unallocated high-risk cases", "cases", "lower", S,
             "High-risk cases without a worker in the evening, mean over days.",
             "unallocated high-risk case-days / days", 0.0, STANDARD),
     f.mean_a_day(t.WAITING_HIGH_RISK_CASE_DAYS)),
    (Outcome("unallocated_cases_peak", "Unallocated cases, worst week", "cases", "lower", S,
             "The highest weekly mean of unallocated cases.",
             "maximum over weeks of unallocated case-days / working days of the week"),
     f.peak_unallocated),
    (Outcome("visits_on_time", "Visits on time", "share", "higher", S,
             "Contacts with children and families made by the day they were due, of those made.",
             "visits made in time / visits made"),
     f.share(t.VISITS_ON_TIME, t.VISITS)),
    (Outcome("overdue_days_high_risk", "Days overdue, high risk", "days a case", "lower", S,
             "Working days by which contact is overdue, mean over high-risk cases and days.",
             "days overdue / high-risk case-days", 0.0, STANDARD),
     f.share(t.OVERDUE_HIGH_RISK_DAYS, t.HIGH_RISK_CASE_DAYS)),
    (Outcome("workers_per_case", "Workers per case", "workers", "lower", S,
             "Workers that a case had by the time it was closed, of cases that had any.",
             "spells with a worker / closed cases that had a worker"),
     f.per_case(t.CLOSED_CASE_WORKERS)),
    (Outcome("expected_incidents", "Expected serious incidents", "a year", "lower", S,
             "Hazard of serious incidents added up over case-days: an index to compare policies "
             "by, since incidents are too rare to count.",
             "sum of daily hazards / years"),
     f.a_year(t.EXPECTED_INCIDENTS)),
    (Outcome("rereferral_share", "Re-referrals", "share of arrivals", "lower", S,
             "Arrivals that had been closed before and came back.",
             "returning arrivals / arrivals"),
     f.share(t.REREFERRALS, t.ARRIVALS)),
    # flow and money
    (Outcome("arrivals_per_year", "Arrivals", "cases a year", "neither", M,
             "Cases that arrived, returning ones included.", "arrivals / years"),
     f.a_year(t.ARRIVALS)),
    (Outcome("closures_per_year", "Closures", "cases a year", "neither", M,
             "Cases closed after their pathway.", "closures / years"),
     f.a_year(t.CLOSURES)),
    (Outcome("withdrawn_per_year", "Withdrawn while waiting", "cases a year", "lower", M,
             "Cases that were withdrawn while they waited for a worker.", "withdrawals / years"),
     f.a_year(t.WITHDRAWALS)),
    (Outcome("refused_per_year", "Refused at a full list", "cases a year", "lower", M,
             "Cases that found the waiting list full.", "refusals / years"),
     f.a_year(t.REFUSALS)),
    (Outcome("open_cases_mean", "Open cases", "cases", "neither", M,
             "Cases open in the evening, waiting and screened ones included, mean over days.",
             "open case-days / days"),
     f.mean_a_day(t.OPEN_CASE_DAYS)),
    (Outcome("held_cases_mean", "Cases held", "cases", "neither", M,
             "Cases with a worker in the evening, mean over days.", "held case-days / days"),
     f.mean_a_day(t.HELD_CASE_DAYS)),
    (Outcome("open_cases_end", "Open cases at the end", "cases", "neither", M,
             "Cases open on the last evening.", "count"),
     f.open_at_end),
    (Outcome("waiting_cases_end", "Waiting cases at the end", "cases", "lower", M,
             "Cases without a worker on the last evening.", "count"),
     f.waiting_at_end),
    (Outcome("in_post_fte", "Workers in post", "FTE", "neither", M,
             "Permanent workers in post, mean over days.", "in-post FTE-days / days"),
     f.mean_a_day(t.IN_POST_FTE_DAYS)),
    (Outcome("case_holder_fte", "Case-holding workers", "FTE", "neither", M,
             "Workers who hold at least one case, agency included, mean over days.",
             "FTE-days of workers with a case / days"),
     f.mean_a_day(t.CASE_HOLDER_FTE_DAYS)),
    (Outcome("starters_fte_per_year", "Starters", "FTE a year", "neither", M,
             "Permanent workers who started.", "starters' FTE / years"),
     f.a_year(t.STARTERS_FTE)),
    (Outcome("cost_permanent", "Cost of permanent staff", "pounds a year", "lower", M,
             "Pay with on-costs of workers in post.", "sum / years"),
     f.a_year(t.COST_PERMANENT)),
    (Outcome("cost_agency", "Cost of agency", "pounds a year", "lower", M,
             "What agency workers cost.", "sum / years"),
     f.a_year(t.COST_AGENCY)),
    (Outcome("cost_recruitment", "Cost of recruitment", "pounds a year", "lower", M,
             "Cost per permanent starter, times starters.", "sum / years"),
     f.a_year(t.COST_RECRUITMENT)),
    (Outcome("cost_business_support", "Cost of business support", "pounds a year", "lower", M,
             "Pay with on-costs of business support.", "sum / years"),
     f.a_year(t.COST_SUPPORT)),
    (Outcome("cost_policy", "Cost of the policy itself", "pounds a year", "lower", M,
             "What the policy's levers cost beyond pay and prices.", "sum / years"),
     f.a_year(t.COST_POLICY)),
    (Outcome("total_cost", "Total cost", "pounds a year", "lower", M,
             "Permanent staff, agency, recruitment, business support and the policy itself.",
             "cost_permanent + cost_agency + cost_recruitment + cost_business_support + "
             "cost_policy"),
     f.total_cost),
    (Outcome("unpaid_hours_value", "Value of unpaid hours", "pounds a year", "lower", M,
             "Overtime valued at the scenario's price; given, not paid, and not in the total.",
             "sum / years"),
     f.a_year(t.VALUE_UNPAID)),
    (Outcome("cost_per_closed_case", "Cost per closed case", "pounds", "lower", M,
             "Total cost over the cases closed.", "total_cost x years / closures"),
     f.cost_per_closed_case),
]  # fmt: skip

OUTCOMES: dict[str, Outcome] = {outcome.key: outcome for outcome, _ in _REGISTRY} | {
    key: own_outcome(key) for key in (*WELL_KNOWN_TIMESCALES, "children_in_care_with_three_workers")
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
    sums = f.Sums(world)
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
