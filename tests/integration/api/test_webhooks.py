import json
import os
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from ledger.domain.role import Role
from ledger.services.allow_webhooks import allow_webhooks
from ledger.store.party import act_for
from tests.attaching import pointers
from tests.partnership import Partnership, refused, stored
from tests.receiving import HOST, make_real

URL = f"https://{HOST}/ledger/5d1f?of=hv"


@pytest.fixture
def allowed(partnership: Partnership) -> Partnership:
    """A partnership whose agency hv may name a host."""
    allow_webhooks(partnership.engine("ledger_admin"), os.urandom, agency="hv", hosts=[HOST])
    return partnership


def register(partnership: Partnership, url: str = URL, **more: Any) -> dict[str, Any]:
    """Register an endpoint of hv's."""
    body = {"url": url, "signing": "ed25519", **more}
    return dict(stored(partnership.post("/webhooks", body, "hv")))


def entries(partnership: Partnership, prefix: str) -> list[tuple[str, dict[str, Any]]]:
    """(agency, body) of each entry of the partnership's record whose kind begins so."""
    query = text("""
        SELECT agency_id, content FROM ledger.contents
        WHERE record_id = :record AND kind LIKE :kind ORDER BY number""")
    values = {"record": partnership.partnership_record, "kind": f"{prefix}%"}
    with partnership.acting("ledger_auditor", "auditor") as connection:
        return [(agency, json.loads(content)["body"]) for agency, content in connection.execute(query, values)]


@pytest.mark.parametrize(
    ("signing", "shown", "prefix"), [("hmac", "secret", "whsec_"), ("ed25519", "public_key", "whpk_")]
)
def test_an_endpoint_is_registered_and_its_secret_shown_once(
    allowed: Partnership, signing: str, shown: str, prefix: str
) -> None:
    """The answer has what checks signatures and nothing that forges what Ed25519 signs; no later answer has a secret,
    the database has it sealed alone, and the entry says where it listens, without the path.
    """
    made = register(allowed, signing=signing, types=["alert.raised"])
    assert made[shown].startswith(prefix)
    assert {"secret", "public_key"} - {shown} <= {"secret", "public_key"} - made.keys()
    listed = stored(allowed.get("/webhooks", "hv"))["webhooks"]
    assert [(one["webhook"], one["url"], one["types"]) for one in listed] == [(made["webhook"], URL, ["alert.raised"])]
    assert "whsec_" not in json.dumps(listed)
    assert listed[0]["messages"] == {"sent": 0, "waiting": 0, "failed": 0, "last_sent_at": None, "last_fault": None}
    [(agency, body)] = entries(allowed, "webhook_added")
    assert (agency, body["origin"], body["webhook"]) == ("hv", f"https://{HOST}", made["webhook"])
    assert "5d1f" not in json.dumps(body)
    with allowed.acting("ledger_worker") as connection:
        [sealed] = connection.scalars(text("SELECT sealed FROM ledger.webhook_secrets"))
    assert made[shown].encode() not in bytes(sealed)


def test_an_address_is_refused_with_the_field_and_the_reason(allowed: Partnership) -> None:
    """The metadata of a cloud machine, the machine itself, a user in the address, another port: each by name, and
    nothing of what was sent is repeated.
    """
    for url, reason in (
        ("https://169.254.169.254/latest/meta-data", "not public"),
        ("https://localhost/", "public domain name system"),
        (f"https://canary:canary@{HOST}/", "user or password"),
        (f"https://{HOST}:22/", "port must be 443 or 8443"),
        (f"http://{HOST}/", "must be https"),
        ("https://canary.example/", "not on your agency's list"),
    ):
        answer = allowed.post("/webhooks", {"url": url, "signing": "hmac"}, "hv")
        assert pointers(answer) == [("/url", "webhook_url_refused")], url
        assert reason in answer.json["detail"], url  # type: ignore[index]
        assert "canary" not in answer.get_data(as_text=True)
    assert entries(allowed, "webhook_added") == []


def test_a_list_is_its_agencys_own(allowed: Partnership) -> None:
    """What hv may name gp may not; and without a list nobody names any host."""
    body = {"url": URL, "signing": "hmac"}
    assert pointers(allowed.post("/webhooks", body, "gp")) == [("/url", "webhook_url_refused")]


def test_the_same_address_is_registered_once(allowed: Partnership) -> None:
    """Whoever lost the answer finds the endpoint in the list, and rotates it; what has ended may be registered anew."""
    made = register(allowed)
    refused(allowed.post("/webhooks", {"url": URL, "signing": "hmac"}, "hv"), 409)
    stored(allowed.send("DELETE", f"/webhooks/{made['webhook']}", "hv"))
    with allowed.acting("ledger_worker") as connection:
        assert connection.scalar(text("SELECT count(*) FROM ledger.webhook_secrets")) == 0, "nobody needs what signed"
    assert register(allowed)["webhook"] != made["webhook"]


