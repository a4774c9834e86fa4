"""Papers, the receipts behind them, and the page on which anybody checks one."""
