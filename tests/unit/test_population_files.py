"""Official files of people: each published layout, and what is said of a file that won't do."""

from pathlib import Path

import numpy as np
import pytest
from openpyxl import Workbook

from forecasting.population.ages import is_all_ages, read_ages, read_sex
from forecasting.population.files import population_from_files
from sim.scenario.problems import InputError

pytestmark = pytest.mark.unit

SINGLE = [str(age) for age in range(90)]


def subnational(folder: Path, sex: str, ages=None, code="E10000016", name="Kent") -> Path:
    """As in '2022 SNPP Population females.csv'."""
    lines = ["AREA_CODE,AREA_NAME,COMPONENT,SEX,AGE_GROUP,2022,2023,2024"]
    for age in [*SINGLE, "90 and over", "All ages"] if ages is None else ages:
        people = "1000,2000,3000" if age == "All ages" else "10,20,30"
        lines.append(f"{code},{name},Population,{sex},{age},{people}")
    path = folder / f"snpp_{sex}.csv"
    path.write_text("\n".join(lines), encoding="utf-8-sig")
    return path


def national(folder: Path) -> Path:
    """As in the sheet Population of the workbook of the national projections."""
    book = Workbook()
    book.active.title = "Contents"
    book.active.append(["Table of contents"])
    sheet = book.create_sheet("Population")
    sheet.append(["Sex", "Age", 2022, 2023])
    for sex in ("Females", "Males"):
        for age in [*range(105), "105 - 109", "110 and over"]:
            sheet.append([sex, age, 10, 20])
    book.save(folder / "npp.xlsx")
    return folder / "npp.xlsx"


def estimates_series(folder: Path) -> Path:
    """As in MYEB1_detailed_population_estimates_series_UK_(2023).csv."""
    lines = ["ladcode23,laname23,country,sex,age,population_2022,population_2023"]
    for sex in (1, 2):
        lines += [f"E10000016,Kent,E,{sex},{age},10,20" for age in range(91)]
    path = folder / "myeb1.csv"
    path.write_text("\n".join(lines))
    return path


def estimates_book(folder: Path) -> Path:
    """As in the sheets MYE2 of the workbook of the mid-year estimates."""
    book = Workbook()
    for which in ("Persons", "Females", "Males"):
        sheet = book.create_sheet(f"MYE2 - {which}")
        sheet.append([f"MYE2: Population estimates: {which} by single year of age, mid-2023"])
        sheet.append(["Code", "Name", "Geography", "All ages", *range(90), "90+"])
        factor = 2 if which == "Persons" else 1
        sheet.append(["E10000016", "Kent", "County", 91 * factor, *[factor] * 91])
    book.save(folder / "mye2.xlsx")
    return folder / "mye2.xlsx"


def nomis_table(folder: Path, sexes=("Female", "Male"), years=(2022, 2023)) -> Path:
    """As the query page of Nomis exports it: tables below each other, lines above each."""
    bands = [*(f"Aged {age}-{age + 4}" for age in range(0, 85, 5)), "Aged 85+"]
    header = ",".join(f'"{cell}"' for cell in ["Area", "mnemonic", "All Ages", *bands])
    lines = [
        '"Population estimates - local authority based by five year age band"',
        '"ONS Crown Copyright Reserved [from Nomis on 1 March 2025]"',
    ]
    for year in years:
        for sex in sexes:
            people = ",".join(['"1,700"', *['"1,000"'] * 17, "500"])
            lines += ["", f'"Date       :","{year}"', f'"Sex        :","{sex}"', "", header, ""]
            lines += [f'"Kent","E10000016",{people}', f'"Surrey","E10000030",{people}', ""]
    path = folder / "nomis.csv"
    path.write_text("\n".join(lines))
    return path


