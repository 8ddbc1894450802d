import json
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ledger.domain.role import Role
from ledger.store.database import transaction
from ledger.store.party import act_for
from tests.partnership import Partnership, refused, stored
from tests.unit.api.examples import CANARY

WHY = {"reason": "left on a train"}


@pytest.fixture
def asked(partnership: Partnership) -> Callable[..., Any]:
    """Sends as an administrator of csc's."""
    session = partnership.session(partnership.person("csc", "ad1", Role.ADMINISTRATOR))
    return lambda method, path, **options: partnership.send_as(session, method, f"/api/v1{path}", **options)


def test_keys_are_told_and_never_given(partnership: Partnership, asked: Callable[..., Any]) -> None:
    """Every key of the partnership's agencies, page by page, and nothing by which one could be used or guessed."""
    found, after = [], None
    while True:
        page = stored(asked("GET", "/administration/keys?limit=2" + (f"&after={after}" if after else "")))
        found += page["keys"]
        after = page["next"]
        if after is None:
            break
    assert [key["key"] for key in found] == sorted(partnership.key_ids.values())
    assert set(found[0]) == {"key", "agency", "scopes", "issued_at", "expires_at", "revoked_at", "is_bound"}
    told = json.dumps(found)
    assert not any(key.rsplit(".", 1)[-1] in told for key in partnership.keys.values())


def test_a_revoked_key_ends_at_once_and_for_good(partnership: Partnership, asked: Callable[..., Any]) -> None:
    """Its next use is refused; who took it and why is an entry of the administrator's agency; again is the same."""
    before = partnership.envelopes(str(partnership.partnership_record))
    stored(partnership.get("/entries", "gp"))
    told = stored(asked("POST", f"/administration/keys/{partnership.key_ids['gp']}/revocations", json=WHY))
    refused(partnership.get("/entries", "gp"), 401)
    assert len(partnership.envelopes(str(partnership.partnership_record))) == len(before) + 1
    with partnership.acting("ledger_auditor", "auditor") as connection:
        query = text("SELECT agency_id, content FROM ledger.contents WHERE record_id = :record AND number = :number")
        values = {"record": partnership.partnership_record, "number": told["number"]}
        agency, content = connection.execute(query, values).one()
    entry = json.loads(content)
    assert (agency, entry["kind"], entry["body"]["key"]) == ("csc", "key_revoked", partnership.key_ids["gp"])
    assert (entry["body"]["by"], entry["body"]["reason"]) == (
        str(partnership.person("csc", "ad1").person_id),
        WHY["reason"],
    )
    stored(asked("POST", f"/administration/keys/{partnership.key_ids['gp']}/revocations", json=WHY))
    refused(partnership.get("/entries", "gp"), 401)


def test_what_an_administrator_did_is_not_an_agencys_to_read(
    partnership: Partnership, asked: Callable[..., Any]
) -> None:
    """The entry stands in the partnership's record, and not among what the agency's systems read back of their own."""
    told = stored(asked("POST", f"/administration/keys/{partnership.key_ids['gp']}/revocations", json=WHY))
    assert stored(partnership.get("/entries", "csc"))["entries"] == []
    assert told["number"] == len(partnership.envelopes(str(partnership.partnership_record)))


def test_a_person_is_signed_out_everywhere(partnership: Partnership, asked: Callable[..., Any]) -> None:
    """Each of their sessions ends at the next call; others' go on."""
    person, other = (partnership.person("hv", ref, Role.PRACTITIONER) for ref in ("hv1", "hv2"))
    sessions = [partnership.session(person), partnership.session(person), partnership.session(other)]
    people = {one["ref"]: one for one in stored(asked("GET", "/administration/people"))["people"]}
    assert (people["hv1"]["sessions"], people["hv1"]["roles"]) == (2, ["practitioner"])
    stored(asked("POST", f"/administration/people/{person.person_id}/sign-outs", json=WHY))
    answers = [partnership.send_as(session, "GET", "/api/v1/entries").status_code for session in sessions]
    assert answers == [401, 401, 200]


