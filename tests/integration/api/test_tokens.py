import base64
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from authlib.integrations.requests_client import OAuth2Session
from flask import Flask
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from ledger.app import application
from ledger.services.issue_key import revoke_key
from tests.partnership import Partnership, observation, refused, stored

GRANT = {"grant_type": "client_credentials"}


def client_of(partnership: Partnership, agency: str = "hv") -> tuple[str, str]:
    """An agency's key as a client's id and secret."""
    return partnership.key_ids[agency], partnership.keys[agency].split(".")[3]


def ask(
    partnership: Partnership, form: Mapping[str, Any] = GRANT, path: str = "/oauth/token", **options: Any
) -> TestResponse:
    """One form sent as hv, unless told otherwise."""
    options = {"auth": client_of(partnership), **options}
    return partnership.app.test_client().post(path, data=form, **options)


def token_of(answer: TestResponse) -> str:
    """The token that was given."""
    assert answer.status_code == 200, answer.get_data(as_text=True)
    token: str = answer.get_json()["access_token"]
    return token


def not_given(answer: TestResponse, code: str) -> str:
    """The words of a refusal that is as RFC 6749 has it, once its code is what it should be."""
    assert answer.status_code == (401 if code == "invalid_client" else 400)
    assert answer.mimetype == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert ("WWW-Authenticate" in answer.headers) is (code == "invalid_client")
    said = answer.get_json()
    assert (said.keys(), said["error"]) == ({"error", "error_description"}, code)
    words: str = said["error_description"]
    assert words.isascii()
    assert not {'"', "\\"} & set(words)
    return words


def hasty(partnership: Partnership) -> Flask:
    """The same ledger, whose tokens have ended as soon as they are given."""
    return application(replace(partnership.context, token_lifetime=timedelta(microseconds=1)))


def test_a_key_gets_a_token_that_does_what_the_key_does(partnership: Partnership) -> None:
    """The answer is that of RFC 6749, 5.1, and the token posts and reads as the key's agency."""
    child = partnership.child(involve=["hv"])
    answer = ask(partnership)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.get_json() == {
        "access_token": token_of(answer), "token_type": "Bearer", "expires_in": 900,
        "scope": "monitor observe read register work",
    }  # fmt: skip
    token = token_of(answer)
    assert token.startswith("ledger-token.hv.")
    made = stored(partnership.post("/observations", partnership.observation(child), None, key=token))
    assert partnership.get(f"/entries/{made['id']}", "hv").status_code == 200
    assert partnership.get(f"/children/{child}/timeline", None, key=token).status_code == 200
    refused(partnership.get(f"/entries/{made['id']}", "csc"), 404)


def test_each_way_to_authenticate(partnership: Partnership) -> None:
    """By HTTP Basic, encoded or not, and in the body; with the secret alone or the whole key."""
    key_id, secret = client_of(partnership)
    encoded = base64.b64encode(f"{key_id.replace('.', '%2E')}:{secret}".encode()).decode()
    in_body = {**GRANT, "client_id": key_id}
    for answer in (
        ask(partnership),
        ask(partnership, in_body),
        ask(partnership, auth=None, headers={"Authorization": f"basic {encoded}"}),
        ask(partnership, auth=(key_id, partnership.keys["hv"])),
        ask(partnership, {**in_body, "client_secret": secret}, auth=None),
        ask(partnership, {**in_body, "client_secret": partnership.keys["hv"]}, auth=None),
    ):
        token_of(answer)


def test_a_token_carries_what_was_asked_for_and_no_more(partnership: Partnership) -> None:
    """Some of the key's scopes can be asked for; one that it lacks, or that nobody has, is refused."""
    key_id, key = partnership.issue("hv", scopes=["observe", "read"])
    auth = (key_id, key)
    answer = ask(partnership, {**GRANT, "scope": "read"}, auth=auth)
    assert answer.get_json()["scope"] == "read"
    assert partnership.get("/alerts", None, key=token_of(answer)).status_code == 200
    body = observation("t1", partnership.child())
    forbidden = partnership.post("/observations", body, None, key=token_of(answer))
    refused(forbidden, 403, "forbidden")
    assert forbidden.headers["WWW-Authenticate"] == 'Bearer error="insufficient_scope"'
    assert ask(partnership, {**GRANT, "scope": ""}, auth=auth).get_json()["scope"] == "observe read"
    for scope in ("read work", "Read", "everything", "read  observe", "\x00"):
        words = not_given(ask(partnership, {**GRANT, "scope": scope}, auth=auth), "invalid_scope")
        assert "observe read" in words


