"""Keyed randomness: a draw is a function of (seed, replication, what for, whose, which one).

Nothing here has a state, so no draw depends on how many were made before it, on the number of
processes or on the order of completion; a policy that needs an extra draw shifts nobody else's.

The generator is Philox4x64-10 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as
1, 2, 3", SC11, 2011). The key is (seed, replication), the counter (purpose, entity, index, block).

Compiled, the words are ``uint64``, whose sums and products wrap. As plain Python
(``NUMBA_DISABLE_JIT=1``) they are ``int``, which grow instead: hence the masks, which the compiler
removes. Numpy's own scalars would warn of each overflow, so plain Python never sees one. All
constants are words too, since numba turns a ``uint64`` and an ``int64`` together into a float.
"""

import hashlib
from functools import cache
from typing import Any

import numpy as np

from sim.model.compiled import IS_PLAIN_PYTHON, compiled

_word: Any = int if IS_PLAIN_PYTHON else np.uint64

_MASK_64 = _word(0xFFFFFFFFFFFFFFFF)
_MASK_32 = _word(0xFFFFFFFF)
_HALF = _word(32)
# The multipliers and Weyl steps of the paper (table 2 and section 4.3).
_MULTIPLIER_0 = _word(0xD2E7470EE14C6C93)
_MULTIPLIER_1 = _word(0xCA5A826395121157)
_STEP_0 = _word(0x9E3779B97F4A7C15)
_STEP_1 = _word(0xBB67AE8584CAA73B)
_DROPPED_BITS = _word(11)
_LOWEST_BIT = _word(1)
_TO_UNIT = 2.0**-53


@cache
def purpose(name: str) -> int:
    """Turn the name of what a draw is for into a number: the same in every process and for ever.

    Parameters
    ----------
    name
        What the draw is for, as "case.risk". Two different names share a number with a chance of
        one in 2**63.

    Returns
    -------
    int
        In [0, 2**63), so that compiled code takes it for an ``int64``.
    """
    digest = hashlib.blake2b(name.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


@compiled
def _multiply(a: int, b: int) -> tuple[int, int]:
    """Return the high and the low word of a product, by halves (no type here has 128 bits)."""
    a_low = a & _MASK_32
    a_high = a >> _HALF
    b_low = b & _MASK_32
    b_high = b >> _HALF
    low = a_low * b_low
    across = a_high * b_low
    middle = (low >> _HALF) + (across & _MASK_32) + a_low * b_high  # at most 2**64 - 1
    high = a_high * b_high + (across >> _HALF) + (middle >> _HALF)
    return high, ((middle << _HALF) & _MASK_64) | (low & _MASK_32)


@compiled
def philox4x64(
    key0: int, key1: int, c0: int, c1: int, c2: int, c3: int
) -> tuple[int, int, int, int]:
    """Return the four 64-bit words of Philox4x64-10 for a key and a counter.

    Parameters
    ----------
    key0, key1
        The key: (seed, replication) everywhere in the model.
    c0, c1, c2, c3
        The counter: (purpose, entity, index, block) everywhere in the model.

    Notes
    -----
    Called from Python, a word of 2**63 or more must be given as a ``numpy.uint64``.
    """
    k0 = _word(key0)
    k1 = _word(key1)
    w0 = _word(c0)
    w1 = _word(c1)
    w2 = _word(c2)
    w3 = _word(c3)
    for _ in range(10):
        high0, low0 = _multiply(w0, _MULTIPLIER_0)
        high1, low1 = _multiply(w2, _MULTIPLIER_1)
        w0 = high1 ^ w1 ^ k0
        w1 = low1
        w2 = high0 ^ w3 ^ k1
        w3 = low0
        k0 = (k0 + _STEP_0) & _MASK_64
        k1 = (k1 + _STEP_1) & _MASK_64
    return w0, w1, w2, w3


@compiled
def to_uniform(word: int) -> float:
    """Turn a word into a number in the open interval (0, 1).

    The upper 53 bits, the lowest of them set: the values are the midpoints of 2**52 equal cells,
    exact in a double, symmetric about 1/2 (so 1 - u is as exact as u), and never 0 or 1.
    """
    return float((word >> _DROPPED_BITS) | _LOWEST_BIT) * _TO_UNIT


@compiled
def uniform(seed: int, replication: int, purpose: int, entity: int, index: int) -> float:
    """Draw from the uniform distribution on the open interval (0, 1).

    Parameters
    ----------
    seed, replication
        The run.
    purpose
        What the draw is for: a constant made by `purpose`.
    entity
        Whose draw it is: the number of a case, post, team ...
    index
        Which of this entity's draws for this purpose: 0, or a day, or a count.

    Notes
    -----
    All are integers from 0 to 2**63 - 1.
    """
    w0, _, _, _ = philox4x64(seed, replication, purpose, entity, index, 0)
    return to_uniform(w0)


@compiled
def uniform_pair(
    seed: int, replication: int, purpose: int, entity: int, index: int
) -> tuple[float, float]:
    """Draw two independent uniforms for the price of one; the first is that of `uniform`."""
    w0, w1, _, _ = philox4x64(seed, replication, purpose, entity, index, 0)
    return to_uniform(w0), to_uniform(w1)
