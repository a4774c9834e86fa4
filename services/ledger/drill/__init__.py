"""Tampering with a copy of the log, to show what is caught and what is not."""