def test_requests_that_cannot_be_met(partnership: Partnership) -> None:
    """Another grant, no grant, a field twice, another type, fields in the address, too much, two ways at once."""
    key_id, secret = client_of(partnership)
    not_given(ask(partnership, {"grant_type": "password"}), "unsupported_grant_type")
    for answer in (
        ask(partnership, {}),
        ask(partnership, {"grant_type": ""}),
        ask(partnership, {"grant_type": ["client_credentials"] * 2}),
        ask(partnership, path="/oauth/token?grant_type=client_credentials"),
        ask(partnership, path=f"/oauth/token?client_secret={secret}"),
        ask(partnership, {**GRANT, "client_secret": secret}),
        ask(partnership, {**GRANT, "client_id": partnership.key_ids["csc"]}),
        ask(partnership, {**GRANT, "more": "x" * 9_000}),
        ask(partnership, {**GRANT, **{f"f{number}": "x" for number in range(30)}}),
        partnership.app.test_client().post("/oauth/token", json=GRANT, auth=(key_id, secret)),
        partnership.app.test_client().post(
            "/oauth/token", data=b"grant_type=%ff", content_type="application/x-www-form-urlencoded"
        ),
    ):
        not_given(answer, "invalid_request")
    for method in ("get", "put", "delete"):
        answer = getattr(partnership.app.test_client(), method)("/oauth/token")
        refused(answer, 405, "method_not_allowed")


def test_clients_that_are_not_known_are_all_alike(partnership: Partnership) -> None:
    """A wrong secret, an id that was never given out, another's secret, no form of ours: one answer to all."""
    key_id, secret = client_of(partnership)
    answers = [
        ask(partnership, auth=auth)
        for auth in (
            (key_id, "A" * 43), ("hv.aaaaaaaa", secret), ("nobody.aaaaaaaa", secret), (key_id, ""), ("", secret),
            (partnership.key_ids["csc"], secret), (key_id, partnership.keys["csc"]), ("a\x00b", "c\x00d"), ("x", "y"),
        )
    ]  # fmt: skip
    answers += [
        ask(partnership, auth=None),
        *(
            ask(partnership, auth=None, headers={"Authorization": sent})
            for sent in ("", "Basic", "Basic ÿ", "Bearer x")
        ),
        ask(partnership, {"token": "x"}, "/oauth/revoke", auth=(key_id, "A" * 43)),
    ]
    assert len({not_given(answer, "invalid_client") for answer in answers}) == 1
    assert len({tuple(sorted(answer.headers.items())) for answer in answers}) == 1
    assert answers[0].headers["WWW-Authenticate"].startswith("Basic ")


@pytest.mark.parametrize("what", ["key", "token"])
def test_what_is_revoked_in_the_middle_of_work_is_refused_at_the_next_call(partnership: Partnership, what: str) -> None:
    """Between two calls the token, or the key that it was got with, is revoked: every sort of call is refused."""
    child = partnership.child(involve=["hv"])
    key_id, key = partnership.issue("hv")
    token, other = token_of(ask(partnership, auth=(key_id, key))), token_of(ask(partnership))
    stored(partnership.post("/observations", partnership.observation(child), None, key=token))
    if what == "key":
        revoke_key(partnership.engine("ledger_admin"), partnership.context.chance, key_id=key_id, now=datetime.now(UTC))
    else:
        assert ask(partnership, {"token": token}, "/oauth/revoke", auth=(key_id, key)).status_code == 200
    rows = partnership.rows()
    for answer in (
        partnership.post("/observations", partnership.observation(child), None, key=token),
        partnership.post("/observations/batch", [partnership.observation(child)], None, key=token),
        partnership.post("/children", {"event_id": "r1", "born": "2022-09-01"}, None, key=token),
        partnership.get(f"/children/{child}/timeline", None, key=token),
        partnership.get("/entries", None, key=token),
    ):
        assert f"This {what} was revoked" in refused(answer, 401, "unauthenticated")["detail"]
        assert answer.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    if what == "key":
        assert "revoked" in not_given(ask(partnership, auth=(key_id, key)), "invalid_client")
    assert partnership.rows() == rows
    stored(partnership.post("/observations", partnership.observation(child), None, key=other))


