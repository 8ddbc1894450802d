"""What values allow, type by type: each property against a fresh count of the worlds in which they could be so."""

from datetime import date, timedelta
from decimal import Decimal
from functools import reduce
from itertools import combinations
from operator import and_
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.domain.allows import PLACES_MAX, SOMEBODY_ELSE, Masks, masks_of, named_in
from ledger.domain.person import LinkFact, Links
from ledger.domain.vocabulary import EVENT_VALUES, AttributeType
from tests.sizes import examples
from tests.unit.domain.claiming import attribute, claims

NOBODY = Links()


def masks(type_: AttributeType, *values: Any, people: Links = NOBODY, **more: Any) -> list[int]:
    """The mask of each value on one question; every one of them must have one."""
    said = claims(*values)
    by_ref = masks_of(said, attribute(type_, **more), people).by_ref
    return [by_ref[claim.ref] for claim in said]


def agree(type_: AttributeType, *values: Any, people: Links = NOBODY, **more: Any) -> bool:
    """Whether the values can all be so at one time."""
    return reduce(and_, masks(type_, *values, people=people, **more)) != 0


# ── people ──

NAMES = ["father", "hv/a", "hv/b", "hv/c"]
REFS = st.sampled_from(["father", "a", "b", "c", "csc/a", "csc/b"])
PERSONS = st.one_of(
    REFS,
    REFS.map(lambda ref: {"is": ref}),
    st.lists(REFS, min_size=1, max_size=2).map(lambda refs: {"is_not": refs}),
    st.lists(REFS, min_size=1, max_size=3).map(lambda refs: {"one_of": refs}),
)
#: One man under two agencies' references, and an agency's named man in the father's role.
LINKED = Links.of([LinkFact("people", False, ("hv/b", "csc/b")), LinkFact("people", False, ("father", "hv/c"))])


def people_allowed(value: Any) -> set[str]:
    """The worlds in which a value is so, written out: who it is, of everyone there is and a stranger."""
    name_of = {"a": "hv/a", "b": "csc/b", "c": "father", "csc/b": "csc/b"}
    form, refs = ("is", value) if isinstance(value, str) else next(iter(value.items()))
    named = {name_of.get(ref, ref) for ref in (refs if isinstance(refs, list) else [refs])}
    everyone = {"father", "hv/a", "csc/a", "csc/b", "stranger"}
    return everyone - named if form == "is_not" else named


@given(st.lists(PERSONS, min_size=2, max_size=5))
@settings(max_examples=examples(), deadline=None)
def test_persons_agree_exactly_when_somebody_could_be_all_of_them(values: list[Any]) -> None:
    """One is the same, ruled out, or one of several: masks share a state when some person fits every value."""
    worlds = reduce(and_, (people_allowed(value) for value in values))
    assert agree("person", *values, people=LINKED) == bool(worlds)


def test_a_person_is_resolved_as_the_claiming_agency_names_them() -> None:
    """One reference used by two agencies is two men until they are linked, and a declared role is the role."""
    ours, theirs = claims("named_man"), claims("other", "named_man", agency="csc")[1:]

    def differ(*facts: LinkFact) -> bool:
        found = masks_of([*ours, *theirs], attribute("person"), Links.of(facts))
        return found.by_ref[ours[0].ref] & found.by_ref[theirs[0].ref] == 0

    assert differ()
    assert not differ(LinkFact("people", is_unlink=False, keys=("hv/named_man", "csc/named_man")))
    declared = Links.of([LinkFact("people", is_unlink=False, keys=("father", "hv/named_man"))])
    named = named_in(ours[0], declared)
    assert named is not None
    assert named.names == {"father"}


def test_who_could_still_be_meant_is_worded() -> None:
    """The states of a person's question are those named, and somebody else, whom only a denial allows."""
    said = claims({"is_not": "father"}, {"one_of": ["a", "b"]})
    found = masks_of(said, attribute("person"), NOBODY)
    assert found.states_in(found.by_ref[said[0].ref]) == ("hv/a", "hv/b", SOMEBODY_ELSE)
    assert found.states_in(found.by_ref[said[1].ref]) == ("hv/a", "hv/b")


@pytest.mark.parametrize(
    "value",
    [
        '{"is":',
        "{}",
        '{"was":"a"}',
        '{"one_of":[]}',
        '{"is":[{}]}',
        '{"is":"a","is_not":"b"}',
        " ",
        '{"is":' + "[" * 9999,
    ],
)
def test_what_names_nobody_says_nothing(value: str) -> None:
    """A value of no form that is read has no mask, and stops nothing."""
    assert masks_of(claims(value), attribute("person"), NOBODY).by_ref == {}


# ── quantities ──

NUMBERS = st.decimals(Decimal(-2), Decimal(9), places=2).map(str)


