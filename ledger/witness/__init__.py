"""A witness: a small service that another agency runs, and that cosigns a log's checkpoints.

It needs nothing of the ledger whose log it follows: no database, no rule pack, no account. It remembers, for each log,
what it cosigned last, cosigns only what grows from that, and keeps whatever a log signed that contradicts it. C2SP:
tlog-witness, tlog-cosignature, tlog-checkpoint.
"""
