"""How a case looks in a terminal: live where it is one, plain where it is a pipe."""
