"""How far the changes can be trusted: all policies at once, the precision reached, the pairing."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence

from sim.report.changes import Change, unit
from sim.report.numbers import is_fraction, is_money
from sim.report.words import spoken
from sim.study.registry import outcome_of
from sim.study.sureness.precision import Reached

MANY_TIMES = 1000


def not_among_all(changes: Sequence[Change], policies: int) -> str:
    """Name the changes of a policy that are clear by themselves, but not among all policies.

    Where too few pairs tell nothing of all policies at once, nothing is said of it.
    """
    told = [each for each in changes if not math.isnan(each.together_low)]
    unclear = [each.outcome.label for each in told if each.is_clear and not each.holds_up]
    if not unclear or policies < 2:
        return ""
    listed = " and ".join(part for part in (", ".join(unclear[:-1]), unclear[-1]) if part)
    return f"Not clear any more when {_all(policies)} are compared: {listed}."


def all_at_once(changes: Mapping[str, Sequence[Change]]) -> str:
    """Say how many changes hold up when all policies are compared, of those that this is told of.

    Changes that are the same in every run tell nothing of ranges by themselves.
    """
    every = [each for of_policy in changes.values() for each in of_policy]
    told = [each for each in every if not math.isnan(each.together_low)]
    if len(changes) < 2 or all(each.low == each.high for each in told):
        return ""
    clear = [each for each in told if each.is_clear]
    hold_up = sum(each.holds_up for each in clear)
    return (
        f"Of {len(told)} changes {len(clear)} are clear by themselves: their 95 % range leaves "
        f"out 0. Of these {hold_up} {'holds' if hold_up == 1 else 'hold'} up when "
        f"{_all(len(changes))} are compared: with ranges so wide that for each outcome they are "
        "right for all policies at once in 95 of 100 studies."
    )


def what_pairing_buys(changes: Mapping[str, Sequence[Change]]) -> str:
    """Say what it buys that every policy meets the same chances, as a median and at the least."""
    known = [
        (each.variance_reduction, each.outcome.label, policy)
        for policy, of_policy in changes.items()
        for each in of_policy
        if not math.isnan(each.variance_reduction)
    ]
    if not known:
        return ""
    median = statistics.median(times for times, _, _ in known)
    least, label, policy = min(known)
    return (
        f"Every policy meets the same chances: with chances of their own it would take "
        f"{_times(median)} as many runs to know the changes as precisely (median of {len(known)} "
        f"changes; least: {_times(least)}, {label} under {spoken(policy)})."
    )


def precision_lines(found: Sequence[Reached]) -> Iterator[str]:
    """Say of each outcome how precisely it was to be known, and how precisely it is."""
    for each in found:
        outcome = outcome_of(each.outcome)
        asked = _width(each.asked, unit(outcome), round)
        width = _width(each.half_width, unit(outcome), math.ceil)
        start = f"{outcome.label}: asked for ±{asked};"
        runs, where = f"{each.replications} runs", spoken(each.policy)
        if each.is_reached:
            yield f"{start} with {runs} ±{width} or less under every policy."
        elif math.isfinite(each.half_width):
            yield f"{start} not reached with {runs}: ±{width} under {where}.{_needed(each)}"
        else:
            yield f"{start} cannot be told: too few of {runs} have this outcome under {where}."


def _needed(each: Reached) -> str:
    if not math.isfinite(each.needed):
        return ""
    size = 10 ** max(0, math.floor(math.log10(each.needed)) - 1)
    return f" About {math.ceil(each.needed / size) * size:,} runs would be needed."


def _width(width: float, kind: str, whole: Callable[[float], int]) -> str:
    """Write half a range with two digits: 0.15, 0.67 points, £15,000."""
    if not math.isfinite(width):
        return "any"
    scaled = 100 * width if is_fraction(kind) else width
    digits = 1 - math.floor(math.log10(scaled)) if scaled else 0
    # What `whole` is given is rid of the dust of binary fractions, which it would round up.
    scaled = whole(round(scaled * 10.0**digits, 6)) / 10.0**digits
    text = f"{scaled:,.{max(0, digits)}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    if is_fraction(kind):
        return f"{text} points"
    return f"£{text}" if is_money(kind) else text


def _all(policies: int) -> str:
    return "both policies" if policies == 2 else f"all {policies} policies"


def _times(times: float) -> str:
    if times > MANY_TIMES:  # pairs that differ by next to nothing: the number itself is dust
        return f"over {MANY_TIMES:,} times"
    return f"{times:,.0f} times" if times >= 10 else f"{times:.1f} times"
