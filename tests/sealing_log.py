"""Sealing as the sealer does it, of a partnership's database, with keys and a store for tests."""

import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text

from ledger.services.hold_head import NotAdoptedError
from ledger.services.kept_head import KeptHeads
from ledger.services.seal_log import LogSealer
from ledger.services.sign_log import LogSigner, origin_of_log
from tests.partnership import ORIGIN, Partnership

#: For how long a sealer that runs by itself is waited for.
PATIENCE_S = 10.0
LOG_SEED = bytes(range(32, 64))
LOG_VKEY = LogSigner(LOG_SEED).vkey(origin_of_log(ORIGIN, "entries"))
ACCESS_VKEY = LogSigner(LOG_SEED).vkey(origin_of_log(ORIGIN, "access"))

#: Where the sealer of each database keeps its heads; gone with the process.
_FOLDERS: dict[str, "tempfile.TemporaryDirectory[str]"] = {}


def store_of(partnership: Partnership) -> Path:
    """The folder of the sealer's own store."""
    url = partnership.database_url
    if url not in _FOLDERS:
        _FOLDERS[url] = tempfile.TemporaryDirectory(prefix="ledger-sealed-", ignore_cleanup_errors=True)
    return Path(_FOLDERS[url].name)


def seal(partnership: Partnership) -> None:
    """Seal all that waits, in both logs, and sign a checkpoint over it; where a sealer of its own runs, wait for it."""
    try:
        _seal(partnership)
    except NotAdoptedError:
        ends = time.monotonic() + PATIENCE_S
        with partnership.engine("ledger_sealer").connect() as connection:
            while connection.scalar(text("SELECT count(*) FROM ledger.unsealed")) and time.monotonic() < ends:
                connection.rollback()
                time.sleep(0.2)


def _seal(partnership: Partnership) -> None:
    with KeptHeads(store_of(partnership)) as store, partnership.engine("ledger_sealer").connect() as connection:
        sealer = LogSealer(connection, store, LogSigner(LOG_SEED), ORIGIN, lambda: datetime.now(UTC))
        sealer.begin()
        while not sealer.round().is_idle:
            pass
