"""The layouts in which official figures for people are published, and which one a file is in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from forecasting.population.ages import is_all_ages
from forecasting.population.cells import Row, Sheet
from forecasting.population.figures import YEAR, Count, Reader, find_header, years_of
from forecasting.population.nomis import nomis_download, nomis_table
from forecasting.population.ons import (
    estimates_book,
    estimates_series,
    national,
    subnational,
)
from sim.scenario.problems import InputError, Problem, did_you_mean


@dataclass(frozen=True)
class Layout:
    """A layout: what it is called, whether a sheet is in it, and how its rows are read."""

    name: str
    begins: Callable[[Sheet], Row | None]  # its header, if the sheet is in this layout
    read: Callable[[Sheet, Row, str], Iterator[Count]]


def tidy(sheet: Sheet, header: Row, file: str) -> Iterator[Count]:
    """A row a figure: area, year, sex, age_band, population; kind says estimate or projection."""
    reader = Reader(file, header)
    columns = reader.columns
    band = columns.get("age_band", columns.get("age band", columns.get("age", -1)))
    for row in sheet.rows:
        if row.line <= header.line or is_all_ages(row.cells[band]):
            continue
        when = YEAR.match(row.cells[columns["year"]])
        if when is None:
            raise reader.refuse(row, columns["year"], "not a year", "a year, such as 2023")
        youngest, oldest = reader.ages(row, band)
        kind = reader.text(row, "kind").lower()
        if kind not in ("", "estimate", "projection"):
            place = columns["kind"]
            raise reader.refuse(row, place, "not a kind of figure", "estimate or projection")
        yield Count(
            reader.text(row, "area_code"), reader.text(row, "area", "area_name"), int(when[1]),
            reader.sex(row, columns["sex"]), youngest, oldest,
            reader.people(row, columns["population"]),
            {"estimate": False, "projection": True}.get(kind), row.line,
        )  # fmt: skip


LAYOUTS = (
    Layout(
        "ONS subnational projections (AREA_CODE, AREA_NAME, COMPONENT, SEX, AGE_GROUP, 2022 ...)",
        lambda sheet: find_header(sheet, "area_code", "area_name", "sex", "age_group"),
        subnational,
    ),
    Layout(
        "ONS detailed mid-year estimates (ladcode23, laname23, country, sex, age, population_2011)",
        lambda sheet: find_header(sheet, "country", "sex", "age"),
        estimates_series,
    ),
    Layout(
        "Nomis download (GEOGRAPHY_NAME, C_AGE_NAME, DATE_NAME, OBS_VALUE)",
        lambda sheet: find_header(sheet, "geography_name", "obs_value", "c_age_name|age_name",
                              "date_name|date"),
        nomis_download,
    ),
    Layout(
        "Nomis table (lines such as Date: 2023, then areas by age)",
        lambda sheet: find_header(sheet, "mnemonic"),
        nomis_table,
    ),
    Layout(
        "tidy CSV (area, year, sex, age_band, population)",
        lambda sheet: find_header(sheet, "area|area_name", "year", "sex", "age_band|age band|age",
                              "population", first_only=True),
        tidy,
    ),
    Layout(
        "ONS national projections, sheet Population (Sex, Age, 2022 ...)",
        lambda sheet: (
            header if (header := find_header(sheet, "sex", "age")) and years_of(header) else None
        ),
        national,
    ),
    Layout(
        "ONS mid-year estimates workbook, sheet MYE2 (Code, Name, Geography, All ages, 0 ...)",
        lambda sheet: find_header(sheet, "code", "name", "geography", "all ages"),
        estimates_book,
    ),
)  # fmt: skip


def counts_of(sheets: list[Sheet], file: str) -> tuple[str, list[Count]]:
    """Find the layout of a file, and read it.

    Returns
    -------
    str, list of Count
        The layout's name, and all its figures.

    Raises
    ------
    InputError
        If no layout fits, or a cell cannot be read.
    """
    for layout in LAYOUTS:
        fits = [(sheet, header) for sheet in sheets if (header := layout.begins(sheet))]
        if fits:
            found = [count for sheet, header in fits for count in layout.read(sheet, header, file)]
            if not found:
                raise InputError(Problem("there are no figures below the header", file=file))
            return layout.name, found
    first = sheets[0].rows[0].cells if sheets and sheets[0].rows else ()
    raise InputError(
        Problem(
            "this is in none of the layouts that can be read",
            file=file,
            line=1,
            given=", ".join(first[:8]),
            accepted="; ".join(layout.name for layout in LAYOUTS),
            remedy=did_you_mean(first[-1] if first else "", ("population", "obs_value"))
            or "save it as a tidy CSV with these five columns",
        )
    )