@given(st.lists(NUMBERS, min_size=2, max_size=6), st.sampled_from(["0", "0.1", "0.25", "3"]))
@settings(max_examples=examples(), deadline=None)
def test_numbers_agree_exactly_when_no_two_are_further_apart_than_the_tolerance(
    values: list[str], tolerance: str
) -> None:
    """Two numbers, or any number of them, agree as far as the tolerance goes, and exactly so far."""
    numbers = [Decimal(value) for value in values]
    near = max(numbers) - min(numbers) <= Decimal(tolerance)
    assert agree("quantity", *values, tolerance=tolerance) == near


def test_a_quantity_is_worded_as_a_range() -> None:
    """What could still be true of two measurements is the stretch that both allow."""
    said = claims("3.40", "3.5")
    found = masks_of(said, attribute("quantity", tolerance="0.2"), NOBODY)
    both = found.by_ref[said[0].ref] & found.by_ref[said[1].ref]
    assert found.states_in(both) == ("3.4 to 3.5",)
    assert found.states_in(found.by_ref[said[0].ref]) == ("3.3 to 3.5",)


def test_a_number_that_no_longer_fits_says_nothing() -> None:
    """Words where a number is due, and a tolerance that is none, leave the question without that claim."""
    assert masks_of(claims("about three", "3"), attribute("quantity", tolerance="1"), NOBODY).by_ref.keys() == {
        claims("about three", "3")[1].ref
    }
    assert masks_of(claims("3"), attribute("quantity", tolerance="a little"), NOBODY).by_ref == {}


# ── dates ──

FIRST = date(2021, 11, 1)
DAYS = st.integers(0, 150).map(lambda days: FIRST + timedelta(days=days))


@st.composite
def dates(draw: st.DrawFn) -> tuple[str, set[date]]:
    """A date as written, and the days that it may be."""
    day, until = sorted([draw(DAYS), draw(DAYS)])
    everyday = [FIRST + timedelta(days=days) for days in range(-40, 400)]
    form = draw(st.sampled_from(["day", "about", "month", "year", "period", "from"]))
    match form:
        case "day":
            return day.isoformat(), {day}
        case "about":
            return f"{day.isoformat()}~", {day - timedelta(days=1), day, day + timedelta(days=1)}
        case "month":
            return day.isoformat()[:7], {one for one in everyday if (one.year, one.month) == (day.year, day.month)}
        case "year":
            return day.isoformat()[:4], {one for one in everyday if one.year == day.year}
        case "period":
            return f"{day.isoformat()}/{until.isoformat()}", {one for one in everyday if day <= one <= until}
    return f"{day.isoformat()}/..", {one for one in everyday if day <= one}


@given(st.lists(dates(), min_size=2, max_size=5))
@settings(max_examples=examples(), deadline=None)
def test_dates_agree_exactly_when_some_day_fits_them_all(said: list[tuple[str, set[date]]]) -> None:
    """Masks share a state when the days that the written dates may be have one in common."""
    assert agree("date", *(text for text, _ in said)) == bool(reduce(and_, (days for _, days in said)))


@given(DAYS)
@settings(max_examples=examples(), deadline=None)
def test_a_vague_date_agrees_with_the_precise_one_in_it(day: date) -> None:
    """A day, its month, its year and about that day allow each other, and the day allows least."""
    text = day.isoformat()
    precise, *vague = masks("date", text, f"{text}~", text[:7], text[:4], f"{text[:7]}~", f"{text[:4]}~")
    assert all(precise & mask == precise for mask in vague)


@pytest.mark.parametrize(
    ("one", "other", "tolerance", "expected"),
    [
        ("2022-03-09T14:30Z", "2022-03-09", None, True),
        ("2022-03-09T14:30Z", "2022-03-09T15:20Z", None, True),
        ("2022-03-09T14:30Z", "2022-03-09T16:30Z", None, False),
        ("2022-03-09T23:50Z", "2022-03-10", None, True),
        ("2022-07-01T23:30Z", "2022-07-02T00:30+01:00", None, True),
        ("2022-03-09", "2022-03-12", None, False),
        ("2022-03-09", "2022-03-12", "P5D", True),
        ("2022-03-09", "2022-03-15", "P5D", False),
        ("2022-03-09", "2022-03-12", "nonsense", False),
    ],
)
def test_times_and_tolerances(one: str, other: str, tolerance: str | None, expected: bool) -> None:
    """Clock times agree within the hour, over midnight and over zones too; a tolerance widens dates by so much."""
    assert agree("date", one, other, tolerance=tolerance) is expected


def test_dates_are_worded_by_their_days() -> None:
    """What could still be true of dates is one stretch of days; one without an end says so."""
    said = claims("2022-03", "2022-03-09", "2022-03-20/..", "of old")
    found = masks_of(said, attribute("date"), NOBODY)
    assert [found.states_in(mask) for mask in found.by_ref.values()] == [
        ("2022-03-01 to 2022-03-31",),
        ("2022-03-09",),
        ("2022-03-20 or later",),
    ]


# ── events ──


@given(st.lists(st.sampled_from(list(EVENT_VALUES)), min_size=1, max_size=4))
@settings(max_examples=examples(), deadline=None)
def test_an_event_happened_or_did_not(values: list[str]) -> None:
    """Only that it happened and that it did not cannot both be so; not to have seen it leaves both."""
    assert agree("event", *values) == (not {"happened", "did_not_happen"} <= set(values))


