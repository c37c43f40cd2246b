"""A worker's list for the day: the open work of their cases, the most pressing first.

The list is a heap, two arrays side by side: `keys` says how pressing each piece is (its class, then
the day on which it is due), `ids` which piece it is (row * SLOTS + slot).
"""

from __future__ import annotations

from math import floor

from sim.model.blueprint import CLOSING, EVERY
from sim.model.columns import NEVER, NOBODY, SLOTS, Table
from sim.model.compiled import compiled, compiled_inside
from sim.model.pathways import HALF_A_DAY, work_hours
from sim.model.tallies import VISITS, VISITS_ON_TIME

# Order of work: begun (where begun work is finished first), urgent, due, not yet due.
BEGUN, URGENT, DUE, NOT_YET_DUE = range(4)
CLASS_STEP = 1e7  # longer than any run, so that a class outranks every due date
NOT_YET = NOT_YET_DUE * CLASS_STEP  # keys below this press


@compiled_inside
def _before(key_a: float, id_a: int, key_b: float, id_b: int) -> bool:
    return key_a < key_b or (key_a == key_b and id_a < id_b)


@compiled_inside
def _sink(keys: Table, ids: Table, root: int, end: int) -> None:
    """Restore the heap below `root`: the most pressing work is on top."""
    key, which = keys[root], ids[root]
    child = 2 * root + 1
    while child < end:
        if child + 1 < end and _before(keys[child + 1], ids[child + 1], keys[child], ids[child]):
            child += 1
        if not _before(keys[child], ids[child], key, which):
            break
        keys[root], ids[root] = keys[child], ids[child]
        root = child
        child = 2 * root + 1
    keys[root], ids[root] = key, which


@compiled_inside
def put_in_order(keys: Table, ids: Table, n: int) -> None:
    """Make a heap of the first `n` pieces."""
    for root in range(n // 2 - 1, -1, -1):
        _sink(keys, ids, root, n)


@compiled_inside
def cross_off(keys: Table, ids: Table, n: int) -> int:
    """Take the piece on top off a list of `n`; give how many are left."""
    n -= 1
    keys[0], ids[0] = keys[n], ids[n]
    _sink(keys, ids, 0, n)
    return n


@compiled_inside
def gather_work(
    row: int, day: int, urgent_only: bool, begun_piece: int, n: int, later: int, keys: Table,
    ids: Table, cases: Table, due: Table, left: Table, stages: Table, items: Table, tiers: Table,
    settings: Table,
) -> tuple[int, int]:  # fmt: skip
    """Add the open work of one case: what presses from the front, what is not yet due at the end.

    Urgent is what the law asks for, or any work on a high-risk case, once it is due or nearly so.
    A case without open work notes from which day on it is worth looking at again.

    Returns
    -------
    n, later
        The new numbers of pieces that press and that don't.
    """
    s = settings[0]
    stage = cases["stage"][row]
    high_risk = tiers["high_risk"][cases["tier"][row]] == 1
    opens = float(NEVER)
    for slot in range(stages["items"][stage] + 1):
        if left[row, slot] <= 0:
            continue
        when = due[row, slot]
        urgent = high_risk
        begun = False
        if slot > 0:
            item = items[stage, slot - 1]
            if item["when"] == EVERY and day < when - item["opens_before"]:
                opens = min(opens, when - item["opens_before"])
                continue
            if item["when"] == CLOSING and day + HALF_A_DAY < cases["ends"][row]:
                opens = min(opens, cases["ends"][row] - HALF_A_DAY)
                continue
            urgent = urgent or item["statutory"] == 1
            begun = s["finish_begun"] == 1 and begun_piece == 1 + row * SLOTS + slot
        opens = day
        order = NOT_YET_DUE
        if when <= day + s["look_ahead"]:
            order = URGENT if urgent else DUE
        if begun:
            order = BEGUN
        if urgent_only and order != URGENT:
            continue
        if order == NOT_YET_DUE:
            later += 1
            place = len(keys) - later
        else:
            place = n
            n += 1
        keys[place] = order * CLASS_STEP + when
        ids[place] = row * SLOTS + slot
    cases["quiet_until"][row] = floor(opens)
    return n, later


@compiled
def finish_piece(
    row: int, slot: int, day: int, cases: Table, due: Table, left: Table, done: Table,
    stages: Table, items: Table, tally: Table, distributions: Table, seed: int, replication: int,
) -> None:  # fmt: skip
    """Note that a piece of work is done; recurring work comes again."""
    left[row, slot] = 0.0
    if slot == 0:
        return
    stage = cases["stage"][row]
    item = items[stage, slot - 1]
    done[row, slot] += 1
    if item["contact"] == 1:
        team = cases["team"][row]
        tally[team, VISITS] += 1
        if cases["seen"][row] == NOBODY:
            cases["seen"][row] = day
        if day <= due[row, slot]:
            tally[team, VISITS_ON_TIME] += 1
    if item["when"] == EVERY:
        due[row, slot] = day + item["every"]
        left[row, slot] = work_hours(
            row, slot, stage, cases, done, items, distributions, seed, replication
        )
