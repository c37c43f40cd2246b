"""The command line: plimsoll run, rerun, check, schema, outcomes."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from sim.scenario.problems import InputError, Problem

# What a command needs beyond this is imported when it runs: `plimsoll --help` is not to wait for
# the numerical libraries.

BAD_INPUT = 2
FAILED = 1
STOPPED = 130
WIDTH = 100

app = typer.Typer(
    name="plimsoll",
    help="How many people, with which policies, keep the work safe and the workers well: a "
    "simulated social work service. It plans teams; it never scores a named person.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def main() -> None:
    """Run the command line; bad input ends with a message and exit code 2, never a traceback."""
    from sim.study.worker import StudyError  # light

    try:
        app()
    except InputError as error:
        _complain(error.problems)
        raise SystemExit(BAD_INPUT) from None
    except StudyError as error:
        _fail(error)
    except BrokenPipeError:  # the reader of our output has gone, as `head` does
        sys.stderr.close()
        raise SystemExit(FAILED) from None
