"""Rules in shadow: what they find is found, nobody is alerted, and it is said; counts, the floor, coming live."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from sqlalchemy import text

from ledger.domain.pack import Pack
from ledger.domain.pack_alerts import ShadowSettings
from ledger.domain.role import Role
from ledger.domain.shadow import SHADOWED, RuleState, is_live, named_rules
from ledger.services.compare_live import compare_live
from ledger.services.fan_out import fan_out
from ledger.services.find_party import record_of
from ledger.services.keep_rules import keep_rules
from ledger.services.open_ledger import activate_pack
from ledger.services.plan_deliveries import nothing
from ledger.services.set_rule import Change, write_change
from ledger.services.write_own import Own, write_together
from ledger.store.database import SYSTEM, driver_of, transaction
from ledger.store.histories import Chosen
from ledger.store.party import ACT
from ledger.store.rule_counts import RuleCount, counts_of
from ledger.store.rules import unbrought
from ledger.store.trip import ask
from tests.chance import chance
from tests.integration.services.detecting import History, random_history, told
from tests.partnership import Partnership, default_pack, stored

#: Bail that forbids contact, and the man seen in the home: this constraint sets the two against each other.
RULE = "no_contact_condition_and_in_the_home"


def breach(history: History, *, about: str = "father") -> None:
    """Bail forbids somebody any contact, and he is seen in the home."""
    bail = told("police", "no_contact", observed="2026-03-01", attribute="contact_condition", basis="own_record")
    bail["body"]["claims"][0] |= {"item": "bail", "about": about}
    seen = told("hv", "present", observed="2026-03-20", valid="2026-03-20", basis="seen")
    seen["body"]["claims"][0]["about"] = about
    for act in (bail, seen):
        history.post(act)
    history.detect()


@pytest.fixture
def history(partnership: Partnership) -> History:
    """A child whose lead is of csc."""
    made = History(partnership)
    lead = {"event_id": partnership.event(), "agency": "csc", "person": "sw1"}
    stored(partnership.post(f"/children/{made.record_id}/leads", lead, "csc"))
    return made


@pytest.fixture
def keep(partnership: Partnership) -> Callable[..., int]:
    """Counts now, whenever it was counted last, under a floor of so much of so many."""

    def run(floor: str = "0.25", of_at_least: int = 20) -> int:
        settings = ShadowSettings(Decimal(floor), of_at_least, timedelta(days=180))
        pack = replace(default_pack(), alerts=replace(default_pack().alerts, shadow=settings))
        with transaction(partnership.engine("ledger_worker"), party=SYSTEM) as connection:
            connection.execute(text("DELETE FROM ledger.rule_counts"))
        return keep_rules(partnership.engine("ledger_worker"), lambda _: pack, chance)

    return run


def change(partnership: Partnership, rule: str, *, live: bool, findings: int | None = None) -> None:
    """Put a rule into shadow, or bring it live."""
    wanted = Change(rule, is_live=live, reason="as agreed", findings=findings)
    write_change(partnership.engine("ledger_admin"), partnership.partnership_record, wanted, chance)


def counts(partnership: Partnership) -> dict[str, RuleCount]:
    """The counts as whoever may see them does: an agency's web process."""
    with transaction(partnership.context.engine, party="csc") as connection:
        return {count.rule: count for count in counts_of(connection, "demo")}


def entries(partnership: Partnership, *kinds: str) -> list[dict[str, Any]]:
    """The bodies of the entries of these kinds in the partnership's record."""
    with partnership.acting("ledger_auditor", "auditor") as connection:
        query = text("SELECT kind, content FROM ledger.contents WHERE record_id = :r ORDER BY number")
        rows = connection.execute(query, {"r": partnership.partnership_record})
        return [{"kind": kind, **json.loads(content)["body"]} for kind, content in rows if kind in kinds]


def waiting(partnership: Partnership) -> list[str]:
    """The findings that the keeper of alerts would bring."""
    with driver_of(partnership.engine("ledger_worker")) as driver:
        ask(driver, ACT, (SYSTEM, ""))
        found = [finding for _, finding in ask(driver, *unbrought(10))]
        driver.rollback()
    return found


# ── shadow ──


def test_a_rule_in_shadow_finds_and_alerts_nobody(partnership: Partnership, history: History) -> None:
    """The finding is an entry as ever; coming live it waits for the keeper of alerts, and its alert is the same."""
    change(partnership, RULE, live=False)
    breach(history)
    (raised,) = history.bodies("finding_raised")
    assert raised["marks"]["by"] == RULE
    assert history.bodies("alert_raised") == []
    assert waiting(partnership) == []
    change(partnership, RULE, live=True, findings=1)
    assert waiting(partnership) == [raised["finding"]]


