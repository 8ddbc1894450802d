"""How rules fare, over HTTP: for whom, in counts alone; and operators putting one into shadow and bringing it live."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from ledger.domain.role import Role
from ledger.services.keep_rules import keep_rules
from tests.chance import chance
from tests.integration.services.detecting import History, told
from tests.partnership import Partnership, default_pack, refused, stored

RULE = "no_contact_condition_and_in_the_home"
WHY = {"reason": "so many of them were the same paper"}


@pytest.fixture
def asked(partnership: Partnership) -> Callable[..., Any]:
    """Sends as an operator of csc's."""
    session = partnership.session(partnership.person("csc", "op1", Role.OPERATOR))
    return lambda method, path="", **options: partnership.send_as(session, method, f"/api/v1/rules{path}", **options)


def test_for_whom_the_counts_are(partnership: Partnership) -> None:
    """Whoever leads or may, managers, auditors and operators; nobody else, and no agency's system."""
    may = {Role.PRACTITIONER, Role.MANAGER, Role.AUDITOR, Role.OPERATOR}
    for role in (*may, Role.RECORDS_OFFICER, Role.ADMINISTRATOR):
        session = partnership.session(partnership.person("hv", f"hv-{role}", role))
        answer = partnership.send_as(session, "GET", "/api/v1/rules")
        assert answer.status_code == (200 if role in may else 403), role
        page = partnership.send_as(session, "GET", "/rules")
        assert page.status_code == (200 if role in may else 403), role
    refused(partnership.get("/rules", "hv"), 403)
    manager = partnership.session(partnership.person("hv", "m2", Role.MANAGER))
    refused(partnership.send_as(manager, "POST", f"/api/v1/rules/{RULE}/shadow", json=WHY), 403)


def test_every_rule_is_told_and_nobody_is_named(partnership: Partnership, asked: Callable[..., Any]) -> None:
    """Its state and its counts, of all partnership's records, to somebody whose agency has a part in none of them."""
    assert stored(asked("GET"))["counted_at"] is None
    history = History(partnership)
    bail = told("police", "no_contact", observed="2026-03-01", attribute="contact_condition", basis="own_record")
    bail["body"]["claims"][0]["item"] = "bail"
    history.post(bail)
    history.post(told("hv", "present", observed="2026-03-20", valid="2026-03-20", basis="seen"))
    history.detect()
    keep_rules(partnership.engine("ledger_worker"), lambda _: default_pack(), chance)
    answer = stored(asked("GET"))
    rules = {rule["rule"]: rule for rule in answer["rules"]}
    assert rules.keys() == default_pack().rules.keys()
    assert (rules[RULE]["raised"], rules[RULE]["alerted"], rules[RULE]["precision"]) == (1, 1, None)
    assert (rules[RULE]["state"], rules[RULE]["is_fixed"], rules[RULE]["override_rate"]) == ("live", False, "0.000")
    assert all(rule["meaning"] for rule in rules.values())
    assert history.record_id not in json.dumps(answer)


def test_an_operator_puts_a_rule_into_shadow_and_brings_it_live(
    partnership: Partnership, asked: Callable[..., Any]
) -> None:
    """Each is an entry of theirs; coming live is refused with the number until it is said how many that brings."""
    placed = stored(asked("POST", f"/{RULE}/shadow", json=WHY))
    assert placed["number"] == len(partnership.envelopes(str(partnership.partnership_record)))
    assert refused(asked("POST", f"/{RULE}/shadow", json=WHY), 409)["code"] == "conflict"
    (rule,) = [rule for rule in stored(asked("GET"))["rules"] if rule["rule"] == RULE]
    assert (rule["state"], rule["why"]) == ("shadow", "by_operator")
    history = History(partnership)
    bail = told("police", "no_contact", observed="2026-03-01", attribute="contact_condition", basis="own_record")
    bail["body"]["claims"][0]["item"] = "bail"
    history.post(bail)
    history.post(told("hv", "present", observed="2026-03-20", valid="2026-03-20", basis="seen"))
    history.detect()
    keep_rules(partnership.engine("ledger_worker"), lambda _: default_pack(), chance)
    told_why = refused(asked("POST", f"/{RULE}/live", json={**WHY, "findings": 0}), 409)
    assert "brings 1 open finding" in json.dumps(told_why)
    stored(asked("POST", f"/{RULE}/live", json={**WHY, "findings": 1}))
    (rule,) = [rule for rule in stored(asked("GET"))["rules"] if rule["rule"] == RULE]
    assert (rule["state"], rule["why"]) == ("live", "by_operator")


def test_what_is_refused(asked: Callable[..., Any]) -> None:
    """A rule that there is not, the one that is never in shadow, and a body that is not right."""
    refused(asked("POST", "/no_such_rule/shadow", json=WHY), 404)
    refused(asked("POST", "/glass_broken/shadow", json=WHY), 409)
    bodies: list[Any] = [{}, {"reason": ""}, {**WHY, "findings": 1}]
    for body in bodies:
        refused(asked("POST", f"/{RULE}/shadow", json=body), 422)
    for findings in (-1, "0", True, None):
        refused(asked("POST", f"/{RULE}/live", json={**WHY, "findings": findings}), 422)


def test_the_page_tells_of_rules_in_shadow_first(partnership: Partnership, asked: Callable[..., Any]) -> None:
    """With why, and to operators alone the way to change it."""
    stored(asked("POST", f"/{RULE}/shadow", json=WHY))
    manager = partnership.session(partnership.person("hv", "m1", Role.MANAGER))
    page = partnership.send_as(manager, "GET", "/rules").get_data(as_text=True)
    assert "In shadow (1)" in page
    assert page.index("somebody decided it") < page.index("Found nothing yet")
    assert f"/rules/{RULE}/state" not in page
    operator = partnership.session(partnership.person("hv", "op2", Role.OPERATOR))
    assert f"/rules/{RULE}/state" in partnership.send_as(operator, "GET", "/rules").get_data(as_text=True)
