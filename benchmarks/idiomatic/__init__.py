"""The core of the simulated service, written the usual SimPy way: comparator and oracle.

A process for each worker, case, absence, vacancy and stream of arrivals; objects with attributes;
ordinary Python and numpy's random generators; nothing compiled. It reads the same Scenario, and
shares no line with sim.model.
"""

from benchmarks.idiomatic.service import Service, simulate

__all__ = ["Service", "simulate"]
