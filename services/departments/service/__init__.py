"""The simulated departments and the hub as an HTTP service of their own."""
