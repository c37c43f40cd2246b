"""Studies from Python, in three lines."""

from __future__ import annotations

from concurrent.futures import Executor
from pathlib import Path

from sim.model.outcomes import OUTCOMES
from sim.scenario.loading import find, load_study
from sim.scenario.study_file import StudyFile
from sim.study.results import Results
from sim.study.running import run_study
from sim.study.watching import Watcher


class Study:
    """A study: a scenario, the policies to compare under it, and how much to run.

    Examples
    --------
    >>> from sim import Study
    >>> results = Study.from_yaml("demo").run(replications=5)  # doctest: +SKIP
    >>> results.comparisons  # doctest: +SKIP
    """

    def __init__(self, file: StudyFile, folder: Path | None = None) -> None:
        """Take a study; the path of its forecast is relative to `folder`, or the current one."""
        self.file = file
        self.folder = folder

    @classmethod
    def from_yaml(cls, study: str | Path) -> Study:
        """Load a study from a YAML file, or a shipped one by its name.

        Raises
        ------
        sim.scenario.problems.InputError
            With every problem of the study, its scenario and its policies.
        """
        return cls(load_study(study, OUTCOMES), find(study, "study").parent)

    def run(
        self,
        *,
        replications: int | None = None,
        years: float | None = None,
        seed: int | None = None,
        jobs: int | None = None,
        out: str | Path | None = None,
        resume: bool = False,
        executor: Executor | None = None,
        progress: Watcher | None = None,
    ) -> Results:
        """Run the study and open its results: see `sim.study.running.run_study`."""
        return run_study(
            self.file,
            replications=replications,
            years=years,
            seed=seed,
            jobs=jobs,
            out=out,
            resume=resume,
            executor=executor,
            progress=progress,
            beside=self.folder,
        )

    def __repr__(self) -> str:
        policies = ", ".join(policy.name for policy in self.file.policies)
        return f"<Study {self.file.name!r}: {self.file.scenario.name} under {policies}>"
