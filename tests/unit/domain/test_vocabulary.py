"""Attributes: what a claim on one may say."""

from typing import Any

import pytest

from ledger.domain.vocabulary import ANY_VALUE, EVENT_STATES, EVENT_VALUES, NOT_KNOWN, AttributeType
from tests.unit.domain.claiming import attribute

TYPES: list[AttributeType] = ["state", "person", "quantity", "date", "place", "event", "text"]
SETTINGS: dict[str, dict[str, Any]] = {
    "state": {"states": ("in", "out"), "values": {"in": 1, "out": 2}},
    "event": {"states": EVENT_STATES, "values": EVENT_VALUES},
    "quantity": {"unit": "kg", "tolerance": "0.1"},
}
RIGHT: dict[str, list[Any]] = {
    "state": ["in"],
    "event": ["happened", "did_not_happen", "not_seen"],
    "person": ["father", {"is": "a"}, {"is_not": "a"}, {"is_not": ["a", "b"]}, {"one_of": ["a", "b"]}],
    "quantity": ["3", "3.42", "-1"],
    "date": ["2022", "2022-03", "2022-03-09~", "2022-03-09T14:30Z", "2022-03/2022-05"],
    "place": ["12 Mill Lane, Shrewsbury"],
    "text": ["As it was said."],
}
WRONG: dict[str, list[Any]] = {
    "state": ["gone", 3, ["in"], {"is": "in"}],
    "event": ["perhaps", True],
    "person": ["", " ", ["a", "b"], {"is": ["a", "b"]}, {"was": "a"}, {"one_of": []}, {"is_not": [3]}, {}, 7],
    "quantity": ["three", 3, "1e9", "3,42"],
    "date": ["last spring", "2022-13", 2022],
    "place": ["", {"is": "here"}],
    "text": ["", 3],
}


@pytest.mark.parametrize("type_", TYPES)
@pytest.mark.parametrize("not_known", NOT_KNOWN)
def test_not_to_know_may_be_said_of_every_type(type_: AttributeType, not_known: str) -> None:
    """Each of the words for not knowing stands in place of a value, and not beside one."""
    kind = attribute(type_, **SETTINGS.get(type_, {}))
    assert kind.check_claim({"about": "child", "not_known": not_known}) == []
    assert kind.check_claim({"about": "child", "not_known": not_known, "value": RIGHT[type_][0]})
    assert kind.check_claim({"about": "child", "not_known": "no idea"})


@pytest.mark.parametrize("type_", TYPES)
def test_values_of_a_type_are_told_from_what_is_none(type_: AttributeType) -> None:
    """What fits is taken; what does not is refused at its place, and not repeated."""
    kind = attribute(type_, **SETTINGS.get(type_, {}))
    for value in RIGHT[type_]:
        assert kind.check_claim({"about": "child", "value": value}) == []
    for value in WRONG[type_]:
        ((path, message),) = kind.check_claim({"about": "child", "value": value})
        assert path == ("value",)
        assert "perhaps" not in message


def test_what_a_claim_is_about_is_said_where_it_must_be() -> None:
    """The person or the item that an attribute needs is asked for; a thing left out is one of the claim's own."""
    kind = attribute("text", thing="required", counterpart="required", item="required")
    claim = {"about": "child", "value": "As it was said."}
    assert [path for path, _ in kind.check_claim(claim)] == [("with",), ("item",)]
    assert kind.check_claim({**claim, "with": "father", "item": "order", "thing": "t"}) == []
    assert [path for path, _ in attribute("text").check_claim({**claim, "thing": "t"})] == [("thing",)]


def test_what_is_said_of_single_values_goes_before_what_is_said_of_any() -> None:
    """Polarity and the time for corroboration are a value's own, else those of any value; nothing is neither."""
    kind = attribute(
        "state",
        **SETTINGS["state"],
        polarity={"in": "concern", "out": "reassurance"},
        corroborate={"in": "never", ANY_VALUE: "at_once"},
    )
    assert [kind.polarity_of(value) for value in ("in", "out", "gone", None)] == ["concern", "reassurance", None, None]
    assert [kind.corroborate_of(value) for value in ("in", "out", None)] == ["never", "at_once", None]
    assert attribute("text").polarity_of("in") is attribute("text").corroborate_of("in") is None
