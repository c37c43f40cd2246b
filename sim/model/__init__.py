"""The simulated service: one run of it, one file a concept."""
