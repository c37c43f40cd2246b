"""The columns of a staff list and of a list of open cases: what each holds, and what a blank means.

Templates, the documentation and the checks are all made from this.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from sim.scenario.position.content import AbsenceKind

CellKind = Literal[
    "reference", "team", "role", "stream", "stage", "tier", "absence", "fte", "count", "yes_no",
    "past", "future",
]  # fmt: skip
ABSENCES: tuple[str, ...] = get_args(AbsenceKind)
EXAMPLE = "EXAMPLE"  # rows whose reference begins like this are passed over


@dataclass(frozen=True)
class Column:
    """A column of a list.

    Attributes
    ----------
    name
        Its heading.
    kind
        What its cells hold.
    meaning
        What it says, for whoever fills it in.
    blank
        What a blank cell means; empty where a cell must be filled.
    needed
        Whether the column has to be there at all.
    """

    name: str
    kind: CellKind
    meaning: str
    blank: str = ""
    needed: bool = False

    @property
    def may_be_blank(self) -> bool:
        """Whether a cell may be left blank."""
        return bool(self.blank)


WORKER, CASE = "worker", "case"
STAFF = (
    Column(
        WORKER, "reference",
        "a reference for the person, such as a staff number: the same as in the list of cases",
        "the post is vacant", needed=True,
    ),
    Column("team", "team", "the team that the post belongs to", needed=True),
    Column("role", "role", "the role of the post", needed=True),
    Column("fte", "fte", "full-time equivalent: 1 for full time, 0.6 for three days a week",
           needed=True),
    Column("in_post_since", "past", "the day on which the person came into the post",
           "not known; drawn"),
    Column("newly_qualified", "yes_no", "whether the person is in the protected first year", "no"),
    Column("agency", "yes_no", "whether the person is an agency worker", "no"),
    Column("absence", "absence", "why the person is away, if away", "at work"),
    Column("absent_since", "past", "the first day of the absence", "not known; drawn"),
    Column("back_on", "future", "the day on which the person is expected back",
           "not known; drawn"),
    Column("last_day", "future", "the last day at work of someone who is leaving",
           "not leaving"),
)  # fmt: skip
CASES = (
    Column(CASE, "reference", "a reference for the case: each only once", needed=True),
    Column("stream", "stream", "the kind of demand that the case came from",
           "the only one whose pathway has the stage"),
    Column("stage", "stage", "the stage that the case is in", needed=True),
    Column("stage_since", "past", "the day on which the case came into that stage", needed=True),
    Column(WORKER, "reference", "who holds the case, as in the staff list",
           "nobody: the case waits", needed=True),
    Column("team", "team", "the team whose case it is",
           "that of the worker; for a case that waits, drawn"),
    Column("tier", "tier", "the risk tier (never below that of the stage)", "not known; drawn"),
    Column("referred_on", "past", "the day of the referral or request", "as stage_since"),
    Column("clock_since", "past",
           "the day from which a timescale that runs over several stages is counted",
           "as stage_since if the stage starts that clock, else as referred_on"),
    Column("allocated_on", "past", "the day on which the worker took up the case in this stage",
           "as stage_since"),
    Column("waiting_since", "past", "the day from which a case without a worker has waited",
           "as stage_since"),
    Column("last_visit", "past", "the day on which a worker last saw the child, adult or family",
           "not visited yet (leave the column out where visits are not known: then drawn)"),
    Column("workers_so_far", "count", "how many different workers the case has had",
           "1, or 0 if the case waits"),
)  # fmt: skip
LISTS = {"staff": STAFF, "cases": CASES}
