from typing import Any
from uuid import UUID

import pytest

from ledger.domain.claim import claims_of
from ledger.services.find_introductions import find_introductions
from ledger.services.see import Reader, open_eyes
from tests.integration.services.detecting import BEGAN
from tests.partnership import Partnership, stored

CANARY = "QUETZALCOATLUS"


@pytest.fixture
def child(partnership: Partnership) -> str:
    """A child with whom three agencies work."""
    return partnership.child("hv", involve=("hv", "csc", "police"))


def introduce(partnership: Partnership, child: str, agency: str, *people: dict[str, Any], **more: Any) -> int:
    """An agency says who people are; the number of its entry."""
    body = partnership.observation(child, claims=[], people=list(people)) | more
    return int(stored(partnership.post("/observations", body, agency))["number"])


def found(partnership: Partnership, child: str, about: str, reader: str = "csc", agency: str = "hv") -> dict[int, Any]:
    """What the reader gets of who one person is, by number."""
    sent = {"about": about, "attribute": "presence", "value": "absent", "basis": "seen"}
    claims = claims_of({"claims": [sent], "statement": "fact"}, agency=agency, number=1, recorded_at=BEGAN)
    record = UUID(child)
    with partnership.acting("ledger_web", reader) as connection:
        eyes = open_eyes(connection, Reader(reader), [record])
        return {entry.number: entry for entry in find_introductions(connection, eyes, {record: claims})[record]}


def test_only_entries_that_say_who_it_is_are_read(partnership: Partnership, child: str) -> None:
    """Who was declared under the reference, and neither anybody else nor other agencies' use of the same word."""
    own = introduce(partnership, child, "hv", {"ref": "mr-b", "name": "Mr Bell"})
    introduce(partnership, child, "hv", {"ref": "mr-c", "name": "Mr Cole"})
    introduce(partnership, child, "csc", {"ref": "mr-b", "name": "Mr Burns"})
    assert found(partnership, child, "mr-b").keys() == {own}


def test_links_lead_on(partnership: Partnership, child: str) -> None:
    """A person who is linked is everybody whom the links join, through however many of them."""
    one = introduce(partnership, child, "hv", {"ref": "mr-b", "name": "Mr Bell"})
    two = introduce(partnership, child, "csc", {"ref": "ray", "name": "Ray Bell"})
    declared = introduce(partnership, child, "csc", {"ref": "dad", "role": "father"})
    linked = []
    for people in (["mr-b", "csc/ray"], ["csc/ray", "csc/dad"]):
        body = {"event_id": partnership.event(), "people": people, "reason": "The same man."}
        linked.append(int(stored(partnership.post(f"/children/{child}/links", body, "hv"))["number"]))
    partnership.detect(child)
    assert found(partnership, child, "mr-b").keys() == {one, two, declared, *linked}


def test_each_is_seen_with_the_readers_eyes(partnership: Partnership, child: str) -> None:
    """A name in an entry that is withheld from the reader is not among what they get."""
    marked = {"sharing": {"marking": "pointer", "lawful_basis": "public task"}}
    number = introduce(partnership, child, "police", {"ref": "mr-x", "name": CANARY}, **marked)
    others = found(partnership, child, "mr-x", agency="police")
    assert CANARY not in str([dict(entry.body) for entry in others.values()])
    own = found(partnership, child, "mr-x", reader="police", agency="police")[number]
    assert CANARY in str(dict(own.body))