def test_another_partnership_is_not_there(partnership: Partnership, asked: Callable[..., Any]) -> None:
    """Keys and people that are not of the administrator's partnership are as unknown as those of nobody."""
    from ledger.services.enrol import Agency
    from ledger.services.open_ledger import open_partnership

    desk = Agency("elsewhere", "duty_desk", "Desk", "ring it")
    admin, chance = partnership.engine("ledger_admin"), partnership.context.chance
    open_partnership(
        admin, chance, ref="other", name="Other", nation="wales", duty_desk=desk, pack=partnership.context.pack
    )
    key_id, key = partnership.issue("elsewhere")
    person = partnership.person("elsewhere", "x1", Role.PRACTITIONER)
    for path in (
        f"keys/{key_id}/revocations",
        "keys/nothing.aaaaaaaa/revocations",
        f"people/{person.person_id}/sign-outs",
        f"people/{uuid4()}/sign-outs",
    ):
        refused(asked("POST", f"/administration/{path}", json=WHY), 404)
    assert "elsewhere" not in json.dumps(
        [stored(asked("GET", "/administration/keys")), stored(asked("GET", "/administration/people"))]
    )
    stored(partnership.send("GET", "/entries", key=key))


def test_nothing_is_taken_without_a_reason(partnership: Partnership, asked: Callable[..., Any]) -> None:
    """A body without a reason, or with more in it, is refused, and the key goes on."""
    path = f"/administration/keys/{partnership.key_ids['gp']}/revocations"
    bodies: list[Any] = [{}, {"reason": ""}, {"reason": "x", "key": "y"}, []]
    for body in bodies:
        refused(asked("POST", path, json=body), 422)
    stored(partnership.get("/entries", "gp"))


def test_the_web_revokes_for_administrators_alone(partnership: Partnership) -> None:
    """The serving role cannot revoke for anybody else, bring a key back, make one, or give a role."""
    practitioner = partnership.person("csc", "sw1", Role.PRACTITIONER).person_id
    administrator = partnership.person("csc", "ad1", Role.ADMINISTRATOR).person_id
    key_id = partnership.key_ids["gp"]

    def act(person: UUID | None, statement: str) -> None:
        with transaction(partnership.context.engine, party=None) as connection:
            act_for(connection, "csc", person)
            connection.execute(text(statement))

    revoke = f"UPDATE ledger.agency_keys SET revoked_at = now() WHERE key_id = '{key_id}'"
    for person in (None, practitioner):
        with pytest.raises(DBAPIError, match="only an administrator"):
            act(person, revoke)
    act(administrator, revoke)
    for statement in (
        f"UPDATE ledger.agency_keys SET revoked_at = NULL WHERE key_id = '{key_id}'",
        f"UPDATE ledger.agency_keys SET expires_at = now() + interval '9 years' WHERE key_id = '{key_id}'",
        f"UPDATE ledger.agency_keys SET scopes = '{{work}}' WHERE key_id = '{key_id}'",
        "INSERT INTO ledger.agency_keys (key_id) VALUES ('a')",
        f"INSERT INTO ledger.person_roles VALUES ('{practitioner}', 'manager', 1)",
        "UPDATE ledger.person_roles SET taken_number = NULL",
        "DELETE FROM ledger.person_roles",
    ):
        with pytest.raises(DBAPIError) as denied:
            act(administrator, statement)
        assert isinstance(denied.value.orig, psycopg.errors.InsufficientPrivilege)


def test_an_operator_sees_counts_alone(partnership: Partnership) -> None:
    """What waits is counted and how long it has; no word, name, number or id of anybody is in the answer."""
    child = partnership.child(involve=["hv", "csc"], name=CANARY)
    partnership.detect(child)
    session = partnership.session(partnership.person("csc", "op1", Role.OPERATOR))
    at_rest = stored(partnership.send_as(session, "GET", "/api/v1/operation"))
    assert at_rest["detection"] == {"records_due": 0, "lag_s": 0.0}
    assert at_rest["schema"]["revision"] == at_rest["schema"]["newest"]
    stored(partnership.post("/observations", partnership.observation(child, narrative=CANARY)))
    waiting = stored(partnership.send_as(session, "GET", "/api/v1/operation"))
    assert waiting["detection"]["records_due"] == 1
    assert 0 <= waiting["detection"]["lag_s"] < 60
    assert waiting["checks_failing"] == 0
    told = json.dumps(waiting)
    assert not any(name in told for name in (CANARY, child, "hv", "csc"))
