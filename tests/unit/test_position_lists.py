"""Staff lists and lists of open cases as people keep them: what is read, and what is refused."""

import csv
from datetime import date, datetime

import openpyxl
import pytest

from sim.scenario.position.columns import CASES, STAFF
from sim.scenario.position.content import PositionFiles
from sim.scenario.position.reading import read_position
from sim.scenario.problems import InputError
from tests.small_services import lively_service

pytestmark = pytest.mark.unit

START = date(2002, 4, 1)  # Easter Monday: the first working day is the Tuesday
STAFF_ROWS = (
    {"worker": "Ann Abel", "team": "intake_1", "role": "social_worker", "fte": "0.6",
     "in_post_since": "25/03/2002", "newly_qualified": "yes"},
    {"worker": "Bo Baker", "team": "intake_2", "role": "senior", "fte": "1", "agency": "no",
     "absence": "long_sickness", "absent_since": "04/03/2002", "back_on": "08/04/2002"},
    {"worker": "Cy Cole", "team": "long_term", "role": "social_worker", "fte": "1",
     "agency": "yes", "last_day": "05/04/2002"},
    {"worker": "", "team": "long_term", "role": "manager", "fte": "0.5"},
)  # fmt: skip
CASE_ROWS = (
    {"case": "Zoe Zed", "stage": "assessment", "stage_since": "18/03/2002", "worker": "Ann Abel",
     "tier": "low", "referred_on": "11/03/2002", "last_visit": "25/03/2002",
     "workers_so_far": "2"},
    {"case": "Yan Young", "stage": "plan", "stage_since": "01/02/2002", "worker": "",
     "team": "long_term", "waiting_since": "22/03/2002"},
    {"case": "Xi Xu", "stage": "advice", "stage_since": "28/03/2002", "worker": "Bo Baker"},
)  # fmt: skip


def service(**files):
    return lively_service(start_date=START, start=files or {"staff": "staff.csv", "cases": "c.csv"})


def write_csv(path, columns, rows, delimiter=",", encoding="utf-8"):
    with path.open("w", newline="", encoding=encoding) as file:
        writer = csv.DictWriter(file, [column.name for column in columns], delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)


def read(folder, staff=STAFF_ROWS, cases=CASE_ROWS, **how):
    write_csv(folder / "staff.csv", STAFF, staff, **how)
    write_csv(folder / "c.csv", CASES, cases, **how)
    return read_position(service(), folder)


def changed(rows, number, **cells):
    return [{**row, **cells} if n == number else row for n, row in enumerate(rows)]


def problems(folder, **lists):
    with pytest.raises(InputError) as refused:
        read(folder, **lists)
    said = str(refused.value)
    for row in (*STAFF_ROWS, *CASE_ROWS):
        for name in (row.get("worker"), row.get("case")):
            assert not name or name.split()[0] not in said  # no name in any message
    return refused.value.problems


# ---------------------------------------------------------------- what is read


def test_people_vacancies_and_cases_are_read_as_days_from_the_start(tmp_path):
    """From Monday 18 March to Tuesday 2 April 2002 nine working days pass: Good Friday and Easter
    Monday are none. From the start date to Monday 8 April four."""
    position = read(tmp_path)
    by_role = {(person.team, person.role): person for person in position.people}
    ann, bo, cy = (
        by_role[place]
        for place in (
            ("intake_1", "social_worker"),
            ("intake_2", "senior"),
            ("long_term", "social_worker"),
        )
    )
    assert (ann.fte, ann.since, ann.newly_qualified, ann.away) == (0.6, -4, True, None)
    assert (bo.away, bo.away_since, bo.back_on, bo.since) == ("long_sickness", -19, 4, None)
    assert (cy.agency, cy.last_day) == (True, 4)  # Friday is the fourth day: gone from Monday
    (vacancy,) = position.vacancies
    assert (vacancy.team, vacancy.role, vacancy.fte) == ("long_term", "manager", 0.5)
    cases = {case.stage: case for case in position.cases}
    assessment, plan, advice = cases["assessment"], cases["plan"], cases["advice"]
    assert (assessment.stream, assessment.entered, assessment.tier) == ("referrals", -9, "low")
    assert position.people[assessment.worker] == ann
    assert (assessment.referred, assessment.last_visit, assessment.workers_so_far) == (-14, -4, 2)
    assert (plan.worker, plan.team, plan.waiting_since) == (None, "long_term", -5)
    assert (advice.stream, position.people[advice.worker]) == ("calls", bo)
    assert position.visits_known


def test_nothing_of_a_reference_is_kept(tmp_path):
    kept = read(tmp_path).model_dump_json()
    for row in (*STAFF_ROWS, *CASE_ROWS):
        for name in (row.get("worker", ""), row.get("case", "")):
            assert all(part not in kept for part in name.split())


