"""What a fit found, as a page: targets and residuals, parameters, what is not told apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sim.report.calibration_words import (
    FitTables,
    cells_of,
    how_it_went,
    how_many_sets,
    rows_of,
    what_is_known,
    what_is_told_apart_badly,
    which_are_met,
)
from sim.report.markdown import markdown_table
from sim.report.numbers import MINUS


def fit_page(tables: FitTables) -> str:
    """Write what a fit found in Markdown."""
    parts = [
        "### Fit\n", which_are_met(tables) + "\n", _targets(tables),
        "### What the targets say of each parameter\n", what_is_known(tables) + "\n",
        _parameters(tables), "### What the targets cannot tell apart\n", _pairs(tables),
        "### How the fit went\n", f"{how_it_went(tables)} {how_many_sets(tables)}\n",
        _surrogates(tables),
    ]  # fmt: skip
    return "\n".join(parts)


def _targets(tables: FitTables) -> str:
    rows = []
    for row in rows_of(tables.fit):
        *cells, plausible = cells_of(row)
        off = f"{row.central_off_in_tolerances:+.2f}".replace("-", MINUS)
        rows.append([*cells, off, plausible])
    heading = ("", "target", "tolerance", "before", "central set", "off, in tolerances",
               "plausible sets, 80 %")  # fmt: skip
    return _table(heading, rows)


def _parameters(tables: FitTables) -> str:
    rows = [
        [
            row.label,
            f"{row.low_before:.3g} to {row.high_before:.3g}",
            f"{row.before:.3g}",
            f"{row.central:.3g}",
            f"{row.low:.3g} to {row.high:.3g}",
            f"{100 * row.spread_left:.0f} %",
        ]
        for row in rows_of(tables.parameters.sort_values("spread_left", kind="stable"))
    ]
    heading = ("", "range", "before", "central set", "plausible sets, 80 %", "spread left")
    return _table(heading, rows)


def _pairs(tables: FitTables) -> str:
    pairs = what_is_told_apart_badly(tables)
    if not pairs:
        return "No two parameters make up for each other strongly.\n"
    return "".join(f"- {each}\n" for each in pairs)


def _surrogates(tables: FitTables) -> str:
    """How well each target was foreseen in the last wave."""
    last = tables.surrogates[tables.surrogates["wave"] == tables.surrogates["wave"].max()]
    labels = tables.fit.set_index("key")["label"]
    rows = [
        [
            str(labels[row.target]),
            f"{100 * row.explained:.0f} %",
            f"{100 * row.within_2_se:.0f} %",
            f"{row.doubt:.2f}",
            f"{100 * row.luck_taken_out:.0f} %",
        ]
        for row in rows_of(last)
    ]
    heading = ("last wave", "foreseen of the variance", "within two standard errors",
               "doubt left", "luck taken out")  # fmt: skip
    return _table(heading, rows)


def _table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "".join(f"{line}\n" for line in markdown_table(heading, rows))
