"""One record as known at a point of it: the question that many routes take, and how they answer it."""

from collections.abc import Mapping
from typing import Any, ClassVar, Protocol
from uuid import UUID

from flask import Response
from sqlalchemy import Connection

from ledger.api.answers import as_json
from ledger.api.refusals import reads
from ledger.api.timelines import PointSchema, point_of
from ledger.domain.entry import Chance
from ledger.domain.pack import Pack
from ledger.services.context import Context
from ledger.services.find_as_of import PointAsked
from ledger.services.see import Reader


class AsKnownSchema(PointSchema):
    """Which point of the record."""

    class Meta:
        exclude: ClassVar = ("valid_at", "after", "limit")


class Read(Protocol):
    """What reads a record at a point, writes the access record, and gives the answer as JSON."""

    def __call__(
        self,
        connection: Connection,
        reader: Reader,
        record_id: UUID,
        asked: PointAsked,
        /,
        *,
        pack: Pack,
        chance: Chance,
    ) -> Mapping[str, Any]: ...


def answer_as_known(context: Context, asked: dict[str, Any], record_id: UUID, read: Read) -> Response:
    """What `read` says of a record at the point asked for; it is sent once its reading is committed."""
    with reads(context) as (connection, reader):
        point = PointAsked(**point_of(asked))
        answer = read(connection, reader, record_id, point, pack=context.pack, chance=context.chance)
    return as_json(answer)
