"""A study whose every name is hostile, its report, and what a reader sees of a page."""

from __future__ import annotations

import html
import re
from pathlib import Path

from sim.scenario.policy import Policy
from sim.scenario.study_file import StudyFile
from sim.study.results import Results
from sim.study.running import run_study
from tests.small_services import lively_service

HOSTILE = "<script>alert('x')</script> & \"quoted\" =cmd|' /C calc'!A1"
TEAM = 'Intake <b>&amp;</b> "first"'


def hostile_study(replications: int = 3, **parts: object) -> StudyFile:
    """A study of the lively service in which each text that a user writes is hostile."""
    tables = parts.pop("tables", ("team_weeks", "worker_loads"))
    service = lively_service(
        title=HOSTILE,
        teams={
            "intake": {"label": TEAM},
            "long_term": {"label": "=1+1", "posts": {"social_worker": 1}},
        },
        **parts,
    )
    policies = [
        {"name": "baseline", "label": "+the service as it is"},
        {"name": "support", "label": HOSTILE, "levers": [{"lever": "business_support", "fte": 2}]},
        {
            "name": "posts",
            "label": "@three more posts",
            "levers": [{"lever": "posts", "role": "social_worker", "team": "intake", "fte": 3}],
        },
    ]
    return StudyFile(
        name="hostile", title=HOSTILE, question=HOSTILE, scenario=service, years=0.5, seed=1,
        policies=tuple(Policy.model_validate(each) for each in policies), tables=tables,
        replications=replications,
        outcomes=("caseload_per_fte", "overloaded_worker_weeks", "newly_qualified_turnover_rate",
                  "high_risk_allocated_in_1_day", "expected_incidents", "total_cost"),
    )  # fmt: skip


def run(folder: Path, **parts: object) -> Results:
    """Run the hostile study into a folder."""
    return run_study(hostile_study(**parts), jobs=1, out=folder)


def section_of(page: str, name: str) -> str:
    """The HTML of a section."""
    found = re.search(rf'<section id="{name}".*?</section>', page, re.DOTALL)
    assert found, name
    return found[0]


def text_of(source: str) -> str:
    """The words of HTML, as a reader sees them; of charts too."""
    without_style = re.sub(r"<style>.*?</style>", " ", source, flags=re.DOTALL)
    return html.unescape(re.sub(r"<[^>]+>", " ", without_style))


def cells_of(source: str) -> list[list[str]]:
    """The rows of the tables in HTML, as texts."""
    rows = re.findall(r"<tr>(.*?)</tr>", source, re.DOTALL)
    return [
        [text_of(cell).strip() for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)]
        for row in rows
    ]
