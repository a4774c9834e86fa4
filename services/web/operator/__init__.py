"""The operator's desk: is everything moving, and what helps where it is not."""