def nomis_download(folder: Path) -> Path:
    """As the web service of Nomis gives it."""
    columns = (
        "DATE_NAME,GEOGRAPHY_NAME,GEOGRAPHY_CODE,GENDER_NAME,C_AGE_NAME,MEASURES_NAME,OBS_VALUE"
    )
    lines = [columns]
    for year in (2022, 2023):
        for sex in ("Male", "Female"):
            for age in [*(f"Age {n}" for n in range(90)), "Aged 90+", "All Ages"]:
                lines.append(f"{year},Kent,E10000016,{sex},{age},Value,10")
                lines.append(f"{year},Kent,E10000016,{sex},{age},Percent,0.1")
    path = folder / "download.csv"
    path.write_text("\n".join(lines))
    return path


def tidy(folder: Path, change=lambda line: line) -> Path:
    lines = ["area,year,sex,age_band,population"]
    for year in (2023, 2024):
        for age in range(0, 90, 5):
            lines.append(f"Kent,{year},persons,{age}-{age + 4},1000")
        lines.append(f"Kent,{year},persons,90+,500")
    path = folder / "tidy.csv"
    path.write_text("\n".join(change(line) for line in lines))
    return path


def test_subnational_projections(tmp_path):
    files = [subnational(tmp_path, sex) for sex in ("females", "males")]
    found = population_from_files(files, "kent")  # women and men are published in two files
    assert found.area == "Kent"
    assert list(found.years) == [2022, 2023, 2024]
    assert found.last_estimate == 2022
    assert found.people[0, 0].tolist() == [50.0] * 18 + [10.0]


def test_national_projections(tmp_path):
    found = population_from_files([national(tmp_path)], "England")
    assert found.people[0, 1, :18].tolist() == [50.0] * 18
    assert found.people[1, 1, 18] == 17 * 20
    assert found.last_estimate == 2022


def test_detailed_estimates(tmp_path):
    found = population_from_files([estimates_series(tmp_path)], "Kent")
    assert found.people[1, 0].tolist() == [100.0] * 18 + [20.0]
    assert found.last_estimate == 2023


def test_estimates_workbook_with_projections_after_it(tmp_path):
    files = [estimates_book(tmp_path), subnational(tmp_path, "persons")]
    found = population_from_files(files, "Kent")
    # 2023 is in both: the first file counts. Before it only the projection's base year.
    assert found.people[1, 0].tolist() == [5.0] * 18 + [1.0]
    assert found.people[2].sum() == pytest.approx(91 * 30)
    assert found.last_estimate == 2023


def test_nomis_table_splits_85_and_over_as_in_england(tmp_path):
    found = population_from_files([nomis_table(tmp_path)], "Kent")
    assert list(found.years) == [2022, 2023]
    assert found.people[0, 0, :17].tolist() == [1000.0] * 17
    assert found.people[0, 0, 17:].sum() == pytest.approx(500)
    assert 0.3 < found.people[0, 0, 18] / 500 < 0.45  # England 2022: 0.37
    assert any("85 and over is split" in note for note in found.notes)


def test_nomis_download(tmp_path):
    found = population_from_files([nomis_download(tmp_path)], "E10000016")
    assert found.people[0, 1].tolist() == [50.0] * 18 + [10.0]


def test_tidy_persons_are_split_into_women_and_men_as_in_england(tmp_path):
    found = population_from_files([tidy(tmp_path)], "Kent")
    assert found.people[0].sum(axis=0) == pytest.approx([1000.0] * 18 + [500.0])
    assert found.people[0, 0, 18] > 300  # most of 90 and over are women
    assert found.last_estimate == 2023


