"""How sure: ranges, how many runs, where chance comes from, and whether a service has settled."""
