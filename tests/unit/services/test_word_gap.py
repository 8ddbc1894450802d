from datetime import UTC, datetime

import pytest

from ledger.domain.gap import STATES_OF_GAP, State
from ledger.services.word_gap import word_asks, word_attempt, word_find_out, word_gap, word_way

DUE = datetime(2022, 10, 4, 23, 0, tzinfo=UTC)


def test_each_way_of_not_knowing_is_told_differently() -> None:
    """Missing, stale, unknown, not asked, declined and evaded: six headlines, six meanings, six results of a try."""
    headlines = {word_gap(state, "who leads", "", None, is_lapsed=False) for state in STATES_OF_GAP}
    attempts = {word_attempt("Police", state, None, "4 October 2022", "seen") for state in STATES_OF_GAP}
    assert len(headlines) == len(attempts) == len({word_way(state) for state in STATES_OF_GAP}) == 6
    assert all("who leads" in one for one in headlines)


def test_an_attempt_says_who_asked_whom_when_and_how() -> None:
    """Who tried, of whom, when, how, and what came of it."""
    told = word_attempt("Health visiting", "declined", "the mother", "4 October 2022", "seen alone, in the home")
    assert told == "Health visiting asked the mother, 4 October 2022 (seen alone, in the home): declined to say"


@pytest.mark.parametrize(
    ("agency", "is_lapsed", "words"),
    [
        ("Police", False, "; Police is asked to find out by the end of 4 October 2022"),
        ("Police", True, "; Police was to find out by the end of 4 October 2022, and nothing has come"),
        ("", False, ", and no other agency is left to ask"),
    ],
)
def test_an_enquiry_names_who_is_asked_and_by_when(agency: str, is_lapsed: bool, words: str) -> None:
    """While it runs, once it is late, and where nobody is left to ask."""
    assert word_gap("evaded", "this", agency, DUE, is_lapsed=is_lapsed).endswith(words)


@pytest.mark.parametrize(
    ("state", "agency", "due", "is_lapsed", "words"),
    [
        ("missing", "", None, False, "record the answer"),
        ("not_asked", "", None, False, "Ask at the next contact."),
        ("declined", "", None, False, "another person, another time, or other words"),
        ("declined", "Police", DUE, False, "Police is asked to find out"),
        ("declined", "Police", DUE, True, "Ring Police about the enquiry"),
        ("declined", "", DUE, True, "with your manager"),
    ],
)
def test_there_is_one_line_on_what_to_do(
    state: State, agency: str, due: datetime | None, is_lapsed: bool, words: str
) -> None:
    """What to do follows from how it is not known and from whether an enquiry runs."""
    assert words in word_find_out(state, agency, due, is_lapsed=is_lapsed)


def test_who_can_find_out_is_told_by_what_they_are() -> None:
    """Sorts of agencies as people write them; anybody, where a rule names none."""
    assert word_asks(frozenset({"gp", "childrens_social_care"})) == (
        "GP practice or children’s social care, at the next contact"
    )
    assert word_asks(frozenset()) == "Any agency, at its next contact"
