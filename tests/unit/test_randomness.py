"""The generator is Philox4x64-10, and a draw depends on its key and on nothing else."""

import json
import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy import stats

from sim.model.compiled import IS_PLAIN_PYTHON, compiled_making_tables
from sim.model.randomness import philox4x64, purpose, to_uniform, uniform, uniform_pair

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[2]
ONES = 2**64 - 1
WORDS = st.integers(0, ONES)
KEY_PARTS = st.integers(0, 2**63 - 1)

word = int if IS_PLAIN_PYTHON else np.uint64


def philox(key, counter):
    return [int(w) for w in philox4x64(*map(word, key), *map(word, counter))]


# The lines "philox4x64 10" of tests/kat_vectors in DEShawResearch/random123: counter, key, answer.
# The third takes the digits of pi for both.
KNOWN_ANSWERS = [
    (
        [0, 0, 0, 0],
        [0, 0],
        [0x16554D9ECA36314C, 0xDB20FE9D672D0FDC, 0xD7E772CEE186176B, 0x7E68B68AEC7BA23B],
    ),
    (
        [ONES] * 4,
        [ONES] * 2,
        [0x87B092C3013FE90B, 0x438C3C67BE8D0224, 0x9CC7D7C69CD777B6, 0xA09CAEBF594F0BA0],
    ),
    (
        [0x243F6A8885A308D3, 0x13198A2E03707344, 0xA4093822299F31D0, 0x082EFA98EC4E6C89],
        [0x452821E638D01377, 0xBE5466CF34E90C6C],
        [0xA528F45403E61D95, 0x38C72DBD566E9788, 0xA5A1610E72FD18B5, 0x57BD43B5E52B7FE6],
    ),
]


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN_ANSWERS)
def test_published_known_answers(counter, key, answer):
    assert philox(key, counter) == answer


@pytest.mark.property
@given(st.lists(WORDS, min_size=2, max_size=2), st.lists(WORDS, min_size=4, max_size=4))
@example([0, 0], [0, 0, 0, 0])
@example([1, 2], [0, 5, 6, 7])
def test_agrees_with_numpy(key, counter):
    # Numpy adds one to the counter (first word lowest) before its first answer.
    number = sum(w << (64 * i) for i, w in enumerate(counter))
    before = (number - 1) % 2**256
    words = [(before >> (64 * i)) & ONES for i in range(4)]
    theirs = np.random.Philox(
        counter=np.array(words, dtype=np.uint64), key=np.array(key, dtype=np.uint64)
    )
    assert philox(key, counter) == [int(w) for w in theirs.random_raw(4)]


@pytest.mark.parametrize(
    ("lowest", "expected"),
    [(0, 2.0**-53), (1 << 11, 2.0**-53), (1 << 63, 0.5 + 2.0**-53), (ONES, 1 - 2.0**-53)],
)
def test_uniform_is_never_0_or_1(lowest, expected):
    assert to_uniform(word(lowest)) == expected
    assert 0 < to_uniform(word(lowest)) < 1


def test_uniform_is_made_of_the_first_words():
    words = philox([7, 8], [9, 10, 11, 0])
    first, second = uniform_pair(7, 8, 9, 10, 11)
    assert first == uniform(7, 8, 9, 10, 11) == ((words[0] >> 11) | 1) / 2**53
    assert second == ((words[1] >> 11) | 1) / 2**53


@compiled_making_tables
def _many(n: int, part: int) -> np.ndarray:
    values = np.empty(n)
    for i in range(n):
        if part == 0:
            values[i] = uniform(i, 2, 3, 4, 5)
        elif part == 1:
            values[i] = uniform(1, i, 3, 4, 5)
        elif part == 2:
            values[i] = uniform(1, 2, i, 4, 5)
        elif part == 3:
            values[i] = uniform(1, 2, 3, i, 5)
        else:
            values[i] = uniform(1, 2, 3, 4, i)
    return values


