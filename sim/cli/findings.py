"""Show what a study found: in short, in full, or policy by policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.cli.app import console
from sim.scenario.problems import InputError

if TYPE_CHECKING:
    from sim.scenario.study_file import StudyFile
    from sim.study.results import Results


def refuse_unknown(study: StudyFile, policies: list[str] | None) -> None:
    """Refuse to show policies that a study does not have.

    Raises
    ------
    InputError
        It names each of them.
    """
    from sim.study.which_run import policy_problems

    known = [policy.name for policy in study.policies]
    problems = [problem for each in policies or [] for problem in policy_problems(each, known)]
    if problems:
        raise InputError(problems)


def show_findings(results: Results, full: bool, policies: list[str] | None) -> None:
    """Print the findings: the short form, unless everything or some policies are asked for."""
    from sim.report.brief import brief
    from sim.report.table import findings, findings_of, print_page

    if full:
        page = findings(results)
    else:
        page = findings_of(results, policies) if policies else brief(results)
    print_page(page, console())
