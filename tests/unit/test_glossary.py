"""The glossary says what the code says."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

SCRIPT = Path(__file__).parents[2] / "scripts" / "make_glossary.py"


def test_the_page_is_what_the_script_makes():
    done = subprocess.run([sys.executable, str(SCRIPT), "--check"])
    assert done.returncode == 0, "run: python scripts/make_glossary.py"
