"""How many people do we need? The least staffing with which a service meets its targets."""

from sim.study.staffing.finding import COST, Staffing, find_staffing

__all__ = ["COST", "Staffing", "find_staffing"]
