"""Bodies against their schemas."""

import copy
import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import Schema, ValidationError

from ledger.api import limits
from ledger.api.pointers import FieldError, errors_of
from ledger.api.requests import refused_fields
from ledger.api.schemas.bodies import BodySchema
from ledger.api.schemas.children import ChildSchema
from ledger.api.schemas.kinds import ALL_BODIES, OF_A_CHILD
from ledger.api.schemas.observations import ObservationSchema
from tests.unit.api.examples import CANARY, RIGHT, FakePack, observation
from tests.unit.api.test_strict_json import JSON

SCHEMAS = {kind: kind(pack=FakePack()) for kind in ALL_BODIES}
_NAMES = sorted(
    {name for schema in SCHEMAS.values() for name in schema.fields} | {"about", "attribute", "ref", "_schema"}
)
#: Values of about the right shape, so that what is generated is often nearly right.
_NEARLY = st.recursive(
    st.sampled_from(
        [
            None,
            True,
            1,
            "",
            " ",
            "e1",
            "child",
            "told",
            "fact",
            "2023-10-05",
            "2023-10/2022",
            "9990000018",
            "yes",
            "held",
        ]
    ),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.sampled_from(_NAMES), below, max_size=5),
    max_leaves=12,
)


def plain(schema: BodySchema, body: object) -> list[FieldError]:
    """What marshmallow alone makes of a body, without the quick tests in front of it."""
    try:
        Schema.load(schema, body)  # type: ignore[arg-type]
    except ValidationError as error:
        return errors_of(error.messages)
    return []


def pointers(kind: type[BodySchema], body: object) -> dict[str, str]:
    return {error.pointer: error.code for error in refused_fields(SCHEMAS[kind], body)}


@pytest.mark.parametrize(("kind", "body"), RIGHT)
def test_right_bodies_are_taken_unchanged(kind: type[BodySchema], body: Mapping[str, Any]) -> None:
    """A right body loads as the very object that was sent: nothing is defaulted, trimmed or converted."""
    before = copy.deepcopy(body)
    assert SCHEMAS[kind].load(body) is body
    assert body == before
    assert plain(SCHEMAS[kind], body) == []


def test_every_kind_has_an_example() -> None:
    """No kind of body goes untested."""
    assert {kind for kind, _body in RIGHT} == set(ALL_BODIES)


@pytest.mark.parametrize(("kind", "body"), RIGHT)
def test_required_fields_are_named_when_missing(kind: type[BodySchema], body: Mapping[str, Any]) -> None:
    """Each required field left out is an error at its own pointer; leaving out what is optional is none there."""
    for name, field in SCHEMAS[kind].fields.items():
        without = {key: value for key, value in body.items() if key != name}
        found = pointers(kind, without)
        assert (found.get(f"/{name}") == "required") == field.required


def test_every_body_needs_the_senders_event_id() -> None:
    """Over HTTP nothing is taken without the id that makes a retry safe."""
    for kind in ALL_BODIES:
        assert pointers(kind, {})["/event_id"] == "required"


@settings(max_examples=60, deadline=None)
@given(JSON | _NEARLY)
def test_any_json_is_taken_or_refused(body: object) -> None:
    """No JSON value raises anything but a refusal, and the quick tests and marshmallow agree on which it is."""
    for kind, schema in SCHEMAS.items():
        errors = plain(schema, body)
        assert (schema.refusal(body) is None) == (errors == []), kind
        assert refused_fields(schema, body) == errors


@st.composite
def spoilt(draw: st.DrawFn) -> tuple[type[BodySchema], Any]:
    """A right body with something put, or taken away, at some place in it."""
    kind, body = draw(st.sampled_from(RIGHT))
    body = copy.deepcopy(dict(body))
    place: Any = body
    key = draw(st.sampled_from(_keys(place)))
    while isinstance(place[key], dict | list) and place[key] and draw(st.booleans()):
        place = place[key]
        key = draw(st.sampled_from(_keys(place)))
    if isinstance(place, dict) and draw(st.booleans()):
        key = draw(st.sampled_from(_NAMES))
    if draw(st.booleans()) and key in _keys(place):
        del place[key]
    else:
        place[key] = draw(_NEARLY)
    return kind, body


def _keys(place: Any) -> list[Any]:
    return list(place) if isinstance(place, dict) else list(range(len(place)))


