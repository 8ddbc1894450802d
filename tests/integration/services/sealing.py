"""A sealer that a test can stop at any step, and the brute force that tiles are held against."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, text

from ledger.domain.log.checkpoint import Checkpoint
from ledger.domain.log.merkle import Tree, leaf_hash, root_of_run
from ledger.domain.log.tiles import WIDTH
from ledger.services.kept_head import Disk, KeptHeads
from ledger.services.seal_log import LogSealer
from ledger.services.sign_log import LogSigner, origin_of_log
from ledger.store import sealing
from ledger.store.log import Log, tree_size
from tests.partnership import ORIGIN, Partnership
from tests.sealing_log import LOG_SEED

SIGNER = LogSigner(LOG_SEED)


def now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def sealer(
    partnership: Partnership, folder: Path, *, disk: Disk | None = None, clock: Callable[[], datetime] = now
) -> Iterator[LogSealer]:
    """A sealer that has not begun, on a connection and with a store of its own."""
    with partnership.engine("ledger_sealer").connect() as connection, KeptHeads(folder, disk) as store:
        yield LogSealer(connection, store, SIGNER, ORIGIN, clock)


def seal_all(sealing_log: LogSealer) -> None:
    """Begin, and seal until nothing waits."""
    sealing_log.begin()
    while not sealing_log.round().is_idle:
        pass


def check_log(connection: Connection, log: Log) -> int:
    """The log is what a brute force makes of its leaves: positions without a gap, every tile, every checkpoint's root
    and signature; no record's number before the one before it. How many leaves it has. `connection` is a sealer's.
    """
    size = tree_size(connection, log)
    found = list(sealing.leaves(connection, log, 0, size + 1))
    assert [index for index, _ in found] == list(range(size))
    hashes = [leaf_hash(leaf) for _, leaf in found if leaf is not None]
    assert len(hashes) == size
    tree = Tree(hashes)
    stored = {
        (level, index): bytes(held)
        for level, index, held in connection.execute(
            text("SELECT level, index, hashes FROM ledger.log_tiles WHERE log = :log"), {"log": log}
        )
    }
    assert stored == _tiles(hashes)
    for checkpoint in sealing.checkpoints(connection, log):
        assert checkpoint.root == tree.root(checkpoint.size)
        said = Checkpoint(origin_of_log(ORIGIN, log), checkpoint.size, checkpoint.root)
        assert SIGNER.has_signed(checkpoint.note, said)
    if log == "entries":
        rows = connection.execute(text("SELECT record_id, number FROM ledger.entry_positions ORDER BY index")).all()
        seen: dict[object, int] = {}
        for record_id, number in rows:
            assert number == seen.get(record_id, 0) + 1, "a number stands before the one before it"
            seen[record_id] = number
    return size


def _tiles(hashes: list[bytes]) -> dict[tuple[int, int], bytes]:
    tiles, level = {}, 0
    while hashes:
        parts = [hashes[at : at + WIDTH] for at in range(0, len(hashes), WIDTH)]
        tiles.update({(level, index): b"".join(part) for index, part in enumerate(parts)})
        hashes = [root_of_run(part) for part in parts if len(part) == WIDTH]
        level += 1
    return tiles
