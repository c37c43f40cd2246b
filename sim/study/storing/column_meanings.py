"""What every column of every stored table means, with its unit: the source of results/README.md."""

from __future__ import annotations

RUN = {
    "policy": ("name", "the policy of the run; the first in the manifest is the baseline"),
    "replication": ("number", "which possible future, from 0; the same one under every policy"),
}
"""Columns that come first in every table of runs."""

OUTCOMES = {
    **RUN,
    "outcome": ("key", "which outcome; `plimsoll outcomes` and docs/glossary.md define each"),
    "value": ("of the outcome", "over the weeks that count; rates and shares are fractions"),
}

COMPARISONS = {
    "policy": ("name", "the policy that is held against the baseline"),
    "outcome": ("key", "which outcome"),
    "baseline": ("of the outcome", "mean over replications under the baseline"),
    "value": ("of the outcome", "mean over replications under the policy"),
    "difference": ("of the outcome", "mean of the differences, policy less baseline, run by run"),
    "low": ("of the outcome", "lower end of the 95 % interval of the difference (Student's t)"),
    "high": ("of the outcome", "upper end of it"),
    "probability_better": ("0 to 1", "probability that the true difference is for the better; "
                           "empty where neither way is better, or one run cannot tell"),
    "bootstrap_low": ("of the outcome", "lower end of the 95 % interval by resampling runs (for "
                      "skewed differences); empty with fewer than ten pairs"),
    "bootstrap_high": ("of the outcome", "upper end of it"),
    "simultaneous_low": ("of the outcome", "lower end of the 95 % interval that holds for all "
                         "policies of this outcome at once; for picking the best of several"),
    "simultaneous_high": ("of the outcome", "upper end of it"),
    "variance_reduction": ("times", "how many times as many runs it would take with chances of "
                           "its own for each policy"),
}  # fmt: skip

COUNTED = {
    "arrivals": ("cases", "arrived, re-referrals included"),
    "rereferrals": ("cases", "of these, came back after closing"),
    "closures": ("cases", "closed"),
    "withdrawals": ("cases", "given up while waiting, by the person"),
    "refusals": ("cases", "turned away because the waiting list was full"),
    "open_case_days": ("case-days", "open, with or without a worker"),
    "waiting_case_days": ("case-days", "waiting for a worker"),
    "waiting_high_risk_case_days": ("case-days", "of these, at high risk"),
    "held_case_days": ("case-days", "with a worker"),
    "high_risk_case_days": ("case-days", "with a worker and at high risk"),
    "overdue_high_risk_days": ("days, added up", "how long contact was overdue on each day, in "
                               "cases at high risk"),
    "expected_incidents": ("incidents", "expected serious incidents: an index, not a forecast"),
    "closed_case_workers": ("workers", "that closed cases had, one after the other"),
    "closed_cases_held": ("cases", "closed that ever had a worker"),
    "allocations": ("cases", "given to a worker"),
    "allocation_wait_days": ("days, added up", "waited before being given to a worker"),
    "high_risk_allocations": ("cases", "at high risk given to a worker"),
    "high_risk_in_one_day": ("cases", "of these, within one working day"),
    "reallocations": ("cases", "given to another worker than before"),
    "visits": ("visits", "and other contacts, made"),
    "visits_on_time": ("visits", "of these, not late"),
    "contracted_hours": ("hours", "contracted, of case holders on days at work"),
    "overtime_hours": ("hours", "worked beyond contract"),
    "protected_hours": ("hours", "of team time, supervision, development, protected time"),
    "direct_hours": ("hours", "with children and families, or adults"),
    "admin_hours": ("hours", "of recording and other admin for cases"),
    "idle_hours": ("hours", "in which nothing was to be done"),
    "support_hours": ("hours", "of admin taken over by business support"),
    "worked_fte_days": ("FTE-days", "at work, of case holders"),
    "supervision_due": ("sessions", "of supervision that came due"),
    "supervision_held": ("sessions", "of supervision held"),
    "cpd_hours_due": ("hours", "of professional development due"),
    "cpd_hours_held": ("hours", "of professional development held"),
    "post_fte_days": ("FTE-days", "of posts, filled or not"),
    "in_post_fte_days": ("FTE-days", "of permanent workers in post, away or not"),
    "vacant_fte_days": ("FTE-days", "of posts without a permanent holder"),
    "agency_fte_days": ("FTE-days", "of agency workers"),
    "covered_fte_days": ("FTE-days", "of vacant posts covered by agency"),
    "case_holder_fte_days": ("FTE-days", "of workers with at least one case, agency included"),
    "sick_fte_days": ("FTE-days", "lost to sickness, of workers in post"),
    "stress_sick_fte_days": ("FTE-days", "of these, stress-related"),
    "leave_fte_days": ("FTE-days", "on annual leave"),
    "training_fte_days": ("FTE-days", "in training"),
    "parental_fte_days": ("FTE-days", "on parental leave"),
    "leavers_fte": ("FTE", "permanent workers who left"),
    "starters_fte": ("FTE", "permanent workers who started"),
    "newly_qualified_leavers_fte": ("FTE", "of the leavers, newly qualified"),
    "newly_qualified_fte_days": ("FTE-days", "of newly qualified workers"),
    "worker_weeks": ("worker-weeks", "of case holders"),
    "long_weeks": ("worker-weeks", "longer than the scenario's long hours (50 by default)"),
    "over_line_weeks": ("worker-weeks", "with workload above the overload level"),
    "overloaded_weeks": ("worker-weeks", "at the end of a run of such weeks that counts as "
                         "overload"),
    "workload_ratio": ("ratio, added up", "workload over capacity, of those not away"),
    "workload_ratio_weeks": ("worker-weeks", "that the ratio is added up over"),
    "exhaustion": ("0 to 1, added up", "exhaustion at the week's end, over worker-weeks"),
    "week_hours": ("hours", "contracted and overtime, of case holders in the week"),
    "low_direct_weeks": ("worker-weeks", "with less than 20 % of hours direct"),
    "very_low_direct_weeks": ("worker-weeks", "with less than 10 % of hours direct"),
    "newly_qualified_weeks": ("worker-weeks", "of the newly qualified"),
    "newly_qualified_over_weeks": ("worker-weeks", "of these, above the overload level"),
    "fair_weeks": ("team-weeks", "that the next two are added up over"),
    "gini": ("0 to 1, added up", "Gini coefficient of workload over capacity within the team"),
    "variation": ("ratio, added up", "coefficient of variation of the same"),
    "ratio_90_10": ("ratio, added up", "90th over 10th percentile of the same"),
    "ratio_weeks": ("team-weeks", "that this is added up over"),
    "cost_permanent": ("pounds", "pay of permanent staff, with on-costs"),
    "cost_agency": ("pounds", "of agency workers"),
    "cost_recruitment": ("pounds", "of recruiting those who started"),
    "cost_support": ("pounds", "of business support"),
    "cost_policy": ("pounds", "of the policy's levers beyond pay and prices"),
    "value_unpaid": ("pounds", "overtime at the scenario's price: given, not paid"),
}  # fmt: skip
"""What is counted of each team in each week. Days are working days."""

