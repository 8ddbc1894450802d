"""export.json and export.note: what an export is, the SHA-256 of each of its files, and the signature over that."""

import hashlib
from typing import Any, Final, Protocol

from ledger.domain.entry import canonical
from ledger.services.export_files import Parcel, put
from ledger.services.receive import ReceiptSigner

FORMAT: Final = "ledger-export/1"
#: Of an entry that says that a copy was taken.
KIND: Final = "export"


class Progress(Protocol):
    """Is told how far an export is."""

    def at(self, what: str, done: int, total: int) -> None:
        """So much of so much is done."""


class Silent:
    """Is told, and tells nobody."""

    def at(self, what: str, done: int, total: int) -> None:
        """Nothing is said."""


def close_up(parcel: Parcel, signer: ReceiptSigner, said: dict[str, Any]) -> str:
    """Write what an export says of itself, with the hashes of all that is in the parcel, and sign it.

    Answers with the SHA-256 of export.json in hexadecimal.
    """
    described = canonical({"format": FORMAT, **said, "files": dict(parcel.hashes)})
    digest = hashlib.sha256(described).hexdigest()
    put(parcel, "export.json", [described])
    put(parcel, "export.note", [signer.sign(f"{signer.origin}/exports\n{digest}\n").encode()])
    return digest
