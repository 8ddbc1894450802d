import base64
import logging
from typing import Any

import pytest
from sqlalchemy import text

from ledger.store.migrate import OWNER
from tests.partnership import Partnership


def everywhere(partnership: Partnership, canary: str) -> list[Any]:
    """A canary sent wherever a credential, or what is near one, may stand."""
    client = partnership.app.test_client()
    basic = base64.b64encode(f"hv.aaaaaaaa:{canary}".encode()).decode()
    form = {"grant_type": "client_credentials"}
    return [
        client.post("/oauth/token", data=form, headers={"Authorization": f"Basic {basic}"}),
        client.post("/oauth/token", data=form, headers={"Authorization": f"Bearer {canary}"}),
        client.post("/oauth/token", data={**form, "client_id": canary, "client_secret": canary}),
        client.post("/oauth/token", data={**form, "scope": canary}, auth=auth(partnership)),
        client.post("/oauth/token", data={"grant_type": canary}, auth=auth(partnership)),
        client.post("/oauth/token", data={**form, canary: canary}, auth=("hv.aaaaaaaa", canary)),
        client.post(f"/oauth/token?client_secret={canary}", data=form),
        client.post("/oauth/token", data=canary),
        client.post("/oauth/revoke", data={"token": canary, "token_type_hint": canary}, auth=auth(partnership)),
        client.get("/api/v1/entries", headers={"Authorization": f"Bearer ledger.hv.aaaaaaaa.{canary}"}),
        client.get("/api/v1/entries", headers={"Authorization": f"Bearer ledger-token.hv.{'a' * 16}.{canary}"}),
        client.get("/api/v1/entries", headers={"Authorization": f"Bearer {canary}", "Client-Cert": f":{canary}:"}),
    ]


def auth(partnership: Partnership) -> tuple[str, str]:
    return partnership.key_ids["hv"], partnership.keys["hv"]


def test_no_credential_is_said_again(
    partnership: Partnership, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """What is sent as a secret, right or wrong, stands in no answer and in no line of any log, debugging or not."""
    caplog.set_level(logging.DEBUG)
    canary = "Zebedee0canary" + "A" * 29
    token = partnership.app.test_client().post(
        "/oauth/token", data={"grant_type": "client_credentials"}, auth=auth(partnership)
    ).get_json()["access_token"]  # fmt: skip
    assert partnership.get("/entries", None, key=token).status_code == 200
    answers = everywhere(partnership, canary)
    said = "".join(f"{answer.status} {answer.headers} {answer.get_data(as_text=True)}" for answer in answers)
    written = caplog.text + "".join(capfd.readouterr())
    for secret in ("Zebedee", token.split(".")[3], partnership.keys["hv"].split(".")[3]):
        assert secret not in said
        assert secret not in written


def test_no_credential_is_said_when_the_ledger_fails(
    partnership: Partnership, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """A fault in the middle of making a token, or of checking one, is a 500 that says nothing of what was sent."""
    caplog.set_level(logging.DEBUG)
    client, form = partnership.app.test_client(), {"grant_type": "client_credentials"}
    token = client.post("/oauth/token", data=form, auth=auth(partnership)).get_json()["access_token"]
    with partnership.engine(OWNER).begin() as connection:
        connection.execute(text("ALTER TABLE ledger.access_tokens RENAME COLUMN scopes TO elsewhere"))
    answers = [
        client.post("/oauth/token", data=form, auth=auth(partnership)),
        client.post("/oauth/revoke", data={"token": token}, auth=auth(partnership)),
        client.get("/api/v1/entries", headers={"Authorization": f"Bearer {token}"}),
        client.post("/api/v1/children", json={"event_id": "r1", "born": "2022-09-01"},
                    headers={"Authorization": f"Bearer {token}"}),
    ]  # fmt: skip
    assert [answer.status_code for answer in answers] == [500, 200, 500, 500]
    said = "".join(f"{answer.headers} {answer.get_data(as_text=True)}" for answer in answers)
    written = caplog.text + "".join(capfd.readouterr())
    assert "unexpected" in written
    for secret in (token.split(".")[3], partnership.keys["hv"].split(".")[3]):
        assert secret not in said
        assert secret not in written
