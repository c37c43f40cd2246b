"""Rules that the linters keep for us do bite: each is shown a line that breaks it."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[2]


def ruff(source: str, *, as_file: str) -> str:
    """What ruff says of a source text, taken for a file of the project."""
    told = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--no-cache", "--stdin-filename", as_file, "-"],
        cwd=ROOT,
        input=source,
        capture_output=True,
        text=True,
    )
    assert told.returncode in (0, 1), told.stderr
    return told.stdout


@pytest.mark.parametrize(
    "source",
    [
        '"""Doc."""\nimport random\n\nx = random.random()\n',
        '"""Doc."""\nfrom random import choice\n\nx = choice([1])\n',
        '"""Doc."""\nimport numpy as np\n\nx = np.random.default_rng(1)\n',
        '"""Doc."""\nfrom numpy.random import default_rng\n\nx = default_rng(1)\n',
        '"""Doc."""\nfrom numpy import random\n\nx = random.default_rng(1)\n',
    ],
)
def test_ordinary_random_numbers_are_banned_in_the_model_alone(source):
    assert "TID251" in ruff(source, as_file="sim/model/absence.py")
    assert "TID251" not in ruff(source, as_file="forecasting/paths.py")
