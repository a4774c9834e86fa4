"""The log and whether it is whole."""
