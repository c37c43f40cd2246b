"""A pathway: the stages that a case goes through, and the work that each of them asks for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Self

from pydantic import Field, model_validator

from sim.scenario.base import Name, NonNegative, Part, Positive, Share
from sim.scenario.distributions import Distribution

CLOSED = "closed"


class WorkItem(Part):
    """One kind of work that a stage asks for, with its hours.

    `when` says when it is to be done: `every` comes again and again (visits, reviews);
    `opening` is done once, from the start of the stage; `closing` is done once, when the
    stage's own time is up, and the stage cannot end without it (a report, a decision).
    """

    label: str
    when: Literal["every", "opening", "closing"] = "every"
    every_days: Positive | None = Field(
        None, description="working days from one to the next, for `when: every`"
    )
    first_within_days: NonNegative | None = Field(
        None, description="working days within which it is first due (default: every_days)"
    )
    opens_before_days: NonNegative | None = Field(
        None, description="working days before it is due from which it may be done"
    )
    direct_hours: NonNegative = Field(0.0, description="hours with children, adults and families")
    admin_hours: NonNegative = Field(0.0, description="hours of recording, reports and paperwork")
    hours_vary: Distribution | None = Field(
        None, description="a distribution with mean 1 by which the hours of each one vary"
    )
    statutory: bool = Field(False, description="asked for by law or guidance: done first")
    contact: bool = Field(False, description="the worker sees the child, adult or family")
    must_be_done: bool = Field(
        False,
        description="for work that comes again: the stage cannot end while some is not done that "
        "came due in its own time",
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.when == "every" and self.every_days is None:
            raise ValueError("`when: every` needs `every_days`, the working days between two")
        if self.when != "every" and self.every_days is not None:
            raise ValueError("`every_days` goes with `when: every` only")
        if self.must_be_done and self.when != "every":
            raise ValueError(
                "`must_be_done` goes with `when: every` only: a stage cannot end without opening "
                "and closing work anyway"
            )
        if self.direct_hours + self.admin_hours <= 0:
            raise ValueError("work needs hours: give direct_hours, admin_hours or both")
        if self.hours_vary is not None and abs(self.hours_vary.expected() - 1) > 1e-6:
            raise ValueError(f"hours_vary must have mean 1, not {self.hours_vary.expected():g}")
        return self


class Timescale(Part):
    """A statutory or local timescale: the stage should end within so many working days."""

    within_days: Positive
    counted_from: Literal["referral", "stage", "clock"] = Field(
        "stage",
        description="the day the case arrived, the day it entered this stage, or the day it last "
        "entered a stage that starts the clock",
    )
    outcome: Name = Field(description="the key of the outcome: the share that was in time")
    measured_on: Literal["ended", "open"] = Field(
        "ended",
        description="ended: of the stages that ended, those that ended in time; open: of all open "
        "cases of the pathway, those that are not in this stage beyond its time",
    )
    bands: tuple[int, ...] = Field(
        (),
        description="working days that part those that ended into bands, each with an outcome of "
        "its own: with 10 and 15, KEY_in_0_to_10, KEY_in_11_to_15 and KEY_after_15",
    )
    label: str = ""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if list(self.bands) != sorted(set(self.bands)) or any(day < 0 for day in self.bands):
            raise ValueError("`bands` must be 0 or more and rise, as 10, 15, 20")
        if self.bands and self.measured_on == "open":
            raise ValueError("`bands` go with `measured_on: ended` only: they part those that end")
        return self


WITH_THREE_WORKERS = "_with_three_workers"  # the end of the key of such an outcome


def band_keys(outcome: str, bands: Sequence[int]) -> list[str]:
    """The keys of the outcomes of a timescale's bands, from the quickest to the slowest."""
    if not bands:
        return []
    begins = [0, *(last + 1 for last in bands[:-1])]
    keys = [f"{outcome}_in_{first}_to_{last}" for first, last in zip(begins, bands, strict=True)]
    return [*keys, f"{outcome}_after_{bands[-1]}"]


class Booking(Part):
    """A stage that ends at a meeting, which is booked for a day when all who must come are free.

    The stage's own duration is the notice that they are given, at least. What the meeting needs
    must be done by the morning of the day; else, or if the worker is away ill, it is booked again.
    """

    for_day: Distribution = Field(
        description="working days from the beginning of the stage's timescale to the day for which "
        "it is booked, if the stage's own time is up by then"
    )
    again_after_days: Distribution = Field(
        description="working days until the next day that suits everybody, when it is put off"
    )


