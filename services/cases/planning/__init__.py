"""What a case needs, as a pure function of item, answers, register and evidence."""
