"""One reading: whoever calls is authenticated, acted for and checked within the transaction that reads.

An auditor's runs as another database role, which sees every record and can write nothing but that the auditor looked.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from sqlalchemy import Connection

from ledger.domain.role import Right, Role
from ledger.services.authenticate import authenticate, require
from ledger.services.context import Context
from ledger.services.note_access import note_refusal
from ledger.services.refusal import NOT_AUDITED_HERE, PURPOSE_NEEDED, ROLE_MISSING, RefusedError
from ledger.services.see import Reader
from ledger.store.append import Caller, Credential
from ledger.store.identity import holds
from ledger.store.party import AUDITOR, act_for

PURPOSE = "work with the child"


@contextmanager
def reading(
    context: Context, who: Credential | Caller, right: Right, *, purpose: str | None = None, request_id: str = "-"
) -> Iterator[tuple[Connection, Reader]]:
    """As `_reading`; a look at a record that is refused is recorded, once the transaction has ended."""
    reader: Reader | None = None
    try:
        with _reading(context, who, right, purpose, request_id) as (connection, found):
            reader = replace(found, caps=context.caps)
            yield connection, reader
    except RefusedError as error:
        if reader is not None:
            note_refusal(context, reader, error)
        raise


@contextmanager
def _reading(
    context: Context, who: Credential | Caller, right: Right, purpose: str | None, request_id: str
) -> Iterator[tuple[Connection, Reader]]:
    """One transaction in which `who` reads by a right, and as whom they read; commits when the block ends.

    `purpose` goes into the access records; an auditor must give one. Whether the right reaches a record is asked where
    the record is known: `ledger.services.reach`. Raises RefusedError.
    """
    if isinstance(who, Caller) and Role.AUDITOR in who.roles:
        with _auditing(context, require(who, right), purpose, request_id) as opened:
            yield opened
        return
    with context.engine.begin() as connection:
        caller = authenticate(connection, who, right)
        yield (
            connection,
            Reader(
                caller.agency,
                caller.person_id,
                caller.person_ref,
                purpose=purpose or PURPOSE,
                request_id=request_id,
                roles=caller.roles,
            ),
        )


@contextmanager
def _auditing(
    context: Context, who: Caller, purpose: str | None, request_id: str
) -> Iterator[tuple[Connection, Reader]]:
    """As an auditor: of no agency, so that nothing is theirs to see whole and no marking names them."""
    if purpose is None:
        raise RefusedError(PURPOSE_NEEDED.code, PURPOSE_NEEDED.detail)
    if context.auditor is None or who.person_id is None:
        raise RefusedError(NOT_AUDITED_HERE.code, NOT_AUDITED_HERE.detail)
    with context.auditor.begin() as connection:
        act_for(connection, AUDITOR, who.person_id)
        if not holds(connection, who.person_id, Role.AUDITOR):
            raise RefusedError(ROLE_MISSING.code, ROLE_MISSING.detail)
        yield (
            connection,
            Reader(
                AUDITOR,
                who.person_id,
                who.person_ref,
                purpose=purpose,
                request_id=request_id,
                roles=who.roles,
                home=who.agency,
            ),
        )
