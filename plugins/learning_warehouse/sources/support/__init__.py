"""Sources of the domain support."""
