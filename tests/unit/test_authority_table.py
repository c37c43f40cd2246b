"""The table of published figures: values as in the sources, names and codes that resolve."""

import csv
from math import isnan

import pytest

from sim.resources import configs_dir
from sim.scenario.authority.areas import (
    area_called,
    areas,
    authorities,
    region_of,
    successors,
)
from sim.scenario.authority.rates import RATES, history
from sim.scenario.authority.table import PublishedFigures, published_figures
from sim.scenario.authority.workforce_census import COLUMNS, cell, census_rows
from sim.scenario.problems import InputError
from tests.scripts import load_script

pytestmark = pytest.mark.unit

EVIDENCE = configs_dir() / "evidence"


def making():
    """The script that made the tables, as a module."""
    return load_script("make_authorities")


# Typed from the published files themselves.
@pytest.mark.parametrize(
    ("area", "year", "measure", "value"),
    [
        ("England", 2025, "in_post_fte", 36186.3),
        ("England", 2025, "turnover_rate", 0.118),
        ("England", 2025, "referrals", 632830),
        ("Outer London", 2024, "agency_rate", 0.223),
        ("857", 2019, "leavers_fte", 3),
        ("857", 2019, "vacancy_rate", 0.12),
        ("857", 2019, "cases", 138),
        ("319", 2017, "starters_fte", 32.3),
        ("320", 2017, "caseload", 17),
        ("394", 2024, "agency_fte", 0),  # "low"
        # Two authorities with one return: 1,543 and 1,299 referrals, 97.2 and 94.7 % in time.
        ("314/318", 2024, "referrals", 2842),
        ("314/318", 2024, "assessments_within_45", 0.9606),
        # A rate for 10,000 children times children: 178.3 of 52,440 / 473.9 x 10,000.
        ("South West", 2024, "section_47", 19730),
    ],
)
def test_figures_are_those_of_the_sources(area, year, measure, value):
    assert published_figures().value(area, year, measure) == value


@pytest.mark.parametrize(
    ("area", "year", "measure", "mark"),
    [
        ("850", 2024, "referrals", "unreliable"),  # Hampshire
        ("850", 2024, "reviews_on_time", "unreliable"),
        ("204", 2021, "referrals", "not given"),  # Hackney made no return
        ("204", 2022, "plans_open", "not given"),
        ("330", 2024, "agency_fte", "unreliable"),  # Birmingham
        ("420", 2017, "referrals", "suppressed"),  # Isles of Scilly
        ("420", 2018, "days_lost_fte", "suppressed"),
        ("857", 2019, "leavers_fte", "published"),
    ],
)
def test_what_cannot_be_relied_on_has_a_mark_and_no_value(area, year, measure, mark):
    table = published_figures()
    assert table.mark(area, year, measure) == mark
    assert isnan(table.value(area, year, measure)) == (mark != "published")


def test_nobody_in_post_is_published_where_there_are_agency_workers():
    assert published_figures().value("420", 2024, "in_post_fte") == 0


def test_published_rates_are_the_quotients_of_published_counts():
    """Columns were not mixed up: rates worked out here are those printed, to their rounding.

    (Some are cut off after the first decimal, not rounded.)
    """
    table, everybody = published_figures(), authorities()
    for rate in RATES.values():
        ours, _ = history(rate, table, everybody, [2024])
        for area, value in zip(everybody, ours[:, 0], strict=True):
            printed = table.value(area.code, 2024, rate.printed or "caseload")
            if rate.printed:
                assert not abs(value - printed) > 0.0011, (rate.key, area.name)
            elif rate.key == "caseload":
                assert not abs(value - printed) > 0.11, area.name


def test_a_region_has_its_printed_rate():
    """Birmingham's agency workers are not known in 2024, its others are: the rest's rate counts."""
    region = areas()["West Midlands"]
    own, size = history(RATES["agency"], published_figures(), [region], [2024])
    assert own[0, 0] == 0.139
    assert size[0, 0] == pytest.approx(3982.3 + 569.5)


def test_every_code_and_region_of_the_figures_is_an_area():
    codes = {area for area, _ in published_figures().cells}
    assert codes == set(areas())
    for area in authorities():
        assert region_of(area).kind == "region"
    for area in areas().values():
        assert set(area.predecessors) <= set(areas())


def test_every_name_finds_its_authority_however_it_is_written():
    for area in authorities():
        for name in (area.name, *area.other_names, area.code):
            assert area_called(name) is area
            assert area_called(f"  {name.upper()} ") is area
    assert len({area.name for area in authorities()}) == len(authorities()) == 151


@pytest.mark.parametrize(
    ("asked", "year", "found"),
    [
        ("Bristol", None, "801"),
        ("bristol city council", None, "801"),
        ("Durham", None, "840"),
        ("Brighton & Hove", None, "846"),
        ("London Borough of Hackney", None, "204"),
        ("The City of London", None, "201"),
        ("Kingston", None, "314/318"),
        ("318", None, "314/318"),
        ("West Northamptonshire", None, "940/941"),
        ("Cumbria", 2022, "909"),
        ("Dorset", 2018, "835"),
        ("Dorset", None, "838"),
        ("Northamptonshire", 2019, "928"),
    ],
)
def test_names_are_found_as_people_write_them(asked, year, found):
    assert area_called(asked, year).code == found


