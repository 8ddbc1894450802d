from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from ledger.services.attach import attach
from ledger.store.append import SYSTEM_ROLES, Caller
from tests.attaching import LETTER, entry_of
from tests.integration.web.seeding import RECORD, Seeded

SCOPES = frozenset({"observe"})


def attached(ledger: Seeded, event_id: str, **changes: Any) -> str:
    """Attach a letter as the health visitor's system does; the entry's id."""
    caller = Caller("hv", "shropshire", SCOPES, roles=SYSTEM_ROLES)
    entry = entry_of(event_id, taken_at="2022-09-01", **changes)
    return attach(ledger.context, caller, RECORD, entry, LETTER).entry.entry_id


def test_it_is_saved_from_the_chronology(shropshire: Seeded, sign_in: Callable[[str], FlaskClient]) -> None:
    """The chronology says what it is and leads to the file, which the browser saves and never opens as a page."""
    entry_id = attached(shropshire, "a-1")
    client = sign_in("lead")
    page = client.get(f"/children/{RECORD}/chronology").get_data(as_text=True)
    assert "Letter from the practice." in page
    assert f'href="/attachments/{entry_id}" download' in page
    assert entry_of("x")["sha256"] not in page
    with client.get(f"/attachments/{entry_id}") as got:
        assert (got.status_code, got.data) == (200, LETTER)
        assert got.headers["Content-Disposition"].startswith("attachment;")
        assert "sandbox" in got.headers["Content-Security-Policy"]


@pytest.mark.parametrize("marking", ["pointer", "restricted"])
def test_what_is_held_back_is_not_saved(
    shropshire: Seeded, sign_in: Callable[[str], FlaskClient], marking: str
) -> None:
    """Of an attachment that is marked the lead learns at most whom to ring; the file is not there."""
    to: dict[str, Any] = {"to": []} if marking == "restricted" else {}
    entry_id = attached(shropshire, "a-1", sharing={"marking": marking, "lawful_basis": "public task", **to})
    client = sign_in("lead")
    page = client.get(f"/children/{RECORD}/chronology").get_data(as_text=True)
    assert "Letter from the practice." not in page
    assert f"/attachments/{entry_id}" not in page
    assert client.get(f"/attachments/{entry_id}").status_code == 404


def test_nobody_gets_it_who_is_not_signed_in(shropshire: Seeded, pages: Any) -> None:
    """Without a session the address leads to signing in, whatever it names."""
    entry_id = attached(shropshire, "a-1")
    answer = pages.test_client().get(f"/attachments/{entry_id}")
    assert (answer.status_code, "sign-in" in answer.headers["Location"]) == (303, True)
