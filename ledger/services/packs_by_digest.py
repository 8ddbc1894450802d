"""Rule packs by digest: those that lie beside the one in use, which is where a pack that was in force is looked for."""

from pathlib import Path

from ledger.domain.pack import Pack
from ledger.services.load_pack import PackLoadError, load_pack


class PacksByDigest:
    """Packs by digest; `folder` holds the one in use, which stands for one that is not found and is named in `missing`.

    Not for several threads.
    """

    def __init__(self, folder: Path) -> None:
        """Raises PackLoadError where the pack in use cannot be used."""
        self._folder = folder
        self._given = load_pack(folder).without_examples()
        self._known: dict[str, Pack] = {self._given.digest: self._given}
        self._has_looked = False
        self.missing: set[str] = set()

    def __call__(self, digest: str) -> Pack:
        """The pack of this digest, or the one in use."""
        if digest not in self._known:
            self._look()
        if digest not in self._known:
            self.missing.add(digest)
        return self._known.get(digest, self._given)

    def _look(self) -> None:
        if self._has_looked:
            return
        self._has_looked = True
        for folder in sorted(self._folder.resolve().parent.iterdir()):
            try:
                found = load_pack(folder).without_examples()
            except (OSError, PackLoadError):
                continue  # not a pack
            self._known.setdefault(found.digest, found)
