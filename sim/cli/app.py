"""What all commands share: how they end, what they say of problems, and where they print."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from rich.console import Console

from sim.cli.stopping import end_like_ctrl_c
from sim.scenario.problems import InputError, Problem
from sim.study.errors import Interrupted, RunError, StudyError
from sim.study.rubbish import look_for_rubbish_seldom

if TYPE_CHECKING:
    from sim.report.progress import Bar, Lines

FAILED = 1
BAD_INPUT = 2
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
    """Run the command line; what goes wrong ends in a message and an exit code, as said below.

    2 for bad input, 1 for a study that failed, 130 for one that was stopped: with Ctrl-C, or by
    the signal with which systems end a job.
    """
    end_like_ctrl_c()
    look_for_rubbish_seldom()
    # Arrow's own allocator keeps what was let go: 80 MB by the end of a report.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    try:
        app()
    except InputError as error:
        complain(error.problems)
        _say_notes(error)
        raise SystemExit(BAD_INPUT) from None
    except StudyError as error:
        _fail(error)
    except BrokenPipeError:  # whoever read our output has gone, as `head` does
        sys.stderr.close()
        raise SystemExit(FAILED) from None


def complain(problems: Iterable[Problem]) -> None:
    """Write problems to stderr; those of an option by the option's name."""
    options = _options_of_all_commands()
    for problem in problems:
        if f"--{problem.path}" in options and problem.line is None:
            problem = replace(problem, path=f"--{problem.path}")
        typer.echo(str(problem), err=True)


def warn(warnings: Iterable[str]) -> None:
    """Write warnings to stderr."""
    for warning in warnings:
        typer.echo(f"Warning: {warning}", err=True)


class Page(Console):
    """A console for what is not a terminal: no line ends in spaces."""

    def print(self, *objects: Any, **settings: Any) -> None:
        """Print as any console does, and leave out what nobody sees."""
        with self.capture() as caught:
            super().print(*objects, **settings)
        self.file.write(re.sub(r" +$", "", caught.get(), flags=re.MULTILINE))


def console(stderr: bool = False) -> Console:
    """Make a console; what is not a terminal is as wide as a page."""
    found = Console(stderr=stderr, highlight=False)
    return found if found.is_terminal else Page(stderr=stderr, highlight=False, width=WIDTH)


def progress() -> Bar | Lines:
    """Make a watcher of long work: a bar with the time left, or lines where that can't be drawn."""
    from sim.report.progress import Bar, Lines

    stderr = console(stderr=True)
    return Bar(stderr) if stderr.is_terminal else Lines(stderr)


def _options_of_all_commands() -> set[str]:
    commands = vars(typer.main.get_command(app))["commands"].values()
    return {name for command in commands for option in command.params for name in option.opts}


def _say_notes(error: Exception) -> None:
    """Write to stderr what was noted about an error, such as what is kept of a study."""
    for note in getattr(error, "__notes__", ()):
        typer.echo(note, err=True)


def _fail(error: StudyError) -> NoReturn:
    if isinstance(error, RunError) and error.details:
        typer.echo(error.details, err=True)
    typer.echo(f"{error}", err=True)
    _say_notes(error)
    raise SystemExit(STOPPED if isinstance(error, Interrupted) else FAILED)


def _version(asked: bool) -> None:
    if asked:
        try:
            number = version("plimsoll-workforce")
        except PackageNotFoundError:
            number = "(not installed)"
        typer.echo(f"plimsoll {number}")
        raise typer.Exit


@app.callback()
def _of_no_command(
    _version_asked: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    pass