def test_a_rotation_lets_the_old_one_sign_for_a_day_or_end(allowed: Partnership) -> None:
    """Two sign, the new one first; at_once leaves one, and no more than four ever sign."""
    made = register(allowed)
    path = f"/webhooks/{made['webhook']}/rotations"
    rotated = stored(allowed.post(path, {"reason": "yearly"}, "hv"))
    [now, before] = stored(allowed.get("/webhooks", "hv"))["webhooks"][0]["signs"]
    assert (now["public_key"], now["until"]) == (rotated["public_key"], None)
    assert (before["public_key"], before["until"]) == (made["public_key"], rotated["old_signs_until"])
    for _ in range(2):
        stored(allowed.post(path, {"reason": "again"}, "hv"))
    refused(allowed.post(path, {"reason": "again"}, "hv"), 409)
    last = stored(allowed.post(path, {"reason": "lost", "old_ends": "at_once"}, "hv"))
    signs = stored(allowed.get("/webhooks", "hv"))["webhooks"][0]["signs"]
    assert [one["public_key"] for one in signs] == [last["public_key"]]
    assert [body["reason"] for _, body in entries(allowed, "webhook_rotated")] == ["yearly", "again", "again", "lost"]


def test_another_agencys_endpoint_is_not_known(allowed: Partnership) -> None:
    """It is not listed, rotated, tried or removed; nor by the database's own policies."""
    made = register(allowed)
    assert stored(allowed.get("/webhooks", "gp"))["webhooks"] == []
    refused(allowed.post(f"/webhooks/{made['webhook']}/rotations", {"reason": "mine"}, "gp"), 404)
    refused(allowed.post(f"/webhooks/{made['webhook']}/trials", {"reason": "mine"}, "gp"), 404)
    refused(allowed.send("DELETE", f"/webhooks/{made['webhook']}", "gp"), 404)
    with allowed.acting("ledger_web", "gp") as connection:
        assert connection.scalar(text("SELECT count(webhook_id) FROM ledger.webhook_secrets")) == 0
        assert connection.scalar(text("SELECT count(*) FROM ledger.webhook_hosts")) == 0
        assert connection.scalar(text("SELECT count(*) FROM ledger.webhooks")) == 0


@pytest.mark.parametrize(
    ("agency", "role", "sees"),
    [("hv", None, True), ("gp", None, False), ("csc", Role.MANAGER, False), ("csc", Role.ADMINISTRATOR, True)],
)
def test_the_database_holds_who_ends_an_endpoint(
    allowed: Partnership, agency: str, role: Role | None, sees: bool
) -> None:
    """Its own agency removes it, an administrator who acts disables it; to anybody else it is not there."""
    register(allowed)
    person = None if role is None else allowed.person(agency, "p1", role).person_id
    ends: list[str] = []
    for why in ("removed", "disabled", "gone"):
        with allowed.context.engine.connect() as connection, suppress(ProgrammingError):
            act_for(connection, agency, person)
            assert connection.scalar(text("SELECT count(*) FROM ledger.webhooks")) == sees
            ending = text("UPDATE ledger.webhooks SET ended_at = clock_timestamp(), ended_why = :why")
            if connection.execute(ending, {"why": why}).rowcount:
                ends.append(why)
    assert ends == ([] if not sees else ["removed"] if role is None else ["disabled"])


def test_administrators_see_and_disable(allowed: Partnership) -> None:
    """The origin and no path; disabled is for good, is an entry of theirs with the reason, and is done once."""
    made = register(allowed)
    session = allowed.session(allowed.person("csc", "ad1", Role.ADMINISTRATOR))

    def ask(method: str, path: str, **options: Any) -> Any:
        return allowed.send_as(session, method, f"/api/v1/administration/webhooks{path}", **options)

    [seen] = stored(ask("GET", ""))["webhooks"]
    assert (seen["agency"], seen["origin"], seen["ended_at"]) == ("hv", f"https://{HOST}", None)
    assert "5d1f" not in json.dumps(seen)
    stored(ask("POST", f"/{made['webhook']}/endings", json={"reason": "left on a train"}))
    [ended] = stored(allowed.get("/webhooks", "hv"))["webhooks"]
    assert ended["ended_why"] == "disabled"
    [(agency, body)] = entries(allowed, "webhook_ended")
    assert (agency, body["why"], body["reason"]) == ("csc", "disabled", "left on a train")
    refused(ask("POST", f"/{made['webhook']}/endings", json={"reason": "again"}), 404)
    refused(ask("GET", "", headers={"Authorization": f"Bearer {allowed.keys['hv']}"}), 403)


def test_people_have_no_webhooks(allowed: Partnership) -> None:
    """Where an agency's systems are told is for its systems alone to say."""
    session = allowed.session(allowed.person("hv", "hv1", Role.PRACTITIONER))
    refused(allowed.send_as(session, "POST", "/api/v1/webhooks", json={"url": URL, "signing": "hmac"}), 403)


def test_a_ledger_that_is_no_demonstration_takes_no_loopback(partnership: Partnership, superuser_url: str) -> None:
    """The setting that lets this machine be named is of no effect there."""
    body = {"url": "http://127.0.0.1:9/x", "signing": "hmac"}
    made = stored(partnership.post("/webhooks", body, "hv"))
    stored(partnership.send("DELETE", f"/webhooks/{made['webhook']}", "hv"))
    make_real(superuser_url)
    assert pointers(partnership.post("/webhooks", body, "hv")) == [("/url", "webhook_url_refused")]
