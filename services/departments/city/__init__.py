"""What the simulated departments hold for the companies of a synthetic city."""
