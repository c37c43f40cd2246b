"""A folder of results: how finished runs get there, and what is in it."""
