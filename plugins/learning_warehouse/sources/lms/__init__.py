"""Sources of the domain lms."""
