"""Write results/README.md from the meanings in the code. `--check` says whether it is current."""

from __future__ import annotations

import sys
from pathlib import Path

from sim.study.storing.readme import NAME, readme

PAGE = Path(__file__).parents[1] / "results" / NAME


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(PAGE.read_text(encoding="utf-8") != readme())
    PAGE.write_text(readme(), encoding="utf-8")
