"""Experiments: a scenario under several policies, many times over, run, stored and compared."""
