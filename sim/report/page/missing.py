"""What a section says of tables that the study did not keep, and how else to have more."""

from __future__ import annotations

from sim.report.page.blocks import Note


def no_team_weeks() -> Note:
    """Say why there is nothing of teams and weeks."""
    return Note("The weekly numbers of the teams were not kept with these results.")