def test_going_into_shadow_ends_no_alert_and_raises_none_again(partnership: Partnership, history: History) -> None:
    """Who was alerted stays alerted; what joins the finding then is kept and brought to nobody."""
    breach(history)
    (alert,) = history.bodies("alert_raised")
    assert (alert["tier"], alert["stage"]) == ("interrupt", "lead")
    change(partnership, RULE, live=False)
    history.post(told("gp", "present", observed="2026-03-21", valid="2026-03-20"))
    history.detect()
    assert len(history.bodies("finding_joined")) == 1
    assert history.bodies("alert_reraised") == []
    assert history.rows("SELECT alert_id FROM ledger.alerts WHERE record_id = :record AND ended_number IS NULL")


def test_new_evidence_raises_an_alert_again_with_the_finding(partnership: Partnership, history: History) -> None:
    """By an entry of its own in the same transaction, named after its step; the clock that runs is not put off."""
    breach(history)
    (alert,) = history.bodies("alert_raised")
    answer = history.post(told("gp", "present", observed="2026-03-21", valid="2026-03-20"))
    history.detect()
    (again,) = history.bodies("alert_reraised")
    assert (again["alert"], again["why"], again["step"]) == (alert["alert"], "informant", f"entry:{answer['number']}")
    assert (again["tier"], again["to"], again["act_by"]) == ("interrupt", alert["to"], alert["act_by"])
    (event,) = history.rows(
        "SELECT e.event_id FROM ledger.entries e JOIN ledger.contents c USING (record_id, number) "
        "WHERE e.record_id = :record AND c.kind = 'alert_reraised'"
    )
    assert event.event_id == f"{again['finding']}.again.{again['step']}"
    history.post(told("csc", "present", observed="2026-03-22", valid="2026-03-20"))
    history.detect()
    assert len(history.bodies("finding_joined")) == 2
    assert len(history.bodies("alert_reraised")) == 1


def test_shadow_changes_nothing_that_is_found(partnership: Partnership) -> None:
    """With every rule in shadow halfway, a fold over the entries makes what stands, in any random record."""
    for seed in range(2):
        history = History(partnership)
        acts = random_history(Random(seed), 14)
        for place, (_, act) in enumerate(acts):
            history.post(act)
            if place % 5 == 0:
                history.detect()
            if seed == 0 and place == len(acts) // 2:
                said = [Own(SHADOWED, {"rule": rule, "why": "by_operator"}) for rule in default_pack().rules]
                write_together(partnership.engine("ledger_admin"), partnership.partnership_record, said, chance)
        history.detect()
        assert history.found()
    for changed in compare_live(partnership.engine("ledger_auditor"), Chosen(), default_pack(), None):
        assert (changed.old, changed.is_whole, changed.failed) == (changed.new, True, ())
        assert not changed.tales


# ── what a later pack adds ──


def test_rules_that_a_later_pack_adds_begin_in_shadow(partnership: Partnership, history: History) -> None:
    """In the append that puts the pack in force; those of the first pack, and fixed rules, are live."""
    assert entries(partnership, "rule_shadowed") == []
    whole = default_pack()
    new = {RULE, "injury_to_baby_not_mobile"}
    second = replace(whole, rules={n: r for n, r in whole.rules.items() if n not in new}, digest="2" * 64)
    admin = partnership.engine("ledger_admin")
    forget = "UPDATE ledger.pack_activations SET rules = NULL"
    with pytest.raises(Exception, match="permission denied"), admin.begin() as connection:
        connection.execute(text(forget))
    _begin_with(partnership, second)
    third = replace(whole, digest="3" * 64, version="3")
    assert activate_pack(admin, chance, partnership="other", pack=third)
    assert not activate_pack(admin, chance, partnership="other", pack=third)
    told_of = _others(partnership)
    assert [(kind, body.get("rule"), body.get("why")) for kind, body in told_of[-2:]] == [
        ("pack_activated", None, None),
        ("rule_shadowed", RULE, "new_in_pack"),
    ]
    assert told_of[-2][1]["rules"] == named_rules(third)


def test_a_rule_that_a_pack_makes_fixed_comes_live(partnership: Partnership, history: History) -> None:
    """One that went into shadow by itself: a fixed rule never does. Where somebody had decided it, it stays there."""
    whole, fixed, decided = default_pack(), "injury_to_baby_not_mobile", "injury_of_concern"
    assert whole.rules[fixed].needs_two
    assert whole.rules[decided].needs_two
    loose = {
        name: replace(rule, settings={**rule.settings, "close": "one"}) if name in (fixed, decided) else rule
        for name, rule in whole.rules.items()
    }
    _begin_with(partnership, replace(whole, rules=loose, digest="2" * 64))
    admin = partnership.engine("ledger_admin")
    said = [
        Own(SHADOWED, {"rule": fixed, "why": "below_floor"}),
        Own(SHADOWED, {"rule": decided, "why": "by_operator"}),
    ]
    write_together(admin, record_of(admin, "other"), said, chance)
    assert activate_pack(admin, chance, partnership="other", pack=replace(whole, digest="3" * 64, version="3"))
    assert [(kind, body.get("rule")) for kind, body in _others(partnership)[-2:]] == [
        ("pack_activated", None),
        ("rule_live", fixed),
    ]