@pytest.mark.parametrize(
    "how",
    [
        {"delimiter": ";"},
        {"delimiter": "\t"},
        {"encoding": "utf-8-sig"},
        {"encoding": "utf-16"},
        {"encoding": "cp1252"},
    ],
    ids=str,
)
def test_a_csv_file_may_be_as_any_spreadsheet_writes_it(tmp_path, how):
    staff = changed(STAFF_ROWS, 0, worker="André Äbel")
    cases = changed(CASE_ROWS, 0, worker="André Äbel")
    assert read(tmp_path, staff, cases, **how) == read(tmp_path)


@pytest.mark.parametrize(
    ("column", "written"),
    [
        ("in_post_since", "2002-03-25"),
        ("in_post_since", "25-03-2002"),
        ("in_post_since", "25.03.2002"),
        ("in_post_since", "25 Mar 2002"),
        ("in_post_since", "2002-03-25 00:00:00"),
        ("in_post_since", "25/03/2002 09:30"),
        ("worker", "  ann   ABEL "),
        ("worker", "Ann Abel\u00a0"),
        ("team", "Intake 1"),
        ("role", " Social worker"),
        ("fte", "0,6"),
        ("newly_qualified", "Y"),
        ("newly_qualified", "TRUE"),
    ],
)
def test_cells_may_be_written_in_any_of_the_usual_ways(tmp_path, column, written):
    assert read(tmp_path, changed(STAFF_ROWS, 0, **{column: written})) == read(tmp_path)


def test_blank_rows_and_examples_are_passed_over_and_rows_counted_all_the_same(tmp_path):
    blank = dict.fromkeys(STAFF_ROWS[0], " ")
    example = {**STAFF_ROWS[0], "worker": "EXAMPLE 17"}
    staff = [example, blank, *STAFF_ROWS]
    assert read(tmp_path, staff) == read(tmp_path)
    (problem,) = problems(tmp_path, staff=changed(staff, 3, fte="2"))
    assert problem.message == "row 5: not a full-time equivalent"


def test_a_column_that_is_left_out_is_not_known(tmp_path):
    for name, columns, rows in (("staff", STAFF, STAFF_ROWS), ("c", CASES, CASE_ROWS)):
        kept = [column for column in columns if column.needed]
        names = {column.name for column in kept}
        cut = [{key: row[key] for key in names & set(row)} for row in rows]
        write_csv(tmp_path / f"{name}.csv", kept, cut)
    position = read_position(service(), tmp_path)
    assert not position.visits_known
    assert {case.last_visit for case in position.cases} == {None}
    assert {person.since for person in position.people} == {None}


# ---------------------------------------------------------------- workbooks


def workbook(path, staff=STAFF_ROWS, cases=CASE_ROWS, names=("staff", "cases")):
    book = openpyxl.Workbook()
    for name, columns, rows in zip(names, (STAFF, CASES), (staff, cases), strict=True):
        sheet = book.create_sheet(name)
        sheet.append([column.name for column in columns])
        for row in rows:
            sheet.append([row.get(column.name) or None for column in columns])
    book.remove(book["Sheet"])
    book.save(path)
    return read_position(service(workbook=path.name), path.parent)


def test_a_workbook_gives_the_same_as_csv_files(tmp_path):
    assert workbook(tmp_path / "p.xlsx", names=("Staff ", "CASES")) == read(tmp_path)


def test_cells_of_a_workbook_may_be_dates_numbers_and_truths(tmp_path):
    staff = changed(
        STAFF_ROWS, 0, in_post_since=datetime(2002, 3, 25), fte=0.6, newly_qualified=True, worker=17
    )
    cases = changed(CASE_ROWS, 0, stage_since=date(2002, 3, 18), workers_so_far=2.0, worker="17")
    assert workbook(tmp_path / "p.xlsx", staff, cases) == read(tmp_path)


def test_a_formula_without_a_value_is_refused_with_its_row(tmp_path):
    with pytest.raises(InputError, match="row 3: a formula without a value") as refused:
        workbook(tmp_path / "p.xlsx", changed(STAFF_ROWS, 1, fte="=1/2"))
    assert refused.value.problems[0].path == "sheet staff"


def test_a_missing_sheet_is_named_and_those_that_are_there(tmp_path):
    with pytest.raises(InputError, match="there is no sheet called 'cases'") as refused:
        workbook(tmp_path / "p.xlsx", names=("staff", "open"))
    assert refused.value.problems[0].given == "staff, open"


