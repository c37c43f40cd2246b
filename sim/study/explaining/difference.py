"""What drives the difference between a policy and the baseline: its own effect, and the loop's.

The baseline is simulated, then the policy once freely and once with each arrow of the loop held at
what it was in the baseline's run of the same replication (`sim.model.holding`), and once with all
of them held. With y the outcome's change against the baseline,

- directly: y with all arrows held: what the policy does if nothing responds;
- by an arrow: y less y with that arrow alone held: what would be missing without its response;
- together: the rest. Arrows on one path are each credited with all of it (exhaustion makes people
  leave, leaving makes vacancies, vacancies make caseloads), which is taken off again here; where
  arrows strengthen each other, it is added.

These add up to y exactly, run by run; means and intervals are over runs, paired as in
`sim.study.comparing`. What goes through exhaustion as a whole is y less y with exhaustion itself
held: the arrows that leave exhaustion, and what they do together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, get_args

import pandas as pd

from sim.model.holding import Arrow
from sim.scenario.problems import InputError, Problem, did_you_mean
from sim.scenario.service import Scenario
from sim.scenario.study_file import StudyFile
from sim.scenario.text_files import shown
from sim.study.comparing import mean_interval
from sim.study.errors import Interrupted
from sim.study.one_run import scenario_of_run
from sim.study.processes import processes_for
from sim.study.processes.crew import Crew
from sim.study.processes.getting_ready import to_simulate
from sim.study.results import Results
from sim.study.watching import Silent, Watcher
from sim.study.which_run import policy_problems

EXHAUSTION: Arrow = "workload_to_exhaustion"
ARROWS: tuple[Arrow, ...] = tuple(arrow for arrow in get_args(Arrow) if arrow != EXHAUSTION)
"""The arrows that a change is split by. That to exhaustion lies before three of them."""
DIRECT, TOGETHER, CHANGE, LOOP = "direct", "together", "change", "loop"
PARTS: tuple[str, ...] = (DIRECT, *ARROWS, TOGETHER)
THROUGH_EXHAUSTION = "through_exhaustion"
BASELINE, FREE, ALL_HELD = "baseline", "free", "all_held"
REPLICATIONS = 10
NO_OTHER = "this study has one policy: explain a month of it, with --replication and --outcome"
ROUNDING = 1e-12  # of the value: less is how a sum was rounded, and nothing
COLUMNS = ("outcome", "replication", "part", "value")


@dataclass(frozen=True, eq=False)
class Explanation:
    """What a policy's difference is made of.

    Attributes
    ----------
    policy, baseline
        Their names.
    study
        As it was run.
    outcomes
        The keys of the outcomes explained, in the order asked for.
    by_run
        Columns outcome, replication, part, value. Parts are those of `PARTS`, which add up to the
        part `change`; `loop` is the change less `direct`; `through_exhaustion` as said above; and
        the values `baseline` and `free` (the policy's).
    as_stored
        Whether the runs came out as they are stored; if not, another version made the results.
    """

    policy: str
    baseline: str
    study: StudyFile
    outcomes: tuple[str, ...]
    by_run: pd.DataFrame
    as_stored: bool

    @property
    def labels(self) -> tuple[str, str]:
        """What the policy and the baseline are, in words."""
        found = {each.name: each.label for each in self.study.policies}
        return found[self.policy], found[self.baseline]

    @property
    def replications(self) -> int:
        """How many pairs of runs were looked at."""
        return int(self.by_run["replication"].nunique())

    def parts(self) -> pd.DataFrame:
        """Means over runs with 95 % intervals: outcome, part, mean, low, high, replications."""
        rows = []
        for outcome in self.outcomes:
            of_outcome = self.by_run[self.by_run["outcome"] == outcome]
            for part, values in of_outcome.groupby("part", sort=False)["value"]:
                found = mean_interval(values.to_numpy())
                rows.append((outcome, part, found.mean, found.low, found.high, len(values)))
        columns = ["outcome", "part", "mean", "low", "high", "replications"]
        return pd.DataFrame(rows, columns=columns)


def explain(
    folder: str | Path,
    policy: str,
    outcomes: Collection[str] | None = None,
    *,
    replications: int = REPLICATIONS,
    jobs: int | None = None,
    executor: Executor | None = None,
    progress: Watcher | None = None,
) -> Explanation:
    """Split the difference that a policy makes into its own effect and that of each arrow.

    Parameters
    ----------
    folder
        A folder of results.
    policy
        Which policy to hold against the study's first one.
    outcomes
        Their keys; the study's headline ones when left out.
    replications
        How many pairs of runs to look at, from the first; not more than the study has. Each takes
        up to nine simulations.
    jobs, executor, progress
        As in `sim.study.running.run_study`.

    Raises
    ------
    InputError
        If there are no such results, policy or outcomes.
    """
    results = Results(folder)
    study = results.study
    asked = tuple(dict.fromkeys(outcomes or study.outcomes))
    _refuse(results, policy, asked, replications)
    number, watcher = min(replications, study.replications), progress or Silent()
    processes = min(processes_for(jobs), number)
    with Crew(executor, processes, watcher, to_simulate(study.scenario)) as crew:
        work = partial(simulate_held, str(results.folder), policy)
        try:
            runs = crew.do_all(work, range(number))
        except KeyboardInterrupt:
            raise Interrupted("stopped before the explanation was finished") from None
    rows: list[tuple[str, int, str, float]] = []
    for outcome in asked:
        for replication, found in enumerate(runs):
            parts = split({run: values.get(outcome) for run, values in found.items()})
            rows += [(outcome, replication, part, value) for part, value in parts.items()]
    return Explanation(
        policy, study.policies[0].name, study,
        tuple(outcome for outcome in asked if any(row[0] == outcome for row in rows)),
        pd.DataFrame(rows, columns=list(COLUMNS)), _as_stored(results, policy, runs),
    )  # fmt: skip


def split(values: Mapping[str, float | None]) -> dict[str, float]:
    """Split one outcome's change in one pair of runs.

    Parameters
    ----------
    values
        The outcome in the runs: `baseline`, `free`, `all_held`, and the policy's with one arrow
        held, by arrow; None where it does not apply to a run.

    Returns
    -------
    dict
        Every part; empty where the outcome does not apply to one of the runs.
    """
    if any(value is None for value in values.values()):
        return {}
    known = {run: float(value) for run, value in values.items() if value is not None}
    before, after = known[BASELINE], known[FREE]
    small = ROUNDING * max(abs(before), abs(after))

    def difference(one: float, other: float) -> float:
        return 0.0 if abs(one - other) <= small else one - other

    parts = {DIRECT: difference(known[ALL_HELD], before)}
    parts |= {arrow: difference(after, known[arrow]) for arrow in ARROWS}
    change = difference(after, before)
    rest = change - sum(parts.values())
    parts[TOGETHER] = 0.0 if abs(rest) <= small else rest
    through = difference(after, known[EXHAUSTION])
    return {
        BASELINE: before, FREE: after, CHANGE: change, **parts,
        LOOP: difference(after, known[ALL_HELD]), THROUGH_EXHAUSTION: through,
    }  # fmt: skip


def simulate_held(folder: str, policy: str, replication: int) -> dict[str, dict[str, float]]:
    """All outcomes of the runs that one replication is explained by, by the name of the run."""
    from sim.model.holding import Held
    from sim.model.world import simulate

    study, scenario = scenario_of_run(folder, replication)
    chosen = next(each for each in study.policies if each.name == policy)
    same: dict[str, Any] = {
        "seed": study.seed, "replication": replication, "years": study.years,
    }  # fmt: skip
    baseline = simulate(scenario, study.policies[0], **same, remember=True)
    assert baseline.memory is not None
    free = simulate(scenario, chosen, **same).outcomes
    found = {BASELINE: baseline.outcomes, FREE: free}
    there = [arrow for arrow in get_args(Arrow) if has_effect(arrow, scenario)]
    for arrow in get_args(Arrow):
        held = Held((arrow,), baseline.memory)
        found[arrow] = (
            simulate(scenario, chosen, **same, held=held).outcomes if arrow in there else free
        )
    held = Held(ARROWS, baseline.memory)
    found[ALL_HELD] = simulate(scenario, chosen, **same, held=held).outcomes
    return found


def has_effect(arrow: Arrow, scenario: Scenario) -> bool:
    """Whether an arrow does anything in a scenario; one that does not need not be held."""
    exhaustion = scenario.wellbeing.exhaustion
    match arrow:
        case "exhaustion_to_sickness":
            return exhaustion.on_sickness > 0 or scenario.absence.stress_share > 0
        case "exhaustion_to_leaving":
            return exhaustion.on_leaving > 0
        case "exhaustion_to_pace":
            return exhaustion.on_speed > 0
        case "lateness_to_risk":
            return scenario.safety.overdue_contact_factor > 0
    return True


def _as_stored(
    results: Results, policy: str, runs: Sequence[Mapping[str, Mapping[str, float]]]
) -> bool:
    """Whether baseline and policy came out as they are stored, from the first replication on."""
    names = {BASELINE: results.study.policies[0].name, FREE: policy}
    stored = {
        run: dict(zip(rows["outcome"], rows["value"], strict=True))
        for run, rows in results.outcomes.groupby(["policy", "replication"])
    }
    return all(
        stored[names[run], replication] == found[run]
        for replication, found in enumerate(runs)
        for run in (BASELINE, FREE)
    )


def _refuse(results: Results, policy: str, outcomes: Iterable[str], replications: int) -> None:
    """Refuse, with everything at once, what cannot be explained."""
    baseline, *others = (each.name for each in results.study.policies)
    known = [str(key) for key in results.outcomes["outcome"].unique()]
    problems = []
    if policy == baseline:
        problems.append(
            Problem(
                "the baseline is what policies are held against",
                file=shown(results.folder),
                path="policy",
                given=repr(policy),
                accepted=f"one of {', '.join(others)}" if others else "",
                remedy="" if others else NO_OTHER,
            )
        )
    else:
        problems += policy_problems(policy, others or [baseline], results.folder)
    problems += [
        Problem(
            "there is no such outcome in these results",
            file=shown(results.folder),
            path="outcome",
            given=repr(outcome),
            accepted=f"one of {', '.join(known)}",
            remedy=did_you_mean(outcome, known),
        )
        for outcome in outcomes
        if outcome not in known
    ]
    if replications < 1:
        accepted = "a whole number, 1 or more"
        problems.append(
            Problem("not a number of replications", path="replications", given=str(replications),
                    accepted=accepted)
        )  # fmt: skip
    if problems:
        raise InputError(problems)
