"""A worker's list for the day: the open work of their cases, the most pressing first.

The list is a heap, two arrays side by side: `keys` says how pressing each piece is (its class, then
the day on which it is due), `ids` which piece it is (row * SLOTS + slot).
"""

from __future__ import annotations

from math import ceil

from sim.model.columns import HELD, NEVER, NOBODY, OPEN, SLOTS, Table
from sim.model.compiled import compiled, compiled_inside
from sim.model.fetching import AHEAD, fetch_case
from sim.model.pathways import HALF_A_DAY, work_hours
from sim.model.plan_columns import CLOSING, EVERY, OPENING
from sim.model.tallies import VISITS, VISITS_ON_TIME

# Order of work: emergencies, begun (where begun work is finished first), urgent, due, not yet due.
EMERGENCY, BEGUN, URGENT, DUE, NOT_YET_DUE = range(5)
CLASS_STEP = 1e7  # longer than any run, so that a class outranks every due date
EMERGENCIES = (EMERGENCY + 1) * CLASS_STEP  # keys below this are emergencies
NOT_YET = NOT_YET_DUE * CLASS_STEP  # keys below this press
JUST_BEFORE = 1e-6  # of a day: no day is missed by a rounding


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
def may_be_done_from(when: float, ends: float, item: Table) -> float:
    """Give the day from which work may be done.

    Work that comes again may be done a while before it is due, closing work when the time of its
    stage is up, opening work at once.
    """
    if item["when"] == EVERY:
        return float(when - item["opens_before"])
    if item["when"] == CLOSING:
        return float(ends - HALF_A_DAY)
    return 0.0


@compiled_inside
def gather_what_presses(
    row: int, day: int, worker: int, n: int, keys: Table, ids: Table, cases: Table, due: Table,
    left: Table, workers: Table, stages: Table, items: Table, tiers: Table, settings: Table,
) -> int:  # fmt: skip
    """Add what presses of one case to a list of `n`: work that is due or nearly so, or begun.

    Whoever acts for an absent holder does only what is urgent: what the law asks for, or any work
    on a high-risk case. An emergency is the opening work of a case of a tier that duty takes at
    once, once it is due: it comes before older work that is late. A case notes from which day on
    something of it can press.

    Returns
    -------
    int
        Pieces that are on the list now.
    """
    s = settings[0]
    look_ahead = s["look_ahead"]
    stage = cases["stage"][row]
    high_risk = tiers["high_risk"][cases["tier"][row]] == 1
    for_duty = tiers["duty"][cases["tier"][row]] == 1
    holder = cases["worker"][row]
    urgent_only = worker != holder
    begun_slot = workers["begun"][worker] - 1 - row * SLOTS
    if begun_slot == 0 or s["finish_begun"] == 0:
        begun_slot = NOBODY
    from_day = float(NEVER)
    for slot in range(stages["items"][stage] + 1):
        if left[row, slot] <= 0:
            continue
        when = due[row, slot]
        is_near = when <= day + look_ahead
        if not is_near and slot != begun_slot:
            from_day = min(from_day, when - look_ahead)
            continue
        urgent = high_risk
        emergency = False
        if slot > 0:
            item = items[stage, slot - 1]
            may_from = may_be_done_from(when, cases["ends"][row], item)
            if day < may_from:
                from_day = min(from_day, may_from)
                continue
            urgent = urgent or item["statutory"] == 1
            emergency = for_duty and item["when"] == OPENING and when <= day
        from_day = min(from_day, when - look_ahead)
        order = URGENT if urgent else DUE
        if urgent_only and (order == DUE or not is_near) and not emergency:
            continue
        if slot == begun_slot:
            order = BEGUN
        if emergency:
            order = EMERGENCY
        keys[n] = order * CLASS_STEP + when
        ids[n] = row * SLOTS + slot
        n += 1
    begun_row = (workers["begun"][holder] - 1) // SLOTS
    if not urgent_only or begun_row != row:  # whoever began a piece comes back to it, due or not
        cases["presses_from"][row] = ceil(from_day - JUST_BEFORE)
    return n


