"""The people of an area: built-in figures, points in time, parts of bands, and how far off."""

import numpy as np
import pytest

from forecasting.population.area import area_of
from forecasting.population.england import authority, authority_names, england
from forecasting.population.people import BANDS, Population, share_of_bands
from forecasting.population.projection_error import (
    error_directions,
    error_factors,
    yearly_spread,
)
from sim.scenario.problems import InputError

pytestmark = pytest.mark.unit

TWO_YEARS = Population(
    "Place", np.array([2020, 2021]), np.stack([np.full((2, 19), 100.0), np.full((2, 19), 200.0)]),
    2020,
)  # fmt: skip


def test_england_is_as_published():
    # Mid-2023 by the 2021 census: 57.69 million; 85 and over 1.447 million (ONS).
    people = england().at(np.array([2023.5]))[0]
    assert people.sum() == pytest.approx(57_690_323, rel=1e-3)
    assert people[:, -2:].sum() == pytest.approx(1.447e6, rel=1e-3)
    # 2035 and 2040, 2022-based projection: 13.456 and 14.113 million of 65 and over.
    old = england().at(np.array([2035.5, 2040.5]))[:, :, 13:].sum(axis=(1, 2))
    assert old == pytest.approx([13.456e6, 14.113e6], rel=1e-4)
    assert england().last_estimate == 2023
    assert england().years[-1] == 2045


def test_high_and_low_variants_part_from_the_principal_after_2024_only():
    then, later = np.array([2023.5]), np.array([2035.5])
    for variant, sign in (("high", 1), ("low", -1)):
        assert np.array_equal(england(variant).at(then), england().at(then))
        gap = england(variant).at(later).sum() - england().at(later).sum()
        assert sign * gap > 0
    assert "derived" in england("high").notes[0]


def test_people_between_two_mid_years_are_in_proportion():
    assert TWO_YEARS.at(np.array([2020.5, 2020.75, 2021.5]))[:, 0, 0] == pytest.approx(
        [100, 125, 200]
    )


@pytest.mark.parametrize("time", [2020.4, 2021.6])
def test_people_outside_the_figures_are_refused(time):
    with pytest.raises(ValueError, match="2020 to 2021"):
        TWO_YEARS.at(np.array([time]))


@pytest.mark.parametrize(
    ("youngest", "oldest", "of_15_19", "of_90"),
    [(18, 64, 0.4, 0.0), (0, 17, 0.6, 0.0), (65, None, 0.0, 1.0), (0, None, 1.0, 1.0)],
)
def test_a_range_of_ages_has_its_part_of_each_band(youngest, oldest, of_15_19, of_90):
    found = share_of_bands(youngest, oldest)
    assert found[BANDS.index(15)] == pytest.approx(of_15_19)
    assert found[-1] == pytest.approx(of_90)


def test_authorities_add_up_to_england():
    time = np.array([2023.5])
    total = sum(authority(name).at(time) for name in authority_names())
    assert total == pytest.approx(england().at(time))
    assert len(authority_names()) == 150


def test_an_authority_is_found_by_its_code():
    assert authority("E10000016").area == "Kent"


def test_an_unknown_authority_is_refused_with_the_nearest_name():
    with pytest.raises(InputError, match="did you mean 'Kent'"):
        authority("kemt")


def test_faster_ageing_changes_the_old_only():
    area = area_of("Kent", 1.0, (), None)
    plain, faster = (area.population(choice).at(np.array([2035.5]))[0] for choice in (False, True))
    assert np.array_equal(plain[:, :13], faster[:, :13])
    assert (faster[:, 15:] > plain[:, 15:]).all()


def test_projections_miss_more_with_age_and_with_years_ahead():
    spread = yearly_spread()
    assert spread[-1] > spread[-2] > spread[13]
    # The 2016-based projection of 90 and over missed by 8 % in seven years: about 1 % a year.
    assert spread[-1] == pytest.approx(0.0102, abs=0.001)
    directions = error_directions(4_000, np.random.default_rng(1), one_authority=False)
    factors = np.log(error_factors(directions, np.array([-1.0, 0.0, 1.0, 7.0])))
    assert np.all(factors[:, :2] == 0)
    assert factors[:, 3].std(axis=0) == pytest.approx(7 * spread, rel=0.05)
    assert factors[:, 3].std(axis=0) == pytest.approx(7 * factors[:, 2].std(axis=0))


def test_the_old_miss_together_and_one_authority_half_as_much_again():
    england_wide = error_directions(20_000, np.random.default_rng(2), one_authority=False)
    assert np.array_equal(england_wide[:, 13], england_wide[:, 18])
    assert abs(np.corrcoef(england_wide[:, 0], england_wide[:, 18])[0, 1]) < 0.03
    own = error_directions(20_000, np.random.default_rng(2), one_authority=True)
    assert own.std(axis=0) == pytest.approx(1.5, rel=0.03)
    # England's own miss is a part of each authority's.
    assert np.corrcoef(own[:, 18], england_wide[:, 18])[0, 1] == pytest.approx(1 / 1.5, abs=0.02)
