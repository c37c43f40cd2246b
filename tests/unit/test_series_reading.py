"""Monthly series from a CSV file, and what is said about a file that cannot be used."""

import numpy as np
import pytest

from forecasting.series.reading import MOST_PROBLEMS, read_series
from sim.scenario.problems import InputError

pytestmark = pytest.mark.unit

HEADER = "series_key,area_name,period_start,value"


def lines(values, area="Northtown", first="2020-01"):
    months = np.datetime64(first, "M") + np.arange(len(values))
    return [
        f"referrals,{area},{month}-01,{value}" for month, value in zip(months, values, strict=True)
    ]


@pytest.fixture
def write(tmp_path):
    def to_file(*rows, header=HEADER, encoding="utf-8"):
        path = tmp_path / "series.csv"
        path.write_text("\n".join([header, *rows]) + "\n", encoding=encoding)
        return path

    return to_file


def problems(path):
    with pytest.raises(InputError) as caught:
        read_series(path)
    return caught.value.problems


def test_several_series_in_any_order_with_other_columns(write):
    rows = [f"{row},a note" for row in lines(range(5)) + lines(range(10, 17), "Southtown")]
    rows = [rows[place] for place in (3, 11, 0, 5, 7, 1, 2, 6, 4, 10, 8, 9)]
    read = read_series(write(*rows, header=f"{HEADER},note"))
    assert [(each.key, each.area) for each in read.series] == [
        ("referrals", "Northtown"),
        ("referrals", "Southtown"),
    ]
    assert read.series[0].values.tolist() == [0, 1, 2, 3, 4]
    assert read.series[1].values.tolist() == list(range(10, 17))
    assert str(read.series[1].start) == "2020-01"
    assert read.notes == ()


def test_a_byte_order_mark_and_windows_line_ends(tmp_path):
    path = tmp_path / "series.csv"
    path.write_bytes(("\r\n".join([HEADER, *lines([1, 2])]) + "\r\n").encode("utf-8-sig"))
    assert read_series(path).series[0].values.tolist() == [1, 2]


def test_commas_between_thousands_are_read_and_noted(write):
    read = read_series(
        write('referrals,Northtown,2020-01-01,"12,345"', *lines([7], first="2020-02"))
    )
    assert read.series[0].values.tolist() == [12345, 7]
    assert "commas between thousands" in read.notes[0]


def test_a_comma_that_is_not_between_thousands_is_no_number(write):
    (problem,) = problems(write('referrals,Northtown,2020-01-01,"12,34"'))
    assert (problem.line, problem.path, problem.given) == (2, "value", "'12,34'")


@pytest.mark.parametrize("cell", ["", "NA", "n/a"])
def test_one_missing_month_is_passed_over_and_noted(write, cell):
    read = read_series(write(*lines([5, 6, cell, *range(7, 20)])))
    assert np.isnan(read.series[0].values).tolist() == [False, False, True] + [False] * 13
    assert read.notes == ("referrals, Northtown: 1 month missing after line 3, passed over",)


def test_a_month_without_a_row_is_missing_too(write):
    rows = lines(range(20))
    del rows[4]
    assert np.flatnonzero(np.isnan(read_series(write(*rows)).series[0].values)).tolist() == [4]


def test_months_that_are_missing_at_the_end_are_not_part_of_the_series(write):
    assert len(read_series(write(*lines([1, 2, 3, ""]))).series[0]) == 3


def test_three_missing_months_in_a_row_are_refused_by_the_row_before_them(write):
    rows = lines(range(40))
    del rows[10:13]
    (problem,) = problems(write(*rows))
    assert (problem.line, problem.given) == (11, "'2020-10-01'")
    assert "lacks 3 months" in problem.message


def test_every_other_month_missing_is_refused(write):
    found = problems(write(*lines(range(20))[::2]))
    assert len(found) == 9
    assert "one in ten" in found[0].accepted


def test_a_month_twice_is_refused_with_both_rows(write):
    (problem,) = problems(write(*lines([1, 2, 3]), *lines([9], first="2020-02")))
    assert problem.line == 5
    assert "line 3" in problem.message


