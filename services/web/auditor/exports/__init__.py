"""The log and answers as files, written while they are read."""
