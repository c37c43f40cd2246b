"""The command line `plimsoll`, its commands by what they are about.

What a command needs is imported when it runs: `plimsoll --help` does not wait for the numerical
libraries. The commands are listed there in the order of the imports below.
"""

from sim.cli.stopping import ctrl_c_ends_at_once

with ctrl_c_ends_at_once():
    from sim.cli.app import main

    from sim.cli import (  # isort: skip
        studies,
        results,
        report,
        week,
        why,
        staffing,
        calibration,
        validation,
        demand,
        beginning,
        files,
        compiling,
    )

__all__ = [
    "beginning",
    "calibration",
    "compiling",
    "demand",
    "files",
    "main",
    "report",
    "results",
    "staffing",
    "studies",
    "validation",
    "week",
    "why",
]
