"""The scenario table: what becomes of a case, whatever a department does."""
