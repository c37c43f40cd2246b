"""Agency workers: cover for a vacant post, and contracts beyond the establishment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.model.columns import LEFT, NEVER, NOBODY, OPEN, WAITING, Table
from sim.model.compiled import compiled
from sim.model.draws import draw_from
from sim.model.newcomers import carries_cases_for, settling_in
from sim.model.randomness import purpose, uniform
from sim.model.staffing import end_agency, is_vacant, next_holder, start_worker

if TYPE_CHECKING:
    from sim.model.process import Process
    from sim.model.world import World

SOUGHT = purpose("agency.sought")
LEAD = purpose("agency.lead")
STAY = purpose("agency.stay")
EXPERIENCED_DAYS = 3 * 253  # agency workers need three years of practice (rules of October 2024)
COVER_KEY = 1 << 61  # apart from the keys of permanent workers
CONTRACTS = 1 << 8  # agency workers that one vacancy can have, one after the other
NO_HOURS = 1e9  # more work for each hour than any team has: nobody is in
ROUNDING = 1e-9  # sums differ in their last digits by the order of what is added up


@compiled
def is_below_cap(
    fte: float, posts: Table, n_posts: int, workers: Table, n_workers: int, settings: Table
) -> bool:
    """Whether so much more agency, beside what is at work now, stays within the cap."""
    established = 0.0
    for post in range(n_posts):
        established += posts["fte"][post]
    for worker in range(n_workers):
        if workers["agency"][worker] == 1 and workers["status"][worker] != LEFT:
            fte += workers["fte"][worker]
    return bool(fte <= settings[0]["agency_cap"] * established + 1e-9)


def below_cap(world: World, fte: float) -> bool:
    """Whether so much more agency stays within the cap."""
    return world.each_day(is_below_cap)(
        fte, world.posts, world.n_posts, world.workers.table, world.workers.n, world.plan.settings
    )


def _days(world: World, name: str, what_for: int, key: int, number: int) -> int:
    """Draw a whole number of days, at least 1."""
    plan, run = world.plan, (world.seed, world.chances.turnover)
    drawn = draw_from(plan.distributions, plan.rows[name], *run, what_for, key, number)
    return max(1, int(drawn + 0.5))


def agency_cover(
    world: World, post: int, *, lead: bool = True, u: float | None = None, number: int = 0
) -> Process:
    """Cover a vacancy with agency workers, one after the other, until the post is filled.

    Parameters
    ----------
    lead
        Whether it takes the usual time until the first of them starts.
    u
        The chance that decides whether cover is sought; the vacancy's own when left out.
    number
        How many this vacancy has had before.
    """
    row = world.posts[post]
    vacancy, key = int(row["vacancies"]), next_holder(world, post)
    if u is None:
        u = sought_by_chance(world, key)
    while u < world.plan.settings["agency_cover"][0] and number < CONTRACTS - 1:
        if lead:
            yield world.in_days(_days(world, "agency_lead", LEAD, key, number))
        lead = True
        if not is_vacant(world, post, vacancy):
            return
        if below_cap(world, float(row["fte"])):
            worker = start_worker(
                world, team=int(row["team"]), role=int(row["role"]), fte=float(row["fte"]),
                key=cover_key(key, number), post=post, agency=True,
                started=world.day - EXPERIENCED_DAYS, newly_qualified_until=-NEVER,
            )  # fmt: skip
            world.posts["cover"][post] = worker
            world.env.process(settling_in(world, worker))
            yield world.in_days(_days(world, "agency_stay", STAY, key, number))
            if world.workers.table["status"][worker] != LEFT:
                end_agency(world, worker)
        number += 1


def sought_by_chance(world: World, vacancy_key: int) -> float:
    """The chance, from 0 to 1, that decides whether agency cover is sought for a vacancy."""
    return uniform(world.seed, world.chances.turnover, SOUGHT, vacancy_key, 0)


def cover_key(vacancy_key: int, number: int) -> int:
    """Who the n-th agency worker in a vacancy is."""
    return COVER_KEY + vacancy_key * CONTRACTS + number


def beyond_key(kind: int, place: int, number: int) -> int:
    """Who the n-th agency worker in a place beyond the establishment is, whatever their team."""
    return _beyond_place(kind, place) * CONTRACTS + number


def _beyond_place(kind: int, place: int) -> int:
    """Which place beyond the establishment it is: the kind of team, and the number there."""
    return (1 << 54) + (kind << 16) + place


@compiled
def work_of_team(
    team: int, workers: Table, n_workers: int, cases: Table, open_rows: Table, counts: Table,
    stages: Table,
) -> float:  # fmt: skip
    """A team's work, by weight: what its workers hold, away or not, and what waits for one."""
    work = 0.0
    for worker in range(n_workers):
        if workers["team"][worker] == team and workers["status"][worker] != LEFT:
            work += workers["workload"][worker]
    for i in range(counts[OPEN]):
        row = open_rows[i]
        if cases["team"][row] == team and cases["status"][row] == WAITING:
            work += stages["weight"][cases["stage"][row]] * cases["complexity"][row]
    return work


