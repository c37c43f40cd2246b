"""Made-up workforce census files, in the layout in which the census is published."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from sim.scenario.authority.workforce_census import COLUMNS, WHERE

HEADINGS = [*WHERE, *(column for column, _ in COLUMNS.values())]


def row(code: str, year: int, in_post: float = 20.0, **others: Any) -> dict[str, Any]:
    """A return of an authority in which everything fits together."""
    figures = {
        "inpost_fte": in_post, "starters_fte": 0.2 * in_post, "leavers_fte": 0.15 * in_post,
        "agency_fte": 0.1 * in_post, "agency_cover_fte": 0.08 * in_post,
        "vacancy_fte": 0.2 * in_post, "case_holders_fte": 0.6 * in_post, "cases": 9 * in_post,
        "working_days_lost_fte": 8 * in_post, "turnover_rate_fte": 15.0,
        "vacancy_rate_fte": 16.7, "agency_rate_fte": 9.1, "absence_rate_fte": 3.2,
        "caseload_fte": 15.0,
    }  # fmt: skip
    return {
        "time_period": year, "geographic_level": "Local authority", "region_name": "Somewhere",
        "old_la_code": code, "la_name": f"Authority {code}", **figures, **others,
    }  # fmt: skip


def varied(codes: Iterable[str], years: Iterable[int], seed: int = 1) -> list[dict[str, Any]]:
    """Returns of authorities that differ, and move from year to year."""
    chance = np.random.default_rng(seed)
    years = list(years)
    found = []
    for code in codes:
        in_post, level = chance.uniform(14, 22), chance.normal(1, 0.2, size=5)
        for year in years:
            in_post *= float(np.exp(chance.normal(0.02, 0.05)))
            now = np.abs(level * np.exp(chance.normal(0, 0.1, size=5)))
            vacancy, agency = 0.15 * now[1], 0.12 * now[2]
            found.append(
                row(
                    code, year, round(in_post, 1),
                    turnover_rate_fte=round(15 * now[0], 1),
                    leavers_fte=round(0.15 * now[0] * in_post, 1),
                    vacancy_rate_fte=round(100 * vacancy, 1),
                    vacancy_fte=round(in_post * vacancy / (1 - vacancy), 1),
                    agency_rate_fte=round(100 * agency, 1),
                    agency_fte=round(in_post * agency / (1 - agency), 1),
                    caseload_fte=round(15 * now[3], 1),
                    cases=round(15 * now[3] * 0.6 * in_post),
                    absence_rate_fte=round(3.2 * now[4], 1),
                )
            )  # fmt: skip
    return found


def write_census(path: Path, rows: Iterable[Mapping[str, Any]]) -> Path:
    """Write a census file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, HEADINGS)
        writer.writeheader()
        writer.writerows(rows)
    return path
