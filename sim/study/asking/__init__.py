"""Ask stored results: which studies there are, two of them side by side, anything in SQL."""

from sim.study.asking.sql import ask, open_tables

__all__ = ["ask", "open_tables"]
