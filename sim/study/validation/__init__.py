"""How far the simulated service can be trusted."""
