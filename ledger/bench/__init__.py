"""Measures the ledger beside bare peers on the same servers, in turns, in one run; started by `ledger bench`."""
