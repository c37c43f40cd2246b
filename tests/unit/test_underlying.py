"""Underlying rates, learnt from made-up authorities of which the truth is known."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import ndtri

from sim.study.validation.outlook import KINDS, Outlook, _foretold, growth_apart, outlook
from sim.study.validation.underlying import (
    MOST_BELIEVED,
    _filter,
    _Shares,
    region_effects,
    spread_of,
    take_apart,
)

pytestmark = pytest.mark.unit

NOWHERE = ""


def made_up(
    *, authorities=300, years=7, stays=0.7, lasting=0.0, noise=0.0, small=0.0, seed=0
) -> tuple[np.ndarray, np.ndarray]:
    """Deviations with these standard deviations; fading ones have 1. Gives one year more."""
    chance = np.random.default_rng(seed)
    sizes = np.tile(np.exp(chance.normal(5, 0.7, size=authorities))[:, None], years + 1)
    own = lasting * chance.normal(size=authorities)
    fading = chance.normal(size=authorities)
    values = np.empty((authorities, years + 1))
    for year in range(years + 1):
        spread = np.sqrt(noise**2 + small**2 * np.median(sizes) / sizes[:, year])
        values[:, year] = own + fading + spread * chance.normal(size=authorities)
        fading = stays * fading + np.sqrt(1 - stays**2) * chance.normal(size=authorities)
    return values, sizes


def foretell(values: np.ndarray, sizes: np.ndarray, *, is_stock: bool = False):
    """What a rate's own past foretells: nothing pulls at it."""
    part = take_apart(values, sizes, [NOWHERE] * len(values), is_stock=is_stock)
    parts = {kind: replace(part, now=0.0 * part.now) for kind in KINDS}
    return _foretold("turnover", {**parts, "turnover": part})


def errors(values: np.ndarray, sizes: np.ndarray, **others) -> tuple[float, float, float]:
    """Mean absolute errors of foretelling the last year, of persistence, and the coverage."""
    found = foretell(values[:, :-1], sizes[:, :-1], **others)
    wrong = values[:, -1] - found.centre
    inside = np.abs(wrong) < ndtri(0.9) * np.sqrt(found.variance)
    moved = values[:, -1] - values[:, -2]
    return float(np.mean(np.abs(wrong))), float(np.mean(np.abs(moved))), float(np.mean(inside))


TRUTHS = [
    {"stays": 0.8},
    {"stays": 0.5, "noise": 1.0},
    {"stays": 0.3, "lasting": 1.0, "noise": 0.5},
    {"stays": 0.6, "small": 1.5},
]


@pytest.mark.parametrize("truth", TRUTHS)
def test_it_foretells_about_as_well_as_the_truth_would(truth):
    """The best there is: the filter with the true shares, whose error the variance gives."""
    values, sizes = made_up(**truth, authorities=400, seed=5)
    found, persistence, _ = errors(values, sizes)
    assert found < persistence
    assert found < 1.03 * best(values, sizes, **truth)


def best(values, sizes, *, stays=0.7, lasting=0.0, noise=0.0, small=0.0) -> float:
    """Mean absolute error of the conditional mean under the truth, by joint normality."""
    wrong = []
    years = values.shape[1]
    apart = np.abs(np.subtract.outer(np.arange(years), np.arange(years)))
    together = lasting**2 + stays**apart
    for row, size in zip(values, sizes, strict=True):
        own = together + np.diag(noise**2 + small**2 * np.median(sizes) / size)
        expected = own[-1, :-1] @ np.linalg.solve(own[:-1, :-1], row[:-1])
        wrong.append(abs(row[-1] - expected))
    return float(np.mean(wrong))


