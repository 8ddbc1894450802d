"""Any decision that is well formed is an entry, whatever the record holds and whatever is wrong with the weighing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ledger.api.schemas.decisions import PLACE_MOST, DecisionSchema
from ledger.domain.pack import Pack
from ledger.domain.rule import Rule, Verdict, View
from ledger.services import weigh_decision
from ledger.services.detect import detect
from tests.chance import chance
from tests.integration.services.detecting import History, random_history
from tests.partnership import Partnership, default_pack
from tests.sizes import database_examples

PACK = default_pack()
STANDINGS = {"standing", "not_standing", "overridden"}
BEGAN = datetime(2023, 1, 1, tzinfo=UTC)
_KINDS = sorted(PACK.decisions.kinds)
_words = st.text(min_size=1, max_size=60).filter(lambda text: text.strip() == text and text.isprintable())


@st.composite
def _stated(draw: st.DrawFn) -> dict[str, Any]:
    """A belief in the vocabulary, with a value of its attribute, or as not known, or as no more than its question."""
    attribute = PACK.attributes[draw(st.sampled_from(sorted(PACK.attributes)))]
    told: dict[str, Any] = {
        "about": draw(st.sampled_from(["child", "mother", "father", "dad"])), "attribute": attribute.name,
    }  # fmt: skip
    match draw(st.integers(0, 2)):
        case 0 if attribute.values:
            told["value"] = draw(st.sampled_from(sorted(attribute.values)))
        case 1:
            told["not_known"] = draw(st.sampled_from(["unknown", "not_asked", "declined", "evaded"]))
    more = {
        "thing": ("t1", attribute.thing),
        "item": ("a plan", attribute.item),
        "with": ("mother", attribute.counterpart),
    }
    for name, (said, wanted) in more.items():
        if wanted == "required" or (wanted != "no" and draw(st.booleans())):
            told[name] = said
    if draw(st.booleans()):
        told["valid"] = "2023-05/.."
    return told


@st.composite
def _bodies(draw: st.DrawFn) -> dict[str, Any]:
    """A decision's body; entries are numbers, which the test writes as ids."""
    relied_on = []
    for _ in range(draw(st.integers(0, 5))):
        one = draw(st.one_of(_stated(), st.just({})))
        if not one or draw(st.booleans()):
            one |= {"entry": draw(st.integers(1, 60))}
            if draw(st.booleans()):
                one |= {"index": draw(st.one_of(st.integers(0, 3), st.just(PLACE_MOST)))}
        relied_on.append(one)
    body: dict[str, Any] = {"kind": draw(st.sampled_from([*_KINDS, "panel_view"])), "author": {"ref": "sw1"}}
    body |= {"relies_on": relied_on} if relied_on else {}
    for name in ("to", "reason"):
        body |= {name: draw(_words)} if draw(st.booleans()) else {}
    if draw(st.integers(0, 3)) == 0:
        body["override"] = {"reason": "-", "second": {"agency": "hv", "person": "hv1"}}
    return body


@pytest.fixture
def history(partnership: Partnership) -> History:
    """A record as several agencies made it up, with some links and withdrawals."""
    made = History(partnership)
    moment = BEGAN
    for wait, act in random_history(Random(8), 24):
        moment += wait
        made.move(moment)
        made.post(act)
    made.move(moment + timedelta(days=1))
    return made


def test_a_decision_that_is_well_formed_is_an_entry(partnership: Partnership, history: History) -> None:
    """Each is stored, answered with whether it stands, and answered alike when it is sent again."""
    pseudonym = history.answers[0]["id"].partition(".")[0]

    @settings(
        max_examples=2 * database_examples(),
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )
    @given(body=_bodies())
    def check(body: dict[str, Any]) -> None:
        for one in body.get("relies_on", ()):
            if "entry" in one:
                one["entry"] = f"{pseudonym}.{one['entry']}"
        body = {"event_id": partnership.event(), **body}
        path = f"/children/{history.record_id}/decisions"
        if DecisionSchema(pack=PACK).refusal(body) is not None:
            assert partnership.post(path, body, "csc").status_code == 422  # the vocabulary asks for more, or for less
            return
        first = partnership.post(path, body, "csc")
        assert first.status_code == 201, first.get_data(as_text=True)
        assert first.get_json()["decision"]["standing"] in STANDINGS
        assert partnership.post(path, body, "csc").get_json() == first.get_json()
        stored.append(first.get_json()["id"])

    stored: list[str] = []
    check()
    assert len(stored) > database_examples()
    path, listed = f"/children/{history.record_id}/decisions?limit=20", list[str]()
    page = partnership.get(path, "csc").get_json()
    while page["next"] is not None:
        listed += [one["entry"] for one in page["decisions"]]
        page = partnership.get(f"{path}&before={page['next']}", "csc").get_json()
    assert [*listed, *(one["entry"] for one in page["decisions"])] == stored[::-1]


def test_a_rule_that_fails_loses_no_decision(
    partnership: Partnership, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither where the rules on decisions fail in detection, nor where what they rest on cannot be worked out."""

    def broken(_view: View) -> Verdict:
        raise ZeroDivisionError

    def failing(rule: Rule) -> Rule:
        return (
            replace(rule, family=replace(rule.family, judge=broken)) if "decision_basis" in rule.family.kinds else rule
        )

    pack: Pack = replace(PACK, rules={name: failing(rule) for name, rule in PACK.rules.items()})
    path = f"/children/{history.record_id}/decisions"
    body = {"kind": "close", "relies_on": [{"about": "father", "attribute": "presence", "value": "absent"}]}
    told = partnership.post(path, {"event_id": "d1", **body}, "csc").get_json()
    assert told["decision"]["standing"] in STANDINGS
    detect(partnership.engine("ledger_worker"), UUID(told["child"]), lambda _digest: pack, chance)
    assert "check_failed" in {one["kind"] for one in history.found()}
    (one,) = partnership.get(path, "csc").get_json()["decisions"]
    assert one["standing"] in STANDINGS
    monkeypatch.setattr(weigh_decision, "assumptions", broken)
    told = partnership.post(path, {"event_id": "d2", **body}, "csc").get_json()
    assert told["decision"]["standing"] is None
    assert [one["standing"] for one in partnership.get(path, "csc").get_json()["decisions"]] == [None, None]
