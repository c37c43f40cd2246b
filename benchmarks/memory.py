"""The most memory that the demo has at any one time, all its processes together (Linux only)."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

EVERY_SECONDS = 0.1
PROC = Path("/proc")


def demo_peak_memory() -> float | None:
    """Run the demo and give its peak in MB, or nothing where that cannot be seen."""
    if not (PROC / "self" / "smaps_rollup").exists():
        return None
    with tempfile.TemporaryDirectory() as folder:
        demo = subprocess.Popen(
            [
                sys.executable, "-c", "import sys; from sim.cli import main; sys.exit(main())",
                "run", "demo", "--out", str(Path(folder) / "results"),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        most = 0
        while demo.poll() is None:
            most = max(most, sum(_kilobytes(process) for process in _with_children(demo.pid)))
            time.sleep(EVERY_SECONDS)
    return round(most / 1000, 1) if demo.returncode == 0 else None


def _with_children(process: int) -> list[int]:
    """A process, its children, theirs and so on."""
    found = [process]
    for each in found:
        for task in (PROC / str(each) / "task").glob("*/children"):
            try:
                found += map(int, task.read_text().split())
            except OSError:  # it has just ended
                continue
    return found


def _kilobytes(process: int) -> int:
    """Proportional set size: memory that several processes share is counted once."""
    try:
        lines = (PROC / str(process) / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