@compiled
def hours_of_team(team: int, workers: Table, n_workers: int, roles: Table) -> float:
    """The deployable hours of those of a team who are in and hold cases."""
    hours = 0.0
    for worker in range(n_workers):
        if carries_cases_for(team, worker, workers, roles):
            hours += workers["capacity"][worker]
    return hours


@compiled
def most_in_need(
    first: int, n_teams: int, workers: Table, n_workers: int, cases: Table, open_rows: Table,
    counts: Table, roles: Table, stages: Table,
) -> int:  # fmt: skip
    """Of so many teams from the first on, the one with the most work for its hours."""
    chosen = first
    most = -1.0
    fewest = 0.0
    for team in range(first, first + n_teams):
        work = work_of_team(team, workers, n_workers, cases, open_rows, counts, stages)
        hours = hours_of_team(team, workers, n_workers, roles)
        if hours > 0.0:
            need = work / hours
        else:
            need = NO_HOURS if work > 0.0 else 0.0
        as_much = most * (1.0 + ROUNDING)  # sums are not the same to the last digit
        if need > as_much or (need * (1.0 + ROUNDING) >= most and hours < fewest - ROUNDING):
            chosen = team
            most = need
            fewest = hours
    return chosen


def neediest_team(world: World, kind: int) -> int:
    """The team of a kind that has the most work for the hours of those who are in.

    Of teams with equally much, it is the one with the fewest hours; of those, the first.
    """
    plan, workers, cases = world.plan, world.workers, world.cases
    return int(
        world.each_day(most_in_need)(
            int(plan.first_team[kind]), int(plan.teams_of_kind[kind]), workers.table, workers.n,
            cases.table, cases.open_rows, cases.counts, plan.roles, plan.stages,
        )
    )  # fmt: skip


def agency_beyond(
    world: World, kind: int, role: int, fte: float, place: int, *, number: int = 0
) -> Process:
    """Keep a place beyond the establishment taken, by one contract upon the other.

    Who stands beyond the posts covers no vacancy that comes and goes: a contract is prolonged or
    the next one made before it ends, so that as many are at work as the scenario says, every day
    (published are people at work, too). Each goes where they are needed most. When there is too
    much agency for another, it is tried again after the usual time. `number` says how many have
    had this place before.
    """
    place_key = _beyond_place(kind, place)
    while True:
        if below_cap(world, fte):
            worker = start_worker(
                world, team=neediest_team(world, kind), role=role, fte=fte,
                key=beyond_key(kind, place, number), post=NOBODY, agency=True,
                started=world.day - EXPERIENCED_DAYS, newly_qualified_until=-NEVER,
            )  # fmt: skip
            world.env.process(settling_in(world, worker))
            yield world.in_days(_days(world, "agency_stay", STAY, place_key, number))
            if world.workers.table["status"][worker] != LEFT:
                end_agency(world, worker)
        else:
            yield world.in_days(_days(world, "agency_lead", LEAD, place_key, number))
        number += 1


def last_days(world: World, worker: int, last_day: int, after: Process | None = None) -> Process:
    """Have an agency worker who is there already go on a day, and go on with what comes after."""
    yield world.until(last_day)
    if world.workers.table["status"][worker] != LEFT:
        end_agency(world, worker)
    if after is not None:
        yield from after


def next_cover(world: World, post: int) -> Process:
    """Look for the next agency worker of a vacancy that had one on the first morning.

    (The body runs when that one has gone: by then the post may have been filled.)
    """
    vacancy = 0  # no post has been vacant before the first morning
    if is_vacant(world, post, vacancy):
        yield from agency_cover(world, post, u=0.0, number=1)
