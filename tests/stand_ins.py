"""A small service and stand-ins for the simulated one, for tests that are not about the model."""

import os
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

SMALL_SERVICE = """\
name: small_service
title: A small service
start_date: 2026-04-01
warm_up_weeks: 4
risk_tiers:
  high: {label: High, high_risk: true, duty: true}
  low: {label: Low}
roles:
  social_worker: {label: Social worker, holds_cases: true, annual_cost: 55000}
  team_manager: {label: Team manager, supervises: true, annual_cost: 65000}
teams:
  duty:
    label: Duty and assessment
    posts: {social_worker: 6, team_manager: 1}
pathways:
  children:
    label: Children
    stages:
      assessment:
        label: Assessment
        team: duty
        duration: {distribution: lognormal, mean: 33, cv: 0.5}
        timescale: {within_days: 45, counted_from: referral, outcome: assessments_within_45_days}
        weight: 2
        work:
          visit: {label: Visit, every_days: 10, direct_hours: 2, admin_hours: 2, contact: true}
        next: {closed: 1}
demand:
  referrals:
    label: Referrals
    pathway: children
    per_week: 5
    risk: {high: 0.2, low: 0.8}
    complexity: 1
working_time: {hours_per_week: 37, overtime_hours_per_week: 3}
allocation: {rule: lowest_workload}
absence:
  annual_leave: {days: 28}
  short_sickness: {per_year: 1, duration: 3}
  long_sickness: {per_year: 0.1, duration: 40}
  parental_leave: {per_year: 0.02, duration: 180}
turnover: {leaving_per_year: 0.15, notice_days: 40}
recruitment:
  approval_days: 10
  round_days: {distribution: exponential, mean: 60}
  success_per_round: 0.7
agency: {lead_days: 20, stay_days: 120}
wellbeing: {exhaustion: {}}
"""

SMALL_STUDY = """\
name: small_study
title: A small study
question: What would help?
scenario: small.yaml
years: 1
replications: 4
seed: 7
policies:
  - {name: baseline, label: the service as it is}
  - name: more_posts
    label: two more social workers
    levers:
      - {lever: posts, role: social_worker, team: duty, fte: 2}
  - name: nothing
    label: a lever that changes nothing
    levers:
      - {lever: demand, factor: 1}
outcomes: [caseload_per_fte, turnover_rate, assessments_within_45_days, total_cost]
"""

EFFECTS = {"baseline": 0.0, "more_posts": 1.0, "nothing": 0.0}


def write_small_study(folder: Path) -> Path:
    """Write the small service and a study of it into a folder; the study's path."""
    (folder / "small.yaml").write_text(SMALL_SERVICE, encoding="utf-8")
    (folder / "study.yaml").write_text(SMALL_STUDY, encoding="utf-8")
    return folder / "study.yaml"


@dataclass
class Result:
    """What a run gives."""

    outcomes: dict[str, float]
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    events: pd.DataFrame | None = None


def simulate(scenario, policy, *, seed, replication, years, tables=(), trace=False) -> Result:
    """Make up a run: numbers that depend on what they should depend on, and on nothing else."""
    draw = np.random.default_rng([seed, replication]).normal(size=4)
    effect = EFFECTS[policy.name]
    outcomes = {
        "caseload_per_fte": 15 + draw[0] - 2 * effect + 0.1 * effect * draw[1],
        "turnover_rate": 0.12 + 0.01 * draw[1],
        "assessments_within_45_days": 0.85 + 0.01 * draw[2] + 0.02 * effect,
        "total_cost": 500_000 + 1_000 * draw[3] + 110_000 * effect,
    }
    weeks = np.arange(round(52 * years))
    team_weeks = pd.DataFrame(
        {
            "week": weeks,
            "week_ending": np.datetime64("2026-04-03") + 7 * weeks,
            "team": ["duty"] * len(weeks),
            "cases": draw[0] + weeks,
        }
    )
    log = pd.DataFrame({"day": [0], "why": [None if replication % 2 else "fewest cases"]})
    loads = pd.DataFrame({"measure": ["load"], "band": ["up to 50 %"], "people": [1]})
    made = {"team_weeks": team_weeks, "worker_loads": loads, "allocation_log": log}
    events = pd.DataFrame({"day": [0, 1], "event": ["arrival", "allocation"]}) if trace else None
    return Result(outcomes, {name: made[name] for name in tables}, events)


def simulate_much(scenario, policy, **asked) -> Result:
    """Make up a run with a table of a megabyte, which no packing makes smaller."""
    result = simulate(scenario, policy, **asked)
    noise = np.random.default_rng(asked["replication"]).random((10_000, 25), dtype=np.float32)
    table = pd.DataFrame(noise, columns=[f"column_{n}" for n in range(25)])
    result.tables["team_weeks"] = table
    return result


def simulate_slowly_at_first(scenario, policy, **asked) -> Result:
    """Let the first runs end last."""
    time.sleep(0.2 if asked["replication"] == 0 else 0)
    return simulate(scenario, policy, **asked)


def simulate_and_fail(scenario, policy, **asked) -> Result:
    """Fail in one run."""
    if policy.name == "more_posts" and asked["replication"] == 2:
        raise ZeroDivisionError("nobody was there")
    return simulate(scenario, policy, **asked)


def simulate_and_die(scenario, policy, **asked) -> Result:
    """Lose the process in one run, as for want of memory."""
    if asked["replication"] == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return simulate(scenario, policy, **asked)


def simulate_and_be_stopped(scenario, policy, **asked) -> Result:
    """Have Ctrl-C pressed in one run."""
    if asked["replication"] == 2:
        raise KeyboardInterrupt
    return simulate(scenario, policy, **asked)


def simulate_and_die_once(scenario, policy, **asked) -> Result:
    """Lose the process in one run, but not again when that run is done again.

    The environment variable DEATHS names a folder in which is noted who has died.
    """
    death = Path(os.environ["DEATHS"]) / f"{policy.name}-{asked['replication']}"
    if asked["replication"] == 2 and policy.name == "nothing" and not death.exists():
        death.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return simulate(scenario, policy, **asked)


def simulate_posts(scenario, policy, *, seed, replication, years) -> Result:
    """Make up a run in which each post, over all teams, takes its share of 90 cases."""
    posts = sum(sum(team.posts.values()) for team in scenario.teams.values())
    draw = np.random.default_rng([seed, replication]).normal()
    return Result({"caseload_per_fte": 90 / posts + 0.3 * draw, "total_cost": 5e4 * posts})


def simulate_posts_and_die_once(scenario, policy, **asked) -> Result:
    """Lose the process in one run of a search, as `simulate_and_die_once` does in a study."""
    death = Path(os.environ["DEATHS"]) / f"{asked['replication']}"
    if asked["replication"] == 2 and not death.exists():
        death.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return simulate_posts(scenario, policy, **asked)


def simulate_at_the_gate(scenario, policy, **asked) -> Result:
    """From the third replication on, wait until a test opens the gate.

    The environment variable GATE names a folder: a process that waits there leaves its number,
    and goes on once there is a file `open`.
    """
    gate = Path(os.environ["GATE"])
    if asked["replication"] >= 2:
        (gate / f"{os.getpid()}").touch()
        while not (gate / "open").exists():
            time.sleep(0.02)
    return simulate(scenario, policy, **asked)