class Stage(Part):
    """A stage of a pathway."""

    label: str
    team: Name | None = Field(
        None, description="the kind of team that holds the case; nobody holds it when left out"
    )
    also_from: tuple[Name, ...] = Field(
        (),
        description="kinds of team whose workers may hold it too, as on a rota of those with its "
        "skill: the allocation rule chooses among all who are in",
    )
    roles: tuple[Name, ...] = Field(
        (), description="roles that may hold it (default: every role that holds cases)"
    )
    skill: Name | None = Field(None, description="a skill that its worker must have")
    duration: Distribution = Field(description="working days that the stage takes of its own")
    duration_from: Literal["entry", "allocation", "clock"] = Field(
        "allocation",
        description="what the duration counts from: entering the stage, being allocated in it, "
        "or the clock",
    )
    days_for_each_case: NonNegative = Field(
        0.0,
        description="working days by which each case per FTE that its worker holds on taking it "
        "up, this one included, lengthens the stage: meetings are fitted into a fuller diary",
    )
    patience: Distribution | None = Field(
        None,
        description="working days that a case waits for a worker in this stage before it is "
        "withdrawn, whether or not it had one before (default: its stream's, for the first worker)",
    )
    booking: Booking | None = Field(
        None, description="for a stage that ends at a meeting booked with others"
    )
    worker_changes_outcome: Name | None = Field(
        None,
        description="the key of the outcome: KEY_with_three_workers, the share of those in this "
        "stage who had three or more workers within the last year, of whom one may have brought "
        "them into it",
    )
    starts_clock: bool = Field(False, description="entering this stage starts the case's clock")
    timescale: Timescale | None = None
    weight: NonNegative = Field(
        0.0, description="hours a week that a case in this stage counts for in workloads"
    )
    risk_at_least: Name | None = Field(None, description="the lowest risk tier in this stage")
    work: dict[Name, WorkItem] = Field(default_factory=dict)
    next: dict[Name, Share] = Field(description="where cases go next; `closed` ends them")

    @model_validator(mode="after")
    def _check(self) -> Self:
        total = sum(self.next.values())
        if abs(total - 1) > 1e-6:
            raise ValueError(f"the shares under `next` must add up to 1, not {total:g}")
        if self.booking is not None and (
            self.timescale is None or self.timescale.measured_on == "open"
        ):
            raise ValueError(
                "`booking` needs a timescale (`measured_on: ended`): its days count from there"
            )
        if len(self.work) > 7:
            raise ValueError(f"a stage may have at most 7 kinds of work, not {len(self.work)}")
        if self.team is None and (
            self.work or self.skill or self.roles or self.weight or self.patience or self.also_from
            or self.booking or self.worker_changes_outcome or self.days_for_each_case
        ):  # fmt: skip
            raise ValueError(
                "a stage that no team holds cannot ask for work, roles, a skill, a weight, "
                "patience, workers of other teams, a booking, days for each case held or an "
                "outcome of changes of worker"
            )
        return self


class ReReferral(Part):
    """Some cases that are closed come back."""

    share: Share = Field(description="share of closed cases that come back")
    after: Distribution = Field(description="working days from closing to coming back")


class Pathway(Part):
    """The stages of one kind of case; the first one named is where cases start."""

    label: str
    stages: dict[Name, Stage] = Field(min_length=1)
    rereferral: ReReferral | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        if CLOSED in self.stages:
            raise ValueError("`closed` is not a stage: it is where cases end")
        for name, stage in self.stages.items():
            for target in stage.next:
                if target != CLOSED and target not in self.stages:
                    known = ", ".join([*self.stages, CLOSED])
                    raise ValueError(
                        f"stages.{name}.next: there is no stage {target!r}; known: {known}"
                    )
        ends = {CLOSED}
        while True:  # every stage must be able to reach the end
            more = {
                n
                for n, s in self.stages.items()
                if any(t in ends for t, p in s.next.items() if p > 0)
            }
            if more <= ends:
                break
            ends |= more
        stuck = [name for name in self.stages if name not in ends]
        if stuck:
            raise ValueError(f"cases can never leave: {', '.join(stuck)}")
        return self
