"""Applicants: home, guide, sign-in, filing, tracking."""
