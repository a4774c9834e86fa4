"""The only way into a department's house; one contract for every gateway."""
