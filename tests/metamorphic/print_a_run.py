"""Print a run of the lively service as JSON: for a process of its own, with its own environment.

python -m tests.metamorphic.print_a_run YEARS
"""

from __future__ import annotations

import json
import sys

from sim.model.world import RunResult, simulate
from tests.small_services import EVERYTHING, lively_service, policy


def a_run(years: float) -> RunResult:
    """A run with all tables and a trace, under a policy that begins in the middle of it."""
    half = 6 * years
    levers = (
        {"lever": "demand", "factor": 1.5, "start_after_months": half},
        {"lever": "allocation_rule", "rule": "optimal", "start_after_months": half},
    )
    return simulate(
        lively_service(warm_up_weeks=2, agency={"lead_days": 2}), policy(*levers), seed=11,
        replication=4, years=years, tables=EVERYTHING, trace=True,
    )  # fmt: skip


def as_json(run: RunResult) -> str:
    """All that a run gives; floats to the last bit."""
    tables = {**run.tables, "events": run.events}
    return json.dumps(
        {
            "outcomes": run.outcomes,
            **{name: table.to_dict(orient="list") for name, table in tables.items()},
        },
        default=str,
        indent=0,
    )


if __name__ == "__main__":
    sys.stdout.write(as_json(a_run(float(sys.argv[1]))))
