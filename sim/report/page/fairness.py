"""How evenly the load lies on people: between teams, within them, and on single workers."""

from __future__ import annotations

import math

import pandas as pd

from sim.report.page.accessible import picture
from sim.report.page.blocks import Block, Column, Heading, Note, Picture, Section, Table, Text
from sim.report.page.cells import level, words
from sim.report.page.load_chart import Span, load_chart, percent
from sim.report.page.material import FEWEST, Material, short_name
from sim.report.page.missing import no_team_weeks
from sim.report.page.rows import places
from sim.report.page.teams import shown_teams, sums_of

TENTHS = (0.1, 0.25, 0.5, 0.75, 0.9)


def fairness(material: Material) -> Section:
    """Compose the section."""
    return Section("fairness", "How evenly the load lies", tuple(_blocks(material)))


def _blocks(material: Material) -> list[Block]:
    found: list[Block] = [
        Text(
            "Load is the work that a worker's cases ask for, against the hours that the worker has "
            "for cases: at 100 % the two are equal. Who is away is left out here."
        ),
        Heading("Between teams and within them"),
    ]
    if material.has("team_weeks"):
        rows, notes = shown_teams(material)
        found += [_of_teams(material), *notes] if rows else notes
    else:
        found.append(no_team_weeks())
    found.append(Heading("Over single workers"))
    if material.has("worker_weeks"):
        found += _of_workers(material)
    else:
        found.append(
            Note(
                "How the load lies on single workers is not stored with these results. It is kept "
                "by a study that says:",
                "tables: [team_weeks, worker_weeks]",
            )
        )
    return found


def _of_teams(material: Material) -> Picture:
    rows, _ = shown_teams(material)
    loads = {
        label: _of_team(table[material.baseline.name].sum())
        for label, table in sums_of(rows, material.by_team).items()
    }
    line = material.study.scenario.wellbeing.overload.level
    means = {label: span.middle for label, span in loads.items()}
    most, least = max(means, key=means.__getitem__), min(means, key=means.__getitem__)
    over = sum(mean > line for mean in means.values())
    description = (
        f"The mean load goes from {percent(means[least])} ({least}) to {percent(means[most])} "
        f"({most}). {over or 'None'} of {len(means)} {'is' if over == 1 else 'are'} above the load "
        f"line of {percent(line)}."
    )
    table = Table(
        "load of teams",
        "Load of each team's workers, as the service is now",
        (
            Column("Team"),
            Column("mean load", "workload against hours for cases, of those not away"),
            Column("two thirds from", "mean less one standard deviation within the team"),
            Column("two thirds to", "mean and one standard deviation within the team"),
        ),
        tuple(
            (words(label), *(level(v, "share", 0) for v in (span.middle, span.low, span.high)))
            for label, span in loads.items()
        ),
    )
    return picture(
        "fairness-of-teams",
        "Mean load of each team, as the service is now; the bar spans about two thirds of its "
        "workers",
        description,
        lambda width: load_chart(loads, places([row.kind for row in rows]), line, width),
        table,
    )


def _of_team(sums: pd.Series) -> Span:
    mean = _ratio(sums["load"], sums["load_workers"])
    spread = _ratio(sums["variation"], sums["fair_weeks"])
    return Span(mean, max(mean * (1 - spread), 0.0), mean * (1 + spread))


def _ratio(above: float, below: float) -> float:
    return float(above / below) if below > 0 else math.nan


def _of_workers(material: Material) -> list[Block]:
    found = material.ask(
        "SELECT policy, count(DISTINCT worker) AS people, "
        + ", ".join(f"quantile_cont(workload / capacity, {share}) AS q{n}"
                    for n, share in enumerate(TENTHS))
        + " FROM worker_weeks WHERE week >= 0 AND status = 'present' AND capacity > 0 "
        "AND caseload > 0 GROUP BY policy"
    )  # fmt: skip
    spread = {str(row["policy"]): row for row in found.to_dict("records")}
    if not spread:
        return [Text("Nobody held cases.")]
    if min(row["people"] for row in spread.values()) < FEWEST and not material.small_counts:
        return [Note(f"Fewer than {FEWEST} workers hold cases: they are not shown.",
                     "plimsoll report DIR --small-counts")]  # fmt: skip
    policies = [policy for policy in material.study.policies if policy.name in spread]
    labels = {
        policy.name: "As it is now" if policy is material.baseline else short_name(policy)
        for policy in policies
    }
    loads = {
        labels[policy.name]: tuple(float(spread[policy.name][f"q{n}"]) for n in range(len(TENTHS)))
        for policy in policies
    }
    spans = {
        label: Span(middle, low, high, lowest, highest)
        for label, (lowest, low, middle, high, highest) in loads.items()
    }
    line = material.study.scenario.wellbeing.overload.level
    now = loads[labels[material.baseline.name]]
    headings = ("lightest tenth up to", "lightest quarter up to", "half up to",
                "heaviest quarter from", "heaviest tenth from")  # fmt: skip
    table = Table(
        "load of workers",
        "Load of single workers, over all weeks",
        (Column("Policy"), *(Column(each, "workload against hours") for each in headings)),
        tuple((words(label), *(level(v, "share", 0) for v in values))
              for label, values in loads.items()),
    )  # fmt: skip
    description = (
        f"As the service is now, half of the time a worker's load is below {percent(now[2])}; for "
        f"the heaviest tenth it is {percent(now[4])} or more, for the lightest "
        f"{percent(now[0])} or less."
    )
    return [
        picture(
            "fairness-of-workers",
            "Load of single workers: the thin line spans four in five worker-weeks, the thick one "
            "half of them",
            description,
            lambda width: load_chart(spans, places([""] * len(spans)), line, width),
            table,
        )
    ]
