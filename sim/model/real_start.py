"""The first morning of a real service: the people and cases of its lists, in posts and at desks.

What the lists do not say is drawn: how long someone has been in post, when a stage that has lasted
so long will be over, how far the search for a vacancy's next holder has got. What is found under
way has lasted already: its length is drawn among those that are at least as long, or, where nobody
knows since when, with the chance of being met (the longer, the likelier).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.model.absence import be_away, begin_spell
from sim.model.agency import (
    EXPERIENCED_DAYS,
    agency_beyond,
    agency_cover,
    beyond_key,
    cover_key,
    last_days,
    next_cover,
    sought_by_chance,
)
from sim.model.columns import NEVER, NOBODY
from sim.model.exhaustion import HEAVIEST_LOAD
from sim.model.hazards import BECOMES_PARENT, FALLS_ILL, FALLS_LONG_ILL
from sim.model.plan_columns import MONTHS_A_YEAR, WORKING_DAYS_A_WEEK, WORKING_DAYS_A_YEAR
from sim.model.posts import new_post, post_sizes
from sim.model.randomness import purpose
from sim.model.recruitment import recruitment
from sim.model.staffing import fill_post, next_holder, start_worker
from sim.model.starting_position import (
    QUANTILES,
    establishment,
    found_under_way,
    length_biased,
    tenure_at_start,
    uniform_of,
)
from sim.model.turnover import notice_until
from sim.scenario.offered_work import arrivals_per_year, flows, hours_of
from sim.scenario.service import teams_by_name

if TYPE_CHECKING:
    from sim.model.world import World
    from sim.scenario.distributions import Distribution
    from sim.scenario.position.content import Person, Position

PROTECTION_LEFT = purpose("start.protection_left")
SEARCH_UNDER_WAY = purpose("start.search_under_way")
STILL_TO_GO = purpose("start.still_to_go")
WEEKS_OVER = purpose("start.weeks_over")
MOSTLY_AWAY = 0.1  # share of days at work below which an hour of work a week says nothing
AWAY = {
    "short_sickness": FALLS_ILL,
    "long_sickness": FALLS_LONG_ILL,
    "parental_leave": BECOMES_PARENT,
}


def staff_from_list(world: World, position: Position) -> list[int]:
    """Create the posts of a position and put its people into them; the rest stand vacant.

    Posts are those of the people and of the vacancies on the list, and vacant ones for whatever
    the scenario's establishment has beyond them.

    Returns
    -------
    list of int
        The row of each person among the workers.
    """
    teams = {name: number for number, name in enumerate(teams_by_name(world.plan.scenario))}
    places = [
        (teams[each.team], world.plan.role_names.index(each.role)) for each in position.people
    ]
    rows = [NOBODY] * len(position.people)
    unlisted = {(team, role): fte for team, role, fte in establishment(world)}
    for n, person in enumerate(position.people):
        if not person.agency:
            rows[n] = _permanent(world, person, *places[n])
            unlisted[places[n]] = unlisted.get(places[n], 0.0) - person.fte
    vacant: dict[tuple[int, int], list[int]] = {}
    for vacancy in position.vacancies:
        place = teams[vacancy.team], world.plan.role_names.index(vacancy.role)
        vacant.setdefault(place, []).append(new_post(world, *place, vacancy.fte, 0))
        unlisted[place] = unlisted.get(place, 0.0) - vacancy.fte
    part_time = world.plan.scenario.part_time
    for place, fte in unlisted.items():
        for size in post_sizes(fte, part_time.share, part_time.fte):
            vacant.setdefault(place, []).append(new_post(world, *place, size, 0))
    _agency(world, position, places, vacant, rows)
    for posts in vacant.values():
        for post in posts:
            world.env.process(recruitment(world, post, _search_ends(world, post)))
            if world.posts["cover"][post] == NOBODY:
                u = sought_by_chance(world, next_holder(world, post)) * _sought_less(world)
                world.env.process(agency_cover(world, post, u=u))
    return rows


def _permanent(world: World, person: Person, team: int, role: int) -> int:
    """Put someone into a post of their own; give their row."""
    post = new_post(world, team, role, person.fte, 0)
    key = int(world.posts["key"][post])
    if person.since is None:
        tenure = tenure_at_start(world, key, role, person.newly_qualified)
    else:
        tenure = -person.since
    worker = fill_post(
        world, post, newly_qualified=person.newly_qualified, tenure_days=tenure, counted=False
    )
    table = world.workers.table
    scheme = world.plan.scenario.recruitment.newly_qualified
    if person.newly_qualified and scheme and table["newly_qualified_until"][worker] <= 0:
        # In post for longer than the protection lasts: they qualified in it, nobody knows when.
        length = scheme.months / MONTHS_A_YEAR * WORKING_DAYS_A_YEAR
        left = uniform_of(world, PROTECTION_LEFT, key) * length
        table["newly_qualified_until"][worker] = 1 + int(left)
    return worker


def _agency(
    world: World, position: Position, places: list[tuple[int, int]],
    vacant: dict[tuple[int, int], list[int]], rows: list[int],
) -> None:  # fmt: skip
    """Start the agency workers: in vacant posts of their team and role, else beyond the posts."""
    agency = world.plan.scenario.agency
    free = {place: list(posts) for place, posts in vacant.items()}
    beyond: dict[int, int] = {}  # places beyond the establishment that are taken, by kind of team
    for n, person in enumerate(position.people):
        if not person.agency:
            continue
        team, role = places[n]
        post = free[team, role].pop(0) if free.get((team, role)) else NOBODY
        if post == NOBODY:
            kind = int(world.teams["kind"][team])
            place = beyond.get(kind, 0)
            beyond[kind] = place + 1
            key = beyond_key(kind, place, 0)
        else:
            key = cover_key(next_holder(world, post), 0)
        worker = start_worker(
            world, team=team, role=role, fte=person.fte, key=key, post=post, agency=True,
            started=-EXPERIENCED_DAYS, newly_qualified_until=-NEVER,
        )  # fmt: skip
        rows[n] = worker
        if post != NOBODY:
            world.posts["cover"][post] = worker
            after = next_cover(world, post)
        else:
            after = agency_beyond(world, kind, role, person.fte, place, number=1)
        last_day = person.last_day
        if last_day is None:
            last_day = still_to_go(world, agency.stay_days, key, person.since)
        world.env.process(last_days(world, worker, last_day, after))


def _search_ends(world: World, post: int) -> float:
    """Draw when the present round of the search for a vacancy's next holder ends.

    A search that is met is in its approval or in a round, in proportion to how long it spends in
    each on average. A round after an approval that is under way is a whole one.
    """
    plan = world.plan
    recruit = plan.scenario.recruitment
    key = int(world.posts["key"][post])
    approval, a_round = recruit.approval_days.expected(), recruit.round_days.expected()
    rounds = a_round / recruit.success_per_round
    u = uniform_of(world, SEARCH_UNDER_WAY, key)
    if u * (approval + rounds) >= approval:
        return float(still_to_go(world, recruit.round_days, key, None))
    lengths = recruit.round_days.quantiles(QUANTILES)
    whole = lengths[int(uniform_of(world, STILL_TO_GO, key) * len(lengths))]
    return float(still_to_go(world, recruit.approval_days, key, None) + whole)


def _sought_less(world: World) -> float:
    """By how much a vacancy without cover is likelier than others to be one that nobody covers.

    Among vacancies for which cover is sought, those still without it are in the time that it takes
    to come: the share of it that is left, of those without, is what is drawn against (Bayes).
    """
    agency = world.plan.scenario.agency
    lead, stay = agency.lead_days.expected(), agency.stay_days.expected()
    share = agency.cover_share
    missing = lead / (lead + stay) if lead + stay > 0 else 0.0
    without = share * missing + 1.0 - share
    return without / missing if share > 0 and missing > 0 else float(NEVER)


def still_to_go(world: World, duration: Distribution, key: int, since: int | None) -> int:
    """Draw after how many days what is found under way is over, at least 1.

    Parameters
    ----------
    duration
        Of the whole.
    key
        Whose it is.
    since
        The day on which it began; None where that isn't known.
    """
    run = world.seed, world.chances.turnover
    if since is None:
        length, gone = found_under_way(key, *length_biased(duration), *run)
    else:
        gone = float(-since)
        lengths = duration.quantiles(QUANTILES)
        longer = lengths[np.searchsorted(lengths, gone, side="right") :]
        u = uniform_of(world, STILL_TO_GO, key)
        length = float(longer[int(u * len(longer))]) if len(longer) else gone
    return max(1, int(length - gone + 0.5))


def continue_absences_and_notices(world: World, position: Position, rows: list[int]) -> None:
    """Have those who are away be away, and those on notice leave, on the days that are known.

    After the cases have been given out, so that what is to be handed over is there.
    """
    plan, table = world.plan, world.workers.table
    absence = plan.scenario.absence
    durations = {
        "short_sickness": absence.short_sickness.duration,
        "long_sickness": absence.long_sickness.duration,
        "parental_leave": absence.parental_leave.duration,
    }
    for row, person in zip(rows, position.people, strict=True):
        if person.away is not None:
            kind = AWAY[person.away]
            begin_spell(
                row, kind, table, plan.settings, plan.distributions, plan.rows[person.away],
                world.seed, world.chances.absence,
            )  # fmt: skip
            back = person.back_on
            if back is None:
                key = int(table["key"][row])
                back = still_to_go(world, durations[person.away], key, person.away_since)
            since = 0 if person.away_since is None else person.away_since
            world.env.process(be_away(world, row, kind, since, back))
        if person.last_day is not None and not person.agency:
            world.env.process(notice_until(world, row, person.last_day))


def tire(world: World) -> None:
    """Give everyone who holds cases the exhaustion that their workload would keep them at.

    Lists don't say how tired people are, nor for how long they have been over the line: those who
    are, for up to twice the weeks that make an overload. Where the level of a day at work is L (see
    `sim.model.exhaustion`) and the share of days at work p, exhaustion goes towards
    L (p / build) / (p / build + (1 - p) / recover): worn on days at work, restored on others.
    """
    plan, absence = world.plan, world.plan.scenario.absence
    s = plan.settings[0]
    rows = np.flatnonzero(plan.roles["holds_cases"][world.workers["role"]] == 1)
    workers = world.workers.table[rows]
    days_off = absence.annual_leave.days + absence.training_days
    for spells in (absence.short_sickness, absence.long_sickness):
        days_off += spells.per_year * spells.duration.expected()
    at_work = max(1.0 - days_off / WORKING_DAYS_A_YEAR, 0.0)
    asked = workers["workload"] / max(at_work, MOSTLY_AWAY)  # hours a week, in a week at work
    most = WORKING_DAYS_A_WEEK * workers["overtime_limit"] * workers["fte"]
    overtime = np.clip(asked - workers["capacity"], 0.0, most)
    contracted = WORKING_DAYS_A_WEEK * s["hours_per_day"] * workers["fte"]
    admin = _admin_share(world) * np.minimum(asked, workers["capacity"] + overtime)
    level = (
        s["strain_base"]
        + workers["tendency"]
        + s["strain_workload"]
        * (np.minimum(workers["workload"] / workers["capacity"], HEAVIEST_LOAD) - 1.0)
        + s["strain_overtime"] * overtime / WORKING_DAYS_A_WEEK
        + s["strain_admin"] * admin / (contracted + overtime)
        - s["supervision_relief"]
    )
    worn, rested = at_work / s["days_to_build"], (1.0 - at_work) / s["days_to_recover"]
    over = workers["workload"] > s["overload_level"] * workers["capacity"]
    weeks = [
        int(uniform_of(world, WEEKS_OVER, int(key)) * 2 * s["overload_weeks"])
        for key in workers["key"]
    ]
    world.workers.table["weeks_over"][rows] = np.where(over, weeks, 0)
    world.workers.table["exhaustion"][rows] = np.clip(level, 0.0, 1.0) * worn / (worn + rested)


def _admin_share(world: World) -> float:
    """Share of admin in the hours that the service's demand asks for."""
    scenario = world.plan.scenario
    direct = admin = 0.0
    for stream in scenario.demand.values():
        pathway = scenario.pathways[stream.pathway]
        a_year, visits = arrivals_per_year(stream, pathway), flows(pathway)
        for name, stage in pathway.stages.items():
            a_case = hours_of(stage)
            direct += a_year * visits[name] * a_case[0]
            admin += a_year * visits[name] * a_case[1]
    return admin / (direct + admin) if direct + admin > 0 else 0.0
