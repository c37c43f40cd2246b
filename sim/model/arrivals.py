"""Arrivals: each morning, the referrals of the day, and those who come back.

The count of a calendar day is negative binomial around the month's intensity; what arrives at a
weekend or on a bank holiday joins the next working day. A case is known by the stream, the calendar
day and its number on that day, so that the same family arrives on the same day with the same needs
under every policy, and one referral more changes nobody else's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.model.columns import NEVER, NOBODY, OPEN, Table
from sim.model.compiled import compiled
from sim.model.draws import draw, negative_binomial
from sim.model.pathways import enter_stage
from sim.model.randomness import purpose, uniform
from sim.model.tallies import ARRIVALS, REREFERRALS

if TYPE_CHECKING:
    from sim.model.process import Process
    from sim.model.world import World

DAILY_COUNT = purpose("arrivals.count")
DIVERTED = purpose("case.diverted")
CASE_TIER = purpose("case.tier")
CASE_COMPLEXITY = purpose("case.complexity")
CASE_PATIENCE = purpose("case.patience")
CASE_AREA = purpose("case.area")

# A case's key: episode (5 bits), stream (14), calendar day (24), number on that day (20).
EPISODE = 1 << 58
STREAM = 1 << 44
CALENDAR_DAY = 1 << 20
KNOWN_BEFOREHAND = 1 << 19  # added to the number of a case that the scenario names itself
MOST_EPISODES = 30


@compiled
def draw_needs(
    row: int, cases: Table, streams: Table, risk: Table, distributions: Table, seed: int,
    replication: int,
) -> None:  # fmt: skip
    """Draw what a case needs, from its own key alone."""
    key = cases["key"][row]
    stream = cases["stream"][row]
    u = uniform(seed, replication, CASE_TIER, key, 0)
    tier = 0
    while u >= risk[stream, tier]:
        tier += 1
    cases["tier"][row] = tier
    cases["complexity"][row] = draw(
        distributions[streams["complexity"][stream]], seed, replication, CASE_COMPLEXITY, key, 0
    )
    cases["area"][row] = uniform(seed, replication, CASE_AREA, key, 0)


@compiled
def admit(
    row: int, key: int, stream: int, day: int, returned: int, cases: Table, open_rows: Table,
    counts: Table, streams: Table, risk: Table, pathways: Table, stages: Table, first_team: Table,
    teams_of_kind: Table, heads: Table, tails: Table, tally: Table, distributions: Table,
    seed: int, replication: int,
) -> int:  # fmt: skip
    """Write down a new case in `row`; give the next free row (the same if it was diverted)."""
    share = streams["diverted"][stream]
    if share > 0 and uniform(seed, replication, DIVERTED, key, 0) < share:
        return row
    cases["key"][row] = key
    cases["stream"][row] = stream
    cases["stage"][row] = NOBODY
    cases["steps"][row] = 0
    cases["worker"][row] = NOBODY
    cases["former_worker"][row] = NOBODY
    cases["workers"][row] = 0
    cases["arrived"][row] = day
    cases["seen"][row] = -NEVER
    cases["clock"][row] = day
    cases["new_worker_since"][row] = -NEVER
    cases["closed"][row] = NOBODY
    cases["returns"][row] = NOBODY
    cases["returned"][row] = returned
    draw_needs(row, cases, streams, risk, distributions, seed, replication)
    cases["patience"][row] = float(NEVER)
    if streams["patience"][stream] >= 0:
        cases["patience"][row] = draw(
            distributions[streams["patience"][stream]], seed, replication, CASE_PATIENCE, key, 0
        )
    # Until a team takes it, it is counted with the first kind of team, in its own area.
    team = first_team[0] + int(cases["area"][row] * teams_of_kind[0])
    cases["team"][row] = team
    tally[team, ARRIVALS] += 1
    tally[team, REREFERRALS] += returned
    first = pathways["first"][streams["pathway"][stream]]
    enter_stage(
        row, first, day, cases, stages, first_team, teams_of_kind, heads, tails,
        distributions, seed, replication,
    )  # fmt: skip
    open_rows[counts[OPEN]] = row
    counts[OPEN] += 1
    return row + 1


@compiled
def count_arrivals(
    day: int, calendar_days: Table, intensity: Table, streams: Table, returning: Table,
    cases: Table, numbers: Table, seed: int, replication: int,
) -> int:  # fmt: skip
    """Draw how many new cases join today, into `numbers[calendar day, stream]`; give the most
    rows that today can need."""
    total = 0
    for i in range(len(calendar_days)):
        for stream in range(len(streams)):
            mean = intensity[calendar_days[i], stream] * streams["factor"][stream]
            which = calendar_days[i]
            u = uniform(seed, replication, DAILY_COUNT, stream, which)
            number = negative_binomial(u, mean, streams["dispersion"][stream])
            numbers[i, stream] = number
            total += number
    row = returning[day]
    while row >= 0:
        total += 1
        row = cases["returns_next"][row]
    return total


@compiled
def open_the_doors(
    day: int, rows: int, calendar_days: Table, numbers: Table, known: Table, cases: Table,
    open_rows: Table, counts: Table, streams: Table, risk: Table, pathways: Table, stages: Table,
    first_team: Table, teams_of_kind: Table, heads: Table, tails: Table, returning: Table,
    tally: Table, distributions: Table, seed: int, replication: int,
) -> int:  # fmt: skip
    """Admit the cases of the day: new ones, known ones, returning ones. Give the rows in use."""
    for i in range(len(calendar_days)):
        for stream in range(len(streams)):
            first_key = stream * STREAM + calendar_days[i] * CALENDAR_DAY
            for k in range(numbers[i, stream]):
                rows = admit(
                    rows, first_key + k, stream, day, 0, cases, open_rows, counts, streams, risk,
                    pathways, stages, first_team, teams_of_kind, heads, tails, tally,
                    distributions, seed, replication,
                )  # fmt: skip
            for k in range(known[calendar_days[i], stream]):
                rows = admit(
                    rows, first_key + KNOWN_BEFOREHAND + k, stream, day, 0, cases, open_rows,
                    counts, streams, risk, pathways, stages, first_team, teams_of_kind, heads,
                    tails, tally, distributions, seed, replication,
                )  # fmt: skip
    earlier = returning[day]
    while earlier >= 0:
        key = cases["key"][earlier]
        if key // EPISODE < MOST_EPISODES:
            rows = admit(
                rows, key + EPISODE, cases["stream"][earlier], day, 1, cases, open_rows, counts,
                streams, risk, pathways, stages, first_team, teams_of_kind, heads, tails, tally,
                distributions, seed, replication,
            )  # fmt: skip
        earlier = cases["returns_next"][earlier]
    return rows


def arrivals(world: World) -> Process:
    """Each morning the doors open, and the cases of the day join the service."""
    cases, plan = world.cases, world.plan
    while True:
        day = world.day
        calendar_days = world.calendar_days[day]
        new = world.each_day(count_arrivals)(
            day, calendar_days, world.intensity, plan.streams, world.returning, cases.table,
            world.numbers, world.seed, world.chances.arrivals,
        )  # fmt: skip
        cases.make_room(new + world.known_most)
        cases.n = world.each_day(open_the_doors)(
            day, cases.n, calendar_days, world.numbers, world.known, cases.table,
            cases.open_rows, cases.counts, plan.streams, plan.risk, plan.pathways, plan.stages,
            plan.first_team, plan.teams_of_kind, world.heads, world.tails, world.returning,
            world.tally, plan.distributions, world.seed, world.chances.families,
        )  # fmt: skip
        yield world.env.timeout(1)
