"""The manifest of a results folder: everything that is needed to get the same results again."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sim.packages import versions_of
from sim.scenario.study_file import StudyFile

FORMAT = "plimsoll results 1"
NAME = "manifest.json"
PACKAGES = (
    "plimsoll-workforce",
    "holidays",
    "llvmlite",
    "numba",
    "numpy",
    "pandas",
    "pyarrow",
    "pydantic",
    "pyyaml",
    "scipy",
    "simpy",
)


def now() -> str:
    """Return the time in UTC, to the second, as 2026-04-01T09:30:00Z."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def content_hash(content: Any) -> str:
    """Return the SHA-256 of plain content: of its JSON without spaces, keys in their own order."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def study_content(study: StudyFile) -> dict[str, Any]:
    """Write a study, with its scenario and its policies, as plain content."""
    return study.model_dump(mode="json")


def manifest(
    study: StudyFile, started: str, files: dict[str, Any], sources: dict[str, Any]
) -> dict[str, Any]:
    """Describe a study that has run.

    Parameters
    ----------
    study
        As it was run: with the years, replications and seed that were asked for.
    started
        When it began.
    files
        For each file of results its rows and its SHA-256.
    sources
        Where what else it took came from: `forecast_source` (file, its SHA-256, paths and months
        there) and `plausible_source` (file, its SHA-256, its sets); None without one.
    """
    content = study_content(study)
    content["scenario"]["position"] = None  # in a file of its own: see kept_position
    name, scenario, policies = (content.pop(key) for key in ("name", "scenario", "policies"))
    return {
        "format": FORMAT,
        "study": name,
        **content,
        "baseline": study.policies[0].name,
        "started": started,
        "finished": now(),
        "files": files,
        "scenario_sha256": content_hash(scenario),
        **sources,
        **made_here(),
        "policies": policies,
        "scenario": scenario,
    }


def study_of(content: dict[str, Any]) -> StudyFile:
    """Build the study again that a manifest describes."""
    known = content | {"name": content["study"]}
    return StudyFile.model_validate(
        {field: known[field] for field in StudyFile.model_fields if field in known}
    )


def made_here() -> dict[str, Any]:
    """Say with what, and on what kind of machine, results are made: a part of every manifest."""
    return {
        "git_commit": git_commit(),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "processors": os.cpu_count(),
        "packages": package_versions(),
    }


def package_versions() -> dict[str, str]:
    """Return the versions of the packages that results depend on."""
    return versions_of(PACKAGES)


def git_commit() -> str | None:
    """Return the commit of the project's own source, with `+changes` if files differ from it.

    None where the project was not run from a git checkout of its own.
    """
    root = Path(__file__).resolve().parents[3]
    if not (root / ".git").exists() or not (root / "pyproject.toml").exists():
        return None
    try:
        commit = _git(root, "rev-parse", "HEAD")
        changes = _git(root, "status", "--porcelain", "--", "sim", "configs")
    except (OSError, subprocess.SubprocessError):
        return None
    return f"{commit}+changes" if changes else commit


def _git(root: Path, *arguments: str) -> str:
    done = subprocess.run(
        ("git", *arguments), cwd=root, capture_output=True, text=True, timeout=10, check=True
    )
    return done.stdout.strip()
