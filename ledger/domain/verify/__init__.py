"""Checking an export of the ledger, offline, by somebody who trusts nobody that made it.

Trust comes from the request alone: the log's key, the witnesses' keys and policy, receipts and checkpoints that the
checker kept. What an export says of keys and policy is shown and never believed. Only the standard library and
`ledger.domain.log` are needed, so that the same code is the single file `docs/verify/ledger_verify.py`; this package
reads the files of an export and nothing else.
"""
