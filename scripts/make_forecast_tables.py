"""Make the tables that forecasts start from: configs/forecasting/*.csv.

    python scripts/make_forecast_tables.py EVIDENCE            write them
    python scripts/make_forecast_tables.py EVIDENCE --check    only say whether they are up to date

EVIDENCE is a folder with the published figures as gathered: population_projections.csv,
demand_series.csv, adult_parameters.csv, la_cin_c1_*.csv and la_cin_c3_*.csv. Nothing there is
changed on its way but what this file says: ages summed to five-year bands, high and low variants
carried over from 2018 to 2022, and shares worked out from two published counts.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
TABLES = ROOT / "configs" / "forecasting"

LAST = 2045
OLDEST_BAND = 90
PRINCIPAL = "ONS NPP 2022-based principal"
ESTIMATES = "ONS MYE 2011-2023 (2023 release, census-2021 rebased) sum of 9 regions"
REGIONS_2018 = "ONS SNPP 2018-based principal (via SimPaths)"
VARIANTS = {
    "high": "ONS NPP 2018-based high population (hhh)",
    "low": "ONS NPP 2018-based low population (lll)",
}
VARIANTS_END = 2035  # the 2018-based variants as gathered
AUTHORITIES = "ONS MYE 2020 (as published 2021)"
OLD_PROJECTION = "ONS SNPP 2016-based principal"
OLD_BASE, CHECKED = 2016, 2023
OGL = "Open Government Licence v3.0"

# What the streams are counted by, and the key it gets here.
SERIES = {
    "cin_referrals": "cin_referrals",
    "asc_requests_18_64": "asc_requests_18_64",
    "asc_requests_65plus": "asc_requests_65plus",
    "safeguarding_concerns": "safeguarding_concerns",
    "dols_applications_received": "dols_applications",
    "mha_detentions_total": "mha_detentions",
    "MHS01_people_in_contact": "mh_people_in_contact",
    "MHS32_new_referrals": "mh_new_referrals",
}


def banded(people: pd.DataFrame) -> pd.DataFrame:
    """Sum single years or bands of age to five-year bands, the last one open (90 and over)."""
    band = (people["age_lower"] // 5 * 5).clip(upper=OLDEST_BAND)
    keys = ["area_code", "area_name", "year", "sex", "kind"]
    return (
        people.assign(age_lower=band)
        .groupby([*keys, "age_lower"], as_index=False)["population"]
        .sum()
    )


def england(everything: pd.DataFrame) -> pd.DataFrame:
    """Estimates to 2023, the 2022-based projection after it, and the variants' ratios to it."""
    known = banded(everything[everything["variant"] == ESTIMATES])
    ahead = banded(everything[everything["variant"] == PRINCIPAL])
    ahead = ahead[ahead["year"].between(known["year"].max() + 1, LAST)]
    both = pd.concat([known, ahead]).sort_values(["year", "sex", "age_lower"])
    wide = both.assign(principal=both["population"].round().astype(int))
    wide = wide[["year", "kind", "sex", "age_lower", "principal"]]
    for variant, name in VARIANTS.items():
        ratio = ratios(everything, name)
        key = pd.MultiIndex.from_frame(wide[["year", "sex", "age_lower"]])
        carried = wide["principal"] * ratio.reindex(key).fillna(1.0).to_numpy()
        wide[variant] = carried.round().astype(int)
    return wide


def by_age(everything: pd.DataFrame, variant: str) -> pd.DataFrame:
    """People by year and sex (rows) and band (columns), summed over areas; 15 to 24 as one."""
    people = banded(everything[everything["variant"] == variant])
    wide = people.pivot_table(
        index=["year", "sex"], columns="age_lower", values="population", aggfunc="sum"
    )
    wide[15] = wide[20] = wide[[15, 20]].sum(axis=1)
    return wide


def ratios(everything: pd.DataFrame, variant: str) -> pd.Series:
    """A 2018-based variant over the 2018-based principal, from the first projected year on.

    The principal is the sum of the regions' (the variants' own base gives 1 in 2018). Ages from
    15 to 24 of the regional projection are grouped apart, so 15-19 and 20-24 share one ratio.
    By how much the variants differ in 2024 is taken out, as that has been counted since; after
    2035 the log ratio goes on as it grew in the five years before.
    """
    logs = np.log(by_age(everything, variant) / by_age(everything, REGIONS_2018)).dropna()
    start = logs.xs(2024, level="year")
    logs = logs.sub(start.reindex(logs.index.get_level_values("sex")).to_numpy())
    grown = logs.xs(VARIANTS_END, level="year")
    a_year = (grown - logs.xs(VARIANTS_END - 5, level="year")) / 5
    longer = {y: grown + a_year * (y - VARIANTS_END) for y in range(VARIANTS_END + 1, LAST + 1)}
    logs = pd.concat([logs, pd.concat(longer, names=["year"])])
    return np.exp(logs.rename_axis("age_lower", axis=1).stack()).rename("ratio")


def authorities(everything: pd.DataFrame) -> pd.DataFrame:
    """Persons by five-year band in every upper-tier authority, mid-2020; one row each."""
    people = banded(everything[everything["variant"] == AUTHORITIES])
    wide = people.pivot_table(
        index=["area_code", "area_name"], columns="age_lower", values="population", aggfunc="sum"
    )
    return wide.astype(int).reset_index()


