"""The state of a service as columns: cases, workers, posts, teams; a row each, a field a column.

Columns are what makes the working day fast: compiled code takes a whole table as one argument and
reads `cases["stage"][row]`; Python reads the same. A row is never reused, so a row number is a
name within a run. What identifies a case or a person across policies is its `key`, from which all
its chances are drawn (see `sim.model.randomness`).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Table = NDArray[Any]

CACHE_LINE = 64  # bytes
SLOTS = 8  # kinds of work in hand for a case: slot 0 is a handover, 1 to 7 those of its stage
ROOM_ON_A_LIST = 128  # pieces of work, at first
NOBODY = -1
NEVER = 10**9  # a day that never comes

# Status of a case.
SCREENED, WAITING, HELD, GONE_CLOSED, GONE_WITHDRAWN, GONE_REFUSED = range(6)
CASE_STATUS = ("screened", "waiting", "held", "closed", "withdrawn", "refused")

# Why a worker is away, or not.
PRESENT, SHORT_SICK, LONG_SICK, PARENTAL, LEFT = range(5)
WORKER_STATUS = ("present", "short sickness", "long sickness", "parental leave", "left")

# What a day in a worker's diary is booked for.
WORKING, LEAVE, TRAINING = range(3)

# What Cases.counts holds: how many rows are open, may end in the morning, were open last evening.
OPEN, ENDING, OPEN_BEFORE = range(3)

# Status of a post.
FILLED, VACANT = range(2)


def whole_lines(fields: list[tuple[str, Any]]) -> np.dtype[np.void]:
    """Make the type of a row that fills whole lines of the processor's cache."""
    size = np.dtype(fields).itemsize
    names, formats = zip(*fields, strict=True)
    return np.dtype(
        {"names": names, "formats": formats, "itemsize": -(-size // CACHE_LINE) * CACHE_LINE}
    )


# What is read of every open case every day stands first, so that it shares one line of the
# processor's cache: the time of a day is mostly that of fetching cases from memory.
CASE = whole_lines(
    [
        ("status", np.int32),
        ("stage", np.int32),  # row of the blueprint's stages
        ("tier", np.int32),  # 0 is the highest risk
        ("team", np.int32),
        ("worker", np.int32),
        ("new_worker_since", np.int32),  # when a first worker was last followed by another
        ("presses_from", np.int32),  # nothing more of it goes on the holder's list before this day
        ("quiet_until", np.int32),  # nothing of it changes in an evening before this day
        ("listed", np.int32),  # bit mask: slots of which the work is on the holder's list
        ("seen", np.int32),  # day of the first contact, or -NEVER while nobody has seen the person
        ("ends", np.float64),  # day from which the stage's own time is up
        ("incidents", np.float64),  # expected in a day, as of the last evening of a change
        ("complexity", np.float64),
    ]
    + [
        (name, np.int64)
        for name in (
            "key",  # who this is, under every policy
            "stream",
            "steps",  # stages entered so far: numbers the case's own draws
            "former_worker",
            "workers",  # different spells with a worker
            "arrived",  # working day of the referral; all days are working days of the run
            "entered",  # day it entered this stage
            "clock",  # day it last entered a stage that starts the clock
            "allocated",  # day it was allocated in this stage, or -NEVER before that
            "worker_changed",  # days on which it last had another worker in this stage, and the
            "worker_changed_before",  # time before that, or -NEVER
            "put_off",  # times that the meeting at the end of this stage was put off
            "waiting_since",
            "waiting_next",  # next row on the same waiting list
            "closed",
            "returns",  # day it comes back after closing
            "returns_next",  # next row that comes back on the same day
            "returned",  # 1 if this is itself a re-referral
        )
    ]
    + [
        ("area", np.float64),  # 0 to 1: which of the teams of a kind serves it
        ("patience", np.float64),  # days that it waits for its first worker
    ]
)

# What is due and what is left stand side by side, so that the usual two or three kinds of work of a
# case are in one line of the cache.
WORK = np.dtype([("due", np.float64), ("left", np.float64)])

WORKER = np.dtype(
    [
        (name, np.int64)
        for name in (
            "key",
            "post",  # row of posts, or NOBODY for agency beyond the establishment
            "role",
            "team",
            "agency",  # 1 for an agency worker
            "status",
            "on_notice",
            "last_day",  # of someone on notice: the day from which they are gone
            "back_on",  # of someone who is away: the day on which they are back
            "skills",  # bit mask
            "caseload",
            "first_in_hand",  # where their cases at the last casework begin; see Cases.in_hand
            "in_hand",  # how many these were
            "listed",  # pieces of work on their list
            "let_go",  # 1 if some of these are no longer theirs to do
            "started",  # day; negative for those in post on the first day
            "newly_qualified_until",
            "short_sickness_spells",  # so far: numbers the worker's own draws for each kind
            "long_sickness_spells",
            "parental_spells",
            "stress_related",  # the present spell is
            "given",  # order in which cases were last given, for round robin
            "supervision_due",
            "last_supervision",
            "weeks_over",  # weeks running above the overload level
            "begun",  # 1 + row * SLOTS + slot of the piece of work begun and not finished, or 0
            "overdue_high_risk",  # high-risk cases with an overdue contact, last evening
        )
    ]
    + [
        (name, np.float64)
        for name in (
            "fte",
            "workload",  # weighted hours a week of the cases held
            "capacity",  # deployable hours a week
            "overtime_limit",  # hours a day, full time
            "exhaustion",
            "exhaustion_held",  # what it was in another run, where an arrow is held at that
            "tendency",  # how far this person's exhaustion tends above or below others'
            "short_sickness",  # hazard gathered so far, and where it strikes
            "short_sickness_at",
            "long_sickness",
            "long_sickness_at",
            "parental",
            "parental_at",
            "leaving",
            "leaving_at",
            "overdue_hours",  # hours of work that was overdue last evening
            "cpd_owed",
            "day_overtime",
            "day_admin_share",
            "week_contracted",
            "week_overtime",
            "week_protected",
            "week_direct",
            "week_admin",
            "week_idle",
        )
    ]
)

POST = np.dtype(
    [
        (name, np.int64)
        for name in ("key", "team", "role", "status", "holder", "cover", "vacancies", "since")
    ]
    + [("fte", np.float64)]
)

TEAM = np.dtype(
    [("kind", np.int64), ("area", np.int64)]
    + [
        (name, np.float64)
        for name in (
            "business_support",  # FTE
            "support_left",  # hours of business support left today
            "manager_bank",  # hours that managers have saved up for supervision
            "case_holders",  # workers who hold cases, by role
            "exhaustion",  # theirs, added up
        )
    ]
)


def zeros(rows: int, dtype: Any, columns: int | None = None) -> Table:
    """Make a table of zeros that begins with a line of the processor's cache.

    A row of 64 bytes is then one line to fetch, and not halves of two.
    """
    shape = (rows,) if columns is None else (rows, columns)
    size = int(np.prod(shape)) * np.dtype(dtype).itemsize
    memory = np.zeros(size + CACHE_LINE, np.uint8)
    start = -memory.ctypes.data % CACHE_LINE
    table: Table = memory[start : start + size].view(dtype).reshape(shape)
    return table


def empty_rows(table: Table, rows: int) -> Table:
    """The table with room for at least so many rows: new ones are zero."""
    if len(table) >= rows:
        return table
    larger = zeros(max(rows, 2 * len(table)), table.dtype)
    larger[: len(table)] = table
    return larger


class Cases:
    """All cases of a run, from the first referral on, and the work in hand for each."""

    def __init__(self, rows: int = 1 << 14) -> None:
        self.n = 0
        self.table = zeros(rows, CASE)
        self.work = zeros(rows, WORK, SLOTS)
        self.done = zeros(rows, np.int16, SLOTS)  # times done in the stage
        self.open_rows: NDArray[np.int64] = np.zeros(rows, np.int64)
        # Rows of the cases held when casework was last done, those of a worker side by side.
        self.in_hand: NDArray[np.int64] = np.zeros(rows, np.int64)
        # Rows of stages that may be over tomorrow morning: their time is up then.
        self.ending: NDArray[np.int64] = np.zeros(rows, np.int64)
        self.counts: NDArray[np.int64] = np.zeros(3, np.int64)  # see OPEN, ENDING, OPEN_BEFORE

    @property
    def due(self) -> NDArray[np.float64]:
        """Day on which each kind of work is due: (rows, SLOTS)."""
        return self.work["due"]

    @property
    def left(self) -> NDArray[np.float64]:
        """Hours of each kind of work still to do: (rows, SLOTS)."""
        return self.work["left"]

    def __getitem__(self, column: str) -> NDArray[Any]:
        """One column, of the rows in use."""
        return self.table[column][: self.n]

    def make_room(self, more: int) -> None:
        """Make sure that `more` cases can be added."""
        rows = self.n + more
        if rows <= len(self.table):
            return
        self.table = empty_rows(self.table, rows)
        for name in ("work", "done", "open_rows", "in_hand", "ending"):
            old = getattr(self, name)
            new = zeros(len(self.table), old.dtype, *old.shape[1:])
            new[: len(old)] = old
            setattr(self, name, new)


class Workers:
    """All workers of a run, those who left included."""

    def __init__(self, rows: int, days: int) -> None:
        self.n = 0
        self.table: Table = np.zeros(rows, WORKER)
        # The list of each one's pressing work: see sim.model.work_list.
        self.list_keys: NDArray[np.float64] = np.zeros((rows, ROOM_ON_A_LIST))
        self.list_ids: NDArray[np.int64] = np.zeros((rows, ROOM_ON_A_LIST), np.int64)
        self.diary: NDArray[np.int8] = np.zeros((rows, days), np.int8)  # LEAVE, TRAINING by day

    def __getitem__(self, column: str) -> NDArray[Any]:
        """One column, of the rows in use."""
        return self.table[column][: self.n]

    def add(self) -> int:
        """A new row, and its number."""
        if self.n == len(self.table):
            self.table = empty_rows(self.table, self.n + 1)
            diary = np.zeros((len(self.table), self.diary.shape[1]), np.int8)
            diary[: self.n] = self.diary
            self.diary = diary
            self._enlarge_lists(self.list_ids.shape[1])
        self.n += 1
        return self.n - 1

    def make_room_on_lists(self, kinds: int) -> None:
        """Make sure that so many kinds of work for each case that one holds go on their list."""
        most = kinds * int(self["caseload"].max(initial=0))
        if most > self.list_ids.shape[1]:
            self._enlarge_lists(2 * most)

    def _enlarge_lists(self, room: int) -> None:
        for name in ("list_keys", "list_ids"):
            old = getattr(self, name)
            new = np.zeros((len(self.table), room), old.dtype)
            new[: len(old), : old.shape[1]] = old
            setattr(self, name, new)
