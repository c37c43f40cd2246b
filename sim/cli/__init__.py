"""The command line `plimsoll`, its commands by what they are about.

What a command needs is imported when it runs: `plimsoll --help` does not wait for the numerical
libraries. The commands are listed there in the order of the imports below.
"""

from sim.cli.app import main

from sim.cli import studies, results, why, staffing, demand, beginning, validation, files  # isort: skip

__all__ = [
    "beginning", "demand", "files", "main", "results", "staffing", "studies", "validation", "why",
]  # fmt: skip
