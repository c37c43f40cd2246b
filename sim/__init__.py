"""Simulate a social work service: its people, its cases and its working days.

>>> from sim import Study
>>> results = Study.from_yaml("demo").run(replications=5)  # doctest: +SKIP
>>> results.comparisons  # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.model.world import simulate
    from sim.report.changes_chart import draw_changes
    from sim.report.explanation import explanation_in_words, explanation_table
    from sim.report.results_tables import changes_table, outcomes_table, per_pound_table
    from sim.report.trade_off_chart import draw_trade_off
    from sim.report.waterfall import draw_explanation
    from sim.report.week import draw_week, week_table
    from sim.study.explaining import explain
    from sim.study.results import Results
    from sim.study.study import Study

__all__ = [
    "Results",
    "Study",
    "changes_table",
    "draw_changes",
    "draw_explanation",
    "draw_trade_off",
    "draw_week",
    "explain",
    "explanation_in_words",
    "explanation_table",
    "outcomes_table",
    "per_pound_table",
    "simulate",
    "week_table",
]

HOMES = {
    "Results": "sim.study.results",
    "Study": "sim.study.study",
    "changes_table": "sim.report.results_tables",
    "draw_changes": "sim.report.changes_chart",
    "draw_explanation": "sim.report.waterfall",
    "draw_trade_off": "sim.report.trade_off_chart",
    "draw_week": "sim.report.week",
    "explain": "sim.study.explaining",
    "explanation_in_words": "sim.report.explanation",
    "explanation_table": "sim.report.explanation",
    "outcomes_table": "sim.report.results_tables",
    "per_pound_table": "sim.report.results_tables",
    "simulate": "sim.model.world",
    "week_table": "sim.report.week",
}


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is: the floors below do without the others' libraries."""
    if name in HOMES:
        return getattr(import_module(HOMES[name]), name)
    raise AttributeError(f"module 'sim' has no attribute {name!r}")
