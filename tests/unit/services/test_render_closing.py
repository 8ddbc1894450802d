from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from ledger.domain.outcome import OUTCOMES
from ledger.services.render_closing import Regard, outcome_places, render_closing, why_closed
from ledger.services.see import Seen
from ledger.services.word_outcome import OUTCOME_WORDS, word_closing
from tests.unit.services.seeing import CANARY, DIRECTORY, PSEUDONYM, entry, look

PERSON = UUID(int=7)
OUTCOME = {"outcome": "known_and_assessed", "reason": "We met.", "finding": "f1", "of": "a1"}
CLOSED = {"finding": "f1", "why": "known_and_assessed", "step": "entry:9"}


def seen(number: int, agency: str, kind: str, body: dict[str, Any], reader: str = "csc") -> Seen:
    return look([entry(number, agency, kind, body)], reader)[number]


def told(closing: Seen | None, *outcomes: Seen, is_pointer: bool = False, **more: Any) -> dict[str, Any] | None:
    people = {PERSON: "Sam Whitfield"}
    return render_closing(closing, outcomes, PSEUDONYM, DIRECTORY, people, Regard(is_pointer, **more))


def closing(**changes: Any) -> Seen:
    return seen(10, "ledger", "finding_closed", CLOSED | changes)


def test_an_open_finding_has_no_closing() -> None:
    """Nobody concluded anything, and it stands."""
    assert told(None) is None


def test_a_recorded_outcome_is_told_before_and_after_it_closes() -> None:
    """By whom, when, what and why; once detection has closed the finding, since when as well."""
    outcome = seen(9, "csc", "outcome", OUTCOME | {"person": str(PERSON)})
    waiting, closed = told(None, outcome), told(closing(), outcome)
    assert waiting == {
        "entry": f"{PSEUDONYM}.9",
        "at": "2022-10-09T11:00:00.000000Z",
        "agency": "csc",
        "agency_name": "Children’s social care",
        "why": "known_and_assessed",
        "words": word_closing("known_and_assessed"),
        "person": "Sam Whitfield",
        "author_role": None,
        "reason": "We met.",
    }
    assert closed == waiting | {"closed_at": "2022-10-10T11:00:00.000000Z"}


def test_the_first_of_two_outcomes_is_the_one() -> None:
    """Two systems may conclude at once: the first in the record closes the finding, and is told."""
    first = seen(8, "csc", "outcome", OUTCOME | {"outcome": "agreed_to_differ"})
    second = seen(9, "csc", "outcome", OUTCOME)
    assert (told(None, second, first) or {})["why"] == "agreed_to_differ"
    assert (told(closing(step="entry:8", why="agreed_to_differ"), second, first) or {})["entry"] == f"{PSEUDONYM}.8"


def test_another_agencys_outcome_that_is_withheld_tells_only_who_holds_it() -> None:
    """Neither the outcome nor its reason, in the alert and in the timeline alike; to its author all of it."""
    body = OUTCOME | {"reason": CANARY, "sharing": {"marking": "restricted"}}
    hidden = seen(9, "police", "outcome", body)
    answer = told(closing(), hidden) or {}
    assert (answer["agency_name"], answer["why"], answer["words"]) == ("Police", None, None)
    assert CANARY not in str(answer)
    assert why_closed(closing(), {9: hidden}, is_pointer=False) is None
    own = seen(9, "police", "outcome", body, reader="police")
    assert why_closed(closing(), {9: own}, is_pointer=False) == "known_and_assessed"


@pytest.mark.parametrize("is_pointer", [True, False])
def test_why_it_closed_by_itself_is_not_told_of_a_pointer(is_pointer: bool) -> None:
    """That the agencies agree would tell what kind of finding it was."""
    closed = closing(why="beliefs_now_agree", step="due:x:1.0:2022")
    answer = told(closed, is_pointer=is_pointer) or {}
    assert (answer["why"] is None) is is_pointer
    assert (why_closed(closed, {}, is_pointer=is_pointer) is None) is is_pointer


def test_the_entry_that_concluded_is_looked_up_only_for_outcomes() -> None:
    """What closed a finding of itself names an entry that nobody needs here."""
    assert outcome_places([closing(), closing(why="merged"), closing(step="due:x")]) == {9}


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_every_outcome_has_its_words(outcome: str) -> None:
    """A title and a sentence, none alike; what the page offers is what can be recorded."""
    title, meaning = OUTCOME_WORDS[outcome]
    assert word_closing(outcome) == f"{title}. {meaning}"
    assert meaning.endswith(".")
    assert len(set(OUTCOME_WORDS.values())) == len(OUTCOMES)


def test_every_way_of_closing_is_a_sentence() -> None:
    """Also one that a later family brings: its word, spelt out."""
    assert word_closing("beliefs_now_agree") == "What the agencies hold can all be so again."
    assert word_closing("some_new_way") == "Some new way."


def test_an_erased_outcome_is_as_one_withheld() -> None:
    """Erased content is nobody's to read."""
    gone = look([replace(entry(9, "csc", "outcome", OUTCOME), sealed=None, kind=None)], "csc")[9]
    assert (told(closing(), gone) or {})["why"] is None


def test_what_takes_two_people_says_who_is_still_needed() -> None:
    """After the first outcome a second person is awaited, and not the first again; after two it closes in a moment."""
    first = seen(8, "csc", "outcome", OUTCOME | {"person": str(PERSON)})
    again = seen(9, "csc", "outcome", OUTCOME | {"person": str(PERSON)})
    second = seen(9, "csc", "outcome", OUTCOME | {"person": str(UUID(int=8))})
    waiting = told(None, first, again, needs_two=True, reader=PERSON) or {}
    assert (waiting["second_awaited"], waiting["yours"], waiting["person"]) == (True, True, "Sam Whitfield")
    other = told(None, first, needs_two=True, reader=UUID(int=8)) or {}
    assert (other["second_awaited"], other["yours"]) == (True, False)
    assert (told(None, first, second, needs_two=True, reader=PERSON) or {})["second_awaited"] is False
    assert "second_awaited" not in (told(None, first) or {})