TIMESCALE = {
    "_ended": ("stages", "under this timescale that ended"),
    "_in_time": ("stages", "of these, in time"),
}
"""How the two columns of each of the scenario's timescales end."""

THREE_WORKERS = {
    "_counted": ("cases", "in the stages counted on the last evening of the week"),
    "_with_three": ("cases", "of these, with three or more workers within a year"),
}
"""How the two columns of each outcome of changes of worker end."""

TEAM_WEEKS = {
    **RUN,
    "week": ("number", "0 is the week of the start date; the warm-up has negative numbers and "
             "does not count in the outcomes"),
    "week_ending": ("date", "the week's last working day"),
    "team": ("name", "the team; numbered where there are several of a kind"),
    "kind": ("name", "its kind, as in the scenario"),
    **COUNTED,
}  # fmt: skip

WORKER_LOADS = {
    **RUN,
    "measure": ("word", "load: workload over capacity; caseload: cases per full-time equivalent"),
    "band": ("words", "between what it lay at the week's end, the upper end included; of the load, "
             "who is away is apart"),
    "people": ("workers", "different ones who were ever in it"),
    "worker_weeks": ("worker-weeks", "of case holders, over all weeks that count"),
    "fte": ("FTE-weeks", "of these"),
    "cases": ("case-weeks", "that they held"),
    "workload": ("hours", "that these cases asked for, week by week"),
    "capacity": ("hours", "that they had for cases, or would have had if not away"),
}  # fmt: skip

WORKER_WEEKS = {
    **RUN,
    "week": ("number", "as in team_weeks"),
    "worker": ("number", "who: the same person under every policy; never a name"),
    "post": ("number", "their post; -1 for agency beyond the establishment"),
    "team": ("name", "their team"),
    "role": ("name", "their role, as in the scenario"),
    "status": ("word", "present, short sickness, long sickness, parental leave"),
    "agency": ("true or false", "an agency worker"),
    "newly_qualified": ("true or false", "in their protected first time"),
    "fte": ("FTE", "of a full-time worker"),
    "caseload": ("cases", "held at the week's end"),
    "workload": ("hours a week", "that their cases ask for, weighted by complexity"),
    "capacity": ("hours a week", "that they have for cases: deployable hours"),
    "exhaustion": ("0 to 1", "at the week's end: an index, not a diagnosis"),
    "week_contracted": ("hours", "contracted, on days at work"),
    "week_overtime": ("hours", "beyond that"),
    "week_protected": ("hours", "of team time, supervision, development, protected time"),
    "week_direct": ("hours", "with children and families, or adults"),
    "week_admin": ("hours", "of admin for cases"),
    "week_idle": ("hours", "in which nothing was to be done"),
    "weeks_over": ("weeks", "running above the overload level, this one included"),
}