@settings(max_examples=400, deadline=None)
@given(spoilt())
def test_both_ways_of_checking_agree_near_the_border(case: tuple[type[BodySchema], Any]) -> None:
    """Bodies that differ from a right one in one place are taken or refused alike by both ways of checking."""
    kind, body = case
    schema = SCHEMAS[kind]
    errors = plain(schema, body)
    assert (schema.refusal(body) is None) == (errors == [])
    assert all(error.pointer == "" or error.pointer.startswith("/") for error in errors)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"observed": "2023-10-05T12:00"}, {"/observed": "time"}),
        ({"observed": "2023-13-05"}, {"/observed": "time"}),
        ({"observed": 20231005}, {"/observed": "time"}),
        ({"statement": "rumour"}, {"/statement": "not_in_list"}),
        ({"narrative": "x" * (limits.NARRATIVE_CHARS_MAX + 1)}, {"/narrative": "text"}),
        ({"narrative": " \n"}, {"/narrative": "text"}),
        ({"narrative": None}, {"/narrative": "null"}),
        ({"event_id": "a b"}, {"/event_id": "event_id"}),
        ({"event_id": "a" * 65}, {"/event_id": "event_id"}),
        ({"event_id": "ünïcode"}, {"/event_id": "event_id"}),
        ({"child": {}}, {"/child": "empty"}),
        ({"child": {"reference": "a", "nhs_number": "9990000018"}}, {"/child": "one_name"}),
        ({"child": {"nhs_number": "9990000019"}}, {"/child/nhs_number": "nhs_number"}),
        ({"child": {"nhs_number": "\uff19" * 10}}, {"/child/nhs_number": "nhs_number"}),
        ({"child": {"id": "7"}}, {"/child/id": "record_id"}),
        ({"child": "baby"}, {"/child": "wrong_type"}),
        ({"also": [{"reference": "a"}, {"reference": "a"}]}, {"/also": "repeated"}),
        ({"also": [{"reference": str(n)} for n in range(limits.ALSO_MAX + 1)]}, {"/also": "list"}),
        ({"people": [{"role": "aunt"}, {"ref": "x/y"}]}, {"/people/0/ref": "required", "/people/1/ref": "reference"}),
        ({"colour": "red"}, {"/colour": "unknown_field"}),
        ({"_schema": 1}, {"/_schema": "unknown_field"}),
        ({"contact": {}}, {"/contact": "empty"}),
        ({"contact": {"present": ["mother"]}}, {"/contact/depth": "says_nothing"}),
        ({"contact": {"depth": "seen", "present": ["mother", "mother"]}}, {"/contact/present": "people"}),
        ({"sharing": {"marking": "restricted", "lawful_basis": "task"}}, {"/sharing/to": "needs_to"}),
        (
            {"sharing": {"marking": "shared", "lawful_basis": "task", "to": ["csc"]}},
            {"/sharing/to": "to_when_shared"},
        ),
        ({"sharing": {"marking": "pointer"}}, {"/sharing/lawful_basis": "required"}),
    ],
)
def test_what_is_wrong_with_an_observation_is_named(changes: dict[str, Any], expected: dict[str, str]) -> None:
    """Each thing wrong is one error, at its pointer, with its code, and nothing else is complained of."""
    assert pointers(ObservationSchema, observation(**changes)) == expected


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ({"basis": "told"}, {"informant": "needs_informant"}),
        ({"basis": "agency"}, {"from": "needs_from"}),
        ({"basis": "hearsay"}, {"basis": "not_in_list"}),
        ({"not_known": "unknown"}, {"not_known": "value_or_not_known"}),
        ({"value": None}, {"value": "null"}),
        ({"value": "visits_often"}, {"value": "vocabulary"}),
        ({"attribute": "astrology"}, {"attribute": "vocabulary"}),
        ({"attribute": ["presence"]}, {"attribute": "word"}),
        ({"valid": "2023-10/2022-01"}, {"valid": "valid_time"}),
        ({"valid": "2023-10-05T09:00/2023-10-05T08:00"}, {"valid": "valid_time"}),
        ({"valid": "next week"}, {"valid": "valid_time"}),
        ({"about": "mother/ada"}, {"about": "reference"}),
        ({"informant": {"agency": "gp"}}, {"informant": "informant"}),
        ({"statement": "guess", "basis": "x"}, {"statement": "not_in_list", "basis": "not_in_list"}),
    ],
)
def test_what_is_wrong_with_a_claim_is_named(claim: dict[str, Any], expected: dict[str, str]) -> None:
    """A claim's errors point into the claim that has them, vocabulary and dates included."""
    right = {"about": "father", "attribute": "presence", "value": "absent", "basis": "seen"}
    body = observation(claims=[right, {**right, **claim}])
    assert pointers(ObservationSchema, body) == {f"/claims/1/{name}": code for name, code in expected.items()}


