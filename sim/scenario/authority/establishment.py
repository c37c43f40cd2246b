"""An authority's posts: how many hold cases, and in which teams."""

from __future__ import annotations

from dataclasses import dataclass

from sim.scenario.authority.average import Average
from sim.scenario.authority.own_pathway import OwnPathway
from sim.scenario.service import Scenario

MOST_HOLDING_CASES = 0.85  # of all posts
LEAST_SHARE_OF_A_TEAM = 0.02  # of the posts that hold cases, so that each kind of team has some
FEWEST_FOR_TEAMS = 8.0  # FTE who hold cases, below which there is one team for everything


@dataclass(frozen=True)
class Workforce:
    """What is known of an authority's people.

    Attributes
    ----------
    in_post
        FTE in post, agency excluded.
    vacancy
        Vacancies as a share of posts.
    agency
        FTE of agency workers.
    agency_cover
        The share of vacancies that they cover.
    case_holding
        FTE who hold cases, agency included.
    """

    in_post: float
    vacancy: float
    agency: float
    agency_cover: float
    case_holding: float

    @property
    def posts(self) -> float:
        """FTE of posts."""
        return self.in_post / (1 - self.vacancy)

    @property
    def covered(self) -> float:
        """FTE of vacancies that agency workers cover; no more than there are of either."""
        return min(self.agency_cover * self.vacancy * self.posts, self.agency)

    @property
    def beyond(self) -> float:
        """FTE of agency workers beyond the posts."""
        return self.agency - self.covered

    @property
    def held_of_a_post(self) -> float:
        """FTE at work for one FTE of posts: the holders and the cover."""
        return 1 - self.vacancy + self.covered / self.posts


def posts_with_cases(workforce: Workforce, average: Workforce, average_posts: float) -> float:
    """FTE of posts that hold cases, from the FTE who do.

    Those who hold cases are the people in, and the cover of, such posts, and agency beyond them.
    The average authority's scenario has a little more posts than that, as fitted.
    """
    as_fitted = average_posts * average.held_of_a_post / (average.case_holding - average.beyond)
    of_posts = max(workforce.case_holding - workforce.beyond, 0.2 * workforce.case_holding)
    wanted = as_fitted * of_posts / workforce.held_of_a_post
    return min(wanted, MOST_HOLDING_CASES * workforce.posts)


def one_team(workforce: Workforce, average: Average) -> str | None:
    """The kind of team that does everything, where so few hold cases: usually the largest."""
    if workforce.case_holding >= FEWEST_FOR_TEAMS:
        return None
    return max(average.scenario.teams, key=lambda kind: average.posts(kind, holding_cases=True))


def shares_by_team(workforce: Workforce, pathway: OwnPathway, average: Average) -> dict[str, float]:
    """How posts that hold cases are shared between the kinds of team.

    As in the average authority, times how many more hours the cases of this one ask of them.
    """
    weights = {}
    for kind in average.scenario.teams:
        stages = [stage for stage in pathway.flows if average.team_of(stage) == kind]
        if stages:
            asked = sum(pathway.open_cases[s] * average.hours_a_day(s) for s in stages)
            usual = sum(average.open_cases(s) * average.hours_a_day(s) for s in stages)
            weights[kind] = average.posts(kind, holding_cases=True) * asked / usual
    alone = one_team(workforce, average)
    if alone is not None:
        return {kind: float(kind == alone) for kind in weights}
    total = sum(weights.values())
    weights = {kind: max(each / total, LEAST_SHARE_OF_A_TEAM) for kind, each in weights.items()}
    total = sum(weights.values())
    return {kind: each / total for kind, each in weights.items()}


@dataclass(frozen=True)
class TeamsOfAKind:
    """Teams of a kind: how many, with which posts each."""

    number: int
    posts: dict[str, float]
    business_support: float


def teams(
    posts: float, with_cases: float, shares: dict[str, float], average: Average
) -> dict[str, TeamsOfAKind]:
    """Make teams as large as the average authority's, but whole ones.

    What posts are left, after those that hold cases and their teams' managers and business support,
    go to the wider service, in the average authority's proportions.
    """
    scenario = average.scenario
    found = {}
    left = posts
    for kind, share in shares.items():
        usual = scenario.teams[kind]
        usual_size = average.posts(kind, holding_cases=True) / usual.number
        of_kind = with_cases * share
        number = max(1, round(of_kind / usual_size))
        larger = of_kind / number / usual_size
        # Managers are posts too: in a council where most posts hold cases there are fewer of them.
        usual_others = average.posts(kind, holding_cases=False) / usual.number
        room = (posts - with_cases) * share / number
        managing = larger * min(1.0, room / max(usual_others * larger, 1e-9))
        found[kind] = TeamsOfAKind(
            number,
            {
                role: round(fte * (larger if scenario.roles[role].holds_cases else managing), 2)
                for role, fte in usual.posts.items()
            },
            round(usual.business_support * larger, 2),
        )
        left -= number * sum(found[kind].posts.values())
    for kind in scenario.teams:
        if kind not in found:
            found[kind] = _rest(kind, max(left, 0.0), scenario)
    return found


def _rest(kind: str, fte: float, scenario: Scenario) -> TeamsOfAKind:
    usual = scenario.teams[kind]
    total = usual.number * sum(usual.posts.values())
    return TeamsOfAKind(
        usual.number,
        {role: round(each * fte / total, 2) for role, each in usual.posts.items()},
        usual.business_support,
    )
