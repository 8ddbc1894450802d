"""Detection in one record of a real database: what it writes, for whom, and what it never does."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from ledger.domain.families import BUILT_IN
from ledger.domain.rule import Verdict, View
from ledger.domain.rules import stale_belief
from ledger.services.failed_checks import RETRY_AFTER
from ledger.store.detection import ReadEntry, read_claiming
from tests.integration.services.detecting import BEGAN, History, told
from tests.partnership import DUTY_DESK, Partnership, default_pack, stored

CANARY = "Zephyrine Quillfeather"


@pytest.fixture
def clocked(database_url: str) -> Iterator[Partnership]:
    """A partnership whose clock is the test's."""
    made = Partnership(database_url, clock_at=BEGAN)
    yield made
    made.close()


@pytest.fixture
def history(partnership: Partnership) -> History:
    """A child with whom every agency is involved, and nobody leads."""
    return History(partnership)


def contradict(history: History) -> None:
    """Two words of the mother about the father that cannot both be so."""
    history.post(told("csc", "absent", observed="2026-10-01"))
    history.post(told("hv", "stays_overnight", observed="2026-10-20"))


def alerts(partnership: Partnership, agency: str) -> list[dict[str, object]]:
    """The alerts that an agency reads."""
    listed: list[dict[str, object]] = stored(partnership.get("/alerts", agency))["alerts"]
    return listed


# ── what is found, and who is told ──


def test_two_accounts_become_an_alert_of_the_lead(partnership: Partnership, history: History) -> None:
    """A finding of one informant's two accounts reaches the agency and person who lead, and nobody else."""
    lead = {"event_id": partnership.event(), "agency": "csc", "person": "sw1"}
    stored(partnership.post(f"/children/{history.record_id}/leads", lead, "csc"))
    contradict(history)
    history.detect()
    assert [(one["kind"], one["to"]) for one in history.found() if one["to"]] == [("same_informant", "csc")]
    (alert,) = history.bodies("alert_raised")
    assert alert["to"] == {"agency": "csc", "person": "sw1"}
    assert len(alerts(partnership, "csc")) == 1
    assert alerts(partnership, "hv") == []


def test_where_nobody_leads_the_duty_desk_is_told_and_can_read(partnership: Partnership, history: History) -> None:
    """Without a lead the alert is the duty desk's, which gets a part in the record, once, by an entry."""
    contradict(history)
    history.detect()
    assert len(alerts(partnership, DUTY_DESK)) == 1
    history.post(told("police", "lives_here", observed="2026-10-21", about="gran", basis="seen"))
    history.post(told("police", "no_contact", observed="2026-10-22", about="gran", valid="2026-10-01/.."))
    history.detect()
    assert len(alerts(partnership, DUTY_DESK)) == 2
    involved = [body for body in history.bodies("involvement") if body.get("agency") == DUTY_DESK]
    assert involved == [{"agency": DUTY_DESK, "role": "duty_desk", "reason": "no lead professional"}]


def test_what_only_needs_asking_alerts_nobody(partnership: Partnership, history: History) -> None:
    """A stale word is a gap: kept as a finding, brought to no one as an alert."""
    history.post(told("csc", "absent", observed="2024-01-01"))
    history.detect()
    assert [(one["kind"], one["to"]) for one in history.found()] == [("gap", None)]
    assert history.bodies("alert_raised") == []


def test_a_word_grows_stale_by_itself(clocked: Partnership) -> None:
    """With nothing posted, a moment that has come makes the gap, dated by that moment and not by its being noticed."""
    history = History(clocked)
    history.post({"agency": "csc", "path": "leads", "body": {"agency": "csc", "person": "sw1"}})
    history.post(told("csc", "absent", observed="2022-12-31"))
    history.detect()
    assert history.found() == []
    due = {row.cause: row.due_at for row in history.rows("SELECT * FROM ledger.due_moments WHERE record_id = :record")}
    history.move(due["stale_belief"] + timedelta(days=3))
    history.detect()
    found = {one["kind"]: one["raised_at"] for one in history.found()}
    assert found == {"uncorroborated": due["word_to_be_checked_in_ten_days"], "gap": due["stale_belief"]}
    assert history.rows("SELECT * FROM ledger.due_moments WHERE record_id = :record") == []


