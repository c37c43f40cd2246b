"""The answer of a staffing search, in sentences that a planner can read out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import takewhile

from sim.report.changes import unit
from sim.report.numbers import amount, decimals, is_fraction
from sim.report.table import POUNDS
from sim.study.staffing import Staffing
from sim.study.staffing.curve import Estimate, assured
from sim.study.staffing.levers import Lever
from sim.study.staffing.targets import Target

VACANCIES = "vacancy_rate"


def sentences(found: Staffing) -> Iterator[str]:
    """Say what was found: the answer first, then what it costs, what binds and how sure it is."""
    answer = found.answer
    yield _answer(found)
    if answer.verdict in ("found", "conflict"):
        yield from _cost(found)
        yield from _vacancies(found)
        yield from _binding(found)
    if answer.verdict in ("nowhere", "conflict"):
        yield from (_missed(found, target) for target in _missed_targets(found))
    if answer.verdict == "conflict":
        yield _nearest_without_conflict(found)
    if found.lever.team is not None:
        yield "Only that kind of team changes; what the targets measure is the whole service."
    for target in answer.unmoved:
        yield (
            f"{target.outcome.label} does not move with {found.lever.what}: it is "
            f"{_value(found, answer.level, target)} whatever they are."
        )
    for target in answer.turning:
        yield (
            f"{target.outcome.label} does not move one way only between the levels that were "
            "looked at, so look at the curve before relying on a single number."
        )
    yield _futures(found)


def target_in_words(target: Target) -> str:
    """Write a target: high risk allocated within a day at 95 % or more."""
    more = "more" if target.at_least else "less"
    return f"{_lower(target.outcome.label)} at {target_value(target)} or {more}"


def target_value(target: Target) -> str:
    """Write the value of a target with the decimals that it was given with."""
    kind = unit(target.outcome)
    written = f"{target.value * (100 if is_fraction(kind) else 1):.6f}".rstrip("0")
    places = len(written.partition(".")[2])
    return amount(target.value, kind, places)


def level_number(lever: Lever, level: float) -> str:
    """Write a level alone: 121.4, or 60 % (of today's time to hire)."""
    return f"{100 * level:.0f} %" if lever.name == "time_to_hire" else f"{level:g}"


def level_in_words(lever: Lever, level: float, bound: str = "") -> str:
    """Write a level with what it counts: at least 121.4 FTE of social worker posts."""
    some = f"{bound} {level_number(lever, level)}".lstrip()
    if lever.name == "caseload_cap":
        return f"a caseload cap of {some}"
    if lever.name == "time_to_hire":
        return f"recruitment in {some} of today's time"
    return f"{some} FTE of {lever.what}"


def estimate_in_words(found: Estimate, target: Target, confidence: float) -> str:
    """Write the expected value of a target's outcome, with no more digits than are known."""
    low, high = found.bounds(confidence)
    kind = unit(target.outcome)
    places = decimals((high - low) / 2, found.mean, kind)
    written = [amount(found.mean, kind, places + more) for more in range(3)]
    # What is near the target, but not there, is not written as if it were.
    level = [amount(target.value, kind, places + more) for more in range(3)]
    off = found.mean != target.value
    return next((w for w, t in zip(written, level, strict=True) if w != t or not off), written[0])


def _answer(found: Staffing) -> str:
    answer, lever = found.answer, found.lever
    level = lever.levels[answer.level]
    wanted = _and(target_in_words(target) for target in found.targets)
    if answer.verdict == "nowhere":
        nearest = f" The nearest is {level_in_words(lever, level)}."
        if set(answer.binding) <= set(answer.unmoved):
            nearest = ""
        return f"No level that was looked at meets all targets ({wanted}).{nearest}"
    if answer.verdict == "everywhere":
        end = "--from" if answer.rising else "--to"
        return (
            f"Even {level_in_words(lever, level)} meets all targets ({wanted}), and nothing beyond "
            f"it was looked at: go further with {end} to find where they would be missed."
        )
    bound = "at least" if answer.rising else "at most"
    words = level_in_words(lever, level, bound)
    if _is_limit(found):
        said = f"To have {wanted} {_allowed(lever, level, words)}"
    else:
        said = f"To have {wanted} you need {words}"
    if answer.verdict == "conflict":
        helped = _and(target_in_words(target) for target in answer.helped)
        return f"The targets pull against each other. To have {helped} you need {words}."
    return f"{said}{_interval(found)}{_against_today(found)}."


def _is_limit(found: Staffing) -> bool:
    """Whether all targets want less of the lever's effort, so that the answer is the most of it."""
    return found.answer.rising != (found.lever.effort > 0)


def _allowed(lever: Lever, level: float, words: str) -> str:
    """Say how far targets that want less of a lever's effort let it go."""
    if lever.name == "caseload_cap":
        return f"the caseload cap may be as low as {level_number(lever, level)}"
    if lever.name == "time_to_hire":
        return f"recruitment may be as quick as {level_number(lever, level)} of today's time"
    return f"there may be {words}"


def _interval(found: Staffing) -> str:
    """Write the interval, whose upper end may lie beyond what was looked at."""
    answer, lever = found.answer, found.lever
    near = level_number(lever, lever.levels[answer.low])
    if answer.high is None:
        return f" ({near} or {'more' if answer.rising else 'less'})"
    far = level_number(lever, lever.levels[answer.high])
    low, high = (near, far) if answer.rising else (far, near)
    between = f"{low} to {high}" if low != high else f"{low} alone"
    return f" ({100 * found.confidence:g} % range {between})"


def _against_today(found: Staffing) -> str:
    lever = found.lever
    if lever.today is None:
        return ""
    now, then = lever.levels[lever.today], lever.levels[found.answer.level]
    if now == then:
        return ", as many as today" if lever.unit == "FTE" else ", as today"
    if lever.name == "time_to_hire":
        return ""
    more = "more" if then > now else "fewer"
    needed = _is_limit(found) or (then > now) is (lever.effort > 0)
    enough = "" if needed else " would do"
    return f": {abs(then - now):g} {more} than today's {now:g}{enough}"


def _cost(found: Staffing) -> Iterator[str]:
    """Say what the answer costs beyond today, if that is another level."""
    cost = found.cost(found.answer.level)
    if cost is None or found.answer.level == found.lever.today:
        return
    places = decimals((cost.high - cost.low) / 2, cost.mean, POUNDS)
    beyond = " (what recruiting faster takes is not in it)"
    beyond = beyond if found.lever.name == "time_to_hire" else ""
    if cost.low <= 0 <= cost.high:
        yield f"That costs about as much as today{beyond}."
        return
    ends = sorted(abs(end) for end in (cost.low, cost.high))
    low, high = (amount(end, POUNDS, places) for end in ends)
    said = f"{amount(abs(cost.mean), POUNDS, places)} a year {'more' if cost.mean > 0 else 'less'}"
    between = f", between {low} and {high}" if low != high else ""
    yield f"That costs {said} than today{beyond}{between}."


def _vacancies(found: Staffing) -> Iterator[str]:
    """Remind of posts that nobody holds."""
    if found.lever.name != "posts":
        return
    vacant = found.estimate(found.answer.level, VACANCIES).mean
    if vacant >= 0.005:
        yield (
            f"These are posts, not people: {100 * vacant:.0f} % of all posts of the service would "
            "stand vacant, covered by agency in part."
        )


def _binding(found: Staffing) -> Iterator[str]:
    less = found.answer.one_less
    binding = [target for target in found.answer.binding if target in found.answer.helped]
    if less is None or not binding:
        return
    names = _and(_lower(target.outcome.label) for target in binding)
    level = level_in_words(found.lever, found.lever.levels[less])
    values = _and(_value(found, less, target) for target in binding)
    missed = any(
        target.margin(found.estimate(less, target.outcome.key).mean) < 0 for target in binding
    )
    why = (
        ""
        if missed
        else f", too near the target to be {found.confidence:.0%} sure".replace("%", " %")
    )
    yield f"What binds is {names}: with {level} it would be {values}{why}."


def _missed_targets(found: Staffing) -> list[Target]:
    among = found.answer.helped if found.answer.verdict == "nowhere" else found.answer.hindered
    return [target for target in found.answer.binding if target in among]


def _missed(found: Staffing, target: Target) -> str:
    said = (
        f"{target.outcome.label} would then be {_value(found, found.answer.level, target)}, "
        f"against a target of {target_value(target)}"
    )
    if target.margin(found.estimate(found.answer.level, target.outcome.key).mean) >= 0:
        return f"{said}: met on average, but not with the confidence asked for."
    levels = [each for each in found.runs.looked_at() if each != found.answer.level]
    before = levels[-1] if found.answer.rising else levels[0]
    if found.answer.verdict == "nowhere" and target not in found.answer.unmoved:
        return (
            f"{said}; with {level_number(found.lever, found.lever.levels[before])} it would be "
            f"{_value(found, before, target)}."
        )
    return f"{said}."


def _nearest_without_conflict(found: Staffing) -> str:
    """Say how far the targets that effort takes away are met, by the levels that were looked at."""
    answer, lever = found.answer, found.lever
    levels = found.runs.looked_at()[:: 1 if answer.rising else -1]  # from the least effort on
    kept = list(takewhile(lambda level: _keeps(found, level, answer.hindered), levels))
    if not kept:
        return "No level that was looked at meets what more of it makes worse."
    does, does_not = (
        level_number(lever, lever.levels[level]) for level in (kept[-1], levels[len(kept)])
    )
    names = _and(target_in_words(target) for target in answer.hindered)
    return (
        f"Of the levels looked at {does} still has {names}, {does_not} no longer; where between "
        "them it ends was not searched."
    )


def _keeps(found: Staffing, level: int, targets: Iterable[Target]) -> bool:
    """Whether a level keeps targets with the confidence asked for."""
    for target in targets:
        at_level = found.estimate(level, target.outcome.key)
        if assured(at_level, target, at_level.runs, found.confidence) < 0:
            return False
    return True


def _futures(found: Staffing) -> str:
    level = found.answer.level
    number = found.runs.number(level)
    met = round(found.share_met(level) * number)
    sure = f"{100 * found.confidence:g} %"
    return (
        f"All targets together were met in {met} of {number} simulated futures at that level. The "
        f"confidence of {sure} is about the average over futures, not about each of them."
    )


def _value(found: Staffing, level: int, target: Target) -> str:
    return estimate_in_words(found.estimate(level, target.outcome.key), target, found.confidence)


def _lower(label: str) -> str:
    """Write a label within a sentence; what is in capitals stays so."""
    return label if label[:2].isupper() else label[0].lower() + label[1:]


def _and(parts: Iterable[str]) -> str:
    each = list(parts)
    return each[0] if len(each) == 1 else f"{', '.join(each[:-1])} and {each[-1]}"
