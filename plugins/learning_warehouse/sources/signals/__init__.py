"""Sources of the domain signals."""