@pytest.mark.parametrize(
    ("asked", "year", "told"),
    [
        ("Leds", None, "did you mean 'Leeds'?"),
        ("Westmoreland", None, "did you mean 'Westmorland and Furness'?"),
        ("Cumbria", None, "Cumberland and Westmorland and Furness"),
        ("Poole", 2025, "Bournemouth, Christchurch and Poole"),
        ("Cumberland", 2020, "give a year from 2023 to 2024"),
        ("Leeds", 2031, "2017 to 2025"),
        ("qqq", None, "plimsoll init --list"),
    ],
)
def test_an_unknown_name_is_answered_with_what_is_meant(asked, year, told):
    with pytest.raises(InputError) as error:
        area_called(asked, year)
    assert told in str(error.value)


def test_a_later_authority_has_the_rates_of_those_it_came_from():
    table = published_figures()
    successor, before = area_called("Cumberland"), area_called("Cumbria", 2022)
    assert before in [areas()[code] for code in successor.predecessors]
    assert successor in successors(before)
    own, size = history(RATES["turnover"], table, [successor, before], [2021, 2024])
    assert own[0, 0] == own[1, 0]
    assert size[0, 0] == size[1, 0]
    assert own[0, 1] == pytest.approx(26.7 / 169.7)
    assert isnan(own[1, 1])


def test_the_table_up_to_a_year_has_nothing_later():
    table = published_figures().up_to(2020)
    assert max(year for _, year in table.cells) == 2020
    assert table.last_year("383", "in_post_fte", 2024) == 2020


def test_the_measures_are_explained_and_are_all_there_are():
    with (EVIDENCE / "authorities.csv").open(encoding="utf-8", newline="") as file:
        columns = next(csv.reader(file))
    with (EVIDENCE / "authority_measures.csv").open(encoding="utf-8", newline="") as file:
        explained = list(csv.DictReader(file))
    assert columns == ["area", "year", *(row["measure"] for row in explained)]
    assert all(row["what"] and row["source"] and row["url"] and row["column"] for row in explained)
    assert (EVIDENCE / "authorities.csv").stat().st_size < 1_500_000


@pytest.mark.parametrize(
    ("given", "divisor", "written"),
    [
        ("12.5", 100, "0.125"),
        ("1,299", 1, "1299"),
        ("low", 1, "0"),
        ("c", 1, "suppressed"),
        ("u", 1, "unreliable"),
        ("x", 1, ""),
        ("z", 1, ""),
        ("", 1, ""),
    ],
)
def test_a_published_cell_becomes_a_number_or_a_mark(given, divisor, written):
    assert cell(given, divisor) == written


def census(tmp_path, **changed):
    """A census file with one authority."""
    where = {
        "time_period": "2026", "geographic_level": "Local authority", "region_name": "South West",
        "old_la_code": "314 / 318", "la_name": "Somewhere",
    }  # fmt: skip
    row = where | {theirs: "10" for theirs, _ in COLUMNS.values()} | changed
    path = tmp_path / "census.csv"
    path.write_text(",".join(row) + "\n" + ",".join(row.values()) + "\n", encoding="utf-8")
    return path


def test_a_later_census_is_laid_over_the_table(tmp_path):
    later = published_figures().with_census(census(tmp_path))
    assert later.value("314/318", 2026, "in_post_fte") == 10
    assert later.value("314/318", 2026, "turnover_rate") == 0.1
    assert later.value("314/318", 2024, "in_post_fte") == 148.8
    assert isnan(published_figures().value("314/318", 2026, "in_post_fte"))


def test_no_return_is_not_nobody(tmp_path):
    nothing = dict.fromkeys((theirs for theirs, _ in COLUMNS.values()), "z") | {"inpost_fte": "0"}
    (row,) = census_rows(census(tmp_path, **nothing))
    assert row["in_post_fte"] == ""
    (row,) = census_rows(census(tmp_path, **nothing | {"agency_fte": "3"}))
    assert row["in_post_fte"] == "0"


def test_a_file_in_another_layout_is_refused(tmp_path):
    path = census(tmp_path, inpost_fte="many")
    with pytest.raises(InputError) as error:
        census_rows(path)
    assert "line 2: inpost_fte" in str(error.value)
    path.write_text("authority,people\nLeeds,3\n", encoding="utf-8")
    with pytest.raises(InputError, match="columns are missing: time_period"):
        census_rows(path)


@pytest.mark.parametrize(
    ("cells", "weights", "together"),
    [
        (["10", "5"], None, "15"),
        (["0.5", "0.9"], [30.0, 10.0], "0.6"),
        (["10", "suppressed"], None, "suppressed"),
        (["", "5"], None, ""),
        (["0.5", "0.9"], [0.0, 0.0], ""),
    ],
)
def test_two_authorities_figures_are_put_together(cells, weights, together):
    assert making().combined(cells, weights) == together


def test_a_figure_that_is_not_there_is_nan():
    assert isnan(PublishedFigures({}).value("383", 2024, "cases"))
    assert isnan(PublishedFigures({}).last("383", "cases", 2024))
