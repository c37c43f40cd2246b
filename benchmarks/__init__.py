"""How fast the simulated service runs, and the same service written the usual SimPy way."""
