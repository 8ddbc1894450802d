"""What entries say of people is gathered once for all who see them whole, and says nothing of whoever read it first."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from ledger.services.gather_people import Gathered, gather_people
from ledger.services.kept_words import KEPT
from ledger.services.see import Seen, Sight
from tests.shipped import shipped_pack

AT = datetime(2026, 3, 1, tzinfo=UTC)


def entry(number: int, *names: str, sight: Sight = Sight.FULL) -> Seen:
    people = [{"ref": f"a{place}", "role": "uncle", "name": name} for place, name in enumerate(names)]
    body: dict[str, Any] = {"observed": "2026-02-28", "narrative": "Visited.", "people": people, "claims": []}
    mark = b"gathered" + bytes([number]) * 24
    return Seen(UUID(int=1), number, AT, "hv", mark, sight, "observation", f"event-{number}", body)


def named(found: Gathered) -> list[str]:
    return [one.sent["name"] for person in found.people.values() for one in person.declared]


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    KEPT.forget()


def test_it_is_gathered_once_for_those_who_see_all_of_it() -> None:
    """The same entries give the very same; others, or one that was withdrawn since, are gathered for themselves."""
    both = [entry(1, "Ann"), entry(2, "Ben")]
    found = gather_people(both, shipped_pack())
    assert gather_people(iter(both), shipped_pack()) is found
    assert named(gather_people(both[:1], shipped_pack())) == ["Ann"]
    assert named(gather_people([both[0], replace(both[1], withdrawn_by=3)], shipped_pack())) == ["Ann"]


def test_whoever_sees_a_part_gets_nothing_that_was_kept() -> None:
    """One entry seen in part or not at all is enough: what is told then is told of what is seen."""
    whole = [entry(1, "Ann", "Abe"), entry(2, "Ben")]
    assert named(gather_people(whole, shipped_pack())) == ["Ann", "Ben", "Abe"]
    part = [entry(1, "Ann", sight=Sight.PART), whole[1]]
    assert named(gather_people(part, shipped_pack())) == ["Ann", "Ben"]
    held_back = replace(entry(1, sight=Sight.WITHHELD), kind=None, body={})
    assert named(gather_people([held_back, whole[1]], shipped_pack())) == ["Ben"]
    assert named(gather_people(whole, shipped_pack())) == ["Ann", "Ben", "Abe"]


def test_what_is_kept_holds_no_words_and_no_sender_s_name() -> None:
    """The entry beside what it declares says where it stands, and nothing that is for its reader alone."""
    found = gather_people([entry(1, "Ann")], shipped_pack())
    told = [one.entry for person in found.people.values() for one in person.declared]
    assert [(one.number, one.agency, one.event_id, dict(one.body)) for one in told] == [(1, "hv", None, {})]


def test_what_was_erased_is_let_go_with_all_that_rests_on_it() -> None:
    """Once one of them is met erased, what was gathered of it is no longer in the process."""
    both = [entry(1, "Ann"), entry(2, "Ben")]
    found = gather_people(both, shipped_pack())
    gather_people([replace(entry(1, sight=Sight.ERASED), kind=None, body={}), both[1]], shipped_pack())
    assert gather_people(both, shipped_pack()) is not found


def test_what_is_said_again_in_the_same_words_is_told_by_the_first() -> None:
    """Each agency's word for somebody stands once among the first, and as often as it was said among all."""
    found = gather_people([entry(1, "Ann"), entry(2, "Ann"), entry(3, "Anne")], shipped_pack())
    name = next(name for name, person in found.people.items() if person.declared)
    assert len(found.people[name].declared) == 3
    assert [one.entry.number for one in found.firsts_of(name)] == [1, 3]
