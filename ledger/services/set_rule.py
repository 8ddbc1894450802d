"""Put a rule into shadow, or bring it live: somebody's decision, and an entry in the partnership's record.

Coming live brings whatever the rule found that is still open. So whoever asks for it says how many findings that is,
and is refused with the number where it is another: nobody sets off what they did not know of. The number is that of
the last count, a minute old at most while a worker runs.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine

from ledger.domain.entry import Chance
from ledger.domain.role import Right
from ledger.domain.rule import RESERVED
from ledger.domain.shadow import BY_OPERATOR, LIVE, SHADOWED, may_be_shadowed
from ledger.services.authenticate import authenticate
from ledger.services.context import Context
from ledger.services.refusal import NOT_HERE, Refusal, RefusedError
from ledger.services.refuse_rules import RULE_ALWAYS_LIVE, RULE_IS_SO, brings_others
from ledger.services.write_own import Own, write_together
from ledger.store.administration import partnership_record
from ledger.store.append import Caller, Credential, Stored
from ledger.store.rule_counts import counts_of
from ledger.store.rules import only_if_live, rules_named


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody wants of a rule. ``findings``: how many open ones they expect it to bring, coming live."""

    rule: str
    is_live: bool
    reason: str
    findings: int | None = None


def set_rule(context: Context, who: Credential | Caller, change: Change) -> Stored:
    """Do what an operator wants of a rule. Raises RefusedError."""
    with context.engine.begin() as connection:
        caller = authenticate(connection, who, Right.OPERATE)
        check_change(connection, caller.partnership, change, context.pack.rules)
        record_id = partnership_record(connection, caller.partnership)
    return write_change(context.engine, record_id, change, context.chance, caller)


def check_change(connection: Connection, partnership: str, change: Change, known: Collection[str]) -> None:
    """Raise RefusedError where there is no such rule, it may not be done, or its consequences are others than said."""
    if change.rule not in {*known, *(count.rule for count in counts_of(connection, partnership))}:
        raise _error(NOT_HERE)
    if not change.is_live and not may_be_shadowed(change.rule):
        raise _error(RULE_ALWAYS_LIVE)
    brought = findings_brought(connection, partnership, change.rule)
    if change.is_live and change.findings != brought:
        raise _error(brings_others(brought))


def findings_brought(connection: Connection, partnership: str, rule: str) -> int:
    """How many open findings a rule would bring to somebody, coming live, as last counted."""
    return next((count.waiting for count in counts_of(connection, partnership) if count.rule == rule), 0)


def write_change(engine: Engine, record_id: UUID, change: Change, chance: Chance, who: Caller | None = None) -> Stored:
    """Write it down, by whoever was checked, else by the ledger. Raises RefusedError where it is so already."""
    body: dict[str, Any] = {"rule": change.rule, "why": BY_OPERATOR, "reason": change.reason}
    if who is not None:
        body["by"] = str(who.person_id)
    if change.is_live:
        body["findings"] = change.findings
    condition = (only_if_live(record_id, change.rule, live=not change.is_live), RULE_IS_SO)
    own = Own(LIVE if change.is_live else SHADOWED, body)
    return write_together(engine, record_id, [own], chance, who=who, only_if=condition)[0]


def known_rules(connection: Connection, partnership: str) -> frozenset[str]:
    """The rules of every pack that was in force, and those that are always there; for who has no pack at hand."""
    return frozenset({*RESERVED, *rules_named(connection, partnership)})


def _error(refusal: Refusal) -> RefusedError:
    return RefusedError(refusal.code, refusal.detail, refusal.pointer)