def _begin_with(partnership: Partnership, pack: Pack) -> None:
    from ledger.services.enrol import Agency
    from ledger.services.open_ledger import open_partnership

    desk = Agency("elsewhere", "duty_desk", "Desk", "ring it")
    open_partnership(
        partnership.engine("ledger_admin"), chance, ref="other", name="Other", nation="wales", duty_desk=desk, pack=pack
    )


def _others(partnership: Partnership) -> list[tuple[str, dict[str, Any]]]:
    with partnership.acting("ledger_auditor", "auditor") as connection:
        query = text(
            "SELECT c.kind, c.content FROM ledger.contents c JOIN ledger.partnerships p USING (record_id) "
            "WHERE p.partnership_id = 'other' ORDER BY c.number"
        )
        return [(kind, json.loads(content)["body"]) for kind, content in connection.execute(query)]


# ── counting, and the floor ──


def test_what_is_counted(partnership: Partnership, history: History, keep: Callable[..., int]) -> None:
    """What was found, alerted, acted on and dismissed by the rule that answers for it: for whoever sees no record."""
    breach(history)
    assert keep() == 0
    counted = counts(partnership)[RULE]
    assert (counted.raised, counted.alerted, counted.acted, counted.dismissed, counted.waiting) == (1, 1, 0, 0, 0)
    _conclude(partnership, history, "known_and_assessed")
    keep()
    counted = counts(partnership)[RULE]
    assert (counted.acted, counted.dismissed, counted.median_s) == (0, 1, None)
    assert counts(partnership)["handover_not_taken"].raised == 0


def test_a_rule_below_its_floor_goes_into_shadow_and_says_so(
    partnership: Partnership, history: History, keep: Callable[..., int]
) -> None:
    """Once, by an entry with its counts, and to the operators; live again it is counted afresh."""
    breach(history)
    _conclude(partnership, history, "known_and_assessed")
    assert keep("0.5", 2) == 0
    assert keep("0.5", 1) == 1
    assert keep("0.5", 1) == 0
    (said,) = entries(partnership, "rule_shadowed")
    wanted = {"rule": RULE, "why": "below_floor", "acted": 0, "dismissed": 1, "floor": "0.5", "of_at_least": 1}
    assert {name: said[name] for name in wanted} == wanted
    fan_out(partnership.engine("ledger_worker"), nothing)
    with transaction(partnership.engine("ledger_worker"), party=SYSTEM) as connection:
        items = connection.execute(text("SELECT type, subject FROM ledger.feed_items WHERE party = 'operator'")).all()
    assert [tuple(item) for item in items] == [("rule.shadowed", RULE)]
    breach(history, about="mother")
    assert len(history.bodies("alert_raised")) == 1
    keep("0.5", 1)
    assert counts(partnership)[RULE].waiting == 1
    change(partnership, RULE, live=True, findings=1)
    assert keep("0.5", 1) == 0
    assert counts(partnership)[RULE].dismissed == 0


def test_what_was_acted_on_stays_acted_on(partnership: Partnership, history: History, keep: Callable[..., int]) -> None:
    """An outcome that would dismiss it, after somebody had acted, dismisses nothing; the first action is the time."""
    breach(history)
    (alert,) = history.bodies("alert_raised")
    action = {"event_id": partnership.event(), "action": "rang", "whom": {"agency": "police"}, "author": {"ref": "sw1"}}
    stored(partnership.post(f"/alerts/{alert['alert']}/actions", action, "csc"))
    _conclude(partnership, history, "known_and_assessed")
    keep()
    counted = counts(partnership)[RULE]
    assert (counted.acted, counted.dismissed) == (1, 0)
    assert counted.median_s is not None
    assert counted.median_s >= 0


def test_only_one_of_many_workers_counts(partnership: Partnership, history: History) -> None:
    """What was counted within the minute is not counted again."""
    breach(history)
    worker = partnership.engine("ledger_worker")
    for _ in range(2):
        keep_rules(worker, lambda _: default_pack(), chance)
    first = counts(partnership)[RULE].counted_at
    keep_rules(worker, lambda _: default_pack(), chance)
    assert counts(partnership)[RULE].counted_at == first


def _conclude(partnership: Partnership, history: History, outcome: str) -> None:
    (alert,) = history.bodies("alert_raised")
    body = {"event_id": partnership.event(), "outcome": outcome, "reason": "As we know.", "author": {"ref": "sw1"}}
    stored(partnership.post(f"/alerts/{alert['alert']}/outcomes", body, "csc"))
    history.detect()


def test_every_state_was_the_last_one_said(partnership: Partnership) -> None:
    """The projection in order gives what the pure function says of each moment."""
    for live in (False, True, False):
        change(partnership, RULE, live=live, findings=0)
    with transaction(partnership.engine("ledger_worker"), party=SYSTEM) as connection:
        rows = connection.execute(text("SELECT rule, recorded_at, is_live FROM ledger.rule_states ORDER BY number"))
        states = [RuleState(*row) for row in rows]
    assert [is_live(RULE, states, state.since) for state in states] == [False, True, False]
    assert partnership.person("csc", "op1", Role.OPERATOR).agency == "csc"
