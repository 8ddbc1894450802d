"""Rules as a partnership has them: in shadow or live, and what of that is still to be brought to somebody.

A finding belongs to the constraint that set its sides against each other, where one did, else to the rule that found
it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from ledger.domain.shadow import RuleState, states_of
from ledger.store.append import Statement

_STATES_OF: Final = """
    SELECT s.rule, s.recorded_at, s.is_live FROM ledger.rule_states s JOIN ledger.heads h USING (partnership_id)
    WHERE h.record_id = %s ORDER BY s.number"""
#: A finding's rule, of `f`; and that it is live, where the record's head is `h`.
RULE_OF: Final = "coalesce(nullif(f.marks->>'by', ''), f.rule)"
IS_LIVE: Final = f"""coalesce((
    SELECT s.is_live FROM ledger.rule_states s WHERE s.partnership_id = h.partnership_id AND s.rule = {RULE_OF}
    ORDER BY s.number DESC LIMIT 1), true)"""  # noqa: S608 - constants alone
# Open, more than a prompt, brought to nobody, of a rule that is live now. Of what may be brought, the oldest first.
_UNBROUGHT: Final = f"""
    SELECT f.record_id, f.finding_id FROM ledger.findings f JOIN ledger.heads h USING (record_id)
    WHERE f.closed_number IS NULL AND f.marks->>'tier' IS DISTINCT FROM 'prompt'
    AND NOT EXISTS (SELECT FROM ledger.alerts a WHERE a.finding_id = f.finding_id) AND {IS_LIVE}
    AND f.record_id <> ALL (%s)
    ORDER BY f.raised_at, f.finding_id LIMIT %s"""  # noqa: S608 - constants alone

_STANDING: Final = text("""
    SELECT DISTINCT ON (rule) rule, recorded_at, is_live, why FROM ledger.rule_states
    WHERE partnership_id = :p ORDER BY rule, number DESC""")
_IN_SHADOW: Final = """
    SELECT rule FROM (
        SELECT DISTINCT ON (rule) rule, is_live FROM ledger.rule_states WHERE partnership_id = %s
        ORDER BY rule, number DESC) s
    WHERE NOT is_live"""
_NAMED: Final = text("SELECT DISTINCT unnest(rules) FROM ledger.pack_activations WHERE partnership_id = :p")
_LATEST: Final = """
    SELECT 1 FROM ledger.heads h WHERE h.record_id = %s AND coalesce((
        SELECT s.is_live FROM ledger.rule_states s WHERE s.partnership_id = h.partnership_id AND s.rule = %s
        ORDER BY s.number DESC LIMIT 1), true) = %s"""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the last entry about a rule says: from when on it is live or in shadow, and why."""

    rule: str
    since: datetime
    is_live: bool
    why: str


def states_in(record_id: UUID) -> Statement:
    """The look-up of (rule, since, whether live) in the partnership of a record, for `read_states`."""
    return _STATES_OF, (record_id,)


def read_states(rows: Sequence[Sequence[object]]) -> tuple[RuleState, ...]:
    """The states that `states_in` looked up."""
    return states_of((str(rule), since, bool(live)) for rule, since, live in rows)  # type: ignore[misc]


def unbrought(limit: int, without: Collection[UUID] = ()) -> Statement:
    """The look-up of (record, finding) of open findings that are to be brought to somebody and were not."""
    return _UNBROUGHT, (list(without), limit)


def only_if_live(record_id: UUID, rule: str, *, live: bool) -> Statement:
    """One row where a rule is live (or in shadow) in the partnership whose record this is."""
    return _LATEST, (record_id, rule, live)


def in_shadow(partnership: str) -> Statement:
    """The look-up of (rule,) of those in shadow now."""
    return _IN_SHADOW, (partnership,)


def standing_of(connection: Connection, partnership: str) -> dict[str, Standing]:
    """What the last entry about each rule says, of those that any speaks of."""
    return {row.rule: Standing(*row) for row in connection.execute(_STANDING, {"p": partnership})}


def rules_named(connection: Connection, partnership: str) -> list[str]:
    """The rules of all packs that were in force, as far as their activations name them."""
    return [*connection.scalars(_NAMED, {"p": partnership})]
