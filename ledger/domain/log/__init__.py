"""The formats and proofs of a transparency log, by RFC 9162, RFC 8032 and the C2SP specifications.

Everything here is pure and needs nothing but Python's standard library, not even the rest of this project, so that the
same code serves the sealer, a witness, the API and an auditor's single file (`docs/verify/ledger_verify.py`).
Decision 22 says why these formats and no others.
"""
