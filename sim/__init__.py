"""Simulate a social work service: its people, its cases and its working days."""
