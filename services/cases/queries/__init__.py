"""Questions about cases: who may see which, how far it is, what was saved."""