REFUSALS = {
    "no such file": (lambda f: [f / "none.csv"], "there is no such file"),
    "not a layout": (
        lambda f: [_write(f, "a,b,c\n1,2,3\n")], "in none of the layouts.*accepted:.*tidy CSV",
    ),
    "empty": (lambda f: [_write(f, "\n\n")], "the file is empty"),
    "only a header": (
        lambda f: [_write(f, "area,year,sex,age_band,population\n")], "no figures below the header",
    ),
    "text for a number": (
        lambda f: [tidy(f, lambda s: s.replace("50-54,1000", "50-54,many"))],
        "tidy.csv, line 12: population: not a number of people\n.*'many'",
    ),
    "negative": (
        lambda f: [tidy(f, lambda s: s.replace("50-54,1000", "50-54,-3"))],
        "line 12: population: not a number of people",
    ),
    "not an age": (
        lambda f: [tidy(f, lambda s: s.replace("50-54", "fifties"))],
        "line 12: age_band: not an age\n.*'fifties'",
    ),
    "not a sex": (
        lambda f: [tidy(f, lambda s: s.replace("persons,50", "both,50"))],
        "line 12: sex: not a sex",
    ),
    "not a year": (
        lambda f: [tidy(f, lambda s: s.replace("2024,persons,0-4", "24/25,persons,0-4"))],
        "line 21: year: not a year",
    ),
    "an age left out": (
        lambda f: [tidy(f, lambda s: "" if "50-54" in s else s)], "age 50 is missing in 2023",
    ),
    "an age twice": (
        lambda f: [tidy(f, lambda s: s.replace("50-54", "45-49"))], "age 45 is given twice in 2023",
    ),
    "the oldest left out": (
        lambda f: [tidy(f, lambda s: "" if "90+" in s else s)], "ages over 89 are missing in 2023",
    ),
    "bands too wide": (
        lambda f: [subnational(f, "persons", ["0-17", "18-64", "65+"])], "too wide.*\n.*0-17",
    ),
    "a year left out": (
        lambda f: [nomis_table(f, years=(2020, 2022))], "no figures for 2021",
    ),
    "one year": (lambda f: [nomis_table(f, years=(2022,))], "figures for 2022 only"),
    "men missing": (lambda f: [nomis_table(f, sexes=("Female",))], "figures for males are missing"),
    "another area": (
        lambda f: [subnational(f, "persons", code="E10000030", name="Surrey")],
        "no figures for 'Kent'\n.*given.*\n.*Surrey",
    ),
    "not a workbook": (lambda f: [_write(f, "text", "a.xlsx")], "not an Excel workbook"),
    "an old workbook": (lambda f: [_write(f, "text", "a.xls")], "save it again as .xlsx"),
}  # fmt: skip


def _write(folder: Path, text: str, name: str = "a.csv") -> Path:
    (folder / name).write_text(text)
    return folder / name


@pytest.mark.parametrize(("files", "said"), REFUSALS.values(), ids=REFUSALS)
def test_what_cannot_be_used_is_refused_with_its_place(tmp_path, files, said):
    with pytest.raises(InputError, match=f"(?s){said}"):
        population_from_files(files(tmp_path), "Kent")


@pytest.mark.parametrize(
    ("text", "ages"),
    [
        ("0", (0, 0)), ("85+", (85, None)), ("5-9", (5, 9)), ("Aged 0 to 4", (0, 4)),
        ("Age 90 and over", (90, None)), ("105 - 109", (105, 109)), ("under 1", (0, 0)),
        ("9-5", None), ("old", None), ("", None),
    ],
)  # fmt: skip
def test_ages_as_they_are_written(text, ages):
    assert read_ages(text) == ages


def test_all_ages_and_sexes_as_they_are_written():
    assert all(is_all_ages(text) for text in ("All ages", "All Ages", "Total"))
    assert not is_all_ages("0")
    found = [read_sex(text) for text in ("Females", "male", "2", "Total", "x")]
    assert found == ["F", "M", "F", "P", None]


def test_a_national_file_of_authorities_is_read_in_a_few_seconds(tmp_path):
    import time

    lines = ["AREA_CODE,AREA_NAME,COMPONENT,SEX,AGE_GROUP," + ",".join(map(str, range(2022, 2048)))]
    figures = ",".join(["1234.5"] * 26)
    for area in range(50):
        for age in [*SINGLE, "90 and over"]:
            lines.append(f"E060000{area:02},Place {area},Population,persons,{age},{figures}")
    path = tmp_path / "snpp.csv"
    path.write_text("\n".join(lines))
    began = time.process_time()
    found = population_from_files([path], "Place 7")
    assert np.all(found.people[0].sum(axis=0)[:18] == pytest.approx(5 * 1234.5))
    assert time.process_time() - began < 5
