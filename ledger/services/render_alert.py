"""The life of an alert for one reader: how far it has come, who holds it and held it, who is next, what was done."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain import alert as life
from ledger.domain.alert import State
from ledger.domain.entry import entry_id, written_time
from ledger.domain.line import Holder, Line
from ledger.domain.pack import Pack
from ledger.services.describe_entry import Names
from ledger.services.line import line_now
from ledger.services.render_closing import by_whom
from ledger.services.see import Eyes, Reader, Seen, Sight
from ledger.services.word_alert import word_clock, word_step
from ledger.store.alerts import StoredAlert
from ledger.store.database import SYSTEM
from ledger.store.people import Agency, names_by_ref
from ledger.store.timeline import of_all

#: Entries that may be of an alert.
KINDS: Final = (*sorted(life.BRINGS | life.OF_THE_KEEPER), life.DISPATCH, *life.BY_PEOPLE)


@dataclass(frozen=True, slots=True)
class Life:
    """What the lives of the alerts of one answer are rendered from."""

    names: Names
    #: Of the one alert that is asked for: what was done about it, in order, and its record's line.
    steps: Sequence[Seen] = ()
    line: Line | None = None
    #: Names of professionals who acted, by their ids.
    people: Mapping[UUID, str] = field(default_factory=dict)


def steps_of(connection: Connection, eyes: Eyes, alert: StoredAlert, up_to: int) -> list[Seen]:
    """The entries of one alert that the reader sees, in order."""
    stored = of_all(connection, alert.record_id, KINDS, up_to)
    looked = (eyes.look(entry) for entry in stored)
    return [entry for entry in looked if alert.alert_id in (entry.body.get("alert"), entry.body.get("of"))]


def lives(
    connection: Connection,
    alerts: Iterable[StoredAlert],
    steps: Sequence[Seen],
    directory: Mapping[str, Agency],
    pack: Pack | None,
) -> Life:
    """What is needed to render them; with a pack of the one alert also its record's line."""
    alerts = list(alerts)
    line = line_now(connection, alerts[0].record_id, pack) if pack is not None else None
    refs = {one.to_person for one in alerts} | {str(before.get("person")) for one in alerts for before in one.held}
    parties = [entry.body.get(name) for entry in steps for name in ("to", "from", "owner", "whom")]
    refs |= {str(party.get("person")) for party in parties if isinstance(party, Mapping)}
    if line is not None:
        refs |= {line_holder.person for line_holder in line.everybody(alerts[0].raised_at)}
        refs |= {one.person for one in (line.lead, line.deputy, *line.ladder.values()) if one is not None}
    named = names_by_ref(connection, {ref for ref in refs if ref})
    return Life(Names({agency: one.name for agency, one in directory.items()}, named), steps, line)


def render_life(
    alert: StoredAlert, given: Life, reader: Reader, pseudonym: str, now: datetime, *, is_pointer: bool
) -> dict[str, Any]:
    """How far one alert has come: for a list, and for one alert with what was done and who is next.

    Where its finding is no more than a pointer to the reader (`is_pointer`), of what other agencies did only that.
    """
    holder = Holder(alert.stage, alert.to_agency, alert.to_person)  # type: ignore[arg-type]
    told: dict[str, Any] = {
        "tier": alert.tier,
        "state": alert.state,
        "stage": alert.stage,
        "act_by": None if alert.act_by is None else written_time(alert.act_by),
        "clock_words": word_clock(alert.state, alert.act_by, now),
        "is_late": alert.state != State.SNOOZED and alert.act_by is not None and alert.act_by <= now,
        "holder": _named(holder, given.names),
        "yours": _is_theirs(alert, reader, given.names),
        "held_number": alert.held_number,
        # What tells two presses on one page from two on two.
        "acts": f"{alert.held_number}.{alert.acted_number or 0}.{alert.snoozed_number or 0}",
        "before": [_named(Holder(one["stage"], one["agency"], one["person"]), given.names) for one in alert.held],
    }
    if given.line is None:
        return told
    following = None if alert.act_by is None else given.line.following(holder, alert.act_by)
    limit = given.line.snooze_until("interrupt" if alert.tier == "interrupt" else "queue", now)
    return told | {
        "next": None if following is None else _named(following, given.names),
        "snooze_at_most": written_time(limit),
        "history": [
            _step(entry, given, pseudonym, is_told=not is_pointer or entry.agency in (SYSTEM, reader.agency))
            for entry in given.steps
        ],
    }


def _is_theirs(alert: StoredAlert, reader: Reader, names: Names) -> bool:
    """Whether whoever reads is to act: it was brought to them, to their desk, or to a name nobody signs in under."""
    if reader.agency != alert.to_agency:
        return False
    ref = alert.to_person
    return reader.person_ref in (None, ref) or ref is None or (alert.to_agency, ref) not in names.people


def _named(holder: Holder, names: Names) -> dict[str, Any]:
    return {
        "stage": holder.stage,
        "agency": holder.agency,
        "person": holder.person,
        "words": names.party({"agency": holder.agency, "person": holder.person}),
    }


def _step(entry: Seen, given: Life, pseudonym: str, *, is_told: bool) -> dict[str, Any]:
    """One entry of an alert's life."""
    body = entry.body if is_told else {name: entry.body[name] for name in ("action",) if name in entry.body}
    told: dict[str, Any] = {
        "entry": entry_id(pseudonym, entry.number),
        "number": entry.number,
        "at": written_time(entry.recorded_at),
        "kind": entry.kind,
        "words": word_step(str(entry.kind), body, given.names.party),
    }
    if entry.agency == SYSTEM:
        return told
    person, author = by_whom(entry), entry.body.get("author")
    named = given.people.get(person) if person is not None else None
    if named is None and isinstance(author, Mapping) and author.get("ref"):
        named = given.names.person(entry.agency, str(author["ref"]))
    who = ", ".join(part for part in (named, given.names.agency(entry.agency)) if part)
    said = {name: body[name] for name in ("note", "reason") if body.get(name)}
    return told | {"agency": entry.agency, "by": who} | (said if entry.sight is Sight.FULL else {})