def test_the_filter_gives_the_conditional_mean_and_variance_of_joint_normals():
    """Where one year is not published, too."""
    shares = _Shares(stays=0.6, lasting=0.3, fading=0.4, noise=0.2, small=0.1)
    chance = np.random.default_rng(8)
    seen, relative = chance.normal(size=(1, 5)), np.exp(chance.normal(size=(1, 5)))
    seen[0, 2] = np.nan
    found = _filter(seen, relative, shares, np.inf)
    apart = np.abs(np.subtract.outer(np.arange(6), np.arange(6)))
    truth = 0.3 + 0.4 * 0.6**apart  # of what is under the figures, next year's too
    noise = np.diag(np.append(0.2 + 0.1 * relative[0], 0.0))

    def given(year: int, known: list[int]) -> tuple[float, float]:
        weights = np.linalg.solve((truth + noise)[np.ix_(known, known)], truth[known, year])
        return float(weights @ seen[0, known]), float(
            truth[year, year] - weights @ truth[known, year]
        )

    for year, known in enumerate([[0], [0, 1], [0, 1], [0, 1, 3], [0, 1, 3, 4]]):
        assert found.now[0, year] == pytest.approx(given(year, known)[0])
        assert found.ahead[0, year] == pytest.approx(given(year + 1, known)[0])
    assert found.variance_ahead[0] == pytest.approx(given(5, [0, 1, 3, 4])[1])
    mean, variance = given(3, [0, 1])
    assert found.errors[0, 3] == pytest.approx(seen[0, 3] - mean)
    assert found.variances[0, 3] == pytest.approx(variance + noise[3, 3])


def test_errors_are_those_of_what_the_year_before_could_expect():
    values, sizes = made_up(authorities=20, noise=0.7, seed=3)
    part = take_apart(values, sizes, [NOWHERE] * len(values), is_stock=False)
    deviations = (values - np.median(values, axis=0)) / part.unit
    assert part.errors == pytest.approx(deviations[:, 1:] - part.ahead[:, :-1])


def test_what_is_far_from_what_was_expected_is_believed_only_so_far():
    shares = _Shares(stays=0.6, lasting=0.3, fading=0.4, noise=0.2, small=0.1)
    most = MOST_BELIEVED * 1.0  # the shares add up to a variance of 1
    seen = np.array([[0.9 * most], [most], [50.0], [-50.0]])
    now = _filter(seen, np.ones(seen.shape), shares, MOST_BELIEVED).now[:, 0]
    assert now.tolist() == pytest.approx([0.7 * 0.9 * most, 0.7 * most, 0.7 * most, -0.7 * most])


def test_a_jump_is_believed_in_what_is_counted_on_a_day_not_in_a_year_s_events():
    values, sizes = made_up(noise=0.7, authorities=60, seed=4)
    jumped = values.copy()
    jumped[0, -1] += 20.0

    def follows(*, is_stock: bool) -> float:
        before, after = (foretell(v, sizes, is_stock=is_stock).centre[0] for v in (values, jumped))
        return float(after - before)

    assert follows(is_stock=False) < 2.0
    assert follows(is_stock=True) > 5.0


@pytest.mark.parametrize("years", [2, 7])
def test_four_in_five_figures_lie_in_the_range(years):
    covered = [
        errors(*made_up(noise=0.7, small=0.7, years=years, seed=seed))[2] for seed in range(3)
    ]
    assert 0.75 < np.mean(covered) < 0.85


def test_a_smaller_authority_is_drawn_further_to_the_mean():
    values, sizes = made_up(small=1.5, authorities=400, seed=2)
    values[:2], sizes[0], sizes[1] = 2.0, 30.0, 3000.0
    now = take_apart(values, sizes, [NOWHERE] * len(values), is_stock=False).now[:, -1]
    assert now[0] < 0.75 * now[1]
    variance = foretell(values, sizes).variance
    assert variance[0] > variance[1]


def test_wild_figures_of_a_few_change_little_for_the_rest():
    values, sizes = made_up(noise=0.7, seed=4)
    calm = foretell(values, sizes)
    wild = values.copy()
    wild[:3, 2] = 9.0
    found = foretell(wild, sizes)
    assert np.abs(found.centre[3:] - calm.centre[3:]).mean() < 0.1 * spread_of(calm.centre)
    assert found.variance[3:] == pytest.approx(calm.variance[3:], rel=0.15)


