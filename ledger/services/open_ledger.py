"""Open a ledger and set up a partnership: each step is an entry in the partnership's own record."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Engine, select, text

from ledger.domain.entry import GENESIS, Chance, new_pseudonym
from ledger.domain.log.note import KEY_BYTES, vkey_of
from ledger.domain.pack import Pack
from ledger.domain.shadow import LIVE, NEW_IN_PACK, SHADOWED, added, made_fixed, named_rules
from ledger.services.enrol import Agency, add_agency
from ledger.services.find_party import check_slug, record_of
from ledger.services.refusal import RefusedError
from ledger.services.write_own import Own, said_by, write_own, write_together
from ledger.store import clock
from ledger.store.database import SYSTEM, transaction
from ledger.store.rules import standing_of
from ledger.store.tables import heads, ledger_state, partnerships

_EARLIER: Final = text(
    "SELECT digest, rules FROM ledger.pack_activations WHERE partnership_id = :p ORDER BY number DESC"
)


def open_ledger(engine: Engine, *, origin: str, demonstration: bool, clock_at: datetime | None = None) -> bool:
    """Say once what kind of ledger this is; whether it was said now.

    Raises RefusedError if it is the other kind, or if no key can be named after the origin: it stands in every receipt
    and checkpoint (c2sp.org/signed-note).
    """
    _check_origin(origin)
    with transaction(engine, party=SYSTEM) as connection:
        state = connection.execute(select(ledger_state)).one_or_none()
        if state is not None:
            if state.demonstration != demonstration:
                raise RefusedError(
                    "other_kind_of_ledger",
                    "this database holds a demonstration ledger"
                    if state.demonstration
                    else "this database holds a ledger that is not a demonstration: its clock cannot be moved",
                )
            return False
        connection.execute(ledger_state.insert().values(demonstration=demonstration, origin=origin, clock_at=clock_at))
    return True


def _check_origin(origin: str) -> None:
    try:
        vkey_of(origin, bytes(KEY_BYTES))
    except ValueError:
        raise RefusedError(
            "bad_origin",
            "an origin has no spaces and no plus signs; take an address without https://: ledger.example.org",
        ) from None


def open_partnership(
    engine: Engine, chance: Chance, *, ref: str, name: str, nation: str, duty_desk: Agency, pack: Pack
) -> UUID:
    """Begin a partnership's record with its first entry, its duty desk and the pack in force; returns the record."""
    check_slug(ref)
    with transaction(engine, party=SYSTEM) as connection:
        record_id: UUID | None = connection.scalar(
            select(partnerships.c.record_id).where(partnerships.c.partnership_id == ref)
        )
    if record_id is None:
        record_id = _begin(engine, chance, ref, name, nation, duty_desk.ref)
    # Both are done once whatever happens: a crash between them and the record's beginning is mended by asking again.
    add_agency(engine, chance, partnership=ref, agency=duty_desk)
    activate_pack(engine, chance, partnership=ref, pack=pack)
    return record_id


def _begin(engine: Engine, chance: Chance, ref: str, name: str, nation: str, duty_desk: str) -> UUID:
    record_id = UUID(bytes=chance(16), version=4)
    with transaction(engine, party=SYSTEM) as connection:
        state = connection.execute(select(ledger_state)).one()
        connection.execute(
            heads.insert().values(
                record_id=record_id,
                pseudonym=new_pseudonym(chance),
                kind="partnership",
                partnership_id=ref,
                head_hash=GENESIS,
                last_recorded_at=clock.now(connection) - timedelta(microseconds=1),
            )
        )
    body = {
        "partnership": ref,
        "name": name,
        "nation": nation,
        "duty_desk": duty_desk,
        "origin": state.origin,
        "demonstration": state.demonstration,
    }
    write_own(engine, record_id, "partnership_opened", body, chance)
    return record_id


def activate_pack(engine: Engine, chance: Chance, *, partnership: str, pack: Pack, by: UUID | None = None) -> bool:
    """Put a pack in force for a partnership from now on; False when it is the one in force.

    Rules that no earlier pack had begin in shadow, by entries in the same append; those of the first pack are live.
    One that had gone there by itself and that this pack makes a fixed rule comes live.
    """
    record_id = record_of(engine, partnership)
    with transaction(engine, party=SYSTEM) as connection:
        earlier = connection.execute(_EARLIER, {"p": partnership}).all()
        standing = standing_of(connection, partnership).values()
    if earlier and earlier[0].digest == pack.digest:
        return False
    named = {"pack": pack.name, "version": pack.version, "digest": pack.digest}
    new = added(pack, [one.rules for one in earlier])
    states = [Own(SHADOWED, {"rule": rule, "why": NEW_IN_PACK, **named}) for rule in new]
    fixed = made_fixed(pack, [(one.rule, one.why) for one in standing if not one.is_live])
    states += [Own(LIVE, {"rule": rule, "why": NEW_IN_PACK, **named}) for rule in fixed]
    activated = Own("pack_activated", {**named, "rules": named_rules(pack), **said_by(by)})
    write_together(engine, record_id, [activated, *states], chance)
    return True
