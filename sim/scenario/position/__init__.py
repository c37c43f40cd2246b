"""A service's position today: its staff list and its open cases, read from CSV or Excel."""
