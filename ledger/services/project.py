"""What each kind of entry does to the projections: one function a kind, for the append and for the rebuild alike.

A projection's columns are a function of the entries and of the pack. Nothing here reads a clock, draws lots or looks
anything up: what an entry takes from those before it is handed in (`Before`). Its marks, landmarks and claims are told
from its body in the same way by `keep_marks`, `landmark_statements` and `claim_places`.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from ledger.services.project_adults import ADULTS
from ledger.services.project_alerts import BY_PEOPLE, BY_THE_KEEPER
from ledger.services.project_detected import DETECTED
from ledger.services.project_partnership import PARTNERSHIP
from ledger.services.project_parts import PARTS
from ledger.services.project_people import PEOPLE
from ledger.services.project_record import RECORD
from ledger.services.project_retention import RETENTION
from ledger.services.project_rules import RULE_STATES, VERDICTS
from ledger.services.project_work import WORK
from ledger.services.told import NOTHING, Before, Projection, Told
from ledger.store.append import Statement

#: What entries do, by kind, as each module knows its own.
TABLES: Final[Sequence[Mapping[str, Projection]]] = (
    RECORD, RETENTION, PARTNERSHIP, PEOPLE, RULE_STATES, DETECTED, BY_PEOPLE, BY_THE_KEEPER, VERDICTS, WORK,
    PARTS, ADULTS,
)  # fmt: skip
#: By kind, each after those before it; a kind that is not here is an entry and nothing else.
PROJECTIONS: Final[Mapping[str, Sequence[Projection]]] = {
    kind: [table[kind] for table in TABLES if kind in table] for table in TABLES for kind in table
}

#: Within one step what closes comes first, so that another finding may open on its question; alerts come last.
_RAISES: Final = 2
_IN_A_STEP: Final = {
    "finding_closed": 0,
    "finding_joined": 1,
    "finding_raised": _RAISES,
    "check_failed": _RAISES,
    "alert_raised": 3,
}


def project(told: Told, before: Before = NOTHING) -> list[Statement]:
    """The statements of one entry, to run in its append or on a second schema."""
    return [statement for projection in PROJECTIONS.get(told.kind, ()) for statement in projection(told, before)]


def project_detected(entries: Sequence[Told]) -> list[Statement]:
    """The statements of entries that detection wrote, in their order, those of one step in the order in which they can
    be kept.
    """
    return [statement for told in in_order(entries) for statement in project(told)]


def in_order(entries: Iterable[Told]) -> Iterable[Told]:
    """Entries that detection wrote, those of one step sorted; an alert belongs to the step that is told before it."""
    step, together, raised = "", list[Told](), set[str]()
    for told in entries:
        finding = str(told.body.get("finding"))
        # A step that was taken again, after it had failed, is another: it may close what the first one raised.
        is_next = told.body.get("step", step) != step or (told.kind == "finding_closed" and finding in raised)
        if is_next:
            yield from _sorted(together)
            step, together, raised = str(told.body.get("step", step)), [], set()
        together.append(told)
        if _IN_A_STEP.get(told.kind) == _RAISES:
            raised.add(finding)
    yield from _sorted(together)


def _sorted(step: Iterable[Told]) -> list[Told]:
    return sorted(step, key=lambda one: _IN_A_STEP.get(one.kind, len(_IN_A_STEP)))
