"""What each agency holds, from whom, and when."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import reduce
from itertools import pairwise
from operator import or_

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.domain.belief import Beliefs, Held
from tests.saying import PRESENCE as WRITTEN
from tests.saying import presence_pack
from tests.sizes import examples
from tests.unit.domain.timeline import beliefs_of, conflicts_of, statements_in

PRESENCE = presence_pack().attributes["presence"]

#: How well an agency knows what it says, the best first; what is on one line is equally well known.
OWN = [["measured", "seen", "own_record", "searched", "document"], ["judgement"]]
HEARD = [["agency:aunt"], ["told:aunt"]]
ORDER = [*OWN, *HEARD]
BASES = [basis for line in ORDER for basis in line]


def rank(basis: str) -> int:
    return next(place for place, line in enumerate(ORDER) if basis in line)


def day(number: int) -> str:
    return (date(2022, 3, 1) + timedelta(days=number)).isoformat()


@st.composite
def words(draw: st.DrawFn) -> str:
    """One word of one of two agencies, from one of a few sources, about a day, a spell or ever since."""
    first = draw(st.integers(0, 30))
    last = draw(st.integers(first, 30))
    observed = draw(st.integers(0, 40))
    valid = draw(st.sampled_from([day(first), f"{day(first)}/{day(last)}", f"{day(first)}/..", f"{day(first)}/"]))
    by = draw(st.sampled_from(["told:mother", "told:aunt", "agency:mother", "judgement", "seen@nurse", "seen@doctor"]))
    agency = draw(st.sampled_from(["csc", "hv"]))
    return f"{agency} {day(observed)} {by} {draw(st.sampled_from(list(WRITTEN['values'])))} {valid}"


def stretches(beliefs: Beliefs, *, agency: str | None = None) -> list[tuple[object, ...]]:
    """What is held, without the numbers of entries."""
    return sorted(
        (held.key, held.mask, held.start, held.end, held.asserted_until)
        for held in beliefs.held
        if agency in {None, held.statement.agency}
    )


def of(number: int, beliefs: Beliefs) -> list[Held]:
    """The stretches over which the word of entry ``number`` is held."""
    return sorted((held for held in beliefs.held if held.statement.ref.number == number), key=lambda held: held.start)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@given(st.lists(words(), max_size=7))
@settings(max_examples=examples(), deadline=None)
def test_what_is_said_to_another_agency_ends_nothing(said: list[str]) -> None:
    """What an agency holds depends on its own words alone."""
    together = beliefs_of(*said)
    for agency in ("csc", "hv"):
        alone = beliefs_of(*(text for text in said if text.startswith(f"{agency} ")))
        assert stretches(alone) == stretches(together, agency=agency)


@given(st.lists(words(), max_size=7).flatmap(lambda said: st.tuples(st.just(said), st.permutations(said))))
@settings(max_examples=examples(), deadline=None)
def test_the_order_of_recording_decides_nothing(said: tuple[list[str], list[str]]) -> None:
    """The same words in any order are held over the same stretches."""
    one, other = said
    assert stretches(beliefs_of(*one)) == stretches(beliefs_of(*other))


@given(st.lists(words(), max_size=7))
@settings(max_examples=examples(), deadline=None)
def test_nobody_observes_the_future(said: list[str]) -> None:
    """A word is asserted no further than its day of observing, and held on only where it goes on."""
    for held in beliefs_of(*said).held:
        statement = held.statement
        assert held.start < held.end
        assert statement.since <= held.start
        assert held.asserted_until <= statement.observed.end
        assert statement.is_carried or held.end <= statement.observed.end
        assert statement.is_carried == said[statement.ref.number - 1].endswith("/..")


@given(st.lists(words(), min_size=1, max_size=6), words())
@settings(max_examples=examples(), deadline=None)
def test_being_told_otherwise_ends_only_that_persons_own_word(said: list[str], otherwise: str) -> None:
    """Whoever tells an agency something new leaves what it saw and what others said as it held it."""
    agency, _, _, value, valid = otherwise.split()
    new = f"{agency} {day(41)} told:mother {value} {valid}"
    before, after = beliefs_of(*said), beliefs_of(*said, new)
    person = "person:mother"

    def others(beliefs: Beliefs) -> list[tuple[object, ...]]:
        return sorted(
            (held.key, held.mask, held.start, held.end) for held in beliefs.held if held.statement.source != person
        )

    assert others(before) == others(after)


@given(st.lists(words(), max_size=7))
@settings(max_examples=examples(), deadline=None)
def test_growing_stale_ends_no_word_and_hides_no_conflict(said: list[str]) -> None:
    """However soon a word grows stale, the same is held and the same is in conflict."""
    soon, late = (presence_pack(holds_for=time).attributes["presence"] for time in ("P1D", "P3650D"))
    assert stretches(beliefs_of(*said, attribute=soon)) == stretches(beliefs_of(*said, attribute=late))
    found = [[(c.refs, c.is_certain, c.is_firm) for c in conflicts_of(*said, attribute=one)] for one in (soon, late)]
    assert found[0] == found[1]


@given(st.lists(st.integers(1, 4), min_size=2, max_size=12))
def test_disjoint_spells_are_never_merged(lengths: Sequence[int]) -> None:
    """As many spells as are told are held, each with its own bounds."""
    said, start = [], 0
    for length in lengths:
        said.append(f"hv {day(60)} told:mother lives_here {day(start)}/{day(start + length)}")
        start += length + 1
    held = beliefs_of(*said).held
    assert len(held) == len(lengths)
    spells = sorted((one.start, one.end) for one in held)
    assert all(end <= following for (_, end), (following, _) in pairwise(spells))


@pytest.mark.parametrize("later", BASES)
@pytest.mark.parametrize("earlier", BASES)
def test_who_takes_the_place_of_whom(earlier: str, later: str) -> None:
    """A later word ends the earlier as the next of its source, or as the agency's own on at least as strong a basis."""
    before = f"{earlier}@nurse" if ":" not in earlier else earlier.replace("aunt", "mother")
    after = f"{later}@doctor" if ":" not in later else later
    beliefs = beliefs_of(
        f"hv 2022-03-10 {before} absent 2022-03-01/..", f"hv 2022-04-10 {after} lives_here 2022-04-01/.."
    )
    is_ended = ":" not in later and rank(later) <= rank(earlier)
    (held,) = of(1, beliefs)
    assert held.is_still_held is not is_ended
    if is_ended:
        assert held.end == moment("2022-03-31T23:00:00")