def test_a_corrected_word_closes_the_finding_and_ends_the_alert(partnership: Partnership, history: History) -> None:
    """Once its author takes a word back nothing conflicts: the finding is closed by an entry, the alert is over."""
    contradict(history)
    history.detect()
    observation = told("csc", "visits", observed="2026-10-01")["body"]
    body = {"corrects": 0, "reason": "Typed wrongly.", "observation": observation}
    history.post({"agency": "csc", "path": "corrections", "body": body})
    history.detect()
    assert [(one["kind"], one["is_closed"], one["is_ended"]) for one in history.found()] == [
        ("same_informant", True, True)
    ]
    assert [body["why"] for body in history.bodies("finding_closed")] == ["beliefs_now_agree"]


def test_more_evidence_joins_the_open_finding(partnership: Partnership, history: History) -> None:
    """A third word on the question makes no second finding and no second alert: it raises the one again."""
    contradict(history)
    history.detect()
    history.post(told("police", "lives_here", observed="2026-10-21", basis="seen"))
    history.detect()
    kinds = ["finding_raised", "alert_raised", "finding_joined", "alert_reraised"]
    assert [kind for kind, _ in history.said()] == kinds
    (found,) = history.found()
    assert len([claim for side in found["sides"] for claim in side]) == 3


def test_a_role_that_an_observation_declares_is_kept_as_a_link(partnership: Partnership, history: History) -> None:
    """Who was once named as the father is compared as the father from then on, in later runs too."""
    named = told("csc", "absent", observed="2026-10-01", about="dad")
    named["body"]["people"] = [{"ref": "dad", "role": "father"}, {"ref": "mum", "role": "mother"}]
    history.post(named)
    history.detect()
    history.post(told("csc", "lives_here", observed="2026-10-10", about="dad", basis="seen"))
    history.detect()
    history.post(told("hv", "absent", observed="2026-10-15", valid="2026-10-01/.."))
    history.detect()
    assert [
        tuple(row) for row in history.rows("SELECT index, members FROM ledger.links WHERE record_id = :record")
    ] == [
        (0, ["father", "csc/dad"]),
        (1, ["mother", "csc/mum"]),
    ]
    assert "contradiction" in {one["kind"] for one in history.found()}


def test_entries_of_detection_hold_references_only(partnership: Partnership, history: History) -> None:
    """No name, narrative, value or attribute that an agency sent is repeated in what the ledger writes of it."""
    for act in (
        told("csc", "absent", observed="2026-10-01", about="zeph"),
        told("hv", "stays_overnight", observed="2026-10-20", about="zeph"),
    ):
        act["body"]["narrative"] = f"{CANARY} was spoken of."
        history.post(act)
    link = {"people": ["csc/zeph", "hv/zeph"], "reason": f"{CANARY} is one person."}
    history.post({"agency": "csc", "path": "links", "body": link})
    history.detect()
    own = history.rows("SELECT content FROM ledger.contents WHERE record_id = :record AND agency_id = 'ledger'")
    assert len(own) >= 2
    for (content,) in own:
        for word in (CANARY, "zeph", "presence", "absent", "stays_overnight", "mother"):
            assert word not in bytes(content).decode()


def test_an_erased_entry_is_passed_over(partnership: Partnership, history: History) -> None:
    """What was erased before it was detected is not compared, and holds nothing up."""
    number = history.post(told("csc", "absent", observed="2026-10-01"))["number"]
    assert partnership.erase(history.record_id, number) == 1
    history.post(told("hv", "stays_overnight", observed="2026-10-20"))
    history.detect()
    assert not history.is_due()
    assert history.found() == []