def test_problems_of_a_workbook_name_the_sheet(tmp_path):
    with pytest.raises(InputError) as refused:
        workbook(tmp_path / "p.xlsx", changed(STAFF_ROWS, 1, fte="2"))
    assert refused.value.problems[0].path == "sheet staff, column fte"


@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04 cut short"])
def test_a_file_that_is_no_workbook_is_refused(tmp_path, content):
    (tmp_path / "p.xlsx").write_bytes(content)
    with pytest.raises(InputError, match="cannot be read as a workbook"):
        read_position(service(workbook="p.xlsx"), tmp_path)


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("list_name", "number", "cells", "column", "message", "given", "remedy"),
    [
        ("staff", 0, {"team": "intaek_1"}, "team", "row 2: there is no such team", "intaek_1",
         "did you mean 'intake_1'?"),
        ("staff", 0, {"team": "Jane Smith"}, "team", "row 2: there is no such team", "",
         "scenario"),
        ("staff", 1, {"role": "seniro"}, "role", "row 3: there is no such role", "seniro",
         "did you mean 'senior'?"),
        ("staff", 0, {"fte": "1.2"}, "fte", "row 2: not a full-time equivalent", "1.2", "divide"),
        ("staff", 0, {"fte": "0"}, "fte", "row 2: not a full-time equivalent", "0", "leave out"),
        ("staff", 0, {"fte": "full"}, "fte", "row 2: not a number", "", ""),
        ("staff", 0, {"fte": ""}, "fte", "row 2: the cell is blank", "", ""),
        ("staff", 0, {"in_post_since": "03/25/2002"}, "in_post_since", "row 2: not a date",
         "03/25/2002", "day first"),
        ("staff", 0, {"in_post_since": "37340"}, "in_post_since", "row 2: not a date", "37340",
         "format the column as dates"),
        ("staff", 0, {"in_post_since": "02/04/2002"}, "in_post_since",
         "row 2: after the start date", "02/04/2002", "start_date"),
        ("staff", 0, {"in_post_since": "01/01/1900"}, "in_post_since", "row 2: too long ago",
         "01/01/1900", "blank"),
        ("staff", 0, {"newly_qualified": "perhaps"}, "newly_qualified", "row 2: neither yes nor no",
         "", ""),
        ("staff", 2, {"worker": "bo BAKER"}, "worker", "row 4: the same reference as in a row "
         "above", "", "two posts"),
        ("staff", 0, {"absent_since": "25/03/2002"}, "absence", "row 2: it is not said why the "
         "person is away", "", "fill in `absence`"),
        ("staff", 1, {"absence": "sick"}, "absence", "row 3: there is no such absence", "", ""),
        ("staff", 2, {"last_day": "29/03/2002"}, "last_day", "row 4: before the start date",
         "29/03/2002", "has left"),
        ("staff", 3, {"last_day": "29/05/2002"}, "last_day", "row 5: a vacant post cannot be this",
         "", "reference"),
        ("cases", 0, {"stage": "closed"}, "stage", "row 2: there is no such stage", "",
         "leave closed cases out"),
        ("cases", 0, {"stage_since": ""}, "stage_since", "row 2: the cell is blank", "", ""),
        ("cases", 0, {"stage_since": "18/03/2003"}, "stage_since", "row 2: after the start date",
         "18/03/2003", "start_date"),
        ("cases", 0, {"tier": "hihg"}, "tier", "row 2: there is no such tier", "hihg",
         "did you mean 'high'?"),
        ("cases", 0, {"worker": "Who"}, "worker", "row 2: not in the staff list", "",
         "add the person"),
        ("cases", 0, {"worker": "Cy Cole"}, "worker",
         "row 2: the worker is in a team that does not hold that stage", "", "then the case waits"),
        ("cases", 0, {"stage": "court"}, "worker",
         "row 2: the worker's role may not hold that stage", "", "correct the role"),
        ("cases", 0, {"stage": "screening"}, "worker", "row 2: nobody holds cases in this stage",
         "", ""),
        ("cases", 1, {"team": "intake_1"}, "team", "row 3: this team does not hold that stage", "",
         "leave it blank"),
        ("cases", 0, {"stream": "calls"}, "stream", "row 2: not a stream with that stage, or no "
         "stream where several have it", "", "fill in `stream`"),
        ("cases", 0, {"referred_on": "19/03/2002"}, "referred_on",
         "row 2: not before `stage_since`", "", "day written before the month"),
        ("cases", 0, {"allocated_on": "15/03/2002"}, "allocated_on",
         "row 2: not after `stage_since`", "", "day written before the month"),
        ("cases", 1, {"case": "zoe zed"}, "case", "row 3: the same reference as in a row above",
         "", "the stage that the case is in"),
        ("cases", 0, {"workers_so_far": "1.5"}, "workers_so_far", "row 2: not a whole number",
         "1.5", ""),
        ("cases", 0, {"workers_so_far": "0"}, "workers_so_far", "row 2: the case has a worker", "",
         ""),
    ],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
