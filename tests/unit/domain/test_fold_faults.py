"""A rule that fails, a state that lacks something, and what names a finding."""

from dataclasses import replace

import pytest

from ledger.domain.finding import finding_id
from ledger.domain.fold import DETECTION_READS, SYSTEM_KINDS, run, step, step_key
from ledger.domain.outcome import CheckFailed, Raised
from ledger.domain.record_state import RecordState, StateIncompleteError
from ledger.domain.rule import STATES, Verdict, View
from tests.saying import presence_pack, says, steps

PACK = presence_pack()
GONE = says("csc", "absent", "2022-03-10", "2022-03-10/..", told="mother")
THERE = says("police", "lives_here", "2022-04-02")


def _fail(_view: View) -> Verdict:
    raise ZeroDivisionError


#: The pack with its first rule broken.
BROKEN = replace(
    PACK,
    rules={**PACK.rules, STATES: replace(PACK.rules[STATES], family=replace(PACK.rules[STATES].family, judge=_fail))},
)


def test_a_rule_that_fails_is_said_and_the_others_run() -> None:
    """The failure is an outcome, not an exception, and the staleness of the same step is still due."""
    (first,) = [outcomes for _, _, outcomes in run(RecordState("r"), steps(GONE), BROKEN)]
    assert [outcome.rule for outcome in first if isinstance(outcome, CheckFailed)] == ["states_of_the_world"]
    assert len(first) == 2


def test_a_failed_rule_runs_again_at_the_next_step_on_its_question() -> None:
    """What it would have raised is raised by the next step that touches the question."""
    *_, (_, state, _) = run(RecordState("r"), steps(GONE, THERE), BROKEN)
    assert not state.findings
    third = steps(GONE, THERE, says("gp", None, "2022-04-03", not_known="unknown"))[2]
    _, outcomes = step(state, third, PACK)
    raised = [outcome.finding.kind for outcome in outcomes if isinstance(outcome, Raised)]
    assert raised == ["contradiction", "gap"]


def test_a_step_refuses_a_state_that_lacks_what_it_needs() -> None:
    """Nothing is judged on half of a question."""
    with pytest.raises(StateIncompleteError):
        step(RecordState.partial("r"), steps(GONE)[0], PACK)


def test_a_finding_is_named_by_record_key_and_step() -> None:
    """The id follows from what opened it and from nothing else."""
    *_, (_, state, _) = run(RecordState("r"), steps(GONE, THERE), PACK)
    (finding,) = state.findings.values()
    assert finding.id == finding_id("r", finding.key, step_key(steps(GONE, THERE)[1]))
    assert len(finding.id) == 32
    assert finding.raised_at == steps(GONE, THERE)[1].at


def test_a_step_changes_no_state_that_it_was_given() -> None:
    """A state is a value: stepping it twice gives the same."""
    *_, (_, state, _) = run(RecordState("r"), steps(GONE), PACK)
    before = repr(state)
    event = steps(GONE, THERE)[1]
    assert step(state, event, PACK) == step(state, event, PACK)
    assert repr(state) == before


def test_detection_reads_nothing_that_the_ledger_itself_writes() -> None:
    """So it cannot feed itself."""
    assert not DETECTION_READS & SYSTEM_KINDS
