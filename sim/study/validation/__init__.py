"""Is the simulation true? Theory, targets, patterns across authorities, and the backtest."""
