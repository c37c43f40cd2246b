"""A folder of results: open it, and have its tables as data frames."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from sim.scenario.problems import InputError, Problem
from sim.scenario.study_file import StudyFile
from sim.scenario.text_files import is_there, shown
from sim.study.comparing import NUMBERS
from sim.study.files import sha256
from sim.study.storing.kept_position import POSITION
from sim.study.storing.manifest import FORMAT, NAME, study_of

COMPARISONS = "comparisons.csv"


class Results:
    """What a study found, as it was stored.

    Tables are read when they are asked for, and kept.

    Attributes
    ----------
    folder
        Where the results are.
    manifest
        What was run: study, scenario, policies, seed, versions, times.
    """

    def __init__(self, folder: str | Path) -> None:
        """Open a folder of results.

        Raises
        ------
        InputError
            If the folder holds no finished results.
        """
        self.folder = Path(folder)
        self.manifest: dict[str, Any] = _read_manifest(self.folder)

    @cached_property
    def study(self) -> StudyFile:
        """The study that was run, with its scenario and policies."""
        return study_of(self.manifest)

    @property
    def tables(self) -> list[str]:
        """The files that hold tables: all but a real start's position, which may be taken out."""
        return [name for name in self.manifest["files"] if name != POSITION]

    @cached_property
    def outcomes(self) -> pd.DataFrame:
        """Every outcome of every run: policy, replication, outcome, value."""
        return self.table("outcomes")

    @cached_property
    def comparisons(self) -> pd.DataFrame:
        """Every policy against the baseline, with 95 % intervals: see sim.study.comparing."""
        # As text first: read_csv's own way to numbers may be off in the last digit.
        table = pd.read_csv(self._file(COMPARISONS), dtype=str)
        return table.astype(dict.fromkeys(NUMBERS, float))

    @cached_property
    def team_weeks(self) -> pd.DataFrame:
        """Each team in each week of each run."""
        return self.table("team_weeks")

    def table(
        self, name: str, columns: Sequence[str] | None = None, policy: str | None = None
    ) -> pd.DataFrame:
        """Read a table by its name, such as ``"worker_weeks"``, if the study kept it.

        Parameters
        ----------
        name
            The table.
        columns, policy
            Only these columns, and only the rows of this policy: quicker than to read them all.
        """
        return pd.read_parquet(
            self._file(f"{name}.parquet"),
            columns=None if columns is None else list(columns),
            filters=None if policy is None else [("policy", "==", policy)],
        )

    def _file(self, name: str) -> Path:
        if name not in self.manifest["files"] or not is_there(self.folder / name):
            kept = ", ".join(Path(each).stem for each in self.tables)
            raise InputError(
                Problem(
                    f"these results have no {name}",
                    file=shown(self.folder),
                    accepted=f"one of {kept}",
                    remedy="name the table under `tables:` in the study, and run it again",
                )
            )
        self._refuse_changed(name)
        return self.folder / name

    def refuse_changed_files(self) -> None:
        """Refuse results in which any file of tables is not as it was written.

        Raises
        ------
        InputError
            If one is cut short or changed, or gone.
        """
        for name in self.tables:
            self._file(name)

    def _refuse_changed(self, name: str) -> None:
        if sha256(self.folder / name) != self.manifest["files"][name]["sha256"]:
            raise InputError(
                Problem(
                    "the file is not as it was written: it was cut short or changed since",
                    file=shown(self.folder / name),
                    remedy="put back a copy, or run the study again",
                )
            )

    def __repr__(self) -> str:
        what = self.manifest
        policies, times, years = len(what["policies"]), what["replications"], what["years"]
        return (
            f"<Results of {what['study']!r} in {shown(self.folder)}: {policies} "
            f"{'policy' if policies == 1 else 'policies, each'} simulated "
            f"{'once' if times == 1 else f'{times} times'} for {years:g} "
            f"year{'' if years == 1 else 's'}>"
        )


def _read_manifest(folder: Path) -> dict[str, Any]:
    path = folder / NAME
    problem = ""
    content: Any = None
    if not is_there(folder, folder=True):
        problem = "there is no such folder"
    elif not is_there(path):
        problem = f"the folder holds no finished results: it has no {NAME}"
    else:
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            problem = f"{NAME} cannot be read"
    if not problem and (not isinstance(content, dict) or content.get("format") != FORMAT):
        problem = f"{NAME} was not written by this version of Plimsoll"
    if problem:
        remedy = "name a folder that `plimsoll run` wrote, such as results/demo/..."
        raise InputError(Problem(problem, file=shown(folder), remedy=remedy))
    found: dict[str, Any] = content
    return found
