"""The rule pack that ships, read once a process: a pack never changes, and reading this one takes over a second."""

from functools import cache

from ledger.domain.pack import Pack
from ledger.services.load_pack import SHIPPED, load_pack


@cache
def shipped_pack() -> Pack:
    """The default pack."""
    return load_pack(SHIPPED / "default")
