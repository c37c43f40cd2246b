"""Write what the demo came to into README.md: what it printed, its picture, how near England.

    plimsoll run demo > demo.txt
    python scripts/make_readme.py results/demo/RUN demo.txt

The rest of README.md is written by hand, and stays as it is.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from sim.report.page.blocks import Picture
from sim.report.page.cost_and_safety import cost_and_safety
from sim.report.page.material import Material
from sim.study.results import Results

ROOT = Path(__file__).parents[1]
README, PICTURE = ROOT / "README.md", ROOT / "docs" / "pictures" / "demo.svg"
PRINTED = re.compile(r"(?<=```text\n)Six ways to make.*?(?=```)", re.DOTALL)
PICTURE_LINE = re.compile(r"!\[.*?\]\(docs/pictures/demo\.svg\)", re.DOTALL)
TABLE = re.compile(
    r"(?<=\| \| simulated \| published \|\n\| --- \| ---: \| ---: \|\n).*?(?=\n\n)", re.DOTALL
)
PERCENT = "{:.1%}"
PUBLISHED = (
    ("Caseload per case-holding FTE", "caseload_per_fte", "{:.1f}", "15.2"),
    ("Turnover, a year", "turnover_rate", PERCENT, "11.8 %"),
    ("Vacancies", "vacancy_rate", PERCENT, "14.2 %"),
    ("Vacancies after agency cover", "unfilled_rate", PERCENT, "3.7 %"),
    ("Agency", "agency_rate", PERCENT, "13.0 %"),
    ("Sickness absence", "absence_rate", PERCENT, "3.5 %"),
    ("Assessments within 45 working days", "assessments_within_45_days", PERCENT, "85.7 %"),
    ("Conferences within 15 working days", "conferences_within_15_days", PERCENT, "81.4 %"),
    ("Social workers in post, FTE", "in_post_fte", "{:.0f}", "237"),
    ("Case-holding FTE, agency included", "case_holder_fte", "{:.0f}", "138"),
    ("Cases held", "held_cases_mean", "{:,.0f}", "2,102"),
    ("Re-referrals", "rereferral_share", PERCENT, "22.6 %"),
    ("Hours worked a week", "hours_per_week", "{:.1f}", "40 to 42"),
    ("Time with children and families", "direct_time_share", PERCENT, "20 to 34 %"),
)  # fmt: skip
"""Label, outcome, how it is written, and England's figure of 2025 (see docs/evidence.md)."""


def main(folder: Path, printed: Path) -> None:
    """Put the demo's results in their places."""
    material = Material(Results(folder))
    drawn = next(b for b in cost_and_safety(material).blocks if isinstance(b, Picture))
    PICTURE.write_text(str(drawn.wide) + "\n")
    levels = {key: material.level(material.baseline.name, key).mean for _, key, _, _ in PUBLISHED}
    rows = "\n".join(
        f"| {label} | {form.format(levels[key]).replace('%', ' %')} | {published} |"
        for label, key, form, published in PUBLISHED
    )
    text = README.read_text()
    alternative = f"{drawn.title}. {drawn.description}".replace("]", ")")
    for place, new in (
        (PRINTED, printed.read_text().rstrip() + "\n"),
        (PICTURE_LINE, f"![{alternative}](docs/pictures/demo.svg)"),
        (TABLE, rows),
    ):
        if len(place.findall(text)) != 1:
            raise SystemExit(f"README.md has not one place for {new[:40]!r}")
        text = place.sub(new.replace("\\", r"\\"), text)
    README.write_text(text)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
