"""How long a year of service takes, ours and the idiomatic model's, and how long compiling does.

Times are processor seconds of one process, so that a busy machine does not count; each is a year
(or half a one) of a service that has run for some time, without setting up or measuring.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from statistics import median

from benchmarks.idiomatic import Service
from benchmarks.sizes import AVERAGE, scaled
from sim.model.world import World
from sim.scenario.policy import Policy
from sim.scenario.service import Scenario

BASELINE = Policy(name="baseline", label="No change")
SEED = 1
NIGHT = 0.02  # of a day: between the last thing of a day and the first of the next
Say = Callable[[str], None]


def seconds_of(action: Callable[[], object]) -> float:
    """Time an action."""
    began = time.process_time()
    action()
    return time.process_time() - began


def our_years(scenario: Scenario, replication: int, years: int) -> Iterator[float]:
    """Set up and warm up our model, then give the seconds of one year after the other."""
    world = World(scenario, BASELINE, seed=SEED, replication=replication, years=years)
    world.env.run(until=max(world.first_day_counted - NIGHT, NIGHT / 100))
    for ends in _year_ends(world.first_day_counted, world.horizon, years):
        yield seconds_of(lambda: world.env.run(until=ends - NIGHT))  # noqa: B023


def idiomatic_years(scenario: Scenario, replication: int, years: int) -> Iterator[float]:
    """The same of the idiomatic model."""
    service = Service(scenario, seed=SEED, replication=replication, years=years)
    service.run(service.first_day_counted)
    for ends in _year_ends(service.first_day_counted, service.horizon, years):
        yield seconds_of(lambda: service.run(ends))  # noqa: B023


def _year_ends(first: int, horizon: int, years: int) -> Iterator[int]:
    for year in range(1, years + 1):
        yield first + (horizon - first) * year // years


def service_years(scenario: Scenario, say: Say, rounds: int = 3) -> tuple[float, float]:
    """Median seconds of a year of the average authority: ours, and the idiomatic model's.

    The two take turns, year by year, so that whatever slows the machine slows both.
    """
    say("setting up both models, and a year's warm-up of each ...")
    ours = [our_years(scenario, replication, rounds) for replication in range(3)]
    other = idiomatic_years(scenario, 0, rounds)
    ours_took: list[float] = []
    other_took: list[float] = []
    for number in range(rounds):
        ours_took += [next(years) for years in ours]
        other_took.append(next(other))
        say(
            f"year {number + 1} of {rounds}: ours {1000 * median(ours_took[-3:]):.0f} ms,"
            f" idiomatic {1000 * other_took[-1]:.0f} ms"
        )
    return median(ours_took), median(other_took)


def worker_years(scenario: Scenario, say: Say, sizes: tuple[int, ...]) -> dict[str, float]:
    """Microseconds of a worker's year, in services of several sizes."""
    found = {}
    for size in sizes:
        larger = scaled(scenario, size).model_copy(update={"warm_up_weeks": 26})
        years = max(1, min(12, round(4 * AVERAGE / size)))  # small ones are measured longer
        took = median(our_years(larger, 0, years))
        found[str(size)] = round(1e6 * took / size, 1)
        say(f"{size:,} workers: {1000 * took:,.0f} ms a year, {found[str(size)]:,.0f} us a worker")
    return found


def compile_seconds(scenario_name: str) -> float:
    """Seconds to compile everything in a new process with an empty cache."""
    code = (
        "import time\n"
        "from sim.scenario.loading import load_scenario\n"
        "from sim.model.world import warm_up_compiler\n"
        f"scenario = load_scenario({scenario_name!r})\n"
        "began = time.process_time()\n"
        "warm_up_compiler(scenario)\n"
        "print(time.process_time() - began)\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"NUMBA_CACHE_DIR": folder},
            capture_output=True,
            text=True,
            check=True,
        )
    return float(done.stdout.split()[-1])
