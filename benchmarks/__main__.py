"""Measure how fast the simulated service runs: `make bench`. The last line is one line of JSON."""

from __future__ import annotations

import argparse
import json
import sys

from benchmarks.memory import demo_peak_memory
from benchmarks.parts import time_by_part
from benchmarks.timing import compile_seconds, service_years, worker_years
from benchmarks.written import write_into_readme
from sim.model.world import warm_up_compiler
from sim.scenario.loading import load_scenario
from sim.study.processes.getting_ready import keep_what_is_loaded

SCENARIO = "children_average_england"
SIZES = (50, 237, 1000, 5000)


def say(text: str) -> None:
    """Show progress."""
    print(text, file=sys.stderr, flush=True)


def main() -> None:
    """Measure, and print what was found."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="years of each model (default: 3)")
    parser.add_argument("--quick", action="store_true", help="leave out compiling and the demo")
    parser.add_argument("--write", action="store_true", help="write it into benchmarks/README.md")
    asked = parser.parse_args()
    scenario = load_scenario(SCENARIO)
    found: dict[str, object] = {}

    if not asked.quick:
        say("compiling from nothing, in a process of its own ...")
        compiling = compile_seconds(SCENARIO)
        say(f"compiled in {compiling:.1f} s")
    say("compiling, or loading what was compiled before ...")
    warm_up_compiler(scenario)
    keep_what_is_loaded()  # as the processes do that a study runs in
    ours, idiomatic = service_years(scenario, say, asked.rounds)
    found |= {
        "service_year_ms": round(1000 * ours, 1),
        "idiomatic_service_year_ms": round(1000 * idiomatic, 1),
        "ratio": round(idiomatic / ours, 1),
        "worker_year_us_by_size": worker_years(scenario, say, SIZES),
    }
    parts = time_by_part(scenario)
    total = sum(parts.values())
    say("where the time of a year goes:")
    for name, ms in parts.items():
        say(f"  {name:<45} {ms:7.1f} ms {ms / total:6.1%}")
    if not asked.quick:
        say("running the demo, to see how much memory it takes ...")
        found |= {
            "compile_seconds": round(compiling, 1),
            "demo_peak_memory_mb": demo_peak_memory(),
        }
    if asked.write:
        write_into_readme(found, parts)
    print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
