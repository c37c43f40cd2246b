"""Make the tables of what is published of each authority: configs/evidence/authorit*.csv.

    python scripts/make_authorities.py EVIDENCE            write them
    python scripts/make_authorities.py EVIDENCE --check    only say whether they are up to date

EVIDENCE is a folder with the Department for Education's files as gathered:
csww_local_authority.csv, la_cin_*.csv, la_cla_numbers_*.csv and la_lait_timeseries_*.csv. Nothing
is changed on its way but what this file says: percentages become shares, rates for each 10,000
children become counts, and the children's figures of two authorities that make one workforce
return are put together.

Three tables: `authorities.csv` (the figures, a row for each area and year), `authority_areas.csv`
(authorities, regions and England, with older names) and `authority_measures.csv` (what each column
is, and its source).
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from sim.scenario.authority.workforce_census import (
    COLUMNS,
    ENGLAND,
    NOT_GIVEN,
    SUPPRESSED,
    UNRELIABLE,
    cell,
    census_rows,
)

ROOT = Path(__file__).resolve().parents[1]
TABLES = ROOT / "configs" / "evidence"
FIRST_YEAR = 2016  # the first year of the interactive tool's figures

# Two authorities with one children's service, and so one workforce return.
JOINT = {"314/318": ("314", "318"), "940/941": ("940", "941")}
JOINT_SINCE = {"314/318": 2016, "940/941": 2021}

# Who came after whom; Christchurch, once Dorset's, is a small part of the second.
PREDECESSORS = {
    "838": ("835",),
    "839": ("836", "837"),
    "942": ("909",),
    "943": ("909",),
    "940/941": ("928",),
}
NAMES = {
    "314/318": "Kingston upon Thames and Richmond upon Thames",
    "940/941": "North Northamptonshire and West Northamptonshire",
}
OTHER_NAMES = {
    "314/318": ("Kingston upon Thames", "Kingston", "Richmond upon Thames", "Richmond"),
    "801": ("Bristol",),
    "810": ("Hull",),
    "839": ("BCP",),
    "840": ("Durham",),
    "884": ("Herefordshire",),
    "940/941": ("North Northamptonshire", "West Northamptonshire"),
}

CENSUS_TITLE = "Children's social work workforce, indicators 2017 to 2025 (DfE)"
B1_TITLE = "Children in need, table B1, 2013 to 2025 (DfE)"
C1_TITLE = "Children in need, table C1, 2013 to 2025 (DfE)"
D3_TITLE = "Children in need, table D3, 2013 to 2025 (DfE)"
D5_TITLE = "Children in need, table D5, 2013 to 2025 (DfE)"
LAIT_TITLE = "Local Authority Interactive Tool, 2016 to 2025 (DfE)"
DASHBOARD = (
    "https://github.com/dfe-analytical-services/CSC_outcomes_and_enablers/blob/main/data-raw/"
)
URLS = {
    CENSUS_TITLE: DASHBOARD + "csww_indicators_2017_to_2025.csv",
    B1_TITLE: DASHBOARD + "b1_children_in_need_2013_to_2025.csv",
    C1_TITLE: DASHBOARD + "c1_children_in_need_referrals_and_rereferrals_2013_to_2025.csv",
    D3_TITLE: DASHBOARD + "d3_cpps_subsequent_plan_2013_to_2025.csv",
    D5_TITLE: DASHBOARD + "d5_cpps_at31march_by_duration_2013_to_2025.csv",
    LAIT_TITLE: "https://github.com/dfe-analytical-services/local-authority-interactive-tool"
    "/blob/main/01_data/02_prod/bds_long_0.parquet",
}

Meaning = tuple[str, str, str, str]  # unit, what it is, source, its column there

CENSUS_MEANINGS: dict[str, tuple[str, str]] = {
    "in_post_fte": ("FTE", "Social workers in post on 30 September, agency excluded"),
    "starters_fte": ("FTE a year", "Starters in the year to 30 September"),
    "leavers_fte": ("FTE a year", "Leavers in the year to 30 September"),
    "agency_fte": ("FTE", "Agency workers on 30 September"),
    "agency_cover_fte": ("FTE", "Agency workers who covered vacancies"),
    "vacancy_fte": ("FTE", "Vacant posts, covered by agency or not"),
    "case_holder_fte": ("FTE", "Workers who held a case, agency included"),
    "cases": ("cases", "Cases held on 30 September"),
    "days_lost_fte": ("FTE days a year", "Working days lost to sickness"),
    "turnover_rate": ("share a year", "Leavers over workers in post"),
    "vacancy_rate": ("share", "Vacancies over vacancies and workers in post"),
    "agency_rate": ("share", "Agency workers over agency workers and workers in post"),
    "absence_rate": ("share", "Days lost over the days of workers in post"),
    "caseload": ("cases per FTE", "Cases over the FTE of those who hold any"),
}
COUNTS: dict[str, Meaning] = {
    "referrals": ("a year", "Referrals", C1_TITLE, "referral_count"),
    "rereferrals": (
        "a year",
        "Referrals within 12 months of an earlier one",
        C1_TITLE,
        "rereferral_count",
    ),
    "no_further_action": (
        "a year",
        "Referrals that needed no further action",
        C1_TITLE,
        "no_further_action_count",
    ),
    "need_open": ("episodes", "Episodes of need open on 31 March", B1_TITLE, "At31_episodes"),
    "need_started": ("a year", "Episodes of need begun", B1_TITLE, "Started_episodes"),
    "plans_started": ("a year", "Child protection plans begun", D3_TITLE, "CPP_start"),
    "plans_open": ("plans", "Child protection plans open on 31 March", D5_TITLE, "CPP_At31"),
    "care_started": ("a year", "Children taken into care", LAIT_TITLE, "LACnum_Start"),
    "care_open": ("children", "Children in care on 31 March", LAIT_TITLE, "LACnum"),
}
CHILDREN: Meaning = (
    "children",
    "Children under 18: referrals over their rate for 10,000 children",
    LAIT_TITLE,
    "CPP_Total_NumRef; CPP_Total_Rateper10,000",
)
RATES: dict[str, Meaning] = {
    "section_47": (
        "a year",
        "Section 47 enquiries: their rate for 10,000 children times children",
        LAIT_TITLE,
        "Section_47",
    ),
    "conferences": (
        "a year",
        "Initial child protection conferences: their rate times children",
        LAIT_TITLE,
        "ISCP_Conf",
    ),
}
SHARES: dict[str, Meaning] = {
    "assessments_within_45": (
        "share",
        "Assessments completed within 45 working days",
        LAIT_TITLE,
        "Continue_Assess_Comp",
    ),
    "conferences_within_15": (
        "share",
        "Initial conferences within 15 working days",
        LAIT_TITLE,
        "CP_conf_15days",
    ),
    "reviews_on_time": (
        "share",
        "Child protection plans reviewed on time",
        LAIT_TITLE,
        "RevCP",
    ),
    "three_workers": (
        "share",
        "Children in care with three or more social workers in the year",
        LAIT_TITLE,
        "Stability_SocialWorker",
    ),
}
IN_NEED_FILES = {
    B1_TITLE: "la_cin_b1_children_in_need_2013_to_2025.csv",
    C1_TITLE: "la_cin_c1_referrals_rereferrals_2013_to_2025.csv",
    D3_TITLE: "la_cin_d3_cpp_subsequent_2013_to_2025.csv",
    D5_TITLE: "la_cin_d5_cpp_duration_2013_to_2025.csv",
}
LAIT_AREAS = {
    "Yorkshire and the Humber": "Yorkshire and The Humber",
    "London (Inner)": "Inner London",
    "London (Outer)": "Outer London",
}
LAIT_FIRST_REGION = 970  # England is 970 and its regions 980 to 990
MEASURES = [*COLUMNS, *COUNTS, "children", *RATES, *SHARES]

Figures = dict[tuple[str, int], dict[str, str]]


def figures(folder: Path) -> Figures:
    """Every figure as text, by area, year and measure."""
    found: Figures = {}
    for row in census_rows(folder / "csww_local_authority.csv"):
        area, year = row.pop("area"), int(row.pop("year"))
        found.setdefault((area, year), {}).update(row)
    for (area, year), row in children_in_need(folder).items():
        found.setdefault((area, year), {}).update(row)
    for (area, year), row in interactive_tool(folder).items():
        found.setdefault((area, year), {}).update(row)
    for row in found.values():
        if row.get("referrals") in (SUPPRESSED, UNRELIABLE):
            mark = row["referrals"]  # the tool writes a nought for what was not fit to print
            row |= {key: mark for key in [*RATES, *SHARES] if row.get(key) in ("0", NOT_GIVEN)}
    put_together(found)
    return {key: row for key, row in sorted(found.items()) if any(row.values())}


def children_in_need(folder: Path) -> Figures:
    """The counts of the children in need census, and their marks."""
    found: Figures = {}
    for title, name in IN_NEED_FILES.items():
        columns = {key: theirs for key, (*_, source, theirs) in COUNTS.items() if source == title}
        table = pd.read_csv(folder / name, dtype=str, keep_default_na=False)
        for row in table.to_dict("records"):
            year = int(row["time_period"])
            if year >= FIRST_YEAR:
                into = found.setdefault((area_of(row), year), {})
                into |= {key: cell(row[theirs]) for key, theirs in columns.items()}
    return found


def area_of(row: dict[str, str]) -> str:
    """The area of a row of the children in need census."""
    if row["geographic_level"] == "National":
        return ENGLAND
    return row["region_name"] if row["geographic_level"] == "Regional" else row["old_la_code"]


def interactive_tool(folder: Path) -> Figures:
    """What only the interactive tool has: children in care, enquiries, conferences, timeliness."""
    table = pd.read_csv(
        folder / "la_lait_timeseries_2016_2025.csv", dtype=str, keep_default_na=False
    )
    counts = {key: theirs for key, (*_, title, theirs) in COUNTS.items() if title == LAIT_TITLE}
    found: Figures = {}
    for row in table.to_dict("records"):
        name = row["LA and Regions"]
        region = int(row["LA Number"]) >= LAIT_FIRST_REGION
        area = LAIT_AREAS.get(name, name) if region else row["LA Number"]
        figure = {key: as_number(text) for key, text in row.items() if key not in LABELS}
        referrals, rate = figure["CPP_Total_NumRef"], figure["CPP_Total_Rateper10,000"]
        children = 1e4 * referrals / rate if referrals and rate else None
        into = {key: as_text(figure[theirs]) for key, theirs in counts.items()}
        into["children"] = as_text(children, 0)
        for key, (*_, theirs) in RATES.items():
            each = figure[theirs]
            known = each is not None and children is not None
            into[key] = as_text(each * children / 1e4, 0) if known else NOT_GIVEN
        for key, (*_, theirs) in SHARES.items():
            into[key] = as_text(None if figure[theirs] is None else figure[theirs] / 100, 4)
        found[area, int(row["Years"])] = into
    return found


LABELS = ("LA Number", "LA and Regions", "Region", "Years")


def as_number(text: str) -> float | None:
    """A figure of the interactive tool; '-' stands there for everything that is not given."""
    return None if text in ("-", "") else float(text)


def as_text(number: float | None, digits: int = 1) -> str:
    """A figure as the table writes it."""
    return NOT_GIVEN if number is None else f"{round(number, digits):.10g}"


def put_together(found: Figures) -> None:
    """Add up the children's figures of two authorities that make one workforce return.

    Shares are weighed by referrals, the nearest to what each is a share of.
    """
    for joint, members in JOINT.items():
        for year in sorted({year for area, year in found if area in members}):
            rows = [found.pop((member, year), {}) for member in members]
            into = found.setdefault((joint, year), {})
            if year < JOINT_SINCE[joint]:
                continue
            weights = [as_weight(row.get("referrals", NOT_GIVEN)) for row in rows]
            for key in [*COUNTS, "children", *RATES, *SHARES]:
                into[key] = combined([row.get(key, NOT_GIVEN) for row in rows],
                                     weights if key in SHARES else None)  # fmt: skip


def as_weight(text: str) -> float:
    """The referrals of one of two authorities; nothing where they are not known."""
    return float(text) if is_number(text) else 0.0


def combined(cells: list[str], weights: list[float] | None) -> str:
    """A sum or weighted mean of cells; the first mark, or nothing, if one of them is no number."""
    for each in cells:
        if not is_number(each):
            return each
    numbers = [float(each) for each in cells]
    if weights is None:
        return as_text(sum(numbers))
    total = sum(weights)
    if not total:
        return NOT_GIVEN
    return as_text(sum(n * w for n, w in zip(numbers, weights, strict=True)) / total, 4)


def is_number(text: str) -> bool:
    """Whether a cell has a figure."""
    return text not in (NOT_GIVEN, SUPPRESSED, UNRELIABLE)


def area_rows(folder: Path) -> list[list[str]]:
    """England, regions, and authorities by name, from the workforce census."""
    table = pd.read_csv(folder / "csww_local_authority.csv", dtype=str, keep_default_na=False)
    table["area"] = [
        row["old_la_code"].replace(" ", "") or row["region_name"] or ENGLAND
        for row in table.to_dict("records")
    ]
    kinds = {"National": "country", "Regional": "region", "Local authority": "authority"}
    rows = []
    for area, of_area in table.groupby("area"):
        last = of_area.sort_values("time_period").iloc[-1]
        kind = kinds[last["geographic_level"]]
        region = last["region_name"] if kind == "authority" else ENGLAND
        rows.append(
            [
                area,
                NAMES.get(area, last["la_name"] or area),
                kind,
                region if kind != "country" else "",
                "; ".join(OTHER_NAMES.get(area, ())),
                of_area["time_period"].min(),
                last["time_period"],
                "; ".join(PREDECESSORS.get(area, ())),
            ]
        )
    order = list(kinds.values())
    return sorted(rows, key=lambda row: (order.index(row[2]), row[1], row[5]))


def measure_rows() -> Iterable[list[str]]:
    """What each column of the figures is, and where it is published."""
    for key, (unit, what) in CENSUS_MEANINGS.items():
        yield [key, unit, what, "year to 30 September", CENSUS_TITLE, COLUMNS[key][0]]
    for key, (unit, what, title, column) in (
        COUNTS | {"children": CHILDREN} | RATES | SHARES
    ).items():
        yield [key, unit, what, "year to 31 March", title, column]


def as_csv(header: list[str], rows: Iterable[list[str]]) -> str:
    """The text of a table."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    return text.getvalue()


def tables(folder: Path) -> dict[str, str]:
    """The text of each table, by the name of its file."""
    about = ["area", "name", "kind", "region", "other_names"]
    about += ["first_year", "last_year", "predecessors"]
    measures = ["measure", "unit", "what", "period", "source", "column", "url"]
    return {
        "authorities.csv": as_csv(
            ["area", "year", *MEASURES],
            (
                [area, str(year), *(row.get(key, NOT_GIVEN) for key in MEASURES)]
                for (area, year), row in figures(folder).items()
            ),
        ),
        "authority_areas.csv": as_csv(about, area_rows(folder)),
        "authority_measures.csv": as_csv(
            measures, ([*row, URLS[row[4]]] for row in measure_rows())
        ),
    }


def main() -> int:
    folder, check = Path(sys.argv[1]), "--check" in sys.argv
    stale = 0
    for name, text in tables(folder).items():
        path = TABLES / name
        if check:
            stale += not path.exists() or path.read_text(encoding="utf-8") != text
        else:
            path.write_text(text, encoding="utf-8", newline="\n")
    if stale:
        print(f"{stale} tables are not up to date: run this without --check", file=sys.stderr)
    return int(stale > 0)


if __name__ == "__main__":
    sys.exit(main())
