"""Absence: sickness against renewal theory, and leave and training against their entitlement."""

from __future__ import annotations

import numpy as np
import pytest

from sim.model.columns import LEAVE, TRAINING
from tests.services import (
    WORKING_DAYS_A_YEAR,
    by_week,
    days_of_weeks,
    run,
    tiny_service,
)
from tests.theory.agreement import agrees, mean_of, ratio_of

pytestmark = pytest.mark.theory

NO_CASES = {"per_week": 0}


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ((1.5, {"distribution": "gamma", "mean": 40, "shape": 4}), (0.0, 60)),
        ((1.0, {"distribution": "lognormal", "mean": 15, "cv": 0.8}), (0.6, 80)),
    ],
)
def test_share_of_time_lost_to_sickness(short, long):
    """Well at rate h1 + h2, ill for D1 or D2: h1 D1 + h2 D2 days for each day at work."""
    teams, posts, years = 40, 40, 9
    scenario = tiny_service(
        workers=posts, teams=teams, demand=NO_CASES,
        absence={
            "short_sickness": {"per_year": short[0], "duration": short[1]},
            "long_sickness": {"per_year": long[0], "duration": long[1]},
        },
    )  # fmt: skip
    world = run(scenario, years=years)
    weeks = len(world.record.weeks) // 10
    sick, in_post = (
        by_week(world, name)[weeks:].sum(axis=0) for name in ("sick_fte_days", "in_post_fte_days")
    )
    absence = scenario.absence
    lost = sum(
        spells.per_year * spells.duration.expected() / WORKING_DAYS_A_YEAR
        for spells in (absence.short_sickness, absence.long_sickness)
    )
    agrees(ratio_of(sick, in_post), lost / (1 + lost))


def test_short_and_frequent_spells_in_whole_days():
    """3 days each; well for 253 / 25 days on average, in whole days.

    The hazard of a day is gathered in its evening, and the spell begins on the next morning. What
    was gathered beyond the threshold counts towards the next one, so that in the long run there
    are as many spells as there is hazard: no day's rounding is lost.
    """
    scenario = tiny_service(
        workers=20, teams=30, demand=NO_CASES,
        absence={"short_sickness": {"per_year": 25, "duration": 3}},
    )  # fmt: skip
    world = run(scenario, years=2)
    sick = by_week(world, "sick_fte_days")[10:].sum(axis=0)
    in_post = by_week(world, "in_post_fte_days")[10:].sum(axis=0)
    well = WORKING_DAYS_A_YEAR / 25
    agrees(ratio_of(sick, in_post), 3 / (3 + well))


def test_sickness_rises_with_exhaustion():
    """Half exhausted for good, with sickness up by 80 % at exhaustion 1: up by 40 %."""
    scenario = tiny_service(
        workers=30, teams=40, demand=NO_CASES,
        absence={"short_sickness": {"per_year": 1, "duration": 20}},
        wellbeing={
            "exhaustion": {"at_start": 0.5, "base": 0.5, "on_sickness": 0.8, "days_to_recover": 1e9}
        },
    )  # fmt: skip
    world = run(scenario, years=9)
    assert np.ptp(world.workers["exhaustion"]) < 1e-4
    sick = by_week(world, "sick_fte_days")[52:].sum(axis=0)
    in_post = by_week(world, "in_post_fte_days")[52:].sum(axis=0)
    lost = 1.4 * 20 / WORKING_DAYS_A_YEAR
    agrees(ratio_of(sick, in_post), lost / (1 + lost))


def test_exhaustion_moves_towards_its_level():
    """By a sixtieth of the way each day at work, towards the base of .7 from .2."""
    scenario = tiny_service(
        demand=NO_CASES,
        wellbeing={"exhaustion": {"at_start": 0.2, "base": 0.7, "days_to_build": 60}},
    )
    world = run(scenario, years=0.5)
    exact = 0.7 + (0.2 - 0.7) * (1 - 1 / 60) ** world.horizon
    assert world.workers["exhaustion"][0] == pytest.approx(exact, rel=1e-9)


