"""As many vacant posts on the first morning as are published, not as many as chance makes."""

from __future__ import annotations

import numpy as np

from sim.model.posts import BLOCKS, POSTS_IN_A_BLOCK, post_sizes
from sim.model.randomness import uniform
from sim.model.starting_position import VACANT_AT_START
from sim.scenario.people import Team
from sim.scenario.service import Scenario


def share_for_vacant(
    base: Scenario, teams: dict[str, Team], fte: float, seed: int, replication: int
) -> float:
    """The share of posts vacant on the first day with which, in one run, so much FTE is vacant.

    Each post is vacant if a chance of its own is below the share; so the share lies between the
    chances of the last post that is to be vacant and of the next.
    """
    roles, part_time = list(base.roles), base.part_time
    chances, sizes = [], []
    each_team = [kind for kind in teams.values() for _ in range(kind.number)]
    for number, team in enumerate(each_team):
        for role, of_role in team.posts.items():
            first = (number * 64 + roles.index(role)) * BLOCKS * POSTS_IN_A_BLOCK
            for n, size in enumerate(post_sizes(of_role, part_time.share, part_time.fte)):
                chances.append(uniform(seed, replication, VACANT_AT_START, first + n, 0))
                sizes.append(size)
    order = np.argsort(chances)
    vacant = np.concatenate(([0.0], np.cumsum(np.array(sizes)[order])))
    so_many = int(np.argmin(np.abs(vacant - fte)))
    ends = np.concatenate(([0.0], np.array(chances)[order], [1.0]))
    return float((ends[so_many] + ends[so_many + 1]) / 2)
