"""When detection runs, how often, and after how long, does not change what it finds."""

import json
from collections.abc import Iterator, Sequence
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from ledger.domain.entry import parse_entry_id, written_time
from ledger.domain.event import EntryStep
from ledger.domain.finding import finding_id
from ledger.domain.fold import DETECTION_READS, run
from ledger.domain.outcome import Closed, Joined, Raised
from ledger.domain.record_state import RecordState
from ledger.services.load_state import as_projected
from tests.integration.services.detecting import BEGAN, History, play, random_history
from tests.partnership import Partnership, default_pack
from tests.sizes import database_examples, histories

LENGTH = 16
#: Longer than any history here: the clock only moves forward, so each begins after the one before it.
YEARS = timedelta(days=121 * LENGTH + 500)


@pytest.fixture
def partnership(database_url: str) -> Iterator[Partnership]:
    """One whose clock is the test's."""
    made = Partnership(database_url, clock_at=BEGAN - timedelta(days=1))
    yield made
    made.close()


def test_after_each_entry_now_and_then_or_once_at_the_end(partnership: Partnership) -> None:
    """The same entries at the same times give the same findings, alerts, sayings and ids, whenever detection ran.

    One record is detected after each entry, one at five moments, one only 400 days after the last (as after a worker
    was away), and beside them the fold runs in memory over the entries of each, as a replay does: what stands is the
    same, and raised at the same moments under the same ids.
    """
    for seed in range(histories()):
        random, began = Random(seed), BEGAN + seed * YEARS
        acts = random_history(random, LENGTH, began)
        each, some, once = play(
            partnership,
            acts,
            [frozenset(range(LENGTH)), frozenset(random.sample(range(LENGTH), 5)), frozenset()],
            began,
        )
        assert _without_ids(each) == _without_ids(some) == _without_ids(once), f"seed {seed}"
        assert _order_said(each) == _order_said(some) == _order_said(once), f"seed {seed}"
        for history in (each, some, once):
            assert _in_memory(history) == _standing(history), f"seed {seed}"


def test_what_is_found_says_why_it_has_its_id(partnership: Partnership) -> None:
    """An id follows from the record, what the finding is about and when the step that opened it was."""
    acts = random_history(Random(4), LENGTH)
    (history,) = play(partnership, acts, [frozenset()])
    found = history.found()
    assert found
    opened_as = {body["finding"]: body for body in history.bodies("finding_raised")}
    for finding in found:
        # The key with which it was opened: links may have given its question another name since.
        key = opened_as[finding["id"]]["question"]
        steps = (f"{cause}:{written_time(finding['raised_at'])}" for cause in ("entry", *default_pack().rules))
        assert finding["id"] in {finding_id(history.record_id, key, step) for step in steps}


def _without_ids(history: History) -> list[dict[str, object]]:
    """What was found, but for the ids, which begin with the record's own."""
    return [{name: value for name, value in finding.items() if name != "id"} for finding in history.found()]


def _order_said(history: History) -> list[tuple[str, int | None]]:
    order = {finding["id"]: place for place, finding in enumerate(history.found())}
    return [(kind, order.get(finding)) for kind, finding in history.said()]


def _in_memory(history: History) -> dict[str, object]:
    """What the fold finds over the stored entries with the whole record in memory."""
    rows = history.rows(
        "SELECT e.number, e.recorded_at, c.kind, e.agency_id, c.content FROM ledger.entries e "
        "JOIN ledger.contents c USING (record_id, number) WHERE e.record_id = :record ORDER BY number"
    )
    steps = []
    for number, at, kind, agency, content in rows:
        body = json.loads(content)["body"]
        if agency != "ledger" and kind in DETECTION_READS:
            named = parse_entry_id(body.get("corrects") or body.get("voids") or "")
            steps.append(EntryStep(number, at, kind, agency, body, named[1] if named else None))
    ((until,),) = history.rows("SELECT ledger.clock_now() WHERE :record <> ''")
    open_now = {}
    for _, _, outcomes in run(RecordState(history.record_id), steps, default_pack(), until=until):
        for outcome in outcomes:
            if isinstance(outcome, Raised | Joined):
                open_now[outcome.finding.id] = outcome.finding
            elif isinstance(outcome, Closed):
                del open_now[outcome.finding_id]
    return {finding.id: (finding.kind, finding.raised_at, as_projected(finding).sides) for finding in open_now.values()}


def _standing(history: History) -> dict[str, object]:
    rows = history.rows("SELECT * FROM ledger.findings WHERE record_id = :record AND closed_number IS NULL")
    return {row.finding_id: (row.kind, row.raised_at, row.sides) for row in rows}


@pytest.mark.parametrize("seed", range(max(2, database_examples() // 5)))
def test_singly_or_in_batches_and_in_any_order(partnership: Partnership, seed: int) -> None:
    """The same statements posted one by one, in batches of some, or all in one batch and another order find the same.

    One record is detected after each post, one after each batch, and one once at the end.
    """
    random = Random(seed)
    acts = [act for _, act in random_history(random, 4 * LENGTH) if act["body"].get("claims")]
    words = [act for act in acts if act["path"] == "observations"][:LENGTH]
    distinct = {act["body"]["observed"]: act for act in words}  # which of equals is shown is left to their order
    said = [_without_names(act) for act in distinct.values()]
    singly, some, all_at_once = (History(partnership) for _ in range(3))
    singly.move(BEGAN + 4 * YEARS)
    for act in said:
        singly.post(act)
        singly.detect()
    for part in (said[:3], said[3:4], said[4:]):
        _post_together(some, part)
        some.detect()
    _post_together(all_at_once, random.sample(said, len(said)))
    all_at_once.detect()
    assert _open(singly) == _open(some) == _open(all_at_once)


def _without_names(act: dict[str, Any]) -> dict[str, Any]:
    """The word about the father by his role: an agency's own reference must have been declared before."""
    claims = [claim | {"about": "father"} for claim in act["body"]["claims"]]
    return act | {
        "body": {**{name: value for name, value in act["body"].items() if name != "people"}, "claims": claims}
    }


def _post_together(history: History, acts: Sequence[dict[str, Any]]) -> None:
    """Post in one batch for each agency, in this order."""
    for agency in dict.fromkeys(act["agency"] for act in acts):
        bodies = [
            act["body"] | {"event_id": history.partnership.event(), "child": {"id": history.record_id}}
            for act in acts
            if act["agency"] == agency
        ]
        answer = history.partnership.post("/observations/batch", bodies, agency)
        assert [one["status"] for one in answer.get_json()["results"]] == [201] * len(bodies)


def _open(history: History) -> set[tuple[Any, ...]]:
    """What stands open, by what it rests on and not by when that arrived."""
    said = {
        row.number: (row.agency_id, json.dumps(_said_in(json.loads(row.content)["body"]), sort_keys=True))
        for row in history.rows(
            "SELECT e.number, e.agency_id, c.content FROM ledger.entries e JOIN ledger.contents c "
            "USING (record_id, number) WHERE e.record_id = :record AND e.agency_id <> 'ledger'"
        )
    }
    rows = history.rows("SELECT * FROM ledger.findings WHERE record_id = :record AND closed_number IS NULL")
    return {
        (
            row.question,
            row.kind,
            frozenset(frozenset((said[number], index) for number, index in side) for side in row.sides),
            row.certain,
            row.change_since,
            row.is_stale,
        )
        for row in rows
    }


def _said_in(body: dict[str, Any]) -> Any:
    """What an observation claims, or an act says, without what is each post's own."""
    return body.get("claims") or {name: value for name, value in body.items() if name != "event_id"}