# ── places ──

PARTS = st.tuples(
    st.sampled_from([None, "1", "12", "12a"]),
    st.sampled_from([None, "Mill Lane", "Oak Road"]),
    st.sampled_from([None, "Walsall", "Dudley"]),
)
Parts = tuple[str | None, str | None, str | None]


def written(parts: Parts) -> str:
    number, street, town = parts
    house = f"{number} {street}" if number and street else street
    return ", ".join(part for part in (house, town) if part) or "her mother's flat"


def told_apart(one: Parts, other: Parts) -> bool:
    """Whether two addresses cannot be one: by street, by house in one street, or by town where both are as precise."""
    if bool(one[1]) != bool(other[1]):
        return False
    differs = [bool(mine and theirs and mine != theirs) for mine, theirs in zip(one, other, strict=True)]
    return any(differs) if one[1] else differs[2]


@given(st.lists(PARTS, min_size=2, max_size=6))
@settings(max_examples=examples(), deadline=None)
def test_places_agree_exactly_when_no_two_of_them_are_told_apart(said: list[Parts]) -> None:
    """Masks of places share a state when every two of them could be one, or one within the other."""
    apart = any(told_apart(one, other) for one, other in combinations(said, 2))
    assert agree("place", *(written(parts) for parts in said)) == (not apart)


def test_a_place_is_worded_by_the_most_precise_that_was_said() -> None:
    """A town allows the houses that were named in it; a house allows itself."""
    said = claims("12 Mill Lane, Walsall", "Walsall", "3 Oak Road, Walsall")
    found = masks_of(said, attribute("place"), NOBODY)
    assert [found.states_in(mask) for mask in found.by_ref.values()] == [
        ("12 Mill Lane, Walsall",),
        ("12 Mill Lane, Walsall", "3 Oak Road, Walsall"),
        ("3 Oak Road, Walsall",),
    ]


def test_very_many_places_cost_little_and_set_nobody_wrongly_against_anybody() -> None:
    """Beyond what is told apart the vaguest agree with all; houses in one street still differ."""
    count = 40
    houses = [f"{number} Mill Lane" for number in range(1, count)]
    towns = [f"Town{number}" for number in range(1, count)]
    began = perf_counter()
    found = masks("place", *houses, *towns)
    assert perf_counter() - began < 5
    assert max(found).bit_length() <= PLACES_MAX
    assert all(one & other == 0 for one, other in combinations(found[: len(houses)], 2))
    assert all(house & town for house in found[: len(houses)] for town in found[len(houses) :])


# ── all types ──

VALUES: dict[AttributeType, st.SearchStrategy[Any]] = {
    "person": PERSONS,
    "quantity": NUMBERS,
    "date": dates().map(lambda said: said[0]),
    "event": st.sampled_from(list(EVENT_VALUES)),
    "place": PARTS.map(written),
}


@pytest.mark.parametrize("type_", VALUES)
@given(data=st.data())
@settings(max_examples=examples(), deadline=None)
def test_what_else_is_said_and_in_which_order_changes_nothing(type_: AttributeType, data: st.DataObject) -> None:
    """Two values agree or not whatever else is said, any order gives the same masks, and none is empty."""
    values = data.draw(st.lists(VALUES[type_], min_size=2, max_size=6))
    said = claims(*values)
    kind = attribute(type_, tolerance="0.1" if type_ == "quantity" else None)
    whole: Masks = masks_of(said, kind, NOBODY)
    assert masks_of(data.draw(st.permutations(said)), kind, NOBODY) == whole
    assert all(whole.by_ref.values())
    for one, other in combinations(said, 2):
        alone = masks_of([one, other], kind, NOBODY).by_ref
        assert bool(alone[one.ref] & alone[other.ref]) == bool(whole.by_ref[one.ref] & whole.by_ref[other.ref])
        assert whole.states_in(whole.by_ref[one.ref])


@pytest.mark.parametrize("type_", ["state", "person", "quantity", "date", "place", "event", "text"])
@given(text=st.text(max_size=60))
@settings(max_examples=examples(), deadline=None)
def test_no_text_stops_the_reading(type_: AttributeType, text: str) -> None:
    """Whatever was once taken in as a value is read or passed over, and never raises; what is not known has no mask."""
    kind = attribute(type_, tolerance="0.1")
    masks_of(claims(text, "father", "2022", "3"), kind, NOBODY)
    assert masks_of(claims(None, not_known="declined"), kind, NOBODY).by_ref == {}


def test_states_are_those_of_the_pack_and_text_has_none() -> None:
    """A value's states are static; one that the pack no longer has says nothing, and neither does text."""
    kind = attribute("state", states=("in", "out"), values={"in": 1, "out": 2, "either": 3})
    said = claims("in", "either", "gone")
    found = masks_of(said, kind, NOBODY)
    assert list(found.by_ref.values()) == [1, 3]
    assert found.states_in(3) == ("in", "out")
    assert masks_of(claims("in"), attribute("text"), NOBODY) == Masks({}, ())
