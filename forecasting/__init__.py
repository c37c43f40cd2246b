"""Forecasts of demand: from people to requests for social work.

Empty so far. Version 0.1 simulates a service under demand that its scenario states as a
constant with a seasonal profile; projections of demand from population and trends come in the
next stage. This package will know nothing of ``sim``: the simulator reads a forecast as data.
"""
