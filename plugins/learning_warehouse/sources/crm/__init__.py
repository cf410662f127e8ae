"""Sources of the domain crm."""
