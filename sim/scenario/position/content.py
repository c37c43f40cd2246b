"""A service as it is on the morning of its start date: who is in post, which cases are open.

Nobody has a name here. People and cases are numbered in an order that depends on what is known of
them alone, not on their references or on the order of the lists that they were read from.
Days are working days from the start date: -20 is four weeks before it.
"""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from sim.scenario.base import Name, Part, Positive

AbsenceKind = Literal["short_sickness", "long_sickness", "parental_leave"]
Past = int  # a day on or before the start date: 0 or below


class PositionFiles(Part):
    """Where a service's position today is written: two CSV files, or one Excel workbook."""

    staff: str | None = Field(None, description="CSV file with a row for each worker or vacancy")
    cases: str | None = Field(None, description="CSV file with a row for each open case")
    workbook: str | None = Field(
        None, description="Excel workbook (.xlsx) with the sheets `staff` and `cases` instead"
    )

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        files = self.staff is not None and self.cases is not None
        if files == (self.workbook is not None) or (self.staff is None) != (self.cases is None):
            raise ValueError("give either `staff` and `cases`, or `workbook`")
        return self


class Person(Part):
    """Someone in post, or an agency worker. None: not known, and drawn."""

    team: str = Field(description="one team: the kind, and its number where there are several")
    role: Name
    fte: float = Field(gt=0, le=1)
    since: Past | None = Field(None, le=0, description="day on which they came into the post")
    newly_qualified: bool = False
    agency: bool = False
    away: AbsenceKind | None = None
    away_since: Past | None = Field(None, le=0)
    back_on: int | None = Field(None, gt=0)
    last_day: int | None = Field(None, ge=0, description="day from which they are gone")


class Vacancy(Part):
    """A post that nobody permanent holds."""

    team: str
    role: Name
    fte: Positive


class OpenCase(Part):
    """A case that is with the service. None: not known, and drawn or taken from `entered`."""

    stream: Name
    stage: Name
    entered: Past = Field(le=0, description="day on which it came into its stage")
    tier: Name | None = None
    team: str | None = None
    worker: int | None = Field(None, ge=0, description="number of the person who holds it")
    referred: Past | None = Field(None, le=0)
    clock: Past | None = Field(None, le=0, description="day on which its clock started")
    allocated: Past | None = Field(None, le=0, description="day on which its worker took it up")
    waiting_since: Past | None = Field(None, le=0)
    last_visit: Past | None = Field(None, le=0)
    workers_so_far: int | None = Field(None, ge=0)


class Position(Part):
    """The people, the vacant posts and the open cases on the morning of the start date."""

    people: tuple[Person, ...]
    vacancies: tuple[Vacancy, ...] = ()
    cases: tuple[OpenCase, ...] = ()
    visits_known: bool = Field(
        False, description="whether a case without `last_visit` has not been visited yet"
    )


def in_order(position: Position) -> Position:
    """Number people and cases by what is known of them, so that no order of a list remains."""
    cases_of: list[list[str]] = [[] for _ in position.people]
    for case in position.cases:
        if case.worker is not None:
            cases_of[case.worker].append(_content(case))
    order = sorted(
        range(len(position.people)),
        key=lambda n: (_content(position.people[n]), sorted(cases_of[n])),
    )
    number = {old: new for new, old in enumerate(order)}
    cases = [
        case if case.worker is None else case.model_copy(update={"worker": number[case.worker]})
        for case in position.cases
    ]
    return position.model_copy(
        update={
            "people": tuple(position.people[n] for n in order),
            "vacancies": tuple(sorted(position.vacancies, key=lambda each: each.model_dump_json())),
            "cases": tuple(sorted(cases, key=lambda case: (_content(case), _holder(case)))),
        }
    )


def _holder(case: OpenCase) -> int:
    return -1 if case.worker is None else case.worker


def _content(part: Part) -> str:
    return part.model_dump_json(exclude={"worker"})
