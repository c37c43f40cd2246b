"""What `plimsoll validate` looks at, from Python: each check with all that it needs by itself."""

from __future__ import annotations

import pandas as pd

from sim.scenario.authority.average import NAME
from sim.scenario.authority.table import published_figures
from sim.scenario.loading import load_scenario
from sim.study.validation.backtest import FIRST_YEAR, run_backtest
from sim.study.validation.history import shipped_history
from sim.study.validation.panel import PANEL_YEARS, members, simulate_panel
from sim.study.validation.patterns import find_patterns, findings_table
from sim.study.validation.shock import RUNS, after_table, simulate_shock
from sim.study.watching import Silent, Watcher


def panel_of_authorities(
    authorities: int | None = None, years: int = PANEL_YEARS, *, jobs: int | None = None,
    seed: int = 0, progress: Watcher | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Simulate England's authorities, each from its published figures, for some years.

    Parameters
    ----------
    authorities
        How many, spread over caseloads; all of some size when left out.
    years
        Of each.
    jobs, seed, progress
        Processes (the table is the same for any number), which chances, and who hears of it.

    Returns
    -------
    pandas.DataFrame
        As of `sim.study.validation.panel.simulate_panel`.

    Raises
    ------
    InputError
        If there are not so many authorities, or too few of them or of years for a regression.
    """
    chosen = members(published_figures(), authorities, years)
    return simulate_panel(chosen, years, progress or Silent(), jobs=jobs, seed=seed)


def check_patterns(panel: pd.DataFrame) -> pd.DataFrame:
    """Hold what goes with what in a panel against the same in England's published figures.

    Parameters
    ----------
    panel
        From `panel_of_authorities`.

    Returns
    -------
    pandas.DataFrame
        A row for each pattern: pattern, label, unit, published and simulated with the ends of
        their 95 % ranges, verdict (hit: the estimate lies in the published range; near miss: only
        the ranges overlap; miss).
    """
    return findings_table(find_patterns(panel))


def check_shock(
    *, runs: int = RUNS, jobs: int | None = None, seed: int = 0, progress: Watcher | None = None
) -> pd.DataFrame:
    """Tell the average authority of England's years from 2020 to 2025, and see what follows.

    Parameters
    ----------
    runs
        How often the average authority is simulated, with what it is told and without it.
    jobs, seed, progress
        As of `panel_of_authorities`.

    Returns
    -------
    pandas.DataFrame
        A row for each measure, what the service was told (of leaving alone; of leaving, hiring
        and posts) and year: the change with its 95 % range (estimate, low, high), and
        that of England's own figure (published).
    """
    return after_table(
        simulate_shock(
            load_scenario(NAME), published_figures(), progress or Silent(), runs=runs, jobs=jobs,
            seed=seed,
        )
    )  # fmt: skip


def backtest(
    authorities: int | None = None, first: int = FIRST_YEAR, *, jobs: int | None = None,
    seed: int = 0, progress: Watcher | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Foretell each authority's next census from the one before, and set it beside what came.

    Parameters
    ----------
    authorities
        How many, spread over regions and sizes; all when left out.
    first
        The first year to foretell; then all that are published.
    jobs, seed, progress
        As of `panel_of_authorities`.

    Returns
    -------
    pandas.DataFrame
        A row for each year, authority and measure: predicted, low80, high80, actual, and what
        simple rules say (persistence, mean3, shrinkage).

    Raises
    ------
    InputError
        If there is no such year to foretell, or there are not so many authorities.
    """
    return run_backtest(
        shipped_history(), load_scenario(NAME), progress or Silent(), first=first,
        authorities=authorities, jobs=jobs, seed=seed,
    )  # fmt: skip
