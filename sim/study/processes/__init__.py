"""Where runs happen, and who does them: this process, several, or an executor elsewhere."""

from sim.study.processes.local import (
    ThisProcess,
    local_processes,
    other_processes,
    processes_for,
    without_main_script,
)

__all__ = [
    "ThisProcess",
    "local_processes",
    "other_processes",
    "processes_for",
    "without_main_script",
]
