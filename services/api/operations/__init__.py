"""One module per verb: every write of this app."""