def test_what_is_not_published_is_foretold_from_the_years_before():
    values, sizes = made_up(seed=6)
    values[0], values[1] = 2.0, np.nan
    values[0, -1] = np.nan
    found = foretell(values, sizes)
    assert 0.3 < found.centre[0] < 1.6
    assert found.centre[1] == pytest.approx(np.nanmedian(values[:, -1]))
    assert found.variance[1] > found.variance[0]


def test_the_median_of_a_region_counts_the_less_the_fewer_there_are():
    deviations = np.array([[3.0], [1.0], [2.0], [5.0], [np.nan]])
    found = region_effects(deviations, ["north", "north", "north", "south", "south"])
    north, south = 2.0 * 3 / (3 + 8), 5.0 * 1 / (1 + 8)
    assert found.tolist() == pytest.approx([north, north, north, south, south])


def outlook_of(together: np.ndarray, variance: float = 1.0) -> Outlook:
    kinds = len(KINDS)
    return Outlook(
        ("a",), np.zeros((1, kinds)), np.full((1, kinds), 2.0), np.full((1, kinds), variance),
        together,
    )  # fmt: skip


def test_draws_are_spread_as_expected_less_what_chance_will_add():
    expected = outlook_of(np.eye(6))
    chance = expected.chance(0, np.array([0.0, 0.36, 5.0, 0.0, 0.0, 0.0]))
    drawn = expected.draws(0, 200, chance, seed=1)
    assert drawn.mean(axis=0) == pytest.approx(np.full(6, 2.0), abs=0.01)
    spread = np.sqrt([1.0, 0.64, 0.1, 1.0, 1.0, 1.0])  # a tenth is always left to the draws
    assert drawn.std(axis=0) == pytest.approx(spread, rel=0.03)


def test_draws_go_together_as_past_errors_did():
    together = np.eye(6)
    together[1, 2] = together[2, 1] = 0.6
    drawn = outlook_of(together).draws(0, 400, np.zeros(6), seed=1)
    found = np.corrcoef(drawn.T)
    assert found[1, 2] == pytest.approx(0.6, abs=0.12)
    assert found[0, 5] == pytest.approx(0.0, abs=0.15)


def test_a_tenth_at_either_end_even_of_ten_draws():
    drawn = outlook_of(np.eye(6)).draws(0, 10, np.zeros(6), seed=3)
    outer = np.sort(drawn, axis=0)[[0, -1]] - 2.0
    assert outer[1] == pytest.approx(np.full(6, ndtri(0.95)))
    assert outer[0] == pytest.approx(np.full(6, ndtri(0.05)))


def test_growth_is_that_of_the_median_fte_by_those_who_started_and_left():
    from tests.census_tables import row
    from tests.unit.test_history import history_of

    rows = [
        row("301", 2020, 110.0, starters_fte=20.0, leavers_fte=10.0),  # from 100: 10 %
        row("302", 2020, 50.0, starters_fte=5.0, leavers_fte=5.0),
        row("303", 2020, 40.0, starters_fte=0.0, leavers_fte=40.0),
    ]
    found = growth_apart(history_of(rows))
    assert found.here.tolist() == pytest.approx([np.log(1.1)] * 3)  # 110 of 200 FTE


def test_an_outlook_has_a_row_for_each_authority_with_a_return_last_year():
    from tests.census_tables import varied
    from tests.unit.test_history import history_of

    rows = varied(["301", "302", "303", "304"], range(2017, 2020))
    rows = [each for each in rows if (each["old_la_code"], each["time_period"]) != ("303", 2019)]
    found = outlook(history_of(rows))
    assert found.authorities == ("301", "302", "304")
    assert found.centre.shape == found.variance.shape == (3, len(KINDS))
    assert (found.variance > 0).all()
