"""Make up the companies of a synthetic city: pure values, nothing is stored here."""
