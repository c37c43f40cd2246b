"""How good forecasts of published monthly series are, and how fast: `python -m` this."""
