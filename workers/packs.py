"""The rule packs that a worker can use: those that lie beside the one it was given.

A step of detection asks for the pack that was in force then. One whose files are gone is replaced by the one at hand,
with a line in the log: a finding names the version that found it, and silence would be worse.
"""

import os
import threading
from pathlib import Path

import structlog

from ledger.domain.pack import Pack
from ledger.services.load_pack import load_pack

_log = structlog.get_logger("workers.packs")


_made: dict[tuple[int, Path], "PacksAtHand"] = {}
_making = threading.Lock()


def packs_of(folder: Path) -> "PacksAtHand":
    """Those of this process: its threads share them, since one takes a second to read and much memory to keep."""
    with _making:
        key = (os.getpid(), folder)
        if key not in _made:
            _made[key] = PacksAtHand(folder)
        return _made[key]


class PacksAtHand:
    """Packs by digest; `folder` holds the one to use when a digest is not found. Safe among threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._given = load_pack(folder).without_examples()
        self._known: dict[str, Pack] = {self._given.digest: self._given}

    def __call__(self, digest: str) -> Pack:
        """The pack of this digest, or the one at hand."""
        pack = self._known.get(digest)
        if pack is None:
            with self._lock:
                pack = self._known.get(digest) or self._find(digest)
        return pack

    def _find(self, digest: str) -> Pack:
        # The files may have been changed, and the change put in force, since this process began.
        for folder in (self._folder, *sorted(self._folder.parent.iterdir())):
            try:
                found = load_pack(folder).without_examples()
            except (OSError, ValueError):
                continue  # not a pack, or one that is being written
            self._known.setdefault(found.digest, found)
            if found.digest == digest:
                return found
        _log.warning("a rule pack that was in force is not at hand; using another", pack=digest)
        self._known[digest] = self._given
        return self._given
