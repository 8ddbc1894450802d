"""The embedded stack: PostgreSQL and Valkey from wheels, and a supervisor that keeps a machine's parts running.

Standard library only, and nothing of the ledger is imported here: the same modules give `ledger up` its engines
and the tests theirs.
"""
