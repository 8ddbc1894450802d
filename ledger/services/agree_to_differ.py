"""Start a disagreement where people agree to differ on a finding: in the append of that outcome, by whoever says it.

It is between their agency and those whose statements the finding sets out, as far as they may know of these. Where one
about this finding is open already, or the statements are of one agency alone, none is started.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from ledger.domain.disagreement import WHAT_IS_SO
from ledger.domain.marking import RESTRICTED
from ledger.domain.question import digest_of
from ledger.services.context import Context
from ledger.services.disagree import KIND
from ledger.services.find_disputed import Disputed, disputed
from ledger.services.project import project
from ledger.services.submission import Submission
from ledger.services.told import Told
from ledger.store.append import Caller, Statement, Stored
from ledger.store.database import SYSTEM
from ledger.store.disagreements import is_open_on, marked, on_finding, took_part
from ledger.store.findings import by_id
from ledger.store.party import act_for

OUTCOME: Final = "agreed_to_differ"
_SENT: Final = "SELECT 1 FROM ledger.entries WHERE agency_id = %s AND event_id = %s"


class NotStartedError(Exception):
    """Meanwhile another was opened, or the outcome itself is none that is new: nothing was written."""


@dataclass(frozen=True, slots=True)
class Differing:
    """The disagreement that an outcome starts."""

    context: Context
    record_id: UUID
    body: Mapping[str, Any]

    @property
    def submission(self) -> Submission:
        """Its entry."""
        return Submission(KIND, self.body["event_id"], self.body, names=(self.record_id,))

    def reads(self) -> list[Statement]:
        """What must be known under the lock."""
        return [on_finding(self.record_id, self.body["finding"])]

    def keep(self, caller: Caller, entry: Stored, answers: Sequence[Any]) -> Iterable[Statement]:
        """Its projection. Raises NotStartedError where one is open by now."""
        if is_open_on(answers[0], self.context.pack.disagreements):
            raise NotStartedError
        return project(Told.of(entry, caller.agency, KIND, self.body))


def differing(
    context: Context, caller: Caller, concerned: tuple[UUID, str], body: Mapping[str, Any]
) -> Differing | None:
    """What this outcome of a finding, by its record and id, starts; None where that is nothing."""
    record_id, finding_id = concerned
    if body["outcome"] != OUTCOME:
        return None
    with context.engine.begin() as connection:
        act_for(connection, caller.agency, caller.person_id)

        def look(statement: Statement) -> Sequence[Any]:
            return connection.exec_driver_sql(statement[0], tuple(statement[1])).all()

        finding = by_id(connection, [finding_id]).get(finding_id)
        # An outcome that is sent again started what it started the first time.
        if finding is None or look((_SENT, (caller.agency, body["event_id"]))):
            return None
        known = disputed(connection, caller, finding, context)
        others = _others(known, caller.agency)
        if known is None or not others or is_open_on(look(on_finding(*concerned)), context.pack.disagreements):
            return None
        there = {agency for agency, has_ended in look(took_part(record_id, others)) if not has_ended}
        others = [one for one in others if one in there]
        is_held_back = bool(look(marked(record_id, known.rests_on)))
    return Differing(context, record_id, _body(body, finding_id, others, is_held_back=is_held_back)) if others else None


def _others(known: Disputed | None, agency: str) -> list[str]:
    return [] if known is None else [one for one in known.agencies if one not in (agency, SYSTEM)]


def _body(outcome: Mapping[str, Any], finding: str, others: Sequence[str], *, is_held_back: bool) -> dict[str, Any]:
    sharing = {"marking": RESTRICTED, "to": list(others), "lawful_basis": "public_task"}
    return {
        "event_id": f"differ.{digest_of([finding, outcome['event_id']])}",
        "with": list(others),
        "about": finding,
        "finding": finding,
        "kind": WHAT_IS_SO,
        "view": outcome["reason"],
        **({"sharing": sharing} if is_held_back else {}),
        **{name: outcome[name] for name in ("author", "person") if name in outcome},
    }