@pytest.mark.parametrize("basis", BASES)
def test_the_next_word_of_one_source_ends_its_word(basis: str) -> None:
    """From the start of the later word on, the earlier is no more what that source says, whatever the basis."""
    beliefs = beliefs_of(
        f"hv 2022-03-10 {basis} absent 2022-03-01/..", f"hv 2022-04-10 {basis} lives_here 2022-04-01/.."
    )
    (held,) = of(1, beliefs)
    assert (held.asserted_until, held.end) == (moment("2022-03-11"), moment("2022-03-31T23:00:00"))


def test_a_later_word_about_before_replaces_what_was_asserted() -> None:
    """What was asserted is held only outside the time that the later word of the source speaks of."""
    beliefs = beliefs_of(
        "hv 2022-04-10 told:mother absent 2022-01-01/..", "hv 2022-04-20 told:mother lives_here 2022-02-01/2022-02-20"
    )
    first, second = of(1, beliefs)
    assert (first.start, first.end) == (moment("2022-01-01"), moment("2022-02-01"))
    assert second.start == moment("2022-02-21")
    assert second.is_still_held


@pytest.mark.parametrize(
    ("earlier", "later", "is_kept"),
    [
        ("told:mother", "told:mother", True),
        ("told:mother", "told:aunt", True),
        ("told:mother", "own_record", True),
        ("seen@nurse", "own_record@doctor", True),
        ("seen@nurse", "seen@nurse", False),
    ],
)
def test_a_second_version_of_a_past_moment_is_a_second_account(earlier: str, later: str, is_kept: bool) -> None:
    """About a fixed day nothing ends anything; an office may only put right what it said itself."""
    beliefs = beliefs_of(f"hv 2022-03-10 {earlier} absent 2022-03-01", f"hv 2022-04-10 {later} lives_here 2022-03-01")
    assert bool(of(1, beliefs)) is is_kept
    assert of(2, beliefs)


def test_of_two_words_of_one_day_both_are_held() -> None:
    """Neither was observed after the other, so neither takes the other's place."""
    same_day = beliefs_of(
        "hv 2022-03-10 told:mother absent 2022-03-01/..", "hv 2022-03-10 told:mother lives_here 2022-03-01/.."
    )
    assert [len(of(number, same_day)) for number in (1, 2)] == [1, 1]
    one_after_the_other = beliefs_of(
        "hv 2022-03-10T10:00Z told:mother absent 2022-03-01/..",
        "hv 2022-03-10T10:01Z told:mother lives_here 2022-03-01/..",
    )
    assert all(held.start >= moment("2022-03-10T10:01:00") for held in of(1, one_after_the_other))


