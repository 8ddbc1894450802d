"""A gap as it stands: in what way, who tried, who is asked next, and the enquiry that it becomes."""

from datetime import timedelta
from typing import Any

import pytest

from ledger.domain.event import claims_in
from ledger.domain.finding import Finding
from ledger.domain.gap import Enquiry, Gap, enquiry_of, gap_of
from tests.unit.domain.rules.gapping import claim, found, involved, moment, pack, placed, said, stepped

Entry = tuple[int, dict[str, Any]]


def father(agency: str, on: int, way: str) -> Entry:
    """What an agency could not find out about the father."""
    return said(agency, on, claim("father", about="child", not_known=way, basis="told", informant="mother"))


def of_father(*entries: Entry, until: int | None = None) -> Finding:
    (finding,) = [one for one in found(*entries, until=until) if one.topic == "father"]
    return finding


def gap(*entries: Entry, until: int | None = None) -> Gap:
    """The open gap about the father, with all claims at hand."""
    claims = [each for step in placed(entries) for each in claims_in(step)]
    return gap_of(of_father(*entries, until=until), claims, pack())


def test_it_lists_each_attempt_as_it_was_made() -> None:
    """Who, when, how, of whom, and what came of it, in the order of the record."""
    open_gap = gap(father("mw", 5, "not_asked"), father("hv", 20, "declined"))
    told = [(one.agency, one.observed, one.how, one.asked_of, one.state) for one in open_gap.attempts]
    assert told == [
        ("mw", "2022-03-06", "told", "mother", "not_asked"),
        ("hv", "2022-03-21", "told", "mother", "declined"),
    ]


def test_refusals_are_counted_once_for_an_entry_and_are_no_other_way_of_not_knowing() -> None:
    """Declined and evaded are refusals; not asked, and not known, are none."""
    assert gap(father("mw", 5, "not_asked"), father("hv", 20, "unknown")).refusals == 0
    twice = claim("father", about="child", not_known="evaded", told="mother")
    assert gap(said("hv", 5, twice, twice)).refusals == 1
    assert gap(father("mw", 5, "declined"), father("hv", 20, "evaded")).refusals == 2


def test_an_answer_starts_the_count_anew() -> None:
    """What was refused before it was once known is over."""
    named = said("hv", 10, claim("father", "father", about="child", told="mother"))
    assert found(father("mw", 5, "declined"), named) == []


def test_who_was_refused_asks_again_later_and_others_at_once() -> None:
    """The pack's time after a refusal; nobody's turn is put off where nobody asked."""
    open_gap = gap(father("mw", 5, "declined"), father("gp", 6, "not_asked"))
    assert not open_gap.may_ask("mw", moment(18))
    assert open_gap.may_ask("mw", moment(20))
    assert open_gap.may_ask("gp", moment(7))
    assert open_gap.may_ask("hv", moment(7))
    assert open_gap.ask_again_at < moment(7)


def test_it_says_which_agencies_could_find_out() -> None:
    """As the rule of the pack says that asks; where none does, all can."""
    assert {"midwifery", "health_visiting"} <= gap(father("mw", 5, "declined")).asks
    (other,) = found(said("mw", 5, claim("housing", not_known="not_asked", about="mother", basis="own_record")))
    assert gap_of(other, [], pack()).asks == frozenset()


REFUSED = (involved("gp", 1), father("mw", 5, "declined"), father("hv", 20, "evaded"))


def test_after_the_packs_number_of_refusals_it_is_an_enquiry_to_another_agency() -> None:
    """Named, with a day: the first of the pack's kinds that has not itself asked and is at work with the child."""
    assert enquiry_of(of_father(father("mw", 5, "declined"))) is None
    enquiry = enquiry_of(of_father(*REFUSED))
    assert enquiry is not None
    assert (enquiry.agency, enquiry.due - moment(20) > timedelta(days=10)) == ("gp", True)


def test_the_agency_is_told_once() -> None:
    """One notice, when it becomes an enquiry; a further refusal tells nobody again."""
    _, notices = stepped(placed([*REFUSED, father("csc", 22, "declined")]), moment(80))
    assert [(one.kind, one.agency) for one in notices] == [("enquiry", "gp")]


def test_an_enquiry_that_is_not_answered_in_time_is_an_alert() -> None:
    """A prompt until the day has passed."""
    due = of_father(*REFUSED).basis.due
    assert due is not None
    assert of_father(*REFUSED, until=(due - moment(0)).days - 1).tier == "prompt"
    assert of_father(*REFUSED, until=(due - moment(0)).days + 1).tier == "queue"


def test_an_answer_ends_an_enquiry() -> None:
    """Whoever gives it."""
    named = said("police", 25, claim("father", "father", about="child", basis="own_record"))
    assert found(*REFUSED, named, until=80) == []


def test_who_does_not_know_either_hands_it_on() -> None:
    """The next of the pack's kinds is asked, and its time begins then."""
    entries = (*REFUSED, involved("housing", 2), father("gp", 28, "unknown"))
    enquiry = enquiry_of(of_father(*entries))
    assert enquiry is not None
    assert (enquiry.agency, enquiry.due - moment(28) > timedelta(days=10)) == ("housing", True)


def test_where_nobody_is_left_to_ask_no_agency_is_named() -> None:
    """The lead hears of it when the time has passed."""
    asked = [father(one, 21 + place, "declined") for place, one in enumerate(("gp", "housing", "csc", "police"))]
    enquiry = enquiry_of(of_father(*REFUSED, *asked))
    assert enquiry is not None
    assert enquiry.agency == ""
    assert of_father(*REFUSED, *asked, until=80).tier == "queue"


def test_a_practice_nobody_works_with_is_not_picked_out_of_several() -> None:
    """Of a kind with one agency alone that one is asked; here the practice, though it is not yet at work."""
    enquiry = enquiry_of(of_father(father("mw", 5, "declined"), father("hv", 20, "evaded")))
    assert enquiry is not None
    assert enquiry.agency == "gp"


def test_what_it_comes_to_survives_being_stored() -> None:
    """A finding read back says the same of state, refusals, attempts and enquiry."""
    finding = of_father(*REFUSED)
    again = Finding.from_mapping(finding.as_mapping())
    assert gap_of(again, [], pack()) == gap_of(finding, [], pack())


@pytest.mark.parametrize(("at", "overdue"), [(9, False), (10, True), (11, True)])
def test_an_enquiry_is_overdue_from_its_moment_on(at: int, overdue: bool) -> None:
    """At that moment it is late."""
    assert Enquiry("gp", moment(0), moment(10)).is_overdue(moment(at)) is overdue
