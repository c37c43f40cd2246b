"""The layouts of Nomis: its query page and its web service."""

from __future__ import annotations

from collections.abc import Iterator

from forecasting.population.ages import is_all_ages, read_ages, read_sex
from forecasting.population.cells import Row, Sheet
from forecasting.population.figures import YEAR, Count, Reader
from sim.scenario.problems import InputError, Problem


def nomis_download(sheet: Sheet, header: Row, file: str) -> Iterator[Count]:
    """Nomis by its web service: a row a figure, with GEOGRAPHY_NAME, C_AGE_NAME, OBS_VALUE."""
    reader = Reader(file, header)
    columns = reader.columns
    sex = columns.get("gender_name", columns.get("sex_name", columns.get("c_sex_name", -1)))
    age = columns.get("c_age_name", columns.get("age_name", -1))
    when = columns.get("date_name", columns.get("date", -1))
    measure = columns.get("measures_name")
    for row in sheet.rows:
        if row.line <= header.line or is_all_ages(row.cells[age]):
            continue
        if measure is not None and row.cells[measure].lower() != "value":
            continue
        found = YEAR.match(row.cells[when])
        if found is None:
            raise reader.refuse(row, when, "not a year", "a year, such as 2023")
        youngest, oldest = reader.ages(row, age)
        people = reader.people(row, columns["obs_value"])
        which = reader.sex(row, sex) if sex >= 0 else "P"
        code, area = reader.text(row, "geography_code"), reader.text(row, "geography_name")
        yield Count(code, area, int(found[1]), which, youngest, oldest, people, None, row.line)


def nomis_table(sheet: Sheet, header: Row, file: str) -> Iterator[Count]:
    """Nomis by its query page: tables of areas by age, each below lines such as "Date: 2023"."""
    said: dict[str, str] = {}
    table: Reader | None = None
    ages: dict[int, tuple[int, int | None]] = {}
    for row in sheet.rows:
        key = row.cells[0].rstrip(": ").strip().lower()
        if len(row.cells) > 1 and "mnemonic" in [cell.lower() for cell in row.cells]:
            table = Reader(file, row)
            ages = {n: band for n, cell in enumerate(row.cells) if (band := read_ages(cell))}
        elif row.cells[0].rstrip().endswith(":") or key in ("date", "sex", "gender", "measures"):
            said[key] = row.cells[1] if len(row.cells) > 1 else ""
            table = None
        elif table is not None and len(row.cells) > 2:
            yield from _nomis_row(table, row, said, ages)


def _nomis_row(
    table: Reader, row: Row, said: dict[str, str], ages: dict[int, tuple[int, int | None]]
) -> Iterator[Count]:
    year = YEAR.match(said.get("date", ""))
    if year is None:
        message = "no line above the table says which year it is"
        accepted = 'a line such as "Date:","2023"'
        given = said.get("date", "")
        raise InputError(Problem(message, table.file, row.line, "Date", repr(given), accepted))
    which = read_sex(said.get("sex", said.get("gender", "persons"))) or "P"
    code, area = table.text(row, "mnemonic"), row.cells[0]
    for column, (youngest, oldest) in ages.items():
        people = table.people(row, column)
        yield Count(code, area, int(year[1]), which, youngest, oldest, people, None, row.line)
