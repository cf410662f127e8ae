"""The simulated company: its ledger, its vendor-shaped records and its planted truths."""
