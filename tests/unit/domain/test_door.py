"""What does not fit is warned of only where no reading of any date makes it fit."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.door import CODES, DoorWarning, warnings_of
from ledger.domain.landmark import Known, Landmark
from tests.partnership import default_pack

BORN = Known(Landmark("birth", "child", "2022-09-01"), 1, "hv")


def claim(attribute: str, value: str, about: str = "child", **more: Any) -> dict[str, Any]:
    return {"about": about, "attribute": attribute, "value": value, "basis": "own_record"} | more


def judged(*claims: dict[str, Any], known: tuple[Known, ...] = (BORN,), agency: str = "hv", **more: Any) -> list[str]:
    body = {"observed": "2023-03-05", "statement": "fact", "claims": list(claims)} | more
    return [one.code for one in warnings_of("observation", body, agency=agency, known=known, pack=default_pack())]


@pytest.mark.parametrize(
    ("value", "basis", "expected"),
    [
        ("6", "own_record", []),
        ("7", "own_record", []),
        ("4", "own_record", ["age_and_birth"]),
        ("9", "own_record", ["age_and_birth"]),
        ("7", "seen", []),
    ],
)
def test_an_age_within_the_packs_tolerance_fits(value: str, basis: str, expected: list[str]) -> None:
    """Six months old to the week: what half the tolerance and a guess's width allow is no slip."""
    assert judged(claim("age_in_months", value, basis=basis)) == expected


def test_an_early_birth_explains_a_lower_age() -> None:
    """A child born at 28 weeks may be given its corrected age; a lower one still does not fit."""
    early = Known(Landmark("weeks", "child", "28"), 2, "hv")
    assert judged(claim("age_in_months", "3"), known=(BORN, early)) == []
    assert judged(claim("age_in_months", "1"), known=(BORN, early)) == ["age_and_birth"]


def test_any_birth_that_fits_is_enough() -> None:
    """Where two dates of birth are held, an age that one of them gives is no slip; a vague date gives more ages."""
    other = Known(Landmark("birth", "child", "2022-11"), 2, "csc")
    assert judged(claim("age_in_months", "4"), known=(BORN, other)) == []
    assert judged(claim("age_in_months", "4"), known=(other,)) == []
    assert judged(
        claim("age_stated", "17", about="f"), known=(Known(Landmark("birth", "hv/f", "2000~"), 3, "hv"),)
    ) == ["age_and_birth"]


def test_what_rests_on_which_entries_is_told() -> None:
    """By number, so that who may not see them is not shown the warning; what the body says itself has none."""
    body = {"observed": "2023-03-05", "statement": "fact", "claims": [claim("age_in_months", "20")]}
    given_now = warnings_of("observation", body, agency="hv", known=[BORN], pack=default_pack())
    assert given_now == [DoorWarning("age_and_birth", "/claims/0/value", (1,))]
    own = body | {"claims": [claim("date_of_birth", "2022-09-01"), claim("age_in_months", "20")]}
    assert warnings_of("observation", own, agency="hv", known=[], pack=default_pack()) == [
        DoorWarning("age_and_birth", "/claims/1/value", ())
    ]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (claim("behaviour", "settled"), ["after_death"]),
        (claim("behaviour", "settled", valid="2023-02-20"), []),
        (claim("behaviour", "settled", valid="2023-02-20/.."), []),
        (claim("behaviour", "settled", statement="plan"), []),
        (claim("behaviour", "settled", about="mother"), []),
        (claim("presentation", "died"), []),
        (claim("seen", "did_not_happen"), []),
        (claim("seen", "happened"), ["after_death"]),
        (claim("injury", "fracture", thing="arm"), []),
        (claim("gp_registration", "removed"), []),
    ],
)
def test_only_living_signs_come_before_death(said: dict[str, Any], expected: list[str]) -> None:
    """What was so before, what is planned, what others do and what is learnt of the dead are no slips."""
    died = Known(Landmark("death", "child", "2023-02-25"), 4, "police")
    assert judged(said, known=(BORN, died)) == expected


def test_a_contact_is_dated_by_its_day() -> None:
    """Seen before birth, before conception, or not at all; an examination may be one after death."""
    contact = {"depth": "seen", "present": ["child"]}
    assert judged(contact=contact, observed="2022-08-31") == ["before_birth"]
    assert judged(contact=contact, observed="2021-08-31") == ["before_conception"]
    assert judged(contact={"outcome": "no_access", "depth": "doorstep"}, observed="2021-08-31") == []
    assert judged(contact=contact, observed="2022-08-31", author={"role": "Obstetrician"}) == []
    died = Known(Landmark("death", "child", "2023-02-25"), 4, "police")
    assert judged(contact={"depth": "examined"}, known=(BORN, died)) == []
    assert judged(contact={"depth": "seen_alone"}, known=(BORN, died)) == ["after_death"]


def test_a_school_before_enrolment() -> None:
    """A day at the school that the claim names, and a contact by the school that keeps the register."""
    rolled = Known(Landmark("enrolment", "child", "2023-03-01/..", "hill"), 5, "school", "primary school")
    at_hill = claim("school_attendance", "good", item="Hill", valid="2023-02-01")
    assert judged(at_hill, known=(rolled,)) == ["before_enrolment"]
    assert judged(at_hill | {"item": "Dale"}, known=(rolled,)) == []
    day = {"contact": {"depth": "seen"}, "observed": "2023-02-01"}
    assert judged(known=(rolled,), agency="school", **day) == ["before_enrolment"]
    assert judged(known=(rolled,), agency="council", **day) == []


def test_every_code_has_words_without_a_date_or_a_name() -> None:
    """Both sentences of each warning are the same whoever it is about."""
    for code in CODES:
        warning = DoorWarning(code, "/x")
        assert warning.detail.endswith(".")
        assert warning.fix.endswith(".")
        assert not any(character.isdigit() for character in warning.detail + warning.fix)


@given(days=st.integers(0, 3000), months=st.integers(0, 100))
def test_a_true_age_is_never_warned_of(days: int, months: int) -> None:
    """Whoever counts completed months rightly is never told otherwise, whatever the day."""
    born = date(2015, 1, 31) + timedelta(days=days)
    month = born.month - 1 + months
    told = date(born.year + month // 12, month % 12 + 1, 1) + timedelta(days=min(born.day, 28) + 2)
    known = (Known(Landmark("birth", "child", born.isoformat()), 1, "hv"),)
    assert judged(claim("age_in_months", str(months)), known=known, observed=told.isoformat()) == []
