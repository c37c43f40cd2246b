"""Why? What drives a policy's difference, and what happened in a month of one run."""

from sim.study.explaining.difference import Explanation, explain

__all__ = ["Explanation", "explain"]
