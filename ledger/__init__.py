"""A ledger that several agencies share, to keep children safe: see ARCHITECTURE.md."""
