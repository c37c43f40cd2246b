"""A worker's list: the open work of their cases that presses, and which of it presses most.

A piece of work comes on its holder's list in the morning of the first day on which it presses: it
is due, or nearly so, and may be done. It stays there until it is done, or the case has another
worker or stage. So each morning only what is new has to be looked at.

A list is two rows side by side: `list_keys` says how pressing each piece is (its class, then the
day on which it is due), `list_ids` which piece it is (row * SLOTS + slot); the worker's `listed`
says how many there are, and the case's `listed` which of its work is among them. The most pressing
comes first; of equals, the oldest case's.
"""

from __future__ import annotations

from math import ceil

from sim.model.columns import NEVER, NOBODY, SLOTS, Table
from sim.model.compiled import compiled, compiled_inside
from sim.model.pathways import HALF_A_DAY, work_hours
from sim.model.plan_columns import CLOSING, EVERY, OPENING
from sim.model.tallies import VISITS, VISITS_ON_TIME

# Order of work: emergencies, begun (where begun work is finished first), urgent, due, not yet due.
EMERGENCY, BEGUN, URGENT, DUE, NOT_YET_DUE = range(5)
CLASS_STEP = 1e7  # far longer than any run, so that a class outranks every due date
EMERGENCIES = (EMERGENCY + 0.5) * CLASS_STEP  # keys below this are emergencies
URGENTS = (URGENT + 0.5) * CLASS_STEP  # keys below this are urgent
PRESSING = (DUE + 0.5) * CLASS_STEP  # keys below this press
JUST_BEFORE = 1e-6  # of a day: no day is missed by a rounding


@compiled_inside
def put_in(key: float, piece: int, n: int, keys: Table, ids: Table) -> None:
    """Put a piece in its place on a list of `n`, which makes it one longer."""
    while n > 0 and (key < keys[n - 1] or (key == keys[n - 1] and piece < ids[n - 1])):
        keys[n], ids[n] = keys[n - 1], ids[n - 1]
        n -= 1
    keys[n], ids[n] = key, piece


@compiled_inside
def take_out(piece: int, n: int, keys: Table, ids: Table) -> bool:
    """Take a piece off a list of `n`, which makes it one shorter; False if it is not there."""
    place = 0
    while place < n and ids[place] != piece:
        place += 1
    for after in range(place + 1, n):
        keys[after - 1], ids[after - 1] = keys[after], ids[after]
    return place < n


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


@compiled
def strike_out_what_was_let_go(
    workers: Table, n_workers: int, cases: Table, list_keys: Table, list_ids: Table
) -> None:
    """Strike out what is on a list and is of a case that has another worker or stage by now."""
    for worker in range(n_workers):
        if workers["let_go"][worker] == 0:
            continue
        workers["let_go"][worker] = 0
        kept = 0
        for place in range(workers["listed"][worker]):
            row, slot = list_ids[worker, place] // SLOTS, list_ids[worker, place] % SLOTS
            list_keys[worker, kept] = list_keys[worker, place]
            list_ids[worker, kept] = list_ids[worker, place]
            kept += cases["worker"][row] == worker and (cases["listed"][row] >> slot) & 1 == 1
        workers["listed"][worker] = kept


@compiled_inside
def add_what_presses(
    row: int, day: int, cases: Table, due: Table, left: Table, workers: Table, stages: Table,
    items: Table, tiers: Table, settings: Table, list_keys: Table, list_ids: Table,
) -> None:  # fmt: skip
    """Put on the holder's list what presses of a case from today, and note when to look again.

    Urgent is what the law asks for, or any work on a high-risk case. An emergency is the opening
    work of a case of a tier that duty takes at once, once it is due: it comes before older work
    that is late.
    """
    look_ahead = settings[0]["look_ahead"]
    stage = cases["stage"][row]
    high_risk = tiers["high_risk"][cases["tier"][row]] == 1
    for_duty = tiers["duty"][cases["tier"][row]] == 1
    holder = cases["worker"][row]
    from_day = float(NEVER)
    for slot in range(stages["items"][stage] + 1):
        if left[row, slot] <= 0:
            continue
        when = due[row, slot]
        is_listed = (cases["listed"][row] >> slot) & 1 == 1
        urgent = high_risk
        may_from = 0.0
        emergency = False
        if slot > 0:
            item = items[stage, slot - 1]
            may_from = may_be_done_from(when, cases["ends"][row], item)
            urgent = urgent or item["statutory"] == 1
            if for_duty and item["when"] == OPENING:
                emergency = when <= day
                if not emergency:
                    from_day = min(from_day, when)
        if not is_listed and (when > day + look_ahead or day < may_from):
            from_day = min(from_day, max(when - look_ahead, may_from))
            continue
        piece = row * SLOTS + slot
        n = workers["listed"][holder]
        if is_listed:
            if not emergency:
                continue
            n -= take_out(piece, n, list_keys[holder], list_ids[holder])  # and up to the top
        order = URGENT if urgent else DUE
        if emergency:
            order = EMERGENCY
        put_in(order * CLASS_STEP + when, piece, n, list_keys[holder], list_ids[holder])
        workers["listed"][holder] = n + 1
        cases["listed"][row] |= 1 << slot
    cases["presses_from"][row] = ceil(from_day - JUST_BEFORE)


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
        put_in(NOT_YET_DUE * CLASS_STEP + when, row * SLOTS + slot, n, keys, ids)
        n += 1
    return n


