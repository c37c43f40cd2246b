"""A service that is begun again from where it stands goes on as it would have gone on.

What lists do not say is drawn, so runs differ one by one; their means should not. Two services of
which all that matters is in the lists agree exactly in distribution, the lively one nearly: work
half done and exhaustion are not in its lists.
"""

import numpy as np
import pytest

from sim.model.position_today import continued
from sim.model.tallies import NAMES
from sim.model.world import World
from tests.services import BASELINE, exponential, tiny_service
from tests.small_services import lively_service

pytestmark = pytest.mark.theory

DAY, YEARS = 260, 1.6


def both(scenario, runs):
    """Weekly tallies of worlds that went on, and of those begun again: (runs, weeks, columns)."""
    went_on, begun_again = [], []
    for run in range(runs):
        world = World(scenario, BASELINE, seed=3, replication=run, years=YEARS)
        world.env.run(until=DAY)
        again = World(continued(world), BASELINE, seed=4, replication=run, years=0.5)
        for each, found in ((world, went_on), (again, begun_again)):
            each.run()
            first = DAY if each is world else 0
            kept = zip(each.record.weeks, each.record.tallies, strict=True)
            found.append([tally.sum(axis=0) for day, tally in kept if day >= first])
    weeks = min(map(len, went_on + begun_again))
    return np.array([x[1:weeks] for x in went_on]), np.array([x[1:weeks] for x in begun_again])


def means(runs, above, below, weeks):
    """The ratio of two sums over some weeks, of each run."""
    return runs[:, weeks, NAMES.index(above)].sum(1) / runs[:, weeks, NAMES.index(below)].sum(1)


@pytest.mark.parametrize("duration", [exponential(40), 40], ids=["no memory", "fixed"])
def test_open_and_waiting_cases_go_on_exactly_in_the_mean(duration):
    """With a fixed duration it matters how long each case has been there already."""
    scenario = tiny_service(
        cases_a_day=6.0, duration=duration, workers=4, teams=6, cap=9,
        demand={"patience": exponential(30)},
    )  # fmt: skip
    went_on, begun_again = both(scenario, 30)
    for column in ("open_case_days", "waiting_case_days", "closures", "withdrawals"):
        at = NAMES.index(column)
        for weeks in (slice(0, 4), slice(4, 12), slice(12, None)):
            gap = begun_again[:, weeks, at].sum(1) - went_on[:, weeks, at].sum(1)
            error = gap.std(ddof=1) / np.sqrt(len(gap))
            assert abs(gap.mean()) <= 4 * error, (column, weeks)
            assert error < 0.1 * max(went_on[:, weeks, at].sum(1).mean(), 1), (column, weeks)


def test_a_whole_service_goes_on_as_it_was():
    went_on, begun_again = both(lively_service(warm_up_weeks=0), 24)
    near = {  # how far the means may be apart, and stay within chance besides
        ("held_case_days", "case_holder_fte_days"): 0.05,
        ("open_case_days", "post_fte_days"): 0.03,
        ("waiting_case_days", "open_case_days"): 0.06,
        ("closures", "open_case_days"): 0.08,
        ("vacant_fte_days", "post_fte_days"): 0.35,
        ("agency_fte_days", "post_fte_days"): 0.25,
        ("sick_fte_days", "in_post_fte_days"): 0.35,
        ("visits_on_time", "visits"): 0.05,
        ("direct_hours", "contracted_hours"): 0.04,
    }
    for weeks in (slice(0, 4), slice(4, 12), slice(12, None)):
        for (above, below), most in near.items():
            before, now = (means(runs, above, below, weeks) for runs in (went_on, begun_again))
            assert now.mean() == pytest.approx(before.mean(), rel=most), (above, weeks)


def test_exhaustion_begins_near_where_the_workload_keeps_it():
    """The scenario's starting value, which a warm-up leaves behind, is four times as far off."""
    scenario = lively_service(warm_up_weeks=0)
    at_start = scenario.wellbeing.exhaustion.of_a_newcomer
    went_on, begun_again = both(scenario, 12)
    first = slice(0, 2)
    before, now = (
        means(runs, "exhaustion", "worker_weeks", first).mean() for runs in (went_on, begun_again)
    )
    assert abs(now - before) < abs(at_start - before) / 4
