"""Contact kept with one service and not with another, and contacts missed across several."""

from typing import Any

import pytest

from tests.unit.domain.rules.passing import claim, day, said
from tests.unit.domain.rules.patterning import KEPT, contact, shown, visit, works

GOOD = works("nursery", 30, "good", item="nursery")


@pytest.mark.parametrize("value", ["refused", "declined", "withdrawn", "hostile", "not_engaging", "poor"])
def test_one_service_is_refused_and_another_let_in(value: str) -> None:
    """Whichever word says that it is refused, by the item or by the agency that posts."""
    assert shown(KEPT, works("csc", 20, value, item="social_care"), GOOD) == [1, 2]
    assert shown(KEPT, works("csc", 20, value), works("hv", 30, "engaging")) == [1, 2]


@pytest.mark.parametrize("value", ["partial", "late", "infrequent", "cancels", "not_seen", "undetermined"])
def test_what_is_only_partial_is_how_busy_families_live(value: str) -> None:
    """No pattern, and one word of a missed contact is one."""
    assert shown(KEPT, works("csc", 20, value, item="social_care"), GOOD) == []


def test_two_missed_contacts_and_not_one() -> None:
    """Nobody in once is nobody in; twice, while another finds the family easy, is a pattern."""
    once, again = visit("hv", 10, "no_access"), visit("hv", 20, "nobody_in")
    assert shown(KEPT, once, GOOD) == []
    assert shown(KEPT, once, again, GOOD) == [1, 2, 3]
    assert shown(KEPT, once, again) == []


def test_the_window_is_ninety_days() -> None:
    """Two missed contacts count together up to so long apart, and no longer."""
    good = works("nursery", 100, "good", valid="2022-03-01/..")
    assert shown(KEPT, visit("hv", 10, "no_access"), visit("hv", 100, "no_access"), good) == [1, 2, 3]
    assert shown(KEPT, visit("hv", 9, "no_access"), visit("hv", 100, "no_access"), good) == []


def test_by_a_contact_as_by_a_claim_and_both_are_one() -> None:
    """What an entry says in its contact counts as its claim does, and is the same contact."""
    both = visit("hv", 10, "no_access")
    both["body"]["contact"] = {"depth": "doorstep", "outcome": "no_access"}
    assert shown(KEPT, both, GOOD) == []
    assert shown(KEPT, contact("hv", 10, "no_access"), contact("hv", 20, "not_brought"), GOOD) == [1, 2, 3]
    assert shown(KEPT, both, contact("hv", 20, "refused"), GOOD) == [1, 2, 3]


def test_one_visit_is_one_whoever_tells_of_it() -> None:
    """Two agencies tell of one visit; it was missed once."""
    told = visit("csc", 12, "no_access", thing="hv/visit", basis="agency")
    assert shown(KEPT, visit("hv", 10, "no_access", thing="hv/visit"), told, GOOD) == []


@pytest.mark.parametrize("value", ["cancelled_by_service", "not_attempted", "held"])
def test_what_the_service_called_off_nobody_missed(value: str) -> None:
    """A visit that one says was missed, and the service that it was its own doing, is no missed contact."""
    theirs = visit("hv", 10, value, thing="hv/visit")
    told = visit("csc", 12, "not_brought", thing="hv/visit")
    assert shown(KEPT, theirs, told, visit("hv", 20, "no_access"), GOOD) == []


@pytest.mark.parametrize("party", [{"agency": "hv"}, "hv", "health visitor", "school nurse"])
def test_a_contact_that_the_service_cancelled(party: Any) -> None:
    """By whom it was cancelled decides; by the mother it is missed."""
    own = [contact("hv", on, "cancelled", by_whom=party) for on in (10, 20)]
    assert shown(KEPT, *own, GOOD) == []
    hers = [contact("hv", on, "cancelled", by_whom="mother") for on in (10, 20)]
    assert shown(KEPT, *hers, GOOD) == [1, 2, 3]


def test_words_that_a_family_cancels_again_and_again_count_as_twice() -> None:
    """Said to go on, it is more than once."""
    assert shown(KEPT, works("csc", 20, "cancels"), GOOD) == []
    assert shown(KEPT, works("csc", 20, "cancels", valid="2022-03/.."), GOOD) == [1, 2]


def test_what_got_better_is_no_conflict() -> None:
    """Refused, and working together since; refused again, it is one."""
    refused, better = works("csc", 5, "refused"), works("csc", 20, "engaging")
    assert shown(KEPT, refused, better, GOOD) == []
    assert shown(KEPT, refused, better, works("csc", 28, "hostile"), GOOD) == [3, 4]


def test_a_visit_held_since_ends_the_missed_ones() -> None:
    """Twice nobody in, and then seen as agreed."""
    missed = [visit("hv", 5, "no_access"), visit("hv", 9, "no_access")]
    assert shown(KEPT, *missed, visit("hv", 20, "held"), GOOD) == []
    assert shown(KEPT, *missed, contact("hv", 20, "held", planned="yes"), GOOD) == []


def test_what_got_worse_later_is_no_good_word_any_more() -> None:
    """Both services are kept away by now."""
    assert shown(KEPT, works("hv", 5, "good"), works("hv", 20, "refused"), works("csc", 21, "refused")) == []


def test_long_after_is_another_time() -> None:
    """Good with the midwife, refused by the social worker a year later."""
    assert shown(KEPT, works("hv", 0, "good", valid="2022-03-01"), works("csc", 95, "refused")) == []
    assert shown(KEPT, works("hv", 0, "good", valid="2022-03-01/.."), works("csc", 95, "refused")) == [1, 2]
    assert shown(KEPT, works("hv", 0, "good", valid="2022-03-01/.."), works("csc", 190, "refused")) == []


