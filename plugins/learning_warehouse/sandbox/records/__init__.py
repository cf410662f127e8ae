"""Records of one vendor each: the ledger as that vendor would show it at `now`, versions and deletes included."""