@pytest.mark.parametrize("part", range(5))
def test_each_part_of_the_key_gives_uniform_independent_draws(part):
    n = 2_000 if IS_PLAIN_PYTHON else 200_000
    values = _many(n, part)
    assert len(np.unique(values)) == n
    # The chance of a miss is that of 4 standard errors, 6 in 100,000; the keys are fixed.
    assert abs(values.mean() - 1 / 2) < 4 * math.sqrt(1 / 12 / n)
    assert abs(values.var() - 1 / 12) < 4 * math.sqrt(1 / 180 / n)
    assert stats.kstest(values, "uniform").pvalue > 6e-5
    for lag in (1, 2, 7):
        assert abs(np.corrcoef(values[:-lag], values[lag:])[0, 1]) < 4 / math.sqrt(n)


@pytest.mark.property
@given(st.lists(KEY_PARTS, min_size=5, max_size=5), st.integers(0, 4), KEY_PARTS)
@example([2**63 - 1] * 5, 4, 0)
def test_a_draw_depends_on_every_part_of_its_key_and_on_nothing_else(key, part, other):
    before = uniform(*key)
    changed = [*key[:part], other, *key[part + 1 :]]
    assert (uniform(*changed) == before) == (changed == key)
    assert uniform(*key) == before


def test_purposes_are_numbers_that_stay_the_same():
    # Another program's answer: printf case.risk | b2sum -l 64; the last bit is dropped.
    assert purpose("case.risk") == 0x8CF27C81D831B956 >> 1
    names = [f"case.{i}" for i in range(10_000)]
    assert len({purpose(name) for name in names}) == len(names)
    assert all(0 <= purpose(name) < 2**63 for name in names)


SHOW_DRAWS = """
import json
from sim.model.draws import draw, exponential_threshold, negative_binomial, pack
from sim.model.randomness import purpose, uniform, uniform_pair
from sim.scenario import distributions as d

who = purpose("case.risk")
rows = [pack(x) for x in (
    d.Fixed(value=3), d.Exponential(mean=60), d.Lognormal(mean=33, cv=0.5, maximum=40),
    d.Weibull(mean=20, shape=1.5), d.Gamma(mean=20, shape=6), d.Uniform(low=1, high=3),
    d.Triangular(low=1, mode=2, high=9), d.Bands(edges=(0, 10, 40), shares=(0.3, 0.7)),
)]
keys = [(1, 2, who, 2**62 + 1, 5), (2**63 - 1, 0, who, 0, 0), (3, 1, who, 17, 2**40)]
shown = {
    "purpose": who,
    "uniform": [uniform(*k) for k in keys],
    "pair": [uniform_pair(*k) for k in keys],
    "threshold": [exponential_threshold(*k) for k in keys],
    "durations": [draw(row, *k) for row in rows for k in keys],
    "counts": [
        negative_binomial(uniform(*k), m, s)
        for k in keys for m in (0.4, 9.0, 800.0) for s in (0.0, 2.5)
    ],
}
print(json.dumps(shown))
"""


def show_draws(**environment):
    told = subprocess.run(
        [sys.executable, "-W", "error::RuntimeWarning", "-c", SHOW_DRAWS],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
    )
    assert told.returncode == 0, told.stderr
    return json.loads(told.stdout)


def test_plain_python_and_two_hash_seeds_give_the_same_draws():
    compiled_draws = show_draws(NUMBA_DISABLE_JIT="0", PYTHONHASHSEED="1")
    assert show_draws(NUMBA_DISABLE_JIT="0", PYTHONHASHSEED="2") == compiled_draws
    plain = show_draws(NUMBA_DISABLE_JIT="1", PYTHONHASHSEED="3")
    # The last digit of a power or an exponential may differ between the compiler's and Python's.
    for name in ("durations", "threshold"):
        assert plain.pop(name) == pytest.approx(compiled_draws.pop(name), rel=1e-14)
    assert plain == compiled_draws
