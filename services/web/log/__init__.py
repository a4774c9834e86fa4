"""The log as C2SP tlog-tiles, for programs that verify it."""
