"""The question, and what was compared to answer it."""

from __future__ import annotations

from sim.report.page.blocks import Heading, Lead, Points, Section, Text
from sim.report.page.material import Material, short_name


def question(material: Material) -> Section:
    """Compose the section."""
    study = material.study
    years = "one year" if study.years == 1 else f"{study.years:g} years"
    service = study.scenario.title.rstrip(".")
    if material.others:
        number = len(study.policies)
        text = (
            f"{service}, over {years} from {_day(study.scenario.start_date)}: the same cases "
            f"and the same people, under each of {number} policies."
        )
    else:
        text = f"{service}, over {years} from {_day(study.scenario.start_date)}."
    text += (
        f" Nobody knows what will come, so each was simulated in {study.replications} possible "
        "futures."
        if study.replications > 1
        else " It was simulated in a single possible future."
    )
    listed = tuple((short_name(policy), policy.label) for policy in study.policies)
    return Section(
        "question",
        "The question",
        (Lead((study.question,)), Text(text), Heading("The policies"), Points(listed)),
    )


def _day(day: object) -> str:
    return f"{day:%-d %B %Y}"
