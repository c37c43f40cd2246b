"""People by age and sex: official estimates and projections, and how far projections miss."""
