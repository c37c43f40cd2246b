"""Simulate a social work service: its people, its cases and its working days.

What is named here is promised, as README.md and the notebooks use it; modules below may move.

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
    from sim.report.explanation import arrows_table, explanation_in_words, explanation_table
    from sim.report.results_tables import (
        changes_table,
        outcomes_table,
        per_pound_table,
        ranges_table,
    )
    from sim.report.trade_off_chart import draw_trade_off
    from sim.report.validation_tables import patterns_table, targets_table
    from sim.report.waterfall import draw_explanation
    from sim.report.week import draw_week, week_table
    from sim.scenario.authority.areas import area_called
    from sim.scenario.authority.figures import figures_of
    from sim.scenario.authority.own_scenario import scenario_of
    from sim.scenario.authority.table import published_figures
    from sim.scenario.evidence import evidence_for, missing_evidence
    from sim.scenario.loading import load_scenario
    from sim.study.asking import ask
    from sim.study.calibration.fitting import calibrate
    from sim.study.explaining import explain
    from sim.study.results import Results
    from sim.study.staffing.finding import find_staffing
    from sim.study.study import Study
    from sim.study.validation.checks import (
        backtest,
        check_patterns,
        check_shock,
        panel_of_authorities,
    )
    from sim.study.validation.targets import check_targets
    from sim.study.validation.theory import check_theory

__all__ = [
    "Results",
    "Study",
    "area_called",
    "arrows_table",
    "ask",
    "backtest",
    "calibrate",
    "changes_table",
    "check_patterns",
    "check_shock",
    "check_targets",
    "check_theory",
    "draw_changes",
    "draw_explanation",
    "draw_trade_off",
    "draw_week",
    "evidence_for",
    "explain",
    "explanation_in_words",
    "explanation_table",
    "figures_of",
    "find_staffing",
    "load_scenario",
    "missing_evidence",
    "outcomes_table",
    "panel_of_authorities",
    "patterns_table",
    "per_pound_table",
    "published_figures",
    "ranges_table",
    "scenario_of",
    "simulate",
    "targets_table",
    "week_table",
]

HOMES = {
    "Results": "sim.study.results",
    "Study": "sim.study.study",
    "area_called": "sim.scenario.authority.areas",
    "arrows_table": "sim.report.explanation",
    "ask": "sim.study.asking",
    "backtest": "sim.study.validation.checks",
    "calibrate": "sim.study.calibration.fitting",
    "changes_table": "sim.report.results_tables",
    "check_patterns": "sim.study.validation.checks",
    "check_shock": "sim.study.validation.checks",
    "check_targets": "sim.study.validation.targets",
    "check_theory": "sim.study.validation.theory",
    "draw_changes": "sim.report.changes_chart",
    "draw_explanation": "sim.report.waterfall",
    "draw_trade_off": "sim.report.trade_off_chart",
    "draw_week": "sim.report.week",
    "evidence_for": "sim.scenario.evidence",
    "explain": "sim.study.explaining",
    "explanation_in_words": "sim.report.explanation",
    "explanation_table": "sim.report.explanation",
    "figures_of": "sim.scenario.authority.figures",
    "find_staffing": "sim.study.staffing.finding",
    "load_scenario": "sim.scenario.loading",
    "missing_evidence": "sim.scenario.evidence",
    "outcomes_table": "sim.report.results_tables",
    "panel_of_authorities": "sim.study.validation.checks",
    "patterns_table": "sim.report.validation_tables",
    "per_pound_table": "sim.report.results_tables",
    "published_figures": "sim.scenario.authority.table",
    "ranges_table": "sim.report.results_tables",
    "scenario_of": "sim.scenario.authority.own_scenario",
    "simulate": "sim.model.world",
    "targets_table": "sim.report.validation_tables",
    "week_table": "sim.report.week",
}


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is: the floors below do without the others' libraries."""
    if name in HOMES:
        return getattr(import_module(HOMES[name]), name)
    raise AttributeError(f"module 'sim' has no attribute {name!r}")
