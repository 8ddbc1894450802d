"""What entries do to how rules fare: which are in shadow, and what was done about each alert."""

from collections.abc import Iterable, Mapping
from typing import Final

from ledger.domain.alert import ACTION, OUTCOME
from ledger.domain.shadow import LIVE, SHADOWED, Verdict, verdict_of_action, verdict_of_outcome
from ledger.services.told import Before, Projection, Told
from ledger.store.append import Statement

_STATE: Final = """
    INSERT INTO ledger.rule_states (partnership_id, number, recorded_at, rule, is_live, why)
    SELECT p.partnership_id, %s, %s, %s, %s, %s FROM ledger.partnerships p WHERE p.record_id = %s"""
_VERDICT: Final = """
    INSERT INTO ledger.verdicts (record_id, number, recorded_at, alert_id, verdict) VALUES (%s, %s, %s, %s, %s)"""


def _state(told: Told, _before: Before) -> Iterable[Statement]:
    said = (told.body["rule"], told.kind == LIVE, told.body["why"])
    yield _STATE, (told.number, told.recorded_at, *said, told.record_id)


def _action(told: Told, _before: Before) -> Iterable[Statement]:
    yield _decided(told, told.body["alert"], verdict_of_action(told.body["action"]))


def _outcome(told: Told, _before: Before) -> Iterable[Statement]:
    yield _decided(told, told.body["of"], verdict_of_outcome(told.body["outcome"]))


def _decided(told: Told, alert: str, verdict: Verdict) -> Statement:
    return _VERDICT, (*told.place, told.recorded_at, alert, verdict)


#: Of a partnership's own record.
RULE_STATES: Final[Mapping[str, Projection]] = {SHADOWED: _state, LIVE: _state}
#: Of a child's record: beside what these kinds do to the alert itself.
VERDICTS: Final[Mapping[str, Projection]] = {ACTION: _action, OUTCOME: _outcome}