@pytest.mark.parametrize(
    ("repeat", "is_held"),
    [
        ("told:mother absent", True),
        ("told:mother no_contact", True),
        ("told:mother not_resident", True),
        ("told:mother lives_here", False),
        ("told:aunt lives_here", True),
        ("seen absent", True),
        ("seen lives_here", False),
    ],
)
def test_what_is_said_of_one_day_ends_what_is_carried_only_if_it_differs(repeat: str, is_held: bool) -> None:
    """Told again that he is gone, an agency goes on holding that he is."""
    beliefs = beliefs_of("csc 2022-03-10 told:mother absent 2022-03-10/..", f"csc 2022-04-20 {repeat}")
    assert of(1, beliefs)[-1].is_still_held is is_held


def test_when_a_word_was_last_said_and_last_confirmed() -> None:
    """Said again by its own source for how near a conflict is; by anybody for how stale the word is."""
    beliefs = beliefs_of(
        "csc 2022-03-10 told:mother absent 2022-03-10/..",
        "csc 2022-04-20 told:mother absent",
        "csc 2022-05-01 told:mother not_resident",
        "hv 2022-05-20 told:father no_contact",
        "hv 2022-06-20 told:father not_resident",
    )
    (held,) = of(1, beliefs)
    assert beliefs.last_said(held, moment("2022-12-01")) == moment("2022-04-20T23:00:00")
    assert beliefs.last_said(held, moment("2022-04-01")) == moment("2022-03-11")
    assert beliefs.last_confirmed(held) == moment("2022-05-20T23:00:00")


def test_a_sight_that_leaves_room_for_a_word_confirms_it() -> None:
    """Seen there, though nobody saw that he lives there; but to have seen nothing of it, or to be told, is not that."""
    held = "csc 2022-03-10 told:mother lives_here 2022-03-10/.."
    anything = reduce(or_, PRESENCE.values.values())

    def confirmed(*more: str) -> datetime:
        beliefs = beliefs_of(held, *more)
        return beliefs.last_confirmed(of(1, beliefs)[0], anything)

    assert confirmed("hv 2022-05-20 seen present") == moment("2022-05-20T23:00:00")
    for other in ("hv 2022-05-20 told:father present", "hv 2022-05-20 seen visits", "hv 2022-05-20 seen absent"):
        assert confirmed(other) == moment("2022-03-11")


def test_the_present_word_is_the_latest_that_ends_it() -> None:
    """What another person told since is not what the agency says instead."""
    said = [
        "csc 2022-03-10 told:mother absent 2022-03-10/..",
        "csc 2022-04-10 told:aunt lives_here 2022-04-01/..",
        "csc 2022-05-10 told:mother visits 2022-05-01/..",
        "csc 2022-06-10 told:mother lives_here 2022-01-01/2022-02-01",
    ]
    first, *_ = statements = statements_in(*said)
    assert Beliefs(statements[:2]).present_word(first) is first
    assert Beliefs(statements).present_word(first) is statements[2]


@pytest.mark.parametrize(
    ("owner", "is_ended"), [("police", True), ("school, police", True), ("detective", True), ("court", False)]
)
def test_the_owners_newer_word_ends_its_older_one_on_any_basis(owner: str, is_ended: bool) -> None:
    """Whose fact it is may judge anew what it once recorded; anybody else's judgement ends no record."""
    said = [
        "police 2022-03-10 own_record@detective absent 2022-03-01/..",
        "police 2022-04-10 judgement@detective_sergeant lives_here 2022-04-01/..",
        "police 2022-05-10 told:mother absent 2022-05-01/..",
    ]
    attribute = presence_pack(owner=owner).attributes["presence"]
    if owner == "detective":
        said[1] = said[1].replace("detective_sergeant", "lead_detective")
    beliefs = beliefs_of(*said, attribute=attribute)
    assert of(1, beliefs)[-1].is_still_held is not is_ended
    assert of(2, beliefs)[-1].is_still_held


def test_an_owner_ends_no_other_agencys_word() -> None:
    """It outranks what others hold in what is shown of a conflict; it takes nothing from them."""
    attribute = presence_pack(owner="police").attributes["presence"]
    said = ["csc 2022-03-10 told:mother absent 2022-03-01/..", "police 2022-03-20 own_record lives_here 2022-03-01/.."]
    assert of(1, beliefs_of(*said, attribute=attribute))[0].is_still_held
    assert len(conflicts_of(*said, attribute=attribute)) == 1


def test_what_an_owner_was_told_is_no_better_known_for_that() -> None:
    """The detective's office owns what it knows itself, and not what somebody told it."""
    attribute = presence_pack(owner="detective").attributes["presence"]
    told = "police 2022-03-10 told:mother@detective absent 2022-03-01/.."
    beliefs = beliefs_of(told, "police 2022-04-10 seen@constable lives_here 2022-04-01/..", attribute=attribute)
    assert not of(1, beliefs)[-1].is_still_held
