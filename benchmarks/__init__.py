"""One script per performance goal; each measures ours and its rival in one run."""
