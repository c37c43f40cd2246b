"""What the sections of the report are made from: read once, and summed as they need it."""

from __future__ import annotations

import math
from functools import cached_property

import pandas as pd
from duckdb import DuckDBPyConnection

from sim.model.outcome import Outcome
from sim.model.outcomes import OUTCOMES
from sim.report.changes import Change, changes_of
from sim.report.words import spoken
from sim.scenario.policy import Policy
from sim.study.asking import open_tables
from sim.study.comparing import Interval, mean_interval
from sim.study.explaining.monthly import days_of_week
from sim.study.registry import outcome_of
from sim.study.results import Results

FEWEST = 5  # people: what is said of fewer might be said of a person
OF_WORKERS = ("wellbeing", "fairness")
NEWLY_QUALIFIED = "newly_qualified"
THEMES = {
    "Safety": ("safety", ("expected_incidents", "high_risk_allocated_in_1_day")),
    "Wellbeing": ("wellbeing", ("overloaded_worker_weeks", "exhaustion")),
    "Fairness": ("fairness", ("workload_gini",)),
    "Cost": ("flow and money", ("total_cost",)),
}
"""What policies are judged by: the group of outcomes, and which of them speaks for it."""


class Material:
    """A study's results, as the sections ask for them.

    Attributes
    ----------
    results, study
        What was found, and what was asked.
    baseline, others
        The policies.
    small_counts
        Whether what concerns fewer than five workers is to be shown, too.
    """

    def __init__(self, results: Results, small_counts: bool = False) -> None:
        self.results, self.small_counts = results, small_counts
        self.study = results.study
        self.baseline, *self.others = self.study.policies

    @cached_property
    def changes(self) -> dict[str, dict[str, Change]]:
        """The changes under each policy, by the outcome's key; those that may be shown."""
        table = self.results.comparisons
        return {
            policy.name: {
                each.outcome.key: each
                for each in changes_of(table, policy.name)
                if not self.is_hidden(each.outcome)
            }
            for policy in self.others
        }

    def level(self, policy: str, key: str) -> Interval:
        """The mean of an outcome under a policy, with its 95 % range."""
        return mean_interval(self.values(policy, key).to_numpy())

    def values(self, policy: str, key: str) -> pd.Series:
        """The values of an outcome under a policy, by simulated future."""
        table = self.results.outcomes
        rows = table[(table["policy"] == policy) & (table["outcome"] == key)]
        return rows.set_index("replication")["value"]

    def speaks_for(self, theme: str) -> Outcome | None:
        """The outcome by which a theme is judged; none where nothing of it may be shown."""
        found = self.outcomes_of(theme)
        _, preferred = THEMES[theme]
        first = [each for key in preferred for each in found if each.key == key]
        return next(iter([*first, *found]), None)

    def outcomes_of(self, theme: str) -> list[Outcome]:
        """The study's headline outcomes of a theme; all of fairness, and always the cost."""
        group, preferred = THEMES[theme]
        wanted = [key for key in self.study.outcomes if outcome_of(key).group == group]
        if theme == "Fairness":
            wanted = [key for key, each in OUTCOMES.items() if each.group == group]
        if theme == "Cost" or not wanted:
            wanted.append(preferred[0])
        keys = dict.fromkeys(wanted)
        outcomes = [outcome_of(key, self.study.scenario) for key in keys if key in self._measured]
        return [each for each in outcomes if not self.is_hidden(each)]

    @cached_property
    def _measured(self) -> set[str]:
        """The keys of the outcomes that the results have."""
        return set(self.results.outcomes["outcome"].unique())

    def is_hidden(self, outcome: Outcome) -> bool:
        """Whether an outcome is about too few workers to be shown."""
        if self.small_counts:
            return False
        if NEWLY_QUALIFIED in outcome.key:
            return self._newly_qualified < FEWEST
        return outcome.group in OF_WORKERS and self.case_holders < FEWEST

    @cached_property
    def case_holders(self) -> float:
        """Posts whose holders have cases, in full-time equivalents."""
        scenario = self.study.scenario
        return sum(
            team.number * fte
            for team in scenario.teams.values()
            for role, fte in team.posts.items()
            if scenario.roles[role].holds_cases
        )

    @cached_property
    def _newly_qualified(self) -> float:
        """Newly qualified workers under the baseline, in full-time equivalents, if it is known."""
        if not self.has("team_weeks"):
            return 0.0
        found = self.ask(
            "SELECT sum(newly_qualified_fte_days) AS days FROM team_weeks "
            "WHERE week >= 0 AND policy = ?",
            self.baseline.name,
        )["days"][0]
        return float(found) / self.study.replications / max(self.weeks["days"].sum(), 1)

    @cached_property
    def weeks(self) -> pd.DataFrame:
        """The weeks that count: week, ending (a date), and its working days."""
        found = self.ask(
            "SELECT DISTINCT week, week_ending AS ending FROM team_weeks WHERE week >= 0 "
            "ORDER BY week"
        )
        found["days"] = [days_of_week(day.date(), self.study.scenario) for day in found["ending"]]
        return found

    @cached_property
    def by_run(self) -> pd.DataFrame:
        """Sums over all teams, and the week and its days, by policy, replication and week."""
        sums = self.ask(
            "SELECT policy, replication, week, sum(arrivals) AS arrivals, "
            "sum(held_case_days) AS held, sum(case_holder_fte_days) AS holders, "
            "sum(waiting_case_days) AS waiting FROM team_weeks WHERE week >= 0 "
            "GROUP BY ALL ORDER BY ALL"
        )
        return sums.merge(self.weeks[["week", "days"]], on="week").assign(weeks=1.0)

    @cached_property
    def by_team(self) -> pd.DataFrame:
        """Means over the simulated futures, by policy, team and week."""
        return self.ask(
            "SELECT policy, kind, team, week, avg(worker_weeks) AS workers, "
            "avg(over_line_weeks) AS over_line, avg(overloaded_weeks) AS overloaded, "
            "avg(workload_ratio) AS load, avg(workload_ratio_weeks) AS load_workers, "
            "avg(variation) AS variation, avg(fair_weeks) AS fair_weeks "
            "FROM team_weeks WHERE week >= 0 GROUP BY ALL ORDER BY ALL"
        )

    @property
    def of_baseline(self) -> pd.DataFrame:
        """Of `by_team`, what is under the baseline."""
        return self.by_team[self.by_team["policy"] == self.baseline.name]

    def has(self, table: str) -> bool:
        """Whether the study kept a table."""
        return f"{table}.parquet" in self.results.tables

    def ask(self, question: str, *values: str) -> pd.DataFrame:
        """Ask the stored tables in SQL; `values` take the place of its question marks."""
        found: pd.DataFrame = self._stored.execute(question, values).df()
        return found

    @cached_property
    def _stored(self) -> DuckDBPyConnection:
        """The stored tables, opened once: closed when the material is let go."""
        return open_tables(self.results)


def short_name(policy: Policy) -> str:
    """Name a policy in a word or two."""
    return spoken(policy.name).capitalize()


def ahead(material: Material, first: str, second: str, key: str) -> Interval:
    """How far one policy is ahead of another on an outcome, run by run, with its 95 % range."""
    difference = material.values(first, key) - material.values(second, key)
    found = mean_interval(difference.to_numpy())
    return found if not math.isnan(found.mean) else Interval(0.0, math.nan, math.nan)