def test_an_expired_token_says_so_and_how_to_get_another(partnership: Partnership) -> None:
    """Whoever holds it is told; with a wrong secret under its id, no more is said than of an id that never was."""
    answer = hasty(partnership).test_client().post("/oauth/token", data=GRANT, auth=client_of(partnership))
    assert answer.get_json()["expires_in"] == 0
    token = token_of(answer)
    late = partnership.get("/entries", None, key=token)
    detail = refused(late, 401, "unauthenticated")["detail"]
    assert "expired" in detail
    assert "POST /oauth/token" in detail
    assert late.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    forged = f"{token[:-1]}{'AB'[token[-1] == 'A']}"
    unknown = ".".join([*token.split(".")[:2], "a" * 16, token.split(".")[3]])
    elsewhere = token.replace(".hv.", ".csc.")
    said = [refused(partnership.get("/entries", None, key=sent), 401) for sent in (forged, unknown, elsewhere)]
    assert said[0] == said[1] == said[2]
    assert "expired" not in said[0]["detail"]


def test_no_token_outlives_its_key(partnership: Partnership) -> None:
    """A key with seconds left gives a token with no more, and a key that has ended none."""
    key_id, key = partnership.issue("hv", lifetime=timedelta(seconds=30))
    assert 0 < ask(partnership, auth=(key_id, key)).get_json()["expires_in"] <= 30
    key_id, key = partnership.issue("hv", lifetime=timedelta(seconds=-1))
    assert "past its end" in not_given(ask(partnership, auth=(key_id, key)), "invalid_client")


def test_revoking_tells_nothing_and_ends_only_ones_own(partnership: Partnership) -> None:
    """RFC 7009: 200 whatever was sent; another agency's token goes on; a key is not ended here, and that is said."""
    token = token_of(ask(partnership))
    for sent in ("nothing", token[:-1] + "!", "ledger-token.hv." + "a" * 16 + "." + "A" * 43):
        assert ask(partnership, {"token": sent}, "/oauth/revoke").status_code == 200
    answer = ask(partnership, {"token": token}, "/oauth/revoke", auth=client_of(partnership, "csc"))
    assert answer.status_code == 200
    assert partnership.get("/entries", None, key=token).status_code == 200
    not_given(ask(partnership, {"token": partnership.keys["hv"]}, "/oauth/revoke"), "unsupported_token_type")
    assert partnership.get("/entries", "hv").status_code == 200
    not_given(ask(partnership, {}, "/oauth/revoke"), "invalid_request")
    again = ask(partnership, {"token": token, "token_type_hint": "refresh_token"}, "/oauth/revoke")
    assert (again.status_code, again.get_json()) == (200, {})
    refused(partnership.get("/entries", None, key=token), 401)
    assert ask(partnership, {"token": token}, "/oauth/revoke").status_code == 200


@pytest.fixture
def address(partnership: Partnership) -> Iterator[str]:
    """Where the partnership is served over real HTTP."""
    server = make_server("127.0.0.1", 0, partnership.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(10)


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_a_client_that_nobody_here_wrote_works(partnership: Partnership, address: str, method: str) -> None:
    """Authlib's client gets a token, uses it, gets another when it has ended, and revokes it."""
    key_id, secret = client_of(partnership)
    with OAuth2Session(
        key_id, secret, scope="observe register", token_endpoint=f"{address}/oauth/token",
        grant_type="client_credentials", token_endpoint_auth_method=method,
    ) as client:  # fmt: skip
        client.trust_env = False
        token = client.fetch_token()
        assert token["scope"] == "observe register"
        body = {"event_id": "o1", "born": "2022-09-01"}
        assert client.post(f"{address}/api/v1/children", json=body).status_code == 201
        client.token["expires_at"] = 0
        assert client.post(f"{address}/api/v1/children", json=body).status_code == 200
        assert client.token["access_token"] != token["access_token"]
        assert client.revoke_token(f"{address}/oauth/revoke", client.token["access_token"]).status_code == 200
        assert client.get(f"{address}/api/v1/entries").status_code == 401


def test_a_key_or_a_token_is_no_word_for_the_other(partnership: Partnership) -> None:
    """A token gets no token, and a key's text in a token's form, or the reverse, opens nothing."""
    token = token_of(ask(partnership))
    _, agency, name, secret = token.split(".")
    not_given(ask(partnership, auth=(f"{agency}.{name}", secret)), "invalid_client")
    not_given(ask(partnership, auth=(partnership.key_ids["hv"], token)), "invalid_client")
    key = partnership.keys["hv"]
    for forged in (token.replace("ledger-token.", "ledger."), key.replace("ledger.", "ledger-token.")):
        refused(partnership.get("/entries", None, key=forged), 401)
