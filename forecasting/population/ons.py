"""The layouts of the Office for National Statistics: estimates and projections."""

from __future__ import annotations

import re
from collections.abc import Iterator

from forecasting.population.ages import is_all_ages, read_ages
from forecasting.population.cells import Row, Sheet
from forecasting.population.figures import Count, Reader, years_of
from sim.scenario.problems import InputError, Problem


def subnational(sheet: Sheet, header: Row, file: str) -> Iterator[Count]:
    """ONS subnational projections: a row an area, sex and age, a column a year."""
    return _projections(sheet, header, file, "age_group", ["area_code"], ["area_name"])


def national(sheet: Sheet, header: Row, file: str) -> Iterator[Count]:
    """ONS national projections, sheet Population: a row a sex and age, a column a year."""
    return _projections(sheet, header, file, "age", [], [])


def _projections(
    sheet: Sheet, header: Row, file: str, age_column: str, codes: list[str], names: list[str]
) -> Iterator[Count]:
    """Read what has a column a year, the first of which is the estimate that it starts from."""
    reader, years = Reader(file, header), years_of(header)
    base = min(years.values())
    sex, age = reader.columns["sex"], reader.columns[age_column]
    for row in sheet.rows:
        if row.line <= header.line or is_all_ages(row.cells[age]):
            continue
        code, area = reader.text(row, *codes), reader.text(row, *names)
        youngest, oldest = reader.ages(row, age)
        which = reader.sex(row, sex)
        for column, year in years.items():
            people = reader.people(row, column)
            yield Count(code, area, year, which, youngest, oldest, people, year > base, row.line)


def estimates_series(sheet: Sheet, header: Row, file: str) -> Iterator[Count]:
    """ONS detailed estimates (MYEB1): a row an area, sex and age, population_2001 and so on."""
    reader, years = Reader(file, header), years_of(header)
    codes = [name for name in reader.columns if re.fullmatch(r"(lad|ctry|ua)code\d\d", name)]
    names = [name for name in reader.columns if re.fullmatch(r"(la|lad|ctry|ua)name\d\d", name)]
    sex, age = reader.columns["sex"], reader.columns["age"]
    for row in sheet.rows:
        if row.line <= header.line:
            continue
        youngest, _ = reader.ages(row, age)
        oldest = None if youngest >= 90 else youngest  # 90 stands for 90 and over
        which = reader.sex(row, sex)
        code, area = reader.text(row, *codes), reader.text(row, *names)
        for column, year in years.items():
            people = reader.people(row, column)
            yield Count(code, area, year, which, youngest, oldest, people, False, row.line)


def estimates_book(sheet: Sheet, header: Row, file: str) -> Iterator[Count]:
    """ONS mid-year estimates workbook, sheet MYE2: a row an area, a column an age."""
    reader = Reader(file, header)
    which = next(
        (sex for word, sex in (("female", "F"), ("male", "M")) if word in sheet.name.lower()), "P"
    )
    year = _year_above(sheet, header)
    if year is None:
        message = "no year is given above the table, as in 'mid-2023'"
        raise InputError(Problem(message, file=file, line=header.line, path=sheet.name))
    ages = {n: found for n, cell in enumerate(header.cells) if (found := read_ages(cell))}
    for row in sheet.rows:
        if row.line <= header.line:
            continue
        code, area = reader.text(row, "code"), reader.text(row, "name")
        for column, (youngest, oldest) in ages.items():
            upper = None if oldest is None or youngest >= 90 else oldest
            people = reader.people(row, column)
            yield Count(code, area, year, which, youngest, upper, people, False, row.line)


def _year_above(sheet: Sheet, header: Row) -> int | None:
    for row in sheet.rows:
        if row.line < header.line:
            for cell in row.cells:
                if found := re.search(r"mid[- ]?((?:19|20)\d\d)", cell, re.IGNORECASE):
                    return int(found[1])
    return None