CLOSED_CASES = {
    **RUN,
    "case": ("number", "which: the same under every policy; never a name"),
    "stream": ("name", "the stream of demand that it came by"),
    "status": ("word", "closed, withdrawn, refused"),
    "last_stage": ("name", "the stage that it was in last"),
    "tier": ("name", "its risk tier"),
    "team": ("name", "its last team"),
    "workers": ("workers", "that it had, one after the other"),
    "complexity": ("ratio", "of its work to that of an ordinary case"),
    "rereferral": ("true or false", "it had been closed before"),
    "day_arrived": ("working days", "from the start date; negative if before it"),
    "day_closed": ("working days", "from the start date"),
}

ALLOCATION_LOG = {
    **RUN,
    "day": ("working days", "from the start date"),
    "date": ("date", "the same as a date"),
    "case": ("number", "as in closed_cases"),
    "team": ("name", "the team that it was given in"),
    "stage": ("name", "the stage that it was in"),
    "tier": ("name", "its risk tier"),
    "worker": ("number", "who it was given to, as in worker_weeks"),
    "waited_days": ("working days", "that it had waited for a worker"),
    "why": ("words", "why this worker"),
}

DEMAND = {
    "stream": ("name", "the scenario's stream"),
    "month": ("month", "as 2026-04"),
    "path": ("number", "the forecast's path; replication k met path k"),
    "requests": ("cases", "expected in the month on this path"),
}

PARTS = {
    "outcome": ("key", "which outcome"),
    "part": ("word", "`direct`, an arrow of the loop, `together`; these add up to `change`. Also "
             "`loop` (the change less `direct`), `through_exhaustion`, and the values `baseline` "
             "and `free` (the policy's)"),
    "mean": ("of the outcome", "over pairs of runs"),
    "low": ("of the outcome", "lower end of its 95 % interval"),
    "high": ("of the outcome", "upper end of it"),
    "replications": ("number", "pairs of runs looked at"),
}  # fmt: skip

PLAUSIBLE = {
    "replication": ("number", "of which replication; the same under every policy"),
    "path": ("words", "which value of the scenario"),
    "value": ("of the value", "what it was"),
}  # fmt: skip

EVENTS = {
    "day": ("working days", "from the start date; negative in the warm-up"),
    "date": ("date", "the same as a date"),
    "event": ("words", "what happened"),
    "case": ("number", "to which case; -1 for none"),
    "worker": ("number", "which worker; -1 for none"),
    "team": ("name", "in which team"),
    "detail": ("words", "more about it: risk, stage, role, kind of absence"),
}

TABLES = {
    "outcomes.parquet": ("every outcome of every run", OUTCOMES),
    "comparisons.csv": ("each policy against the baseline", COMPARISONS),
    "team_weeks.parquet": ("each team in each week of each run", TEAM_WEEKS),
    "worker_loads.parquet": ("each band of load, and of caseload, of the workers of each run",
                             WORKER_LOADS),
    "worker_weeks.parquet": ("each worker in each week of each run, on request", WORKER_WEEKS),
    "closed_cases.parquet": ("each case that ended, on request", CLOSED_CASES),
    "allocation_log.parquet": ("each allocation, on request", ALLOCATION_LOG),
    "demand.parquet": ("the forecast's paths that were used, if the study had a forecast", DEMAND),
    "plausible.parquet": ("the values that each replication took, if the study drew from "
                          "plausible sets", PLAUSIBLE),
    "why-<policy>/parts.csv": ("what `plimsoll explain` found", PARTS),
    "rerun-<policy>-<replication>/events.csv": ("the event log of one run, by `plimsoll rerun "
                                                "--trace`", EVENTS),
}  # fmt: skip
"""Each file with a table: what a row is, and its columns."""

MANIFEST = {
    "format": "what kind of folder this is, and the version of its layout",
    "study": "name of the study",
    "title": "its title",
    "question": "what it was to answer",
    "years": "years simulated that count, after the warm-up",
    "replications": "how often each policy was simulated",
    "precision": "how narrow ranges were asked to be, if the number of runs was left to that",
    "seed": "which chances; with the replication it decides every draw",
    "outcomes": "keys of the study's headline outcomes",
    "tables": "tables that it asked for",
    "forecast": "the forecast that demand came from, as the study named it; null without one",
    "plausible": "the plausible sets that replications took, as the study named them, or null",
    "baseline": "the policy that the others are held against: the first",
    "started": "when it began, in UTC",
    "finished": "when it ended, in UTC",
    "files": "each table with its rows and the SHA-256 of its bytes",
    "scenario_sha256": "SHA-256 of the scenario's JSON: the same for the same scenario",
    "forecast_source": "that forecast's SHA-256, paths and months; null without one",
    "plausible_source": "the sets' SHA-256, how many, and which values stay; null without any",
    "git_commit": "commit of the source it was run from, `+changes` if edited; null if installed",
    "python": "version of Python",
    "platform": "system it ran on",
    "processors": "processors of that machine",
    "packages": "versions of the libraries that results depend on, and of Plimsoll itself",
    "policies": "the policies in full: names, labels, levers",
    "scenario": "the scenario in full, resolved: every number of the simulated service",
}
"""The fields of manifest.json."""
