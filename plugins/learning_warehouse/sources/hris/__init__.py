"""Sources of the domain hris."""
