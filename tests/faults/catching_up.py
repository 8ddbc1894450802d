"""A worker's process that catches up on what is due in a database, until nothing is or it is killed.

`python -m tests.faults.catching_up URL` says `ready` once it is about to begin and `done` at the end.
"""

import sys

from ledger.services.detect_due import Setbacks, sweep
from ledger.store.database import connect_engine
from tests.chance import chance
from tests.integration.services.detecting import packs


def main(database_url: str) -> None:
    """Catch up as the worker's role does."""
    packs("")
    engine = connect_engine(database_url, "ledger_worker", pool_size=1)
    print("ready", flush=True)
    sweep(engine, packs, chance, setbacks=Setbacks())
    print("done", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
