import base64
import hashlib
import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from ledger.app import application
from ledger.services.issue_key import issue_key, rotate_key
from tests.partnership import Partnership, refused

#: What stands for two certificates: which of them a request came with is all that counts.
OURS, THEIRS = b"the client's certificate", b"another's certificate"


def header(der: bytes) -> dict[str, str]:
    """A certificate as RFC 9440 has whoever ends TLS pass it on."""
    return {"Client-Cert": f":{base64.b64encode(der).decode()}:"}


def bound_key(partnership: Partnership) -> tuple[str, str]:
    """A key of hv that is bound to OURS."""
    return issue_key(
        partnership.engine("ledger_admin"), os.urandom, agency="hv", scopes=["observe", "register"],
        now=datetime.now(UTC), lifetime=timedelta(days=1), certificate_sha256=hashlib.sha256(OURS).digest(),
    )  # fmt: skip


@pytest.fixture
def believing(partnership: Partnership) -> Flask:
    """The same ledger behind something that ends TLS and says which certificate came."""
    return application(replace(partnership.context, reads_client_certificates=True))


def get(app: Flask, bearer: str, headers: Mapping[str, str] | None = None) -> TestResponse:
    """A call with a key or token."""
    sent = {"Authorization": f"Bearer {bearer}", **(headers or {})}
    return app.test_client().get("/api/v1/entries", headers=sent)


def token(app: Flask, key: tuple[str, str], headers: Mapping[str, str] | None = None) -> TestResponse:
    """A token asked for with a key."""
    form = {"grant_type": "client_credentials"}
    return app.test_client().post("/oauth/token", data=form, auth=key, headers=headers or {})


def test_a_bound_key_holds_with_its_certificate_and_not_without(partnership: Partnership, believing: Flask) -> None:
    """With the certificate it posts and reads; with another, none, or a header of no such form, it is refused."""
    _, key = bound_key(partnership)
    assert get(believing, key, header(OURS)).status_code == 200
    body = {"event_id": "r1", "born": "2022-09-01"}
    for headers, status in ((header(OURS), 201), (header(THEIRS), 401), ({}, 401)):
        sent = {"Authorization": f"Bearer {key}", **headers}
        answer = believing.test_client().post("/api/v1/children", json={**body, "event_id": f"r{status}"}, headers=sent)
        assert answer.status_code == status
    plain = base64.b64encode(OURS).decode()
    for value in ("", ":", "::", plain, f":{plain}", f":{plain}:, :{plain}:", f":{plain}:;a=1", ":not base64:", "\xff"):
        answer = get(believing, key, {"Client-Cert": value})
        assert "client certificate" in refused(answer, 401, "unauthenticated")["detail"], value
        assert answer.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'


def test_where_nobody_vouches_for_the_header_it_is_ignored(partnership: Partnership) -> None:
    """As it comes, anybody could send one: a bound key is refused, and an unbound one holds whatever is sent."""
    _, key = bound_key(partnership)
    detail = refused(get(partnership.app, key, header(OURS)), 401)["detail"]
    assert "LEDGER_CLIENT_CERT_HEADER" in detail
    assert get(partnership.app, partnership.keys["hv"], header(THEIRS)).status_code == 200


def test_a_key_that_is_bound_to_none_asks_for_none(partnership: Partnership, believing: Flask) -> None:
    """With or without a certificate, and whichever."""
    for headers in ({}, header(OURS), header(THEIRS)):
        assert get(believing, partnership.keys["hv"], headers).status_code == 200


def test_a_bound_keys_token_is_bound_too(partnership: Partnership, believing: Flask) -> None:
    """It is got with the certificate alone, and holds with the certificate alone: a stolen one opens nothing."""
    key = bound_key(partnership)
    for headers in ({}, header(THEIRS)):
        answer = token(believing, key, headers)
        assert (answer.status_code, answer.get_json()["error"]) == (401, "invalid_client")
        assert "client certificate" in answer.get_json()["error_description"]
    got = token(believing, key, header(OURS)).get_json()["access_token"]
    assert get(believing, got, header(OURS)).status_code == 200
    for headers in ({}, header(THEIRS)):
        refused(get(believing, got, headers), 401)


def test_the_wrong_secret_is_told_nothing_of_a_binding(partnership: Partnership, believing: Flask) -> None:
    """That a key is bound is learnt by who has it: a wrong secret under its id is answered as for an id of nobody's."""
    key_id, key = bound_key(partnership)
    wrong = f"{key[:-1]}{'AB'[key[-1] == 'A']}"
    nobody = key.replace(key_id, "hv.aaaaaaaa")
    answers = [refused(get(believing, sent), 401) for sent in (wrong, nobody)]
    assert answers[0] == answers[1]
    assert "certificate" not in answers[0]["detail"]


def test_a_rotated_key_keeps_its_binding_or_takes_another(partnership: Partnership, believing: Flask) -> None:
    """When the certificate is renewed, its key is rotated onto the new one, and both hold for the overlap."""
    key_id, key = bound_key(partnership)
    admin, now, week = partnership.engine("ledger_admin"), datetime.now(UTC), timedelta(days=7)
    kept = rotate_key(admin, os.urandom, key_id=key_id, now=now, overlap=week)
    renewed = rotate_key(
        admin, os.urandom, key_id=kept.key_id, now=now, overlap=week, certificate_sha256=hashlib.sha256(THEIRS).digest()
    )
    for text, der in ((key, OURS), (kept.text, OURS), (renewed.text, THEIRS)):
        assert get(believing, text, header(der)).status_code == 200
        refused(get(believing, text, header(THEIRS if der == OURS else OURS)), 401)
