"""The distributions that a scenario may name are checked, and have the right mean and quantiles."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from scipy import integrate, stats

from sim.scenario.distributions import (
    Bands,
    Distribution,
    Exponential,
    Fixed,
    Gamma,
    Lognormal,
    Triangular,
    Uniform,
    Weibull,
)

pytestmark = pytest.mark.unit

READER = TypeAdapter(Distribution)
NAMED = [
    Fixed(value=90),
    Exponential(mean=60),
    Lognormal(mean=33, cv=0.5),
    Weibull(mean=20, shape=1.7),
    Gamma(mean=20, shape=6),
    Uniform(low=2, high=7),
    Triangular(low=1, mode=2, high=9),
    Bands(edges=(0, 10, 15, 20, 40), shares=(0.087, 0.727, 0.089, 0.097)),
]
# The same again by scipy, for those that may have limits.
THEIRS = [
    (Exponential, {"mean": 60.0}, stats.expon(scale=60)),
    (
        Lognormal,
        {"mean": 33.0, "cv": 0.5},
        stats.lognorm(np.sqrt(np.log(1.25)), scale=33 / np.sqrt(1.25)),
    ),
    (Weibull, {"mean": np.sqrt(np.pi) * 10, "shape": 2.0}, stats.weibull_min(2, scale=20)),
    (Weibull, {"mean": 40.0, "shape": 0.5}, stats.weibull_min(0.5, scale=20)),
    (Gamma, {"mean": 20.0, "shape": 6}, stats.gamma(6, scale=20 / 6)),
]


@pytest.mark.parametrize("number", [90, 90.0, 0])
def test_a_bare_number_is_fixed(number):
    assert READER.validate_python(number) == Fixed(value=number)


@pytest.mark.parametrize("distribution", NAMED, ids=lambda d: d.distribution)
def test_what_is_written_reads_back_as_the_same(distribution):
    written = json.loads(READER.dump_json(distribution))
    assert written["distribution"] == distribution.distribution
    assert READER.validate_python(written) == distribution
    assert hash(READER.validate_python(written)) == hash(distribution)


def test_the_examples_of_the_documentation_are_read():
    read = READER.validate_python
    assert read({"distribution": "exponential", "mean": 60}) == Exponential(mean=60)
    assert read({"distribution": "lognormal", "mean": 33, "cv": 0.5, "maximum": 200}) == Lognormal(
        mean=33, cv=0.5, maximum=200
    )
    bands = {
        "distribution": "bands",
        "edges": [0, 10, 15, 20, 40],
        "shares": [0.087, 0.727, 0.089, 0.097],
    }
    assert read(bands) == NAMED[-1]


def test_the_schema_allows_a_bare_number():
    schema = READER.json_schema()
    assert {"type": "number"} in schema["anyOf"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"distribution": "normal", "mean": 1}, "does not match any of the expected tags"),
        ({"mean": 60}, "Unable to extract tag"),
        (True, "Input should be a valid dictionary"),
        (-1, "greater than or equal to 0"),
        (float("nan"), "finite number"),
        ({"distribution": "exponential", "mean": 0}, "greater than 0"),
        ({"distribution": "exponential", "mean": 5, "scale": 2}, "Extra inputs"),
        ({"distribution": "lognormal", "mean": 5}, "Field required"),
        ({"distribution": "lognormal", "mean": 5, "cv": 0}, "greater than 0"),
        ({"distribution": "lognormal", "mean": float("inf"), "cv": 1}, "finite number"),
        ({"distribution": "weibull", "mean": 5, "shape": 0}, "greater than or equal to 0.1"),
        ({"distribution": "weibull", "mean": 5, "shape": 21}, "less than or equal to 20"),
        ({"distribution": "gamma", "mean": 5, "shape": 1.5}, "valid integer"),
        ({"distribution": "gamma", "mean": 5, "shape": 101}, "less than or equal to 100"),
        (
            {"distribution": "exponential", "mean": 5, "minimum": 3, "maximum": 2},
            r"minimum \(3\) is above maximum \(2\)",
        ),
        ({"distribution": "uniform", "low": 3, "high": 2}, r"low \(3\) is above high \(2\)"),
        ({"distribution": "uniform", "low": -1, "high": 2}, "greater than or equal to 0"),
        (
            {"distribution": "triangular", "low": 1, "mode": 5, "high": 4},
            "must rise in this order, they are 1, 5 and 4",
        ),
        ({"distribution": "bands", "edges": [0, 1, 2], "shares": [1]}, "1 shares need 2 edges"),
        (
            {"distribution": "bands", "edges": [0, 2, 2], "shares": [0.5, 0.5]},
            "each edge must be above the one before",
        ),
        (
            {"distribution": "bands", "edges": [0, 1, 2], "shares": [0.5, 0.4]},
            "must add up to 1, they add up to 0.9",
        ),
        (
            {"distribution": "bands", "edges": [0, 1, 2], "shares": [1.5, -0.5]},
            "greater than or equal to 0",
        ),
        ({"distribution": "bands", "edges": list(range(10)), "shares": [1]}, "at most 9 items"),
    ],
)
def test_what_cannot_be_is_refused_and_says_why(given, message):
    with pytest.raises(ValidationError, match=message):
        READER.validate_python(given)


def test_a_distribution_cannot_be_changed():
    distribution = Exponential(mean=60)
    with pytest.raises(ValidationError, match="frozen"):
        distribution.mean = 3


@pytest.mark.parametrize(
    ("distribution", "mean"),
    [
        (Fixed(value=90), 90),
        (Uniform(low=2, high=7), 4.5),
        (Triangular(low=1, mode=2, high=9), 4),
        (Bands(edges=(0, 10, 20), shares=(0.25, 0.75)), 0.25 * 5 + 0.75 * 15),
        (Exponential(mean=60), 60),
        (Exponential(mean=60, maximum=60), 60 * (1 - np.exp(-1))),
        (Exponential(mean=60, minimum=60), 60 + 60 * np.exp(-1)),
        (Lognormal(mean=33, cv=0.5), 33),
        (Weibull(mean=20, shape=1.7), 20),
        (Gamma(mean=20, shape=6), 20),
    ],
)
def test_the_mean_is_exact(distribution, mean):
    assert distribution.expected() == pytest.approx(mean, rel=1e-12)


@pytest.mark.parametrize(("kind", "parameters", "theirs"), THEIRS)
@pytest.mark.parametrize("limits", [(0.0, None), (0.0, 25.0), (10.0, None), (10.0, 25.0)])
def test_limited_means_and_quantiles_agree_with_scipy(kind, parameters, theirs, limits):
    minimum, maximum = limits
    distribution = kind(**parameters, minimum=minimum, maximum=maximum)
    upper = np.inf if maximum is None else maximum
    # E[X] of what is moved to its limits: the area under the survival function between them.
    area = integrate.quad(theirs.sf, minimum, upper, epsabs=1e-10, limit=500)[0]
    assert distribution.expected() == pytest.approx(minimum + area, rel=1e-7)
    p = (np.arange(50) + 0.5) / 50
    np.testing.assert_allclose(
        distribution.quantiles(50), np.clip(theirs.ppf(p), minimum, upper), rtol=1e-10
    )


@pytest.mark.parametrize(
    ("distribution", "expected"),
    [
        (Fixed(value=3), [3, 3]),
        (Uniform(low=2, high=6), [3, 5]),
        (Bands(edges=(0, 10, 40), shares=(0.5, 0.5)), [5, 25]),
        (Bands(edges=(0, 1, 2, 4), shares=(0.5, 0.0, 0.5)), [0.5, 3]),
        (Triangular(low=0, mode=0, high=1), [1 - np.sqrt(0.75), 0.5]),
        (Triangular(low=0, mode=1, high=1), [0.5, np.sqrt(0.75)]),
        (Triangular(low=0, mode=1, high=2), [np.sqrt(0.5), 2 - np.sqrt(0.5)]),
        (Triangular(low=2, mode=2, high=2), [2, 2]),
    ],
)
def test_two_quantiles_are_those_at_a_quarter_and_three_quarters(distribution, expected):
    np.testing.assert_allclose(distribution.quantiles(2), expected, rtol=1e-14)


@pytest.mark.parametrize("distribution", NAMED, ids=lambda d: d.distribution)
def test_quantiles_need_at_least_one(distribution):
    with pytest.raises(ValueError, match="at least 1, it is 0"):
        distribution.quantiles(0)


@pytest.mark.parametrize("distribution", NAMED, ids=lambda d: d.distribution)
def test_many_quantiles_have_the_mean(distribution):
    assert distribution.quantiles(100_000).mean() == pytest.approx(
        distribution.expected(), rel=1e-4
    )


@pytest.mark.property
@given(
    st.sampled_from([Exponential, Lognormal, Weibull, Gamma]),
    st.floats(0.01, 1e4),
    st.integers(1, 20),
    st.floats(0, 1e3),
    st.one_of(st.none(), st.floats(0, 1e4)),
)
def test_limits_hold_for_quantiles_and_mean(kind, mean, shape, minimum, more):
    maximum = None if more is None else minimum + more + 0.01
    name = {"Lognormal": {"cv": shape / 4}, "Exponential": {}}.get(kind.__name__, {"shape": shape})
    distribution = kind(mean=mean, minimum=minimum, maximum=maximum, **name)
    values = distribution.quantiles(64)
    upper = np.inf if maximum is None else maximum
    assert (np.diff(values) >= 0).all()
    assert ((values >= minimum) & (values <= upper)).all()
    slack = 1e-9 * (1 + mean)
    assert minimum - slack <= distribution.expected() <= upper + slack