def test_only_what_is_touched_is_loaded(
    partnership: Partnership, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new claim loads what was said of its own question, and nothing that no rule sets beside it, however much it is.

    Beside it it loads who is at work with the child: a few entries of a record, however long it is.
    """
    drinks = {"about": "mother", "attribute": "substance_use", "item": "alcohol", "informant": "father"}
    others = [history.post(told("csc", "not_using", observed="2026-10-01", **drinks))["number"] for _ in range(30)]
    history.post(told("hv", "absent", observed="2026-10-01"))
    history.detect()
    loaded: list[int] = []

    def counting(*arguments: object) -> list[ReadEntry]:
        entries = read_claiming(*arguments)  # type: ignore[arg-type]
        loaded.extend(entry.number for entry in entries)
        return entries

    monkeypatch.setattr("ledger.services.load_state.read_claiming", counting)
    history.post(told("gp", "visits", observed="2026-10-02"))
    history.detect()
    words = [number for number in loaded if number >= others[0]]
    assert words == [history.answers[-2]["number"]]
    assert len(loaded) == len({*loaded}) <= others[0]


# ── checks that fail ──


def _raises(_view: View) -> Verdict:
    raise ZeroDivisionError(CANARY)


def breaks(monkeypatch: pytest.MonkeyPatch, *, alone: bool = False) -> None:
    """Until undone, a rule that raises on every question is in the pack, beside the built-in ones or alone."""
    stale = stale_belief.RULE
    broken = replace(stale, name="broken", family=replace(stale.family, judge=_raises))
    rules = [broken] if alone else [broken, *BUILT_IN]
    pack = replace(default_pack(), rules={rule.name: rule for rule in rules})
    for place in ("tests.partnership", "tests.integration.services.detecting"):
        monkeypatch.setattr(f"{place}.default_pack", lambda: pack)


def test_a_rule_that_raises_is_told_of_and_tried_again(clocked: Partnership, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other rules run, the duty desk learns once that one does not, and when it runs again that is closed."""
    history = History(clocked)
    breaks(monkeypatch)
    history.post(told("csc", "absent", observed="2022-12-01"))
    history.post(told("hv", "stays_overnight", observed="2022-12-20"))
    history.detect()
    assert sorted((one["kind"], one["to"]) for one in history.found()) == [
        ("check_failed", DUTY_DESK),
        ("same_informant", DUTY_DESK),
    ]
    history.move(BEGAN + RETRY_AFTER[0] + timedelta(seconds=1))
    history.detect()
    assert {row.tries for row in history.rows("SELECT * FROM ledger.check_failures WHERE record_id = :record")} == {1}
    assert len(history.bodies("check_failed")) == 1
    monkeypatch.undo()
    history.move(BEGAN + RETRY_AFTER[0] + RETRY_AFTER[1] + timedelta(minutes=1))
    history.detect()
    assert history.rows("SELECT * FROM ledger.check_failures WHERE record_id = :record") == []
    closed = [one for one in history.found() if one["kind"] == "check_failed"]
    assert [(one["is_closed"], one["is_ended"]) for one in closed] == [(True, True)]


def test_tries_are_bounded(clocked: Partnership, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule that never runs is tried so many times and no more, and leaves nothing due for ever."""
    history = History(clocked)
    breaks(monkeypatch, alone=True)
    history.post(told("csc", "absent", observed="2022-12-01"))
    history.detect()
    history.move(BEGAN + timedelta(days=30))
    history.detect()
    failed = history.rows("SELECT * FROM ledger.check_failures WHERE record_id = :record")
    assert {one.tries for one in failed} == {len(RETRY_AFTER)}
    assert history.rows("SELECT * FROM ledger.due_moments WHERE record_id = :record") == []


def test_detection_writes_each_entry_once_for_ever(partnership: Partnership, history: History) -> None:
    """What a run says carries event ids that the database refuses a second time, whoever says it."""
    contradict(history)
    history.detect()
    with partnership.acting("ledger_worker", "ledger") as connection:
        ids = connection.scalars(
            text("SELECT event_id FROM ledger.entries WHERE record_id = :record AND agency_id = 'ledger'"),
            {"record": history.record_id},
        ).all()
    assert {event.partition(".")[2] for event in ids} >= {"opened", "alert"}
    assert history.detect().outcomes == 0
    assert json.dumps(history.said()).count("alert_raised") == 1