def test_stress_related_share_of_sickness():
    """A share of .3 at exhaustion .5, and in proportion: .18 of spells at exhaustion .3."""
    scenario = tiny_service(
        workers=20, teams=40, demand=NO_CASES,
        absence={"short_sickness": {"per_year": 30, "duration": 2}, "stress_share": 0.3},
        wellbeing={"exhaustion": {"at_start": 0.3, "base": 0.3, "days_to_recover": 1e9}},
    )  # fmt: skip
    world = run(scenario, years=4)
    stress = by_week(world, "stress_sick_fte_days")[4:].sum(axis=0)
    sick = by_week(world, "sick_fte_days")[4:].sum(axis=0)
    agrees(ratio_of(stress, sick), 0.18)


def test_annual_leave_and_training_are_taken_to_the_day():
    """28 days of leave and 4 of training in each of three years of 253 working days."""
    years = 3
    scenario = tiny_service(
        workers=20, teams=10, demand=NO_CASES,
        absence={"annual_leave": {"days": 28}, "training_days": 4},
    )  # fmt: skip
    world = run(scenario, years=years + 0.1)
    assert world.horizon >= years * WORKING_DAYS_A_YEAR
    diary = world.workers.diary[: world.workers.n, : years * WORKING_DAYS_A_YEAR]
    by_year = diary.reshape(world.workers.n, years, WORKING_DAYS_A_YEAR)
    assert ((by_year == LEAVE).sum(axis=2) == 28).all()
    assert ((by_year == TRAINING).sum(axis=2) == 4).all()
    # What is counted is what is in the diaries.
    last = world.record.weeks[-1] + 1
    for name, code in (("leave_fte_days", LEAVE), ("training_fte_days", TRAINING)):
        taken = (world.workers.diary[: world.workers.n, :last] == code).sum()
        assert by_week(world, name).sum() == taken


def test_a_part_of_a_year_has_a_part_of_the_leave():
    """27.5 days a year, for three fifths of a year: 16.5 on average, each 16 or 17."""
    part = int(0.6 * WORKING_DAYS_A_YEAR)
    scenario = tiny_service(
        workers=50, teams=20, demand=NO_CASES, absence={"annual_leave": {"days": 27.5}}
    )
    world = run(scenario, years=0.55)
    taken = (world.workers.diary[: world.workers.n, : world.horizon] == LEAVE).sum(axis=1)
    exact = 27.5 * world.horizon / WORKING_DAYS_A_YEAR
    assert world.horizon < part
    assert set(taken.tolist()) == {int(exact), int(exact) + 1}
    agrees(mean_of(taken), exact)


def test_leave_falls_oftener_in_school_holidays():
    """Single days of leave, three times as likely in school holidays."""
    weight, days = 3.0, 5
    scenario = tiny_service(
        workers=100, teams=40, demand=NO_CASES,
        absence={"annual_leave": {"days": days, "block_days": 1, "school_holiday_weight": weight}},
    )  # fmt: skip
    world = run(scenario, years=1.02)
    assert world.horizon >= WORKING_DAYS_A_YEAR
    holiday = world.calendar.school_holiday[:WORKING_DAYS_A_YEAR]
    leave = world.workers.diary[: world.workers.n, :WORKING_DAYS_A_YEAR] == LEAVE
    in_holidays = leave[:, holiday].sum(axis=1)
    share = weight * holiday.sum() / (weight * holiday.sum() + (~holiday).sum())
    # A day that is taken moves the next block to the next free day: with 5 of 253 days this is
    # too rare, and in too many directions, to be seen.
    agrees(mean_of(in_holidays / days), share)


def test_parental_leave_is_counted_by_itself():
    """Rate 1.5 a year, 60 days each (more than in life, for a shorter test)."""
    scenario = tiny_service(
        workers=40, teams=40, demand=NO_CASES,
        absence={"parental_leave": {"per_year": 1.5, "duration": 60}},
    )  # fmt: skip
    world = run(scenario, years=6)
    weeks = len(world.record.weeks) // 5
    away = by_week(world, "parental_fte_days")[weeks:].sum(axis=0)
    in_post = by_week(world, "in_post_fte_days")[weeks:].sum(axis=0)
    lost = 1.5 * 60 / WORKING_DAYS_A_YEAR
    agrees(ratio_of(away, in_post), lost / (1 + lost))
    assert by_week(world, "sick_fte_days").sum() == 0
    assert by_week(world, "in_post_fte_days").sum() == days_of_weeks(world).sum() * 40 * 40
