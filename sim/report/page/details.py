"""What exactly was run, so that anybody can check it or do it again."""

from __future__ import annotations

from sim.report.page.blocks import Column, Heading, Points, Section, Table, Text
from sim.report.page.cells import count, words
from sim.report.page.material import Material


def details(material: Material) -> Section:
    """Compose the section."""
    what = material.results.manifest
    points = [
        ("Study", what["study"]),
        ("Begun and ended", f"{what['started']} to {what['finished']}"),
        ("Source", what["git_commit"] or "an installed version"),
        ("Python", f"{what['python']} on {what['platform']}"),
        ("Versions", ", ".join(f"{name} {version}" for name, version in what["packages"].items())),
        ("Scenario", f"{what['scenario']['name']}, SHA-256 {what['scenario_sha256']}"),
    ]
    files = Table(
        "files",
        "The tables behind this report, with their SHA-256",
        (Column("File"), Column("Rows"), Column("SHA-256", "of the file's bytes")),
        tuple(
            (
                words(name),
                count(file["rows"], "rows"),
                words(file["sha256"][:32], file["sha256"][32:]),
            )
            for name, file in what["files"].items()
        ),
    )
    return Section(
        "details",
        "What was run",
        (
            Points(tuple((name, str(said)) for name, said in points)),
            Heading("Files"),
            Text(
                "The folder that this report lies in, called DIR in the commands above, has them, "
                "and a manifest.json with the whole scenario and every policy."
            ),
            files,
        ),
    )
