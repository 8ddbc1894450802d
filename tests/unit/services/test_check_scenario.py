from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ledger.domain.agency import AgencyKind
from ledger.domain.pack import Pack
from ledger.services.check_scenario import Slip, slips
from ledger.services.load_scenario import read_scenario
from tests.small_pack import small_pack

HEAD = """
scenario: constructed
source: constructed
nation: england
child: {ref: baby, born: 2022-01-01}
people: [{ref: mother, role: mother}, {ref: partner}]
agencies: [{ref: hv, kind: health_visiting, people: [{ref: lodger}]}, {ref: csc, kind: childrens_social_care}]
entries:
  - {id: a, at: 2022-03-01T15:00Z, agency: csc, observation: {observed: 2022-03-01, statement: fact}}
  - {id: r, at: 2022-03-01T15:00Z, agency: csc, referral: {to: hv, reason: a bruise}}
"""


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    return small_pack(tmp_path / "pack")


def found(pack: Pack, *entries: str) -> list[Slip]:
    return list(slips(read_scenario(HEAD + "".join(f"  - {entry}\n" for entry in entries), "a.yaml"), pack))


def said(agency: str, claim: str, more: str = "") -> str:
    return (
        f"{{id: x, at: 2022-03-02T15:00Z, agency: {agency}, observation: {{observed: 2022-03-02, statement: fact, "
        f"{more}claims: [{{{claim}}}]}}}}"
    )


@pytest.mark.parametrize(
    ("claim", "place", "is_left_out"),
    [
        ("about: mother, attribute: presnce, value: absent, basis: seen", "x/claims/0/attribute", True),
        ("about: mother, attribute: presence, value: gone, basis: seen", "x/claims/0/value", True),
        ("about: mother, attribute: presence, value: absent, basis: seen, item: x", "x/claims/0/item", False),
    ],
)
def test_what_a_ledger_would_refuse_is_told(pack: Pack, claim: str, place: str, is_left_out: bool) -> None:
    """A claim that cannot be read says nothing; one that says too much is run all the same; both have their line."""
    (slip,) = found(pack, said("csc", claim))
    assert (slip.place, slip.line, slip.is_refused, slip.is_left_out) == (place, 11, True, is_left_out)


def test_a_mistyped_attribute_comes_with_the_nearest(pack: Pack) -> None:
    """The names of the pack are told; what was written is not repeated."""
    (slip,) = found(pack, said("csc", "about: mother, attribute: presnce, value: absent, basis: seen"))
    assert "presence" in slip.why
    assert "presnce" not in slip.why


@pytest.mark.parametrize(
    ("agency", "who", "is_strange"),
    [
        ("csc", "about: partner", False),
        ("csc", "about: baby", False),
        ("csc", "about: father", False),
        ("csc", "about: partnr", True),
        ("hv", "about: lodger", False),
        ("csc", "about: lodger", True),
        ("csc", "about: hv/lodger", False),
        ("csc", "about: mother, informant: somebody", True),
        ("csc", "about: mother, informant: anonymous", False),
        ("csc", "about: mother, informant: {agency: gp, role: doctor}", False),
        ("csc", "about: mother, in_earshot: [partner, aunt]", True),
    ],
)
def test_a_person_whom_nobody_introduced_is_told(pack: Pack, agency: str, who: str, is_strange: bool) -> None:
    """A slip in a reference would quietly make another person of it; it is told, and run as written."""
    (*found_slips,) = found(pack, said(agency, f"{who}, attribute: note, value: Well., basis: told"))
    assert [slip.is_refused for slip in found_slips] == [False] * is_strange


def test_an_entry_introduces_people_to_its_agency(pack: Pack) -> None:
    """Whom an observation lists is known to its agency from then on, whom a link names to the one it names."""
    about = "about: uncle, attribute: presence, value: absent, basis: seen"
    assert found(pack, said("csc", about, "people: [{ref: uncle}], ")) == []
    link = "{id: l, at: 2022-03-01T16:00Z, agency: hv, link: {people: [csc/uncle, hv/lodger], reason: one man}}"
    assert found(pack, link, said("csc", about)) == []


@pytest.mark.parametrize(
    ("entry", "place"),
    [
        ("{id: v, at: 2022-03-02T15:00Z, agency: hv, void: {voids: a, reason: not mine}}", "v/voids"),
        ("{id: v, at: 2022-03-02T15:00Z, agency: csc, void: {voids: r, reason: no}}", "v/voids"),
    ],
)
def test_a_withdrawal_that_a_ledger_would_refuse_is_left_out(pack: Pack, entry: str, place: str) -> None:
    """Only the author's agency withdraws, and only what it observed."""
    (slip,) = found(pack, entry)
    assert (slip.place, slip.is_left_out) == (place, True)


@pytest.mark.parametrize(
    ("expected", "place"),
    [
        ("{kind: gap, about: partnr, topic: presence}", ["expect/about"]),
        ("{kind: gap, about: hv/lodger, topic: presence}", []),
        ("{kind: gap, about: baby, topic: presnce}", ["expect/topic"]),
        ("{kind: expectation, about: child, topic: referal}", ["expect/topic"]),
        ("{kind: dropped_action, about: child, topic: action}", []),
    ],
)
def test_an_expectation_that_nothing_can_meet_is_told(pack: Pack, expected: str, place: list[str]) -> None:
    """A slip in an expectation would count as a miss of the rules."""
    result = slips(read_scenario(f"{HEAD}expect: [{expected}]\n", "a.yaml"), pack)
    assert [slip.place for slip in result] == place


def test_an_agency_of_no_known_sort_is_told(pack: Pack) -> None:
    """It is run all the same; a pack that names no sorts has nothing to say of it."""
    assert found(pack) == []
    kind = AgencyKind("childrens_social_care", "Social workers.", "child")
    (slip,) = found(replace(pack, agencies={kind.name: kind}))
    assert (slip.place, slip.line, slip.is_refused, slip.is_left_out) == ("agencies/hv/kind", 1, False, False)
    assert "health_visiting" not in slip.why
