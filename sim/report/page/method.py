"""How the numbers were found: from here on, in the words of those who check them."""

from __future__ import annotations

from sim.report.page.blocks import Block, Heading, Note, Points, Section, Text
from sim.report.page.material import FEWEST, Material
from sim.report.page.why import stored_explanation
from sim.report.sureness import precision_lines, what_pairing_buys
from sim.report.words import LEGEND
from sim.scenario.position.content import PositionFiles
from sim.scenario.study_file import StudyFile
from sim.study.sureness.precision import reached
from sim.study.sureness.warm_up import judged


def method(material: Material) -> Section:
    """Compose the section."""
    study = material.study
    blocks: list[Block] = [
        Text(
            "A discrete-event simulation of each worker, case and working day. Cases arrive, are "
            "allocated, go through the stages of their pathways and ask for visits, reports and "
            "admin; workers do in their hours what is due; what is left becomes overdue. "
            "Exhaustion follows workload, overtime, admin and unmet need, and raises sickness, "
            "leaving and the time that work takes. Posts that become vacant wait for approval and "
            "recruitment."
        ),
        Points(tuple(_facts(study))),
        Text(
            "Each policy is held against the first by paired differences: the same replication has "
            "the same cases and the same people under every policy (common random numbers), so "
            "a difference is due to the policy. Intervals are Student's t for the mean of the "
            "paired differences; the probability of being better is that of the same "
            "t-distribution. Quantities are added up within a run and summarised across runs."
        ),
        *(Text(text) for text in _sureness(material) if text),
        Text(LEGEND),
        *_more(material),
    ]
    return Section("method", "Method", tuple(blocks))


def _facts(study: StudyFile) -> list[tuple[str, str]]:
    scenario = study.scenario
    times = "replication" if study.replications == 1 else "replications"
    years = "1 year" if study.years == 1 else f"{study.years:g} years"
    if isinstance(scenario.start, PositionFiles):
        start = "from the real position of the service on that day, without a warm-up"
    else:
        start = f"after a warm-up of {scenario.warm_up_weeks} weeks, which does not count"
    return [
        ("Runs", f"{study.replications} {times} of each of {len(study.policies)} policies"),
        ("Time", f"{years} from {scenario.start_date}, {start}"),
        ("Chance", f"seed {study.seed}; every draw is keyed by what it is for"),
        (
            "Overload",
            f"workload over {scenario.wellbeing.overload.level:.0%} of deployable hours for "
            f"{scenario.wellbeing.overload.weeks} weeks running".replace("%", " %"),
        ),
    ]


def _more(material: Material) -> list[Block]:
    """Say by which commands and settings the report shows more; DIR is its folder."""
    asked = [
        ("What drives a policy's difference, by the arrows of the loop of overload:",
         f"plimsoll explain DIR --policy {policy.name}")
        for policy in material.others if not stored_explanation(material, policy)
    ][:1]  # fmt: skip
    if not {"team_weeks", "worker_loads"} <= set(material.study.tables):
        asked.append(
            ("Teams and weeks, and the load of workers, are kept by a study that says:",
             "tables: [team_weeks, worker_loads]")
        )  # fmt: skip
    if not material.small_counts:
        asked.append(
            (f"What is about fewer than {FEWEST} workers, if it is in order to show it:",
             "plimsoll report DIR --small-counts")
        )  # fmt: skip
    asked.append(
        ("A safe share of overloaded worker-weeks of the service's own, in its scenario:",
         "safe_lines: {overloaded_worker_weeks: {value: 0.1, source: who says so}}")
    )  # fmt: skip
    return [Heading("To have more shown"), *(Note(said, command) for said, command in asked)]


def _sureness(material: Material) -> list[str]:
    """How precise the comparisons are, and whether the warm-up was long enough."""
    study = material.study
    changes = {
        policy.name: [
            each for key, each in material.changes[policy.name].items() if key in study.outcomes
        ]
        for policy in material.others
    }
    short = judged(material.results)
    return [
        what_pairing_buys(changes) if changes else "",
        *precision_lines(reached(study, material.results.outcomes)),
        short[0].upper() + short[1:] if short else "",
    ]
