"""What a section says of tables that the study did not keep."""

from __future__ import annotations

from sim.report.page.blocks import Note


def no_team_weeks() -> Note:
    """Say what is needed to see teams and weeks."""
    return Note(
        "These results have no weekly numbers of the teams. They are kept by a study that says:",
        "tables: [team_weeks]",
    )
