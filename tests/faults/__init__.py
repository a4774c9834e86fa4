"""Everything is broken once, under load; then one checker looks for what is lost."""
