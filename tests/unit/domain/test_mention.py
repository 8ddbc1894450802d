"""Whom a body names, and where."""

from typing import Any

import pytest

from ledger.domain.mention import declared_in, mentions_in

PEOPLE = frozenset({"father"})


def named(kind: str, body: dict[str, Any]) -> dict[str, str]:
    return dict(mentions_in(kind, body, PEOPLE))


def test_every_place_of_a_claim_that_names_a_person() -> None:
    """Whom it is about, with whom, from whom, who heard, and a value that is a person; nothing else is a name."""
    claim = {
        "about": "k1", "with": "k2", "informant": "k3", "in_earshot": ["k4", "mother"], "attribute": "presence",
        "value": "k9", "thing": "b1", "item": "k8", "from": "gp",
    }  # fmt: skip
    assert named("observation", {"claims": [claim]}) == {
        "/claims/0/about": "k1",
        "/claims/0/with": "k2",
        "/claims/0/informant": "k3",
        "/claims/0/in_earshot/0": "k4",
        "/claims/0/in_earshot/1": "mother",
    }


@pytest.mark.parametrize(
    ("value", "places"),
    [
        ("k1", {"": "k1"}),
        ({"is_not": "k1"}, {"/is_not": "k1"}),
        ({"one_of": ["k1", "k2"]}, {"/one_of/0": "k1", "/one_of/1": "k2"}),
        ("nobody", {}),
    ],
)
def test_a_person_as_a_value(value: Any, places: dict[str, str]) -> None:
    """In each form in which a value may be a person, each name has its own place."""
    found = named("observation", {"claims": [{"about": "child", "attribute": "father", "value": value}]})
    assert found == {"/claims/0/about": "child"} | {f"/claims/0/value{at}": ref for at, ref in places.items()}


@pytest.mark.parametrize("informant", ["anonymous", {"agency": "school", "role": "teacher"}])
def test_an_informant_who_is_nobody_of_the_record(informant: Any) -> None:
    """An anonymous voice and another agency's office are no people of the record."""
    claim = {"about": "child", "attribute": "presence", "value": "x", "informant": informant}
    assert named("observation", {"claims": [claim]}) == {"/claims/0/about": "child"}


def test_those_present_at_a_contact() -> None:
    """Who was there and who could hear, in an observation, a contact of its own and a correction."""
    contact = {"present": ["k1", "child"], "in_earshot": "k2", "by_whom": "k3"}
    found = {"/present/0": "k1", "/present/1": "child", "/in_earshot": "k2"}
    assert named("contact", contact) == found
    assert named("observation", {"contact": contact}) == {f"/contact{at}": ref for at, ref in found.items()}
    correction = {"observation": {"contact": contact}}
    assert named("correction", correction) == {f"/observation/contact{at}": ref for at, ref in found.items()}


def test_bodies_that_name_nobody() -> None:
    """Other kinds, and bodies without people, name nobody."""
    assert named("decision", {"relies_on": [{"about": "k1"}]}) == {}
    assert named("observation", {"narrative": "k1"}) == {}


def test_who_is_declared() -> None:
    """`people` of an observation, a contact or a correction, and the mother in a child's details."""
    people = [{"ref": "k1", "role": "aunt"}, {"name": "nameless ref"}]
    assert declared_in("observation", {"people": people}) == people[:1]
    assert declared_in("contact", {"people": people}) == people[:1]
    assert declared_in("correction", {"observation": {"people": people}}) == people[:1]
    assert declared_in("child", {"mother": {"ref": "m1", "name": "Jo"}}) == [
        {"ref": "m1", "name": "Jo", "role": "mother"}
    ]
    assert declared_in("child", {"mother": "Jo"}) == declared_in("decision", {"people": people}) == []
