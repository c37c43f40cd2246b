"""The report's tables in Excel: the same numbers, whole; words that cannot become formulas."""

import openpyxl
import pytest

from sim.report.changes import changes_of
from sim.report.page import write_report
from sim.scenario.problems import InputError
from sim.study.results import Results
from tests import reports

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def results(tmp_path_factory) -> Results:
    return reports.run(tmp_path_factory.mktemp("tables") / "found", tables=())


@pytest.fixture(scope="module")
def file(results, tmp_path_factory):
    folder = tmp_path_factory.mktemp("excel")
    write_report(results, folder / "report.html", excel=folder / "tables.xlsx")
    return folder / "tables.xlsx"


@pytest.fixture
def book(file):
    return openpyxl.load_workbook(file)


def test_there_are_contents_a_table_a_sheet_and_definitions(book):
    first, *others = book.sheetnames
    assert first == "contents"
    listed = [row[0] for row in book["contents"].iter_rows(min_row=2, values_only=True)]
    assert listed == others
    assert {"about", "safety", "wellbeing", "fairness", "cost", "cost and safety",
            "all assumptions", "files", "definitions", "columns"} <= set(others)  # fmt: skip
    meanings = {row[1]: row[3] for row in book["columns"].iter_rows(values_only=True)
                if row[0] == "safety"}  # fmt: skip
    assert meanings["for the better"] == "probability that the true change is for the better"


def test_headings_stay_in_view_and_no_cells_are_merged(book):
    for sheet in book:
        assert sheet.freeze_panes == "A2", sheet.title
        assert not sheet.merged_cells.ranges
        assert all(cell.font.bold for cell in sheet[1])


def test_numbers_are_as_stored_with_a_format_and_units(book, results):
    rows = list(book["cost"].iter_rows(min_row=2))
    (change,) = [
        each for each in changes_of(results.comparisons, "posts")
        if each.outcome.key == "total_cost"
    ]  # fmt: skip
    (row,) = [row for row in rows if row[1].value == "Posts"]
    cells = dict(zip((cell.value for cell in book["cost"][1]), row, strict=True))
    assert cells["Outcome"].value == "Total cost"
    assert cells["change"].value == pytest.approx(change.difference)
    assert cells["change"].number_format == '+"£"#,##0;-"£"#,##0;"£"#,##0'
    assert cells["for the better"].value == pytest.approx(change.probability_better)


def test_levels_of_shares_are_fractions_and_their_changes_points_and_it_is_said(book, results):
    """In every sheet of outcomes the same columns, and each number with the unit that it is in."""
    for name in ("safety", "wellbeing", "fairness", "cost"):
        heading, *rows = book[name].iter_rows(values_only=True)
        assert heading == ("Outcome", "Policy", "unit", "now", "then", "unit of change", "change",
                           "from", "to", "for the better", "how sure")  # fmt: skip
        defined = {row[0]: row for row in book["definitions"].iter_rows(values_only=True)}
        for row in rows:
            assert (row[2], row[5]) == defined[row[0]][2:4]
            scale = 100 if row[5] == "percentage points" else 1
            assert row[6] == pytest.approx(scale * (row[4] - row[3]))
            assert (row[2].endswith("shown as per cent")) == (scale == 100)
    formats = {cell.number_format[-1] == "%" for row in book["wellbeing"].iter_rows(min_row=2)
               for cell in row[3:5] if row[5].value == "percentage points"}  # fmt: skip
    assert formats == {True}


def test_every_column_of_numbers_has_its_unit(book):
    units = {row[:2]: row[2] for row in book["columns"].iter_rows(min_row=2, values_only=True)}
    for sheet in book.worksheets[2:-2]:  # between what was run and the definitions
        for heading, *cells in sheet.iter_cols(values_only=True):
            if any(isinstance(value, float) for value in cells):
                assert units[sheet.title, heading], (sheet.title, heading)


def test_headings_are_not_used_twice_in_a_sheet(book):
    for sheet in book:
        headings = [cell.value for cell in sheet[1]]
        assert len(set(headings)) == len(headings), sheet.title


def test_contents_lead_to_each_sheet_and_back(book):
    leads = {
        row[0].value: row[0].hyperlink.location for row in book["contents"].iter_rows(min_row=2)
    }
    assert leads == {name: f"'{name}'!A1" for name in book.sheetnames[1:]}
    for sheet in book.worksheets[1:]:
        assert sheet["A1"].hyperlink.location == "'contents'!A1", sheet.title
        assert sheet["A1"].hyperlink.tooltip == "To the contents"


def test_no_cell_is_a_formula_or_leads_out_of_the_file(book):
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert all(cell.hyperlink is None or cell.hyperlink.target is None for cell in cells)
    texts = {cell.value for cell in cells if cell.data_type == "s"}
    assert {"@three more posts", "+the service as it is", reports.HOSTILE} <= texts


def test_few_workers_are_left_out_here_too(book, results, tmp_path):
    keys = [row[1] for row in book["definitions"].iter_rows(values_only=True)]
    assert "newly_qualified_turnover_rate" not in keys
    write_report(results, tmp_path / "all.html", excel=tmp_path / "all.xlsx", small_counts=True)
    everything = openpyxl.load_workbook(tmp_path / "all.xlsx")["definitions"]
    keys = [row[1] for row in everything.iter_rows(values_only=True)]
    assert "newly_qualified_turnover_rate" in keys


def test_the_same_results_give_the_same_bytes(results, file, tmp_path):
    write_report(results, tmp_path / "again.html", excel=tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == file.read_bytes()


def test_another_kind_of_file_is_refused_before_anything_is_written(results, tmp_path):
    with pytest.raises(InputError, match=r"ends in \.xlsx"):
        write_report(results, tmp_path / "report.html", excel=tmp_path / "tables.csv")
    with pytest.raises(InputError, match="there is no such folder"):
        write_report(results, tmp_path / "report.html", excel=tmp_path / "nowhere" / "a.xlsx")
    assert list(tmp_path.iterdir()) == []