def test_all_of_it_is_named_at_once() -> None:
    """A sender with five mistakes gets five errors, not the first of them."""
    body = observation(observed="never", statement=1, claims=[{"about": "father", "basis": "told", "value": 1}])
    assert pointers(ObservationSchema, body) == {
        "/observed": "time",
        "/statement": "not_in_list",
        "/claims/0/attribute": "required",
        "/claims/0/informant": "needs_informant",
    }


@pytest.mark.parametrize(
    ("collection", "body", "expected"),
    [
        ("links", {"people": ["a", "b"], "things": ["c", "d"], "reason": "x"}, {"/things": "people_or_things"}),
        ("links", {"people": ["a"], "reason": "x"}, {"/people": "list"}),
        ("replies", {"of": "abc", "answer": "declined"}, {"/of": "entry_id", "/reason": "needs_reason"}),
        ("positions", {"about": "q", "stance": "for_if"}, {"/condition": "needs_condition"}),
        (
            "positions",
            {"about": {"about": "father", "attribute": "astrology"}, "stance": "for"},
            {"/about/attribute": "vocabulary"},
        ),
        ("allegations", {"step": "made", "thing": "a", "outcome": "unfounded"}, {"/outcome": "outcome_step"}),
        (
            "decisions",
            {"kind": "close", "relies_on": [{"about": "father", "attribute": "presence", "value": "gone"}]},
            {"/relies_on/0/value": "vocabulary"},
        ),
        ("details", {}, {"": "says_nothing"}),
        ("details", {"born": "2022", "expected": "2022"}, {"/expected": "born_or_expected"}),
        ("details", {"gestation_weeks": 60}, {"/gestation_weeks": "gestation"}),
        ("details", {"gestation_weeks": True}, {"/gestation_weeks": "gestation"}),
        ("handovers", {"of": "child", "to": {"person": "x"}}, {"/of": "not_in_list", "/to/agency": "required"}),
        ("checks", {"with": "police"}, {"/asked": "says_nothing"}),
        ("contacts", {"observed": "2023-10-05"}, {"/depth": "says_nothing"}),
        ("contacts", {"observed": "2023-10-05", "planned": True}, {"/depth": "says_nothing"}),
        ("actions", {"what": "x", "owner": {"agency": "hv"}, "due": "soon"}, {"/due": "time"}),
    ],
)
def test_what_is_wrong_with_other_bodies_is_named(
    collection: str, body: dict[str, Any], expected: dict[str, str]
) -> None:
    """The other kinds say as exactly what is wrong with them."""
    assert pointers(OF_A_CHILD[collection][1], {"event_id": "e1", **body}) == expected


@pytest.mark.parametrize("born", [{}, {"born": "2022-09-01", "expected": "2022-09"}])
def test_a_child_is_born_or_expected(born: dict[str, str]) -> None:
    """Registering needs one of the two dates, and not both."""
    assert "born_or_expected" in pointers(ChildSchema, {"event_id": "e1", **born}).values()


def _with_canary(value: object) -> list[object]:
    """Copies of a body, each with the canary in the place of one thing in it, names included."""
    if isinstance(value, dict):
        replaced = [{**value, name: changed} for name, below in value.items() for changed in _with_canary(below)]
        return [CANARY, {**value, CANARY: 1}, *replaced]
    if isinstance(value, list):
        return [
            CANARY,
            *(
                [*value[:at], changed, *value[at + 1 :]]
                for at, item in enumerate(value)
                for changed in _with_canary(item)
            ),
        ]
    return [CANARY, [CANARY], {CANARY: CANARY}]


@pytest.mark.parametrize(("kind", "body"), RIGHT)
def test_no_error_repeats_what_was_sent(kind: type[BodySchema], body: Mapping[str, Any]) -> None:
    """With content put anywhere in a body, as a value or as a name, no error's words or pointer hold it."""
    for spoiled in _with_canary(dict(body)):
        said = json.dumps([error.as_json() for error in refused_fields(SCHEMAS[kind], spoiled)])
        assert "Canary" not in said
        assert "Rookery" not in said


def test_each_pack_has_its_own_words() -> None:
    """Schemas with different packs, or none, do not leak into one another."""
    body = observation(claims=[{"about": "father", "attribute": "astrology", "value": "leo", "basis": "seen"}])
    declared: Any = ObservationSchema._declared_fields["claims"]
    assert declared.inner.schema  # as whoever describes the class would ask for it
    strict, without, again = ObservationSchema(pack=FakePack()), ObservationSchema(), ObservationSchema(pack=FakePack())
    assert [schema.refusal(body) is None for schema in (strict, without, again)] == [False, True, False]
