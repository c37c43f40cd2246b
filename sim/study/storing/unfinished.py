"""What a study leaves in its folder while it runs, so that it can go on after it was stopped."""

from __future__ import annotations

import json
import reprlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

from sim.scenario.problems import InputError, KeyPath, Problem, spell
from sim.scenario.text_files import shown
from sim.study.files import write_text
from sim.study.made_with import other_versions
from sim.study.storing.manifest import content_hash

FORMAT = "plimsoll unfinished 1"
MAY_GROW = ("replications", "precision")
"""What may be asked otherwise of a study that goes on: it changes how many runs, but no run."""
MOST_SAID = 5
ANEW = "begin anew in another folder (--out)"


@dataclass(frozen=True)
class Beginning:
    """A study as it was begun.

    Attributes
    ----------
    study
        Its plain content, with scenario and policies.
    made_with
        The versions that its runs depend on.
    demand
        Where forecast demand comes from, if the study has a forecast.
    plausible
        Where plausible sets come from, if the study draws from some.
    started
        When.
    """

    study: dict[str, Any]
    made_with: dict[str, str]
    demand: dict[str, Any] | None
    plausible: dict[str, Any] | None
    started: str

    @cached_property
    def seal(self) -> str:
        """A hash of all of it that a run depends on, by which the study's runs are known."""
        return content_hash([self.study, self.made_with, self.demand, self.plausible])

    def write(self, file: Path) -> None:
        """Write it down whole."""
        write_text(file, json.dumps({"format": FORMAT, **asdict(self)}))

    def refuse_another(self, asked: Beginning, folder: Path) -> None:
        """Refuse to go on with another study, or with other versions, in the place of this one.

        Raises
        ------
        InputError
            If the runs of the study that is asked for now would not be the same.
        """
        versions = other_versions(self.made_with, asked.made_with)
        if versions:
            raise InputError(
                Problem(
                    f"the unfinished study here was begun with other versions: {versions}",
                    file=shown(folder),
                    remedy=f"go on with the same versions, or {ANEW}",
                )
            )
        then, now = (
            {
                **each.study,
                "forecast_source": each.demand,
                "plausible_source": each.plausible,
                **dict.fromkeys(MAY_GROW),
            }
            for each in (self, asked)
        )
        refuse_another(then, now, folder, "the unfinished study here")


def refuse_another(then: Any, now: Any, folder: Path, what: str) -> None:
    """Refuse a study whose plain content is not the same, and say where they differ.

    Raises
    ------
    InputError
        If it is another.
    """
    problems = [
        Problem(
            f"{what} is another one",
            file=shown(folder),
            path=spell(path),
            given=reprlib.repr(new),
            accepted=f"{reprlib.repr(old)}, as it was begun",
            remedy=f"ask for the same, or {ANEW}",
        )
        for path, old, new in islice(_differing(then, now), MOST_SAID)
    ]
    if problems:
        raise InputError(problems)


def read_beginning(file: Path) -> Beginning:
    """Read what `Beginning.write` wrote.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        if content.pop("format") != FORMAT:
            raise ValueError
        return Beginning(**content)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        raise InputError(
            Problem(
                "this does not say what study was begun here; it was not written by this version "
                "of Plimsoll, or has been changed",
                file=shown(file),
                remedy=f"remove {shown(file.parent)} to begin anew",
            )
        ) from None


def _differing(then: Any, now: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Any, Any]]:
    """Find the places where plain content differs, and what is there."""
    if isinstance(then, dict) and isinstance(now, dict):
        for key in dict.fromkeys([*then, *now]):
            yield from _differing(then.get(key), now.get(key), (*path, key))
    elif isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        for number, (old, new) in enumerate(zip(then, now, strict=True)):
            yield from _differing(old, new, (*path, number))
    elif then != now:
        yield path, then, now
