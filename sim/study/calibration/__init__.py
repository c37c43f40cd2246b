"""Fit what nobody publishes: history matching, and an ensemble of plausible values."""
