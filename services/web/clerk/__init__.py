"""The desk: inbox, case, decision."""
