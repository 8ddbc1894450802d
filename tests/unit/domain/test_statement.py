"""Claims as statements that can be compared: which are, what they keep, and what is then in conflict."""

from typing import Any

import pytest

from ledger.domain.belief import Beliefs
from ledger.domain.claim import Claim
from ledger.domain.conflict import conflicts_in
from ledger.domain.person import Links
from ledger.domain.statement import statements_of
from ledger.domain.vocabulary import Attribute, AttributeType
from tests.unit.domain.claiming import attribute, claims

PRESENCE = attribute(
    "state",
    states=("resident", "visits", "none"),
    values={"lives_here": 0b001, "present": 0b011, "absent": 0b100},
    critical=True,
)


def clash(kind: Attribute, *said: Claim) -> bool:
    """Whether these claims on one question are in conflict."""
    return bool(conflicts_in(Beliefs(statements_of(said, kind, Links())), kind))


def two(one: Any, other: Any, **more: Any) -> list[Claim]:
    """One agency's claim, and another's."""
    return [claims(one, **more)[0], claims(None, other, agency="csc", **more)[1]]


DIFFER: list[tuple[AttributeType, Any, Any, Any]] = [
    ("person", "father", {"is": "a"}, {"is_not": "a"}),
    ("quantity", "3.42", "4", "3.5"),
    ("date", "2022-03-09", "2022-04", "2022-03"),
    ("place", "12 Mill Lane, Walsall", "Oak Road, Walsall", "Walsall"),
    ("event", "happened", "did_not_happen", "not_seen"),
]


@pytest.mark.parametrize(("type_", "one", "other", "agreeing"), DIFFER)
def test_values_of_every_type_that_cannot_both_be_so_conflict(
    type_: AttributeType, one: Any, other: Any, agreeing: Any
) -> None:
    """Said of one day by two agencies they conflict; what agrees does not, and neither does what is of another day."""
    kind = attribute(type_, tolerance="0.1" if type_ == "quantity" else None)
    assert clash(kind, *two(one, other))
    assert not clash(kind, *two(one, agreeing))
    assert not clash(kind, claims(one)[0], claims(None, other, agency="csc", valid="2022-04-01")[1])


def test_what_cannot_change_conflicts_whatever_the_dates() -> None:
    """Two birth dates, or two fathers, are set against each other years apart."""
    kind = attribute("date", compare_within="always")
    assert clash(kind, claims("2022-03-09")[0], claims(None, "2022-03-12", agency="csc", observed="2025-01-01")[1])


@pytest.mark.parametrize("type_", ["state", "person", "quantity", "date", "place", "event", "text"])
def test_what_is_not_known_says_nothing(type_: AttributeType) -> None:
    """Not to know, of whatever type, contradicts nothing; text never does."""
    kind = attribute(type_, tolerance="0.1")
    assert statements_of(claims(None, not_known="evaded"), kind, Links()) == []
    assert statements_of(claims("Anything."), attribute("text"), Links()) == []


@pytest.mark.parametrize("statement", ["plan", "intention", "omission", "relied_on"])
def test_what_does_not_say_that_it_is_so_is_not_compared(statement: str) -> None:
    """Plans, intentions, omissions and what a decision leans on are no words on what is so."""
    assert statements_of(claims("present", statement=statement), PRESENCE, Links()) == []


def test_a_statement_keeps_its_kind_and_basis() -> None:
    """A court's finding can be told from a fact, and judgement from sight."""
    (said,) = statements_of(claims("present", statement="finding", basis="judgement"), PRESENCE, Links())
    assert (said.statement, said.basis) == ("finding", "judgement")


def test_a_value_that_no_longer_fits_the_pack_says_nothing() -> None:
    """What was right under an earlier pack is passed over, and the rest of the question goes on."""
    assert [s.ref.number for s in statements_of(claims("gone", "present"), PRESENCE, Links())] == [2]
    assert [s.ref.number for s in statements_of(claims("three", "3"), attribute("quantity"), Links())] == [2]


def test_a_claim_without_the_thing_that_it_needs_is_still_said() -> None:
    """A thing that is not named is one of the claim's own; without the person or item that it needs it says nothing."""
    values = {"states": ("a",), "values": {"a": 1}}
    assert len(statements_of(claims("a"), attribute("state", thing="required", **values), Links())) == 1
    assert statements_of(claims("a"), attribute("state", counterpart="required", **values), Links()) == []
    assert statements_of(claims("a"), attribute("state", item="required", **values), Links()) == []


MORNING, AFTERNOON = "2022-05-01T10:00Z", "2022-05-01T16:00Z"
COMING_AND_GOING = attribute(
    "state", states=PRESENCE.states, values=PRESENCE.values, critical=True, comes_and_goes=True
)


def test_without_a_valid_time_a_sighting_is_of_its_day() -> None:
    """A claim that does not say when it was so is of the civil day on which it was seen, whatever the hour.

    What was seen at two hours of one day, a bruise and none, a child that sits and one that does not roll, are two
    accounts: such states do not come and go within hours, and a difference is what somebody must hear of. Where they
    may, `valid` can name the time.
    """
    seen = claims("present", observed=MORNING)[0], claims(None, "absent", agency="csc", observed=AFTERNOON)[1]
    assert clash(PRESENCE, *seen)
    timed = claims(None, "absent", agency="csc", observed=AFTERNOON, valid=AFTERNOON)[1]
    assert not clash(PRESENCE, claims("present", observed=MORNING, valid=MORNING)[0], timed)


def test_what_comes_and_goes_is_of_the_time_at_which_it_was_seen() -> None:
    """Decided: where the attribute comes and goes, one's own sight, timed and without `valid`, is of that time alone.

    He was there at ten and not at four: he came and went, and nobody is alerted. At one and the same time, or where no
    time was given, it is a conflict, and so it is where one was told that he is gone, which is of the day: a word of
    somebody else's is about how things are, and not about a moment.
    """
    there = claims("present", observed=MORNING)[0]

    def gone(observed: str, **more: Any) -> Claim:
        return claims(None, "absent", agency="csc", observed=observed, **more)[1]

    assert not clash(COMING_AND_GOING, there, gone(AFTERNOON))
    assert clash(COMING_AND_GOING, there, gone(MORNING))
    assert clash(COMING_AND_GOING, there, gone("2022-05-01"))
    assert clash(COMING_AND_GOING, there, gone(AFTERNOON, basis="told", informant="mother"))
    assert clash(COMING_AND_GOING, there, gone("2022-04-20", valid="2022-04-20/..", basis="told", informant="mother"))
