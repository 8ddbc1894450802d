"""Which injuries may be one, and which are two."""

import pytest

from ledger.domain.edtf import observed_bounds, parse
from ledger.domain.thing_match import Injury, Trait, propose_injuries

BRUISE, MARK, BURN = Trait("bruise", 0b001), Trait("mark", 0b011), Trait("burn", 0b100)
LEFT, RIGHT, ARM = Trait("left_arm", 0b01), Trait("right_arm", 0b10), Trait("arm", 0b11)


def injury(
    key: str, *traits: Trait, site: Trait | None = None, seen: str = "2024-03-09", about: str = "child"
) -> Injury:
    own = frozenset() if "/entry-" in key else frozenset({key.partition("/")[0]})
    when = parse(None, observed=observed_bounds(seen))
    return Injury(key, about, traits, () if site is None else (site,), (when,), own)


def test_type_site_and_time_that_fit_are_possible() -> None:
    """They are proposed as possible, with why; looking alike is never more than that."""
    (found,) = propose_injuries([injury("hv/b1", BRUISE, site=LEFT), injury("gp/7", MARK, site=ARM)])
    assert (found.one, found.other, found.level) == ("gp/7", "hv/b1", "possible")
    assert found.why == ("types of injury that fit", "sites that fit", "of the same time")


@pytest.mark.parametrize(
    "other",
    [
        injury("gp/7", BRUISE, site=RIGHT),
        injury("gp/7", BURN, site=LEFT),
        injury("gp/7", BRUISE, site=LEFT, seen="2024-06-09"),
        injury("gp/7", BRUISE, site=LEFT, about="hv/sister"),
        injury("hv/b2", BRUISE, site=LEFT),
    ],
    ids=["another side", "another type", "months later", "another child", "one agency's two keys"],
)
def test_what_is_two(other: Injury) -> None:
    """A site, a type, a time or a person that does not fit, or an agency that keeps them apart."""
    assert propose_injuries([injury("hv/b1", BRUISE, site=LEFT), other]) == []


def test_a_claim_that_names_no_thing_stands_alone_and_is_proposed() -> None:
    """What one agency named in one entry and not in another is compared like any other."""
    (found,) = propose_injuries([injury("hv/b1", BRUISE, site=LEFT), injury("hv/entry-9", BRUISE, seen="2024-03-11")])
    assert found.why == (
        "types of injury that fit", "the site is not said of both", "seen within three days of each other",
    )  # fmt: skip


def test_seen_days_later_is_less_sure() -> None:
    """The score falls with the time between, and with what is not said."""
    same, near, unsaid = (
        propose_injuries([injury("hv/b1", BRUISE, site=LEFT), other])[0].score
        for other in (
            injury("gp/1", BRUISE, site=LEFT),
            injury("gp/1", BRUISE, site=LEFT, seen="2024-03-20"),
            injury("gp/1", BRUISE),
        )
    )
    assert same > unsaid
    assert same > near


def test_who_said_that_they_are_two_is_heard() -> None:
    """A pair that was unlinked is not proposed again."""
    pair = [injury("hv/b1", BRUISE, site=LEFT), injury("gp/7", BRUISE, site=LEFT)]
    assert propose_injuries(pair, [frozenset({"hv/b1", "gp/7"})]) == []


def test_words_are_compared_where_there_are_no_states() -> None:
    """A type that is text fits the same words only; and a site has a side."""
    left, right = (Trait("cheek", 1, side) for side in ("left", "right"))
    assert not left.fits(right)
    assert left.fits(Trait("cheek", 1, "Left"))
    assert left.fits(Trait("cheek", 1))
    assert Trait("Small  bruise").fits(Trait("small bruise"))
    assert not Trait("bruise").fits(Trait("burn"))