def test_other_separators_than_commas_are_one_problem_with_its_remedy(write):
    rows = [row.replace(",", ";") for row in lines([1, 2])]
    (problem,) = problems(write(*rows, header=HEADER.replace(",", ";")))
    assert problem.line == 1
    assert "not separated by commas" in problem.message
    assert "with commas" in problem.remedy


def test_numbers_that_no_count_can_be_are_refused(write):
    (problem,) = problems(write(*lines([1, "2e290"])))
    assert (problem.line, problem.message) == (3, "too large")


def test_zero_is_a_number_like_any_other(write):
    assert read_series(write(*lines([0, 3, 0]))).series[0].values.tolist() == [0, 3, 0]


@pytest.mark.parametrize("cell", ["-4", "-0.1", "inf", "1e999"])
def test_a_value_below_none_or_endless_is_refused(write, cell):
    (problem,) = problems(write(*lines([1, cell, 3])))
    assert (problem.line, problem.path, problem.given) == (3, "value", repr(cell))
    assert problem.message == "not a number of 0 or more"


@pytest.mark.parametrize("cell", ["many", "<5", "£3", "1.2.3"])
def test_text_for_a_value_is_refused(write, cell):
    (problem,) = problems(write(*lines([1, cell, 3])))
    assert (problem.line, problem.path, problem.given) == (3, "value", repr(cell))
    assert "empty cell" in problem.accepted


@pytest.mark.parametrize("given", ["2020-01-15", "01/04/2020", "April 2020", "2020-13-01", ""])
def test_a_date_that_is_not_the_first_of_a_month_is_refused(write, given):
    (problem,) = problems(write(f"referrals,Northtown,{given},5"))
    assert (problem.line, problem.path, problem.given) == (2, "period_start", repr(given))
    assert "2024-04-01" in problem.accepted


def test_a_time_beside_the_date_is_let_through(write):
    assert len(read_series(write("referrals,Northtown,2020-01-01 00:00:00,5")).series) == 1


def test_annual_rows_are_left_out_and_noted(write):
    rows = [f"{row},M" for row in lines([1, 2])] + ["referrals,Northtown,2019-01-01,99,A"]
    read = read_series(write(*rows, header=f"{HEADER},frequency"))
    assert read.series[0].values.tolist() == [1, 2]
    assert read.notes == ("1 rows with a frequency other than M: left out",)


def test_a_missing_column_is_asked_for_with_what_it_may_be(write):
    (problem,) = problems(write(*lines([1]), header="series_key,area_name,period_strat,value"))
    assert (problem.line, problem.path) == (1, "period_start")
    assert "'period_strat'" in problem.remedy


def test_a_column_that_is_there_twice_is_refused(write):
    (problem,) = problems(write("a,b,2020-01-01,1,2", header=f"{HEADER},value"))
    assert problem.path == "value"


def test_a_row_of_another_length_is_refused(write):
    (problem,) = problems(write("referrals,Northtown,2020-01-01,12,345"))
    assert problem.line == 2
    assert "5 cells" in problem.message


def test_a_series_without_any_value_is_refused(write):
    (problem,) = problems(write(*lines(["", ""])))
    assert "no value at all" in problem.message


@pytest.mark.parametrize("text", ["", "\n \n", HEADER, HEADER + "\n\n,,,\n"])
def test_an_empty_file_is_refused(tmp_path, text):
    path = tmp_path / "series.csv"
    path.write_text(text)
    (problem,) = problems(path)
    assert "empty" in problem.message or "no row" in problem.message
    assert "period_start" in problem.accepted


def test_what_is_no_csv_is_refused(write):
    (problem,) = problems(write(f"referrals,{'x' * 200_000},2020-01-01,5"))
    assert problem.line == 2
    assert "not CSV" in problem.message


def test_a_file_full_of_problems_lists_the_first_and_counts_the_rest(write):
    found = problems(write(*lines(["many"] * 50)))
    assert len(found) == MOST_PROBLEMS + 1
    assert found[-1].message == "and 30 more problems"


def test_a_file_that_is_not_there_is_refused(tmp_path):
    (problem,) = problems(tmp_path / "nothing.csv")
    assert problem.message == "there is no such file"
