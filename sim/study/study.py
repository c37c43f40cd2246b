"""Studies from Python, in three lines."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.model.outcomes import OUTCOMES
from sim.scenario.loading import changed, find, load_study
from sim.scenario.policy import Policy
from sim.scenario.study_file import StudyFile
from sim.scenario.values import with_values
from sim.study.demand_paths import read_demand
from sim.study.plausible_sets import read_plausible
from sim.study.results import Results
from sim.study.running import run_study
from sim.study.watching import Watcher
from sim.study.which_run import policy_named

if TYPE_CHECKING:
    from sim.study.one_week import Week


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

    def with_policies(self, *policies: Policy | Mapping[str, Any]) -> Study:
        """Make the same study with other policies beside its baseline, the first one.

        Parameters
        ----------
        *policies
            Each a `Policy`, or a mapping with its name, label and levers, as in a study file.

        Raises
        ------
        InputError
            With every problem of the policies.
        """
        plain = [
            policy.model_dump(mode="json") if isinstance(policy, Policy) else policy
            for policy in (self.file.policies[0], *policies)
        ]
        return Study(changed(self.file, {"policies": plain}), self.folder)

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

    def week(
        self,
        team: str,
        week_of: date | str,
        *,
        policy: str | None = None,
        replication: int = 0,
    ) -> Week:
        """Simulate one run up to a week, and see what happens in a team of it, day by day.

        Parameters
        ----------
        team, week_of
            The team's name, and any day of the week: see `sim.study.one_week.watch_week`.
        policy
            Its name; the study's first one when left out.
        replication
            Which run, from 0.

        Raises
        ------
        InputError
            If there is no such policy or team, or the run has no working day in that week.
        """
        from sim.study.one_week import watch_week

        demand = read_demand(self.file, self.folder)
        plausible = read_plausible(self.file, self.folder)
        scenario = self.file.scenario
        if plausible is not None:
            scenario = with_values(scenario, plausible.values_of(replication))
        return watch_week(
            scenario if demand is None else demand.laid_over(scenario, replication),
            policy_named(self.file, policy or self.file.policies[0].name),
            team=team,
            week_of=week_of,
            seed=self.file.seed,
            replication=replication,
            years=self.file.years,
        )

    def __repr__(self) -> str:
        policies = ", ".join(policy.name for policy in self.file.policies)
        return f"<Study {self.file.name!r}: {self.file.scenario.name} under {policies}>"
