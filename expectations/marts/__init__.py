"""Suites of the marts: bounds, order of intervals, states, grain, and the small-cell rule."""
