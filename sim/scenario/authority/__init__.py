"""A ready scenario for each English authority, from what is published of it."""
