"""What agencies do, read as claims: of what fields, about whom, to whom addressed, and naming which entry."""

from typing import Any

import pytest

from ledger.domain.act import ACTS, FIELDS, PREFIX, fields_of, named_by, receiver_of
from ledger.domain.body import BODIES
from ledger.domain.claim import Claim, claims_of_entry
from ledger.domain.entry import entry_id
from tests.unit.domain.claiming import AT


def read(kind: str, **body: Any) -> list[Claim]:
    """The claims of one entry of this kind."""
    return claims_of_entry(kind, body, agency="hv", number=7, recorded_at=AT)


@pytest.mark.parametrize("kind", [*FIELDS])
def test_every_field_that_is_read_is_one_that_an_entry_may_have(kind: str) -> None:
    """Nothing is read of a body that no body of that kind has."""
    assert set(FIELDS[kind]) <= set(BODIES[kind].fields)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("referral", {"to": "csc", "reason": "Marks."}),
        ("action", {"what": "Weigh her.", "owner": {"agency": "csc"}, "due": "2022-07-01"}),
        ("handover", {"of": "lead", "to": {"agency": "csc"}}),
        ("check", {"with": "csc", "asked": "2022-06-01"}),
    ],
)
def test_an_act_is_addressed_to_whom_it_names(kind: str, body: dict[str, Any]) -> None:
    """However the body of its kind says it, the agency is the one that is named; and the fields are as sent."""
    (act,) = read(kind, **body)
    assert (act.attribute, receiver_of(act)) == (PREFIX + kind, "csc")
    assert dict(fields_of(act)) == body
    assert (act.about, act.basis, act.statement) == ("child", "own_record", "fact")


def test_what_ends_or_answers_an_act_names_its_number() -> None:
    """An entry's id becomes its number; what is no entry's id names none."""
    name = entry_id("a" * 26, 12)
    assert [named_by(act) for act in read("done", of=name)] == [12]
    assert [named_by(act) for act in read("reply", of=name, answer="accepted")] == [12]
    assert [named_by(act) for act in read("done", of="something")] == [None]
    assert [named_by(act) for act in read("referral", to="csc", reason="Marks.")] == [None]


def test_a_contact_is_an_act_in_an_observation_and_alone() -> None:
    """Both ways of sending a contact read alike, after the claims of the entry, with people by their keys."""
    contact = {"outcome": "held", "depth": "seen", "home_entered": True, "present": ["mother", "lodger"]}
    seen = {"about": "child", "attribute": "seen", "value": "happened", "basis": "seen"}
    inside = read("observation", observed="2022-06-01", statement="fact", claims=[seen], contact=contact)
    alone = read("contact", observed="2022-06-01", **contact)
    assert [claim.attribute for claim in inside[:2]] == ["seen", "entry:contact"]
    assert alone[0].attribute == "entry:contact"
    assert fields_of(alone[0]) == fields_of(inside[1])
    assert fields_of(alone[0])["home_entered"] == "yes"
    assert fields_of(alone[0])["present"] == ["mother", "hv/lodger"]


def test_a_check_is_about_whom_was_asked_of() -> None:
    """Of the child where nobody is named."""
    assert [read("check", **{"with": "police", "about": who})[0].about for who in ("father", "lodger")] == [
        "father",
        "hv/lodger",
    ]
    assert read("check", **{"with": "police"})[0].about == "child"


def test_an_observation_is_addressed_to_nobody() -> None:
    """What is no act has no receiver, and names no entry."""
    (claim,) = read(
        "observation",
        observed="2022-06-01",
        statement="fact",
        claims=[{"about": "child", "attribute": "seen", "value": "happened", "basis": "seen"}],
    )
    assert (receiver_of(claim), named_by(claim), claim.attribute in ACTS) == ("", None, False)