@compiled_inside
def gather_what_is_not_due(
    row: int, day: int, n: int, keys: Table, ids: Table, cases: Table, due: Table, left: Table,
    stages: Table, items: Table, settings: Table,
) -> int:  # fmt: skip
    """Add what may be done of one case, though not yet nearly due, to a list of `n`."""
    look_ahead = settings[0]["look_ahead"]
    stage = cases["stage"][row]
    for slot in range(stages["items"][stage] + 1):
        when = due[row, slot]
        if left[row, slot] <= 0 or when <= day + look_ahead:
            continue
        if slot > 0 and day < may_be_done_from(when, cases["ends"][row], items[stage, slot - 1]):
            continue
        keys[n] = NOT_YET + when
        ids[n] = row * SLOTS + slot
        n += 1
    return n


@compiled
def list_what_presses(
    day: int, open_rows: Table, counts: Table, acting: Table, cases: Table, due: Table,
    left: Table, workers: Table, stages: Table, items: Table, tiers: Table, settings: Table,
    keys: Table, ids: Table, whose: Table, next_held: Table, n_workers: int,
) -> int:  # fmt: skip
    """List today's pressing work, case after case, and chain the cases that each worker holds.

    Fetching cases from memory is most of a day's time. So they are gone through once, in their
    order in memory; those of which nothing presses are fetched again only by a worker who has time
    for them, along the chain.

    Parameters
    ----------
    acting
        For each worker who acts on their cases today, or NOBODY.
    keys, ids, whose
        Filled: the pieces, and who does them.
    next_held
        Filled: for the row of each held case that of the next one of the same worker, NOBODY at
        the end; the workers' `first_case` is where the chain begins.

    Returns
    -------
    int
        Pieces that press.
    """
    for worker in range(n_workers):
        workers["first_case"][worker] = NOBODY
    n = 0
    for i in range(counts[OPEN] - 1, -1, -1):  # backwards, so that the chains run forwards
        row = open_rows[i]
        fetch_case(open_rows[max(i - AHEAD, 0)], cases, due, left)
        if cases["status"][row] != HELD:
            continue
        holder = cases["worker"][row]
        next_held[row] = workers["first_case"][holder]
        workers["first_case"][holder] = row
        worker = acting[holder]
        if worker >= 0 and day >= cases["presses_from"][row]:
            before = n
            n = gather_what_presses(
                row, day, worker, n, keys, ids, cases, due, left, workers, stages, items, tiers,
                settings,
            )  # fmt: skip
            for piece in range(before, n):
                whose[piece] = worker
    return n


@compiled
def share_out(
    n: int, keys: Table, ids: Table, whose: Table, first: Table, own_keys: Table, own_ids: Table
) -> None:  # fmt: skip
    """Put each worker's pieces side by side, the last listed first.

    `first` is filled with the place of each worker's first piece; what comes after the last
    worker's is the number of all.
    """
    for piece in range(n):
        first[whose[piece] + 2] += 1
    for worker in range(2, len(first)):
        first[worker] += first[worker - 1]
    for piece in range(n - 1, -1, -1):
        place = first[whose[piece] + 1]
        first[whose[piece] + 1] += 1
        own_keys[place], own_ids[place] = keys[piece], ids[piece]


@compiled
def finish_piece(
    row: int, slot: int, day: int, cases: Table, due: Table, left: Table, done: Table,
    stages: Table, items: Table, tally: Table, distributions: Table, seed: int, replication: int,
) -> None:  # fmt: skip
    """Note that a piece of work is done; recurring work comes again."""
    left[row, slot] = 0.0
    if day + HALF_A_DAY >= cases["ends"][row]:
        cases["quiet_until"][row] = 0  # the stage may be over now
    if slot == 0:
        return
    stage = cases["stage"][row]
    item = items[stage, slot - 1]
    done[row, slot] += 1
    if item["contact"] == 1:
        team = cases["team"][row]
        tally[team, VISITS] += 1
        if cases["seen"][row] == -NEVER:
            cases["seen"][row] = day
        if day <= due[row, slot]:
            tally[team, VISITS_ON_TIME] += 1
    if item["when"] == EVERY:
        due[row, slot] = day + item["every"]  # later than it was: what the case noted still holds
        left[row, slot] = work_hours(
            row, slot, stage, cases, done, items, distributions, seed, replication
        )
