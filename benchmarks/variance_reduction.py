"""What common random numbers buy, measured against runs whose policies have chances of their own.

`python -m benchmarks.variance_reduction` runs the demo as it is, every policy with the baseline's
chances, and then every policy again with a seed of its own. For each policy and outcome it sets the
variance of the differences between unrelated runs against that of the pairs: so many times more
unrelated runs tell as much. The last line is one line of JSON.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from sim.scenario.loading import load_study
from sim.scenario.study_file import StudyFile
from sim.study.running import run_study

APART = 1_000  # seeds, between the demo's own and those of unrelated runs


def outcomes_of(study: StudyFile, folder: Path, jobs: int | None) -> pd.DataFrame:
    """Run a study; its outcomes by replication (rows), policy and outcome."""
    found = run_study(study, jobs=jobs, out=folder).outcomes
    return found.pivot_table(
        index="replication", columns=["policy", "outcome"], values="value", observed=True
    )


def measured(study: StudyFile, jobs: int | None) -> pd.DataFrame:
    """Measure the variance reduction of each headline outcome (rows) under each policy."""
    with tempfile.TemporaryDirectory() as folder:
        paired = outcomes_of(study, Path(folder, "paired"), jobs)
        baseline, *others = study.policies
        table = {}
        for number, policy in enumerate(others, 1):
            print(f"{policy.name} with a seed of its own ...", file=sys.stderr, flush=True)
            alone = study.model_copy(
                update={"policies": (policy,), "seed": study.seed + APART + number}
            )
            unrelated = outcomes_of(alone, Path(folder, policy.name), jobs)
            before = paired[baseline.name][list(study.outcomes)]
            independent = (unrelated[policy.name][list(study.outcomes)] - before).var()
            table[policy.name] = independent / (paired[policy.name][before.columns] - before).var()
    return pd.DataFrame(table).replace(np.inf, np.nan)


def main() -> None:
    """Measure, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("study", nargs="?", default="demo")
    parser.add_argument("--years", type=float, help="as the study says when left out")
    parser.add_argument("--replications", type=int, help="as the study says when left out")
    parser.add_argument("--jobs", type=int, help="processes")
    asked = parser.parse_args()
    study = load_study(asked.study)
    instead = {"years": asked.years, "replications": asked.replications}
    study = study.model_copy(update={key: value for key, value in instead.items() if value})
    table = measured(study, asked.jobs)
    print(table.round(1).to_string())
    known = table.to_numpy()[table.notna().to_numpy()]
    found = {
        "years": study.years,
        "replications": study.replications,
        "median": round(float(np.median(known)), 1),
        "lowest": round(float(known.min()), 1),
        "share_of_at_least_5": round(float((known >= 5).mean()), 2),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