def test_what_is_wrong_is_said_with_row_column_rule_and_remedy(
    tmp_path, list_name, number, cells, column, message, given, remedy
):
    rows = {"staff": STAFF_ROWS, "cases": CASE_ROWS}
    (problem,) = problems(tmp_path, **{list_name: changed(rows[list_name], number, **cells)})
    assert problem.file.endswith("staff.csv" if list_name == "staff" else "c.csv")
    assert problem.path == f"column {column}"
    assert problem.message == message
    assert problem.given == given
    assert remedy in problem.remedy


def test_everything_that_is_wrong_is_said_at_once_and_rows_are_put_together(tmp_path):
    staff = [{**STAFF_ROWS[0], "worker": f"P{n}", "fte": "2"} for n in range(8)]
    found = problems(tmp_path, staff=staff, cases=changed(CASE_ROWS, 1, tier="hi"))
    assert [problem.message for problem in found] == [
        "rows 2, 3, 4, 5, 6 and 3 more: not a full-time equivalent",
        "row 3: there is no such tier",
        "rows 2 and 4: not in the staff list",
    ]


def test_columns_that_are_missing_or_not_known_are_named(tmp_path):
    (tmp_path / "staff.csv").write_text("worker,team,role,ftes,home_address\nA,intake_1,senior,1,x")
    write_csv(tmp_path / "c.csv", CASES, CASE_ROWS)
    with pytest.raises(InputError) as refused:
        read_position(service(), tmp_path)
    said = {problem.message: problem.remedy for problem in refused.value.problems}
    assert said["there is no column 'fte'"] == "did you mean 'ftes'?"
    assert said["unknown column 'ftes'"] == "did you mean 'fte'?"
    assert "delete the column" in said["a column that is not known"]  # its heading may be anything
    assert "home_address" not in str(refused.value).replace("home_address", "", 1)


@pytest.mark.parametrize(
    "first", ["Zoe Walker,intake_1,senior,1", "Walker,intake_1,senior,1", "Zoe,Zoe,senior,1"]
)
def test_nobody_is_named_where_the_headings_have_been_left_out(tmp_path, first):
    (tmp_path / "staff.csv").write_text(f"{first}\nA,intake_1,senior,1\n")
    write_csv(tmp_path / "c.csv", CASES, CASE_ROWS)
    with pytest.raises(InputError, match="row 1, the first, has none of the headings") as refused:
        read_position(service(), tmp_path)
    assert "staff: worker, team, role, fte" in str(refused.value)
    said = str(refused.value).lower().replace(str(tmp_path).lower(), "")
    assert "zoe" not in said
    assert "walker" not in said


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "there are no headings"),
        ("worker,team,role,fte\n", "the list is empty"),
        ("worker,team,role,fte\nA,intake_1,senior,1,extra", "row 2 has more cells than"),
        ("worker,team,team,fte\nA,x,senior,1", "two columns are called 'team'"),
        ('worker,team\n"A,intake_1', "this cannot be read as CSV"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path, text, message):
    (tmp_path / "staff.csv").write_text(text)
    write_csv(tmp_path / "c.csv", CASES, CASE_ROWS)
    with pytest.raises(InputError, match=message):
        read_position(service(), tmp_path)


def test_both_files_that_are_not_there_are_said(tmp_path):
    with pytest.raises(InputError) as refused:
        read_position(service(), tmp_path)
    assert [problem.message for problem in refused.value.problems] == 2 * ["there is no such file"]


def test_a_flag_that_the_scenario_knows_nothing_of_is_refused(tmp_path):
    nobody = lively_service(start_date=START, start={"staff": "staff.csv", "cases": "c.csv"})
    recruitment = nobody.recruitment.model_copy(update={"newly_qualified": None})
    write_csv(tmp_path / "staff.csv", STAFF, STAFF_ROWS)
    write_csv(tmp_path / "c.csv", CASES, CASE_ROWS)
    with pytest.raises(InputError, match="protects nobody as newly qualified"):
        read_position(nobody.model_copy(update={"recruitment": recruitment}), tmp_path)


@pytest.mark.parametrize(
    "start", [{"staff": "a.csv"}, {"cases": "a.csv"}, {}, {"staff": "a", "cases": "b",
                                                         "workbook": "c"}]
)  # fmt: skip
def test_files_are_named_in_one_of_two_ways(start):
    with pytest.raises(ValueError, match="give either"):
        PositionFiles(**start)
