import re

import pytest
from werkzeug.test import TestResponse

from ledger.api.rates import STILL
from ledger.api.rights import PUBLIC
from ledger.app import application
from ledger.services.rates import Quotas
from tests.partnership import Partnership

LIMITED = Quotas(agency=3, person=2, address=2)


@pytest.fixture
def limited(partnership: Partnership) -> Partnership:
    """The partnership behind an application that takes few requests a minute."""
    partnership.app = application(partnership.context, quotas=LIMITED)
    return partnership


def until_refused(partnership: Partnership, path: str, **options: object) -> list[TestResponse]:
    """Answers to the same request, up to and with the first that says it was too often; a minute may end in between."""
    answers: list[TestResponse] = []
    while not answers or answers[-1].status_code != 429:
        answers.append(partnership.get(path, **options))  # type: ignore[arg-type]
        assert len(answers) < 9, "nothing is refused"
    return answers


def test_a_key_is_told_what_is_left_and_refused_beyond_it(limited: Partnership) -> None:
    """Each answer says the quota and what is left of it; beyond it 429 says when to come again; others go on."""
    answers = until_refused(limited, "/entries")
    left = [re.fullmatch(r'"agency";r=(\d+);t=(\d+)', answer.headers["RateLimit"]) for answer in answers]
    assert all(answer.headers["RateLimit-Policy"] == '"agency";q=3;w=60' for answer in answers)
    assert [int(found[1]) for found in left if found][-4:] == [2, 1, 0, 0]
    refused = answers[-1]
    assert (refused.mimetype, refused.get_json()["code"]) == ("application/problem+json", "too_many_requests")
    assert left[-1] is not None
    assert 1 <= int(refused.headers["Retry-After"]) == int(left[-1][2]) <= 60
    assert limited.get("/entries", "csc").status_code == 200


def test_a_key_that_is_made_up_uses_up_nobodys_quota(limited: Partnership) -> None:
    """Keys of hv's form with another secret, however many, leave hv what it has."""
    forged = limited.keys["hv"][:-3] + "abc"
    until_refused(limited, "/entries", key=forged)
    answer = limited.get("/entries")
    assert (answer.status_code, answer.headers["RateLimit"].split(";")[1]) == (200, "r=2")


def test_the_ways_in_are_limited_by_address(limited: Partnership) -> None:
    """Signing in and fetching tokens are counted by where they come from, whatever cookie or key comes along."""
    client = limited.app.test_client()
    statuses = list[int]()
    while 429 not in statuses:
        headers = {"Authorization": f"Bearer x{len(statuses)}", "Cookie": f"ledger_session=x{len(statuses)}"}
        statuses.append(client.get("/sign-in/nonsense", headers=headers).status_code)
        assert len(statuses) < 9
    assert client.post("/oauth/token", data={"grant_type": "client_credentials"}).status_code == 429
    refused = client.get("/sign-in/nonsense")
    assert "That was too often" in refused.get_data(as_text=True)
    assert refused.headers["Retry-After"]
    elsewhere = client.get("/sign-in/nonsense", environ_base={"REMOTE_ADDR": "192.0.2.9"})
    assert elsewhere.status_code == 410


def test_health_and_descriptions_are_never_refused(limited: Partnership) -> None:
    """What monitors poll and what says nothing of anybody is not counted; every other open route is a way in."""
    for _ in range(9):
        answer = limited.app.test_client().get("/health/live")
        assert (answer.status_code, "RateLimit" in answer.headers) == (200, False)
    assert STILL <= PUBLIC
    assert {"web.open_link", "web.press_button", "tokens.post_token"} <= PUBLIC - STILL


def test_without_quotas_nothing_is_said(partnership: Partnership) -> None:
    """Where nobody is limited the headers are left out."""
    assert not {"RateLimit", "RateLimit-Policy"} & set(dict(partnership.get("/entries").headers))


def test_following_the_log_keeps_nobody_out(limited: Partnership) -> None:
    """The open parts of the log are limited by address and counted apart from the ways in; a key has its own quota."""
    client = limited.app.test_client()
    statuses = list[int]()
    while 429 not in statuses:
        statuses.append(client.get("/log/checkpoint").status_code)
        assert len(statuses) < 9
    assert client.get("/log/access/tile/0/000").status_code == 429
    assert client.get("/sign-in/nonsense").status_code == 410
    answer = client.get("/log/checkpoint", headers={"Authorization": f"Bearer {limited.keys['police']}"})
    assert (answer.status_code, answer.headers["RateLimit-Policy"]) == (404, '"agency";q=3;w=60')
