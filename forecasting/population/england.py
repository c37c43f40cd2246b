"""The people of England and of its authorities, as shipped."""

from __future__ import annotations

from functools import cache
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecasting.population.people import BANDS, SEXES, Population
from sim.resources import configs_dir
from sim.scenario.problems import InputError, Problem, did_you_mean

ENGLAND = "England"
Variant = Literal["principal", "high", "low"]
SHARES_YEAR = 2020


@cache
def england(variant: Variant = "principal") -> Population:
    """The people of England from 2011 to 2045.

    Estimates to 2023 (rebased on the 2021 census), then the ONS 2022-based projection. Its high
    and low variants are those of the 2018-based one, relative to that one's principal.
    """
    table = pd.read_csv(configs_dir() / "forecasting" / "population_england.csv")
    years = table["year"].unique()
    people = table[variant].to_numpy(float).reshape(len(years), len(SEXES), len(BANDS))
    estimates = table.loc[table["kind"] == "estimate", "year"]
    notes = (
        ()
        if variant == "principal"
        else (
            f"The {variant} variant is derived: the ratio of the 2018-based {variant} variant to "
            "its own principal, counted from 2024 and carried on after 2035, on the 2022-based "
            "principal.",
        )
    )
    return Population(ENGLAND, years, people, int(estimates.max()), notes)


@cache
def _authorities() -> pd.DataFrame:
    table = pd.read_csv(configs_dir() / "forecasting" / "population_authorities_2020.csv")
    return table.set_index("area_name")


def authority_names() -> list[str]:
    """The authorities whose share of England is shipped."""
    return [str(name) for name in _authorities().index]


def authority(area: str, variant: Variant = "principal") -> Population:
    """The people of an authority: England's, times its share of each band in 2020.

    Parameters
    ----------
    area
        The name or the code of an upper-tier authority as of 2020.

    Raises
    ------
    InputError
        If no authority is called that.
    """
    table = _authorities()
    name = {str(code): str(place) for place, code in table["area_code"].items()}.get(area, area)
    if name not in table.index:
        raise InputError(
            Problem(
                f"there is no authority called '{area}'",
                path="area",
                given=repr(area),
                accepted="England, or an upper-tier authority as of 2020, by name or code; or "
                "bring its own figures under `population: {files: [...]}`",
                remedy=did_you_mean(area, [ENGLAND, *authority_names()]),
            )
        )
    bands = [str(band) for band in BANDS]
    own: NDArray[np.float64] = table.loc[name, bands].to_numpy(float)
    whole = table[bands].sum().to_numpy(float)
    base = england(variant)
    note = f"{name}: its share of England's people in each band of age in mid-{SHARES_YEAR}, held."
    return Population(
        name, base.years, base.people * (own / whole), base.last_estimate, (*base.notes, note)
    )
