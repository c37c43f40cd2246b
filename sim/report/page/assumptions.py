"""What the results rest on: the assumptions that matter most first, then all, with sources."""

from __future__ import annotations

from collections import Counter

from sim.report.page.blocks import Block, Column, Folded, Heading, Note, Section, Table, Text
from sim.report.page.cells import words
from sim.report.page.material import Material
from sim.scenario.evidence import EvidenceRow, evidence_of, missing_evidence, weightiest
from sim.scenario.leaves import leaves
from sim.scenario.service import Scenario

QUALITIES = ("assumption", "derived", "published figure")


def assumptions(material: Material) -> Section:
    """Compose the section."""
    return Section("assumptions", "What this rests on", tuple(_blocks(material.study.scenario)))


def _blocks(scenario: Scenario) -> list[Block]:
    rows = evidence_of(scenario)
    number = Counter(str(row.quality) for row in rows)
    blocks: list[Block] = [Text(_how_many(number, scenario))]
    blocks += _weightiest(rows)
    if scenario.evidence:
        own = tuple((words(path), words(source)) for path, source in scenario.evidence.items())
        columns = (Column("Number"), Column("Source"))
        table = Table("own figures", "Figures of this service's own", columns, own)
        blocks += [Heading("This service's own figures"), table]
    values = leaves(scenario)
    missing = [path for path in missing_evidence(scenario) if values[path]]  # 0 is "no such thing"
    if missing:
        listed = ", ".join(missing[:5]) + (" and others" if len(missing) > 5 else "")
        blocks.append(
            Note(
                f"{len(missing)} numbers of this service's own say no source ({listed}). Name it "
                "in the scenario:",
                "evidence: {PATH: SOURCE}",
            )
        )
    if rows:
        blocks += [
            Heading("All of them"),
            Folded(f"All {len(rows)} numbers and choices", _all(rows), on_paper=False),
        ]
    return blocks


def _how_many(number: Counter[str], scenario: Scenario) -> str:
    total = sum(number.values())
    if not total:
        return f"The numbers of “{scenario.title}” are this service's own."
    return (
        f"The scenario “{scenario.title}” rests on {total} numbers and choices with a known "
        f"origin: {number['published figure']} are published figures, {number['derived']} are "
        f"worked out from such figures, and {number['assumption']} are assumptions, which nobody "
        "publishes."
    )


def _weightiest(rows: list[EvidenceRow]) -> list[Block]:
    """The assumptions that matter most, of the shipped scenario that most numbers come from."""
    if not rows:
        return []
    ((of, _),) = Counter(row.of for row in rows).most_common(1)
    found = weightiest(of)
    if not found:
        return [Note("Which assumptions matter most has not been measured for this scenario.")]
    table = Table(
        "weightiest assumptions",
        "What results change by when one assumption goes from the low to the high end of its range",
        (
            Column("Assumption", "with the range that it was moved over"),
            Column("From low to high", "what changes"),
            Column("Why it matters"),
        ),
        tuple((words(row.assumption), words(row.low_to_high), words(row.why)) for row in found),
    )
    return [Heading("The assumptions that matter most"), table]


def _all(rows: list[EvidenceRow]) -> Table:
    columns = (
        Column("Number or choice", "its place in the scenario"),
        Column("Value"),
        Column("Range", "within which it may reasonably lie"),
        Column("Kind", "published figure, derived from such figures, or assumption"),
        Column("Source, or why this value"),
    )
    ordered = sorted(rows, key=lambda row: QUALITIES.index(row.quality))
    return Table(
        "all assumptions",
        "Every number and choice of the scenario, assumptions first",
        columns,
        tuple(
            (
                words(row.path),
                words(f"{row.value} {row.unit}".removesuffix(" choice")),
                words(
                    "" if row.low is None or row.high is None else f"{row.low:g} to {row.high:g}"
                ),
                words(row.quality),
                words(". ".join(part.rstrip(".") for part in (row.source, row.note) if part)),
            )
            for row in ordered
        ),
    )