@pytest.mark.parametrize(
    ("agency", "item"), [("drugs", None), ("csc", "alcohol service"), ("police", None), ("hv", "counselling")]
)
def test_a_service_for_the_adults_own_need(agency: str, item: str | None) -> None:
    """Whether she refuses it or gets on with it, it says nothing of how the child is seen."""
    more = {} if item is None else {"item": item}
    assert shown(KEPT, works(agency, 20, "refused", **more), GOOD) == []
    assert shown(KEPT, works("csc", 20, "refused"), works(agency, 30, "engaging", **more)) == []


def test_of_the_child_every_service_counts() -> None:
    """The child itself was not brought there."""
    missed = [visit("drugs", on, "not_brought") for on in (5, 20)]
    assert shown(KEPT, *missed, GOOD) == [1, 2, 3]


def test_one_service_by_several_words_is_not_set_against_itself() -> None:
    """Social care by its own posting, by its item, and by another's word."""
    refused = works("csc", 20, "refused")
    assert shown(KEPT, refused, works("hv", 30, "engaging", item="children's social care")) == []
    assert shown(KEPT, refused, works("hv", 30, "engaging", item="social_care support")) == []


def test_two_people_are_two() -> None:
    """He refuses and she does not; what is said of the child is both their doing."""
    assert shown(KEPT, works("csc", 20, "refused", about="father"), GOOD) == []
    assert shown(KEPT, works("csc", 20, "refused", about="child"), GOOD) == [1, 2]


def test_support_declined_counts_as_refused() -> None:
    """The help that was planned, declined by the family."""
    declined = said("csc", 20, claim("planned_support", "declined_by_family", item="early help assessment"))
    assert shown(KEPT, declined, GOOD) == [1, 2]


def test_visits_kept_speak_as_good_words_do() -> None:
    """Two planned contacts that were held, while another service is refused; one is not enough."""
    refused = works("csc", 20, "refused")
    assert shown(KEPT, refused, contact("hv", 22, "held", planned="yes")) == []
    held = [contact("hv", 22, "held", planned="yes"), visit("hv", 28, "held")]
    assert shown(KEPT, refused, *held) == [1, 2, 3]
    assert shown(KEPT, refused, contact("hv", 22, "held"), contact("hv", 28, "held")) == []


def sight(agency: str, on: int) -> dict[str, Any]:
    """A contact that nobody had planned, at which the child was seen."""
    return contact(agency, on, "held", depth="seen", planned="no")


def test_missed_by_each_of_several() -> None:
    """Three in ninety days with two services; two, or three with one, are none."""
    missed = [
        visit("hv", 1, "no_access"),
        contact("csc", 40, "cancelled"),
        said("hospital", 80, claim("hospital_attendance", "did_not_happen", basis="own_record")),
    ]
    assert shown(KEPT, *missed) == [1, 2, 3]
    assert shown(KEPT, *missed[:2]) == []
    assert shown(KEPT, missed[0], missed[1], sight("hv", 50), visit("hv", 92, "no_access")) == []


def test_missed_again_and_again_with_one() -> None:
    """Four in a row within ninety days; with one kept between them they are none."""
    missed = [visit("hv", on, "no_access") for on in (1, 20, 40, 90)]
    assert shown(KEPT, *missed) == [1, 2, 3, 4]
    assert shown(KEPT, *missed, sight("hv", 30)) == [1, 2, 3, 4]
    assert shown(KEPT, *missed[:3], sight("hv", 30)) == []
    assert shown(KEPT, *missed, visit("hv", 30, "held")) == []


def test_missed_all_year_with_several() -> None:
    """Five in a year, too far apart to be three in ninety days."""
    missed = [visit(agency, on, "not_brought") for on, agency in enumerate(("gp", "hospital", "gp", "hospital", "gp"))]
    for place, one in enumerate(missed):
        one["body"]["observed"] = day(place * 80)
    met = [sight("gp", 300), sight("hospital", 300)]
    assert shown(KEPT, *missed, *met) == [1, 2, 3, 4, 5]
    assert shown(KEPT, *missed[:4], *met) == []


def test_missed_for_years_since_the_child_was_last_seen() -> None:
    """Three, however far apart, with one service or several; what each saw in between breaks its own."""
    years = [visit("hv", on, "no_access") for on in (1, 400, 900)]
    assert shown(KEPT, *years) == [1, 2, 3]
    assert shown(KEPT, *years[:2], visit("gp", 700, "not_brought")) == [1, 2, 3]
    assert shown(KEPT, *years[:2]) == []
    assert shown(KEPT, *years, sight("hv", 600)) == []
    assert shown(KEPT, *years, sight("gp", 600)) == [1, 2, 3]
    assert shown(KEPT, *years, contact("hv", 600, "held", depth="seen", present=["mother"])) == [1, 2, 3]


def test_absence_from_school_counts_once() -> None:
    """However often the register is read out."""
    away = [
        said("school", on, claim("school_attendance", "persistent_absence", basis="own_record")) for on in (5, 20, 40)
    ]
    assert shown(KEPT, *away, visit("hv", 41, "no_access")) == []


@pytest.mark.parametrize("statement", ["plan", "intention", "omission"])
def test_what_nobody_says_to_be_so_counts_for_nothing(statement: str) -> None:
    """A plan to refuse is none."""
    refused = said("csc", 20, claim("engagement", "refused", about="mother", basis="judgement"), statement=statement)
    assert shown(KEPT, refused, GOOD) == []
