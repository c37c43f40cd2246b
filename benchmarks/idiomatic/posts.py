"""Posts: how they are filled, fall vacant, are recruited to and covered by agency workers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import simpy

from benchmarks.idiomatic.plan import WORKING_DAYS_A_YEAR, whole
from benchmarks.idiomatic.workers import Worker

if TYPE_CHECKING:
    from benchmarks.idiomatic.service import Service, Team
    from sim.scenario.people import Role

AGENCY_EXPERIENCE_DAYS = 3 * WORKING_DAYS_A_YEAR
NOT_NEWLY_QUALIFIED = -(10**9)


class Post:
    """A post of the establishment."""

    def __init__(self, service: Service, team: Team, role: Role, fte: float) -> None:
        self.service, self.team, self.role, self.fte = service, team, role, fte
        self.holder: Worker | None = None
        self.cover: Worker | None = None
        self.vacancies = 0  # how often it has fallen vacant
        self.since = 0  # day on which it fell vacant
        service.posts.append(self)

    def fill(
        self, *, newly_qualified: bool = False, tenure_days: int = 0, long_there: bool = False
    ) -> None:
        """Someone permanent starts; agency cover ends."""
        started = self.service.day - tenure_days
        until = NOT_NEWLY_QUALIFIED
        if newly_qualified:
            months = self.service.scenario.recruitment.newly_qualified.months
            until = started + int(months / 12 * WORKING_DAYS_A_YEAR)
        self.holder = Worker(
            self.service, self.team, self.role, self.fte, post=self, agency=False,
            started=started, newly_qualified_until=until,
        )  # fmt: skip
        if not long_there:
            self.service.env.process(self.holder.settle_in())
        if self.cover is not None:
            self.cover.leave()
            self.cover = None

    def become_vacant(self) -> None:
        """Recruit, and look for agency cover meanwhile."""
        self.holder = None
        self.vacancies += 1
        self.since = self.service.day
        self.service.env.process(recruitment(self))
        self.service.env.process(agency_cover(self))

    def is_vacant_for(self, vacancy: int) -> bool:
        """Whether it is still vacant for the n-th time."""
        return self.holder is None and self.vacancies == vacancy


def recruitment(post: Post) -> Iterator[simpy.Event]:
    """Approve, then one round after the other until someone starts."""
    service, vacancy = post.service, post.vacancies
    start = service.day + service.draw_approval()
    while True:
        start += service.draw_round()
        yield service.until_morning(round(start))
        if not post.is_vacant_for(vacancy):
            return
        if service.chances.posts.random() < service.scenario.recruitment.success_per_round:
            post.fill()
            return


def agency_cover(post: Post, at_once: bool = False) -> Iterator[simpy.Event]:
    """Cover a vacancy with one agency worker after the other, if cover is sought at all."""
    service, vacancy = post.service, post.vacancies
    if service.chances.agency.random() >= service.scenario.agency.cover_share:
        return
    while True:
        if not at_once:
            yield service.until_morning(service.day + max(1, round(service.draw_lead())))
        at_once = False
        if not post.is_vacant_for(vacancy):
            return
        worker = start_agency_worker(service, post.team, post.role, post.fte, post)
        if worker is not None:
            post.cover = worker
            yield service.until_morning(service.day + max(1, round(service.draw_stay())))
            if not worker.left:
                worker.leave()
                post.cover = None


def agency_beyond(service: Service, kind: str, role: Role, fte: float) -> Iterator[simpy.Event]:
    """Keep a place beyond the establishment taken, by one contract upon the other."""
    while True:
        team = max(service.teams[kind], key=lambda team: team.need())
        worker = start_agency_worker(service, team, role, fte, None)
        if worker is not None:
            yield service.until_morning(service.day + max(1, round(service.draw_stay())))
            worker.leave()
        else:
            yield service.until_morning(service.day + max(1, round(service.draw_lead())))


def start_agency_worker(
    service: Service, team: Team, role: Role, fte: float, post: Post | None
) -> Worker | None:
    """Start an agency worker, unless there are too many."""
    cap = service.scenario.agency.cap * service.established_fte
    if service.agency_fte + fte > cap + 1e-9:
        return None
    worker = Worker(
        service, team, role, fte, post=post, agency=True,
        started=service.day - AGENCY_EXPERIENCE_DAYS, newly_qualified_until=NOT_NEWLY_QUALIFIED,
    )  # fmt: skip
    service.env.process(worker.settle_in())
    return worker


def sizes_of_posts(fte: float, part_time_share: float, part_time_fte: float) -> list[float]:
    """Split FTE into posts: every so many a part-time one, and what is left at the end."""
    sizes: list[float] = []
    while fte > 0.025:
        n = len(sizes)
        part_time = int((n + 1) * part_time_share) > int(n * part_time_share)
        sizes.append(min(part_time_fte if part_time else 1.0, fte))
        fte -= sizes[-1]
    return sizes


def staff_posts(service: Service) -> None:
    """Create the posts, and fill most of them."""
    scenario, rng = service.scenario, service.chances.posts
    terms, part_time = scenario.recruitment, scenario.part_time
    scheme = terms.newly_qualified
    for kind, teams in service.teams.items():
        for team in teams:
            for role_name, fte in scenario.teams[kind].posts.items():
                is_of_scheme = scheme is not None and scheme.role == role_name
                for size in sizes_of_posts(fte, part_time.share, part_time.fte):
                    post = Post(service, team, scenario.roles[role_name], size)
                    if rng.random() < terms.vacant_on_first_day:
                        service.env.process(recruitment(post))
                        service.env.process(agency_cover(post, at_once=True))
                    elif is_of_scheme and rng.random() < scheme.share_on_first_day:
                        tenure = int(rng.random() * WORKING_DAYS_A_YEAR)
                        post.fill(newly_qualified=True, tenure_days=tenure, long_there=True)
                    else:
                        years = rng.exponential(scenario.turnover.mean_tenure_years) + is_of_scheme
                        post.fill(tenure_days=int(years * WORKING_DAYS_A_YEAR), long_there=True)
    agency = scenario.agency
    for kind, fte in agency.beyond_establishment.items():
        for size in sizes_of_posts(fte, 0.0, 1.0):
            role = scenario.roles[agency.beyond_role]
            service.env.process(agency_beyond(service, kind, role, size))


def longest_vacant(service: Service, wanted) -> list[Post]:
    """Vacant posts whose role is wanted, the longest vacant first."""
    vacant = [post for post in service.posts if post.holder is None and wanted(post.role)]
    return sorted(vacant, key=lambda post: post.since)


def newly_qualified_intake(service: Service) -> Iterator[simpy.Event]:
    """Each year, on the first working day of the month, newly qualified workers start."""
    scheme = service.scenario.recruitment.newly_qualified
    if scheme is None:
        return
    role = service.scenario.roles[scheme.role]
    calendar = service.calendar
    for day, date in enumerate(calendar.dates[: service.horizon].tolist()):
        if calendar.first_of_month[day] and date.month == scheme.month:
            yield service.until_morning(day)
            number = whole(scheme.intake_per_year, service.chances.posts)
            for post in longest_vacant(service, lambda r: r is role)[:number]:
                post.fill(newly_qualified=True)


def returners(service: Service) -> Iterator[simpy.Event]:
    """Each month, former workers come back while caseloads are manageable."""
    terms = service.scenario.recruitment
    a_month = terms.returners_per_year / 12
    while a_month > 0:
        yield service.until_morning(service.day + WORKING_DAYS_A_YEAR // 12)
        number = whole(a_month, service.chances.posts)
        holders = [w for team in service.all_teams for w in team.workers if w.cases]
        held, fte = sum(len(w.cases) for w in holders), sum(w.fte for w in holders)
        if fte > 0 and held / fte <= terms.returners_caseload:
            for post in longest_vacant(service, lambda role: role.holds_cases)[:number]:
                post.fill()
