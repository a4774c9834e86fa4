"""What goes wrong, by the part that it happens to."""
