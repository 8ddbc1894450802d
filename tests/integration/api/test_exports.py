import re
from typing import Any

import pytest
from werkzeug.test import TestResponse

from ledger.api.schemas.exports import REASON_CHARS_MAX
from ledger.domain.role import Role
from tests.exporting import Read, sealed
from tests.partnership import Partnership, refused, stored


@pytest.fixture
def record(partnership: Partnership) -> str:
    """Entries of two agencies, under a checkpoint."""
    record_id = partnership.child(involve=("hv", "csc"))
    stored(partnership.post("/observations", partnership.observation(record_id), "csc"))
    sealed(partnership)
    return record_id


def export(partnership: Partnership, record_id: str, session: str, **body: Any) -> TestResponse:
    """Ask for a copy as a person."""
    asked = {"reason": "asked for by the court", **body}
    return partnership.send_as(session, "POST", f"/api/v1/children/{record_id}/exports", json=asked)


def test_a_copy_comes_as_a_zip(partnership: Partnership, record: str) -> None:
    """It is a file to be saved, of a stated length and never kept by caches; where it is recorded is told."""
    session = partnership.session(partnership.person("hv", "officer", Role.RECORDS_OFFICER))
    answer = export(partnership, record, session)
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    data = answer.get_data()
    assert answer.content_length == len(data)
    assert re.fullmatch(r'attachment; filename="record-[a-z2-7]{26}-4\.zip"', answer.headers["Content-Disposition"])
    assert answer.headers["Cache-Control"] == "no-store"
    assert Read.of(data).shown == ["whole", "whole", "part", "part"]
    own = stored(partnership.get(answer.headers["Location"].removeprefix("/api/v1"), "hv"))
    assert own["body"]["up_to"] == 4


def test_an_agencys_system_takes_its_own_copy_by_the_scope_read(partnership: Partnership, record: str) -> None:
    """Its own entries are whole; a key without the scope is told so."""
    body = {"reason": "our own file"}
    answer = partnership.post(f"/children/{record}/exports", body, "csc")
    assert Read.of(answer.get_data()).shown == ["part", "part", "whole", "whole"]
    _, key = partnership.issue("csc", scopes=["observe", "work"])
    refused(partnership.post(f"/children/{record}/exports", body, None, key=key), 403)


def test_an_auditor_says_why_and_who_works_with_the_child_asks_somebody_else(
    partnership: Partnership, record: str
) -> None:
    """The reason is the purpose that an auditor must give; who reads and does not lead takes no copy away."""
    auditing = partnership.session(partnership.person("gp", "aud", Role.AUDITOR))
    assert Read.of(export(partnership, record, auditing, as_of=3).get_data()).shown == ["whole"] * 3
    assert (
        stored(
            partnership.send_as(
                auditing, "GET", f"/api/v1/audit/access?child={record}", headers={"Access-Purpose": "a check"}
            )
        )["access"][1]["purpose"]
        == "asked for by the court"
    )
    working = partnership.session(partnership.person("hv", "p1", Role.PRACTITIONER))
    refused(export(partnership, record, working), 404)


def test_what_cannot_be_asked_is_refused(partnership: Partnership) -> None:
    """Each wrong field is named, and nothing is recorded."""
    record_id = partnership.child(involve=("hv",))
    for body, status, pointer in (
        ({"reason": ""}, 422, "/reason"),
        ({"reason": "."}, 422, "/reason"),
        ({"reason": "aaaaaaaaaa aaaaaaaaaa"}, 422, "/reason"),
        ({"reason": "x" * (REASON_CHARS_MAX + 1)}, 422, "/reason"),
        ({"as_of": 0}, 422, "/as_of"),
        ({"as_of": True}, 422, "/as_of"),
        ({"as_of": 2, "known_at": "2024-01-01"}, 422, "/as_of"),
        ({"known_at": "lately"}, 422, "/known_at"),
        ({"known_at": "2000-01-01"}, 409, "/known_at"),
        ({"as_of": 99}, 409, "/as_of"),
    ):
        answer = partnership.post(f"/children/{record_id}/exports", {"reason": "our own file", **body}, "hv")
        refused(answer, status, pointer=pointer)
    assert len(partnership.envelopes(record_id)) == 2


def test_a_broken_glass_takes_nothing_away(partnership: Partnership) -> None:
    """Who has no part in the record but a glass that they broke is answered as if there were no record: an agency's
    system, and a records officer of it; with a part of its own the agency may.
    """
    record_id = partnership.child(involve=("hv",))
    stored(partnership.post("/observations", partnership.observation(record_id), "hv"))
    broken = {"event_id": partnership.event(), "reason": "She is in our cells, hurt", "author": {"ref": "sergeant"}}
    stored(partnership.post(f"/children/{record_id}/glass-breakings", broken, "police"))
    sealed(partnership)
    before = partnership.envelopes(record_id)
    stored(partnership.get(f"/children/{record_id}/timeline", "police"))
    body = {"reason": "our own file"}
    refused(partnership.post(f"/children/{record_id}/exports", body, "police"), 404)
    officer = partnership.session(partnership.person("police", "officer", Role.RECORDS_OFFICER))
    refused(export(partnership, record_id, officer), 404)
    assert partnership.envelopes(record_id) == before
    involved = {"role": "work", "reason": "known to us", "lawful_basis": "public task"}
    path = f"/children/{record_id}/involvements"
    stored(partnership.post(path, {"event_id": partnership.event(), **involved}, "police"))
    sealed(partnership)
    assert partnership.post(f"/children/{record_id}/exports", body, "police").status_code == 200


def test_before_it_is_sealed_there_is_no_copy(partnership: Partnership) -> None:
    """The caller is told to come again, and which entries are missing."""
    record_id = partnership.child(involve=("hv",))
    answer = partnership.post(f"/children/{record_id}/exports", {"reason": "our own file"}, "hv")
    problem = refused(answer, 409, "not_sealed_yet")
    assert "Entries 1 to 2" in problem["detail"]
    assert int(answer.headers["Retry-After"]) > 0