def projection_errors(everything: pd.DataFrame) -> pd.DataFrame:
    """By how much the 2016-based projection of England missed the estimates, by age and year."""
    of = everything["area_name"] == "England"
    then = banded(everything[of & (everything["variant"] == OLD_PROJECTION)])
    since = banded(everything[everything["variant"] == ESTIMATES])
    rows = []
    for year in range(OLD_BASE + 3, CHECKED + 1):
        projected = then[then["year"] == year].groupby("age_lower")["population"].sum()
        counted = since[since["year"] == year].groupby("age_lower")["population"].sum()
        for band in counted.index:
            rows.append(
                {
                    "base": OLD_BASE, "year": year, "years_ahead": year - OLD_BASE,
                    "age_lower": int(band), "projected": round(projected[band]),
                    "estimated": round(counted[band]),
                    "error_percent": round(100 * (projected[band] / counted[band] - 1), 2),
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


def national(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["geographic_level"] == "National"].sort_values("time_period")


def history(evidence: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The counts over time, and one row for each series that says what it is and whence."""
    given = pd.read_csv(evidence / "demand_series.csv")
    given = given[given["area_name"] == "England"].sort_values("period_start")
    counts, about = [], []

    def add(key: str, frame: pd.DataFrame, what: dict[str, str]) -> None:
        counts.append(frame.assign(series_key=key))
        about.append({"series_key": key, **what})

    for theirs, ours in SERIES.items():
        rows = given[given["series_key"] == theirs]
        first = rows.iloc[-1]
        add(ours, rows[["period_start", "value"]], {
            "description": first["description"], "frequency": first["frequency"],
            "unit": first["unit"], "source": f"{first['source_title']} ({first['publisher']})",
            "url": first["url"], "quality": "published figure",
        })  # fmt: skip
    concerns = given[given["series_key"] == "safeguarding_concerns"].set_index("period_start")
    enquiries = given[given["series_key"] == "safeguarding_s42_enquiries"].set_index("period_start")
    share = (enquiries["value"] / concerns["value"]).dropna().round(5).reset_index()
    add("safeguarding_share_enquired", share, {
        "description": "Section 42 enquiries commenced for each concern raised in the year",
        "frequency": "A", "unit": "share of concerns",
        "source": "Safeguarding Adults collection (NHS England)",
        "url": str(concerns["url"].iloc[-1]), "quality": "derived",
    })  # fmt: skip
    c1 = national(pd.read_csv(next(evidence.glob("la_cin_c1_*.csv"))))
    new = 1 - pd.to_numeric(c1["rereferral_count"]) / pd.to_numeric(c1["referral_count"])
    add("cin_first_referral_share", by_year(c1, new), {
        "description": "Share of referrals that are not within 12 months of an earlier one",
        "frequency": "A", "unit": "share of referrals",
        "source": "Children in need, table C1 (DfE)", "url": DFE_DATA, "quality": "derived",
    })  # fmt: skip
    c3 = national(pd.read_csv(next(evidence.glob("la_cin_c3_*.csv"))))
    episodes = pd.to_numeric(c3["Episodes_with_assessment_factor"])
    for who in ("child", "parent"):
        add(f"cin_mental_health_{who}_share",
            by_year(c3, pd.to_numeric(c3[f"Mental_Health_{who}"]) / episodes), {
            "description": f"Share of assessments with the {who}'s mental health as a factor",
            "frequency": "A", "unit": "share of assessments with factors",
            "source": "Children in need, table C3 (DfE)", "url": DFE_DATA, "quality": "derived",
        })  # fmt: skip
    table = pd.concat(counts)[["series_key", "period_start", "value"]]
    return table, pd.DataFrame(about)


DFE_DATA = "https://github.com/dfe-analytical-services/CSC_outcomes_and_enablers/tree/main/data-raw"


def by_year(frame: pd.DataFrame, share: pd.Series) -> pd.DataFrame:
    """Years to 31 March, by the day on which they begin."""
    begins = [f"{year - 1}-04-01" for year in frame["time_period"]]
    return pd.DataFrame({"period_start": begins, "value": share.round(5).to_numpy()})


def authority_referrals(evidence: Path) -> pd.DataFrame:
    """Referrals in each authority and year; what is suppressed or not supplied is left out."""
    c1 = pd.read_csv(next(evidence.glob("la_cin_c1_*.csv")))
    c1 = c1[c1["geographic_level"] == "Local authority"]
    value = pd.to_numeric(c1["referral_count"], errors="coerce")
    rows = pd.DataFrame(
        {
            "area_code": c1["new_la_code"], "area_name": c1["la_name"],
            "year": c1["time_period"] - 1, "value": value,
        }
    )  # fmt: skip
    rows = rows[value.notna()].astype({"value": int})
    return rows.sort_values(["area_code", "year"])


def tables(evidence: Path) -> dict[str, str]:
    """The text of every table, by file name."""
    everything = pd.read_csv(evidence / "population_projections.csv", low_memory=False)
    counts, about = history(evidence)
    made = {
        "population_england.csv": england(everything),
        "population_authorities_2020.csv": authorities(everything),
        "projection_errors.csv": projection_errors(everything),
        "demand_history.csv": counts,
        "demand_series.csv": about,
        "authority_referrals.csv": authority_referrals(evidence),
    }
    return {name: table.to_csv(index=False, lineterminator="\n") for name, table in made.items()}


def main() -> None:
    asked = [each for each in sys.argv[1:] if not each.startswith("--")]
    if len(asked) != 1 or not Path(asked[0], "population_projections.csv").is_file():
        raise SystemExit(__doc__)
    stale = []
    for name, text in tables(Path(asked[0])).items():
        path = TABLES / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append((path, text))
    for path, text in stale:
        if "--check" in sys.argv:
            print(f"{path.relative_to(ROOT)} is out of date")
        else:
            path.write_text(text, encoding="utf-8")
            print(f"wrote {path.relative_to(ROOT)}")
    raise SystemExit(bool(stale) and "--check" in sys.argv)


if __name__ == "__main__":
    main()
