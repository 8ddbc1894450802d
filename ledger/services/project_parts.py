"""What entries do to what everybody involved may know of involvements: which agencies have a part in a record."""

from collections.abc import Iterable, Mapping
from typing import Final

from ledger.domain.edtf import parse
from ledger.services.told import Before, Projection, Told
from ledger.store.append import Statement
from ledger.store.database import SYSTEM
from ledger.store.parts import keep_part


def _involvement(told: Told, _before: Before) -> Iterable[Statement]:
    # The ledger involves a duty desk; everybody else themselves.
    agency = told.body["agency"] if told.agency == SYSTEM else told.agency
    until = parse(told.body["until"]).latest_end if "until" in told.body else None
    yield keep_part(told.record_id, agency, told.number, until)


def _lead(told: Told, _before: Before) -> Iterable[Statement]:
    # Being named lead is being involved.
    yield keep_part(told.record_id, told.body["agency"], told.number, None)


PARTS: Final[Mapping[str, Projection]] = {"involvement": _involvement, "lead": _lead}
