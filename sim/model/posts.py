"""The establishment: posts, created at the start and by policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.model.columns import NOBODY, POST, VACANT, empty_rows
from sim.model.staffing import fill_post, make_vacant

if TYPE_CHECKING:
    from sim.model.world import World

SMALLEST_POST = 0.05  # FTE
POSTS_IN_A_BLOCK = 1 << 10  # posts of one role that a team can have from one source
BLOCKS = 1 << 6  # sources: the scenario, and each lever of a policy


def post_sizes(fte: float, part_time_share: float, part_time_fte: float) -> list[float]:
    """Split an establishment into posts, full and part-time, that add up to it exactly.

    Examples
    --------
    >>> post_sizes(3.2, 0.25, 0.6)
    [1.0, 1.0, 1.0, 0.2]
    >>> post_sizes(5.0, 0.5, 0.5)
    [1.0, 0.5, 1.0, 0.5, 1.0, 0.5, 0.5]
    """
    sizes: list[float] = []
    left = fte
    while left > SMALLEST_POST / 2:
        n = len(sizes)
        part_time = int((n + 1) * part_time_share) > int(n * part_time_share)
        size = min(part_time_fte if part_time else 1.0, left)
        sizes.append(round(size, 6))
        left -= size
    return sizes


def add_posts(
    world: World, team: int, role: int, sizes: list[float], *, block: int, at_once: bool
) -> None:
    """Create posts in a team: filled at once, or vacant and being recruited to."""
    for fte in sizes:
        post = new_post(world, team, role, fte, block)
        if at_once:
            fill_post(world, post)
        else:
            make_vacant(world, post)


def new_post(world: World, team: int, role: int, fte: float, block: int) -> int:
    """Write down a new post, vacant and with nobody looking for anyone; give its row."""
    world.posts = empty_rows(world.posts, world.n_posts + 1)
    row = world.n_posts
    world.n_posts += 1
    count = world.post_counts.get((team, role, block), 0)
    world.post_counts[team, role, block] = count + 1
    post = world.posts[row]
    place = (team * 64 + role) * BLOCKS + block
    post["key"] = place * POSTS_IN_A_BLOCK + count
    post["team"], post["role"], post["fte"] = team, role, fte
    post["status"], post["holder"], post["cover"] = VACANT, NOBODY, NOBODY
    post["vacancies"] = 0
    return row


def empty_posts() -> np.ndarray:
    """A table of posts with none in it."""
    return np.zeros(64, POST)