@compiled
def most_on_a_list(turns: Table, acts_also_for: Table, workers: Table) -> int:
    """Give for how many pieces there must be room on the longest list of today."""
    most = 0
    for turn in range(len(turns)):
        n = 0
        worker = turns[turn]
        while worker != NOBODY:
            n += workers["in_hand"][worker] * SLOTS
            worker = acts_also_for[worker]
        most = max(most, n)
    return most


@compiled_inside
def copy_what_presses(
    worker: int, acts_also_for: Table, workers: Table, list_keys: Table, list_ids: Table,
    keys: Table, ids: Table,
) -> int:  # fmt: skip
    """Copy a worker's list for today, with what is urgent of the absent colleagues they act for.

    Gives how many pieces that are.
    """
    n = int(workers["listed"][worker])
    for place in range(n):
        keys[place], ids[place] = list_keys[worker, place], list_ids[worker, place]
    absent = acts_also_for[worker]
    while absent != NOBODY:
        for place in range(workers["listed"][absent]):
            if list_keys[absent, place] >= URGENTS:
                break
            put_in(list_keys[absent, place], list_ids[absent, place], n, keys, ids)
            n += 1
        absent = acts_also_for[absent]
    return n


@compiled_inside
def put_begun_work_first(
    worker: int, day: int, n: int, keys: Table, ids: Table, cases: Table, due: Table, left: Table,
    workers: Table, stages: Table, items: Table,
) -> int:  # fmt: skip
    """Where begun work is finished first, move the piece that a worker began up today's list.

    It comes onto it if it is not there: work on a case of one's own is gone on with, due or not.
    Gives how many pieces are on the list of `n` then.
    """
    piece = workers["begun"][worker] - 1
    row, slot = piece // SLOTS, piece % SLOTS
    if piece < 0 or slot == 0 or left[row, slot] <= 0:
        return n
    key = BEGUN * CLASS_STEP + due[row, slot]
    for place in range(n):
        if ids[place] == piece:
            if keys[place] >= EMERGENCIES:
                take_out(piece, n, keys, ids)
                put_in(key, piece, n - 1, keys, ids)
            return n
    if cases["worker"][row] != worker or slot > stages["items"][cases["stage"][row]]:
        return n
    item = items[cases["stage"][row], slot - 1]
    if day < may_be_done_from(due[row, slot], cases["ends"][row], item):
        return n
    put_in(key, piece, n, keys, ids)
    return n + 1


@compiled_inside
def list_what_is_not_due(
    worker: int, day: int, in_hand: Table, cases: Table, due: Table, left: Table, workers: Table,
    stages: Table, items: Table, settings: Table, keys: Table, ids: Table,
) -> int:  # fmt: skip
    """List what may be done of a worker's own cases, though not yet nearly due; give how much."""
    n = 0
    first = workers["first_in_hand"][worker]
    for place in range(first, first + workers["in_hand"][worker]):
        n = gather_what_is_not_due(
            in_hand[place], day, n, keys, ids, cases, due, left, stages, items, settings
        )
    return n


@compiled_inside
def overdue_hours(
    day: int, place: int, n: int, keys: Table, ids: Table, due: Table, left: Table
) -> float:
    """Add up what is left of the work that was due before today, from a place on a list of `n`."""
    hours = 0.0
    for later in range(place, n):
        row, slot = ids[later] // SLOTS, ids[later] % SLOTS
        if keys[later] < PRESSING and due[row, slot] < day:
            hours += left[row, slot]
    return hours


@compiled_inside
def finish_piece(
    row: int, slot: int, day: int, cases: Table, due: Table, left: Table, done: Table,
    stages: Table, items: Table, settings: Table, tally: Table, distributions: Table, seed: int,
    replication: int,
) -> None:  # fmt: skip
    """Note that a piece of work is done; recurring work comes again."""
    left[row, slot] = 0.0
    cases["listed"][row] &= ~(1 << slot)
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
        due[row, slot] = day + item["every"]
        left[row, slot] = work_hours(
            row, slot, stage, cases, done, items, distributions, seed, replication
        )
        when = due[row, slot]
        from_day = max(when - settings[0]["look_ahead"], may_be_done_from(when, 0.0, item))
        cases["presses_from"][row] = min(cases["presses_from"][row], ceil(from_day - JUST_BEFORE))
