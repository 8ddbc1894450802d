"""Who is let in: as on the web, by the same sessions, keys and tokens, and not from another site's page."""

import http.client
import json
import os
from datetime import UTC, datetime

import pytest

from ledger.domain.role import Role
from ledger.live.hub import Limits
from ledger.services.sign_in import SESSION_COOKIES, Stage, Way, begin_session, hash_of
from ledger.store import sessions
from ledger.store.append import Caller
from ledger.store.database import transaction
from tests.integration.live.serving import ORIGIN, Served, served
from tests.partnership import Partnership
from tests.streaming import RefusedStreamError, StreamClient


def refused(live: Served, **by: object) -> RefusedStreamError:
    """The refusal of a stream that is asked for in this way."""
    with pytest.raises(RefusedStreamError) as error:
        StreamClient(live.port, **by)  # type: ignore[arg-type]
    assert error.value.headers["content-type"] == "application/problem+json"
    assert error.value.problem["status"] == error.value.status
    return error.value


def test_nobody_is_let_in_without_a_whole_session_or_a_key(
    partnership: Partnership, live: Served, lead: Caller
) -> None:
    """No session, one that waits for its second factor, one that was ended, a key that is none: 401, each."""
    with transaction(partnership.context.engine, party=None) as connection:
        assert lead.person_id is not None
        half = begin_session(connection, lead.person_id, Way.PASSWORD, os.urandom, datetime.now(UTC), Stage.CODE)
    ended = partnership.session(lead)
    with transaction(partnership.context.engine, party=None) as connection:
        sessions.end_session(connection, hash_of(ended), datetime.now(UTC))
    for by in ({}, {"session": half}, {"session": ended}, {"session": "x" * 43}, {"key": "ledger.hv.none"}):
        error = refused(live, **by)
        assert (error.status, error.problem["code"]) == (401, "unauthenticated")
        assert error.headers["www-authenticate"] == "Bearer"


def test_a_key_needs_a_scope_that_reads_or_works(partnership: Partnership, live: Served) -> None:
    """Either will do, and a token got with such a key; a key that only posts is refused."""
    for scope, status in (("read", 200), ("work", 200), ("observe", 403), ("monitor", 403)):
        _, key = partnership.issue("hv", scopes=[scope])
        if status == 403:
            assert refused(live, key=key).problem["code"] == "forbidden"
        else:
            StreamClient(live.port, key=key).close()
    answer = partnership.app.test_client().post(
        "/oauth/token", data={"grant_type": "client_credentials", "scope": "read"},
        auth=(partnership.key_ids["hv"], partnership.keys["hv"].rpartition(".")[2]),
    )  # fmt: skip
    token = json.loads(answer.data)["access_token"]
    StreamClient(live.port, key=token).close()


def test_whoever_has_no_role_any_more_is_refused(partnership: Partnership, live: Served) -> None:
    """A person whose every role was taken away follows nothing; an operator follows the operators' feed."""
    assert refused(live, session=partnership.session(partnership.person("hv", "gone"))).status == 403
    operator = partnership.person("hv", "op", Role.OPERATOR)
    with StreamClient(live.port, session=partnership.session(operator)) as stream:
        assert [part[0] for part in stream.read().last_id.split(".")] == ["o", "p"]


def test_a_session_counts_from_the_ledgers_own_pages_alone(
    partnership: Partnership, live: Served, lead: Caller
) -> None:
    """The pages' origin may read the answer; another origin, or a browser that says cross-site, opens nothing."""
    session = partnership.session(lead)
    with StreamClient(live.port, session=session, headers={"Origin": ORIGIN, "Sec-Fetch-Site": "same-site"}) as own:
        assert own.answer.headers["Access-Control-Allow-Origin"] == ORIGIN
        assert own.answer.headers["Access-Control-Allow-Credentials"] == "true"
    for headers in ({"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
        error = refused(live, session=session, headers=headers)
        assert error.status == 403
        assert "access-control-allow-origin" not in {name.lower() for name in error.headers}


def test_following_is_no_use_of_a_session(partnership: Partnership, live: Served, lead: Caller) -> None:
    """A page that stands open keeps nobody signed in."""
    session = partnership.session(lead)

    def seen_at() -> datetime:
        with transaction(partnership.context.engine, party=None) as connection:
            found = sessions.open_session(connection, hash_of(session))
        assert found is not None
        return found.seen_at

    with transaction(partnership.context.engine, party=None) as connection:
        sessions.touch_session(connection, hash_of(session), datetime.now(UTC).replace(microsecond=0))
    before = seen_at()
    StreamClient(live.port, session=session).close()
    assert seen_at() == before


def test_what_is_no_position_is_refused(partnership: Partnership, live: Served) -> None:
    """A Last-Event-ID that no event had is a bad request, and is not repeated."""
    for query in ("?last_event_id=12", "?last_event_id=a1-zzzzzzzz", f"?last_event_id={'a' * 300}"):
        error = refused(live, key=partnership.keys["hv"], query=query)
        assert (error.status, error.problem["code"]) == (400, "bad_request")
        assert query.partition("=")[2] not in error.body.decode()


def test_so_many_streams_and_no_more(partnership: Partnership) -> None:
    """One caller's bound answers 429, that of all 503, each with Retry-After; a place that is left is given again."""
    with served(partnership.database_url, limits=Limits(in_all=3, each=2)) as live:
        first, second = (StreamClient(live.port, key=partnership.keys["hv"]) for _ in range(2))
        error = refused(live, key=partnership.keys["hv"])
        assert (error.status, error.problem["code"]) == (429, "too_many_requests")
        assert int(error.headers["retry-after"]) > 0
        with StreamClient(live.port, key=partnership.keys["csc"]):
            error = refused(live, key=partnership.keys["gp"])
            assert (error.status, error.problem["code"]) == (503, "unavailable")
            assert int(error.headers["retry-after"]) > 0
        first.close()
        with _once_there_is_room(live, partnership.keys["hv"]):
            assert len(live.hub.streams) <= 3
        second.close()


def _once_there_is_room(live: Served, key: str) -> StreamClient:
    for _ in range(200):
        try:
            return StreamClient(live.port, key=key)
        except RefusedStreamError:
            continue
    raise AssertionError("a place that was left was never given again")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("POST", "/live", 405), ("HEAD", "/live", 405), ("GET", "/elsewhere", 404), ("GET", "/health/live", 200)],
)
def test_there_is_one_address_of_streams(live: Served, method: str, path: str, status: int) -> None:
    """Other methods and addresses are refused as problems; whether it lives is told to anybody."""
    connection = http.client.HTTPConnection("127.0.0.1", live.port, timeout=10)
    connection.request(method, path, headers={"Cookie": f"{SESSION_COOKIES[1]}=x"})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    assert answer.status == status
    if status != 200 and method != "HEAD":
        assert json.loads(body)["status"] == status


def test_it_says_whether_it_is_ready(live: Served) -> None:
    """Whether the database answers and notices come, and how many streams are open: no names."""
    connection = http.client.HTTPConnection("127.0.0.1", live.port, timeout=10)
    connection.request("GET", "/health/ready")
    told = json.loads(connection.getresponse().read())
    connection.close()
    assert told == {"ready": True, "database": True, "hears_notices": True, "streams": 0}
