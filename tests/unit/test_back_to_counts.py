"""From roots back to counts: the mean in closed form, and kept with distance."""

import numpy as np
import pytest
from scipy import integrate, stats

from forecasting.series.back_to_counts import keeping_mean, mean_count

pytestmark = pytest.mark.unit

TAILS = 6.0


@pytest.mark.parametrize(("root", "scale"), [(10.0, 0.5), (1.0, 0.8), (0.0, 1.0), (-1.0, 0.7)])
def test_the_mean_is_that_of_the_integral(root, scale):
    def part(deviate):
        return (root + scale * deviate) ** 2 * stats.t.pdf(deviate, TAILS)

    exact, _ = integrate.quad(part, -root / scale, np.inf)
    found = mean_count(np.array([root]), np.array([scale]), TAILS)
    assert found == pytest.approx([exact], rel=1e-7)


@pytest.mark.parametrize("root", [0.5, 1.4, 4.5, 30.0])
def test_uncertainty_that_grows_leaves_the_mean(root):
    roots, scale = np.full(24, root), np.linspace(0.4, 1.6, 24)
    means = mean_count(roots, scale, TAILS) * keeping_mean(roots, scale, TAILS)
    assert means == pytest.approx(np.full(24, means[0]), rel=1e-9)


def test_a_trend_of_the_roots_is_one_of_the_means():
    roots, scale = np.linspace(20, 26, 24), np.full(24, 0.5)
    assert keeping_mean(roots, scale, TAILS) == pytest.approx(np.ones(24))


def test_where_none_is_expected_the_chance_of_the_first_month_is_left():
    roots, scale = np.full(24, -1.0), np.linspace(0.3, 1.6, 24)
    means = mean_count(roots, scale, TAILS) * keeping_mean(roots, scale, TAILS)
    chance = mean_count(np.zeros(1), np.array([0.3]), TAILS)
    assert means[-1] == pytest.approx(chance[0])
    assert (means <= chance[0] * (1 + 1e-9)).all()


def test_without_uncertainty_nothing_is_changed():
    assert keeping_mean(np.array([3.0, 0.0]), np.zeros(2), TAILS).tolist() == [1.0, 1.0]
