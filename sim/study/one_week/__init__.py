"""A team's week in one run, seen day by day."""

from sim.study.one_week.week import Week, watch_week, week_of_run

__all__ = ["Week", "watch_week", "week_of_run"]
